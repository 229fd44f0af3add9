//! Plans: what applying a specification changes.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::{
    directory::Directory,
    export::{Export, Pipeline, mask},
    resolve::{KeptStep, Resolved, StepChange, StepUpdate},
    spec::StepSpec,
};
use crate::domain::change::FieldChange;

const WEBHOOK_HEADER: &str = "webhookHeader";

/// What applying a specification changes: the difference of the exports before and after. It never
/// has the values of headers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CrmScenarioPlan {
    /// The revision of the scenario that was planned against; 0 if it does not exist yet.
    pub revision: i32,
    /// What happens to the scenario's own fields. A scenario is never deleted.
    pub action: PlanAction,
    /// The scenario's own fields that change, by the names and with the values of an export.
    pub fields: Vec<FieldChange>,
    /// All steps: those of the specification by their indexes afterwards, then those that are deleted
    /// by their indexes before.
    pub steps: Vec<CrmStepPlan>,
}

/// What applying a specification does to a step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CrmStepPlan {
    /// What happens to its fields.
    pub action: PlanAction,
    /// Whether it counts as moved: the fewest steps do that explain the new order. Only a step that is
    /// kept can be.
    pub is_moved: bool,
    /// Its key afterwards, or the last one.
    pub key: String,
    /// Its name afterwards, or the last one.
    pub name: String,
    /// Its id; that of a new step exists once the plan is carried out.
    pub step_id: Uuid,
    /// Its index before; none if it is new.
    pub index_before: Option<usize>,
    /// Its index afterwards; none if it is deleted.
    pub index_after: Option<usize>,
    /// Its fields that change, by the names and with the values of an export; all fields of a step that
    /// is created or deleted.
    pub fields: Vec<FieldChange>,
}

/// What happens to something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the names say it")]
pub enum PlanAction {
    Create,
    Update,
    Delete,
    Unchanged,
}

/// How many steps a plan changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PlanCounts {
    /// Those that are created.
    pub created: usize,
    /// Those whose fields are updated.
    pub updated: usize,
    /// Those that count as moved, of which some may be updated as well.
    pub moved: usize,
    /// Those that are deleted.
    pub deleted: usize,
    /// Those that are neither updated nor moved.
    pub unchanged: usize,
}

impl CrmScenarioPlan {
    /// The plan that turns the stored pipeline into a resolved specification. `stored` is what it was
    /// resolved against, and the directory has everything to which either refers.
    #[must_use]
    pub fn new(stored: Option<&Pipeline>, resolved: &Resolved, directory: &Directory) -> Self {
        let before = stored.map(|pipeline| Export::new(pipeline, directory));
        let after = Export::new(&resolved.after, directory);
        let specified = resolved.steps.iter().enumerate().map(|(index, change)| match change {
            StepChange::Create(_) => created(&after, index),
            StepChange::Keep(kept) => self::kept(before.as_ref(), kept, &after, index),
        });
        let deleted = before.iter().flat_map(|before| {
            resolved.deleted.iter().map(move |index| self::deleted(before, *index))
        });
        let steps = specified.chain(deleted).collect();
        let action = match (stored, &resolved.scenario) {
            (None, _) => PlanAction::Create,
            (Some(_), Some(_)) => PlanAction::Update,
            (Some(_), None) => PlanAction::Unchanged,
        };
        let fields =
            changes(stored.map(scenario_fields), Some(scenario_fields(&resolved.after)), |_| false);
        Self { revision: resolved.after.revision, action, fields, steps }
    }

    /// How many steps the plan changes.
    #[must_use]
    pub fn counts(&self) -> PlanCounts {
        let mut counts = PlanCounts::default();
        for step in &self.steps {
            match step.action {
                PlanAction::Create => counts.created += 1,
                PlanAction::Update => counts.updated += 1,
                PlanAction::Delete => counts.deleted += 1,
                PlanAction::Unchanged => counts.unchanged += usize::from(!step.is_moved),
            }
            counts.moved += usize::from(step.is_moved);
        }
        counts
    }

    /// Whether the plan changes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.action == PlanAction::Unchanged && self.counts().unchanged == self.steps.len()
    }
}

