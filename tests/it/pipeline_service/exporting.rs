//! `pipeline export`.

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{Json, Router, routing::post};
use crm_steps::domain::access_token::Scope;
use serde_json::{Value, json};

use super::Shell;
use crate::support::{App, Client, on_both_databases};

/// An organization with what the pipelines below refer to.
async fn organization(app: &App, name: &str) -> Client {
    let client = app.member_of(name).await;
    for agent in ["Sofia", "Sol", "Luz"] {
        client.agent(agent).await;
    }
    let bruno = json!({ "name": "Bruno", "email": "bruno@example.com", "role": "USER" });
    client.create("createMembership", "membership", &bruno).await;
    client
}

/// All fields, and texts that are not easy to write.
const WHOLE: &str = r#"key: vendas
name: Vendas — WhatsApp
description: "no"
steps:
  - key: lead
    name: Novo lead
    agentName: Sofia
    trigger: Asks for prices.
    prompt: |
      Greet.

      Ask: "who?"
    initialMessage: Hello!
    autoNextStepKey: bye
    autoNextTime: 2
    autoNextTimeUnit: h
    defaultStatus: UNRESOLVED
    defaultPriority: MEDIUM
    defaultAiControl: true
    assigneeLogicType: random_selected
    selectedMembershipEmails:
      - bruno@example.com
    isRequired: true
    isConversationRemovalStep: false
    defaultTags:
      - lead
    defaultTagsToRemove:
      - "1:30"
    requestContact:
      name: true
      email: false
    zapiAgentName: Sol
    zapiPhoneNumber: +55 11 91234-5678
    zapiMessage: A lead.
    whatsappTemplateAgentName: Luz
    whatsappTemplateName: lead
    whatsappTemplateLanguageCode: pt_BR
    whatsappTemplateText: Hello {{1}}
    webhookUrl: https://hooks.example.com/crm
    webhookHeader:
      X-Key: se$${cret
  - key: bye
    name: Bye
    prompt: Bye.
"#;

async fn a_file_that_is_applied_elsewhere_is_exported_as_it_was(app: App) {
    let (ana, eve) = (organization(&app, "A").await, organization(&app, "B").await);
    let (ana, eve) = (Shell::new(&app, &ana).await, Shell::new(&app, &eve).await);
    ana.write("vendas.yaml", WHOLE);
    assert_eq!(ana.status(&["apply", "--yes", "vendas.yaml"]), Some(0));
    for format in ["yaml", "json"] {
        let name = format!("vendas.{format}");
        let export = ["export", "out", "--with-secrets", "--format", format];
        assert_eq!(ana.status(&export), Some(0));
        let exported = ana.read(&format!("out/{name}"));
        eve.write(&name, &exported);
        assert_eq!(eve.status(&["apply", "--yes", &name]), Some(0));
        assert_eq!(eve.status(&export), Some(0));
        assert_eq!(eve.read(&format!("out/{name}")), exported);
    }
    let exported: Value = serde_json::from_str(&ana.read("out/vendas.json")).expect("JSON");
    assert_eq!(exported["steps"][0]["webhookHeader"], json!({ "X-Key": "se$${cret" }));
    assert_eq!(exported["steps"][0].as_object().expect("a step").len(), 28, "all fields");
}

async fn values_of_headers_are_masked(app: App) {
    let ana = organization(&app, "A").await;
    let shell = Shell::new(&app, &ana).await;
    shell.write("vendas.yaml", WHOLE);
    assert_eq!(shell.status(&["apply", "--yes", "vendas.yaml"]), Some(0));
    assert_eq!(shell.status(&["export", "out"]), Some(0));
    let masked = shell.read("out/vendas.yaml");
    assert_eq!(masked, WHOLE.replace("se$${cret", "\"***\""));
    assert_eq!(shell.status(&["plan", "--detailed-exitcode", "out"]), Some(0));
    let bob = app.bearer("A", &[Scope::Read, Scope::Write]).await;
    let bob = Shell::new(&app, &bob).await;
    assert_eq!(bob.status(&["export", "out"]), Some(0));
    assert_eq!(bob.read("out/vendas.yaml"), masked);
    assert_eq!(
        bob.all(&["export", "other", "--with-secrets"]),
        "crm-steps: the token may not read the values of webhook headers; use one with the scope \
         secrets (`crm-steps token create --scope secrets …`), or leave out --with-secrets\n\
         exit status 1"
    );
    assert_eq!(bob.names("."), ["out"]);
}

async fn only_what_changes_is_written(app: App) {
    let ana = app.member_of("A").await;
    for name in ["Sales", "Support", "Vendas"] {
        let scenario = ana.scenario(name).await;
        ana.steps(&scenario, "a b").await;
    }
    let shell = Shell::new(&app, &ana).await;
    assert_eq!(
        shell.all(&["export", "a/b"]),
        "crm-steps: wrote a/b/sales.yaml\ncrm-steps: wrote a/b/support.yaml\n\
         crm-steps: wrote a/b/vendas.yaml\ncrm-steps: 3 written, 0 unchanged\nexit status 0"
    );
    shell.write("a/b/old.yaml", "name: Old\n");
    shell.write("a/b/sales.yaml", "name: Changed\n");
    let path = shell.folder.path().join("a/b/support.yaml");
    let id = |file: &fs::Metadata| (file.modified().expect("a time"), file.len());
    let before = fs::metadata(&path).expect("it is there");
    assert_eq!(
        shell.all(&["export", "a/b"]),
        "crm-steps: wrote a/b/sales.yaml\ncrm-steps: 1 written, 2 unchanged\nexit status 0"
    );
    assert_eq!(id(&fs::metadata(&path).expect("it is there")), id(&before));
    assert_eq!(
        shell.names("a/b"),
        ["old.yaml", "sales.yaml", "support.yaml", "vendas.yaml"],
        "nothing else is left, and nothing is removed"
    );
    assert_eq!(shell.read("a/b/old.yaml"), "name: Old\n");
}

async fn a_file_that_cannot_be_written_is_named(app: App) {
    let ana = app.member_of("A").await;
    ana.scenario("Sales").await;
    let shell = Shell::new(&app, &ana).await;
    shell.write("out/sales.yaml/a", "");
    assert_eq!(
        shell.all(&["export", "out"]),
        "crm-steps: cannot write out/sales.yaml: is a directory\nexit status 1"
    );
    assert_eq!(shell.names("out"), ["sales.yaml"], "no temporary file is left");
    // A folder of Linux in which no file can be made.
    if cfg!(target_os = "linux") {
        assert_eq!(
            shell.all(&["export", "/proc"]),
            "crm-steps: cannot write /proc/sales.yaml: entity not found\nexit status 1"
        );
    }
}

async fn pipelines_are_chosen_by_their_keys(app: App) {
    let ana = app.member_of("A").await;
    for name in ["Sales", "Support", "Vendas"] {
        ana.scenario(name).await;
    }
    let shell = Shell::new(&app, &ana).await;
    assert_eq!(shell.status(&["export", "out", "--key", "vendas", "--key", "sales"]), Some(0));
    assert_eq!(shell.names("out"), ["sales.yaml", "vendas.yaml"]);
    assert_eq!(
        shell.all(&["export", "other", "--key", "sales", "--key", "no\u{1b}"]),
        "crm-steps: there is no pipeline with the key no\\u{1b}\nexit status 1"
    );
    assert_eq!(shell.names("other"), [""; 0]);
}

async fn of_two_pipelines_with_one_key_none_replaces_the_other(app: App) {
    let ana = app.member_of("A").await;
    let (first, second) = (ana.scenario("Sales").await, ana.scenario("Sales").await);
    ana.scenario("Support").await;
    let shell = Shell::new(&app, &ana).await;
    assert_eq!(
        shell.all(&["export", "out"]),
        format!(
            "crm-steps: the names of the scenarios {first} and {second} give both the key sales; give one \
             of them a key of its own by updateCrmScenario\nexit status 1"
        )
    );
    assert_eq!(shell.names("out"), [""; 0]);
    assert_eq!(shell.status(&["export", "out", "--key", "support"]), Some(0));
    assert_eq!(shell.names("out"), ["support.yaml"]);
}

/// A field that the document leaves out would be missing in each file, and lost where that is applied.
async fn the_document_selects_all_fields(app: App) {
    let document = include_str!("../../../src/http/graphql/documents/export_pipelines.graphql");
    let ana = app.member_of("A").await;
    for object in ["CrmScenarioSpec", "CrmStepSpec", "RequestContact"] {
        for field in ana.fields_of(object).await {
            assert!(document.split_whitespace().any(|word| word == field), "{object}.{field}");
        }
    }
}

on_both_databases!(
    a_file_that_is_applied_elsewhere_is_exported_as_it_was,
    values_of_headers_are_masked,
    only_what_changes_is_written,
    a_file_that_cannot_be_written_is_named,
    pipelines_are_chosen_by_their_keys,
    of_two_pipelines_with_one_key_none_replaces_the_other,
    the_document_selects_all_fields,
);

/// What `export` says about a service that has always one more page, after this cursor.
async fn export_without_end(
    cursor: impl Fn(usize) -> Value + Clone + Send + Sync + 'static,
) -> String {
    let pages = Arc::new(AtomicUsize::new(0));
    let page = async move || {
        let end = cursor(pages.fetch_add(1, Ordering::Relaxed));
        let page_info = json!({ "hasNextPage": true, "endCursor": end });
        let list = json!({ "nodes": [], "pageInfo": page_info });
        Json(json!({ "data": { "viewer": { "scopes": [] }, "crmScenarios": list } }))
    };
    let shell = Shell::of(Router::new().route("/graphql", post(page))).await;
    let said = shell.all(&["export", "out"]);
    assert_eq!(shell.names("."), [""; 0]);
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_never_ends_is_not_followed() {
    let nowhere = "crm-steps: cannot export from URL/graphql: it says that there are more pipelines, and \
                   not where\nexit status 1";
    assert_eq!(export_without_end(|_| Value::Null).await, nowhere);
    assert_eq!(export_without_end(|_| json!("a")).await, nowhere);
    assert_eq!(
        export_without_end(|page| json!(page.to_string())).await,
        "crm-steps: cannot export from URL/graphql: it has more than 10000 pipelines\nexit status 1"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_cannot_choose_another_folder() {
    let spec = json!({ "key": "../a\u{1b}", "name": "A", "steps": [] });
    let answer = json!({ "data": {
        "viewer": { "scopes": ["READ", "WRITE"] },
        "crmScenarios": {
            "nodes": [{ "id": "1", "spec": spec }],
            "pageInfo": { "hasNextPage": false, "endCursor": null },
        },
    } });
    let service = Router::new().route("/graphql", post(async move || Json(answer)));
    let shell = Shell::of(service).await;
    assert_eq!(
        shell.all(&["export", "out"]),
        "crm-steps: ../a\\u{1b} is not a key, so there is no name for a file\nexit status 1"
    );
    assert_eq!(shell.names("."), [""; 0]);
}
