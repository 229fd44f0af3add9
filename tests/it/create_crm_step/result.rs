//! The payload: the step, all violations together, `validateOnly`, and several creates in a document.

use serde_json::{Value, json};

use super::{Fixture, long};
use crate::support::{App, on_both_databases};

async fn a_step_is_returned_with_all_fields(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let input = json!({ "scenarioId": scenario, "name": "  Lead ", "prompt": "Greet." });
    let step = ana.crm_step(&input).await;
    insta::allow_duplicates! {
        insta::assert_json_snapshot!(step, {
            ".id" => "[id]", ".organizationId" => "[id]", ".scenarioId" => "[id]",
            ".scenario.id" => "[id]", ".scenario.organizationId" => "[id]",
        }, @r#"
        {
          "id": "[id]",
          "index": 0,
          "organizationId": "[id]",
          "createdAt": "2026-11-22T18:20:00.123456Z",
          "updatedAt": "2026-11-22T18:20:00.123456Z",
          "name": "Lead",
          "key": null,
          "scenarioId": "[id]",
          "agentId": null,
          "trigger": null,
          "prompt": "Greet.",
          "initialMessage": null,
          "autoNextStepId": null,
          "autoNextTime": null,
          "autoNextTimeUnit": null,
          "defaultStatus": null,
          "defaultPriority": null,
          "defaultAiControl": null,
          "assigneeLogicType": null,
          "selectedMembershipIdsForAssignee": null,
          "isRequired": null,
          "isConversationRemovalStep": null,
          "defaultTags": null,
          "defaultTagsToRemove": null,
          "requestContact": null,
          "zapiAgentId": null,
          "zapiPhoneNumber": null,
          "zapiMessage": null,
          "whatsappTemplateAgentId": null,
          "whatsappTemplateName": null,
          "whatsappTemplateLanguageCode": null,
          "whatsappTemplateText": null,
          "webhookUrl": null,
          "webhookHeader": null,
          "autoNextDelaySeconds": null,
          "agent": null,
          "scenario": {
            "id": "[id]",
            "name": "Sales",
            "description": null,
            "organizationId": "[id]"
          },
          "autoNextStep": null,
          "zapiAgent": null,
          "whatsappTemplateAgent": null,
          "selectedMembershipsForAssignee": null
        }
        "#)
    };
}

#[expect(clippy::too_many_lines, reason = "most lines are the expected result")]
async fn all_violations_are_returned_together_with_messages_and_params(app: App) {
    let fixture = Fixture::new(&app).await;
    let before = app.contents().await;
    let answer = fixture
        .ana
        .create_crm_step(&json!({
            "scenarioId": "nonsense", "name": " ", "agentId": "nobody", "initialMessage": long(4_097),
            "autoNextTime": 0, "isConversationRemovalStep": true,
            "assigneeLogicType": "single_user", "defaultTags": ["vip", "vip"],
            "defaultTagsToRemove": ["VIP"], "zapiPhoneNumber": "7", "whatsappTemplateText": "Hi",
            "webhookUrl": "http://localhost", "webhookHeader": { "Host": "a" },
        }))
        .await;
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
    insta::allow_duplicates! { insta::assert_json_snapshot!(answer.data(), @r#"
    {
      "createCrmStep": {
        "crmStep": null,
        "crmStepEdge": null,
        "userErrors": [
          {
            "field": [
              "input",
              "name"
            ],
            "code": "BLANK",
            "message": "name is blank; give it at least one visible character.",
            "params": []
          },
          {
            "field": [
              "input",
              "scenarioId"
            ],
            "code": "NOT_FOUND",
            "message": "scenarioId names nothing that exists in this organization.",
            "params": []
          },
          {
            "field": [
              "input",
              "agentId"
            ],
            "code": "NOT_FOUND",
            "message": "agentId names nothing that exists in this organization.",
            "params": []
          },
          {
            "field": [
              "input",
              "trigger"
            ],
            "code": "TRIGGER_OR_PROMPT_REQUIRED",
            "message": "A step needs a trigger or a prompt; fill in at least one of them.",
            "params": []
          },
          {
            "field": [
              "input",
              "initialMessage"
            ],
            "code": "TOO_LONG",
            "message": "initialMessage has 4097 characters; at most 4096 are allowed.",
            "params": [
              {
                "name": "max",
                "value": "4096"
              },
              {
                "name": "actual",
                "value": "4097"
              },
              {
                "name": "unit",
                "value": "characters"
              }
            ]
          },
          {
            "field": [
              "input",
              "autoNextTime"
            ],
            "code": "OUT_OF_RANGE",
            "message": "autoNextTime is 0; it must be between 1 and 31536000.",
            "params": [
              {
                "name": "min",
                "value": "1"
              },
              {
                "name": "max",
                "value": "31536000"
              },
              {
                "name": "actual",
                "value": "0"
              }
            ]
          },
          {
            "field": [
              "input",
              "isConversationRemovalStep"
            ],
            "code": "REMOVAL_STEP_CONFLICT",
            "message": "isConversationRemovalStep is true, so the conversation leaves the scenario here and the step cannot have a timer; drop autoNextStepId and autoNextTime, or isConversationRemovalStep.",
            "params": []
          },
          {
            "field": [
              "input",
              "selectedMembershipIdsForAssignee"
            ],
            "code": "ASSIGNEES_REQUIRED",
            "message": "selectedMembershipIdsForAssignee is empty; this assigneeLogicType needs memberships to choose from.",
            "params": []
          },
          {
            "field": [
              "input",
              "defaultTags",
              "1"
            ],
            "code": "DUPLICATE_VALUE",
            "message": "defaultTags[1] repeats an earlier value of the list.",
            "params": [
              {
                "name": "value",
                "value": "vip"
              }
            ]
          },
          {
            "field": [
              "input",
              "defaultTagsToRemove"
            ],
            "code": "TAGS_OVERLAP",
            "message": "defaultTagsToRemove and defaultTags both name VIP; a tag is either added or removed.",
            "params": [
              {
                "name": "tag",
                "value": "VIP"
              }
            ]
          },
          {
            "field": [
              "input",
              "zapiAgentId"
            ],
            "code": "ZAPI_INCOMPLETE",
            "message": "zapiAgentId is missing; zapiAgentId, zapiPhoneNumber and zapiMessage go together.",
            "params": []
          },
          {
            "field": [
              "input",
              "zapiMessage"
            ],
            "code": "ZAPI_INCOMPLETE",
            "message": "zapiMessage is missing; zapiAgentId, zapiPhoneNumber and zapiMessage go together.",
            "params": []
          },
          {
            "field": [
              "input",
              "zapiPhoneNumber"
            ],
            "code": "INVALID_PHONE",
            "message": "zapiPhoneNumber needs 8 to 15 digits, with the country's code in front, and has 1.",
            "params": [
              {
                "name": "min",
                "value": "8"
              },
              {
                "name": "max",
                "value": "15"
              },
              {
                "name": "actual",
                "value": "1"
              }
            ]
          },
          {
            "field": [
              "input",
              "whatsappTemplateAgentId"
            ],
            "code": "TEMPLATE_INCOMPLETE",
            "message": "whatsappTemplateAgentId is missing; a WhatsApp template needs its agent, name and language code together.",
            "params": []
          },
          {
            "field": [
              "input",
              "whatsappTemplateName"
            ],
            "code": "TEMPLATE_INCOMPLETE",
            "message": "whatsappTemplateName is missing; a WhatsApp template needs its agent, name and language code together.",
            "params": []
          },
          {
            "field": [
              "input",
              "whatsappTemplateLanguageCode"
            ],
            "code": "TEMPLATE_INCOMPLETE",
            "message": "whatsappTemplateLanguageCode is missing; a WhatsApp template needs its agent, name and language code together.",
            "params": []
          },
          {
            "field": [
              "input",
              "webhookUrl"
            ],
            "code": "URL_NOT_ALLOWED",
            "message": "webhookUrl leads to a local, private or metadata address; use a public host.",
            "params": []
          },
          {
            "field": [
              "input",
              "webhookHeader",
              "Host"
            ],
            "code": "HEADER_NOT_ALLOWED",
            "message": "webhookHeader[Host] is set by the service itself and cannot be chosen.",
            "params": []
          }
        ]
      }
    }
    "#) };
}

/// The rows that were read to check a step, and that the payload has, are those that a query reads.
async fn the_agent_and_the_scenario_of_a_new_step_are_whole(app: App) {
    let ana = app.member_of("Horizonte").await;
    let agent = json!({ "name": "Sofia", "iconUrl": "https://cdn.example.com/sofia.png" });
    let agent = ana.create("createAgent", "agent", &agent).await;
    let scenario =
        json!({ "name": "Sales", "key": "sales", "description": "From lead to contract" });
    let scenario = ana.create("createCrmScenario", "crmScenario", &scenario).await;
    let mut selection = vec!["id".to_owned()];
    for (field, of_type) in [("agent", "Agent"), ("scenario", "CrmScenario")] {
        let of_field =
            "fields { name type { kind ofType { kind ofType { kind ofType { kind } } } } }";
        let query = format!("{{ __type(name: \"{of_type}\") {{ {of_field} }} }}");
        let fields = ana.query(&query).await["__type"]["fields"].clone();
        let is_plain = |field: &&Value| !field["type"].to_string().contains("\"OBJECT\"");
        let plain = fields.as_array().expect("fields").iter().filter(is_plain);
        let names: Vec<&str> = plain.map(|it| it["name"].as_str().expect("a name")).collect();
        selection.push(format!("{field} {{ {} }}", names.join(" ")));
    }
    let selection = selection.join(" ");
    let create = format!("createCrmStep(input: $input) {{ crmStep {{ {selection} }} }}");
    let input =
        json!({ "scenarioId": scenario, "agentId": agent, "name": "Lead", "prompt": "Greet." });
    let variables = json!({ "input": input });
    let created = ana.done("($input: CreateCrmStepInput!)", &create, variables).await;
    let created = &created["crmStep"];
    for field in ["agent", "scenario"] {
        for (name, value) in created[field].as_object().expect("an object") {
            assert!(!value.is_null(), "{field} {name} is set here, and returned");
        }
    }
    let query = format!("{{ crmStep(id: {}) {{ {selection} }} }}", created["id"]);
    assert_eq!(ana.query(&query).await["crmStep"], *created);
}

async fn validate_only_stores_nothing(app: App) {
    let fixture = Fixture::new(&app).await;
    let before = app.contents().await;
    let answer = fixture.ana.validate_crm_step(&fixture.input(&json!({ "name": "Lead" }))).await;
    assert_eq!(
        answer.data()["createCrmStep"],
        json!({ "crmStep": null, "crmStepEdge": null, "userErrors": [] })
    );
    assert_eq!(app.contents().await, before);
}

async fn two_aliases_create_two_steps(app: App) {
    let fixture = Fixture::new(&app).await;
    let query = "mutation($a: CreateCrmStepInput!, $b: CreateCrmStepInput!) {
        one: createCrmStep(input: $a) { crmStep { index } userErrors { code } }
        bad: createCrmStep(input: $b) { crmStep { index } userErrors { code } }
        two: createCrmStep(input: $a) { crmStep { index } userErrors { code } }
    }";
    let good = fixture.input(&json!({}));
    let bad = fixture.input(&json!({ "name": "" }));
    let answer = fixture.ana.graphql(query, json!({ "a": good, "b": bad })).await;
    assert_eq!(
        answer.data(),
        json!({
            "one": { "crmStep": { "index": 1 }, "userErrors": [] },
            "bad": { "crmStep": null, "userErrors": [{ "code": "BLANK" }] },
            "two": { "crmStep": { "index": 2 }, "userErrors": [] },
        })
    );
}

async fn lists_say_which_steps_send_a_message(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    for message in [json!(null), json!(""), json!("Hello!")] {
        let input = json!({
            "scenarioId": scenario, "name": "Lead", "prompt": "Greet.", "initialMessage": message,
        });
        ana.crm_step(&input).await;
    }
    let list =
        ana.query("{ crmScenarios { nodes { steps { nodes { hasInitialMessage } } } } }").await;
    let expected = [false, false, true].map(|has| json!({ "hasInitialMessage": has }));
    assert_eq!(list["crmScenarios"]["nodes"][0]["steps"]["nodes"], json!(expected));
}

on_both_databases!(
    a_step_is_returned_with_all_fields,
    lists_say_which_steps_send_a_message,
    all_violations_are_returned_together_with_messages_and_params,
    the_agent_and_the_scenario_of_a_new_step_are_whole,
    validate_only_stores_nothing,
    two_aliases_create_two_steps,
);
