//! updateCrmStep and the updates of the other resources: patches, with an expected version.

mod earlier_rules;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{App, Client, STEP_FIELDS, in_input, on_both_databases, violations};

async fn update(client: &Client, id: &str, input: Value, version: Option<i32>) -> Value {
    let field = format!(
        "updateCrmStep(id: $id, input: $input, expectedVersion: $version) {{
            crmStep {{ {STEP_FIELDS} version }} currentCrmStep {{ name version }} }}"
    );
    let types = "($id: ID!, $input: UpdateCrmStepInput!, $version: Int)";
    client.call(types, &field, json!({ "id": id, "input": input, "version": version })).await
}

async fn absent_fields_are_kept_and_null_clears(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (scenario, agent) = (ana.scenario("Sales").await, ana.agent("Sofia").await);
    let (bruno, carla) = (ana.membership("Bruno").await, ana.membership("Carla").await);
    let other = ana.steps(&scenario, "other").await.remove(0);
    let whole = json!({
        "scenarioId": scenario, "name": "Lead", "key": "lead", "agentId": agent, "trigger": "Asks.",
        "prompt": "Greet.", "initialMessage": "Hi", "autoNextStepId": other, "autoNextTime": 2,
        "autoNextTimeUnit": "h", "defaultStatus": "UNRESOLVED", "defaultPriority": "HIGH",
        "defaultAiControl": false, "assigneeLogicType": "random_selected",
        "selectedMembershipIdsForAssignee": [carla, bruno], "isRequired": true,
        "isConversationRemovalStep": false, "defaultTags": ["a"], "defaultTagsToRemove": ["b"],
        "requestContact": { "name": true, "email": null, "phone": false },
        "zapiAgentId": agent, "zapiPhoneNumber": "12345678", "zapiMessage": "Hi",
        "whatsappTemplateAgentId": agent, "whatsappTemplateName": "a",
        "whatsappTemplateLanguageCode": "en", "whatsappTemplateText": "Hi",
        "webhookUrl": "https://example.com", "webhookHeader": { "X-Key": "v" },
    });
    let settable: BTreeSet<String> = whole
        .as_object()
        .expect("an object")
        .keys()
        .filter(|field| *field != "scenarioId")
        .cloned()
        .collect();
    assert_eq!(settable, ana.fields_of("UpdateCrmStepInput").await, "each field is changed here");
    let mut before = ana.crm_step(&whole).await;
    let id = before["id"].as_str().expect("an id").to_owned();

    let renamed = update(&ana, &id, json!({ "name": " Renamed " }), None).await;
    let mut after = renamed["crmStep"].clone();
    assert_eq!(after["version"], 2);
    after.as_object_mut().expect("an object").remove("version");
    before["name"] = "Renamed".into();
    assert_eq!(after, before, "all other fields are unchanged");

    let mut nulls = whole.as_object().expect("an object").clone();
    nulls.retain(|field, _| !["scenarioId", "name", "prompt"].contains(&field.as_str()));
    nulls.values_mut().for_each(|value| *value = Value::Null);
    let cleared = update(&ana, &id, json!(nulls), Some(2)).await;
    assert_eq!(violations(&cleared), []);
    let step = &cleared["crmStep"];
    assert_eq!((&step["name"], &step["prompt"]), (&json!("Renamed"), &json!("Greet.")));
    for field in nulls.keys() {
        assert_eq!(step[field], Value::Null, "{field}");
    }
    assert_eq!(step["selectedMembershipsForAssignee"], Value::Null);

    // Each field can be set again.
    let mut again = whole.as_object().expect("an object").clone();
    again.remove("scenarioId");
    let step = update(&ana, &id, json!(again), None).await["crmStep"].clone();
    for (field, sent) in again {
        assert_eq!(step[&field], sent, "{field}");
    }
}

