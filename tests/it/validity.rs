//! Validation of requests: if any part of a request is invalid, nothing of it runs.

mod arguments;

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::support::{App, Client, TestResponse, on_both_databases};

/// A mutation that would store an agent, placed before an invalid one.
const CREATE: &str = "createAgent(input: { name: \"a\" }) { agent { id } }";

async fn assert_rejected(
    client: &Client,
    document: &str,
    variables: Value,
    code: &str,
) -> TestResponse {
    let answer = client.graphql(document, variables.clone()).await;
    let what = format!("{document} {variables} {}", answer.text);
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{what}");
    assert_eq!(answer.error_code(), code, "{what}");
    assert!(answer.json().get("data").is_none(), "{what}");
    for error in answer.json()["errors"].as_array().expect("errors") {
        let message = error["message"].as_str().expect("a message");
        assert!(message.ends_with('.'), "{message}");
    }
    answer
}

/// Sends each mutation after one that would store an agent, with the variables that it declares, and
/// expects that the request is rejected and nothing is stored.
async fn assert_none_runs(app: &App, mutations: &[(&str, &str, Value)]) {
    let ana = app.member_of("Horizonte").await;
    let before = app.contents().await;
    for (declared, mutation, variables) in mutations {
        let declared = if declared.is_empty() { String::new() } else { format!("({declared})") };
        let document = format!("mutation{declared} {{ a: {CREATE} b: {mutation} }}");
        assert_rejected(&ana, &document, variables.clone(), "GRAPHQL_VALIDATION_FAILED").await;
    }
    assert_eq!(app.contents().await, before, "nothing was stored");
}

async fn a_variable_of_the_wrong_type_stops_all_mutations(app: App) {
    let mutations = [
        // Nullable variables for non-null arguments.
        ("$v: ID", "moveCrmStep(id: \"a\", to: { before: $v }) { replayed }", json!({})),
        ("$v: ID", "moveCrmStep(id: \"a\", to: { before: $v }) { replayed }", json!({ "v": "b" })),
        ("$v: ID = \"b\"", "moveCrmStep(id: \"a\", to: { before: $v }) { replayed }", json!({})),
        ("$v: ID", "moveCrmStep(id: $v, to: { first: true }) { replayed }", json!({ "v": "b" })),
        ("$v: ID = null", "moveCrmStep(id: $v, to: { first: true }) { replayed }", json!({})),
        ("$v: String", "createAgent(input: { name: $v }) { replayed }", json!({ "v": "b" })),
        ("$v: String", "createAgent(input: { name: $v }) { replayed }", json!({})),
        (
            "$v: String",
            "createCrmStep(input: { name: \"b\", scenarioId: \"c\", defaultTags: [$v] }) { replayed }",
            json!({}),
        ),
        (
            "$v: [String]",
            "createCrmStep(input: { name: \"b\", scenarioId: \"c\", defaultTags: $v }) { replayed }",
            json!({ "v": [] }),
        ),
        (
            "$v: CreateCrmStepsInput",
            "createCrmSteps(inputs: [$v]) { replayed }",
            json!({ "v": null }),
        ),
        (
            "$v: Boolean",
            "createAgent(input: { name: \"b\" }) @skip(if: $v) { replayed }",
            json!({}),
        ),
        (
            "$v: Boolean = null",
            "createAgent(input: { name: \"b\" }) @include(if: $v) { replayed }",
            json!({}),
        ),
        // Variables of another type than their argument.
        (
            "$v: String!",
            "moveCrmStep(id: $v, to: { first: true }) { replayed }",
            json!({ "v": "b" }),
        ),
        ("$v: Int!", "createAgent(input: { name: $v }) { replayed }", json!({ "v": 5 })),
        (
            "$v: String",
            "createCrmStep(input: { name: \"b\", scenarioId: \"c\", defaultTags: $v }) { replayed }",
            json!({ "v": "d" }),
        ),
        (
            "$v: String!",
            "createCrmSteps(inputs: [], mode: $v) { replayed }",
            json!({ "v": "SKIP_INVALID" }),
        ),
        ("$v: Nothing", "createAgent(input: { name: \"b\" }) { replayed }", json!({})),
        ("", "createAgent(input: { name: $v }) { replayed }", json!({ "v": "b" })),
        (
            "",
            "createCrmStep(input: { name: \"b\", scenarioId: \"c\", webhookHeader: { d: $v } }) { replayed }",
            json!({ "v": "b" }),
        ),
        ("$v: ID", "createAgent(input: { name: \"b\" }) { replayed }", json!({})),
    ];
    assert_none_runs(&app, &mutations).await;
}

