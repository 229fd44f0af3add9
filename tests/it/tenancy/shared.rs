//! Calls of several organizations that share transactions: each has the outcome that it has alone, and no
//! organization gets anything of another.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    ops::Range,
};

use crm_steps::entity::{change, crm_step, idempotency_key};
use proptest::{
    collection::vec,
    option,
    prelude::{Just, Strategy, prop_oneof},
    sample::select,
};
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};
use uuid::Uuid;

use super::UNKNOWN;
use crate::support::{
    Answer, App, Client, Creation, Form, check_invariants, for_all, on_both_databases, together,
};

const ORGANIZATIONS: [&str; 4] = ["Horizonte", "Aurora", "Poente", "Evil"];

/// The id of a step that each organization has.
const COMMON: &str = "019a0000-0000-7000-8000-00000000cafe";

/// The idempotency keys of a case.
const KEYS: Range<u8> = 0..2;

/// To which row a field refers.
#[derive(Debug, Clone, Copy)]
enum Reference {
    Own,
    /// A row of the next organization.
    Foreign,
    /// A step of the next organization that is created in the same transaction, if at all.
    Pending,
    /// A step that all organizations have under the same id.
    Common,
    Unknown,
}

/// The id that a client chooses for a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Chosen {
    /// A new one, which other organizations choose as well.
    New(u8),
    /// A new one, to which the previous organization may refer.
    Pending,
    /// One that the next organization may have chosen in the previous case.
    Foreign,
    /// An id that all organizations have.
    Common,
}

#[derive(Debug, Clone)]
struct Step {
    scenario: Reference,
    agent: Option<Reference>,
    target: Option<Reference>,
    candidate: Option<Reference>,
    id: Option<Chosen>,
    is_blank: bool,
}

