//! applyCrmScenario: a scenario and its steps become what a specification says.

use crm_steps::{domain::id::new_id, entity::membership};
use proptest::prelude::*;
use sea_orm::{ConnectionTrait as _, EntityTrait as _, IntoActiveModel};
use serde_json::{Value, json};

use crate::support::{App, Client, Kind, check_invariants, for_all, on_both_databases, violations};

const PLAN: &str = "plan {
    isEmpty revision action fields { name before after } created updated moved deleted unchanged
    steps { action isMoved key name indexBefore indexAfter crmStep { id } fields { name before after } } }";

/// Calls the mutation with these arguments besides the input.
pub(super) async fn apply(client: &Client, input: &Value, arguments: &str) -> Value {
    let field = format!(
        "applyCrmScenario(input: $input{arguments}) {{
            crmScenario {{ id key revision version steps {{ nodes {{ id key name index autoNextStep {{ key }} }} }} }}
            currentCrmScenario {{ revision }} {PLAN} diagnostics {{ code stepIndexes steps {{ key }} }} }}"
    );
    client.call("($input: ApplyCrmScenarioInput!)", &field, json!({ "input": input })).await
}

/// The same for a call that must succeed.
pub(super) async fn applied(client: &Client, input: &Value, arguments: &str) -> Value {
    let payload = apply(client, input, arguments).await;
    assert_eq!(violations(&payload), [], "{payload}");
    payload
}

fn step(key: &str) -> Value {
    json!({ "key": key, "name": key, "prompt": "Greet." })
}

fn spec(keys: &[&str]) -> Value {
    json!({ "key": "sales", "name": "Sales", "steps": keys.iter().map(|key| step(key)).collect::<Vec<_>>() })
}

/// What happens to the steps: their keys, each with a sign for what happens to it.
fn signs(payload: &Value) -> String {
    let steps = payload["plan"]["steps"].as_array().expect("steps").iter();
    let signs = steps.map(|step| {
        let sign = match step["action"].as_str() {
            Some("CREATE") => "+",
            Some("DELETE") => "-",
            Some("UPDATE") => "~",
            _ => "",
        };
        let moved = if step["isMoved"] == true { "^" } else { "" };
        format!("{sign}{moved}{}", step["key"].as_str().expect("a key"))
    });
    signs.collect::<Vec<_>>().join(" ")
}

async fn a_specification_creates_a_scenario_and_again_changes_nothing(app: App) {
    let ana = app.member_of("Horizonte").await;
    let sofia = ana.agent("Sofia").await;
    let mut input = spec(&["lead", "won"]);
    input["steps"][0]["agentName"] = "sofia".into();
    input["steps"][0]["autoNextStepKey"] = "won".into();
    input["steps"][0]["autoNextTime"] = 2.into();
    input["steps"][0]["autoNextTimeUnit"] = "h".into();
    let payload = applied(&ana, &input, "").await;
    assert_eq!(signs(&payload), "+lead +won");
    assert_eq!(payload["plan"]["action"], "CREATE");
    assert_eq!(payload["plan"]["revision"], 0);
    let scenario = &payload["crmScenario"];
    assert_eq!(scenario["key"], "sales");
    assert_eq!(scenario["steps"]["nodes"][0]["autoNextStep"], json!({ "key": "won" }));
    assert_eq!(scenario["steps"]["nodes"][1]["index"], 1);
    let agents = ana.query("{ crmSteps { nodes { agentId } } }").await["crmSteps"]["nodes"].clone();
    assert_eq!(agents, json!([{ "agentId": sofia }, { "agentId": null }]));
    let before = app.contents().await;
    let again = applied(&ana, &input, ", expectedRevision: 1").await;
    assert_eq!(again["plan"]["isEmpty"], true);
    assert_eq!(again["crmScenario"], *scenario);
    assert_eq!(app.contents().await, before, "nothing is written");
}

