//! Reads a document, in an order in which the time of each step is bounded.

use apollo_compiler::{
    ast, diagnostic::ToCliReport as _, parser::Parser, validation::DiagnosticList,
};

use super::{
    Document, Fragments, Limits,
    convert::Converter,
    counts, descriptions,
    lexing::{self, Lexed, SyntaxError},
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
    let lexed = lexing::lex(text, limits)?;
    let positions = Positions::in_text(text);
    let parsed = parse(lexed, &positions)?;
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
    let Lexed { text, error } = lexed;
    let mut parser = Parser::new().recursion_limit(lexing::NESTING_MAX);
    let parsed = parser.parse_ast(&*text, "").or_else(|failed| match descriptions::blank(&text) {
        Some(text) => parser.parse_ast(text, ""),
        None => Err(failed),
    });
    let fault = match (parsed, error) {
        (Ok(document), None) => return Ok(document),
        (Ok(_), Some(SyntaxError { message, offset })) => {
            Some(Fault::new(message, Some(positions.at(offset))))
        }
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
