//! Limits on the cost of requests: more expensive requests are rejected before they run.

mod payloads;

use std::collections::BTreeSet;

use axum::{body::Body, http::StatusCode};
use crm_steps::db::Engine;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use crate::support::{App, Client, TestResponse, catalogue::snake_case, on_both_databases};

async fn cost(client: &Client, query: &str, variables: Value) -> Value {
    let answer = client.graphql(query, variables).await;
    answer.data();
    answer.json()["extensions"]["cost"].clone()
}

async fn a_response_reports_its_cost(app: App) {
    let ana = app.member_of("Horizonte").await;
    let id = ana.agent("Sofia").await;
    for (query, complexity, depth) in [
        ("{ __typename }".to_owned(), 1, 1),
        ("{ viewer { organization { name } tokenName } }".to_owned(), 4, 3),
        // A page multiplies the cost of its element: 1 + 10 × (1 + 1 + 1).
        ("{ agents(first: 10) { nodes { id name } } }".to_owned(), 31, 3),
        ("{ agents { nodes { id name } } }".to_owned(), 151, 3),
        ("{ agents(last: 2) { edges { node { id } } totalCount } }".to_owned(), 9, 4),
        ("query($n: Int = 3) { agents(first: $n) { nodes { id } } }".to_owned(), 7, 3),
        // A page within a page: 1 + 2 × (1 + 1 + 3 × 2).
        ("{ crmScenarios(first: 2) { nodes { steps(first: 3) { nodes { id } } } } }".to_owned(), 17, 5),
        // One element per id.
        (format!("{{ nodes(ids: [\"{id}\", \"{id}\"]) {{ id }} }}"), 3, 2),
        // A fragment counts at each spread.
        ("{ a: viewer { ...V } b: viewer { ...V } } fragment V on Viewer { tokenName }".to_owned(), 4, 2),
        // A list without arguments has an assumed length: 100 for diagnostics, 1,000 for what each
        // step has, 10 for others. A picture counts as 100 fields.
        (
            "{ crmScenario(id: \"a\") { diagnostics { code params { name } steps { name } } } }".to_owned(),
            1 + 1 + 100 * (1 + (1 + 10) + (1 + 10)),
            4,
        ),
        (
            "{ crmScenario(id: \"a\") { flow { steps { lane } edges { kind to } svg } } }".to_owned(),
            2 + (1 + 1_000) + (1 + 2 * 1_000) + 100,
            4,
        ),
        (
            "{ crmScenario(id: \"a\") { spec { steps { key requestContact { name } } } } }".to_owned(),
            3 + 1_000 * (1 + 2),
            5,
        ),
        (
            "{ simulateCrmScenario(input: {}) { timeline { kind message } end { reason } } }".to_owned(),
            1 + (1 + 1_000 * 2) + 2,
            3,
        ),
        ("{ ... on Query { agents(first: 2) { ...P } } } fragment P on AgentConnection { nodes { id } }".to_owned(), 5, 3),
    ] {
        let expected = json!({ "complexity": complexity, "depth": depth });
        assert_eq!(cost(&ana, &query, json!({})).await, expected, "{query}");
    }
    let by_variable = "query($n: Int!, $ids: [ID!]!) { agents(first: $n) { nodes { id } } nodes(ids: $ids) { id } }";
    let cost = cost(&ana, by_variable, json!({ "n": 5, "ids": [id, id, id] })).await;
    assert_eq!(cost, json!({ "complexity": 11 + 4, "depth": 3 }));
    let refused = ana.graphql("{ nonsense }", json!({})).await;
    assert_eq!(refused.json().get("extensions"), None, "nothing was executed");
}

/// Expects that the request is rejected with this message before anything was executed.
async fn refuses(client: &Client, query: &str, variables: Value, sentence: &str) {
    let answer: TestResponse = client.graphql(query, variables).await;
    assert_eq!(
        (answer.status, answer.error_code().as_str()),
        (StatusCode::BAD_REQUEST, "QUERY_TOO_LARGE"),
        "{}",
        answer.text
    );
    assert_eq!(answer.json()["errors"][0]["message"], sentence);
    assert_eq!(answer.json().get("data"), None);
}

