//! Steps over REST: created, listed, updated and deleted.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::{done, rejected, send};
use crate::support::{App, Kind, on_both_databases};

async fn a_step_is_created_from_28_fields_and_returned_with_35(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (agent, membership) = (ana.agent("Sofia").await, ana.membership("Rui").await);
    let scenario = ana.scenario("Sales").await;
    let next = ana.steps(&scenario, "Next").await.remove(0);
    let body = json!({
        "name": "A", "scenarioId": scenario, "agentId": agent, "trigger": "b", "prompt": "c",
        "initialMessage": "d", "autoNextStepId": next, "autoNextTime": 2, "autoNextTimeUnit": "h",
        "defaultStatus": "UNRESOLVED", "defaultPriority": "HIGH", "defaultAiControl": false,
        "assigneeLogicType": "single_user", "selectedMembershipIdsForAssignee": [membership],
        "isRequired": true, "isConversationRemovalStep": false,
        "defaultTags": ["e"], "defaultTagsToRemove": ["f"],
        "requestContact": { "name": true, "email": false, "phone": null },
        "zapiAgentId": agent, "zapiPhoneNumber": "+55 11 91234-5678", "zapiMessage": "g",
        "whatsappTemplateAgentId": agent, "whatsappTemplateName": "h",
        "whatsappTemplateLanguageCode": "pt_BR", "whatsappTemplateText": "i",
        "webhookUrl": "https://example.com/hook", "webhookHeader": { "Z": "1", "A": "2" },
    });
    let sent = body.as_object().expect("an object");
    assert_eq!(sent.len(), 28);
    let step = done(&ana, Method::POST, "/crm/step", body.clone(), 201).await;
    assert_eq!(step.as_object().expect("an object").len(), 35);
    for (name, value) in sent {
        assert_eq!(step[name], *value, "{name}");
    }
    assert_eq!(step["index"], 1);
    assert_eq!(step["agent"], json!({ "id": agent, "name": "Sofia", "iconUrl": null }));
    assert_eq!(step["scenario"]["name"], "Sales");
    let by_graphql =
        format!("{{ crmStep(id: {}) {{ name organizationId createdAt }} }}", step["id"]);
    let by_graphql = ana.query(&by_graphql).await["crmStep"].clone();
    assert_eq!(by_graphql["createdAt"], step["createdAt"]);
    assert_eq!(by_graphql["organizationId"], step["organizationId"]);
}

async fn a_step_is_updated_by_flat_and_nested_fields(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (agent, scenario) = (ana.agent("Sofia").await, ana.scenario("Sales").await);
    let id = ana.steps(&scenario, "A").await.remove(0);
    let put = async |mut body: Value| {
        body["id"] = json!(id);
        done(&ana, Method::PUT, "/crm/step", body, 200).await
    };
    let step = put(json!({
        "name": "B",
        "description": "not a field of a step",
        "zapi": { "agentId": agent, "phoneNumber": "5511912345678", "message": "a" },
        "whatsapp": { "templateAgentId": agent, "templateName": "b", "templateLanguageCode": "en", "templateText": "c" },
    })).await;
    assert_eq!((&step["name"], &step["prompt"]), (&json!("B"), &json!("Greet.")));
    assert_eq!((&step["zapiAgentId"], &step["zapiMessage"]), (&json!(agent), &json!("a")));
    assert_eq!(
        (&step["whatsappTemplateName"], &step["whatsappTemplateText"]),
        (&json!("b"), &json!("c"))
    );
    let step = put(json!({ "zapi": { "message": "nested" }, "zapiMessage": "flat", "whatsapp": { "templateText": null } })).await;
    assert_eq!((&step["zapiAgentId"], &step["zapiMessage"]), (&json!(agent), &json!("flat")));
    assert_eq!(
        (&step["whatsappTemplateName"], &step["whatsappTemplateText"]),
        (&json!("b"), &Value::Null)
    );
    let step = put(json!({ "zapi": null, "whatsapp": null, "defaultStatus": "null" })).await;
    assert_eq!((&step["zapiAgentId"], &step["whatsappTemplateName"]), (&Value::Null, &Value::Null));
    let put =
        async |body: Value, status| rejected(&ana, Method::PUT, "/crm/step", body, status).await;
    assert_eq!(put(json!({ "id": id, "zapi": 7 }), 400).await, ["zapi INVALID_TYPE"]);
    assert_eq!(put(json!({ "id": id, "name": null }), 400).await, ["name BLANK"]);
    assert_eq!(put(json!({ "name": "C" }), 400).await, ["id INVALID_TYPE"]);
    assert_eq!(put(json!({ "id": "nonsense", "name": "C" }), 404).await, ["id NOT_FOUND"]);
    let rui = app.member_of("Aurora").await;
    let others =
        rejected(&rui, Method::PUT, "/crm/step", json!({ "id": id, "name": "C" }), 404).await;
    assert_eq!(others, ["id NOT_FOUND"], "a scenario or step of another organization");
}

