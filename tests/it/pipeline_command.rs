//! The commands `pipeline check`, `flow`, `simulate` and `schema`, which need no server.

use std::{fs, process::Output};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::command;

const VENDAS: &str = "\
name: Vendas
steps:
  - key: novo-lead
    name: Novo lead
    prompt: Cumprimente.
    autoNextTime: 36
    autoNextTimeUnit: h
  - key: lead-frio
    name: Lead frio
    prompt: Retome.
    initialMessage: Oi!
    isConversationRemovalStep: true
";

/// A cycle in which each step sends.
const SPAM: &str = "\
name: Spam
steps:
  - { name: A, prompt: a, initialMessage: Oi, autoNextTime: 1, autoNextTimeUnit: h }
  - { name: B, prompt: b, initialMessage: Oi, autoNextTime: 1, autoNextTimeUnit: h, autoNextStepKey: a }
";

/// A folder with these files.
fn folder<const N: usize>(files: [(&str, &str); N]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder is made");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("it is made");
        fs::write(path, text).expect("it is written");
    }
    folder
}

fn run(folder: &TempDir, arguments: &[&str]) -> Output {
    let mut command = command(folder.path());
    command.arg("pipeline").args(arguments).output().expect("the program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

/// The exit status of a command, and what it prints on standard output and standard error.
fn all(folder: &TempDir, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    let status = output.status.code().expect("it ends by itself");
    format!("{}{}exit status {status}", text(&output.stdout), text(&output.stderr))
}

/// The standard output of a command that must succeed.
fn output(folder: &TempDir, arguments: &[&str]) -> String {
    let output = run(folder, arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

fn status(folder: &TempDir, arguments: &[&str]) -> Option<i32> {
    run(folder, arguments).status.code()
}

#[test]
fn check_prints_diagnostics_with_their_places() {
    let folder = folder([("vendas.yaml", VENDAS)]);
    insta::assert_snapshot!(all(&folder, &["check", "vendas.yaml"]), @r#"
    vendas.yaml:8:5: warning: "Lead frio" (index 1) sends its initial message 1 day 12 hours or more after the customer's last message, and from 24 hours on WhatsApp delivers only templates; send a template instead, shorten the timers that lead there, or give the step a trigger. [MESSAGE_AFTER_24_HOURS]
    crm-steps: 1 file checked: 1 warning
    exit status 0
    "#);
}

#[test]
fn check_finds_nothing_in_a_sound_file() {
    let folder = folder([(
        "a.yaml",
        "name: A\nsteps:\n  - { name: B, prompt: b, isConversationRemovalStep: true }\n",
    )]);
    insta::assert_snapshot!(all(&folder, &["check", "a.yaml"]), @"
    crm-steps: 1 file checked: nothing found
    exit status 0
    ");
}

#[test]
fn check_prints_all_broken_rules_with_their_places() {
    let folder = folder([(
        "a.yaml",
        "\
key: Vendas
name: ' '
steps:
  - name: A
    prompt: a
    autoNextTime: 0
    autoNextStepKey: nowhere
    defaultTags: [a, b, A]
  - name: B
    agentId: 019a0000-0000-7000-8000-000000000001
    agentName: Sofia
    webhookUrl: http://127.0.0.1/
    webhookHeader:
      X-Key: ${KEY}
      Host: a
",
    )]);
    insta::assert_snapshot!(all(&folder, &["check", "a.yaml"]), @"
    a.yaml:1:6: error: key is not a key; use 1 to 64 small letters (a to z) and digits, with single hyphens between them. [INVALID_KEY]
    a.yaml:2:7: error: name is blank; give it at least one visible character. [BLANK]
    a.yaml:6:19: error: steps[0].autoNextTime is 0; it must be between 1 and 31536000. [OUT_OF_RANGE]
    a.yaml:7:22: error: steps[0].autoNextStepKey names no step of the specification. [NOT_FOUND]
    a.yaml:8:25: error: steps[0].defaultTags[2] repeats an earlier value of the list. [DUPLICATE_VALUE]
    a.yaml:9:5: error: A step needs a trigger or a prompt; fill in at least one of them. [TRIGGER_OR_PROMPT_REQUIRED]
    a.yaml:11:16: error: steps[1].agentName is given, and the id of the same too; give only one of them. [CONFLICTING_FIELDS]
    a.yaml:12:17: error: steps[1].webhookUrl leads to a local, private or metadata address; use a public host. [URL_NOT_ALLOWED]
    a.yaml:15:13: error: steps[1].webhookHeader[Host] is set by the service itself and cannot be chosen. [HEADER_NOT_ALLOWED]
    crm-steps: 1 file checked: 9 problems
    exit status 1
    ");
    assert_eq!(status(&folder, &["check", "--allow-private-webhooks", "a.yaml"]), Some(1));
}

#[test]
fn check_reports_files_that_cannot_be_read_and_goes_on() {
    let folder = folder([
        ("a.yaml", "name: [\n"),
        ("b.json", "{ \"name\": \"B\", \"stepps\": [] }"),
        ("c.txt", ""),
        ("d.yml", VENDAS),
    ]);
    let said = all(&folder, &["check", "a.yaml", "b.json", "c.txt", "d.yml", "no.yaml"]);
    insta::assert_snapshot!(said, @r#"
    a.yaml:1:7: error: This is not YAML: unclosed bracket '['. [INVALID_FILE]
    b.json:1:1: error: steps is missing; add it. [INVALID_FILE]
    b.json:1:16: error: stepps is not a field; write steps if you mean that. [INVALID_FILE]
    c.txt:1:1: error: The name of the file has to end in .yaml, .yml or .json. [INVALID_FILE]
    d.yml:8:5: warning: "Lead frio" (index 1) sends its initial message 1 day 12 hours or more after the customer's last message, and from 24 hours on WhatsApp delivers only templates; send a template instead, shorten the timers that lead there, or give the step a trigger. [MESSAGE_AFTER_24_HOURS]
    no.yaml:1:1: error: The file cannot be read: No such file or directory (os error 2). [INVALID_FILE]
    crm-steps: 5 files checked: 5 problems, 1 warning
    exit status 1
    "#);
}

#[test]
fn check_takes_all_pipelines_of_a_folder_in_order() {
    let folder = folder([
        ("pipelines/b.yaml", SPAM),
        ("pipelines/a.yml", SPAM),
        ("pipelines/sub/c.json", r#"{ "name": "C", "steps": [] }"#),
        ("pipelines/pipeline.schema.json", "{}"),
        ("pipelines/.hidden.yaml", ""),
        ("pipelines/README.md", ""),
    ]);
    insta::assert_snapshot!(all(&folder, &["check", "pipelines", "pipelines/a.yml"]), @r#"
    pipelines/a.yml:3:5: error: A cycle of timers leads through "A" (index 0) and "B" (index 1), and each of its steps sends something, so a customer who does not reply gets the same messages every 2 hours; let one of the timers lead elsewhere, or drop it. [SPAM_LOOP]
    pipelines/b.yaml:3:5: error: A cycle of timers leads through "A" (index 0) and "B" (index 1), and each of its steps sends something, so a customer who does not reply gets the same messages every 2 hours; let one of the timers lead elsewhere, or drop it. [SPAM_LOOP]
    crm-steps: 3 files checked: 2 errors
    exit status 3
    "#);
    fs::create_dir(folder.path().join("empty")).expect("it is made");
    insta::assert_snapshot!(all(&folder, &["check", "empty"]), @"
    crm-steps: there is no pipeline file in empty; their names end in .yaml, .yml or .json
    exit status 1
    ");
}

#[test]
fn fail_on_chooses_the_severity_that_fails() {
    let folder = folder([("spam.yaml", SPAM), ("vendas.yaml", VENDAS)]);
    let warnings = |fail_on| status(&folder, &["check", "--fail-on", fail_on, "vendas.yaml"]);
    assert_eq!(["error", "warning", "info"].map(warnings), [Some(0), Some(3), Some(3)]);
    let errors = |fail_on| status(&folder, &["check", "--fail-on", fail_on, "spam.yaml"]);
    assert_eq!(["error", "warning", "info"].map(errors), [Some(3); 3]);
}

#[test]
fn wrong_use_has_a_status_of_its_own() {
    let folder = folder([]);
    for arguments in [
        &["check"][..],
        &["check", "--fail-on", "all", "a.yaml"],
        &["flow", "--format", "png", "a.yaml"],
        &["draw"],
    ] {
        assert_eq!(status(&folder, arguments), Some(2), "{arguments:?}");
    }
}

#[test]
fn reports_for_programs_have_the_same_findings() {
    let folder = folder([("sp am.yaml", SPAM)]);
    let report = |format| output_with_findings(&folder, format);
    let json: Value = serde_json::from_str(&report("json")).expect("JSON");
    insta::assert_snapshot!(format!("{json:#}"), @r#"
    {
      "findings": [
        {
          "file": "sp am.yaml",
          "line": 3,
          "column": 5,
          "severity": "ERROR",
          "code": "SPAM_LOOP",
          "message": "A cycle of timers leads through \"A\" (index 0) and \"B\" (index 1), and each of its steps sends something, so a customer who does not reply gets the same messages every 2 hours; let one of the timers lead elsewhere, or drop it.",
          "isBroken": false,
          "related": [
            {
              "line": 4,
              "column": 5
            }
          ]
        }
      ]
    }
    "#);
    insta::assert_snapshot!(report("github"), @r#"::error file=sp am.yaml,line=3,col=5,title=SPAM_LOOP::A cycle of timers leads through "A" (index 0) and "B" (index 1), and each of its steps sends something, so a customer who does not reply gets the same messages every 2 hours; let one of the timers lead elsewhere, or drop it."#);
    let sarif: Value = serde_json::from_str(&report("sarif")).expect("JSON");
    insta::assert_snapshot!(format!("{sarif:#}"), @r#"
    {
      "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
      "version": "2.1.0",
      "runs": [
        {
          "tool": {
            "driver": {
              "name": "crm-steps",
              "version": "0.1.0",
              "rules": [
                {
                  "id": "SPAM_LOOP"
                }
              ]
            }
          },
          "columnKind": "unicodeCodePoints",
          "results": [
            {
              "ruleId": "SPAM_LOOP",
              "level": "error",
              "message": {
                "text": "A cycle of timers leads through \"A\" (index 0) and \"B\" (index 1), and each of its steps sends something, so a customer who does not reply gets the same messages every 2 hours; let one of the timers lead elsewhere, or drop it."
              },
              "locations": [
                {
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "sp%20am.yaml"
                    },
                    "region": {
                      "startLine": 3,
                      "startColumn": 5
                    }
                  }
                }
              ],
              "relatedLocations": [
                {
                  "physicalLocation": {
                    "artifactLocation": {
                      "uri": "sp%20am.yaml"
                    },
                    "region": {
                      "startLine": 4,
                      "startColumn": 5
                    }
                  }
                }
              ]
            }
          ]
        }
      ]
    }
    "#);
}

fn output_with_findings(folder: &TempDir, format: &str) -> String {
    let output = run(folder, &["check", "--format", format, "sp am.yaml"]);
    assert_eq!(output.status.code(), Some(3));
    text(&output.stdout)
}

#[test]
fn a_report_without_findings_is_valid() {
    let folder = folder([("a.yaml", "{ name: A, steps: [] }")]);
    let report = |format| -> Value {
        serde_json::from_str(&output(&folder, &["check", "--format", format, "."])).expect("JSON")
    };
    assert_eq!(report("json"), json!({ "findings": [] }));
    assert_eq!(report("sarif")["runs"][0]["results"], json!([]));
    assert_eq!(output(&folder, &["check", "--format", "github", "."]), "");
}

#[test]
fn text_of_a_file_cannot_write_to_the_terminal_or_make_annotations() {
    let folder = folder([
        (
            "a,b:c.yaml",
            "name: A\nsteps:\n  - { name: \"\\u202e%0A [a](http://b)\", prompt: a, autoNextTime: 1 }\n",
        ),
        (
            "d.yaml",
            "name: A\nsteps:\n  - { name: A, autoNextTimeUnit: \"\\e[31m\\r\\n::error::x\" }\n",
        ),
    ]);
    let report = |format| text(&run(&folder, &["check", "--format", format, "."]).stdout);
    insta::assert_snapshot!(report("text"), @r#"
    a,b:c.yaml:3:5: warning: The timer of "\u{202e}%0A [a](http://b)" (index 0) leads nowhere, because it has no target and no step follows; choose a target, add a step, or drop the timer. [TIMER_LEADS_NOWHERE]
    d.yaml:3:34: error: steps[0].autoNextTimeUnit is the text "\u{1b}[31m\u{d}\u{a}::error::x", and it must be m, h or d. [INVALID_FILE]
    "#);
    insta::assert_snapshot!(report("github"), @r#"
    ::warning file=a%2Cb%3Ac.yaml,line=3,col=5,title=TIMER_LEADS_NOWHERE::The timer of "\u{202e}%250A [a](http://b)" (index 0) leads nowhere, because it has no target and no step follows; choose a target, add a step, or drop the timer.
    ::error file=d.yaml,line=3,col=34,title=INVALID_FILE::steps[0].autoNextTimeUnit is the text "\u{1b}[31m\u{d}\u{a}::error::x", and it must be m, h or d.
    "#);
    let sarif: Value = serde_json::from_str(&report("sarif")).expect("JSON");
    insta::assert_snapshot!(sarif["runs"][0]["results"][0]["message"]["text"].as_str().expect("text"), @r#"The timer of "\u{202e}%0A [a] (http://b)" (index 0) leads nowhere, because it has no target and no step follows; choose a target, add a step, or drop the timer."#);
}

#[test]
fn flow_draws_a_file_in_each_format() {
    let folder = folder([("vendas.yaml", VENDAS)]);
    let draw = |format| output(&folder, &["flow", "--format", format, "vendas.yaml"]);
    insta::assert_snapshot!(draw("mermaid"), @r#"
    flowchart LR
      step0["1 Novo lead"]
      step1["2 Lead frio"]
      step0 ~~~ step1
      start(( )) --> step0
      step0 -->|"36 h"| step1
      step1 --> removed1((( )))
    "#);
    insta::assert_snapshot!(draw("dot"), @r#"
    digraph pipeline {
      rankdir=LR;
      node [shape=box];
      step0 [label="1 Novo lead"];
      step1 [label="2 Lead frio"];
      step0 -> step1 [style=invis, weight=10];
      start [shape=point, width=0.2];
      start -> step0;
      step0 -> step1 [label="36 h", constraint=false];
      removed1 [shape=doublecircle, style=filled, fillcolor=black, width=0.15, label=""];
      step1 -> removed1;
    }
    "#);
    let svg = draw("svg");
    assert!(svg.starts_with("<svg ") && svg.contains("<title>Vendas</title>"), "{svg}");
    assert!(svg.contains("delivers only templates"), "a diagnostic is a badge");
    assert_eq!(output(&folder, &["flow", "vendas.yaml"]), svg);
    assert_ne!(output(&folder, &["flow", "--theme", "dark", "vendas.yaml"]), svg);
}

#[test]
fn a_file_that_breaks_rules_is_neither_drawn_nor_simulated() {
    let folder = folder([("a.yaml", "name: A\nsteps:\n  - name: B\n")]);
    insta::assert_snapshot!(all(&folder, &["flow", "a.yaml"]), @"
    crm-steps: a.yaml cannot be used:
    a.yaml:3:5: error: A step needs a trigger or a prompt; fill in at least one of them. [TRIGGER_OR_PROMPT_REQUIRED]
    exit status 1
    ");
    assert_eq!(all(&folder, &["simulate", "a.yaml"]), all(&folder, &["flow", "a.yaml"]));
}

#[test]
fn simulate_prints_what_happens() {
    let folder = folder([("vendas.yaml", VENDAS)]);
    insta::assert_snapshot!(output(&folder, &["simulate", "vendas.yaml"]), @r#"
    0d 00:00:00  novo-lead  ENTERED  The conversation starts in "Novo lead".
    0d 00:00:00  novo-lead  TIMER_SET  A timer is set: in 1 day 12 hours, on 2026-01-07 at 00:00:00 UTC, the conversation goes to "Lead frio".
    1d 12:00:00  novo-lead  TIMER_FIRED  The timer is due: the conversation goes from "Novo lead" to "Lead frio".
    1d 12:00:00  lead-frio  MESSAGE_BLOCKED  The initial message is not sent: the customer wrote 1 day 12 hours ago, and 24 hours after that WhatsApp delivers only templates.
    1d 12:00:00  lead-frio  REMOVED  The conversation leaves the scenario in "Lead frio", a removal step.
    1d 12:00:00  end: REMOVED in lead-frio
    "#);
}

#[test]
fn simulate_takes_events_from_a_file() {
    let events = "
startAt: 2026-03-01T09:00:00Z
events:
  - { afterSeconds: 86400, customerMessage: Quero sim }
  - { afterSeconds: 60, moveTo: lead-frio }
";
    let folder = folder([("vendas.yaml", VENDAS), ("events.yml", events)]);
    let arguments = ["simulate", "--events", "events.yml", "vendas.yaml"];
    insta::assert_snapshot!(output(&folder, &arguments), @r#"
    0d 00:00:00  novo-lead  ENTERED  The conversation starts in "Novo lead".
    0d 00:00:00  novo-lead  TIMER_SET  A timer is set: in 1 day 12 hours, on 2026-03-02 at 21:00:00 UTC, the conversation goes to "Lead frio".
    1d 00:00:00  novo-lead  CUSTOMER_MESSAGE  The customer writes: "Quero sim"
    1d 00:01:00  novo-lead  MOVED  The conversation is moved from "Novo lead" to "Lead frio".
    1d 00:01:00  lead-frio  MESSAGE_SENT  The initial message is sent: "Oi!"
    1d 00:01:00  lead-frio  REMOVED  The conversation leaves the scenario in "Lead frio", a removal step.
    1d 00:01:00  end: REMOVED in lead-frio
    "#);
    let json = output(&folder, &[&["simulate", "--json"], &arguments[1..]].concat());
    let json: Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(json["timeline"][0]["at"], "2026-03-01T09:00:00Z");
    assert_eq!(json["end"], json!({ "reason": "REMOVED", "stepIndex": 1, "atSeconds": 86_460 }));
}

#[test]
fn events_have_problems_at_their_places() {
    let events = "untilSecond: 1\nevents:\n  - { afterSeconds: -1, moveTo: nowhere }\n  - { leave: true, moveTo: novo-lead }\n";
    let folder = folder([
        ("vendas.yaml", VENDAS),
        ("a.yaml", events),
        ("b.yaml", &events.replace("Second:", "Seconds:")),
    ]);
    let said = |file| all(&folder, &["simulate", "--events", file, "vendas.yaml"]);
    insta::assert_snapshot!(said("a.yaml"), @"
    crm-steps: a.yaml cannot be used:
    a.yaml:1:1: error: untilSecond is not a field; write untilSeconds if you mean that.
    exit status 1
    ");
    insta::assert_snapshot!(said("b.yaml"), @"
    crm-steps: b.yaml cannot be used:
    b.yaml:3:21: error: events[0].afterSeconds is -1; it must be between 0 and 31536000.
    b.yaml:3:33: error: events[0].moveTo names no step of the scenario.
    b.yaml:4:5: error: events[1] needs exactly one of customerMessage, triggerMet, moveTo and leave: true.
    exit status 1
    ");
}

#[test]
fn schema_describes_each_field() {
    let schema = output(&folder([]), &["schema"]);
    let schema: Value = serde_json::from_str(&schema).expect("JSON");
    for fields in [&schema["properties"], &schema["definitions"]["StepSpec"]["properties"]] {
        for (name, field) in fields.as_object().expect("fields") {
            assert!(field["description"].is_string(), "{name}");
        }
    }
}

#[test]
fn schema_accepts_what_check_accepts() {
    let folder = folder([]);
    let schema: Value = serde_json::from_str(&output(&folder, &["schema"])).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let step = |step: Value| json!({ "name": "A", "steps": [step] });
    for (fields, is_valid) in [
        (
            json!({ "name": "B", "prompt": "b", "autoNextTime": 36, "autoNextTimeUnit": "h", "description": null }),
            false,
        ),
        (
            json!({ "name": "B", "prompt": "b", "autoNextTime": 36, "autoNextTimeUnit": "h", "agentId": null }),
            true,
        ),
        (json!({ "name": "B", "prompt": "b".repeat(20_001) }), false),
        (json!({ "name": "B", "autoNextTime": 0 }), false),
        (json!({ "name": "B", "key": "Not A Key" }), false),
        (json!({ "name": "B", "webhookHeader": { "X-Key": "${KEY}" } }), true),
        (json!({ "name": "B", "webhookHeader": { "X-Key": 1 } }), false),
        (json!({ "prompt": "b" }), false),
    ] {
        assert_eq!(validator.is_valid(&step(fields.clone())), is_valid, "{fields}");
    }
    assert_eq!(
        fs::read_dir(folder.path()).expect("it can be read").count(),
        0,
        "no file is created"
    );
}
