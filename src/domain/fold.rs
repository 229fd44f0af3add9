//! Forms of texts for comparisons and orders.

use icu_casemap::CaseMapper;
use icu_normalizer::{ComposingNormalizer, DecomposingNormalizer};

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
    if text.chars().all(is_simple_latin) {
        return text.to_lowercase();
    }
    // Decomposed first: the case folding of some marks (U+0345) is a letter, which would then be
    // ordered differently among the marks.
    let decomposed = DecomposingNormalizer::new_nfd().normalize(text);
    let folded = CaseMapper::new().fold_string(&decomposed);
    ComposingNormalizer::new_nfc().normalize(&folded).into_owned()
}

/// Whether a character is of the blocks up to Latin Extended-A, which have no marks, so that nothing in
/// a text of them is composed, and folds to its lower case. Most names and tags consist of these.
fn is_simple_latin(character: char) -> bool {
    character < '\u{180}' && !matches!(character, 'µ' | 'ß' | 'İ' | 'ŉ' | 'ſ')
}

/// The sort key of a name: the lower case of the upper case of each character. Cursors contain it,
/// and replicas of version 0.1 find names by it, so it must not change.
#[must_use]
pub fn ordering_key(text: &str) -> String {
    text.chars().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect()
}
