//! Instructions of hostile requests: how they grow with the size of the request, and how many there
//! are at most. The families are those of `docs/hostile-requests.md` that have a size.

use std::{fs, path::Path, process::Command};

use serde_json::{Value, json};

use crate::{
    load,
    rounds::line,
    service::{self, Service},
};

/// Most instructions that one request may take.
const MOST: u64 = 200_000_000;

/// How large a request of a family is, in bytes: first, and then four times as large.
const BYTES: [usize; 2] = [25_000, 100_000];

/// By how much four times the size may multiply the instructions.
const GROWTH_MOST: f64 = 5.0;

/// Below so many instructions growth means nothing: every request takes about as many.
const FLOOR: u64 = 2_000_000;

/// A family of requests: what it is, the path, and a body of about so many bytes.
type Family = (&'static str, &'static str, fn(usize) -> String);

/// Counts each family at both sizes. Answers whether none takes too many instructions.
pub fn count(program: &Path, keys: &str) -> bool {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}", folder.path().join("hostile.db").display());
    let output = folder.path().join("callgrind.out");
    let out_file = format!("--callgrind-out-file={}", output.display());
    let token = service::token(program, &url, keys);
    let runner = ["valgrind", "--tool=callgrind", &out_file];
    let service = Service::start(program, &url, keys, &runner);
    let mut dumps = 0;
    // What has been counted since it was last asked for.
    let mut counted = || {
        let id = service.id().to_string();
        let status = Command::new("callgrind_control").args(["--dump", &id]).output();
        assert!(status.expect("valgrind has callgrind_control").status.success());
        dumps += 1;
        let mut file = output.clone().into_os_string();
        file.push(format!(".{dumps}"));
        total(&fs::read_to_string(file).expect("callgrind has written it"))
    };
    let send = |path: &'static str, body: String| {
        let body = |_number| body.clone();
        load::status(&load::Target { path, ..service.target(&token, &body, "") })
    };
    // What is made at the first request of all is none of theirs.
    send("/graphql", graphql("{ __typename }"));
    send("/crm/step", "{}".to_owned());
    let mut all_right = true;
    for (what, path, body) in FAMILIES {
        let mut counts = [0; BYTES.len()];
        let mut statuses = [0; BYTES.len()];
        for (index, bytes) in BYTES.into_iter().enumerate() {
            let body = body(bytes);
            assert!(body.len() > bytes / 2, "{what}: {} bytes", body.len());
            counted();
            statuses[index] = send(path, body);
            counts[index] = counted();
        }
        let growth = counts[1].max(FLOOR) as f64 / counts[0].max(FLOOR) as f64;
        let is_right = growth <= GROWTH_MOST && counts[1] <= MOST;
        all_right &= is_right;
        let millions = counts.map(|count| format!("{:.1}", count as f64 / 1e6));
        let figures = format!(
            "{} and {} million, × {growth:.1} ({} {}){}",
            millions[0],
            millions[1],
            statuses[0],
            statuses[1],
            if is_right { "" } else { " **too many**" }
        );
        line(what, "≤ 200 million, × 5", figures);
    }
    all_right
}

fn total(text: &str) -> u64 {
    let total = text
        .lines()
        .find_map(|line| line.strip_prefix("summary: ").or(line.strip_prefix("totals: ")));
    total.and_then(|total| total.trim().parse().ok()).expect("it has a total")
}

