//! Updates of rows that an earlier version of the service stored under other rules.

use crm_steps::entity::{JsonText, agent, crm_scenario, crm_step, membership};
use sea_orm::{ActiveModelBehavior, ActiveModelTrait as _, EntityTrait, IntoActiveModel};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::update;
use crate::support::{App, Client, STEP_FIELDS, in_input, on_both_databases, violations};

/// Stores a row without validation, as an earlier version with other rules may have stored it.
async fn store<A>(app: &App, row: A)
where
    A: ActiveModelBehavior + Send + 'static,
    <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
{
    let transaction = app.database.write().await.expect("a transaction begins");
    row.update(&transaction).await.expect("it is stored");
    transaction.commit().await.expect("the transaction commits");
}

fn uuid(value: &Value) -> Uuid {
    value.as_str().expect("an id").parse().expect("a UUID")
}

/// Creates a step whose texts all break the current rules; returns it as a client reads it.
async fn outdated_step(app: &App, ana: &Client) -> Value {
    let (scenario, agent) = (ana.scenario("Sales").await, ana.agent("Sofia").await);
    let input = json!({
        "scenarioId": scenario, "name": "Lead", "prompt": "Greet.", "defaultStatus": "RESOLVED",
        "zapiAgentId": agent, "zapiPhoneNumber": "12345678", "zapiMessage": "Hi",
        "whatsappTemplateAgentId": agent, "whatsappTemplateName": "a",
        "whatsappTemplateLanguageCode": "en",
    });
    let step = ana.crm_step(&input).await;
    let key = (uuid(&step["organizationId"]), uuid(&step["id"]));
    let row = crm_step::Entity::find_by_id(key).one(app.database.read()).await;
    let mut row = row.expect("it answers").expect("it is there");
    let tags = |tags: &[&str]| Some(crm_step::Tags(tags.iter().map(ToString::to_string).collect()));
    let headers = [("webhook-id", "a\u{1}"), ("X", " b "), ("Y", "é")];
    let headers: Map<String, Value> =
        headers.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
    "\u{16fe4}".clone_into(&mut row.name);
    row.trigger = Some("t".repeat(2_001));
    row.prompt = None;
    row.initial_message = Some("i".repeat(4_097));
    row.auto_next_time = Some(400);
    row.auto_next_time_unit = Some(crm_steps::domain::crm_step::TimeUnit::Day);
    row.default_tags = tags(&["VIP", "vip", "\u{1d159}"]);
    row.default_tags_to_remove = tags(&["Vip", "old", "OLD"]);
    row.zapi_phone_number = Some("12345678 ext. 9".to_owned());
    row.zapi_message = Some("\u{13441}".to_owned());
    row.whatsapp_template_name = Some("Welcome!".to_owned());
    row.whatsapp_template_language_code = Some("english".to_owned());
    row.webhook_url = Some("http://{{x}}.metadata.goog:0/".to_owned());
    row.webhook_header = Some(JsonText(headers));
    store(app, row.into_active_model().reset_all()).await;
    let query = format!("{{ crmStep(id: {}) {{ {STEP_FIELDS} }} }}", step["id"]);
    ana.query(&query).await["crmStep"].clone()
}

/// The fields of a step that an update may send back.
fn form(step: &Value) -> Map<String, Value> {
    const READ_ONLY: [&str; 14] = [
        "id",
        "index",
        "version",
        "organizationId",
        "createdAt",
        "updatedAt",
        "scenarioId",
        "agent",
        "scenario",
        "autoNextDelaySeconds",
        "autoNextStep",
        "zapiAgent",
        "whatsappTemplateAgent",
        "selectedMembershipsForAssignee",
    ];
    let mut form = step.as_object().expect("a step").clone();
    form.retain(|field, _| !READ_ONLY.contains(&field.as_str()));
    form
}

async fn values_that_earlier_rules_accepted_do_not_block_updates(app: App) {
    let ana = app.member_of("Horizonte").await;
    let mut step = outdated_step(&app, &ana).await;
    let id = step["id"].as_str().expect("an id").to_owned();
    for (field, value) in [
        ("defaultStatus", json!("UNRESOLVED")),
        ("agentId", step["zapiAgentId"].clone()),
        ("defaultAiControl", json!(true)),
        ("isRequired", json!(true)),
        ("requestContact", json!({ "name": true, "email": null, "phone": false })),
        ("whatsappTemplateText", json!("Welcome!")),
        ("prompt", json!("Greet.")),
        ("name", json!("Renamed")),
    ] {
        // Alone, and in a form that sends back all fields that it has read.
        let alone = Map::from_iter([(field.to_owned(), value.clone())]);
        let whole: Map<_, _> = form(&step).into_iter().chain(alone.clone()).collect();
        for input in [alone, whole] {
            let updated = update(&ana, &id, json!(input), None).await;
            assert_eq!(violations(&updated), [], "{field}");
            let after = form(&updated["crmStep"]);
            let mut expected = form(&step);
            expected[field] = value.clone();
            assert_eq!(after, expected, "all fields but {field} are unchanged");
        }
        step[field] = value;
    }
    let moved = "moveCrmStep(id: $id, to: { last: true }) { crmStep { id } }";
    ana.done("($id: ID!)", moved, json!({ "id": id })).await;
    let copy = "duplicateCrmScenario(id: $id) { crmScenario { steps { nodes { name defaultTags zapiPhoneNumber webhookUrl webhookHeader } } } }";
    let copy = ana.done("($id: ID!)", copy, json!({ "id": step["scenarioId"] })).await;
    for (field, value) in copy["crmScenario"]["steps"]["nodes"][0].as_object().expect("a step") {
        assert_eq!(*value, step[field], "{field}");
    }
}

