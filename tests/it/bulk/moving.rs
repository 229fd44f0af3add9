//! moveCrmSteps.

use serde_json::{Value, json};

use super::{bulk, expected, message};
use crate::support::{App, Client, on_both_databases, violations};

/// Moves steps; `to` is the position as a document has it.
async fn relocate(client: &Client, ids: &[String], to: &str) -> Value {
    let call = format!("moveCrmSteps(, to: {{ {to} }})");
    bulk(client, &call, ids, "crmSteps { name index version }").await
}

/// The ids of the steps with these names, of one letter each.
fn of(ids: &[String], names: &str) -> Vec<String> {
    let place = |name| "abcdef".find(name).expect("a step");
    names.chars().map(|name| ids[place(name)].clone()).collect()
}

async fn steps_move_together_in_the_order_of_the_call(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let ids = ana.steps(&scenario, "a b c d e f").await;
    for (selected, to, order) in [
        ("ca", "last: true".to_owned(), "b d e f c a"),
        ("fd", "first: true".to_owned(), "f d b e c a"),
        ("ae", format!("after: \"{}\"", ids[1]), "f d b a e c"),
        ("cbd", format!("before: \"{}\"", ids[4]), "f a c b d e"),
        ("abcdef", "first: true".to_owned(), "a b c d e f"),
    ] {
        let payload = relocate(&ana, &of(&ids, selected), &to).await;
        assert_eq!(violations(&payload), [], "{to}");
        assert_eq!(ana.names(&scenario).await, order, "{to}");
        let place = |name: char| order.split(' ').position(|other| other == name.to_string());
        let steps: Vec<_> = selected
            .chars()
            .map(|name| json!({ "name": name, "index": place(name), "version": 1 }))
            .collect();
        assert_eq!(payload["crmSteps"], json!(steps));
    }
}

async fn steps_that_are_there_already_are_not_moved(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let ids = ana.steps(&scenario, "a b c d e f").await;
    let before = app.contents().await;
    for (selected, to) in [
        ("ab", "first: true".to_owned()),
        ("ef", "last: true".to_owned()),
        ("cd", format!("after: \"{}\"", ids[1])),
        ("b", format!("before: \"{}\"", ids[2])),
    ] {
        let payload = relocate(&ana, &of(&ids, selected), &to).await;
        assert_eq!(violations(&payload), []);
        assert_eq!(payload["crmSteps"].as_array().map(Vec::len), Some(selected.len()));
    }
    assert_eq!(app.contents().await, before);
}

async fn a_position_is_beside_another_step_of_the_scenario(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let ids = ana.steps(&scenario, "a b c").await;
    let elsewhere = ana.steps(&ana.scenario("Support").await, "d").await.remove(0);
    let before = app.contents().await;
    for (to, field, code) in [
        (format!("before: \"{}\"", ids[0]), "to.before", "SELF_REFERENCE"),
        (format!("after: \"{}\"", ids[1]), "to.after", "SELF_REFERENCE"),
        (format!("after: \"{elsewhere}\""), "to.after", "STEP_NOT_IN_SCENARIO"),
        ("after: \"nobody\"".to_owned(), "to.after", "NOT_FOUND"),
        ("last: false".to_owned(), "to.last", "INVALID_PLACEMENT"),
    ] {
        let payload = relocate(&ana, &ids[..2], &to).await;
        assert_eq!(violations(&payload), expected(&[(field, code)]), "{to}");
        assert_eq!(payload["crmScenario"]["id"], scenario.as_str());
    }
    let to = format!("after: \"{}\"", ids[1]);
    assert_eq!(
        message(&relocate(&ana, &ids[..2], &to).await),
        "after names one of the steps that are moved; choose another step."
    );
    assert_eq!(
        message(&relocate(&ana, &ids[1..2], &to).await),
        "after names the step itself; choose another step."
    );
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
}

async fn an_outdated_revision_shows_all_steps_of_the_call(app: App) {
    let ana = app.member_of("Horizonte").await;
    let ids = ana.steps(&ana.scenario("Sales").await, "a b c").await;
    let before = app.contents().await;
    let call = "moveCrmSteps(, to: { last: true }, expectedRevision: 1)";
    let payload = bulk(&ana, call, &ids[..2], "crmSteps { id }").await;
    assert_eq!(violations(&payload), expected(&[("expectedRevision", "STALE_REVISION")]));
    let current = json!([{ "name": "a", "version": 1 }, { "name": "b", "version": 1 }]);
    assert_eq!(payload["currentCrmSteps"], current);
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
}

async fn all_that_is_wrong_with_a_move_is_reported_at_once(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let mut ids = ana.steps(&scenario, "a b").await;
    ids.push("nobody".to_owned());
    let before = app.contents().await;
    let call = "moveCrmSteps(, to: { after: \"nobody\" }, expectedVersions: [1, 7, 1],
        expectedRevision: 1)";
    let payload = bulk(&ana, call, &ids, "crmSteps { id }").await;
    let codes = [
        ("ids.2", "NOT_FOUND"),
        ("expectedVersions.1", "STALE_VERSION"),
        ("expectedRevision", "STALE_REVISION"),
        ("to.after", "NOT_FOUND"),
    ];
    assert_eq!(violations(&payload), expected(&codes));
    let current = json!([{ "name": "a", "version": 1 }, { "name": "b", "version": 1 }]);
    assert_eq!(payload["currentCrmSteps"], current, "those that exist");
    let call = "moveCrmSteps(, to: { last: false })";
    let payload = bulk(&ana, call, &ids[2..], "crmSteps { id }").await;
    let codes = [("ids.0", "NOT_FOUND"), ("to.last", "INVALID_PLACEMENT")];
    assert_eq!(violations(&payload), expected(&codes));
    assert_eq!(app.contents().await, before, "rejected calls change nothing");
}

async fn the_history_has_the_moves_one_after_the_other(app: App) {
    let ana = app.member_of("Horizonte").await;
    let ids = ana.steps(&ana.scenario("Sales").await, "a b c d").await;
    // c stays in front of d, and only a is moved behind it.
    relocate(&ana, &of(&ids, "ca"), &format!("before: \"{}\"", ids[3])).await;
    relocate(&ana, &of(&ids, "dc"), "first: true").await;
    let query =
        "{ viewer { organization { history(first: 100) { nodes { action before after } } } } }";
    let history = ana.query(query).await["viewer"]["organization"]["history"]["nodes"].clone();
    let moves = history.as_array().expect("changes").iter();
    let moves: Vec<_> = moves
        .filter(|change| change["action"] == "MOVED")
        .map(|change| {
            json!([change["after"]["name"], change["before"]["index"], change["after"]["index"]])
        })
        .collect();
    assert_eq!(json!(moves), json!([["a", 0, 2], ["d", 3, 0], ["c", 2, 1]]));
}

on_both_databases!(
    steps_move_together_in_the_order_of_the_call,
    steps_that_are_there_already_are_not_moved,
    a_position_is_beside_another_step_of_the_scenario,
    an_outdated_revision_shows_all_steps_of_the_call,
    all_that_is_wrong_with_a_move_is_reported_at_once,
    the_history_has_the_moves_one_after_the_other,
);
