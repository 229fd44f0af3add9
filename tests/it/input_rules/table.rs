//! The table is the only place of a limit, and all readers have its numbers.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use apollo_compiler::Schema;
use axum::{body::Body, http::Request};
use crm_steps::domain::url::WebhookHosts;
use regex::Regex;
use serde_json::{Map, Value, json};

use super::form::{self, InputRules};
use crate::support::{App, Client, on_both_databases};

/// Numbers of the table that are something else in these files.
const SOMETHING_ELSE: [(&str, u64); 30] = [
    // The steps of a scenario, unless the operator chooses another number.
    ("domain/crm_scenario.rs", 1_000),
    ("graphql/types/pipeline/apply/input.rs", 1_000),
    // Digits of a rank.
    ("domain/crm_step/rank.rs", 1_000),
    // Elements of a simulation.
    ("graphql/types/pipeline/simulation.rs", 1_000),
    ("graphql/types/pipeline/simulation/input.rs", 1_000),
    ("graphql/types/pipeline/simulation/values.rs", 1_000),
    // Addresses.
    ("domain/url/hosts.rs", 8),
    ("domain/url/hosts.rs", 63),
    ("domain/url/hosts.rs", 64),
    ("domain/url/hosts.rs", 100),
    ("domain/url/hosts.rs", 2_000),
    // Characters of a key in a message.
    ("domain/violation/field.rs", 64),
    // Elements of pages and of lists in filters.
    ("graphql/parts/arguments.rs", 50),
    ("graphql/parts/connection.rs", 50),
    ("graphql/parts/filter.rs", 100),
    ("graphql/parts/reads.rs", 20_000),
    ("graphql/types/crm_step.rs", 100),
    ("graphql/types/crm_step/timers.rs", 100),
    ("graphql/types/history/filter.rs", 100),
    // Days within which deletions are undone.
    ("graphql/types/crm_scenario/restore.rs", 30),
    ("graphql/types/crm_step/restore.rs", 30),
    // An example.
    ("graphql/parts/user_error.rs", 100),
    ("graphql/types/agent.rs", 100),
    ("graphql/types/crm_step/query.rs", 100),
    ("graphql/types/deletion_impact.rs", 100),
    ("graphql/types/membership.rs", 100),
    ("graphql/types/node.rs", 100),
    // Bytes of a value.
    ("http/rest/list.rs", 8),
    ("http/rest/operations.graphql", 100),
    // Characters of a value in a message.
    ("http/rest/problem.rs", 64),
];

/// The files below these folders that check, publish or describe inputs. Pictures and simulations of
/// flows have numbers of their own.
fn files() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut folders: Vec<PathBuf> = ["domain", "graphql/types", "graphql/parts", "http/rest"]
        .map(|folder| root.join(folder))
        .into();
    let mut files = vec![];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the folder can be read") {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(&root).expect("it is below").display().to_string();
            if path.is_dir() {
                folders.push(path);
            } else if !["domain/rules", "domain/flow/"].iter().any(|other| name.starts_with(other))
            {
                files.push((name, fs::read_to_string(path).expect("the file can be read")));
            }
        }
    }
    files
}

