//! The fields in which two snapshots differ.

use crm_steps::domain::change::{FieldChange, field_changes};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// The changes between two snapshots, as `name: before -> after`.
fn changes(before: Value, after: Value) -> Vec<String> {
    shown(field_changes(before, after, false))
}

fn shown(changes: Vec<FieldChange>) -> Vec<String> {
    let show = |FieldChange { name, before, after }| format!("{name}: {before} -> {after}");
    changes.into_iter().map(show).collect()
}

#[test]
fn a_new_row_has_the_fields_that_are_given() {
    let after = json!({ "version": 1, "name": "a", "tags": [], "isRequired": false, "index": 0 });
    assert_eq!(changes(Value::Null, after.clone()), ["name: null -> \"a\"", "index: null -> 0"]);
    assert_eq!(changes(after, Value::Null), ["name: \"a\" -> null", "index: 0 -> null"]);
}

#[test]
fn an_update_has_the_fields_that_differ() {
    let before = json!({ "updatedAt": "1", "version": 1, "name": "a", "prompt": "b", "old": 1 });
    let after = json!({ "updatedAt": "2", "version": 2, "name": "a", "new": "", "prompt": null });
    let expected = ["new: null -> \"\"", "prompt: \"b\" -> null", "old: 1 -> null"];
    assert_eq!(changes(before, after), expected);
}

#[test]
fn values_that_mean_the_same_are_equal() {
    let nothing = [json!(null), json!(false), json!([]), json!({}), json!({ "email": false })];
    for before in &nothing {
        for after in &nothing {
            assert_eq!(changes(json!({ "a": before }), json!({ "a": after })), [""; 0]);
        }
        for something in [json!(0), json!(""), json!([null]), json!({ "email": true })] {
            let expected = format!("a: {before} -> {something}");
            assert_eq!(changes(json!({ "a": before }), json!({ "a": something })), [expected]);
        }
    }
    let contact = |email: Value| json!({ "a": { "email": email, "phone": true } });
    assert_eq!(changes(contact(json!(null)), contact(json!(false))), [""; 0]);
}

#[test]
fn the_control_of_the_ai_has_three_states() {
    let of = |value: Value| json!({ "defaultAiControl": value });
    let change = |before, after| changes(of(before), of(after));
    assert_eq!(change(json!(null), json!(false)), ["defaultAiControl: null -> false"]);
    assert_eq!(change(json!(false), json!(null)), ["defaultAiControl: false -> null"]);
    assert_eq!(changes(Value::Null, of(json!(false))), ["defaultAiControl: null -> false"]);
    assert_eq!(change(json!(false), json!(false)), [""; 0]);
}

#[test]
fn no_logic_for_assignees_is_null_or_none() {
    let change =
        |field: &str, before, after| changes(json!({ field: before }), json!({ field: after }));
    assert_eq!(change("assigneeLogicType", json!(null), json!("none")), [""; 0]);
    assert_eq!(change("assigneeLogicType", json!("none"), Value::Null), [""; 0]);
    let cleared = r#"assigneeLogicType: "none" -> "clear""#;
    assert_eq!(change("assigneeLogicType", json!("none"), json!("clear")), [cleared]);
    assert_eq!(change("name", json!(null), json!("none")), [r#"name: null -> "none""#]);
}

#[test]
fn headers_are_listed_if_a_value_differs_that_snapshots_do_not_have() {
    let step = || json!({ "name": "a", "webhookHeader": { "X-Key": "***" } });
    assert_eq!(changes(step(), step()), [""; 0]);
    let expected = r#"webhookHeader: {"X-Key":"***"} -> {"X-Key":"***"}"#;
    assert_eq!(shown(field_changes(step(), step(), true)), [expected]);
}

/// A value without what means nothing.
fn canonical(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| (name.clone(), canonical(value)));
            let fields: Map<_, _> = fields.filter(|(_, value)| !value.is_null()).collect();
            if fields.is_empty() { Value::Null } else { fields.into() }
        }
        Value::Array(elements) if elements.is_empty() => Value::Null,
        Value::Bool(false) => Value::Null,
        other => other.clone(),
    }
}

/// An object of up to three of these values.
fn object(value: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    let fields = prop::collection::hash_map("[abc]", value, 0..4);
    fields.prop_map(|fields| fields.into_iter().collect::<Map<_, _>>().into())
}

fn snapshot() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (0..2).prop_map(Value::from),
        "[ab]?".prop_map(Value::from),
        prop::collection::vec("[ab]", 0..2).prop_map(Value::from),
    ];
    prop_oneof![Just(Value::Null), object(prop_oneof![leaf.clone(), object(leaf)])]
}

proptest! {
    #[test]
    fn the_changes_lead_from_one_snapshot_to_the_other(before in snapshot(), after in snapshot()) {
        let mut applied = before.as_object().cloned().unwrap_or_default();
        for FieldChange { name, before, after } in field_changes(before, after.clone(), false) {
            prop_assert_ne!(canonical(&before), canonical(&after));
            let replaced = applied.insert(name, after).unwrap_or_default();
            prop_assert_eq!(replaced, before);
        }
        prop_assert_eq!(canonical(&applied.into()), canonical(&after));
    }
}
