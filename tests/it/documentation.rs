//! README.md and docs/: requests get the responses shown there, and the commands, settings and links work.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use axum::{body::Body, http::Request};
use clap::{ArgAction, Command, CommandFactory as _};
use crm_steps::config::Cli;
use serde_json::{Value, json};

use crate::support::{App, Client, EventStream, Server, command, on_both_databases};

mod frontends;
mod pipelines;

const README: &str = include_str!("../../README.md");
const TOUR: &str = include_str!("../../docs/tour.md");
const REST: &str = include_str!("../../docs/rest.md");
const CONFIGURATION: &str = include_str!("../../docs/configuration.md");
const OPERATIONS: &str = include_str!("../../docs/operations.md");

/// The placeholder in a shown response for a value that varies, and as a key for fields that are left
/// out.
const NOT_SHOWN: &str = "…";

/// A fenced block of a document: its language and its text.
type Block<'a> = (&'a str, &'a str);

fn blocks(document: &str) -> Vec<Block<'_>> {
    let fenced = document.split("\n```").skip(1).step_by(2);
    fenced.map(|block| block.split_once('\n').expect("a language, and text below it")).collect()
}

/// The text of a section, from its heading to the next one of the same level.
fn section<'a>(document: &'a str, heading: &str) -> &'a str {
    let level = heading.split(' ').next().unwrap_or_default();
    let (_, rest) = document.split_once(&format!("\n{heading}\n")).expect("the heading is there");
    rest.split(&format!("\n{level} ")).next().unwrap_or_default()
}

/// All documents: each one's path below the project's folder, and its text.
fn documents() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.to_owned(), root.join("docs")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder can be read") {
            let path = entry.expect("an entry").path();
            if path.is_dir() && folder != root {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                let text = fs::read_to_string(&path).expect("the document can be read");
                found.push((path, text));
            }
        }
    }
    assert!(found.len() > 5, "{found:?}");
    found
}

