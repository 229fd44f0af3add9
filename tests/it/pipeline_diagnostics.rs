//! `CrmScenario.diagnostics`: what is allowed in a pipeline and probably a mistake.

use std::collections::BTreeSet;

use crm_steps::domain::flow::diagnostics::{DiagnosticCode, Severity};
use insta::{allow_duplicates, assert_json_snapshot};
use serde_json::{Value, json};
use strum::IntoEnumIterator as _;

use crate::support::{App, Client, on_both_databases};

async fn diagnostics(client: &Client, scenario: &str) -> Value {
    let fields = "code severity message params { name value } steps { id index } stepIndexes";
    let query = format!("{{ crmScenario(id: \"{scenario}\") {{ diagnostics {{ {fields} }} }} }}");
    client.query(&query).await["crmScenario"]["diagnostics"].clone()
}

async fn a_diagnostic_has_its_sentence_its_values_and_its_steps(app: App) {
    let ana = app.member_of("Horizonte").await;
    let steps = json!([
        { "initialMessage": "Hello!", "autoNextTime": 1, "autoNextTimeUnit": "h" },
        {
            "initialMessage": "Still there?", "autoNextTime": 1, "autoNextTimeUnit": "d",
            "autoNextStepRef": "0",
        },
        { "trigger": "Asks for prices.", "defaultStatus": "HUMAN_REQUESTED" },
    ]);
    let (scenario, ids) = ana.pipeline("Sales", steps).await;
    let found = diagnostics(&ana, &scenario).await;
    assert_eq!(found[0]["steps"][1]["id"], ids[1]);
    allow_duplicates! {
        assert_json_snapshot!(found, { "[].steps[].id" => "[id]" }, @r#"
        [
          {
            "code": "SPAM_LOOP",
            "severity": "ERROR",
            "message": "A cycle of timers leads through \"Step 0\" (index 0) and \"Step 1\" (index 1), and each of its steps sends something, so a customer who does not reply gets the same messages every 1 day 1 hour; let one of the timers lead elsewhere, or drop it.",
            "params": [
              {
                "name": "periodSeconds",
                "value": "90000"
              }
            ],
            "steps": [
              {
                "id": "[id]",
                "index": 0
              },
              {
                "id": "[id]",
                "index": 1
              }
            ],
            "stepIndexes": [
              0,
              1
            ]
          },
          {
            "code": "HUMAN_REQUESTED_WITHOUT_ASSIGNEE",
            "severity": "INFO",
            "message": "\"Step 2\" (index 2) requests a person and assigns nobody, so a conversation that has no assignee yet may be overlooked; choose an assigneeLogicType that assigns somebody.",
            "params": [],
            "steps": [
              {
                "id": "[id]",
                "index": 2
              }
            ],
            "stepIndexes": [
              2
            ]
          }
        ]
        "#);
    }
}

async fn a_scenario_without_steps_has_no_diagnostics(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    assert_eq!(diagnostics(&ana, &scenario).await, json!([]));
}

async fn diagnostics_are_those_of_the_pipeline_after_a_mutation(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (scenario, _) = ana.pipeline("Sales", json!([{ "autoNextTime": 1 }, {}])).await;
    let query = format!(
        "mutation {{
            a: createCrmStep(input: {{ scenarioId: \"{scenario}\", name: \"a\", prompt: \"b\", defaultStatus: RESOLVED }}) {{
                crmStep {{ scenario {{ diagnostics {{ code stepIndexes }} }} }} }}
            b: createCrmStep(input: {{ scenarioId: \"{scenario}\", name: \"A\", prompt: \"b\", defaultStatus: RESOLVED }}) {{
                crmStep {{ scenario {{ diagnostics {{ code stepIndexes }} }} }} }}
        }}"
    );
    let data = ana.query(&query).await;
    let codes = |field: &str| -> Vec<String> {
        let diagnostics = &data[field]["crmStep"]["scenario"]["diagnostics"];
        let diagnostics = diagnostics.as_array().expect("a list").iter();
        diagnostics.map(|found| format!("{} {}", found["code"], found["stepIndexes"])).collect()
    };
    assert_eq!(codes("a"), [r#""DEAD_END" [1]"#, r#""UNREACHABLE_STEP" [2]"#]);
    assert_eq!(
        codes("b"),
        [
            r#""DEAD_END" [1]"#,
            r#""UNREACHABLE_STEP" [2]"#,
            r#""UNREACHABLE_STEP" [3]"#,
            r#""DUPLICATE_NAME" [2,3]"#
        ]
    );
}

async fn diagnostics_of_another_organization_are_unknown(app: App) {
    let (ana, eve) = (app.member_of("Horizonte").await, app.member_of("Evil").await);
    let (scenario, _) = ana.pipeline("Sales", json!([{}])).await;
    let query = format!("{{ crmScenario(id: \"{scenario}\") {{ diagnostics {{ message }} }} }}");
    assert_eq!(eve.query(&query).await, json!({ "crmScenario": null }));
}

/// The schema has the codes and severities of the domain.
async fn each_code_and_each_severity_is_in_the_schema(app: App) {
    let ana = app.member_of("Horizonte").await;
    let values = async |name: &str| -> BTreeSet<String> {
        let query = format!("{{ __type(name: \"{name}\") {{ enumValues {{ name }} }} }}");
        let values = ana.query(&query).await["__type"]["enumValues"].clone();
        let values = values.as_array().expect("values").iter();
        values.map(|value| value["name"].as_str().expect("a name").to_owned()).collect()
    };
    let codes = DiagnosticCode::iter().map(|code| <&str>::from(code).to_owned());
    assert_eq!(values("CrmDiagnosticCode").await, codes.collect());
    let severities = Severity::iter().map(|severity| <&str>::from(severity).to_owned());
    assert_eq!(values("CrmDiagnosticSeverity").await, severities.collect());
}

on_both_databases!(
    a_diagnostic_has_its_sentence_its_values_and_its_steps,
    a_scenario_without_steps_has_no_diagnostics,
    diagnostics_are_those_of_the_pipeline_after_a_mutation,
    diagnostics_of_another_organization_are_unknown,
    each_code_and_each_severity_is_in_the_schema,
);
