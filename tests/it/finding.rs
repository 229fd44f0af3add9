//! Filters and orders of lists.

use std::collections::BTreeSet;

use async_graphql::connection::{CursorType as _, OpaqueCursor};
use serde_json::{Value, json};

use crate::support::{App, Client, on_both_databases};

/// The names in a list with these arguments.
async fn names(client: &Client, list: &str, arguments: &str, variables: Value) -> String {
    let query = format!(
        "query($first: Int = 100) {{ {list}(first: $first {arguments}) {{ totalCount nodes {{ name }} }} }}"
    );
    let found = client.graphql(&query, variables).await.data()[list].clone();
    let nodes = found["nodes"].as_array().expect("nodes");
    assert_eq!(found["totalCount"], nodes.len(), "{arguments}");
    nodes.iter().map(|node| node["name"].as_str().expect("a name")).collect::<Vec<_>>().join(" ")
}

async fn steps_are_filtered_by_their_fields(app: App) {
    let (ana, eve) = (app.member_of("Horizonte").await, app.member_of("Evil").await);
    let (sales, support) = (ana.scenario("Sales").await, ana.scenario("Support").await);
    let (sofia, sol) = (ana.agent("Sofia").await, ana.agent("Sol").await);
    let (bruno, carla) = (ana.membership("Bruno").await, ana.membership("Carla").await);
    let mut ids = vec![];
    for fields in [
        json!({ "name": "Lead", "agentId": sofia, "defaultTags": ["vip", "new"], "defaultPriority": "HIGH" }),
        json!({ "name": "LEADING", "agentId": sol, "autoNextTime": 5, "isConversationRemovalStep": false, "isRequired": true, "assigneeLogicType": "none" }),
        json!({ "name": "É_100%", "assigneeLogicType": "random_selected", "selectedMembershipIdsForAssignee": [bruno, carla], "defaultStatus": "RESOLVED" }),
        json!({ "name": "Out", "isConversationRemovalStep": true, "defaultTags": ["VIP"], "defaultPriority": "LOW", "isRequired": false, "assigneeLogicType": "clear" }),
        json!({ "name": "Zapi", "zapiAgentId": sofia, "zapiPhoneNumber": "12345678", "zapiMessage": "a", "scenarioId": support }),
        json!({ "name": "Template", "whatsappTemplateAgentId": sol, "whatsappTemplateName": "a", "whatsappTemplateLanguageCode": "en", "scenarioId": support }),
    ] {
        let mut input = json!({ "scenarioId": sales, "prompt": "a" });
        input
            .as_object_mut()
            .expect("an object")
            .extend(fields.as_object().expect("an object").clone());
        ids.push(ana.crm_step(&input).await["id"].as_str().expect("an id").to_owned());
    }
    let theirs = eve.scenario("Eve's").await;
    eve.crm_step(
        &json!({ "scenarioId": theirs, "name": "Lead", "prompt": "a", "defaultTags": ["vip"] }),
    )
    .await;
    ana.done(
        "",
        &format!("updateCrmStep(id: \"{}\", input: {{ autoNextStepId: \"{}\", autoNextTime: 5 }}) {{ replayed }}", ids[4], ids[5]),
        json!({}),
    )
    .await;

    let filters = [
        ("{}".to_owned(), "Lead LEADING É_100% Out Zapi Template"),
        ("{ name: { eq: \"lead\" } }".to_owned(), "Lead"),
        ("{ name: { startsWith: \"lEAD\" } }".to_owned(), "Lead LEADING"),
        ("{ name: { contains: \"eA\" } }".to_owned(), "Lead LEADING"),
        ("{ name: { contains: \"é\" } }".to_owned(), "É_100%"),
        // Wildcards of SQL have no meaning in a filter.
        ("{ name: { contains: \"%\" } }".to_owned(), "É_100%"),
        ("{ name: { contains: \"_\" } }".to_owned(), "É_100%"),
        ("{ name: { contains: \"\\\\\" } }".to_owned(), ""),
        ("{ name: { startsWith: \"lead\", contains: \"ing\" } }".to_owned(), "LEADING"),
        (format!("{{ scenarioId: {{ eq: \"{support}\" }} }}"), "Zapi Template"),
        (format!("{{ agentId: {{ in: [\"{sofia}\", \"{sol}\", \"nonsense\"] }} }}"), "Lead LEADING"),
        ("{ agentId: { in: [] } }".to_owned(), ""),
        ("{ agentId: { eq: \"nonsense\" } }".to_owned(), ""),
        ("{ agentId: { isNull: false } }".to_owned(), "Lead LEADING"),
        ("{ agentId: { isNull: true }, hasTimer: false }".to_owned(), "É_100% Out Template"),
        (format!("{{ not: {{ agentId: {{ eq: \"{sofia}\" }} }} }}"), "LEADING É_100% Out Zapi Template"),
        (format!("{{ zapiAgentId: {{ eq: \"{sofia}\" }} }}"), "Zapi"),
        (format!("{{ whatsappTemplateAgentId: {{ eq: \"{sol}\" }} }}"), "Template"),
        (format!("{{ autoNextStepId: {{ eq: \"{}\" }} }}", ids[5]), "Zapi"),
        ("{ hasTimer: true }".to_owned(), "LEADING Zapi"),
        ("{ isConversationRemovalStep: true }".to_owned(), "Out"),
        ("{ isConversationRemovalStep: false }".to_owned(), "Lead LEADING É_100% Zapi Template"),
        ("{ text: { eq: \"A\" } }".to_owned(), "Lead LEADING É_100% Out Zapi Template"),
        ("{ text: { contains: \"lead\" } }".to_owned(), "Lead LEADING"),
        ("{ isRequired: true }".to_owned(), "LEADING"),
        ("{ isRequired: false }".to_owned(), "Lead É_100% Out Zapi Template"),
        ("{ not: { isRequired: false } }".to_owned(), "LEADING"),
        ("{ assigneeLogicType: { in: [random_selected, clear] } }".to_owned(), "É_100% Out"),
        ("{ assigneeLogicType: { in: [none] } }".to_owned(), "Lead LEADING Zapi Template"),
        ("{ not: { assigneeLogicType: { in: [none, clear] } } }".to_owned(), "É_100%"),
        ("{ assigneeLogicType: { in: [] } }".to_owned(), ""),
        ("{ defaultTags: { has: \"vip\" } }".to_owned(), "Lead Out"),
        ("{ not: { defaultTags: { has: \"vip\" } } }".to_owned(), "LEADING É_100% Zapi Template"),
        ("{ defaultPriority: { in: [HIGH, LOW] } }".to_owned(), "Lead Out"),
        ("{ not: { defaultPriority: { in: [HIGH] } } }".to_owned(), "LEADING É_100% Out Zapi Template"),
        ("{ defaultStatus: { in: [RESOLVED] } }".to_owned(), "É_100%"),
        (format!("{{ selectedMembershipIdsForAssignee: {{ has: \"{carla}\" }} }}"), "É_100%"),
        ("{ selectedMembershipIdsForAssignee: { has: \"nonsense\" } }".to_owned(), ""),
        (format!("{{ id: {{ in: [\"{}\", \"{}\"] }} }}", ids[0], ids[3]), "Lead Out"),
        ("{ or: [{ hasTimer: true }, { name: { eq: \"out\" } }] }".to_owned(), "LEADING Out Zapi"),
        ("{ or: [] }".to_owned(), ""),
        ("{ and: [] }".to_owned(), "Lead LEADING É_100% Out Zapi Template"),
        ("{ hasTimer: true, and: [{ name: { contains: \"a\" } }, { not: { name: { contains: \"p\" } } }] }".to_owned(), "LEADING"),
        ("{ createdAt: { gte: \"2026-11-22T18:20:00.123456Z\", lte: \"2026-11-22T15:20:00.123456-03:00\" } }".to_owned(), "Lead LEADING É_100% Out Zapi Template"),
        ("{ createdAt: { gt: \"2026-11-22T18:20:00.123456Z\" } }".to_owned(), ""),
        ("{ updatedAt: { lt: \"2026-11-22T18:20:00.123456Z\" } }".to_owned(), ""),
        ("{ name: { eq: null } }".to_owned(), "Lead LEADING É_100% Out Zapi Template"),
    ];
    let is_tested =
        |field: &String| filters.iter().any(|(filter, _)| filter.contains(&format!("{field}: ")));
    let mut fields = ana.fields_of("CrmStepFilter").await;
    fields.retain(|field| !is_tested(field));
    assert_eq!(fields, BTreeSet::new(), "each test of a step is tried");
    for (filter, expected) in filters {
        let found = names(&ana, "crmSteps", &format!(", filter: {filter}"), json!({})).await;
        assert_eq!(found, expected, "{filter}");
    }
}

