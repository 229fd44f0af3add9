//! JSON.

use jsonc_parser::{
    CollectOptions, ParseOptions,
    ast::{Object, Value},
    common::Ranged as _,
    parse_to_ast,
};
use serde::de::IgnoredAny;

use super::{
    super::{
        Problem,
        tree::{Entry, Node, NodeValue, Position},
    },
    MapEntries, element,
    scalar::plain,
};

/// The content of a JSON file. `serde_json` decides what is JSON; the other parser, which also
/// accepts comments, finds the positions.
pub(super) fn parse(text: &str) -> Result<Node, Vec<Problem>> {
    serde_json::from_str::<IgnoredAny>(text).map_err(|error| vec![not_json(text, &error)])?;
    let parsed = parse_to_ast(text, &CollectOptions::default(), &ParseOptions::default());
    let parsed = parsed.map_err(|error| {
        let position = Cursor::new(text).advance(error.range().start);
        vec![Problem { position, message: format!("This is not JSON: {}.", error.kind()) }]
    })?;
    let mut builder = Builder { cursor: Cursor::new(text), problems: Vec::new() };
    let tree = match &parsed.value {
        Some(value) => builder.node(value),
        None => Node { position: Position::START, value: NodeValue::Null },
    };
    if builder.problems.is_empty() { Ok(tree) } else { Err(builder.problems) }
}

fn not_json(text: &str, error: &serde_json::Error) -> Problem {
    let line = text.lines().nth(error.line().saturating_sub(1)).unwrap_or_default();
    // The column is in bytes, and 0 at the end of a line.
    let before = line.get(..error.column().saturating_sub(1)).unwrap_or(line);
    let position = Position { line: error.line().max(1), column: before.chars().count() + 1 };
    let what = error.to_string();
    let what = what.rsplit_once(" at line ").map_or(what.as_str(), |(what, _)| what);
    Problem { position, message: format!("This is not JSON: {what}.") }
}

/// Counts lines and columns up to offsets that never decrease, so that a file in one line takes
/// linear time.
struct Cursor<'a> {
    text: &'a str,
    offset: usize,
    position: Position,
}

impl<'a> Cursor<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, offset: 0, position: Position::START }
    }

    /// The position of an offset in bytes.
    fn advance(&mut self, offset: usize) -> Position {
        let passed = self.text.get(self.offset..offset).unwrap_or_default();
        for character in passed.chars() {
            if character == '\n' {
                self.position = Position { line: self.position.line + 1, column: 1 };
            } else {
                self.position.column += 1;
            }
        }
        self.offset = self.offset.max(offset);
        self.position
    }
}

/// Builds a tree from the syntax tree of the parser.
struct Builder<'a> {
    cursor: Cursor<'a>,
    problems: Vec<Problem>,
}

impl Builder<'_> {
    fn node(&mut self, value: &Value) -> Node {
        let position = self.cursor.advance(value.start());
        let value = match value {
            Value::NullKeyword(_) => NodeValue::Null,
            Value::BooleanLit(value) => NodeValue::Bool(value.value),
            // Numbers of JSON are numbers of YAML.
            Value::NumberLit(value) => plain(value.value),
            Value::StringLit(value) => NodeValue::Text(value.value.clone().into_owned()),
            Value::Array(array) => {
                let mut entries: Vec<Entry> = Vec::new();
                for value in &array.elements {
                    let node = self.node(value);
                    entries.push(element(&entries, node));
                }
                NodeValue::List(entries)
            }
            Value::Object(object) => NodeValue::Map(self.map(object)),
        };
        Node { position, value }
    }

    fn map(&mut self, object: &Object) -> Vec<Entry> {
        let mut map = MapEntries::default();
        for property in &object.properties {
            let key_position = self.cursor.advance(property.start());
            let node = self.node(&property.value);
            let key = property.name.as_str().to_owned();
            map.add(Entry { key, key_position, node }, &mut self.problems);
        }
        map.entries
    }
}
