//! What is reported about pipelines, and what just is not.

use crm_steps::domain::flow::{
    Flow, FlowStep,
    diagnostics::{
        Diagnostic,
        DiagnosticCode::{self, *},
        diagnose,
    },
};
use insta::assert_snapshot;
use serde_json::{Value, json};
use strum::IntoEnumIterator;

/// A flow of steps with these fields, named by their indexes. `target` is the index to which the
/// timer leads.
fn flow(steps: Value) -> Flow {
    let Value::Array(steps) = steps else { panic!("these are no steps: {steps}") };
    let step = |(index, mut fields): (usize, Value)| {
        let target = fields["target"].take().as_u64().map(|to| usize::try_from(to).expect("small"));
        let mut input = json!({ "name": format!("Step {index}") });
        input.as_object_mut().expect("an object").append(fields.as_object_mut().expect("fields"));
        let input = serde_json::from_value(input).expect("a step");
        FlowStep { key: format!("step-{index}"), input, target }
    };
    Flow { steps: steps.into_iter().enumerate().map(step).collect() }
}

/// The indexes of each diagnostic with this code.
fn found(code: DiagnosticCode, steps: Value) -> Vec<Vec<usize>> {
    let of_code = diagnose(&flow(steps)).into_iter().filter(|found| found.code() == code);
    of_code.map(|found| found.step_indexes).collect()
}

/// One line for each diagnostic: severity, code, indexes and params.
fn report(steps: Value) -> String {
    let line = |found: Diagnostic| {
        let (severity, code): (&str, &str) = (found.severity().into(), found.code().into());
        let params = found.params().into_iter().map(|(name, value)| format!(" {name}={value}"));
        format!("{severity} {code} {:?}{}", found.step_indexes, params.collect::<String>())
    };
    diagnose(&flow(steps)).into_iter().map(line).collect::<Vec<_>>().join("\n")
}

const NOTHING: [[usize; 0]; 0] = [];

#[test]
fn a_pipeline_without_steps_has_no_diagnostics() {
    assert_eq!(diagnose(&Flow::default()), []);
}

#[test]
fn conversations_leave_a_step_by_timer_removal_status_or_the_trigger_of_another_step() {
    let step = |fields: Value| found(DeadEnd, json!([fields]));
    assert_eq!(step(json!({})), [[0]]);
    assert_eq!(step(json!({ "defaultStatus": "UNRESOLVED" })), [[0]]);
    assert_eq!(step(json!({ "autoNextTime": 1 })), NOTHING);
    assert_eq!(step(json!({ "isConversationRemovalStep": true })), NOTHING);
    assert_eq!(step(json!({ "defaultStatus": "RESOLVED" })), NOTHING);
    assert_eq!(step(json!({ "defaultStatus": "HUMAN_REQUESTED" })), NOTHING);
}

#[test]
fn the_own_trigger_and_the_one_of_the_first_step_let_no_conversation_leave() {
    let triggers = |first: &str, second: &str, third: &str| {
        let step = |trigger| json!({ "trigger": trigger });
        found(DeadEnd, json!([step(first), step(second), step(third)]))
    };
    assert_eq!(triggers("met", "met", "met"), NOTHING);
    assert_eq!(triggers("met", "met", ""), [[1]]);
    assert_eq!(triggers("", "met", " "), [[1]]);
    assert_eq!(triggers("met", "", ""), [[0]], "the others are unreachable");
}

#[test]
fn a_step_that_requests_a_person_leaves_the_ai_off() {
    let step = |status: &str, ai: Option<bool>| {
        found(HumanRequestedWithAi, json!([{ "defaultStatus": status, "defaultAiControl": ai }]))
    };
    assert_eq!(step("HUMAN_REQUESTED", Some(true)), [[0]]);
    assert_eq!(step("HUMAN_REQUESTED", Some(false)), NOTHING);
    assert_eq!(step("HUMAN_REQUESTED", None), NOTHING);
    assert_eq!(step("UNRESOLVED", Some(true)), NOTHING);
}

