//! Persisted documents, which requests name by their hash.

use axum::http::StatusCode;
use crm_steps::http::PersistedQueries;
use serde_json::json;

use crate::support::{App, Client, TestResponse, hash, on_both_databases, trusted};

const DOCUMENT: &str = "{ __typename }";

async fn by_hash(client: &Client, query: Option<&str>, hash: &str) -> TestResponse {
    let extensions = json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } });
    client.post(json!({ "query": query, "extensions": extensions }).to_string()).await
}

fn code(answer: &TestResponse) -> (StatusCode, String) {
    (answer.status, answer.error_code())
}

async fn a_document_is_registered_with_its_hash(app: App) {
    let (ana, rui) = (app.member_of("Horizonte").await, app.member_of("Horizonte").await);
    let unknown = by_hash(&ana, None, &hash(DOCUMENT)).await;
    assert_eq!(code(&unknown), (StatusCode::OK, "PERSISTED_QUERY_NOT_FOUND".to_owned()));
    assert_eq!(unknown.json()["errors"][0]["message"], "PersistedQueryNotFound");
    assert_eq!(by_hash(&ana, Some(DOCUMENT), &hash(DOCUMENT)).await.data()["__typename"], "Query");
    assert_eq!(by_hash(&ana, None, &hash(DOCUMENT)).await.data()["__typename"], "Query");
    let by_id = json!({ "documentId": format!("sha256:{}", hash(DOCUMENT)) }).to_string();
    assert_eq!(rui.post(by_id).await.data()["__typename"], "Query");
}

async fn invalid_documents_are_not_registered(app: App) {
    let ana = app.member_of("Horizonte").await;
    let wrong = by_hash(&ana, Some(DOCUMENT), &hash("{ a }")).await;
    assert_eq!(code(&wrong), (StatusCode::BAD_REQUEST, "BAD_USER_INPUT".to_owned()));
    for document in ["{", "mutation { a } { b }"] {
        by_hash(&ana, Some(document), &hash(document)).await;
        let again = by_hash(&ana, None, &hash(document)).await;
        assert_eq!(again.error_code(), "PERSISTED_QUERY_NOT_FOUND", "{document}");
    }
    for nonsense in ["", "nonsense", "é"] {
        let answer = by_hash(&ana, None, nonsense).await;
        assert_eq!(answer.error_code(), "PERSISTED_QUERY_NOT_FOUND", "{nonsense}");
    }
}

async fn the_registered_documents_are_limited_in_bytes(app: App) {
    let ana = app.executing(PersistedQueries::automatic(5_000), &[]).member_of("Horizonte").await;
    let documents: Vec<String> = (0..100)
        .map(|number| format!("{{ a{number}: __typename }} #{}", "x".repeat(500)))
        .collect();
    for document in &documents {
        by_hash(&ana, Some(document), &hash(document)).await.data();
    }
    let mut known = 0;
    for document in &documents {
        known +=
            usize::from(by_hash(&ana, None, &hash(document)).await.json().get("data").is_some());
    }
    assert!((1..10).contains(&known), "{known}");
    let ana = app.executing(PersistedQueries::automatic(0), &[]).member_of("Horizonte").await;
    let answer = by_hash(&ana, None, &hash(DOCUMENT)).await;
    assert_eq!(answer.error_code(), "PERSISTED_QUERY_NOT_SUPPORTED");
    by_hash(&ana, Some(DOCUMENT), &hash(DOCUMENT)).await.data();
}

async fn only_trusted_documents_are_executed(app: App) {
    let documents = trusted(&json!({ hash(DOCUMENT): DOCUMENT })).expect("it is a list");
    let ana = app.executing(documents, &[]).member_of("Horizonte").await;
    by_hash(&ana, None, &hash(DOCUMENT)).await.data();
    by_hash(&ana, Some(DOCUMENT), &hash(DOCUMENT)).await.data();
    ana.query(DOCUMENT).await;
    let before = app.contents().await;
    let create = "mutation { createAgent(input: { name: \"a\" }) { agent { id } } }";
    for answer in [
        ana.graphql(create, json!({})).await,
        ana.graphql("{ __typename }  ", json!({})).await,
        by_hash(&ana, Some(create), &hash(create)).await,
        // The hash of a trusted document does not permit another document.
        by_hash(&ana, Some(create), &hash(DOCUMENT)).await,
    ] {
        assert_eq!(code(&answer), (StatusCode::FORBIDDEN, "FORBIDDEN".to_owned()));
    }
    // A client of another version of the list can tell this from a lack of permission.
    let unknown = by_hash(&ana, None, &hash(create)).await;
    assert_eq!(code(&unknown), (StatusCode::OK, "PERSISTED_QUERY_NOT_FOUND".to_owned()));
    assert_eq!(app.contents().await, before);
}

#[test]
fn an_invalid_list_of_trusted_documents_is_rejected() {
    for (list, why) in [
        (json!([]), "it is not a JSON object from hashes to documents"),
        (json!({ "a": 1 }), "it is not a JSON object from hashes to documents"),
        (json!({ "a": DOCUMENT }), "a is not the SHA-256 of its document"),
    ] {
        assert_eq!(trusted(&list).err(), Some(why.to_owned()));
    }
}

on_both_databases!(
    a_document_is_registered_with_its_hash,
    invalid_documents_are_not_registered,
    the_registered_documents_are_limited_in_bytes,
    only_trusted_documents_are_executed,
);
