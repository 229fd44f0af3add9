//! `CrmScenario.spec`: a scenario with its steps as one value for files.

use crm_steps::domain::access_token::Scope;
use insta::{allow_duplicates, assert_json_snapshot};
use serde_json::{Value, json};

use crate::support::{App, Client, on_both_databases};

/// The specification of a scenario with all its fields, without those that are null.
async fn spec(client: &Client, scenario: &str) -> Value {
    let query = format!(
        "{{ crmScenario(id: \"{scenario}\") {{ spec {{ key name description steps {{
            key name agentId agentName trigger prompt initialMessage
            autoNextStepKey autoNextTime autoNextTimeUnit
            defaultStatus defaultPriority defaultAiControl
            assigneeLogicType selectedMembershipIdsForAssignee selectedMembershipEmails
            isRequired isConversationRemovalStep defaultTags defaultTagsToRemove
            requestContact {{ name email phone }}
            zapiAgentId zapiAgentName zapiPhoneNumber zapiMessage
            whatsappTemplateAgentId whatsappTemplateAgentName whatsappTemplateName
            whatsappTemplateLanguageCode whatsappTemplateText webhookUrl webhookHeader
        }} }} }} }}"
    );
    let mut spec = client.query(&query).await["crmScenario"]["spec"].clone();
    for step in spec["steps"].as_array_mut().expect("steps") {
        step.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
    }
    spec
}

/// A step that has all fields, with agents and a membership that alone have their names and emails.
async fn whole_step(client: &Client) -> Value {
    let (sofia, sol, luz) =
        (client.agent("Sofia").await, client.agent("Sol").await, client.agent("Luz").await);
    let bruno = json!({ "name": "Bruno", "email": "bruno@example.com", "role": "USER" });
    let bruno = client.create("createMembership", "membership", &bruno).await;
    json!({
        "key": "lead", "name": "Novo lead", "agentId": sofia, "trigger": "Asks for prices.",
        "prompt": "Greet.", "initialMessage": "Hello!",
        "autoNextStepRef": "1", "autoNextTime": 2, "autoNextTimeUnit": "h",
        "defaultStatus": "UNRESOLVED", "defaultPriority": "MEDIUM", "defaultAiControl": true,
        "assigneeLogicType": "random_selected", "selectedMembershipIdsForAssignee": [bruno],
        "isRequired": true, "isConversationRemovalStep": false,
        "defaultTags": ["lead"], "defaultTagsToRemove": ["new"],
        "requestContact": { "name": true, "email": false },
        "zapiAgentId": sol, "zapiPhoneNumber": "+55 11 91234-5678", "zapiMessage": "A lead.",
        "whatsappTemplateAgentId": luz, "whatsappTemplateName": "lead",
        "whatsappTemplateLanguageCode": "pt_BR", "whatsappTemplateText": "Hello {{1}}",
        "webhookUrl": "https://hooks.example.com/crm", "webhookHeader": { "X-Key": "secret" },
    })
}

