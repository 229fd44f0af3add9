//! The number of SQL statements of a query: it depends on the shape of the query, not on the number of
//! rows nor on other requests.

use crm_steps::db::Engine;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{App, Client, on_both_databases};

/// The statements that a query executes, including the lookup of its token.
async fn statements(app: &App, query: &str) -> Vec<String> {
    let (executed, observed) = app.recorded();
    let ana = observed.member_of("Horizonte").await;
    executed.lock().expect("no thread panicked").clear();
    ana.query(query).await;
    std::mem::take(&mut *executed.lock().expect("no thread panicked"))
}

/// Creates pipelines in which every reference is set.
async fn fill(ana: &Client, scenarios: usize, steps: usize) {
    let (sofia, sol) = (ana.agent("Sofia").await, ana.agent("Sol").await);
    let (bruno, carla) = (ana.membership("Bruno").await, ana.membership("Carla").await);
    for number in 0..scenarios {
        let scenario = ana.scenario(&number.to_string()).await;
        let inputs: Vec<Value> = (0..steps)
            .map(|step| {
                json!({
                    "scenarioId": scenario, "name": step.to_string(), "prompt": "a",
                    "ref": step.to_string(), "autoNextTime": 5,
                    "autoNextStepRef": (step % 2 == 0 && step > 0).then_some("0"),
                    "agentId": if step % 3 == 0 { &sofia } else { &sol },
                    "assigneeLogicType": "random_selected",
                    "selectedMembershipIdsForAssignee": [bruno, carla],
                })
            })
            .collect();
        let types = "($inputs: [CreateCrmStepsInput!]!)";
        ana.done(
            types,
            "createCrmSteps(inputs: $inputs) { replayed }",
            json!({ "inputs": inputs }),
        )
        .await;
    }
}

/// Shapes of queries, and how many statements each takes.
const SHAPES: [(&str, usize); 16] = [
    ("{ __typename }", 1),
    ("{ crmScenarios { nodes { name } } }", 2),
    ("{ crmScenarios { totalCount nodes { name } } }", 3),
    // A check for names without folded text of another replica, and the steps.
    ("{ crmSteps(filter: { name: { contains: \"1\" } }) { nodes { name } } }", 3),
    // The token, the scenarios, their steps, the agents.
    ("{ crmScenarios { nodes { steps(first: 50) { nodes { name agent { name } } } } } }", 4),
    // Targets of timers by id and by position, each with an agent; the candidates, and then their
    // memberships.
    (
        "{ crmScenarios { nodes { steps { nodes { agent { name } autoNextStep { agent { name } }
            selectedMembershipsForAssignee { name } scenario { name } } } } } }",
        9,
    ),
    ("{ agents { nodes { usedByCount } } memberships { nodes { usedByCount } } }", 5),
    // The timers of all scenarios, and the steps that have them.
    (
        "{ crmScenarios { nodes { steps { nodes { incomingTimerCount incomingTimers { name } } } } } }",
        5,
    ),
    (
        "{ crmSteps(first: 100) { nodes { scenario { name } agent { name } zapiAgent { name } } } }",
        4,
    ),
    (
        "{ crmSteps { nodes { history(first: 2) { totalCount nodes { action subject { id } } } } } }",
        5,
    ),
    (
        "{ a: crmScenarios { nodes { steps(first: 2) { nodes { id } } } }
            b: crmScenarios(first: 1) { nodes { steps(last: 3) { nodes { agent { id } } } } } }",
        6,
    ),
    (
        "{ viewer { organization { history { nodes { subject { id ... on CrmStep { agent { id } } } } } } } }",
        5,
    ),
    // The scenarios, and all of them again with their steps and candidates; then the agents.
    (
        "{ crmScenarios(first: 9) { nodes { diagnostics { message steps { agent { name } } } } } }",
        6,
    ),
    // A pipeline is read once for all that is computed from it.
    (
        "{ crmScenarios(first: 9) { nodes { diagnostics { code } flow { mermaid svg edges { kind } } } } }",
        5,
    ),
    // All scenarios are read again with their steps and candidates.
    (
        "{ crmScenarios(first: 9) { nodes { stepCount diagnosticCounts { errors warnings infos } } } }",
        5,
    ),
    // The names of agents, the emails of memberships and the keys of scenarios are read once, too.
    ("{ crmScenarios(first: 9) { nodes { spec { steps { agentName autoNextStepKey } } } } }", 8),
];

