//! The command `token`: creates, lists and revokes access tokens.

use std::io::{self, Write as _};

use crm_steps::{
    config::TokenCommand,
    domain::{access_token::AccessToken, clock::Clock, secret::Keyring},
    store::{self, StoreError},
};

use super::{CommandError, open_migrated};

/// Runs a subcommand.
pub(crate) async fn token(command: TokenCommand) -> Result<(), CommandError> {
    let now = Clock::system().now();
    match command {
        TokenCommand::Create { organization, name, scopes, membership, database } => {
            let database = open_migrated(&database, Keyring::default()).await?;
            let token = AccessToken::generate();
            let scopes = scopes.into_iter().collect();
            let transaction = database.write().await.map_err(StoreError::from)?;
            let organization =
                store::organization::find_or_create(&transaction, &organization, now).await?;
            if let Some(id) = membership
                && !store::access_token::can_act_for(organization, &transaction, id)
                    .await
                    .map_err(StoreError::from)?
            {
                return Err(format!("the organization has no membership with the id {id}").into());
            }
            store::access_token::create(
                organization,
                &transaction,
                &name,
                &scopes,
                membership,
                &token.hash(),
                now,
            )
            .await
            .map_err(StoreError::from)?;
            transaction.commit().await.map_err(StoreError::from)?;
            writeln!(io::stdout(), "{}", token.reveal())?;
        }
        TokenCommand::List(database) => {
            let database = open_migrated(&database, Keyring::default()).await?;
            for (token, organization) in
                store::access_token::list(&database).await.map_err(StoreError::from)?
            {
                let scopes = store::access_token::scopes(&token);
                let scopes: Vec<&str> = scopes.iter().map(Into::into).collect();
                let state = match token.revoked_at {
                    None => "active".to_owned(),
                    Some(time) => format!("revoked {}", time.to_rfc3339()),
                };
                let membership = token.membership_id.map(|id| format!("\tmembership {id}"));
                writeln!(
                    io::stdout(),
                    "{}\t{organization}\t{}\t{}\tcreated {}\t{state}{}",
                    token.id,
                    token.name,
                    scopes.join(","),
                    token.created_at.to_rfc3339(),
                    membership.unwrap_or_default(),
                )?;
            }
        }
        TokenCommand::Revoke { id, database } => {
            let database = open_migrated(&database, Keyring::default()).await?;
            let transaction = database.write().await.map_err(StoreError::from)?;
            let exists = store::access_token::revoke(&transaction, id, now)
                .await
                .map_err(StoreError::from)?;
            transaction.commit().await.map_err(StoreError::from)?;
            if !exists {
                return Err(format!("there is no token with the id {id}").into());
            }
        }
    }
    Ok(())
}
