//! Access tokens.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    db::Database,
    domain::{
        access_token::{AccessTokenHash, Caller, Scope, Scopes},
        id::{OrganizationId, new_id},
    },
    entity::{access_token, membership, organization},
    store::kit::tenant::{self, padded},
};

/// Inserts a token, of which only the hash is stored, and returns its id. The membership that it acts
/// for, if any, is one of the organization.
pub async fn create(
    organization: OrganizationId,
    connection: &impl ConnectionTrait,
    name: &str,
    scopes: &Scopes,
    membership_id: Option<Uuid>,
    hash: &AccessTokenHash,
    now: DateTime<Utc>,
) -> Result<Uuid, DbErr> {
    let id = new_id();
    let row = access_token::ActiveModel {
        id: Set(id),
        organization_id: Set(organization.0),
        name: Set(name.to_owned()),
        hash: Set(hash.as_bytes().to_vec()),
        can_read: Set(scopes.contains(&Scope::Read)),
        can_write: Set(scopes.contains(&Scope::Write)),
        can_read_secrets: Set(scopes.contains(&Scope::Secrets)),
        created_at: Set(now),
        revoked_at: Set(None),
        membership_id: Set(membership_id),
    };
    access_token::Entity::insert(row).exec_without_returning(connection).await?;
    Ok(id)
}

/// Whether a token of the organization can act for this membership: whether it is one of the
/// organization.
pub async fn can_act_for(
    organization: OrganizationId,
    connection: &impl ConnectionTrait,
    membership_id: Uuid,
) -> Result<bool, DbErr> {
    let ids = [membership_id];
    let found = tenant::find::<membership::Entity>(organization, connection, &ids).await?;
    Ok(!found.is_empty())
}

/// The caller that a token authenticates; none if it is unknown or revoked. This query takes no
/// organization, as it finds it.
pub async fn find_caller(db: &Database, hash: &AccessTokenHash) -> Result<Option<Caller>, DbErr> {
    caller_of(db, access_token::Column::Hash.eq(hash.as_bytes().to_vec())).await
}

/// The caller of a token that was authenticated before; none if it is revoked since.
pub async fn find_caller_by_id(db: &Database, id: Uuid) -> Result<Option<Caller>, DbErr> {
    caller_of(db, access_token::Column::Id.eq(id)).await
}

async fn caller_of(db: &Database, is_token: Expr) -> Result<Option<Caller>, DbErr> {
    let token = access_token::Entity::find()
        .filter(is_token)
        .filter(access_token::Column::RevokedAt.is_null())
        .one(db.read())
        .await?;
    Ok(token.map(|token| Caller {
        organization: OrganizationId(token.organization_id),
        scopes: scopes(&token),
        token_id: token.id,
        token_name: token.name,
        membership_id: token.membership_id,
    }))
}

/// Those of these tokens that exist and are not revoked, for the operator: they may be of several
/// organizations.
pub async fn valid_of(db: &Database, ids: &[Uuid]) -> Result<HashSet<Uuid>, DbErr> {
    /// SQLite takes no more parameters than a few of these.
    const LOOKED_UP_MAX: usize = 4_096;
    let mut valid = HashSet::new();
    for ids in ids.chunks(LOOKED_UP_MAX) {
        let found = access_token::Entity::find()
            .select_only()
            .column(access_token::Column::Id)
            .filter(access_token::Column::Id.is_in(padded(ids.iter().copied())))
            .filter(access_token::Column::RevokedAt.is_null())
            .into_tuple::<Uuid>()
            .all(db.read())
            .await?;
        valid.extend(found);
    }
    Ok(valid)
}

/// The scopes of a stored token.
#[must_use]
pub fn scopes(token: &access_token::Model) -> Scopes {
    [
        (Scope::Read, token.can_read),
        (Scope::Write, token.can_write),
        (Scope::Secrets, token.can_read_secrets),
    ]
    .into_iter()
    .filter_map(|(scope, can)| can.then_some(scope))
    .collect()
}

/// All tokens of all organizations, oldest first, each with the name of its organization, for the
/// operator.
pub async fn list(db: &Database) -> Result<Vec<(access_token::Model, String)>, DbErr> {
    let organizations = organization::Entity::find().all(db.read()).await?;
    let tokens =
        access_token::Entity::find().order_by_asc(access_token::Column::Id).all(db.read()).await?;
    let names: HashMap<Uuid, String> = organizations
        .into_iter()
        .map(|organization| (organization.id, organization.name))
        .collect();
    let with_name = |token: access_token::Model| {
        let name = names.get(&token.organization_id).cloned().unwrap_or_default();
        (token, name)
    };
    Ok(tokens.into_iter().map(with_name).collect())
}

/// Revokes all tokens of an organization, for good, and returns when the last one was revoked; none if
/// it has no token.
pub async fn revoke_all(
    organization: OrganizationId,
    connection: &impl ConnectionTrait,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, DbErr> {
    access_token::Entity::update_many()
        .col_expr(access_token::Column::RevokedAt, Expr::value(now))
        .filter(access_token::Column::OrganizationId.eq(organization.0))
        .filter(access_token::Column::RevokedAt.is_null())
        .exec(connection)
        .await?;
    let last = access_token::Entity::find()
        .filter(access_token::Column::OrganizationId.eq(organization.0))
        .order_by_desc(access_token::Column::RevokedAt)
        .one(connection)
        .await?;
    Ok(last.and_then(|token| token.revoked_at))
}

/// Revokes the token with this id, for good, and returns whether it exists. A token that is already
/// revoked keeps its first date.
pub async fn revoke(
    connection: &impl ConnectionTrait,
    id: Uuid,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    access_token::Entity::update_many()
        .col_expr(access_token::Column::RevokedAt, Expr::value(now))
        .filter(access_token::Column::Id.eq(id))
        .filter(access_token::Column::RevokedAt.is_null())
        .exec(connection)
        .await?;
    Ok(access_token::Entity::find_by_id(id).one(connection).await?.is_some())
}
