//! The caller of a request.

use serde_json::{Value, json};

use crate::support::{App, Client, on_both_databases};

async fn viewer(client: &Client, fields: &str) -> Value {
    client.query(&format!("{{ viewer {{ {fields} }} }}")).await["viewer"].clone()
}

async fn a_client_recognizes_its_own_changes_by_the_id_of_its_token(app: App) {
    let (ana, bia) = (app.member_of("Horizonte").await, app.member_of("Horizonte").await);
    ana.agent("Clara").await;
    let history = viewer(&ana, "organization { history { nodes { tokenId } } }").await;
    let changed_by = &history["organization"]["history"]["nodes"][0]["tokenId"];
    assert_eq!(viewer(&ana, "tokenId").await["tokenId"], *changed_by);
    assert_ne!(viewer(&bia, "tokenId").await["tokenId"], *changed_by);
}

async fn the_version_of_the_service_is_that_of_the_program(app: App) {
    let ana = app.member_of("Horizonte").await;
    assert_eq!(viewer(&ana, "version").await["version"], env!("CARGO_PKG_VERSION"));
}

async fn the_limits_are_those_that_the_operator_has_set(app: App) {
    let limits = "limits {
        maxComplexity maxDepth maxBodyBytes maxBatch maxStepsPerScenario rateLimitPerMinute }";
    let ana = app.member_of("Horizonte").await;
    assert_eq!(
        viewer(&ana, limits).await["limits"],
        json!({
            "maxComplexity": 100_000, "maxDepth": 25, "maxBodyBytes": 5_000_000, "maxBatch": 100,
            "maxStepsPerScenario": 1_000, "rateLimitPerMinute": 6_000,
        })
    );
    let set_up = app.set_up(&[
        "--max-complexity=70",
        "--max-depth=7",
        "--max-body-bytes=7000",
        "--max-batch=7",
        "--max-steps-per-scenario=77",
        "--rate-limit-per-minute=0",
    ]);
    assert_eq!(
        viewer(&set_up.with_token_of(&ana), limits).await["limits"],
        json!({
            "maxComplexity": 70, "maxDepth": 7, "maxBodyBytes": 7_000, "maxBatch": 100,
            "maxStepsPerScenario": 77, "rateLimitPerMinute": null,
        })
    );
}

on_both_databases!(
    a_client_recognizes_its_own_changes_by_the_id_of_its_token,
    the_version_of_the_service_is_that_of_the_program,
    the_limits_are_those_that_the_operator_has_set,
);
