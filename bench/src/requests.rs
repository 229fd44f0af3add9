//! The requests to the service.

use std::ops::Range;

use serde_json::{Value, json};

/// The resources that steps refer to.
pub struct World {
    /// The token of a client that may read and write.
    pub token: String,
    /// Scenarios.
    pub scenarios: Vec<String>,
    /// Agents.
    pub agents: Vec<String>,
    /// Memberships.
    pub memberships: Vec<String>,
}

/// All scalar fields of a step, and its relations.
const STEP: &str = "id index organizationId createdAt updatedAt version name scenarioId agentId \
    trigger prompt initialMessage autoNextStepId autoNextTime autoNextTimeUnit defaultStatus \
    defaultPriority defaultAiControl assigneeLogicType selectedMembershipIdsForAssignee isRequired \
    isConversationRemovalStep defaultTags defaultTagsToRemove requestContact { name email phone } \
    zapiAgentId zapiPhoneNumber zapiMessage whatsappTemplateAgentId whatsappTemplateName \
    whatsappTemplateLanguageCode whatsappTemplateText webhookUrl webhookHeader \
    agent { id name iconUrl } scenario { id name description }";

/// 20 fields of a step, and its agent.
const LISTED: &str = "id index createdAt updatedAt version name scenarioId agentId trigger prompt \
    initialMessage autoNextTime autoNextTimeUnit defaultStatus defaultPriority defaultAiControl \
    assigneeLogicType isRequired defaultTags webhookUrl agent { id name iconUrl }";

/// Arguments of a create besides its input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Create {
    /// None: the step is appended.
    Plain,
    /// An idempotency key of its own.
    Keyed,
    /// A position: before all other steps.
    Placed,
}

/// Creates the n-th step, in one of the first scenarios in turn.
pub fn create(world: &World, number: u64, scenarios: usize) -> String {
    create_as(Create::Plain, world, number, scenarios)
}

/// The same with these arguments.
pub fn create_as(create: Create, world: &World, number: u64, scenarios: usize) -> String {
    let input = input(world, number, scenarios);
    let (argument, declared) = match create {
        Create::Plain => ("", ""),
        Create::Keyed => (", idempotencyKey: $key", ", $key: String!"),
        Create::Placed => (", to: {first: true}", ""),
    };
    let query = format!(
        "mutation Create($input: CreateCrmStepInput!{declared}) {{ \
         createCrmStep(input: $input{argument}) {{ \
         crmStep {{ {STEP} }} userErrors {{ field code message }} }} }}"
    );
    let variables = match create {
        Create::Keyed => json!({ "input": input, "key": format!("bench {number}") }),
        Create::Plain | Create::Placed => json!({ "input": input }),
    };
    json!({ "query": query, "variables": variables }).to_string()
}

/// Creates the steps with these numbers in one call.
pub fn batch(world: &World, numbers: Range<u64>, scenarios: usize) -> String {
    let inputs: Vec<Value> = numbers.map(|number| input(world, number, scenarios)).collect();
    let query = "mutation Create($inputs: [CreateCrmStepsInput!]!) { \
                 createCrmSteps(inputs: $inputs) { userErrors { field code message } } }";
    json!({ "query": query, "variables": { "inputs": inputs } }).to_string()
}

/// What precedes the number of a step in its name.
pub const NAME: &str = "Qualificação ";

/// The input of the n-th step, in one of the first scenarios in turn.
pub fn input(world: &World, number: u64, scenarios: usize) -> Value {
    let index = usize::try_from(number).expect("a small number");
    let of = |all: &[String]| all[index % all.len()].clone();
    json!({
        "scenarioId": world.scenarios[index % scenarios],
        "agentId": of(&world.agents),
        "name": format!("{NAME}{number}"),
        "trigger": "O cliente demonstrou interesse em um dos planos e pediu os valores.",
        "prompt": "Você atende leads que chegam pelo WhatsApp. Descubra o porte da empresa, o \
                   prazo e o orçamento antes de oferecer uma demonstração. Seja breve.",
        "initialMessage": "Oi! Que bom ter você aqui. Posso fazer três perguntas rápidas?",
        "autoNextTime": 2,
        "autoNextTimeUnit": "h",
        "defaultStatus": "UNRESOLVED",
        "defaultPriority": "MEDIUM",
        "defaultAiControl": true,
        "assigneeLogicType": "random_selected",
        "selectedMembershipIdsForAssignee": [world.memberships[0], world.memberships[1]],
        "isRequired": true,
        "isConversationRemovalStep": false,
        "defaultTags": ["lead", "whatsapp"],
        "defaultTagsToRemove": ["novo"],
        "requestContact": { "name": true, "email": true, "phone": false },
        "zapiAgentId": of(&world.agents),
        "zapiPhoneNumber": "+55 11 91234-5678",
        "zapiMessage": "Novo lead em qualificação.",
        "whatsappTemplateAgentId": of(&world.agents),
        "whatsappTemplateName": "qualificacao_lead",
        "whatsappTemplateLanguageCode": "pt_BR",
        "whatsappTemplateText": "Olá {{1}}, tudo bem?",
        "webhookUrl": "https://hooks.example.com/crm/qualificacao",
        "webhookHeader": { "X-Source": "crm", "Authorization": "Bearer 0123456789" },
    })
}

/// A text in the response to every successful create.
pub const CREATED: &str = "\"userErrors\":[]";

/// Lists the first steps of a scenario.
pub fn list(scenario: &str) -> String {
    let query = format!(
        "query Steps($id: ID!) {{ crmScenario(id: $id) {{ id name \
         steps(first: 50) {{ nodes {{ {LISTED} }} }} }} }}"
    );
    json!({ "query": query, "variables": { "id": scenario } }).to_string()
}

/// A text in the response to every complete list.
pub const LISTED_ALL: &str = "\"index\":49";

/// The smallest request.
pub fn typename() -> String {
    json!({ "query": "{ __typename }" }).to_string()
}

/// Creates several resources of a kind in one request, and selects their ids.
pub fn nouns(field: &str, inputs: &[Value]) -> String {
    let (kind, answer) = (field.strip_prefix("create").expect("it creates"), lower_first(field));
    let declared: Vec<String> =
        (0..inputs.len()).map(|n| format!("$i{n}: Create{kind}Input!")).collect();
    let called: Vec<String> = (0..inputs.len())
        .map(|n| format!("a{n}: {field}(input: $i{n}) {{ {answer} {{ id }} }}"))
        .collect();
    let variables: serde_json::Map<String, Value> =
        inputs.iter().enumerate().map(|(n, input)| (format!("i{n}"), input.clone())).collect();
    let query = format!("mutation({}) {{ {} }}", declared.join(", "), called.join(" "));
    json!({ "query": query, "variables": variables }).to_string()
}

fn lower_first(field: &str) -> String {
    let noun = field.strip_prefix("create").expect("it creates");
    noun[..1].to_lowercase() + &noun[1..]
}
