//! The values of webhook headers: stored sealed, and masked for tokens without the scope.

use crm_steps::{
    db::Database,
    domain::{access_token::Scope, secret::Keyring},
    store,
};
use serde_json::{Value, json};

use crate::support::{App, Client, KEYS, on_both_databases, violations};

const SECRET: &str = "Bearer 0123456789abcdef";

async fn step_with_secret(client: &Client) -> String {
    let scenario = client.scenario("Sales").await;
    let input = json!({
        "scenarioId": scenario, "name": "A", "prompt": "b", "webhookUrl": "https://example.com",
        "webhookHeader": { "Authorization": SECRET, "X-Other": "plain" },
    });
    client.crm_step(&input).await["id"].as_str().expect("an id").to_owned()
}

async fn headers(client: &Client, id: &str) -> Value {
    let query = format!("{{ crmStep(id: \"{id}\") {{ webhookHeader }} }}");
    client.query(&query).await["crmStep"]["webhookHeader"].clone()
}

async fn change(client: &Client, id: &str, headers: &Value) -> Value {
    let call = "updateCrmStep(id: $id, input: { webhookHeader: $headers }) { crmStep { version webhookHeader } }";
    client
        .call("($id: ID!, $headers: StringMap)", call, json!({ "id": id, "headers": headers }))
        .await
}

async fn no_secret_is_stored_in_plain_text(app: App) {
    let ana = app.member_of("Horizonte").await;
    let id = step_with_secret(&ana).await;
    let call = "updateCrmStep(id: $id, input: { webhookHeader: { A: \"0123456789abcdef\" } }, idempotencyKey: \"a\") { crmStep { id } }";
    ana.done("($id: ID!)", call, json!({ "id": id })).await;
    let contents = app.contents().await;
    assert!(!contents.contains("0123456789abcdef"), "{contents}");
    assert!(contents.contains("sealed:test:"));
    let replayed = ana
        .done(
            "($id: ID!)",
            &call.replace("crmStep { id }", "crmStep { webhookHeader }"),
            json!({ "id": id }),
        )
        .await;
    assert_eq!(replayed["crmStep"]["webhookHeader"], json!({ "A": "0123456789abcdef" }));
    assert_eq!(replayed["replayed"], true);
}

async fn only_tokens_with_the_secrets_scope_read_header_values(app: App) {
    let ana = app.member_of("Horizonte").await;
    let id = step_with_secret(&ana).await;
    assert_eq!(headers(&ana, &id).await, json!({ "Authorization": SECRET, "X-Other": "plain" }));
    let masked = json!({ "Authorization": "***", "X-Other": "***" });
    let reader = app.bearer("Horizonte", &[Scope::Read]).await;
    assert_eq!(headers(&reader, &id).await, masked);
    assert_eq!(reader.query("{ viewer { scopes } }").await["viewer"]["scopes"], json!(["READ"]));
    let writer = app.bearer("Horizonte", &[Scope::Read, Scope::Write]).await;
    let renamed = "updateCrmStep(id: $id, input: { name: \"B\" }) { crmStep { webhookHeader } }";
    let payload = writer.done("($id: ID!)", renamed, json!({ "id": id })).await;
    assert_eq!(payload["crmStep"]["webhookHeader"], masked);
    let history = "{ viewer { organization { history { nodes { before after } } } } }";
    let history = ana.query(history).await.to_string();
    assert!(history.contains("***") && !history.contains("0123456789abcdef"), "{history}");
}

async fn headers_are_listed_in_their_order_without_masks(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let query = "{ crmSteps { nodes { webhookHeaders { name value isMasked } } } }";
    for headers in [json!({ "X-B": "1", "Authorization": SECRET, "X-A": "3" }), Value::Null] {
        ana.crm_step(&json!({
            "scenarioId": scenario, "name": "A", "prompt": "b", "webhookUrl": "https://example.com",
            "webhookHeader": headers,
        }))
        .await;
    }
    let header = |name: &str, value: Value| json!({ "name": name, "value": value, "isMasked": value.is_null() });
    assert_eq!(
        ana.query(query).await["crmSteps"]["nodes"],
        json!([
            { "webhookHeaders": [
                header("X-B", json!("1")), header("Authorization", json!(SECRET)),
                header("X-A", json!("3")),
            ] },
            { "webhookHeaders": null },
        ])
    );
    let reader = app.bearer("Horizonte", &[Scope::Read]).await;
    let masked = ["X-B", "Authorization", "X-A"].map(|name| header(name, Value::Null));
    assert_eq!(
        reader.query(query).await["crmSteps"]["nodes"],
        json!([{ "webhookHeaders": masked }, { "webhookHeaders": null }])
    );
}

