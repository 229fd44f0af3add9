//! Lines and columns of a document.

use std::cell::Cell;

use apollo_compiler::parser::SourceSpan;
use async_graphql::{Name, Pos, Positioned};

/// Finds the line and the column of a byte of a document. Lines end as GraphQL has it: at a line
/// feed, a carriage return, or both together. Columns count characters. The parser's own function
/// copies the text, and ends lines elsewhere too.
pub(super) struct Positions<'a> {
    text: &'a str,
    /// Where each line begins, in bytes.
    lines: Vec<usize>,
    is_ascii: bool,
    /// The last offset that was located, and its column: the next one is often later on the same
    /// line.
    last: Cell<(usize, usize)>,
}

impl<'a> Positions<'a> {
    pub(super) fn in_text(text: &'a str) -> Self {
        let bytes = text.as_bytes();
        let ends = bytes.iter().enumerate().filter(|(index, byte)| match byte {
            b'\n' => true,
            b'\r' => bytes.get(index + 1) != Some(&b'\n'),
            _ => false,
        });
        let lines = std::iter::once(0).chain(ends.map(|(index, _)| index + 1)).collect();
        Self { text, lines, is_ascii: text.is_ascii(), last: Cell::new((0, 1)) }
    }

    /// The text that a span covers.
    pub(super) fn text(&self, span: SourceSpan) -> &'a str {
        self.text.get(span.offset()..span.end_offset()).unwrap_or_default()
    }

    /// The position where a part of the document begins; that of the document if it has no span.
    pub(super) fn of(&self, span: Option<SourceSpan>) -> Pos {
        self.at(span.map_or(0, |span| span.offset()))
    }

    /// A name with its position.
    pub(super) fn name(&self, name: &apollo_compiler::Name) -> Positioned<Name> {
        Positioned::new(self::name(name), self.of(name.location()))
    }

    /// The position of the byte at `offset`. An offset outside of the text or inside of a character
    /// is moved back to the start of a character.
    pub(super) fn at(&self, offset: usize) -> Pos {
        let offset = self.text.floor_char_boundary(offset.min(self.text.len()));
        let line = self.lines.partition_point(|start| *start <= offset);
        let start = self.lines[line - 1];
        let column = if self.is_ascii {
            offset - start + 1
        } else {
            let (from, column) = match self.last.get() {
                (last, column) if (start..=offset).contains(&last) => (last, column),
                _ => (start, 1),
            };
            let column = column + self.text[from..offset].chars().count();
            self.last.set((offset, column));
            column
        };
        Pos { line, column }
    }
}

/// A name of the parser as one of the library.
pub(super) fn name(name: &apollo_compiler::Name) -> Name {
    Name::new(name.as_str())
}