async fn filters_ignore_case_and_unicode_form(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let texts = ["São", "SA\u{303}O", "sao", "Straße", "STRASSE", "İ", "ı", "ΟΔΟΣ", "각"];
    for (number, text) in texts.into_iter().enumerate() {
        let tags = json!([text, number.to_string()]);
        ana.crm_step(
            &json!({ "scenarioId": scenario, "name": text, "prompt": "a", "defaultTags": tags }),
        )
        .await;
        ana.agent(text).await;
    }
    for (wanted, same, containing, starting) in [
        ("são", "São SA\u{303}O", "São SA\u{303}O", "São SA\u{303}O"),
        ("sa\u{303}o", "São SA\u{303}O", "São SA\u{303}O", "São SA\u{303}O"),
        ("SAO", "sao", "sao", "sao"),
        ("sa", "", "sao", "sao"),
        ("STRAẞE", "Straße STRASSE", "Straße STRASSE", "Straße STRASSE"),
        ("ss", "", "Straße STRASSE", ""),
        ("i\u{307}", "İ", "İ", "İ"),
        ("I", "", "İ", "İ"),
        ("ı", "ı", "ı", "ı"),
        ("οδος", "ΟΔΟΣ", "ΟΔΟΣ", "ΟΔΟΣ"),
        ("ς", "", "ΟΔΟΣ", ""),
        ("가", "", "", ""),
    ] {
        for (test, expected) in [("eq", same), ("contains", containing), ("startsWith", starting)] {
            for list in ["crmSteps", "agents"] {
                let filter = format!(", filter: {{ name: {{ {test}: {} }} }}", json!(wanted));
                assert_eq!(
                    names(&ana, list, &filter, json!({})).await,
                    expected,
                    "{list} {filter}"
                );
            }
        }
        let filter = format!(", filter: {{ defaultTags: {{ has: {} }} }}", json!(wanted));
        assert_eq!(names(&ana, "crmSteps", &filter, json!({})).await, same, "{filter}");
        // The negated filter finds all other rows.
        let filter = format!(", filter: {{ not: {{ name: {{ eq: {} }} }} }}", json!(wanted));
        let rest = names(&ana, "crmSteps", &filter, json!({})).await;
        let count = |names: &str| names.split_whitespace().count();
        assert_eq!(count(&rest) + count(same), texts.len(), "{filter}");
    }
    // The folded form of a name or tag is updated with its text.
    let renamed =
        "updateCrmStep(id: $id, input: { name: \"ẞ\", defaultTags: [\"Å\"] }) { crmStep { name } }";
    let found =
        ana.graphql("{ crmSteps(filter: { name: { eq: \"각\" } }) { nodes { id } } }", json!({}));
    let id = found.await.data()["crmSteps"]["nodes"][0]["id"].clone();
    ana.done("($id: ID!)", renamed, json!({ "id": id })).await;
    for filter in ["name: { eq: \"SS\" }", "defaultTags: { has: \"a\u{30a}\" }"] {
        let filter = format!(", filter: {{ {filter} }}");
        assert_eq!(names(&ana, "crmSteps", &filter, json!({})).await, "ẞ", "{filter}");
    }
}

