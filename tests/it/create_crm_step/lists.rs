//! Assignee candidates and tags.

use serde_json::json;

use super::{Desk, long};
use crate::support::{App, on_both_databases};

async fn candidates_fit_the_logic_that_chooses_among_them(app: App) {
    const FIELD: &str = "selectedMembershipIdsForAssignee";
    let desk = Desk::new(&app).await;
    let (bruno, carla) = (&desk.bruno, &desk.carla);
    for logic in [json!(null), json!("none"), json!("clear")] {
        for nobody in [json!(null), json!([])] {
            desk.takes(json!({ "assigneeLogicType": logic, FIELD: nobody })).await;
        }
    }
    desk.takes(json!({ "assigneeLogicType": "single_user", FIELD: [bruno] })).await;
    for logic in ["random_selected", "fair_distribution_selected"] {
        desk.takes(json!({ "assigneeLogicType": logic, FIELD: [bruno] })).await;
        desk.takes(json!({ "assigneeLogicType": logic, FIELD: [carla, bruno] })).await;
    }
    let before = app.contents().await;
    for logic in [json!(null), json!("none"), json!("clear")] {
        let fields = json!({ "assigneeLogicType": logic, FIELD: [bruno] });
        desk.refuses(fields, &[(FIELD, "ASSIGNEES_NOT_ALLOWED")]).await;
    }
    for logic in ["single_user", "random_selected", "fair_distribution_selected"] {
        for nobody in [json!(null), json!([])] {
            let fields = json!({ "assigneeLogicType": logic, FIELD: nobody });
            desk.refuses(fields, &[(FIELD, "ASSIGNEES_REQUIRED")]).await;
        }
    }
    desk.refuses(
        json!({ "assigneeLogicType": "single_user", FIELD: [bruno, carla] }),
        &[(FIELD, "ASSIGNEE_COUNT")],
    )
    .await;
    desk.refuses(
        json!({ "assigneeLogicType": "random_selected", FIELD: [bruno, "nobody", bruno.to_uppercase(), desk.agent] }),
        &[
            ("selectedMembershipIdsForAssignee.1", "NOT_FOUND"),
            ("selectedMembershipIdsForAssignee.2", "DUPLICATE_VALUE"),
            ("selectedMembershipIdsForAssignee.3", "NOT_FOUND"),
        ],
    )
    .await;
    assert_eq!(app.contents().await, before, "refused calls change nothing");
}

async fn candidates_are_at_most_a_hundred(app: App) {
    const FIELD: &str = "selectedMembershipIdsForAssignee";
    let desk = Desk::new(&app).await;
    let mut hundred = vec![];
    for number in 0..100 {
        hundred.push(desk.ana.membership(&format!("Member {number}")).await);
    }
    hundred.reverse();
    desk.takes(json!({ "assigneeLogicType": "fair_distribution_selected", FIELD: hundred })).await;
    let before = app.contents().await;
    hundred.push(desk.bruno.clone());
    desk.refuses(
        json!({ "assigneeLogicType": "fair_distribution_selected", FIELD: hundred }),
        &[(FIELD, "TOO_MANY")],
    )
    .await;
    assert_eq!(app.contents().await, before, "refused calls change nothing");
}

async fn tags_are_trimmed_and_each_stands_once(app: App) {
    let desk = Desk::new(&app).await;
    let fifty: Vec<String> = (0..50).map(|number| format!("tag-{number}")).collect();
    desk.takes(json!({ "defaultTags": fifty, "defaultTagsToRemove": [long(64)] })).await;
    desk.takes(json!({ "defaultTags": [], "defaultTagsToRemove": [] })).await;
    desk.takes(json!({ "defaultTags": null, "defaultTagsToRemove": null })).await;
    let trimmed =
        desk.ana.crm_step(&desk.input(&json!({ "defaultTags": [" lead ", "\tvip"] }))).await;
    assert_eq!(trimmed["defaultTags"], json!(["lead", "vip"]));
    let before = app.contents().await;
    for field in ["defaultTags", "defaultTagsToRemove"] {
        let at = |index: usize| format!("{field}.{index}");
        desk.refuses(json!({ field: ["a", " "] }), &[(&at(1), "BLANK")]).await;
        desk.refuses(json!({ field: [long(65)] }), &[(&at(0), "TOO_LONG")]).await;
        desk.refuses(json!({ field: ["a\u{0}"] }), &[(&at(0), "INVALID_CHARACTER")]).await;
        desk.refuses(json!({ field: ["a", "\u{1d159}"] }), &[(&at(1), "BLANK")]).await;
        desk.refuses(json!({ field: ["a", "b", " a "] }), &[(&at(2), "DUPLICATE_VALUE")]).await;
        desk.refuses(
            json!({ field: ["Vip", "é", "b", " VIP ", "É", "vip"] }),
            &[
                (&at(3), "DUPLICATE_VALUE"),
                (&at(4), "DUPLICATE_VALUE"),
                (&at(5), "DUPLICATE_VALUE"),
            ],
        )
        .await;
        for (one, same) in
            [("VIP", "vip"), ("ẞ", "SS"), ("São", " SA\u{303}O "), ("İ", "i\u{307}"), ("σ", "ς")]
        {
            desk.refuses(json!({ field: [one, "b", same] }), &[(&at(2), "DUPLICATE_VALUE")]).await;
        }
        let many: Vec<String> = (0..51).map(|number| format!("tag-{number}")).collect();
        desk.refuses(json!({ field: many }), &[(field, "TOO_MANY")]).await;
    }
    desk.refuses(
        json!({ "defaultTags": ["VIP", "É"], "defaultTagsToRemove": ["old", " vip ", "é"] }),
        &[("defaultTagsToRemove", "TAGS_OVERLAP")],
    )
    .await;
    desk.refuses(
        json!({ "defaultTags": ["ẞ"], "defaultTagsToRemove": ["old", "ss"] }),
        &[("defaultTagsToRemove", "TAGS_OVERLAP")],
    )
    .await;
    assert_eq!(app.contents().await, before, "refused calls change nothing");
    // Others are other tags, and are stored as they were sent.
    let others = json!(["i", "ı", "É", "e", "a\u{323}", "Sa\u{303}o"]);
    let stored = desk.ana.crm_step(&desk.input(&json!({ "defaultTags": others }))).await;
    assert_eq!(stored["defaultTags"], others);
}

on_both_databases!(
    candidates_fit_the_logic_that_chooses_among_them,
    candidates_are_at_most_a_hundred,
    tags_are_trimmed_and_each_stands_once,
);
