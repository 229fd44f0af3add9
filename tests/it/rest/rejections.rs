//! Rejected REST requests: problem details, and the paths and codes of violations.

use axum::http::{Method, Request, StatusCode, header};
use crm_steps::domain::access_token::Scope;
use serde_json::{Value, json};

use super::{done, rejected, send, send_body};
use crate::support::{App, Client, on_both_databases};

async fn all_violations_are_returned_together_and_nothing_is_stored(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let before = app.contents().await;
    let post =
        async |body: Value, status| rejected(&ana, Method::POST, "/crm/step", body, status).await;
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

async fn errors_before_the_handler_are_problem_details(app: App) {
    let stranger = app.with_token("crm_unknown");
    let step = "/crm/step?scenarioId=a";
    assert_eq!(rejected(&stranger, Method::GET, step, Value::Null, 401).await, ["UNAUTHENTICATED"]);
    let reader = app.bearer("Horizonte", &[Scope::Read]).await;
    let writer = app.bearer("Horizonte", &[Scope::Write]).await;
    let before = app.contents().await;
    let create = json!({ "name": "Sales" });
    assert_eq!(rejected(&reader, Method::POST, "/crm/scenario", create, 403).await, ["FORBIDDEN"]);
    let by_id = json!({ "id": "a" });
    assert_eq!(
        rejected(&reader, Method::DELETE, "/crm/step", by_id.clone(), 403).await,
        ["FORBIDDEN"]
    );
    assert_eq!(
        rejected(&writer, Method::GET, "/crm/scenario", Value::Null, 403).await,
        ["FORBIDDEN"]
    );
    assert_eq!(rejected(&writer, Method::DELETE, "/crm/step", by_id, 404).await, ["id NOT_FOUND"]);
    assert_eq!(app.contents().await, before);
    assert_eq!(
        rejected(&writer, Method::PATCH, "/crm/step", Value::Null, 405).await,
        ["BAD_USER_INPUT"]
    );
    let large = json!({ "name": "a".repeat(5_000_000) });
    assert_eq!(
        rejected(&writer, Method::POST, "/crm/scenario", large, 413).await,
        ["QUERY_TOO_LARGE"]
    );
    let form =
        Request::post("/crm/step").header(header::CONTENT_TYPE, "text/plain").body("{}".into());
    let answer = writer.send(form.expect("a request")).await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

async fn an_internal_error_reveals_only_the_request_id(app: App) {
    let ana = app.member_of("Horizonte").await;
    let rename = "ALTER TABLE crm_scenario RENAME TO gone";
    app.execute(rename).await;
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

/// Expects that an update of this step and a create in this scenario are both rejected for these fields.
async fn assert_rejected(
    client: &Client,
    [step, scenario]: [&str; 2],
    fields: &Value,
    expected: &[&str],
) {
    let mut update = fields.clone();
    update["id"] = json!(step);
    let mut create = fields.clone();
    create["scenarioId"] = json!(scenario);
    create["name"] = json!("B");
    create["prompt"] = json!("c");
    for (method, body) in [(Method::PUT, update), (Method::POST, create)] {
        assert_eq!(rejected(client, method, "/crm/step", body, 400).await, expected, "{fields}");
    }
}

async fn an_unknown_key_of_a_nested_object_is_rejected(app: App) {
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
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        assert_rejected(&ana, [&id, &scenario], &nested, &expected).await;
    }
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
    let many: serde_json::Map<_, _> = (0..1_000).map(|key| (key.to_string(), json!(1))).collect();
    let body = json!({ "id": id, "zapi": many });
    assert_eq!(rejected(&ana, Method::PUT, "/crm/step", body, 400).await.len(), 20);
    let body = json!({ "id": id, "zapi": { "foo": 1 } });
    let problem = send(&ana, Method::PUT, "/crm/step", &body).await.json();
    assert_eq!(
        problem["detail"],
        "zapi.foo is unknown; the keys of zapi are agentId, phoneNumber, message."
    );
}

async fn a_violation_has_the_path_that_the_client_wrote(app: App) {
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
        assert_rejected(&ana, [&id, &scenario], &fields, &expected).await;
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
            let problem = send_body(&ana, method, path, body).await.json();
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
        let codes = rejected(&ana, Method::PUT, "/crm/step", body, 400).await;
        assert_eq!(codes, ["id INVALID_TYPE"], "{no_id}");
    }
    assert_eq!(app.contents().await, before);
    let body = json!({ "id": step, "autoNextTime": 2.0, "autoNextTimeUnit": "h" });
    let step = done(&ana, Method::PUT, "/crm/step", body, 200).await;
    assert_eq!(step["autoNextTime"], 2, "2.0 is an integer");
}

async fn a_body_that_is_not_an_object_is_rejected_with_a_reason(app: App) {
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
            let answer = send_body(&ana, method, path, body.to_vec()).await;
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

on_both_databases!(
    all_violations_are_returned_together_and_nothing_is_stored,
    errors_before_the_handler_are_problem_details,
    an_internal_error_reveals_only_the_request_id,
    an_unknown_key_of_a_nested_object_is_rejected,
    a_violation_has_the_path_that_the_client_wrote,
    a_whole_number_is_an_unknown_id,
    a_body_that_is_not_an_object_is_rejected_with_a_reason,
);
