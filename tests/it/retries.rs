//! Repeated calls: calls with the same idempotency key take effect once.

mod storm;

use std::collections::BTreeSet;

use axum::http::{Request, StatusCode};
use chrono::TimeDelta;
use crm_steps::{db::Engine, store::kit::idempotency::forget_expired};
use serde_json::{Value, json};

use crate::support::{App, Client, Kind, in_input, on_both_databases, violations};

fn codes(code: &str) -> Vec<(String, String)> {
    vec![("idempotencyKey".to_owned(), code.to_owned())]
}

async fn create(client: &Client, key: &str, input: &Value) -> Value {
    let field = "createCrmStep(input: $input, idempotencyKey: $key) { crmStep { id index name webhookHeader selectedMembershipIdsForAssignee } crmStepEdge { cursor } userErrors { category } }";
    let types = "($input: CreateCrmStepInput!, $key: String!)";
    client.call(types, field, json!({ "input": input, "key": key })).await
}

async fn a_repeated_call_returns_the_first_outcome(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (scenario, bruno) = (ana.scenario("Sales").await, ana.membership("Bruno").await);
    let input = json!({
        "scenarioId": scenario, "name": "a", "prompt": "a", "webhookUrl": "https://example.com",
        "webhookHeader": { "X-Key": "v" }, "assigneeLogicType": "single_user",
        "selectedMembershipIdsForAssignee": [bruno],
    });
    let mut first = create(&ana, "1", &input).await;
    assert_eq!((violations(&first), &first["replayed"]), (vec![], &json!(false)));
    // Also if the step has changed since: the outcome of the first call is returned.
    let id = first["crmStep"]["id"].as_str().expect("an id");
    ana.done(
        "",
        &format!("updateCrmStep(id: \"{id}\", input: {{ name: \"b\" }}) {{ crmStep {{ id }} }}"),
        json!({}),
    )
    .await;
    let before = app.contents().await;
    let again = create(&ana, "1", &input).await;
    first["replayed"] = true.into();
    assert_eq!(again, first);
    // With its arguments written in any way.
    let written = format!(
        "createCrmStep(idempotencyKey: \"1\", input: {{ prompt: \"a\", name: \"a\", scenarioId: \"{scenario}\",
            webhookHeader: {{ _: \"\" }}, webhookUrl: \"https://example.com\", assigneeLogicType: single_user,
            selectedMembershipIdsForAssignee: [\"{bruno}\"] }}) {{ crmStep {{ id }} }}"
    )
    .replace("{ _: \"\" }", "$header");
    let again =
        ana.done("($header: StringMap)", &written, json!({ "header": { "X-Key": "v" } })).await;
    assert_eq!(again["replayed"], true);
    assert_eq!(app.contents().await, before);
}

/// The names of all mutations, each with the input type of its argument `input` or `inputs`.
async fn mutations(client: &Client) -> Vec<(String, Option<String>)> {
    let of_type = "name ofType { name ofType { name ofType { name } } }";
    let query = format!(
        "{{ __schema {{ mutationType {{ fields {{ name args {{ name type {{ {of_type} }} }} }} }} }} }}"
    );
    let schema = client.query(&query).await;
    let fields = schema["__schema"]["mutationType"]["fields"].as_array().expect("fields").clone();
    let input_type = |field: &Value| {
        let mut arguments = field["args"].as_array().expect("arguments").iter();
        let is_input = |argument: &&Value| ["input", "inputs"].contains(&name_of(argument));
        let mut ty = &arguments.find(is_input)?["type"];
        while ty["name"].is_null() {
            ty = &ty["ofType"];
        }
        Some(name_of(ty).to_owned())
    };
    fields.iter().map(|field| (name_of(field).to_owned(), input_type(field))).collect()
}

fn name_of(it: &Value) -> &str {
    it["name"].as_str().expect("a name")
}

/// The fields of an input type that may be null.
async fn nullable_fields(client: &Client, input_type: &str) -> Vec<String> {
    let query = format!(
        "{{ __type(name: \"{input_type}\") {{ inputFields {{ name type {{ kind }} }} }} }}"
    );
    let fields = client.query(&query).await["__type"]["inputFields"].clone();
    let fields = fields.as_array().expect("fields").iter();
    let nullable = fields.filter(|field| field["type"]["kind"] != "NON_NULL");
    nullable.map(|field| name_of(field).to_owned()).collect()
}

/// Tries every nullable field of every input type of the schema.
async fn null_equals_absent_in_a_create_and_differs_in_a_patch(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let (agent, bruno) = (ana.agent("Sofia").await, ana.membership("Bruno").await);
    let id = ana.steps(&scenario, "a").await.remove(0);
    let step = json!({ "scenarioId": scenario, "name": "a", "trigger": "b", "prompt": "c" });
    let person = json!({ "name": "a", "email": "a@example.com", "role": "USER" });
    let named = json!({ "name": "a" });
    let mut tried = 0;
    for (mutation, input_type) in mutations(&ana).await {
        let Some(input_type) = input_type else { continue };
        let (changed, input) = match mutation.as_str() {
            "createAgent" | "createCrmScenario" => (None, named.clone()),
            "applyCrmScenario" => (None, json!({ "name": "a", "steps": [] })),
            "createMembership" => (None, person.clone()),
            "createCrmStep" | "createCrmSteps" => (None, step.clone()),
            "updateAgent" => (Some(&agent), json!({})),
            "updateMembership" => (Some(&bruno), json!({})),
            "updateCrmScenario" => (Some(&scenario), json!({})),
            "updateCrmStep" | "updateCrmSteps" => (Some(&id), json!({})),
            other => panic!("{other} is a new mutation: add its arguments here"),
        };
        let id = if mutation == "updateCrmSteps" { "ids" } else { "id" };
        let of = changed.map(|of| format!("{id}: \"{of}\", ")).unwrap_or_default();
        let (argument, ty) = match mutation.as_str() {
            "createCrmSteps" => ("inputs", format!("[{input_type}!]!")),
            _ => ("input", format!("{input_type}!")),
        };
        let types = format!("($input: {ty}, $key: String)");
        let field =
            format!("{mutation}({of}{argument}: $input, idempotencyKey: $key) {{ __typename }}");
        for name in nullable_fields(&ana, &input_type).await {
            let key = format!("{mutation} {name}");
            let mut absent = input.clone();
            absent.as_object_mut().expect("an object").remove(&name);
            let mut said = absent.clone();
            said[&name] = Value::Null;
            // A single value is coerced to a list of one.
            let first = ana.call(&types, &field, json!({ "input": absent, "key": key })).await;
            assert_eq!((violations(&first), &first["replayed"]), (vec![], &json!(false)), "{key}");
            let before = app.contents().await;
            let again = ana.call(&types, &field, json!({ "input": said, "key": key })).await;
            if changed.is_some() {
                assert_eq!(violations(&again), codes("IDEMPOTENCY_KEY_MISMATCH"), "{key}");
            } else {
                let is_replayed = (violations(&again), &again["replayed"]);
                assert_eq!(is_replayed, (vec![], &json!(true)), "{key}");
            }
            assert_eq!(app.contents().await, before, "{key}");
            tried += 1;
        }
    }
    assert!(tried > 80, "{tried} fields");
}

async fn equivalent_calls_have_the_same_fingerprint(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (scenario, agent) = (ana.scenario("Sales").await, ana.agent("Sofia").await);
    let input = json!({
        "scenarioId": scenario, "agentId": agent, "name": "a", "prompt": "b", "autoNextTime": 3,
        "autoNextTimeUnit": "h", "defaultTags": ["x"], "requestContact": { "name": true },
    });
    let literal = |fields: &str| {
        format!(
            "input: {{ name: \"a\", scenarioId: \"{scenario}\", agentId: \"{agent}\", prompt: \"b\",
                autoNextTime: 3, {fields} }}"
        )
    };
    let contact = "requestContact: { name: true }";
    // The types of the variables, the arguments, and the variables without the key.
    let by_variable = |fields: Value| {
        let mut input = input.clone();
        let fields = fields.as_object().expect("an object").clone();
        input.as_object_mut().expect("an object").extend(fields);
        ("$input: CreateCrmStepInput!", "input: $input".to_owned(), json!({ "input": input }))
    };
    let same = [
        by_variable(json!({})),
        by_variable(json!({ "trigger": null, "id": null, "defaultTagsToRemove": null })),
        by_variable(json!({ "requestContact": { "phone": null, "name": true, "email": null } })),
        by_variable(
            json!({ "scenarioId": scenario.to_uppercase(), "agentId": agent.to_uppercase() }),
        ),
        by_variable(json!({ "defaultTags": "x" })),
        by_variable(json!({ "autoNextTime": 3.0 })),
        (
            "$input: CreateCrmStepInput!, $to: CrmStepPlacement",
            "input: $input, to: $to, validateOnly: false".to_owned(),
            json!({ "input": input, "to": null }),
        ),
        (
            "$input: CreateCrmStepInput!",
            "to: null, input: $input".to_owned(),
            json!({ "input": input }),
        ),
        (
            "$unit: AutoNextTimeUnit = h, $not: String",
            literal(&format!(
                "{contact}, defaultTags: \"x\", autoNextTimeUnit: $unit, trigger: $not"
            )),
            json!({}),
        ),
        (
            "$tags: [String!], $name: Boolean = true",
            literal(
                "defaultTags: $tags, requestContact: { name: $name, email: null }, autoNextTimeUnit: h",
            ),
            json!({ "tags": ["x"] }),
        ),
        ("", literal(&format!("autoNextTimeUnit: h, defaultTags: [\"x\"], {contact}")), json!({})),
    ];
    let other = [
        by_variable(json!({ "name": "A" })),
        by_variable(json!({ "trigger": "" })),
        by_variable(json!({ "defaultTagsToRemove": [] })),
        by_variable(json!({ "defaultTags": ["x", "y"] })),
        by_variable(json!({ "requestContact": { "name": true, "email": false } })),
        by_variable(json!({ "requestContact": {} })),
        by_variable(json!({ "webhookHeader": {} })),
        by_variable(json!({ "autoNextTime": 4 })),
        ("", literal(&format!("defaultTags: [\"x\"], {contact}")), json!({})),
        (
            "$input: CreateCrmStepInput!",
            "input: $input, to: { first: true }".to_owned(),
            json!({ "input": input }),
        ),
    ];
    let call = async |(types, arguments, mut variables): (&str, String, Value)| {
        variables["key"] = json!("1");
        let field =
            format!("createCrmStep({arguments}, idempotencyKey: $key) {{ crmStep {{ id }} }}");
        let payload = ana.call(&format!("($key: String, {types})"), &field, variables).await;
        (violations(&payload), payload["replayed"] == true, payload["crmStep"].clone())
    };
    let (broken, is_replayed, step) = call(by_variable(json!({}))).await;
    assert_eq!((broken, is_replayed), (vec![], false));
    let before = app.contents().await;
    for one in same {
        let written = format!("{one:?}");
        assert_eq!(call(one).await, (vec![], true, step.clone()), "{written}");
    }
    for one in other {
        let written = format!("{one:?}");
        let mismatch = (codes("IDEMPOTENCY_KEY_MISMATCH"), false, Value::Null);
        assert_eq!(call(one).await, mismatch, "{written}");
    }
    assert_eq!(app.contents().await, before);
}

async fn a_key_identifies_one_call_over_rest_and_graphql(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let body = json!({
        "scenarioId": scenario, "name": "a", "prompt": "b", "trigger": null, "defaultTags": null,
        "autoNextTimeUnit": "null", "requestContact": { "name": null }, "colour": "is ignored",
    });
    let request = Request::post("/crm/step")
        .header("content-type", "application/json")
        .header("idempotency-key", "1")
        .body(body.to_string().into());
    let first = ana.send(request.expect("a request")).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text);
    let input = json!({ "scenarioId": scenario, "name": "a", "prompt": "b", "requestContact": {} });
    let again = create(&ana, "1", &input).await;
    assert_eq!((violations(&again), &again["replayed"]), (vec![], &json!(true)));
    assert_eq!(again["crmStep"]["id"], first.json()["id"]);
    assert_eq!(ana.names(&scenario).await, "a");
}

