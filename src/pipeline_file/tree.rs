//! The content of a file: values with their positions.

/// A place in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters (Unicode code points).
    pub column: usize,
}

impl Position {
    /// The start of a file.
    pub const START: Self = Self { line: 1, column: 1 };
}

/// A value and where it begins.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub(super) position: Position,
    pub(super) value: NodeValue,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum NodeValue {
    Null,
    Bool(bool),
    Integer(i64),
    Float(f64),
    Text(String),
    List(Vec<Entry>),
    Map(Vec<Entry>),
}

/// An entry of a map or of a list.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    /// The key; in a list the index, which stays that of the file if other entries are removed.
    pub(super) key: String,
    pub(super) key_position: Position,
    pub(super) node: Node,
}

impl Node {
    fn entries(&self) -> &[Entry] {
        match &self.value {
            NodeValue::List(entries) | NodeValue::Map(entries) => entries,
            NodeValue::Null
            | NodeValue::Bool(_)
            | NodeValue::Integer(_)
            | NodeValue::Float(_)
            | NodeValue::Text(_) => &[],
        }
    }

    /// The position of the value with this path, or of the last value on the path that exists.
    pub(super) fn position(&self, path: &[impl AsRef<str>]) -> Position {
        let mut node = self;
        for key in path {
            match node.entries().iter().find(|entry| entry.key == key.as_ref()) {
                Some(entry) => node = &entry.node,
                None => break,
            }
        }
        node.position
    }

    /// Removes the entry with this path. Returns whether there was one.
    pub(super) fn remove(&mut self, path: &[impl AsRef<str>]) -> bool {
        let Some((key, rest)) = path.split_first() else { return false };
        let (NodeValue::List(entries) | NodeValue::Map(entries)) = &mut self.value else {
            return false;
        };
        let Some(index) = entries.iter().position(|entry| entry.key == key.as_ref()) else {
            return false;
        };
        if rest.is_empty() {
            entries.remove(index);
            return true;
        }
        entries[index].node.remove(rest)
    }
}
