//! Documents: for any request the engine returns its own errors, or accepts it. Accepted documents are
//! within the limits by an independent count, and the library accepts them.
//!
//! An input is a document, perhaps followed by a NUL and variables in JSON, and then perhaps by a
//! NUL and the name of the operation.

#![no_main]

mod extent;
mod library;
mod recount;

use std::sync::LazyLock;

use async_graphql::{Request, Variables, parser::parse_query};
use crm_steps::{
    config::{HttpConfig, Limits},
    graphql::{
        self,
        engine::{DocumentRejected, Engine, Fault, OperationKind, Prepared},
    },
};
use libfuzzer_sys::{Corpus, fuzz_target};
use serde_json::{Map, Value as Json};

use self::{
    extent::Extent,
    recount::{LEVELS_MAX, Recount},
};

static WIDE: LazyLock<Limited> = LazyLock::new(|| Limited::new(HttpConfig::default().limits));

/// Limits that short documents reach, because the fuzzer needs long to find long ones.
static TIGHT: LazyLock<Limited> = LazyLock::new(|| {
    Limited::new(Limits {
        max_tokens: 200,
        max_selections: 50,
        max_depth: 6,
        max_complexity: 500,
        max_root_fields: 5,
        max_aliases: 5,
        max_directives: 5,
        max_variables: 3,
        max_list_elements: 5,
        ..HttpConfig::default().limits
    })
});

/// An engine and its limits.
struct Limited {
    engine: Engine,
    limits: Limits,
}

impl Limited {
    fn new(limits: Limits) -> Self {
        Self { engine: graphql::engine((&limits).into()), limits }
    }
}

/// The deepest nesting of brackets of any kind.
const NESTING_MAX: usize = 128;

/// The request of a client.
#[derive(Debug, Clone)]
struct Sent<'a> {
    document: &'a str,
    variables: Variables,
    operation_name: Option<&'a str>,
}

impl<'a> Sent<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut parts = str::from_utf8(bytes).ok()?.splitn(3, '\0');
        let document = parts.next()?;
        let variables: Map<String, Json> = match parts.next() {
            None => Map::new(),
            Some(json) => serde_json::from_str(json).ok()?,
        };
        let variables = Variables::from_json(variables.into());
        Some(Self { document, variables, operation_name: parts.next() })
    }

    fn prepare(&self, engine: &Engine) -> (Request, Result<Prepared, DocumentRejected>) {
        let mut request = Request::new(self.document).variables(self.variables.clone());
        request.operation_name = self.operation_name.map(str::to_owned);
        let result = engine.prepare(&mut request);
        (request, result)
    }
}

fuzz_target!(|bytes: &[u8]| -> Corpus {
    let Some(sent) = Sent::read(bytes) else { return Corpus::Reject };
    let (_, tightly) = sent.prepare(&TIGHT.engine);
    if let Ok(prepared) = &tightly {
        check_accepted(&sent, prepared, &TIGHT.limits);
    }
    let (request, result) = sent.prepare(&WIDE.engine);
    match &result {
        Ok(prepared) => {
            check_accepted(&sent, prepared, &WIDE.limits);
            library::take(request);
        }
        Err(rejected) => check_rejected(&sent, rejected),
    }
    assert!(tightly.is_err() || result.is_ok(), "wide limits accept all that tight ones accept");
    Corpus::Keep
});

fn check_accepted(sent: &Sent, prepared: &Prepared, limits: &Limits) {
    assert!(prepared.cost.complexity <= limits.max_complexity);
    assert!(prepared.cost.depth <= limits.max_depth);

    // The library does not support surrogate pairs and descriptions.
    let Ok(document) = parse_query(sent.document) else { return };
    let Extent { tokens, nesting } = Extent::of(&document);
    assert!(tokens <= limits.max_tokens, "{tokens} tokens");
    assert!(nesting <= NESTING_MAX, "{nesting} levels of brackets");

    let mut operations = document.operations.iter();
    let (name, chosen) = operations
        .find(|(name, _)| name.map(|name| name.as_str()) == prepared.operation_name.as_deref())
        .expect("an accepted document has the operation");
    let wanted = sent.operation_name.filter(|wanted| !wanted.is_empty());
    assert!(wanted.is_none_or(|wanted| name.is_some_and(|name| name == wanted)));
    assert_eq!(prepared.operation, OperationKind::from(chosen.node.ty));

    let all = Recount::of_all(&document, limits.max_selections * LEVELS_MAX);
    assert!(!all.is_too_much, "there are more than {} selections", all.selections);
    assert!(!all.is_too_deep, "there are more than {LEVELS_MAX} levels");
    assert!(all.selections <= limits.max_selections, "{} selections", all.selections);
    assert!(all.aliases <= limits.max_aliases, "{} aliases", all.aliases);
    assert!(all.directives <= limits.max_directives, "{} directives", all.directives);
    let one = Recount::of_one(&document, chosen, limits.max_selections);
    assert!(one.root_fields <= limits.max_root_fields, "{} root fields", one.root_fields);
    assert_eq!(one.depth, prepared.cost.depth);
}

fn check_rejected(sent: &Sent, DocumentRejected { faults, .. }: &DocumentRejected) {
    assert!(!faults.is_empty());
    let lines = sent.document.matches(['\n', '\r']).count() + 1;
    for Fault { message, locations } in faults {
        assert!(message.ends_with('.') && !message.contains(char::is_control), "{message}");
        for location in locations {
            assert!((1..=lines).contains(&location.line) && location.column >= 1, "{location}");
        }
    }
}
