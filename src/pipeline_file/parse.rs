//! From the text of a file to a tree.

mod json;
mod scalar;
mod yaml;

use std::collections::HashMap;

use super::{
    Format, Problem,
    tree::{Entry, Node},
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

/// The entries of a map that is read.
#[derive(Default)]
struct MapEntries {
    entries: Vec<Entry>,
    /// The line of each key.
    lines: HashMap<String, usize>,
}

impl MapEntries {
    /// Adds an entry, or a problem if the map has its key already.
    fn add(&mut self, entry: Entry, problems: &mut Vec<Problem>) {
        if let Some(line) = self.lines.get(&entry.key) {
            let message = format!(
                "{} is already in line {line}; a map has each key once, so remove one.",
                entry.key
            );
            problems.push(Problem { position: entry.key_position, message });
            return;
        }
        self.lines.insert(entry.key.clone(), entry.key_position.line);
        self.entries.push(entry);
    }
}

/// The entry of a list after these ones.
fn element(entries: &[Entry], node: Node) -> Entry {
    Entry { key: entries.len().to_string(), key_position: node.position, node }
}
