//! Creating and updating agents, memberships and scenarios, which is the same for all of them.

use chrono::{DateTime, Utc};
use sea_orm::{ColumnTrait as _, DbErr, EntityTrait, QueryFilter as _};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use super::{
    StoreError,
    kit::{
        locks::Lock,
        tenant::{self, TenantEntity},
        write_batch::WriteBatch,
    },
    mutation::{Abort, Attempt, MutationRequest, Outcome},
    unit_of_work::{Subject, UnitOfWork},
};
use crate::{
    domain::{
        agent::NewAgent,
        change::{Action, SubjectType},
        checks::{Check, Checked},
        conflict::check_version,
        crm_scenario::NewCrmScenario,
        fold::{ordering_key, without_case},
        id::{OrganizationId, new_id},
        keys::is_key,
        membership::NewMembership,
        violation::{ViolationKind, Violations},
    },
    entity::{agent, crm_scenario, membership},
};

/// A table whose rows clients create from an input of its own.
pub trait Resource:
    TenantEntity + EntityTrait<Model: Subject + PartialEq + Serialize + DeserializeOwned>
{
    /// The input that creates a row.
    type Input: Check + Send + Sync + 'static;

    /// The input that would create this row.
    fn input(row: &Self::Model) -> Self::Input;
    /// A new row.
    fn new(
        organization: OrganizationId,
        id: Uuid,
        input: Self::Input,
        now: DateTime<Utc>,
    ) -> Self::Model;
    /// The key that an input gives; none in a table whose rows have no keys.
    fn key(input: &Self::Input) -> Option<&str>;
    /// Sets the columns of a row from an input.
    fn assign(row: &mut Self::Model, input: Self::Input);
}

/// Implements [`Resource`] and [`Subject`] for a table: its input, of which the fields beside the
/// name are columns as they are; the other columns, with their values in a new row; the fields that
/// snapshots leave out beside those of every table; the field of the key, if rows have one; its type in
/// the history; and the scenario of a row.
macro_rules! resource {
    (
        $table:ident from $input:ident { $($field:ident),* },
        new($now:ident) { $($column:ident: $value:expr),* },
        hidden [$($hidden:literal),*],
        keys [$($key:ident)?],
        $subject:ident of $scenario:expr
    ) => {
        impl Resource for $table::Entity {
            type Input = $input;

            fn input(row: &$table::Model) -> $input {
                $input { name: row.name.clone(), $($field: row.$field.clone()),* }
            }

            fn new(
                organization: OrganizationId,
                id: Uuid,
                input: $input,
                $now: DateTime<Utc>,
            ) -> $table::Model {
                $table::Model {
                    organization_id: organization.0,
                    id,
                    created_at: $now,
                    updated_at: $now,
                    version: 1,
                    name_folded: ordering_key(&input.name),
                    name_caseless: Some(without_case(&input.name)),
                    name: input.name,
                    $($field: input.$field,)*
                    $($column: $value,)*
                }
            }

            fn key(_input: &$input) -> Option<&str> {
                None$(.or(_input.$key.as_deref()))?
            }

            fn assign(row: &mut $table::Model, input: $input) {
                Self::set_name(row, input.name);
                $(row.$field = input.$field;)*
            }
        }

        impl Subject for $table::Model {
            const HIDDEN: &'static [&'static str] = &["organizationId", "nameFolded", $($hidden),*];

            fn subject(&self) -> (SubjectType, Uuid, Option<Uuid>) {
                let scenario: fn(&Self) -> Option<Uuid> = $scenario;
                (SubjectType::$subject, self.id, scenario(self))
            }

            fn write(before: Option<&Self>, after: Option<&Self>, batch: &mut WriteBatch) {
                batch.replace(before, after);
            }
        }
    };
}

resource!(agent from NewAgent { icon_url }, new(now) {}, hidden [], keys [], Agent of |_| None);
resource!(
    membership from NewMembership { email, role },
    new(now) { email_caseless: None }, hidden [], keys [],
    Membership of |_| None
);
resource!(
    crm_scenario from NewCrmScenario { description, key },
    new(now) {
        revision: 1,
        steps_updated_at: None,
        changed_at: now,
        step_count: 0,
        last_rank: 0,
        rank_generation: 0
    },
    hidden ["revision", "stepsUpdatedAt", "changedAt", "stepCount", "lastRank", "rankGeneration"],
    keys [key],
    CrmScenario of |row| Some(row.id)
);

