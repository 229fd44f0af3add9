//! How a document is read: in an order in which no step can be made to take long.

use apollo_compiler::{
    ast, diagnostic::ToCliReport as _, parser::Parser, validation::DiagnosticList,
};
use async_graphql::Name;

use super::{
    Document, Operation,
    convert::Converter,
    counts::{self, Counted},
    descriptions,
    lexing::{self, Lexed, SyntaxError},
    literals::{Checked, Literals},
    positions::Positions,
    price::Price,
    rejected::{DocumentRejected, Fault},
    roots,
    types::Types,
};
use crate::{config::Limits, graphql::parts::error::ErrorCode};

/// Most faults that one answer tells of.
const FAULTS_MAX: usize = 100;

/// Reads and validates a document.
///
/// Limits come before validation: validation walks each fragment anew for each operation, and
/// follows chains of fragments as deep as they are.
pub(super) fn read(
    text: &str,
    types: &Types,
    limits: Option<&Limits>,
) -> Result<Document, DocumentRejected> {
    let lexed = lexing::lex(text, limits)?;
    let positions = Positions::in_text(text);
    let parsed = parse(lexed, &positions)?;
    let (document, unknown) = match parsed.to_executable(types.schema()) {
        Ok(document) => (document, None),
        Err(failed) => (failed.partial, Some(failed.errors)),
    };
    let Counted { operations: counts, all } = counts::count(&document)?;
    if let Some(limits) = limits {
        counts::check(&all, &document, limits)?;
    }
    if let Some(errors) = unknown {
        return Err(invalid(&errors, &positions));
    }
    let document =
        document.validate(types.schema()).map_err(|failed| invalid(&failed.errors, &positions))?;
    let converter = Converter { types, positions: &positions };
    let mut operations = Vec::with_capacity(counts.len());
    for (operation, counts) in document.operations.iter().zip(counts) {
        let Checked { never_null, pages, may_leave_out } =
            Literals::check(types, &document, operation, &positions)?;
        let variables = converter.variables(operation)?;
        operations.push(Operation {
            name: operation.name.as_ref().map(|name| Name::new(name.as_str())),
            definition: converter.operation(operation),
            price: Price::of(&document, operation, &variables),
            repeats_root_keys: roots::repeat_keys(&document, operation),
            variables,
            counts,
            never_null,
            pages,
            may_leave_out,
        });
    }
    Ok(Document { operations, fragments: converter.fragments(&document) })
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
    Err(DocumentRejected {
        code: ErrorCode::GraphqlParseFailed,
        faults: fault.into_iter().collect(),
    })
}

fn invalid(errors: &DiagnosticList, positions: &Positions<'_>) -> DocumentRejected {
    let faults = faults(errors, positions).take(FAULTS_MAX).collect();
    DocumentRejected { code: ErrorCode::GraphqlValidationFailed, faults }
}

fn faults<'a>(
    errors: &'a DiagnosticList,
    positions: &'a Positions<'_>,
) -> impl Iterator<Item = Fault> + 'a {
    errors.iter().map(|one| {
        let place = one.error.location().map(|span| positions.at(span.offset()));
        Fault::new(one.error.to_string(), place)
    })
}
