//! What prevents a command from reaching a service, and what it says then.

use std::{
    fs,
    process::{Command, Stdio},
    sync::Arc,
};

use axum::{
    Router,
    extract::Request,
    http::{StatusCode, header},
    middleware::{Next, from_fn},
    response::{Html, IntoResponse, Redirect},
    routing::post,
};
use crm_steps::config::{self, Cli, PipelineCommand};
use serde_json::{Value, json};
use tokio::{sync::Semaphore, task::block_in_place};

use super::{Shell, text};
use crate::support::{App, Client, on_both_databases, trusted};

const FILE: &str = "name: A\nsteps: []\n";

/// What `plan` says about a file, without the beginning that each failure has.
fn plan(shell: &Shell) -> String {
    shell.write("a.yaml", FILE);
    let printed = shell.all(&["plan", "a.yaml"]);
    let printed = printed.strip_suffix("\nexit status 1").expect("it fails");
    let start = "crm-steps: cannot plan a.yaml with URL/graphql: ";
    printed.strip_prefix(start).unwrap_or(printed).to_owned()
}

async fn responding(response: impl IntoResponse + Clone + Send + Sync + 'static) -> Shell {
    Shell::of(Router::new().route("/graphql", post(async move || response.clone()))).await
}

async fn a_service_that_rejects_a_request_says_why(app: App) {
    let ana = app.member_of("A").await;
    let with = async |flags: &[&str]| Shell::new(&app.set_up(flags), &ana).await;
    assert_eq!(
        plan(&with(&["--max-body-bytes", "100"]).await),
        "the pipeline is larger than the service accepts; its operator can raise --max-body-bytes"
    );
    let limited = with(&["--rate-limit-per-minute", "1"]).await;
    assert_eq!(limited.status(&["export", "out"]), Some(0));
    let busy = plan(&limited);
    let seconds = busy
        .strip_prefix("it has too many requests at present; try again in ")
        .and_then(|rest| rest.strip_suffix(" s"));
    assert!(seconds.is_some_and(|it| it.parse::<u32>().is_ok()), "{busy}");
    let reader = app.bearer("A", &[crm_steps::domain::access_token::Scope::Read]).await;
    assert_eq!(
        plan(&Shell::new(&app, &reader).await),
        "The token lacks the scope write, which this request needs."
    );
    let nobody = Shell { token: "crm_nobody".to_owned(), ..Shell::new(&app, &ana).await };
    assert_eq!(
        plan(&nobody),
        "it rejects the token; `crm-steps token create` creates one that is valid"
    );
}

async fn the_url_may_be_that_of_the_graphql_api(app: App) {
    let ana = app.member_of("A").await;
    let shell = Shell::new(&app, &ana).await;
    shell.write("a.yaml", FILE);
    for end in ["", "/", "/graphql", "/graphql/"] {
        let url = format!("{}{end}", shell.url);
        assert_eq!(shell.status(&["plan", "a.yaml", "--url", &url]), Some(0), "{url}");
    }
}

async fn trusted_documents_include_those_of_the_commands(app: App) {
    let ana = app.member_of("A").await;
    let documents = trusted(&json!({})).expect("it is a list");
    let shell = Shell::new(&app.executing(documents, &[]), &ana).await;
    shell.write("a.yaml", FILE);
    assert_eq!(shell.status(&["apply", "--yes", "a.yaml"]), Some(0));
    assert_eq!(shell.status(&["plan", "--detailed-exitcode", "a.yaml"]), Some(0));
    assert_eq!(shell.status(&["export", "out"]), Some(0));
}

/// A client of the service, whose requests wait until they are let through.
async fn held(app: &App, client: &Client) -> (Arc<Semaphore>, Shell) {
    let gate = Arc::new(Semaphore::new(0));
    let waiting = Arc::clone(&gate);
    let wait = from_fn(move |request: Request, next: Next| {
        let waiting = Arc::clone(&waiting);
        async move {
            drop(waiting.acquire().await);
            next.run(request).await
        }
    });
    (gate, Shell::new(&app.within(|router| router.layer(wait)), client).await)
}

