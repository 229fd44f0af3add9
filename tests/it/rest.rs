//! The REST door. `tests/clients` lets a client of that API go through it besides.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use crm_steps::domain::access_token::Scope;
use serde_json::{Value, json};

use crate::support::{App, Client, Kind, TestResponse, on_both_databases};

async fn send(client: &Client, method: Method, path: &str, body: &Value) -> TestResponse {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::CONTENT_TYPE, "application/json")
        .body(if body.is_null() { Body::empty() } else { body.to_string().into() });
    client.send(request.expect("a request")).await
}

/// What a call answers that has to succeed with this status.
async fn done(client: &Client, method: Method, path: &str, body: Value, status: u16) -> Value {
    let answer = send(client, method, path, &body).await;
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text);
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/json");
    answer.json()
}

/// The codes of what a call breaks that has to be refused with this status, each with its field.
async fn refused(
    client: &Client,
    method: Method,
    path: &str,
    body: Value,
    status: u16,
) -> Vec<String> {
    let answer = send(client, method, path, &body).await;
    let problem = answer.json();
    assert_eq!(answer.status.as_u16(), status, "{problem}");
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json");
    assert_eq!(problem["status"], status);
    assert_eq!(problem["requestId"], answer.headers["x-request-id"].to_str().expect("text"));
    let path = |error: &Value| {
        let path = error["field"].as_array().expect("a path").iter().filter_map(Value::as_str);
        path.collect::<Vec<_>>().join(".")
    };
    let errors = problem["errors"].as_array().expect("a list").iter();
    let errors =
        errors.map(|error| format!("{} {}", path(error), error["code"].as_str().expect("a code")));
    let errors: Vec<_> = errors.collect();
    if errors.is_empty() {
        vec![problem["code"].as_str().expect("a code").to_owned()]
    } else {
        errors
    }
}

