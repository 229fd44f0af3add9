//! Exports: the specification of a stored pipeline.

use std::collections::HashMap;

use serde_json::Value;
use uuid::Uuid;

use super::{
    Flow, FlowStep,
    directory::Directory,
    spec::{PipelineSpec, StepSpec},
};
use crate::domain::{
    crm_step::CrmStepInput,
    id::parse_id,
    keys::{scenario_key, step_keys},
    secret::MASK,
};

/// A pipeline as it is stored: a scenario with all its steps.
#[derive(Debug, Clone, PartialEq)]
pub struct Pipeline {
    /// The id of the scenario.
    pub id: Uuid,
    /// Its key, if one is stored.
    pub key: Option<String>,
    /// Its name.
    pub name: String,
    /// Its description.
    pub description: Option<String>,
    /// Its revision, which rises with every change of the scenario or of its steps.
    pub revision: i32,
    /// Its steps, in the order of their indexes.
    pub steps: Vec<PipelineStep>,
}

/// A step as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct PipelineStep {
    /// Its id.
    pub id: Uuid,
    /// The input that would create it, with the values of its headers, and without its id.
    pub input: CrmStepInput,
}

impl Pipeline {
    /// The key of each step: the stored one, or the one that an export gives it.
    #[must_use]
    pub fn step_keys(&self) -> Vec<String> {
        let inputs = self.steps.iter().map(|step| &step.input);
        step_keys(inputs.map(|input| (input.key.as_deref(), input.name.as_str())))
    }

    /// The flow of the steps.
    #[must_use]
    pub fn flow(&self) -> Flow {
        let indexes: HashMap<Uuid, usize> =
            self.steps.iter().enumerate().map(|(index, step)| (step.id, index)).collect();
        let target = |step: &PipelineStep| {
            let id = parse_id(step.input.auto_next_step_id.as_deref()?)?;
            indexes.get(&id).copied()
        };
        let steps = self.steps.iter().zip(self.step_keys()).map(|(step, key)| FlowStep {
            key,
            input: step.input.clone(),
            target: target(step),
        });
        Flow { steps: steps.collect() }
    }

    /// The specification of the pipeline. Agents are named, and the candidates of a step, where the
    /// name of each belongs to it alone; otherwise they have ids. Header values are masks unless
    /// `with_secrets` is set.
    #[must_use]
    pub fn export(&self, directory: &Directory, with_secrets: bool) -> PipelineSpec {
        let export = Export::new(self, directory);
        let is_stored = |key: &str| directory.scenario_keys.contains(key);
        let spec = PipelineSpec {
            key: Some(scenario_key(self.key.as_deref(), &self.name, is_stored)),
            name: self.name.clone(),
            description: self.description.clone(),
            steps: (0..self.steps.len()).map(|index| export.step(index)).collect(),
        };
        if with_secrets { spec } else { spec.masked() }
    }
}

impl PipelineSpec {
    /// The specification with masks as the values of headers.
    #[must_use]
    pub fn masked(mut self) -> Self {
        let headers = self.steps.iter_mut().filter_map(|step| step.webhook_header.as_mut());
        headers.for_each(mask);
        self
    }
}

/// A value, unless the other one is the same.
fn unlike<'a, T: PartialEq>(value: Option<&'a T>, other: Option<&T>) -> Option<&'a T> {
    value.filter(|value| Some(*value) != other)
}

/// Replaces the values of headers by masks.
pub(super) fn mask(header: &mut Value) {
    let values = header.as_object_mut().into_iter().flat_map(|header| header.values_mut());
    values.for_each(|value| *value = MASK.into());
}

/// The export of the steps of a pipeline, one by one.
pub(super) struct Export<'a> {
    pub(super) pipeline: &'a Pipeline,
    directory: &'a Directory,
    /// The key of each step.
    pub(super) keys: Vec<String>,
    /// The index of each step.
    indexes: HashMap<Uuid, usize>,
}

