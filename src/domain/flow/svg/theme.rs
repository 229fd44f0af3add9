//! The colours of a picture. Text has a contrast of at least 4.5 to 1 to its ground, lines and
//! marks of 3 to 1 (WCAG 2.2, 1.4.3 and 1.4.11). No meaning is in the colour alone.

use std::fmt::{self, Display, Formatter};

/// For which scheme a picture is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// The scheme of the reader, by `prefers-color-scheme`; light where that is not known.
    #[default]
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// The class of the picture. Each selector begins with it, because a page in which the picture is
/// embedded has classes of its own.
pub(super) const CLASS: &str = "crm-flow";

/// What does not depend on the theme. The family is the sans serif of the reader's system.
const SHAPES: &str = "
.crm-flow{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue','Noto Sans',Arial,sans-serif}
.crm-flow text{text-anchor:middle}
.crm-flow .legend text{text-anchor:start}
.crm-flow .number{font-weight:bold}
.crm-flow path,.crm-flow .ring{fill:none;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.crm-flow .box{stroke-width:1.5}
";

/// What is painted: selector, property, light colour, dark colour.
const PAINT: [(&str, &str, &str, &str); 16] = [
    (".ground", "fill", "#ffffff", "#0d1117"),
    ("text", "fill", "#1f2328", "#f0f6fc"),
    (".box", "fill", "#f6f8fa", "#151b23"),
    (".box", "stroke", "#59636e", "#9198a1"),
    (".line", "stroke", "#1f2328", "#f0f6fc"),
    (".dot", "fill", "#1f2328", "#f0f6fc"),
    (".forward", "stroke", "#0550ae", "#79c0ff"),
    (".forward-text", "fill", "#0550ae", "#79c0ff"),
    (".backward", "stroke", "#953800", "#ffa657"),
    (".backward-text", "fill", "#953800", "#ffa657"),
    (".trigger", "fill", "#6639ba", "#d2a8ff"),
    (".resolved", "fill", "#116329", "#7ee787"),
    (".error", "fill", "#b31d28", "#ff9492"),
    (".warning", "fill", "#7d4e00", "#f2cc60"),
    (".info", "fill", "#0550ae", "#79c0ff"),
    // In the marks.
    (".icon", "stroke", "#ffffff", "#0d1117"),
];

/// Writes the style sheet of a theme.
pub(super) fn write_style(theme: Theme, f: &mut Formatter<'_>) -> fmt::Result {
    write!(f, "<style>{SHAPES}")?;
    match theme {
        Theme::Light => write!(f, "{}", Paint { is_dark: false })?,
        Theme::Dark => write!(f, "{}", Paint { is_dark: true })?,
        Theme::Auto => {
            let (light, dark) = (Paint { is_dark: false }, Paint { is_dark: true });
            write!(f, "{light}@media (prefers-color-scheme:dark){{\n{dark}}}\n")?;
        }
    }
    f.write_str("</style>\n")
}

struct Paint {
    is_dark: bool,
}

impl Display for Paint {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (selector, property, light, dark) in PAINT {
            let colour = if self.is_dark { dark } else { light };
            writeln!(f, ".{CLASS} {selector}{{{property}:{colour}}}")?;
        }
        Ok(())
    }
}
