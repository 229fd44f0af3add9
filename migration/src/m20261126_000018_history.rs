//! The history: the action RESTORED, the member on whose behalf a change was made, and whether values of
//! webhook headers changed. Old changes can be purged, so rows may be deleted; they still are never updated.

use sea_orm_migration::{prelude::*, sea_orm::DatabaseBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

/// SQLite changes a check only by a new table. The numbers of deleted rows are not given again, so the
/// greatest number so far is copied too.
const SQLITE_UP: &str = r#"
    CREATE TABLE new_change (
        "sequence" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
        "organization_id" blob NOT NULL, "id" blob NOT NULL,
        "happened_at" timestamp_with_timezone_text NOT NULL,
        "token_id" blob NOT NULL, "token_name" text NOT NULL,
        "action" text NOT NULL, "subject_type" text NOT NULL, "subject_id" blob NOT NULL,
        "scenario_id" blob, "before" text, "after" text,
        "membership_id" blob, "secrets_changed" boolean NOT NULL DEFAULT FALSE,
        CONSTRAINT "uq_change_id" UNIQUE ("organization_id", "id"),
        FOREIGN KEY ("organization_id") REFERENCES "organization" ("id"),
        CHECK (action IN ('CREATED', 'UPDATED', 'MOVED', 'DELETED', 'RESTORED')),
        CHECK (subject_type IN ('AGENT', 'CRM_SCENARIO', 'CRM_STEP', 'MEMBERSHIP'))
    );
    INSERT INTO new_change (
        "sequence", organization_id, id, happened_at, token_id, token_name, action, subject_type,
        subject_id, scenario_id, "before", "after"
    ) SELECT "sequence", organization_id, id, happened_at, token_id, token_name, action, subject_type,
        subject_id, scenario_id, "before", "after" FROM change ORDER BY "sequence";
    DELETE FROM sqlite_sequence WHERE name = 'new_change';
    INSERT INTO sqlite_sequence (name, seq)
        SELECT 'new_change', seq FROM sqlite_sequence WHERE name = 'change';
    DROP TABLE change;
    ALTER TABLE new_change RENAME TO change;
    CREATE INDEX ix_change_organization ON change (organization_id, "sequence");
    CREATE INDEX ix_change_scenario ON change (organization_id, scenario_id, "sequence");
    CREATE INDEX ix_change_subject ON change (subject_id, organization_id, "sequence");
    CREATE TRIGGER change_not_updated BEFORE UPDATE ON change
        BEGIN SELECT RAISE(ABORT, 'changes are not updated'); END;
    ALTER TABLE organization ADD COLUMN history_purged_to integer NOT NULL DEFAULT 0;"#;

const SQLITE_DOWN: &str = r#"
    ALTER TABLE organization DROP COLUMN history_purged_to;
    CREATE TABLE old_change (
        "sequence" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
        "organization_id" blob NOT NULL, "id" blob NOT NULL,
        "happened_at" timestamp_with_timezone_text NOT NULL,
        "token_id" blob NOT NULL, "token_name" text NOT NULL,
        "action" text NOT NULL, "subject_type" text NOT NULL, "subject_id" blob NOT NULL,
        "scenario_id" blob, "before" text, "after" text,
        CONSTRAINT "uq_change_id" UNIQUE ("organization_id", "id"),
        FOREIGN KEY ("organization_id") REFERENCES "organization" ("id"),
        CHECK (action IN ('CREATED', 'UPDATED', 'MOVED', 'DELETED')),
        CHECK (subject_type IN ('AGENT', 'CRM_SCENARIO', 'CRM_STEP', 'MEMBERSHIP'))
    );
    INSERT INTO old_change SELECT "sequence", organization_id, id, happened_at, token_id, token_name,
        CASE action WHEN 'RESTORED' THEN 'CREATED' ELSE action END, subject_type,
        subject_id, scenario_id, "before", "after" FROM change ORDER BY "sequence";
    DELETE FROM sqlite_sequence WHERE name = 'old_change';
    INSERT INTO sqlite_sequence (name, seq)
        SELECT 'old_change', seq FROM sqlite_sequence WHERE name = 'change';
    DROP TABLE change;
    ALTER TABLE old_change RENAME TO change;
    CREATE INDEX ix_change_organization ON change (organization_id, "sequence");
    CREATE INDEX ix_change_scenario ON change (organization_id, scenario_id, "sequence");
    CREATE INDEX ix_change_subject ON change (subject_id, organization_id, "sequence");
    CREATE TRIGGER change_not_updated BEFORE UPDATE ON change
        BEGIN SELECT RAISE(ABORT, 'history only grows'); END;
    CREATE TRIGGER change_not_deleted BEFORE DELETE ON change
        BEGIN SELECT RAISE(ABORT, 'history only grows'); END;"#;

/// The check is not validated, which would read all rows under the exclusive lock: they satisfy the check
/// before, which implies this one.
const POSTGRES_UP: &str = "
    ALTER TABLE change
        ADD COLUMN membership_id uuid,
        ADD COLUMN secrets_changed boolean NOT NULL DEFAULT false,
        DROP CONSTRAINT change_action_check,
        ADD CONSTRAINT change_action_check
            CHECK (action IN ('CREATED', 'UPDATED', 'MOVED', 'DELETED', 'RESTORED')) NOT VALID;
    DROP TRIGGER change_only_grows ON change;
    ALTER FUNCTION change_only_grows RENAME TO change_not_updated;
    CREATE OR REPLACE FUNCTION change_not_updated() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'changes are not updated'; END $$;
    CREATE TRIGGER change_not_updated BEFORE UPDATE ON change
        FOR EACH ROW EXECUTE FUNCTION change_not_updated();
    ALTER TABLE organization ADD COLUMN history_purged_to bigint NOT NULL DEFAULT 0;";

const POSTGRES_DOWN: &str = "
    ALTER TABLE organization DROP COLUMN history_purged_to;
    DROP TRIGGER change_not_updated ON change;
    UPDATE change SET action = 'CREATED' WHERE action = 'RESTORED';
    ALTER TABLE change
        DROP COLUMN membership_id,
        DROP COLUMN secrets_changed,
        DROP CONSTRAINT change_action_check,
        ADD CONSTRAINT change_action_check
            CHECK (action IN ('CREATED', 'UPDATED', 'MOVED', 'DELETED'));
    ALTER FUNCTION change_not_updated RENAME TO change_only_grows;
    CREATE OR REPLACE FUNCTION change_only_grows() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'history only grows'; END $$;
    CREATE TRIGGER change_only_grows BEFORE UPDATE OR DELETE ON change
        FOR EACH ROW EXECUTE FUNCTION change_only_grows();";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        execute(manager, SQLITE_UP, POSTGRES_UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        execute(manager, SQLITE_DOWN, POSTGRES_DOWN).await
    }
}

async fn execute(manager: &SchemaManager<'_>, sqlite: &str, postgres: &str) -> Result<(), DbErr> {
    let statements = match manager.get_database_backend() {
        DatabaseBackend::Sqlite => sqlite,
        _ => postgres,
    };
    manager.get_connection().execute_unprepared(statements).await?;
    Ok(())
}
