//! The flow as a flowchart in the language of Mermaid, which forges draw in Markdown.

use std::fmt::{self, Display, Formatter};

use super::{
    Flow,
    delay::delay_text,
    layout::{Edge, edges},
    name::one_line,
};

/// The flowchart of a flow: a node for each step, in the order of the indexes, and an edge for each
/// edge of [`edges`]. A flash before the name marks a trigger; resolved steps have round ends.
///
/// Mermaid itself rejects texts of more than 50,000 characters and more than 500 edges, unless the
/// page that draws them permits more.
#[must_use]
pub fn mermaid(flow: &Flow) -> String {
    Flowchart(flow).to_string()
}

struct Flowchart<'a>(&'a Flow);

impl Display for Flowchart<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self(flow) = self;
        f.write_str("flowchart LR\n")?;
        for (index, step) in flow.steps.iter().enumerate() {
            let flash = if flow.has_trigger(index) { "⚡ " } else { "" };
            let name = one_line(&step.input.name);
            let (left, right) = if step.is_resolved() { ("([", "])") } else { ("[", "]") };
            writeln!(f, r#"  step{index}{left}"{flash}{} {}"{right}"#, index + 1, Escaped(&name))?;
        }
        // Invisible links keep the steps in one row.
        for index in 1..flow.steps.len() {
            writeln!(f, "  step{} ~~~ step{index}", index - 1)?;
        }
        edges(flow).iter().try_for_each(|edge| write_edge(edge, f))
    }
}

fn write_edge(edge: &Edge, f: &mut Formatter<'_>) -> fmt::Result {
    match (edge.from, edge.to, edge.delay_seconds) {
        (Some(from), Some(to), Some(delay)) => {
            writeln!(f, r#"  step{from} -->|"{}"| step{to}"#, delay_text(delay))
        }
        (None, Some(to), _) => writeln!(f, "  start(( )) --> step{to}"),
        (Some(from), None, _) => writeln!(f, "  step{from} --> removed{from}((( )))"),
        (Some(_), Some(_), None) | (None, None, _) => Ok(()),
    }
}

/// A text in a quoted label. All ASCII but letters, digits and spaces is written as character codes
/// (`#35;`): it could be markup of Mermaid, of Markdown or of HTML, all of which labels may
/// contain.
struct Escaped<'a>(&'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|character| {
            if character == ' ' || character.is_ascii_alphanumeric() || !character.is_ascii() {
                write!(f, "{character}")
            } else {
                write!(f, "#{};", u32::from(character))
            }
        })
    }
}
