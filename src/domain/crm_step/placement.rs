//! The position in its scenario that a client chooses for a step.

use std::collections::HashMap;

use uuid::Uuid;

use super::step_order::StepOrder;
use crate::domain::{
    id::parse_id,
    rules::{
        FieldRules,
        fields::{AFTER, BEFORE, FIRST, LAST},
    },
    violation::{ViolationKind, Violations},
};

/// The argument of the position.
const ARGUMENT: &str = "to";

/// The chosen position. Ids are text until they are found to exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placement {
    /// Before all other steps. False is invalid.
    First(bool),
    /// After all other steps. False is invalid.
    Last(bool),
    /// Directly before this step.
    Before(String),
    /// Directly after this step.
    After(String),
}

impl Default for Placement {
    fn default() -> Self {
        Self::Last(true)
    }
}

impl Placement {
    /// The id to look up before [`check`](Self::check).
    #[must_use]
    pub fn neighbour_id(&self) -> Option<Uuid> {
        match self {
            Self::First(_) | Self::Last(_) => None,
            Self::Before(id) | Self::After(id) => parse_id(id),
        }
    }

    /// The index of the step before which the position is; after the last step, the number of
    /// steps. `scenario` is its id and the order of its steps, if it exists, `these` are the steps
    /// themselves, if they are in the scenario already, and `steps` has the scenario of each existing
    /// step.
    pub fn check(
        &self,
        scenario: Option<(Uuid, &StepOrder)>,
        these: &[Uuid],
        steps: &HashMap<Uuid, Uuid>,
    ) -> Result<i32, Violations> {
        let rejected =
            |field: &'static FieldRules, kind| Err(Violations::one(field, kind).within(ARGUMENT));
        let (field, behind) = match self {
            Self::First(true) => return Ok(0),
            Self::Last(true) => return Ok(scenario.map_or(0, |(_, order)| order.step_count)),
            Self::First(false) => return rejected(&FIRST, ViolationKind::InvalidPlacement),
            Self::Last(false) => return rejected(&LAST, ViolationKind::InvalidPlacement),
            Self::Before(_) => (&BEFORE, 0),
            Self::After(_) => (&AFTER, 1),
        };
        let neighbour = self.neighbour_id().and_then(|id| steps.get_key_value(&id));
        match (neighbour, scenario) {
            (None, _) => rejected(field, ViolationKind::NOT_FOUND),
            (Some((id, _)), _) if *these == [*id] => rejected(field, ViolationKind::SELF_REFERENCE),
            (Some((id, _)), _) if these.contains(id) => {
                rejected(field, ViolationKind::MOVED_REFERENCE)
            }
            (Some((id, of)), Some((scenario, order))) => match order.position(*id) {
                Some(position) if *of == scenario => Ok(position.index + behind),
                _ => rejected(field, ViolationKind::StepNotInScenario),
            },
            // Whether the neighbour is in a scenario that does not exist is not known.
            (Some(_), None) => Ok(0),
        }
    }
}