async fn the_number_of_statements_depends_on_the_shape_of_the_query(app: App) {
    let ana = app.member_of("Horizonte").await;
    for size in [2, 9] {
        fill(&ana, size, size * 5).await;
        for (query, expected) in SHAPES {
            let executed = statements(&app, query).await;
            assert_eq!(executed.len(), expected, "{query}\n{}", executed.join("\n"));
        }
    }
}

async fn a_simulation_reads_the_same_for_any_number_of_steps(app: App) {
    let ana = app.member_of("Horizonte").await;
    for steps in [2, 40] {
        fill(&ana, 1, steps).await;
        let last = "{ crmScenarios(last: 1) { nodes { id } } }";
        let scenario = ana.query(last).await["crmScenarios"]["nodes"][0]["id"].clone();
        let query = format!(
            "{{ simulateCrmScenario(input: {{ scenarioId: {scenario} }}) {{ timeline {{ message }} }} }}"
        );
        // The token, the scenario, then it and its steps and candidates; agents and memberships.
        let executed = statements(&app, &query).await;
        assert_eq!(executed.len(), 7, "{}", executed.join("\n"));
    }
}

async fn the_number_of_statements_is_the_same_under_load(app: App) {
    let ana = app.member_of("Horizonte").await;
    fill(&ana, 3, 40).await;
    let (query, expected) = SHAPES[4];
    let many = (0..32).map(|_| {
        let app = app.clone();
        tokio::spawn(async move { statements(&app, query).await.len() })
    });
    for count in join_all(many).await {
        assert_eq!(count.expect("no panic"), expected);
    }
}

async fn nodes_of_all_types_are_loaded_in_one_statement(app: App) {
    let ana = app.member_of("Horizonte").await;
    fill(&ana, 2, 20).await;
    let data = ana.query("{ crmSteps { nodes { id } } agents { nodes { id } } crmScenarios { nodes { id } } memberships { nodes { id } } }").await;
    let ids: Vec<&Value> = data
        .as_object()
        .expect("an object")
        .values()
        .flat_map(|list| list["nodes"].as_array().expect("nodes"))
        .map(|node| &node["id"])
        .collect();
    assert!(ids.len() > 40);
    let query = format!("{{ nodes(ids: {}) {{ id ... on CrmStep {{ name }} }} }}", json!(ids));
    assert_eq!(statements(&app, &query).await.len(), 2, "the token, and the nodes");
    // A node that is asked for a hundred times is loaded once.
    let data = ana.query("{ viewer { organization { id } } }").await;
    let same = vec![data["viewer"]["organization"]["id"].clone(); 100];
    let history = "... on Organization { history { totalCount nodes { id } } }";
    let query = format!("{{ nodes(ids: {}) {{ {history} }} }}", json!(same));
    let executed = statements(&app, &query).await;
    assert_eq!(executed.len(), 4, "the token, the node, its history, the count");
}

async fn a_create_reads_once_and_writes_each_table_once(app: App) {
    let (executed, observed) = app.recorded();
    let ana = observed.member_of("Horizonte").await;
    let (scenario, sofia) = (ana.scenario("Sales").await, ana.agent("Sofia").await);
    let (bruno, carla) = (ana.membership("Bruno").await, ana.membership("Carla").await);
    let input = json!({
        "scenarioId": scenario, "name": "a", "prompt": "a", "agentId": sofia,
        "zapiAgentId": sofia, "zapiPhoneNumber": "+55 11 91234-5678", "zapiMessage": "a",
        "assigneeLogicType": "random_selected", "defaultTags": ["a", "b"],
        "selectedMembershipIdsForAssignee": [bruno, carla],
    });
    // The rows to check and to lock. On SQLite then the counter of the scenario, the step, its
    // candidates, its tags, its history; on PostgreSQL all writes are one statement. With BEGIN and
    // COMMIT these are 4 round trips.
    let (reads, writes, writes_with_key) = match app.database.engine() {
        Engine::Sqlite => (1, 5, 6),
        Engine::Postgres => (1, 1, 1),
    };
    // The outcome that is stored under the key, and on PostgreSQL the lock of the key before it.
    let reads_of_key = if app.database.engine() == Engine::Sqlite { 1 } else { 2 };
    for (key, expected) in
        [(None, reads + writes), (Some("1"), reads_of_key + reads + writes_with_key)]
    {
        let create = "createCrmStep(input: $input, idempotencyKey: $key) {
            crmStep { agent { name } zapiAgent { name } scenario { name } }
        }";
        let types = "($input: CreateCrmStepInput!, $key: String)";
        executed.lock().expect("no thread panicked").clear();
        let created = ana.call(types, create, json!({ "input": input, "key": key })).await;
        let expected_step = json!({
            "agent": { "name": "Sofia" }, "zapiAgent": { "name": "Sofia" },
            "scenario": { "name": "Sales" },
        });
        assert_eq!(created["crmStep"], expected_step);
        let executed = executed.lock().expect("no thread panicked");
        assert_eq!(executed.len(), expected, "{}", executed.join("\n"));
    }
}

