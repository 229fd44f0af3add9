//! Where in its scenario a step is to stand.

use uuid::Uuid;

use crate::domain::{
    id::parse_id,
    violation::{Rule, Violations},
};

/// The argument that says it.
const ARGUMENT: &str = "to";

/// Where a client wants the step. Ids are text until they are found to exist.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Placement {
    /// Before all others.
    First,
    /// Behind all others.
    #[default]
    Last,
    /// Right before this one.
    Before(String),
    /// Right behind this one.
    After(String),
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
            Self::First | Self::Last => None,
            Self::Before(id) | Self::After(id) => parse_id(id),
        }
    }

    /// The index of the step before which there is room for it: `step_count` behind the last one.
    /// `this` is the step itself, if it stands in the scenario already.
    pub fn check(
        &self,
        scenario_id: Uuid,
        step_count: i32,
        this: Option<Uuid>,
        neighbour: Option<Neighbour>,
    ) -> Result<i32, Violations> {
        let (field, behind) = match self {
            Self::First => return Ok(0),
            Self::Last => return Ok(step_count),
            Self::Before(_) => ("before", 0),
            Self::After(_) => ("after", 1),
        };
        let refused = |rule| Err(Violations::one(field, rule).within(ARGUMENT));
        match neighbour {
            None => refused(Rule::NotFound),
            Some(neighbour) if Some(neighbour.id) == this => refused(Rule::SelfReference),
            Some(neighbour) if neighbour.scenario_id != scenario_id => {
                refused(Rule::StepNotInScenario)
            }
            Some(neighbour) => Ok(neighbour.index + behind),
        }
    }
}