/// The numbers in a text, however their digits are grouped.
fn numbers(text: &str) -> BTreeSet<u64> {
    let words = Regex::new(r"[A-Za-z0-9_,-]+").expect("a pattern");
    let words = words.find_iter(text).map(|word| word.as_str().trim_matches(','));
    let words = words.filter(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    words.filter_map(|word| word.replace(['_', ','], "").parse().ok()).collect()
}

/// The numbers of all limits that are published.
async fn limits(client: &Client) -> BTreeSet<u64> {
    /// Below are the least numbers and lengths, and the letters of language codes.
    const LEAST: u64 = 8;
    let bounds = Regex::new(r"\{(\d+),(\d+)\}").expect("a pattern");
    let rules = form::rules(client).await;
    let mut limits = BTreeSet::new();
    let mut values: Vec<&Value> =
        rules.values().flat_map(|rules| rules.fields.iter().chain(&rules.across)).collect();
    while let Some(value) = values.pop() {
        match value {
            Value::Array(elements) => values.extend(elements),
            Value::Object(members) => values.extend(members.values()),
            Value::String(text) => {
                let bounds = bounds.captures_iter(text);
                limits
                    .extend(bounds.flat_map(|found| [&found[1], &found[2]].map(numbers)).flatten());
            }
            number => limits.extend(number.as_u64()),
        }
    }
    limits.retain(|limit| *limit >= LEAST);
    limits
}

async fn a_limit_has_no_second_place(app: App) {
    let ana = app.member_of("Horizonte").await;
    let limits = limits(&ana).await;
    for limit in
        [8, 15, 30, 50, 64, 100, 255, 365, 512, 2_000, 2_048, 4_096, 8_192, 20_000, 31_536_000]
    {
        assert!(limits.contains(&limit), "{limit} is not published: {limits:?}");
    }
    let files = files();
    let places = files.iter().flat_map(|(file, text)| {
        let numbers = numbers(text).into_iter().filter(|number| limits.contains(number));
        numbers.map(|number| (file.as_str(), number))
    });
    assert_eq!(places.collect::<BTreeSet<_>>(), SOMETHING_ELSE.into());
}

/// A text of this length that breaks no other rule of the field.
fn text_of(row: &Value, length: usize) -> String {
    let padded =
        |start: &str, with: &str| format!("{start}{}", with.repeat(length - start.chars().count()));
    match row["format"].as_str() {
        Some("HTTP_URL") => padded("https://example.com/", "a"),
        Some("PHONE") => padded("12345678", " "),
        _ => padded("", "é"),
    }
}

/// Values of a field of which each is at a limit, and beyond it with the code of that limit.
fn at_limits(rules: &InputRules, row: &Value) -> Vec<(Value, Value, &'static str)> {
    let number = |name: &str| row[name].as_u64().and_then(|number| usize::try_from(number).ok());
    let (mut values, element) =
        (vec![], rules.at(&format!("{}.*", row["path"][0].as_str().expect("a name"))));
    if let Some(max) = number("maxLength").filter(|_| row["lengthUnit"] == "CHARACTERS") {
        values.push((json!(text_of(row, max)), json!(text_of(row, max + 1)), "TOO_LONG"));
    }
    if let Some(max) = number("patternMaxLength") {
        let key = |end: &str| json!(format!("{}{end}", "a-".repeat(max / 2 - 1)));
        values.push((key("aa"), key("aaa"), "INVALID_KEY"));
    }
    if let Some(max) = number("maxLength").filter(|_| row["lengthUnit"] == "BYTES") {
        let header = |bytes: usize| json!({ "X": "v".repeat(bytes - 1) });
        values.push((header(max), header(max + 1), "TOO_LONG"));
        let headers = |count: usize| -> Value {
            (0..count).map(|n| (format!("X-{n}"), "v".into())).collect::<Map<_, _>>().into()
        };
        let most = number("maxItems").expect("a maximum");
        values.push((headers(most), headers(most + 1), "TOO_MANY"));
    } else if let Some(max) = number("maxItems") {
        let list = |count: usize| json!((0..count).map(|n| format!("{n}")).collect::<Vec<_>>());
        values.push((list(max), list(max + 1), "TOO_MANY"));
    }
    if let Some(max) = element.and_then(|element| element["maxLength"].as_u64()) {
        let list = |length: usize| json!(["é".repeat(length)]);
        let max = usize::try_from(max).expect("a length");
        values.push((list(max), list(max + 1), "TOO_LONG"));
    }
    if let (Some(min), Some(max)) = (row["min"].as_i64(), row["max"].as_i64()) {
        values.push((json!(min), json!(min - 1), "OUT_OF_RANGE"));
        values.push((json!(max), json!(max + 1), "OUT_OF_RANGE"));
    }
    values
}

async fn each_limit_is_that_of_the_validator(app: App) {
    let ana = app.member_of("Horizonte").await;
    let step = json!({ "scenarioId": ana.scenario("Sales").await, "name": "Lead", "prompt": "Greet.",
        "webhookUrl": "https://example.com" });
    let specified =
        json!({ "name": "Lead", "prompt": "Greet.", "webhookUrl": "https://example.com" });
    let person = json!({ "name": "Ana", "email": "ana@example.com", "role": "USER" });
    let mut tried = 0;
    for (input, rules) in form::rules(&ana).await {
        let (mutation, base) = match input.as_str() {
            "CreateCrmStepInput" => ("createCrmStep(input: $input", &step),
            "CreateCrmStepsInput" => ("createCrmSteps(inputs: [$input]", &step),
            "CreateMembershipInput" => ("createMembership(input: $input", &person),
            "CreateAgentInput" => ("createAgent(input: $input", &json!({ "name": "Sofia" })),
            "CreateCrmScenarioInput" => {
                ("createCrmScenario(input: $input", &json!({ "name": "Sales" }))
            }
            "CrmStepSpecInput" => {
                ("applyCrmScenario(input: { name: \"Sales\", steps: [$input] }", &specified)
            }
            // Updates and applies are checked by the same code, and a position has no limits.
            _ => continue,
        };
        let query = format!(
            "mutation($input: {input}!) {{ {mutation}, validateOnly: true) {{ userErrors {{ field code }} }} }}"
        );
        let codes = async |field: &str, value: &Value| {
            let mut sent = base.clone();
            sent[field] = value.clone();
            let violations = ana.graphql(&query, json!({ "input": sent })).await.violations();
            violations.into_iter().map(|(_, code)| code).collect::<Vec<_>>()
        };
        for row in rules
            .fields
            .iter()
            .filter(|row| row["path"].as_array().is_some_and(|path| path.len() == 1))
        {
            let field = row["path"][0].as_str().expect("a name");
            for (at, beyond, code) in at_limits(&rules, row) {
                assert!(
                    !codes(field, &at).await.contains(&code.to_owned()),
                    "{input} {field} {code}"
                );
                assert!(
                    codes(field, &beyond).await.contains(&code.to_owned()),
                    "{input} {field} {code}"
                );
                tried += 1;
            }
        }
    }
    assert!(tried > 35, "{tried} limits");
}

async fn an_argument_has_the_limit_that_the_validator_has(app: App) {
    let ana = app.member_of("Horizonte").await;
    let scenario = ana.scenario("Sales").await;
    let call = async |length: usize| {
        let query = "mutation($id: ID!, $text: String!) { duplicateCrmScenario(
            id: $id, name: $text, idempotencyKey: $text, validateOnly: true) { userErrors { field code } } }";
        ana.graphql(query, json!({ "id": scenario, "text": "é".repeat(length) })).await.violations()
    };
    let sdl = crm_steps::graphql::sdl();
    let schema = Schema::parse(sdl, "schema.graphql").expect("a schema");
    let field = schema.type_field("Mutation", "duplicateCrmScenario").expect("a field");
    for argument in ["name", "idempotencyKey"] {
        let argument = field.argument_by_name(argument).expect("an argument");
        let constraint = argument.directives.get("constraint").expect("limits");
        let max = constraint.specified_argument_by_name("maxLength").and_then(|max| max.to_i32());
        assert_eq!(max, Some(255));
    }
    assert_eq!(call(255).await, []);
    let violations = [("name", "TOO_LONG"), ("idempotencyKey", "TOO_LONG")];
    let violations = violations.map(|(field, code)| (field.to_owned(), code.to_owned()));
    assert_eq!(BTreeSet::from_iter(call(256).await), violations.into());
}