async fn masks_may_be_sent_back(app: App) {
    let ana = app.member_of("Horizonte").await;
    let id = step_with_secret(&ana).await;
    let writer = app.bearer("Horizonte", &[Scope::Read, Scope::Write]).await;
    let unchanged = change(&writer, &id, &headers(&writer, &id).await).await;
    assert_eq!(
        (&unchanged["userErrors"], &unchanged["crmStep"]["version"]),
        (&json!([]), &json!(1))
    );
    change(&writer, &id, &json!({ "authorization": "***", "X-New": "new" })).await;
    assert_eq!(headers(&ana, &id).await, json!({ "authorization": SECRET, "X-New": "new" }));
    let unknown = change(&writer, &id, &json!({ "X-Unknown": "***" })).await;
    assert_eq!(unknown["userErrors"][0]["code"], "MASKED_HEADER_VALUE");
    assert_eq!(unknown["userErrors"][0]["field"], json!(["input", "webhookHeader", "X-Unknown"]));
    assert_eq!(headers(&ana, &id).await, json!({ "authorization": SECRET, "X-New": "new" }));
}

async fn a_client_that_reads_masks_cannot_redirect_the_secret(app: App) {
    let ana = app.member_of("Horizonte").await;
    let id = step_with_secret(&ana).await;
    let writer = app.bearer("Horizonte", &[Scope::Read, Scope::Write]).await;
    let before = app.contents().await;
    let to = async |client: &Client, fields: &str| {
        let call = format!("updateCrmStep(id: $id, input: {{ {fields} }}) {{ crmStep {{ id }} }}");
        let payload = client.call("($id: ID!)", &call, json!({ "id": id })).await;
        violations(&payload).into_iter().map(|(_, code)| code).collect::<Vec<_>>()
    };
    let elsewhere = "webhookUrl: \"https://evil.example/\"";
    let with_masks = format!("{elsewhere}, webhookHeader: {{ Authorization: \"***\" }}");
    assert_eq!(to(&writer, elsewhere).await, ["MASKED_HEADER_VALUE", "MASKED_HEADER_VALUE"]);
    assert_eq!(to(&writer, &with_masks).await, ["MASKED_HEADER_VALUE"]);
    assert_eq!(app.contents().await, before);
    let none: [&str; 0] = [];
    assert_eq!(to(&writer, "webhookUrl: \"https://example.com/other\"").await, none);
    assert_eq!(headers(&ana, &id).await["Authorization"], SECRET);
    assert_eq!(to(&ana, elsewhere).await, none);
    let anew = "webhookUrl: \"https://example.org/\", webhookHeader: { A: \"b\" }";
    assert_eq!(to(&writer, anew).await, none);
    assert_eq!(headers(&ana, &id).await, json!({ "A": "b" }));
}

