//! Creating and updating agents, memberships and scenarios, which is the same for all of them.

use chrono::{DateTime, Utc};
use sea_orm::EntityTrait;
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use super::{
    StoreError,
    kit::{tenant::TenantEntity, write_batch::WriteBatch},
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
    type Input: Check + Send + 'static;

    /// The input that would create this row.
    fn input(row: &Self::Model) -> Self::Input;
    /// A new row.
    fn new(
        organization: OrganizationId,
        id: Uuid,
        input: Self::Input,
        now: DateTime<Utc>,
    ) -> Self::Model;
    /// Sets the columns of a row from an input.
    fn assign(row: &mut Self::Model, input: Self::Input);
}

/// Implements [`Resource`] and [`Subject`] for a table: its input, of which the fields beside the
/// name are columns as they are; the other columns, with their values in a new row; the fields that
/// snapshots leave out beside those of every table; its type in the history; and the scenario of a
/// row.
macro_rules! resource {
    (
        $table:ident from $input:ident { $($field:ident),* },
        new { $($column:ident: $value:expr),* },
        hidden [$($hidden:literal),*],
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
                now: DateTime<Utc>,
            ) -> $table::Model {
                $table::Model {
                    organization_id: organization.0,
                    id,
                    created_at: now,
                    updated_at: now,
                    version: 1,
                    name_folded: ordering_key(&input.name),
                    name_caseless: Some(without_case(&input.name)),
                    name: input.name,
                    $($field: input.$field,)*
                    $($column: $value,)*
                }
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

resource!(agent from NewAgent { icon_url }, new {}, hidden [], Agent of |_| None);
resource!(membership from NewMembership { email, role }, new {}, hidden [], Membership of |_| None);
resource!(
    crm_scenario from NewCrmScenario { description },
    new { step_count: 0, last_rank: 0, rank_generation: 0 },
    hidden ["stepCount", "lastRank", "rankGeneration"],
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
                let input = input.check(None).map_err(|violations| violations.within("input"))?;
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
                let stored = E::input(&before);
                let mut input = E::input(&before);
                patch(&mut input);
                let input =
                    input.check(Some(&stored)).map_err(|violations| violations.within("input"))?;
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
    Violations::one("id", ViolationKind::NotFound)
}
