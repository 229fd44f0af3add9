//! Server-sent events: GraphQL over SSE in distinct connections mode.

use std::time::Duration;

use crm_steps::{db::Engine, domain::access_token::Scope};
use reqwest::Response;
use serde_json::{Value, json};

use super::{CHANGES, serve, stream, token};
use crate::support::{App, Client, EventStream, ServerSent, hash, on_both_databases, trusted};

on_both_databases!(
    a_stream_begins_with_its_cursor,
    what_is_accepted_decides_the_form_of_the_response,
    a_subscription_is_sent_by_get_as_well,
    a_query_where_only_a_stream_is_accepted_is_one_event,
    an_error_before_the_first_event_is_an_http_error,
    a_subscription_is_not_sent_in_a_list,
    a_revoked_token_ends_its_streams_without_complete,
    a_service_that_stops_ends_its_streams_without_complete,
    documents_are_named_by_their_hash,
);

/// Posts a request with an Accept header.
async fn post(server: &str, client: &Client, accept: &str, body: &Value) -> Response {
    let request = reqwest::Client::new().post(format!("{server}/graphql"));
    let request = request.header("authorization", client.authorization()).header("accept", accept);
    request.json(body).send().await.expect("it answers")
}

/// The status and the media type of a response.
fn form(response: &Response) -> (u16, &str) {
    let media_type = response.headers()["content-type"].to_str().expect("text");
    (response.status().as_u16(), media_type)
}

async fn a_stream_begins_with_its_cursor(app: App) {
    let (server, member) = (serve(&app).await, app.member_of("Horizonte").await);
    let response = post(&server, &member, "*/*", &json!({ "query": CHANGES })).await;
    let headers = response.headers();
    assert_eq!(headers["cache-control"], "no-cache, no-transform");
    assert_eq!(headers["x-accel-buffering"], "no");
    // With it, a client resumes that has received no event.
    let block = EventStream::of(response).block().await.expect("it begins");
    let cursor = member.query("{ changesCursor }").await["changesCursor"].clone();
    assert_eq!(block, format!("id: {}\n:\n\n", cursor.as_str().expect("a cursor")));
}

async fn what_is_accepted_decides_the_form_of_the_response(app: App) {
    let (server, member) = (serve(&app).await, app.member_of("Horizonte").await);
    let (stream, json) = ("text/event-stream", "application/json");
    for (accept, of_subscription, of_query) in [
        ("*/*", (200, stream), (200, json)),
        ("text/event-stream", (200, stream), (200, stream)),
        ("text/*", (200, stream), (200, stream)),
        ("application/json, text/event-stream", (200, stream), (200, json)),
        ("text/event-stream;q=0.1, application/json", (200, stream), (200, json)),
        ("application/json", (406, json), (200, json)),
        ("*/*, text/event-stream;q=0", (406, json), (200, json)),
        ("multipart/mixed;subscriptionSpec=1.0, application/json", (406, json), (200, json)),
        ("text/html", (406, json), (406, json)),
    ] {
        let subscription = post(&server, &member, accept, &json!({ "query": CHANGES })).await;
        assert_eq!(form(&subscription), of_subscription, "{accept}");
        let query = post(&server, &member, accept, &json!({ "query": "{ __typename }" })).await;
        assert_eq!(form(&query), of_query, "{accept}");
    }
    let rejected = post(&server, &member, "application/json", &json!({ "query": CHANGES })).await;
    let rejected: Value = rejected.json().await.expect("JSON");
    assert_eq!(
        rejected["errors"][0]["message"],
        "A subscription has a stream of responses, which the Accept header excludes; send `Accept: \
         text/event-stream`, or use a WebSocket."
    );
    // What is rejected before it is known to be a subscription has the status of its errors.
    for (accept, status) in [
        ("application/json, text/event-stream", 400),
        ("text/event-stream", 400),
        ("application/json", 200),
    ] {
        let body = json!({ "query": "subscription { nothing }" });
        let rejected = post(&server, &member, accept, &body).await;
        assert_eq!(form(&rejected), (status, json), "{accept}");
    }
}

async fn a_subscription_is_sent_by_get_as_well(app: App) {
    let (server, member) = (serve(&app).await, app.member_of("Horizonte").await);
    let url = format!("{server}/graphql?query=subscription%7Bchanges%7Bcursor%7D%7D");
    let request = reqwest::Client::new().get(url).header("accept", "text/event-stream");
    let request = request.header("authorization", member.authorization());
    let response = request.send().await.expect("it answers");
    assert_eq!(form(&response), (200, "text/event-stream"));
}