async fn each_limit_accepts_its_maximum_and_rejects_one_more(app: App) {
    let flags = [
        "--max-document-bytes=400",
        "--max-tokens=60",
        "--max-selections=8",
        "--max-depth=3",
        "--max-complexity=21",
        "--max-root-fields=4",
        "--max-aliases=3",
        "--max-directives=2",
        "--max-variables=2",
        "--max-list-elements=3",
    ];
    let ana = app.set_up(&flags).member_of("Horizonte").await;
    let before = app.contents().await;
    let ids = |count: usize| vec!["a"; count];
    let list = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }";
    let directive = "@include(if: true)";
    let fitting = [
        (format!("{{ __typename }} #{}", "x".repeat(384)), json!({})),
        ("{ viewer { tokenName scopes organization { id } } a: __typename }".to_owned(), json!({})),
        ("{ agents(first: 10) { nodes { id } } }".to_owned(), json!({})),
        ("{ a: __typename b: __typename c: __typename __typename }".to_owned(), json!({})),
        (format!("{{ __typename {directive} viewer {directive} {{ tokenName }} }}"), json!({})),
        ("query($a: Int, $b: Int) { agents(first: $a) { totalCount } c: agents(first: $b) { totalCount } }".to_owned(), json!({ "a": 1, "b": 1 })),
        (list.to_owned(), json!({ "ids": ids(3) })),
    ];
    for (query, variables) in fitting {
        ana.graphql(&query, variables).await.data();
    }
    for (query, variables, sentence) in [
        (
            format!("{{ __typename }} #{}", "x".repeat(385)),
            json!({}),
            "The document is longer than 400 bytes.",
        ),
        (format!("{{ {} }}", "a ".repeat(59)), json!({}), "The document has more than 60 tokens."),
        (
            format!("{{ viewer {{ {} }} }}", "scopes ".repeat(8)),
            json!({}),
            "The document has more than 8 fields and fragments.",
        ),
        (
            "{ viewer { organization { history { totalCount } } } }".to_owned(),
            json!({}),
            "The document's fields nest 4 levels deep; 3 are allowed.",
        ),
        (
            "{ agents(first: 11) { nodes { id } } }".to_owned(),
            json!({}),
            "The answer could have 23 fields; 21 are allowed. Ask for smaller pages, or for less in them.",
        ),
        (
            "{ __typename __typename __typename __typename __typename }".to_owned(),
            json!({}),
            "The document has more than 4 fields at its root.",
        ),
        (
            "{ a: __typename b: __typename c: __typename d: __typename }".to_owned(),
            json!({}),
            "The document has more than 3 aliases.",
        ),
        (
            format!("{{ __typename {directive} {directive} {directive} }}"),
            json!({}),
            "The document has more than 2 directives.",
        ),
        (
            "{ __typename }".to_owned(),
            json!({ "a": 1, "b": 2, "c": 3 }),
            "The request has more than 2 variables.",
        ),
        (
            list.to_owned(),
            json!({ "ids": ids(4) }),
            "A list in the variables has more than 3 elements.",
        ),
        (
            "{ __typename }".to_owned(),
            json!({ "a": { "b": [[1, 2, 3, 4]] } }),
            "A list in the variables has more than 3 elements.",
        ),
    ] {
        refuses(&ana, &query, variables, sentence).await;
    }
    assert_eq!(app.contents().await, before);
}

async fn fragments_are_counted_at_each_spread(app: App) {
    let ana = app.set_up(&["--max-aliases=20", "--max-directives=20"]).member_of("Horizonte").await;
    let spread = |inner: &str| {
        let doubling = (0..5)
            .map(|level| format!("fragment F{level} on Viewer {{ ...F{0} ...F{0} }}", level + 1));
        let doubling: Vec<String> = doubling.collect();
        let doubling = doubling.join(" ");
        format!("{{ viewer {{ ...F0 }} }} {doubling} fragment F5 on Viewer {{ {inner} }}")
    };
    ana.query(&spread("tokenName")).await;
    refuses(&ana, &spread("a: tokenName"), json!({}), "The document has more than 20 aliases.")
        .await;
    let directive = spread("tokenName @skip(if: false)");
    refuses(&ana, &directive, json!({}), "The document has more than 20 directives.").await;
}

async fn the_body_limit_is_configurable(app: App) {
    let ana = app.set_up(&["--max-body-bytes=100"]).member_of("Horizonte").await;
    let body = |bytes: usize| {
        let body = json!({ "query": "{ __typename }" }).to_string();
        format!("{body}{}", " ".repeat(bytes - body.len()))
    };
    assert_eq!(ana.post(body(100)).await.status, StatusCode::OK);
    let answer = ana.post(body(101)).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.json()["errors"][0]["message"], "The body is larger than 100 bytes.");
}

async fn repeated_long_texts_are_limited(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let step = json!({ "scenarioId": scenario, "name": "a", "prompt": "🙂".repeat(20_000) });
    for _ in 0..5 {
        let create = "createCrmSteps(inputs: $inputs) { replayed }";
        let inputs = json!({ "inputs": vec![step.clone(); 10] });
        ana.done("($inputs: [CreateCrmStepsInput!]!)", create, inputs).await;
    }
    let page = |prompts: &str| {
        format!("{{ crmScenario(id: \"{scenario}\") {{ steps {{ nodes {{ {prompts} }} }} }} }}")
    };
    ana.query(&page("prompt")).await;
    let aliases = "a: prompt b: prompt c: prompt d: prompt e: prompt f: prompt";
    let answer = ana.graphql(&page(aliases), json!({})).await;
    assert_eq!(answer.error_code(), "QUERY_TOO_LARGE");
    let message = answer.json()["errors"][0]["message"].to_string();
    assert!(
        message.contains("long texts of the answer have more than 20000000 bytes"),
        "{message}"
    );
    assert!(answer.text.len() < 21_000_000, "{}", answer.text.len());
}