async fn a_specification_has_keys_and_names_in_place_of_ids(app: App) {
    let ana = app.member_of("Horizonte").await;
    let steps = json!([whole_step(&ana).await, { "name": "Não respondeu", "prompt": "Bye." }]);
    let (scenario, _) = ana.pipeline("Vendas — WhatsApp", steps).await;
    let spec = spec(&ana, &scenario).await;
    allow_duplicates! {
        assert_json_snapshot!(spec, @r#"
        {
          "key": "vendas-whatsapp",
          "name": "Vendas — WhatsApp",
          "description": null,
          "steps": [
            {
              "key": "lead",
              "name": "Novo lead",
              "agentName": "Sofia",
              "trigger": "Asks for prices.",
              "prompt": "Greet.",
              "initialMessage": "Hello!",
              "autoNextStepKey": "nao-respondeu",
              "autoNextTime": 2,
              "autoNextTimeUnit": "h",
              "defaultStatus": "UNRESOLVED",
              "defaultPriority": "MEDIUM",
              "defaultAiControl": true,
              "assigneeLogicType": "random_selected",
              "selectedMembershipEmails": [
                "bruno@example.com"
              ],
              "isRequired": true,
              "isConversationRemovalStep": false,
              "defaultTags": [
                "lead"
              ],
              "defaultTagsToRemove": [
                "new"
              ],
              "requestContact": {
                "name": true,
                "email": false,
                "phone": null
              },
              "zapiAgentName": "Sol",
              "zapiPhoneNumber": "+55 11 91234-5678",
              "zapiMessage": "A lead.",
              "whatsappTemplateAgentName": "Luz",
              "whatsappTemplateName": "lead",
              "whatsappTemplateLanguageCode": "pt_BR",
              "whatsappTemplateText": "Hello {{1}}",
              "webhookUrl": "https://hooks.example.com/crm",
              "webhookHeader": {
                "X-Key": "secret"
              }
            },
            {
              "key": "nao-respondeu",
              "name": "Não respondeu",
              "prompt": "Bye."
            }
          ]
        }
        "#);
    }
}

async fn what_shares_its_name_is_exported_by_its_id(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (sofia, _) = (ana.agent("Sofia").await, ana.agent("SOFIA").await);
    // Both have the same email.
    let (bruno, _) = (ana.membership("Bruno").await, ana.membership("Carla").await);
    let step = json!({
        "agentId": sofia, "assigneeLogicType": "single_user",
        "selectedMembershipIdsForAssignee": [bruno],
    });
    let (scenario, _) = ana.pipeline("Sales", json!([step])).await;
    let step = spec(&ana, &scenario).await["steps"][0].clone();
    assert_eq!(
        step,
        json!({
            "key": "step-0", "name": "Step 0", "prompt": "Greet.", "agentId": sofia,
            "assigneeLogicType": "single_user", "selectedMembershipIdsForAssignee": [bruno],
        })
    );
}

async fn header_values_are_masked_unless_the_token_may_read_them(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (scenario, _) = ana.pipeline("Sales", json!([whole_step(&ana).await, {}])).await;
    let header = async |client: &Client| -> Value {
        spec(client, &scenario).await["steps"][0]["webhookHeader"].clone()
    };
    assert_eq!(header(&ana).await, json!({ "X-Key": "secret" }));
    let reader = app.bearer("Horizonte", &[Scope::Read]).await;
    assert_eq!(header(&reader).await, json!({ "X-Key": "***" }));
}

async fn a_scenario_without_steps_has_a_specification(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let expected = json!({ "key": "sales", "name": "Sales", "description": null, "steps": [] });
    assert_eq!(spec(&ana, &scenario).await, expected);
}

async fn the_specification_of_another_organization_is_unknown(app: App) {
    let (ana, eve) = (app.member_of("Horizonte").await, app.member_of("Evil").await);
    // Eve's agent has the name of Ana's, and hides it from no export of Ana's.
    eve.agent("Sofia").await;
    let (scenario, _) = ana.pipeline("Sales", json!([whole_step(&ana).await, {}])).await;
    let query = format!("{{ crmScenario(id: \"{scenario}\") {{ spec {{ name }} }} }}");
    assert_eq!(eve.query(&query).await, json!({ "crmScenario": null }));
    assert_eq!(spec(&ana, &scenario).await["steps"][0]["agentName"], "Sofia");
}

/// The default limits let a specification of many steps pass with all its fields.
async fn a_large_specification_is_within_the_default_limits(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let step = json!({ "scenarioId": scenario, "name": "a", "prompt": "a".repeat(4_000) });
    for _ in 0..10 {
        let create = "createCrmSteps(inputs: $inputs) { replayed }";
        let inputs = json!({ "inputs": vec![&step; 100] });
        ana.done("($inputs: [CreateCrmStepsInput!]!)", create, inputs).await;
    }
    let spec = spec(&ana, &scenario).await;
    assert_eq!(spec["steps"].as_array().expect("steps").len(), 1_000);
    assert_eq!(spec["steps"][999]["key"], "a-1000");
}

on_both_databases!(
    a_specification_has_keys_and_names_in_place_of_ids,
    what_shares_its_name_is_exported_by_its_id,
    header_values_are_masked_unless_the_token_may_read_them,
    a_scenario_without_steps_has_a_specification,
    the_specification_of_another_organization_is_unknown,
    a_large_specification_is_within_the_default_limits,
);