async fn steps_are_created_updated_moved_and_deleted_in_one_call(app: App) {
    let ana = app.member_of("Horizonte").await;
    let created = applied(&ana, &spec(&["a", "b", "c", "d"]), "").await;
    let id = |payload: &Value, key: &str| {
        let nodes = payload["crmScenario"]["steps"]["nodes"].as_array().expect("steps").clone();
        nodes.iter().find(|step| step["key"] == key).map(|step| step["id"].clone())
    };
    let mut input = spec(&["d", "new", "a", "b"]);
    input["name"] = "Sales 2".into();
    input["steps"][2]["name"] = "A".into();
    let refused = apply(&ana, &input, "").await;
    let required = ("expectedRevision".to_owned(), "EXPECTED_REVISION_REQUIRED".to_owned());
    assert_eq!(violations(&refused), [required]);
    assert_eq!(signs(&refused), "^d +new ~a b -c");
    let only_validated = applied(&ana, &input, ", validateOnly: true").await;
    assert_eq!(only_validated["crmScenario"], Value::Null);
    assert_eq!(only_validated["plan"], refused["plan"]);
    let payload = applied(&ana, &input, ", expectedRevision: 1").await;
    assert_eq!(signs(&payload), "^d +new ~a b -c");
    assert_eq!(
        payload["plan"]["fields"],
        json!([{ "name": "name", "before": "Sales", "after": "Sales 2" }])
    );
    assert_eq!(
        payload["plan"]["steps"][2]["fields"],
        json!([{ "name": "name", "before": "a", "after": "A" }])
    );
    for key in ["a", "b", "d"] {
        assert_eq!(id(&payload, key), id(&created, key), "{key} keeps its id");
    }
    let scenario = payload["crmScenario"]["id"].as_str().expect("an id");
    assert_eq!(ana.names(scenario).await, "d new A b");
    let query = format!(
        "{{ crmScenario(id: \"{scenario}\") {{ history(last: 5) {{ nodes {{ action subjectType }} }} }} }}"
    );
    let history = ana.query(&query).await["crmScenario"]["history"]["nodes"].clone();
    assert_eq!(
        history,
        json!([
            { "action": "DELETED", "subjectType": "CRM_STEP" },
            { "action": "MOVED", "subjectType": "CRM_STEP" },
            { "action": "UPDATED", "subjectType": "CRM_STEP" },
            { "action": "CREATED", "subjectType": "CRM_STEP" },
            { "action": "UPDATED", "subjectType": "CRM_SCENARIO" },
        ])
    );
    check_invariants(&app.database).await;
}

async fn a_step_that_is_moved_and_updated_is_both_in_the_history(app: App) {
    let ana = app.member_of("Horizonte").await;
    applied(&ana, &spec(&["a", "b", "c"]), "").await;
    let mut input = spec(&["c", "a", "b"]);
    for step in [0, 2] {
        input["steps"][step]["prompt"] = "Ask.".into();
    }
    let payload = applied(&ana, &input, "").await;
    assert_eq!(signs(&payload), "~^c a ~b");
    let scenario = payload["crmScenario"]["id"].as_str().expect("an id");
    let query = format!(
        "{{ crmScenario(id: \"{scenario}\") {{ history(last: 3) {{ nodes {{ action before after }} }} }} }}"
    );
    let history = ana.query(&query).await["crmScenario"]["history"]["nodes"].clone();
    let told = |change: &Value| {
        let of = |snapshot: &Value| {
            format!(
                "{} {} {} v{}",
                snapshot["key"], snapshot["index"], snapshot["prompt"], snapshot["version"]
            )
        };
        format!("{} {} -> {}", change["action"], of(&change["before"]), of(&change["after"]))
            .replace('"', "")
    };
    let told: Vec<String> = history.as_array().expect("changes").iter().map(told).collect();
    // The index of b changes because of c, which is no change of b.
    assert_eq!(
        told,
        [
            "MOVED c 2 Greet. v1 -> c 0 Greet. v1",
            "UPDATED c 0 Greet. v1 -> c 0 Ask. v2",
            "UPDATED b 2 Greet. v1 -> b 2 Ask. v2",
        ]
    );
    check_invariants(&app.database).await;
}

async fn an_outdated_revision_changes_nothing(app: App) {
    let ana = app.member_of("Horizonte").await;
    let created = applied(&ana, &spec(&["a", "b"]), "").await;
    let revision = created["crmScenario"]["revision"].clone();
    let before = app.contents().await;
    let stale = ("expectedRevision".to_owned(), "STALE_REVISION".to_owned());
    for outdated in [0, 7] {
        let payload = apply(&ana, &spec(&["a"]), &format!(", expectedRevision: {outdated}")).await;
        assert_eq!(violations(&payload), std::slice::from_ref(&stale));
        assert_eq!(payload["plan"], Value::Null);
        assert_eq!(payload["currentCrmScenario"], json!({ "revision": revision }));
    }
    let new = json!({ "name": "New", "steps": [step("a")] });
    let payload = apply(&ana, &new, ", expectedRevision: 1").await;
    assert_eq!(violations(&payload), [stale]);
    assert_eq!(payload["currentCrmScenario"], Value::Null);
    assert_eq!(app.contents().await, before);
    applied(&ana, &new, ", expectedRevision: 0").await;
}