async fn a_query_where_only_a_stream_is_accepted_is_one_event(app: App) {
    let (server, member) = (serve(&app).await, app.member_of("Horizonte").await);
    let mut stream = stream(&server, &member, "{ __typename }").await;
    let next = stream.next().await.expect("an event");
    assert_eq!(next.event, "next");
    assert_eq!(next.json()["data"], json!({ "__typename": "Query" }));
    let complete = ServerSent { event: "complete".to_owned(), data: String::new() };
    assert_eq!(stream.next().await, Some(complete));
    assert_eq!(stream.next().await, None);
}

async fn an_error_before_the_first_event_is_an_http_error(app: App) {
    let (server, member) = (serve(&app).await, app.member_of("Horizonte").await);
    let writer = app.bearer("Horizonte", &[Scope::Write]).await;
    let unknown = app.with_token("crm_unknown");
    let after = "subscription { changes(after: \"x\") { cursor } }";
    let invalid = "subscription { nothing }";
    for (client, query, last_id, expected) in [
        (&unknown, CHANGES, None, (401, "UNAUTHENTICATED")),
        (&writer, CHANGES, None, (403, "FORBIDDEN")),
        (&member, invalid, None, (400, "GRAPHQL_VALIDATION_FAILED")),
        (&member, after, None, (400, "BAD_USER_INPUT")),
        (&member, CHANGES, Some("x"), (400, "BAD_USER_INPUT")),
    ] {
        let (http, body) = (reqwest::Client::new(), json!({ "query": query }));
        let response = EventStream::request(&http, &server, token(client), &body, last_id).await;
        let response = response.expect("it answers");
        let (status, media_type) = form(&response);
        assert_eq!(media_type, "application/json");
        let body: Value = response.json().await.expect("JSON");
        let code = body["errors"][0]["extensions"]["code"].as_str().expect("a code");
        assert_eq!((status, code), expected, "{query}");
    }
}

async fn a_subscription_is_not_sent_in_a_list(app: App) {
    let app = app.set_up(&["--max-batch", "2"]);
    let member = app.member_of("Horizonte").await;
    let list = json!([{ "query": CHANGES }, { "query": "{ __typename }" }]);
    let response = member.post(list.to_string()).await.json();
    assert_eq!(response[0]["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
    assert_eq!(response[1]["data"]["__typename"], "Query");
}

async fn a_revoked_token_ends_its_streams_without_complete(app: App) {
    let (server, member) = (serve(&app).await, app.member_of("Horizonte").await);
    let mut stream = stream(&server, &member, CHANGES).await;
    stream.block().await.expect("it begins");
    app.revoke(&member).await;
    assert_eq!(stream.block().await, None);
    let again = post(&server, &member, "text/event-stream", &json!({ "query": CHANGES })).await;
    assert_eq!(again.status(), 401);
}

async fn a_service_that_stops_ends_its_streams_without_complete(app: App) {
    let (server, member) = (serve(&app).await, app.member_of("Horizonte").await);
    let mut stream = stream(&server, &member, CHANGES).await;
    stream.block().await.expect("it begins");
    app.draining.end_streams(Duration::from_secs(5)).await;
    assert_eq!(stream.next().await, None);
    let retry = stream.retry.expect("it says when to come back").parse().expect("a number");
    match app.database.engine() {
        Engine::Sqlite => assert_eq!(retry, 1_000),
        // Several replicas: not all clients come back at once.
        Engine::Postgres => assert!((500..=1_500).contains(&retry), "{retry}"),
    }
    let cursor = member.query("{ changesCursor }").await["changesCursor"].clone();
    assert_eq!(json!(stream.last_id), cursor);
}

async fn documents_are_named_by_their_hash(app: App) {
    let member = app.member_of("Horizonte").await;
    let extensions = json!({ "persistedQuery": { "sha256Hash": hash(CHANGES) } });
    let named = json!({ "extensions": extensions });
    let whole = json!({ "query": CHANGES, "extensions": extensions });
    let other = json!({ "query": "subscription { changes { node { id } } }" });

    let server = serve(&app).await;
    let respond = async |server: &str, body: &Value| {
        let response = post(server, &member, "text/event-stream", body).await;
        let (status, media_type) = form(&response);
        (status, media_type.to_owned())
    };
    let stream = (200, "text/event-stream".to_owned());
    assert_eq!(respond(&server, &named).await, (400, "application/json".to_owned()));
    // Clients with automatic persisted queries expect 200 where they take JSON.
    let both = post(&server, &member, "application/json, text/event-stream", &named).await;
    assert_eq!(form(&both), (200, "application/json"));
    assert_eq!(respond(&server, &whole).await, stream);
    assert_eq!(respond(&server, &named).await, stream);

    let documents = trusted(&json!({ hash(CHANGES): CHANGES })).expect("it is a list");
    let server = serve(&app.executing(documents, &[])).await;
    assert_eq!(respond(&server, &named).await, stream);
    assert_eq!(respond(&server, &whole).await, stream);
    assert_eq!(respond(&server, &other).await.0, 403);
}
