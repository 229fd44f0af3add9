//! createCrmSteps: batches, atomic or without their invalid steps, with timers between their steps.

use serde_json::{Value, json};

use crate::support::{App, Client, on_both_databases, violations};

async fn create(client: &Client, inputs: Value, mode: &str) -> Value {
    let field = "createCrmSteps(inputs: $inputs, mode: $mode) {
        crmSteps { id name index autoNextStep { name } } crmStepEdges { node { name } } }";
    let types = "($inputs: [CreateCrmStepsInput!]!, $mode: BatchMode!)";
    client.call(types, field, json!({ "inputs": inputs, "mode": mode })).await
}

fn codes(payload: &Value) -> Vec<(String, String)> {
    violations(payload)
        .into_iter()
        .map(|(field, code)| (field.strip_prefix("inputs.").expect("in inputs").to_owned(), code))
        .collect()
}

fn expected(codes: &[(&str, &str)]) -> Vec<(String, String)> {
    codes.iter().map(|(field, code)| ((*field).to_owned(), (*code).to_owned())).collect()
}

async fn refs_point_forwards_and_backwards(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (sales, support) = (ana.scenario("Sales").await, ana.scenario("Support").await);
    ana.steps(&sales, "old").await;
    let step = |scenario: &str, name: &str, to: Option<&str>| {
        json!({
            "scenarioId": scenario, "name": name, "prompt": "a", "ref": name,
            "autoNextStepRef": to, "autoNextTime": to.map(|_| 5),
        })
    };
    let inputs = json!([
        step(&sales, "a", Some("c")),
        step(&support, "b", None),
        step(&sales, "c", Some("d")),
        step(&sales, "d", Some("a")),
    ]);
    let payload = create(&ana, inputs, "ATOMIC").await;
    assert_eq!(codes(&payload), []);
    let of = |index: usize| {
        let step = &payload["crmSteps"][index];
        (step["name"].clone(), step["index"].clone(), step["autoNextStep"]["name"].clone())
    };
    assert_eq!(of(0), (json!("a"), json!(1), json!("c")));
    assert_eq!(of(1), (json!("b"), json!(0), Value::Null));
    assert_eq!(of(2), (json!("c"), json!(2), json!("d")));
    assert_eq!(of(3), (json!("d"), json!(3), json!("a")));
    assert_eq!(payload["crmStepEdges"][3], json!({ "node": { "name": "d" } }));
    assert_eq!(ana.names(&sales).await, "old a c d");
}

async fn one_invalid_step_rejects_an_atomic_call(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let before = app.contents().await;
    let inputs = json!([
        { "scenarioId": scenario, "name": "a", "prompt": "a", "autoNextStepRef": "b", "autoNextTime": 1 },
        { "scenarioId": scenario, "name": "", "ref": "b" },
        { "scenarioId": "nonsense", "name": "c", "prompt": "a", "agentId": "nobody" },
    ]);
    let payload = create(&ana, inputs, "ATOMIC").await;
    assert_eq!(
        codes(&payload),
        expected(&[
            ("1.name", "BLANK"),
            ("1.trigger", "TRIGGER_OR_PROMPT_REQUIRED"),
            ("2.scenarioId", "NOT_FOUND"),
            ("2.agentId", "NOT_FOUND"),
        ])
    );
    assert_eq!(
        payload["userErrors"][0]["message"],
        "inputs[1].name is blank; give it at least one visible character."
    );
    assert_eq!(payload["crmSteps"], Value::Null);
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
}

