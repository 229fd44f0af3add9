//! Assignee candidates and tags.

use serde_json::json;

use super::{Fixture, long};
use crate::support::{App, on_both_databases};

async fn candidates_match_the_assignee_logic(app: App) {
    const FIELD: &str = "selectedMembershipIdsForAssignee";
    let fixture = Fixture::new(&app).await;
    let (bruno, carla) = (&fixture.bruno, &fixture.carla);
    for logic in [json!(null), json!("none"), json!("clear")] {
        for empty in [json!(null), json!([])] {
            fixture.accepts(json!({ "assigneeLogicType": logic, FIELD: empty })).await;
        }
    }
    fixture.accepts(json!({ "assigneeLogicType": "single_user", FIELD: [bruno] })).await;
    for logic in ["random_selected", "fair_distribution_selected"] {
        fixture.accepts(json!({ "assigneeLogicType": logic, FIELD: [bruno] })).await;
        fixture.accepts(json!({ "assigneeLogicType": logic, FIELD: [carla, bruno] })).await;
    }
    let before = app.contents().await;
    for logic in [json!(null), json!("none"), json!("clear")] {
        let fields = json!({ "assigneeLogicType": logic, FIELD: [bruno] });
        fixture.rejects(fields, &[(FIELD, "ASSIGNEES_NOT_ALLOWED")]).await;
    }
    for logic in ["single_user", "random_selected", "fair_distribution_selected"] {
        for empty in [json!(null), json!([])] {
            let fields = json!({ "assigneeLogicType": logic, FIELD: empty });
            fixture.rejects(fields, &[(FIELD, "ASSIGNEES_REQUIRED")]).await;
        }
    }
    fixture
        .rejects(
            json!({ "assigneeLogicType": "single_user", FIELD: [bruno, carla] }),
            &[(FIELD, "ASSIGNEE_COUNT")],
        )
        .await;
    fixture.rejects(
        json!({ "assigneeLogicType": "random_selected", FIELD: [bruno, "nobody", bruno.to_uppercase(), fixture.agent] }),
        &[
            ("selectedMembershipIdsForAssignee.1", "NOT_FOUND"),
            ("selectedMembershipIdsForAssignee.2", "DUPLICATE_VALUE"),
            ("selectedMembershipIdsForAssignee.3", "NOT_FOUND"),
        ],
    )
    .await;
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
}

async fn candidates_are_at_most_a_hundred(app: App) {
    const FIELD: &str = "selectedMembershipIdsForAssignee";
    let fixture = Fixture::new(&app).await;
    let mut hundred = vec![];
    for number in 0..100 {
        hundred.push(fixture.ana.membership(&format!("Member {number}")).await);
    }
    hundred.reverse();
    fixture
        .accepts(json!({ "assigneeLogicType": "fair_distribution_selected", FIELD: hundred }))
        .await;
    let before = app.contents().await;
    hundred.push(fixture.bruno.clone());
    fixture
        .rejects(
            json!({ "assigneeLogicType": "fair_distribution_selected", FIELD: hundred }),
            &[(FIELD, "TOO_MANY")],
        )
        .await;
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
}

async fn tags_are_trimmed_and_unique(app: App) {
    let fixture = Fixture::new(&app).await;
    let fifty: Vec<String> = (0..50).map(|number| format!("tag-{number}")).collect();
    fixture.accepts(json!({ "defaultTags": fifty, "defaultTagsToRemove": [long(64)] })).await;
    fixture.accepts(json!({ "defaultTags": [], "defaultTagsToRemove": [] })).await;
    fixture.accepts(json!({ "defaultTags": null, "defaultTagsToRemove": null })).await;
    let trimmed =
        fixture.ana.crm_step(&fixture.input(&json!({ "defaultTags": [" lead ", "\tvip"] }))).await;
    assert_eq!(trimmed["defaultTags"], json!(["lead", "vip"]));
    let before = app.contents().await;
    for field in ["defaultTags", "defaultTagsToRemove"] {
        let at = |index: usize| format!("{field}.{index}");
        fixture.rejects(json!({ field: ["a", " "] }), &[(&at(1), "BLANK")]).await;
        fixture.rejects(json!({ field: [long(65)] }), &[(&at(0), "TOO_LONG")]).await;
        fixture.rejects(json!({ field: ["a\u{0}"] }), &[(&at(0), "INVALID_CHARACTER")]).await;
        fixture.rejects(json!({ field: ["a", "\u{1d159}"] }), &[(&at(1), "BLANK")]).await;
        fixture.rejects(json!({ field: ["a", "b", " a "] }), &[(&at(2), "DUPLICATE_VALUE")]).await;
        fixture
            .rejects(
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
            fixture
                .rejects(json!({ field: [one, "b", same] }), &[(&at(2), "DUPLICATE_VALUE")])
                .await;
        }
        let many: Vec<String> = (0..51).map(|number| format!("tag-{number}")).collect();
        fixture.rejects(json!({ field: many }), &[(field, "TOO_MANY")]).await;
    }
    fixture
        .rejects(
            json!({ "defaultTags": ["VIP", "É"], "defaultTagsToRemove": ["old", " vip ", "é"] }),
            &[("defaultTagsToRemove", "TAGS_OVERLAP")],
        )
        .await;
    fixture
        .rejects(
            json!({ "defaultTags": ["ẞ"], "defaultTagsToRemove": ["old", "ss"] }),
            &[("defaultTagsToRemove", "TAGS_OVERLAP")],
        )
        .await;
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
    // These are different tags, and are stored as they were sent.
    let others = json!(["i", "ı", "É", "e", "a\u{323}", "Sa\u{303}o"]);
    let stored = fixture.ana.crm_step(&fixture.input(&json!({ "defaultTags": others }))).await;
    assert_eq!(stored["defaultTags"], others);
}

on_both_databases!(
    candidates_match_the_assignee_logic,
    candidates_are_at_most_a_hundred,
    tags_are_trimmed_and_unique,
);