async fn an_outcome_is_replayed_after_its_resource_was_deleted(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let field = format!(
        "createCrmStep(input: {{ scenarioId: \"{scenario}\", name: \"a\", prompt: \"b\" }}, idempotencyKey: \"1\") {{ crmStep {{ name scenario {{ name }} history {{ totalCount }} }} }}"
    );
    let first = ana.done("", &field, json!({})).await;
    assert_eq!(first["crmStep"]["scenario"], json!({ "name": "Sales" }));
    let delete =
        format!("deleteCrmScenario(id: \"{scenario}\", expectedStepCount: 1) {{ replayed }}");
    ana.done("", &delete, json!({})).await;
    let again = ana.done("", &field, json!({})).await;
    assert_eq!(again["replayed"], true);
    let expected = json!({ "name": "a", "scenario": null, "history": { "totalCount": 2 } });
    assert_eq!(again["crmStep"], expected);
}

async fn an_explicit_default_equals_an_absent_argument(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let inputs = format!(
        "inputs: [{{ scenarioId: \"{scenario}\", name: \"a\", prompt: \"b\" }}], idempotencyKey: \"1\""
    );
    for (more, replayed) in [
        ("", false),
        (", mode: ATOMIC", true),
        (", validateOnly: false", true),
        (", mode: $mode", true),
    ] {
        let field = format!("createCrmSteps({inputs}{more}) {{ crmSteps {{ id }} }}");
        let types = if more.contains('$') { "($mode: BatchMode = ATOMIC)" } else { "" };
        assert_eq!(ana.done(types, &field, json!({})).await["replayed"], replayed, "{more}");
    }
    let other = format!("createCrmSteps({inputs}, mode: SKIP_INVALID) {{ crmSteps {{ id }} }}");
    assert_eq!(
        violations(&ana.call("", &other, json!({})).await),
        codes("IDEMPOTENCY_KEY_MISMATCH")
    );
}

