//! moveCrmStep, and createCrmStep with a position.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{App, Client, on_both_databases, violations};

async fn relocate(client: &Client, id: &str, to: Value) -> Value {
    let field =
        "moveCrmStep(id: $id, to: $to) { crmStep { index version } crmStepEdge { cursor } }";
    client.call("($id: ID!, $to: CrmStepPlacement!)", field, json!({ "id": id, "to": to })).await
}

async fn a_step_moves_to_any_position(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let ids = ana.steps(&scenario, "a b c d e").await;
    for (moved, to, expected) in [
        (0, json!({ "last": true }), "b c d e a"),
        (0, json!({ "first": true }), "a b c d e"),
        (4, json!({ "before": ids[1] }), "a e b c d"),
        (4, json!({ "after": ids[2] }), "a b c e d"),
        (0, json!({ "after": ids[1] }), "b a c e d"),
        (3, json!({ "before": ids[1] }), "d b a c e"),
    ] {
        let payload = relocate(&ana, &ids[moved], to.clone()).await;
        assert_eq!(violations(&payload), [], "{to}");
        assert_eq!(ana.names(&scenario).await, expected, "{to}");
        let name = ["a", "b", "c", "d", "e"][moved];
        let index = expected.split(' ').position(|other| other == name);
        assert_eq!(payload["crmStep"]["index"], json!(index));
    }
}

async fn a_move_to_the_same_position_changes_nothing(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let ids = ana.steps(&scenario, "a b c").await;
    let before = app.contents().await;
    for (moved, to) in [
        (0, json!({ "first": true })),
        (2, json!({ "last": true })),
        (1, json!({ "after": ids[0] })),
        (1, json!({ "before": ids[2] })),
    ] {
        let payload = relocate(&ana, &ids[moved], to).await;
        assert_eq!(payload["crmStep"], json!({ "index": moved, "version": 1 }));
    }
    assert_eq!(app.contents().await, before);
}

async fn a_position_is_in_the_same_scenario(app: App) {
    let (ana, eve) = (app.member_of("Horizonte").await, app.member_of("Evil").await);
    let (scenario, other) = (ana.scenario("Sales").await, ana.scenario("Support").await);
    let ids = ana.steps(&scenario, "a b").await;
    let elsewhere = ana.steps(&other, "c").await.remove(0);
    let foreign = eve.steps(&eve.scenario("Eve's").await, "d").await.remove(0);
    let before = app.contents().await;
    for (to, field, code) in [
        (json!({ "before": ids[0] }), "to.before", "SELF_REFERENCE"),
        (json!({ "after": elsewhere }), "to.after", "STEP_NOT_IN_SCENARIO"),
        (json!({ "after": foreign }), "to.after", "NOT_FOUND"),
        (json!({ "before": "nonsense" }), "to.before", "NOT_FOUND"),
        (json!({ "first": false }), "to.first", "INVALID_PLACEMENT"),
        (json!({ "last": false }), "to.last", "INVALID_PLACEMENT"),
    ] {
        let payload = relocate(&ana, &ids[0], to).await;
        assert_eq!(violations(&payload), [(field.to_owned(), code.to_owned())]);
    }
    for to in [json!({}), json!({ "first": true, "last": true }), json!({ "before": null })] {
        let query =
            "mutation($to: CrmStepPlacement!) { moveCrmStep(id: \"a\", to: $to) { replayed } }";
        let answer = ana.graphql(query, json!({ "to": to })).await;
        assert_eq!(answer.error_code(), "BAD_USER_INPUT", "{to}");
    }
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
}

async fn all_that_is_wrong_with_a_move_is_reported_at_once(app: App) {
    let ana = app.member_of("Horizonte").await;
    let id = ana.steps(&ana.scenario("Sales").await, "a").await.remove(0);
    let before = app.contents().await;
    let codes = async |id: &str, arguments: &str| {
        let field = format!("moveCrmStep(id: \"{id}\", {arguments}) {{ currentCrmStep {{ id }} }}");
        let payload = ana.call("", &field, json!({})).await;
        let codes = violations(&payload).into_iter().map(|(field, code)| format!("{field} {code}"));
        (codes.collect::<Vec<_>>().join(", "), payload["currentCrmStep"]["id"].clone())
    };
    let stale = "to: { after: \"nobody\" }, expectedVersion: 7, expectedRevision: 1";
    let expected =
        "expectedVersion STALE_VERSION, expectedRevision STALE_REVISION, to.after NOT_FOUND";
    assert_eq!(codes(&id, stale).await, (expected.to_owned(), json!(id)));
    let expected = "id NOT_FOUND, to.first INVALID_PLACEMENT";
    assert_eq!(codes("nobody", "to: { first: false }").await, (expected.to_owned(), Value::Null));
    let [unknown, other] = [1, 2].map(|last| format!("019a0000-0000-7000-8000-00000000000{last}"));
    let expected = "id NOT_FOUND, to.before NOT_FOUND";
    let beside = |neighbour: &str| format!("to: {{ before: \"{neighbour}\" }}");
    assert_eq!(codes(&unknown, &beside(&other)).await, (expected.to_owned(), Value::Null));
    let itself = codes(&unknown, &beside(&unknown)).await;
    assert_eq!(itself, ("id NOT_FOUND".to_owned(), Value::Null));
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
}

