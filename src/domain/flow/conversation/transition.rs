//! The rules: what an event does to a conversation.

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    AUTOMATIC_MOVES_MAX, Action, Channel, Conversation, Effect, Ending, Environment, Event,
    PendingTimer, RefusalReason,
};
use crate::domain::{
    checks::is_given,
    crm_step::AssigneeLogicType,
    flow::{
        FlowStep,
        assignment::{Draw, assign},
    },
    fold::without_case,
};

/// How long after the customer's last message WhatsApp delivers messages that are not templates, and
/// how long a move by a timer counts.
const DAY: TimeDelta = TimeDelta::hours(24);

/// The handling of an event.
pub(super) struct Transition<'a> {
    environment: &'a Environment<'a>,
    at: DateTime<Utc>,
    conversation: Conversation,
    actions: Vec<Action>,
}

impl<'a> Transition<'a> {
    pub(super) fn new(
        environment: &'a Environment,
        conversation: Conversation,
        at: DateTime<Utc>,
    ) -> Self {
        Self { environment, at, conversation, actions: Vec::new() }
    }

    /// The conversation after the event, and what is to be done.
    pub(super) fn handle(mut self, event: Event) -> (Conversation, Vec<Action>) {
        match event {
            Event::Start => self.move_to(0, Effect::Entered),
            Event::Timer => self.fire_timer(),
            Event::Trigger { to_index } => match self.trigger_refusal(to_index) {
                None => self.move_to(to_index, Effect::TriggerMet { to_index }),
                Some(reason) => self.act(Effect::EventRefused { reason, to_index }),
            },
            Event::Move { to_index } if to_index == self.conversation.step_index => {
                self.act(Effect::EventRefused { reason: RefusalReason::PresentStep, to_index });
            }
            Event::Move { to_index } => self.move_to(to_index, Effect::Moved { to_index }),
            Event::CustomerMessage { text } => {
                self.conversation.customer_wrote_at = self.at;
                self.conversation.automatic_moves.clear();
                self.act(Effect::CustomerMessage { text });
            }
            Event::Leave => self.end(Ending::Left, Effect::Left),
        }
        (self.conversation, self.actions)
    }

    /// Adds an action in the present step.
    fn act(&mut self, effect: Effect) {
        self.actions.push(Action { step_index: self.conversation.step_index, effect });
    }

    /// Why the trigger of the step at this index does not move the conversation there.
    fn trigger_refusal(&self, to_index: usize) -> Option<RefusalReason> {
        let Conversation { step_index, visited, .. } = &self.conversation;
        let flow = self.environment.flow;
        if to_index == 0 {
            Some(RefusalReason::FirstStep)
        } else if !flow.has_trigger(to_index) {
            Some(RefusalReason::NoTrigger)
        } else if to_index == *step_index {
            Some(RefusalReason::PresentStep)
        } else {
            let is_required = |index: usize| flow.steps[index].input.is_required == Some(true);
            let mut skipped = step_index + 1..to_index;
            let required = skipped.find(|index| is_required(*index) && !visited.contains(index));
            required.map(|index| RefusalReason::RequiredStep { index })
        }
    }

    fn fire_timer(&mut self) {
        let is_due = |timer: &mut PendingTimer| timer.due_at <= self.at;
        let Some(timer) = self.conversation.timer.take_if(is_due) else { return };
        let Some(to_index) = timer.to_index else {
            return self.act(Effect::TimerFired { to_index: None });
        };
        let at = self.at;
        let moves = &mut self.conversation.automatic_moves;
        moves.retain(|moved_at| at - *moved_at < DAY);
        if moves.len() >= AUTOMATIC_MOVES_MAX {
            return self.end(Ending::Held, Effect::Held { to_index });
        }
        moves.push(at);
        self.move_to(to_index, Effect::TimerFired { to_index: Some(to_index) });
    }

    fn move_to(&mut self, index: usize, effect: Effect) {
        self.act(effect);
        self.enter(index);
    }

    fn end(&mut self, ending: Ending, effect: Effect) {
        self.conversation.timer = None;
        self.conversation.ending = Some(ending);
        self.act(effect);
    }

    /// Enters a step: its effects, in the order that the documentation promises.
    fn enter(&mut self, index: usize) {
        let conversation = &mut self.conversation;
        conversation.timer = None;
        conversation.step_index = index;
        conversation.visited.insert(index);
        conversation.visits = conversation.visits.saturating_add(1);
        let flow = self.environment.flow;
        let step = &flow.steps[index];
        self.set_fields(step);
        self.choose_assignee(step);
        self.send(step);
        if step.is_removal() {
            self.end(Ending::Removed, Effect::Removed);
        } else if let Some(timer) = flow.timer(index) {
            // A stored delay may be older than the rule that it is at least a second.
            let delay_seconds = timer.delay_seconds.max(0);
            let delay = TimeDelta::seconds(delay_seconds.into());
            let due_at = self.at.checked_add_signed(delay).unwrap_or(DateTime::<Utc>::MAX_UTC);
            let to_index = timer.leads_to;
            self.conversation.timer = Some(PendingTimer { due_at, to_index });
            self.act(Effect::TimerSet { delay_seconds, due_at, to_index });
        }
    }