async fn clearing_a_time_clears_its_unit_and_the_result_is_validated(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let ids = ana.steps(&scenario, "A B").await;
    let with_id = |mut body: Value| {
        body["id"] = json!(ids[0]);
        body
    };
    let put = async |body: Value| {
        let step = done(&ana, Method::PUT, "/crm/step", with_id(body), 200).await;
        (step["autoNextTime"].clone(), step["autoNextTimeUnit"].clone())
    };
    let no = async |body: Value| rejected(&ana, Method::PUT, "/crm/step", with_id(body), 400).await;
    let set = json!({ "autoNextTime": 2, "autoNextTimeUnit": "h" });
    assert_eq!(put(set.clone()).await, (json!(2), json!("h")));
    assert_eq!(put(json!({ "autoNextTime": null })).await, (Value::Null, Value::Null));
    put(set.clone()).await;
    let text = json!({ "autoNextTime": null, "autoNextTimeUnit": "null" });
    assert_eq!(put(text).await, (Value::Null, Value::Null));
    put(set.clone()).await;
    assert_eq!(
        no(json!({ "autoNextTime": null, "autoNextTimeUnit": "h" })).await,
        ["autoNextTimeUnit UNIT_WITHOUT_TIME"]
    );
    assert_eq!(
        no(json!({ "isConversationRemovalStep": true })).await,
        ["isConversationRemovalStep REMOVAL_STEP_CONFLICT"]
    );
    assert_eq!(
        put(json!({ "isConversationRemovalStep": true, "autoNextTime": null })).await,
        (Value::Null, Value::Null)
    );
    assert_eq!(
        no(json!({ "autoNextStepId": ids[1] })).await,
        ["autoNextTime AUTO_NEXT_INCOMPLETE", "isConversationRemovalStep REMOVAL_STEP_CONFLICT"]
    );
    assert_eq!(
        no(json!({
            "defaultTags": ["VIP", "vip"], "zapi": { "phoneNumber": "12345678x" },
            "webhookUrl": "http://metadata.goog", "webhookHeader": { "webhook-id": "\u{1}" },
        }))
        .await,
        [
            "defaultTags.1 DUPLICATE_VALUE",
            "zapi.agentId ZAPI_INCOMPLETE",
            "zapi.message ZAPI_INCOMPLETE",
            "zapi.phoneNumber INVALID_PHONE",
            "webhookUrl URL_NOT_ALLOWED",
            "webhookHeader.webhook-id HEADER_NOT_ALLOWED",
            "webhookHeader.webhook-id INVALID_HEADER_VALUE",
        ]
    );
}

async fn values_that_earlier_rules_accepted_do_not_block_updates(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let id = ana.steps(&scenario, "A").await.remove(0);
    let outdated = "UPDATE crm_step SET webhook_url = 'http://nas.lan/', zapi_phone_number = '1'";
    app.execute(outdated).await;
    let path = format!("/crm/step?scenarioId={scenario}");
    let mut body = done(&ana, Method::GET, &path, Value::Null, 200).await[0].clone();
    assert_eq!(body["webhookUrl"], "http://nas.lan/");
    // All fields that were read are sent back, with a new name.
    body["name"] = json!("B");
    let step = done(&ana, Method::PUT, "/crm/step", body, 200).await;
    assert_eq!((&step["name"], &step["zapiPhoneNumber"]), (&json!("B"), &json!("1")));
    let other = json!({ "id": id, "webhookUrl": "http://nas.lan/other" });
    let codes = rejected(&ana, Method::PUT, "/crm/step", other, 400).await;
    assert_eq!(codes, ["webhookUrl URL_NOT_ALLOWED"]);
}