#[derive(Debug, Clone)]
struct Sent {
    organization: usize,
    form: Form,
    /// The place of a single step: before or after the step, or first; at the end if it is none.
    place: Option<(&'static str, Reference)>,
    steps: Vec<Step>,
    key: Option<u8>,
}

fn reference() -> impl Strategy<Value = Reference> {
    prop_oneof![
        9 => Just(Reference::Own),
        2 => Just(Reference::Foreign),
        1 => Just(Reference::Pending),
        2 => Just(Reference::Common),
        1 => Just(Reference::Unknown),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let id = prop_oneof![
        4 => (0..3_u8).prop_map(Chosen::New),
        3 => Just(Chosen::Pending),
        1 => Just(Chosen::Foreign),
        1 => Just(Chosen::Common),
    ];
    let scenario = prop_oneof![9 => Just(Reference::Own), 1 => reference()];
    let maybe = || option::weighted(0.3, reference());
    let is_blank = proptest::bool::weighted(0.05);
    (scenario, maybe(), maybe(), maybe(), option::of(id), is_blank).prop_map(
        |(scenario, agent, target, candidate, id, is_blank)| Step {
            scenario,
            agent,
            target,
            candidate,
            id,
            is_blank,
        },
    )
}

fn sent() -> impl Strategy<Value = Sent> {
    let form = prop_oneof![
        3 => Just(Form::Single { to: Value::Null }),
        1 => Just(Form::Batch { mode: "ATOMIC" }),
        1 => Just(Form::Batch { mode: "SKIP_INVALID" }),
        1 => Just(Form::Rest),
    ];
    let place = option::weighted(0.3, (select(vec!["before", "after", "first"]), reference()));
    let key = option::of(KEYS);
    let organization = 0..ORGANIZATIONS.len();
    (organization, form, place, vec(step(), 2), key).prop_map(
        |(organization, form, place, mut steps, key)| {
            steps.truncate(if matches!(form, Form::Batch { .. }) { 2 } else { 1 });
            Sent { organization, form, place, steps, key }
        },
    )
}

/// Calls that are sent together. The queue takes a power of two.
fn calls() -> impl Strategy<Value = Vec<Sent>> {
    (1..=4_u32).prop_flat_map(|log| vec(sent(), 2_usize.pow(log)))
}

/// What an organization has.
struct Member {
    name: &'static str,
    client: Client,
    scenario: String,
    agent: String,
    candidate: String,
    step: String,
}

impl Member {
    async fn new(app: &App, organization: &'static str) -> Self {
        let client = app.member_of(organization).await;
        let scenario = client.scenario("Sales").await;
        let common =
            json!({ "id": COMMON, "scenarioId": scenario, "name": "a", "prompt": organization });
        client.crm_step(&common).await;
        let input = json!({ "scenarioId": scenario, "name": "b", "prompt": organization });
        let step = client.crm_step(&input).await["id"].as_str().expect("an id").to_owned();
        let (agent, candidate) = (client.agent("Sofia").await, client.membership("Bruno").await);
        let name = organization;
        Self { name, client, scenario, agent, candidate, step }
    }

    /// A call that creates a step.
    fn plain(&self, key: Option<String>) -> Creation {
        let input = json!({ "scenarioId": self.scenario, "name": "a", "prompt": self.name });
        Creation { form: Form::Single { to: Value::Null }, inputs: vec![input], key }
    }
}

/// All organizations, and the number of the case.
struct World {
    members: Vec<Member>,
    case: usize,
}

impl World {
    /// The id that only this organization chooses in a case.
    fn pending(&self, organization: usize, case: usize) -> String {
        let number = 10 + organization % self.members.len();
        format!("019a0000-0000-7000-8001-{:012x}", case * 100 + number)
    }

    fn id(&self, organization: usize, of: Reference, row: fn(&Member) -> &String) -> String {
        let next = (organization + 1) % self.members.len();
        match of {
            Reference::Own => row(&self.members[organization]).clone(),
            Reference::Foreign => row(&self.members[next]).clone(),
            Reference::Pending => self.pending(next, self.case),
            Reference::Common => COMMON.to_owned(),
            Reference::Unknown => UNKNOWN.to_owned(),
        }
    }

    fn chosen(&self, organization: usize, chosen: Chosen) -> String {
        let case = self.case;
        match chosen {
            Chosen::New(number) => format!("019a0000-0000-7000-8002-{case:010x}{number:02x}"),
            Chosen::Pending => self.pending(organization, case),
            Chosen::Foreign => self.pending(organization + 1, case - 1),
            Chosen::Common => COMMON.to_owned(),
        }
    }

    /// One of the keys that all organizations use in this case.
    fn key(&self, number: u8) -> String {
        format!("{}-{number}", self.case)
    }

    /// The inputs of a call.
    fn inputs(&self, Sent { organization, steps, .. }: &Sent) -> Vec<Value> {
        let id = |of, row| self.id(*organization, of, row);
        let input = |step: &Step| {
            let mut input = json!({
                "scenarioId": id(step.scenario, |member| &member.scenario),
                "name": if step.is_blank { "" } else { "a" },
                "prompt": self.members[*organization].name,
                "id": step.id.map(|chosen| self.chosen(*organization, chosen)),
                "agentId": step.agent.map(|agent| id(agent, |member| &member.agent)),
            });
            if let Some(target) = step.target {
                input["autoNextStepId"] = id(target, |member| &member.step).into();
                input["autoNextTime"] = 5.into();
            }
            if let Some(candidate) = step.candidate {
                let candidate = id(candidate, |member| &member.candidate);
                input["assigneeLogicType"] = "random_selected".into();
                input["selectedMembershipIdsForAssignee"] = json!([candidate]);
            }
            input
        };
        steps.iter().map(input).collect()
    }

    fn call(&self, sent: &Sent) -> Creation {
        let form = match (&sent.form, sent.place) {
            (Form::Single { .. }, Some(("first", _))) => {
                Form::Single { to: json!({ "first": true }) }
            }
            (Form::Single { .. }, Some((field, step))) => {
                let step = self.id(sent.organization, step, |member| &member.step);
                Form::Single { to: json!({ field: step }) }
            }
            (form, _) => form.clone(),
        };
        Creation { form, inputs: self.inputs(sent), key: sent.key.map(|key| self.key(key)) }
    }
}

/// Leaves out the ids and keys that another call of the organization has: one call would depend on the
/// other.
fn independent(mut sent: Vec<Sent>) -> Vec<Sent> {
    let (mut ids, mut keys) = (HashSet::new(), HashSet::new());
    for Sent { organization, steps, key, .. } in &mut sent {
        let of = *organization;
        *key = key.filter(|key| keys.insert((of, *key)));
        for step in steps {
            step.id = step.id.filter(|id| ids.insert((of, *id)));
        }
    }
    sent
}

/// The call without its key, with ids of nothing in place of those of other organizations, and
/// without ids for the steps but those that are taken.
fn alone(sent: &Sent) -> Sent {
    let mut sent = Sent { key: None, ..sent.clone() };
    let unless_foreign = |of| match of {
        Reference::Foreign | Reference::Pending => Reference::Unknown,
        of => of,
    };
    sent.place = sent.place.map(|(field, step)| (field, unless_foreign(step)));
    for step in &mut sent.steps {
        step.scenario = unless_foreign(step.scenario);
        for field in [&mut step.agent, &mut step.target, &mut step.candidate] {
            *field = field.map(unless_foreign);
        }
        step.id = step.id.filter(|id| *id == Chosen::Common);
    }
    sent
}

/// What has to be the same for a call alone: everything but the ids and the indexes of the new steps.
fn essence(answer: &Answer) -> (Vec<Value>, &[String]) {
    let mut steps = answer.steps.clone();
    for step in steps.iter_mut().filter_map(Value::as_object_mut) {
        step.retain(|field, _| field != "id" && field != "index");
    }
    (steps, &answer.errors)
}

/// Sends the calls that have stored outcomes again, together with the first calls with the same keys of
/// other organizations.
async fn check_keys(world: &World, sent: Vec<(&Sent, &Answer)>) {
    let mut again = vec![];
    for (of, member) in world.members.iter().enumerate() {
        for key in KEYS {
            let is_same = |sent: &Sent| sent.organization == of && sent.key == Some(key);
            match sent.iter().find(|(sent, _)| is_same(sent)) {
                Some((_, answer)) if answer.steps.is_empty() => {}
                Some((sent, answer)) => again.push((member, world.call(sent), Some(*answer))),
                None => again.push((member, member.plain(Some(world.key(key))), None)),
            }
        }
    }
    let answers = together(again.iter().map(|(member, call, _)| call.send(&member.client))).await;
    for ((_, call, first), answer) in again.iter().zip(&answers) {
        if let Some(first) = first {
            assert_eq!((&answer.steps, &answer.errors), (&first.steps, &first.errors), "{call:#?}");
        } else {
            assert_eq!((answer.ids().len(), &answer.replayed), (1, &json!(false)), "{answer:#?}");
        }
    }
}

/// Checks that all steps, changes and outcomes of an organization have its text.
async fn check_texts(app: &App) {
    let db = app.database.read();
    let steps = crm_step::Entity::find().all(db).await.expect("the steps");
    let changes = change::Entity::find().all(db).await.expect("the history");
    let outcomes = idempotency_key::Entity::find().all(db).await.expect("the outcomes");
    let mut texts: BTreeMap<Uuid, BTreeSet<String>> = BTreeMap::new();
    for step in steps {
        texts.entry(step.organization_id).or_default().extend(step.prompt);
    }
    let of_changes = changes.iter().map(|change| (change.organization_id, &change.after));
    let of_changes =
        of_changes.filter_map(|(organization, state)| Some((organization, &state.as_ref()?.0)));
    let of_outcomes = outcomes.iter().map(|stored| (stored.organization_id, &stored.outcome.0));
    for (organization, json) in of_changes.chain(of_outcomes) {
        let steps = json["rows"].as_array().map_or(std::slice::from_ref(json), Vec::as_slice);
        let prompts = steps.iter().filter_map(|step| step["prompt"].as_str());
        texts.entry(organization).or_default().extend(prompts.map(str::to_owned));
    }
    let texts: BTreeSet<Vec<String>> =
        texts.into_values().map(|texts| texts.into_iter().collect()).collect();
    assert_eq!(texts, ORGANIZATIONS.map(|name| vec![name.to_owned()]).into());
}

async fn each_call_has_the_outcome_that_it_has_alone(app: App) {
    let (executed, app) = app.recorded();
    let mut world = World { members: vec![], case: 0 };
    for organization in ORGANIZATIONS {
        world.members.push(Member::new(&app, organization).await);
    }
    executed.lock().expect("no thread panicked").clear();
    let plain = async |member: &Member| member.plain(None).send(&member.client).await;
    together(world.members.iter().map(plain)).await;
    let statements = executed.lock().expect("no thread panicked").join("\n");
    let inserts = statements.matches("INSERT INTO \"crm_step\" ").count();
    assert_eq!(inserts, 1, "requests that are sent like this share a transaction: {statements}");
    let case = async |sent: Vec<Sent>| {
        world.case += 1;
        let sent = independent(sent);
        let client = |sent: &Sent| &world.members[sent.organization].client;
        let requests = sent.iter().map(async |sent| world.call(sent).send(client(sent)).await);
        let answers = together(requests).await;
        for (sent, answer) in sent.iter().zip(&answers) {
            let alone = world.call(&alone(sent)).send(client(sent)).await;
            assert_eq!(essence(answer), essence(&alone), "{:#?}", world.call(sent));
        }
        check_keys(&world, sent.iter().zip(&answers).collect()).await;
        check_invariants(&app.database).await;
        check_texts(&app).await;
    };
    for_all(16, calls(), case).await;
}

on_both_databases!(one thread: each_call_has_the_outcome_that_it_has_alone);
