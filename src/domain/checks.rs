//! Checks that several inputs share: what texts are blank or on one line, methods that add the violations
//! that they find, and the values that are checked.

use serde::Serialize;
use uuid::Uuid;

use super::{
    id::parse_id,
    rules::{
        FieldRules,
        across::{Given, GivenRule, NumberRule, RuleCase},
        fields::BLANK_IDENTIFIER,
    },
    text::is_invisible,
    update::ChangedFields,
    violation::{Field, ViolationKind, Violations},
};

impl Violations {
    /// Checks a text by the rules of its field, except for its pattern and format. NUL is rejected
    /// in all of them, as databases and the programs behind a webhook cut texts off there.
    ///
    /// Returns whether the text is valid, so that a caller can go on to check its meaning.
    pub(super) fn check_text(
        &mut self,
        field: impl Into<Field>,
        rules: &FieldRules,
        text: &str,
    ) -> bool {
        let (field, found) = (field.into(), self.0.len());
        if !rules.may_be_blank && is_blank(text) {
            self.add(field.clone(), ViolationKind::Blank);
        }
        if text.contains('\0') || rules.is_one_line && !is_one_line(text) {
            self.add(field.clone(), ViolationKind::InvalidCharacter);
        }
        // A text has at least as many bytes as characters, so most need no counting.
        if let Some(max) = rules.max_length.filter(|max| text.len() > *max) {
            let actual = text.chars().count();
            if actual > max {
                self.add(field, ViolationKind::TooLong { unit: "characters", max, actual });
            }
        }
        self.0.len() == found
    }

    /// Checks an optional text.
    pub(super) fn check_optional(&mut self, rules: &'static FieldRules, text: Option<&str>) {
        if let Some(text) = text {
            self.check_text(rules, rules, text);
        }
    }

    /// Checks a text, and returns it trimmed.
    pub(super) fn check_trimmed(&mut self, rules: &'static FieldRules, text: &str) -> String {
        let text = text.trim();
        self.check_text(rules, rules, text);
        text.to_owned()
    }

    /// Checks a text whose pattern bounds its length and excludes NUL.
    pub(super) fn check_pattern(
        &mut self,
        rules: &'static FieldRules,
        text: Option<&str>,
        malformed: ViolationKind,
    ) {
        let Some(text) = text else { return };
        if is_blank(text) {
            // It is stored as it was sent, so it has to be fit to be stored.
            self.check_text(rules, &BLANK_IDENTIFIER, text);
        } else if text.contains('\0') {
            self.add(rules, ViolationKind::InvalidCharacter);
        } else if !rules.matches(text) {
            self.add(rules, malformed);
        }
    }

    /// Adds a violation if there are more entries than the rules allow.
    pub(super) fn check_count(&mut self, rules: &'static FieldRules, actual: usize) {
        if let Some(max) = rules.max_items.filter(|max| actual > *max) {
            self.add(rules, ViolationKind::TooMany { max, actual });
        }
    }

    /// Checks a rule about which of its fields are given.
    pub(super) fn check_given(
        &mut self,
        rule: &'static GivenRule,
        given: &[bool],
        kind: &ViolationKind,
    ) {
        let has_first = given.first() == Some(&true);
        let is_broken = match rule.kind {
            Given::AtLeastOne => !given.contains(&true),
            Given::Needs => has_first && given.contains(&false),
            Given::Excludes => has_first && given[1..].contains(&true),
            Given::AllOrNone(needed) => {
                let fields = rule.fields.iter().zip(given).take(needed);
                if given.contains(&true) {
                    for (field, _) in fields.filter(|(_, is_given)| !**is_given) {
                        self.add_reading(*field, kind.clone(), rule.fields);
                    }
                }
                false
            }
        };
        if is_broken {
            self.add_reading(rule.reported_on, kind.clone(), rule.fields);
        }
    }

    /// Checks a rule about a number, by the value of another field. `kind` makes the violation of
    /// the limits that it exceeds.
    pub(super) fn check_number(
        &mut self,
        rule: &'static NumberRule,
        by: Option<&str>,
        number: i32,
        kind: impl FnOnce(&RuleCase) -> ViolationKind,
    ) {
        if let Some(case) = rule.exceeded(by, number) {
            self.add_reading(rule.field, kind(case), std::slice::from_ref(&rule.by));
        }
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
            self.add(field, ViolationKind::NOT_FOUND);
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
