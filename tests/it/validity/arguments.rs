//! Arguments that a field of a payload would reject: they are rejected before anything runs, as the error
//! of the field would take the payload of a committed mutation out of the response.

use serde_json::json;

use super::assert_rejected;
use crate::support::{App, on_both_databases};

async fn a_time_that_is_none_stops_all_mutations(app: App) {
    let ana = app.member_of("Horizonte").await;
    let before = app.contents().await;
    let create = "a: createAgent(input: { name: \"a\" }) { agent { history(filter: $filter) {
        totalCount } } }";
    for since in ["\"x\"", "5", "\"2026-11-01\"", "[]", "{ a: $t }", "NOW"] {
        let filter = format!("{{ since: {since} }}");
        let declared = if since.contains("$t") { "($t: DateTime)" } else { "" };
        let document = format!("mutation{declared} {{ {} }}", create.replace("$filter", &filter));
        let answer = assert_rejected(&ana, &document, json!({}), "GRAPHQL_VALIDATION_FAILED").await;
        let message = answer.json()["errors"][0]["message"].clone();
        assert_eq!(
            message,
            "`since` must be of the type DateTime: a DateTime is written like 2026-11-22T18:20:00Z or \
             2026-11-22T15:20:00.123456-03:00.",
        );
    }
    let by_time = create.replace("$filter", "{ since: $t }");
    let by_default = format!("mutation($t: DateTime = \"x\") {{ {by_time} }}");
    assert_rejected(&ana, &by_default, json!({}), "GRAPHQL_VALIDATION_FAILED").await;
    let by_time = format!("mutation($t: DateTime) {{ {by_time} }}");
    let by_filter = format!("mutation($filter: HistoryFilter) {{ {create} }}");
    for time in [json!("x"), json!(5), json!("2026-11-01"), json!([]), json!({})] {
        assert_rejected(&ana, &by_time, json!({ "t": time }), "BAD_USER_INPUT").await;
        let filter = json!({ "filter": { "since": time } });
        let answer = assert_rejected(&ana, &by_filter, filter, "BAD_USER_INPUT").await;
        let message = answer.json()["errors"][0]["message"].to_string();
        assert!(message.contains("The variable $filter.since must be of the type"), "{message}");
    }
    assert_eq!(app.contents().await, before, "nothing was stored");
}

/// Each list of what mutations return, with arguments that it rejects.
async fn arguments_that_a_list_rejects_stop_all_mutations(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    ana.steps(&scenario, "a").await;
    let cursors = format!(
        "{{ changesCursor crmSteps {{ edges {{ cursor }} }}
            crmScenario(id: \"{scenario}\") {{ steps {{ edges {{ cursor }} }} }} }}"
    );
    let cursors = ana.query(&cursors).await;
    let of_steps = &cursors["crmScenario"]["steps"]["edges"][0]["cursor"];
    let others = app.member_of("Evil").await.query("{ changesCursor }").await;
    let of_list = cursors["crmSteps"]["edges"][0]["cursor"].clone();
    let many = ["CREATED"; 101].join(" ");
    let before = app.contents().await;
    for (list, arguments, message) in [
        ("history", format!("after: {of_steps}"), "after is not a cursor of this list"),
        ("history", format!("before: {}", others["changesCursor"]), "before is not a cursor"),
        ("history", "after: $zzz".to_owned(), "after is not a cursor of this list"),
        ("history", format!("filter: {{ actions: [{many}] }}"), "has more than 100 elements"),
        (
            "history",
            "filter: { since: $year0, tokenId: $none }".to_owned(),
            "of the years 1 to 9999",
        ),
        (
            "steps",
            format!("after: {}", cursors["changesCursor"]),
            "after is not a cursor of this list",
        ),
        ("steps", format!("before: {of_list}"), "before is not a cursor of this list"),
        ("steps", "last: 1001".to_owned(), "last is 1001; it must be between 1 and 1000."),
    ] {
        let variables = [("$zzz", "String = \"zzz\""), ("$year0", "DateTime"), ("$none", "ID")];
        let variables = variables.into_iter().filter(|(name, _)| arguments.contains(name));
        let declared: Vec<_> = variables.map(|(name, ty)| format!("{name}: {ty}")).collect();
        let declared = declared.join(", ");
        let document = format!(
            "mutation($b: String!, {declared}) {{
                createCrmScenario(input: {{ name: $b }}) {{
                    crmScenario {{ {list}({arguments}) {{ totalCount }} }} }} }}"
        );
        let variables = json!({ "b": "b", "year0": "0000-01-01T00:00:00Z" });
        let answer = assert_rejected(&ana, &document, variables, "BAD_USER_INPUT").await;
        let told = answer.json()["errors"][0]["message"].to_string();
        assert!(told.contains(message), "{document}: {told}");
    }
    assert_eq!(app.contents().await, before, "nothing was stored");
    let accepted = format!(
        "mutation {{ createCrmScenario(input: {{ name: \"b\" }}) {{ crmScenario {{
            steps(after: {of_steps}) {{ totalCount }}
            history(after: {}, filter: {{ actions: CREATED }}) {{ totalCount }} }} }} }}",
        cursors["changesCursor"]
    );
    let created = ana.query(&accepted).await["createCrmScenario"]["crmScenario"].clone();
    let expected = json!({ "steps": { "totalCount": 0 }, "history": { "totalCount": 1 } });
    assert_eq!(created, expected);
}

on_both_databases!(
    a_time_that_is_none_stops_all_mutations,
    arguments_that_a_list_rejects_stop_all_mutations,
);
