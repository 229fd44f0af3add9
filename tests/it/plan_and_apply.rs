//! A plan that was shown by validateOnly is carried out as it was shown.

use crm_steps::domain::{access_token::Scope, id::new_id};
use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};

use crate::{
    apply_crm_scenario::{applied, apply},
    pipeline_spec::{any_spec, create_references, spec},
    support::{App, Client, check_invariants, for_all, on_both_databases},
};

/// What clients see of a pipeline.
#[derive(Debug, PartialEq)]
struct Pipeline {
    spec: Value,
    revision: i64,
    /// The id and the stored key of each step.
    steps: Vec<Value>,
    history: Vec<Value>,
}

/// What a client sees of a pipeline of less than a hundred changes.
async fn seen(client: &Client, scenario: &str) -> Pipeline {
    let query = format!(
        "{{ crmScenario(id: \"{scenario}\") {{ key revision steps(first: 100) {{ nodes {{ id key }} }}
            history(first: 100) {{ nodes {{ action subjectType subjectId before after }} }} }} }}"
    );
    let found = client.query(&query).await["crmScenario"].clone();
    let nodes = |list: &str| found[list]["nodes"].as_array().expect("nodes").clone();
    let mut spec = spec(client, scenario).await;
    spec["key"] = found["key"].clone();
    for step in spec["steps"].as_array_mut().expect("steps") {
        // A query has the fields of an object that are null, a plan has not.
        if let Some(contact) = step.get_mut("requestContact").and_then(Value::as_object_mut) {
            contact.retain(|_, is_asked| !is_asked.is_null());
        }
    }
    let revision = found["revision"].as_i64().expect("a number");
    Pipeline { spec, revision, steps: nodes("steps"), history: nodes("history") }
}

/// The plan without the steps to which it leads, of which some exist only once it is carried out.
fn without_steps(mut plan: Value) -> Value {
    for step in plan["steps"].as_array_mut().into_iter().flatten() {
        step.as_object_mut().expect("an object").remove("crmStep");
    }
    plan
}

/// The fields after the changes of a plan, which have to start from these.
fn changed(mut fields: Value, changes: &Value) -> Value {
    let object = fields.as_object_mut().expect("an object");
    for change in changes.as_array().expect("changes") {
        let name = change["name"].as_str().expect("a name");
        assert_eq!(object.remove(name).unwrap_or_default(), change["before"], "{name}");
        if !change["after"].is_null() {
            object.insert(name.to_owned(), change["after"].clone());
        }
    }
    fields
}

/// The own fields of a scenario that are not null.
fn fields_of_scenario(spec: &Value) -> Value {
    let fields = spec.as_object().expect("an object").iter();
    let own = fields.filter(|(name, value)| *name != "steps" && !value.is_null());
    Value::Object(own.map(|(name, value)| (name.clone(), value.clone())).collect())
}

/// The place that a plan gives a step in its list before or afterwards.
pub(super) fn place(index: &Value) -> Option<usize> {
    index.as_u64().map(|index| usize::try_from(index).expect("it fits"))
}

/// The actions that the history has of what a plan does to a step, in their order.
pub(super) fn actions(step: &Value) -> Vec<&'static str> {
    let moved = (step["isMoved"] == true).then_some("MOVED");
    let changed = match step["action"].as_str().expect("an action") {
        "CREATE" => Some("CREATED"),
        "UPDATE" => Some("UPDATED"),
        "DELETE" => Some("DELETED"),
        _ => None,
    };
    moved.into_iter().chain(changed).collect()
}

/// The history of the steps that a plan leads to, in any order: each change as [`told`] tells it. The
/// ids are those of the steps before and afterwards.
pub(super) fn planned(plan: &Value, before: &[Value], after: &[Value]) -> Vec<String> {
    let mut planned = Vec::new();
    for step in plan["steps"].as_array().expect("steps") {
        let (from, to) = (&step["indexBefore"], &step["indexAfter"]);
        let ids = [place(from).map(|index| &before[index]), place(to).map(|index| &after[index])];
        if let [Some(before), Some(after)] = ids {
            assert_eq!(before["id"], after["id"], "a step that is kept keeps its id");
        }
        let id = ids.into_iter().flatten().next().expect("it is somewhere")["id"].clone();
        for action in actions(step) {
            // An update begins where a move ends, or where other steps have shifted the step.
            let from = if action == "UPDATED" { to } else { from };
            planned.push(json!([action, id, from, to]).to_string());
        }
    }
    planned.sort();
    planned
}

/// Changes of steps, in any order: what happened to which, and its index before and afterwards.
pub(super) fn told(changes: &[Value]) -> Vec<String> {
    let told = changes.iter().map(|change| {
        let (before, after) = (&change["before"]["index"], &change["after"]["index"]);
        json!([change["action"], change["subjectId"], before, after]).to_string()
    });
    let mut told: Vec<_> = told.collect();
    told.sort();
    told
}