async fn the_other_lists_are_filtered_and_ordered(app: App) {
    let ana = app.member_of("Horizonte").await;
    for name in ["Beta", "alpha", "Gamma"] {
        ana.scenario(name).await;
        ana.agent(name).await;
        ana.membership(name).await;
    }
    for list in ["crmScenarios", "agents", "memberships"] {
        for (arguments, expected) in [
            (", filter: { name: { contains: \"A\" } }", "Beta alpha Gamma"),
            (", filter: { name: { startsWith: \"a\" } }", "alpha"),
            (", filter: { not: { name: { eq: \"BETA\" } } }", "alpha Gamma"),
            (
                ", filter: { or: [{ name: { eq: \"beta\" } }, { name: { eq: \"gamma\" } }] }",
                "Beta Gamma",
            ),
            (", orderBy: [{ field: NAME }]", "alpha Beta Gamma"),
            (", orderBy: [{ field: NAME, direction: DESC }]", "Gamma Beta alpha"),
            (
                ", orderBy: [{ field: CREATED_AT }, { field: NAME, direction: DESC }]",
                "Gamma Beta alpha",
            ),
            (", orderBy: []", "Beta alpha Gamma"),
        ] {
            assert_eq!(
                names(&ana, list, arguments, json!({})).await,
                expected,
                "{list}{arguments}"
            );
        }
    }
    let role = ", filter: { role: { in: [OWNER, ADMIN] } }";
    assert_eq!(names(&ana, "memberships", role, json!({})).await, "");
}

