//! Clients that execute operations on the same pipelines.

use std::{
    collections::BTreeMap,
    fmt::Debug,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use futures_util::future::join;
use serde_json::{Value, json};

use super::operation::{Bulk, Operation, Pick, Position, Sending};
use crate::{
    pipeline_spec,
    support::{Client, Creation, Form},
};

/// The ids that clients have seen, including those deleted since.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) scenarios: Vec<String>,
    steps: Vec<String>,
    agents: Vec<String>,
    /// The plans that were carried out, by the description that each gives its scenario.
    pub(super) plans: BTreeMap<String, Value>,
}

/// The outcome of a call.
enum Outcome<T> {
    Done(T),
    /// It has broken a rule.
    Rejected,
    /// Its key is in use.
    InUse,
}

/// One of several clients that edit the same pipelines.
#[derive(Clone)]
pub(super) struct Editor {
    /// The client and another one, which may use another replica.
    pub(super) clients: [Client; 2],
    pub(super) seen: Arc<Mutex<Seen>>,
    /// How many mutations succeeded.
    pub(super) done: Arc<AtomicUsize>,
    /// How many keys have been used.
    pub(super) keys: Arc<AtomicUsize>,
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

    fn agent(&self, pick: Pick) -> String {
        self.pick(|seen| &seen.agents, pick)
    }

    fn position(&self, position: &Position) -> Value {
        match position {
            Position::First => json!({ "first": true }),
            Position::Last => json!({ "last": true }),
            Position::Before(step) => json!({ "before": self.step(*step) }),
            Position::After(step) => json!({ "after": self.step(*step) }),
        }
    }

    fn input(&self, scenario: Pick, timer: Option<Pick>) -> Value {
        let mut input =
            json!({ "scenarioId": self.scenario(scenario), "name": "Step", "prompt": "Greet." });
        if let Some(target) = timer {
            input["autoNextStepId"] = self.step(target).into();
            input["autoNextTime"] = 5.into();
        }
        input
    }

    fn see(&self, of: fn(&mut Seen) -> &mut Vec<String>, ids: impl IntoIterator<Item = String>) {
        of(&mut self.seen.lock().expect("no thread panicked")).extend(ids);
    }

    /// Sends a call; returns what it returns, if it is executed. Both clients get the same.
    async fn send<T: Debug + PartialEq, F: Future<Output = Outcome<T>>>(
        &self,
        sending: Sending,
        call: impl Fn(Client, Option<String>) -> F,
    ) -> Option<T> {
        let [client, other] = self.clients.clone();
        let key = Some(self.keys.fetch_add(1, Ordering::SeqCst).to_string());
        let (outcome, again) = match sending {
            Sending::WithoutKey => (call(client, None).await, Outcome::Rejected),
            Sending::WithKey => (call(client, key).await, Outcome::Rejected),
            Sending::Twice => join(call(client, key.clone()), call(other, key)).await,
        };
        let done = match (outcome, again) {
            (Outcome::Done(first), Outcome::Done(again)) => {
                assert_eq!(first, again, "the outcome of a call with a key");
                Some(first)
            }
            (Outcome::Done(done), _) | (_, Outcome::Done(done)) => Some(done),
            (Outcome::InUse, Outcome::InUse) => panic!("a key is in use by no call"),
            _ => None,
        };
        self.done.fetch_add(usize::from(done.is_some()), Ordering::SeqCst);
        done
    }

    /// Creates steps; the client sees their ids.
    async fn create(&self, sending: Sending, form: Form, inputs: Vec<Value>) {
        let created = self.send(sending, |client, key| {
            let (form, inputs) = (form.clone(), inputs.clone());
            async move {
                let answer = Creation { form, inputs, key }.send(&client).await;
                let are_violations = answer.errors.iter().all(|error| error.contains(' '));
                assert!(are_violations, "{answer:?}");
                match answer.parts() {
                    _ if answer.is_in_use() => Outcome::InUse,
                    steps if steps.is_empty() => Outcome::Rejected,
                    steps => Outcome::Done((answer.ids(), steps)),
                }
            }
        });
        self.see(|seen| &mut seen.steps, created.await.map(|(ids, _)| ids).unwrap_or_default());
    }

    /// Calls a mutation of this field, given the types of its variables.
    async fn call(
        &self,
        sending: Sending,
        field: &str,
        types: &str,
        arguments: Value,
    ) -> Option<Value> {
        let with_key = field.replacen(") {", ", idempotencyKey: $key) { userErrors { code }", 1);
        let query = format!("mutation($key: String, {types}) {{ payload: {with_key} }}");
        let executed = self.send(sending, |client, key| {
            let (query, mut variables) = (query.clone(), arguments.clone());
            variables["key"] = key.into();
            async move {
                let mut payload = client.graphql(&query, variables).await.data()["payload"].take();
                let errors = payload["userErrors"].take();
                match errors.as_array().expect("a list").as_slice() {
                    [] => Outcome::Done(payload),
                    [error] if error["code"] == "IDEMPOTENCY_KEY_IN_USE" => Outcome::InUse,
                    _ => Outcome::Rejected,
                }
            }
        });
        executed.await
    }

