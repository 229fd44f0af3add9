//! `GET /schema.graphql`: the schema for generators that take a URL.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use crm_steps::domain::access_token::Scope;

use crate::support::{App, Client, TestResponse, on_both_databases};

async fn get(client: &Client, known: &str) -> TestResponse {
    let request = Request::get("/schema.graphql").header(header::IF_NONE_MATCH, known);
    client.send(request.body(Body::empty()).expect("a request")).await
}

async fn the_schema_is_the_file_of_the_repository(app: App) {
    let reader = app.bearer("Horizonte", &[Scope::Read]).await;
    let answer = get(&reader, "\"other\"").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.headers[header::CONTENT_TYPE], "application/graphql; charset=utf-8");
    assert_eq!(answer.headers[header::CACHE_CONTROL], "private, no-cache");
    assert_eq!(answer.headers[header::VARY], "accept-encoding");
    assert!(answer.text == include_str!("../../schema.graphql"), "byte for byte");
}

async fn a_client_that_has_the_schema_gets_no_copy(app: App) {
    let ana = app.member_of("Horizonte").await;
    let answer = get(&ana, "").await;
    let tag = answer.headers[header::ETAG].to_str().expect("text");
    let strong = tag.strip_prefix("W/").expect("a weak tag, which all encodings share");
    for known in [tag, &format!("\"a\", {tag}"), strong, "*"] {
        let answer = get(&ana, known).await;
        assert_eq!((answer.status, answer.text.as_str()), (StatusCode::NOT_MODIFIED, ""));
        assert_eq!(answer.headers[header::ETAG], tag);
        assert_eq!(answer.headers[header::VARY], "accept-encoding");
    }
}

async fn the_schema_needs_a_token_that_may_read(app: App) {
    let writer = app.bearer("Horizonte", &[Scope::Write]).await;
    assert_eq!(get(&writer, "").await.error_code(), "FORBIDDEN");
    assert_eq!(get(&app.with_token("nonsense"), "").await.error_code(), "UNAUTHENTICATED");
}

on_both_databases!(
    the_schema_is_the_file_of_the_repository,
    a_client_that_has_the_schema_gets_no_copy,
    the_schema_needs_a_token_that_may_read,
);