async fn pages_of_any_order_have_each_row_once(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (one, other) = (ana.scenario("Sales").await, ana.scenario("Support").await);
    // Half a second apart, so that times are stored with and without fractions.
    for (number, scenario) in [&one, &other, &one, &other, &one, &one].into_iter().enumerate() {
        let time = "2026-11-22T18:20:00Z".parse::<chrono::DateTime<chrono::Utc>>().expect("a time");
        let time =
            time + chrono::TimeDelta::milliseconds(500) * i32::try_from(number / 2).expect("small");
        let then = app.at(time).member_of("Horizonte").await;
        then.steps(scenario, ["same", "b", "same", "A", "same", "c"][number]).await;
    }
    for order in [
        "[{ field: NAME }]",
        "[{ field: NAME, direction: DESC }]",
        "[{ field: NAME, direction: DESC }, { field: INDEX }]",
        "[{ field: INDEX, direction: DESC }, { field: CREATED_AT }]",
        "[{ field: CREATED_AT }]",
        "[{ field: CREATED_AT, direction: DESC }, { field: NAME }]",
        "[{ field: UPDATED_AT }, { field: INDEX }, { field: NAME }]",
    ] {
        let all =
            ana.query(&format!("{{ crmSteps(orderBy: {order}) {{ nodes {{ id }} }} }}")).await;
        let all = all["crmSteps"]["nodes"].as_array().expect("nodes").clone();
        assert_eq!(all.len(), 6);
        for (count, cursor, from_end) in [("first", "after", false), ("last", "before", true)] {
            let mut found = vec![];
            let mut bound = Value::Null;
            loop {
                let query = format!(
                    "query($bound: String) {{ crmSteps(orderBy: {order}, {count}: 1, {cursor}: $bound) {{
                        nodes {{ id }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}"
                );
                let page =
                    ana.graphql(&query, json!({ "bound": bound })).await.data()["crmSteps"].clone();
                found.extend(page["nodes"].as_array().expect("nodes").iter().cloned());
                let (more, next) = if from_end {
                    ("hasPreviousPage", "startCursor")
                } else {
                    ("hasNextPage", "endCursor")
                };
                if page["pageInfo"][more] == false {
                    break;
                }
                bound = page["pageInfo"][next].clone();
            }
            if from_end {
                found.reverse();
            }
            assert_eq!(found, all, "{order} {count}");
        }
    }
    let by_time =
        names(&ana, "crmSteps", ", orderBy: [{ field: CREATED_AT }, { field: NAME }]", json!({}))
            .await;
    assert_eq!(by_time, "b same A same c same");
}

