//! What a form rejects by `inputRules`, the service rejects as well: for random inputs.

use std::{cell::Cell, collections::BTreeMap};

use crm_steps::domain::url::WebhookHosts;
use proptest::{collection::vec, prelude::any};
use serde_json::{Map, Value, json};

use super::form::{self, Found, InputRules};
use crate::support::{App, Client, for_all, on_both_databases};

/// An input of the schema, and how it is sent.
struct Input {
    rules: InputRules,
    mutation: String,
    /// The path around the fields in violations.
    place: &'static str,
    /// A valid input to start from.
    base: Value,
    /// What an update changes.
    stored: Option<Value>,
    /// Values of each field, valid and invalid ones.
    values: Vec<(String, Vec<Value>)>,
}

/// Texts that some rule accepts and some rule rejects.
const TEXTS: [&str; 65] = [
    "Sofia",
    "novo-lead",
    "a--b",
    "",
    " ",
    "\u{200b}",
    "\u{2800}",
    "a",
    " a ",
    "\ta\n",
    "\u{85}a",
    "\u{feff}a",
    "a\u{0}",
    "\u{0}",
    "a\nb",
    "a\u{7f}",
    "a\u{2028}b",
    "é",
    "E\u{301}",
    "🙂",
    "ẞ",
    "SS",
    "\u{600}",
    "a b",
    "A",
    "pt_BR",
    "en",
    "es_419",
    "EN",
    "pt-BR",
    "pt_",
    "fil\n",
    "lembrete_v2",
    "Lembrete",
    "a-b",
    "12345678",
    "+55 (11) 95555-0102",
    "1234567",
    "1234567890123456",
    "++12345678",
    "12345678x",
    "٠١٢٣٤٥٦٧٨",
    "1\u{a0}234567\u{200b}8",
    "12345678\n",
    "+",
    "https://example.com",
    "HTTP://example.com:8080/a?b#c",
    "https://bücher.example/",
    "http://[2606:4700::1111]/",
    "https://ex\u{200b}ample.com/",
    "https://example.com/{{lead}}",
    "http://a..example.com",
    "http://localhost",
    "http://10.0.0.1/",
    "https://user@example.com",
    "ftp://example.com",
    "https://",
    "http:example.com",
    "https://example.com:0/",
    "https://example.com/a b",
    "https://ex%61mple.com",
    "ana@example.com",
    " Ana@Example.com ",
    "ana@localhost",
    "\"a@b\"@example.com",
];

const NUMBERS: [i32; 17] = [
    i32::MIN,
    -1,
    0,
    1,
    2,
    365,
    366,
    8_760,
    8_761,
    525_600,
    525_601,
    31_535_999,
    31_536_000,
    31_536_001,
    60,
    86_400,
    i32::MAX,
];

fn headers(count: usize) -> Value {
    (0..count).map(|n| (format!("X-{n}"), "v".into())).collect::<Map<_, _>>().into()
}

