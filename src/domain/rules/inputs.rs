//! Which input has which rules.

use super::{
    FieldRules,
    across::{
        AGENT_NAME_OR_ID, ASSIGNEE_COUNT, ASSIGNEES_NOT_ALLOWED, ASSIGNEES_REQUIRED, AcrossRule,
        EMAILS_OR_IDS, HEADERS_NEED_URL, KEY_NEEDS_TIME, REF_NEEDS_TIME, REF_OR_ID,
        REMOVAL_WITHOUT_KEY, REMOVAL_WITHOUT_REF, REMOVAL_WITHOUT_TIMER, TAGS_DISJOINT,
        TARGET_NEEDS_TIME, TEMPLATE, TEMPLATE_AGENT_NAME_OR_ID, TEMPLATE_OF_SPEC, TIME_BY_UNIT,
        TRIGGER_OR_PROMPT, UNIT_NEEDS_TIME, ZAPI, ZAPI_AGENT_NAME_OR_ID, ZAPI_OF_SPEC,
    },
    fields as f,
};

/// The rules of an input of the schema. Those of an update are about what it makes of the stored object.
#[derive(Debug)]
pub struct InputRules {
    /// The name of the input.
    pub input: &'static str,
    fields: &'static [&'static [&'static FieldRules]],
    across: &'static [&'static [AcrossRule]],
}

impl InputRules {
    /// The rules of an input, if it has any.
    #[must_use]
    pub fn of(input: &str) -> Option<&'static Self> {
        INPUTS.iter().find(|rules| rules.input == input)
    }

    /// The rules of single fields.
    pub fn fields(&self) -> impl Iterator<Item = &'static FieldRules> {
        self.fields.iter().copied().flatten().copied()
    }

    /// The rules across fields.
    pub fn across(&self) -> impl Iterator<Item = AcrossRule> {
        self.across.iter().copied().flatten().copied()
    }
}

/// The fields that all inputs of a step have.
const OF_ANY_STEP: &[&FieldRules] = &[
    &f::NAME,
    &f::AGENT_ID,
    &f::TRIGGER,
    &f::PROMPT,
    &f::INITIAL_MESSAGE,
    &f::AUTO_NEXT_TIME,
    &f::MEMBERSHIP_ID,
    &f::TAGS[0],
    &f::TAGS[1],
    &f::TAGS_TO_REMOVE[0],
    &f::TAGS_TO_REMOVE[1],
    &f::ZAPI_PHONE_NUMBER,
    &f::ZAPI_MESSAGE,
    &f::TEMPLATE_NAME,
    &f::TEMPLATE_LANGUAGE_CODE,
    &f::TEMPLATE_TEXT,
    &f::WEBHOOK_URL,
    &f::WEBHOOK_HEADER,
    &f::HEADER_NAME,
    &f::HEADER_VALUE,
];

const ACROSS_ANY_STEP: &[AcrossRule] = &[
    AcrossRule::Given(&TRIGGER_OR_PROMPT),
    AcrossRule::Number(&TIME_BY_UNIT),
    AcrossRule::Given(&UNIT_NEEDS_TIME),
    AcrossRule::Number(&ASSIGNEE_COUNT),
    AcrossRule::Number(&ASSIGNEES_NOT_ALLOWED),
    AcrossRule::Disjoint(&TAGS_DISJOINT),
    AcrossRule::Given(&HEADERS_NEED_URL),
];

/// The fields of a step with ids.
const OF_STEP: &[&FieldRules] =
    &[&f::AUTO_NEXT_STEP_ID, &f::MEMBERSHIP_IDS, &f::ZAPI_AGENT_ID, &f::TEMPLATE_AGENT_ID];

const ACROSS_STEP: &[AcrossRule] = &[
    AcrossRule::Given(&TARGET_NEEDS_TIME),
    AcrossRule::Given(&REMOVAL_WITHOUT_TIMER),
    AcrossRule::Number(&ASSIGNEES_REQUIRED),
    AcrossRule::Given(&ZAPI),
    AcrossRule::Given(&TEMPLATE),
];

