//! What is checked of a document's text before anything parses it.

use async_graphql::Pos;

use super::document::Refusal;
use crate::{config::Limits, graphql::error::ErrorCode};

/// Deepest nesting of brackets of any kind. The library's parser calls itself for each, and stops
/// by itself only at 64 selection sets, once it has gone all the way down; a thread's stack ends
/// before a megabyte of brackets does.
const NESTING_MAX: usize = 128;

/// Refuses documents that are too long, have too many tokens or nest too deep to be parsed. The
/// library has no tokenizer of its own to ask.
pub(super) fn check(document: &str, limits: &Limits) -> Result<(), Refusal> {
    let too_large = |message: String| Err(Refusal::new(ErrorCode::QueryTooLarge, message));
    if document.len() > limits.max_document_bytes {
        let max = limits.max_document_bytes;
        return too_large(format!("The document is longer than {max} bytes."));
    }
    let (mut tokens, mut nesting) = (0_usize, 0_usize);
    let mut rest = document.trim_start_matches(is_ignored);
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '#' => rest.find(['\n', '\r']).unwrap_or(rest.len()),
            '"' => string_length(rest).ok_or_else(|| unclosed(document, rest))?,
            '.' if rest.starts_with(SPREAD) => SPREAD.len(),
            '-' | '0'..='9' => number_length(rest),
            _ if is_in_name(first) => rest.find(|c| !is_in_name(c)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        tokens += usize::from(first != '#');
        match first {
            '{' | '[' | '(' => nesting += 1,
            '}' | ']' | ')' => nesting = nesting.saturating_sub(1),
            _ => {}
        }
        if tokens > limits.max_tokens {
            let max = limits.max_tokens;
            return too_large(format!("The document has more than {max} tokens."));
        }
        if nesting > NESTING_MAX {
            return too_large(format!("The document nests deeper than {NESTING_MAX} levels."));
        }
        rest = rest[length..].trim_start_matches(is_ignored);
    }
    Ok(())
}

const SPREAD: &str = "...";

/// What stands between tokens and means nothing.
fn is_ignored(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r' | ',' | '\u{feff}')
}

/// What names are made of.
fn is_in_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || character == '_'
}

/// How many bytes the number takes that `text` begins with. Numbers need nothing between them:
/// `1-1` is two, and so is `01`.
fn number_length(text: &str) -> usize {
    fn behind_digits(text: &str) -> &str {
        text.trim_start_matches(|character: char| character.is_ascii_digit())
    }
    fn begins_with_digit(text: &&str) -> bool {
        text.starts_with(|character: char| character.is_ascii_digit())
    }
    let rest = text.strip_prefix('-').unwrap_or(text);
    let rest = rest.strip_prefix('0').unwrap_or_else(|| behind_digits(rest));
    let fraction = rest.strip_prefix('.').filter(begins_with_digit);
    let rest = fraction.map_or(rest, behind_digits);
    let exponent = rest.strip_prefix(['e', 'E']);
    let exponent = exponent.map(|power| power.strip_prefix(['+', '-']).unwrap_or(power));
    let rest = exponent.filter(begins_with_digit).map_or(rest, behind_digits);
    text.len() - rest.len()
}

/// How many bytes the string takes that `text` begins with; none if it does not end.
fn string_length(text: &str) -> Option<usize> {
    const BLOCK: &str = "\"\"\"";
    if text.starts_with(BLOCK) {
        let mut length = BLOCK.len();
        while let Some(quotes) = text[length..].find(BLOCK) {
            let end = length + quotes;
            length = end + BLOCK.len();
            if !text[..end].ends_with('\\') {
                return Some(length);
            }
        }
        return None;
    }
    let mut is_escaped = false;
    for (position, character) in text.char_indices().skip(1) {
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '"' => return Some(position + 1),
            // A plain string ends with its line.
            '\n' | '\r' => return None,
            _ => {}
        }
    }
    None
}

/// The refusal of a string that does not end. Nothing behind it can be counted: the library's
/// parser would go on in ways of its own.
fn unclosed(document: &str, rest: &str) -> Refusal {
    let before = &document[..document.len() - rest.len()];
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|character| *character != '\n').count() + 1;
    Refusal::new(ErrorCode::GraphqlParseFailed, "The document has a string that does not end.")
        .at(Pos { line, column })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(max_tokens: usize) -> Limits {
        let mut limits = Limits::default();
        limits.max_tokens = max_tokens;
        limits
    }

    fn checked(document: &str) -> Result<(), String> {
        check(document, &Limits::default()).map_err(|refusal| refusal.message)
    }

    #[test]
    fn brackets_in_strings_and_comments_do_not_nest() {
        let many = "{".repeat(NESTING_MAX + 1);
        for document in [
            format!("{{ a(b: \"{many}\") }}"),
            format!("{{ a(b: \"\\\"{many}\") }}"),
            format!("{{ a(b: \"\\\\\") c(d: \"{many}\") }}"),
            format!("{{ a(b: \"\"\"\" {many} \\\"\"\" {many}\"\"\") }}"),
            format!("{{ a # {many}\n }}"),
            "{}".repeat(NESTING_MAX + 1),
        ] {
            assert_eq!(checked(&document), Ok(()), "{document}");
        }
    }

    #[test]
    fn brackets_elsewhere_do() {
        let many = "{a".repeat(NESTING_MAX + 1);
        for document in [
            many.clone(),
            format!("\"\" {many}"),
            format!("\"\"\"\"\"\" {many}"),
            format!("# comment\r{many}"),
            "([{".repeat(NESTING_MAX),
        ] {
            let refused = Err("The document nests deeper than 128 levels.".to_owned());
            assert_eq!(checked(&document), refused, "{document}");
        }
    }

    #[test]
    fn behind_a_string_that_does_not_end_nothing_is_looked_at() {
        for document in
            ["{ a(b: \"c", "{ a(b: \"c\n[[[", "\"\"\" \" [[[", "\"\"\" \\\"\"\"", "\"\\\""]
        {
            let refused = Err("The document has a string that does not end.".to_owned());
            assert_eq!(checked(document), refused, "{document}");
        }
        let refused = check("{\n  a(b: \"c", &Limits::default()).expect_err("it does not end");
        assert_eq!(refused.locations, [Pos { line: 2, column: 8 }]);
    }

    #[test]
    fn tokens_are_counted_as_the_language_has_them() {
        for (document, tokens) in [
            ("", 0),
            (" ,\n# { a b c", 0),
            ("{a}", 3),
            ("query A($b: [Int!] = [-1.5e+3, 2]) { c: d(e: $b, f: \"g h\") ...I }", 32),
            ("0123-4-5.6E+7-8.9e10e", 6),
            ("-1e+", 3),
            ("a-1b....", 5),
            ("\"\"\" a \"b\" c \"\"\" \"\\\"\" \"\"", 3),
        ] {
            assert_eq!(check(document, &limits(tokens)), Ok(()), "{document}");
            let fewer = tokens.checked_sub(1).map(|tokens| check(document, &limits(tokens)));
            assert!(fewer.is_none_or(|checked| checked.is_err()), "{document}");
        }
    }
}
