//! The rules that hold for texts of any kind.

use icu_properties::{CodePointSetData, props::DefaultIgnorableCodePoint};

use super::violation::{Field, Rule, Unit, Violations};

/// Longest name of anything, in characters.
pub const NAME_MAX: usize = 255;

/// Longest text that WhatsApp carries in one message, in characters.
pub const MESSAGE_MAX: usize = 4_096;

/// Whether no character of `text` is visible: it is empty, or all of it is [invisible](is_invisible).
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.chars().all(is_invisible)
}

/// Whether nothing is drawn for a character: white space, controls, what Unicode says to ignore by
/// default, and the few symbols, letters and marks that are drawn as blank space. Format characters
/// that are drawn, such as U+0600 and U+06DD, are not ignored by default.
pub(super) fn is_invisible(character: char) -> bool {
    /// The Braille pattern without a dot, the null notehead, the two blank hieroglyphs, and the
    /// Khitan filler.
    const DRAWN_BLANK: [char; 5] = ['\u{2800}', '\u{1d159}', '\u{13441}', '\u{13442}', '\u{16fe4}'];
    character.is_whitespace()
        || character.is_control()
        || is_ignorable(character)
        || DRAWN_BLANK.contains(&character)
}

/// Whether Unicode says to ignore a character by default, as it does with joiners, variation
/// selectors, and marks that only set the direction of text.
pub(super) fn is_ignorable(character: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character)
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
    if !is_one_line(name) {
        violations.add(field, Rule::InvalidCharacter);
    }
    check_length(violations, field, name, NAME_MAX);
    name.to_owned()
}

/// Whether a text has no control characters, line breaks among them, and none of the two separators
/// that Unicode made for breaking lines.
#[must_use]
pub fn is_one_line(text: &str) -> bool {
    !text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'))
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
        for text in [
            "",
            " ",
            "\t\n",
            "\0\u{7f}\u{9f}",
            // White space.
            "\u{85}\u{a0}\u{1680}\u{2000}\u{200a}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}",
            // Ignored by default: hyphens, joiners, directions, fillers, selectors, tags.
            "\u{ad}\u{34f}\u{61c}",
            "\u{115f}\u{1160}\u{3164}\u{ffa0}",
            "\u{17b4}\u{17b5}\u{180b}\u{180e}\u{180f}",
            "\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}",
            "\u{202a}\u{202e}\u{2060}\u{2064}\u{2065}\u{2066}\u{206f}",
            "\u{fe00}\u{fe0f}\u{feff}\u{fff0}",
            "\u{1bca0}\u{1d173}\u{e0001}\u{e0020}\u{e0100}\u{e0fff}",
            // Drawn as blank space.
            "\u{2800}",
            "\u{1d159}",
            "\u{13441}",
            "\u{13442}",
            "\u{16fe4}",
            "\u{200b}\u{2800} \u{16fe4}",
        ] {
            assert!(is_blank(text), "{text:?}");
        }
    }

    #[test]
    fn what_somebody_can_see_is_not() {
        for text in [
            "a",
            " . ",
            "🌞",
            "👩\u{200d}🚒",
            "\u{200b}x",
            "你",
            "\u{301}",
            "\u{2801}",
            // Format characters that are drawn.
            "\u{600}",
            "\u{601}",
            "\u{602}",
            "\u{603}",
            "\u{604}",
            "\u{605}",
            "\u{6dd}",
            "\u{70f}",
            "\u{890}",
            "\u{891}",
            "\u{8e2}",
            "\u{110bd}",
            "\u{110cd}",
            "\u{fff9}",
            "\u{13430}",
            "\u{13440}",
            "\u{16fe0}",
            "\u{e000}",
        ] {
            assert!(!is_blank(text), "{text:?}");
        }
    }
}