async fn a_create_at_a_position_shifts_the_others_with_the_same_writes(app: App) {
    let (executed, observed) = app.recorded();
    let ana = observed.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let ids = ana.steps(&scenario, "a b c").await;
    let input = json!({ "scenarioId": scenario, "name": "d", "prompt": "d" });
    // On PostgreSQL all writes are one statement. On SQLite they are two that shift the others, the
    // counter of the scenario, the step and its history.
    let (shifts, writes) = if app.database.engine() == Engine::Sqlite { (2, 3) } else { (0, 1) };
    // What is read is the scenario, the step beside the position, and the steps around that.
    for (to, expected) in [
        (json!({ "last": true }), 1 + writes),
        (json!({ "first": true }), 2 + shifts + writes),
        (json!({ "before": ids[1] }), 3 + shifts + writes),
        (json!({ "after": ids[1] }), 3 + shifts + writes),
    ] {
        executed.lock().expect("no thread panicked").clear();
        let types = "($input: CreateCrmStepInput!, $to: CrmStepPlacement)";
        let create = "createCrmStep(input: $input, to: $to) { userErrors { code } }";
        ana.done(types, create, json!({ "input": input, "to": to })).await;
        let executed = executed.lock().expect("no thread panicked");
        assert_eq!(executed.len(), expected, "{to}: {}", executed.join("\n"));
    }
}

async fn a_bulk_call_for_many_steps_takes_as_many_statements_as_for_two(app: App) {
    let (executed, observed) = app.recorded();
    let ana = observed.member_of("Horizonte").await;
    let mut calls = vec![
        ("moveCrmSteps", ", to: { last: true }"),
        ("updateCrmSteps", ", input: { name: \"a\" }"),
        ("deleteCrmSteps", ""),
    ];
    if app.database.engine() == Engine::Sqlite {
        // It updates each step by a statement of its own.
        calls.remove(1);
    }
    for (mutation, arguments) in calls {
        let mut counts = vec![];
        for count in [2, 40] {
            let steps: Vec<Value> = (0..60).map(|_| json!({})).collect();
            let (_, ids) = ana.pipeline("Sales", json!(steps)).await;
            executed.lock().expect("no thread panicked").clear();
            let field = format!("{mutation}(ids: $ids{arguments}) {{ replayed }}");
            ana.done("($ids: [ID!]!)", &field, json!({ "ids": ids[5..5 + count] })).await;
            counts.push(executed.lock().expect("no thread panicked").len());
        }
        assert_eq!(counts[0], counts[1], "{mutation}");
    }
}

/// What they are computed from is read after the write, in the same statements for any number of steps.
async fn diagnostics_of_new_steps_are_read_only_where_they_are_selected(app: App) {
    let (executed, observed) = app.recorded();
    let ana = observed.member_of("Horizonte").await;
    fill(&ana, 1, 40).await;
    let scenario = ana.query("{ crmScenarios { nodes { id } } }").await;
    let scenario = &scenario["crmScenarios"]["nodes"][0]["id"];
    let input = json!({ "scenarioId": scenario, "name": "a", "prompt": "a" });
    let mut counts = vec![];
    for selected in ["", "diagnostics { code }", "diagnostics { code steps { name } }"] {
        executed.lock().expect("no thread panicked").clear();
        let create = format!("createCrmStep(input: $input) {{ replayed {selected} }}");
        ana.done("($input: CreateCrmStepInput!)", &create, json!({ "input": input })).await;
        counts.push(executed.lock().expect("no thread panicked").len());
    }
    let alone = if app.database.engine() == Engine::Sqlite { 4 } else { 2 };
    // The scenario, its steps, their candidates; then the steps of the diagnostics.
    assert_eq!(counts, [alone, alone + 3, alone + 4]);
}

on_both_databases!(
    a_create_reads_once_and_writes_each_table_once,
    a_bulk_call_for_many_steps_takes_as_many_statements_as_for_two,
    a_create_at_a_position_shifts_the_others_with_the_same_writes,
    diagnostics_of_new_steps_are_read_only_where_they_are_selected,
    the_number_of_statements_depends_on_the_shape_of_the_query,
    a_simulation_reads_the_same_for_any_number_of_steps,
    the_number_of_statements_is_the_same_under_load,
    nodes_of_all_types_are_loaded_in_one_statement,
);
