//! The flow as a graph in the DOT language of Graphviz.

use std::fmt::{self, Display, Formatter};

use super::{
    Flow,
    delay::delay_text,
    layout::{Edge, edges},
    name::one_line,
};

/// The graph of a flow: a node for each step, in the order of the indexes, and an edge for each
/// edge of [`edges`]. A flash before the name marks a trigger; resolved steps have two borders.
#[must_use]
pub fn dot(flow: &Flow) -> String {
    Graph(flow).to_string()
}

struct Graph<'a>(&'a Flow);

impl Display for Graph<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self(flow) = self;
        f.write_str("digraph pipeline {\n  rankdir=LR;\n  node [shape=box];\n")?;
        for (index, step) in flow.steps.iter().enumerate() {
            let flash = if flow.has_trigger(index) { "⚡ " } else { "" };
            let borders = if step.is_resolved() { ", peripheries=2" } else { "" };
            let name = one_line(&step.input.name);
            writeln!(
                f,
                r#"  step{index} [label="{flash}{} {}"{borders}];"#,
                index + 1,
                Escaped(&name)
            )?;
        }
        // Invisible edges keep the steps in one row; the others do not move them.
        for index in 1..flow.steps.len() {
            writeln!(f, "  step{} -> step{index} [style=invis, weight=10];", index - 1)?;
        }
        edges(flow).iter().try_for_each(|edge| write_edge(edge, f))?;
        f.write_str("}\n")
    }
}

fn write_edge(edge: &Edge, f: &mut Formatter<'_>) -> fmt::Result {
    match (edge.from, edge.to, edge.delay_seconds) {
        (Some(from), Some(to), Some(delay)) => {
            writeln!(
                f,
                r#"  step{from} -> step{to} [label="{}", constraint=false];"#,
                delay_text(delay)
            )
        }
        (None, Some(to), _) => {
            writeln!(f, "  start [shape=point, width=0.2];\n  start -> step{to};")
        }
        (Some(from), None, _) => {
            let node = "shape=doublecircle, style=filled, fillcolor=black, width=0.15, label=\"\"";
            writeln!(f, "  removed{from} [{node}];\n  step{from} -> removed{from};")
        }
        (Some(_), Some(_), None) | (None, None, _) => Ok(()),
    }
}

/// A text in a quoted label, where a backslash begins an escape sequence and `&` an entity.
struct Escaped<'a>(&'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|character| match character {
            '"' => f.write_str("\\\""),
            '\\' => f.write_str("\\\\"),
            '&' => f.write_str("&amp;"),
            _ => write!(f, "{character}"),
        })
    }
}
