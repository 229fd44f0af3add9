//! Reads a document's tokens before it is parsed: checks limits, finds syntax errors that the parser
//! accepts, and removes what the parser does not know.

use apollo_parser::{Lexer, Token, TokenKind};

use super::{Limits, rejected::DocumentRejected};

/// Deepest nesting of brackets of any kind. The parser calls itself for each; 500 of them overflow
/// a stack of 2 MiB in a debug build.
pub(super) const NESTING_MAX: usize = 128;

/// Deepest nesting of input objects, in a document and again in each variable. Reading a level of a filter takes
/// 17 KB of the stack in a debug build, so those of a variable within a document take half of 2 MiB.
pub(super) const INPUT_NESTING_MAX: usize = 32;

/// A document whose size is within the limits.
pub(super) struct Lexed {
    /// The text for the parser, each byte at its offset. Spaces replace commas, which mean nothing
    /// and which the parser rejects before the colon of an alias and after `...`, and descriptions,
    /// which the September 2025 edition of GraphQL has on operations, fragments and variables.
    pub(super) text: String,
    /// The message and the offset of a syntax error that the parser does not find, if there is one.
    pub(super) error: Option<(&'static str, usize)>,
}

/// Rejects a document that has too many tokens or nests too deep to be parsed.
pub(super) fn lex(text: &str, limits: &Limits) -> Result<Lexed, DocumentRejected> {
    let mut bytes = text.as_bytes().to_vec();
    let mut error = None;
    let mut tokens = 0;
    // The brackets that are open, from the outside in.
    let mut open = Vec::new();
    // The last token, and the kind of the one before it.
    let mut last: Option<Token<'_>> = None;
    let mut before = TokenKind::Eof;
    // The parser reports what is not a token.
    for token in Lexer::new(text).filter_map(Result::ok) {
        match token.kind() {
            TokenKind::Whitespace | TokenKind::Comment | TokenKind::Eof => continue,
            TokenKind::Comma => {
                bytes[token.index()] = b' ';
                continue;
            }
            _ => {}
        }
        tokens += 1;
        DocumentRejected::if_above(limits.max_tokens, tokens, |max| {
            format!("The document has more than {max} tokens.")
        })?;
        if let Some(last) = &last
            && is_description(last, before, &token, &open)
        {
            bytes[last.index()..last.index() + last.data().len()].fill(b' ');
        }
        let message = match &last {
            Some(last) if lacks_colon(last, before, &token, &open) => {
                Some("syntax error: expected a colon and a value")
            }
            // A string with a line break directly after its quote, which the lexer accepts.
            _ if matches!(token.data().as_bytes(), [b'"', b'\n' | b'\r', ..]) => {
                Some("syntax error: a string does not end on its line")
            }
            _ => None,
        };
        error = error.or_else(|| Some((message?, token.index())));
        match token.kind() {
            bracket @ (TokenKind::LParen | TokenKind::LBracket | TokenKind::LCurly) => {
                open.push(bracket);
            }
            TokenKind::RParen | TokenKind::RBracket | TokenKind::RCurly => {
                open.pop();
            }
            _ => {}
        }
        let input = open.iter().skip_while(|bracket| **bracket != TokenKind::LParen);
        let input_objects = input.filter(|bracket| **bracket == TokenKind::LCurly).count();
        DocumentRejected::if_above(INPUT_NESTING_MAX, input_objects, |max| {
            format!("The document's input objects nest deeper than {max} levels.")
        })?;
        if open.len() > NESTING_MAX {
            return Err(too_deep());
        }
        before = last.map_or(TokenKind::Eof, |last| last.kind());
        last = Some(token);
    }
    let text = String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned());
    Ok(Lexed { text, error })
}

/// The rejection of a document that nests too deep.
pub(super) fn too_deep() -> DocumentRejected {
    DocumentRejected::too_large(format!("The document nests deeper than {NESTING_MAX} levels."))
}

/// Whether a token is the description of a definition that begins with the next token. The short
/// form `{ … }` of an operation has none.
fn is_description(
    token: &Token<'_>,
    before: TokenKind,
    next: &Token<'_>,
    open: &[TokenKind],
) -> bool {
    token.kind() == TokenKind::StringValue
        && match open {
            [] => matches!(next.data(), "query" | "mutation" | "subscription" | "fragment"),
            [TokenKind::LParen] => next.kind() == TokenKind::Dollar && before != TokenKind::Eq,
            _ => false,
        }
}

/// Whether a token is the name of an argument or an input field without a colon, which the parser
/// drops without an error. Inside round brackets other names are elements of lists, or follow one of
/// the kinds that are listed here.
fn lacks_colon(token: &Token<'_>, before: TokenKind, next: &Token<'_>, open: &[TokenKind]) -> bool {
    let follows = [TokenKind::Colon, TokenKind::Dollar, TokenKind::Eq, TokenKind::At];
    token.kind() == TokenKind::Name
        && next.kind() != TokenKind::Colon
        && !follows.contains(&before)
        && open.contains(&TokenKind::LParen)
        && open.last() != Some(&TokenKind::LBracket)
}