async fn a_cursor_belongs_to_one_list_and_order(app: App) {
    let ana = app.member_of("Horizonte").await;
    ana.agent("a").await;
    ana.agent("b").await;
    let page = ana
        .query("{ agents(first: 1, orderBy: [{ field: NAME }]) { pageInfo { endCursor } } }")
        .await;
    let cursor = page["agents"]["pageInfo"]["endCursor"].as_str().expect("a cursor").to_owned();
    let same = format!(
        "{{ agents(after: \"{cursor}\", orderBy: [{{ field: NAME }}]) {{ nodes {{ name }} }} }}"
    );
    assert_eq!(ana.query(&same).await["agents"]["nodes"], json!([{ "name": "b" }]));
    for order in ["[{ field: NAME, direction: DESC }]", "[{ field: CREATED_AT }]", "[]"] {
        let other = format!("{{ agents(after: \"{cursor}\", orderBy: {order}) {{ totalCount }} }}");
        assert_eq!(ana.graphql(&other, json!({})).await.error_code(), "BAD_USER_INPUT", "{order}");
    }
}

async fn invented_cursors_are_rejected(app: App) {
    let ana = app.member_of("Horizonte").await;
    let made_up = |keys: &Value, order: &str| {
        OpaqueCursor(json!({ "order": order, "keys": keys })).encode_cursor()
    };
    let id = json!({ "Id": "019a0000-0000-7000-8000-000000000301" });
    for (keys, order, by) in [
        (json!([{ "Text": "\u{0}" }, id]), "name_folded,id", "NAME"),
        (json!([{ "Number": 1 }, id]), "name_folded,id", "NAME"),
        (json!([{ "Text": "a" }]), "name_folded,id", "NAME"),
        (json!([{ "Time": "-100000-01-01T00:00:00Z" }, id]), "created_at,id", "CREATED_AT"),
        (json!([{ "Time": "+10000-01-01T00:00:00Z" }, id]), "created_at,id", "CREATED_AT"),
    ] {
        let cursor = made_up(&keys, order);
        let query = format!(
            "{{ agents(after: \"{cursor}\", orderBy: [{{ field: {by} }}]) {{ totalCount }} }}"
        );
        assert_eq!(ana.graphql(&query, json!({})).await.error_code(), "BAD_USER_INPUT", "{keys}");
    }
    // A well-formed cursor is accepted, even if no row has its keys.
    let cursor = made_up(&json!([{ "Text": "a" }, id]), "name_folded,id");
    let query =
        format!("{{ agents(after: \"{cursor}\", orderBy: [{{ field: NAME }}]) {{ totalCount }} }}");
    assert_eq!(ana.query(&query).await["agents"]["totalCount"], 0);
}

async fn filter_values_that_no_column_can_hold_are_rejected(app: App) {
    let ana = app.member_of("Horizonte").await;
    for filter in [
        json!({ "name": { "eq": "\u{0}" } }),
        json!({ "text": { "contains": "\u{0}" } }),
        json!({ "text": { "startsWith": "x".repeat(300) } }),
        json!({ "defaultTags": { "has": "\u{0}" } }),
        json!({ "defaultTags": { "has": "x".repeat(300) } }),
        json!({ "defaultStatus": { "in": vec!["RESOLVED"; 101] } }),
        json!({ "defaultPriority": { "in": vec!["LOW"; 101] } }),
        json!({ "assigneeLogicType": { "in": vec!["none"; 101] } }),
        json!({ "createdAt": { "gt": "-100000-01-01T00:00:00Z" } }),
        json!({ "updatedAt": { "lte": "+10000-01-01T00:00:00Z" } }),
    ] {
        let query = "query($filter: CrmStepFilter) { crmSteps(filter: $filter) { totalCount } }";
        let answer = ana.graphql(query, json!({ "filter": filter })).await;
        assert_eq!(answer.error_code(), "BAD_USER_INPUT", "{filter}");
    }
    let roles = json!({ "filter": { "role": { "in": vec!["USER"; 101] } } });
    let query = "query($filter: MembershipFilter) { memberships(filter: $filter) { totalCount } }";
    assert_eq!(ana.graphql(query, roles).await.error_code(), "BAD_USER_INPUT");
}

