//! `crm-steps backup`: a copy of the embedded database, taken while the service writes to it.

use std::{collections::BTreeSet, fs, path::Path, process::Output};

use futures_util::future::join_all;
use sea_orm::{ConnectionTrait as _, Database, Statement};
use serde_json::Value;
use tokio::sync::mpsc;

use crate::support::{Server, command};

/// Clients that create steps concurrently.
const CLIENTS: usize = 4;

/// Steps that have to be acknowledged before the copy begins.
const ENOUGH: usize = 40;

fn backup(folder: &Path, arguments: &[&str]) -> Output {
    command(folder).arg("backup").args(arguments).output().expect("the program runs")
}

/// The single line of error of a backup that must fail.
fn refusal(folder: &Path, arguments: &[&str]) -> String {
    let output = backup(folder, arguments);
    assert!(!output.status.success());
    assert_eq!(output.stdout, b"");
    String::from_utf8(output.stderr).expect("text")
}

/// The files in a folder, without those that SQLite keeps beside an open database: whether the last
/// command has closed it or was ended by its process's end is chance.
fn files(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).expect("it can be read");
    let names = entries.map(|it| it.expect("an entry").file_name().into_string().expect("text"));
    names.filter(|name| !name.ends_with("-wal") && !name.ends_with("-shm")).collect()
}

fn token(folder: &Path) -> String {
    let created = command(folder).args(["token", "create", "--organization", "Horizonte"]).output();
    String::from_utf8(created.expect("the program runs").stdout).expect("text").trim().to_owned()
}

