//! `pipeline apply`.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{
    body::Body,
    extract::Request,
    middleware::{Next, from_fn},
    response::Response,
};
use futures_util::stream;
use serde_json::{Value, json};

use super::{Shell, text};
use crate::support::{App, Client, on_both_databases};

const SALES: &str = "name: Sales\nsteps:\n  - { name: A, prompt: a }\n";
const SUPPORT: &str = "name: Support\nsteps:\n  - { name: A, prompt: a }\n";

/// The service, which before the request with this number, from 1, calls `before` with it.
fn with_hook<F: Future<Output = ()> + Send + 'static>(
    app: &App,
    number: usize,
    before: impl Fn() -> F + Clone + Send + Sync + 'static,
) -> App {
    let requests = Arc::new(AtomicUsize::new(0));
    let hook = from_fn(move |request: Request, next: Next| {
        let (requests, before) = (Arc::clone(&requests), before.clone());
        async move {
            if requests.fetch_add(1, Ordering::SeqCst) + 1 == number {
                before().await;
            }
            next.run(request).await
        }
    });
    app.within(|router| router.layer(hook))
}

/// The service, whose responses to the requests with these numbers, from 1, are lost. It executes them.
fn losing(app: &App, numbers: &'static [usize]) -> App {
    let requests = Arc::new(AtomicUsize::new(0));
    let lose = from_fn(move |request: Request, next: Next| {
        let requests = Arc::clone(&requests);
        async move {
            let response = next.run(request).await;
            if !numbers.contains(&(requests.fetch_add(1, Ordering::SeqCst) + 1)) {
                return response;
            }
            let error = stream::iter([Err::<String, _>(std::io::Error::other("lost"))]);
            Response::new(Body::from_stream(error))
        }
    });
    app.within(|router| router.layer(lose))
}

async fn revisions(client: &Client) -> Value {
    client.query("{ crmScenarios { nodes { name revision } } }").await["crmScenarios"]["nodes"]
        .clone()
}

async fn a_file_is_applied_once(app: App) {
    let ana = app.member_of("A").await;
    let shell = Shell::new(&app, &ana).await;
    shell.write("sales.yaml", SALES);
    let applied = shell.all(&["apply", "--yes", "sales.yaml"]);
    assert!(applied.ends_with("crm-steps: sales.yaml: applied\nexit status 0"), "{applied}");
    assert_eq!(revisions(&ana).await, json!([{ "name": "Sales", "revision": 1 }]));
    let before = app.contents().await;
    assert_eq!(
        shell.all(&["apply", "--yes", "sales.yaml"]),
        "sales.yaml: pipeline sales\n  Nothing changes.\n\
         sales.yaml:3:5: warning: Conversations leave \"A\" (index 0) only by hand: it has no timer, does \
         not remove them, sets neither RESOLVED nor HUMAN_REQUESTED, and no trigger of another step is \
         evaluated; add one of these. [DEAD_END]\n\
         crm-steps: sales.yaml: nothing to apply\nexit status 0"
    );
    assert_eq!(app.contents().await, before);
}

async fn without_yes_or_a_terminal_nothing_is_applied(app: App) {
    let ana = app.member_of("A").await;
    let shell = Shell::new(&app, &ana).await;
    shell.write("sales.yaml", SALES);
    let before = app.contents().await;
    let refused = shell.all(&["apply", "sales.yaml"]);
    assert!(refused.contains("The pipeline is created. Steps: 1 created."), "{refused}");
    assert!(
        refused.ends_with(
            "crm-steps: nothing was applied: there is no terminal for the question; use --yes to apply without confirmation\n\
             exit status 1"
        ),
        "{refused}"
    );
    assert_eq!(shell.status(&["apply", "--json", "sales.yaml"]), Some(1));
    assert_eq!(shell.status(&["apply", "--yes", "--fail-on", "warning", "sales.yaml"]), Some(3));
    shell.write("bad.yaml", "name: A\n");
    assert_eq!(shell.status(&["apply", "--yes", "sales.yaml", "bad.yaml"]), Some(1));
    assert_eq!(app.contents().await, before);
}