async fn a_replayed_scenario_has_its_current_steps(app: App) {
    let ana = app.member_of("Horizonte").await;
    let field = "createCrmScenario(input: { name: \"a\" }, idempotencyKey: \"1\") { crmScenario { id steps { totalCount nodes { name } } } }";
    let first = ana.done("", field, json!({})).await;
    ana.steps(first["crmScenario"]["id"].as_str().expect("an id"), "a b").await;
    let again = ana.done("", field, json!({})).await;
    let steps = json!({ "totalCount": 2, "nodes": [{ "name": "a" }, { "name": "b" }] });
    assert_eq!((&again["replayed"], &again["crmScenario"]["steps"]), (&json!(true), &steps));
}

async fn another_call_with_the_key_is_rejected(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let input = json!({ "scenarioId": scenario, "name": "a", "prompt": "a" });
    create(&ana, "1", &input).await;
    let before = app.contents().await;
    let mut other = input.clone();
    other["name"] = "b".into();
    let refused = create(&ana, "1", &other).await;
    assert_eq!(
        (violations(&refused), &refused["crmStep"]),
        (codes("IDEMPOTENCY_KEY_MISMATCH"), &Value::Null)
    );
    let other_mutation =
        "createCrmScenario(input: { name: \"a\" }, idempotencyKey: \"1\") { crmScenario { id } }";
    assert_eq!(
        violations(&ana.call("", other_mutation, json!({})).await),
        codes("IDEMPOTENCY_KEY_MISMATCH")
    );
    let validated = "createCrmScenario(input: { name: \"a\" }, idempotencyKey: \"1\", validateOnly: true) { crmScenario { id } }";
    assert_eq!(
        violations(&ana.call("", validated, json!({})).await),
        codes("IDEMPOTENCY_KEY_MISMATCH")
    );
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
}

