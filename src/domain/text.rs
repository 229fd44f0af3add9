//! Properties of texts: what is visible in them, and how they compare.

use icu_casemap::CaseMapper;
use icu_normalizer::{ComposingNormalizer, DecomposingNormalizer};
use icu_properties::{CodePointSetData, props::DefaultIgnorableCodePoint};

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

/// A text as it compares when neither case nor Unicode form counts: two texts are a canonical
/// caseless match (Unicode, D145) exactly when these are equal.
///
/// D145 compares decomposed texts. This one is composed again, which makes no other texts equal, so
/// that a part of a text is found by whole letters, where they are characters: `sa` is no part of
/// `são`.
#[must_use]
pub fn without_case(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    // Decomposed first: the case folding of some marks (U+0345) is a letter, which then would be
    // ordered among the marks in another way.
    let decomposed = DecomposingNormalizer::new_nfd().normalize(text);
    let folded = CaseMapper::new().fold_string(&decomposed);
    ComposingNormalizer::new_nfc().normalize(&folded).into_owned()
}

/// A text as lists of names are ordered by it: in lower case, a character at a time and by way of
/// its capital. Cursors have it in them, and replicas of version 0.1 find names by it, so it stays
/// what it is.
#[must_use]
pub fn ordering_key(text: &str) -> String {
    text.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect()
}

/// Whether a text has no control characters, line breaks among them, and none of the two separators
/// that Unicode made for breaking lines.
#[must_use]
pub fn is_one_line(text: &str) -> bool {
    !text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'))
}
