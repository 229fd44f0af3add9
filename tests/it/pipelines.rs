//! Pipelines under random operations of several concurrent clients: indexes stay dense, no reference
//! dangles, and replaying the history gives the current state.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use futures_util::future::join_all;
use proptest::{
    collection::vec,
    prelude::{Just, ProptestConfig, Strategy, any, prop_oneof},
    test_runner::{TestCaseError, TestRunner},
};
use serde_json::{Value, json};

use crate::support::{App, Client, Kind};

/// Chooses one of the ids seen so far, modulo their number.
type Pick = usize;

#[derive(Debug, Clone)]
enum Position {
    First,
    Last,
    Before(Pick),
    After(Pick),
}

#[derive(Debug, Clone)]
enum Operation {
    Create { scenario: Pick, to: Option<Position>, timer: Option<Pick> },
    CreateMany { scenario: Pick, timers: Vec<Option<Pick>>, broken: Option<Pick>, skip: bool },
    Rename { step: Pick, version: Option<i32> },
    SetTimer { step: Pick, target: Option<Pick> },
    Move { step: Pick, to: Position },
    Delete { step: Pick },
    Duplicate { scenario: Pick },
    RenameScenario { scenario: Pick },
    DeleteScenario { scenario: Pick },
    CreateAgent,
    RenameAgent { agent: Pick },
    SetAgent { step: Pick, agent: Pick },
    DeleteAgent { agent: Pick },
}

fn position() -> impl Strategy<Value = Position> {
    prop_oneof![
        Just(Position::First),
        Just(Position::Last),
        any::<Pick>().prop_map(Position::Before),
        any::<Pick>().prop_map(Position::After),
    ]
}

fn operation() -> impl Strategy<Value = Operation> {
    let pick = any::<Pick>;
    let maybe = || proptest::option::of(any::<Pick>());
    prop_oneof![
        5 => (pick(), proptest::option::of(position()), maybe())
            .prop_map(|(scenario, to, timer)| Operation::Create { scenario, to, timer }),
        2 => (pick(), vec(maybe(), 1..6), maybe(), any::<bool>()).prop_map(
            |(scenario, timers, broken, skip)| {
                Operation::CreateMany { scenario, timers, broken, skip }
            }
        ),
        2 => (pick(), proptest::option::of(1..4))
            .prop_map(|(step, version)| Operation::Rename { step, version }),
        3 => (pick(), maybe()).prop_map(|(step, target)| Operation::SetTimer { step, target }),
        6 => (pick(), position()).prop_map(|(step, to)| Operation::Move { step, to }),
        4 => pick().prop_map(|step| Operation::Delete { step }),
        1 => pick().prop_map(|scenario| Operation::Duplicate { scenario }),
        1 => pick().prop_map(|scenario| Operation::RenameScenario { scenario }),
        1 => pick().prop_map(|scenario| Operation::DeleteScenario { scenario }),
        1 => Just(Operation::CreateAgent),
        2 => pick().prop_map(|agent| Operation::RenameAgent { agent }),
        2 => (pick(), pick()).prop_map(|(step, agent)| Operation::SetAgent { step, agent }),
        1 => pick().prop_map(|agent| Operation::DeleteAgent { agent }),
    ]
}

/// The ids that clients have seen, including those deleted since.
#[derive(Default)]
struct Seen {
    scenarios: Vec<String>,
    steps: Vec<String>,
    agents: Vec<String>,
}

/// One of several clients that edit the same pipelines.
#[derive(Clone)]
struct Editor {
    client: Client,
    seen: Arc<Mutex<Seen>>,
    /// How many mutations succeeded.
    done: Arc<AtomicUsize>,
}

impl Editor {
    fn pick(&self, of: impl Fn(&Seen) -> &Vec<String>, pick: Pick) -> String {
        let seen = self.seen.lock().expect("no thread panicked");
        let ids = of(&seen);
        ids.get(pick % ids.len().max(1)).cloned().unwrap_or_else(|| "nothing".to_owned())
    }

    fn step(&self, pick: Pick) -> String {
        self.pick(|seen| &seen.steps, pick)
    }

    fn scenario(&self, pick: Pick) -> String {
        self.pick(|seen| &seen.scenarios, pick)
    }

