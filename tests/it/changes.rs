//! The changes of an organization as events: each once, in the order of the history.

use crm_steps::{domain::access_token::Scope, graphql::error::ErrorCode, store::history::cursor};
use futures_util::{StreamExt as _, stream::FuturesUnordered};
use serde_json::{Value, json};

use crate::support::{App, Client, Subscriber, Subscriptions, on_both_databases};

/// What most tests select.
const CHANGE: &str = "node { action subjectType subjectId }";

/// The ids of the subjects of all changes of an organization, as its history lists them.
async fn history(client: &Client) -> Vec<String> {
    let query = "{ viewer { organization { history(first: 100) { nodes { subjectId } } } } }";
    let data = client.query(query).await;
    let nodes = data["viewer"]["organization"]["history"]["nodes"].as_array().expect("nodes");
    nodes.iter().map(|node| node["subjectId"].as_str().expect("an id").to_owned()).collect()
}

async fn a_change_reaches_a_subscriber(app: App) {
    let ana = app.member_of("Horizonte").await;
    let mut subscriber = Subscriptions::of(&app)
        .changes(
            &ana,
            None,
            "node { action subjectType tokenName subject { id ... on Agent { name } } }",
        )
        .await;
    let agent = ana.agent("Sofia").await;
    let change = subscriber.next().await.change();
    assert_eq!(
        change,
        json!({ "node": {
            "action": "CREATED", "subjectType": "AGENT", "tokenName": "test",
            "subject": { "id": agent, "name": "Sofia" },
        } })
    );
}

async fn a_subscriber_without_a_cursor_gets_only_what_is_new(app: App) {
    let ana = app.member_of("Horizonte").await;
    ana.agent("Before").await;
    let mut subscriber = Subscriptions::of(&app).changes(&ana, None, CHANGE).await;
    let after = ana.agent("After").await;
    assert_eq!(subscriber.subjects(1).await, [after]);
}

async fn resuming_misses_nothing(app: App) {
    let ana = app.member_of("Horizonte").await;
    let subscriptions = Subscriptions::of(&app);
    let mut first = subscriptions.changes(&ana, None, CHANGE).await;
    let scenario = ana.scenario("Sales").await;
    ana.steps(&scenario, "a b c").await;
    let mut cursors = vec![];
    for _ in 0..4 {
        cursors.push(first.next().await.cursor);
    }
    ana.steps(&scenario, "d e").await;
    let all = history(&ana).await;
    for (index, cursor) in cursors.iter().enumerate() {
        let mut resumed = subscriptions.changes(&ana, Some(cursor), CHANGE).await;
        let rest = &all[index + 1..];
        assert_eq!(resumed.subjects(rest.len()).await, rest);
    }
}

/// Makes more changes than are read into memory; returns the ids of their subjects in their order.
async fn many_changes(client: &Client) -> Vec<String> {
    let mut subjects = vec![];
    for name in ["A", "B", "C"] {
        let (scenario, steps) = client.pipeline(name, json!(vec![json!({}); 100])).await;
        subjects.push(scenario);
        subjects.extend(steps);
    }
    subjects
}

async fn a_subscriber_far_behind_reads_pages(app: App) {
    let ana = app.member_of("Horizonte").await;
    let subjects = many_changes(&ana).await;
    let subscriptions = Subscriptions::of(&app);
    let organization = subscriptions.caller(&ana).await.organization;
    let start = cursor::encode(organization, 0);
    let mut subscriber = subscriptions.changes(&ana, Some(&start), CHANGE).await;
    let mut misses = 0;
    for subject in subjects {
        let event = subscriber.next().await;
        misses += event.ring_misses;
        assert_eq!(event.change()["node"]["subjectId"], subject.as_str());
    }
    assert_eq!(misses, 1, "47 changes are not in memory, which are less than a page");
}

async fn changes_of_another_organization_are_not_seen(app: App) {
    let (ana, bruno) = (app.member_of("Horizonte").await, app.member_of("Atlas").await);
    let subscriptions = Subscriptions::of(&app);
    let mut of_ana = subscriptions.changes(&ana, None, CHANGE).await;
    let mut of_bruno = subscriptions.changes(&bruno, None, CHANGE).await;
    let (first, second) = (bruno.agent("Rita").await, ana.agent("Sofia").await);
    assert_eq!(of_ana.subjects(1).await, [second]);
    assert_eq!(of_bruno.subjects(1).await, [first]);
}