async fn a_rejected_call_leaves_its_key_unused(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let broken = json!({ "scenarioId": scenario, "name": "", "prompt": "a" });
    let before = app.contents().await;
    assert_eq!(violations(&create(&ana, "1", &broken).await), in_input(&[("name", "BLANK")]));
    assert_eq!(app.contents().await, before);
    let mended = json!({ "scenarioId": scenario, "name": "a", "prompt": "a" });
    assert_eq!(create(&ana, "1", &mended).await["replayed"], false);
}

async fn each_organization_has_its_own_keys(app: App) {
    let (ana, eve) = (app.member_of("Horizonte").await, app.member_of("Evil").await);
    let field =
        "createCrmScenario(input: { name: \"a\" }, idempotencyKey: \"1\") { crmScenario { id } }";
    let one = ana.done("", field, json!({})).await;
    let other = eve.done("", field, json!({})).await;
    assert_eq!((&one["replayed"], &other["replayed"]), (&json!(false), &json!(false)));
    assert_ne!(one["crmScenario"], other["crmScenario"]);
}

async fn a_key_has_a_visible_character(app: App) {
    let ana = app.member_of("Horizonte").await;
    let before = app.contents().await;
    let field =
        "createCrmScenario(input: { name: \"a\" }, idempotencyKey: $key) { crmScenario { id } }";
    for (key, code) in [
        (String::new(), "BLANK"),
        (" ".to_owned(), "BLANK"),
        ("\u{1d159}\u{16fe4}".to_owned(), "BLANK"),
        ("x".repeat(256), "TOO_LONG"),
        ("a\u{0}".to_owned(), "INVALID_CHARACTER"),
    ] {
        let refused = ana.call("($key: String)", field, json!({ "key": key })).await;
        assert_eq!(violations(&refused), codes(code));
    }
    // Reported together with the other violations.
    let broken =
        "createCrmScenario(input: { name: \"\" }, idempotencyKey: \"\") { crmScenario { id } }";
    let mut both = in_input(&[("name", "BLANK")]);
    both.extend(codes("BLANK"));
    assert_eq!(violations(&ana.call("", broken, json!({})).await), both);
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
    ana.done("($key: String)", field, json!({ "key": "é".repeat(255) })).await;
}

