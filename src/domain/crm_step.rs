//! Steps: what happens to a conversation that reaches them.
//!
//! A client sends a [`CrmStepInput`]; [`CrmStepInput::check`] checks all rules and makes a checked
//! [`NewCrmStep`] of it. Optional values are stored as they were sent, blank ones too.

mod assignment;
mod batch;
mod bulk;
mod placement;
mod rank;
mod references;
mod restore;
mod step_order;
mod tags;
mod timer;
mod webhook;
mod whatsapp_template;
mod zapi;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use strum::{Display, EnumString};
use uuid::Uuid;

pub use self::{
    assignment::AssigneeLogicType,
    batch::{Batch, BatchMode, BatchStep},
    bulk::{
        ArrangedStep, EXPECTED_VERSIONS, MovedTogether, SelectableStep, SelectedSteps,
        SelectionRejected, SingleMove,
    },
    placement::Placement,
    rank::Rank,
    references::{ReferencedIds, References},
    restore::{FormerPlace, LostTimer, Neighbours, clear_gone},
    step_order::{OrderChange, StepOrder, StepPosition},
    timer::{TIMER_WITHOUT_TARGET, TimeUnit, delay_seconds},
    webhook::StoredStep,
};
use super::{
    checks::{Checked, is_given},
    id::{new_id, parse_id},
    rules::{
        across::{self, GivenRule},
        fields,
    },
    update::ChangedFields,
    url::WebhookHosts,
    violation::{ViolationKind, Violations},
};

/// Status that a conversation gets on entering.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Display, EnumString, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the names are the statuses")]
pub enum DefaultStatus {
    Resolved,
    Unresolved,
    HumanRequested,
}

/// Priority that a conversation gets on entering.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Display, EnumString, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the names are the priorities")]
pub enum DefaultPriority {
    Low,
    Medium,
    High,
}

/// The contact data that the step asks for. An absent value is stored as such, not as false.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the names are the data")]
pub struct RequestContact {
    pub name: Option<bool>,
    pub email: Option<bool>,
    pub phone: Option<bool>,
}

/// The input that creates a step: a key and the fields of the API reference. Ids are text and headers are any
/// JSON until they are checked.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "the fields are those of the API")]
pub struct CrmStepInput {
    pub id: Option<String>,
    pub name: String,
    pub key: Option<String>,
    pub scenario_id: String,
    pub agent_id: Option<String>,
    pub trigger: Option<String>,
    pub prompt: Option<String>,
    pub initial_message: Option<String>,
    pub auto_next_step_id: Option<String>,
    pub auto_next_time: Option<i32>,
    pub auto_next_time_unit: Option<TimeUnit>,
    pub default_status: Option<DefaultStatus>,
    pub default_priority: Option<DefaultPriority>,
    pub default_ai_control: Option<bool>,
    pub assignee_logic_type: Option<AssigneeLogicType>,
    pub selected_membership_ids_for_assignee: Option<Vec<String>>,
    pub is_required: Option<bool>,
    pub is_conversation_removal_step: Option<bool>,
    pub default_tags: Option<Vec<String>>,
    pub default_tags_to_remove: Option<Vec<String>>,
    pub request_contact: Option<RequestContact>,
    pub zapi_agent_id: Option<String>,
    pub zapi_phone_number: Option<String>,
    pub zapi_message: Option<String>,
    pub whatsapp_template_agent_id: Option<String>,
    pub whatsapp_template_name: Option<String>,
    pub whatsapp_template_language_code: Option<String>,
    pub whatsapp_template_text: Option<String>,
    pub webhook_url: Option<String>,
    pub webhook_header: Option<Value>,
}