async fn the_arguments_select_changes_and_the_position_moves_past_others(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (sales, other) = (ana.scenario("Sales").await, ana.scenario("Other").await);
    let subscriptions = Subscriptions::of(&app);
    let document = "subscription($scenario: ID, $types: [ChangeSubjectType!]) {
        changes(scenarioId: $scenario, subjectTypes: $types) { node { subjectId } }
    }";
    let start = async |variables: Value| {
        let started = subscriptions.start(&ana, document, variables, None).await;
        started.expect("the arguments are valid")
    };
    let mut of_sales = start(json!({ "scenario": sales })).await;
    let mut of_agents = start(json!({ "types": "AGENT" })).await;
    let mut of_both = start(json!({ "scenario": other, "types": ["CRM_STEP"] })).await;
    let mut of_none = start(json!({ "types": [] })).await;
    let mut of_unknown = start(json!({ "scenario": "unknown" })).await;
    let mut all = start(json!({})).await;

    let step = ana.steps(&sales, "a").await.remove(0);
    let agent = ana.agent("Sofia").await;
    let in_other = ana.steps(&other, "b").await.remove(0);
    assert_eq!(of_sales.subjects(1).await, [&*step]);
    assert_eq!(of_agents.subjects(1).await, [&*agent]);
    assert_eq!(of_both.subjects(1).await, [&*in_other]);
    assert_eq!(all.subjects(3).await, [step, agent, in_other]);
    let end = all.0.cursor();
    for subscriber in [&mut of_sales, &mut of_agents, &mut of_none, &mut of_unknown] {
        // Nothing is left for it, so it waits; the position is behind all changes then.
        assert!(futures_util::poll!(std::pin::pin!(subscriber.0.next())).is_pending());
        assert_eq!(subscriber.0.cursor(), end);
    }
}

async fn the_subject_is_as_it_is_now(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let subscriptions = Subscriptions::of(&app);
    let organization = subscriptions.caller(&ana).await.organization;
    let end = cursor::encode(organization, 1);
    let ids = ana.steps(&scenario, "a b").await;
    for field in [
        format!("updateCrmStep(id: \"{}\", input: {{ name: \"A\" }}) {{ replayed }}", ids[0]),
        format!("deleteCrmStep(id: \"{}\") {{ replayed }}", ids[1]),
    ] {
        ana.done("", &field, json!({})).await;
    }
    let selected = "node { action subject { ... on CrmStep { name scenario { name } } } }";
    let mut subscriber = subscriptions.changes(&ana, Some(&end), selected).await;
    let mut seen = vec![];
    for _ in 0..4 {
        let change = subscriber.next().await.change();
        seen.push(json!([change["node"]["action"], change["node"]["subject"]]));
    }
    let now = json!({ "name": "A", "scenario": { "name": "Sales" } });
    assert_eq!(
        seen,
        [
            json!(["CREATED", now]),
            json!(["CREATED", null]),
            json!(["UPDATED", now]),
            json!(["DELETED", null]),
        ]
    );
}

async fn cursors_that_do_not_continue_are_rejected(app: App) {
    let (ana, bruno) = (app.member_of("Horizonte").await, app.member_of("Atlas").await);
    ana.agent("Sofia").await;
    bruno.agent("Rita").await;
    let subscriptions = Subscriptions::of(&app);
    let ours = subscriptions.caller(&ana).await.organization;
    let theirs = subscriptions.caller(&bruno).await.organization;
    let start = async |after: &str, last_event_id: Option<&str>| {
        let document = "subscription($after: String) { changes(after: $after) { cursor } }";
        let started = subscriptions.start(&ana, document, json!({ "after": after }), last_event_id);
        started.await.map(|_| ())
    };
    let (first, last) = (cursor::encode(ours, 0), cursor::encode(ours, 1));
    let (of_others, beyond) = (cursor::encode(theirs, 1), cursor::encode(ours, 3));
    for cursor in ["", "nonsense", &*of_others, &*beyond] {
        let (code, message) = start(cursor, None).await.expect_err("it is no cursor of ours");
        assert_eq!(code, ErrorCode::BadUserInput);
        assert!(message.starts_with("after is not a cursor"), "{message}");
        let (code, message) = start(&last, Some(cursor)).await.expect_err("it comes first");
        assert_eq!(code, ErrorCode::BadUserInput);
        assert!(message.starts_with("Last-Event-ID is not a cursor"), "{message}");
        assert_eq!(start(cursor, Some(&last)).await, Ok(()), "the other one comes first");
    }
    assert_eq!(start(&first, None).await, Ok(()));

    app.execute("DELETE FROM change WHERE sequence = 1").await;
    app.execute("UPDATE organization SET history_purged_to = 1 WHERE name = 'Horizonte'").await;
    let (code, _) = start(&first, None).await.expect_err("what came after it is gone");
    assert_eq!(code, ErrorCode::CursorExpired);
    assert_eq!(start(&last, None).await, Ok(()), "it is the end of an empty history");
}