/// The texts of a step whose maximum is so small that they are not counted.
const SHORT_TEXTS: [&str; 5] =
    ["key", "name", "whatsappTemplateLanguageCode", "whatsappTemplateName", "zapiPhoneNumber"];

/// Each text of a step is counted, or named above.
async fn each_long_text_of_a_step_is_counted(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    ana.steps(&scenario, "a").await;
    let query = "{ __type(name: \"CrmStep\") { fields { name type { name ofType { name } } } } }";
    let fields = ana.query(query).await["__type"]["fields"].clone();
    let fields = fields.as_array().expect("fields").iter();
    let texts = fields.filter(|field| field["type"].to_string().contains("\"String\""));
    let texts: BTreeSet<&str> =
        texts.map(|field| field["name"].as_str().expect("a name")).collect();
    let short: BTreeSet<&str> = SHORT_TEXTS.into();
    assert_eq!(short.difference(&texts).collect::<Vec<_>>(), Vec::<&&str>::new());
    let large = match app.database.engine() {
        Engine::Sqlite => "printf('%.*c', 20000001, 'a')",
        Engine::Postgres => "repeat('a', 20000001)",
    };
    for text in texts.difference(&short) {
        let column = snake_case(text);
        app.execute(&format!("UPDATE crm_step SET {column} = {large}")).await;
        let query = format!("{{ crmSteps {{ nodes {{ {text} }} }} }}");
        let answer = ana.graphql(&query, json!({})).await;
        assert!(answer.text.len() < 1_000, "{text} is not counted");
        assert_eq!(answer.error_code(), "QUERY_TOO_LARGE", "{text}");
    }
}

async fn tags_and_candidates_are_counted(app: App) {
    let ana = app.member_of("Horizonte").await;
    let mut ids = vec![];
    for index in 0..100 {
        let email = format!("{}{index}@{}.example", "a".repeat(60), "b".repeat(60));
        let input = json!({ "name": "Ana", "email": email, "role": "USER" });
        ids.push(ana.create("createMembership", "membership", &input).await);
    }
    let tags = |tag: &str| -> Vec<_> {
        (0..50).map(|index| format!("{tag}{index}{}", "🌞".repeat(60))).collect()
    };
    let step = json!({
        "defaultTags": tags("a"), "defaultTagsToRemove": tags("b"),
        "assigneeLogicType": "random_selected", "selectedMembershipIdsForAssignee": ids,
    });
    let (scenario, _) = ana.pipeline("Sales", vec![step; 60].into()).await;
    // Each field so often that its lists have more than 20 million bytes.
    for (list, field, times) in [
        ("steps(first: 60) { nodes", "defaultTags", 30),
        ("steps(first: 60) { nodes", "defaultTagsToRemove", 30),
        ("spec { steps", "defaultTags", 30),
        ("spec { steps", "defaultTagsToRemove", 30),
        ("spec { steps", "selectedMembershipEmails", 30),
    ] {
        let aliases: Vec<_> = (0..times).map(|index| format!("a{index}: {field}")).collect();
        let aliases = aliases.join(" ");
        let query =
            format!("{{ crmScenario(id: \"{scenario}\") {{ {list} {{ {aliases} }} }} }} }}");
        let answer = ana.graphql(&query, json!({})).await;
        let message = answer.json()["errors"][0]["message"].to_string();
        assert!(message.starts_with("\"The long texts of the answer"), "{query}: {message}");
    }
}

