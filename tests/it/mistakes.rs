//! Mistakes in documents and variables: the messages say what is allowed instead.

use async_graphql::{Request, Variables};
use crm_steps::{config::HttpConfig, graphql::engine};
use serde_json::{Value, json};

/// The messages with which a request is rejected.
fn messages(document: &str, variables: Value) -> Vec<String> {
    let mut request = Request::new(document).variables(Variables::from_json(variables));
    let limits = (&HttpConfig::default().limits).into();
    let rejected = engine(limits).prepare(&mut request).expect_err("it is rejected");
    rejected.faults.into_iter().map(|fault| fault.message).collect()
}

fn of_document(document: &str) -> Vec<String> {
    messages(document, json!({}))
}

fn of_variable(ty: &str, field: &str, value: &Value) -> Vec<String> {
    messages(&format!("mutation($i: {ty}) {{ {field} {{ replayed }} }}"), json!({ "i": value }))
}

fn of_input(fields: &Value) -> Vec<String> {
    of_variable("UpdateCrmStepInput!", "updateCrmStep(id: \"a\", input: $i)", fields)
}

#[test]
fn values_of_an_enum_are_listed() {
    let step = |unit| {
        of_document(&format!(
            "mutation {{ updateCrmStep(id: \"a\", input: {{ autoNextTimeUnit: {unit} }}) {{ replayed }} }}"
        ))
    };
    assert_eq!(
        step("hours"),
        ["Value `hours` does not exist on `AutoNextTimeUnit`; one of d, h, m."]
    );
    assert_eq!(
        step("\"h\""),
        [
            "Expected value of type AutoNextTimeUnit, found a string; one of d, h, m, written without \
             quotes."
        ]
    );
    assert_eq!(
        step("5"),
        ["Expected value of type AutoNextTimeUnit, found an integer; one of d, h, m."]
    );
    assert_eq!(
        of_input(&json!({ "autoNextTimeUnit": "hours" })),
        ["The variable $i.autoNextTimeUnit must be of the type AutoNextTimeUnit; one of d, h, m."]
    );
}

#[test]
fn objects_are_shown() {
    assert_eq!(
        of_document("{ viewer { organization { history(orderBy: DESC) { totalCount } } } }"),
        ["Expected value of type HistoryOrder, found an enum; an object like {direction: …}."]
    );
    assert_eq!(
        of_document("{ crmSteps(filter: { text: \"refund\" }) { totalCount } }"),
        [
            "Expected value of type StringFilter, found a string; an object like {contains: …, eq: …, \
             startsWith: …}."
        ]
    );
    assert_eq!(
        of_document("mutation { createAgent(input: \"Sofia\") { replayed } }"),
        ["Expected value of type CreateAgentInput!, found a string; an object like {name: …}."]
    );
    assert_eq!(
        of_variable("CrmStepPlacement!", "moveCrmStep(id: \"a\", to: $i)", &json!("first")),
        [
            "The variable $i must be of the type CrmStepPlacement!; an object like {\"after\": …} or \
             {\"before\": …} or {\"first\": …} or {\"last\": …}."
        ]
    );
}

#[test]
fn names_are_listed_if_they_are_few_and_otherwise_the_similar_one() {
    for (document, message) in [
        (
            "{ viewer { nmae } }",
            "Type `Viewer` does not have a field `nmae`; its fields: limits, organization, scopes, \
             tokenId, tokenName, version.",
        ),
        (
            "{ crmStep(id: \"a\") { autoNextStepid } }",
            "Type `CrmStep` does not have a field `autoNextStepid`; write autoNextStepId if you mean \
             that.",
        ),
        (
            "{ node(id: \"a\") { name } }",
            "Type `Node` does not have a field `name`; its fields: id.",
        ),
        ("{ crmStep(id: \"a\") { zzz } }", "Type `CrmStep` does not have a field `zzz`."),
        (
            "{ crmScenarios(limit: 5) { totalCount } }",
            "The argument `limit` is not supported by `Query.crmScenarios`; its arguments: after, \
             before, filter, first, last, orderBy.",
        ),
        ("{ changesCursor(a: 1) }", "The argument `a` is not supported by `Query.changesCursor`."),
        (
            "{ __typename @skip(when: true, if: false) }",
            "The argument `when` is not supported by `@skip`; its arguments: if.",
        ),
        (
            "mutation { createAgent(input: { name: \"a\", colour: 1 }) { replayed } }",
            "Field `colour` does not exist on `CreateAgentInput`; its fields: iconUrl, name.",
        ),
        (
            "query($unit: String) { crmSteps(filter: { isRequired: $unit }) { totalCount } }",
            "Expected value of type Boolean, found a variable; declare it with this type.",
        ),
    ] {
        assert_eq!(of_document(document), [message]);
    }
    assert_eq!(
        of_input(&json!({ "auto_next_time": 5 })),
        ["The variable $i.auto_next_time is a field that UpdateCrmStepInput does not have; write \
             autoNextTime if you mean that."]
    );
}

#[test]
fn a_name_of_any_length_has_a_message_of_limited_length() {
    let name = "x".repeat(90_000);
    let document = format!("{{ crmStep(id: \"a\") {{ {name} }} }}");
    for messages in [of_document(&document), of_input(&json!({ name: 1 }))] {
        assert!(matches!(&*messages, [one] if one.chars().count() <= 502), "{messages:?}");
    }
}

#[test]
fn syntax_errors_say_what_was_found() {
    for (document, message) in [
        (
            "mutation { createAgent(input: { name: : \"x\" }) { replayed } }",
            "Syntax error: expected a valid Value, found `:`.",
        ),
        (
            "{ viewer { 5 } }",
            "Syntax error: expected at least one Selection in Selection Set, found `5`.",
        ),
        ("{ crmStep(id: ", "Syntax error: expected a valid Value, found the end of the document."),
    ] {
        assert_eq!(of_document(document), [message]);
    }
}

#[test]
fn several_mistakes_in_variables_are_reported_together() {
    assert_eq!(
        messages(
            "query($n: Int!, $f: CrmStepFilter) { crmSteps(first: $n, filter: $f) { totalCount } }",
            json!({ "f": { "hasTimer": "yes", "nmae": {}, "scenarioId": { "in": [1.5, "a", {}] } } }),
        ),
        [
            "The variable $n is required and has no value.",
            "The variable $f.hasTimer must be of the type Boolean.",
            "The variable $f.nmae is a field that CrmStepFilter does not have; write name if you mean that.",
            "The variable $f.scenarioId.in[0] must be of the type ID!.",
            "The variable $f.scenarioId.in[2] must be of the type ID!.",
        ]
    );
    assert_eq!(
        of_variable("CreateAgentInput!", "createAgent(input: $i)", &json!({ "nmae": "Sofia" })),
        [
            "The variable $i.nmae is a field that CreateAgentInput does not have; its fields: iconUrl, name.",
            "The variable $i.name is required and has no value.",
        ]
    );
    let many = Value::from(vec![json!({}); 50]);
    assert_eq!(of_variable("[ID!]!", "deleteCrmSteps(ids: $i)", &many).len(), 10);
}