async fn the_token_is_not_in_the_list_of_processes(app: App) {
    let ana = app.member_of("A").await;
    let (gate, shell) = held(&app, &ana).await;
    shell.write("a.yaml", FILE);
    shell.write("token", &format!("{}\n", shell.token));
    for arguments in [&["plan", "a.yaml"][..], &["plan", "a.yaml", "--token-file", "token"]] {
        let mut command = shell.command(arguments);
        if arguments.contains(&"--token-file") {
            command.env("CRM_STEPS_TOKEN", "crm_another");
        }
        let process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let process = process.expect("the program starts");
        let id = process.id().to_string();
        let listed = Command::new("ps").args(["-o", "args=", "-p", &id]).output();
        let listed = listed.expect("ps runs").stdout;
        assert!(text(&listed).contains("pipeline plan"), "{}", text(&listed));
        gate.add_permits(1);
        let output = block_in_place(|| process.wait_with_output()).expect("it ends");
        assert!(output.status.success(), "{}", text(&output.stderr));
        for shown in [&listed, &output.stdout, &output.stderr] {
            assert!(!text(shown).contains("crm_"), "{}", text(shown));
        }
    }
}

on_both_databases!(
    a_service_that_rejects_a_request_says_why,
    the_url_may_be_that_of_the_graphql_api,
    trusted_documents_include_those_of_the_commands,
    the_token_is_not_in_the_list_of_processes,
);

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_the_service_is_recognized() {
    let other = "what answers there, with status 200, is not the GraphQL API of this service; is --url right?";
    assert_eq!(plan(&responding(Html("<p>Hello</p>")).await), other);
    assert_eq!(plan(&responding(r#"{"ok":true}"#).await), other);
    let empty = r#"{"data":{"applyCrmScenario":null}}"#;
    assert_eq!(plan(&responding(empty).await), "the response lacks what was asked for");
    let silent = r#"{"data":{"applyCrmScenario":{"crmScenario":null,"plan":null,"diagnostics":[],"userErrors":[]}}}"#;
    assert_eq!(plan(&responding(silent).await), "the response lacks what was asked for");
    assert_eq!(
        plan(&responding(Redirect::temporary("https://example.com/a")).await),
        "it redirects to https://example.com/a, which is not followed with a token; correct --url"
    );
    let error = r#"{"errors":[{"message":"No \u001b[31mfield.","extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}]}"#;
    assert_eq!(
        plan(&responding((StatusCode::BAD_REQUEST, error)).await),
        "it has another version than this program, and its API lacks something: No \\u{1b}[31mfield."
    );
    let overloaded = (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "1")], "");
    assert_eq!(
        plan(&responding(overloaded).await),
        "it is not available at present; try again in 1 s"
    );
    assert_eq!(plan(&responding(" ".repeat(64_000_001)).await), "the response is too large");
}

/// A plan that creates a pipeline, to all requests but those with this text, to which the response is this.
async fn responding_to(text: &'static str, response: &'static str) -> Shell {
    let plan = json!({ "data": { "applyCrmScenario": {
        "crmScenario": null,
        "plan": {
            "isEmpty": false, "revision": 0, "action": "CREATE", "fields": [], "steps": [],
            "created": 0, "updated": 0, "moved": 0, "deleted": 0, "unchanged": 0,
        },
        "diagnostics": [],
        "userErrors": [],
    } } });
    let answer = async move |body: String| {
        if body.contains(text) { response.to_owned() } else { plan.to_string() }
    };
    Shell::of(Router::new().route("/graphql", post(answer))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_fails_leaves_the_other_plans() {
    let shell = responding_to("\"key\":\"b\"", "busy").await;
    for name in ["a.yaml", "b.yaml", "c.yaml"] {
        shell.write(name, FILE);
    }
    let error = "cannot plan b.yaml with URL/graphql: what answers there, with status 200, is not the \
                 GraphQL API of this service; is --url right?";
    let text = |name: &str| {
        format!("{name}.yaml: pipeline {name}\n  The pipeline is created. Steps: none.\n")
    };
    let all = text("a") + &text("c");
    assert_eq!(shell.all(&["plan", "."]), format!("{all}crm-steps: {error}\nexit status 1"));
    for arguments in [&["plan", "--json", "."][..], &["apply", "--yes", "--json", "."]] {
        let run = shell.run(arguments);
        assert_eq!(run.status.code(), Some(1));
        let json: Value = serde_json::from_slice(&run.stdout).expect("JSON");
        let created = json!("CREATE");
        let actions = [0, 1, 2].map(|index| &json["pipelines"][index]["plan"]["action"]);
        assert_eq!(actions, [&created, &Value::Null, &created]);
        assert_eq!(json["pipelines"][1]["error"], error.replace("URL", &shell.url));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whether_a_response_without_a_reason_applied_anything_is_not_known() {
    let silent = r#"{"data":{"applyCrmScenario":{"crmScenario":null,"plan":null,"diagnostics":[],"userErrors":[]}}}"#;
    let shell = responding_to("\"validateOnly\":false", silent).await;
    shell.write("a.yaml", FILE);
    assert_eq!(
        shell.all(&["apply", "--yes", "a.yaml"]),
        "a.yaml: pipeline a\n  The pipeline is created. Steps: none.\n\
         crm-steps: a.yaml: it is not known whether it was applied; `crm-steps pipeline plan` shows it: \
         the response lacks what was asked for\nexit status 1"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_connection_is_reported() {
    // Nothing listens on a port of which the listener is closed.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let address = listener.local_addr().expect("it has an address");
    drop(listener);
    let refused = plan(&Shell::at(&format!("http://{address}"), "crm_token"));
    assert!(refused.starts_with("no connection (Connection refused"), "{refused}");
    let below = Shell::at("http://127.0.0.1:1/a", "crm_token");
    below.write("a.yaml", FILE);
    let said = below.all(&["plan", "a.yaml"]);
    assert!(said.starts_with("crm-steps: cannot plan a.yaml with URL/graphql: no conn"), "{said}");
    let plain = responding("").await;
    let tls = Shell::at(&plain.url.replace("http:", "https:"), "crm_token");
    let said = plan(&tls);
    assert!(said.starts_with("no connection (received corrupt message"), "{said}");
}

#[test]
fn a_command_without_a_token_says_how_to_get_one() {
    let shell = Shell::at("http://127.0.0.1:1", "");
    shell.write("a.yaml", FILE);
    let said = |flags: &[&str]| {
        let run = shell.command(&[&["plan", "a.yaml"], flags].concat()).output();
        let run = run.expect("the program runs");
        assert_eq!(run.status.code(), Some(1));
        text(&run.stderr)
    };
    assert_eq!(
        said(&[]),
        "crm-steps: there is no token; set CRM_STEPS_TOKEN, or name a file with it by --token-file \
         (`crm-steps token create` creates one)\n"
    );
    assert_eq!(
        said(&["--token-file", "no"]),
        "crm-steps: cannot read the token of no: No such file or directory (os error 2)\n"
    );
    shell.write("empty", "\n");
    assert_eq!(
        said(&["--token-file", "empty"]),
        "crm-steps: empty is empty; it must contain the token\n"
    );
    shell.write("large", &"a".repeat(4_097));
    assert_eq!(
        said(&["--token-file", "large"]),
        "crm-steps: large is larger than a file with a token\n"
    );
    assert_eq!(
        said(&["--token", "a\nb"]),
        "crm-steps: the token has characters that no token has\n"
    );
}

/// A URL has the same id among the arguments as that of the database would have.
#[test]
fn the_settings_of_a_database_are_not_those_of_a_service() {
    let folder = tempfile::tempdir().expect("a folder is made");
    let file = folder.path().join("settings.toml");
    fs::write(&file, "database-url = \"sqlite://a.db\"\n").expect("it is written");
    let file = file.to_str().expect("text");
    let arguments = ["crm-steps", "pipeline", "plan", "a.yaml", "--config", file];
    let cli = Cli::read(arguments.map(Into::into)).expect("they are valid");
    let Some(config::Command::Pipeline(PipelineCommand::Plan(config))) = cli.command else {
        panic!("another command: {:?}", cli.command)
    };
    assert_eq!(config.service.service_url.as_str(), "http://127.0.0.1:8080/");
}