async fn a_file_whose_name_gives_no_key_replaces_nothing(app: App) {
    let ana = app.member_of("A").await;
    ana.scenario("Pipeline").await;
    let shell = Shell::new(&app, &ana).await;
    shell.write("продажи.yaml", SALES);
    let before = app.contents().await;
    assert_eq!(
        shell.all(&["apply", "--yes", "."]),
        "продажи.yaml:1:1: error: The file has no key, and its name has no letter or digit of which one \
         could be made; add a key. [INVALID_FILE]\n\
         crm-steps: nothing was applied: not all files can be applied\nexit status 1"
    );
    assert_eq!(app.contents().await, before);
}

/// Nothing can be written to the device `full` of Linux.
#[cfg(target_os = "linux")]
async fn all_files_are_applied_if_standard_error_cannot_be_written(app: App) {
    let ana = app.member_of("A").await;
    let shell = Shell::new(&app, &ana).await;
    shell.write("sales.yaml", SALES);
    shell.write("support.yaml", SUPPORT);
    let run = |arguments: &[&str]| {
        let mut command = shell.command(arguments);
        let full = std::fs::File::create("/dev/full").expect("it is there");
        command.stdout(std::process::Stdio::piped()).stderr(full);
        let process = command.spawn().expect("the program starts");
        tokio::task::block_in_place(|| process.wait_with_output()).expect("it ends")
    };
    let applied = run(&["apply", "--yes", "--json", "."]);
    assert_eq!(applied.status.code(), Some(0));
    let json: Value = serde_json::from_slice(&applied.stdout).expect("JSON");
    let outcome = |index: usize| json["pipelines"][index]["outcome"].clone();
    assert_eq!([outcome(0), outcome(1)], ["APPLIED", "APPLIED"]);
    assert_eq!(run(&["export", "out"]).status.code(), Some(0));
    assert_eq!(shell.names("out"), ["sales.yaml", "support.yaml"]);
}

/// The program `script` gives a command a terminal; its flags are those of Linux.
#[cfg(target_os = "linux")]
async fn a_terminal_is_asked(app: App) {
    use std::{
        io::Write as _,
        process::{Command, Stdio},
    };

    use tokio::task::block_in_place;

    let ana = app.member_of("A").await;
    let shell = Shell::new(&app, &ana).await;
    shell.write("sales.yaml", SALES);
    let answer = |answer: &str| {
        let command = shell.command(&["apply", "sales.yaml"]);
        let program = command.get_program().to_str().expect("a path");
        let mut script = Command::new("script");
        script.args(["--quiet", "--return", "--command"]);
        script.arg(format!("{program} pipeline apply sales.yaml")).arg("/dev/null");
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => script.env(name, value),
                None => script.env_remove(name),
            };
        }
        script.current_dir(shell.folder.path()).stdin(Stdio::piped()).stdout(Stdio::piped());
        block_in_place(|| {
            let mut script = script.spawn().expect("it starts");
            script
                .stdin
                .take()
                .expect("it is piped")
                .write_all(answer.as_bytes())
                .expect("it reads");
            let output = script.wait_with_output().expect("it ends");
            (output.status.code(), text(&output.stdout))
        })
    };
    for no in ["n\n", "\n", "no\n"] {
        let (status, printed) = answer(no);
        assert!(printed.contains("Apply these changes? [y/N]"), "{printed}");
        assert!(printed.contains("nothing was applied: the answer was not yes"), "{printed}");
        assert_eq!(status, Some(1));
    }
    assert_eq!(revisions(&ana).await, json!([]));
    let (status, printed) = answer("y\n");
    assert!(printed.contains("\u{1b}[32m"), "a terminal gets colours: {printed}");
    assert_eq!(status, Some(0), "{printed}");
    assert_eq!(revisions(&ana).await, json!([{ "name": "Sales", "revision": 1 }]));
}

