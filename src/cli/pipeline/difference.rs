//! Plans for people: the differences of fields, with colours.

mod style;
mod text;
mod value;

use std::{
    fmt::{self, Display, Formatter},
    io::{self, Write as _},
};

use crm_steps::domain::flow::plan::PlanAction;

use self::{
    style::{Bold, Mark},
    value::FieldDifference,
};
use super::{
    client::documents::apply_pipeline::{Plan, StepPlan},
    escape::Plain,
    planned::{Planned, Plans},
};

/// Prints plans with their diagnostics on standard output. Where colours are not wanted they are left out.
pub(super) fn show(plans: &Plans) -> io::Result<()> {
    let mut output = anstream::stdout().lock();
    plans.planned().try_for_each(|planned| write!(output, "{}", Difference(planned)))?;
    output.flush()
}

/// A plan for people.
struct Difference<'a>(&'a Planned);

impl Display for Difference<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self(planned) = self;
        let plan = &planned.plan;
        let path = planned.path.display().to_string();
        writeln!(f, "{}: pipeline {}", Bold(Plain(&path)), Bold(Plain(planned.key())))?;
        if !planned.variables.is_empty() {
            let uses = planned.variables.iter().map(|it| format!("{} ({})", it.name, it.field));
            let uses = uses.collect::<Vec<_>>().join(", ");
            writeln!(f, "  variables: {}", Plain(&uses))?;
        }
        for change in &plan.fields {
            write!(f, "{}", FieldDifference { change, indent: 2 })?;
        }
        for step in plan.steps.iter().filter(|step| is_changed(step)) {
            write!(f, "{}", StepDifference(step))?;
        }
        writeln!(f, "  {}", Summary(plan))?;
        planned.diagnostics.iter().try_for_each(|finding| writeln!(f, "{finding}"))
    }
}

fn is_changed(step: &StepPlan) -> bool {
    step.is_moved || step.action != PlanAction::Unchanged
}

struct StepDifference<'a>(&'a StepPlan);

impl Display for StepDifference<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self(StepPlan { action, is_moved, key, name, index_before, index_after, fields }) =
            self;
        let mark = match action {
            PlanAction::Create => Mark::Added,
            PlanAction::Delete => Mark::Removed,
            PlanAction::Update | PlanAction::Unchanged => Mark::Changed,
        };
        let index = |index: &Option<i64>| index.map_or("?".to_owned(), |index| index.to_string());
        let (before, after) = (index(index_before), index(index_after));
        let position = match action {
            PlanAction::Create => format!(" at index {after}"),
            PlanAction::Delete => format!(" at index {before}"),
            PlanAction::Update | PlanAction::Unchanged if *is_moved => {
                format!(" moved from index {before} to {after}")
            }
            PlanAction::Update | PlanAction::Unchanged => String::new(),
        };
        let step = format!("step {} \"{}\"{position}", Plain(key), Plain(name));
        writeln!(f, "  {}", mark.before(&step))?;
        let mut fields = fields.iter().map(|change| FieldDifference { change, indent: 6 });
        fields.try_for_each(|field| field.fmt(f))
    }
}

/// What a plan does, in a sentence.
struct Summary<'a>(&'a Plan);

impl Display for Summary<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self(plan) = self;
        if plan.is_empty {
            return f.write_str("Nothing changes.");
        }
        let what = match plan.action {
            PlanAction::Create => "is created",
            PlanAction::Update | PlanAction::Delete | PlanAction::Unchanged => "is changed",
        };
        let counts = [
            (plan.created, "created"),
            (plan.updated, "updated"),
            (plan.moved, "moved"),
            (plan.deleted, "deleted"),
            (plan.unchanged, "unchanged"),
        ];
        let counts: Vec<_> = counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        let counts = if counts.is_empty() { "none".to_owned() } else { counts.join(", ") };
        write!(f, "The pipeline {what}. Steps: {counts}.")
    }
}
