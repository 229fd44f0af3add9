//! Parsing of media types in the headers `Accept` and `Content-Type`.
//!
//! No library accepts all that clients send: `headers-accept` rejects a whole header for one faulty
//! element and compares parameters, and `mediatype` rejects parameters that are empty, lack a value or
//! have spaces around the equals sign.

use std::borrow::Cow;

/// A media type, or a range of them such as `application/*`.
#[derive(Debug, Clone, Copy)]
pub(super) struct MediaType<'a> {
    kind: &'a str,
    subtype: &'a str,
    parameters: &'a str,
}

impl<'a> MediaType<'a> {
    /// Parses a media type with any parameters, even faulty ones; `None` if the text is none.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let (essence, parameters) = text.split_once(';').unwrap_or((text, ""));
        let (kind, subtype) = essence.trim().split_once('/')?;
        let is_one = is_token(kind) && is_token(subtype) && (kind != "*" || subtype == "*");
        is_one.then_some(Self { kind, subtype, parameters })
    }

    /// How specifically this includes `kind/subtype`: 2 by name, 1 by its kind, 0 as `*/*`; `None` if it
    /// does not.
    pub(super) fn specificity_for(self, kind: &str, subtype: &str) -> Option<u8> {
        match (self.kind, self.subtype) {
            ("*", _) => Some(0),
            (own, "*") if own.eq_ignore_ascii_case(kind) => Some(1),
            (own, of) if own.eq_ignore_ascii_case(kind) && of.eq_ignore_ascii_case(subtype) => {
                Some(2)
            }
            _ => None,
        }
    }

    /// The values of the parameters of this name, unquoted.
    pub(super) fn values(self, name: &str) -> impl Iterator<Item = Cow<'a, str>> {
        split(self.parameters, ';').filter_map(move |parameter| {
            let (given, value) = parameter.split_once('=')?;
            let value = value.trim();
            given.trim().eq_ignore_ascii_case(name).then(|| unquote(value).unwrap_or(value.into()))
        })
    }

    /// Whether each parameter has a name and a value.
    pub(super) fn has_valid_parameters(self) -> bool {
        split(self.parameters, ';').map(str::trim).all(|parameter| {
            parameter.is_empty()
                || parameter.split_once('=').is_some_and(|(name, value)| {
                    is_token(name.trim()) && unquote(value.trim()).is_some()
                })
        })
    }
}

/// Splits a text at a character outside of quoted strings.
pub(super) fn split(text: &str, at: char) -> impl Iterator<Item = &str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    text.split(move |character| {
        let is_separator = !is_quoted && character == at;
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' if is_quoted => is_escaped = true,
            '"' => is_quoted = !is_quoted,
            _ => {}
        }
        is_separator
    })
}

/// Whether a text is a token as RFC 9110 defines it.
fn is_token(text: &str) -> bool {
    let is_in_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_in_token)
}

/// The contents of a quoted string, or a text without quotes; `None` for any other text.
fn unquote(value: &str) -> Option<Cow<'_, str>> {
    let Some(quoted) = value.strip_prefix('"') else {
        return (!value.contains('"')).then(|| value.into());
    };
    let (mut contents, mut characters) = (String::new(), quoted.chars());
    loop {
        match characters.next()? {
            '"' => return characters.next().is_none().then(|| contents.into()),
            '\\' => contents.push(characters.next()?),
            character => contents.push(character),
        }
    }
}
