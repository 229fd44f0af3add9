//! Erasing an organization or a person, and tokens that act for a member.

use std::{
    collections::BTreeSet,
    process::Output,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use chrono::TimeDelta;
use crm_steps::{
    domain::{access_token::REVOKED_AFTER, clock::Clock, id::OrganizationId},
    store::erasure,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{App, Client, Socket, command, on_both_databases};

/// Runs a command on the database of the service.
fn run(app: &App, arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().expect("a folder is made");
    let command = command(folder.path()).env("DATABASE_URL", &app.url).args(arguments).output();
    command.expect("the program runs")
}

/// The output of a command that succeeds.
fn output(app: &App, arguments: &[&str]) -> String {
    let ran = run(app, arguments);
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).expect("text").trim_end().to_owned()
}

/// The error of a command that fails.
fn error(app: &App, arguments: &[&str]) -> String {
    let ran = run(app, arguments);
    assert!(!ran.status.success() && ran.stdout.is_empty());
    String::from_utf8(ran.stderr).expect("text").trim_end().to_owned()
}

/// A client whose token acts for a member.
fn acting_for(app: &App, membership: &str) -> Client {
    let organization = ["token", "create", "--organization", "Horizonte"];
    let token = ["--name", "Rui's", "--membership", membership];
    app.with_token(&output(app, &[&organization[..], &token].concat()))
}

/// The history of the organization.
async fn history(client: &Client, fields: &str) -> Vec<Value> {
    let query = format!("{{ viewer {{ organization {{ history {{ nodes {{ {fields} }} }} }} }} }}");
    let data = client.query(&query).await;
    let nodes = &data["viewer"]["organization"]["history"]["nodes"];
    nodes.as_array().expect("changes").clone()
}

/// The one organization that has a membership, and the id of that.
async fn found(app: &App, membership: &str) -> (OrganizationId, Uuid) {
    let id: Uuid = membership.parse().expect("a UUID");
    let organizations = erasure::person::organizations_of(&app.database, id).await;
    let [organization] = organizations.expect("it is read")[..] else { panic!("one has it") };
    (organization, id)
}

/// Renames the tokens that act for a membership; returns how many there are.
async fn rename_tokens(app: &App, membership: &str) -> u64 {
    let (organization, id) = found(app, membership).await;
    let renamed = erasure::person::rename_tokens(organization, &app.database, id).await;
    renamed.expect("they are renamed")
}

async fn erase(app: &App, membership: &str) -> erasure::person::Erased {
    let (organization, id) = found(app, membership).await;
    let erased = erasure::person::erase(organization, &app.database, id, App::now()).await;
    erased.expect("the person is erased")
}

async fn a_token_acts_for_a_member(app: App) {
    let ana = app.member_of("Horizonte").await;
    let rui = ana.membership("Rui").await;
    let of_rui = acting_for(&app, &rui);
    of_rui.agent("Sofia").await;
    let fields = "subjectType tokenName membership { id name }";
    let changes = history(&ana, fields).await;
    let by = json!({ "id": rui, "name": "Rui" });
    let expected = [
        json!({ "subjectType": "MEMBERSHIP", "tokenName": "test", "membership": null }),
        json!({ "subjectType": "AGENT", "tokenName": "Rui's", "membership": by }),
    ];
    assert_eq!(changes, expected);
    let listed = output(&app, &["token", "list"]);
    assert!(
        listed.lines().nth(1).is_some_and(|line| line.ends_with(&format!("\tmembership {rui}")))
    );
    assert!(!listed.lines().next().expect("a token").contains("membership"));
    ana.done("($id: ID!)", "deleteMembership(id: $id) { replayed }", json!({ "id": rui })).await;
    assert_eq!(history(&of_rui, fields).await[1]["membership"], Value::Null);
}

async fn a_token_acts_only_for_a_member_of_its_organization(app: App) {
    let rui = app.member_of("Other").await.membership("Rui").await;
    let before = app.contents().await;
    let create = ["token", "create", "--organization", "Horizonte", "--membership", &rui];
    let expected = format!("crm-steps: the organization has no membership with the id {rui}");
    assert_eq!(error(&app, &create), expected);
    assert_eq!(app.contents().await, before, "the organization is not created either");
}

async fn a_person_is_erased_wherever_they_are_named(app: App) {
    let ana = app.member_of("Horizonte").await;
    let input = json!({ "name": "Rui Lima", "email": "Rui@example.com", "role": "ADMIN" });
    let rui = ana.create("createMembership", "membership", &input).await;
    let types = "($id: ID!, $input: UpdateMembershipInput!)";
    let update = "updateMembership(id: $id, input: $input, idempotencyKey: \"k\") { replayed }";
    let patch = json!({ "id": rui, "input": { "email": "rui.lima@example.com" } });
    ana.done(types, update, patch.clone()).await;
    let of_rui = acting_for(&app, &rui);
    let agent = of_rui.agent("Rui Lima").await;
    let cursors = |changes: &[Value]| -> Vec<Value> {
        changes.iter().map(|change| json!([change["id"], change["cursor"]])).collect()
    };
    // Fills the column by which a filter compares addresses.
    let found = ana
        .query("{ memberships(filter: { email: { contains: \"LIMA\" } }) { totalCount } }")
        .await;
    assert_eq!(found["memberships"]["totalCount"], 1);
    let fields = "id cursor action version tokenName fields { name } after before";
    let before = history(&ana, fields).await;
    assert_eq!(rename_tokens(&app, &rui).await, 1);
    let expected = erasure::person::Erased { changes: 3, outcomes: 1 };
    assert_eq!(erase(&app, &rui).await, expected);
    let contents = app.contents().await;
    for name in ["rui@example.com", "Rui@example.com", "rui.lima@example.com", "Rui's"] {
        assert!(!contents.contains(name), "{name} in {contents}");
    }
    let after = history(&ana, fields).await;
    assert_eq!(cursors(&after[..3]), cursors(&before));
    let email = format!("erased-{rui}@example.invalid");
    for change in [&after[0], &after[1], &after[3]] {
        assert_eq!(
            (&change["after"]["name"], &change["after"]["email"]),
            (&json!("Erased"), &json!(email))
        );
        assert_eq!(change["after"]["role"], "ADMIN");
    }
    assert_eq!(
        (&after[2]["tokenName"], &after[2]["after"]["name"]),
        (&json!("Erased"), &json!("Rui Lima"))
    );
    let last = json!(["UPDATED", 3, "crm-steps membership erase", []]);
    let told = &after[3];
    assert_eq!(json!([told["action"], told["version"], told["tokenName"], told["fields"]]), last);
    // The agent has the same name, and is not the person.
    let query = format!("{{ node(id: \"{agent}\") {{ ... on Agent {{ name }} }} }}");
    assert_eq!(ana.query(&query).await["node"]["name"], "Rui Lima");
    // The stored outcome is still that of the call, without the person.
    let update = update.replace("replayed", "replayed membership { name email version }");
    let replayed = ana.call(types, &update, patch).await;
    let membership = json!({ "name": "Erased", "email": email, "version": 2 });
    assert_eq!((&replayed["replayed"], &replayed["membership"]), (&json!(true), &membership));
}

/// Changes that are made with a cached name of the token are erased, and later ones do not have it.
async fn a_name_does_not_return_over_http_or_an_open_socket(app: App) {
    let seconds = Arc::new(AtomicI64::new(0));
    let passed = Arc::clone(&seconds);
    let clock = Clock::by(move || App::now() + TimeDelta::seconds(passed.load(Ordering::SeqCst)));
    let app = app.by(clock);
    let ana = app.member_of("Horizonte").await;
    let rui = ana.membership("Rui").await;
    let of_rui = acting_for(&app, &rui);
    let server = format!("http://{}", app.listen().await);
    let token = of_rui.authorization().strip_prefix("Bearer ").expect("a token");
    let mut socket = Socket::connect(&server, token).await.expect("it opens");
    let mut change = async |name: &str| {
        of_rui.agent(name).await;
        let create =
            format!("mutation {{ createAgent(input: {{ name: \"{name}\" }}) {{ replayed }} }}");
        socket.subscribe(name, &create, json!({})).await;
        assert_eq!(socket.next().await.message()["type"], "next");
        assert_eq!(socket.next().await.message()["type"], "complete");
    };
    change("before").await;
    assert_eq!(rename_tokens(&app, &rui).await, 1);
    change("while the names are cached").await;
    seconds.fetch_add(REVOKED_AFTER.as_secs().cast_signed(), Ordering::SeqCst);
    let expected = erasure::person::Erased { changes: 5, outcomes: 0 };
    assert_eq!(erase(&app, &rui).await, expected);
    change("after").await;
    assert!(!app.contents().await.contains("Rui"));
}

async fn a_person_is_erased_once(app: App) {
    let ana = app.member_of("Horizonte").await;
    let rui = ana.membership("Rui").await;
    erase(&app, &rui).await;
    let once = app.contents().await;
    let nothing = erasure::person::Erased { changes: 0, outcomes: 0 };
    assert_eq!(erase(&app, &rui).await, nothing);
    assert_eq!(app.contents().await, once);
}

async fn a_deleted_member_is_erased_from_history_and_plans(app: App) {
    let ana = app.member_of("Horizonte").await;
    let input = json!({ "name": "Rui", "email": "rui@example.com", "role": "USER" });
    let rui = ana.create("createMembership", "membership", &input).await;
    let step = |fields: Value| {
        let mut step = json!({ "key": "a", "name": "a", "prompt": "b" });
        step.as_object_mut()
            .expect("an object")
            .extend(fields.as_object().expect("fields").clone());
        json!({ "key": "sales", "name": "Sales", "steps": [step] })
    };
    let apply = "applyCrmScenario(input: $input, idempotencyKey: $key) { replayed }";
    let types = "($input: ApplyCrmScenarioInput!, $key: String!)";
    let by_email = step(json!({
        "assigneeLogicType": "single_user", "selectedMembershipEmails": ["rui@example.com"],
    }));
    ana.done(types, apply, json!({ "input": by_email, "key": "1" })).await;
    ana.done(types, apply, json!({ "input": step(json!({})), "key": "2" })).await;
    ana.done("($id: ID!)", "deleteMembership(id: $id) { replayed }", json!({ "id": rui })).await;
    assert_eq!(erase(&app, &rui).await, erasure::person::Erased { changes: 2, outcomes: 2 });
    assert!(!app.contents().await.contains("rui@example.com"));
}

async fn commands_name_what_does_not_exist(app: App) {
    app.member_of("Horizonte").await;
    let before = app.contents().await;
    let unknown = "0198b7c2-5a0e-7c31-9d4b-2f6a8e1c7d90";
    for (arguments, expected) in [
        (
            &["membership", "erase", unknown][..],
            "there is no membership with the id 0198b7c2-5a0e-7c31-9d4b-2f6a8e1c7d90",
        ),
        (
            &["membership", "erase", unknown, "--organization", "Nobody"],
            "there is no organization with the name \"Nobody\"",
        ),
        (
            &["organization", "delete", "Nobody", "--yes"],
            "there is no organization with the name \"Nobody\"",
        ),
        (
            &["organization", "delete", "Horizonte"],
            "there is no terminal for the question; use --yes to delete without confirmation",
        ),
    ] {
        assert_eq!(error(&app, arguments), format!("crm-steps: {expected}"));
    }
    assert_eq!(app.contents().await, before);
}

async fn an_organization_is_deleted_with_steps_that_lead_to_each_other(app: App) {
    let nothing = app.contents().await;
    let ana = app.member_of("Horizonte").await;
    let names: Vec<String> = (0..60).map(|number| format!("s{number}")).collect();
    for scenario in ["Sales", "Support"] {
        let scenario = ana.scenario(scenario).await;
        let ids = ana.steps(&scenario, &names.join(" ")).await;
        let timer =
            "updateCrmStep(id: $id, input: { autoNextStepId: $to, autoNextTime: 1 }) { replayed }";
        let (first, last) = (&ids[0], &ids[59]);
        ana.done("($id: ID!, $to: ID!)", timer, json!({ "id": first, "to": last })).await;
        ana.done("($id: ID!, $to: ID!)", timer, json!({ "id": last, "to": first })).await;
    }
    let query = "{ viewer { organization { id } } }";
    let id = ana.query(query).await["viewer"]["organization"]["id"].clone();
    let id = OrganizationId(id.as_str().expect("an id").parse().expect("a UUID"));
    erasure::organization::delete(id, &app.database).await.expect("it is deleted");
    assert_eq!(app.contents().await, nothing);
}

/// No table is left out, whether or not a test has rows of it.
#[test]
fn all_tables_are_erased_with_an_organization() {
    let erased: BTreeSet<&str> = erasure::organization::tables().collect();
    let tables = App::tables();
    assert_eq!(erased, tables.keys().map(String::as_str).collect());
}

on_both_databases!(
    a_token_acts_for_a_member,
    a_token_acts_only_for_a_member_of_its_organization,
    a_person_is_erased_wherever_they_are_named,
    a_name_does_not_return_over_http_or_an_open_socket,
    a_person_is_erased_once,
    a_deleted_member_is_erased_from_history_and_plans,
    commands_name_what_does_not_exist,
    an_organization_is_deleted_with_steps_that_lead_to_each_other,
);