/// Checks that exactly what a plan says has happened to a scenario and to its steps.
fn check_carried_out(plan: &Value, before: &Pipeline, after: &Pipeline) {
    let is_changed = plan["isEmpty"] == false;
    assert_eq!(plan["revision"], before.revision);
    assert_eq!(after.revision, before.revision + i64::from(is_changed));
    let fields = changed(fields_of_scenario(&before.spec), &plan["fields"]);
    assert_eq!(fields, fields_of_scenario(&after.spec));
    let steps = plan["steps"].as_array().expect("steps");
    for step in steps {
        let from = place(&step["indexBefore"]).map(|index| {
            let mut fields = before.spec["steps"][index].clone();
            if !step["indexAfter"].is_null() {
                // That the key gets stored is a change.
                fields["key"] = before.steps[index]["key"].clone();
            }
            fields
        });
        let to = place(&step["indexAfter"]).map(|index| after.spec["steps"][index].clone());
        let none = || json!({});
        assert_eq!(
            changed(from.unwrap_or_else(none), &step["fields"]),
            to.unwrap_or_else(none),
            "{step}"
        );
    }
    for (list, index) in [(before, "indexBefore"), (after, "indexAfter")] {
        let places = steps.iter().filter(|step| !step[index].is_null()).count();
        assert_eq!(places, list.steps.len());
    }
    for (count, is_counted) in [
        ("created", (|step| step["action"] == "CREATE") as fn(&&Value) -> bool),
        ("updated", |step| step["action"] == "UPDATE"),
        ("deleted", |step| step["action"] == "DELETE"),
        ("moved", |step| step["isMoved"] == true),
        ("unchanged", |step| step["action"] == "UNCHANGED" && step["isMoved"] == false),
    ] {
        assert_eq!(plan[count], steps.iter().filter(is_counted).count(), "{count}");
    }
    let (known, new) = after.history.split_at(before.history.len());
    assert_eq!(known, before.history);
    let (of_scenario, of_steps): (Vec<_>, Vec<_>) =
        new.iter().cloned().partition(|change| change["subjectType"] == "CRM_SCENARIO");
    assert_eq!(told(&of_steps), planned(plan, &before.steps, &after.steps));
    let is_updated = plan["action"] == "UPDATE";
    assert_eq!(of_scenario.len(), usize::from(is_updated), "{of_scenario:?}");
}

/// Two specifications, of which the second one has its steps in any order, and which steps of the first
/// one lose their stored keys, and whether the scenario does.
fn any_change() -> impl Strategy<Value = (Value, Value, Vec<bool>, bool)> {
    let shuffled = any_spec().prop_flat_map(|spec| {
        let steps = spec["steps"].as_array().expect("steps").clone();
        Just(steps).prop_shuffle().prop_map(move |steps| {
            let mut spec = spec.clone();
            spec["steps"] = steps.into();
            spec
        })
    });
    (any_spec(), shuffled, vec(prop::bool::weighted(0.2), 8), any::<bool>())
}

async fn exactly_the_plan_that_was_shown_is_carried_out(app: App) {
    let (ana, reader) =
        (app.member_of("Horizonte").await, app.bearer("Horizonte", &[Scope::Read]).await);
    create_references(&ana).await;
    for_all(24, any_change(), async |(mut first, mut second, keyless, is_keyless)| {
        let key = format!("k{}", new_id().simple());
        first["key"] = key.as_str().into();
        // So that it is found by the key that the name gives.
        first["name"] = key.as_str().into();
        let created = applied(&ana, &first, "").await["crmScenario"].take();
        let scenario = created["id"].as_str().expect("an id");
        let steps = created["steps"]["nodes"].as_array().expect("steps").iter().zip(keyless);
        for (step, _) in steps.filter(|(_, is_keyless)| *is_keyless) {
            let field = "updateCrmStep(id: $id, input: { key: null }) { replayed }";
            ana.done("($id: ID!)", field, json!({ "id": step["id"] })).await;
        }
        if is_keyless {
            let field = "updateCrmScenario(id: $id, input: { key: null }) { replayed }";
            ana.done("($id: ID!)", field, json!({ "id": scenario })).await;
        }
        second["key"] = key.into();
        let before = seen(&reader, scenario).await;
        let plan =
            without_steps(applied(&ana, &second, ", validateOnly: true").await["plan"].take());
        assert_eq!(seen(&reader, scenario).await, before, "a plan changes nothing");
        let expected = format!(", expectedRevision: {}", plan["revision"]);
        let mut payload = applied(&ana, &second, &expected).await;
        assert_eq!(payload["crmScenario"]["id"], scenario);
        assert_eq!(without_steps(payload["plan"].take()), plan);
        check_carried_out(&plan, &before, &seen(&reader, scenario).await);
        check_invariants(&app.database).await;
        let again = apply(&ana, &second, "").await;
        assert_eq!(again["plan"]["isEmpty"], true);
    })
    .await;
}

on_both_databases!(exactly_the_plan_that_was_shown_is_carried_out);
