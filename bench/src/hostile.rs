//! Instructions of hostile requests: their growth with the size of the request, and their maximum. The
//! families are those of `docs/hostile-requests.md` that have a size.

use std::path::Path;

use serde_json::{Value, json};

use crate::{callgrind::Counted, load, rounds::print_row, service};

/// The two sizes of a request of each family, in bytes. The larger one is just below the longest document
/// that is accepted.
const BYTES: [usize; 2] = [24_500, 98_000];

/// The largest ratio of instructions for four times the size.
const GROWTH_MOST: f64 = 5.0;

/// Millions of instructions that any request takes; smaller counts are raised to this for the ratio.
const FLOOR: f64 = 2.0;

/// A family of requests: its name, the path, the statuses of both sizes, and a function that makes a body
/// of about this many bytes.
type Family = (&'static str, &'static str, [u16; 2], fn(usize) -> String);

/// Counts each family at both sizes, and prints a row of the table for each. Returns whether none takes
/// more than `most` millions of instructions, or grows faster than [`GROWTH_MOST`].
pub fn count(program: &Path, keys: &str, most: u64) -> bool {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}", folder.path().join("hostile.db").display());
    let token = service::token(program, &url, keys);
    let counted = Counted::start(program, &url, keys);
    let send = |path: &'static str, body: String| {
        let body = |_number| body.clone();
        load::status(&load::Target { path, ..counted.service.target(&[&token], &body, "") })
    };
    // First requests, whose initialization is not counted.
    assert_eq!(send("/graphql", graphql("{ __typename }")), 200);
    assert_eq!(send("/crm/step", "{}".to_owned()), 400);
    let mut all_right = true;
    for (what, path, statuses, body) in FAMILIES {
        let mut counts = [0; BYTES.len()];
        for (index, bytes) in BYTES.into_iter().enumerate() {
            let body = body(bytes);
            assert!(body.len() > bytes / 2, "{what}: {} bytes", body.len());
            let (status, count) = counted.during(|| send(path, body));
            assert_eq!(status, statuses[index], "{what}");
            counts[index] = count;
        }
        let [small, large] = counts.map(|count| count as f64 / 1e6);
        let growth = large.max(FLOOR) / small.max(FLOOR);
        let is_right = growth <= GROWTH_MOST && small.max(large) <= most as f64;
        all_right &= is_right;
        let verdict = if is_right { "" } else { " **too many**" };
        let figures = format!("{small:.1} and {large:.1} million, × {growth:.1}{verdict}");
        print_row(what, &format!("≤ {most} million, × {GROWTH_MOST}"), figures);
    }
    all_right
}

