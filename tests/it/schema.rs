//! The schema: the committed file, descriptions and introspection.

use std::collections::BTreeSet;

use crm_steps::graphql::error::ErrorCode;
use serde_json::{Value, json};
use strum::{EnumMessage as _, IntoEnumIterator as _};

use crate::support::{App, STEP_FIELDS, on_both_databases};

#[test]
fn schema_graphql_is_what_the_server_serves() {
    let committed = include_str!("../../schema.graphql");
    assert!(
        committed == crm_steps::graphql::sdl(),
        "schema.graphql is not the server's schema any more. Refresh it with:\n\n    \
         cargo run -q -- schema > schema.graphql\n"
    );
}

#[test]
fn errors_md_is_what_the_program_prints() {
    let committed = include_str!("../../docs/errors.md");
    assert!(
        committed == crm_steps::http::error_reference(),
        "docs/errors.md does not have the program's codes any more. Refresh it with:\n\n    \
         cargo run -q -- errors > docs/errors.md\n"
    );
}

#[test]
fn each_error_says_when_it_occurs_and_what_a_client_does() {
    for code in ErrorCode::iter() {
        let description = code.get_documentation().expect("it has a description");
        assert_eq!(description.matches("\n\n").count(), 1, "{code:?}: {description}");
    }
}

/// Every type, field, argument and enum value is described.
#[test]
fn everything_in_the_schema_is_described() {
    let sdl = crm_steps::graphql::sdl();
    let mut undescribed = vec![];
    let mut is_described = false;
    let mut in_description = false;
    for line in sdl.lines().map(str::trim) {
        let quotes = line.matches("\"\"\"").count();
        if quotes > 0 || in_description {
            in_description ^= quotes % 2 == 1;
            is_described = true;
            continue;
        }
        let is_thing = !matches!(line, "" | "{" | "}" | "schema {")
            && !line.starts_with(')')
            && !line.starts_with("directive ")
            && !["query:", "mutation:", "subscription:"].iter().any(|root| line.starts_with(root));
        if is_thing && !is_described {
            undescribed.push(line);
        }
        is_described = false;
    }
    assert_eq!(undescribed, Vec::<&str>::new());
}

/// The description before `schema` in the schema definition language.
fn description() -> String {
    let sdl = crm_steps::graphql::sdl();
    let (before, _) = sdl.split_once("\n\"\"\"\nschema {\n").expect("it is described");
    let (_, description) = before.rsplit_once("\"\"\"\n").expect("it begins");
    description.to_owned()
}

async fn introspection_has_the_description_of_the_schema(app: App) {
    let ana = app.member_of("Horizonte").await;
    let description = description();
    assert!(description.starts_with("Pipelines of steps for AI chat agents."), "{description}");
    for (document, names) in [
        ("{ __schema { description } }", &["description"][..]),
        ("{ s: __schema { d: description description } }", &["d", "description"]),
        (
            "{ ...A } fragment A on Query { __schema { ... on __Schema { ...B } } }
                fragment B on __Schema { description }",
            &["description"],
        ),
        (
            "query($yes: Boolean = true) { ... @include(if: $yes) { __schema { queryType { name } }
                __schema { description } } }",
            &["description"],
        ),
    ] {
        for _ in 0..2 {
            let data = ana.query(document).await;
            let schema = data
                .as_object()
                .and_then(|data| data.values().next())
                .unwrap_or_else(|| panic!("{document}: {data}"));
            for name in names {
                assert_eq!(schema[name], json!(description), "{document}");
            }
        }
    }
    // Skipped fields are left out, and other descriptions are unchanged.
    let scenario = ana.scenario("Sales").await;
    let query = format!(
        "query A {{ __schema {{ description @skip(if: true) queryType {{ description }} }}
            crmScenario(id: \"{scenario}\") {{ description }} }}
         query B {{ crmScenario: __schema {{ description }} }}"
    );
    let execute = async |name: &str| {
        ana.post(json!({ "query": query, "operationName": name }).to_string()).await.data()
    };
    let expected = json!({
        "__schema": { "queryType": { "description": "Queries." } },
        "crmScenario": { "description": null },
    });
    assert_eq!(execute("A").await, expected);
    assert_eq!(execute("B").await, json!({ "crmScenario": { "description": description } }));
}

