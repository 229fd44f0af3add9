//! What is true of the rows of every database at every moment, whatever calls are being executed.

use std::collections::{HashMap, HashSet};

use crm_steps::{
    db::{Database, Engine},
    entity::{change, idempotency_key},
};
use sea_orm::{
    ConnectionTrait as _, EntityTrait as _, IsolationLevel, Statement, TransactionTrait as _,
};
use serde_json::Value;
use uuid::Uuid;

/// Queries that find the rows at fault, each with what is true if it finds none.
const QUERIES: [(&str, &str); 9] = [
        (
            "the indexes of a scenario's steps are 0, 1, 2 and so on",
            "SELECT scenario_id FROM crm_step GROUP BY organization_id, scenario_id
                HAVING MIN(\"index\") <> 0 OR MAX(\"index\") <> COUNT(*) - 1",
        ),
        (
            "the ranks of a scenario's steps are different and in the order of the indexes",
            "SELECT id FROM (SELECT id, \"index\", DENSE_RANK() OVER
                (PARTITION BY organization_id, scenario_id ORDER BY rank, rank_suffix) AS place FROM crm_step) AS step
                WHERE \"index\" <> place - 1",
        ),
        (
            "the ranks of a scenario's steps are of its generation",
            "SELECT id FROM crm_step WHERE rank_generation <> (SELECT rank_generation FROM crm_scenario
                WHERE crm_scenario.organization_id = crm_step.organization_id
                AND crm_scenario.id = scenario_id)",
        ),
        (
            "a scenario has the number of its steps",
            "SELECT id FROM crm_scenario WHERE step_count <> (SELECT COUNT(*) FROM crm_step
                WHERE crm_step.organization_id = crm_scenario.organization_id AND scenario_id = crm_scenario.id)",
        ),
        (
            "a scenario is ordered by its last change or that of its steps, whichever is later",
            "SELECT id FROM crm_scenario WHERE changed_at <> CASE
                WHEN steps_updated_at > updated_at THEN steps_updated_at ELSE updated_at END",
        ),
        (
            "the history has each step",
            "SELECT id FROM crm_step WHERE NOT EXISTS (SELECT 1 FROM change
                WHERE change.organization_id = crm_step.organization_id AND subject_id = crm_step.id)",
        ),
        (
            "a step of the history was created once, and either exists or was deleted once more than restored",
            "SELECT subject_id FROM change WHERE subject_type = 'CRM_STEP' GROUP BY organization_id, subject_id
                HAVING SUM(CASE action WHEN 'CREATED' THEN 1 ELSE 0 END) <> 1
                OR SUM(CASE action WHEN 'DELETED' THEN 1 WHEN 'RESTORED' THEN -1 ELSE 0 END) + (SELECT COUNT(*) FROM crm_step
                    WHERE crm_step.organization_id = change.organization_id AND id = subject_id) <> 1",
        ),
        (
            "what can be restored does not exist",
            "SELECT id FROM deleted_crm_step WHERE id IN (SELECT id FROM crm_step)
                UNION ALL SELECT id FROM deleted_crm_scenario WHERE id IN (SELECT id FROM crm_scenario)",
        ),
        (
            "each step that was deleted with its scenario can be restored with it",
            "SELECT id FROM deleted_crm_step AS step WHERE with_scenario AND NOT EXISTS
                (SELECT 1 FROM deleted_crm_scenario AS scenario
                WHERE scenario.organization_id = step.organization_id AND scenario.id = scenario_id)",
        ),
];

/// Checks all invariants of a database in which the history has everything from the beginning.
pub async fn check_invariants(database: &Database) {
    // All statements see the database as it is at one moment.
    let isolation =
        (database.engine() == Engine::Postgres).then_some(IsolationLevel::RepeatableRead);
    let snapshot = database.read().begin_with_config(isolation, None).await;
    let snapshot = snapshot.expect("a transaction begins");
    let backend = snapshot.get_database_backend();
    for (what, sql) in QUERIES {
        let found = snapshot.query_all_raw(Statement::from_string(backend, sql)).await;
        assert_eq!(found.expect("a list").len(), 0, "not true: {what}");
    }
    let changes = change::Entity::find().all(&snapshot).await.expect("the history");
    let outcomes = idempotency_key::Entity::find().all(&snapshot).await.expect("the outcomes");
    snapshot.rollback().await.expect("it ends");
    check_outcomes(&changes, &outcomes);
    check_ids(&changes, &outcomes);
}

/// Checks that each step in a stored outcome is as a change has left it or found it.
fn check_outcomes(changes: &[change::Model], outcomes: &[idempotency_key::Model]) {
    let mut states: HashMap<(Uuid, &str), Vec<&Value>> = HashMap::new();
    for change in changes {
        for state in [&change.before, &change.after].into_iter().flatten() {
            let id = state.0["id"].as_str().expect("an id");
            states.entry((change.organization_id, id)).or_default().push(&state.0);
        }
    }
    for stored in outcomes {
        for step in steps_in(&stored.outcome.0) {
            let id = step["id"].as_str().expect("an id");
            let states = states.get(&(stored.organization_id, id));
            let is_state = |state: &&Value| {
                ["scenarioId", "version", "name", "prompt", "autoNextStepId", "createdAt"]
                    .iter()
                    .all(|field| state[field] == step[field])
            };
            let is_known = states.is_some_and(|states| states.iter().any(is_state));
            assert!(is_known, "not in the history, but stored under {}: {step}", stored.key);
        }
    }
}

/// The steps in a stored outcome.
fn steps_in(outcome: &Value) -> Vec<&Value> {
    match outcome {
        Value::Array(elements) => elements.iter().flat_map(steps_in).collect(),
        Value::Object(fields) if fields.contains_key("scenarioId") => vec![outcome],
        Value::Object(fields) => fields.values().flat_map(steps_in).collect(),
        _ => vec![],
    }
}

/// Checks that an organization's history and outcomes have no id but those of its own rows.
fn check_ids(changes: &[change::Model], outcomes: &[idempotency_key::Model]) {
    let mut own: HashMap<Uuid, HashSet<Uuid>> = HashMap::new();
    for change in changes {
        let organization = change.organization_id;
        own.entry(organization).or_default().extend([organization, change.subject_id]);
    }
    let of_changes = changes.iter().flat_map(|change| {
        let states = [&change.before, &change.after].into_iter().flatten();
        states.map(|state| (change.organization_id, &state.0))
    });
    let of_outcomes = outcomes.iter().map(|stored| (stored.organization_id, &stored.outcome.0));
    for (organization, json) in of_changes.chain(of_outcomes) {
        let own = &own[&organization];
        let foreign: Vec<Uuid> = ids_in(json).into_iter().filter(|id| !own.contains(id)).collect();
        assert_eq!(foreign, Vec::<Uuid>::new(), "ids that the organization does not have: {json}");
    }
}

/// All ids in a JSON value.
fn ids_in(json: &Value) -> Vec<Uuid> {
    match json {
        Value::String(text) => Uuid::try_parse(text).into_iter().collect(),
        Value::Array(elements) => elements.iter().flat_map(ids_in).collect(),
        Value::Object(fields) => fields.values().flat_map(ids_in).collect(),
        _ => vec![],
    }
}