/// Values of a field of this type, for which these ids exist.
fn values(
    ty: &str,
    row: &Value,
    ids: &[String],
    enums: &BTreeMap<String, Vec<String>>,
) -> Vec<Value> {
    let tags = |count: usize| (0..count).map(|n| format!("t{n}")).collect::<Vec<_>>();
    let mut values = match ty.trim_end_matches('!') {
        "String" => {
            let most = usize::try_from(row["maxLength"].as_u64().unwrap_or(512)).expect("a length");
            let long = [most - 1, most, most + 1]
                .into_iter()
                .flat_map(|length| ["x", "é", "🙂", " "].map(|character| character.repeat(length)));
            let padded = format!(" {} ", "x".repeat(most));
            let url = format!("https://example.com/{}", "a".repeat(most.saturating_sub(20)));
            let texts = TEXTS.into_iter().map(str::to_owned).chain(long);
            let key = format!("{}a", "a-".repeat(32));
            texts.chain([padded, format!("{url}a"), url, key]).map(Value::from).collect()
        }
        "ID" => ids.iter().map(|id| json!(id)).collect(),
        "Int" => NUMBERS.map(Value::from).to_vec(),
        "Boolean" => vec![json!(true), json!(false)],
        "[String!]" => vec![
            json!([]),
            json!(["a"]),
            json!(["A "]),
            json!(["a", "A "]),
            json!(["é", "E\u{301}"]),
            json!(["", ""]),
            json!(["b", "c"]),
            json!([" ", "b"]),
            json!(["a\u{0}"]),
            json!([tags(1)[0]]),
            json!(tags(50)),
            json!(tags(51)),
            json!([tags(50), tags(1)].concat()),
            json!(["x".repeat(64)]),
            json!(["é".repeat(65)]),
            json!([format!(" {} ", "x".repeat(64))]),
            json!(["t50"]),
            json!(["somebody@example.com", "Somebody@example.com"]),
            json!([tags(51), tags(50)].concat()),
        ],
        "[ID!]" => {
            let many = |count: u32| (0..count).map(|n| format!("{n:032x}")).collect::<Vec<_>>();
            let mut lists = vec![json!([]), json!(["x", "X"]), json!(many(100)), json!(many(101))];
            lists.extend(ids.windows(2).map(|ids| json!(ids)));
            lists.extend(ids.iter().map(|id| json!([id])));
            lists.extend(ids.iter().map(|id| json!([id, id.to_uppercase()])));
            lists
        }
        "StringMap" => vec![
            json!({}),
            json!({ "X": "v" }),
            json!({ "X": "v", "x": "w" }),
            json!({ "Host": "v" }),
            json!({ "\u{212a}eep-Alive": "v" }),
            json!({ "\u{212a}": "v", "k": "v" }),
            json!({ "": "v" }),
            json!({ " ": "v" }),
            json!({ "a b": "v" }),
            json!({ "X\u{0}": "v" }),
            json!({ "é": "v" }),
            json!({ "X": "" }),
            json!({ "X": " v" }),
            json!({ "X": "a b\tc" }),
            json!({ "X": "***" }),
            json!({ "X": "é" }),
            json!({ "X": "\u{0}" }),
            json!({ "X": " " }),
            json!({ "X": 7 }),
            json!({ "X": null }),
            json!({ "X": "v".repeat(8_191) }),
            json!({ "X": "v".repeat(8_192) }),
            headers(30),
            headers(31),
            json!("X: v"),
            json!([]),
            json!(7),
        ],
        "[CrmStepSpecInput!]" => vec![json!([]), json!([{ "name": "a", "prompt": "b" }])],
        "RequestContactInput" => vec![json!({}), json!({ "name": true })],
        name => enums[name].iter().map(|value| json!(value)).collect(),
    };
    if !ty.ends_with('!') {
        values.push(Value::Null);
    }
    values
}

/// The type as the schema writes it.
fn written(ty: &Value) -> String {
    match ty["kind"].as_str() {
        Some("NON_NULL") => format!("{}!", written(&ty["ofType"])),
        Some("LIST") => format!("[{}]", written(&ty["ofType"])),
        _ => ty["name"].as_str().expect("a name").to_owned(),
    }
}

/// The mutation that takes an input, by the two parts of its name, with its arguments and the path around
/// the fields in violations. It updates the object with this id, or moves the step with the other one.
fn call(verb: &str, resource: &str, id: &str, moved: &str) -> (String, String, &'static str) {
    let call = format!("{}{resource}", verb.to_lowercase());
    let input = "input: $input".to_owned();
    match (verb, resource) {
        ("Create", "CrmSteps") => (call, "inputs: [$input]".to_owned(), "inputs.0."),
        ("Create", _) => (call, input, "input."),
        ("Update", _) => (call, format!("id: \"{id}\", {input}"), "input."),
        ("CrmSte", "pSpec") => {
            let arguments = "input: { name: \"Sales\", steps: [$input] }".to_owned();
            ("applyCrmScenario".to_owned(), arguments, "input.steps.0.")
        }
        ("ApplyC", _) => ("applyCrmScenario".to_owned(), input, "input."),
        _ => ("moveCrmStep".to_owned(), format!("id: \"{moved}\", to: $input"), "to."),
    }
}