async fn valid_steps_are_created_when_invalid_ones_are_skipped(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let step = |name: &str, reference: &str, to: Option<&str>| {
        json!({
            "scenarioId": scenario, "name": name, "prompt": "a", "ref": reference,
            "autoNextStepRef": to, "autoNextTime": to.map(|_| 5),
        })
    };
    // The first has a timer to the second, the second one to the invalid third; the fourth has none.
    let inputs = json!([
        step("a", "1", Some("2")),
        step("b", "2", Some("3")),
        step("", "3", None),
        step("d", "4", None),
    ]);
    let payload = create(&ana, inputs.clone(), "SKIP_INVALID").await;
    assert_eq!(
        codes(&payload),
        expected(&[
            ("0.autoNextStepRef", "NOT_FOUND"),
            ("1.autoNextStepRef", "NOT_FOUND"),
            ("2.name", "BLANK"),
        ])
    );
    let names: Vec<_> = payload["crmSteps"]
        .as_array()
        .expect("steps")
        .iter()
        .map(|step| step["name"].clone())
        .collect();
    assert_eq!(names, [Value::Null, Value::Null, Value::Null, json!("d")]);
    assert_eq!(ana.names(&scenario).await, "d");
    let before = app.contents().await;
    let none = json!([{ "scenarioId": scenario, "name": "" }]);
    assert_eq!(create(&ana, none, "SKIP_INVALID").await["crmSteps"], Value::Null);
    assert_eq!(app.contents().await, before, "without a valid step nothing changes");
}

async fn of_skipped_steps_that_lead_to_each_other_one_says_why(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let before = app.contents().await;
    let step = |name: &str, to: &str| {
        json!({
            "scenarioId": scenario, "name": name, "key": "k", "prompt": "a", "ref": name,
            "autoNextStepRef": to, "autoNextTime": 5,
        })
    };
    let inputs = json!([step("a", "b"), step("b", "a")]);
    let payload = create(&ana, inputs, "SKIP_INVALID").await;
    assert_eq!(
        codes(&payload),
        expected(&[
            ("0.autoNextStepRef", "NOT_FOUND"),
            ("1.key", "DUPLICATE_VALUE"),
            ("1.autoNextStepRef", "NOT_FOUND"),
        ])
    );
    assert_eq!(app.contents().await, before, "a call that skips all steps changes nothing");
}

async fn validate_only_reports_what_would_be_skipped(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let before = app.contents().await;
    let inputs = json!([
        { "scenarioId": scenario, "name": "a", "prompt": "a" }, { "scenarioId": scenario, "name": "", "prompt": "a" },
    ]);
    let field = "createCrmSteps(inputs: $inputs, mode: SKIP_INVALID, validateOnly: $only) { crmSteps { name } }";
    let types = "($inputs: [CreateCrmStepsInput!]!, $only: Boolean!)";
    let validated = ana.call(types, field, json!({ "inputs": inputs, "only": true })).await;
    assert_eq!(codes(&validated), expected(&[("1.name", "BLANK")]));
    assert_eq!(validated["crmSteps"], Value::Null);
    assert_eq!(app.contents().await, before);
    let done = ana.call(types, field, json!({ "inputs": inputs, "only": false })).await;
    assert_eq!(done["userErrors"], validated["userErrors"]);
    assert_eq!(done["crmSteps"], json!([{ "name": "a" }, null]));
}

async fn of_steps_with_one_id_the_first_is_created(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let old = ana.steps(&scenario, "old").await.remove(0);
    let chosen = "6f9619ff-8b86-4d01-b42d-00c04fc964ff";
    let step = |fields: Value| {
        let mut input = json!({ "scenarioId": scenario, "name": "a", "prompt": "a" });
        let fields = fields.as_object().expect("an object").clone();
        input.as_object_mut().expect("an object").extend(fields);
        input
    };
    let inputs = json!([
        step(json!({ "id": chosen, "autoNextStepRef": "broken", "autoNextTime": 5 })),
        step(json!({ "id": chosen, "autoNextStepRef": "sound", "autoNextTime": 5 })),
        step(json!({ "ref": "broken", "name": "" })),
        step(json!({ "ref": "sound" })),
    ]);
    let payload = create(&ana, inputs, "SKIP_INVALID").await;
    assert_eq!(
        codes(&payload),
        expected(&[
            ("0.autoNextStepRef", "NOT_FOUND"),
            ("1.id", "DUPLICATE_VALUE"),
            ("2.name", "BLANK")
        ])
    );
    let inputs = json!([
        step(json!({ "id": chosen, "ref": "a" })),
        step(json!({ "id": chosen })),
        step(json!({ "name": "to a", "autoNextStepRef": "a", "autoNextTime": 5 })),
        step(json!({ "id": old })),
        step(json!({ "name": "to old", "autoNextStepId": old, "autoNextTime": 5 })),
    ]);
    let payload = create(&ana, inputs, "SKIP_INVALID").await;
    assert_eq!(codes(&payload), expected(&[("1.id", "DUPLICATE_VALUE"), ("3.id", "ID_TAKEN")]));
    assert_eq!(payload["crmSteps"][2]["autoNextStep"]["name"], "a");
    assert_eq!(payload["crmSteps"][4]["autoNextStep"]["name"], "old");
}

