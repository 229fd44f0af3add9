//! Which changes of a history are listed.

use crm_steps::{db::Engine, domain::access_token::Scope};
use sea_orm::{ConnectionTrait as _, Statement};
use serde_json::{Value, json};

use crate::support::{App, Client, on_both_databases};

/// The changes of the organization's history that a filter selects: what was done to what, and
/// their number.
async fn selected(client: &Client, filter: Value) -> (String, Value) {
    let query = "query ($filter: HistoryFilter) { viewer { organization {
        history(filter: $filter) { totalCount nodes { action subjectType } } } } }";
    let answer = client.graphql(query, json!({ "filter": filter })).await;
    let history = answer.data()["viewer"]["organization"]["history"].clone();
    let told = history["nodes"].as_array().expect("nodes").iter().map(|change| {
        let text = |name: &str| change[name].as_str().expect("a text").to_owned();
        format!("{} {}", text("action"), text("subjectType"))
    });
    (told.collect::<Vec<_>>().join(", "), history["totalCount"].clone())
}

async fn a_history_is_filtered_by_action_type_and_time(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let step = ana.steps(&scenario, "a b").await.remove(1);
    let later = app.at(App::now() + chrono::Duration::hours(1)).with_token_of(&ana);
    let delete = format!("deleteCrmStep(id: \"{step}\") {{ replayed }}");
    later.done("", &delete, json!({})).await;
    let created = "CREATED CRM_SCENARIO, CREATED CRM_STEP, CREATED CRM_STEP";
    let deleted = "DELETED CRM_STEP";
    let all = format!("{created}, {deleted}");
    let second_hour = "2026-11-22T16:20:00.123456-03:00";
    for (filter, expected, count) in [
        (json!(null), all.as_str(), 4),
        (json!({}), &all, 4),
        (json!({ "actions": null, "subjectTypes": null, "tokenId": null, "since": null }), &all, 4),
        (json!({ "actions": ["CREATED"] }), created, 3),
        (json!({ "actions": ["DELETED", "MOVED"] }), deleted, 1),
        (json!({ "actions": [] }), "", 0),
        (json!({ "subjectTypes": ["CRM_SCENARIO", "AGENT"] }), "CREATED CRM_SCENARIO", 1),
        (json!({ "subjectTypes": ["CRM_STEP"], "actions": ["DELETED"] }), deleted, 1),
        (json!({ "subjectTypes": [] }), "", 0),
        (json!({ "since": second_hour }), deleted, 1),
        (json!({ "since": "2026-11-22T19:20:00.123457Z" }), "", 0),
        (json!({ "since": second_hour, "actions": ["CREATED"] }), "", 0),
    ] {
        let found = selected(&ana, filter.clone()).await;
        assert_eq!(found, (expected.to_owned(), json!(count)), "{filter}");
    }
}

async fn a_history_is_filtered_by_its_token(app: App) {
    let ana = app.member_of("Horizonte").await;
    ana.scenario("Sales").await;
    let bruno = app.bearer("Horizonte", &[Scope::Read, Scope::Write]).await;
    bruno.agent("Sofia").await;
    let tokens = "{ viewer { organization { history { nodes { tokenId } } } } }";
    let tokens = ana.query(tokens).await["viewer"]["organization"]["history"]["nodes"].clone();
    let by = async |token: &Value| selected(&ana, json!({ "tokenId": token })).await;
    assert_eq!(by(&tokens[0]["tokenId"]).await, ("CREATED CRM_SCENARIO".to_owned(), json!(1)));
    assert_eq!(by(&tokens[1]["tokenId"]).await, ("CREATED AGENT".to_owned(), json!(1)));
    assert_eq!(by(&json!("no id")).await, (String::new(), json!(0)));
}