    fn position(&self, position: &Position) -> Value {
        match position {
            Position::First => json!({ "first": true }),
            Position::Last => json!({ "last": true }),
            Position::Before(step) => json!({ "before": self.step(*step) }),
            Position::After(step) => json!({ "after": self.step(*step) }),
        }
    }

    fn input(&self, scenario: Pick) -> Value {
        json!({ "scenarioId": self.scenario(scenario), "name": "Step", "prompt": "Greet." })
    }

    /// Calls a mutation, which succeeds or breaks a rule.
    async fn call(&self, field: &str, variables: &str, arguments: Value) -> Value {
        let query = format!("mutation{variables} {{ payload: {field} }}");
        let payload = self.client.graphql(&query, arguments).await.data()["payload"].clone();
        assert!(payload.is_object(), "{field}: {payload}");
        let is_done = payload["userErrors"] == json!([]);
        self.done.fetch_add(usize::from(is_done), Ordering::SeqCst);
        payload
    }

    #[expect(clippy::too_many_lines, reason = "it is one list of operations")]
    async fn execute(&self, operation: &Operation) {
        let seen = |ids: Vec<&Value>, of: fn(&mut Seen) -> &mut Vec<String>| {
            let ids = ids.into_iter().filter_map(Value::as_str).map(str::to_owned);
            of(&mut self.seen.lock().expect("no thread panicked")).extend(ids);
        };
        match operation {
            Operation::Create { scenario, to, timer } => {
                let mut input = self.input(*scenario);
                if let Some(target) = timer {
                    input["autoNextStepId"] = self.step(*target).into();
                    input["autoNextTime"] = 5.into();
                }
                let to = to.as_ref().map(|to| self.position(to));
                let payload = self
                    .call(
                        "createCrmStep(input: $input, to: $to) { crmStep { id } userErrors { code } }",
                        "($input: CreateCrmStepInput!, $to: CrmStepPlacement)",
                        json!({ "input": input, "to": to }),
                    )
                    .await;
                seen(vec![&payload["crmStep"]["id"]], |seen| &mut seen.steps);
            }
            Operation::CreateMany { scenario, timers, broken, skip } => {
                let inputs = timers.iter().enumerate().map(|(number, timer)| {
                    let mut input = self.input(*scenario);
                    input["ref"] = number.to_string().into();
                    if let Some(target) = timer {
                        input["autoNextStepRef"] = (target % timers.len()).to_string().into();
                        input["autoNextTime"] = 5.into();
                    }
                    if broken.is_some_and(|broken| broken % timers.len() == number) {
                        input["name"] = "".into();
                    }
                    input
                });
                let mode = if *skip { "SKIP_INVALID" } else { "ATOMIC" };
                let payload = self
                    .call(
                        "createCrmSteps(inputs: $inputs, mode: $mode) { crmSteps { id } userErrors { code } }",
                        "($inputs: [CreateCrmStepsInput!]!, $mode: BatchMode!)",
                        json!({ "inputs": inputs.collect::<Vec<_>>(), "mode": mode }),
                    )
                    .await;
                let steps = payload["crmSteps"].as_array().into_iter().flatten();
                seen(steps.map(|step| &step["id"]).collect(), |seen| &mut seen.steps);
            }
            Operation::Rename { step, version } => {
                let arguments = json!({
                    "id": self.step(*step), "input": { "name": "Renamed" }, "version": version,
                });
                self.update(arguments).await;
            }
            Operation::SetTimer { step, target } => {
                let time = target.map(|_| 7);
                let target = target.map(|target| self.step(target));
                let input = json!({ "autoNextStepId": target, "autoNextTime": time });
                self.update(json!({ "id": self.step(*step), "input": input })).await;
            }
            Operation::SetAgent { step, agent } => {
                let input = json!({ "agentId": self.pick(|seen| &seen.agents, *agent) });
                self.update(json!({ "id": self.step(*step), "input": input })).await;
            }
            Operation::RenameAgent { agent } => {
                let id = self.pick(|seen| &seen.agents, *agent);
                self.call(
                    "updateAgent(id: $id, input: {name: \"b\"}) { agent { id } userErrors { code } }",
                    "($id: ID!)",
                    json!({ "id": id }),
                )
                .await;
            }
            Operation::Move { step, to } => {
                self.call(
                    "moveCrmStep(id: $id, to: $to) { crmStep { id } userErrors { code } }",
                    "($id: ID!, $to: CrmStepPlacement!)",
                    json!({ "id": self.step(*step), "to": self.position(to) }),
                )
                .await;
            }
            Operation::Delete { step } => {
                let field = "deleteCrmStep(id: $id) { deletedCrmStepId userErrors { code } }";
                self.call(field, "($id: ID!)", json!({ "id": self.step(*step) })).await;
            }
            Operation::Duplicate { scenario } => {
                let payload = self
                    .call(
                        "duplicateCrmScenario(id: $id) { crmScenario { id steps { nodes { id } } } userErrors { code } }",
                        "($id: ID!)",
                        json!({ "id": self.scenario(*scenario) }),
                    )
                    .await;
                let copy = &payload["crmScenario"];
                let steps = copy["steps"]["nodes"].as_array().into_iter().flatten();
                seen(steps.map(|step| &step["id"]).collect(), |seen| &mut seen.steps);
                seen(vec![&copy["id"]], |seen| &mut seen.scenarios);
            }
            Operation::RenameScenario { scenario } => {
                self.call(
                    "updateCrmScenario(id: $id, input: { name: \"Renamed\" }) { crmScenario { id } userErrors { code } }",
                    "($id: ID!)",
                    json!({ "id": self.scenario(*scenario) }),
                )
                .await;
            }
            Operation::DeleteScenario { scenario } => {
                self.call(
                    "deleteCrmScenario(id: $id, expectedStepCount: 3) { deletedCrmScenarioId userErrors { code } }",
                    "($id: ID!)",
                    json!({ "id": self.scenario(*scenario) }),
                )
                .await;
            }
            Operation::CreateAgent => {
                let agent = self.client.agent("Sofia").await;
                self.seen.lock().expect("no thread panicked").agents.push(agent);
            }
            Operation::DeleteAgent { agent } => {
                let id = self.pick(|seen| &seen.agents, *agent);
                let field = "deleteAgent(id: $id) { deletedAgentId userErrors { code } }";
                self.call(field, "($id: ID!)", json!({ "id": id })).await;
            }
        }
    }

