//! Where in its scenario a step is to stand.

use uuid::Uuid;

use crate::domain::{
    id::parse_id,
    violation::{ViolationKind, Violations},
};

/// The argument that says it.
const ARGUMENT: &str = "to";

/// Where a client wants the step. Ids are text until they are found to exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Placement {
    /// Before all others. False names no place.
    First(bool),
    /// Behind all others. False names no place.
    Last(bool),
    /// Right before this one.
    Before(String),
    /// Right behind this one.
    After(String),
}

impl Default for Placement {
    fn default() -> Self {
        Self::Last(true)
    }
}

/// The step that a placement names, as far as it exists.
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

    /// The index of the step before which there is room for it; behind the last one, the number of
    /// the scenario's steps. `scenario` is its id and that number, if it exists, and `this` is the
    /// step itself, if it stands there already.
    pub fn check(
        &self,
        scenario: Option<(Uuid, i32)>,
        this: Option<Uuid>,
        neighbour: Option<Neighbour>,
    ) -> Result<i32, Violations> {
        let refused = |field, kind| Err(Violations::one(field, kind).within(ARGUMENT));
        let (field, behind) = match self {
            Self::First(true) => return Ok(0),
            Self::Last(true) => return Ok(scenario.map_or(0, |(_, step_count)| step_count)),
            Self::First(false) => return refused("first", ViolationKind::InvalidPlacement),
            Self::Last(false) => return refused("last", ViolationKind::InvalidPlacement),
            Self::Before(_) => ("before", 0),
            Self::After(_) => ("after", 1),
        };
        match neighbour {
            None => refused(field, ViolationKind::NotFound),
            Some(neighbour) if Some(neighbour.id) == this => {
                refused(field, ViolationKind::SelfReference)
            }
            // Whether it is of the same scenario can be asked only of one that exists.
            Some(neighbour) if scenario.is_some_and(|(id, _)| id != neighbour.scenario_id) => {
                refused(field, ViolationKind::StepNotInScenario)
            }
            Some(neighbour) => Ok(neighbour.index + behind),
        }
    }
}
