//! The command line: output, errors and effects of each command.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::Output,
};

use serde_json::{Value, json};

use crate::support::{Empty, Kind, Server, command};

fn run(folder: &Path, arguments: &[&str]) -> Output {
    command(folder).args(arguments).output().expect("the program runs")
}

/// The output of a command that must succeed.
fn output(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// The single line of error of a command that must fail.
fn failure(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert!(!output.status.success());
    assert_eq!(output.stdout, b"");
    String::from_utf8(output.stderr).expect("text")
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "most lines are the expected result")]
async fn a_first_run_prints_a_token_and_a_mutation_that_works() {
    let folder = tempfile::tempdir().expect("a folder is made");
    let server = Server::start(folder.path(), &[]);
    let url = server.url.clone();
    let read = r"{ viewer { organization { name } } agents { totalCount } memberships { totalCount }
        crmScenarios { nodes { name steps { nodes { index name autoNextStep { name } } } } } }";
    let created = "created by the printed mutation";
    // The output can be read only after the server has ended, so the next server executes it.
    let (printed, _) = server.stop();
    let token = printed.split_whitespace().find(|word| word.starts_with("crm_")).expect("a token");
    assert!(printed.contains(&format!("{url}/")), "{printed}");
    let body =
        printed.split("-d '").nth(1).and_then(|rest| rest.split('\'').next()).expect("a body");

    let server = Server::start(folder.path(), &[]);
    let demo = server.graphql(token, read).await.expect("it answers");
    insta::assert_json_snapshot!(demo["data"], @r#"
    {
      "viewer": {
        "organization": {
          "name": "Horizonte Digital (teste)"
        }
      },
      "agents": {
        "totalCount": 8
      },
      "memberships": {
        "totalCount": 8
      },
      "crmScenarios": {
        "nodes": [
          {
            "name": "Vendas — leads do WhatsApp",
            "steps": {
              "nodes": [
                {
                  "index": 0,
                  "name": "Novo lead",
                  "autoNextStep": {
                    "name": "Lead frio"
                  }
                },
                {
                  "index": 1,
                  "name": "Qualificação",
                  "autoNextStep": {
                    "name": "Lead frio"
                  }
                },
                {
                  "index": 2,
                  "name": "Proposta enviada",
                  "autoNextStep": {
                    "name": "Negociação"
                  }
                },
                {
                  "index": 3,
                  "name": "Negociação",
                  "autoNextStep": {
                    "name": "Lead frio"
                  }
                },
                {
                  "index": 4,
                  "name": "Contrato assinado",
                  "autoNextStep": null
                },
                {
                  "index": 5,
                  "name": "Lead frio",
                  "autoNextStep": {
                    "name": "Encerrado sem venda"
                  }
                },
                {
                  "index": 6,
                  "name": "Encerrado sem venda",
                  "autoNextStep": null
                }
              ]
            }
          }
        ]
      }
    }
    "#);
    let answer: Value = reqwest::Client::new()
        .post(format!("{}/graphql", server.url))
        .bearer_auth(token)
        .header("content-type", "application/json")
        .body(body.to_owned())
        .send()
        .await
        .expect(created)
        .json()
        .await
        .expect(created);
    let step = &answer["data"]["createCrmStep"];
    assert_eq!(step["userErrors"], json!([]), "{answer}");
    assert_eq!(step["crmStep"]["index"], 7);
    assert_eq!(step["crmStep"]["agent"]["name"], "Sofia — Vendas");

    let (printed, log) = server.stop();
    assert_eq!(printed, "", "only the first run prints a token");
    assert!(
        log.contains("answered") && !log.contains(token),
        "the log does not contain the token: {log}"
    );
}

#[tokio::test]
async fn a_database_that_has_data_gets_no_demo() {
    let folder = tempfile::tempdir().expect("a folder is made");
    output(folder.path(), &["token", "create", "--organization", "Mine"]);
    let (printed, _) = Server::start(folder.path(), &[]).stop();
    assert_eq!(printed, "");
}

#[tokio::test]
async fn no_demo_leaves_the_database_empty() {
    let folder = tempfile::tempdir().expect("a folder is made");
    let (printed, _) = Server::start(folder.path(), &["--no-demo"]).stop();
    assert_eq!(printed, "");
    assert_eq!(output(folder.path(), &["token", "list"]), "");
}

#[tokio::test]
async fn without_pages_the_first_run_prints_no_address_of_a_page() {
    let folder = tempfile::tempdir().expect("a folder is made");
    let server = Server::start(folder.path(), &["--no-pages"]);
    let status =
        reqwest::get(format!("{}/console/", server.url)).await.expect("a response").status();
    assert_eq!(status, 404);
    let (printed, _) = server.stop();
    assert!(printed.contains("Create your first step"), "{printed}");
    assert!(!printed.contains("console") && !printed.contains("/#token="), "{printed}");
}