async fn texts(database: &sea_orm::DatabaseConnection, sql: &str) -> Vec<String> {
    let statement = Statement::from_string(database.get_database_backend(), sql);
    let rows = database.query_all_raw(statement).await.expect("it is read").into_iter();
    rows.map(|row| row.try_get_by_index(0).expect("a text")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_made_while_the_service_writes_is_consistent_and_has_all_acknowledged_steps() {
    let folder = tempfile::tempdir().expect("a folder is made");
    let folder = folder.path();
    let token = token(folder);
    // The log is not read meanwhile.
    let quiet = [("RUST_LOG", "info,crm_steps::http=warn")];
    let server = Server::start_with(folder, &["--rate-limit-per-minute", "0"], &quiet);
    let create =
        r#"mutation { createCrmScenario(input: { name: "Sales" }) { crmScenario { id } } }"#;
    let created = server.graphql(&token, create).await.expect("it answers");
    let scenario = created["data"]["createCrmScenario"]["crmScenario"]["id"].to_string();

    // The names of the acknowledged steps.
    let (acknowledge, mut acknowledged) = mpsc::unbounded_channel();
    let clients = (0..CLIENTS).map(|client| {
        let (url, token, scenario) = (server.url.clone(), token.clone(), scenario.clone());
        let acknowledge = acknowledge.clone();
        tokio::spawn(async move {
            let sender = reqwest::Client::new();
            for number in 0.. {
                let name = format!("{client} {number}");
                let create = format!(
                    "mutation {{ createCrmStep(input: {{ scenarioId: {scenario}, name: \"{name}\",
                        prompt: \"b\", webhookUrl: \"https://example.com\",
                        webhookHeader: {{ A: \"secret\" }} }}) {{ crmStep {{ id }} }} }}"
                );
                let request = sender.post(format!("{url}/graphql")).bearer_auth(&token);
                let request = request.json(&serde_json::json!({ "query": create }));
                let answer = request.send().await.expect("it answers").json::<Value>().await;
                let answer = answer.expect("it is JSON");
                assert!(answer["data"]["createCrmStep"]["crmStep"]["id"].is_string(), "{answer}");
                acknowledge.send(name).expect("the test goes on");
            }
        })
    });
    let clients: Vec<_> = clients.collect();
    drop(acknowledge);
    let mut before = Vec::new();
    while before.len() < ENOUGH {
        before.push(acknowledged.recv().await.expect("a name"));
    }
    let output = tokio::task::block_in_place(|| backup(folder, &["copy.db"]));
    while acknowledged.try_recv().is_ok() {}
    acknowledged.recv().await.expect("the service goes on");
    for client in &clients {
        client.abort();
    }
    join_all(clients).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let printed = String::from_utf8(output.stdout).expect("text");
    let copy = folder.join("copy.db");
    let bytes = fs::metadata(&copy).expect("it is there").len();
    let expected = format!(
        "copied crm-steps.db to copy.db ({bytes} bytes)\n\
         the keys for secrets are not in the copy: keep SECRET_KEYS too, in another place\n"
    );
    assert_eq!(printed, expected);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(&copy).expect("it is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    server.stop();

    let database = Database::connect(format!("sqlite://{}?mode=ro", copy.display())).await;
    let database = database.expect("the copy opens");
    assert_eq!(texts(&database, "PRAGMA integrity_check").await, ["ok"]);
    assert_eq!(texts(&database, "SELECT \"table\" FROM pragma_foreign_key_check").await.len(), 0);
    let copied: BTreeSet<String> =
        texts(&database, "SELECT name FROM crm_step").await.into_iter().collect();
    let lost: Vec<_> = before.iter().filter(|name| !copied.contains(*name)).collect();
    assert!(lost.is_empty(), "acknowledged and not copied: {lost:?}");
    database.close().await.expect("it closes");

    // The service runs on the copy.
    let server = Server::start(folder, &["--database-url", "sqlite://copy.db"]);
    let query = format!("{{ crmScenario(id: {scenario}) {{ steps {{ totalCount }} }} }}");
    let read = server.graphql(&token, &query).await.expect("it answers");
    assert_eq!(read["data"]["crmScenario"]["steps"]["totalCount"], copied.len(), "{read}");
    server.stop();
}

#[test]
fn an_existing_file_is_rejected_and_unchanged() {
    let folder = tempfile::tempdir().expect("a folder is made");
    let folder = folder.path();
    token(folder);
    for (name, content) in [("copy.db", "precious"), ("empty.db", "")] {
        fs::write(folder.join(name), content).expect("it is written");
        let said = refusal(folder, &[name]);
        let expected = format!("crm-steps: {name} exists already; name a new file for the copy\n");
        assert_eq!(said, expected);
        assert_eq!(fs::read_to_string(folder.join(name)).expect("it is there"), content);
    }
    let said = refusal(folder, &["crm-steps.db"]);
    insta::assert_snapshot!(said, @"crm-steps: crm-steps.db exists already; name a new file for the copy");
    let before = files(folder);
    let said = refusal(folder, &["nowhere/copy.db"]);
    assert!(said.starts_with("crm-steps: cannot write the copy nowhere/copy.db: "), "{said}");
    assert_eq!(files(folder), before, "no other file is left");
}

#[test]
fn only_an_embedded_database_can_be_copied() {
    let folder = tempfile::tempdir().expect("a folder is made");
    let folder = folder.path();
    let postgres = "postgres://crm:password@127.0.0.1/crm";
    insta::assert_snapshot!(refusal(folder, &["copy.db", "--database-url", postgres]), @"crm-steps: backup copies an embedded SQLite database; copy one on PostgreSQL with pg_dump");
    insta::assert_snapshot!(refusal(folder, &["copy.db"]), @"crm-steps: there is no database crm-steps.db");
    fs::write(folder.join("text.db"), "no database, but long enough to be read as one's header")
        .expect("it is written");
    refusal(folder, &["copy.db", "--database-url", "sqlite://text.db"]);
    assert_eq!(files(folder), ["text.db".to_owned()].into(), "no copy, and no database is created");
}

#[test]
fn the_key_file_is_named() {
    let folder = tempfile::tempdir().expect("a folder is made");
    let folder = folder.path();
    let run = |arguments: &[&str]| {
        let output = command(folder).env_remove("SECRET_KEYS").args(arguments).output();
        String::from_utf8(output.expect("the program runs").stdout).expect("text")
    };
    run(&["rotate-secrets"]);
    let printed = run(&["backup", "copies.db"]);
    let reminder =
        "the keys for secrets are not in the copy: keep crm-steps.db.key too, in another place";
    assert_eq!(printed.lines().nth(1), Some(reminder), "{printed}");
}
