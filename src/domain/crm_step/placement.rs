//! The position in its scenario that a client chooses for a step.

use uuid::Uuid;

use crate::domain::{
    id::parse_id,
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

/// The existing step that a placement names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are those of the step")]
pub struct Neighbour {
    pub id: Uuid,
    pub scenario_id: Uuid,
    pub index: i32,
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
    /// steps. `scenario` is its id and that number, if it exists, and `this` is the step itself, if
    /// it is in the scenario already.
    pub fn check(
        &self,
        scenario: Option<(Uuid, i32)>,
        this: Option<Uuid>,
        neighbour: Option<Neighbour>,
    ) -> Result<i32, Violations> {
        let rejected = |field, kind| Err(Violations::one(field, kind).within(ARGUMENT));
        let (field, behind) = match self {
            Self::First(true) => return Ok(0),
            Self::Last(true) => return Ok(scenario.map_or(0, |(_, step_count)| step_count)),
            Self::First(false) => return rejected("first", ViolationKind::InvalidPlacement),
            Self::Last(false) => return rejected("last", ViolationKind::InvalidPlacement),
            Self::Before(_) => ("before", 0),
            Self::After(_) => ("after", 1),
        };
        match neighbour {
            None => rejected(field, ViolationKind::NotFound),
            Some(neighbour) if Some(neighbour.id) == this => {
                rejected(field, ViolationKind::SelfReference)
            }
            // Only for an existing scenario it is known whether the neighbour belongs to it.
            Some(neighbour) if scenario.is_some_and(|(id, _)| id != neighbour.scenario_id) => {
                rejected(field, ViolationKind::StepNotInScenario)
            }
            Some(neighbour) => Ok(neighbour.index + behind),
        }
    }
}