async fn a_history_is_filtered_by_its_subject_and_its_scenario(app: App) {
    let (ana, eve) = (app.member_of("Horizonte").await, app.member_of("Evil").await);
    let (sales, support) = (ana.scenario("Sales").await, ana.scenario("Support").await);
    let step = ana.steps(&sales, "a b").await.remove(0);
    ana.steps(&support, "c").await;
    let agent = ana.agent("Sofia").await;
    for field in [
        format!("updateCrmStep(id: \"{step}\", input: {{ name: \"A\" }}) {{ replayed }}"),
        format!("deleteCrmStep(id: \"{step}\") {{ replayed }}"),
        format!("deleteCrmScenario(id: \"{sales}\", expectedStepCount: 1) {{ replayed }}"),
    ] {
        ana.done("", &field, json!({})).await;
    }
    let of_step = "CREATED CRM_STEP, UPDATED CRM_STEP, DELETED CRM_STEP";
    let of_sales = "CREATED CRM_SCENARIO, CREATED CRM_STEP, CREATED CRM_STEP, UPDATED CRM_STEP, \
                    DELETED CRM_STEP, DELETED CRM_STEP, DELETED CRM_SCENARIO";
    for (filter, expected, count) in [
        (json!({ "subjectId": step }), of_step, 3),
        (json!({ "subjectId": step.to_uppercase(), "scenarioId": null }), of_step, 3),
        (json!({ "subjectId": step, "actions": ["DELETED"] }), "DELETED CRM_STEP", 1),
        (json!({ "subjectId": agent }), "CREATED AGENT", 1),
        (json!({ "subjectId": sales }), "CREATED CRM_SCENARIO, DELETED CRM_SCENARIO", 2),
        (json!({ "scenarioId": sales }), of_sales, 7),
        (json!({ "scenarioId": support, "subjectTypes": ["CRM_STEP"] }), "CREATED CRM_STEP", 1),
        (json!({ "scenarioId": sales, "subjectId": step }), of_step, 3),
        (json!({ "scenarioId": support, "subjectId": step }), "", 0),
        (json!({ "scenarioId": agent }), "", 0),
        (json!({ "subjectId": "no id" }), "", 0),
        (json!({ "scenarioId": "" }), "", 0),
    ] {
        let found = selected(&ana, filter.clone()).await;
        assert_eq!(found, (expected.to_owned(), json!(count)), "{filter}");
    }
    for filter in [json!({ "subjectId": step }), json!({ "scenarioId": sales })] {
        assert_eq!(selected(&eve, filter).await, (String::new(), json!(0)), "it is another's");
    }
}

async fn pages_of_a_filtered_history_go_on_after_a_cursor(app: App) {
    let ana = app.member_of("Horizonte").await;
    let sales = ana.scenario("Sales").await;
    let steps = ana.steps(&sales, "a b").await;
    for name in ["A", "B", "C"] {
        for step in &steps {
            let field = format!(
                "updateCrmStep(id: \"{step}\", input: {{ name: \"{name}\" }}) {{ replayed }}"
            );
            ana.done("", &field, json!({})).await;
        }
    }
    for filter in [json!({ "subjectId": steps[0] }), json!({ "scenarioId": sales })] {
        for direction in ["ASC", "DESC"] {
            let page = async |first: i32, after: Value| {
                let query = format!(
                    "query ($first: Int, $after: String, $filter: HistoryFilter) {{ viewer {{ organization {{
                        history(first: $first, after: $after, filter: $filter,
                            orderBy: {{ direction: {direction} }}) {{
                                nodes {{ id }} pageInfo {{ hasNextPage endCursor }} }} }} }} }}"
                );
                let variables = json!({ "first": first, "after": after, "filter": filter });
                let answer = ana.graphql(&query, variables).await;
                answer.data()["viewer"]["organization"]["history"].clone()
            };
            let all = page(100, Value::Null).await["nodes"].clone();
            let (mut read, mut after) = (vec![], Value::Null);
            loop {
                let found = page(3, after).await;
                read.extend(found["nodes"].as_array().expect("nodes").clone());
                after = found["pageInfo"]["endCursor"].clone();
                if found["pageInfo"]["hasNextPage"] == false {
                    break;
                }
            }
            assert_eq!(Value::from(read), all, "{filter} {direction}");
        }
    }
}