async fn an_invalid_value_or_selection_stops_all_mutations(app: App) {
    let mutations = [
        // Values of another type than their argument.
        ("", "createCrmSteps(inputs: [], mode: \"SKIP_INVALID\") { replayed }"),
        ("$v: BatchMode! = \"ALL\"", "createCrmSteps(inputs: [], mode: $v) { replayed }"),
        (
            "",
            "createCrmStep(input: { name: \"b\", scenarioId: \"c\", autoNextTimeUnit: \"h\" }) { replayed }",
        ),
        ("", "createAgent(input: { name: 5 }) { replayed }"),
        ("", "createAgent(input: { name: null }) { replayed }"),
        ("", "createAgent(input: { name: \"b\", colour: \"red\" }) { replayed }"),
        ("", "createAgent(input: {}) { replayed }"),
        ("", "createAgent(input: \"b\") { replayed }"),
        (
            "",
            "createCrmStep(input: { name: \"b\", scenarioId: \"c\", autoNextTime: 3000000000 }) { replayed }",
        ),
        // Fields that are repeated, or that exclude each other.
        ("", "createAgent(input: { name: \"b\", name: \"c\" }) { replayed }"),
        (
            "",
            "createCrmStep(input: { name: \"b\", scenarioId: \"c\", webhookHeader: { d: 1, d: 2 } }) { replayed }",
        ),
        (
            "$v: CrmStepPlacement! = { first: true, first: true }",
            "moveCrmStep(id: \"a\", to: $v) { replayed }",
        ),
        ("", "moveCrmStep(id: \"a\", to: { first: true, last: true }) { replayed }"),
        ("", "moveCrmStep(id: \"a\", to: {}) { replayed }"),
        ("", "moveCrmStep(id: \"a\", to: { before: null }) { replayed }"),
        // Invalid selections.
        ("", "createAgent(input: { name: \"b\" }) { nothing }"),
        ("", "createAgent(input: { name: \"b\" })"),
        ("", "createAgent(input: { name: \"b\" }) { agent }"),
        ("", "createAgent(input: { name: \"b\" }) { a: replayed a: userErrors { code } }"),
        ("", "createAgent(input: { name: \"b\" }) { ...Nothing }"),
        ("", "createAgent(input: { name: \"b\" }) { ... on Query { __typename } }"),
        ("", "nothing"),
        ("", "createAgent(input: { name: \"b\" }, colour: 1) { replayed }"),
        ("", "createAgent(input: { name: \"b\" }) @nothing { replayed }"),
    ];
    assert_none_runs(&app, &mutations.map(|(declared, mutation)| (declared, mutation, json!({}))))
        .await;
}

async fn an_invalid_variable_value_stops_all_mutations(app: App) {
    let ana = app.member_of("Horizonte").await;
    let before = app.contents().await;
    let step = |field: &str, value: Value| {
        let mut input = json!({ "name": "b", "scenarioId": "c" });
        input[field] = value;
        ("$v: CreateCrmStepInput!", "createCrmStep(input: $v) { replayed }", json!({ "v": input }))
    };
    for (declared, mutation, variables) in [
        ("$v: CreateAgentInput!", "createAgent(input: $v) { replayed }", json!({})),
        ("$v: CreateAgentInput!", "createAgent(input: $v) { replayed }", json!({ "v": null })),
        ("$v: CreateAgentInput!", "createAgent(input: $v) { replayed }", json!({ "v": {} })),
        (
            "$v: CrmStepPlacement!",
            "moveCrmStep(id: \"a\", to: $v) { replayed }",
            json!({ "v": { "first": true, "last": true } }),
        ),
        (
            "$v: CrmStepPlacement!",
            "moveCrmStep(id: \"a\", to: $v) { replayed }",
            json!({ "v": { "before": null } }),
        ),
        ("$v: ID!", "moveCrmStep(id: $v, to: { first: true }) { replayed }", json!({ "v": 1.5 })),
        (
            "$v: Boolean",
            "createAgent(input: { name: \"b\" }, validateOnly: $v) { replayed }",
            json!({ "v": null }),
        ),
        (
            "$v: Boolean = true",
            "createAgent(input: { name: \"b\" }) @skip(if: $v) { replayed }",
            json!({ "v": null }),
        ),
        step("name", json!(null)),
        step("colour", json!("red")),
        step("defaultTags", json!(["a", null])),
        step("defaultTags", json!({ "a": "b" })),
        step("autoNextTime", json!(3_000_000_000_u32)),
        step("autoNextTime", json!(1.5)),
        step("autoNextTime", json!("5")),
        step("autoNextTimeUnit", json!("weeks")),
        step("requestContact", json!({ "name": "yes" })),
        step("requestContact", json!([])),
    ] {
        let document = format!("mutation({declared}) {{ a: {CREATE} b: {mutation} }}");
        let answer = assert_rejected(&ana, &document, variables, "BAD_USER_INPUT").await;
        let message = answer.json()["errors"][0]["message"].as_str().expect("text").to_owned();
        assert!(message.starts_with("The variable $v"), "{message}");
    }
    assert_eq!(app.contents().await, before, "nothing was stored");
}