async fn changed_fields_are_validated_beside_values_that_earlier_rules_accepted(app: App) {
    let ana = app.member_of("Horizonte").await;
    let step = outdated_step(&app, &ana).await;
    let id = step["id"].as_str().expect("an id").to_owned();
    let headers = json!({ "webhook-id": "a\u{1}", "X": "b" });
    let before = app.contents().await;
    for (input, expected) in [
        (json!({ "name": "\u{1d159}" }), vec![("name", "BLANK")]),
        (json!({ "trigger": "u".repeat(2_001) }), vec![("trigger", "TOO_LONG")]),
        (json!({ "trigger": null }), vec![("trigger", "TRIGGER_OR_PROMPT_REQUIRED")]),
        (
            json!({ "prompt": "\u{2800}" , "trigger": " " }),
            vec![("trigger", "TRIGGER_OR_PROMPT_REQUIRED")],
        ),
        (json!({ "initialMessage": "j".repeat(4_097) }), vec![("initialMessage", "TOO_LONG")]),
        (json!({ "autoNextTime": 401 }), vec![("autoNextTime", "OUT_OF_RANGE")]),
        (
            json!({ "autoNextTimeUnit": "h", "autoNextTime": 9_000 }),
            vec![("autoNextTime", "OUT_OF_RANGE")],
        ),
        (
            json!({ "isConversationRemovalStep": true }),
            vec![("isConversationRemovalStep", "REMOVAL_STEP_CONFLICT")],
        ),
        (
            json!({ "defaultTags": ["VIP", "vip"] }),
            vec![("defaultTags.1", "DUPLICATE_VALUE"), ("defaultTagsToRemove", "TAGS_OVERLAP")],
        ),
        (json!({ "defaultTagsToRemove": ["vIP"] }), vec![("defaultTagsToRemove", "TAGS_OVERLAP")]),
        (json!({ "zapiMessage": "\u{13442}" }), vec![("zapiMessage", "ZAPI_INCOMPLETE")]),
        (
            json!({ "zapiPhoneNumber": "12345678 ext. 8" }),
            vec![("zapiMessage", "ZAPI_INCOMPLETE"), ("zapiPhoneNumber", "INVALID_PHONE")],
        ),
        (
            json!({ "whatsappTemplateName": "Bye!" }),
            vec![("whatsappTemplateName", "INVALID_TEMPLATE_NAME")],
        ),
        (
            json!({ "whatsappTemplateName": null }),
            vec![("whatsappTemplateName", "TEMPLATE_INCOMPLETE")],
        ),
        (
            json!({ "whatsappTemplateLanguageCode": "spanish" }),
            vec![("whatsappTemplateLanguageCode", "INVALID_LANGUAGE_CODE")],
        ),
        (json!({ "webhookUrl": "http://metadata.goog/" }), vec![("webhookUrl", "URL_NOT_ALLOWED")]),
        (json!({ "webhookUrl": "http://a..example.com/" }), vec![("webhookUrl", "INVALID_URL")]),
        (json!({ "webhookUrl": null }), vec![("webhookHeader", "HEADERS_WITHOUT_URL")]),
        (
            json!({ "webhookHeader": headers }),
            vec![
                ("webhookHeader.webhook-id", "HEADER_NOT_ALLOWED"),
                ("webhookHeader.webhook-id", "INVALID_HEADER_VALUE"),
            ],
        ),
    ] {
        let sent = input.to_string();
        let refused = update(&ana, &id, input, None).await;
        assert_eq!(violations(&refused), in_input(&expected), "{sent}");
    }
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
    // Correcting one field does not need the others to be valid.
    for input in [
        json!({ "autoNextTimeUnit": "h" }),
        json!({ "defaultTags": ["new"] }),
        json!({ "defaultTagsToRemove": [] }),
        json!({ "zapiMessage": "Hi" }),
        json!({ "zapiPhoneNumber": "12345678" }),
        json!({ "webhookUrl": "https://example.com" }),
        json!({ "webhookHeader": { "X": "b" } }),
        json!({ "whatsappTemplateName": "welcome" }),
    ] {
        let sent = input.to_string();
        assert_eq!(violations(&update(&ana, &id, input, None).await), [], "{sent}");
    }
}