async fn headers_keep_the_order_in_which_they_were_sent(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let headers = r#"{"X-Long":"1","B":"2","A":"3"}"#;
    let create = format!(
        r#"{{ "query": "mutation($headers: StringMap) {{ createCrmStep(idempotencyKey: \"1\", input: {{ scenarioId: \"{scenario}\", name: \"a\", prompt: \"b\", webhookUrl: \"https://example.com\", webhookHeader: $headers }}) {{ crmStep {{ id webhookHeader }} userErrors {{ code }} replayed }} }}",
            "variables": {{ "headers": {headers} }} }}"#
    );
    let created = ana.post(create.clone()).await;
    let id = created.payload()["crmStep"]["id"].as_str().expect("an id").to_owned();
    let read =
        format!("{{ crmStep(id: \"{id}\") {{ webhookHeader history {{ nodes {{ after }} }} }} }}");
    for answer in [&created, &ana.graphql(&read, json!({})).await, &ana.post(create).await] {
        assert!(answer.text.contains(headers), "{}", answer.text);
    }
    // Another order is another value.
    let reordered = r#"{"A":"3","B":"2","X-Long":"1"}"#;
    let value: Value = serde_json::from_str(reordered).expect("it is JSON");
    let updated = update(&ana, &id, json!({ "webhookHeader": value }), Some(1)).await;
    assert_eq!(updated["crmStep"]["version"], 2);
    let read = ana.graphql(&read, json!({})).await;
    assert!(read.text.contains(reordered), "{}", read.text);
    assert!(read.text.contains(r#"{"A":"***","B":"***","X-Long":"***"}"#), "{}", read.text);
}

async fn concurrent_timers_across_scenarios_are_rejected_without_deadlock(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (one, other) = (ana.scenario("Sales").await, ana.scenario("Support").await);
    let (a, b) = (ana.steps(&one, "a").await.remove(0), ana.steps(&other, "b").await.remove(0));
    let updates = (0..60).map(|number| {
        let (from, to) = if number % 2 == 0 { (&a, &b) } else { (&b, &a) };
        let (ana, from, to) = (ana.clone(), from.clone(), to.clone());
        tokio::spawn(async move {
            update(&ana, &from, json!({ "autoNextStepId": to, "autoNextTime": 5 }), None).await
        })
    });
    for updated in futures_util::future::join_all(updates).await {
        let codes = violations(&updated.expect("no panic"));
        assert_eq!(codes, in_input(&[("autoNextStepId", "STEP_NOT_IN_SCENARIO")]));
    }
}

async fn an_absent_variable_keeps_the_field(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let id = ana.steps(&scenario, "A").await.remove(0);
    let field = "updateCrmStep(id: $id, input: { prompt: $prompt, trigger: $trigger }) { crmStep { prompt trigger } }";
    let types = "($id: ID!, $prompt: String, $trigger: String)";
    let kept = ana.done(types, field, json!({ "id": id, "trigger": "Asks." })).await;
    assert_eq!(kept["crmStep"], json!({ "prompt": "Greet.", "trigger": "Asks." }));
    let cleared = ana.done(types, field, json!({ "id": id, "prompt": null })).await;
    assert_eq!(cleared["crmStep"], json!({ "prompt": null, "trigger": "Asks." }));
}

async fn the_rules_are_checked_on_the_updated_step(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (scenario, other) = (ana.scenario("Sales").await, ana.scenario("Support").await);
    let ids = ana.steps(&scenario, "A B").await;
    let elsewhere = ana.steps(&other, "C").await.remove(0);
    let id = &ids[0];
    let timer = json!({ "autoNextStepId": ids[1], "autoNextTime": 5 });
    update(&ana, id, timer, None).await;
    let before = app.contents().await;
    for (input, expected) in [
        (json!({ "name": null }), vec![("name", "BLANK")]),
        (json!({ "prompt": null }), vec![("trigger", "TRIGGER_OR_PROMPT_REQUIRED")]),
        (json!({ "autoNextTime": null }), vec![("autoNextTime", "AUTO_NEXT_INCOMPLETE")]),
        (json!({ "autoNextStepId": id }), vec![("autoNextStepId", "SELF_REFERENCE")]),
        (json!({ "autoNextStepId": elsewhere }), vec![("autoNextStepId", "STEP_NOT_IN_SCENARIO")]),
        (
            json!({ "isConversationRemovalStep": true, "agentId": "nobody" }),
            vec![("agentId", "NOT_FOUND"), ("isConversationRemovalStep", "REMOVAL_STEP_CONFLICT")],
        ),
        (
            json!({ "zapiMessage": "Hi" }),
            vec![("zapiAgentId", "ZAPI_INCOMPLETE"), ("zapiPhoneNumber", "ZAPI_INCOMPLETE")],
        ),
        (json!({ "webhookHeader": { "X": "v" } }), vec![("webhookHeader", "HEADERS_WITHOUT_URL")]),
    ] {
        let sent = input.to_string();
        let refused = update(&ana, id, input, None).await;
        assert_eq!(violations(&refused), in_input(&expected), "{sent}");
        assert_eq!(refused["crmStep"], Value::Null);
    }
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
}

async fn clearing_a_time_clears_its_unit(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let ids = ana.steps(&scenario, "A B").await;
    let timer = async |input: Value| {
        let updated = update(&ana, &ids[0], input, None).await;
        let step = &updated["crmStep"];
        let codes: Vec<_> = violations(&updated).into_iter().map(|(_, code)| code).collect();
        (codes, step["autoNextTime"].clone(), step["autoNextTimeUnit"].clone())
    };
    let set = json!({ "autoNextTime": 2, "autoNextTimeUnit": "h" });
    let (two, hours, null) = (json!(2), json!("h"), Value::Null);
    let broken = |code: &str| (vec![code.to_owned()], Value::Null, Value::Null);
    assert_eq!(timer(set.clone()).await, (vec![], two.clone(), hours.clone()));
    // Clients need not know the unit to clear the time.
    assert_eq!(timer(json!({ "autoNextTime": null })).await, (vec![], null.clone(), null.clone()));
    timer(set.clone()).await;
    let both = json!({ "autoNextTime": null, "autoNextTimeUnit": null });
    assert_eq!(timer(both).await, (vec![], null.clone(), null.clone()));
    timer(set.clone()).await;
    for unit in ["h", "d"] {
        let with_unit = json!({ "autoNextTime": null, "autoNextTimeUnit": unit });
        assert_eq!(timer(with_unit).await, broken("UNIT_WITHOUT_TIME"));
    }
    timer(json!({ "autoNextTime": 1_000, "autoNextTimeUnit": "h" })).await;
    assert_eq!(timer(json!({ "autoNextTimeUnit": "d" })).await, broken("OUT_OF_RANGE"));
    timer(set.clone()).await;
    let seconds = json!({ "autoNextTimeUnit": null });
    assert_eq!(timer(seconds).await, (vec![], two.clone(), null.clone()));
    assert_eq!(timer(json!({ "autoNextTime": 3 })).await, (vec![], json!(3), null.clone()));
    let led = json!({ "autoNextStepId": ids[1], "autoNextTime": 2, "autoNextTimeUnit": "h" });
    assert_eq!(timer(led).await, (vec![], two.clone(), hours.clone()));
    assert_eq!(timer(json!({ "autoNextTime": null })).await, broken("AUTO_NEXT_INCOMPLETE"));
    let all = json!({ "autoNextTime": null, "autoNextStepId": null });
    assert_eq!(timer(all).await, (vec![], null.clone(), null.clone()));
    timer(set).await;
    let removal = json!({ "isConversationRemovalStep": true });
    assert_eq!(timer(removal).await, broken("REMOVAL_STEP_CONFLICT"));
    let removal = json!({ "isConversationRemovalStep": true, "autoNextTime": null });
    assert_eq!(timer(removal).await, (vec![], null.clone(), null));
    assert_eq!(timer(json!({ "autoNextTimeUnit": "d" })).await, broken("UNIT_WITHOUT_TIME"));
    assert_eq!(timer(json!({ "autoNextTime": 1 })).await, broken("REMOVAL_STEP_CONFLICT"));
}

async fn a_stale_version_is_rejected_with_the_current_step(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let id = ana.steps(&scenario, "A").await.remove(0);
    assert_eq!(update(&ana, &id, json!({ "name": "B" }), Some(1)).await["crmStep"]["version"], 2);
    let before = app.contents().await;
    let refused = update(&ana, &id, json!({ "name": "C" }), Some(1)).await;
    assert_eq!(refused["crmStep"], Value::Null);
    assert_eq!(refused["currentCrmStep"], json!({ "name": "B", "version": 2 }));
    insta::allow_duplicates! {
        insta::assert_json_snapshot!(refused["userErrors"], @r#"
        [
          {
            "field": [
              "expectedVersion"
            ],
            "code": "STALE_VERSION",
            "message": "expectedVersion is 1, and it is at version 2 now; look at what has changed, and try again with that version.",
            "params": [
              {
                "name": "expected",
                "value": "1"
              },
              {
                "name": "actual",
                "value": "2"
              }
            ]
          }
        ]
        "#);
    }
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
}

async fn of_concurrent_updates_of_one_version_one_succeeds(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let id = ana.steps(&scenario, "A").await.remove(0);
    let updates = (0..20).map(|number| {
        let (ana, id) = (ana.clone(), id.clone());
        tokio::spawn(async move {
            update(&ana, &id, json!({ "name": format!("by {number}") }), Some(1)).await
        })
    });
    let mut done = 0;
    for update in futures_util::future::join_all(updates).await {
        let payload = update.expect("no panic");
        match violations(&payload).as_slice() {
            [] => done += 1,
            [(field, code)] => {
                assert_eq!((field.as_str(), code.as_str()), ("expectedVersion", "STALE_VERSION"));
            }
            more => panic!("{more:?}"),
        }
    }
    assert_eq!(done, 1);
}

async fn a_patch_without_changes_stores_nothing(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let id = ana.steps(&scenario, "A").await.remove(0);
    let before = app.contents().await;
    let same = update(&ana, &id, json!({ "name": "A", "prompt": "Greet." }), None).await;
    assert_eq!(same["crmStep"]["version"], 1);
    assert_eq!(app.contents().await, before);
}

async fn unknown_steps_and_those_of_another_organization_are_not_found(app: App) {
    let (ana, eve) = (app.member_of("Horizonte").await, app.member_of("Evil").await);
    let scenario = ana.scenario("Sales").await;
    let id = ana.steps(&scenario, "A").await.remove(0);
    let before = app.contents().await;
    let not_found = [("id".to_owned(), "NOT_FOUND".to_owned())];
    for id in [id.as_str(), "nonsense", "019a0000-0000-7000-8000-00000000ffff"] {
        let refused = update(&eve, id, json!({ "name": "B" }), Some(7)).await;
        assert_eq!(violations(&refused), not_found);
        assert_eq!(refused["currentCrmStep"], Value::Null);
    }
    assert_eq!(app.contents().await, before);
}

async fn the_other_resources_are_patched_alike(app: App) {
    let ana = app.member_of("Horizonte").await;
    let resources = [
        (
            "CrmScenario",
            "crmScenario",
            json!({ "name": "A", "description": "b" }),
            json!({ "description": null }),
        ),
        (
            "Agent",
            "agent",
            json!({ "name": "A", "iconUrl": "https://a.example.com" }),
            json!({ "iconUrl": null }),
        ),
        (
            "Membership",
            "membership",
            json!({ "name": "A", "email": "a@example.com", "role": "USER" }),
            json!({ "role": "ADMIN" }),
        ),
    ];
    for (resource, name, input, patch) in resources {
        let id = ana.create(&format!("create{resource}"), name, &input).await;
        let fields =
            input.as_object().expect("an object").keys().cloned().collect::<Vec<_>>().join(" ");
        let types = format!("($input: Update{resource}Input!, $version: Int)");
        let field = format!(
            "update{resource}(id: \"{id}\", input: $input, expectedVersion: $version) {{
                {name} {{ {fields} version }} current{resource} {{ version }} }}"
        );
        let arguments = json!({ "input": patch, "version": 1 });
        let updated = ana.done(&types, &field, arguments.clone()).await;
        let mut expected = input.clone();
        expected
            .as_object_mut()
            .expect("an object")
            .extend(patch.as_object().expect("an object").clone());
        expected["version"] = 2.into();
        assert_eq!(updated[name], expected);

        let before = app.contents().await;
        let stale = ana.call(&types, &field, arguments).await;
        assert_eq!(
            violations(&stale),
            [("expectedVersion".to_owned(), "STALE_VERSION".to_owned())]
        );
        assert_eq!(stale[format!("current{resource}")], json!({ "version": 2 }));
        let blank = ana.call(&types, &field, json!({ "input": { "name": null } })).await;
        assert_eq!(violations(&blank), in_input(&[("name", "BLANK")]));
        assert_eq!(app.contents().await, before, "rejected calls change nothing");
    }
}

on_both_databases!(
    absent_fields_are_kept_and_null_clears,
    headers_keep_the_order_in_which_they_were_sent,
    concurrent_timers_across_scenarios_are_rejected_without_deadlock,
    an_absent_variable_keeps_the_field,
    the_rules_are_checked_on_the_updated_step,
    clearing_a_time_clears_its_unit,
    a_stale_version_is_rejected_with_the_current_step,
    of_concurrent_updates_of_one_version_one_succeeds,
    a_patch_without_changes_stores_nothing,
    unknown_steps_and_those_of_another_organization_are_not_found,
    the_other_resources_are_patched_alike,
);
