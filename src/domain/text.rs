//! Which characters are visible.

use icu_properties::{CodePointSetData, props::DefaultIgnorableCodePoint};

/// Whether a character is not drawn: white space, controls, the default ignorable characters of
/// Unicode, and the few symbols, letters and marks that are drawn as blank space. Format characters
/// that are drawn, such as U+0600 and U+06DD, are not default ignorable.
#[must_use]
pub fn is_invisible(character: char) -> bool {
    /// The Braille pattern without a dot, the null notehead, the two blank hieroglyphs, and the
    /// Khitan filler.
    const DRAWN_BLANK: [char; 5] = ['\u{2800}', '\u{1d159}', '\u{13441}', '\u{13442}', '\u{16fe4}'];
    // Without a look into a table: most texts begin with one of these.
    if character.is_ascii_graphic() {
        return false;
    }
    let is_space = character.is_whitespace() || character.is_control();
    is_space || is_ignorable(character) || DRAWN_BLANK.contains(&character)
}

/// Whether a character is default ignorable in Unicode, such as joiners, variation selectors, and
/// marks that only set the direction of text.
pub(super) fn is_ignorable(character: char) -> bool {
    CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character)
}