async fn a_rejected_step_does_not_take_the_id_or_ref_of_another(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (sales, support) = (ana.scenario("Sales").await, ana.scenario("Support").await);
    let old = ana.steps(&sales, "old").await.remove(0);
    let step = |scenario: &str, fields: Value| {
        let mut input = json!({ "scenarioId": scenario, "name": "a", "prompt": "a" });
        let fields = fields.as_object().expect("an object").clone();
        input.as_object_mut().expect("an object").extend(fields);
        input
    };
    let (one, other) =
        ("6f9619ff-8b86-4d01-b42d-000000000001", "6f9619ff-8b86-4d01-b42d-000000000002");
    for (inputs, broken) in [
        // The id is that of the first step, so its scenario is the one that counts.
        (
            json!([
                step(&sales, json!({ "id": one })),
                step(&support, json!({ "id": one })),
                step(&support, json!({ "autoNextStepId": one, "autoNextTime": 5 })),
                step(&sales, json!({ "autoNextStepId": one, "autoNextTime": 5 })),
            ]),
            vec![("1.id", "DUPLICATE_VALUE"), ("2.autoNextStepId", "STEP_NOT_IN_SCENARIO")],
        ),
        // A ref belongs to one step of the call, and not to another with the same id.
        (
            json!([
                step(&sales, json!({ "id": other, "ref": "a" })),
                step(&sales, json!({ "id": other, "ref": "b" })),
                step(&sales, json!({ "autoNextStepRef": "b", "autoNextTime": 5 })),
            ]),
            vec![("1.id", "DUPLICATE_VALUE"), ("2.autoNextStepRef", "NOT_FOUND")],
        ),
        (
            json!([
                step(&sales, json!({ "id": old, "ref": "a" })),
                step(&sales, json!({ "autoNextStepRef": "a", "autoNextTime": 5 })),
                step(&sales, json!({ "autoNextStepId": old, "autoNextTime": 5 })),
            ]),
            vec![("0.id", "ID_TAKEN"), ("1.autoNextStepRef", "NOT_FOUND")],
        ),
    ] {
        let payload = create(&ana, inputs.clone(), "SKIP_INVALID").await;
        assert_eq!(codes(&payload), expected(&broken), "{inputs:#}");
    }
}

async fn an_invalid_key_and_invalid_steps_are_reported_together(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let before = app.contents().await;
    let inputs = json!([
        { "scenarioId": scenario, "name": "a", "prompt": "a" }, { "scenarioId": scenario, "name": "", "prompt": "a" },
    ]);
    let field = "createCrmSteps(inputs: $inputs, mode: SKIP_INVALID, idempotencyKey: \" \") { crmSteps { name } }";
    let payload =
        ana.call("($inputs: [CreateCrmStepsInput!]!)", field, json!({ "inputs": inputs })).await;
    assert_eq!(
        violations(&payload),
        expected(&[("idempotencyKey", "BLANK"), ("inputs.1.name", "BLANK")])
    );
    assert_eq!(payload["crmSteps"], Value::Null);
    assert_eq!(app.contents().await, before);
}