async fn an_invalid_page_stops_all_mutations(app: App) {
    let ana = app.member_of("Horizonte").await;
    let before = app.contents().await;
    for (page, variables, message) in [
        ("first: 0", json!({}), "first is 0; it must be between 1 and 100."),
        ("last: 101", json!({}), "last is 101; it must be between 1 and 100."),
        ("first: $v", json!({ "v": -1 }), "first is -1; it must be between 1 and 100."),
        (
            "first: 1, last: $v",
            json!({ "v": 1 }),
            "first and last are both given; a page has one of them.",
        ),
    ] {
        let document = format!(
            "mutation($v: Int = 1) {{ a: createAgent(input: {{ name: \"a\" }}) {{
                agent {{ ...F @include(if: true) b: history(first: $v) {{ totalCount }} }} }} }}
             fragment F on Agent {{ history({page}) {{ totalCount }} }}"
        );
        let answer = assert_rejected(&ana, &document, variables, "BAD_USER_INPUT").await;
        let messages = answer.json()["errors"].clone();
        assert_eq!(messages[0]["message"], message, "{document}");
    }
    assert_eq!(app.contents().await, before, "nothing was stored");
}

async fn syntax_errors_have_a_position(app: App) {
    let ana = app.member_of("Horizonte").await;
    for (document, line, column) in [
        ("query () { __typename }", 1, 8),
        ("fragment on on Query { __typename } { ...on }", 1, 10),
        ("{ a(b: \"c\n", 1, 8),
        ("{\n  é: __typename }", 2, 3),
        ("{}", 1, 2),
        ("{ a() }", 1, 5),
        ("{ crmStep(id: \"\\ud800\") { id } }", 1, 15),
        ("\"no description\" { __typename }", 1, 1),
        ("{ crmSteps(first: 01) { totalCount } }", 1, 19),
        ("{ crmSteps(first) { totalCount } }", 1, 17),
        ("mutation { deleteAgent(id: \"a\" expectedVersion) { replayed } }", 1, 47),
        ("{ agents(filter: { name: { eq } }) { totalCount } }", 1, 31),
        ("{ crmStep(id: \"\n\") { id } }", 1, 15),
    ] {
        let answer = assert_rejected(&ana, document, json!({}), "GRAPHQL_PARSE_FAILED").await;
        let place = answer.json()["errors"][0]["locations"][0].clone();
        assert_eq!(place, json!({ "line": line, "column": column }), "{document}");
    }
}

async fn all_validation_errors_are_returned_together(app: App) {
    let ana = app.member_of("Horizonte").await;
    let document = "query($a: Int, $b: Int) { viewer { tokenName } crmStep { id } }";
    let answer = assert_rejected(&ana, document, json!({}), "GRAPHQL_VALIDATION_FAILED").await;
    let errors = answer.json()["errors"].as_array().expect("errors").len();
    assert_eq!(errors, 3, "two variables that are not used and an argument: {}", answer.text);
}