async fn a_step_may_be_created_at_any_position(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let ids = ana.steps(&scenario, "b d").await;
    let create = async |name: &str, to: Value| {
        let input = json!({ "scenarioId": scenario, "name": name, "prompt": "Greet." });
        let types = "($input: CreateCrmStepInput!, $to: CrmStepPlacement)";
        let field = "createCrmStep(input: $input, to: $to) { crmStep { index } }";
        ana.call(types, field, json!({ "input": input, "to": to })).await
    };
    assert_eq!(create("a", json!({ "first": true })).await["crmStep"]["index"], 0);
    assert_eq!(create("c", json!({ "after": ids[0] })).await["crmStep"]["index"], 2);
    assert_eq!(create("e", json!({ "last": true })).await["crmStep"]["index"], 4);
    assert_eq!(create("C", json!({ "before": ids[1] })).await["crmStep"]["index"], 3);
    assert_eq!(ana.names(&scenario).await, "a b c C d e");
    let before = app.contents().await;
    for (to, field, code) in [
        (json!({ "after": "nonsense" }), "to.after", "NOT_FOUND"),
        (json!({ "first": false }), "to.first", "INVALID_PLACEMENT"),
        (json!({ "last": false }), "to.last", "INVALID_PLACEMENT"),
    ] {
        let expected = [("input.name", "BLANK"), (field, code)];
        let refused = create("", to).await;
        assert_eq!(
            violations(&refused),
            expected.map(|(field, code)| (field.to_owned(), code.to_owned()))
        );
    }
    assert_eq!(app.contents().await, before);
}

async fn an_invalid_position_stops_no_other_mutation_of_the_request(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let ids = ana.steps(&scenario, "a b").await;
    let refusal = "userErrors { field code }";
    let step = format!("input: {{ scenarioId: \"{scenario}\", name: \"c\", prompt: \"d\" }}");
    let document = format!(
        "mutation {{
             before: createAgent(input: {{ name: \"Sofia\" }}) {{ agent {{ name }} }}
             moved: moveCrmStep(id: \"{}\", to: {{ last: false }}) {{ {refusal} }}
             checked: moveCrmStep(id: \"{}\", to: {{ first: false }}, validateOnly: true) {{ {refusal} }}
             created: createCrmStep({step}, to: {{ first: false }}) {{ {refusal} }}
             tried: createCrmStep({step}, to: {{ last: false }}, validateOnly: true) {{ {refusal} }}
             after: createAgent(input: {{ name: \"Bia\" }}) {{ agent {{ name }} }}
         }}",
        ids[0], ids[1]
    );
    let data = ana.query(&document).await;
    let refused =
        |name| json!({ "userErrors": [{ "field": ["to", name], "code": "INVALID_PLACEMENT" }] });
    assert_eq!(
        data,
        json!({
            "before": { "agent": { "name": "Sofia" } },
            "moved": refused("last"),
            "checked": refused("first"),
            "created": refused("first"),
            "tried": refused("last"),
            "after": { "agent": { "name": "Bia" } },
        })
    );
    assert_eq!(ana.names(&scenario).await, "a b");
}

async fn many_steps_fit_between_two_steps(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let ids = ana.steps(&scenario, "a z").await;
    let input = json!({ "scenarioId": scenario, "name": "m", "prompt": "Greet." });
    let types = "($input: CreateCrmStepInput!, $to: CrmStepPlacement)";
    let field = "createCrmStep(input: $input, to: $to) { crmStep { index } }";
    for _ in 0..70 {
        let arguments = json!({ "input": input, "to": { "after": ids[0] } });
        assert_eq!(ana.done(types, field, arguments).await["crmStep"]["index"], 1);
    }
    assert_eq!(ana.names(&scenario).await, format!("a{} z", " m".repeat(70)));
}

async fn concurrent_moves_creates_and_deletes_leave_no_gap(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let names: Vec<String> = (0..20).map(|number| number.to_string()).collect();
    let ids = ana.steps(&scenario, &names.join(" ")).await;
    let mut work = vec![];
    for (number, id) in ids.iter().enumerate() {
        let (ana, id, scenario) = (ana.clone(), id.clone(), scenario.clone());
        let target = ids[(number * 7 + 3) % ids.len()].clone();
        work.push(tokio::spawn(async move {
            match number % 4 {
                0 => drop(
                    ana.done(
                        "",
                        &format!("deleteCrmStep(id: \"{id}\") {{ deletedCrmStepId }}"),
                        json!({}),
                    )
                    .await,
                ),
                1 => drop(ana.steps(&scenario, "new").await),
                // The step that it is moved behind may have been deleted.
                _ => drop(relocate(&ana, &id, json!({ "after": target })).await),
            }
        }));
    }
    for done in join_all(work).await {
        done.expect("no panic");
    }
    assert_eq!(ana.names(&scenario).await.split(' ').count(), 20);
}

on_both_databases!(
    a_step_moves_to_any_position,
    a_move_to_the_same_position_changes_nothing,
    a_position_is_in_the_same_scenario,
    all_that_is_wrong_with_a_move_is_reported_at_once,
    a_step_may_be_created_at_any_position,
    an_invalid_position_stops_no_other_mutation_of_the_request,
    many_steps_fit_between_two_steps,
    concurrent_moves_creates_and_deletes_leave_no_gap,
);
