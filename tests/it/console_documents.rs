//! The documents of the console, which it names by their hash.

use std::fs;

use axum::http::StatusCode;
use crm_steps::{
    config::HttpConfig,
    http::{Pages, PersistedQueries},
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{App, Client, TestResponse, hash, on_both_databases, pages_sending, trusted};

const VIEWER: &str = "query Viewer { viewer { organization { name } } }";
const CREATE: &str =
    "mutation Create($name: String!) { createAgent(input: { name: $name }) { agent { name } } }";

fn folder() -> TempDir {
    tempfile::tempdir().expect("a folder is made")
}

/// Sends what the console sends: the hash of a document, beside which it may have an empty text.
async fn by_hash(
    client: &Client,
    query: Option<&str>,
    hash: &str,
    variables: Value,
) -> TestResponse {
    let extensions = json!({ "persistedQuery": { "version": 1, "sha256Hash": hash } });
    let mut body = json!({ "extensions": extensions, "variables": variables });
    if let Some(query) = query {
        body["query"] = query.into();
    }
    client.post(body.to_string()).await
}

async fn they_are_executed_in_each_mode(app: App) {
    let folder = folder();
    let pages = pages_sending(&[VIEWER, CREATE], folder.path());
    let (of_operator, other) = ("{ __typename }", "{ viewer { tokenName } }");
    let list = json!({ hash(of_operator): of_operator });
    for (documents, code) in [
        (trusted(&list).expect("it is a list"), "PERSISTED_QUERY_NOT_FOUND"),
        (PersistedQueries::automatic(10_000), "PERSISTED_QUERY_NOT_FOUND"),
        (PersistedQueries::automatic(0), "PERSISTED_QUERY_NOT_SUPPORTED"),
    ] {
        let documents = documents.with_console(&pages).expect("they are documents");
        let ana = app.executing(documents, &[]).member_of("Horizonte").await;
        for query in [None, Some("")] {
            let answer = by_hash(&ana, query, &hash(VIEWER), json!({})).await;
            assert_eq!(answer.data()["viewer"]["organization"]["name"], "Horizonte");
            let name = json!({ "name": "Sofia" });
            let answer = by_hash(&ana, query, &hash(CREATE), name).await;
            assert_eq!(answer.payload()["agent"]["name"], "Sofia");
            // A page that was opened before the service was replaced by another version.
            let unknown = by_hash(&ana, query, &hash(other), json!({})).await;
            assert_eq!((unknown.status, &*unknown.error_code()), (StatusCode::OK, code));
        }
        // By their text as well.
        ana.query(VIEWER).await;
    }
}

async fn those_of_pages_that_are_built_again_are_known_at_once(app: App) {
    let folder = folder();
    // Not built yet.
    let pages = Pages { folder: Some(folder.path().to_owned()) };
    let documents = trusted(&json!({})).expect("it is a list");
    let documents = documents.with_console(&pages).expect("there are none");
    let ana = app.executing(documents, &[]).member_of("Horizonte").await;
    let code = async |document| {
        let answer = by_hash(&ana, None, &hash(document), json!({ "name": "Sofia" })).await;
        answer.json().get("errors").map(|_| answer.error_code())
    };
    let unknown = Some("PERSISTED_QUERY_NOT_FOUND".to_owned());
    assert_eq!(code(VIEWER).await, unknown);
    pages_sending(&[VIEWER], folder.path());
    assert_eq!((code(VIEWER).await, code(CREATE).await), (None, unknown.clone()));

    // A file that is half written, or damaged.
    let file = folder.path().join("console-documents.json");
    for text in ["{".to_owned(), json!({ hash(CREATE): "mutation { other }" }).to_string()] {
        fs::write(&file, text).expect("the file is written");
        assert_eq!((code(VIEWER).await, code(CREATE).await), (None, unknown.clone()));
    }
    pages_sending(&[CREATE], folder.path());
    assert_eq!((code(CREATE).await, code(VIEWER).await), (None, unknown));
}

#[test]
fn a_hash_of_another_document_is_rejected() {
    let folder = folder();
    let file = folder.path().join("console-documents.json");
    let pages = Pages { folder: Some(folder.path().to_owned()) };
    for (text, why) in [
        (json!([VIEWER]).to_string(), "it is not a JSON object from hashes to documents"),
        (json!({ "a": VIEWER }).to_string(), "a is not the SHA-256 of its document"),
    ] {
        fs::write(&file, text).expect("the file is written");
        let read = PersistedQueries::automatic(0).with_console(&pages);
        assert_eq!(read.err().map(|error| error.to_string()).as_deref(), Some(why));
    }
}

#[test]
fn those_that_are_invalid_or_too_expensive_are_found() {
    let folder = folder();
    let unknown = "{ nothing }";
    let expensive = "query($first: Int = 1000, $id: ID!) {
        crmScenario(id: $id) { steps(first: $first) { nodes { id name } } }
    }";
    let pages = pages_sending(&[VIEWER, unknown, expensive], folder.path());
    let invalid = |max_complexity| {
        let documents = PersistedQueries::automatic(0).with_console(&pages);
        let mut limits = HttpConfig::default().limits;
        limits.max_complexity = max_complexity;
        documents.expect("they are documents").invalid(&limits)
    };
    let unknown = (hash(unknown), "Type `Query` does not have a field `nothing`.".to_owned());
    assert_eq!(invalid(3_002), std::slice::from_ref(&unknown));
    let reason = "The answer could have 3002 fields; 3001 are allowed. Ask for smaller pages, or for \
                  less in them.";
    let mut both = [unknown, (hash(expensive), reason.to_owned())];
    both.sort();
    assert_eq!(invalid(3_001), both);
}

/// Checks nothing of a program without pages; CI builds them.
#[test]
fn those_of_the_built_console_are_valid_within_the_default_limits() {
    let documents = PersistedQueries::automatic(0).with_console(&Pages::default());
    let documents = documents.expect("each hash is that of its document");
    assert_eq!(documents.invalid(&HttpConfig::default().limits), []);
}

on_both_databases!(
    they_are_executed_in_each_mode,
    those_of_pages_that_are_built_again_are_known_at_once,
);