async fn an_id_of_any_resource_is_taken(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (scenario, agent, bruno) =
        (ana.scenario("Sales").await, ana.agent("Sofia").await, ana.membership("Bruno").await);
    let data =
        ana.query("{ viewer { organization { id history(first: 1) { nodes { id } } } } }").await;
    let organization = &data["viewer"]["organization"];
    let change = &organization["history"]["nodes"][0]["id"];
    let before = app.contents().await;
    for id in [&json!(scenario), &json!(agent), &json!(bruno), &organization["id"], change] {
        let input = json!({ "id": id, "scenarioId": scenario, "name": "a", "prompt": "a" });
        let refused = ana.create_crm_step(&input).await;
        assert_eq!(refused.violations(), expected(&[("input.id", "ID_TAKEN")]));
    }
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
}

async fn a_ref_names_one_step_of_the_call_and_of_the_scenario(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (scenario, other) = (ana.scenario("Sales").await, ana.scenario("Support").await);
    let old = ana.steps(&scenario, "old").await.remove(0);
    let before = app.contents().await;
    let with = |fields: Value| {
        let mut input = json!({ "scenarioId": scenario, "name": "a", "prompt": "a" });
        input
            .as_object_mut()
            .expect("an object")
            .extend(fields.as_object().expect("an object").clone());
        input
    };
    let inputs = json!([
        with(json!({ "ref": "a" })),
        with(json!({ "ref": "a" })),
        with(json!({ "ref": "self", "autoNextStepRef": "self", "autoNextTime": 1 })),
        with(json!({ "autoNextStepRef": "nobody", "autoNextTime": 1 })),
        with(json!({ "autoNextStepRef": "a", "autoNextStepId": old, "autoNextTime": 1 })),
        with(json!({ "autoNextStepRef": "a", "scenarioId": other, "autoNextTime": 1 })),
        with(json!({ "autoNextStepRef": "a" })),
    ]);
    let payload = create(&ana, inputs, "ATOMIC").await;
    assert_eq!(
        codes(&payload),
        expected(&[
            ("1.ref", "DUPLICATE_VALUE"),
            ("2.autoNextStepRef", "SELF_REFERENCE"),
            ("3.autoNextStepRef", "NOT_FOUND"),
            ("4.autoNextStepRef", "AUTO_NEXT_CONFLICT"),
            ("5.autoNextStepRef", "STEP_NOT_IN_SCENARIO"),
            ("6.autoNextTime", "AUTO_NEXT_INCOMPLETE"),
        ])
    );
    let sentences = payload["userErrors"].as_array().expect("violations").iter();
    let sentences: Vec<_> = sentences.map(|error| error["message"].clone()).collect();
    assert_eq!(
        [&sentences[2], &sentences[5]],
        [
            "inputs[3].autoNextStepRef names no step that this call creates.",
            "inputs[6].autoNextTime is missing; autoNextStepRef needs a time to wait.",
        ]
    );
    assert_eq!(app.contents().await, before);
}

async fn a_blank_ref_has_the_limits_of_any_other(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let refs = [" ".repeat(255), " ".repeat(256), "\u{0}".to_owned()];
    let step =
        |reference| json!({ "scenarioId": scenario, "name": "a", "prompt": "a", "ref": reference });
    let payload = create(&ana, refs.map(step).to_vec().into(), "ATOMIC").await;
    let violations = [("1.ref", "TOO_LONG"), ("2.ref", "INVALID_CHARACTER")];
    assert_eq!(codes(&payload), expected(&violations));
}

async fn refs_ignore_case_and_unicode_form(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let step = |reference: &str, to: Option<&str>| {
        json!({
            "scenarioId": scenario, "name": reference, "prompt": "a", "ref": reference,
            "autoNextStepRef": to, "autoNextTime": to.map(|_| 5),
        })
    };
    let inputs = json!([step("São", Some("STRASSE")), step("straße", Some("SA\u{303}O"))]);
    let payload = create(&ana, inputs, "ATOMIC").await;
    assert_eq!(codes(&payload), []);
    assert_eq!(payload["crmSteps"][0]["autoNextStep"]["name"], "straße");
    assert_eq!(payload["crmSteps"][1]["autoNextStep"]["name"], "São");
    let before = app.contents().await;
    let inputs = json!([step("ẞ", None), step("SS", None), step("ı", None), step("i", None)]);
    let payload = create(&ana, inputs, "ATOMIC").await;
    assert_eq!(codes(&payload), expected(&[("1.ref", "DUPLICATE_VALUE")]));
    assert_eq!(app.contents().await, before);
}