/// The plan of a step that is created.
fn created(after: &Export<'_>, index: usize) -> CrmStepPlan {
    CrmStepPlan {
        action: PlanAction::Create,
        index_after: Some(index),
        fields: step_changes(None, Some(after.step(index)), false),
        ..unchanged(after, index)
    }
}

/// The plan of a stored step that is kept.
fn kept(
    before: Option<&Export<'_>>,
    kept: &KeptStep,
    after: &Export<'_>,
    index: usize,
) -> CrmStepPlan {
    let KeptStep { index_before, is_moved, update } = kept;
    let plan = CrmStepPlan {
        is_moved: *is_moved,
        index_before: Some(*index_before),
        index_after: Some(index),
        ..unchanged(after, index)
    };
    let (Some(before), Some(StepUpdate { has_unread_headers, .. })) = (before, update) else {
        return plan;
    };
    let inputs = (&before.pipeline.steps[*index_before].input, &after.pipeline.steps[index].input);
    // Not the key that the export gave it: that it gets stored is a change.
    let key = inputs.0.key.clone();
    let before = StepSpec { key, ..before.step_beside(*index_before, inputs.1) };
    let after = after.step_beside(index, inputs.0);
    CrmStepPlan {
        action: PlanAction::Update,
        fields: step_changes(Some(before), Some(after), *has_unread_headers),
        ..plan
    }
}

/// The plan of a stored step that is not in the specification.
fn deleted(before: &Export<'_>, index: usize) -> CrmStepPlan {
    CrmStepPlan {
        action: PlanAction::Delete,
        index_before: Some(index),
        fields: step_changes(Some(before.step(index)), None, false),
        ..unchanged(before, index)
    }
}

/// The plan of a step to which nothing happens, without its place.
fn unchanged(export: &Export<'_>, index: usize) -> CrmStepPlan {
    let step = &export.pipeline.steps[index];
    CrmStepPlan {
        action: PlanAction::Unchanged,
        is_moved: false,
        key: export.keys[index].clone(),
        name: step.input.name.clone(),
        step_id: step.id,
        index_before: None,
        index_after: None,
        fields: Vec::new(),
    }
}

/// A scenario's own fields, with the stored key.
fn scenario_fields(pipeline: &Pipeline) -> [(&'static str, Value); 3] {
    [
        ("key", pipeline.key.clone().into()),
        ("name", pipeline.name.clone().into()),
        ("description", pipeline.description.clone().into()),
    ]
}

/// The fields in which a step changes. Headers that the caller sent without reading them count as
/// changed.
fn step_changes(
    before: Option<StepSpec>,
    after: Option<StepSpec>,
    has_unread_headers: bool,
) -> Vec<FieldChange> {
    let is_unread = |name: &str| has_unread_headers && name == WEBHOOK_HEADER;
    let fields = StepSpec::into_fields;
    let mut changes = changes(before.map(fields), after.map(fields), is_unread);
    for header in changes.iter_mut().filter(|change| change.name == WEBHOOK_HEADER) {
        mask(&mut header.before);
        mask(&mut header.after);
    }
    changes
}

/// The fields that differ or that count as changed anyway. All fields of nothing are null.
fn changes<const COUNT: usize>(
    before: Option<[(&'static str, Value); COUNT]>,
    after: Option<[(&'static str, Value); COUNT]>,
    is_changed: impl Fn(&str) -> bool,
) -> Vec<FieldChange> {
    let nulls = |fields: &[(&'static str, Value); COUNT]| {
        fields.each_ref().map(|(name, _)| (*name, Value::Null))
    };
    let (before, after) = match (before, after) {
        (None, None) => return Vec::new(),
        (Some(before), None) => {
            let after = nulls(&before);
            (before, after)
        }
        (None, Some(after)) => (nulls(&after), after),
        (Some(before), Some(after)) => (before, after),
    };
    let pairs = before.into_iter().zip(after);
    let differ = pairs.filter(|((name, before), (_, after))| before != after || is_changed(name));
    let change = |((name, before), (_, after)): ((&str, _), (_, _))| FieldChange {
        name: name.to_owned(),
        before,
        after,
    };
    differ.map(change).collect()
}