async fn a_scenario_without_a_key_is_found_by_its_name_and_gets_the_key(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    ana.steps(&scenario, "lead won").await;
    let payload = applied(&ana, &spec(&["lead", "won"]), "").await;
    assert_eq!(payload["crmScenario"]["id"], scenario.as_str());
    assert_eq!(
        payload["plan"]["fields"],
        json!([{ "name": "key", "before": null, "after": "sales" }])
    );
    assert_eq!(
        payload["plan"]["steps"][0]["fields"],
        json!([{ "name": "key", "before": null, "after": "lead" }])
    );
    assert_eq!(signs(&payload), "~lead ~won");
    let again = applied(&ana, &spec(&["lead", "won"]), "").await;
    assert_eq!(again["plan"]["isEmpty"], true);
}

async fn an_export_is_applied_to_its_scenario_though_another_has_the_key_of_its_name(app: App) {
    let ana = app.member_of("Horizonte").await;
    applied(&ana, &spec(&["lead"]), "").await;
    let scenario = ana.scenario("Sales").await;
    let exported = crate::pipeline_spec::spec(&ana, &scenario).await;
    assert_eq!(exported["key"], "sales-2");
    let payload = applied(&ana, &exported, "").await;
    assert_eq!(payload["crmScenario"]["id"], scenario.as_str());
    assert_eq!(payload["plan"]["fields"][0]["after"], "sales-2");
}

async fn all_violations_have_paths_into_the_specification(app: App) {
    let (ana, eve) = (app.member_of("Horizonte").await, app.member_of("Evil").await);
    let foreign = eve.scenario("Eve's").await;
    eve.agent("Eva").await;
    let before = app.contents().await;
    let input = json!({
        "key": "A b", "name": " ",
        "steps": [
            { "key": "a", "name": "a", "prompt": "a", "agentName": "Eva" },
            { "key": "a", "name": "b", "autoNextStepKey": "nowhere" },
        ],
    });
    let payload = apply(&ana, &input, "").await;
    let expected = [
        ("input.name", "BLANK"),
        ("input.key", "INVALID_KEY"),
        ("input.steps.0.agentName", "NOT_FOUND"),
        ("input.steps.1.key", "DUPLICATE_VALUE"),
        ("input.steps.1.trigger", "TRIGGER_OR_PROMPT_REQUIRED"),
        ("input.steps.1.autoNextStepKey", "NOT_FOUND"),
        ("input.steps.1.autoNextTime", "AUTO_NEXT_INCOMPLETE"),
    ];
    assert_eq!(
        violations(&payload),
        expected.map(|(field, code)| (field.to_owned(), code.to_owned()))
    );
    assert_eq!((&payload["plan"], &payload["crmScenario"]), (&Value::Null, &Value::Null));
    for id in [&foreign, "nonsense"] {
        let input = json!({ "id": id, "name": "a", "steps": [] });
        let payload = apply(&ana, &input, ", expectedRevision: 1").await;
        assert_eq!(violations(&payload), [("input.id".to_owned(), "NOT_FOUND".to_owned())]);
        let input = json!({ "id": id, "name": " ", "steps": [{ "name": "a" }] });
        let payload = apply(&ana, &input, ", expectedRevision: 1").await;
        let expected = [
            ("input.id", "NOT_FOUND"),
            ("input.name", "BLANK"),
            ("input.steps.0.trigger", "TRIGGER_OR_PROMPT_REQUIRED"),
        ];
        assert_eq!(
            violations(&payload),
            expected.map(|(field, code)| (field.to_owned(), code.to_owned()))
        );
    }
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
}

async fn headers_of_a_step_stay_masked(app: App) {
    let ana = app.member_of("Horizonte").await;
    let mut input = spec(&["a"]);
    input["steps"][0]["webhookUrl"] = "https://hooks.example.com/".into();
    input["steps"][0]["webhookHeader"] = json!({ "X-Key": "secret" });
    let payload = applied(&ana, &input, "").await;
    assert!(!payload.to_string().contains("secret"), "{payload}");
    input["steps"][0]["webhookHeader"] = json!({ "X-Key": "***" });
    let again = applied(&ana, &input, "").await;
    assert_eq!(again["plan"]["isEmpty"], true);
}

