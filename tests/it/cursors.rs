//! Cursors of the steps of a scenario, while steps are moved, created and deleted.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use axum::{body::Body, http::Request};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::support::{App, Client, on_both_databases, violations};

/// Moves a step directly before another one.
async fn move_before(client: &Client, id: &str, neighbour: &str) {
    let field = "moveCrmStep(id: $id, to: $to) { userErrors { code } }";
    let variables = json!({ "id": id, "to": { "before": neighbour } });
    let payload = client.call("($id: ID!, $to: CrmStepPlacement!)", field, variables).await;
    assert_eq!(violations(&payload), []);
}

/// The steps of a scenario that these arguments select.
async fn steps(client: &Client, scenario: &str, arguments: &str) -> Value {
    let page = "edges { cursor node { name } } totalCount";
    let query =
        format!("{{ crmScenario(id: \"{scenario}\") {{ steps{arguments} {{ {page} }} }} }}");
    client.query(&query).await["crmScenario"]["steps"].clone()
}

/// Their names.
async fn names(client: &Client, scenario: &str, arguments: &str) -> String {
    let page = steps(client, scenario, arguments).await;
    let edges = page["edges"].as_array().expect("edges").iter();
    let names = edges.map(|edge| edge["node"]["name"].as_str().expect("a name"));
    names.collect::<Vec<_>>().join(" ")
}

/// The cursor of each step of a scenario, in their order.
async fn cursors(client: &Client, scenario: &str) -> Vec<String> {
    let page = steps(client, scenario, "").await;
    let edges = page["edges"].as_array().expect("edges").iter();
    edges.map(|edge| edge["cursor"].as_str().expect("a cursor").to_owned()).collect()
}

async fn a_cursor_keeps_its_place_while_two_steps_take_turns_before_a_third(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let ids = ana.steps(&scenario, "a b c d e").await;
    let [of_a, of_b, of_c, ..] = &cursors(&ana, &scenario).await[..] else { panic!("5 steps") };
    let read = async |arguments: &str| names(&ana, &scenario, arguments).await;
    let mut places = vec![];
    for turn in 0..60 {
        move_before(&ana, &ids[3 + turn % 2], &ids[2]).await;
        let expected = match turn {
            0 => "d c e",
            odd if odd % 2 == 1 => "d e c",
            _ => "e d c",
        };
        assert_eq!(read(&format!("(after: \"{of_b}\")")).await, expected);
        assert_eq!(read(&format!("(after: \"{of_a}\")")).await, format!("b {expected}"));
        let before = read(&format!("(last: 10, before: \"{of_c}\")")).await;
        assert_eq!(before, format!("a b {}", expected.split(" c").next().expect("a part")));
        places.push(cursors(&ana, &scenario).await.remove(if turn == 0 { 2 } else { 3 }));
    }
    // All places of the two steps are between those of b and c, and the last two are still taken.
    for place in &places[..58] {
        assert_eq!(read(&format!("(after: \"{place}\")")).await, "d e c");
        assert_eq!(read(&format!("(last: 10, before: \"{place}\")")).await, "a b");
    }
    assert_eq!(read(&format!("(after: \"{}\")", places[58])).await, "e c");
    assert_eq!(read(&format!("(after: \"{}\")", places[59])).await, "c");
}

async fn a_cursor_keeps_the_place_of_a_step_that_is_moved_or_deleted(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let ids = ana.steps(&scenario, "a b c d").await;
    let of_b = cursors(&ana, &scenario).await.remove(1);
    move_before(&ana, &ids[1], &ids[0]).await;
    assert_eq!(names(&ana, &scenario, &format!("(after: \"{of_b}\")")).await, "c d");
    let delete = "deleteCrmStep(id: $id) { userErrors { code } }";
    let payload = ana.call("($id: ID!)", delete, json!({ "id": ids[1] })).await;
    assert_eq!(violations(&payload), []);
    assert_eq!(names(&ana, &scenario, &format!("(after: \"{of_b}\")")).await, "c d");
    assert_eq!(names(&ana, &scenario, &format!("(last: 9, before: \"{of_b}\")")).await, "a");
}

