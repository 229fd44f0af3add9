//! duplicateCrmStep.

use crm_steps::domain::access_token::Scope;
use serde_json::{Value, json};

use crate::support::{App, Client, STEP_FIELDS, on_both_databases, violations};

async fn duplicate(client: &Client, id: &str, to: Value) -> Value {
    let field = format!(
        "duplicateCrmStep(id: $id, to: $to) {{ crmStep {{ {STEP_FIELDS} version }}
            crmStepEdge {{ cursor node {{ id }} }} crmScenario {{ id revision }} diagnostics {{ code }} }}"
    );
    let types = "($id: ID!, $to: CrmStepPlacement)";
    client.call(types, &field, json!({ "id": id, "to": to })).await
}

async fn a_copy_has_all_fields_of_the_original_but_its_key(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (scenario, agent) = (ana.scenario("Sales").await, ana.agent("Sofia").await);
    let (bruno, carla) = (ana.membership("Bruno").await, ana.membership("Carla").await);
    let target = ana.steps(&scenario, "target").await.remove(0);
    let original = ana
        .crm_step(&json!({
            "scenarioId": scenario, "name": "Lead", "key": "lead", "agentId": agent,
            "trigger": "Asks.", "prompt": "Greet.", "initialMessage": "Hi",
            "autoNextStepId": target, "autoNextTime": 2, "autoNextTimeUnit": "h",
            "defaultStatus": "UNRESOLVED", "defaultPriority": "HIGH", "defaultAiControl": false,
            "assigneeLogicType": "random_selected",
            "selectedMembershipIdsForAssignee": [carla, bruno], "isRequired": true,
            "isConversationRemovalStep": false, "defaultTags": ["a"], "defaultTagsToRemove": ["b"],
            "requestContact": { "name": true, "email": null, "phone": false },
            "zapiAgentId": agent, "zapiPhoneNumber": "12345678", "zapiMessage": "Hi",
            "whatsappTemplateAgentId": agent, "whatsappTemplateName": "a",
            "whatsappTemplateLanguageCode": "en", "whatsappTemplateText": "Hi",
            "webhookUrl": "https://example.com", "webhookHeader": { "X-Key": "secret" },
        }))
        .await;
    let lead = original["id"].as_str().expect("an id");
    let mut leads_there = json!({ "scenarioId": scenario, "name": "last", "prompt": "a" });
    leads_there["autoNextStepId"] = lead.into();
    leads_there["autoNextTime"] = 5.into();
    let last = ana.crm_step(&leads_there).await["id"].clone();

    // The caller cannot read the secret, and copies it.
    let writer = app.bearer("Horizonte", &[Scope::Read, Scope::Write]).await;
    let later = app.at(App::now() + chrono::TimeDelta::hours(1)).with_token_of(&writer);
    let payload = duplicate(&later, lead, Value::Null).await;
    assert_eq!(violations(&payload), []);
    let id = payload["crmStep"]["id"].as_str().expect("an id");
    assert_ne!(id, lead);
    assert_eq!(payload["crmStepEdge"]["node"]["id"], id);
    assert_eq!(payload["crmScenario"], json!({ "id": scenario, "revision": 5 }));
    assert_eq!(payload["crmStep"]["webhookHeader"], json!({ "X-Key": "***" }));

    let read = format!("{{ crmStep(id: \"{id}\") {{ {STEP_FIELDS} }} }}");
    let mut copy = ana.query(&read).await["crmStep"].clone();
    assert_eq!((&copy["key"], &copy["index"]), (&Value::Null, &json!(2)));
    assert_ne!(copy["createdAt"], original["createdAt"]);
    for field in ["id", "key", "index", "createdAt", "updatedAt"] {
        copy[field] = original[field].clone();
    }
    assert_eq!(copy, original);
    assert_eq!(ana.names(&scenario).await, "target Lead Lead last");
    let read = format!("{{ crmStep(id: {last}) {{ autoNextStepId version }} }}");
    let kept = json!({ "autoNextStepId": lead, "version": 1 });
    assert_eq!(ana.query(&read).await["crmStep"], kept, "timers to the original stay");
    let read = format!("{{ crmStep(id: \"{id}\") {{ history {{ nodes {{ action before }} }} }} }}");
    assert_eq!(
        ana.query(&read).await["crmStep"]["history"]["nodes"],
        json!([{ "action": "CREATED", "before": null }])
    );
}

async fn a_copy_can_be_placed_anywhere_in_the_scenario(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let ids = ana.steps(&scenario, "a b c").await;
    for (id, to, order) in [
        (&ids[1], Value::Null, "a b b c"),
        (&ids[2], Value::Null, "a b b c c"),
        (&ids[0], json!({ "last": true }), "a b b c c a"),
        (&ids[2], json!({ "first": true }), "c a b b c c a"),
        (&ids[0], json!({ "before": ids[0] }), "c a a b b c c a"),
        (&ids[1], json!({ "after": ids[0] }), "c a a b b b c c a"),
    ] {
        let payload = duplicate(&ana, id, to.clone()).await;
        assert_eq!(violations(&payload), [], "{to}");
        assert_eq!(ana.names(&scenario).await, order, "{to}");
    }
}

async fn an_impossible_copy_is_rejected(app: App) {
    let (ana, eve) = (app.member_of("Horizonte").await, app.member_of("Evil").await);
    let scenario = ana.scenario("Sales").await;
    let ids = ana.steps(&scenario, "a b").await;
    let elsewhere = ana.steps(&ana.scenario("Support").await, "c").await.remove(0);
    let full = app.set_up(&["--max-steps-per-scenario", "2"]).with_token_of(&ana);
    let before = app.contents().await;
    let last = json!({ "last": true });
    let to = json!({ "after": elsewhere });
    for (client, id, to, codes) in [
        (&ana, "nobody", Value::Null, vec![("id", "NOT_FOUND")]),
        (&ana, &scenario, Value::Null, vec![("id", "NOT_FOUND")]),
        (&ana, "nobody", to.clone(), vec![("id", "NOT_FOUND")]),
        (&eve, ids[0].as_str(), last.clone(), vec![("id", "NOT_FOUND")]),
        (&ana, &ids[0], to.clone(), vec![("to.after", "STEP_NOT_IN_SCENARIO")]),
        (&ana, &ids[0], json!({ "first": false }), vec![("to.first", "INVALID_PLACEMENT")]),
        (&full, &ids[0], last, vec![("id", "SCENARIO_FULL")]),
        (&full, &ids[0], to, vec![("id", "SCENARIO_FULL"), ("to.after", "STEP_NOT_IN_SCENARIO")]),
    ] {
        let payload = duplicate(client, id, to).await;
        let codes: Vec<_> =
            codes.into_iter().map(|(field, code)| (field.to_owned(), code.to_owned())).collect();
        assert_eq!(violations(&payload), codes);
        let is_known = id == ids[0] && violations(&payload)[0].1 != "NOT_FOUND";
        let seen = if is_known { json!(scenario) } else { Value::Null };
        assert_eq!(payload["crmScenario"]["id"], seen);
    }
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
}

on_both_databases!(
    a_copy_has_all_fields_of_the_original_but_its_key,
    a_copy_can_be_placed_anywhere_in_the_scenario,
    an_impossible_copy_is_rejected,
);