    async fn update(&self, arguments: Value) {
        self.call(
            "updateCrmStep(id: $id, input: $input, expectedVersion: $version) { crmStep { id } userErrors { code } }",
            "($id: ID!, $input: UpdateCrmStepInput!, $version: Int)",
            arguments,
        )
        .await;
    }
}

/// All elements of a list, page by page.
async fn all(client: &Client, list: &str, fields: &str) -> Vec<Value> {
    let mut found = vec![];
    let mut after = Value::Null;
    loop {
        let query = format!(
            "query($after: String) {{ {} pageInfo {{ hasNextPage endCursor }} }} {}",
            list.replacen(
                "@page",
                &format!("(first: 7, after: $after) {{ nodes {{ {fields} }}"),
                1
            ),
            "}".repeat(list.matches('{').count() + 1),
        );
        let data = client.graphql(&query, json!({ "after": after })).await.data();
        let mut page = &data;
        while page.get("nodes").is_none() {
            page = page.as_object().and_then(|object| object.values().next()).expect("a list");
        }
        found.extend(page["nodes"].as_array().expect("nodes").iter().cloned());
        if page["pageInfo"]["hasNextPage"] == false {
            return found;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

/// The fields of a step in the snapshots of the history.
const FIELDS: &str = "id scenarioId index version createdAt updatedAt name agentId prompt
    autoNextStepId autoNextTime autoNextTimeUnit";

/// Replays the history from the beginning: returns the steps of each scenario in their order. Checks
/// that each snapshot of the state before equals the replayed state.
fn replay(changes: &[Value]) -> BTreeMap<String, Vec<Value>> {
    let mut pipelines: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for change in changes {
        let (before, after) = (&change["before"], &change["after"]);
        let id = change["subjectId"].as_str().expect("an id").to_owned();
        match (change["subjectType"].as_str(), change["action"].as_str()) {
            (Some("CRM_SCENARIO"), Some("CREATED")) => {
                assert!(pipelines.insert(id, vec![]).is_none(), "created twice");
            }
            (Some("CRM_SCENARIO"), Some("DELETED")) => {
                assert_eq!(pipelines.remove(&id), Some(vec![]), "its steps were deleted first");
            }
            (Some("CRM_STEP"), _) => {
                let scenario = if before.is_null() { after } else { before };
                let scenario = scenario["scenarioId"].as_str().expect("an id");
                let steps = pipelines.get_mut(scenario).expect("the scenario is there");
                let position = |step: &Value| {
                    usize::try_from(step["index"].as_u64().expect("an index")).expect("it fits")
                };
                if !before.is_null() {
                    let mut was = steps.remove(position(before));
                    was["index"] = before["index"].clone();
                    assert_eq!(was, *before, "the state before the change");
                }
                if !after.is_null() {
                    steps.insert(position(after), after.clone());
                }
            }
            _ => {}
        }
    }
    for steps in pipelines.values_mut() {
        for (index, step) in steps.iter_mut().enumerate() {
            step["index"] = index.into();
        }
    }
    pipelines
}

/// Checks that indexes are dense, that timers target steps of the same scenario, and that the history
/// gives the current state.
async fn check(client: &Client) {
    let changes = all(
        client,
        "viewer { organization { history @page",
        "subjectType subjectId action before after",
    )
    .await;
    let mut replayed = replay(&changes);
    for scenario in all(client, "crmScenarios @page", "id steps { totalCount }").await {
        let id = scenario["id"].as_str().expect("an id");
        let list = format!("crmScenario(id: \"{id}\") {{ steps @page");
        let steps = all(client, &list, FIELDS).await;
        assert_eq!(scenario["steps"]["totalCount"], steps.len());
        let of_history = replayed.remove(id).expect("the history has the scenario");
        assert_eq!(of_history.len(), steps.len());
        for (index, (step, told)) in steps.iter().zip(of_history).enumerate() {
            assert_eq!(step["index"], index, "indexes are dense");
            for field in FIELDS.split_whitespace() {
                assert_eq!(step[field], told[field], "{field}");
            }
            let target = &step["autoNextStepId"];
            assert!(
                target.is_null() || steps.iter().any(|other| other["id"] == *target),
                "a timer has no target in its scenario"
            );
            assert!(*target != step["id"], "a timer targets its own step");
        }
    }
    assert_eq!(replayed, BTreeMap::new(), "the history has no other scenario");
}

/// Executes the operations of each client in sequence, and the clients concurrently.
async fn edit(app: App, work: Vec<Vec<Operation>>, done: Arc<AtomicUsize>) {
    let ana = app.member_of("Horizonte").await;
    let seen = Arc::new(Mutex::new(Seen::default()));
    for name in ["Sales", "Support"] {
        let scenario = ana.scenario(name).await;
        seen.lock().expect("no thread panicked").scenarios.push(scenario);
    }
    let editors = work.into_iter().map(|operations| {
        let (seen, done) = (Arc::clone(&seen), Arc::clone(&done));
        let editor = Editor { client: ana.clone(), seen, done };
        tokio::spawn(async move {
            for operation in &operations {
                editor.execute(operation).await;
            }
        })
    });
    for editor in join_all(editors.collect::<Vec<_>>()).await {
        editor.expect("no panic");
    }
    check(&ana).await;
}

fn any_mix_of_operations(kind: Kind) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    let config = ProptestConfig { cases: 12, max_shrink_iters: 200, ..ProptestConfig::default() };
    let work = vec(vec(operation(), 0..30), 1..5);
    let done = Arc::new(AtomicUsize::new(0));
    let outcome = TestRunner::new(config).run(&work, |work| {
        let done = Arc::clone(&done);
        let edited = App::run(kind, move |app| edit(app, work, done));
        let edited = runtime.block_on(runtime.spawn(edited));
        edited.map_err(|panic| TestCaseError::fail(panic.to_string()))
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
    assert!(done.load(Ordering::SeqCst) > 0, "every operation was rejected");
}

#[test]
fn any_mix_of_operations_keeps_pipelines_consistent_on_sqlite() {
    any_mix_of_operations(Kind::Sqlite);
}

#[test]
fn any_mix_of_operations_keeps_pipelines_consistent_on_postgres() {
    any_mix_of_operations(Kind::Postgres);
}