/// All inputs that have rules, each with what there is to send.
async fn inputs(app: &App) -> (Client, Vec<Input>) {
    let ana = app.member_of("Horizonte").await;
    let (scenario, agent) = (ana.scenario("Sales").await, ana.agent("Sofia").await);
    let (bruno, carla) = (ana.membership("Bruno").await, ana.membership("Carla").await);
    let target = ana.steps(&scenario, "target").await.remove(0);
    let step = json!({ "scenarioId": scenario, "name": "Lead", "prompt": "Greet." });
    let mut stored = json!({
        "name": "Lead", "trigger": "Asks.", "autoNextStepId": target, "autoNextTime": 2,
        "autoNextTimeUnit": "h", "assigneeLogicType": "single_user",
        "selectedMembershipIdsForAssignee": [carla], "defaultTags": ["a"], "defaultTagsToRemove": ["b"],
        "zapiAgentId": agent, "zapiPhoneNumber": "12345678", "zapiMessage": "Hi",
        "whatsappTemplateAgentId": agent, "whatsappTemplateName": "a",
        "whatsappTemplateLanguageCode": "en", "webhookUrl": "https://example.com",
        "webhookHeader": { "X-Key": "v" },
    });
    let mut whole = stored.clone();
    whole["scenarioId"] = scenario.clone().into();
    let updated = ana.crm_step(&whole).await["id"].as_str().expect("an id").to_owned();
    let ids = [
        &bruno,
        &carla,
        &agent,
        &scenario,
        &target,
        &updated,
        &agent.to_uppercase(),
        "",
        " ",
        "x",
        "\u{0}",
        "019a0000-0000-7000-8000-00000000ffff",
        &format!("{{{agent}}}"),
        &agent.replace('-', ""),
    ]
    .map(str::to_owned);
    let query = "{ __schema { types { name enumValues { name } inputFields { name type {
        kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } }";
    let types = ana.query(query).await["__schema"]["types"].clone();
    let types: BTreeMap<&str, &Value> = types
        .as_array()
        .expect("types")
        .iter()
        .map(|ty| (ty["name"].as_str().expect("a name"), ty))
        .collect();
    let named = |list: &Value| -> Vec<String> {
        let list = list.as_array().into_iter().flatten();
        list.map(|value| value["name"].as_str().expect("a name").to_owned()).collect()
    };
    let enums =
        types.iter().map(|(name, ty)| ((*name).to_owned(), named(&ty["enumValues"]))).collect();
    let person = json!({ "name": "Ana", "email": "ana@example.com", "role": "USER" });
    let named = json!({ "name": "Ana" });
    let mut inputs = Vec::new();
    for (name, rules) in form::rules(&ana).await {
        let (verb, resource) = name.split_at(6);
        let resource = resource.strip_suffix("Input").unwrap_or(resource);
        let id = match resource {
            "Agent" => &agent,
            "Membership" => &bruno,
            "CrmScenario" => &scenario,
            _ => &updated,
        };
        let base = match (verb, resource) {
            ("Create", "CrmStep" | "CrmSteps") => step.clone(),
            ("Create", "Membership") => person.clone(),
            ("ApplyC", _) => json!({ "name": "Sales", "steps": [] }),
            ("CrmSte", "pSpec") => json!({ "name": "Lead", "prompt": "Greet." }),
            ("Create", _) => named.clone(),
            _ => json!({}),
        };
        let (call, arguments, place) = call(verb, resource, id, &updated);
        let mutation = format!(
            "mutation($input: {name}!) {{ {call}({arguments}, validateOnly: true) {{
                userErrors {{ field code }} }} }}"
        );
        let values =
            types[name.as_str()]["inputFields"].as_array().expect("fields").iter().map(|field| {
                let name = field["name"].as_str().expect("a name");
                let row = rules.at(name).expect("a row for each field");
                // An unknown scenario is rejected alone.
                let ids = if verb == "ApplyC" { std::slice::from_ref(&scenario) } else { &ids[..] };
                (name.to_owned(), values(&written(&field["type"]), row, ids, &enums))
            });
        let is_step = resource == "CrmStep";
        let stored =
            (verb == "Update").then(|| if is_step { stored.take() } else { person.clone() });
        inputs.push(Input { values: values.collect(), rules, mutation, place, base, stored });
    }
    (ana, inputs)
}

