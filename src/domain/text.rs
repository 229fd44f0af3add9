//! The rules that hold for texts of any kind.

use icu_properties::{
    CodePointMapData, CodePointSetData,
    props::{DefaultIgnorableCodePoint, GeneralCategory},
};

use super::violation::{Field, Rule, Unit, Violations};

/// Longest name of anything, in characters.
pub const NAME_MAX: usize = 255;

/// Longest text that WhatsApp carries in one message, in characters.
pub const MESSAGE_MAX: usize = 4_096;

/// Whether there is nothing to see in `text`: it is empty, or all white space and invisible
/// characters.
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.chars().all(is_invisible)
}

fn is_invisible(character: char) -> bool {
    /// A Braille pattern without a dot: by its category a symbol, on the screen a space.
    const BRAILLE_BLANK: char = '\u{2800}';
    character.is_whitespace()
        || character == BRAILLE_BLANK
        || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character)
        || matches!(
            CodePointMapData::<GeneralCategory>::new().get(character),
            GeneralCategory::Control | GeneralCategory::Format
        )
}

/// Whether a value counts as given where a rule asks for it: it is there and not blank.
#[must_use]
pub fn is_given(text: Option<&str>) -> bool {
    text.is_some_and(|text| !is_blank(text))
}

/// A text as it compares when case does not count. A character at a time, by way of its capital, so
/// that `ς` is `σ` wherever it stands and `ß` is `ss`.
#[must_use]
pub fn without_case(text: &str) -> String {
    text.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect()
}

/// Checks what holds for every text: at most `max` characters, and no NUL, which databases and
/// the programs behind a webhook cut texts at.
///
/// Answers whether the text is sound, so that a caller can go on to what it means.
pub(super) fn check_text(
    violations: &mut Violations,
    field: impl Into<Field>,
    text: &str,
    max: usize,
) -> bool {
    let field = field.into();
    let has_nul = text.contains('\0');
    if has_nul {
        violations.add(field.clone(), Rule::InvalidCharacter);
    }
    !check_length(violations, field, text, max) && !has_nul
}

/// Adds a violation, and answers true, when `text` has more than `max` characters.
fn check_length(
    violations: &mut Violations,
    field: impl Into<Field>,
    text: &str,
    max: usize,
) -> bool {
    // Bytes are at least as many as characters, so most texts need no counting.
    let too_long = text.len() > max && text.chars().count() > max;
    if too_long {
        let actual = text.chars().count();
        violations.add(field, Rule::TooLong { unit: Unit::Characters, max, actual });
    }
    too_long
}

/// Checks a text that may be left out.
pub(super) fn check_optional(
    violations: &mut Violations,
    field: &'static str,
    text: Option<&str>,
    max: usize,
) {
    if let Some(text) = text {
        check_text(violations, field, text, max);
    }
}

/// The name of a thing: one line, trimmed, with something to see in it.
pub(super) fn check_name(violations: &mut Violations, field: &'static str, name: &str) -> String {
    let name = name.trim();
    if is_blank(name) {
        violations.add(field, Rule::Blank);
    }
    if name.chars().any(breaks_a_line) {
        violations.add(field, Rule::InvalidCharacter);
    }
    check_length(violations, field, name, NAME_MAX);
    name.to_owned()
}

/// Control characters, line breaks among them, and the two separators that Unicode made for
/// breaking lines.
fn breaks_a_line(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_does_not_count() {
        for (one, other) in [("VIP", "vip"), ("ΟΔΟΣ", "οδος"), ("STRASSE", "straße"), ("É", "é")]
        {
            assert_eq!(without_case(one), without_case(other));
        }
        assert_ne!(without_case("a"), without_case("b"));
    }

    #[test]
    fn what_nobody_can_see_is_blank() {
        for text in
            ["", " ", "\t\n", "\u{a0}", "\u{200b}", "\u{feff}", "\u{3164}", "\u{2800}", "\u{ad}"]
        {
            assert!(is_blank(text), "{text:?}");
        }
    }

    #[test]
    fn what_somebody_can_see_is_not() {
        for text in ["a", " . ", "🌞", "👩\u{200d}🚒", "\u{200b}x", "你"] {
            assert!(!is_blank(text), "{text:?}");
        }
    }
}
