//! Checks a document's tokens before it is parsed: limits, and syntax errors that the parser
//! accepts.

use apollo_parser::{Lexer, Token, TokenKind};

use super::{Limits, rejected::DocumentRejected};

/// Deepest nesting of brackets of any kind. The parser calls itself for each; 500 of them overflow
/// a stack of 2 MiB in a debug build.
pub(super) const NESTING_MAX: usize = 128;

/// A document whose size is within the limits.
pub(super) struct Lexed {
    /// The text for the parser, each byte at its offset. Its commas are replaced by spaces: they
    /// mean nothing, and the parser rejects them before the colon of an alias and after `...`.
    pub(super) text: String,
    /// A syntax error that the parser does not find, if there is one.
    pub(super) error: Option<SyntaxError>,
}

/// A syntax error that the parser does not find.
pub(super) struct SyntaxError {
    pub(super) message: &'static str,
    /// Its offset, in bytes.
    pub(super) offset: usize,
}

/// Rejects a document that is too long, has too many tokens or nests too deep to be parsed.
pub(super) fn lex(text: &str, limits: &Limits) -> Result<Lexed, DocumentRejected> {
    DocumentRejected::if_above(limits.max_document_bytes, text.len(), |max| {
        format!("The document is longer than {max} bytes.")
    })?;
    let mut commas = Vec::new();
    let mut error = None;
    let mut tokens = 0;
    let mut brackets = Brackets::default();
    for token in Lexer::new(text) {
        // The parser reports what is not a token.
        let Ok(token) = token else { continue };
        match token.kind() {
            TokenKind::Whitespace | TokenKind::Comment | TokenKind::Eof => continue,
            TokenKind::Comma => {
                commas.push(token.index());
                continue;
            }
            _ => {}
        }
        tokens += 1;
        DocumentRejected::if_above(limits.max_tokens, tokens, |max| {
            format!("The document has more than {max} tokens.")
        })?;
        let found = brackets.advance(&token).or_else(|| line_break(&token));
        error = error.or_else(|| Some(SyntaxError { message: found?, offset: token.index() }));
        if brackets.0.len() > NESTING_MAX {
            return Err(too_deep());
        }
    }
    Ok(Lexed { text: with_spaces(text, commas), error })
}

/// The rejection of a document that nests too deep.
pub(super) fn too_deep() -> DocumentRejected {
    DocumentRejected::too_large(format!("The document nests deeper than {NESTING_MAX} levels."))
}

/// The text with spaces at these offsets, each of which is a byte of ASCII.
fn with_spaces(text: &str, offsets: Vec<usize>) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for offset in offsets {
        bytes[offset] = b' ';
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// The lexer accepts a line break directly after the quote that opens a string.
fn line_break(token: &Token<'_>) -> Option<&'static str> {
    let is_broken = token.kind() == TokenKind::StringValue
        && (token.data().starts_with("\"\n") || token.data().starts_with("\"\r"));
    is_broken.then_some("syntax error: a string does not end on its line")
}

/// The brackets that are open, from the outside in.
#[derive(Default)]
struct Brackets(Vec<Bracket>);

/// A bracket, by what is in it.
enum Bracket {
    /// Around selections.
    Selections,
    /// Around arguments or definitions of variables, before the first of them.
    Round,
    /// Around definitions of variables.
    Variables,
    /// Around the elements of a list.
    List,
    /// Around arguments or the fields of an input object: names with values.
    Named(Expected),
}

/// What comes next among names with values.
enum Expected {
    Name,
    Colon,
    Value,
}

impl Brackets {
    /// Advances by a token. Returns the error of a name without a colon among arguments or input
    /// fields, which the parser drops without an error.
    fn advance(&mut self, token: &Token<'_>) -> Option<&'static str> {
        let kind = token.kind();
        let mut error = None;
        match (self.0.last_mut(), kind) {
            (Some(round @ Bracket::Round), TokenKind::Dollar) => *round = Bracket::Variables,
            (Some(round @ Bracket::Round), TokenKind::Name) => {
                *round = Bracket::Named(Expected::Colon);
            }
            (Some(Bracket::Named(expected)), _) => match (&*expected, kind) {
                (Expected::Name, TokenKind::Name) => *expected = Expected::Colon,
                (Expected::Colon, TokenKind::Colon) => *expected = Expected::Value,
                (Expected::Colon, _) => error = Some("syntax error: expected a colon and a value"),
                // A variable, whose name comes next.
                (Expected::Value, TokenKind::Dollar) | (Expected::Name, _) => {}
                (Expected::Value, _) => *expected = Expected::Name,
            },
            _ => {}
        }
        match kind {
            TokenKind::LParen => self.0.push(Bracket::Round),
            TokenKind::LBracket => self.0.push(Bracket::List),
            TokenKind::LCurly => self.0.push(match self.0.last() {
                None | Some(Bracket::Selections) => Bracket::Selections,
                Some(_) => Bracket::Named(Expected::Name),
            }),
            TokenKind::RParen | TokenKind::RBracket | TokenKind::RCurly => {
                self.0.pop();
            }
            _ => {}
        }
        error
    }
}
