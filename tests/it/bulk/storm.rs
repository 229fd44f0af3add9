//! Bulk calls of many clients beside single moves: none waits for another for ever, and each is
//! executed as a whole.

use crm_steps::db::Engine;
use futures_util::future::join_all;
use serde_json::json;

use crate::support::{App, check_invariants, on_both_databases};

/// The number of clients.
const CLIENTS: usize = 12;

/// The number of calls of each.
const CALLS: usize = 8;

async fn bulk_calls_and_single_moves_do_not_wait_for_each_other(app: App) {
    let ana = app.set_up(&["--rate-limit-per-minute=0"]).member_of("Horizonte").await;
    let mut replicas = vec![ana.clone()];
    if app.database.engine() == Engine::Postgres {
        replicas.push(app.replica().await.with_token_of(&ana));
    }
    let agents = [ana.agent("Sofia").await, ana.agent("Bia").await];
    let mut scenarios = vec![];
    for name in ["Sales", "Support"] {
        let scenario = ana.scenario(name).await;
        let ids = ana.steps(&scenario, "a b c d e f").await;
        scenarios.push((scenario, ids));
    }
    let clients = (0..CLIENTS).map(|client| {
        let ana = replicas[client % replicas.len()].clone();
        let (agents, scenarios) = (agents.clone(), scenarios.clone());
        tokio::spawn(async move {
            for number in 0..CALLS {
                let (_, ids) = &scenarios[(client + number) % scenarios.len()];
                let at = |by: usize| &ids[(client + number + by) % ids.len()];
                let agent = &agents[number % agents.len()];
                // In opposite orders, so that locks on steps alone would be a deadlock.
                let mut selected = vec![at(0), at(1), at(2)];
                if client % 2 == 0 {
                    selected.reverse();
                }
                let field = match (client + 3 * number) % 5 {
                    0 => format!("moveCrmSteps(ids: $ids, to: {{ after: \"{}\" }})", at(3)),
                    1 => format!("updateCrmSteps(ids: $ids, input: {{ agentId: \"{agent}\" }})"),
                    2 => format!(
                        "updateCrmSteps(ids: $ids, input: {{ autoNextStepId: \"{}\", autoNextTime: {} }})",
                        at(4),
                        number + 1
                    ),
                    3 => format!("duplicateCrmStep(id: \"{}\")", at(5)),
                    _ => format!("moveCrmStep(id: \"{}\", to: {{ first: true }})", at(0)),
                };
                let types = if field.contains("$ids") { "($ids: [ID!]!)" } else { "" };
                let field = format!("{field} {{ __typename }}");
                ana.done(types, &field, json!({ "ids": selected })).await;
            }
        })
    });
    for client in join_all(clients.collect::<Vec<_>>()).await {
        client.expect("no panic");
    }
    check_invariants(&app.database).await;
    for (scenario, ids) in &scenarios {
        ana.names(scenario).await;
        let field = "deleteCrmSteps(ids: $ids) { deletedCrmStepIds }";
        let deleted = ana.done("($ids: [ID!]!)", field, json!({ "ids": ids })).await;
        assert_eq!(deleted["deletedCrmStepIds"], json!(ids), "each step is there as before");
        ana.names(scenario).await;
    }
    check_invariants(&app.database).await;
}

on_both_databases!(bulk_calls_and_single_moves_do_not_wait_for_each_other);