    async fn update(&self, sending: Sending, step: Pick, version: Option<i32>, input: Value) {
        let update =
            "updateCrmStep(id: $id, input: $input, expectedVersion: $version) { crmStep { id } }";
        let types = "$id: ID!, $input: UpdateCrmStepInput!, $version: Int";
        let arguments = json!({ "id": self.step(step), "input": input, "version": version });
        self.call(sending, update, types, arguments).await;
    }

    /// Calls a mutation of the object with this id.
    async fn call_by_id(&self, sending: Sending, field: &str, id: String) -> Option<Value> {
        self.call(sending, field, "$id: ID!", json!({ "id": id })).await
    }

    /// The export of a scenario with another step, rotated and maybe without one of its steps; none if
    /// it does not exist.
    async fn changed(
        &self,
        scenario: &str,
        dropped: Option<Pick>,
        rotation: Pick,
    ) -> Option<Value> {
        let mut spec = pipeline_spec::spec(&self.clients[0], scenario).await;
        let Value::Array(mut steps) = spec["steps"].take() else { return None };
        if let Some(dropped) = dropped.filter(|_| !steps.is_empty()) {
            steps.remove(dropped % steps.len());
        }
        steps.push(json!({ "name": "Planned", "prompt": "Greet." }));
        let keys: Vec<Value> = steps.iter().map(|step| step["key"].clone()).collect();
        for step in &mut steps {
            if !keys.contains(&step["autoNextStepKey"]) {
                step["autoNextStepKey"] = Value::Null;
            }
        }
        steps.rotate_left(rotation % keys.len());
        let description = format!("Plan {}", self.keys.fetch_add(1, Ordering::SeqCst));
        let name = &spec["name"];
        Some(json!({ "id": scenario, "name": name, "description": description, "steps": steps }))
    }