async fn a_key_of_a_call_gives_the_same_response(app: App) {
    let ana = app.member_of("Horizonte").await;
    let input = spec(&["a", "b"]);
    let first = applied(&ana, &input, ", idempotencyKey: \"one\"").await;
    let mut second = applied(&ana, &input, ", idempotencyKey: \"one\"").await;
    assert_eq!(second["replayed"], true);
    second["replayed"] = false.into();
    assert_eq!(second, first);
}

async fn of_calls_at_once_one_creates_the_scenario(app: App) {
    let ana = app.member_of("Horizonte").await;
    let input = spec(&["a", "b"]);
    for (number, arguments, field, code) in [
        (1, "", "input.key", "KEY_TAKEN"),
        (2, ", expectedRevision: 0", "expectedRevision", "STALE_REVISION"),
    ] {
        let mut input = input.clone();
        input["key"] = format!("sales-{number}").into();
        let calls = (0..6).map(|_| apply(&ana, &input, arguments));
        let payloads = futures_util::future::join_all(calls).await;
        for payload in payloads.iter().filter(|payload| !violations(payload).is_empty()) {
            assert_eq!(violations(payload), [(field.to_owned(), code.to_owned())]);
        }
        let scenarios = ana.query("{ crmScenarios { totalCount } }").await;
        assert_eq!(scenarios["crmScenarios"]["totalCount"], number);
    }
    check_invariants(&app.database).await;
}

async fn more_steps_than_allowed_are_rejected(app: App) {
    let ana = app.member_of("Horizonte").await;
    let limited = app.set_up(&["--max-steps-per-scenario", "2"]).with_token_of(&ana);
    let payload = apply(&limited, &spec(&["a", "b", "c"]), "").await;
    assert_eq!(violations(&payload), [("input.steps".to_owned(), "TOO_MANY".to_owned())]);
    applied(&limited, &spec(&["a", "b"]), "").await;
}

/// Each change of a specification makes the steps those of the specification, in its order, and what
/// stays has the same cursor.
async fn any_specification_can_follow_any_other(app: App) {
    let keys = proptest::sample::subsequence((0..12).collect::<Vec<u8>>(), 0..12).prop_shuffle();
    let specs = proptest::collection::vec(keys, 1..5);
    for_all(12, specs, async |specs| {
        let ana = app.member_of("Horizonte").await;
        let name = format!("p{}", new_id().simple());
        let (mut revision, mut scenario) = (0, None);
        for keys in specs {
            let keys: Vec<String> = keys.iter().map(|key| format!("k{key}")).collect();
            let steps: Vec<Value> = keys.iter().map(|key| step(key)).collect();
            let input = json!({ "key": name, "name": name, "steps": steps });
            let payload = applied(&ana, &input, &format!(", expectedRevision: {revision}")).await;
            let applied = &payload["crmScenario"];
            revision = applied["revision"].as_i64().expect("a number");
            let id = applied["id"].as_str().expect("an id").to_owned();
            assert_eq!(ana.names(&id).await, keys.join(" "));
            assert_eq!(*scenario.get_or_insert(id.clone()), id);
        }
        check_invariants(&app.database).await;
    })
    .await;
}

async fn a_specification_refers_to_any_number_of_memberships(app: App) {
    /// `SQLite` takes 32,766 parameters, and an id that is locked is two of them.
    const MEMBERSHIPS: usize = 16_400;
    let ana = app.member_of("Horizonte").await;
    let model = {
        ana.membership("Bruno").await;
        membership::Entity::find()
            .one(app.database.read())
            .await
            .expect("it answers")
            .expect("Bruno")
    };
    let email = |number: usize| format!("m{number}@example.com");
    let members: Vec<_> = (0..MEMBERSHIPS)
        .map(|number| membership::Model { id: new_id(), email: email(number), ..model.clone() })
        .map(IntoActiveModel::into_active_model)
        .collect();
    let transaction = app.database.write().await.expect("a transaction begins");
    for members in members.chunks(1_000) {
        let insert = membership::Entity::insert_many(members.to_vec());
        insert.exec_without_returning(&transaction).await.expect("they are stored");
    }
    transaction.commit().await.expect("the transaction commits");
    let steps = (0..MEMBERSHIPS / 100).map(|number| {
        let emails: Vec<_> = (0..100).map(|place| email(100 * number + place)).collect();
        let mut step = step(&number.to_string());
        step["assigneeLogicType"] = "random_selected".into();
        step["selectedMembershipEmails"] = emails.into();
        step
    });
    let mut input = spec(&[]);
    input["steps"] = steps.collect();
    assert_eq!(applied(&ana, &input, "").await["plan"]["created"], MEMBERSHIPS / 100);
    assert_eq!(applied(&ana, &input, "").await["plan"]["isEmpty"], true);
}