async fn a_stream_whose_next_changes_are_purged_ends(app: App) {
    let ana = app.member_of("Horizonte").await;
    many_changes(&ana).await;
    let subscriptions = Subscriptions::of(&app);
    let organization = subscriptions.caller(&ana).await.organization;
    let start = cursor::encode(organization, 0);
    let mut subscriber = subscriptions.changes(&ana, Some(&start), CHANGE).await;
    app.execute("DELETE FROM change WHERE sequence = 1").await;
    app.execute("UPDATE organization SET history_purged_to = 1").await;
    let event = subscriber.0.next().await.expect("it says why it ends");
    assert!(event.ends);
    let response: Value = serde_json::from_slice(&event.payload).expect("it is JSON");
    assert_eq!(response["errors"][0]["extensions"]["code"], "CURSOR_EXPIRED");
    assert_eq!(
        (&response["data"], &response["extensions"]["cursor"]),
        (&Value::Null, &json!(start))
    );
    assert!(subscriber.0.next().await.is_none());
}

/// A page that is no longer in memory is read again by its first position, after which changes may be
/// purged meanwhile.
async fn a_purge_behind_a_subscriber_does_not_end_its_stream(app: App) {
    let ana = app.member_of("Horizonte").await;
    let long = json!({ "prompt": "ü".repeat(20_000) });
    let (_, steps) = ana.pipeline("Long", json!(vec![long; 63])).await;
    many_changes(&ana).await;
    let subscriptions = Subscriptions::of(&app);
    let organization = subscriptions.caller(&ana).await.organization;
    let at = |number| cursor::encode(organization, number);
    let mut subscriber = subscriptions.changes(&ana, Some(&at(0)), CHANGE).await;
    subscriber.next().await;
    app.execute("DELETE FROM change WHERE sequence = 1").await;
    app.execute("UPDATE organization SET history_purged_to = 1").await;
    // Pages of other subscribers take the memory.
    for number in 1..=30 {
        subscriptions.changes(&ana, Some(&at(number)), CHANGE).await.next().await;
    }
    assert_eq!(subscriber.subjects(63).await, steps);
}

async fn only_changes_after_the_subscription_are_timed(app: App) {
    let ana = app.member_of("Horizonte").await;
    let subscriptions = Subscriptions::of(&app);
    let organization = subscriptions.caller(&ana).await.organization;
    let start = cursor::encode(organization, 0);
    let mut live = subscriptions.changes(&ana, None, CHANGE).await;
    let is_timed = async |subscriber: &mut Subscriber| {
        subscriber.0.next().await.expect("the stream goes on").committed.is_some()
    };
    ana.agent("Read when the log begins").await;
    live.next().await;
    ana.agent("Sofia").await;
    assert!(is_timed(&mut live).await);
    let mut resumed = subscriptions.changes(&ana, Some(&start), CHANGE).await;
    assert!(!is_timed(&mut resumed).await);
    assert!(!is_timed(&mut resumed).await, "it is in memory with its time, and was missed");
    ana.agent("Rita").await;
    assert!(is_timed(&mut resumed).await && is_timed(&mut live).await);
}

/// Of the events that are executed at the same time half are left to other organizations.
async fn many_documents_of_one_organization_do_not_delay_others(app: App) {
    let (ana, bruno) = (app.member_of("Horizonte").await, app.member_of("Atlas").await);
    let subscriptions = Subscriptions::of(&app);
    let mut of_ana = vec![];
    for number in 0..100 {
        let history = format!("a{number}: history {{ totalCount }}");
        let selected = format!("node {{ subject {{ ... on Agent {{ {history} }} }} }}");
        of_ana.push(subscriptions.changes(&ana, None, &selected).await);
    }
    let mut of_bruno = subscriptions.changes(&bruno, None, CHANGE).await;
    for (client, name) in [(&ana, "Sofia"), (&bruno, "Rita")] {
        // When this subscriber has the change, it is in memory.
        let mut first = subscriptions.changes(client, None, "cursor").await;
        client.agent(name).await;
        first.next().await;
    }
    let mut events: FuturesUnordered<_> = of_ana.iter_mut().map(Subscriber::next).collect();
    // Begins to execute all of them.
    let mut before = usize::from(futures_util::poll!(events.next()).is_ready());
    let mut event = std::pin::pin!(of_bruno.next());
    while futures_util::poll!(&mut event).is_pending() {
        events.next().await.expect("it comes after the other one");
        before += 1;
    }
    assert!(before < 50, "{before}");
}