/// How many changes the organization's history has.
async fn history_length(client: &Client) -> i64 {
    let data = client.query("{ viewer { organization { history { totalCount } } } }").await;
    data["viewer"]["organization"]["history"]["totalCount"].as_i64().expect("a number")
}

/// Calls every mutation twice with a key, and checks that the second call changes nothing.
async fn every_mutation_replays(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let doomed = ana.scenario("Doomed").await;
    let (agent, bruno) = (ana.agent("Sofia").await, ana.membership("Bruno").await);
    let ids = ana.steps(&scenario, "a b c").await;
    let calls = [
        format!("createCrmStep(input: {{ scenarioId: \"{scenario}\", name: \"a\", prompt: \"b\" }} KEY) {{ crmStep {{ id index }} crmStepEdge {{ cursor }}"),
        "createAgent(input: { name: \"a\" } KEY) { agent { id } agentEdge { cursor }".to_owned(),
        "createMembership(input: { name: \"a\", email: \"a@example.com\", role: USER } KEY) { membership { id } membershipEdge { cursor }".to_owned(),
        "createCrmScenario(input: { name: \"a\" } KEY) { crmScenario { id } crmScenarioEdge { cursor }".to_owned(),
        format!("createCrmSteps(inputs: [{{ scenarioId: \"{scenario}\", name: \"a\", prompt: \"b\" }}, {{ scenarioId: \"{scenario}\", name: \"\" }}], mode: SKIP_INVALID KEY) {{ crmSteps {{ id }} crmStepEdges {{ cursor }}"),
        format!("updateAgent(id: \"{agent}\", input: {{ name: \"b\" }}, expectedVersion: 1 KEY) {{ agent {{ name version }}"),
        format!("updateMembership(id: \"{bruno}\", input: {{ name: \"b\" }}, expectedVersion: 1 KEY) {{ membership {{ name version }}"),
        format!("updateCrmScenario(id: \"{scenario}\", input: {{ name: \"b\" }}, expectedVersion: 1 KEY) {{ crmScenario {{ name version }}"),
        format!("updateCrmStep(id: \"{}\", input: {{ name: \"z\" }}, expectedVersion: 1 KEY) {{ crmStep {{ name version }}", ids[0]),
        format!("moveCrmStep(id: \"{}\", to: {{ last: true }}, expectedVersion: 2 KEY) {{ crmStep {{ index version }} crmStepEdge {{ cursor }}", ids[0]),
        format!("deleteCrmStep(id: \"{}\" KEY) {{ deletedCrmStepId crmScenario {{ id }} crmStepsWithoutTimer {{ id }}", ids[1]),
        format!("restoreCrmStep(id: \"{}\" KEY) {{ crmStep {{ id index version }} crmStepEdge {{ cursor }} crmScenario {{ id }} crmStepsWithTimer {{ id }} clearedFields", ids[1]),
        format!("duplicateCrmStep(id: \"{}\" KEY) {{ crmStep {{ id index }} crmStepEdge {{ cursor }}", ids[0]),
        format!("updateCrmSteps(ids: [\"{}\", \"{}\"], input: {{ name: \"y\" }}, expectedVersions: [1, 2] KEY) {{ crmSteps {{ name version }}", ids[2], ids[0]),
        format!("moveCrmSteps(ids: [\"{}\", \"{}\"], to: {{ first: true }} KEY) {{ crmSteps {{ index version }}", ids[0], ids[2]),
        format!("deleteCrmSteps(ids: [\"{}\", \"{}\"] KEY) {{ deletedCrmStepIds crmStepsWithoutTimer {{ id }}", ids[2], ids[0]),
        format!("duplicateCrmScenario(id: \"{scenario}\" KEY) {{ crmScenario {{ id }}"),
        "applyCrmScenario(input: { name: \"a\", steps: [{ name: \"a\", prompt: \"a\" }] } KEY) { crmScenario { id } plan { created } diagnostics { code }".to_owned(),
        format!("deleteCrmScenario(id: \"{doomed}\", expectedStepCount: 0 KEY) {{ deletedCrmScenarioId deletedCrmStepIds"),
        format!("restoreCrmScenario(id: \"{doomed}\" KEY) {{ crmScenario {{ id version }} crmScenarioEdge {{ cursor }} crmStepsWithTimer {{ id }} clearedFields"),
        format!("deleteAgent(id: \"{agent}\" KEY) {{ deletedAgentId"),
        format!("deleteMembership(id: \"{bruno}\" KEY) {{ deletedMembershipId"),
    ];
    let called: BTreeSet<&str> =
        calls.iter().map(|call| call.split('(').next().expect("a name")).collect();
    let all = mutations(&ana).await;
    let all: BTreeSet<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(called, all, "every mutation of the schema is called");
    for (number, call) in calls.iter().enumerate() {
        let before = app.contents().await;
        ana.call("", &(call.replace(" KEY", ", validateOnly: true") + " }"), json!({})).await;
        assert_eq!(app.contents().await, before, "{call}: it was only checked");
        let field = call.replace(" KEY", &format!(", idempotencyKey: \"{number}\"")) + " }";
        let told = history_length(&ana).await;
        let mut first = ana.call("", &field, json!({})).await;
        assert_eq!(first["replayed"], false, "{field}: {first}");
        assert!(history_length(&ana).await > told, "{field}: the history tells of it");
        let before = app.contents().await;
        let again = ana.call("", &field, json!({})).await;
        first["replayed"] = true.into();
        assert_eq!(again, first, "{field}");
        assert_eq!(app.contents().await, before, "{field}");
    }
}