async fn requests_of_a_token_are_rate_limited(app: App) {
    let limited = app.set_up(&["--rate-limit-per-minute=3"]);
    let (ana, rui) = (limited.member_of("Horizonte").await, limited.member_of("Horizonte").await);
    for remaining in ["2", "1", "0"] {
        let answer = ana.graphql("{ __typename }", json!({})).await;
        assert_eq!(answer.headers["ratelimit-policy"], "\"token\";q=3;w=60");
        let state = answer.headers["ratelimit"].to_str().expect("text");
        assert!(state.starts_with(&format!("\"token\";r={remaining};t=")), "{state}");
        answer.data();
    }
    let before = app.contents().await;
    let create = "mutation { createAgent(input: { name: \"a\" }) { agent { id } } }";
    let answer = ana.graphql(create, json!({})).await;
    assert_eq!(
        (answer.status, answer.error_code().as_str()),
        (StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED")
    );
    let wait: u64 = answer.headers["retry-after"].to_str().expect("text").parse().expect("seconds");
    assert!((1..=20).contains(&wait), "{wait}");
    assert_eq!(app.contents().await, before, "nothing happened");
    rui.query("{ __typename }").await;

    let unlimited = app.set_up(&["--rate-limit-per-minute=0"]).member_of("Horizonte").await;
    let answer = unlimited.graphql("{ __typename }", json!({})).await;
    assert_eq!(answer.headers.get("ratelimit"), None);
}

async fn requests_above_the_concurrency_limit_are_rejected(app: App) {
    let ana = app.set_up(&["--max-concurrent-requests=1"]).member_of("Horizonte").await;
    // One request that waits for its body has the only permit.
    let (at_work, is_at_work) = oneshot::channel();
    let (send, body_sent) = oneshot::channel::<&'static str>();
    let body = futures_util::stream::once(async move {
        at_work.send(()).expect("the request waits for it");
        body_sent.await.map_err(std::io::Error::other)
    });
    let first = tokio::spawn({
        let ana = ana.clone();
        async move { ana.post(Body::from_stream(body)).await }
    });
    is_at_work.await.expect("it is at work");
    let refused = ana.graphql("{ __typename }", json!({})).await;
    assert_eq!(
        (refused.status, refused.error_code().as_str()),
        (StatusCode::SERVICE_UNAVAILABLE, "OVERLOADED")
    );
    assert_eq!(refused.headers["retry-after"], "1");
    send.send("{\"query\":\"{ __typename }\"}").expect("the request waits for it");
    first.await.expect("it answers").data();
    ana.query("{ __typename }").await;
}

/// A document is parsed once; its cost is computed for each request.
async fn limits_are_checked_again_for_a_cached_document(app: App) {
    let ana =
        app.set_up(&["--max-complexity=200"]).with_token_of(&app.member_of("Horizonte").await);
    let document = "query Few($first: Int!) { agents(first: $first) { nodes { id name } } }
        query Many { agents(first: 100) { nodes { id name } } }";
    let ask = async |name: &str, variables: Value| {
        let body = json!({ "query": document, "operationName": name, "variables": variables });
        ana.post(body.to_string()).await
    };
    for _ in 0..2 {
        assert_eq!(ask("Few", json!({ "first": 1 })).await.data()["agents"]["nodes"], json!([]));
        for (name, variables) in [("Few", json!({ "first": 100 })), ("Many", json!({}))] {
            assert_eq!(ask(name, variables).await.error_code(), "QUERY_TOO_LARGE");
        }
        assert_eq!(ask("Few", json!({})).await.error_code(), "BAD_USER_INPUT");
        assert_eq!(ask("None", json!({})).await.error_code(), "GRAPHQL_VALIDATION_FAILED");
    }
}

async fn the_lists_of_a_response_have_at_most_20_000_elements(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let inputs = vec![json!({ "scenarioId": scenario, "name": "a", "prompt": "b" }); 100];
    let create = "createCrmSteps(inputs: $inputs) { replayed }";
    ana.done("($inputs: [CreateCrmStepsInput!]!)", create, json!({ "inputs": inputs })).await;
    // A hundred steps, each with two pages of them: 100 + 100 × 100 + 100 × last.
    let lists = |last: usize| {
        format!(
            "{{ crmScenario(id: \"{scenario}\") {{ steps(first: 100) {{ nodes {{ scenario {{
                a: steps(first: 100) {{ nodes {{ __typename }} }}
                b: steps(first: {last}) {{ nodes {{ __typename }} }} }} }} }} }} }}"
        )
    };
    let answer = ana.graphql(&lists(99), json!({})).await;
    answer.data();
    assert_eq!(answer.text.matches("\"CrmStep\"").count(), 19_900);
    let answer = ana.graphql(&lists(100), json!({})).await;
    assert_eq!(answer.error_code(), "QUERY_TOO_LARGE");
    assert_eq!(
        answer.json()["errors"][0]["message"],
        "The lists of the answer have more than 20000 elements; ask for smaller pages."
    );
}

on_both_databases!(
    the_lists_of_a_response_have_at_most_20_000_elements,
    limits_are_checked_again_for_a_cached_document,
    a_response_reports_its_cost,
    each_limit_accepts_its_maximum_and_rejects_one_more,
    fragments_are_counted_at_each_spread,
    the_body_limit_is_configurable,
    repeated_long_texts_are_limited,
    each_long_text_of_a_step_is_counted,
    tags_and_candidates_are_counted,
    requests_of_a_token_are_rate_limited,
    requests_above_the_concurrency_limit_are_rejected,
);