#[test]
fn a_step_that_requests_a_person_assigns_somebody() {
    let step = |logic: Value| {
        let fields = json!({ "defaultStatus": "HUMAN_REQUESTED", "assigneeLogicType": logic });
        found(HumanRequestedWithoutAssignee, json!([fields]))
    };
    assert_eq!(step(json!(null)), [[0]]);
    assert_eq!(step(json!("none")), [[0]]);
    assert_eq!(step(json!("clear")), [[0]]);
    assert_eq!(step(json!("single_user")), NOTHING);
    assert_eq!(step(json!("random_selected")), NOTHING);
    assert_eq!(step(json!("fair_distribution_selected")), NOTHING);
    assert_eq!(found(HumanRequestedWithoutAssignee, json!([{}])), NOTHING);
}

#[test]
fn a_removal_step_assigns_nobody() {
    let step = |logic: &str, removes: bool| {
        let fields = json!({ "assigneeLogicType": logic, "isConversationRemovalStep": removes });
        found(RemovalStepAssigns, json!([fields]))
    };
    assert_eq!(step("random_selected", true), [[0]]);
    assert_eq!(step("random_selected", false), NOTHING);
    assert_eq!(step("clear", true), NOTHING);
}

#[test]
fn a_step_that_resolves_has_no_timer() {
    let step = |status: &str, time: Option<i32>| {
        found(ResolvedWithTimer, json!([{ "defaultStatus": status, "autoNextTime": time }]))
    };
    assert_eq!(step("RESOLVED", Some(1)), [[0]]);
    assert_eq!(step("RESOLVED", None), NOTHING);
    assert_eq!(step("UNRESOLVED", Some(1)), NOTHING);
}

#[test]
fn the_timer_of_the_last_step_needs_a_target() {
    let timer = |target: Option<usize>| json!({ "autoNextTime": 1, "target": target });
    assert_eq!(found(TimerLeadsNowhere, json!([timer(None), timer(None)])), [[1]]);
    assert_eq!(found(TimerLeadsNowhere, json!([timer(None), timer(Some(0))])), NOTHING);
    assert_eq!(found(TimerLeadsNowhere, json!([timer(None), {}])), NOTHING);
}

#[test]
fn the_first_step_has_no_trigger() {
    assert_eq!(found(TriggerOnFirstStep, json!([{ "trigger": "a" }, { "trigger": "b" }])), [[0]]);
    assert_eq!(found(TriggerOnFirstStep, json!([{ "trigger": " " }, { "trigger": "b" }])), NOTHING);
}

#[test]
fn names_differ_in_more_than_case_and_unicode_form() {
    let names = |names: &[&str]| {
        let steps = names.iter().map(|name| json!({ "name": name })).collect();
        found(DuplicateName, steps)
    };
    assert_eq!(names(&["São", "Lead", "SA\u{303}O", "são", "LEAD"]), [vec![0, 2, 3], vec![1, 4]]);
    assert_eq!(names(&["Straße", "STRASSE"]), [[0, 1]]);
    assert_eq!(names(&["São", "Sao", "Lead", "Lead 2"]), NOTHING);
}

#[test]
fn an_initial_message_is_sent_within_24_hours() {
    let after = |seconds: i32| {
        let late = json!({ "initialMessage": "Hi", "whatsappTemplateName": "hi" });
        found(MessageAfter24Hours, json!([{ "autoNextTime": seconds }, late]))
    };
    assert_eq!(after(86_399), NOTHING);
    assert_eq!(after(86_400), [[1]], "a template beside it does not help");
}

#[test]
fn a_message_is_late_by_the_shortest_of_all_entries() {
    let third = |trigger: &str, second_leads_to: usize| {
        let timer = |target| json!({ "autoNextTime": 43_200, "target": target });
        let third = json!({ "initialMessage": "Hi", "trigger": trigger });
        found(MessageAfter24Hours, json!([timer(1), timer(second_leads_to), third]))
    };
    assert_eq!(third("", 2), [[2]], "twice 12 hours");
    assert_eq!(third("a", 2), NOTHING, "the customer has just met the trigger");
    assert_eq!(third("", 0), NOTHING, "it is unreachable");
    let twice = json!([
        { "autoNextTime": 100_000 },
        { "autoNextTime": 23, "autoNextTimeUnit": "h" },
        { "initialMessage": "Hi", "isConversationRemovalStep": true },
    ]);
    assert_snapshot!(report(twice), @"WARNING MESSAGE_AFTER_24_HOURS [2] shortestSeconds=182800");
}

