//! Pages of lists, forwards and backwards.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::support::{App, Client, on_both_databases};

/// The names on a page, and whether there are pages before and after it.
fn page(list: &Value) -> (Vec<String>, bool, bool) {
    let names = list["nodes"].as_array().expect("nodes").iter();
    let names = names.map(|node| node["name"].as_str().expect("a name").to_owned()).collect();
    let info = &list["pageInfo"];
    (
        names,
        info["hasPreviousPage"].as_bool().expect("a boolean"),
        info["hasNextPage"].as_bool().expect("a boolean"),
    )
}

const PAGE: &str = "totalCount nodes { name } edges { cursor node { name } }
    pageInfo { hasPreviousPage hasNextPage startCursor endCursor }";

async fn steps(client: &Client, scenario: &str, arguments: &str) -> Value {
    let query =
        format!("{{ crmScenario(id: \"{scenario}\") {{ steps{arguments} {{ {PAGE} }} }} }}");
    client.query(&query).await["crmScenario"]["steps"].clone()
}

async fn the_steps_of_a_scenario_are_listed_in_pages(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    for name in ["a", "b", "c", "d", "e"] {
        ana.crm_step(&json!({ "scenarioId": scenario, "name": name, "prompt": "x" })).await;
    }
    let names = |names: &str| names.chars().map(String::from).collect::<Vec<_>>();

    let all = steps(&ana, &scenario, "").await;
    assert_eq!(page(&all), (names("abcde"), false, false));
    assert_eq!(all["totalCount"], 5);
    let cursor =
        |index: usize| all["edges"][index]["cursor"].as_str().expect("a cursor").to_owned();
    assert_eq!(all["pageInfo"]["startCursor"], *cursor(0));
    assert_eq!(all["pageInfo"]["endCursor"], *cursor(4));

    for (arguments, expected) in [
        ("(first: 2)".to_owned(), ("ab", false, true)),
        ("(first: 5)".to_owned(), ("abcde", false, false)),
        (format!("(first: 2, after: \"{}\")", cursor(1)), ("cd", true, true)),
        (format!("(first: 2, after: \"{}\")", cursor(3)), ("e", true, false)),
        (format!("(first: 2, after: \"{}\")", cursor(4)), ("", true, false)),
        ("(last: 2)".to_owned(), ("de", true, false)),
        (format!("(last: 2, before: \"{}\")", cursor(3)), ("bc", true, true)),
        (format!("(last: 2, before: \"{}\")", cursor(1)), ("a", false, true)),
        (format!("(after: \"{}\", before: \"{}\")", cursor(0), cursor(4)), ("bcd", true, true)),
    ] {
        let found = steps(&ana, &scenario, &arguments).await;
        let (expected, previous, next) = expected;
        assert_eq!(page(&found), (names(expected), previous, next), "{arguments}");
        assert_eq!(found["totalCount"], 5);
    }
}

async fn scenarios_agents_and_memberships_are_listed_oldest_first(app: App) {
    let ana = app.member_of("Horizonte").await;
    for name in ["a", "b", "c"] {
        ana.scenario(name).await;
        ana.agent(name).await;
        ana.membership(name).await;
    }
    for list in ["crmScenarios", "agents", "memberships"] {
        let first = ana.query(&format!("{{ {list}(first: 2) {{ {PAGE} }} }}")).await[list].clone();
        assert_eq!(page(&first), (vec!["a".to_owned(), "b".to_owned()], false, true));
        assert_eq!(first["totalCount"], 3);
        let after = first["pageInfo"]["endCursor"].as_str().expect("a cursor");
        let query = format!("{{ {list}(first: 2, after: \"{after}\") {{ {PAGE} }} }}");
        let second = ana.query(&query).await[list].clone();
        assert_eq!(page(&second), (vec!["c".to_owned()], true, false));
    }
}

async fn the_edge_of_a_new_step_has_its_position_in_the_list(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let input = json!({ "scenarioId": scenario, "name": "a", "prompt": "x" });
    let created = ana.create_crm_step(&input).await.data();
    let edge = &created["createCrmStep"]["crmStepEdge"];
    assert_eq!(edge["node"]["id"], created["createCrmStep"]["crmStep"]["id"]);
    ana.crm_step(&json!({ "scenarioId": scenario, "name": "b", "prompt": "x" })).await;
    let after = edge["cursor"].as_str().expect("a cursor");
    let rest = steps(&ana, &scenario, &format!("(after: \"{after}\")")).await;
    assert_eq!(page(&rest).0, ["b"]);
}

async fn a_page_has_1_to_100_elements_from_one_end(app: App) {
    let ana = app.member_of("Horizonte").await;
    for arguments in [
        "first: 0",
        "first: -1",
        "first: 101",
        "last: 0",
        "last: 101",
        "first: 1, last: 1",
        "after: \"nonsense\"",
        "after: \"\"",
        "before: \"ImEi\"",
    ] {
        let answer =
            ana.graphql(&format!("{{ agents({arguments}) {{ totalCount }} }}"), json!({})).await;
        assert_eq!(answer.error_code(), "BAD_USER_INPUT", "{arguments}");
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{arguments}");
    }
    ana.query("{ agents(first: 100) { totalCount } memberships(last: 1) { totalCount } }").await;
}

on_both_databases!(
    the_steps_of_a_scenario_are_listed_in_pages,
    scenarios_agents_and_memberships_are_listed_oldest_first,
    the_edge_of_a_new_step_has_its_position_in_the_list,
    a_page_has_1_to_100_elements_from_one_end,
);
