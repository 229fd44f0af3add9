//! Authentication and the scopes of access tokens.

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicUsize, Ordering},
};

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use chrono::TimeDelta;
use crm_steps::{
    domain::{
        access_token::{AccessToken, Scope},
        clock::Clock,
        id::OrganizationId,
    },
    entity::access_token,
    store,
};
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};

use crate::support::{App, on_both_databases};

/// How long a valid token is cached. A stream that begins after that is looked up each 2 seconds, and so
/// ends within 5 seconds after a revocation.
const CACHED_FOR: TimeDelta = TimeDelta::seconds(2);

async fn requests_without_a_valid_token_get_the_same_error(app: App) {
    let ana = app.member_of("Horizonte").await;
    assert_eq!(ana.query("{ __typename }").await, json!({ "__typename": "Query" }));

    let revoked = AccessToken::generate();
    let transaction = app.database.write().await.expect("a transaction begins");
    let organization = store::organization::find_or_create(&transaction, "Horizonte", App::now())
        .await
        .expect("it exists");
    let scopes = [Scope::Read, Scope::Write].into_iter().collect();
    let hash = revoked.hash();
    store::access_token::create(
        organization,
        &transaction,
        "old",
        &scopes,
        None,
        &hash,
        App::now(),
    )
    .await
    .expect("it is stored");
    transaction.commit().await.expect("it commits");
    app.with_token(revoked.reveal()).query("{ __typename }").await;
    revoke(&app, organization, "old").await;
    // The cached token has expired.
    let app = app.at(App::now() + CACHED_FOR);

    let unknown = format!("Bearer {}", AccessToken::generate().reveal());
    let revoked = format!("Bearer {}", revoked.reveal());
    let mut answers = vec![];
    for authorization in [
        None,
        Some(""),
        Some("Bearer"),
        Some("Bearer "),
        Some("Basic YTpi"),
        Some("Bearer nonsense"),
        Some("Bearer crm_"),
        Some("crm_without_a_scheme"),
        Some(unknown.as_str()),
        Some(revoked.as_str()),
    ] {
        let answer = app
            .with_authorization(authorization)
            .graphql("{ viewer { tokenName } }", json!({}))
            .await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{authorization:?}");
        assert_eq!(answer.headers[header::WWW_AUTHENTICATE], "Bearer realm=\"crm-steps\"");
        assert_eq!(answer.error_code(), "UNAUTHENTICATED");
        let mut body = answer.json();
        body["errors"][0]["extensions"]["requestId"] = Value::Null;
        answers.push(body);
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:#?}");
    insta::allow_duplicates! {
    insta::assert_json_snapshot!(answers[0]["errors"][0]["message"], @r#""The request needs a valid token in the header Authorization: Bearer <token>.""#);
    }
}

async fn revoke(app: &App, organization: OrganizationId, name: &str) {
    let tokens = access_token::Entity::find().all(app.database.read()).await.expect("tokens");
    let is_it = |token: &&access_token::Model| {
        token.organization_id == organization.0 && token.name == name
    };
    let id = tokens.iter().find(is_it).expect("there is one").id;
    let transaction = app.database.write().await.expect("a transaction begins");
    assert!(store::access_token::revoke(&transaction, id, App::now()).await.expect("revoked"));
    transaction.commit().await.expect("it commits");
}

async fn a_revoked_token_begins_nothing_after_two_seconds(app: App) {
    let seconds = Arc::new(AtomicI64::new(0));
    let passed = Arc::clone(&seconds);
    let clock = Clock::by(move || App::now() + TimeDelta::seconds(passed.load(Ordering::SeqCst)));
    let asked = Arc::new(AtomicUsize::new(0));
    let statements = Arc::clone(&asked);
    let app = app.observed(move |_| _ = statements.fetch_add(1, Ordering::SeqCst)).by(clock);
    let ana = app.member_of("Horizonte").await;
    asked.store(0, Ordering::SeqCst);
    for _ in 0..3 {
        ana.query("{ __typename }").await;
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1, "a token is looked up once");

    let organization = ana.query("{ viewer { organization { id } } }").await;
    let organization = organization["viewer"]["organization"]["id"].as_str().expect("an id");
    revoke(&app, OrganizationId(organization.parse().expect("a UUID")), "test").await;
    seconds.store(CACHED_FOR.num_seconds(), Ordering::SeqCst);
    let answer = ana.graphql("{ __typename }", json!({})).await;
    assert_eq!(answer.error_code(), "UNAUTHENTICATED");
    // The token stays invalid when the clock is set back.
    seconds.store(1, Ordering::SeqCst);
    let answer = ana.graphql("{ __typename }", json!({})).await;
    assert_eq!(answer.error_code(), "UNAUTHENTICATED");
}

async fn without_a_token_the_error_does_not_depend_on_the_body(app: App) {
    for body in ["", "{", "[]", "{\"query\":\"{ nonsense }\"}"] {
        let answer = app.with_authorization(None).post(body).await;
        assert_eq!(answer.error_code(), "UNAUTHENTICATED", "{body}");
    }
}

async fn the_bearer_scheme_is_case_insensitive(app: App) {
    let token = AccessToken::generate();
    let transaction = app.database.write().await.expect("a transaction begins");
    let organization = store::organization::find_or_create(&transaction, "Horizonte", App::now())
        .await
        .expect("it is stored");
    let scopes = [Scope::Read].into_iter().collect();
    let hash = token.hash();
    store::access_token::create(organization, &transaction, "x", &scopes, None, &hash, App::now())
        .await
        .expect("it is stored");
    transaction.commit().await.expect("it commits");
    for scheme in ["Bearer", "bearer", "BEARER"] {
        let authorization = format!("{scheme} {}", token.reveal());
        app.with_authorization(Some(&authorization)).query("{ __typename }").await;
    }
}

async fn scopes_limit_what_a_token_may_do(app: App) {
    let query = "{ viewer { tokenName scopes organization { name } } }";
    let mutation = "mutation { createAgent(input: { name: \"Sofia\" }) { agent { name } } }";
    let reader = app.bearer("Horizonte", &[Scope::Read]).await;
    let writer = app.bearer("Horizonte", &[Scope::Write]).await;
    let before = app.contents().await;

    let refused = reader.graphql(mutation, json!({})).await;
    assert_eq!(
        (refused.status, refused.error_code()),
        (StatusCode::FORBIDDEN, "FORBIDDEN".to_owned())
    );
    let refused = writer.graphql(query, json!({})).await;
    assert_eq!(
        (refused.status, refused.error_code()),
        (StatusCode::FORBIDDEN, "FORBIDDEN".to_owned())
    );
    assert_eq!(app.contents().await, before, "rejected calls change nothing");

    assert_eq!(
        reader.query(query).await,
        json!({ "viewer": { "tokenName": "test", "scopes": ["READ"], "organization": { "name": "Horizonte" } } })
    );
    assert_eq!(
        writer.query(mutation).await,
        json!({ "createAgent": { "agent": { "name": "Sofia" } } })
    );
}

async fn only_the_hash_of_a_token_is_stored(app: App) {
    let token = AccessToken::generate();
    let transaction = app.database.write().await.expect("a transaction begins");
    let organization = store::organization::find_or_create(&transaction, "Horizonte", App::now())
        .await
        .expect("it is stored");
    let hash = token.hash();
    store::access_token::create(
        organization,
        &transaction,
        "x",
        &[].into_iter().collect(),
        None,
        &hash,
        App::now(),
    )
    .await
    .expect("it is stored");
    transaction.commit().await.expect("it commits");
    let rows = access_token::Entity::find().all(app.database.read()).await.expect("tokens");
    let stored = rows.iter().find(|row| row.name == "x").expect("it is stored");
    assert_eq!(stored.hash, hash.as_bytes());
    assert!(!format!("{rows:?}").contains(token.reveal()));
}

async fn health_and_pages_need_no_token(app: App) {
    let without_token = app.with_authorization(None);
    for path in ["/health/live", "/health/ready", "/console/", "/graphiql"] {
        let request = Request::get(path).body(Body::empty()).expect("a request");
        assert_eq!(without_token.send(request).await.status, StatusCode::OK, "{path}");
    }
}

on_both_databases!(
    a_revoked_token_begins_nothing_after_two_seconds,
    requests_without_a_valid_token_get_the_same_error,
    without_a_token_the_error_does_not_depend_on_the_body,
    the_bearer_scheme_is_case_insensitive,
    scopes_limit_what_a_token_may_do,
    only_the_hash_of_a_token_is_stored,
    health_and_pages_need_no_token,
);