async fn what_the_specification_allows_is_accepted(app: App) {
    let ana = app.member_of("Horizonte").await;
    for (document, variables, expected) in [
        ("{ a: __typename a: __typename }", json!({}), json!({ "a": "Query" })),
        (
            "\"Says what it is.\" query Q(\"What it takes.\" $v: String = \"x\") {
                __type(name: $v) { name } ...F }
             \"A part.\" fragment F on Query { __typename }",
            json!({}),
            json!({ "__type": null, "__typename": "Query" }),
        ),
        (
            "query($on: Boolean = true, $off: Boolean! = false) {
                a: __typename @include(if: $on) b: __typename @skip(if: $on)
                c: __typename @include(if: $off) d: __typename @skip(if: $off) }",
            json!({}),
            json!({ "a": "Query", "d": "Query" }),
        ),
        ("{ node(id: 123456789012345678901234567890) { id } }", json!({}), json!({ "node": null })),
        ("{ nodes(ids: 5) { id } }", json!({}), json!({ "nodes": [null] })),
        ("query($v: ID!) { node(id: $v) { id } }", json!({ "v": 7 }), json!({ "node": null })),
        ("query($v: ID!) { node(id: $v) { id } }", json!({ "v": 1e300 }), json!({ "node": null })),
        (
            "query($v: [ID!]!) { nodes(ids: $v) { id } }",
            json!({ "v": "a" }),
            json!({ "nodes": [null] }),
        ),
        (
            "query($v: Int) { crmSteps(first: $v) { totalCount } }",
            json!({ "v": 3.0 }),
            json!({ "crmSteps": { "totalCount": 0 } }),
        ),
        (
            "query($v: Int) { crmSteps(first: $v) { totalCount } }",
            json!({ "v": null, "more": 1 }),
            json!({ "crmSteps": { "totalCount": 0 } }),
        ),
        (
            "query($v: OrderDirection) {
                crmSteps(orderBy: [{ field: NAME, direction: $v }]) { totalCount } }",
            json!({}),
            json!({ "crmSteps": { "totalCount": 0 } }),
        ),
        (
            "query($v: Boolean) { __type(name: \"OrderDirection\") {
                a: enumValues(includeDeprecated: $v) { name }
                b: enumValues(includeDeprecated: null) { isDeprecated } ...F } }
             fragment F on __Type { c: enumValues(includeDeprecated: $v) { __typename } }",
            json!({}),
            json!({ "__type": {
                "a": [{ "name": "ASC" }, { "name": "DESC" }],
                "b": [{ "isDeprecated": false }, { "isDeprecated": false }],
                "c": [{ "__typename": "__EnumValue" }, { "__typename": "__EnumValue" }],
            } }),
        ),
        (
            "query($v: Boolean) { __type(name: \"ID\") { fields(includeDeprecated: $v) { name } } }",
            json!({ "v": null }),
            json!({ "__type": { "fields": null } }),
        ),
        (
            "{ __type(name: \"CrmStepPlacement\") { isOneOf } }",
            json!({}),
            json!({ "__type": { "isOneOf": true } }),
        ),
        (
            "{ a,: __typename ...,F } fragment F on Query { b,, , # c\n: __typename }",
            json!({}),
            json!({ "a": "Query", "b": "Query" }),
        ),
        ("\u{feff}{ __typename }", json!({}), json!({ "__typename": "Query" })),
        (
            "{ ... @include(if: true) { __typename } ... on Query { a: __typename } }",
            json!({}),
            json!({ "__typename": "Query", "a": "Query" }),
        ),
    ] {
        let answer = ana.graphql(document, variables).await;
        assert_eq!(answer.data(), expected, "{document}");
    }
}

async fn minus_zero_is_zero(app: App) {
    let ana = app.member_of("Horizonte").await;
    let answer = ana.graphql("{ crmSteps(first: -0) { totalCount } }", json!({})).await;
    let message = answer.json()["errors"][0]["message"].clone();
    assert_eq!(message, "first is 0; it must be between 1 and 100.");
}

async fn string_literals_are_decoded(app: App) {
    let ana = app.member_of("Horizonte").await;
    for (written, meant) in [
        (r#""\ud83d\ude00""#, "😀"),
        (r#""\u{1F600}""#, "😀"),
        (r#""a\u00e9\t\"""#, "aé\t\""),
        ("\"\"\"\n    a\n      b \\\"\"\" c\n    \"\"\"", "a\n  b \"\"\" c"),
    ] {
        let document = format!(
            "mutation {{ createCrmScenario(input: {{ name: \"a\", description: {written} }}) {{
                crmScenario {{ description }} userErrors {{ code }} }} }}"
        );
        let data = ana.query(&document).await;
        assert_eq!(data["createCrmScenario"]["crmScenario"]["description"], meant, "{written}");
    }
}

