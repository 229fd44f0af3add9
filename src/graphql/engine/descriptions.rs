//! Descriptions in documents, which the parser does not know yet: the September 2025 edition of
//! GraphQL has them on operations, fragments and variables.

use apollo_parser::{Lexer, Token, TokenKind};

/// The document with spaces instead of its descriptions, so that everything else stays where
/// it is; none if it has no descriptions.
pub(super) fn blank(text: &str) -> Option<String> {
    let tokens: Vec<Token<'_>> = Lexer::new(text)
        .filter_map(Result::ok)
        .filter(|token| {
            let kind = token.kind();
            !matches!(kind, TokenKind::Whitespace | TokenKind::Comment | TokenKind::Comma)
        })
        .collect();
    let mut bytes = text.as_bytes().to_vec();
    let mut found = false;
    // Brackets that are open: round ones, and others.
    let (mut round, mut other) = (0_usize, 0_usize);
    for (index, token) in tokens.iter().enumerate() {
        let previous = index.checked_sub(1).map(|index| tokens[index].kind());
        let is_description = token.kind() == TokenKind::StringValue
            && tokens.get(index + 1).is_some_and(|next| match (round, other) {
                (0, 0) => begins_definition(next),
                (1, 0) => next.kind() == TokenKind::Dollar && previous != Some(TokenKind::Eq),
                _ => false,
            });
        if is_description {
            found = true;
            for byte in &mut bytes[token.index()..token.index() + token.data().len()] {
                if !matches!(byte, b'\n' | b'\r') {
                    *byte = b' ';
                }
            }
        }
        match token.kind() {
            TokenKind::LParen => round += 1,
            TokenKind::RParen => round = round.saturating_sub(1),
            TokenKind::LCurly | TokenKind::LBracket => other += 1,
            TokenKind::RCurly | TokenKind::RBracket => other = other.saturating_sub(1),
            _ => {}
        }
    }
    found.then(|| String::from_utf8(bytes).ok()).flatten()
}

/// Whether a definition begins here that may have a description; the short form `{ … }` may not.
fn begins_definition(token: &Token<'_>) -> bool {
    token.kind() == TokenKind::Name
        && matches!(token.data(), "query" | "mutation" | "subscription" | "fragment")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_become_spaces_and_everything_else_stays() {
        assert_eq!(
            blank("\"a é\"\nquery Q(\"b\" $c: ID = \"d\" \"e\" $f: [ID] = [\"g\" \"h\"]) { i(j: \"k\") }")
                .as_deref(),
            Some(
                "      \nquery Q(    $c: ID = \"d\"     $f: [ID] = [\"g\" \"h\"]) { i(j: \"k\") }"
            ),
        );
        assert_eq!(
            blank("query { a } \"\"\"b\nc\"\"\" fragment D on E { f }").as_deref(),
            Some("query { a }     \n     fragment D on E { f }"),
        );
    }

    #[test]
    fn strings_elsewhere_are_no_descriptions() {
        for text in ["\"a\" { b }", "{ a } \"b\"", "{ a(b: \"c\" $d) }", "query(\"a\") { b }", ""] {
            assert_eq!(blank(text), None, "{text}");
        }
    }
}
