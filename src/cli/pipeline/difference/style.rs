//! Colours.

use std::fmt::{self, Display, Formatter};

use anstyle::{AnsiColor, Style};

/// What happens to something: a sign before it, in the colour in which it stands.
#[derive(Debug, Clone, Copy)]
pub(super) enum Mark {
    Added,
    Changed,
    Removed,
}

impl Mark {
    fn sign(self) -> char {
        match self {
            Self::Added => '+',
            Self::Changed => '~',
            Self::Removed => '-',
        }
    }

    fn style(self) -> Style {
        let colour = match self {
            Self::Added => AnsiColor::Green,
            Self::Changed => AnsiColor::Yellow,
            Self::Removed => AnsiColor::Red,
        };
        colour.on_default()
    }

    /// A line with the sign.
    pub(super) fn before(self, line: impl Display) -> String {
        let (sign, style) = (self.sign(), self.style());
        format!("{style}{sign} {line}{style:#}")
    }
}

/// A text in bold.
pub(super) struct Bold<T>(pub(super) T);

impl<T: Display> Display for Bold<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let style = Style::new().bold();
        write!(f, "{style}{}{style:#}", self.0)
    }
}
