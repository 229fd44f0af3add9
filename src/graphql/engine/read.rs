//! Reads a document, in an order in which the time of each step is bounded.

use apollo_compiler::{
    ExecutableDocument, ast,
    diagnostic::ToCliReport as _,
    parser::Parser,
    validation::{DiagnosticData, DiagnosticList},
};

use super::{
    Document, Fragments, Limits, allowed, counts,
    lexing::{self, Lexed},
    literals::Converter,
    positions::Positions,
    rejected::{DocumentRejected, Fault, Reason},
    schema_index::SchemaIndex,
};

/// The maximum number of faults of one rejection.
const FAULTS_MAX: usize = 100;

/// The maximum number of faults that say what is allowed: a name is compared with all others of its type.
const EXPLAINED_MAX: usize = 10;

/// The longest part of a document that a message quotes, in characters.
const QUOTED_MAX: usize = 40;

/// Reads and validates a document.
///
/// Limits are checked before validation, which walks each fragment again for each operation, and
/// recurses into chains of fragments.
pub(super) fn read(
    text: &str,
    schema: &SchemaIndex,
    limits: &Limits,
) -> Result<Document, DocumentRejected> {
    DocumentRejected::if_above(limits.max_document_bytes, text.len(), |max| {
        format!("The document is longer than {max} bytes.")
    })?;
    let lexed = lexing::lex(text, limits)?;
    let positions = Positions::in_text(text);
    let parsed = parse(lexed, &positions)?;
    let typed = parsed.to_executable(schema.valid());
    let counts = counts::count(typed.as_ref().unwrap_or_else(|failed| &failed.partial), limits)?;
    let allowed = |error: &DiagnosticData, message: &str| {
        allowed::instead(schema, error.unstable_error_name()?, message)
    };
    let invalid = |errors: &DiagnosticList| {
        rejected(Reason::Validation, errors, FAULTS_MAX, &positions, allowed)
    };
    let document = typed.map_err(|failed| invalid(&failed.errors))?;
    let document = match document.validate(schema.valid()) {
        Ok(valid) => valid.into_inner(),
        Err(failed) if only_merged_roots(&failed.partial, &failed.errors) => failed.partial,
        Err(failed) => return Err(invalid(&failed.errors)),
    };
    let mut fragments = Fragments::new();
    let operations = document.operations.iter().zip(counts).map(|(operation, counts)| {
        Converter::convert(schema, &document, &positions, &mut fragments, operation, counts)
    });
    let operations = operations.collect::<Result<_, _>>()?;
    Ok(Document { operations, fragments })
}

/// Whether the only fault is that subscriptions have several fields of one response key at their
/// root. GraphQL merges them into one, and the parser counts them all the same.
fn only_merged_roots(document: &ExecutableDocument, errors: &DiagnosticList) -> bool {
    const SEVERAL: &str = "SubscriptionUsesMultipleFields";
    errors.iter().all(|one| one.error.unstable_error_name() == Some(SEVERAL))
        && document.operations.iter().filter(|operation| operation.is_subscription()).all(|one| {
            let mut keys = one.root_fields(document).map(|field| field.response_key());
            let first = keys.next();
            keys.all(|key| Some(key) == first)
        })
}

fn parse(lexed: Lexed, positions: &Positions<'_>) -> Result<ast::Document, DocumentRejected> {
    let mut parser = Parser::new().recursion_limit(lexing::NESTING_MAX);
    match (parser.parse_ast(lexed.text, ""), lexed.error) {
        (Ok(document), None) => Ok(document),
        (Ok(_), Some((message, offset))) => {
            let fault = Fault::new(message, Some(positions.at(offset)));
            Err(DocumentRejected { reason: Reason::Parse, faults: vec![fault] })
        }
        (Err(_), _) if parser.recursion_reached() > lexing::NESTING_MAX => Err(lexing::too_deep()),
        (Err(failed), _) => {
            let found = |error: &DiagnosticData, message: &str| found(error, message, positions);
            // What comes after the first syntax error follows from it.
            Err(rejected(Reason::Parse, &failed.errors, 1, positions, found))
        }
    }
}

/// What is in the document where the parser expected something else, for messages that do not say it.
fn found(error: &DiagnosticData, message: &str, positions: &Positions<'_>) -> Option<String> {
    if !message.starts_with("syntax error: expected") || message.contains(", got ") {
        return None;
    }
    let text = positions.text(error.location()?);
    if text.is_empty() {
        return Some(", found the end of the document".to_owned());
    }
    let quoted: String = text.chars().take(QUOTED_MAX).collect();
    let more = if quoted.len() < text.len() { "…" } else { "" };
    Some(format!(", found `{quoted}{more}`"))
}

/// The rejection with the first of the parser's errors. The messages of the first [`EXPLAINED_MAX`] end with what
/// `more` adds.
fn rejected(
    reason: Reason,
    errors: &DiagnosticList,
    max: usize,
    positions: &Positions<'_>,
    more: impl Fn(&DiagnosticData, &str) -> Option<String>,
) -> DocumentRejected {
    let faults = errors.iter().take(max).enumerate().map(|(index, one)| {
        let position = one.error.location().map(|span| positions.at(span.offset()));
        let mut message = one.error.to_string();
        if index < EXPLAINED_MAX
            && let Some(more) = more(one.error, &message)
        {
            message.push_str(&more);
        }
        Fault::new(message, position)
    });
    DocumentRejected { reason, faults: faults.collect() }
}