async fn a_call_that_only_validates_replays_nothing(app: App) {
    let ana = app.member_of("Horizonte").await;
    let step = ana.steps(&ana.scenario("Sales").await, "a").await.remove(0);
    let apply = "applyCrmScenario(input: { key: \"a\", name: \"a\", steps: [] }, idempotencyKey: \"1\" ONLY) { plan { action isEmpty } }";
    let update = format!(
        "updateCrmStep(id: \"{step}\", input: {{ name: \"b\" }}, idempotencyKey: \"2\", expectedVersion: 1 ONLY) {{ crmStep {{ name }} }}"
    );
    let create = format!(
        "createCrmSteps(inputs: [{{ id: \"019a0000-0000-7000-8000-000000000777\", scenarioId: \"{}\", name: \"c\", prompt: \"c\" }}], idempotencyKey: \"3\" ONLY) {{ crmSteps {{ name }} }}",
        ana.scenario("New").await
    );
    let call =
        async |field: &str, only| ana.call("", &field.replace("ONLY", only), json!({})).await;
    for field in [apply, &update, &create] {
        assert_eq!(violations(&call(field, "").await), []);
    }
    let before = app.contents().await;
    let planned = call(apply, ", validateOnly: true").await;
    assert_eq!(planned["plan"], json!({ "action": "UNCHANGED", "isEmpty": true }));
    let stale = call(&update, ", validateOnly: true").await;
    assert_eq!(violations(&stale), [("expectedVersion".to_owned(), "STALE_VERSION".to_owned())]);
    let taken = call(&create, ", validateOnly: true").await;
    assert_eq!(violations(&taken), [("inputs.0.id".to_owned(), "ID_TAKEN".to_owned())]);
    for payload in [planned, stale, taken] {
        assert_eq!(payload["replayed"], false);
    }
    assert_eq!(app.contents().await, before);
}