/// A token without the scope reads nothing out of rejections and versions, however it pads a header
/// that it keeps.
async fn what_a_call_answers_depends_neither_on_the_length_nor_on_the_text_of_a_secret(app: App) {
    let ana = app.member_of("Horizonte").await;
    let writer = app.bearer("Horizonte", &[Scope::Read, Scope::Write]).await;
    let scenario = ana.scenario("Sales").await;
    let mut answers = Vec::new();
    for secret in ["s".to_owned(), "t".repeat(256)] {
        let url = "https://hooks.example.com";
        let mut step = json!({
            "key": "a", "name": "A", "prompt": "b", "webhookUrl": url, "webhookHeader": { "X-Key": secret },
        });
        let mut created = step.clone();
        created["scenarioId"] = scenario.clone().into();
        let created = ana.crm_step(&created).await;
        let id = created["id"].as_str().expect("an id");
        let mut all = Vec::new();
        for padding in [1, 7_900, 7_930, 7_931, 7_932, 8_186, 8_187, 8_188, 9_000] {
            let header = json!({ "X-Key": "***", "Y": "y".repeat(padding) });
            step["webhookHeader"] = header.clone();
            let update = "updateCrmStep(id: $id, input: { webhookHeader: $headers }, validateOnly: true) { replayed }";
            let arguments = json!({ "id": id, "headers": header });
            all.push(writer.call("($id: ID!, $headers: StringMap)", update, arguments).await);
            let input = json!({ "id": scenario, "name": "Sales", "steps": [step] });
            let apply =
                "applyCrmScenario(input: $input, validateOnly: true) { diagnostics { code } }";
            let types = "($input: ApplyCrmScenarioInput!)";
            all.push(writer.call(types, apply, json!({ "input": input })).await);
        }
        for guess in [json!({ "X-Key": "s" }), json!({ "X-Key": "t".repeat(256) })] {
            all.push(change(&writer, id, &guess).await);
            for header in ["other", &secret] {
                change(&ana, id, &json!({ "X-Key": header })).await;
            }
        }
        answers.push(all);
        ana.done("($id: ID!)", "deleteCrmStep(id: $id) { deletedCrmStepId }", json!({ "id": id }))
            .await;
    }
    assert_eq!(answers[0], answers[1]);
    assert!(json!(answers).to_string().contains("TOO_LONG"));
}

async fn a_copy_has_the_secrets_of_its_original(app: App) {
    let ana = app.member_of("Horizonte").await;
    let id = step_with_secret(&ana).await;
    let scenario = ana.query(&format!("{{ crmStep(id: \"{id}\") {{ scenarioId }} }}")).await;
    let call =
        "duplicateCrmScenario(id: $id) { crmScenario { steps { nodes { webhookHeader } } } }";
    let copied =
        ana.done("($id: ID!)", call, json!({ "id": scenario["crmStep"]["scenarioId"] })).await;
    let header = &copied["crmScenario"]["steps"]["nodes"][0]["webhookHeader"];
    assert_eq!(header["Authorization"], SECRET);
}

async fn keys_are_rotated_while_the_service_runs(app: App) {
    let ana = app.member_of("Horizonte").await;
    let id = step_with_secret(&ana).await;
    let with = |keys: String| {
        let keys: Keyring = keys.parse().expect("they are keys");
        let (url, engine) = (app.url.clone(), app.database.engine());
        async move { Database::open(&url, engine, 2, keys).await.expect("it opens") }
    };
    let deleted = step_with_secret(&ana).await;
    ana.done("", &format!("deleteCrmStep(id: \"{deleted}\") {{ replayed }}"), json!({})).await;
    let new = Keyring::generate("new");
    let both = with(format!("{new},{KEYS}")).await;
    assert_eq!(store::kit::secrets::rotate(&both).await, Ok(2));
    assert_eq!(store::kit::secrets::rotate(&both).await, Ok(0), "nothing is left to do");
    let only_new = app.on(with(new).await);
    let before = only_new.contents().await;
    assert!(before.contains("sealed:new:") && !before.contains("sealed:test:"), "{before}");
    let ana = only_new.with_token_of(&ana);
    assert_eq!(headers(&ana, &id).await["Authorization"], SECRET);
    assert_eq!(
        ana.query(&format!("{{ crmStep(id: \"{id}\") {{ version }} }}")).await["crmStep"]["version"],
        1
    );
    let restore = format!("restoreCrmStep(id: \"{deleted}\") {{ replayed }}");
    ana.done("", &restore, json!({})).await;
    assert_eq!(headers(&ana, &deleted).await["Authorization"], SECRET);
}

