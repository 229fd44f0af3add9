//! `CrmScenario.flow`: the edges between the steps, and pictures.

use insta::{allow_duplicates, assert_json_snapshot, assert_snapshot};
use serde_json::{Value, json};

use crate::support::{App, Client, on_both_databases};

/// Selects these fields of the flow of a scenario.
async fn flow(client: &Client, scenario: &str, fields: &str) -> Value {
    let query = format!("{{ crmScenario(id: \"{scenario}\") {{ flow {{ {fields} }} }} }}");
    client.query(&query).await["crmScenario"]["flow"].clone()
}

/// A lead that goes cold after a day, is woken up, and is removed.
async fn sales(client: &Client) -> (String, Vec<String>) {
    let steps = json!([
        { "name": "Lead", "autoNextTime": 36, "autoNextTimeUnit": "h" },
        { "name": "Cold", "autoNextTime": 7, "autoNextTimeUnit": "d", "autoNextStepRef": "0" },
        { "name": "Lost & found", "isConversationRemovalStep": true },
    ]);
    client.pipeline("Sales", steps).await
}

async fn the_edges_are_the_start_the_timers_and_the_removals(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (scenario, _) = sales(&ana).await;
    let fields = "edges { from to kind delaySeconds isBackward lane }";
    let edges = flow(&ana, &scenario, fields).await["edges"].clone();
    let edges = edges.as_array().expect("edges").iter().map(ToString::to_string);
    allow_duplicates! {
        assert_snapshot!(edges.collect::<Vec<_>>().join("\n"), @r#"
        {"from":null,"to":0,"kind":"START","delaySeconds":null,"isBackward":false,"lane":0}
        {"from":0,"to":1,"kind":"FOLLOWING","delaySeconds":129600,"isBackward":false,"lane":1}
        {"from":1,"to":0,"kind":"TIMER","delaySeconds":604800,"isBackward":true,"lane":1}
        {"from":2,"to":null,"kind":"REMOVAL","delaySeconds":null,"isBackward":false,"lane":0}
        "#);
    }
}

async fn each_step_stands_in_the_row_at_its_index(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (scenario, ids) = sales(&ana).await;
    let steps = flow(&ana, &scenario, "steps { crmStep { id } lane }").await["steps"].clone();
    let expected = ids.iter().map(|id| json!({ "crmStep": { "id": id }, "lane": 0 }));
    assert_eq!(steps, expected.collect::<Value>());
}

async fn a_flow_is_written_for_mermaid_and_for_graphviz(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (scenario, _) = sales(&ana).await;
    let flow = flow(&ana, &scenario, "mermaid dot").await;
    allow_duplicates! {
        assert_snapshot!(flow["mermaid"].as_str().expect("text"), @r#"
        flowchart LR
          step0["1 Lead"]
          step1["2 Cold"]
          step2["3 Lost #38; found"]
          step0 ~~~ step1
          step1 ~~~ step2
          start(( )) --> step0
          step0 -->|"36 h"| step1
          step1 -->|"7 d"| step0
          step2 --> removed2((( )))
        "#);
        assert_snapshot!(flow["dot"].as_str().expect("text"), @r#"
        digraph pipeline {
          rankdir=LR;
          node [shape=box];
          step0 [label="1 Lead"];
          step1 [label="2 Cold"];
          step2 [label="3 Lost &amp; found"];
          step0 -> step1 [style=invis, weight=10];
          step1 -> step2 [style=invis, weight=10];
          start [shape=point, width=0.2];
          start -> step0;
          step0 -> step1 [label="36 h", constraint=false];
          step1 -> step0 [label="7 d", constraint=false];
          removed2 [shape=doublecircle, style=filled, fillcolor=black, width=0.15, label=""];
          step2 -> removed2;
        }
        "#);
    }
}

async fn a_picture_has_the_name_of_the_scenario_and_the_sentences_of_the_diagnostics(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (scenario, _) = sales(&ana).await;
    let svg = flow(&ana, &scenario, "svg").await["svg"].as_str().expect("text").to_owned();
    let description = svg.lines().take_while(|line| !line.starts_with("<style>"));
    allow_duplicates! {
        assert_snapshot!(description.collect::<Vec<_>>().join("\n"), @r#"
        <svg xmlns="http://www.w3.org/2000/svg" class="crm-flow" role="img" width="320" height="246" viewBox="0 0 320 246" font-size="14">
        <title>Sales</title>
        <desc>1 Lead; after 36 h to 2 Cold; A cycle of timers leads through &quot;Lead&quot; (index 0) and &quot;Cold&quot; (index 1), so a conversation without a reply is in the same step again every 8 days 12 hours; if that is not meant, let one of the timers lead elsewhere, or drop it.
        2 Cold; after 7 d to 1 Lead; A cycle of timers leads through &quot;Lead&quot; (index 0) and &quot;Cold&quot; (index 1), so a conversation without a reply is in the same step again every 8 days 12 hours; if that is not meant, let one of the timers lead elsewhere, or drop it.
        3 Lost &amp; found; leaves the pipeline; Only a move by hand leads to &quot;Lost &amp; found&quot; (index 2): it has no trigger, and no timer of a step that conversations reach leads there; give it a trigger, let such a timer lead there, or delete the step.</desc>
        "#);
    }
}

async fn a_picture_has_the_colours_of_its_theme(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (scenario, _) = sales(&ana).await;
    let query = "query($id: ID!, $theme: CrmFlowTheme) {
        crmScenario(id: $id) { flow {
            auto: svg(theme: AUTO) light: svg(theme: LIGHT) dark: svg(theme: DARK)
            given: svg(theme: $theme) default: svg
        } }
    }";
    let pictures = async |variables: Value| -> Value {
        ana.graphql(query, variables).await.data()["crmScenario"]["flow"].clone()
    };
    let found = pictures(json!({ "id": scenario, "theme": "DARK" })).await;
    let has = |theme: &str, text: &str| found[theme].as_str().expect("text").contains(text);
    let background = |theme: &str| [has(theme, "#ffffff"), has(theme, "#0d1117")];
    assert_eq!(background("auto"), [true, true]);
    assert_eq!(background("light"), [true, false]);
    assert_eq!(background("dark"), [false, true]);
    assert_eq!(found["given"], found["dark"]);
    assert_eq!(found["default"], found["auto"]);
    let found = pictures(json!({ "id": scenario })).await;
    assert_eq!(found["given"], found["auto"], "a variable that is not sent");
}

async fn a_scenario_without_steps_has_an_empty_flow(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let flow = flow(&ana, &scenario, "steps { lane } edges { kind } mermaid dot svg").await;
    assert!(flow["svg"].as_str().expect("text").contains("no steps"), "{flow}");
    allow_duplicates! {
        assert_json_snapshot!(flow, { ".svg" => "[svg]" }, @r#"
        {
          "steps": [],
          "edges": [],
          "mermaid": "flowchart LR\n",
          "dot": "digraph pipeline {\n  rankdir=LR;\n  node [shape=box];\n}\n",
          "svg": "[svg]"
        }
        "#);
    }
}

async fn the_flow_of_another_organization_is_unknown(app: App) {
    let (ana, eve) = (app.member_of("Horizonte").await, app.member_of("Evil").await);
    let (scenario, _) = sales(&ana).await;
    let query = format!("{{ crmScenario(id: \"{scenario}\") {{ flow {{ svg }} }} }}");
    assert_eq!(eve.query(&query).await, json!({ "crmScenario": null }));
}

async fn pictures_count_as_long_texts(app: App) {
    let ana = app.member_of("Horizonte").await;
    let steps: Vec<Value> = (0..100).map(|_| json!({ "name": "🙂".repeat(255) })).collect();
    let (scenario, _) = ana.pipeline("Sales", json!(steps)).await;
    for picture in ["svg", "mermaid", "dot"] {
        let aliases: Vec<String> = (0..190).map(|number| format!("a{number}: {picture}")).collect();
        let aliases = aliases.join(" ");
        let query = format!("{{ crmScenario(id: \"{scenario}\") {{ flow {{ {aliases} }} }} }}");
        let answer = ana.graphql(&query, json!({})).await;
        assert_eq!(answer.error_code(), "QUERY_TOO_LARGE", "{picture}");
    }
}

on_both_databases!(
    the_edges_are_the_start_the_timers_and_the_removals,
    each_step_stands_in_the_row_at_its_index,
    a_flow_is_written_for_mermaid_and_for_graphviz,
    a_picture_has_the_name_of_the_scenario_and_the_sentences_of_the_diagnostics,
    a_picture_has_the_colours_of_its_theme,
    a_scenario_without_steps_has_an_empty_flow,
    the_flow_of_another_organization_is_unknown,
    pictures_count_as_long_texts,
);
