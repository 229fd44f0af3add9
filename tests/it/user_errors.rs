//! Violated rules as clients receive them.

use crm_steps::domain::violation::{ViolationCategory, ViolationCode};
use serde_json::{Value, json};
use strum::IntoEnumIterator as _;

use crate::support::{App, Client, on_both_databases};

/// The codes of a category.
fn codes_of(category: ViolationCategory) -> Vec<&'static str> {
    let codes = ViolationCode::iter().filter(|code| code.category() == category);
    codes.map(<&str>::from).collect()
}

#[test]
fn every_code_has_a_category() {
    let mut conflicts = codes_of(ViolationCategory::Conflict);
    conflicts.sort_unstable();
    assert_eq!(
        conflicts,
        [
            "IDEMPOTENCY_KEY_MISMATCH",
            "ID_TAKEN",
            "IN_USE",
            "KEY_TAKEN",
            "STALE_REVISION",
            "STALE_VERSION",
            "STEP_COUNT_MISMATCH",
        ]
    );
    assert_eq!(codes_of(ViolationCategory::Retry), ["IDEMPOTENCY_KEY_IN_USE"]);
}

/// The user errors of an update of an agent.
async fn update(ana: &Client, id: &str, arguments: &str) -> Value {
    let query = format!(
        "mutation {{ updateAgent(id: \"{id}\", {arguments}) {{
            userErrors {{ field code category }} }} }}"
    );
    ana.query(&query).await["updateAgent"]["userErrors"].clone()
}

async fn a_user_error_has_its_category(app: App) {
    let ana = app.member_of("Horizonte").await;
    let agent = ana.agent("Clara").await;
    assert_eq!(
        update(&ana, &agent, "input: { name: \"\" }").await,
        json!([{ "field": ["input", "name"], "code": "BLANK", "category": "RULE" }])
    );
    assert_eq!(
        update(&ana, &agent, "input: { name: \"Eva\" }, expectedVersion: 7").await,
        json!([{ "field": ["expectedVersion"], "code": "STALE_VERSION", "category": "CONFLICT" }])
    );
}

async fn the_path_of_a_user_error_is_never_null(app: App) {
    let ana = app.member_of("Horizonte").await;
    let query = "{ __type(name: \"UserError\") { fields { name type { kind } } } }";
    let fields = ana.query(query).await["__type"]["fields"].clone();
    let field = fields.as_array().and_then(|all| all.iter().find(|it| it["name"] == "field"));
    assert_eq!(field, Some(&json!({ "name": "field", "type": { "kind": "NON_NULL" } })));
}

on_both_databases!(a_user_error_has_its_category, the_path_of_a_user_error_is_never_null);
