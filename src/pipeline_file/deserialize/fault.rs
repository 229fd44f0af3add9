//! What is wrong with a value, in sentences.

use std::{error::Error, fmt};

use serde::de::{self, Expected, Unexpected};

use crate::pipeline_file::{
    Problem,
    tree::{NodeValue, Position},
};

/// The longest text that a sentence quotes, in characters.
const QUOTED_MAX: usize = 40;

/// How similar a field is to the one that was probably meant, at least, from 0 to 1.
const SIMILARITY_MIN: f64 = 0.85;

/// A step on the path to a value.
#[derive(Debug, Clone, Copy)]
pub(super) enum Segment<'a> {
    Field(&'a str),
    /// The index in a list.
    Index(&'a str),
}

/// Something that does not fit the type that is read.
#[derive(Debug)]
pub(super) struct Fault {
    /// Where it is; set where the fault leaves the value or the key.
    position: Option<Position>,
    /// The keys on the path to the value, from the inside out.
    keys: Vec<String>,
    /// The value as sentences name it.
    label: String,
    /// The rest of the sentence, without the full stop.
    what: String,
}

impl Fault {
    fn new(what: String) -> Self {
        Self { position: None, keys: Vec::new(), label: String::new(), what }
    }

    /// The same fault in a value that is at this place of what is around it.
    pub(super) fn within(mut self, segment: Option<Segment>, position: Position) -> Self {
        self.position.get_or_insert(position);
        let (key, label) = match segment {
            None => return self,
            Some(Segment::Index(index)) => (index, format!("[{index}]")),
            Some(Segment::Field(field)) => (field, field.to_owned()),
        };
        let is_end = self.label.is_empty() || self.label.starts_with('[');
        let dot = if is_end { "" } else { "." };
        self.label = format!("{label}{dot}{}", self.label);
        self.keys.push(key.to_owned());
        self
    }

    /// The same fault in a key.
    pub(super) fn of_key(self, key: &str, position: Position) -> Self {
        self.within(Some(Segment::Field(key)), position)
    }

    /// The path to what is at fault.
    pub(super) fn path(&self) -> Vec<String> {
        self.keys.iter().rev().cloned().collect()
    }

    pub(super) fn into_problem(self) -> Problem {
        let label = if self.label.is_empty() { "The file" } else { &self.label };
        Problem {
            position: self.position.unwrap_or(Position::START),
            message: format!("{label} {}.", self.what),
        }
    }

    /// That the value is not what is expected.
    fn unfit(unexpected: Unexpected, expected: &dyn Expected) -> Self {
        let is = shown(&unexpected);
        let must_be = allowed(&expected.to_string());
        let hint = match (unexpected, must_be.as_str()) {
            (Unexpected::Bool(_) | Unexpected::Signed(_) | Unexpected::Float(_), "text") => {
                "; put it in quotes"
            }
            (Unexpected::Signed(_), "a whole number") => " within its limits",
            _ => "",
        };
        Self::new(format!("is {is}, and it must be {must_be}{hint}"))
    }
}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(format!("cannot be read: {message}"))
    }

    fn invalid_type(unexpected: Unexpected, expected: &dyn Expected) -> Self {
        Self::unfit(unexpected, expected)
    }

    fn invalid_value(unexpected: Unexpected, expected: &dyn Expected) -> Self {
        Self::unfit(unexpected, expected)
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        let text = shown(&Unexpected::Str(variant));
        Self::new(format!("is {text}, and it must be {}", one_of(expected)))
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Self::new(match most_similar(field, expected) {
            Some(meant) => format!("is not a field; write {meant} if you mean that"),
            None => "is not a field; remove it, or see `crm-steps pipeline schema`".to_owned(),
        })
    }

    fn missing_field(field: &'static str) -> Self {
        Self { label: field.to_owned(), ..Self::new("is missing; add it".to_owned()) }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.label, self.what)
    }
}

impl Error for Fault {}

/// A value as serde describes it where it does not fit.
pub(super) fn unexpected(value: &NodeValue) -> Unexpected<'_> {
    match value {
        NodeValue::Null => Unexpected::Unit,
        NodeValue::Bool(value) => Unexpected::Bool(*value),
        NodeValue::Integer(value) => Unexpected::Signed(*value),
        NodeValue::Float(value) => Unexpected::Float(*value),
        NodeValue::Text(value) => Unexpected::Str(value),
        NodeValue::List(_) => Unexpected::Seq,
        NodeValue::Map(_) => Unexpected::Map,
    }
}

fn shown(value: &Unexpected) -> String {
    match value {
        Unexpected::Unit => "empty".to_owned(),
        Unexpected::Bool(value) => format!("the value {value}"),
        Unexpected::Signed(value) => format!("the number {value}"),
        Unexpected::Float(value) => format!("the number {value}"),
        Unexpected::Str(text) => {
            let quoted: String = text.chars().take(QUOTED_MAX).collect();
            let more = if quoted.len() < text.len() { "…" } else { "" };
            format!("the text \"{quoted}{more}\"")
        }
        Unexpected::Seq => "a list".to_owned(),
        Unexpected::Map => "a map".to_owned(),
        other => other.to_string(),
    }
}

/// What serde expects, in the words of files.
fn allowed(expected: &str) -> String {
    match expected {
        "a string" => "text",
        "a boolean" => "true or false",
        "i32" | "i64" => "a whole number",
        "a sequence" => "a list",
        "a map" => "a map",
        _ if expected.starts_with("struct ") => "a map of fields",
        _ => expected,
    }
    .to_owned()
}

fn one_of(expected: &[&str]) -> String {
    match expected {
        [others @ .., last] if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        expected => expected.concat(),
    }
}

/// The field that was probably meant.
fn most_similar<'a>(field: &str, expected: &[&'a str]) -> Option<&'a str> {
    let plain = |name: &str| name.to_ascii_lowercase().replace(['_', '-', ' '], "");
    let similarity = |name: &str| strsim::jaro_winkler(&plain(field), &plain(name));
    let rated = expected.iter().map(|name| (similarity(name), *name));
    let best = rated.max_by(|(a, _), (b, _)| a.total_cmp(b));
    best.filter(|(similarity, _)| *similarity >= SIMILARITY_MIN).map(|(_, name)| name)
}