const FAMILIES: [Family; 41] = [
    ("mutations under aliases", "/graphql", |bytes| {
        graphql(&format!("mutation {{ {} }}", numbered(bytes, |n| format!("a{n}: {CREATE}"))))
    }),
    ("a query under aliases", "/graphql", |bytes| {
        graphql(&format!("{{ {} }}", numbered(bytes, |n| format!("a{n}: __typename"))))
    }),
    ("mutations without aliases", "/graphql", |bytes| {
        graphql(&format!("mutation {{ {} }}", repeated(bytes, CREATE)))
    }),
    ("one field many times", "/graphql", |bytes| {
        graphql(&format!("{{ viewer {{ {} }} }}", repeated(bytes, "tokenName ")))
    }),
    ("one object many times", "/graphql", |bytes| {
        graphql(&format!("{{ {} }}", repeated(bytes, "viewer { tokenName } ")))
    }),
    ("fragments that double", "/graphql", |bytes| {
        graphql(&format!(
            "{{ ...F0 }} {}",
            numbered(bytes, |n| format!("fragment F{n} on Query {{ ...F{0} ...F{0} }}", n + 1))
        ))
    }),
    ("fragments in a row", "/graphql", |bytes| {
        graphql(&format!(
            "{{ ...F0 }} {}",
            numbered(bytes, |n| format!("fragment F{n} on Query {{ ...F{} }}", n + 1))
        ))
    }),
    ("fragments that are not spread", "/graphql", |bytes| {
        graphql(&format!(
            "{{ __typename }} {}",
            numbered(bytes, |n| format!("fragment F{n} on Query {{ __typename }}"))
        ))
    }),
    ("many spreads of a fragment", "/graphql", |bytes| {
        let spreads = repeated(bytes, "...F ");
        graphql(&format!(
            "{{ {spreads} }} fragment F on Query {{ __typename viewer {{ tokenName }} }}"
        ))
    }),
    ("many operations", "/graphql", |bytes| {
        graphql(&numbered(bytes, |n| format!("query Q{n} {{ __typename }}")))
    }),
    ("many operations of a large fragment", "/graphql", |bytes| {
        let operations = numbered(bytes / 2, |n| format!("query Q{n} {{ ...F }}"));
        let fields = repeated(bytes / 2, "__typename ");
        graphql(&format!("{operations} fragment F on Query {{ {fields} }}"))
    }),
    ("many operations of a large value", "/graphql", |bytes| {
        let operations = numbered(bytes / 2, |n| format!("query Q{n} {{ ...F }}"));
        let ids = repeated(bytes / 2, "\"a\" ");
        graphql(&format!("{operations} fragment F on Query {{ nodes(ids: [{ids}]) {{ id }} }}"))
    }),
    ("directives on a field", "/graphql", |bytes| {
        graphql(&format!("{{ __typename {} }}", repeated(bytes, "@skip(if: false) ")))
    }),
    ("directives that do not exist", "/graphql", |bytes| {
        graphql(&format!("{{ __typename {} }}", repeated(bytes, "@a ")))
    }),
    ("fields that do not exist", "/graphql", |bytes| {
        graphql(&format!("{{ viewer {{ {} }} }}", numbered(bytes, |n| format!("a{n}"))))
    }),
    ("arguments that do not exist", "/graphql", |bytes| {
        let arguments = numbered(bytes, |n| format!("a{n}: 1"));
        graphql(&format!("{{ agents({arguments}) {{ totalCount }} }}"))
    }),
    ("an argument many times", "/graphql", |bytes| {
        graphql(&format!("{{ agents({}) {{ totalCount }} }}", repeated(bytes, "first: 1 ")))
    }),
    ("input fields that do not exist", "/graphql", |bytes| {
        let fields = numbered(bytes, |n| format!("a{n}: 1"));
        graphql(&format!("mutation {{ createAgent(input: {{ {fields} }}) {{ replayed }} }}"))
    }),
    ("a large list", "/graphql", |bytes| {
        graphql(&format!("{{ nodes(ids: [{}]) {{ id }} }}", repeated(bytes, "\"a\" ")))
    }),
    ("definitions of variables", "/graphql", |bytes| {
        graphql(&format!("query({}) {{ __typename }}", numbered(bytes, |n| format!("$a{n}: Int"))))
    }),
    ("variables in a list", "/graphql", |bytes| {
        let definitions = numbered(bytes / 2, |n| format!("$a{n}: ID!"));
        let uses = numbered(bytes / 2, |n| format!("$a{n}"));
        graphql(&format!("query({definitions}) {{ nodes(ids: [{uses}]) {{ id }} }}"))
    }),
    ("overlapping fields in each other", "/graphql", |bytes| {
        let inner = repeated(bytes, "crmScenarios { nodes { steps { nodes { id } } } } ");
        graphql(&format!("{{ {inner} }}"))
    }),
    ("fields in each other", "/graphql", |bytes| graphql(&"{ a ".repeat(bytes / 4))),
    ("brackets in each other", "/graphql", |bytes| graphql(&"{".repeat(bytes))),
    ("lists in each other", "/graphql", |bytes| {
        graphql(&format!("{{ a(b: {}) }}", "[".repeat(bytes)))
    }),
    ("objects in each other", "/graphql", |bytes| {
        graphql(&format!("{{ a(b: {}) }}", repeated(bytes, "{ c: ")))
    }),
    ("inline fragments in each other", "/graphql", |bytes| graphql(&repeated(bytes, "{ ... "))),
    ("lists of a variable's type", "/graphql", |bytes| {
        graphql(&format!("query($a: {}", "[".repeat(bytes)))
    }),
    ("a long comment", "/graphql", |bytes| {
        graphql(&format!("{{ __typename }} #{}", "x".repeat(bytes)))
    }),
    ("many comments", "/graphql", |bytes| {
        graphql(&format!("{{ __typename }} {}", repeated(bytes, "#\n")))
    }),
    ("commas", "/graphql", |bytes| graphql(&format!("{{ __typename }} {}", ",".repeat(bytes)))),
    ("a string that does not end", "/graphql", |bytes| {
        graphql(&format!("{{ a(b: \"{}", "x".repeat(bytes)))
    }),
    ("strings", "/graphql", |bytes| {
        graphql(&format!(
            "{{ nodes(ids: [{}]) {{ id }} }}",
            repeated(bytes, "\"\"\"\\\"\"\"x\"\"\"")
        ))
    }),
    ("descriptions", "/graphql", |bytes| {
        graphql(&numbered(bytes, |n| format!("\"a\" query Q{n} {{ __typename }}")))
    }),
    ("a long name", "/graphql", |bytes| graphql(&format!("{{ {} }}", "x".repeat(bytes)))),
    ("numbers without spaces", "/graphql", |bytes| {
        graphql(&format!("{{ a(b: [{}]) }}", "1-".repeat(bytes / 2)))
    }),
    ("characters that are none of GraphQL", "/graphql", |bytes| {
        graphql(&format!("{{ {} }}", "é".repeat(bytes / 2)))
    }),
    ("a list in a variable", "/graphql", |bytes| {
        let ids = vec!["a"; bytes / 4];
        with_variable("query($v: [ID!]!) { nodes(ids: $v) { id } }", &json!(ids))
    }),
    ("lists in a list in a variable", "/graphql", |bytes| {
        let filter = json!({ "or": vec![json!({ "or": vec![json!({}); 100] }); bytes / 300] });
        with_variable("query($v: CrmStepFilter) { crmSteps(filter: $v) { totalCount } }", &filter)
    }),
    ("a REST body of nested lists", "/crm/step", |bytes| "[".repeat(bytes)),
    ("a REST body of unknown keys", "/crm/step", |bytes| {
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

/// A text again and again, about so many bytes together.
fn repeated(bytes: usize, text: &str) -> String {
    text.repeat(bytes / text.len())
}

/// Texts with numbers in them, about so many bytes together.
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