async fn a_call_creates_at_most_a_hundred_steps(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let steps =
        |count: usize| vec![json!({ "scenarioId": scenario, "name": "a", "prompt": "a" }); count];
    let payload = create(&ana, json!(steps(101)), "SKIP_INVALID").await;
    assert_eq!(violations(&payload), [("inputs".to_owned(), "TOO_MANY".to_owned())]);
    assert_eq!(create(&ana, json!(steps(100)), "ATOMIC").await["crmSteps"][99]["index"], 99);
    assert_eq!(create(&ana, json!([]), "ATOMIC").await["crmSteps"], json!([]));
    // The mode defaults to ATOMIC when its variable is absent.
    let query = "mutation($mode: BatchMode) { createCrmSteps(inputs: [], mode: $mode) { crmSteps { id } } }";
    assert_eq!(ana.query(query).await["createCrmSteps"]["crmSteps"], json!([]));
    let query = "query($direction: OrderDirection) { crmSteps(first: 1, orderBy: [{ field: INDEX, direction: $direction }]) { nodes { index } } }";
    assert_eq!(ana.query(query).await["crmSteps"]["nodes"], json!([{ "index": 0 }]));
    assert_eq!(ana.names(&scenario).await.split(' ').count(), 100);
}

async fn a_client_may_choose_ids(app: App) {
    let (ana, eve) = (app.member_of("Horizonte").await, app.member_of("Evil").await);
    let (scenario, agent) = (ana.scenario("Sales").await, ana.agent("Sofia").await);
    let (one, other) =
        ("6f9619ff-8b86-4d01-b42d-00c04fc964ff", "019b0000-0000-7000-8000-00000000000a");
    let step = |id: &str| json!({ "id": id, "scenarioId": scenario, "name": "a", "prompt": "a" });
    assert_eq!(ana.crm_step(&step(one)).await["id"], one);
    // Ids of one call may be used within it.
    let mut leading = step(other);
    leading["autoNextStepId"] = "6F9619FF-8B86-4D01-B42D-00C04FC96400".into();
    leading["autoNextTime"] = 1.into();
    let inputs = json!([leading, step("6F9619FF-8B86-4D01-B42D-00C04FC96400")]);
    assert_eq!(codes(&create(&ana, inputs, "ATOMIC").await), []);
    // The id of a deleted step cannot be used again.
    ana.done("", &format!("deleteCrmStep(id: \"{one}\") {{ deletedCrmStepId }}"), json!({})).await;
    let before = app.contents().await;
    for (id, code) in [
        (one, "ID_TAKEN"),
        (other, "ID_TAKEN"),
        (&agent, "ID_TAKEN"),
        ("nonsense", "INVALID_ID"),
        ("", "INVALID_ID"),
    ] {
        let refused = ana.create_crm_step(&step(id)).await;
        assert_eq!(refused.violations(), expected(&[("input.id", code)]));
    }
    let twice = create(
        &ana,
        json!([
            step("6f9619ff-8b86-4d01-b42d-000000000001"),
            step("6f9619ff-8b86-4d01-b42d-000000000001")
        ]),
        "ATOMIC",
    )
    .await;
    assert_eq!(codes(&twice), expected(&[("1.id", "DUPLICATE_VALUE")]));
    assert_eq!(app.contents().await, before);
    // Ids of another organization are free in this one.
    let hers = eve.scenario("Eve's").await;
    let step = json!({ "id": other, "scenarioId": hers, "name": "a", "prompt": "a" });
    assert_eq!(eve.crm_step(&step).await["id"], other);
}