const FAMILIES: [Family; 41] = [
    ("mutations under aliases", "/graphql", [400, 400], |bytes| {
        graphql(&format!("mutation {{ {} }}", numbered(bytes, |n| format!("a{n}: {CREATE}"))))
    }),
    ("a query under aliases", "/graphql", [400, 400], |bytes| {
        graphql(&format!("{{ {} }}", numbered(bytes, |n| format!("a{n}: __typename"))))
    }),
    ("mutations without aliases", "/graphql", [400, 400], |bytes| {
        graphql(&format!("mutation {{ {} }}", repeated(bytes, CREATE)))
    }),
    ("one field many times", "/graphql", [200, 400], |bytes| {
        graphql(&format!("{{ viewer {{ {} }} }}", repeated(bytes, "tokenName ")))
    }),
    ("one object many times", "/graphql", [400, 400], |bytes| {
        graphql(&format!("{{ {} }}", repeated(bytes, "viewer { tokenName } ")))
    }),
    ("fragments that double", "/graphql", [400, 400], |bytes| {
        graphql(&format!(
            "{{ ...F0 }} {}",
            numbered(bytes, |n| format!("fragment F{n} on Query {{ ...F{0} ...F{0} }}", n + 1))
        ))
    }),
    ("fragments in a row", "/graphql", [400, 400], |bytes| {
        graphql(&format!(
            "{{ ...F0 }} {}",
            numbered(bytes, |n| format!("fragment F{n} on Query {{ ...F{} }}", n + 1))
        ))
    }),
    ("fragments that are not spread", "/graphql", [400, 400], |bytes| {
        graphql(&format!(
            "{{ __typename }} {}",
            numbered(bytes, |n| format!("fragment F{n} on Query {{ __typename }}"))
        ))
    }),
    ("many spreads of a fragment", "/graphql", [400, 400], |bytes| {
        let spreads = repeated(bytes, "...F ");
        graphql(&format!(
            "{{ {spreads} }} fragment F on Query {{ __typename viewer {{ tokenName }} }}"
        ))
    }),
    ("many operations", "/graphql", [400, 400], |bytes| {
        graphql(&numbered(bytes, |n| format!("query Q{n} {{ __typename }}")))
    }),
    ("many operations of a large fragment", "/graphql", [400, 400], |bytes| {
        let operations = numbered(bytes / 2, |n| format!("query Q{n} {{ ...F }}"));
        let fields = repeated(bytes / 2, "__typename ");
        graphql(&format!("{operations} fragment F on Query {{ {fields} }}"))
    }),
    ("many operations of a large value", "/graphql", [400, 400], |bytes| {
        let operations = numbered(bytes / 2, |n| format!("query Q{n} {{ ...F }}"));
        let ids = repeated(bytes / 2, "\"a\" ");
        graphql(&format!("{operations} fragment F on Query {{ nodes(ids: [{ids}]) {{ id }} }}"))
    }),
    ("directives on a field", "/graphql", [400, 400], |bytes| {
        graphql(&format!("{{ __typename {} }}", repeated(bytes, "@skip(if: false) ")))
    }),
    ("directives that do not exist", "/graphql", [400, 400], |bytes| {
        graphql(&format!("{{ __typename {} }}", repeated(bytes, "@a ")))
    }),
    ("fields that do not exist", "/graphql", [400, 400], |bytes| {
        graphql(&format!("{{ viewer {{ {} }} }}", numbered(bytes, |n| format!("a{n}"))))
    }),
    ("arguments that do not exist", "/graphql", [400, 400], |bytes| {
        let arguments = numbered(bytes, |n| format!("a{n}: 1"));
        graphql(&format!("{{ agents({arguments}) {{ totalCount }} }}"))
    }),
    ("an argument many times", "/graphql", [400, 400], |bytes| {
        graphql(&format!("{{ agents({}) {{ totalCount }} }}", repeated(bytes, "first: 1 ")))
    }),
    ("input fields that do not exist", "/graphql", [400, 400], |bytes| {
        let fields = numbered(bytes, |n| format!("a{n}: 1"));
        graphql(&format!("mutation {{ createAgent(input: {{ {fields} }}) {{ replayed }} }}"))
    }),
    ("a large list", "/graphql", [400, 400], |bytes| {
        graphql(&format!("{{ nodes(ids: [{}]) {{ id }} }}", repeated(bytes, "\"a\" ")))
    }),
    ("definitions of variables", "/graphql", [400, 400], |bytes| {
        graphql(&format!("query({}) {{ __typename }}", numbered(bytes, |n| format!("$a{n}: Int"))))
    }),
    ("variables in a list", "/graphql", [400, 400], |bytes| {
        let definitions = numbered(bytes / 2, |n| format!("$a{n}: ID!"));
        let uses = numbered(bytes / 2, |n| format!("$a{n}"));
        graphql(&format!("query({definitions}) {{ nodes(ids: [{uses}]) {{ id }} }}"))
    }),
    ("nested overlapping fields", "/graphql", [400, 400], |bytes| {
        let inner = repeated(bytes, "crmScenarios { nodes { steps { nodes { id } } } } ");
        graphql(&format!("{{ {inner} }}"))
    }),
    ("nested fields", "/graphql", [400, 400], |bytes| graphql(&"{ a ".repeat(bytes / 4))),
    ("opening brackets", "/graphql", [400, 400], |bytes| graphql(&"{".repeat(bytes))),
    ("nested lists", "/graphql", [400, 400], |bytes| {
        graphql(&format!("{{ a(b: {}) }}", "[".repeat(bytes)))
    }),
    ("nested objects", "/graphql", [400, 400], |bytes| {
        graphql(&format!("{{ a(b: {}) }}", repeated(bytes, "{ c: ")))
    }),
    ("nested inline fragments", "/graphql", [400, 400], |bytes| {
        graphql(&repeated(bytes, "{ ... "))
    }),
    ("lists of a variable's type", "/graphql", [400, 400], |bytes| {
        graphql(&format!("query($a: {}", "[".repeat(bytes)))
    }),
    ("a long comment", "/graphql", [200, 200], |bytes| {
        graphql(&format!("{{ __typename }} #{}", "x".repeat(bytes)))
    }),
    ("many comments", "/graphql", [200, 200], |bytes| {
        graphql(&format!("{{ __typename }} {}", repeated(bytes, "#\n")))
    }),
    ("commas", "/graphql", [200, 200], |bytes| {
        graphql(&format!("{{ __typename }} {}", ",".repeat(bytes)))
    }),
    ("a string that does not end", "/graphql", [400, 400], |bytes| {
        graphql(&format!("{{ a(b: \"{}", "x".repeat(bytes)))
    }),
    ("strings", "/graphql", [400, 400], |bytes| {
        graphql(&format!(
            "{{ nodes(ids: [{}]) {{ id }} }}",
            repeated(bytes, "\"\"\"\\\"\"\"x\"\"\"")
        ))
    }),
    ("descriptions", "/graphql", [400, 400], |bytes| {
        graphql(&numbered(bytes, |n| format!("\"a\" query Q{n} {{ __typename }}")))
    }),
    ("a long name", "/graphql", [400, 400], |bytes| {
        graphql(&format!("{{ {} }}", "x".repeat(bytes)))
    }),
    ("numbers without spaces", "/graphql", [400, 400], |bytes| {
        graphql(&format!("{{ a(b: [{}]) }}", "1-".repeat(bytes / 2)))
    }),
    ("characters outside of the grammar of GraphQL", "/graphql", [400, 400], |bytes| {
        graphql(&format!("{{ {} }}", "é".repeat(bytes / 2)))
    }),
    ("a list in a variable", "/graphql", [400, 400], |bytes| {
        let ids = vec!["a"; bytes / 4];
        with_variable("query($v: [ID!]!) { nodes(ids: $v) { id } }", &json!(ids))
    }),
    ("lists in a list in a variable", "/graphql", [400, 400], |bytes| {
        let filter = json!({ "or": vec![json!({ "or": vec![json!({}); 100] }); bytes / 300] });
        with_variable("query($v: CrmStepFilter) { crmSteps(filter: $v) { totalCount } }", &filter)
    }),
    ("a REST body of nested lists", "/crm/step", [400, 400], |bytes| "[".repeat(bytes)),
    ("a REST body of unknown keys", "/crm/step", [400, 400], |bytes| {
        let keys = numbered(bytes, |n| format!("\"a{n}\":1,"));
        format!("{{{keys}\"name\":\"a\"}}")
    }),
];

const CREATE: &str = "createAgent(input: { name: \"a\" }) { replayed } ";

fn graphql(document: &str) -> String {
    json!({ "query": document }).to_string()
}

fn with_variable(document: &str, value: &Value) -> String {
    json!({ "query": document, "variables": { "v": value } }).to_string()
}

/// A text, repeated up to about this many bytes.
fn repeated(bytes: usize, text: &str) -> String {
    text.repeat(bytes / text.len())
}

/// Numbered texts, joined up to about this many bytes.
fn numbered(bytes: usize, text: impl Fn(usize) -> String) -> String {
    let mut all = String::new();
    for number in 0.. {
        all.push_str(&text(number));
        all.push(' ');
        if all.len() >= bytes {
            break;
        }
    }
    all
}
