//! Cursors of the history: a change has one, in all histories of its organization.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use crm_steps::{
    domain::id::OrganizationId,
    store::history::cursor::{decode, decode_of_any_version, encode},
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{App, Client, on_both_databases};

const OURS: OrganizationId = OrganizationId(Uuid::from_u128(1));
const OTHERS: OrganizationId = OrganizationId(Uuid::from_u128(2));

fn encoded(json: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(json)
}

#[test]
fn a_cursor_is_read_in_its_organization_alone() {
    let cursor = encode(OURS, 42);
    assert_eq!(decode(OURS, &cursor), Some(42));
    assert_eq!(decode(OTHERS, &cursor), None);
    assert_eq!(decode_of_any_version(Some(OURS), &cursor), Some(42));
    assert_eq!(decode_of_any_version(Some(OTHERS), &cursor), None);
}

#[test]
fn versions_read_the_cursors_of_each_other() {
    let of_0_1 = encoded(r#"{"order":"sequence","keys":[{"Number":42}]}"#);
    assert_eq!(decode_of_any_version(Some(OURS), &of_0_1), Some(42));
    assert_eq!(decode(OURS, &of_0_1), None, "it may be of any organization");
    // Version 0.1 takes any further field.
    let of_today = r#"{"order":"sequence","keys":[{"Number":42}],"of":"00000000-0000-0000-0000-000000000001"}"#;
    assert_eq!(encode(OURS, 42), encoded(of_today));
}

#[test]
fn what_is_no_position_in_a_history_is_rejected() {
    for json in [
        "",
        "[]",
        r#"{"order":"created_at,id","keys":[{"Number":42}]}"#,
        r#"{"order":"-sequence","keys":[{"Number":42}]}"#,
        r#"{"order":"sequence","keys":[]}"#,
        r#"{"order":"sequence","keys":[{"Number":42},{"Number":42}]}"#,
        r#"{"order":"sequence","keys":[{"Number":-1}]}"#,
        r#"{"order":"sequence","keys":[{"Number":9223372036854775808}]}"#,
        r#"{"order":"sequence","keys":[{"Text":"42"}]}"#,
        r#"{"order":"sequence","keys":[{"Number":42}],"of":"a"}"#,
    ] {
        assert_eq!(decode_of_any_version(Some(OURS), &encoded(json)), None, "{json}");
    }
    assert_eq!(decode_of_any_version(Some(OURS), "not base64 !"), None);
}

/// The history of the organization that these arguments select.
async fn of_organization(client: &Client, arguments: &str) -> Value {
    let page =
        "edges { cursor node { cursor subjectId } } pageInfo { hasNextPage hasPreviousPage }";
    let query = format!("{{ viewer {{ organization {{ history{arguments} {{ {page} }} }} }} }}");
    client.query(&query).await["viewer"]["organization"]["history"].clone()
}

/// The cursors of a history. Each edge has that of its change.
fn cursors(history: &Value) -> Vec<String> {
    let cursor = |edge: &Value| {
        assert_eq!(edge["cursor"], edge["node"]["cursor"]);
        edge["cursor"].as_str().expect("a cursor").to_owned()
    };
    history["edges"].as_array().expect("edges").iter().map(cursor).collect()
}

async fn a_change_has_one_cursor_in_all_histories(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let step = ana.steps(&scenario, "a b").await.remove(1);
    let all = cursors(&of_organization(&ana, "").await);
    let [_, _, of_step] = &all[..] else { panic!("three changes: {all:?}") };
    let page = "edges { cursor node { cursor } }";
    let query = format!(
        "{{ crmScenario(id: \"{scenario}\") {{ history {{ {page} }} }}
            crmStep(id: \"{step}\") {{ history(filter: {{ actions: [CREATED] }}) {{ {page} }} }} }}"
    );
    let data = ana.query(&query).await;
    assert_eq!(cursors(&data["crmScenario"]["history"]), all);
    assert_eq!(cursors(&data["crmStep"]["history"]), std::slice::from_ref(of_step));
    let newest_first = of_organization(&ana, "(orderBy: { direction: DESC })").await;
    assert_eq!(cursors(&newest_first), all.iter().rev().cloned().collect::<Vec<_>>());
}

async fn each_history_goes_on_after_a_cursor_of_another(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (scenario, other) = (ana.scenario("Sales").await, ana.scenario("Support").await);
    ana.steps(&scenario, "a b").await;
    let all = cursors(&of_organization(&ana, "").await);
    let [first, second, third, _] = &all[..] else { panic!("four changes: {all:?}") };
    let read = async |arguments: &str| -> Vec<usize> {
        let page = cursors(&of_organization(&ana, arguments).await);
        page.iter().filter_map(|cursor| all.iter().position(|other| other == cursor)).collect()
    };
    assert_eq!(read(&format!("(after: \"{second}\")")).await, [2, 3]);
    assert_eq!(read(&format!("(before: \"{second}\", last: 5)")).await, [0]);
    let newest_first = "orderBy: { direction: DESC }";
    assert_eq!(read(&format!("({newest_first}, after: \"{third}\")")).await, [1, 0]);
    assert_eq!(read(&format!("({newest_first}, before: \"{third}\", last: 5)")).await, [3]);
    assert_eq!(read(&format!("({newest_first}, first: 1)")).await, [3]);
    let steps = "filter: { subjectTypes: [CRM_STEP] }";
    assert_eq!(read(&format!("({steps}, after: \"{first}\", first: 1)")).await, [2]);
    // The scenario has no change between these two; both are positions in its history.
    let query = format!(
        "{{ crmScenario(id: \"{other}\") {{
            after: history(after: \"{third}\") {{ nodes {{ id }} }}
            before: history(before: \"{third}\") {{ nodes {{ subjectId }} }} }} }}"
    );
    let data = ana.query(&query).await["crmScenario"].clone();
    assert_eq!(data["after"], json!({ "nodes": [] }));
    assert_eq!(data["before"], json!({ "nodes": [{ "subjectId": other }] }));
}

async fn a_cursor_of_another_list_or_organization_is_rejected(app: App) {
    let (ana, eve) = (app.member_of("Horizonte").await, app.member_of("Evil").await);
    let scenario = ana.scenario("Sales").await;
    ana.steps(&scenario, "a").await;
    eve.scenario("Theirs").await;
    let lists = "{ crmScenarios { edges { cursor } }
        crmScenario(id: $id) { steps { edges { cursor } } } }";
    let lists = ana.graphql(&format!("query ($id: ID!) {lists}"), json!({ "id": scenario })).await;
    let cursor = |list: &Value| list["edges"][0]["cursor"].as_str().expect("a cursor").to_owned();
    for foreign in [
        cursor(&lists.data()["crmScenarios"]),
        cursor(&lists.data()["crmScenario"]["steps"]),
        cursors(&of_organization(&eve, "").await).remove(0),
        "not a cursor".to_owned(),
    ] {
        for argument in ["after", "before"] {
            let history = format!("history({argument}: \"{foreign}\") {{ nodes {{ id }} }}");
            let query = format!("{{ viewer {{ organization {{ {history} }} }} }}");
            let answer = ana.graphql(&query, json!({})).await;
            assert_eq!(answer.error_code(), "BAD_USER_INPUT", "{foreign}");
        }
    }
    let of_history = cursors(&of_organization(&ana, "").await).remove(0);
    let query = format!("{{ crmScenarios(after: \"{of_history}\") {{ nodes {{ id }} }} }}");
    assert_eq!(ana.graphql(&query, json!({})).await.error_code(), "BAD_USER_INPUT");
}

async fn a_client_goes_on_with_a_cursor_of_version_0_1(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let step = ana.steps(&scenario, "a").await.remove(0);
    let first = cursors(&of_organization(&ana, "").await).remove(0);
    let json = BASE64_URL_SAFE_NO_PAD.decode(first).expect("base64");
    let mut content: Value = serde_json::from_slice(&json).expect("JSON");
    content.as_object_mut().expect("an object").shift_remove("of").expect("an organization");
    let after = encoded(&content.to_string());
    let page = of_organization(&ana, &format!("(after: \"{after}\")")).await;
    assert_eq!(page["edges"][0]["node"]["subjectId"], step.as_str());
}

async fn the_end_of_the_history_is_read_before_everything_else(app: App) {
    let ana = app.member_of("Horizonte").await;
    let end = async || {
        let data = ana.query("{ changesCursor }").await;
        data["changesCursor"].as_str().expect("a cursor").to_owned()
    };
    let of_nothing = end().await;
    app.member_of("Evil").await.scenario("Theirs").await;
    assert_eq!(end().await, of_nothing);
    let scenario = ana.scenario("Sales").await;
    let after_nothing = of_organization(&ana, &format!("(after: \"{of_nothing}\")")).await;
    assert_eq!(after_nothing["edges"][0]["node"]["subjectId"], scenario.as_str());
    assert_eq!(cursors(&after_nothing), [end().await]);
    let (statements, observed) = app.recorded();
    let query = "{ crmScenarios { nodes { id } } end: changesCursor viewer { tokenName } }";
    observed.with_token_of(&ana).query(query).await;
    let statements = statements.lock().expect("no thread panicked").clone();
    let tables = ["access_token", "change", "crm_scenario", "organization"];
    let read: Vec<&str> = statements
        .iter()
        .filter_map(|statement| {
            let is_from = |table: &&str| statement.contains(&format!("FROM \"{table}\""));
            tables.into_iter().find(is_from)
        })
        .collect();
    assert_eq!(read[..2], ["access_token", "change"]);
    assert_eq!(read.len(), 4);
}

on_both_databases!(
    a_change_has_one_cursor_in_all_histories,
    each_history_goes_on_after_a_cursor_of_another,
    a_cursor_of_another_list_or_organization_is_rejected,
    a_client_goes_on_with_a_cursor_of_version_0_1,
    the_end_of_the_history_is_read_before_everything_else,
);
