//! A record of the inputs that the service rejects in tests, for the test that measures how many of them
//! `inputRules` finds.

use std::{
    env,
    fs::File,
    io::Write as _,
    sync::{LazyLock, Mutex},
};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::client::{TestResponse, violations};

/// The environment variable that names the file of the record.
pub const RECORD: &str = "CRM_STEPS_TEST_REJECTED";

/// An input that was rejected.
#[derive(Debug, Serialize, Deserialize)]
pub struct Rejected {
    /// The name of the input.
    pub input: String,
    /// What was sent.
    pub sent: Value,
    /// The path in the input and the code of each violation.
    pub violations: Vec<(String, String)>,
}

impl Rejected {
    /// Adds it to the record, if there is one.
    pub fn record(&self) {
        static FILE: LazyLock<Option<Mutex<File>>> = LazyLock::new(|| {
            let file = File::options().append(true).open(env::var_os(RECORD)?);
            Some(Mutex::new(file.expect("the record can be written")))
        });
        let Some(file) = &*FILE else { return };
        let line = serde_json::to_string(self).expect("it is JSON") + "\n";
        let mut file = file.lock().expect("no thread panicked");
        file.write_all(line.as_bytes()).expect("the record can be written");
    }

    /// Records the inputs in the variables of a call that the service rejected.
    pub fn record_call(query: &str, variables: &Value, response: &TestResponse) {
        let Ok(body) = serde_json::from_str::<Value>(&response.text) else { return };
        let payloads = body["data"].as_object().into_iter().flat_map(Map::values);
        let payloads = payloads.filter(|payload| payload["userErrors"][0]["field"].is_array());
        let violations: Vec<_> = payloads.flat_map(violations).collect();
        for argument in ["input", "inputs", "to"] {
            let Some((_, ty)) = query.split_once(&format!("${argument}: ")) else { continue };
            let ty = ty.trim_start_matches('[');
            let input = ty.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
            let list = variables[argument].as_array();
            let inputs = list.map_or(std::slice::from_ref(&variables[argument]), Vec::as_slice);
            for (index, sent) in inputs.iter().enumerate() {
                let place = if list.is_some() {
                    format!("inputs.{index}.")
                } else {
                    format!("{argument}.")
                };
                let own = violations.iter().filter_map(|(path, code)| {
                    Some((path.strip_prefix(&place)?.to_owned(), code.clone()))
                });
                Self::record_input(input, sent, own.collect());
            }
        }
    }

    /// Records an input, the steps of a specification each as an input of its own.
    fn record_input(input: &str, sent: &Value, mut violations: Vec<(String, String)>) {
        let steps = sent["steps"].as_array().filter(|_| input == "ApplyCrmScenarioInput");
        for (index, step) in steps.into_iter().flatten().enumerate() {
            let place = format!("steps.{index}.");
            let of_step = violations.extract_if(.., |(path, _)| path.starts_with(&place));
            let of_step = of_step.map(|(path, code)| (path[place.len()..].to_owned(), code));
            Self::record_input("CrmStepSpecInput", step, of_step.collect());
        }
        if !violations.is_empty() {
            Self { input: input.to_owned(), sent: sent.clone(), violations }.record();
        }
    }
}