async fn a_step_is_created_with_28_fields_and_answered_with_35(app: App) {
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

async fn all_that_is_wrong_comes_back_together_and_nothing_is_stored(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let before = app.contents().await;
    let post =
        async |body: Value, status| refused(&ana, Method::POST, "/crm/step", body, status).await;
    assert_eq!(
        post(
            json!({ "scenarioId": scenario, "name": " ", "autoNextTime": 0, "webhookHeader": 7 }),
            400
        )
        .await,
        [
            "name BLANK",
            "trigger TRIGGER_OR_PROMPT_REQUIRED",
            "autoNextTime OUT_OF_RANGE",
            "webhookHeader INVALID_TYPE"
        ]
    );
    assert_eq!(
        post(json!({
            "name": 7, "prompt": ["a"], "autoNextTime": 1.5, "isRequired": "yes", "defaultTags": ["a", 7],
            "autoNextTimeUnit": "weeks", "requestContact": { "name": "yes" },
        }), 400).await,
        [
            "autoNextTime INVALID_TYPE", "autoNextTimeUnit INVALID_TYPE", "defaultTags.1 INVALID_TYPE",
            "isRequired INVALID_TYPE", "name INVALID_TYPE", "prompt INVALID_TYPE",
            "requestContact.name INVALID_TYPE", "scenarioId INVALID_TYPE",
        ]
    );
    let unknown = json!({ "scenarioId": "nonsense", "name": "a", "prompt": "b" });
    assert_eq!(post(unknown, 404).await, ["scenarioId NOT_FOUND"]);
    assert_eq!(post(json!({}), 400).await, ["name INVALID_TYPE", "scenarioId INVALID_TYPE"]);
    for body in [json!([]), json!("text"), json!(7)] {
        assert_eq!(post(body, 400).await, ["BAD_USER_INPUT"]);
    }
    assert_eq!(app.contents().await, before);
}

async fn a_step_is_changed_by_flat_and_by_nested_fields(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (agent, scenario) = (ana.agent("Sofia").await, ana.scenario("Sales").await);
    let id = ana.steps(&scenario, "A").await.remove(0);
    let put = async |mut body: Value| {
        body["id"] = json!(id);
        done(&ana, Method::PUT, "/crm/step", body, 200).await
    };
    let step = put(json!({
        "name": "B",
        "description": "which is nothing of a step",
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
        async |body: Value, status| refused(&ana, Method::PUT, "/crm/step", body, status).await;
    assert_eq!(put(json!({ "id": id, "zapi": 7 }), 400).await, ["zapi INVALID_TYPE"]);
    assert_eq!(put(json!({ "id": id, "name": null }), 400).await, ["name BLANK"]);
    assert_eq!(put(json!({ "name": "C" }), 400).await, ["id INVALID_TYPE"]);
    assert_eq!(put(json!({ "id": "nonsense", "name": "C" }), 404).await, ["id NOT_FOUND"]);
    let rui = app.member_of("Aurora").await;
    let others =
        refused(&rui, Method::PUT, "/crm/step", json!({ "id": id, "name": "C" }), 404).await;
    assert_eq!(others, ["id NOT_FOUND"], "another organization's");
}

async fn a_time_that_is_cleared_takes_its_unit_with_it_and_the_rules_hold_for_the_rest(app: App) {
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
    let no = async |body: Value| refused(&ana, Method::PUT, "/crm/step", with_id(body), 400).await;
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

async fn what_an_earlier_version_accepted_does_not_stand_in_the_way(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let id = ana.steps(&scenario, "A").await.remove(0);
    let transaction = app.database.write().await.expect("a transaction begins");
    let outdated = "UPDATE crm_step SET webhook_url = 'http://nas.lan/', zapi_phone_number = '1'";
    sea_orm::ConnectionTrait::execute_unprepared(&transaction, outdated).await.expect("it is set");
    transaction.commit().await.expect("it commits");
    let path = format!("/crm/step?scenarioId={scenario}");
    let mut body = done(&ana, Method::GET, &path, Value::Null, 200).await[0].clone();
    assert_eq!(body["webhookUrl"], "http://nas.lan/");
    // All that was read is sent back, with a new name.
    body["name"] = json!("B");
    let step = done(&ana, Method::PUT, "/crm/step", body, 200).await;
    assert_eq!((&step["name"], &step["zapiPhoneNumber"]), (&json!("B"), &json!("1")));
    let other = json!({ "id": id, "webhookUrl": "http://nas.lan/other" });
    let codes = refused(&ana, Method::PUT, "/crm/step", other, 400).await;
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
        refused(&ana, Method::GET, "/crm/step", Value::Null, 400).await,
        ["scenarioId INVALID_TYPE"]
    );
    let unknown = "/crm/step?scenarioId=nonsense";
    assert_eq!(
        refused(&ana, Method::GET, unknown, Value::Null, 404).await,
        ["scenarioId NOT_FOUND"]
    );
    let rui = app.member_of("Aurora").await;
    let others = refused(&rui, Method::GET, &of, Value::Null, 404).await;
    assert_eq!(others, ["scenarioId NOT_FOUND"], "another organization's");

    let by_id = json!({ "id": steps[3]["id"] });
    assert_eq!(done(&ana, Method::DELETE, "/crm/step", by_id.clone(), 200).await, steps[3]);
    assert_eq!(refused(&ana, Method::DELETE, "/crm/step", by_id, 404).await, ["id NOT_FOUND"]);
    let left = done(&ana, Method::GET, &of, Value::Null, 200).await;
    assert_eq!((left[3]["name"].as_str(), left[3]["index"].as_i64()), (Some("4"), Some(3)));
}

async fn scenarios_are_created_listed_changed_and_deleted(app: App) {
    let ana = app.member_of("Horizonte").await;
    let body = json!({ "name": "Sales", "description": "a", "agentId": "ignored" });
    let sales = done(&ana, Method::POST, "/crm/scenario", body, 201).await;
    assert_eq!(sales.as_object().expect("an object").len(), 6);
    let support =
        done(&ana, Method::POST, "/crm/scenario", json!({ "name": "Support" }), 201).await;
    let all = done(&ana, Method::GET, "/crm/scenario", Value::Null, 200).await;
    assert_eq!(all, json!([sales, support]));
    let agent = ana.agent("Sofia").await;
    ana.crm_step(
        &json!({ "scenarioId": support["id"], "name": "a", "prompt": "b", "agentId": agent }),
    )
    .await;
    let of_agent = format!("/crm/scenario?agentId={agent}");
    assert_eq!(done(&ana, Method::GET, &of_agent, Value::Null, 200).await, json!([support]));

    let by_id = json!({ "id": sales["id"], "name": "Vendas", "description": null });
    let updated = done(&ana, Method::PUT, "/crm/scenario", by_id, 200).await;
    assert_eq!(updated["message"], "Scenario updated");
    assert_eq!(
        (&updated["scenario"]["name"], &updated["scenario"]["description"]),
        (&json!("Vendas"), &Value::Null)
    );
    let path = format!("/crm/scenario/{}", support["id"].as_str().expect("an id"));
    assert_eq!(done(&ana, Method::GET, &path, Value::Null, 200).await, support);
    let renamed = done(&ana, Method::PATCH, &path, json!({ "name": "Suporte" }), 200).await;
    assert_eq!(renamed["scenario"]["name"], "Suporte");
    let deleted = done(&ana, Method::DELETE, &path, Value::Null, 200).await;
    assert_eq!(
        (&deleted["message"], &deleted["scenario"]["name"]),
        (&json!("Scenario deleted"), &json!("Suporte"))
    );
    assert_eq!(refused(&ana, Method::DELETE, &path, Value::Null, 404).await, ["id NOT_FOUND"]);
    assert_eq!(
        refused(&ana, Method::GET, "/crm/scenario/%ff", Value::Null, 404).await,
        ["id NOT_FOUND"]
    );
    done(&ana, Method::DELETE, "/crm/scenario", json!({ "id": sales["id"] }), 200).await;
    assert_eq!(done(&ana, Method::GET, "/crm/scenario", Value::Null, 200).await, json!([]));
}

async fn a_call_with_a_key_is_done_once_through_either_door(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let body = json!({ "scenarioId": scenario, "name": "A", "prompt": "b" });
    let keyed = async |method: &Method, body: &Value, key: &str| {
        let request = Request::builder()
            .method(method)
            .uri("/crm/step")
            .header(header::CONTENT_TYPE, "application/json")
            .header("Idempotency-Key", key)
            .body(body.to_string().into());
        ana.send(request.expect("a request")).await
    };
    let first = keyed(&Method::POST, &body, "a").await.json();
    assert_eq!(keyed(&Method::POST, &body, "a").await.json(), first);
    let call = "createCrmStep(input: $input, idempotencyKey: \"a\") { crmStep { id } }";
    let again = ana.done("($input: CreateCrmStepInput!)", call, json!({ "input": body })).await;
    assert_eq!((&again["crmStep"]["id"], &again["replayed"]), (&first["id"], &json!(true)));
    assert_eq!(ana.names(&scenario).await, "A");
    let other = json!({ "scenarioId": scenario, "name": "B", "prompt": "b" });
    let mismatch = keyed(&Method::POST, &other, "a").await;
    assert_eq!(mismatch.status, StatusCode::CONFLICT);
    assert_eq!(mismatch.json()["errors"][0]["code"], "IDEMPOTENCY_KEY_MISMATCH");
    for key in ["", " ", "a b", "\u{e9}"] {
        let answer = keyed(&Method::POST, &body, key).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{key:?}");
    }

    let by_id = json!({ "id": first["id"] });
    assert_eq!(keyed(&Method::DELETE, &by_id, "b").await.json()["name"], "A");
    let again = keyed(&Method::DELETE, &by_id, "b").await;
    assert_eq!((again.status, again.json()), (StatusCode::OK, by_id));
}

async fn whoever_may_not_is_told_in_the_form_of_this_door(app: App) {
    let stranger = app.with_token("crm_unknown");
    let step = "/crm/step?scenarioId=a";
    assert_eq!(refused(&stranger, Method::GET, step, Value::Null, 401).await, ["UNAUTHENTICATED"]);
    let reader = app.bearer("Horizonte", &[Scope::Read]).await;
    let writer = app.bearer("Horizonte", &[Scope::Write]).await;
    let before = app.contents().await;
    let create = json!({ "name": "Sales" });
    assert_eq!(refused(&reader, Method::POST, "/crm/scenario", create, 403).await, ["FORBIDDEN"]);
    let by_id = json!({ "id": "a" });
    assert_eq!(
        refused(&reader, Method::DELETE, "/crm/step", by_id.clone(), 403).await,
        ["FORBIDDEN"]
    );
    assert_eq!(
        refused(&writer, Method::GET, "/crm/scenario", Value::Null, 403).await,
        ["FORBIDDEN"]
    );
    assert_eq!(refused(&writer, Method::DELETE, "/crm/step", by_id, 404).await, ["id NOT_FOUND"]);
    assert_eq!(app.contents().await, before);
    assert_eq!(
        refused(&writer, Method::PATCH, "/crm/step", Value::Null, 405).await,
        ["BAD_USER_INPUT"]
    );
    let large = json!({ "name": "a".repeat(1_000_000) });
    assert_eq!(
        refused(&writer, Method::POST, "/crm/scenario", large, 413).await,
        ["QUERY_TOO_LARGE"]
    );
    let form =
        Request::post("/crm/step").header(header::CONTENT_TYPE, "text/plain").body("{}".into());
    let answer = writer.send(form.expect("a request")).await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

async fn a_fault_of_ours_says_nothing_but_its_number(app: App) {
    let ana = app.member_of("Horizonte").await;
    let transaction = app.database.write().await.expect("a transaction begins");
    let rename = "ALTER TABLE crm_scenario RENAME TO gone";
    sea_orm::ConnectionTrait::execute_unprepared(&transaction, rename)
        .await
        .expect("it is renamed");
    transaction.commit().await.expect("it commits");
    for (method, body) in [(Method::GET, Value::Null), (Method::POST, json!({ "name": "a" }))] {
        let answer = send(&ana, method, "/crm/scenario", &body).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
        let mut problem = answer.json();
        problem["requestId"] = Value::Null;
        let detail = "The service could not answer. Quote the requestId when you report this.";
        let expected = json!({
            "title": "Internal Server Error", "status": 500, "requestId": null, "code": "INTERNAL",
            "detail": detail, "errors": [],
        });
        assert_eq!(problem, expected);
    }
}

/// Each answer is what the OpenAPI document says of it, and each operation is in it.
async fn the_description_is_true(app: App) {
    let ana = app.member_of("Horizonte").await;
    let openapi = done(&ana, Method::GET, "/openapi.json", Value::Null, 200).await;
    assert_eq!(openapi["openapi"], "3.1.0");
    let scenario = ana.scenario("Sales").await;
    let agent = ana.agent("Sofia").await;
    let step = json!({
        "scenarioId": scenario, "name": "A", "prompt": "b", "agentId": agent,
        "defaultStatus": "HUMAN_REQUESTED", "defaultPriority": null, "assigneeLogicType": "none",
        "zapi": { "agentId": agent, "phoneNumber": "5511912345678", "message": "a" },
        "whatsapp": null,
    });
    let mut described = openapi["components"]["schemas"]["CreateCrmStepInput"].clone();
    described["components"] = openapi["components"].clone();
    let described = jsonschema::draft202012::new(&described).expect("it is a schema");
    let sent = |field: &str, value: Value| {
        let mut step = step.clone();
        step[field] = value;
        step
    };
    assert!(described.is_valid(&step));
    for (field, value) in [
        ("defaultStatus", json!("resolved")),
        ("autoNextTimeUnit", json!(7)),
        ("zapi", json!(7)),
        ("zapi", json!({ "message": 7 })),
        ("zapi", json!({ "foo": 1 })),
        ("whatsapp", json!({ "agentId": agent })),
    ] {
        assert!(!described.is_valid(&sent(field, value.clone())), "{field}: {value}");
    }
    let id = |answer: &Value| json!({ "id": answer["id"] });
    let mut seen = vec![];
    let mut check = async |method: &str, route: &str, path: &str, body: Value| {
        let upper = method.to_uppercase();
        let answer = send(&ana, upper.parse().expect("a method"), path, &body).await;
        let status = answer.status.as_str().to_owned();
        let content = &openapi["paths"][route][method]["responses"][&status]["content"];
        let media_type = answer.headers[header::CONTENT_TYPE].to_str().expect("text");
        let mut schema = content[media_type]["schema"].clone();
        assert!(schema.is_object(), "{upper} {route} {status} {media_type} is not described");
        schema["components"] = openapi["components"].clone();
        let validator = jsonschema::draft202012::new(&schema).expect("it is a schema");
        let answer = answer.json();
        let errors: Vec<String> =
            validator.iter_errors(&answer).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new(), "{upper} {route}: {answer}");
        seen.push(format!("{method} {route}"));
        answer
    };
    let created = check("post", "/crm/step", "/crm/step", step).await;
    check("post", "/crm/step", "/crm/step", json!({})).await;
    check("get", "/crm/step", &format!("/crm/step?scenarioId={scenario}"), Value::Null).await;
    check("put", "/crm/step", "/crm/step", json!({ "id": created["id"], "name": "B" })).await;
    check("delete", "/crm/step", "/crm/step", id(&created)).await;
    check("delete", "/crm/step", "/crm/step", id(&created)).await;
    let created = check("post", "/crm/scenario", "/crm/scenario", json!({ "name": "A" })).await;
    check("get", "/crm/scenario", "/crm/scenario", Value::Null).await;
    check("put", "/crm/scenario", "/crm/scenario", json!({ "id": created["id"], "name": "B" }))
        .await;
    let path = format!("/crm/scenario/{scenario}");
    check("get", "/crm/scenario/{id}", &path, Value::Null).await;
    check("put", "/crm/scenario/{id}", &path, json!({ "name": "C" })).await;
    check("patch", "/crm/scenario/{id}", &path, json!({ "name": "D" })).await;
    check("delete", "/crm/scenario/{id}", &path, Value::Null).await;
    check("delete", "/crm/scenario", "/crm/scenario", id(&created)).await;
    let mut described: Vec<String> = vec![];
    for (route, operations) in openapi["paths"].as_object().expect("paths") {
        let methods = operations.as_object().expect("operations").keys();
        let methods = methods.filter(|method| *method != "parameters");
        described.extend(methods.map(|method| format!("{method} {route}")));
    }
    described.retain(|operation| !seen.contains(operation));
    assert_eq!(described, Vec::<String>::new(), "each was tried");
    let schemas = &openapi["components"]["schemas"];
    let create = &schemas["CreateCrmStepInput"];
    assert_eq!(create["properties"].as_object().expect("fields").len(), 28 + 2);
    assert_eq!(create["required"], json!(["name", "scenarioId"]));
    for object in ["zapi", "whatsapp"] {
        let of_update = &schemas["UpdateCrmStepInput"]["properties"][object];
        assert!(of_update["properties"]["agentId"].is_object() || object == "whatsapp");
        assert_eq!(create["properties"][object], *of_update);
    }
    // Code that is generated from it has a type of its own for each enum.
    let unit = json!({ "anyOf": [{ "$ref": "#/components/schemas/AutoNextTimeUnit" }, { "type": "null" }] });
    for schema in ["CrmStep", "CreateCrmStepInput", "UpdateCrmStepInput"] {
        let mut property = schemas[schema]["properties"]["autoNextTimeUnit"].clone();
        property.as_object_mut().expect("a schema").remove("description");
        assert_eq!(property, unit, "{schema}");
    }
    assert_eq!(schemas["AutoNextTimeUnit"]["type"], "string");
    assert_eq!(schemas["AutoNextTimeUnit"]["enum"], json!(["d", "h", "m"]));
    assert_eq!(openapi.to_string().matches("\"enum\":").count(), 4, "each is written once");
}

async fn ids_are_found_in_capitals(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (agent, scenario) = (ana.agent("Sofia").await, ana.scenario("Sales").await);
    let body = json!({ "scenarioId": scenario.to_uppercase(), "agentId": agent.to_uppercase(), "name": "A", "prompt": "b" });
    let step = done(&ana, Method::POST, "/crm/step", body, 201).await;
    assert_eq!((&step["scenarioId"], &step["agentId"]), (&json!(scenario), &json!(agent)));
    let (of_scenario, of_agent) = (scenario.to_uppercase(), agent.to_uppercase());
    for path in [
        format!("/crm/step?scenarioId={of_scenario}"),
        format!("/crm/step?scenarioId={of_scenario}&agentId={of_agent}"),
    ] {
        assert_eq!(done(&ana, Method::GET, &path, Value::Null, 200).await, json!([step]), "{path}");
    }
    let path = format!("/crm/scenario/{of_scenario}");
    let sales = done(&ana, Method::GET, &path, Value::Null, 200).await;
    let path = format!("/crm/scenario?agentId={of_agent}");
    assert_eq!(done(&ana, Method::GET, &path, Value::Null, 200).await, json!([sales]));
    let by_id = json!({ "id": step["id"].as_str().expect("an id").to_uppercase() });
    let delete = async || {
        let request = Request::delete("/crm/step")
            .header(header::CONTENT_TYPE, "application/json")
            .header("Idempotency-Key", "a")
            .body(by_id.to_string().into());
        ana.send(request.expect("a request")).await.json()
    };
    assert_eq!(delete().await, step);
    assert_eq!(delete().await, json!({ "id": step["id"] }), "sent again");
}

async fn a_parameter_without_a_value_is_not_given(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    ana.steps(&scenario, "A").await;
    for path in ["/crm/step?scenarioId=", "/crm/step?scenarioId", "/crm/step?scenarioId=&agentId="]
    {
        let codes = refused(&ana, Method::GET, path, Value::Null, 400).await;
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

async fn a_step_is_created_by_nested_fields_as_it_is_changed_by_them(app: App) {
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
    let refused =
        async |fields: Value| refused(&ana, Method::POST, "/crm/step", with(fields), 400).await;
    assert_eq!(
        refused(json!({ "zapi": { "message": "a" } })).await,
        ["zapi.agentId ZAPI_INCOMPLETE", "zapi.phoneNumber ZAPI_INCOMPLETE"]
    );
    assert_eq!(
        refused(json!({ "zapi": zapi, "zapiMessage": null })).await,
        ["zapiMessage ZAPI_INCOMPLETE"],
        "what is outside of the object counts"
    );
    assert_eq!(
        refused(json!({ "zapi": "a", "whatsapp": [whatsapp] })).await,
        ["zapi INVALID_TYPE", "whatsapp INVALID_TYPE"]
    );
    assert_eq!(refused(json!({ "zapi": { "message": 7 } })).await, ["zapi.message INVALID_TYPE"]);
    assert_eq!(app.contents().await, before);
}

async fn a_key_that_a_nested_object_does_not_have_is_refused(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (agent, scenario) = (ana.agent("Sofia").await, ana.scenario("Sales").await);
    let id = ana.steps(&scenario, "A").await.remove(0);
    let before = app.contents().await;
    for (nested, expected) in [
        (
            json!({ "zapi": { "zapiAgentId": agent, "zapiPhoneNumber": "5511912345678", "zapiMessage": "a" } }),
            vec!["zapi.zapiAgentId", "zapi.zapiPhoneNumber", "zapi.zapiMessage"],
        ),
        (
            json!({ "whatsapp": { "agentId": agent, "name": "b", "languageCode": "en" } }),
            vec!["whatsapp.agentId", "whatsapp.name", "whatsapp.languageCode"],
        ),
        (json!({ "zapi": { "foo": 1 } }), vec!["zapi.foo"]),
        (json!({ "zapi": { "foo": null }, "zapiMessage": null }), vec!["zapi.foo"]),
        (
            json!({ "zapi": { "agentId": agent, "phoneNumber": "5511912345678", "message": "a", "Message": "b", "": {} } }),
            vec!["zapi.Message", "zapi."],
        ),
    ] {
        let expected: Vec<_> = expected.iter().map(|at| format!("{at} INVALID_TYPE")).collect();
        let mut body = nested.clone();
        body["id"] = json!(id);
        assert_eq!(refused(&ana, Method::PUT, "/crm/step", body, 400).await, expected, "{nested}");
        let mut body = nested.clone();
        body["scenarioId"] = json!(scenario);
        body["name"] = json!("B");
        body["prompt"] = json!("c");
        assert_eq!(refused(&ana, Method::POST, "/crm/step", body, 400).await, expected, "{nested}");
    }
    assert_eq!(app.contents().await, before, "refused calls change nothing");
    let many: serde_json::Map<_, _> = (0..1_000).map(|key| (key.to_string(), json!(1))).collect();
    let body = json!({ "id": id, "zapi": many });
    assert_eq!(refused(&ana, Method::PUT, "/crm/step", body, 400).await.len(), 20);
    let body = json!({ "id": id, "zapi": { "foo": 1 } });
    let problem = send(&ana, Method::PUT, "/crm/step", &body).await.json();
    assert_eq!(
        problem["detail"],
        "zapi.foo is unknown; the keys of zapi are agentId, phoneNumber, message."
    );
}

async fn a_violation_is_where_the_client_has_written_the_field(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (agent, scenario) = (ana.agent("Sofia").await, ana.scenario("Sales").await);
    let id = ana.steps(&scenario, "A").await.remove(0);
    for (fields, expected) in [
        (
            json!({ "zapi": { "agentId": agent } }),
            vec!["zapi.phoneNumber ZAPI_INCOMPLETE", "zapi.message ZAPI_INCOMPLETE"],
        ),
        (
            json!({ "zapiAgentId": agent }),
            vec!["zapiPhoneNumber ZAPI_INCOMPLETE", "zapiMessage ZAPI_INCOMPLETE"],
        ),
        (
            json!({ "zapi": { "agentId": agent, "phoneNumber": "x" }, "zapiMessage": " " }),
            vec!["zapiMessage ZAPI_INCOMPLETE", "zapi.phoneNumber INVALID_PHONE"],
        ),
        (
            json!({ "zapi": null, "zapiMessage": "a" }),
            vec!["zapiAgentId ZAPI_INCOMPLETE", "zapiPhoneNumber ZAPI_INCOMPLETE"],
        ),
        (
            json!({ "zapi": { "message": "a" }, "whatsapp": { "templateName": "B", "templateAgentId": 7, "templateText": "c" } }),
            vec![
                "zapi.agentId ZAPI_INCOMPLETE",
                "zapi.phoneNumber ZAPI_INCOMPLETE",
                "whatsapp.templateLanguageCode TEMPLATE_INCOMPLETE",
                "whatsapp.templateAgentId NOT_FOUND",
                "whatsapp.templateName INVALID_TEMPLATE_NAME",
            ],
        ),
        (
            json!({ "whatsapp": { "templateText": ["a"] }, "zapi": { "agentId": true }, "zapiMessage": 7 }),
            vec![
                "whatsapp.templateText INVALID_TYPE",
                "zapi.agentId INVALID_TYPE",
                "zapiMessage INVALID_TYPE",
            ],
        ),
    ] {
        let mut body = fields.clone();
        body["id"] = json!(id);
        assert_eq!(refused(&ana, Method::PUT, "/crm/step", body, 400).await, expected, "{fields}");
        let mut body = fields.clone();
        body["scenarioId"] = json!(scenario);
        body["name"] = json!("B");
        body["prompt"] = json!("c");
        assert_eq!(refused(&ana, Method::POST, "/crm/step", body, 400).await, expected, "{fields}");
    }
    let body = json!({ "id": id, "zapi": { "agentId": agent, "message": "a" } });
    let problem = send(&ana, Method::PUT, "/crm/step", &body).await.json();
    assert_eq!(
        problem["detail"],
        "zapi.phoneNumber is missing; zapi.agentId, zapi.phoneNumber and zapi.message go together."
    );
}

async fn a_whole_number_is_an_unknown_id(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let step = ana.steps(&scenario, "A").await.remove(0);
    let before = app.contents().await;
    for number in ["0", "-7", "7.0", "18446744073709551616", &"9".repeat(30), "1e300", "-1E+2"] {
        let raw = async |method: Method, path: &str, body: String| {
            let request = Request::builder()
                .method(method)
                .uri(path)
                .header(header::CONTENT_TYPE, "application/json")
                .body(body.into());
            let problem = ana.send(request.expect("a request")).await.json();
            let errors = problem["errors"].as_array().expect("a list").clone();
            let told = errors.iter().map(|error| json!([error["field"], error["code"]]));
            (problem["status"].clone(), told.collect::<Value>())
        };
        let create = format!(
            r#"{{"scenarioId":{number},"name":"a","prompt":"b","agentId":{number},"assigneeLogicType":"random_selected","selectedMembershipIdsForAssignee":[{number}]}}"#
        );
        let unknown = json!([
            [["scenarioId"], "NOT_FOUND"],
            [["agentId"], "NOT_FOUND"],
            [["selectedMembershipIdsForAssignee", "0"], "NOT_FOUND"]
        ]);
        let created = raw(Method::POST, "/crm/step", create).await;
        assert_eq!(created, (json!(404), unknown), "{number}");
        let update = format!(
            r#"{{"id":"{step}","zapi":{{"agentId":{number},"phoneNumber":"5511912345678","message":"a"}}}}"#
        );
        let unknown = json!([[["zapi", "agentId"], "NOT_FOUND"]]);
        assert_eq!(raw(Method::PUT, "/crm/step", update).await, (json!(404), unknown), "{number}");
        let unknown = json!([[["id"], "NOT_FOUND"]]);
        for (method, path) in [
            (Method::PUT, "/crm/step"),
            (Method::DELETE, "/crm/step"),
            (Method::PUT, "/crm/scenario"),
            (Method::DELETE, "/crm/scenario"),
        ] {
            let answer =
                raw(method.clone(), path, format!(r#"{{"id":{number},"name":"a"}}"#)).await;
            assert_eq!(answer, (json!(404), unknown.clone()), "{method} {path} {number}");
        }
    }
    for no_id in [json!(1.5), json!(true), json!(["a"]), json!({})] {
        let body = json!({ "id": no_id });
        let codes = refused(&ana, Method::PUT, "/crm/step", body, 400).await;
        assert_eq!(codes, ["id INVALID_TYPE"], "{no_id}");
    }
    assert_eq!(app.contents().await, before);
    let body = json!({ "id": step, "autoNextTime": 2.0, "autoNextTimeUnit": "h" });
    let step = done(&ana, Method::PUT, "/crm/step", body, 200).await;
    assert_eq!(step["autoNextTime"], 2, "a whole number, however it is written");
}

async fn a_body_that_is_no_object_is_told_why(app: App) {
    let ana = app.member_of("Horizonte").await;
    let before = app.contents().await;
    for (body, detail) in [
        (&b""[..], "The body is empty, where JSON is needed."),
        (b"[]", "The body must be a JSON object; it is a list."),
        (b"7", "The body must be a JSON object; it is a number."),
        (
            b"{\"name\":\"\xff\"}",
            "The body is not UTF-8: byte 10 belongs to no character (line 1, column 10).",
        ),
        (b"{\n\"name\": 'a'}", "The body is not JSON: its syntax breaks in line 2, column 9."),
        (
            b"{\"name\":\"a\",\"name\":\"b\"}",
            "The body has the key \"name\" twice in one object, in line 1, column 18.",
        ),
    ] {
        for (method, path) in [
            (Method::POST, "/crm/step"),
            (Method::PUT, "/crm/step"),
            (Method::POST, "/crm/scenario"),
            (Method::DELETE, "/crm/scenario"),
        ] {
            let request = Request::builder()
                .method(method)
                .uri(path)
                .header(header::CONTENT_TYPE, "application/json")
                .body(body.to_vec().into());
            let answer = ana.send(request.expect("a request")).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST);
            assert_eq!(answer.json()["detail"], detail);
            assert_eq!(answer.json()["code"], "BAD_USER_INPUT");
        }
    }
    assert_eq!(app.contents().await, before);
    let request = Request::post("/crm/scenario")
        .header(header::CONTENT_TYPE, "APPLICATION/JSON ;\tCharset=\"UTF8\"; a=\"b;c\"")
        .body("\u{feff}{\"name\":\"Sales\"}".into());
    let answer = ana.send(request.expect("a request")).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
}

/// On one database: what is counted is what comes out of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_ends_somewhere() {
    App::run(Kind::Sqlite, list_until_it_is_too_long).await;
}

async fn list_until_it_is_too_long(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    // As long as it may be: some 105,400 bytes.
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
        "The list is too long for one answer; GraphQL gives it in pages."
    );
}

on_both_databases!(
    a_step_is_created_with_28_fields_and_answered_with_35,
    all_that_is_wrong_comes_back_together_and_nothing_is_stored,
    a_step_is_changed_by_flat_and_by_nested_fields,
    a_time_that_is_cleared_takes_its_unit_with_it_and_the_rules_hold_for_the_rest,
    what_an_earlier_version_accepted_does_not_stand_in_the_way,
    steps_are_listed_and_deleted,
    scenarios_are_created_listed_changed_and_deleted,
    a_call_with_a_key_is_done_once_through_either_door,
    whoever_may_not_is_told_in_the_form_of_this_door,
    a_fault_of_ours_says_nothing_but_its_number,
    the_description_is_true,
    ids_are_found_in_capitals,
    a_parameter_without_a_value_is_not_given,
    a_step_is_created_by_nested_fields_as_it_is_changed_by_them,
    a_key_that_a_nested_object_does_not_have_is_refused,
    a_violation_is_where_the_client_has_written_the_field,
    a_whole_number_is_an_unknown_id,
    a_body_that_is_no_object_is_told_why,
);