async fn times_are_rfc_3339_with_an_offset(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    ana.steps(&scenario, "a").await;
    let by_literal =
        "{ crmSteps(filter: { createdAt: { gte: $time, lte: $time } }) { totalCount } }";
    let by_variable = format!("query($time: DateTime!) {by_literal}");
    for time in [
        "2026-11-22T18:20:00.123456Z",
        "2026-11-22t18:20:00.123456z",
        "2026-11-22T18:20:00.123456000Z",
        "2026-11-22T18:20:00.123456+00:00",
        "2026-11-22T18:20:00.123456-00:00",
        "2026-11-22T15:20:00.123456-03:00",
        "2026-11-23T04:05:00.123456+09:45",
    ] {
        let literal = by_literal.replace("$time", &format!("\"{time}\""));
        for found in [
            ana.graphql(&by_variable, json!({ "time": time })).await.data(),
            ana.query(&literal).await,
        ] {
            assert_eq!(found["crmSteps"]["totalCount"], 1, "{time}");
        }
    }
    for time in [
        json!(""),
        json!("then"),
        json!("2026-11-22"),
        json!("2026-11-22T18:20:00"),
        json!("2026-11-22T18:20Z"),
        json!("2026-11-22 18:20:00Z"),
        json!(" 2026-11-22T18:20:00Z"),
        json!("2026-11-22T18:20:00Z "),
        json!("2026-11-22T18:20:00 Z"),
        json!("2026-11-22T18:20:00+0000"),
        json!("2026-11-22T18:20:00+24:00"),
        json!("2026-11-31T18:20:00Z"),
        json!("2026-11-22T24:00:00Z"),
        json!("2026-11-22T18:20:00.Z"),
        json!("22026-11-22T18:20:00Z"),
        json!("+2026-11-22T18:20:00Z"),
        json!("2026-11-22T18:20:00Z[UTC]"),
        json!("\u{662}026-11-22T18:20:00Z"),
        json!(1_795_371_600),
        json!(true),
        json!({}),
    ] {
        let answer = ana.graphql(&by_variable, json!({ "time": time })).await;
        assert_eq!(answer.error_code(), "BAD_USER_INPUT", "{time}");
    }
    let answer = ana.graphql(&by_variable, json!({ "time": "yesterday" })).await;
    let message = answer.json()["errors"][0]["message"].as_str().expect("a sentence").to_owned();
    assert!(message.contains("is written like 2026-11-22T18:20:00Z or"), "{message}");
    let of_year_0 = json!({ "time": "0000-11-22T18:20:00.5-03:00" });
    let answer = ana.graphql(&by_variable, of_year_0).await;
    assert_eq!(
        answer.json()["errors"][0]["message"],
        "0000-11-22T21:20:00.500Z in filter is not of the years 1 to 9999."
    );
}

async fn filters_are_bounded(app: App) {
    let ana = app.member_of("Horizonte").await;
    let nested = format!("{}{{ hasTimer: true }}{}", "{ not: ".repeat(30), " }".repeat(30));
    ana.query(&format!("{{ crmSteps(filter: {nested}) {{ totalCount }} }}")).await;
    for filter in [
        json!({ "or": vec![json!({ "hasTimer": true }); 60] }),
        json!({ "and": vec![json!({}); 101] }),
        json!({ "agentId": { "in": vec!["a"; 101] } }),
        json!({ "name": { "contains": "é".repeat(256) } }),
    ] {
        let query = "query($filter: CrmStepFilter) { crmSteps(filter: $filter) { totalCount } }";
        let answer = ana.graphql(query, json!({ "filter": filter })).await;
        assert_eq!(answer.error_code(), "BAD_USER_INPUT");
    }
    let orders = "{ field: NAME },".repeat(6);
    let answer = ana
        .graphql(&format!("{{ crmSteps(orderBy: [{orders}]) {{ totalCount }} }}"), json!({}))
        .await;
    assert_eq!(answer.error_code(), "BAD_USER_INPUT");
}

on_both_databases!(
    steps_are_filtered_by_their_fields,
    filters_ignore_case_and_unicode_form,
    the_other_lists_are_filtered_and_ordered,
    pages_of_any_order_have_each_row_once,
    a_cursor_belongs_to_one_list_and_order,
    invented_cursors_are_rejected,
    filter_values_that_no_column_can_hold_are_rejected,
    times_are_rfc_3339_with_an_offset,
    filters_are_bounded,
);
