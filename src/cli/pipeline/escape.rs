//! Text from files in the output of commands.

use std::fmt::{self, Display, Formatter, Write as _};

use crm_steps::domain::text::is_invisible;

/// Characters that are not drawn and join others to one, as in emoji, or choose how these are drawn.
const JOINING: [char; 3] = ['\u{200c}', '\u{200d}', '\u{fe0f}'];

/// A text in one line, in which each character is seen: controls, on which a terminal acts, and all others
/// that draw nothing, such as those that change the direction of text, are written by their code points.
/// Characters that join others stay.
pub(super) struct Plain<'a>(pub(super) &'a str);

impl Display for Plain<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|character| {
            let is_seen = character == ' ' || JOINING.contains(&character);
            if is_invisible(character) && !is_seen {
                write!(f, "{}", character.escape_unicode())
            } else {
                f.write_char(character)
            }
        })
    }
}
