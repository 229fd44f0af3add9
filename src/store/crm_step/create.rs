//! Calls that create steps.

use serde::{Deserialize, Serialize};

use super::{
    commit_queue::{CommitQueue, NotCreated},
    insert::{Created, Creation, append_all},
    references::resolve_references,
    row::{CrmStepRow, new_row},
    step_order,
};
use crate::{
    domain::{
        crm_step::{Batch, BatchMode, BatchStep, CrmStepInput, Placement, ReferencedIds},
        id::parse_id,
        url::WebhookHosts,
        violation::ViolationView,
    },
    store::{
        StoreError,
        mutation::{MutationRequest, Outcome},
    },
};

/// Checks a step and stores it at its position. The rows on which the rules depend are read in the
/// same transaction. An appended step is written through the queue, unless the call has an
/// idempotency key or only validates.
pub async fn create(
    request: MutationRequest<'_>,
    queue: &CommitQueue,
    input: CrmStepInput,
    to: Placement,
    hosts: WebhookHosts,
) -> Result<Outcome<Created>, NotCreated> {
    if to == Placement::Last(true) && request.idempotency_key.is_none() && !request.validate_only {
        let actor = (request.caller.token_id, request.caller.token_name.clone());
        let creation = Creation { input, hosts, actor, now: request.now };
        let created = queue.create(request.caller.organization, creation).await?;
        return Ok(match created {
            Ok(value) => Outcome::Done { value, replayed: false },
            Err(violations) => Outcome::Rejected { rejected: violations.into(), otherwise: None },
        });
    }
    // Boxed: keeps the size of this future out of the enclosing ones.
    let outcome = Box::pin(request.run(|unit| {
        Box::pin(async move {
            let mut ids = ReferencedIds::of([&input]);
            ids.steps.extend(to.neighbour_id());
            let mut known = resolve_references(unit, &ids).await?;
            let order = parse_id(&input.scenario_id).and_then(|id| known.orders.get_mut(&id));
            let neighbour = to.neighbour_id().and_then(|id| known.steps.get(&id)).copied();
            let id_and_length =
                order.as_ref().map(|order| (order.scenario.id, order.scenario.step_count));
            let before_index = to.check(id_and_length, None, neighbour);
            let id = input.id_to_have();
            let checked = input
                .check(id, &known.references, &hosts)
                .map_err(|violations| violations.within("input"));
            let (step, order, before_index) = match (checked, order, before_index) {
                (Ok(step), Some(order), Ok(before_index)) => (step, order, before_index),
                (checked, _, before_index) => {
                    let mut violations = checked.err().unwrap_or_default();
                    violations.extend(before_index.err().unwrap_or_default());
                    return Err(violations.into());
                }
            };
            let position = order.insert_before(unit, before_index).await?;
            let row = new_row(unit, step.into_inner(), position)?;
            unit.create(&row)?;
            step_order::save(unit, [&*order]);
            Ok(Created::new(row, &known.orders, &known.agents))
        })
    }));
    Ok(outcome.await?)
}

/// The outcome of a call with many steps.
#[derive(Debug, Serialize, Deserialize)]
pub struct BatchOutcome {
    /// For each step of the call its new row; none if the step was skipped.
    pub rows: Vec<Option<CrmStepRow>>,
    /// The violations of the skipped steps.
    pub skipped: Vec<ViolationView>,
}

/// Checks steps and appends those that are valid to their scenarios; in [`BatchMode::Atomic`] all
/// of them or none.
pub async fn create_many(
    request: MutationRequest<'_>,
    steps: Vec<BatchStep>,
    mode: BatchMode,
    hosts: WebhookHosts,
) -> Result<Outcome<BatchOutcome>, StoreError> {
    request
        .run(|unit| {
            Box::pin(async move {
                let batch = Batch::new(steps)?;
                let mut known = resolve_references(unit, &batch.referenced_ids()).await?;
                let mut rows: Vec<Option<CrmStepRow>> = vec![None; batch.len()];
                let (steps, violations) = batch.check(mode, known.references, &hosts);
                if steps.is_empty() && !violations.is_empty() {
                    return Err(violations.into());
                }
                let (indexes, steps): (Vec<usize>, Vec<_>) = steps.into_iter().unzip();
                let created = append_all(unit, &mut known.orders, steps)?;
                for (index, row) in indexes.into_iter().zip(created) {
                    rows[index] = Some(row);
                }
                let skipped = violations.into_iter().map(|violation| violation.report()).collect();
                Ok(BatchOutcome { rows, skipped })
            })
        })
        .await
}