impl<'a> Export<'a> {
    pub(super) fn new(pipeline: &'a Pipeline, directory: &'a Directory) -> Self {
        let ids = pipeline.steps.iter().map(|step| step.id);
        let indexes = ids.enumerate().map(|(index, id)| (id, index)).collect();
        Self { pipeline, directory, keys: pipeline.step_keys(), indexes }
    }

    /// The specification of the step with this index, with the values of its headers.
    pub(super) fn step(&self, index: usize) -> StepSpec {
        self.step_beside(index, &CrmStepInput::default())
    }

    /// The same without long texts and candidates that another input has as well: the difference of
    /// two steps does not have them, and copying and naming them takes the most time.
    pub(super) fn step_beside(&self, index: usize, other: &CrmStepInput) -> StepSpec {
        let input = &self.pipeline.steps[index].input;
        let candidates = &input.selected_membership_ids_for_assignee;
        let candidates =
            unlike(candidates.as_ref(), other.selected_membership_ids_for_assignee.as_ref());
        let target = input.auto_next_step_id.as_deref().and_then(parse_id);
        let target = target.and_then(|id| self.indexes.get(&id));
        let (agent_id, agent_name) = self.agent(input.agent_id.as_ref());
        let (zapi_agent_id, zapi_agent_name) = self.agent(input.zapi_agent_id.as_ref());
        let (whatsapp_template_agent_id, whatsapp_template_agent_name) =
            self.agent(input.whatsapp_template_agent_id.as_ref());
        let (selected_membership_ids_for_assignee, selected_membership_emails) =
            self.candidates(candidates.map(Vec::as_slice));
        StepSpec {
            key: Some(self.keys[index].clone()),
            name: input.name.clone(),
            agent_id,
            agent_name,
            trigger: unlike(input.trigger.as_ref(), other.trigger.as_ref()).cloned(),
            prompt: unlike(input.prompt.as_ref(), other.prompt.as_ref()).cloned(),
            initial_message: unlike(input.initial_message.as_ref(), other.initial_message.as_ref())
                .cloned(),
            auto_next_step_key: target.map(|index| self.keys[*index].clone()),
            auto_next_time: input.auto_next_time,
            auto_next_time_unit: input.auto_next_time_unit,
            default_status: input.default_status,
            default_priority: input.default_priority,
            default_ai_control: input.default_ai_control,
            assignee_logic_type: input.assignee_logic_type,
            selected_membership_ids_for_assignee,
            selected_membership_emails,
            is_required: input.is_required,
            is_conversation_removal_step: input.is_conversation_removal_step,
            default_tags: input.default_tags.clone(),
            default_tags_to_remove: input.default_tags_to_remove.clone(),
            request_contact: input.request_contact.map(Into::into),
            zapi_agent_id,
            zapi_agent_name,
            zapi_phone_number: input.zapi_phone_number.clone(),
            zapi_message: unlike(input.zapi_message.as_ref(), other.zapi_message.as_ref()).cloned(),
            whatsapp_template_agent_id,
            whatsapp_template_agent_name,
            whatsapp_template_name: input.whatsapp_template_name.clone(),
            whatsapp_template_language_code: input.whatsapp_template_language_code.clone(),
            whatsapp_template_text: unlike(
                input.whatsapp_template_text.as_ref(),
                other.whatsapp_template_text.as_ref(),
            )
            .cloned(),
            webhook_url: input.webhook_url.clone(),
            webhook_header: input.webhook_header.clone(),
        }
    }

    /// An agent by its id or by its name.
    fn agent(&self, id: Option<&String>) -> (Option<String>, Option<String>) {
        match id.and_then(|id| self.directory.agents.name_of(id)) {
            Some(name) => (None, Some(name.to_owned())),
            None => (id.cloned(), None),
        }
    }

    /// Candidates, all by their ids or all by their emails.
    fn candidates(&self, ids: Option<&[String]>) -> (Option<Vec<String>>, Option<Vec<String>>) {
        let email = |id: &String| self.directory.memberships.name_of(id).map(str::to_owned);
        match ids.and_then(|ids| ids.iter().map(email).collect()) {
            Some(emails) => (None, Some(emails)),
            None => (ids.map(<[_]>::to_vec), None),
        }
    }
}