/// Words of a shell command, without quotes. What is quoted is one word, also with `$(…)` in it.
fn words(command: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for character in command.replace("\\\n", " ").chars() {
        match (quote, character) {
            (None, '\'' | '"') => quote = Some(character),
            (Some(open), _) if open == character => quote = None,
            (None, _) if character.is_whitespace() => words.push(String::new()),
            _ => words.last_mut().expect("there is one").push(character),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The request of a curl command, without its token.
fn curl(command: &str) -> Request<Body> {
    let words = words(command);
    let mut words = words.iter().map(String::as_str);
    assert_eq!(words.next(), Some("curl"));
    let (mut method, mut body, mut request) = (None, None, Request::builder());
    while let Some(word) = words.next() {
        match word {
            "-s" => {}
            "-X" => method = words.next(),
            "-d" => body = words.next(),
            "-H" => {
                let (name, value) =
                    words.next().and_then(|it| it.split_once(": ")).expect("a header");
                if name != "Authorization" {
                    request = request.header(name, value);
                }
            }
            url => request = request.uri(url.strip_prefix("http://127.0.0.1:8080").expect("a URL")),
        }
    }
    let usual = if body.is_some() { "POST" } else { "GET" };
    let request = request.method(method.unwrap_or(usual));
    request.body(body.unwrap_or_default().to_owned().into()).expect("a request")
}

fn is_shown(shown: &Value, actual: &Value) -> bool {
    match (shown, actual) {
        (Value::String(shown), _) if shown == NOT_SHOWN => !actual.is_null(),
        (Value::Object(shown), Value::Object(actual)) => {
            let has_others = shown.contains_key(NOT_SHOWN);
            let mut named = shown.iter().filter(|(name, _)| *name != NOT_SHOWN);
            let is_complete =
                if has_others { shown.len() <= actual.len() } else { shown.len() == actual.len() };
            is_complete
                && named.all(|(name, shown)| actual.get(name).is_some_and(|it| is_shown(shown, it)))
        }
        (Value::Array(shown), Value::Array(actual)) => {
            shown.len() == actual.len()
                && shown.iter().zip(actual).all(|(shown, actual)| is_shown(shown, actual))
        }
        _ => shown == actual,
    }
}

/// Sends the requests of a document in their order, and compares each response with the JSON block after
/// the request, if there is one. Returns the number of comparisons.
async fn follow(document: &str, reader: &Client) -> usize {
    let blocks = blocks(document);
    let mut compared = 0;
    for (index, (language, text)) in blocks.iter().enumerate() {
        let answer = match *language {
            "graphql" => {
                let mut answer = reader.graphql(text, Value::Null).await.json();
                assert!(answer.get("errors").is_none(), "{text}\n{answer}");
                // The cost is not shown each time.
                let extensions = answer.as_object_mut().and_then(|it| it.remove("extensions"));
                assert!(extensions.is_some(), "{answer}");
                answer
            }
            "sh" if text.starts_with("curl ") => reader.send(curl(text)).await.json(),
            _ => continue,
        };
        if let Some(("json", shown)) = blocks.get(index + 1) {
            let shown: Value = serde_json::from_str(shown).expect("the answer is JSON");
            assert!(is_shown(&shown, &answer), "{text}\nis answered with\n{answer}");
            compared += 1;
        }
    }
    compared
}

async fn the_readme_and_the_tour_show_the_actual_responses(app: App) {
    let reader = app.demo().await;
    assert_eq!(follow(README, &reader).await, 2);
    let asked = blocks(TOUR).iter().filter(|(language, _)| *language == "graphql").count();
    let compared = follow(TOUR, &reader).await;
    assert!(compared > 10 && compared + 1 >= asked, "all but the history's: {compared} of {asked}");
}

async fn the_rest_document_shows_the_actual_responses(app: App) {
    let reader = app.demo().await;
    let asked = blocks(REST).iter().filter(|(_, text)| text.starts_with("curl ")).count();
    let compared = follow(REST, &reader).await;
    assert!(compared > 5 && compared == asked, "{compared} of {asked}");
}

on_both_databases!(
    the_readme_and_the_tour_show_the_actual_responses,
    the_rest_document_shows_the_actual_responses,
);

#[test]
fn a_shown_response_leaves_out_only_marked_fields() {
    let actual = json!({ "id": "7", "name": "A", "tags": ["b"], "none": null });
    for (shown, expected) in [
        (r#"{"id":"…","name":"A","tags":["b"],"none":null}"#, true),
        (r#"{"name":"A","…":"…"}"#, true),
        (r#"{"name":"A"}"#, false),
        (r#"{"name":"B","…":"…"}"#, false),
        (r#"{"other":"…","…":"…"}"#, false),
        (r#"{"none":"…","…":"…"}"#, false),
        (r#"{"tags":[],"…":"…"}"#, false),
        (r#"{"id":"…","name":"A","tags":["b"],"none":null,"…":"…"}"#, false),
    ] {
        let shown = serde_json::from_str(shown).expect("it is JSON");
        assert_eq!(is_shown(&shown, &actual), expected, "{shown}");
    }
}

/// The arguments of each call of the program in a line of code.
fn calls(code: &str) -> Vec<String> {
    let mut calls = Vec::new();
    for name in ["crm-steps", "cargo run -q --"] {
        for (at, _) in code.match_indices(name) {
            let is_word = code[..at].chars().next_back().is_none_or(|before| " (".contains(before));
            let rest = &code[at + name.len()..];
            if is_word && (rest.is_empty() || rest.starts_with(' ')) {
                calls.push(rest.to_owned());
            }
        }
    }
    calls
}

/// Checks that the command line has each subcommand and each flag of a call.
fn check_call(arguments: &str) -> Result<(), String> {
    let mut command = Cli::command();
    command.build();
    let mut command = &command;
    // A quoted value counts as one word, and the call may end before the line does.
    let mut unquoted = String::new();
    for (index, part) in arguments.split('\'').enumerate() {
        unquoted.push_str(if index % 2 == 0 { part } else { "VALUE" });
    }
    let call = unquoted.split([')', '|', '>', '#', ';', '&']).next().unwrap_or_default();
    let call = call.replace(['[', ']', '…'], " ");
    let mut words = call.split_whitespace();
    while let Some(word) = words.next() {
        if let Some(flag) = word.strip_prefix("--") {
            let name = flag.split('=').next().unwrap_or_default();
            let argument = command.get_arguments().find(|it| it.get_long() == Some(name));
            let argument = argument.ok_or_else(|| format!("there is no {word}"))?;
            if argument.get_action().takes_values() && name == flag {
                words.next().ok_or_else(|| format!("{word} has no value"))?;
            }
        } else if let Some(found) = command.find_subcommand(word) {
            command = found;
        } else if command.get_positionals().next().is_none() {
            return Err(format!("there is no {word}"));
        }
    }
    if command.is_subcommand_required_set() { Err("it is incomplete".to_owned()) } else { Ok(()) }
}

#[test]
fn commands_exist() {
    let mut checked = 0;
    for (path, text) in documents() {
        let mut is_fenced = false;
        for line in text.replace("\\\n", " ").lines() {
            if line.trim_start().starts_with("```") {
                is_fenced = !is_fenced;
                continue;
            }
            // Outside of blocks, what is between backticks is code.
            let code: Vec<&str> =
                if is_fenced { vec![line] } else { line.split('`').skip(1).step_by(2).collect() };
            for call in code.into_iter().flat_map(calls) {
                let known = check_call(&call);
                assert_eq!(known, Ok(()), "{}: {line}", path.display());
                checked += 1;
            }
        }
    }
    assert!(checked > 15, "{checked}");
    assert_eq!(
        check_call(" token create --organisation A"),
        Err("there is no --organisation".into())
    );
    assert_eq!(check_call(" tokens list"), Err("there is no tokens".into()));
    assert_eq!(check_call(" token"), Err("it is incomplete".into()));
}

/// The cells of the rows of a section's tables, without the marks of code.
fn rows(section: &str) -> Vec<Vec<String>> {
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        row.trim_matches('|').split('|').map(|cell| cell.trim().replace('`', "")).collect()
    })
    .collect()
}

#[test]
fn all_commands_are_listed() {
    fn leaves(command: &Command, name: &str, found: &mut Vec<String>) {
        for subcommand in command.get_subcommands() {
            leaves(subcommand, &format!("{name} {}", subcommand.get_name()), found);
        }
        if !command.has_subcommands() {
            found.push(name.to_owned());
        }
    }
    let mut expected = Vec::new();
    leaves(&Cli::command(), "crm-steps", &mut expected);
    let listed: String = rows(section(CONFIGURATION, "## Commands"))
        .iter()
        .map(|row| row[0].clone() + "\n")
        .collect();
    for command in expected {
        assert!(listed.contains(&command), "{command} is not in docs/configuration.md:\n{listed}");
    }
}

#[test]
fn settings_are_those_of_the_command_line() {
    let listed: BTreeMap<String, [String; 2]> = ["## Settings", "## Limits"]
        .into_iter()
        .flat_map(|heading| rows(section(CONFIGURATION, heading)))
        .map(|row| (row[0].clone(), [row[1].clone(), row[2].replace(',', "")]))
        .collect();
    let known: BTreeMap<String, [String; 2]> = Cli::command()
        .get_arguments()
        .map(|argument| {
            let name = argument.get_long().expect("each has a name");
            let variable = argument.get_env().and_then(|it| it.to_str()).unwrap_or_default();
            let values: Vec<_> =
                argument.get_default_values().iter().filter_map(|value| value.to_str()).collect();
            let default = match argument.get_action() {
                ArgAction::SetTrue => "off".to_owned(),
                ArgAction::Append => "none".to_owned(),
                _ => values.join(","),
            };
            (format!("--{name}"), [variable.to_owned(), default])
        })
        .collect();
    assert_eq!(listed, known);
}

#[test]
fn the_file_of_settings_can_be_read() {
    let folder = tempfile::tempdir().expect("a folder is made");
    let file = folder.path().join("settings.toml");
    let toml = blocks(CONFIGURATION).into_iter().find(|(language, _)| *language == "toml");
    fs::write(&file, toml.expect("there is one").1).expect("it is written");
    let arguments = ["crm-steps".into(), "--config".into(), file.into_os_string()];
    let cli = Cli::read(arguments).expect("it is valid");
    assert_eq!(cli.serve.http.cors_origins, ["https://app.example.com"]);
}

/// The metrics in Prometheus' text format, each with the names of its labels.
fn metrics(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut metrics: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let (name, labels) = line
            .split_once('{')
            .unwrap_or_else(|| (line.split(' ').next().unwrap_or_default(), ""));
        let suffix = ["_bucket", "_sum", "_count"].iter().find_map(|it| name.strip_suffix(it));
        let labels = labels.split("\",").filter_map(|label| label.split_once("=\""));
        let labels = labels.map(|(label, _)| label.to_owned()).filter(|label| label != "le");
        metrics.entry(suffix.unwrap_or(name).to_owned()).or_default().extend(labels);
    }
    metrics
}

#[tokio::test]
async fn metrics_are_those_of_the_service() {
    let folder = tempfile::tempdir().expect("a folder is made");
    let created = command(folder.path()).args(["token", "create", "--organization", "A"]).output();
    let token = String::from_utf8(created.expect("the program runs").stdout).expect("text");
    let server = Server::start(folder.path(), &[]);
    let query = "{ viewer { organization { name history(first: 1) { totalCount } } } }";
    let answer = server.graphql(token.trim(), query).await.expect("it answers");
    assert!(answer["data"]["viewer"].is_object(), "{answer}");
    let changes = "subscription { changes { cursor } }";
    let mut events = EventStream::open(&server.url, token.trim(), changes, json!({})).await;
    let create = "mutation { createAgent(input: { name: \"Sofia\" }) { agent { id } } }";
    // The time of the first one is not known, if it is read when the stream begins.
    for _ in 0..2 {
        server.graphql(token.trim(), create).await.expect("it answers");
        events.next().await.expect("an event");
    }
    let text = reqwest::get(format!("{}/metrics", server.url)).await.expect("it answers");
    let known = metrics(&text.text().await.expect("it is text"));
    let listed: BTreeMap<String, BTreeSet<String>> = rows(OPERATIONS)
        .into_iter()
        .filter(|row| row[0].starts_with("crm_steps_"))
        .map(|row| {
            let names = row[1].split(',').map(str::trim);
            (row[0].clone(), names.filter(|name| !name.is_empty()).map(str::to_owned).collect())
        })
        .collect();
    assert_eq!(listed, known);
    server.stop();
}

/// The anchor of a heading, as forges make it.
fn anchor(heading: &str) -> String {
    let kept = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = kept.chars().filter(|it| it.is_alphanumeric() || " -_".contains(*it));
    kept.map(|character| if character == ' ' { '-' } else { character }).collect()
}

#[test]
fn links_have_a_target() {
    let mut checked = 0;
    for (path, text) in documents() {
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if link.contains("://") {
                continue;
            }
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = match file {
                "" => path.clone(),
                _ => path.parent().expect("it is in a folder").join(file),
            };
            assert!(target.exists(), "{}: {link}", path.display());
            if !heading.is_empty() {
                let text = fs::read_to_string(&target).expect("it is a document");
                let mut headings = text.lines().filter(|line| line.starts_with('#'));
                assert!(headings.any(|it| anchor(it) == heading), "{}: {link}", path.display());
            }
            checked += 1;
        }
    }
    assert!(checked > 10, "{checked}");
}

/// The tests, as `file::name`, and the files, from the project's folder, that the check-lists of
/// contributors name.
#[test]
fn the_tests_and_files_of_the_check_lists_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("CONTRIBUTING.md")).expect("it can be read");
    let is_test = |name: &str| {
        name.contains("::")
            && name
                .chars()
                .all(|it| it == ':' || it == '_' || it.is_ascii_lowercase() || it.is_ascii_digit())
    };
    let is_file = |name: &str| {
        ["src/", "tests/", "fuzz/", "docs/", "web/"].iter().any(|folder| name.starts_with(folder))
            && !name.contains(['<', '…', ' '])
    };
    let mut checked = (0, 0);
    for name in text.split('`').skip(1).step_by(2) {
        if is_test(name) {
            let (file, function) = name.rsplit_once("::").expect("it has a file");
            let path = root.join("tests/it").join(file.replace("::", "/")).with_extension("rs");
            let source =
                fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(source.contains(&format!("fn {function}(")), "{name}");
            checked.0 += 1;
        } else if is_file(name) {
            assert!(root.join(name).exists(), "{name}");
            checked.1 += 1;
        }
    }
    assert!(checked.0 > 20 && checked.1 > 20, "{checked:?}");
}

/// Runs the command that a section shows on the database of the service, with other arguments after
/// its name.
fn run_shown(app: &App, heading: &str, arguments: &[&str]) -> String {
    let section = section(OPERATIONS, heading);
    let shown: Vec<&str> = blocks(section).into_iter().map(|(_, command)| command).collect();
    let [shown] = shown[..] else { panic!("one command: {shown:?}") };
    let words = words(shown);
    let [program, noun, verb, _example] = &words[..] else { panic!("{words:?}") };
    assert_eq!(program, "crm-steps");
    let folder = tempfile::tempdir().expect("a folder is made");
    let ran = command(folder.path())
        .env("DATABASE_URL", &app.url)
        .args([noun, verb])
        .args(arguments)
        .output()
        .expect("the program runs");
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).expect("text")
}

async fn a_person_is_erased(app: App) {
    let reader = app.demo().await;
    let other = app.member_of("Other").await;
    other.membership("Somebody").await;
    let input = json!({ "name": "Rui Lima", "email": "rui.lima@example.com", "role": "USER" });
    let id = reader.create("createMembership", "membership", &input).await;
    let renamed = format!(
        "updateMembership(id: \"{id}\", input: {{ email: \"rui@example.com\" }}) {{ replayed }}"
    );
    reader.done("", &renamed, json!({})).await;
    assert!(app.contents().await.contains("rui@example.com"));
    let said = run_shown(&app, "### A person", &[&id]);
    assert!(said.contains("changes 2, stored outcomes 0, tokens 0"), "{said}");
    let after = app.contents().await;
    for erased in ["rui@example.com", "rui.lima@example.com", "Rui Lima", "rui lima"] {
        assert!(!after.contains(erased), "{erased} in {after}");
    }
    assert!(after.contains("bruno.tavares@example.com") && after.contains("somebody@example.com"));
}

async fn an_organization_is_erased(app: App) {
    let other = app.member_of("Other").await;
    let scenario_of_other = other.scenario("Sales").await;
    other.steps(&scenario_of_other, "A B").await;
    let expected = app.contents().await;
    let ana = app.member_of("Horizonte Digital (teste)").await;
    let (scenario, rui) = (ana.scenario("Sales").await, ana.membership("Rui").await);
    let steps = ana.steps(&scenario, "A Z").await;
    let input = json!({
        "scenarioId": scenario, "agentId": ana.agent("Sofia").await, "name": "B", "prompt": "b",
        "autoNextStepId": steps[0], "autoNextTime": 1, "defaultTags": ["c"],
        "assigneeLogicType": "single_user", "selectedMembershipIdsForAssignee": [rui],
    });
    ana.crm_step(&input).await;
    let keyed = "createAgent(input: { name: \"Bia\" }, idempotencyKey: \"a\") { agent { id } }";
    ana.done("", keyed, json!({})).await;
    ana.done("", &format!("deleteCrmStep(id: \"{}\") {{ replayed }}", steps[1]), json!({})).await;
    assert_ne!(app.contents().await, expected);
    // So that the command need not wait until replicas reject the token.
    app.execute(
        "UPDATE access_token SET revoked_at = created_at WHERE organization_id IN
            (SELECT id FROM organization WHERE name = 'Horizonte Digital (teste)')",
    )
    .await;
    let name = "Horizonte Digital (teste)";
    let said = run_shown(&app, "### An organization", &[name, "--yes"]);
    assert_eq!(said, "deleted the organization \"Horizonte Digital (teste)\"\n");
    assert_eq!(app.contents().await, expected, "the other organization is unchanged");
    assert_eq!(other.names(&scenario_of_other).await, "A B");
}

on_both_databases!(a_person_is_erased, an_organization_is_erased);