/// What `@constraint` has for a field.
fn constraint(schema: &Schema, input: &str, field: &str) -> (Value, String) {
    let field = &schema.get_input_object(input).expect("an input").fields[field];
    let arguments = field.directives.get("constraint").into_iter().flat_map(|it| &it.arguments);
    let value = |value: &apollo_compiler::ast::Value| match (
        value.to_i32(),
        value.to_bool(),
        value.as_str(),
    ) {
        (Some(number), ..) => json!(number),
        (_, Some(flag), _) => json!(flag),
        (.., text) => json!(text),
    };
    let arguments = arguments.map(|argument| (argument.name.to_string(), value(&argument.value)));
    let description = field.description.as_deref().unwrap_or_default();
    (arguments.collect::<Map<_, _>>().into(), description.to_owned())
}

async fn all_readers_have_the_numbers_of_the_table(app: App) {
    let ana = app.member_of("Horizonte").await;
    let schema = Schema::parse(crm_steps::graphql::sdl(), "schema.graphql").expect("a schema");
    let openapi = Request::get("/openapi.json").body(Body::empty()).expect("a request");
    let openapi = ana.send(openapi).await.json();
    for (input, rules) in form::rules(&ana).await {
        for row in rules.fields.iter().filter(|row| row["path"][1].is_null()) {
            let field = row["path"][0].as_str().expect("a name");
            let element =
                rules.at(&format!("{field}.*")).filter(|_| row["lengthUnit"] == "CHARACTERS");
            let text = element.unwrap_or(row);
            let (constraint, description) = constraint(&schema, &input, field);
            let of_pattern = &text["patternMaxLength"];
            let max_length = if of_pattern.is_null() { &text["maxLength"] } else { of_pattern };
            if row["lengthUnit"] == "CHARACTERS" {
                assert_eq!(constraint["maxLength"], *max_length, "{input} {field}");
            }
            // The operator chooses how many steps a specification may have.
            for limit in ["min", "max", "maxItems"].into_iter().filter(|_| field != "steps") {
                assert_eq!(constraint[limit], row[limit], "{input} {field}");
            }
            // The name of a field is the same in all inputs that describe it.
            for number in [max_length, &row["maxItems"]].into_iter().filter_map(Value::as_u64) {
                let is_described = numbers(&description).contains(&number)
                    || ["defaultTagsToRemove", "zapiPhoneNumber"].contains(&field);
                assert!(is_described, "{input} {field} {number}: {description}");
            }
            let property = &openapi["components"]["schemas"][&input]["properties"][field];
            if property.is_null() {
                continue;
            }
            let place = property.get("items").unwrap_or(property);
            for (limit, limited, keyword) in [
                ("maxLength", place, "maxLength"),
                ("minLength", place, "minLength"),
                ("pattern", place, "pattern"),
                ("min", property, "minimum"),
                ("max", property, "maximum"),
                (
                    "maxItems",
                    property,
                    if property.get("items").is_some() { "maxItems" } else { "maxProperties" },
                ),
                ("uniqueItems", property, "uniqueItems"),
            ] {
                assert_eq!(limited[keyword], constraint[limit], "{input} {field}");
            }
        }
    }
    let name = &openapi["components"]["schemas"]["CreateCrmStepInput"]["properties"]["name"];
    let description = name["description"].as_str().expect("a description");
    assert!(description.ends_with("is removed. maxLength counts what is left."), "{description}");
    let key = &openapi["components"]["parameters"]["IdempotencyKey"];
    assert_eq!(key["schema"]["maxLength"], 255);
    let of_limits = Regex::new("[A-Z]_(MAX|MIN)").expect("a pattern");
    let sdl = crm_steps::graphql::sdl();
    for text in [openapi.to_string(), sdl, crm_steps::http::error_reference()] {
        assert_eq!(of_limits.find(&text), None, "the name of a limit is left");
    }
}