async fn fields_of_one_response_key_run_once(app: App) {
    let ana = app.member_of("Horizonte").await;
    let document = "
        mutation($yes: Boolean = true) {
            __typename
            ...One
            ...Two
            a: createAgent(input: { name: \"A\" }) @skip(if: $yes) { agent { version } }
            ... on Mutation @include(if: $yes) { b: createAgent(input: { name: \"B\" }) { replayed } }
        }
        fragment One on Mutation { __typename a: createAgent(input: { name: \"A\" }) { agent { id } } }
        fragment Two on Mutation {
            a: createAgent(input: { name: \"A\" }) { agent { name } userErrors { code } }
            __typename
        }";
    let data = ana.query(document).await;
    let keys: Vec<_> = data.as_object().expect("data").keys().collect();
    assert_eq!(keys, ["__typename", "a", "b"]);
    let agent = data["a"]["agent"].as_object().expect("an agent");
    assert_eq!(agent.keys().collect::<Vec<_>>(), ["id", "name"]);
    assert_eq!(data["a"]["userErrors"], json!([]));
    let agents = ana.query("{ agents { nodes { name } } }").await;
    assert_eq!(agents["agents"]["nodes"], json!([{ "name": "A" }, { "name": "B" }]));
    let skipped = "mutation { createAgent(input: { name: \"C\" }) @skip(if: true) { replayed } }";
    assert_eq!(ana.query(skipped).await, json!({}));
}

async fn many_operations_of_one_large_fragment_are_rejected_before_validation(app: App) {
    let ana = app.member_of("Horizonte").await;
    let operations: Vec<_> = (0..600).map(|n| format!("query Q{n} {{ ...F }}")).collect();
    let operations = operations.join(" ");
    let document =
        format!("{operations} fragment F on Query {{ {} }}", "__typename ".repeat(1_000));
    // Validation would report that the operation to execute is not named.
    let answer = assert_rejected(&ana, &document, json!({}), "QUERY_TOO_LARGE").await;
    assert!(answer.text.contains("5000 fields and fragments"), "{}", answer.text);
    let values = format!(
        "{operations} fragment F on Query {{ nodes(ids: [{}]) {{ id }} }}",
        "1 ".repeat(1_000)
    );
    let answer = assert_rejected(&ana, &values, json!({}), "QUERY_TOO_LARGE").await;
    assert!(answer.text.contains("10000 values"), "{}", answer.text);
}

async fn chains_of_fragments_are_rejected_before_they_overflow_the_stack(app: App) {
    let ana = app.member_of("Horizonte").await;
    let chain = |fragments: usize, levels: usize, end: &str| {
        let all: Vec<_> = (0..fragments)
            .map(|n| {
                let next =
                    if n + 1 == fragments { end.to_owned() } else { format!("...F{}", n + 1) };
                let (open, close) = ("... { ".repeat(levels), "} ".repeat(levels));
                format!("fragment F{n} on Query {{ {open} {next} {close} }}")
            })
            .collect();
        format!("{{ ...F0 }} {}", all.join(" "))
    };
    for end in ["__typename", "nothing", "...F0"] {
        assert_rejected(&ana, &chain(30, 120, end), json!({}), "QUERY_TOO_LARGE").await;
    }
    // The depth of a fragment, measured at its first spread, also counts at later spreads.
    let again = format!(
        "{} fragment G on Query {{ {} ...F0 {} }} query Q {{ ...F0 ...G }}",
        chain(2, 100, "__typename"),
        "... { ".repeat(100),
        "} ".repeat(100)
    );
    assert_rejected(&ana, &again, json!({}), "QUERY_TOO_LARGE").await;
    assert_rejected(&ana, &chain(101, 1, "__typename"), json!({}), "QUERY_TOO_LARGE").await;
    // The deepest that are accepted.
    for (fragments, levels) in [(2, 125), (100, 1)] {
        let data = ana.query(&chain(fragments, levels, "__typename")).await;
        assert_eq!(data, json!({ "__typename": "Query" }));
    }
}

on_both_databases!(
    a_variable_of_the_wrong_type_stops_all_mutations,
    an_invalid_value_or_selection_stops_all_mutations,
    an_invalid_variable_value_stops_all_mutations,
    an_invalid_page_stops_all_mutations,
    fields_of_one_response_key_run_once,
    minus_zero_is_zero,
    string_literals_are_decoded,
    what_the_specification_allows_is_accepted,
    syntax_errors_have_a_position,
    all_validation_errors_are_returned_together,
    many_operations_of_one_large_fragment_are_rejected_before_validation,
    chains_of_fragments_are_rejected_before_they_overflow_the_stack,
);
