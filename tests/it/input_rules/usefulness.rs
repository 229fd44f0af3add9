//! How many of the violations that the tests provoke a form finds by `inputRules`.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    process::Command,
};

use crm_steps::domain::url::WebhookHosts;

use super::form;
use crate::support::{App, Kind, RECORD, Rejected};

/// The tests with inputs that are rejected.
const TESTS: [&str; 8] = [
    "apply_crm_scenario::",
    "spec_references::",
    "create_crm_step",
    "update_crm_step::",
    "move_crm_step::",
    "resources::",
    "domain::",
    "rules::",
];

/// Codes of rules that need the database, what is stored of an updated object, or what the operator chose.
const OF_MORE_THAN_THE_INPUT: [&str; 8] = [
    "AMBIGUOUS_NAME",
    "ID_TAKEN",
    "KEY_TAKEN",
    "MASKED_HEADER_VALUE",
    "NOT_FOUND",
    "SELF_REFERENCE",
    "STEP_NOT_IN_SCENARIO",
    "URL_NOT_ALLOWED",
];

/// Runs these tests once more, in a process that records what the service rejects.
fn rejected() -> Vec<Rejected> {
    let record = tempfile::NamedTempFile::new().expect("a file");
    let run = Command::new(env::current_exe().expect("the program of the tests"))
        .args(TESTS)
        .args(["--skip", "postgres", "--skip", "input_rules", "--skip", "accepted_steps"])
        .env(RECORD, record.path())
        .output()
        .expect("the tests run");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));
    let lines = std::fs::read_to_string(record.path()).expect("a record");
    lines.lines().map(|line| serde_json::from_str(line).expect("a line")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_finds_nearly_all_violations_that_need_only_the_input() {
    App::run(Kind::Sqlite, async |app: App| {
        // Where the operator allows some hosts, which code a misspelled host has is their choice.
        let app = App::open_with(&app.url, app.database.engine(), WebhookHosts::Any).await;
        let rules = form::rules(&app.member_of("Horizonte").await).await;
        // Each value that violates a rule counts once, however often it is sent.
        let mut found: BTreeMap<(String, String, String, String), bool> = BTreeMap::new();
        for Rejected { input, sent, violations } in rejected() {
            let of_input = &rules[&input];
            let across: BTreeSet<&str> =
                of_input.across.iter().filter_map(|rule| rule["code"].as_str()).collect();
            let is_update = input.starts_with("Update");
            let mut by_form = of_input.of_fields(&sent);
            if !is_update {
                by_form.extend(of_input.of_across(&sent));
            }
            for (path, code) in violations {
                let value = &sent[path.split('.').next().unwrap_or_default()];
                let needs_more = OF_MORE_THAN_THE_INPUT.contains(&code.as_str())
                    || is_update && (value.is_null() || across.contains(code.as_str()));
                if !needs_more {
                    // A form shows one violation at a path.
                    let is_found = by_form.iter().any(|(found, _)| *found == path);
                    found.insert((input.clone(), path, code, value.to_string()), is_found);
                }
            }
        }
        let (by_form, others): (Vec<_>, Vec<_>) =
            found.iter().partition(|(_, is_found)| **is_found);
        let all = found.len();
        assert!(all > 250, "only {all} violations were recorded");
        assert!(
            by_form.len() * 100 >= all * 95,
            "{} of {all} are found; not {others:#?}",
            by_form.len()
        );
        let codes: BTreeSet<&str> =
            by_form.iter().map(|((_, _, code, _), _)| code.as_str()).collect();
        let of_rules: BTreeSet<String> = rules.values().flat_map(form::InputRules::codes).collect();
        let of_rules = of_rules.iter().map(String::as_str);
        let not_tried: Vec<&str> = of_rules.filter(|code| !codes.contains(code)).collect();
        assert_eq!(not_tried, [""; 0], "each code is tried");
    })
    .await;
}