/// A valid step: its input, and the ids and headers that were parsed from it.
#[derive(Debug, Clone)]
pub struct NewCrmStep {
    /// The id of the step.
    pub id: Uuid,
    /// Its scenario.
    pub scenario_id: Uuid,
    /// The agent that takes over.
    pub agent_id: Option<Uuid>,
    /// The target of its timer; none means the following step.
    pub auto_next_step_id: Option<Uuid>,
    /// Its candidates; none if no list was sent.
    pub membership_ids: Option<Vec<Uuid>>,
    /// The agent that sends the Z-API message.
    pub zapi_agent_id: Option<Uuid>,
    /// The agent that sends the WhatsApp template.
    pub whatsapp_template_agent_id: Option<Uuid>,
    /// The headers of its webhook, names to strings.
    pub webhook_header: Option<Map<String, Value>>,
    /// Whether these are the stored headers, in the same order. Those with values that the caller may
    /// not read count as others, because it could confirm guesses otherwise.
    pub keeps_headers: bool,
    /// The input without the headers, and with the name and the tags trimmed.
    pub input: CrmStepInput,
}

impl CrmStepInput {
    /// The id of the new step: the one that the client chose, or a new one.
    #[must_use]
    pub fn id_to_have(&self) -> Uuid {
        self.id.as_deref().and_then(parse_id).unwrap_or_else(new_id)
    }

    /// Checks all rules for the step with this `id`. `known` says which of the [referenced
    /// ids](ReferencedIds::of) exist.
    pub fn check(
        self,
        id: Uuid,
        known: &References,
        hosts: &WebhookHosts,
    ) -> Result<Checked<NewCrmStep>, Violations> {
        self.check_update(None, id, known, hosts)
    }

    /// Checks a step against each rule that reads a field in which it differs from the `stored` one;
    /// without that, against all rules. A rule reads the field at fault and all other fields on
    /// which it depends, with their values after the update.
    ///
    /// A field that is sent with the stored value, as forms send it, is not changed. So a value
    /// that an earlier version of the service accepted does not prevent changes of other fields. A
    /// mask of a header value stands for the stored one.
    pub fn check_update(
        mut self,
        stored: Option<StoredStep<'_>>,
        id: Uuid,
        known: &References,
        hosts: &WebhookHosts,
    ) -> Result<Checked<NewCrmStep>, Violations> {
        let has_unread_headers =
            stored.is_some_and(|stored| stored.has_unread_values(self.webhook_header.as_ref()));
        let padding = stored.map_or(0, |stored| stored.unmask(&mut self));
        let keeps_headers = !has_unread_headers
            && stored.is_some_and(|stored| stored.has_headers(self.webhook_header.as_ref()));
        let mut check = StepCheck { id, input: &self, known, violations: Violations::default() };
        check.chosen_id();
        let name = check.violations.check_trimmed(&fields::NAME, &self.name);
        let exists = |id: &Uuid| known.scenarios.contains(id);
        let scenario_id =
            check.violations.check_exists(&fields::SCENARIO_ID, &self.scenario_id, exists);
        check.key(scenario_id);
        let agent_id = check.agent(fields::AGENT_ID.name(), self.agent_id.as_deref());
        check.trigger_and_prompt();
        let message = self.initial_message.as_deref();
        check.violations.check_optional(&fields::INITIAL_MESSAGE, message);
        let auto_next_step_id = timer::check(&mut check);
        let membership_ids = assignment::check(&mut check);
        let (default_tags, default_tags_to_remove) = tags::check(&mut check);
        let zapi_agent_id = zapi::check(&mut check);
        let whatsapp_template_agent_id = whatsapp_template::check(&mut check);
        webhook::check(&mut check, hosts, padding);
        let violations = check.violations;
        // The comparison is slow, and without a violation it decides nothing.
        let stored = stored.filter(|_| !violations.is_empty()).map(|stored| stored.input);
        let mut changed = ChangedFields::between(stored, &self);
        if has_unread_headers {
            changed.insert(fields::WEBHOOK_HEADER.name());
        }
        let webhook_header = match self.webhook_header.take() {
            Some(Value::Object(header)) => Some(header),
            _ => None,
        };
        let input = Self { name, default_tags, default_tags_to_remove, ..self };
        let step = scenario_id.map(|scenario_id| NewCrmStep {
            id,
            scenario_id,
            agent_id,
            auto_next_step_id,
            membership_ids,
            zapi_agent_id,
            whatsapp_template_agent_id,
            webhook_header,
            keeps_headers,
            input,
        });
        violations.or(step, &changed)
    }