/// Patterns have only what ECMAScript (with the flags `u` and `v`), RE2 and Rust read alike: literals, ASCII
/// classes, groups and repetitions. What is not in classes and not escaped is a letter, a digit or one of
/// `:/_@^$|?*+"-`.
#[tokio::test(flavor = "multi_thread")]
async fn patterns_mean_the_same_in_all_languages() {
    App::run(crate::support::Kind::Sqlite, async |app: App| {
        let common = Regex::new(
            r#"(?x) ^ \^ (
                [A-Za-z0-9_:/@^$|?*+()"-]
                | \{ [0-9]+ (,[0-9]+)? \}
                | \\ [+.]
                | \[ \^? ( [^\[\](){}/\\|-] (-[^\[\](){}/\\|-])? | \\x[0-9A-F]{2} (-\\x[0-9A-F]{2})? | \\[t/\\|-] )+ \]
            )+ \$ $"#,
        );
        let common = common.expect("a pattern");
        let rules = form::rules(&app.member_of("Horizonte").await).await;
        let rows = rules.values().flat_map(|rules| &rules.fields);
        let patterns: BTreeSet<&str> = rows.filter_map(|row| row["pattern"].as_str()).collect();
        assert_eq!(patterns.len(), 8);
        for pattern in patterns {
            assert!(common.is_match(pattern) && !pattern.contains("&&"), "{pattern}");
        }
    })
    .await;
}