async fn steps_are_listed_and_deleted(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (agent, scenario) = (ana.agent("Sofia").await, ana.scenario("Sales").await);
    let inputs: Vec<Value> = (0..150)
        .map(|number| json!({ "scenarioId": scenario, "name": number.to_string(), "prompt": "a", "agentId": (number == 7).then_some(&agent) }))
        .collect();
    for inputs in inputs.chunks(100) {
        let create = "createCrmSteps(inputs: $inputs) { replayed }";
        ana.done("($inputs: [CreateCrmStepsInput!]!)", create, json!({ "inputs": inputs })).await;
    }
    let of = format!("/crm/step?scenarioId={scenario}");
    let steps = done(&ana, Method::GET, &of, Value::Null, 200).await;
    let names: Vec<_> =
        steps.as_array().expect("a list").iter().map(|step| step["name"].clone()).collect();
    assert_eq!(json!(names), json!((0..150).map(|number| number.to_string()).collect::<Vec<_>>()));
    let of_agent =
        done(&ana, Method::GET, &format!("{of}&agentId={agent}&limit=9"), Value::Null, 200).await;
    assert_eq!(of_agent, json!([steps[7]]));
    assert_eq!(
        rejected(&ana, Method::GET, "/crm/step", Value::Null, 400).await,
        ["scenarioId INVALID_TYPE"]
    );
    let unknown = "/crm/step?scenarioId=nonsense";
    assert_eq!(
        rejected(&ana, Method::GET, unknown, Value::Null, 404).await,
        ["scenarioId NOT_FOUND"]
    );
    let rui = app.member_of("Aurora").await;
    let others = rejected(&rui, Method::GET, &of, Value::Null, 404).await;
    assert_eq!(others, ["scenarioId NOT_FOUND"], "a scenario or step of another organization");

    let by_id = json!({ "id": steps[3]["id"] });
    assert_eq!(done(&ana, Method::DELETE, "/crm/step", by_id.clone(), 200).await, steps[3]);
    assert_eq!(rejected(&ana, Method::DELETE, "/crm/step", by_id, 404).await, ["id NOT_FOUND"]);
    let left = done(&ana, Method::GET, &of, Value::Null, 200).await;
    assert_eq!((left[3]["name"].as_str(), left[3]["index"].as_i64()), (Some("4"), Some(3)));
}

async fn an_empty_parameter_counts_as_absent(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    ana.steps(&scenario, "A").await;
    for path in ["/crm/step?scenarioId=", "/crm/step?scenarioId", "/crm/step?scenarioId=&agentId="]
    {
        let codes = rejected(&ana, Method::GET, path, Value::Null, 400).await;
        assert_eq!(codes, ["scenarioId INVALID_TYPE"], "{path}");
    }
    let count = async |path: String| {
        done(&ana, Method::GET, &path, Value::Null, 200).await.as_array().expect("a list").len()
    };
    for (path, expected) in [
        (format!("/crm/step?scenarioId={scenario}&agentId="), 1),
        (format!("/crm/step?scenarioId=&scenarioId={scenario}"), 1),
        (format!("/crm/step?scenarioId={scenario}&agentId=nonsense"), 0),
        ("/crm/scenario?agentId=".to_owned(), 1),
        ("/crm/scenario?agentId=+".to_owned(), 0),
        ("/crm/scenario?agentId=nonsense".to_owned(), 0),
    ] {
        assert_eq!(count(path.clone()).await, expected, "{path}");
    }
}