    /// The input with its name and its tags trimmed, as a valid one is stored.
    #[must_use]
    pub(super) fn trimmed(self) -> Self {
        let trimmed = |list: Option<Vec<String>>| list.as_deref().map(tags::trimmed);
        Self {
            name: self.name.trim().to_owned(),
            default_tags: trimmed(self.default_tags),
            default_tags_to_remove: trimmed(self.default_tags_to_remove),
            ..self
        }
    }

    /// Clears the time of the timer and its unit, so that a client that does not know the unit can
    /// remove a timer.
    pub fn clear_auto_next_time(&mut self) {
        self.auto_next_time = None;
        self.auto_next_time_unit = None;
    }
}

impl NewCrmStep {
    /// The input that is read back when the step is stored: without its id, and with the other ids
    /// and the headers as they were parsed.
    #[must_use]
    pub fn as_stored(&self) -> CrmStepInput {
        let text = |id: Option<Uuid>| id.map(|id| id.to_string());
        let candidates = self.membership_ids.as_ref();
        CrmStepInput {
            id: None,
            scenario_id: self.scenario_id.to_string(),
            agent_id: text(self.agent_id),
            auto_next_step_id: text(self.auto_next_step_id),
            selected_membership_ids_for_assignee: candidates
                .map(|ids| ids.iter().map(Uuid::to_string).collect()),
            zapi_agent_id: text(self.zapi_agent_id),
            whatsapp_template_agent_id: text(self.whatsapp_template_agent_id),
            webhook_header: self.webhook_header.clone().map(Value::Object),
            ..self.input.clone()
        }
    }
}

/// A step that is checked.
struct StepCheck<'a> {
    id: Uuid,
    input: &'a CrmStepInput,
    known: &'a References,
    violations: Violations,
}

impl StepCheck<'_> {
    fn chosen_id(&mut self) {
        let kind = match self.input.id.as_deref().map(parse_id) {
            Some(None) => ViolationKind::InvalidId,
            Some(Some(id)) if self.known.taken.contains(&id) => ViolationKind::IdTaken,
            None | Some(Some(_)) => return,
        };
        self.violations.add(&fields::ID, kind);
    }

    fn key(&mut self, scenario_id: Option<Uuid>) {
        let Some(key) = self.input.key.as_deref() else { return };
        self.violations.check_key(Some(key));
        let owner = scenario_id.and_then(|id| self.known.keys.get(&(id, key.to_owned())));
        let Some(owner) = owner.filter(|owner| **owner != self.id) else { return };
        let is_of_call = self.known.changed_together.contains(owner);
        let kind =
            if is_of_call { ViolationKind::KEY_OF_SEVERAL } else { ViolationKind::KEY_TAKEN };
        self.violations.add(&fields::KEY, kind);
    }

    fn agent(&mut self, field: &'static str, id: Option<&str>) -> Option<Uuid> {
        self.violations.check_exists(field, id?, |id| self.known.agents.contains(id))
    }

    fn trigger_and_prompt(&mut self) {
        let (trigger, prompt) = (self.input.trigger.as_deref(), self.input.prompt.as_deref());
        let given = [is_given(trigger), is_given(prompt)];
        let kind = ViolationKind::TriggerOrPromptRequired;
        self.violations.check_given(&across::TRIGGER_OR_PROMPT, &given, &kind);
        self.violations.check_optional(&fields::TRIGGER, trigger);
        self.violations.check_optional(&fields::PROMPT, prompt);
    }

    /// Checks which fields of a message are given. Returns the agent that sends it, whose id is the
    /// first field.
    fn message<const N: usize>(
        &mut self,
        rule: &'static GivenRule,
        values: [Option<&str>; N],
        incomplete: &ViolationKind,
    ) -> Option<Uuid> {
        self.violations.check_given(rule, &values.map(is_given), incomplete);
        // A blank id counts as missing.
        self.agent(rule.fields[0], values[0].filter(|id| is_given(Some(id))))
    }
}