async fn cursors_are_rejected_after_the_steps_were_renumbered(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (scenario, other) = (ana.scenario("Sales").await, ana.scenario("Support").await);
    let ids = ana.steps(&scenario, "a b c").await;
    ana.steps(&other, "x y").await;
    let of_other = cursors(&ana, &other).await.remove(0);
    app.leave_no_room().await;
    let earlier = cursors(&ana, &scenario).await;
    let after_a = format!("(after: \"{}\")", earlier[0]);
    assert_eq!(names(&ana, &scenario, &after_a).await, "b c");
    move_before(&ana, &ids[2], &ids[1]).await;
    ana.steps(&scenario, "d").await;
    assert_eq!(ana.names(&scenario).await, "a c b d");
    for cursor in &earlier {
        for arguments in [
            format!("after: \"{cursor}\""),
            format!("last: 2, after: \"{cursor}\""),
            format!("before: \"{cursor}\""),
            format!("last: 2, before: \"{cursor}\""),
        ] {
            let query = format!(
                "{{ crmScenario(id: \"{scenario}\") {{ steps({arguments}) {{ nodes {{ name }} }} }} }}"
            );
            let answer = ana.graphql(&query, json!({})).await;
            assert_eq!(answer.error_code(), "BAD_USER_INPUT", "{arguments}");
            assert!(answer.text.contains("renumbered"), "{}", answer.text);
        }
    }
    let later = cursors(&ana, &scenario).await;
    let read = async |arguments: &str| names(&ana, &scenario, arguments).await;
    assert_eq!(read(&format!("(after: \"{}\")", later[0])).await, "c b d");
    assert_eq!(read(&format!("(after: \"{}\")", later[3])).await, "");
    assert_eq!(read(&format!("(last: 1, before: \"{}\")", later[2])).await, "c");
    assert_eq!(read(&format!("(last: 1, before: \"{}\")", later[0])).await, "");
    // Those of other scenarios stay valid.
    assert_eq!(names(&ana, &other, &format!("(after: \"{of_other}\")")).await, "y");
}

async fn a_list_of_rest_is_read_again_if_its_steps_are_renumbered_between_two_pages(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let names: Vec<String> = (0..101).map(|number| format!("step{number}")).collect();
    let ids = ana.steps(&scenario, &names.join(" ")).await;
    app.leave_no_room().await;
    let read = Arc::new(AtomicUsize::new(0));
    let (other, (first, last)) = (app.clone(), (ids[1].clone(), ids[100].clone()));
    let token = ana.clone();
    let count = Arc::clone(&read);
    let observed = app.observed(move |statement| {
        let is_page = statement.contains("FROM \"crm_step\"") && statement.contains("ORDER BY");
        if is_page && count.fetch_add(1, Ordering::SeqCst) == 0 {
            let (app, token) = (other.clone(), token.clone());
            let (first, last) = (first.clone(), last.clone());
            let moved = thread::spawn(move || {
                let runtime = Runtime::new().expect("a runtime starts");
                runtime.block_on(async {
                    let client = app.replica().await.with_token_of(&token);
                    move_before(&client, &last, &first).await;
                });
            });
            moved.join().expect("the step is moved");
        }
    });
    let path = format!("/crm/step?scenarioId={scenario}");
    let request = Request::get(&path).body(Body::empty()).expect("a request");
    let listed = observed.with_token_of(&ana).send(request).await.json();
    let listed: Vec<&str> = listed
        .as_array()
        .expect("a list")
        .iter()
        .map(|step| step["name"].as_str().expect("a name"))
        .collect();
    let mut expected: Vec<&str> = names.iter().map(String::as_str).collect();
    let moved = expected.remove(100);
    expected.insert(1, moved);
    assert_eq!(listed, expected);
    assert_eq!(read.load(Ordering::SeqCst), 4, "a page, a rejected one, and both again");
}

on_both_databases!(
    a_cursor_keeps_its_place_while_two_steps_take_turns_before_a_third,
    a_cursor_keeps_the_place_of_a_step_that_is_moved_or_deleted,
    cursors_are_rejected_after_the_steps_were_renumbered,
    a_list_of_rest_is_read_again_if_its_steps_are_renumbered_between_two_pages,
);