/// Fields that are set when a step is created can be updated and selected.
async fn each_input_of_a_step_has_the_fields_of_the_others(app: App) {
    let ana = app.member_of("Horizonte").await;
    let create = ana.fields_of("CreateCrmStepInput").await;
    let mut update = ana.fields_of("UpdateCrmStepInput").await;
    update.extend(["id", "scenarioId"].map(str::to_owned));
    assert_eq!(create, update, "a step keeps its id and its scenario");
    let mut of_many = create.clone();
    of_many.extend(["ref", "autoNextStepRef"].map(str::to_owned));
    assert_eq!(of_many, ana.fields_of("CreateCrmStepsInput").await);
    let mut specified = create.clone();
    specified.retain(|field| !["id", "scenarioId", "autoNextStepId"].contains(&field.as_str()));
    let names = ["autoNextStepKey", "agentName", "zapiAgentName", "whatsappTemplateAgentName"];
    specified.extend(names.map(str::to_owned));
    specified.insert("selectedMembershipEmails".to_owned());
    assert_eq!(ana.fields_of("CrmStepSpecInput").await, specified);
    assert_eq!(ana.fields_of("CrmStepSpec").await, specified);
    let step = ana.fields_of("CrmStep").await;
    assert_eq!(create.difference(&step).collect::<Vec<_>>(), Vec::<&String>::new());
}

/// `STEP_FIELDS` has all fields of a step but those that have separate tests.
async fn the_tests_select_all_fields_of_a_step(app: App) {
    let ana = app.member_of("Horizonte").await;
    let separate = [
        "version",
        "hasInitialMessage",
        "history",
        "incomingTimers",
        "incomingTimerCount",
        "webhookHeaders",
    ];
    let mut selected = BTreeSet::from(separate.map(str::to_owned));
    let mut depth = 0;
    for word in STEP_FIELDS.split_whitespace() {
        match word {
            "{" => depth += 1,
            "}" => depth -= 1,
            field if depth == 0 => drop(selected.insert(field.to_owned())),
            _ => {}
        }
    }
    assert_eq!(selected, ana.fields_of("CrmStep").await);
}

/// Each type with an id can be queried by it.
async fn each_type_with_an_id_is_a_node(app: App) {
    let ana = app.member_of("Horizonte").await;
    let query = "{ __schema { types { name kind fields { name } interfaces { name } } } }";
    let schema = ana.query(query).await;
    let has =
        |of: &Value, name: &str| of.as_array().expect("a list").iter().any(|it| it["name"] == name);
    let types = schema["__schema"]["types"].as_array().expect("types").iter();
    for of in types.filter(|of| of["kind"] == "OBJECT") {
        assert_eq!(has(&of["fields"], "id"), has(&of["interfaces"], "Node"), "{}", of["name"]);
    }
}

/// The pages and elements of lists are described in the words of this schema, not in those of the
/// library.
async fn each_list_is_described(app: App) {
    let ana = app.member_of("Horizonte").await;
    let schema = ana.query("{ __schema { types { name description } } }").await;
    let types = schema["__schema"]["types"].as_array().expect("types");
    let mut described = 0;
    for (suffix, start) in [("Connection", "A page of "), ("Edge", "An element of a list")] {
        for of in types {
            let name = of["name"].as_str().expect("a name");
            // Those of a flow are no elements of a list.
            if name.ends_with(suffix) && name != "CrmFlowEdge" {
                let description = of["description"].as_str().unwrap_or_default();
                assert!(description.starts_with(start), "{name}: {description}");
                described += 1;
            }
        }
    }
    assert!(described >= 10, "{described} types");
}

/// Clients find an input and a payload by the name of their mutation, and the service tells patches
/// from other inputs by it.
async fn inputs_and_payloads_are_named_after_their_mutation(app: App) {
    let ana = app.member_of("Horizonte").await;
    let query = "{ __schema { mutationType { fields { name type { name } args { name type { name
        ofType { name ofType { name ofType { name } } } } } } } } }";
    let mutations = ana.query(query).await["__schema"]["mutationType"]["fields"].clone();
    let mutations = mutations.as_array().expect("fields");
    assert!(!mutations.is_empty());
    for mutation in mutations {
        let name = mutation["name"].as_str().expect("a name");
        let name = name[..1].to_uppercase() + &name[1..];
        assert_eq!(mutation["type"]["name"], json!(format!("{name}Payload")));
        for argument in mutation["args"].as_array().expect("arguments") {
            if !["input", "inputs"].map(Value::from).contains(&argument["name"]) {
                continue;
            }
            let mut ty = &argument["type"];
            while ty["name"].is_null() {
                ty = &ty["ofType"];
            }
            // The patch of several steps is that of one.
            let of_one = name.replace("UpdateCrmSteps", "UpdateCrmStep");
            assert_eq!(ty["name"], json!(format!("{of_one}Input")));
        }
    }
}

on_both_databases!(
    inputs_and_payloads_are_named_after_their_mutation,
    introspection_has_the_description_of_the_schema,
    each_input_of_a_step_has_the_fields_of_the_others,
    the_tests_select_all_fields_of_a_step,
    each_type_with_an_id_is_a_node,
    each_list_is_described,
);
