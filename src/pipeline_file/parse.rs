//! From the text of a file to a tree.

mod json;
mod scalar;
mod yaml;

use super::{
    Format, Problem,
    tree::{Entry, Node, Position},
};

/// The content of a file, or all of its problems up to the first one after which the rest has no
/// meaning.
pub(super) fn parse(text: &str, format: Format) -> Result<Node, Vec<Problem>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match format {
        Format::Yaml => yaml::parse(text),
        Format::Json => json::parse(text),
    }
}

/// Adds an entry to a map, or a problem if the map has the key already.
fn add_entry(
    entries: &mut Vec<Entry>,
    (key, key_position): (String, Position),
    node: Node,
    problems: &mut Vec<Problem>,
) {
    match entries.iter().find(|entry| entry.key == key) {
        Some(first) => {
            let line = first.key_position.line;
            let message =
                format!("{key} is already in line {line}; a map has each key once, so remove one.");
            problems.push(Problem { position: key_position, message });
        }
        None => entries.push(Entry { key, key_position, node }),
    }
}

/// The entry of a list after these ones.
fn element(entries: &[Entry], node: Node) -> Entry {
    Entry { key: entries.len().to_string(), key_position: node.position, node }
}
