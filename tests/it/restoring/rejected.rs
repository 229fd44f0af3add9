//! What a rejected restore says, and one that has to wait.

use crm_steps::db::Engine;
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use super::{delete, restore};
use crate::support::{App, Client, on_both_databases, violations};

const MESSAGE: &str = "userErrors { message }";

async fn message(client: &Client, field: &str) -> Value {
    let query = format!("mutation {{ payload: {field} {{ {MESSAGE} }} }}");
    client.query(&query).await["payload"]["userErrors"][0]["message"].clone()
}

async fn a_rejected_restore_says_why_and_has_the_scenario_of_the_step(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let ids = ana.steps(&scenario, "living deleted").await;
    delete(&ana, &ids[1]).await;
    let not_restorable = format!("restoreCrmStep(id: \"{}\")", ids[0]);
    assert_eq!(message(&ana, &not_restorable).await, "id names no step that can be restored.");
    let of_scenario = format!("restoreCrmScenario(id: \"{scenario}\")");
    let expected = "id names no scenario that can be restored.";
    assert_eq!(message(&ana, &of_scenario).await, expected);
    let with_key = |id: &str| {
        format!("restoreCrmStep(id: \"{id}\", idempotencyKey: \"a\") {{ crmScenario {{ id }} }}")
    };
    ana.done("", &with_key(&ids[1]), json!({})).await;
    let before = app.contents().await;
    for field in [format!("{not_restorable} {{ crmScenario {{ id }} }}"), with_key(&ids[0])] {
        let payload = ana.call("", &field, json!({})).await;
        assert_eq!(violations(&payload).len(), 1, "{payload}");
        assert_eq!(payload["crmScenario"]["id"], scenario.as_str());
    }
    assert_eq!(app.contents().await, before);
}

/// Both wait for the scenario, and the target of the timer is restored first. SQLite executes one
/// call after the other.
async fn a_timer_comes_back_if_its_step_and_its_target_are_restored_at_once(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let target = ana.steps(&scenario, "target").await.remove(0);
    let step = ana
        .crm_step(&json!({
            "scenarioId": scenario, "name": "a", "prompt": "b",
            "autoNextStepId": target, "autoNextTime": 2,
        }))
        .await;
    let step = step["id"].as_str().expect("an id").to_owned();
    delete(&ana, &target).await;
    delete(&ana, &step).await;
    if app.database.engine() == Engine::Postgres {
        let holder = app.database.write().await.expect("a transaction begins");
        let lock = "SELECT 1 FROM crm_scenario FOR UPDATE";
        holder.execute_unprepared(lock).await.expect("it is locked");
        let mut waiting = vec![];
        for (count, id) in (1..).zip([&target, &step]) {
            let (ana, id) = (ana.clone(), id.clone());
            waiting.push(tokio::spawn(async move { restore(&ana, &id).await }));
            app.until_locks_are_awaited(count).await;
        }
        holder.commit().await.expect("the transaction commits");
        for restored in waiting {
            assert_eq!(restored.await.expect("no panic")["clearedFields"], json!([]));
        }
    } else {
        restore(&ana, &target).await;
        restore(&ana, &step).await;
    }
    let query = format!("{{ crmStep(id: \"{step}\") {{ autoNextStepId autoNextTime }} }}");
    let timer = json!({ "autoNextStepId": target, "autoNextTime": 2 });
    assert_eq!(ana.query(&query).await["crmStep"], timer);
}

on_both_databases!(
    a_rejected_restore_says_why_and_has_the_scenario_of_the_step,
    a_timer_comes_back_if_its_step_and_its_target_are_restored_at_once,
);