async fn masks_of_values_that_earlier_rules_accepted_may_be_sent_back(app: App) {
    use crm_steps::domain::access_token::Scope;
    let ana = app.member_of("Horizonte").await;
    let step = outdated_step(&app, &ana).await;
    let id = step["id"].as_str().expect("an id").to_owned();
    let writer = app.bearer("Horizonte", &[Scope::Read, Scope::Write]).await;
    let masks = json!({ "webhook-id": "***", "X": "***", "Y": "***" });
    let kept = json!({ "name": "Renamed", "webhookHeader": masks });
    assert_eq!(violations(&update(&writer, &id, kept, None).await), []);
    let elsewhere = json!({ "webhookUrl": "https://example.com" });
    let refused = violations(&update(&writer, &id, elsewhere, None).await);
    assert!(refused.iter().any(|(_, code)| code == "MASKED_HEADER_VALUE"), "{refused:?}");
    let query = format!("{{ crmStep(id: \"{id}\") {{ webhookHeader }} }}");
    assert_eq!(ana.query(&query).await["crmStep"]["webhookHeader"], step["webhookHeader"]);
}

async fn other_resources_keep_values_that_earlier_rules_accepted(app: App) {
    let ana = app.member_of("Horizonte").await;
    let outdated = json!({ "name": "\u{1d159}", "iconUrl": "ftp://a", "email": "nowhere", "description": "d".repeat(2_001) });
    for (resource, name, input, kept, refused) in [
        (
            "Agent",
            "agent",
            json!({ "name": "A" }),
            vec!["name", "iconUrl"],
            json!({ "iconUrl": "http://a..b" }),
        ),
        (
            "Membership",
            "membership",
            json!({ "name": "A", "email": "a@example.com", "role": "USER" }),
            vec!["name", "email"],
            json!({ "email": "elsewhere" }),
        ),
        (
            "CrmScenario",
            "crmScenario",
            json!({ "name": "A" }),
            vec!["name", "description"],
            json!({ "name": " " }),
        ),
    ] {
        let id = ana.create(&format!("create{resource}"), name, &input).await;
        let organization = ana.query("{ viewer { organization { id } } }").await;
        let key = (uuid(&organization["viewer"]["organization"]["id"]), uuid(&json!(id)));
        let database = app.database.read();
        let text = |field: &str| outdated[field].as_str().expect("a text").to_owned();
        match resource {
            "Agent" => {
                let row = agent::Entity::find_by_id(key).one(database).await;
                let mut row = row.expect("it answers").expect("it is there");
                (row.name, row.icon_url) = (text("name"), Some(text("iconUrl")));
                store(&app, row.into_active_model().reset_all()).await;
            }
            "Membership" => {
                let row = membership::Entity::find_by_id(key).one(database).await;
                let mut row = row.expect("it answers").expect("it is there");
                (row.name, row.email) = (text("name"), text("email"));
                store(&app, row.into_active_model().reset_all()).await;
            }
            _ => {
                let row = crm_scenario::Entity::find_by_id(key).one(database).await;
                let mut row = row.expect("it answers").expect("it is there");
                (row.name, row.description) = (text("name"), Some(text("description")));
                store(&app, row.into_active_model().reset_all()).await;
            }
        }
        let field = format!(
            "update{resource}(id: \"{id}\", input: $input) {{ {name} {{ {} }} }}",
            kept.join(" ")
        );
        let types = format!("($input: Update{resource}Input!)");
        let call = async |input: Value| ana.call(&types, &field, json!({ "input": input })).await;
        // One field is sent back unchanged, and the other is changed.
        let (first, second) = (kept[0], kept[1]);
        let renamed = call(json!({ "name": "B", second: outdated[second] })).await;
        assert_eq!(violations(&renamed), []);
        assert_eq!(renamed[name], json!({ "name": "B", second: outdated[second] }));
        let wrong = violations(&call(refused).await);
        assert_eq!(wrong.len(), 1, "{wrong:?}");
        assert_eq!(violations(&call(json!({ first: "C" })).await), []);
    }
    let scenarios = ana.query("{ crmScenarios { nodes { id } } }").await;
    let id = &scenarios["crmScenarios"]["nodes"][0]["id"];
    let copy = "duplicateCrmScenario(id: $id) { crmScenario { name description } }";
    let copy = ana.done("($id: ID!)", copy, json!({ "id": id })).await;
    let expected = json!({ "name": "C (copy)", "description": outdated["description"] });
    assert_eq!(copy["crmScenario"], expected);
}

on_both_databases!(
    values_that_earlier_rules_accepted_do_not_block_updates,
    changed_fields_are_validated_beside_values_that_earlier_rules_accepted,
    masks_of_values_that_earlier_rules_accepted_may_be_sent_back,
    other_resources_keep_values_that_earlier_rules_accepted,
);
