//! Steps: what happens to a conversation that reaches them.
//!
//! A client sends a [`CrmStepInput`]; [`CrmStepInput::check`] checks all rules and makes a checked
//! [`NewCrmStep`] of it. Optional values are stored as they were sent, blank ones too.

mod assignment;
mod batch;
mod placement;
mod rank;
mod references;
mod tags;
mod timer;
mod webhook;
mod whatsapp_template;
mod zapi;

use serde::{Deserialize, Serialize};
use strum::{Display, EnumString};
use uuid::Uuid;

pub use self::{
    assignment::{AssigneeLogicType, MEMBERSHIPS_MAX},
    batch::{BATCH_MAX, Batch, BatchMode, BatchStep},
    placement::{Neighbour, Placement},
    rank::{RANK_GAP, rank_at, rank_before_all, rank_between},
    references::{ReferencedIds, References},
    tags::{TAG_MAX, TAGS_MAX},
    timer::{TimeUnit, delay_seconds},
    webhook::{HEADERS_BYTES_MAX, HEADERS_MAX},
};
use super::{
    checks::{check_exists, check_name, check_optional},
    id::{new_id, parse_id},
    text::{MESSAGE_MAX, is_given},
    update::ChangedFields,
    url::WebhookHosts,
    violation::{Checked, ViolationKind, Violations},
};

/// Longest trigger, in characters.
pub const TRIGGER_MAX: usize = 2_000;

/// Longest prompt, in characters.
pub const PROMPT_MAX: usize = 20_000;

/// Status that a conversation gets on entering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumString, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the names are the statuses")]
pub enum DefaultStatus {
    Resolved,
    Unresolved,
    HumanRequested,
}

/// Priority that a conversation gets on entering.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, EnumString, Serialize, Deserialize)]
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

/// The input that creates a step: the fields of the API reference. Ids are text and headers are any
/// JSON until they are checked.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "the fields are those of the API reference")]
pub struct CrmStepInput {
    pub id: Option<String>,
    pub name: String,
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
    pub webhook_header: Option<serde_json::Value>,
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
    pub webhook_header: Option<serde_json::Map<String, serde_json::Value>>,
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
    /// ids](Self::referenced_ids) exist.
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
    /// that an earlier version of the service accepted does not prevent changes of other fields.
    pub fn check_update(
        mut self,
        stored: Option<&Self>,
        id: Uuid,
        known: &References,
        hosts: &WebhookHosts,
    ) -> Result<Checked<NewCrmStep>, Violations> {
        let changed = ChangedFields::between(stored, &self);
        let mut violations = Violations::default();
        self.check_id(&mut violations, known);
        self.name = check_name(&mut violations, "name", &self.name);
        let scenario_id = check_exists(&mut violations, "scenarioId", &self.scenario_id, |id| {
            known.scenarios.contains(id)
        });
        let agent_id = known.agent(&mut violations, "agentId", self.agent_id.as_deref());
        self.check_trigger_and_prompt(&mut violations);
        check_optional(
            &mut violations,
            "initialMessage",
            self.initial_message.as_deref(),
            MESSAGE_MAX,
        );
        let auto_next_step_id = timer::check(&mut violations, &self, id, known);
        let membership_ids = assignment::check(&mut violations, &self, known);
        (self.default_tags, self.default_tags_to_remove) = tags::check(
            &mut violations,
            self.default_tags.as_deref(),
            self.default_tags_to_remove.as_deref(),
        );
        let zapi_agent_id = zapi::check(&mut violations, &self, known);
        let whatsapp_template_agent_id = whatsapp_template::check(&mut violations, &self, known);
        let (url, header) = (self.webhook_url.as_deref(), self.webhook_header.take());
        let webhook_header = webhook::check(&mut violations, url, header, hosts);
        let step = scenario_id.map(|scenario_id| NewCrmStep {
            id,
            scenario_id,
            agent_id,
            auto_next_step_id,
            membership_ids,
            zapi_agent_id,
            whatsapp_template_agent_id,
            webhook_header,
            input: self,
        });
        violations.or(step, &changed)
    }

    /// Clears the time of the timer and its unit, so that a client that does not know the unit can
    /// remove a timer.
    pub fn clear_auto_next_time(&mut self) {
        self.auto_next_time = None;
        self.auto_next_time_unit = None;
    }

    fn check_id(&self, violations: &mut Violations, known: &References) {
        const FIELD: &str = "id";
        let Some(text) = self.id.as_deref() else { return };
        match parse_id(text) {
            None => violations.add(FIELD, ViolationKind::InvalidId),
            Some(id) if known.taken.contains(&id) => violations.add(FIELD, ViolationKind::IdTaken),
            Some(_) => {}
        }
    }

    fn check_trigger_and_prompt(&self, violations: &mut Violations) {
        let (trigger, prompt) = (self.trigger.as_deref(), self.prompt.as_deref());
        if !is_given(trigger) && !is_given(prompt) {
            let kind = ViolationKind::TriggerOrPromptRequired;
            violations.add_reading("trigger", kind, &["prompt"]);
        }
        check_optional(violations, "trigger", trigger, TRIGGER_MAX);
        check_optional(violations, "prompt", prompt, PROMPT_MAX);
    }
}

/// Adds a violation for each missing field of a group that has to be complete.
fn check_complete(
    violations: &mut Violations,
    fields: &[(&'static str, Option<&str>)],
    kind: &ViolationKind,
    reads: &'static [&'static str],
) {
    for (field, _) in fields.iter().filter(|(_, value)| !is_given(*value)) {
        violations.add_reading(*field, kind.clone(), reads);
    }
}
