//! YAML.

use granit_parser::{Event, Marker, Parser, ScalarStyle, Span, StrInput, options};

use super::{
    super::{
        Problem,
        tree::{Entry, Node, NodeValue, Position},
    },
    MapEntries, element,
    scalar::plain,
};

const ALIAS: &str = "There is an alias; write the value out, as each value is in one place.";
const ANCHOR: &str = "There is an anchor; remove it, as aliases are not allowed.";
const TAG: &str =
    "There is a tag; remove it, and put text that looks like another value in quotes.";
const KEY: &str = "A list or a map is used as a key; the keys of a map are text.";
const EMPTY: &str = "The file is empty; it has to contain one pipeline.";
const DOCUMENTS: &str =
    "There is a second document; put it into a file of its own, as each file has one pipeline.";

/// The content of a YAML file.
pub(super) fn parse(text: &str) -> Result<Node, Vec<Problem>> {
    // An alias without an anchor gets the message of all aliases.
    let options = options! { emit_unresolved_aliases: true };
    let events = Parser::new_from_str_with_options(text, options);
    let mut builder = Builder { events, problems: Vec::new() };
    match builder.document() {
        Ok(node) if builder.problems.is_empty() => Ok(node),
        outcome => {
            builder.problems.extend(outcome.err());
            Err(builder.problems)
        }
    }
}

fn position(marker: &Marker) -> Position {
    Position { line: marker.line(), column: marker.col() + 1 }
}

/// Builds a tree from the events of the parser.
struct Builder<'a> {
    events: Parser<'a, StrInput<'a>>,
    problems: Vec<Problem>,
}

impl<'a> Builder<'a> {
    /// The next event. The parser ends with an event of its own.
    fn next(&mut self) -> Result<(Event<'a>, Span), Problem> {
        let event = self.events.next().unwrap_or(Ok((Event::StreamEnd, Span::default())));
        event.map_err(|error| Problem {
            position: position(error.marker()),
            message: format!("This is not YAML: {}.", error.info()),
        })
    }

    fn add(&mut self, span: &Span, message: &str) {
        let position = position(&span.start);
        self.problems.push(Problem { position, message: message.to_owned() });
    }

    /// The only document.
    fn document(&mut self) -> Result<Node, Problem> {
        loop {
            match self.next()? {
                (Event::StreamStart | Event::DocumentStart(..), _) => {}
                (Event::StreamEnd, _) => {
                    return Err(Problem { position: Position::START, message: EMPTY.to_owned() });
                }
                (event, span) => {
                    let node = self.node(event, span)?;
                    self.end()?;
                    return Ok(node);
                }
            }
        }
    }

    /// Reads on to the end of the file.
    fn end(&mut self) -> Result<(), Problem> {
        loop {
            match self.next()? {
                (Event::StreamEnd, _) => return Ok(()),
                (Event::DocumentStart(..), span) => {
                    self.add(&span, DOCUMENTS);
                    return Ok(());
                }
                _ => {}
            }
        }
    }

    /// The value that begins with an event.
    fn node(&mut self, event: Event<'a>, span: Span) -> Result<Node, Problem> {
        let value = match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.check_properties(&span, anchor, tag.is_some());
                match style {
                    ScalarStyle::Plain => plain(&text),
                    _ => NodeValue::Text(text.into_owned()),
                }
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.check_properties(&span, anchor, tag.is_some());
                NodeValue::List(self.list()?)
            }
            Event::MappingStart(_, anchor, tag) => {
                self.check_properties(&span, anchor, tag.is_some());
                NodeValue::Map(self.map()?)
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.add(&span, ALIAS);
                NodeValue::Null
            }
            // No value begins with any other event.
            _ => NodeValue::Null,
        };
        Ok(Node { position: position(&span.start), value })
    }

    fn check_properties(&mut self, span: &Span, anchor: usize, has_tag: bool) {
        if anchor != 0 {
            self.add(span, ANCHOR);
        }
        if has_tag {
            self.add(span, TAG);
        }
    }

    fn list(&mut self) -> Result<Vec<Entry>, Problem> {
        let mut entries: Vec<Entry> = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::SequenceEnd | Event::StreamEnd) {
                return Ok(entries);
            }
            let node = self.node(event, span)?;
            entries.push(element(&entries, node));
        }
    }

    fn map(&mut self) -> Result<Vec<Entry>, Problem> {
        let mut map = MapEntries::default();
        loop {
            let (event, key_span) = self.next()?;
            let key = match event {
                Event::MappingEnd | Event::StreamEnd => return Ok(map.entries),
                Event::Scalar(text, _, anchor, tag) => {
                    self.check_properties(&key_span, anchor, tag.is_some());
                    Some(text)
                }
                event => {
                    let is_alias = matches!(event, Event::Alias(_) | Event::UnresolvedAlias(_));
                    self.node(event, key_span)?;
                    if !is_alias {
                        self.add(&key_span, KEY);
                    }
                    None
                }
            };
            let (event, span) = self.next()?;
            let node = self.node(event, span)?;
            if let Some(key) = key {
                let (key, key_position) = (key.into_owned(), position(&key_span.start));
                map.add(Entry { key, key_position, node }, &mut self.problems);
            }
        }
    }
}
