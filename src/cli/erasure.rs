//! The commands `organization delete` and `membership erase`.

use std::io::{self, Write as _};

use chrono::TimeDelta;
use crm_steps::{
    config::{MembershipCommand, OrganizationCommand},
    db::Database,
    domain::{access_token::REVOKED_AFTER, clock::Clock, id::OrganizationId, secret::Keyring},
    store::{
        self, StoreError,
        erasure::{organization, person},
    },
};
use uuid::Uuid;

use super::{CommandError, failed, has_terminal, is_agreed, open_migrated};

/// Deletes an organization.
pub(crate) async fn organization(command: OrganizationCommand) -> Result<(), CommandError> {
    let OrganizationCommand::Delete { name, yes, database } = command;
    let database = open_migrated(&database, Keyring::default()).await?;
    let organization = find(&database, &name).await?;
    if !yes {
        if !has_terminal() {
            let why =
                "there is no terminal for the question; use --yes to delete without confirmation";
            return Err(why.into());
        }
        let question = format!("Delete {name:?} with everything that it has, for good?");
        if !is_agreed(question)? {
            return Err("the answer was not yes".into());
        }
    }
    revoke_tokens(&database, organization).await?;
    let why = "cannot delete all of it; the command can be run again";
    organization::delete(organization, &database)
        .await
        .map_err(|error| failed(why)(StoreError::from(error)))?;
    remove_traces(&database, organization::tables()).await?;
    Ok(writeln!(io::stdout(), "deleted the organization {name:?}")?)
}

/// Erases the person of a membership.
pub(crate) async fn membership(command: MembershipCommand) -> Result<(), CommandError> {
    let MembershipCommand::Erase { id, organization, database } = command;
    let database = open_migrated(&database, Keyring::default()).await?;
    let organization = organization_of(&database, id, organization.as_deref()).await?;
    let tokens = person::rename_tokens(organization, &database, id).await;
    let tokens = tokens.map_err(StoreError::from)?;
    if tokens > 0 {
        tokio::time::sleep(REVOKED_AFTER).await;
    }
    let now = Clock::system().now();
    let person::Erased { changes, outcomes } =
        person::erase(organization, &database, id, now).await?;
    let tables = ["access_token", "change", "idempotency_key", "membership"];
    remove_traces(&database, tables.into_iter()).await?;
    Ok(writeln!(
        io::stdout(),
        "erased the person of the membership {id}; rewritten: changes {changes}, stored outcomes \
         {outcomes}, tokens {tokens}"
    )?)
}

async fn find(database: &Database, name: &str) -> Result<OrganizationId, CommandError> {
    let found = store::organization::find_by_name(database.read(), name).await;
    let found = found.map_err(StoreError::from)?;
    found.ok_or_else(|| format!("there is no organization with the name {name:?}").into())
}

/// The organization whose history has the membership: the one with this name, if one is given.
async fn organization_of(
    database: &Database,
    id: Uuid,
    name: Option<&str>,
) -> Result<OrganizationId, CommandError> {
    let mut found = person::organizations_of(database, id).await.map_err(StoreError::from)?;
    if let Some(name) = name {
        let named = find(database, name).await?;
        found.retain(|organization| *organization == named);
    }
    match found[..] {
        [] => Err(format!("there is no membership with the id {id}").into()),
        [only] => Ok(only),
        [..] => Err("several organizations have this membership; use --organization".into()),
    }
}

/// Revokes all tokens of an organization, and waits until no replica accepts one of them any more.
async fn revoke_tokens(
    database: &Database,
    organization: OrganizationId,
) -> Result<(), CommandError> {
    let transaction = database.write().await.map_err(StoreError::from)?;
    let now = Clock::system().now();
    let revoked_at = store::access_token::revoke_all(organization, &transaction, now).await;
    let revoked_at = revoked_at.map_err(StoreError::from)?;
    transaction.commit().await.map_err(StoreError::from)?;
    let left = revoked_at.map_or(TimeDelta::zero(), |time| time + REVOKED_AFTER - now);
    // A negative time has passed already.
    if let Ok(left) = left.to_std() {
        tokio::time::sleep(left).await;
    }
    Ok(())
}

/// Removes what is left of deleted rows in the files of the database.
async fn remove_traces(
    database: &Database,
    tables: impl Iterator<Item = &'static str>,
) -> Result<(), CommandError> {
    let vacuumed = database.vacuum(tables).await.map_err(StoreError::from);
    vacuumed.map_err(failed("the rows are deleted, but not yet removed from the files"))
}
