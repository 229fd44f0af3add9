//! Checks that several inputs share. Each adds the violations that it finds.

use uuid::Uuid;

use super::{
    id::parse_id,
    text::{NAME_MAX, is_blank, is_one_line},
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
}