/// The fields of a step of a specification, with names, emails and keys besides ids.
const OF_SPEC: &[&FieldRules] = &[
    &f::KEY_OF_SPEC,
    &f::AGENT_NAME,
    &f::AUTO_NEXT_STEP_KEY,
    &f::MEMBERSHIP_IDS_OF_SPEC,
    &f::MEMBERSHIP_EMAILS[0],
    &f::MEMBERSHIP_EMAILS[1],
    &f::ZAPI_AGENT_ID_OF_SPEC,
    &f::ZAPI_AGENT_NAME,
    &f::TEMPLATE_AGENT_ID_OF_SPEC,
    &f::TEMPLATE_AGENT_NAME,
];

/// Candidates that are required may be given in two fields, which none of the kinds says.
const ACROSS_SPEC: &[AcrossRule] = &[
    AcrossRule::Given(&AGENT_NAME_OR_ID),
    AcrossRule::Given(&KEY_NEEDS_TIME),
    AcrossRule::Given(&REMOVAL_WITHOUT_KEY),
    AcrossRule::Given(&EMAILS_OR_IDS),
    AcrossRule::Given(&ZAPI_AGENT_NAME_OR_ID),
    AcrossRule::Given(&ZAPI_OF_SPEC),
    AcrossRule::Given(&TEMPLATE_AGENT_NAME_OR_ID),
    AcrossRule::Given(&TEMPLATE_OF_SPEC),
];

const OF_REF: &[AcrossRule] = &[
    AcrossRule::Given(&REF_OR_ID),
    AcrossRule::Given(&REF_NEEDS_TIME),
    AcrossRule::Given(&REMOVAL_WITHOUT_REF),
];

/// All inputs that have rules.
pub static INPUTS: [InputRules; 12] = [
    of_resource("CreateAgentInput", &[&[&f::NAME, &f::ICON_URL]]),
    of_resource("UpdateAgentInput", &[&[&f::NAME, &f::ICON_URL]]),
    of_resource("CreateMembershipInput", &[&[&f::NAME, &f::EMAIL]]),
    of_resource("UpdateMembershipInput", &[&[&f::NAME, &f::EMAIL]]),
    of_resource("CreateCrmScenarioInput", &[&[&f::NAME, &f::KEY, &f::DESCRIPTION]]),
    of_resource("UpdateCrmScenarioInput", &[&[&f::NAME, &f::KEY, &f::DESCRIPTION]]),
    of_resource("CrmStepPlacement", &[&[&f::FIRST, &f::LAST, &f::BEFORE, &f::AFTER]]),
    InputRules {
        input: "CreateCrmStepInput",
        fields: &[&[&f::ID, &f::SCENARIO_ID, &f::KEY], OF_STEP, OF_ANY_STEP],
        across: &[ACROSS_STEP, ACROSS_ANY_STEP],
    },
    InputRules {
        input: "CreateCrmStepsInput",
        fields: &[
            &[
                &f::ID_OF_SEVERAL,
                &f::REF,
                &f::AUTO_NEXT_STEP_REF,
                &f::SCENARIO_ID,
                &f::KEY_OF_SEVERAL,
            ],
            OF_STEP,
            OF_ANY_STEP,
        ],
        across: &[ACROSS_STEP, ACROSS_ANY_STEP, OF_REF],
    },
    InputRules {
        input: "UpdateCrmStepInput",
        fields: &[&[&f::KEY], OF_STEP, OF_ANY_STEP],
        across: &[ACROSS_STEP, ACROSS_ANY_STEP],
    },
    of_resource(
        "ApplyCrmScenarioInput",
        &[&[&f::SPEC_ID, &f::NAME, &f::KEY, &f::DESCRIPTION, &f::STEPS]],
    ),
    InputRules {
        input: "CrmStepSpecInput",
        fields: &[OF_SPEC, OF_ANY_STEP],
        across: &[ACROSS_SPEC, ACROSS_ANY_STEP],
    },
];

const fn of_resource(
    input: &'static str,
    fields: &'static [&'static [&'static FieldRules]],
) -> InputRules {
    InputRules { input, fields, across: &[] }
}

/// The rules of arguments that are no input: of the field of this name, or of each mutation.
pub static ARGUMENTS: [(Option<&str>, &FieldRules); 6] = [
    (None, &f::IDEMPOTENCY_KEY),
    (Some("createCrmSteps"), &f::INPUTS),
    (Some("deleteCrmSteps"), &f::IDS),
    (Some("duplicateCrmScenario"), &f::NAME),
    (Some("moveCrmSteps"), &f::IDS),
    (Some("updateCrmSteps"), &f::IDS),
];