impl Input {
    /// What a form finds in these values.
    fn found(&self, sent: &Value) -> Found {
        let mut whole = self.stored.clone().unwrap_or_else(|| json!({}));
        whole.as_object_mut().expect("fields").extend(sent.as_object().expect("fields").clone());
        // As the description of autoNextTime says.
        if sent.get("autoNextTime") == Some(&Value::Null) && sent.get("autoNextTimeUnit").is_none()
        {
            whole["autoNextTimeUnit"] = Value::Null;
        }
        self.rules.of_fields(sent).union(&self.rules.of_across(&whole)).cloned().collect()
    }

    /// The base with these changes: for each the number of a field, of a value, and a random text.
    fn changed(&self, changes: &[(usize, usize, String)]) -> Value {
        let mut sent = self.base.clone();
        // A position is exactly one of its fields.
        let most = if self.place == "to." { 1 } else { changes.len() };
        for (field, value, random) in &changes[..most] {
            let (field, values) = &self.values[field % self.values.len()];
            let is_text = values.iter().all(|value| value.is_string() || value.is_null());
            let is_random = is_text && values.len() > TEXTS.len() && value % 8 == 0;
            sent[field] =
                if is_random { json!(random) } else { values[value % values.len()].clone() };
        }
        sent
    }
}

async fn what_a_form_rejects_is_rejected(app: App) {
    let permissive = App::open_with(&app.url, app.database.engine(), WebhookHosts::Any).await;
    for app in [app, permissive] {
        is_sound(&app).await;
    }
}

async fn is_sound(app: &App) {
    let (ana, inputs) = inputs(app).await;
    let counts = [const { Cell::new(0) }; 3];
    let changes = vec((any::<usize>(), any::<usize>(), any::<String>()), 1..5);
    for_all(600, (any::<usize>(), changes), async |(input, changes)| {
        let input = &inputs[input % inputs.len()];
        let sent = input.changed(&changes);
        if input.place == "to."
            && sent.as_object().is_some_and(|to| to.values().any(Value::is_null))
        {
            return;
        }
        let answer = ana.graphql(&input.mutation, json!({ "input": sent })).await;
        let reported: Found = answer
            .violations()
            .into_iter()
            .filter_map(|(path, code)| Some((path.strip_prefix(input.place)?.to_owned(), code)))
            .collect();
        let found = input.found(&sent);
        let only_found: Vec<_> = found.difference(&reported).collect();
        assert_eq!(only_found, Vec::<&(String, String)>::new(), "{sent:#} {}", answer.text);
        for (path, code) in &reported {
            let row = match path.split_once('.') {
                None => path.clone(),
                Some((field, _)) => format!("{field}.*"),
            };
            let row = input.rules.at(&row).unwrap_or_else(|| panic!("no row for {row}"));
            let codes = row["codes"].as_array().expect("codes");
            assert!(codes.contains(&json!(code)), "{path} {code} is not among {codes:?}");
        }
        let outcome = usize::from(!reported.is_empty()) + usize::from(!found.is_empty());
        counts[outcome].set(counts[outcome].get() + 1);
    })
    .await;
    let [accepted, rejected, expected] = counts.map(Cell::into_inner);
    assert!(accepted > 100 && expected > 100, "{accepted} {rejected} {expected}");
}

on_both_databases!(what_a_form_rejects_is_rejected,);