async fn a_step_is_created_by_nested_fields(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (agent, scenario) = (ana.agent("Sofia").await, ana.scenario("Sales").await);
    let with = |mut fields: Value| {
        fields["scenarioId"] = json!(scenario);
        fields["name"] = json!("A");
        fields["prompt"] = json!("b");
        fields
    };
    let post = async |fields: Value| done(&ana, Method::POST, "/crm/step", with(fields), 201).await;
    let zapi = json!({ "agentId": agent, "phoneNumber": "5511912345678", "message": "a" });
    let whatsapp = json!({ "templateAgentId": agent, "templateName": "b", "templateLanguageCode": "en", "templateText": "c" });
    let step = post(json!({ "zapi": zapi, "whatsapp": whatsapp })).await;
    let sent = [
        ("zapiAgentId", json!(agent)),
        ("zapiPhoneNumber", json!("5511912345678")),
        ("zapiMessage", json!("a")),
        ("whatsappTemplateAgentId", json!(agent)),
        ("whatsappTemplateName", json!("b")),
        ("whatsappTemplateLanguageCode", json!("en")),
        ("whatsappTemplateText", json!("c")),
    ];
    for (field, value) in sent {
        assert_eq!(step[field], value, "{field}");
    }
    let step = post(json!({ "zapi": zapi, "zapiMessage": "flat", "whatsapp": null })).await;
    assert_eq!(
        (&step["zapiMessage"], &step["whatsappTemplateName"]),
        (&json!("flat"), &Value::Null)
    );
    let step = post(json!({ "zapi": { "message": null }, "whatsapp": {} })).await;
    assert_eq!(step["zapiMessage"], Value::Null);

    let before = app.contents().await;
    let rejected =
        async |fields: Value| rejected(&ana, Method::POST, "/crm/step", with(fields), 400).await;
    assert_eq!(
        rejected(json!({ "zapi": { "message": "a" } })).await,
        ["zapi.agentId ZAPI_INCOMPLETE", "zapi.phoneNumber ZAPI_INCOMPLETE"]
    );
    assert_eq!(
        rejected(json!({ "zapi": zapi, "zapiMessage": null })).await,
        ["zapiMessage ZAPI_INCOMPLETE"],
        "what is outside of the object counts"
    );
    assert_eq!(
        rejected(json!({ "zapi": "a", "whatsapp": [whatsapp] })).await,
        ["zapi INVALID_TYPE", "whatsapp INVALID_TYPE"]
    );
    assert_eq!(rejected(json!({ "zapi": { "message": 7 } })).await, ["zapi.message INVALID_TYPE"]);
    assert_eq!(app.contents().await, before);
}

/// On one database, because the limit is one of the response.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_has_a_size_limit() {
    App::run(Kind::Sqlite, list_until_it_is_too_long).await;
}

async fn list_until_it_is_too_long(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    // The largest step: some 105,400 bytes.
    let step = json!({
        "scenarioId": scenario, "name": "a", "prompt": "\u{1f642}".repeat(20_000),
        "trigger": "\u{1f642}".repeat(2_000), "initialMessage": "\u{1f642}".repeat(4_096),
    });
    let nine = json!({ "inputs": vec![step; 9] });
    let create = async |times: usize| {
        for _ in 0..times {
            let call = "createCrmSteps(inputs: $inputs) { replayed }";
            ana.done("($inputs: [CreateCrmStepsInput!]!)", call, nine.clone()).await;
        }
    };
    let path = format!("/crm/step?scenarioId={scenario}");
    create(52).await;
    let whole = send(&ana, Method::GET, &path, &Value::Null).await;
    assert_eq!(whole.status, StatusCode::OK);
    assert!((48_000_000..50_000_000).contains(&whole.text.len()), "{}", whole.text.len());
    create(1).await;
    let answer = send(&ana, Method::GET, &path, &Value::Null).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let problem = answer.json();
    assert_eq!(problem["code"], "QUERY_TOO_LARGE");
    assert_eq!(
        problem["detail"],
        "The list is too long for one response; GraphQL has it in pages."
    );
}

on_both_databases!(
    a_step_is_created_from_28_fields_and_returned_with_35,
    a_step_is_updated_by_flat_and_nested_fields,
    clearing_a_time_clears_its_unit_and_the_result_is_validated,
    values_that_earlier_rules_accepted_do_not_block_updates,
    steps_are_listed_and_deleted,
    an_empty_parameter_counts_as_absent,
    a_step_is_created_by_nested_fields,
);
