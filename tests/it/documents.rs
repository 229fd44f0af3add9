//! The preparation of documents by the engine: errors that the parser does not report, and counts.

use async_graphql::{Pos, Request};
use crm_steps::{
    config::{HttpConfig, Limits},
    graphql::{
        engine,
        engine::{DocumentRejected, Reason},
    },
};

fn check_within(limits: &Limits, document: &str) -> Result<(), DocumentRejected> {
    engine(limits.into()).read(document).map(|_document| ())
}

fn check(document: &str) -> Result<(), DocumentRejected> {
    check_within(&HttpConfig::default().limits, document)
}

#[test]
fn brackets_nest_except_in_strings_and_comments() {
    const NESTING_MAX: usize = 128;
    let nests_too_deep = |document: &str| {
        let is_about_nesting = |rejected: DocumentRejected| {
            rejected.faults[0].message.contains("nests deeper than 128 levels")
        };
        check(document).is_err_and(is_about_nesting)
    };
    let many = "{".repeat(NESTING_MAX + 1);
    for document in [
        format!("{{ a(b: \"{many}\") }}"),
        format!("{{ a(b: \"\\\"{many}\") }}"),
        format!("{{ a(b: \"\"\" {many} \\\"\"\" {many}\"\"\") }}"),
        format!("{{ a # {many}\n }}"),
        "{}".repeat(NESTING_MAX + 1),
    ] {
        assert!(!nests_too_deep(&document), "{document}");
    }
    let many = "{a".repeat(NESTING_MAX + 1);
    for document in [
        many.clone(),
        format!("\"\" {many}"),
        format!("# comment\r{many}"),
        "([".repeat(NESTING_MAX),
    ] {
        assert!(nests_too_deep(&document), "{document}");
    }
}

#[test]
fn ignored_tokens_are_not_counted() {
    for (document, tokens) in [
        ("", 0),
        (" ,\n# { a b c", 0),
        ("{a}", 3),
        ("query A($b: [Int!] = [-1.5e+3, 2]) { c: d(e: $b, f: \"g h\") ...I }", 32),
        ("\"\"\" a \"b\" c \"\"\" \"\\\"\" \"\"", 3),
    ] {
        let check = |max_tokens| {
            check_within(&Limits { max_tokens, ..HttpConfig::default().limits }, document)
        };
        let rejected = check(tokens).expect_err("it is not valid");
        assert_ne!(rejected.reason, Reason::TooLarge, "{document}");
        if tokens > 0 {
            let rejected = check(tokens - 1).expect_err("it is too large");
            let message = format!("The document has more than {} tokens.", tokens - 1);
            assert_eq!(rejected.faults[0].message, message, "{document}");
        }
    }
}

#[test]
fn commas_are_ignored_except_in_strings() {
    let document =
        "{ a,: nodes(,ids: [\"b,\",\"c\",],) # d,\n { ...,E } } fragment E on Node { id }";
    let mut request = Request::new(document);
    engine((&HttpConfig::default().limits).into()).prepare(&mut request).expect("it is valid");
    let prepared = format!("{:?}", request.parsed_query().expect("it is parsed"));
    assert!(prepared.contains("\"b,\""), "{prepared}");
}

#[test]
fn errors_that_the_parser_accepts_are_reported() {
    for (document, offset) in [
        ("{ a(b) }", 5),
        ("{ a(b c: 1) }", 6),
        ("{ a(b: 1 c) }", 10),
        ("{ a @b(c d: 1) }", 9),
        ("{ a(b: { c }) }", 11),
        ("{ a(b: [{ c: 1 d }]) }", 17),
        ("query($a: B = { c }) { d }", 18),
        ("query A @b(c) { d }", 12),
        ("{ a(b: \"\n\") }", 7),
        ("{ a(b: \"\rc\") }", 7),
    ] {
        let DocumentRejected { reason, faults } = check(document).expect_err("it is not GraphQL");
        assert_eq!(reason, Reason::Parse, "{document}");
        assert_eq!(faults[0].locations, [Pos { line: 1, column: offset + 1 }], "{document}");
    }
}

#[test]
fn well_formed_documents_reach_validation() {
    for document in [
        "query A($b: [C!]! = [{ d: E f: [1 {}] }] @g(h: 1) $i: J) @k(l: {}) { m: n(o: $p e: { f: $q g: 1 }) { r } }",
        "{ a(b: c d: -1.5 e: null f: true g: { h: { i: \"\" } }) @j(k: $l) { ... @m { n } } }",
        "fragment A on B { c(d: [[e]] f: \"\"\"\n\"\"\") }",
    ] {
        let rejected = check(document).expect_err("it is invalid by the schema");
        assert_eq!(rejected.reason, Reason::Validation, "{document}: {rejected:?}");
    }
}

#[test]
fn descriptions_are_ignored() {
    let variables = "(\"b\" $id: ID! = \"d\" \"e\" $ids: [ID!]! = [\"g\" \"h\"])";
    let document = format!(
        "\"a é\"\nquery Q{variables} {{ node(id: $id) {{ id }} nodes(ids: $ids) {{ ...D }} }} \
         \"\"\"i\nc\"\"\" fragment D on Node {{ id }}"
    );
    let mut request = Request::new(&document);
    engine((&HttpConfig::default().limits).into()).prepare(&mut request).expect("it is valid");
    let strings = [("id", "\"d\""), ("ids", "[\"g\", \"h\"]")];
    for (name, value) in strings {
        assert_eq!(request.variables[name].to_string(), value);
    }
    let rejected =
        check(&document.replace("fragment D on Node { id }", "fragment D on Node { e }"));
    let DocumentRejected { reason, faults } = rejected.expect_err("the field does not exist");
    assert_eq!(reason, Reason::Validation);
    assert_eq!(faults[0].locations, [Pos { line: 3, column: 27 }]);
}

#[test]
fn strings_elsewhere_are_no_descriptions() {
    for document in ["\"a\" { b }", "{ a } \"b\"", "{ a(b: \"c\" $d) }", "query(\"a\") { b }"] {
        assert_eq!(
            check(document).expect_err("it is not GraphQL").reason,
            Reason::Parse,
            "{document}"
        );
    }
}

#[test]
fn lines_end_as_in_graphql_and_columns_count_characters() {
    let document = "{ a\nbc\r\nd\re(f: \"\u{2028}é🌞\") ...G h } # 🌞\nfragment G on Query { i }";
    let rejected = check(document).expect_err("none of the fields exists");
    let positions =
        rejected.faults.iter().map(|fault| (fault.locations[0].line, fault.locations[0].column));
    assert_eq!(
        positions.collect::<Vec<_>>(),
        [(1, 3), (2, 1), (3, 1), (4, 1), (4, 18), (5, 23)],
        "{rejected:?}"
    );
}
