//! `CrmScenario.spec`: a scenario with its steps as one value for files.

use crm_steps::domain::access_token::Scope;
use insta::{allow_duplicates, assert_json_snapshot};
use proptest::prelude::{Strategy, any};
use serde_json::{Value, json};

use crate::support::{App, Client, for_all, on_both_databases};

/// The specification of a scenario with all its fields, without those of steps that are null; null if
/// the scenario does not exist.
pub(super) async fn spec(client: &Client, scenario: &str) -> Value {
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
    for step in spec["steps"].as_array_mut().into_iter().flatten() {
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

/// Creates the agents and memberships to which random specifications refer.
pub(super) async fn create_references(client: &Client) {
    for agent in ["Sofia", "Sol"] {
        client.agent(agent).await;
    }
    for email in ["ana@example.com", "bruno@example.com"] {
        let input = json!({ "name": "A", "email": email, "role": "USER" });
        client.create("createMembership", "membership", &input).await;
    }
}

/// A valid specification. Some of its steps have no key.
pub(super) fn any_spec() -> impl Strategy<Value = Value> {
    let step = (
        ("[ -~áÉçß🙂]{1,12}", any::<bool>())
            .prop_filter("a visible name", |(name, _)| !name.trim().is_empty()),
        proptest::option::of("[ -~\\n🙂]{1,20}"),
        proptest::option::of((1..50_i32, proptest::option::of(0..8_usize))),
        proptest::sample::subsequence(vec!["Sofia", "Sol"], 0..=1),
        proptest::sample::subsequence(vec!["ana@example.com", "bruno@example.com"], 0..=2),
        proptest::sample::subsequence(vec!["vip", "Lead", "novo"], 0..=3),
        any::<Option<bool>>(),
        any::<bool>(),
    );
    proptest::collection::vec(step, 1..8).prop_map(|steps| {
        let count = steps.len();
        let keyed: Vec<bool> = steps.iter().map(|step| step.0.1).collect();
        let steps = steps.into_iter().enumerate().map(|(index, step)| {
            let ((name, is_keyed), trigger, timer, agents, emails, tags, flag, has_webhook) = step;
            let mut step = json!({ "name": name.trim(), "prompt": "Greet." });
            if is_keyed {
                step["key"] = format!("k{index}").into();
            }
            if let Some(trigger) = trigger {
                step["trigger"] = trigger.into();
            }
            if let Some((time, target)) = timer {
                step["autoNextTime"] = time.into();
                step["autoNextTimeUnit"] = "d".into();
                let target = target.map(|target| target % count);
                if let Some(target) = target.filter(|target| *target != index && keyed[*target]) {
                    step["autoNextStepKey"] = format!("k{target}").into();
                }
            }
            if let [agent] = agents[..] {
                step["agentName"] = agent.into();
            }
            if !emails.is_empty() {
                step["assigneeLogicType"] = "random_selected".into();
                step["selectedMembershipEmails"] = emails.into();
            }
            if !tags.is_empty() {
                step["defaultTags"] = tags.into();
            }
            if let Some(flag) = flag {
                step["isRequired"] = flag.into();
                step["requestContact"] = json!({ "name": flag });
            }
            if has_webhook {
                step["webhookUrl"] = "https://hooks.example.com/".into();
                step["webhookHeader"] = json!({ "X-Key": "secret", "X-Other": "a b" });
            }
            step
        });
        json!({ "name": "Vendas", "steps": steps.collect::<Vec<_>>() })
    })
}

async fn apply(client: &Client, input: &Value) -> Value {
    let field = "applyCrmScenario(input: $input) { crmScenario { id } plan { isEmpty } }";
    client.done("($input: ApplyCrmScenarioInput!)", field, json!({ "input": input })).await
}

/// An export with secrets is applied to another organization that has the agents and members, and
/// exported there: the same specification. Applied where it comes from, it changes nothing.
async fn an_export_is_the_same_wherever_it_is_applied(app: App) {
    let mut organizations = Vec::new();
    for name in ["Horizonte", "Outra"] {
        let client = app.bearer(name, &[Scope::Read, Scope::Write, Scope::Secrets]).await;
        create_references(&client).await;
        organizations.push(client);
    }
    for_all(12, any_spec(), async |mut input| {
        input["key"] = format!("k{}", crm_steps::domain::id::new_id().simple()).into();
        let mut exports = Vec::new();
        for client in &organizations {
            let applied = apply(client, &input).await;
            let id = applied["crmScenario"]["id"].as_str().expect("an id").to_owned();
            let mut exported = spec(client, &id).await;
            if exported["description"].is_null() {
                exported.as_object_mut().expect("an object").remove("description");
            }
            assert_eq!(apply(client, &exported).await["plan"]["isEmpty"], true, "{exported}");
            input = exported.clone();
            exports.push(exported);
        }
        assert_eq!(exports[0], exports[1]);
    })
    .await;
}

on_both_databases!(
    an_export_is_the_same_wherever_it_is_applied,
    a_specification_has_keys_and_names_in_place_of_ids,
    what_shares_its_name_is_exported_by_its_id,
    header_values_are_masked_unless_the_token_may_read_them,
    a_scenario_without_steps_has_a_specification,
    the_specification_of_another_organization_is_unknown,
    a_large_specification_is_within_the_default_limits,
);