async fn what_was_not_shown_is_not_applied(app: App) {
    let ana = app.member_of("A").await;
    let direct = Shell::new(&app, &ana).await;
    direct.write("sales.yaml", SALES);
    direct.write("support.yaml", SUPPORT);
    assert_eq!(direct.status(&["apply", "--yes", "."]), Some(0));
    let editor = ana.clone();
    let update = "mutation { updateCrmScenario(id: $id, input: { description: \"New\" }) { userErrors { code } } }";
    let found = ana.query("{ crmScenarios { nodes { id } } }").await;
    let id = found["crmScenarios"]["nodes"][0]["id"].to_string();
    let update = update.replace("$id", &id);
    // Two plans, then two applies.
    let hooked = with_hook(&app, 3, move || {
        let (editor, update) = (editor.clone(), update.clone());
        async move { drop(editor.query(&update).await) }
    });
    let shell = Shell::new(&hooked, &ana).await;
    shell.write("sales.yaml", &SALES.replace("prompt: a", "prompt: changed"));
    shell.write("support.yaml", &SUPPORT.replace("prompt: a", "prompt: changed"));
    let run = shell.run(&["apply", "--yes", "--json", "."]);
    assert_eq!(run.status.code(), Some(1));
    assert_eq!(
        text(&run.stderr),
        "sales.yaml:1:1: error: The pipeline has changed since it was planned; run the command again to see \
         what would change now. [STALE_REVISION]\n\
         crm-steps: sales.yaml: not applied\ncrm-steps: support.yaml: applied\n"
    );
    let json: Value = serde_json::from_slice(&run.stdout).expect("JSON");
    let outcome = |index: usize| json["pipelines"][index]["outcome"].clone();
    assert_eq!([outcome(0), outcome(1)], ["NOT_APPLIED", "APPLIED"]);
    assert_eq!(json["pipelines"][1]["revision"], 2);
    let prompts = ana.query("{ crmScenarios { nodes { name steps { nodes { prompt } } } } }").await;
    let prompt = |index: usize| {
        prompts["crmScenarios"]["nodes"][index]["steps"]["nodes"][0]["prompt"].clone()
    };
    assert_eq!([prompt(0), prompt(1)], ["a", "changed"]);
    assert_eq!(shell.status(&["apply", "--yes", "."]), Some(0), "the next one shows the change");
}

async fn a_lost_response_is_asked_for_again(app: App) {
    let ana = app.member_of("A").await;
    // The first request plans.
    let shell = Shell::new(&losing(&app, &[2]), &ana).await;
    shell.write("sales.yaml", SALES);
    let applied = shell.all(&["apply", "--yes", "sales.yaml"]);
    assert!(applied.ends_with("crm-steps: sales.yaml: applied\nexit status 0"), "{applied}");
    assert_eq!(revisions(&ana).await, json!([{ "name": "Sales", "revision": 1 }]));
}

async fn what_is_not_known_is_said(app: App) {
    let ana = app.member_of("A").await;
    let shell = Shell::new(&losing(&app, &[3, 4]), &ana).await;
    shell.write("sales.yaml", SALES);
    shell.write("support.yaml", SUPPORT);
    let run = shell.run(&["apply", "--yes", "."]);
    assert_eq!(run.status.code(), Some(1));
    let printed = text(&run.stderr);
    let lines: Vec<_> = printed.lines().collect();
    assert!(
        lines[0].starts_with(
            "crm-steps: sales.yaml: it is not known whether it was applied; `crm-steps pipeline plan` \
             shows it: the connection was lost ("
        ),
        "{printed}"
    );
    assert_eq!(lines[1..], ["crm-steps: support.yaml: not applied: a request before it failed"]);
    assert_eq!(revisions(&ana).await, json!([{ "name": "Sales", "revision": 1 }]));
}

async fn the_default_limits_let_the_largest_pipeline_pass(app: App) {
    let ana = app.member_of("A").await;
    let shell = Shell::new(&app, &ana).await;
    let step = |number: usize| json!({ "key": format!("s{number}"), "name": "S", "prompt": "é".repeat(1_950) });
    let steps: Vec<Value> = (0..1_000).map(step).collect();
    let file = json!({ "key": "large", "name": "Large", "steps": steps });
    let text = format!("{file:#}\n");
    assert!(file.to_string().len() > 3_900_000);
    shell.write("large.json", &text);
    assert_eq!(shell.status(&["apply", "--yes", "large.json"]), Some(0));
    assert_eq!(shell.status(&["export", "--format", "json", "out"]), Some(0));
    assert!(shell.read("out/large.json") == text, "the same bytes");
    shell.write("large.json", &text.replace('é', "ê"));
    assert_eq!(shell.status(&["plan", "--detailed-exitcode", "large.json"]), Some(4));
}

on_both_databases!(
    a_file_is_applied_once,
    without_yes_or_a_terminal_nothing_is_applied,
    a_file_whose_name_gives_no_key_replaces_nothing,
    what_was_not_shown_is_not_applied,
    a_lost_response_is_asked_for_again,
    what_is_not_known_is_said,
    the_default_limits_let_the_largest_pipeline_pass,
);

#[cfg(target_os = "linux")]
on_both_databases!(all_files_are_applied_if_standard_error_cannot_be_written, a_terminal_is_asked,);
