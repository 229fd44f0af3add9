//! `autoNextStepId`, `autoNextTime` and `autoNextTimeUnit`.

use serde_json::{Value, json};

use super::Fixture;
use crate::support::{App, on_both_databases};

async fn a_timer_has_a_time_and_a_target_in_the_same_scenario(app: App) {
    let fixture = Fixture::new(&app).await;
    let timer =
        json!({ "autoNextStepId": fixture.step, "autoNextTime": 20, "autoNextTimeUnit": "h" });
    fixture.accepts(timer).await;
    for (time, unit, seconds) in [
        (1, json!(null), 1),
        (31_536_000, json!(null), 31_536_000),
        (525_600, json!("m"), 31_536_000),
        (8_760, json!("h"), 31_536_000),
        (365, json!("d"), 31_536_000),
    ] {
        let timer = json!({ "autoNextTime": time, "autoNextTimeUnit": unit });
        let step = fixture.ana.crm_step(&fixture.input(&timer)).await;
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
        fixture.rejects(timer, &[("autoNextTime", "OUT_OF_RANGE")]).await;
    }
    let step = fixture.step.clone();
    fixture
        .rejects(json!({ "autoNextStepId": step }), &[("autoNextTime", "AUTO_NEXT_INCOMPLETE")])
        .await;
    fixture
        .rejects(
            json!({ "autoNextStepId": step, "autoNextTimeUnit": "m" }),
            &[("autoNextTime", "AUTO_NEXT_INCOMPLETE"), ("autoNextTimeUnit", "UNIT_WITHOUT_TIME")],
        )
        .await;
    fixture
        .rejects(json!({ "autoNextTimeUnit": "m" }), &[("autoNextTimeUnit", "UNIT_WITHOUT_TIME")])
        .await;
    fixture
        .rejects(
            json!({ "autoNextStepId": fixture.elsewhere, "autoNextTime": 1 }),
            &[("autoNextStepId", "STEP_NOT_IN_SCENARIO")],
        )
        .await;
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
}

async fn a_timer_without_a_target_leads_to_the_next_step(app: App) {
    let fixture = Fixture::new(&app).await;
    let waiting = fixture.ana.crm_step(&fixture.input(&json!({ "autoNextTime": 5 }))).await;
    assert_eq!(waiting["autoNextStep"], Value::Null, "while it is the last step");
    let following = fixture.ana.crm_step(&fixture.input(&json!({ "name": "Following" }))).await;
    let query =
        format!("{{ crmStep(id: {}) {{ autoNextStepId autoNextStep {{ id }} }} }}", waiting["id"]);
    let expected = json!({ "autoNextStepId": null, "autoNextStep": { "id": following["id"] } });
    assert_eq!(fixture.ana.query(&query).await["crmStep"], expected);
    assert_eq!(following["autoNextStep"], Value::Null, "without a timer there is no next step");
}

async fn a_removal_step_has_no_timer(app: App) {
    let fixture = Fixture::new(&app).await;
    fixture.accepts(json!({ "isConversationRemovalStep": true, "isRequired": false })).await;
    fixture.accepts(json!({ "isConversationRemovalStep": false, "autoNextTime": 1 })).await;
    let before = app.contents().await;
    let conflict = ("isConversationRemovalStep", "REMOVAL_STEP_CONFLICT");
    fixture
        .rejects(json!({ "isConversationRemovalStep": true, "autoNextTime": 1 }), &[conflict])
        .await;
    fixture
        .rejects(
            json!({ "isConversationRemovalStep": true, "autoNextStepId": fixture.step }),
            &[("autoNextTime", "AUTO_NEXT_INCOMPLETE"), conflict],
        )
        .await;
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
}

on_both_databases!(
    a_timer_has_a_time_and_a_target_in_the_same_scenario,
    a_timer_without_a_target_leads_to_the_next_step,
    a_removal_step_has_no_timer,
);
