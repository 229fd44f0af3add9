//! Makes SQLite write fewer pages for a new step.
//!
//! Each index begins with the organization, so a new step changes a page of each index in its own organization,
//! and a transaction with steps of many organizations writes as many pages of each. PostgreSQL logs rows and
//! not pages, and its planner uses the index on tags that is dropped here.
//!
//! - Candidates and tags are stored in their primary key, which begins with the step: ids of new steps ascend,
//!   so all organizations write the same page. Tags are only looked up by their step.
//! - The history of a row is found by an index that begins with the row, for the same reason.

use sea_orm_migration::{prelude::*, sea_orm::DatabaseBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const UP: &str = "
    CREATE TABLE new_crm_step_tag (
        organization_id blob NOT NULL, tag text NOT NULL, step_id blob NOT NULL, tag_caseless text,
        PRIMARY KEY (step_id, organization_id, tag),
        FOREIGN KEY (organization_id, step_id) REFERENCES crm_step (organization_id, id)
            ON DELETE CASCADE
    ) WITHOUT ROWID;
    INSERT INTO new_crm_step_tag
        SELECT organization_id, tag, step_id, tag_caseless FROM crm_step_tag
        ORDER BY step_id, organization_id, tag;
    DROP TABLE crm_step_tag;
    ALTER TABLE new_crm_step_tag RENAME TO crm_step_tag;
    CREATE INDEX ix_crm_step_tag_tag_unknown ON crm_step_tag (organization_id, step_id)
        WHERE tag_caseless IS NULL;

    CREATE TABLE new_crm_step_assignee (
        organization_id blob NOT NULL, step_id blob NOT NULL, position integer NOT NULL,
        membership_id blob NOT NULL,
        PRIMARY KEY (step_id, organization_id, position),
        CONSTRAINT uq_crm_step_assignee_membership
            UNIQUE (organization_id, membership_id, step_id),
        FOREIGN KEY (organization_id, step_id) REFERENCES crm_step (organization_id, id)
            ON DELETE CASCADE,
        FOREIGN KEY (organization_id, membership_id) REFERENCES membership (organization_id, id),
        CHECK (position >= 0)
    ) WITHOUT ROWID;
    INSERT INTO new_crm_step_assignee
        SELECT organization_id, step_id, position, membership_id FROM crm_step_assignee
        ORDER BY step_id, organization_id, position;
    DROP TABLE crm_step_assignee;
    ALTER TABLE new_crm_step_assignee RENAME TO crm_step_assignee;

    DROP INDEX ix_change_subject;
    CREATE INDEX ix_change_subject ON change (subject_id, organization_id, sequence);";

const DOWN: &str = "
    DROP INDEX ix_change_subject;
    CREATE INDEX ix_change_subject ON change (organization_id, subject_id, sequence);

    CREATE TABLE old_crm_step_assignee (
        organization_id blob NOT NULL, step_id blob NOT NULL, position integer NOT NULL,
        membership_id blob NOT NULL,
        PRIMARY KEY (organization_id, step_id, position),
        CONSTRAINT uq_crm_step_assignee_membership
            UNIQUE (organization_id, membership_id, step_id),
        FOREIGN KEY (organization_id, step_id) REFERENCES crm_step (organization_id, id)
            ON DELETE CASCADE,
        FOREIGN KEY (organization_id, membership_id) REFERENCES membership (organization_id, id),
        CHECK (position >= 0)
    );
    INSERT INTO old_crm_step_assignee
        SELECT organization_id, step_id, position, membership_id FROM crm_step_assignee;
    DROP TABLE crm_step_assignee;
    ALTER TABLE old_crm_step_assignee RENAME TO crm_step_assignee;

    CREATE TABLE old_crm_step_tag (
        organization_id blob NOT NULL, tag text NOT NULL, step_id blob NOT NULL, tag_caseless text,
        PRIMARY KEY (organization_id, tag, step_id),
        FOREIGN KEY (organization_id, step_id) REFERENCES crm_step (organization_id, id)
            ON DELETE CASCADE
    );
    INSERT INTO old_crm_step_tag
        SELECT organization_id, tag, step_id, tag_caseless FROM crm_step_tag;
    DROP TABLE crm_step_tag;
    ALTER TABLE old_crm_step_tag RENAME TO crm_step_tag;
    CREATE INDEX ix_crm_step_tag_step ON crm_step_tag (organization_id, step_id);
    CREATE INDEX ix_crm_step_tag_tag_caseless
        ON crm_step_tag (organization_id, tag_caseless, step_id);
    CREATE INDEX ix_crm_step_tag_tag_unknown ON crm_step_tag (organization_id, step_id)
        WHERE tag_caseless IS NULL;";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        on_sqlite(manager, UP).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        on_sqlite(manager, DOWN).await
    }
}

async fn on_sqlite(manager: &SchemaManager<'_>, statements: &str) -> Result<(), DbErr> {
    if manager.get_database_backend() == DatabaseBackend::Sqlite {
        manager.get_connection().execute_unprepared(statements).await?;
    }
    Ok(())
}
