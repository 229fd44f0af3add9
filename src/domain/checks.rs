//! Checks that several inputs share: what texts are blank or on one line, methods that add the violations
//! that they find, and the values that are checked.

use serde::Serialize;
use uuid::Uuid;

use super::{
    id::parse_id,
    text::{NAME_MAX, is_invisible},
    update::ChangedFields,
    violation::{Field, ViolationKind, Violations},
};

impl Violations {
    /// Checks what holds for every text: at most `max` characters, and no NUL, at which databases and
    /// the programs behind a webhook cut texts off.
    ///
    /// Returns whether the text is valid, so that a caller can go on to check its meaning.
    pub(super) fn check_text(&mut self, field: impl Into<Field>, text: &str, max: usize) -> bool {
        let field = field.into();
        let has_nul = text.contains('\0');
        if has_nul {
            self.add(field.clone(), ViolationKind::InvalidCharacter);
        }
        !self.check_length(field, text, max) && !has_nul
    }

    /// Adds a violation, and returns true, if `text` has more than `max` characters.
    fn check_length(&mut self, field: impl Into<Field>, text: &str, max: usize) -> bool {
        // A text has at least as many bytes as characters, so most need no counting.
        let too_long = text.len() > max && text.chars().count() > max;
        if too_long {
            let actual = text.chars().count();
            self.add(field, ViolationKind::TooLong { unit: "characters", max, actual });
        }
        too_long
    }

    /// Checks an optional text.
    pub(super) fn check_optional(&mut self, field: &'static str, text: Option<&str>, max: usize) {
        if let Some(text) = text {
            self.check_text(field, text, max);
        }
    }

    /// Checks a name, and returns it trimmed: one line with at least one visible character.
    pub(super) fn check_name(&mut self, field: &'static str, name: &str) -> String {
        let name = name.trim();
        if is_blank(name) {
            self.add(field, ViolationKind::Blank);
        }
        if !is_one_line(name) {
            self.add(field, ViolationKind::InvalidCharacter);
        }
        self.check_length(field, name, NAME_MAX);
        name.to_owned()
    }

    /// Parses an id, and adds a violation unless it `exists`.
    pub(super) fn check_exists(
        &mut self,
        field: impl Into<Field>,
        text: &str,
        exists: impl FnOnce(&Uuid) -> bool,
    ) -> Option<Uuid> {
        let id = parse_id(text).filter(exists);
        if id.is_none() {
            self.add(field, ViolationKind::NotFound);
        }
        id
    }

    /// The checked value if all violated rules read only unchanged fields; otherwise the other
    /// violations.
    ///
    /// A check that cannot make its part of the value returns `None` and has added a violation. An
    /// id that does not exist is always a violation, as no value can be made of it.
    pub(super) fn or<T>(
        self,
        value: Option<T>,
        changed: &ChangedFields,
    ) -> Result<Checked<T>, Self> {
        let (reported, ignored): (Self, Self) =
            self.into_iter().partition(|violation| violation.reads_any(changed));
        match value {
            Some(value) if reported.is_empty() => Ok(Checked(value)),
            // Only stored values violate rules, but no value can be made of them.
            None if reported.is_empty() => Err(ignored),
            _ => Err(reported),
        }
    }
}

/// An input whose rules depend on the input alone.
pub trait Check: Serialize + Sized {
    /// Adds the violations of all rules, and returns the input as it is stored.
    #[must_use]
    fn apply_rules(self, violations: &mut Violations) -> Self;

    /// Checks all rules; in an update, those that read a field in which the input differs from the
    /// `stored` one.
    fn check(self, stored: Option<&Self>) -> Result<Checked<Self>, Violations> {
        let changed = ChangedFields::between(stored, &self);
        let mut violations = Violations::default();
        let value = self.apply_rules(&mut violations);
        violations.or(Some(value), &changed)
    }
}

/// A value that is valid. Only this module makes one, so a function that takes a `Checked` cannot
/// be called with an unchecked value.
#[derive(Debug, Clone)]
pub struct Checked<T>(T);

impl<T> Checked<T> {
    /// The value, to be stored.
    pub fn into_inner(self) -> T {
        self.0
    }

    /// The value.
    pub fn get(&self) -> &T {
        &self.0
    }
}

/// Whether a text has no visible character: it is empty, or all of it is [invisible](is_invisible).
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.chars().all(is_invisible)
}

/// Whether a value counts as given for the rules: it is not null and not blank.
#[must_use]
pub fn is_given(text: Option<&str>) -> bool {
    text.is_some_and(|text| !is_blank(text))
}

/// Whether a text has no control characters, such as line breaks, and neither of the two separators
/// of Unicode that break lines.
#[must_use]
pub fn is_one_line(text: &str) -> bool {
    !text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'))
}