async fn outcomes_are_kept_for_a_day(app: App) {
    let ana = app.member_of("Horizonte").await;
    let create =
        "createCrmScenario(input: { name: \"a\" }, idempotencyKey: \"1\") { crmScenario { id } }";
    ana.done("", create, json!({})).await;
    let day = TimeDelta::hours(24);
    let moment = TimeDelta::microseconds(1);
    assert_eq!(forget_expired(&app.database, App::now() + day - moment).await, Ok(0));
    let almost = app.at(App::now() + day - moment).member_of("Horizonte").await;
    assert_eq!(almost.done("", create, json!({})).await["replayed"], true);
    // After a day the key can be used again, whether or not the stored outcome has been deleted.
    let later = app.at(App::now() + day).member_of("Horizonte").await;
    assert_eq!(later.done("", create, json!({})).await["replayed"], false);
    assert_eq!(later.done("", create, json!({})).await["replayed"], true);
    assert_eq!(forget_expired(&app.database, App::now() + day + day).await, Ok(1));
}

on_both_databases!(
    a_repeated_call_returns_the_first_outcome,
    an_explicit_default_equals_an_absent_argument,
    equivalent_calls_have_the_same_fingerprint,
    null_equals_absent_in_a_create_and_differs_in_a_patch,
    a_key_identifies_one_call_over_rest_and_graphql,
    a_replayed_scenario_has_its_current_steps,
    an_outcome_is_replayed_after_its_resource_was_deleted,
    another_call_with_the_key_is_rejected,
    a_rejected_call_leaves_its_key_unused,
    each_organization_has_its_own_keys,
    a_key_has_a_visible_character,
    every_mutation_replays,
    a_call_that_only_validates_replays_nothing,
    outcomes_are_kept_for_a_day,
);

/// While the test holds a lock on a row that a call needs, the call stays in flight.
#[tokio::test(flavor = "multi_thread")]
async fn a_call_in_flight_holds_its_key_on_postgres() {
    App::run(Kind::Postgres, async |app: App| {
        use sea_orm::ConnectionTrait as _;
        assert_eq!(app.database.engine(), Engine::Postgres);
        let ana = app.member_of("Horizonte").await;
        let scenario = ana.scenario("Sales").await;
        let holder = app.database.write().await.expect("a transaction begins");
        holder.execute_unprepared("SELECT * FROM crm_scenario FOR UPDATE").await.expect("it locks");
        let input = json!({ "scenarioId": scenario, "name": "a", "prompt": "a" });
        let waiting = {
            let (ana, input) = (ana.clone(), input.clone());
            tokio::spawn(async move { create(&ana, "1", &input).await })
        };
        app.until_a_lock_is_awaited().await;
        // The same replica executes the call after the one in flight; another rejects it.
        let elsewhere = app.replica().await.with_token_of(&ana);
        let rejected = create(&elsewhere, "1", &input).await;
        assert_eq!(violations(&rejected), codes("IDEMPOTENCY_KEY_IN_USE"));
        assert_eq!(rejected["userErrors"][0]["category"], "RETRY");
        holder.rollback().await.expect("it rolls back");
        assert_eq!(waiting.await.expect("no panic")["replayed"], false);
        assert_eq!(create(&ana, "1", &input).await["replayed"], true);
        assert_eq!(ana.names(&scenario).await, "a");
    })
    .await;
}
