//! The place to which a step comes back, and the order of several.

use std::collections::BTreeMap;

use proptest::{
    collection::vec,
    prelude::{Strategy, any},
    sample::Index,
};
use serde_json::{Value, json};

use super::{delete, restore, steps};
use crate::{
    pipeline_spec,
    support::{App, check_invariants, for_all, on_both_databases},
};

/// Deletions, one after the other, and the places in this stack from which steps are restored.
fn deletions() -> impl Strategy<Value = (Vec<Index>, Vec<Index>)> {
    (vec(any::<Index>(), 1..6), vec(any::<Index>(), 6))
}

async fn the_reverse_order_gives_the_order_that_was_and_any_other_order_never_fails(app: App) {
    let ana = app.member_of("Horizonte").await;
    for_all(6, deletions(), async |(deletions, order)| {
        let timer = |target| json!({ "autoNextStepId": target, "autoNextTime": 1 });
        let (scenario, ids) = ana.pipeline("Sales", json!([{}, {}, {}, {}, {}])).await;
        for (index, target) in [(0, 3), (4, 1)] {
            let update = "updateCrmStep(id: $id, input: $input) { replayed }";
            let arguments = json!({ "id": ids[index], "input": timer(&ids[target]) });
            ana.done("($id: ID!, $input: UpdateCrmStepInput!)", update, arguments).await;
        }
        let delete_all = async || {
            let (mut left, mut stack) = (ids.clone(), Vec::new());
            for step in deletions.iter().take(ids.len() - 1) {
                let id = left.remove(step.index(left.len()));
                stack.push((steps(&ana, &scenario).await, id.clone()));
                delete(&ana, &id).await;
            }
            stack
        };
        for (before, id) in delete_all().await.into_iter().rev() {
            restore(&ana, &id).await;
            assert_eq!(steps(&ana, &scenario).await, before);
        }
        let mut deleted = delete_all().await;
        for place in order {
            if !deleted.is_empty() {
                let (_, id) = deleted.remove(place.index(deleted.len()));
                restore(&ana, &id).await;
            }
        }
        let targets: BTreeMap<String, Value> = steps(&ana, &scenario)
            .await
            .into_iter()
            .map(|step| {
                (step["id"].as_str().expect("an id").to_owned(), step["autoNextStepId"].clone())
            })
            .collect();
        assert_eq!(targets.len(), 5);
        assert_eq!((&targets[&ids[0]], &targets[&ids[4]]), (&json!(ids[3]), &json!(ids[1])));
        check_invariants(&app.database).await;
    })
    .await;
}

async fn a_step_comes_back_between_its_former_neighbours(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let ids = ana.steps(&scenario, "a b c").await;
    delete(&ana, &ids[1]).await;
    ana.steps(&scenario, "d e").await;
    for (id, to) in [(&ids[2], "last"), (&ids[0], "first")] {
        let field = format!("moveCrmStep(id: \"{id}\", to: {{ {to}: true }}) {{ replayed }}");
        ana.done("", &field, json!({})).await;
    }
    assert_eq!(ana.names(&scenario).await, "a d e c");
    restore(&ana, &ids[1]).await;
    assert_eq!(ana.names(&scenario).await, "a b d e c");
}

async fn a_step_without_neighbours_comes_back_at_its_former_index(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let ids = ana.steps(&scenario, "a b c").await;
    for id in [&ids[1], &ids[0], &ids[2]] {
        delete(&ana, id).await;
    }
    ana.steps(&scenario, "d e").await;
    restore(&ana, &ids[1]).await;
    assert_eq!(ana.names(&scenario).await, "d b e");
}

async fn a_step_comes_back_where_all_ranks_are_taken(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let ids = ana.steps(&scenario, "a b c").await;
    delete(&ana, &ids[1]).await;
    app.leave_no_room().await;
    app.execute("UPDATE crm_scenario SET rank_generation = 1").await;
    app.execute("UPDATE crm_step SET rank_generation = 1").await;
    restore(&ana, &ids[1]).await;
    assert_eq!(ana.names(&scenario).await, "a b c");
    check_invariants(&app.database).await;
}

/// Also with their timers, which lead to each other.
async fn steps_deleted_together_find_their_order_again(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (scenario, ids) = ana
        .pipeline(
            "Sales",
            json!([
                { "name": "a" },
                { "name": "b", "autoNextStepRef": "3", "autoNextTime": 1 },
                { "name": "c", "autoNextStepRef": "1", "autoNextTime": 1 },
                { "name": "d" },
                { "name": "e", "autoNextStepRef": "2", "autoNextTime": 1 },
            ]),
        )
        .await;
    let before = steps(&ana, &scenario).await;
    let delete = "deleteCrmSteps(ids: $ids) { deletedCrmStepIds }";
    for order in [[3, 1, 2], [1, 2, 3], [2, 3, 1]] {
        let deleted = json!({ "ids": [ids[3], ids[1], ids[2]] });
        ana.done("($ids: [ID!]!)", delete, deleted).await;
        assert_eq!(ana.names(&scenario).await, "a e");
        for step in order {
            restore(&ana, &ids[step]).await;
        }
        assert_eq!(steps(&ana, &scenario).await, before, "{order:?}");
        check_invariants(&app.database).await;
    }
}

async fn what_an_apply_deletes_can_be_restored(app: App) {
    let ana = app.member_of("Horizonte").await;
    let (scenario, ids) = ana
        .pipeline(
            "Sales",
            json!([
                { "name": "a", "key": "a", "autoNextStepRef": "2", "autoNextTime": 1 },
                { "name": "b", "key": "b", "autoNextStepRef": "2", "autoNextTime": 1 },
                { "name": "c", "key": "c" },
                { "name": "d", "key": "d" },
            ]),
        )
        .await;
    let before = steps(&ana, &scenario).await;
    let mut spec = pipeline_spec::spec(&ana, &scenario).await;
    spec["id"] = json!(scenario);
    let steps_of_spec = spec["steps"].as_array_mut().expect("steps");
    steps_of_spec.retain(|step| ["a", "d"].contains(&step["name"].as_str().expect("a name")));
    for field in ["autoNextStepKey", "autoNextTime"] {
        steps_of_spec[0][field] = Value::Null;
    }
    let revision = format!("{{ crmScenario(id: \"{scenario}\") {{ revision }} }}");
    let revision = ana.query(&revision).await["crmScenario"]["revision"].clone();
    let apply = "applyCrmScenario(input: $input, expectedRevision: $revision) { replayed }";
    let types = "($input: ApplyCrmScenarioInput!, $revision: Int)";
    ana.done(types, apply, json!({ "input": spec, "revision": revision })).await;
    assert_eq!(ana.names(&scenario).await, "a d");
    // The last one was deleted first, so it is restored last.
    restore(&ana, &ids[1]).await;
    restore(&ana, &ids[2]).await;
    assert_eq!(steps(&ana, &scenario).await, before);
    check_invariants(&app.database).await;
}

on_both_databases!(
    the_reverse_order_gives_the_order_that_was_and_any_other_order_never_fails,
    a_step_comes_back_between_its_former_neighbours,
    a_step_without_neighbours_comes_back_at_its_former_index,
    a_step_comes_back_where_all_ranks_are_taken,
    steps_deleted_together_find_their_order_again,
    what_an_apply_deletes_can_be_restored,
);