async fn an_event_with_errors_has_its_cursor_and_the_stream_goes_on(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let ids = ana.steps(&scenario, "a b c").await;
    app.leave_no_room().await;
    let page =
        format!("{{ crmScenario(id: \"{scenario}\") {{ steps {{ edges {{ cursor }} }} }} }}");
    let page = ana.query(&page).await;
    let renumbered = &page["crmScenario"]["steps"]["edges"][0]["cursor"];
    let field = "moveCrmStep(id: $id, to: $to) { crmStep { id } userErrors { code } }";
    let variables = json!({ "id": ids[2], "to": { "before": ids[1] } });
    ana.done("($id: ID!, $to: CrmStepPlacement!)", field, variables).await;
    let selected =
        format!("node {{ crmScenario {{ steps(after: {renumbered}) {{ totalCount }} }} }}");
    let mut subscriber = Subscriptions::of(&app).changes(&ana, None, &selected).await;
    for name in ["d", "e"] {
        ana.steps(&scenario, name).await;
        let event = subscriber.next().await;
        let response = event.json();
        let error = &response["errors"][0];
        assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT");
        assert!(error["extensions"]["requestId"].is_string());
        assert_eq!(response["extensions"], json!({ "cursor": event.cursor }));
    }
}

async fn subscribers_with_the_same_document_share_one_execution(app: App) {
    let (executed, observed) = app.recorded();
    let ana = app.member_of("Horizonte").await;
    let subscriptions = Subscriptions::of(&observed);
    let selected = "node { subject { id ... on CrmStep { scenario { name } } } }";
    let mut first = subscriptions.changes(&ana, None, selected).await;
    let mut second = subscriptions.changes(&ana, None, selected).await;
    let mut other = subscriptions.changes(&ana, None, "node { subject { __typename } }").await;
    let agent = ana.agent("Sofia").await;
    executed.lock().expect("no thread panicked").clear();
    let (of_first, of_second) = (first.next().await, second.next().await);
    other.next().await;
    assert_eq!(of_first.change()["node"]["subject"]["id"], agent);
    assert_eq!(of_first.payload.as_ptr(), of_second.payload.as_ptr(), "it is one text");
    let executed = executed.lock().expect("no thread panicked");
    let of_subject = executed.iter().filter(|statement| statement.contains("LEFT JOIN"));
    assert_eq!(of_subject.count(), 1, "{executed:#?}");
}

async fn secrets_are_masked_by_the_scopes_of_each_subscriber(app: App) {
    let ana = app.member_of("Horizonte").await;
    let reader = app.bearer("Horizonte", &[Scope::Read]).await;
    let scenario = ana.scenario("Sales").await;
    let subscriptions = Subscriptions::of(&app);
    let selected = "node { subject { ... on CrmStep { webhookHeader } } }";
    let mut open = subscriptions.changes(&ana, None, selected).await;
    let mut masked = subscriptions.changes(&reader, None, selected).await;
    let input = json!({
        "scenarioId": scenario, "name": "a", "prompt": "Greet.",
        "webhookUrl": "https://example.com/", "webhookHeader": { "X-Key": "secret" },
    });
    ana.crm_step(&input).await;
    let header = async |subscriber: &mut Subscriber| {
        subscriber.next().await.change()["node"]["subject"]["webhookHeader"]["X-Key"].clone()
    };
    assert_eq!(header(&mut open).await, "secret");
    assert_eq!(header(&mut masked).await, "***");
}

async fn changes_made_by_another_replica_arrive(app: App) {
    let ana = app.member_of("Horizonte").await;
    let mut subscriber = Subscriptions::of(&app.replica().await).changes(&ana, None, CHANGE).await;
    let agent = ana.agent("Sofia").await;
    assert_eq!(subscriber.subjects(1).await, [agent]);
}

async fn a_rejected_call_is_no_event(app: App) {
    let ana = app.member_of("Horizonte").await;
    let mut subscriber = Subscriptions::of(&app).changes(&ana, None, CHANGE).await;
    ana.call("", "createAgent(input: { name: \"\" }) { agent { id } }", json!({})).await;
    let field = "createAgent(input: { name: \"a\" }, validateOnly: true) { agent { id } }";
    ana.done("", field, json!({})).await;
    let agent = ana.agent("Sofia").await;
    assert_eq!(subscriber.subjects(1).await, [agent]);
}

on_both_databases!(one thread: many_documents_of_one_organization_do_not_delay_others);

on_both_databases!(
    a_purge_behind_a_subscriber_does_not_end_its_stream,
    only_changes_after_the_subscription_are_timed,
    a_change_reaches_a_subscriber,
    a_subscriber_without_a_cursor_gets_only_what_is_new,
    resuming_misses_nothing,
    a_subscriber_far_behind_reads_pages,
    changes_of_another_organization_are_not_seen,
    the_arguments_select_changes_and_the_position_moves_past_others,
    the_subject_is_as_it_is_now,
    cursors_that_do_not_continue_are_rejected,
    a_stream_whose_next_changes_are_purged_ends,
    an_event_with_errors_has_its_cursor_and_the_stream_goes_on,
    subscribers_with_the_same_document_share_one_execution,
    secrets_are_masked_by_the_scopes_of_each_subscriber,
    changes_made_by_another_replica_arrive,
    a_rejected_call_is_no_event,
);