async fn an_input_has_a_row_for_each_field(app: App) {
    let ana = app.member_of("Horizonte").await;
    for (input, rules) in form::rules(&ana).await {
        let fields: BTreeSet<String> = ana.fields_of(&input).await;
        let rows = rules.fields.iter().filter_map(|row| row["path"][0].as_str().map(str::to_owned));
        assert_eq!(rows.collect::<BTreeSet<_>>(), fields, "{input}");
    }
    let of = async |inputs: Value| {
        let query = "query($inputs: [String!]) { inputRules(inputs: $inputs) { input
            fields { path isRequired maxLength codes } across { code } } }";
        ana.graphql(query, json!({ "inputs": inputs })).await
    };
    let scenario = of(json!(["UpdateCrmScenarioInput", "RequestContactInput"])).await.data();
    let row = |name: &str, max: Option<u32>, codes: &[&str]| json!({ "path": [name], "isRequired": false, "maxLength": max, "codes": codes });
    let expected = json!({
        "input": "UpdateCrmScenarioInput",
        "fields": [
            row("description", Some(2_000), &["TOO_LONG", "INVALID_CHARACTER"]),
            row("key", None, &["INVALID_KEY", "KEY_TAKEN"]),
            row("name", Some(255), &["BLANK", "TOO_LONG", "INVALID_CHARACTER"]),
        ],
        "across": [],
    });
    assert_eq!(scenario["inputRules"][0], expected);
    assert_eq!(scenario["inputRules"][1]["fields"][2]["path"], json!(["phone"]));
    for unknown in ["CreateFooInput", "Agent", "String", ""] {
        assert_eq!(of(json!([unknown])).await.error_code(), "BAD_USER_INPUT", "{unknown}");
    }
    assert_eq!(of(json!([])).await.data(), json!({ "inputRules": [] }));
}

async fn the_cost_counts_the_inputs(app: App) {
    let ana = app.member_of("Horizonte").await;
    let query = "query($inputs: [String!]) { inputRules(inputs: $inputs) { input } }";
    let cost = async |variables: Value| {
        let answer = ana.graphql(query, variables).await.json();
        answer["extensions"]["cost"]["complexity"].clone()
    };
    assert_eq!(cost(json!({ "inputs": ["CreateAgentInput", "UpdateAgentInput"] })).await, 3);
    assert_eq!(cost(json!({ "inputs": [] })).await, 1);
    assert_eq!(cost(json!({ "inputs": null })).await, 11, "about as many as have rules");
    assert_eq!(cost(json!({})).await, 11);
    assert_eq!(
        ana.query("{ inputRules { input } }").await["inputRules"].as_array().map(Vec::len),
        Some(12)
    );
}

async fn a_rule_that_the_operator_removed_is_not_published(app: App) {
    let codes = async |app: &App| {
        let rules = form::rules(&app.member_of("Horizonte").await).await;
        rules["CreateCrmStepInput"].at("webhookUrl").expect("a row")["codes"].clone()
    };
    let all = json!(["TOO_LONG", "INVALID_CHARACTER", "INVALID_URL", "URL_NOT_ALLOWED"]);
    assert_eq!(codes(&app).await, all);
    let permissive = App::open_with(&app.url, app.database.engine(), WebhookHosts::Any).await;
    assert_eq!(codes(&permissive).await, json!(["TOO_LONG", "INVALID_CHARACTER", "INVALID_URL"]));
}

on_both_databases!(
    a_limit_has_no_second_place,
    each_limit_is_that_of_the_validator,
    an_argument_has_the_limit_that_the_validator_has,
    all_readers_have_the_numbers_of_the_table,
    an_input_has_a_row_for_each_field,
    the_cost_counts_the_inputs,
    a_rule_that_the_operator_removed_is_not_published,
);
