//! Properties of texts: which characters are visible, and how texts compare.

use icu_casemap::CaseMapper;
use icu_normalizer::{ComposingNormalizer, DecomposingNormalizer};
use icu_properties::{CodePointSetData, props::DefaultIgnorableCodePoint};

/// Longest name of anything, in characters.
pub const NAME_MAX: usize = 255;

/// Longest text that WhatsApp carries in one message, in characters.
pub const MESSAGE_MAX: usize = 4_096;

/// Whether a text has no visible character: it is empty, or all of it is [invisible](is_invisible).
#[must_use]
pub fn is_blank(text: &str) -> bool {
    text.chars().all(is_invisible)
}

/// Whether a character is not drawn: white space, controls, the default ignorable characters of
/// Unicode, and the few symbols, letters and marks that are drawn as blank space. Format characters
/// that are drawn, such as U+0600 and U+06DD, are not default ignorable.
pub(super) fn is_invisible(character: char) -> bool {
    /// The Braille pattern without a dot, the null notehead, the two blank hieroglyphs, and the
    /// Khitan filler.
    const DRAWN_BLANK: [char; 5] = ['\u{2800}', '\u{1d159}', '\u{13441}', '\u{13442}', '\u{16fe4}'];
    character.is_whitespace()
        || character.is_control()
        || is_ignorable(character)
        || DRAWN_BLANK.contains(&character)
}

/// Whether a character is default ignorable in Unicode, such as joiners, variation selectors, and
/// marks that only set the direction of text.
pub(super) fn is_ignorable(character: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character)
}

/// Whether a value counts as given for the rules: it is not null and not blank.
#[must_use]
pub fn is_given(text: Option<&str>) -> bool {
    text.is_some_and(|text| !is_blank(text))
}

/// The form of a text for comparisons without regard to case and Unicode form: two texts are a
/// canonical caseless match (Unicode, D145) exactly if these are equal.
///
/// D145 compares decomposed texts. This one is composed again, which makes no other texts equal, so
/// that substrings match whole letters, where they are characters: `sa` is not found in `são`.
#[must_use]
pub fn without_case(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    // Decomposed first: the case folding of some marks (U+0345) is a letter, which would then be
    // ordered differently among the marks.
    let decomposed = DecomposingNormalizer::new_nfd().normalize(text);
    let folded = CaseMapper::new().fold_string(&decomposed);
    ComposingNormalizer::new_nfc().normalize(&folded).into_owned()
}

/// The sort key of a name: the lower case of the upper case of each character. Cursors contain it,
/// and replicas of version 0.1 find names by it, so it must not change.
#[must_use]
pub fn ordering_key(text: &str) -> String {
    text.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect()
}

/// Whether a text has no control characters, such as line breaks, and neither of the two separators
/// of Unicode that break lines.
#[must_use]
pub fn is_one_line(text: &str) -> bool {
    !text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}'))
}