#[test]
fn only_the_initial_message_needs_a_recent_word_of_the_customer() {
    let second = |fields: Value| {
        found(MessageAfter24Hours, json!([{ "autoNextTime": 1, "autoNextTimeUnit": "d" }, fields]))
    };
    assert_eq!(second(json!({ "initialMessage": "Hi" })), [[1]]);
    assert_eq!(second(json!({ "initialMessage": "\u{200b}" })), NOTHING, "blank");
    assert_eq!(second(json!({ "whatsappTemplateName": "hi", "zapiMessage": "Hi" })), NOTHING);
}

#[test]
fn a_step_is_reached_by_its_trigger_or_by_a_timer_of_a_reached_step() {
    let timer = |target: usize| json!({ "autoNextTime": 1, "target": target });
    let trigger = json!({ "trigger": "a", "autoNextTime": 1 });
    assert_eq!(found(UnreachableStep, json!([timer(1), timer(2), {}])), NOTHING);
    assert_eq!(found(UnreachableStep, json!([timer(2), timer(2), {}])), [[1]]);
    assert_eq!(found(UnreachableStep, json!([{}, timer(2), timer(1)])), [[1], [2]]);
    assert_eq!(found(UnreachableStep, json!([{}, trigger, {}])), NOTHING);
}

#[test]
fn an_unreachable_step_is_reported_for_that_and_its_name_only() {
    let faults = json!({
        "name": "Step 0",
        "initialMessage": "Hi",
        "autoNextTime": 86_400,
        "target": 2,
        "defaultStatus": "HUMAN_REQUESTED",
        "defaultAiControl": true,
    });
    let resolved = json!({
        "initialMessage": "Hi",
        "autoNextTime": 86_400,
        "target": 1,
        "defaultStatus": "RESOLVED",
    });
    assert_snapshot!(report(json!([{ "defaultStatus": "RESOLVED" }, faults, resolved])), @r"
    WARNING UNREACHABLE_STEP [1]
    WARNING UNREACHABLE_STEP [2]
    INFO DUPLICATE_NAME [0, 1]
    ");
}

#[test]
fn a_conversation_leaves_at_a_removal_step_before_a_timer_of_an_older_row() {
    let removal = json!({
        "isConversationRemovalStep": true,
        "autoNextTime": 1,
        "defaultStatus": "RESOLVED",
    });
    assert_snapshot!(report(json!([removal, {}])), @"WARNING UNREACHABLE_STEP [1]");
}

#[test]
fn a_cycle_of_timers_is_reported_once_in_the_order_of_the_timers() {
    let timer = |seconds: i32, target: usize| json!({ "autoNextTime": seconds, "target": target });
    let steps = json!([timer(1, 3), timer(2, 2), timer(4, 3), timer(8, 1)]);
    assert_snapshot!(report(steps), @"INFO TIMER_CYCLE [1, 2, 3] periodSeconds=14");
    assert_eq!(report(json!([timer(1, 1), timer(2, 2), { "defaultStatus": "RESOLVED" }])), "");
}

#[test]
fn a_cycle_is_a_loop_of_spam_if_each_of_its_steps_sends() {
    let cycle = |field: &str| {
        let first = json!({ (field): "Hi", "autoNextTime": 86_400, "target": 1 });
        report(json!([first, { "zapiMessage": "Hi", "autoNextTime": 3_600, "target": 0 }]))
    };
    assert_eq!(cycle("initialMessage"), "ERROR SPAM_LOOP [0, 1] periodSeconds=90000");
    assert_eq!(cycle("whatsappTemplateName"), "ERROR SPAM_LOOP [0, 1] periodSeconds=90000");
    assert_eq!(cycle("zapiMessage"), "ERROR SPAM_LOOP [0, 1] periodSeconds=90000");
    assert_eq!(cycle("prompt"), "INFO TIMER_CYCLE [0, 1] periodSeconds=90000");
}

/// The codes and the sentences of the diagnostics.
fn sentences(steps: Value) -> (Vec<DiagnosticCode>, String) {
    let flow = flow(steps);
    let found = diagnose(&flow);
    let sentences: Vec<_> = found.iter().map(|found| found.message(&flow)).collect();
    (found.iter().map(Diagnostic::code).collect(), sentences.join("\n"))
}

#[test]
fn sentences_name_the_steps_and_say_what_to_do() {
    let (mut codes, beside_triggers) = sentences(json!([
        { "name": "Novo lead", "trigger": "a", "autoNextTime": 86_400 },
        { "name": "Oferta", "initialMessage": "Hi", "autoNextTime": 86_400 },
        { "name": "Lembrete", "zapiMessage": "Hi", "autoNextTime": 3_600, "target": 1 },
        { "name": "Espera", "trigger": "a", "autoNextTime": 90_061 },
        { "name": "ESPERA", "defaultStatus": "RESOLVED", "autoNextTime": 60, "target": 3 },
        {
            "name": "Pessoa",
            "trigger": "a",
            "defaultStatus": "HUMAN_REQUESTED",
            "defaultAiControl": true,
        },
        {
            "name": "Fim",
            "trigger": "a",
            "isConversationRemovalStep": true,
            "assigneeLogicType": "random_selected",
        },
        { "name": "Perdido" },
        { "name": "Último", "trigger": "a", "autoNextTime": 1 },
    ]));
    let (without_trigger, dead_end) = sentences(json!([{ "name": "Só um" }]));
    codes.extend(without_trigger);
    assert!(DiagnosticCode::iter().all(|code| codes.contains(&code)), "{codes:?}");
    assert_snapshot!(dead_end, @r#"Conversations leave "Só um" (index 0) only by hand: it has no timer, does not remove them, sets neither RESOLVED nor HUMAN_REQUESTED, and no trigger of another step is evaluated; add one of these."#);
    assert_snapshot!(beside_triggers, @r#"
    A cycle of timers leads through "Oferta" (index 1) and "Lembrete" (index 2), and each of its steps sends something, so a customer who does not reply gets the same messages every 1 day 1 hour; let one of the timers lead elsewhere, or drop it.
    "Oferta" (index 1) sends its initial message 1 day or more after the customer's last message, and from 24 hours on WhatsApp delivers only templates; send a template instead, shorten the timers that lead there, or give the step a trigger.
    "ESPERA" (index 4) sets the status RESOLVED and has a timer, which moves conversations on that are settled; drop the timer, or set another status.
    "Pessoa" (index 5) requests a person and turns the AI on, so both answer the customer; set defaultAiControl to false, or drop the status HUMAN_REQUESTED.
    "Fim" (index 6) assigns a conversation to somebody and takes it out of the pipeline at once; assign it in a step before, or drop the assignment.
    Only a move by hand leads to "Perdido" (index 7): it has no trigger, and no timer of a step that conversations reach leads there; give it a trigger, let such a timer lead there, or delete the step.
    The timer of "Último" (index 8) leads nowhere, because it has no target and no step follows; choose a target, add a step, or drop the timer.
    The trigger of "Novo lead" (index 0) is never evaluated, because conversations start in the first step; drop it, or put another step first.
    "Espera" (index 3) and "ESPERA" (index 4) have the same name (case and Unicode form do not count); give them different names.
    A cycle of timers leads through "Espera" (index 3) and "ESPERA" (index 4), so a conversation without a reply is in the same step again every 1 day 1 hour 2 minutes 1 second; if that is not meant, let one of the timers lead elsewhere, or drop it.
    "Pessoa" (index 5) requests a person and assigns nobody, so a conversation that has no assignee yet may be overlooked; choose an assigneeLogicType that assigns somebody.
    "#);
}

#[test]
fn a_sentence_names_ten_steps_and_counts_the_others() {
    let steps = vec![json!({ "name": "A", "autoNextTime": 1, "target": 0 }); 12];
    let (_, sentences) = sentences(steps.into());
    assert!(sentences.contains(r#""A" (index 8), "A" (index 9) and 2 more have"#), "{sentences}");
}

#[test]
fn codes_are_in_alphabetical_order_and_serde_writes_them_as_clients_see_them() {
    let codes: Vec<&str> = DiagnosticCode::iter().map(Into::into).collect();
    assert!(codes.is_sorted(), "{codes:?}");
    assert_eq!(json!(DiagnosticCode::iter().collect::<Vec<_>>()), json!(codes));
}
