//! The OpenAPI document describes the REST API.

use axum::http::{Method, header};
use serde_json::{Value, json};

use super::{done, send};
use crate::support::{App, on_both_databases};

/// Each response matches its schema in the OpenAPI document, and each operation of the document is called.
async fn the_openapi_document_describes_every_response(app: App) {
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
    assert_eq!(described, Vec::<String>::new(), "each operation is called");
    let schemas = &openapi["components"]["schemas"];
    let create = &schemas["CreateCrmStepInput"];
    assert_eq!(create["properties"].as_object().expect("fields").len(), 28 + 2);
    assert_eq!(create["required"], json!(["name", "scenarioId"]));
    for object in ["zapi", "whatsapp"] {
        let of_update = &schemas["UpdateCrmStepInput"]["properties"][object];
        assert!(of_update["properties"]["agentId"].is_object() || object == "whatsapp");
        assert_eq!(create["properties"][object], *of_update);
    }
    // Each enum is a schema of its own, so that code generators make a type of it.
    let unit = json!({ "anyOf": [{ "$ref": "#/components/schemas/AutoNextTimeUnit" }, { "type": "null" }] });
    for schema in ["CrmStep", "CreateCrmStepInput", "UpdateCrmStepInput"] {
        let mut property = schemas[schema]["properties"]["autoNextTimeUnit"].clone();
        property.as_object_mut().expect("a schema").remove("description");
        assert_eq!(property, unit, "{schema}");
    }
    assert_eq!(schemas["AutoNextTimeUnit"]["type"], "string");
    assert_eq!(schemas["AutoNextTimeUnit"]["enum"], json!(["d", "h", "m"]));
    assert_eq!(openapi.to_string().matches("\"enum\":").count(), 4, "each enum is written once");
}

on_both_databases!(the_openapi_document_describes_every_response,);