/// Rows are read in portions by both columns of their key. The portion of 500 ends between the two rows.
async fn secrets_of_two_organizations_with_one_id_are_rotated(app: App) {
    let members = [app.member_of("Horizonte").await, app.member_of("Atlas").await];
    let id = |number: usize| format!("00000000-0000-7000-8000-{number:012}");
    let delete = async |client: &Client, steps: Vec<Value>| {
        let count = steps.len();
        let (scenario, _) = client.pipeline("Sales", Value::Array(steps)).await;
        let delete = "deleteCrmScenario(id: $id, expectedStepCount: $count) { replayed }";
        let variables = json!({ "id": scenario, "count": count });
        client.done("($id: ID!, $count: Int!)", delete, variables).await;
    };
    for start in (1..500).step_by(100) {
        let numbers = start..(start + 100).min(500);
        delete(&members[0], numbers.map(|number| json!({ "id": id(number) })).collect()).await;
    }
    for member in &members {
        let sealed = json!({
            "id": id(500), "webhookUrl": "https://example.com", "webhookHeader": { "A": SECRET },
        });
        delete(member, vec![sealed]).await;
    }
    let keys: Keyring =
        format!("{},{KEYS}", Keyring::generate("new")).parse().expect("they are keys");
    let both = Database::open(&app.url, app.database.engine(), 2, keys).await.expect("it opens");
    assert_eq!(store::kit::secrets::rotate(&both).await, Ok(2));
    assert!(!app.contents().await.contains("sealed:test:"));
}

/// A restore needs no rotation: it seals with the first key itself.
async fn a_restored_secret_is_sealed_by_the_first_key(app: App) {
    let ana = app.member_of("Horizonte").await;
    let id = step_with_secret(&ana).await;
    ana.done("", &format!("deleteCrmStep(id: \"{id}\") {{ replayed }}"), json!({})).await;
    let keys: Keyring =
        format!("{},{KEYS}", Keyring::generate("new")).parse().expect("they are keys");
    let both = Database::open(&app.url, app.database.engine(), 2, keys).await.expect("it opens");
    let ana = app.on(both).with_token_of(&ana);
    ana.done("", &format!("restoreCrmStep(id: \"{id}\") {{ replayed }}"), json!({})).await;
    assert_eq!(headers(&ana, &id).await["Authorization"], SECRET);
    let contents = app.contents().await;
    assert!(contents.contains("sealed:new:") && !contents.contains("sealed:test:"), "{contents}");
}

async fn without_its_key_a_secret_is_unreadable_but_kept(app: App) {
    let ana = app.member_of("Horizonte").await;
    let id = step_with_secret(&ana).await;
    let other: Keyring = Keyring::generate("other").parse().expect("a key");
    let database =
        Database::open(&app.url, app.database.engine(), 2, other).await.expect("it opens");
    let closed = app.on(database).with_token_of(&ana);
    let before = app.contents().await;
    let read = format!("{{ crmStep(id: \"{id}\") {{ name webhookHeader }} }}");
    let answer = closed.graphql(&read, json!({})).await;
    assert_eq!(answer.error_code(), "INTERNAL");
    assert_eq!(answer.json()["data"]["crmStep"], json!({ "name": "A", "webhookHeader": null }));
    let rename = format!(
        "mutation {{ updateCrmStep(id: \"{id}\", input: {{ name: \"B\" }}) {{ crmStep {{ id }} }} }}"
    );
    assert_eq!(closed.graphql(&rename, json!({})).await.error_code(), "INTERNAL");
    assert_eq!(app.contents().await, before);
}

on_both_databases!(
    no_secret_is_stored_in_plain_text,
    only_tokens_with_the_secrets_scope_read_header_values,
    headers_are_listed_in_their_order_without_masks,
    masks_may_be_sent_back,
    a_client_that_reads_masks_cannot_redirect_the_secret,
    what_a_call_answers_depends_neither_on_the_length_nor_on_the_text_of_a_secret,
    a_copy_has_the_secrets_of_its_original,
    keys_are_rotated_while_the_service_runs,
    secrets_of_two_organizations_with_one_id_are_rotated,
    a_restored_secret_is_sealed_by_the_first_key,
    without_its_key_a_secret_is_unreadable_but_kept,
);