    /// Tags, status, priority, AI and agent. What is null stays as it is.
    fn set_fields(&mut self, step: &FlowStep) {
        let input = &step.input;
        if let Some(tags) = given_list(input.default_tags_to_remove.as_ref()) {
            for tag in &tags {
                self.conversation.tags.remove(&without_case(tag));
            }
            self.act(Effect::TagsRemoved { tags });
        }
        if let Some(tags) = given_list(input.default_tags.as_ref()) {
            for tag in &tags {
                let tags = &mut self.conversation.tags;
                tags.entry(without_case(tag)).or_insert_with(|| tag.clone());
            }
            self.act(Effect::TagsAdded { tags });
        }
        if let Some(status) = input.default_status {
            self.conversation.status = status;
            self.act(Effect::StatusSet { status });
        }
        if let Some(priority) = input.default_priority {
            self.conversation.priority = priority;
            self.act(Effect::PrioritySet { priority });
        }
        if let Some(is_on) = input.default_ai_control {
            self.conversation.is_ai_on = is_on;
            self.act(Effect::AiControlSet { ai_control: is_on });
        }
        if let Some(agent_id) = given(input.agent_id.as_ref()) {
            self.conversation.agent_id = Some(agent_id.clone());
            self.act(Effect::AgentSet { agent_id });
        }
    }

    fn choose_assignee(&mut self, step: &FlowStep) {
        let Some(logic) = step.input.assignee_logic_type else { return };
        if logic == AssigneeLogicType::Clear {
            let membership_id = self.conversation.assignee_id.take();
            return self.act(Effect::Unassigned { membership_id });
        }
        let candidates = step.input.selected_membership_ids_for_assignee.as_deref();
        let draw = Draw { seed: self.environment.seed, visit: self.conversation.visits };
        let workload = self.environment.workload;
        if let Some(assignment) = assign(logic, candidates.unwrap_or_default(), workload, draw) {
            self.conversation.assignee_id = Some(assignment.membership_id.clone());
            self.act(Effect::Assigned(assignment));
        }
    }

    /// The request for contact data, the messages and the webhook.
    fn send(&mut self, step: &FlowStep) {
        let input = &step.input;
        let contact = input.request_contact.map(|contact| {
            [("name", contact.name), ("email", contact.email), ("phone", contact.phone)]
        });
        let asked = contact.into_iter().flatten().filter(|(_, asked)| *asked == Some(true));
        let fields: Vec<&str> = asked.map(|(field, _)| field).collect();
        if !fields.is_empty() {
            self.act(Effect::ContactRequested { fields });
        }
        if let Some(name) = given(input.whatsapp_template_name.as_ref()) {
            self.act(Effect::TemplateSent {
                agent_id: input.whatsapp_template_agent_id.clone(),
                name,
                language_code: input.whatsapp_template_language_code.clone(),
                text: input.whatsapp_template_text.clone(),
            });
        }
        if let Some(text) = given(input.initial_message.as_ref()) {
            let last_customer_message_at = self.conversation.customer_wrote_at;
            self.act(if self.is_blocked() {
                Effect::MessageBlocked { text, last_customer_message_at }
            } else {
                Effect::MessageSent { text }
            });
        }
        if let Some(text) = given(input.zapi_message.as_ref()) {
            self.act(Effect::ZapiSent {
                agent_id: input.zapi_agent_id.clone(),
                phone_number: input.zapi_phone_number.clone(),
                text,
            });
        }
        if let Some(url) = given(input.webhook_url.as_ref()) {
            self.act(Effect::WebhookCalled { url });
        }
    }

    /// Whether WhatsApp rejects messages that are not templates.
    fn is_blocked(&self) -> bool {
        match self.environment.channel {
            Channel::Whatsapp => self.at - self.conversation.customer_wrote_at >= DAY,
            Channel::Zapi | Channel::Other => false,
        }
    }
}

/// A text that counts as given.
fn given(text: Option<&String>) -> Option<String> {
    text.filter(|text| is_given(Some(text))).cloned()
}

/// A list that counts as given.
fn given_list(list: Option<&Vec<String>>) -> Option<Vec<String>> {
    list.filter(|list| !list.is_empty()).cloned()
}
