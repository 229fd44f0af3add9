//! Text from files in the output of commands.

use std::fmt::{self, Display, Formatter, Write as _};

use crm_steps::domain::text::is_invisible;

/// A text in one line, in which each character is seen: controls, on which a terminal acts, and all others
/// that draw nothing, such as those that change the direction of text, are written by their code points.
pub(super) struct Plain<'a>(pub(super) &'a str);

impl Display for Plain<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|character| {
            if character != ' ' && is_invisible(character) {
                write!(f, "{}", character.escape_unicode())
            } else {
                f.write_char(character)
            }
        })
    }
}