async fn of_concurrent_creates_with_one_id_one_succeeds(app: App) {
    let ana = app.member_of("Horizonte").await;
    let mut calls = vec![];
    for number in 0..10 {
        // Each in its own scenario, so that no other lock serializes them.
        let scenario = ana.scenario(&number.to_string()).await;
        let ana = ana.clone();
        calls.push(tokio::spawn(async move {
            let id = "6f9619ff-8b86-4d01-b42d-00c04fc964ff";
            let input = json!({ "id": id, "scenarioId": scenario, "name": "a", "prompt": "a" });
            ana.create_crm_step(&input).await.violations()
        }));
    }
    let mut done = 0;
    for call in futures_util::future::join_all(calls).await {
        let violations = call.expect("no panic");
        if violations.is_empty() {
            done += 1;
        } else {
            assert_eq!(violations, expected(&[("input.id", "ID_TAKEN")]));
        }
    }
    assert_eq!(done, 1);
}

async fn as_many_ids_as_a_call_can_have_are_checked(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let id = |step: usize, number: usize| format!("019a0000-0000-7000-8000-{step:06}{number:06}");
    let inputs: Vec<Value> = (0..100)
        .map(|step| {
            let candidates: Vec<String> = (0..100).map(|number| id(step, number)).collect();
            json!({
                "scenarioId": scenario, "name": "a", "prompt": "a",
                "assigneeLogicType": "random_selected",
                "selectedMembershipIdsForAssignee": candidates,
            })
        })
        .collect();
    let payload = create(&ana, json!(inputs), "ATOMIC").await;
    let codes = codes(&payload);
    assert_eq!(codes.len(), 10_000);
    assert!(codes.iter().all(|(_, code)| code == "NOT_FOUND"));
    assert_eq!(ana.names(&scenario).await, "");
}

async fn calls_with_many_steps_share_a_transaction_with_their_timers(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let calls = (0..20).map(|call| {
        let (client, scenario) = (ana.clone(), scenario.clone());
        async move {
            let inputs: Vec<Value> = (0..30)
                .map(|number| {
                    let next = (number < 29).then(|| format!("{}", number + 1));
                    json!({
                        "scenarioId": scenario, "name": format!("{call} {number}"), "prompt": "a",
                        "ref": number.to_string(), "autoNextStepRef": next,
                        "autoNextTime": next.as_ref().map(|_| 1),
                    })
                })
                .collect();
            create(&client, json!(inputs), "ATOMIC").await
        }
    });
    for payload in futures_util::future::join_all(calls).await {
        assert_eq!(codes(&payload), []);
        let steps = payload["crmSteps"].as_array().expect("steps");
        for [step, next] in steps.array_windows() {
            assert_eq!(step["autoNextStep"]["name"], next["name"]);
            assert_eq!(step["index"].as_i64().map(|index| index + 1), next["index"].as_i64());
        }
    }
}

on_both_databases!(
    as_many_ids_as_a_call_can_have_are_checked,
    calls_with_many_steps_share_a_transaction_with_their_timers,
    refs_point_forwards_and_backwards,
    one_invalid_step_rejects_an_atomic_call,
    of_skipped_steps_that_lead_to_each_other_one_says_why,
    validate_only_reports_what_would_be_skipped,
    of_steps_with_one_id_the_first_is_created,
    a_rejected_step_does_not_take_the_id_or_ref_of_another,
    an_invalid_key_and_invalid_steps_are_reported_together,
    an_id_of_any_resource_is_taken,
    valid_steps_are_created_when_invalid_ones_are_skipped,
    a_ref_names_one_step_of_the_call_and_of_the_scenario,
    a_blank_ref_has_the_limits_of_any_other,
    refs_ignore_case_and_unicode_form,
    a_call_creates_at_most_a_hundred_steps,
    a_client_may_choose_ids,
    of_concurrent_creates_with_one_id_one_succeeds,
);
