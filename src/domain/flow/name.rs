//! Names of steps in texts that programs read.

/// A text in one line of [printable] characters.
///
/// Names have no control characters, but rows that are older than this rule are drawn as well.
pub(super) fn one_line(text: &str) -> String {
    text.chars().map(printable).collect()
}

/// A space for white space, and the replacement character for other control characters and for
/// U+FFFE and U+FFFF. What stays is in production 2 of XML 1.0, the characters that a document may
/// contain.
pub(super) fn printable(character: char) -> char {
    match character {
        _ if character.is_whitespace() => ' ',
        _ if character.is_control() => char::REPLACEMENT_CHARACTER,
        '\u{fffe}' | '\u{ffff}' => char::REPLACEMENT_CHARACTER,
        _ => character,
    }
}
