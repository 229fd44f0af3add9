//! A client that changes its organization until it is told to stop.

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng, seq::IndexedRandom as _};
use serde_json::{Value, json};
use tokio::sync::watch;

use super::Member;

/// A writer with a scenario of its own.
pub(super) struct Writer {
    member: Member,
    random: StdRng,
    acknowledged: watch::Sender<usize>,
    stop: watch::Receiver<bool>,
    scenario: Option<Value>,
    /// The ids of the steps that it has created and not deleted.
    steps: Vec<Value>,
    /// The ids of those that it has deleted and not restored.
    deleted: Vec<Value>,
}

impl Writer {
    pub(super) fn new(
        member: Member,
        seed: u64,
        acknowledged: watch::Sender<usize>,
        stop: watch::Receiver<bool>,
    ) -> Self {
        let random = StdRng::seed_from_u64(seed);
        Self { member, random, acknowledged, stop, scenario: None, steps: vec![], deleted: vec![] }
    }

    /// Calls mutations one after the other. One that is not answered, because its replica was killed, is
    /// left as it is: it has taken effect, or it has not.
    pub(super) async fn write(mut self) {
        while !*self.stop.borrow() {
            let number = self.random.random_range(0..100);
            let server = self.member.replica(number).await;
            if self.call(&server).await.is_some() {
                self.acknowledged.send_modify(|count| *count += 1);
            }
        }
    }

    /// Calls one mutation; none if the server does not answer.
    async fn call(&mut self, server: &str) -> Option<()> {
        let Some(scenario) = self.scenario.clone() else {
            let create = r#"createCrmScenario(input: { name: "Sales" }) { crmScenario { id } }"#;
            let created = self.mutate(server, create, json!({})).await?;
            self.scenario = Some(created["crmScenario"]["id"].clone());
            return Some(());
        };
        let input =
            |name: &str| json!({ "scenarioId": scenario, "name": name, "prompt": "Greet." });
        let (chosen, step) = (self.random.random_range(0..15), self.some_step());
        match (chosen, step) {
            (0..=2, _) | (_, None) => {
                let create = "createCrmStep(input: $input) { crmStep { id } }";
                let created = self.mutate(server, create, json!({ "input": input("a") })).await?;
                self.steps.push(created["crmStep"]["id"].clone());
            }
            (3, _) => {
                let count = self.random.random_range(2..60);
                let inputs: Vec<_> = (0..count).map(|n| input(&n.to_string())).collect();
                let create = "createCrmSteps(inputs: $inputs) { crmSteps { id } }";
                let created = self.mutate(server, create, json!({ "inputs": inputs })).await?;
                let steps = created["crmSteps"].as_array().expect("steps").iter();
                self.steps.extend(steps.map(|step| step["id"].clone()));
            }
            (4 | 5, Some(at)) => {
                let name = self.random.random_range(0..1_000_000).to_string();
                let update = "updateCrmStep(id: $id, input: $update) { crmStep { id } }";
                let variables = json!({ "id": self.steps[at], "update": { "name": name } });
                self.mutate(server, update, variables).await?;
            }
            (6 | 7, Some(at)) => {
                let to = self.some_step().map(|other| self.steps[other].clone());
                let move_ = "moveCrmStep(id: $id, to: $to) { crmStep { id } }";
                let variables = json!({ "id": self.steps[at], "to": { "before": to } });
                self.mutate(server, move_, variables).await?;
            }
            (8, Some(at)) => {
                let id = self.steps.swap_remove(at);
                let delete = "deleteCrmStep(id: $id) { deletedCrmStepId }";
                self.mutate(server, delete, json!({ "id": id })).await?;
                self.deleted.push(id);
            }
            (9 | 10, Some(_)) if !self.deleted.is_empty() => {
                let at = self.random.random_range(0..self.deleted.len());
                let id = self.deleted.swap_remove(at);
                let restore = "restoreCrmStep(id: $id) { crmStep { id } }";
                self.mutate(server, restore, json!({ "id": id })).await?;
                self.steps.push(id);
            }
            (11, Some(_)) => {
                let prompt = self.random.random_range(0..1_000_000).to_string();
                let update = "updateCrmSteps(ids: $ids, input: $update) { crmSteps { id } }";
                let variables = json!({ "ids": self.some_steps(), "update": { "prompt": prompt } });
                self.mutate(server, update, variables).await?;
            }
            (12, Some(_)) => {
                let move_ = "moveCrmSteps(ids: $ids, to: { first: true }) { crmSteps { id } }";
                let ids = self.some_steps();
                self.mutate(server, move_, json!({ "ids": ids })).await?;
            }
            (13, Some(_)) => {
                let ids = self.some_steps();
                self.steps.retain(|step| !ids.contains(step));
                let delete = "deleteCrmSteps(ids: $ids) { deletedCrmStepIds }";
                self.mutate(server, delete, json!({ "ids": ids })).await?;
                self.deleted.extend(ids);
            }
            _ => {
                let create = r#"createAgent(input: { name: "Sofia" }) { agent { id } }"#;
                self.mutate(server, create, json!({})).await?;
            }
        }
        Some(())
    }

    /// The place of one of its steps.
    fn some_step(&mut self) -> Option<usize> {
        (!self.steps.is_empty()).then(|| self.random.random_range(0..self.steps.len()))
    }

    /// A few of its steps, each once.
    fn some_steps(&mut self) -> Vec<Value> {
        let count = self.random.random_range(1..6);
        self.steps.sample(&mut self.random, count).cloned().collect()
    }

    /// The payload of a mutation, which may reject the call.
    async fn mutate(&self, server: &str, field: &str, variables: Value) -> Option<Value> {
        const TYPES: [(&str, &str); 6] = [
            ("ids", "[ID!]!"),
            ("input", "CreateCrmStepInput!"),
            ("inputs", "[CreateCrmStepsInput!]!"),
            ("id", "ID!"),
            ("update", "UpdateCrmStepInput!"),
            ("to", "CrmStepPlacement!"),
        ];
        let declared: Vec<_> = TYPES
            .into_iter()
            .filter(|(name, _)| variables.get(name).is_some())
            .map(|(name, of_type)| format!("${name}: {of_type}"))
            .collect();
        let declared =
            if declared.is_empty() { String::new() } else { format!("({})", declared.join(", ")) };
        let query = format!("mutation{declared} {{ payload: {field} }}");
        let data = self.member.ask(server, &query, variables).await?;
        Some(data["payload"].clone())
    }
}