/// While an application waits for a scenario, that is renamed, so the key means another one.
#[tokio::test(flavor = "multi_thread")]
async fn the_scenario_is_looked_for_again_once_it_is_locked_on_postgres() {
    App::run(Kind::Postgres, async |app: App| {
        let ana = app.member_of("Horizonte").await;
        let (first, second) = (ana.scenario("Sales").await, ana.scenario("Sales").await);
        let holder = app.database.write().await.expect("a transaction begins");
        let rename = format!("UPDATE crm_scenario SET name = 'Support' WHERE id = '{first}'");
        holder.execute_unprepared(&rename).await.expect("it is renamed");
        let waiting = {
            let ana = ana.clone();
            tokio::spawn(async move { applied(&ana, &spec(&["a"]), "").await })
        };
        app.until_a_lock_is_awaited().await;
        holder.commit().await.expect("the transaction commits");
        let payload = waiting.await.expect("no panic");
        assert_eq!(payload["crmScenario"]["id"], second.as_str());
        assert_eq!(ana.names(&first).await, "");
        let scenarios = ana.query("{ crmScenarios { totalCount } }").await;
        assert_eq!(scenarios["crmScenarios"]["totalCount"], 2);
    })
    .await;
}

/// While an application waits for a scenario, that is renamed, and so is each one that it waits for then.
#[tokio::test(flavor = "multi_thread")]
async fn an_application_stops_looking_for_a_scenario_after_three_on_postgres() {
    App::run(Kind::Postgres, async |app: App| {
        let ana = app.member_of("Horizonte").await;
        let mut holders = Vec::new();
        for _ in 0..3 {
            let scenario = ana.scenario("Sales").await;
            let holder = app.database.write().await.expect("a transaction begins");
            let rename =
                format!("UPDATE crm_scenario SET name = 'Support' WHERE id = '{scenario}'");
            holder.execute_unprepared(&rename).await.expect("it is renamed");
            holders.push(holder);
        }
        ana.scenario("Sales").await;
        let query = "mutation($input: ApplyCrmScenarioInput!) {
            applyCrmScenario(input: $input) { userErrors { code } } }";
        let waiting = {
            let ana = ana.clone();
            let variables = json!({ "input": spec(&["a"]) });
            tokio::spawn(async move { ana.graphql(query, variables).await })
        };
        for holder in holders {
            app.until_a_lock_is_awaited().await;
            holder.commit().await.expect("the transaction commits");
        }
        assert_eq!(waiting.await.expect("no panic").error_code(), "OVERLOADED");
        let scenarios = ana.query("{ crmScenarios { nodes { steps { totalCount } } } }").await;
        let without_steps = json!({ "steps": { "totalCount": 0 } });
        assert_eq!(scenarios["crmScenarios"]["nodes"], json!(vec![without_steps; 4]));
    })
    .await;
}

on_both_databases!(
    a_specification_refers_to_any_number_of_memberships,
    a_specification_creates_a_scenario_and_again_changes_nothing,
    steps_are_created_updated_moved_and_deleted_in_one_call,
    a_step_that_is_moved_and_updated_is_both_in_the_history,
    an_outdated_revision_changes_nothing,
    a_scenario_without_a_key_is_found_by_its_name_and_gets_the_key,
    an_export_is_applied_to_its_scenario_though_another_has_the_key_of_its_name,
    all_violations_have_paths_into_the_specification,
    headers_of_a_step_stay_masked,
    a_key_of_a_call_gives_the_same_response,
    of_calls_at_once_one_creates_the_scenario,
    more_steps_than_allowed_are_rejected,
    any_specification_can_follow_any_other,
);
