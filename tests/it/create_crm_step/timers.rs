//! `autoNextStepId`, `autoNextTime` and `autoNextTimeUnit`.

use serde_json::{Value, json};

use super::Desk;
use crate::support::{App, on_both_databases};

async fn a_timer_has_a_time_and_leads_to_another_step_of_the_scenario(app: App) {
    let desk = Desk::new(&app).await;
    let timer = json!({ "autoNextStepId": desk.step, "autoNextTime": 20, "autoNextTimeUnit": "h" });
    desk.takes(timer).await;
    for (time, unit, seconds) in [
        (1, json!(null), 1),
        (31_536_000, json!(null), 31_536_000),
        (525_600, json!("m"), 31_536_000),
        (8_760, json!("h"), 31_536_000),
        (365, json!("d"), 31_536_000),
    ] {
        let timer = json!({ "autoNextTime": time, "autoNextTimeUnit": unit });
        let step = desk.ana.crm_step(&desk.input(&timer)).await;
        assert_eq!(step["autoNextDelaySeconds"], seconds);
    }
    let before = app.contents().await;
    for (time, unit) in [
        (0, json!(null)),
        (-1, json!("d")),
        (31_536_001, json!(null)),
        (525_601, json!("m")),
        (8_761, json!("h")),
        (366, json!("d")),
        (i32::MAX, json!("d")),
        (i32::MIN, json!(null)),
    ] {
        let timer = json!({ "autoNextTime": time, "autoNextTimeUnit": unit });
        desk.refuses(timer, &[("autoNextTime", "OUT_OF_RANGE")]).await;
    }
    let step = desk.step.clone();
    desk.refuses(json!({ "autoNextStepId": step }), &[("autoNextTime", "AUTO_NEXT_INCOMPLETE")])
        .await;
    desk.refuses(
        json!({ "autoNextStepId": step, "autoNextTimeUnit": "m" }),
        &[("autoNextTime", "AUTO_NEXT_INCOMPLETE"), ("autoNextTimeUnit", "UNIT_WITHOUT_TIME")],
    )
    .await;
    desk.refuses(json!({ "autoNextTimeUnit": "m" }), &[("autoNextTimeUnit", "UNIT_WITHOUT_TIME")])
        .await;
    desk.refuses(
        json!({ "autoNextStepId": desk.elsewhere, "autoNextTime": 1 }),
        &[("autoNextStepId", "STEP_NOT_IN_SCENARIO")],
    )
    .await;
    assert_eq!(app.contents().await, before, "refused calls change nothing");
}

async fn a_timer_without_a_target_leads_to_the_following_step(app: App) {
    let desk = Desk::new(&app).await;
    let waiting = desk.ana.crm_step(&desk.input(&json!({ "autoNextTime": 5 }))).await;
    assert_eq!(waiting["autoNextStep"], Value::Null, "as long as it is the last");
    let following = desk.ana.crm_step(&desk.input(&json!({ "name": "Following" }))).await;
    let query =
        format!("{{ crmStep(id: {}) {{ autoNextStepId autoNextStep {{ id }} }} }}", waiting["id"]);
    let expected = json!({ "autoNextStepId": null, "autoNextStep": { "id": following["id"] } });
    assert_eq!(desk.ana.query(&query).await["crmStep"], expected);
    assert_eq!(following["autoNextStep"], Value::Null, "without a timer nothing follows by itself");
}

async fn a_removal_step_has_no_timer(app: App) {
    let desk = Desk::new(&app).await;
    desk.takes(json!({ "isConversationRemovalStep": true, "isRequired": false })).await;
    desk.takes(json!({ "isConversationRemovalStep": false, "autoNextTime": 1 })).await;
    let before = app.contents().await;
    let conflict = ("isConversationRemovalStep", "REMOVAL_STEP_CONFLICT");
    desk.refuses(json!({ "isConversationRemovalStep": true, "autoNextTime": 1 }), &[conflict])
        .await;
    desk.refuses(
        json!({ "isConversationRemovalStep": true, "autoNextStepId": desk.step }),
        &[("autoNextTime", "AUTO_NEXT_INCOMPLETE"), conflict],
    )
    .await;
    assert_eq!(app.contents().await, before, "refused calls change nothing");
}

on_both_databases!(
    a_timer_has_a_time_and_leads_to_another_step_of_the_scenario,
    a_timer_without_a_target_leads_to_the_following_step,
    a_removal_step_has_no_timer,
);
