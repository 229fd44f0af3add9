//! createCrmStep: valid and invalid values for each rule, and the payload.

mod basics;
mod lists;
mod messages;
mod result;
mod timers;
mod webhooks;

use serde_json::{Value, json};

use crate::support::{App, Client, in_input};

/// A client, and one of each resource that a step can refer to.
struct Fixture {
    ana: Client,
    scenario: String,
    agent: String,
    bruno: String,
    carla: String,
    step: String,
    /// A step of another scenario.
    elsewhere: String,
}

impl Fixture {
    async fn new(app: &App) -> Self {
        let ana = app.member_of("Horizonte").await;
        let scenario = ana.scenario("Sales").await;
        let other = ana.scenario("Support").await;
        let step = |scenario: &str| json!({ "scenarioId": scenario, "name": "A", "trigger": "b" });
        let id = |step: Value| step["id"].as_str().expect("an id").to_owned();
        Self {
            agent: ana.agent("Sofia").await,
            bruno: ana.membership("Bruno").await,
            carla: ana.membership("Carla").await,
            step: id(ana.crm_step(&step(&scenario)).await),
            elsewhere: id(ana.crm_step(&step(&other)).await),
            scenario,
            ana,
        }
    }

    /// A valid input with these fields.
    fn input(&self, fields: &Value) -> Value {
        let mut input = json!({ "scenarioId": self.scenario, "name": "Lead", "prompt": "Greet." });
        let entries = fields.as_object().expect("an object").clone();
        input.as_object_mut().expect("an object").extend(entries);
        input
    }

    /// Expects that the step is created, and that every field is returned as it was sent.
    async fn accepts(&self, fields: Value) {
        let input = self.input(&fields);
        let step = self.ana.crm_step(&input).await;
        for (field, sent) in fields.as_object().expect("an object") {
            assert_eq!(step[field], *sent, "{field} of {fields:#}");
        }
    }

    /// Expects that the step is rejected with exactly these violations: field and code.
    async fn rejects(&self, fields: Value, expected: &[(&str, &str)]) {
        let input = self.input(&fields);
        let answer = self.ana.create_crm_step(&input).await;
        assert_eq!(answer.violations(), in_input(expected), "{fields:#}");
        let payload = &answer.data()["createCrmStep"];
        assert_eq!(payload["crmStep"], Value::Null);
        assert_eq!(payload["crmStepEdge"], Value::Null);
        let validated = self.ana.validate_crm_step(&input).await;
        assert_eq!(validated.data(), answer.data(), "validateOnly returns the same");
    }
}

/// A text of this many characters, each of two bytes.
fn long(characters: usize) -> String {
    "é".repeat(characters)
}
