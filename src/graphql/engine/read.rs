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
    literals::Literals,
    positions::Positions,
    price::Price,
    refusal::{Fault, Refusal},
    roots, size,
    types::Types,
};
use crate::{config::Limits, graphql::error::ErrorCode};

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
) -> Result<Document, Refusal> {
    if let Some(limits) = limits {
        size::check(text, limits)?;
    }
    let positions = Positions::of(text);
    let parsed = parse(text, &positions)?;
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
        let never_null = Literals::check(types, &document, operation, &positions)?;
        let variables = converter.variables(operation)?;
        operations.push(Operation {
            name: operation.name.as_ref().map(|name| Name::new(name.as_str())),
            definition: converter.operation(operation),
            price: Price::of(&document, operation, &variables),
            repeats_root_keys: roots::repeat_keys(&document, operation),
            variables,
            counts,
            never_null,
        });
    }
    Ok(Document { operations, fragments: converter.fragments(&document) })
}

fn parse(text: &str, positions: &Positions<'_>) -> Result<ast::Document, Refusal> {
    let mut parser = Parser::new().recursion_limit(size::NESTING_MAX);
    let first = match parser.parse_ast(text, "") {
        Ok(document) => return Ok(document),
        Err(failed) => failed.errors,
    };
    if let Some(blanked) = descriptions::blank(text)
        && let Ok(document) = parser.parse_ast(blanked, "")
    {
        return Ok(document);
    }
    if parser.recursion_reached() > size::NESTING_MAX {
        return Err(size::too_deep());
    }
    // What comes after the first syntax error follows from it.
    let faults: Vec<Fault> = faults(&first, positions).take(1).collect();
    Err(Refusal { code: ErrorCode::GraphqlParseFailed, faults })
}

fn invalid(errors: &DiagnosticList, positions: &Positions<'_>) -> Refusal {
    let faults = faults(errors, positions).take(FAULTS_MAX).collect();
    Refusal { code: ErrorCode::GraphqlValidationFailed, faults }
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