#[tokio::test]
async fn postgres_never_gets_a_demo() {
    Empty::run(Kind::Postgres, async |Empty { url, .. }: Empty| {
        let folder = tempfile::tempdir().expect("a folder is made");
        let (printed, _) = Server::start(folder.path(), &["--database-url", &url]).stop();
        assert_eq!(printed, "");
        assert_eq!(output(folder.path(), &["token", "list", "--database-url", &url]), "");
    })
    .await;
}

#[tokio::test]
async fn tokens_are_created_listed_and_revoked() {
    let folder = tempfile::tempdir().expect("a folder is made");
    let folder = folder.path();
    let all = output(folder, &["token", "create", "--organization", "Horizonte"]);
    let reader = output(
        folder,
        &["token", "create", "--organization", "Horizonte", "--name", "reports", "--scope", "read"],
    );
    for token in [&all, &reader] {
        assert_eq!(token.lines().count(), 1, "only the token is printed");
        assert!(token.starts_with("crm_"));
    }
    let (all, reader) = (all.trim(), reader.trim());

    let list = output(folder, &["token", "list"]);
    assert!(!list.contains("crm_"), "a list shows no secret");
    let columns: Vec<Vec<&str>> = list.lines().map(|line| line.split('\t').collect()).collect();
    assert_eq!(columns[0][1..4], ["Horizonte", "token", "read,write"]);
    assert_eq!(columns[1][1..4], ["Horizonte", "reports", "read"]);

    let mut server = Server::start(folder, &["--rate-limit-per-minute", "0"]);
    let viewer = "{ viewer { tokenName scopes organization { name } } }";
    let seen = server.graphql(reader, viewer).await.expect("it answers");
    let expected = json!({ "viewer": { "tokenName": "reports", "scopes": ["READ"], "organization": { "name": "Horizonte" } } });
    assert_eq!(seen["data"], expected);
    output(folder, &["token", "revoke", columns[1][0]]);
    // The server caches the token for five seconds.
    let refused = loop {
        let answer = server.graphql(reader, viewer).await.expect("it answers");
        if answer["data"] != expected {
            break answer;
        }
        // Its log has to be read.
        server.read_log_until("answered");
    };
    assert_eq!(refused["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    let other = server.graphql(all, viewer).await.expect("it answers");
    assert_eq!(other["data"]["viewer"]["tokenName"], "token");
    let list = output(folder, &["token", "list"]);
    assert!(list.lines().nth(1).is_some_and(|line| line.contains("revoked ")), "{list}");

    let unknown = "019a0000-0000-7000-8000-00000000ffff";
    let said = failure(folder, &["token", "revoke", unknown]);
    assert_eq!(said, format!("crm-steps: there is no token with the id {unknown}\n"));
    server.stop();
}

#[test]
fn schema_prints_the_schema_and_errors_the_codes() {
    let folder = tempfile::tempdir().expect("a folder is made");
    assert_eq!(output(folder.path(), &["schema"]), crm_steps::graphql::sdl());
    assert_eq!(output(folder.path(), &["errors"]), crm_steps::http::error_reference());
    let left = std::fs::read_dir(folder.path()).expect("it can be read").count();
    assert_eq!(left, 0, "no database is created");
}

#[test]
fn migrate_makes_the_tables_and_stops() {
    let folder = tempfile::tempdir().expect("a folder is made");
    assert_eq!(output(folder.path(), &["migrate", "--database-url", "sqlite://new.db"]), "");
    assert!(folder.path().join("new.db").exists());
    assert_eq!(output(folder.path(), &["migrate", "--database-url", "sqlite://new.db"]), "");
}

#[test]
fn invalid_flags_are_rejected_at_start_with_a_message() {
    let folder = tempfile::tempdir().expect("a folder is made");
    let folder = folder.path();
    let first_line =
        |arguments: &[&str]| failure(folder, arguments).lines().next().expect("a line").to_owned();
    insta::assert_snapshot!(first_line(&["--database-url", "mysql://root:secret@localhost/crm"]), @"crm-steps: the database URL must begin with sqlite:, postgres: or postgresql:");
    insta::assert_snapshot!(first_line(&["--database-url", "sqlite::memory:"]), @"crm-steps: a database in memory would lose everything; name a file");
    insta::assert_snapshot!(first_line(&["--listen", "localhost"]), @"crm-steps: invalid value 'localhost' for '--listen <LISTEN>': invalid socket address syntax");
    insta::assert_snapshot!(first_line(&["--request-timeout-seconds", "0"]), @"crm-steps: invalid value '0' for '--request-timeout-seconds <SECONDS>': number would be zero for non-zero type");
    insta::assert_snapshot!(first_line(&["--database-connections", "-1"]), @"crm-steps: unexpected argument '-1' found");
    insta::assert_snapshot!(first_line(&["token", "create", "--organization", " "]), @"crm-steps: invalid value ' ' for '--organization <ORGANIZATION>': it must be one line with visible characters");
    for blank in [
        "",
        "\u{200b}",
        "\u{2800}",
        "\u{1d159}",
        "\u{13441}\u{13442}",
        "\u{16fe4}",
        "a\u{2028}b",
        "a\nb",
    ] {
        let none = "it must be one line with visible characters";
        for flags in
            [["--organization", blank, "--name", "a"], ["--organization", "a", "--name", blank]]
        {
            let said = first_line(&[&["token", "create"], &flags[..]].concat());
            assert!(said.ends_with(none), "{said}");
        }
    }
    for host in [
        "",
        " ",
        "*.lan",
        "http://nas.lan",
        "nas.lan:80",
        "a..lan",
        "{{x}}.lan",
        "10.0.0.0/33",
        "lan,,corp",
    ] {
        let said = first_line(&["--allow-webhook-hosts", host]);
        assert!(said.starts_with("crm-steps: invalid value '"), "{said}");
        assert!(said.ends_with("for '--allow-webhook-hosts <HOST>': it must be a host name like hooks.internal, an IP address, or a network like 10.0.0.0/8, without scheme, port and path"), "{said}");
    }
    insta::assert_snapshot!(first_line(&["token", "create", "--organization", "a", "--scope", "root"]), @"crm-steps: invalid value 'root' for '--scope <SCOPES>' [possible values: read, write, secrets]");
    insta::assert_snapshot!(first_line(&["--database-url", "sqlite://nowhere/at/all.db"]), @"crm-steps: cannot open the database: Connection Error: error returned from database: (code: 14) unable to open database file");
    let left = std::fs::read_dir(folder).expect("it can be read").count();
    assert_eq!(left, 0, "no file is created");
}

#[test]
fn names_have_a_visible_character() {
    let folder = tempfile::tempdir().expect("a folder is made");
    for name in ["\u{600}", "  José  ", "🌞"] {
        output(folder.path(), &["token", "create", "--organization", name, "--name", name]);
        let listed = output(folder.path(), &["token", "list"]);
        assert!(listed.contains(&format!("\t{0}\t{0}\t", name.trim())), "{listed}");
    }
}

#[tokio::test]
async fn a_secret_that_cannot_be_opened_is_not_reported_as_a_database_error() {
    let folder = tempfile::tempdir().expect("a folder is made");
    let folder = folder.path();
    let token = output(
        folder,
        &[
            "token",
            "create",
            "--organization",
            "Horizonte",
            "--scope",
            "read",
            "--scope",
            "write",
            "--scope",
            "secrets",
        ],
    );
    let token = token.trim();
    let server = Server::start(folder, &[]);
    let scenario =
        "mutation { createCrmScenario(input: { name: \"Sales\" }) { crmScenario { id } } }";
    let scenario = server.graphql(token, scenario).await.expect("it answers");
    let scenario = &scenario["data"]["createCrmScenario"]["crmScenario"]["id"];
    let create = format!(
        "mutation {{ createCrmStep(input: {{ scenarioId: {scenario}, name: \"A\", prompt: \"b\", webhookUrl: \"https://example.com\", webhookHeader: {{ X: \"v\" }} }}) {{ crmStep {{ id }} }} }}"
    );
    let step = server.graphql(token, &create).await.expect("it answers");
    let id = &step["data"]["createCrmStep"]["crmStep"]["id"];
    server.stop();
    let other = output(folder, &["secret-key"]);
    let server = Server::start(folder, &["--secret-keys", other.trim()]);
    for document in [
        format!("{{ crmStep(id: {id}) {{ webhookHeader }} }}"),
        format!(
            "mutation {{ updateCrmStep(id: {id}, input: {{ name: \"B\" }}) {{ crmStep {{ id }} }} }}"
        ),
    ] {
        let answer = server.graphql(token, &document).await.expect("it answers");
        assert_eq!(answer["errors"][0]["extensions"]["code"], "INTERNAL", "{answer}");
    }
    let (_, log) = server.stop();
    let said =
        "a secret could not be sealed or opened error=there is no key test to open a secret with";
    assert_eq!(log.matches(said).count(), 2, "{log}");
    assert!(!log.contains("the database failed"), "{log}");
    let said = failure(folder, &["rotate-secrets", "--secret-keys", other.trim()]);
    let expected = "crm-steps: a secret could not be sealed or opened: there is no key test to open a secret with\n";
    assert_eq!(said, expected);
}

#[tokio::test]
async fn webhooks_may_call_the_hosts_that_flags_the_environment_or_a_file_allow() {
    let folder = tempfile::tempdir().expect("a folder is made");
    let folder = folder.path();
    let token = output(folder, &["token", "create", "--organization", "Horizonte"]);
    let list = "allow-webhook-hosts = [\"lan\", \"10.1.0.0/16\"]\n";
    std::fs::write(folder.join("list.toml"), list).expect("it is written");
    let text = "allow-webhook-hosts = \"lan, 10.1.0.0/16\"\n";
    std::fs::write(folder.join("text.toml"), text).expect("it is written");
    let (lan, corp) = ("http://nas.lan/", "http://a.corp/");
    for (arguments, variable, allowed, refused) in [
        (["--allow-webhook-hosts", "lan"], Some("corp"), lan, corp),
        (["--config", "list.toml"], Some("home, corp"), corp, lan),
        (["--config", "list.toml"], None, lan, corp),
        (["--config", "text.toml"], None, "http://10.1.2.3/", corp),
    ] {
        let environment: Vec<_> =
            variable.into_iter().map(|hosts| ("ALLOW_WEBHOOK_HOSTS", hosts)).collect();
        let server = Server::start_with(folder, &arguments, &environment);
        for (url, codes) in [(allowed, json!([])), (refused, json!(["URL_NOT_ALLOWED"]))] {
            let check = format!(
                "mutation {{ createCrmStep(input: {{ scenarioId: \"a\", name: \"A\", prompt: \"b\", webhookUrl: \"{url}\" }}) {{ userErrors {{ code field }} }} }}"
            );
            let answer = server.graphql(token.trim(), &check).await.expect("it answers");
            let errors = answer["data"]["createCrmStep"]["userErrors"].as_array().expect("a list");
            let of_url = errors.iter().filter(|error| error["field"][1] == "webhookUrl");
            let told: Value = of_url.map(|error| error["code"].clone()).collect();
            assert_eq!(told, codes, "{arguments:?} {environment:?} {url}");
        }
        server.stop();
    }
}

#[tokio::test]
async fn a_port_in_use_is_reported_before_the_demo_is_created() {
    let folder = tempfile::tempdir().expect("a folder is made");
    let other = tempfile::tempdir().expect("a folder is made");
    let server = Server::start(other.path(), &[]);
    let address = server.url.trim_start_matches("http://");
    let said = failure(folder.path(), &["serve", "--listen", address]);
    assert!(said.starts_with(&format!("crm-steps: cannot listen on {address}: ")), "{said}");
    assert_eq!(
        output(folder.path(), &["token", "list"]),
        "",
        "the demo is created at the next start"
    );
    server.stop();
}

#[tokio::test]
async fn an_incomplete_request_does_not_block_the_shutdown() {
    let folder = tempfile::tempdir().expect("a folder is made");
    let server = Server::start(folder.path(), &["--request-timeout-seconds", "1"]);
    let address = server.url.trim_start_matches("http://").to_owned();
    let mut connection = TcpStream::connect(&address).expect("it listens");
    write!(connection, "POST /graphql HTTP/1.1\r\nHost: {address}\r\n").expect("it is sent");
    let (_, log) = server.stop();
    assert!(log.contains("stopped"), "{log}");
}

#[tokio::test]
async fn a_request_in_flight_completes_during_the_shutdown() {
    let folder = tempfile::tempdir().expect("a folder is made");
    let token = output(folder.path(), &["token", "create", "--organization", "Horizonte"]);
    let mut server = Server::start(folder.path(), &[]);
    let address = server.url.trim_start_matches("http://").to_owned();
    let mut connection = TcpStream::connect(&address).expect("it listens");
    let body =
        r#"{"query":"mutation { createAgent(input: { name: \"Sofia\" }) { agent { name } } }"}"#;
    write!(
        connection,
        "POST /graphql HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        token.trim(),
        body.len()
    )
    .expect("it is sent");
    // The server requests the body once it handles the request.
    let mut asked = [0; 25];
    connection.read_exact(&mut asked).expect("it answers");
    assert_eq!(&asked, b"HTTP/1.1 100 Continue\r\n\r\n");

    server.terminate();
    server.read_log_until("stopping");
    connection.write_all(body.as_bytes()).expect("it is sent");
    let mut answer = String::new();
    connection.read_to_string(&mut answer).expect("the server responds and closes the connection");
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains("\r\nconnection: close\r\n"), "{answer}");
    assert!(answer.contains(r#"{"data":{"createAgent":{"agent":{"name":"Sofia"}}}"#), "{answer}");
    server.wait();
    assert!(TcpStream::connect(&address).is_err(), "no new connection is accepted");
}