/// Inserts a row with this id.
pub fn insert<E: Resource>(
    unit: &mut UnitOfWork,
    id: Uuid,
    input: Checked<E::Input>,
) -> Result<E::Model, StoreError> {
    let row = E::new(unit.organization(), id, input.into_inner(), unit.now());
    unit.create(&row)?;
    Ok(row)
}

/// Checks an input and inserts a row.
pub async fn create<E: Resource>(
    request: MutationRequest<'_>,
    input: E::Input,
) -> Result<Outcome<E::Model>, StoreError> {
    request
        .run(|unit| {
            Box::pin(async move {
                let input = check::<E>(unit, input, None).await??;
                Ok(insert::<E>(unit, new_id(), input)?)
            })
        })
        .await
}

/// Applies a patch to the input of a row, checks what it changes and updates the row. A patch that
/// changes nothing leaves the version as it is.
pub async fn update<E: Resource>(
    request: MutationRequest<'_>,
    id: Option<Uuid>,
    expected_version: Option<i32>,
    patch: impl FnOnce(&mut E::Input) + Send + 'static,
) -> Result<Outcome<E::Model, E::Model>, StoreError> {
    request
        .run(|unit| {
            Box::pin(async move {
                let before = lock_version::<E>(unit, id, expected_version).await?;
                let id = E::id(&before);
                let stored = E::input(&before);
                let mut input = E::input(&before);
                patch(&mut input);
                let input = check::<E>(unit, input, Some((id, &stored))).await??;
                let mut after = before.clone();
                E::assign(&mut after, input.into_inner());
                if after != before {
                    E::touch(&mut after, unit.now());
                    unit.change(Action::Updated, &before, &after)?;
                }
                Ok(after)
            })
        })
        .await
}

/// Checks an input, for the row with this id and input if one is stored. Its key, if it has one, stays
/// free until the transaction ends.
async fn check<E: Resource>(
    unit: &mut UnitOfWork,
    input: E::Input,
    stored: Option<(Uuid, &E::Input)>,
) -> Result<Result<Checked<E::Input>, Violations>, DbErr> {
    let mut violations = Violations::default();
    if let Some(key) = E::key(&input).filter(|key| is_key(key)) {
        let owner = scenario_with_key(unit, key).await?;
        if owner.is_some_and(|owner| stored.is_none_or(|(id, _)| owner.id != id)) {
            violations.add("key", ViolationKind::KEY_TAKEN);
        }
    }
    let checked = violations.and(input.check(stored.map(|(_, input)| input)));
    Ok(checked.map_err(|violations| violations.within("input")))
}

/// The scenario that has this key. No other transaction gives the key to one until this one ends.
pub(super) async fn scenario_with_key(
    unit: &mut UnitOfWork,
    key: &str,
) -> Result<Option<crm_scenario::Model>, DbErr> {
    let organization = unit.organization();
    unit.wait_for([Lock::ScenarioKey(key).number(organization)]).await?;
    tenant::of::<crm_scenario::Entity>(organization)
        .filter(crm_scenario::Column::Key.eq(key))
        .one(unit.transaction())
        .await
}

/// Locks the row with this id until the transaction ends, and returns it if it is at the version
/// that the client expects.
pub(super) async fn lock_version<E: TenantEntity>(
    unit: &UnitOfWork,
    id: Option<Uuid>,
    expected_version: Option<i32>,
) -> Attempt<E::Model, E::Model> {
    let row = match id {
        Some(id) => unit.lock::<E>(id).await?,
        None => None,
    };
    let row = row.ok_or_else(not_found)?;
    match check_version(expected_version, E::version(&row)) {
        Ok(()) => Ok(row),
        Err(violations) => Err(Abort::conflict(violations, row)),
    }
}

/// The violation of a call whose id names nothing that exists.
pub(super) fn not_found() -> Violations {
    Violations::one("id", ViolationKind::NOT_FOUND)
}
