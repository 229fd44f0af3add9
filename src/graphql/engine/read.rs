//! Reads a document, in an order in which the time of each step is bounded.

use apollo_compiler::{
    ast, diagnostic::ToCliReport as _, parser::Parser, validation::DiagnosticList,
};

use super::{
    Document, Fragments, Limits,
    convert::Converter,
    counts,
    lexing::{self, Lexed},
    positions::Positions,
    rejected::{DocumentRejected, Fault, Reason},
    schema_index::SchemaIndex,
};

/// The maximum number of faults of one rejection.
const FAULTS_MAX: usize = 100;

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
    let positions = Positions::in_text(text);
    let parsed = parse(lexing::lex(text, limits, &positions)?, &positions)?;
    let (document, unknown) = match parsed.to_executable(schema.valid()) {
        Ok(document) => (document, None),
        Err(failed) => (failed.partial, Some(failed.errors)),
    };
    let counts = counts::count(&document, limits)?;
    if let Some(errors) = unknown {
        return Err(invalid(&errors, &positions));
    }
    let document =
        document.validate(schema.valid()).map_err(|failed| invalid(&failed.errors, &positions))?;
    let mut fragments = Fragments::new();
    let operations = document.operations.iter().zip(counts).map(|(operation, counts)| {
        Converter::convert(schema, &document, &positions, &mut fragments, operation, counts)
    });
    let operations = operations.collect::<Result<_, _>>()?;
    Ok(Document { operations, fragments })
}

fn parse(lexed: Lexed, positions: &Positions<'_>) -> Result<ast::Document, DocumentRejected> {
    let mut parser = Parser::new().recursion_limit(lexing::NESTING_MAX);
    let fault = match (parser.parse_ast(lexed.text, ""), lexed.error) {
        (Ok(document), None) => return Ok(document),
        (Ok(_), error) => error,
        (Err(_), _) if parser.recursion_reached() > lexing::NESTING_MAX => {
            return Err(lexing::too_deep());
        }
        // What comes after the first syntax error follows from it.
        (Err(failed), _) => faults(&failed.errors, positions).next(),
    };
    Err(DocumentRejected { reason: Reason::Parse, faults: fault.into_iter().collect() })
}

fn invalid(errors: &DiagnosticList, positions: &Positions<'_>) -> DocumentRejected {
    let faults = faults(errors, positions).take(FAULTS_MAX).collect();
    DocumentRejected { reason: Reason::Validation, faults }
}

fn faults<'a>(
    errors: &'a DiagnosticList,
    positions: &'a Positions<'_>,
) -> impl Iterator<Item = Fault> + 'a {
    errors.iter().map(|one| {
        let position = one.error.location().map(|span| positions.at(span.offset()));
        Fault::new(one.error.to_string(), position)
    })
}
