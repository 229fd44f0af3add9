//! The state of a conversation after events.

use chrono::{DateTime, TimeDelta, Utc};
use crm_steps::domain::{
    crm_step::{DefaultPriority, DefaultStatus},
    flow::{
        Flow,
        assignment::Workload,
        conversation::{Action, Channel, Conversation, Ending, Environment, Event},
    },
};
use serde_json::json;

use super::simulation::flow;

const START: DateTime<Utc> = DateTime::UNIX_EPOCH;

/// Applies an event this number of seconds after the start.
fn apply(
    flow: &Flow,
    conversation: Conversation,
    event: Event,
    seconds: i64,
) -> (Conversation, Vec<Action>) {
    let workload = Workload::default();
    let environment =
        Environment { flow, channel: Channel::Whatsapp, workload: &workload, seed: 0 };
    conversation.apply(&environment, event, START + TimeDelta::seconds(seconds))
}

fn started(flow: &Flow) -> Conversation {
    apply(flow, Conversation::new(START), Event::Start, 0).0
}

#[test]
fn a_conversation_starts_unresolved_with_the_ai_on() {
    let conversation = started(&flow(json!([{}])));
    assert_eq!(conversation.status, DefaultStatus::Unresolved);
    assert_eq!(conversation.priority, DefaultPriority::Medium);
    assert!(conversation.is_ai_on && conversation.tags.is_empty());
    assert_eq!((conversation.agent_id, conversation.assignee_id), (None, None));
    assert_eq!(conversation.customer_wrote_at, START);
}

#[test]
fn a_step_sets_what_is_not_null() {
    let flow = flow(json!([
        {
            "defaultStatus": "HUMAN_REQUESTED",
            "defaultPriority": "HIGH",
            "defaultAiControl": false,
            "agentId": "sofia",
            "assigneeLogicType": "single_user",
            "selectedMembershipIdsForAssignee": ["ana"],
        },
        {},
    ]));
    let (conversation, _) = apply(&flow, started(&flow), Event::Move { to_index: 1 }, 5);
    assert_eq!(conversation.status, DefaultStatus::HumanRequested);
    assert_eq!(conversation.priority, DefaultPriority::High);
    assert!(!conversation.is_ai_on);
    assert_eq!(conversation.agent_id.as_deref(), Some("sofia"));
    assert_eq!(conversation.assignee_id.as_deref(), Some("ana"));
}

#[test]
fn tags_are_removed_and_then_added_without_regard_to_case() {
    let flow = flow(json!([
        { "defaultTags": ["São Paulo", "hot"] },
        { "defaultTags": ["HOT", "cold"], "defaultTagsToRemove": ["SÃO PAULO", "cold"] },
    ]));
    let (conversation, _) = apply(&flow, started(&flow), Event::Move { to_index: 1 }, 5);
    assert_eq!(conversation.tags.into_values().collect::<Vec<_>>(), ["cold", "hot"]);
}

#[test]
fn a_timer_that_is_not_due_or_was_cancelled_does_nothing() {
    let flow = flow(json!([{ "autoNextTime": 60 }, {}]));
    let conversation = started(&flow);
    assert_eq!(
        apply(&flow, conversation.clone(), Event::Timer, 59),
        (conversation.clone(), vec![])
    );
    let (moved, _) = apply(&flow, conversation, Event::Move { to_index: 1 }, 59);
    assert_eq!(apply(&flow, moved.clone(), Event::Timer, 60), (moved, vec![]));
}

#[test]
fn a_refused_event_changes_nothing() {
    let flow = flow(json!([{ "autoNextTime": 60 }, {}]));
    let conversation = started(&flow);
    for event in [Event::Trigger { to_index: 1 }, Event::Move { to_index: 0 }] {
        let (after, actions) = apply(&flow, conversation.clone(), event, 5);
        assert_eq!((after, actions.len()), (conversation.clone(), 1));
    }
}

#[test]
fn nothing_happens_after_the_ending() {
    let flow = flow(json!([{ "autoNextTime": 60 }, {}]));
    let (conversation, _) = apply(&flow, started(&flow), Event::Leave, 5);
    assert_eq!((conversation.ending, conversation.timer), (Some(Ending::Left), None));
    for event in [Event::Timer, Event::Move { to_index: 1 }, Event::Leave] {
        assert_eq!(apply(&flow, conversation.clone(), event, 60), (conversation.clone(), vec![]));
    }
}
