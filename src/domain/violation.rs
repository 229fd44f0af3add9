//! Violations: which rules an input breaks, each with the path of the field, a code and values for
//! programs, and a sentence for people.

mod category;
mod field;
mod kind;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use self::{
    category::ViolationCategory,
    field::Field,
    kind::{Counted, PhoneFault, ViolationCode, ViolationKind},
};
use super::update::ChangedFields;

/// A broken rule, and the field at fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The field at fault.
    pub field: Field,
    /// The rule.
    pub kind: ViolationKind,
    /// The step that breaks it, in a call that changes several with one input.
    step: Option<Uuid>,
    /// The other fields that the rule reads.
    reads: &'static [&'static str],
}

impl Violation {
    /// A broken rule that reads no other field.
    #[must_use]
    pub fn new(field: impl Into<Field>, kind: ViolationKind) -> Self {
        Self { field: field.into(), kind, step: None, reads: &[] }
    }

    /// Whether to report the violation after a change of these fields.
    pub(super) fn reads_any(&self, changed: &ChangedFields) -> bool {
        matches!(self.kind, ViolationKind::NotFound { .. })
            || changed.contains(self.field.name)
            || self.reads.iter().any(|field| changed.contains(field))
    }

    /// The violation as it is sent.
    #[must_use]
    pub fn report(&self) -> ViolationView {
        let step = self.step.map(|id| ("id".to_owned(), id.to_string()));
        ViolationView {
            field: self.field.path(),
            code: ViolationCode::from(&self.kind),
            message: self.kind.message(&self.field.label()),
            params: self.kind.params().into_iter().chain(step).collect(),
        }
    }
}

/// A violation as clients receive it, which can be stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ViolationView {
    /// The path of the field, from the outside in.
    pub field: Vec<String>,
    /// The code of the rule.
    pub code: ViolationCode,
    /// A whole sentence that says what is wrong and what to do about it.
    pub message: String,
    /// The values in the sentence, by name, so that a frontend can translate it.
    pub params: Vec<(String, String)>,
}

/// The violations of an input, in the order of its fields.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Violations(pub(super) Vec<Violation>);

impl Violations {
    /// Adds that `field` breaks the rule `kind`.
    pub fn add(&mut self, field: impl Into<Field>, kind: ViolationKind) {
        self.0.push(Violation::new(field, kind));
    }

    /// Adds that `field` breaks the rule `kind`, which also reads the fields `reads`: it applies to
    /// an update that changes any of them.
    pub(super) fn add_reading(
        &mut self,
        field: impl Into<Field>,
        kind: ViolationKind,
        reads: &'static [&'static str],
    ) {
        self.0.push(Violation { reads, ..Violation::new(field, kind) });
    }

    /// A single violation.
    #[must_use]
    pub fn one(field: impl Into<Field>, kind: ViolationKind) -> Self {
        Self(vec![Violation::new(field, kind)])
    }

    /// The same violations with `name` in front of their paths: the name of an argument, or the
    /// index of an element in a list.
    #[must_use]
    pub fn within(mut self, name: impl Into<String>) -> Self {
        let name = name.into();
        for violation in &mut self.0 {
            violation.field.within.insert(0, name.clone());
        }
        self
    }

    /// The same violations, as those of the step with this id.
    #[must_use]
    pub fn of_step(mut self, id: Uuid) -> Self {
        for violation in &mut self.0 {
            violation.step = Some(id);
        }
        self
    }

    /// The same violations, for an input that has the field `to` in place of the field `from`.
    #[must_use]
    pub(super) fn renamed(mut self, from: &str, to: &'static str) -> Self {
        for violation in &mut self.0 {
            violation.kind.rename(from, to);
            if violation.field.name == from {
                violation.field.name = to;
            }
        }
        self
    }

    /// The same for a reference, with a sentence of its own if what it names does not exist.
    #[must_use]
    pub(super) fn renamed_reference(
        mut self,
        from: &str,
        to: &'static str,
        not_found: &ViolationKind,
    ) -> Self {
        for violation in self.0.iter_mut().filter(|violation| violation.field.name == from) {
            if violation.kind == ViolationKind::NOT_FOUND {
                violation.kind = not_found.clone();
            }
        }
        self.renamed(from, to)
    }

    /// The violations of all of these checks.
    pub fn of_all(checks: impl IntoIterator<Item = Result<(), Self>>) -> Result<(), Self> {
        let mut all = Self::default();
        all.extend(checks.into_iter().filter_map(Result::err).flatten());
        if all.is_empty() { Ok(()) } else { Err(all) }
    }

    /// The checked value, if there are no violations; otherwise these and its own.
    pub fn and<T>(mut self, checked: Result<T, Self>) -> Result<T, Self> {
        match checked {
            Ok(value) if self.is_empty() => Ok(value),
            checked => {
                self.extend(checked.err().into_iter().flatten());
                Err(self)
            }
        }
    }

    /// Whether there are no violations.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl IntoIterator for Violations {
    type Item = Violation;
    type IntoIter = std::vec::IntoIter<Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl Extend<Violation> for Violations {
    fn extend<I: IntoIterator<Item = Violation>>(&mut self, violations: I) {
        self.0.extend(violations);
    }
}
