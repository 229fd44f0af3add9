//! What is checked of a document's text before anything parses it.

use apollo_parser::{Lexer, TokenKind};

use super::refusal::Refusal;
use crate::config::Limits;

/// Deepest nesting of brackets of any kind. The parser calls itself for each; 500 of them overflow a
/// stack of 2 MiB in a debug build.
pub(super) const NESTING_MAX: usize = 128;

/// Refuses a document that is too long, has too many tokens or nests too deep to be parsed.
pub(super) fn check(text: &str, limits: &Limits) -> Result<(), Refusal> {
    if text.len() > limits.max_document_bytes {
        let max = limits.max_document_bytes;
        return Err(Refusal::too_large(format!("The document is longer than {max} bytes.")));
    }
    let (mut tokens, mut nesting) = (0_usize, 0_usize);
    for token in Lexer::new(text) {
        // What is no token is reported by the parser.
        let kind = token.map_or(TokenKind::Name, |token| token.kind());
        match kind {
            TokenKind::Whitespace | TokenKind::Comment | TokenKind::Comma | TokenKind::Eof => {
                continue;
            }
            TokenKind::LCurly | TokenKind::LBracket | TokenKind::LParen => nesting += 1,
            TokenKind::RCurly | TokenKind::RBracket | TokenKind::RParen => {
                nesting = nesting.saturating_sub(1);
            }
            _ => {}
        }
        tokens += 1;
        if tokens > limits.max_tokens {
            let max = limits.max_tokens;
            return Err(Refusal::too_large(format!("The document has more than {max} tokens.")));
        }
        if nesting > NESTING_MAX {
            return Err(too_deep());
        }
    }
    Ok(())
}

/// The refusal of a document that nests too deep.
pub(super) fn too_deep() -> Refusal {
    Refusal::too_large(format!("The document nests deeper than {NESTING_MAX} levels."))
}
