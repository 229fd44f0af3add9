//! Patches of stored steps.

use super::{
    replace::updated_row,
    row::{self, CrmStepRow},
};
use crate::{
    domain::{
        crm_step::{CrmStepInput, References, StoredStep},
        secret::Keyring,
        url::WebhookHosts,
        violation::Violations,
    },
    entity::crm_step,
    store::{StoreError, kit::tenant::TenantEntity as _, unit_of_work::UnitOfWork},
};

/// A stored step, and its input after a patch.
pub(super) struct PatchedStep {
    pub(super) before: CrmStepRow,
    pub(super) input: CrmStepInput,
    opened: CrmStepInput,
    reads_secrets: bool,
}

/// A checked update of a step.
pub(super) struct StepUpdate {
    pub(super) before: CrmStepRow,
    pub(super) after: CrmStepRow,
    /// Whether it is a change. One that changes nothing leaves the version as it is.
    pub(super) is_change: bool,
}

impl PatchedStep {
    /// Applies a patch to the input of a step as the caller reads it.
    pub(super) fn new(
        keys: &Keyring,
        before: CrmStepRow,
        reads_secrets: bool,
        patch: impl FnOnce(&mut CrmStepInput),
    ) -> Result<Self, StoreError> {
        let opened = row::input(keys, &before)?;
        let mut input = StoredStep { input: &opened, reads_secrets }.as_read();
        patch(&mut input);
        Ok(Self { before, input, opened, reads_secrets })
    }

    /// Checks what the patch changes.
    pub(super) fn check(
        self,
        unit: &UnitOfWork,
        known: &References,
        hosts: &WebhookHosts,
    ) -> Result<Result<StepUpdate, Violations>, StoreError> {
        let Self { before, input, opened, reads_secrets } = self;
        let stored = StoredStep { input: &opened, reads_secrets };
        let step = match input.check_update(Some(stored), before.step.id, known, hosts) {
            Ok(step) => step.into_inner(),
            Err(violations) => return Ok(Err(violations.within("input"))),
        };
        let mut after = updated_row(unit, &before, step, row::position(&before.step))?;
        let is_change = after != before;
        if is_change {
            crm_step::Entity::touch(&mut after.step, unit.now());
        }
        Ok(Ok(StepUpdate { before, after, is_change }))
    }
}