    /// Plans a specification, and applies what was planned. Nothing but the plan is carried out, or
    /// nothing.
    async fn apply(&self, sending: Sending, input: Value) {
        const PLAN: &str = "plan { revision action fields { name before after }
            steps { action isMoved name indexBefore indexAfter fields { name before after } } }";
        let types = "$input: ApplyCrmScenarioInput!, $revision: Int";
        let validate = format!(
            "applyCrmScenario(input: $input, expectedRevision: $revision, validateOnly: true) {{ {PLAN} }}"
        );
        let mut arguments = json!({ "input": input });
        let planned = self.call(Sending::WithoutKey, &validate, types, arguments.clone()).await;
        let Some(plan) = planned.map(|mut payload| payload["plan"].take()) else { return };
        arguments["revision"] = plan["revision"].clone();
        let apply = format!(
            "applyCrmScenario(input: $input, expectedRevision: $revision) {{ crmScenario {{ revision }} {PLAN} }}"
        );
        if let Some(mut applied) = self.call(sending, &apply, types, arguments).await {
            let applied_plan = applied["plan"].take();
            assert_eq!(without_agents(applied_plan.clone()), without_agents(plan));
            let description = input["description"].as_str().expect("a text").to_owned();
            let revision = applied_plan["revision"].as_i64().map(|revision| revision + 1);
            assert_eq!(applied["crmScenario"]["revision"].as_i64(), revision);
            let mut seen = self.seen.lock().expect("no thread panicked");
            seen.plans.insert(description, applied_plan);
        }
    }

    /// Changes several steps at once.
    async fn change_many(&self, sending: Sending, steps: [Pick; 2], change: &Bulk) {
        let mut arguments = json!({ "ids": steps.map(|step| self.step(step)) });
        let (types, field) = match change {
            Bulk::Rename => {
                ("", "updateCrmSteps(ids: $ids, input: { name: \"Renamed\" }) { crmSteps { id } }")
            }
            Bulk::Move { to } => {
                arguments["to"] = self.position(to);
                (", $to: CrmStepPlacement!", "moveCrmSteps(ids: $ids, to: $to) { crmSteps { id } }")
            }
            Bulk::Delete => ("", "deleteCrmSteps(ids: $ids) { deletedCrmStepIds }"),
        };
        self.call(sending, field, &format!("$ids: [ID!]!{types}"), arguments).await;
    }

    /// Copies a step; the client sees its id.
    async fn duplicate(&self, sending: Sending, step: Pick, to: Option<&Position>) {
        let arguments = json!({ "id": self.step(step), "to": to.map(|to| self.position(to)) });
        let field = "duplicateCrmStep(id: $id, to: $to) { crmStep { id } }";
        let types = "$id: ID!, $to: CrmStepPlacement";
        let copy = self.call(sending, field, types, arguments).await;
        let id = copy.as_ref().and_then(|copy| copy["crmStep"]["id"].as_str());
        self.see(|seen| &mut seen.steps, id.map(str::to_owned));
    }

    pub(super) async fn execute(&self, operation: &Operation, sending: Sending) {
        match operation {
            Operation::Create { scenario, to, timer } => {
                let to = to.as_ref().map_or(Value::Null, |to| self.position(to));
                let input = self.input(*scenario, *timer);
                self.create(sending, Form::Single { to }, vec![input]).await;
            }
            Operation::CreateByRest { scenario, timer } => {
                self.create(sending, Form::Rest, vec![self.input(*scenario, *timer)]).await;
            }
            Operation::CreateMany { scenario, timers, broken, skip } => {
                let mut inputs = vec![];
                for (number, timer) in timers.iter().enumerate() {
                    let mut input = self.input(*scenario, None);
                    input["ref"] = number.to_string().into();
                    if let Some(target) = timer {
                        input["autoNextStepRef"] = (target % timers.len()).to_string().into();
                        input["autoNextTime"] = 5.into();
                    }
                    if broken.is_some_and(|broken| broken % timers.len() == number) {
                        input["name"] = "".into();
                    }
                    inputs.push(input);
                }
                let mode = if *skip { "SKIP_INVALID" } else { "ATOMIC" };
                self.create(sending, Form::Batch { mode }, inputs).await;
            }
            Operation::Rename { step, version } => {
                self.update(sending, *step, *version, json!({ "name": "Renamed" })).await;
            }
            Operation::SetTimer { step, target } => {
                let time = target.map(|_| 7);
                let target = target.map(|target| self.step(target));
                let input = json!({ "autoNextStepId": target, "autoNextTime": time });
                self.update(sending, *step, None, input).await;
            }
            Operation::SetAgent { step, agent } => {
                self.update(sending, *step, None, json!({ "agentId": self.agent(*agent) })).await;
            }
            Operation::Move { step, to } => {
                let arguments = json!({ "id": self.step(*step), "to": self.position(to) });
                let field = "moveCrmStep(id: $id, to: $to) { crmStep { id } }";
                self.call(sending, field, "$id: ID!, $to: CrmStepPlacement!", arguments).await;
            }
            Operation::Delete { step } => {
                let field = "deleteCrmStep(id: $id) { deletedCrmStepId }";
                self.call_by_id(sending, field, self.step(*step)).await;
            }
            Operation::Restore { step } => {
                let field = "restoreCrmStep(id: $id) { crmStep { id } clearedFields }";
                self.call_by_id(sending, field, self.step(*step)).await;
            }
            Operation::RestoreScenario { scenario } => {
                let field = "restoreCrmScenario(id: $id) { crmScenario { id } clearedFields }";
                self.call_by_id(sending, field, self.scenario(*scenario)).await;
            }
            Operation::ChangeMany { steps, change } => {
                self.change_many(sending, *steps, change).await;
            }
            Operation::DuplicateStep { step, to } => {
                self.duplicate(sending, *step, to.as_ref()).await;
            }
            Operation::Duplicate { scenario } => {
                let field = "duplicateCrmScenario(id: $id) { crmScenario { id } }";
                let copy = self.call_by_id(sending, field, self.scenario(*scenario)).await;
                let id = copy.as_ref().and_then(|copy| copy["crmScenario"]["id"].as_str());
                self.see(|seen| &mut seen.scenarios, id.map(str::to_owned));
            }
            Operation::RenameScenario { scenario } => {
                let field = "updateCrmScenario(id: $id, input: { name: \"Renamed\" }) { crmScenario { id } }";
                self.call_by_id(sending, field, self.scenario(*scenario)).await;
            }
            Operation::DeleteScenario { scenario } => {
                let field =
                    "deleteCrmScenario(id: $id, expectedStepCount: 3) { deletedCrmScenarioId }";
                self.call_by_id(sending, field, self.scenario(*scenario)).await;
            }
            Operation::Apply { scenario, dropped, rotation } => {
                let scenario = self.scenario(*scenario);
                if let Some(input) = self.changed(&scenario, *dropped, *rotation).await {
                    self.apply(sending, input).await;
                }
            }
            Operation::CreateAgent => {
                let agent = self.clients[0].agent("Sofia").await;
                self.see(|seen| &mut seen.agents, [agent]);
            }
            Operation::RenameAgent { agent } => {
                let field = "updateAgent(id: $id, input: { name: \"b\" }) { agent { id } }";
                self.call_by_id(sending, field, self.agent(*agent)).await;
            }
            Operation::DeleteAgent { agent } => {
                let field = "deleteAgent(id: $id) { deletedAgentId }";
                self.call_by_id(sending, field, self.agent(*agent)).await;
            }
        }
    }
}

/// A plan without the names of agents, which can change without a new revision of the scenario.
fn without_agents(mut plan: Value) -> Value {
    for step in plan["steps"].as_array_mut().expect("steps") {
        let fields = step["fields"].as_array_mut().expect("changes");
        fields.retain(|change| change["name"] != "agentName" && change["name"] != "agentId");
    }
    plan
}