/// How the database finds the rows of a statement, whatever its parameters are.
async fn plan(app: &App, statement: &str) -> String {
    let transaction = app.database.write().await.expect("a transaction begins");
    let (explain, column) = match app.database.engine() {
        Engine::Sqlite => (format!("EXPLAIN QUERY PLAN {statement}"), "detail"),
        Engine::Postgres => {
            let prepare = format!(
                "SET LOCAL plan_cache_mode = force_generic_plan; PREPARE planned AS {statement}"
            );
            transaction.execute_unprepared(&prepare).await.expect("it is prepared");
            let nulls = vec!["NULL"; statement.matches('$').count()].join(", ");
            (format!("EXPLAIN EXECUTE planned({nulls})"), "QUERY PLAN")
        }
    };
    let explain = Statement::from_string(transaction.get_database_backend(), explain);
    let rows = transaction.query_all_raw(explain).await.expect("a plan");
    if app.database.engine() == Engine::Postgres {
        transaction.execute_unprepared("DEALLOCATE planned").await.expect("it was prepared");
    }
    let lines = rows.iter().map(|row| row.try_get::<String>("", column).expect("a line"));
    lines.collect::<Vec<_>>().join("\n")
}

async fn the_changes_of_one_object_are_found_by_an_index(app: App) {
    let (executed, observed) = app.recorded();
    let ana = observed.member_of("Horizonte").await;
    let mut ids = vec![];
    for scenario in 0..40 {
        let steps = Value::from(vec![json!({}); 12]);
        ids.push(ana.pipeline(&scenario.to_string(), steps).await);
    }
    app.execute("ANALYZE").await;
    let (scenario, steps) = &ids[20];
    for (filter, index) in [
        (json!({ "subjectId": steps[5] }), "ix_change_subject"),
        (json!({ "scenarioId": scenario }), "ix_change_scenario"),
    ] {
        for order in ["ASC", "DESC"] {
            executed.lock().expect("no thread panicked").clear();
            let query = format!(
                "query ($filter: HistoryFilter) {{ viewer {{ organization {{
                    history(first: 10, filter: $filter, orderBy: {{ direction: {order} }}) {{
                        totalCount nodes {{ action }} }} }} }} }}"
            );
            ana.graphql(&query, json!({ "filter": filter })).await;
            let statements = std::mem::take(&mut *executed.lock().expect("no thread panicked"));
            let of_history: Vec<_> =
                statements.iter().filter(|statement| statement.contains("\"change\"")).collect();
            assert_eq!(of_history.len(), 2, "the page and its number: {statements:#?}");
            for statement in of_history {
                let plan = plan(&app, statement).await;
                assert!(plan.contains(index), "{filter} {order}: {statement}\n{plan}");
            }
        }
    }
}

async fn the_history_of_each_object_is_filtered(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let (step, agent) = (ana.steps(&scenario, "a").await.remove(0), ana.agent("Sofia").await);
    let rui = ana.membership("Rui").await;
    for id in [scenario, step, agent, rui] {
        let selected = "created: history(filter: { actions: [CREATED] }) { totalCount }
            deleted: history(filter: { actions: [DELETED] }) { totalCount nodes { id } }";
        let query = format!(
            "{{ node(id: \"{id}\") {{ ... on Agent {{ {selected} }} ... on CrmScenario {{ {selected} }}
                ... on CrmStep {{ {selected} }} ... on Membership {{ {selected} }} }} }}"
        );
        let node = ana.query(&query).await["node"].clone();
        assert_ne!(node["created"]["totalCount"], 0, "{node}");
        assert_eq!(node["deleted"], json!({ "totalCount": 0, "nodes": [] }));
    }
}

async fn filter_values_that_no_change_can_have_are_rejected(app: App) {
    let ana = app.member_of("Horizonte").await;
    for filter in [
        json!({ "since": "0000-01-01T00:00:00Z" }),
        json!({ "actions": vec!["CREATED"; 101] }),
        json!({ "subjectTypes": vec!["AGENT"; 101] }),
    ] {
        let query = "query ($filter: HistoryFilter) { viewer { organization {
            history(filter: $filter) { totalCount } } } }";
        let answer = ana.graphql(query, json!({ "filter": filter })).await;
        assert_eq!(answer.error_code(), "BAD_USER_INPUT");
    }
}

on_both_databases!(
    a_history_is_filtered_by_action_type_and_time,
    a_history_is_filtered_by_its_token,
    a_history_is_filtered_by_its_subject_and_its_scenario,
    pages_of_a_filtered_history_go_on_after_a_cursor,
    the_changes_of_one_object_are_found_by_an_index,
    the_history_of_each_object_is_filtered,
    filter_values_that_no_change_can_have_are_rejected,
);
