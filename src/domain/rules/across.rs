//! The rules across fields.
//!
//! Given is: not null, a text with a visible character, a list or map with entries, true.

use super::{
    DELAY_DAYS_MAX,
    fields::{
        AGENT_ID, AGENT_NAME, AUTO_NEXT_STEP_ID, AUTO_NEXT_STEP_KEY, AUTO_NEXT_STEP_REF,
        AUTO_NEXT_TIME, DAY_SECONDS, MEMBERSHIP_EMAILS, MEMBERSHIP_IDS, PROMPT, TAGS,
        TAGS_TO_REMOVE, TEMPLATE_AGENT_ID, TEMPLATE_AGENT_NAME, TEMPLATE_LANGUAGE_CODE,
        TEMPLATE_NAME, TEMPLATE_TEXT, TRIGGER, WEBHOOK_HEADER, WEBHOOK_URL, ZAPI_AGENT_ID,
        ZAPI_AGENT_NAME, ZAPI_MESSAGE, ZAPI_PHONE_NUMBER,
    },
};
use crate::domain::violation::ViolationCode as Code;

/// The unit of the time of a timer.
pub(in crate::domain) const UNIT: &str = "autoNextTimeUnit";
const REMOVAL: &str = "isConversationRemovalStep";
/// How the assignee is chosen.
pub(in crate::domain) const LOGIC: &str = "assigneeLogicType";

/// A rule across fields.
#[derive(Debug, Clone, Copy)]
pub enum AcrossRule {
    /// About which fields are given.
    Given(&'static GivenRule),
    /// About a number, by the value of another field.
    Number(&'static NumberRule),
    /// About entries that are in two lists.
    Disjoint(&'static DisjointRule),
}

/// A rule about which fields are given.
#[derive(Debug)]
pub struct GivenRule {
    /// What it says about them.
    pub kind: Given,
    /// The fields.
    pub fields: &'static [&'static str],
    /// The field at fault; of [`Given::AllOrNone`] each one that is missing.
    pub reported_on: &'static str,
    /// Its code.
    pub code: Code,
}

/// What a rule says about fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Given {
    /// At least one is given.
    AtLeastOne,
    /// If the first is given, so are the others.
    Needs,
    /// If any is given, so are the first ones, as many as this.
    AllOrNone(usize),
    /// If the first is given, no other is.
    Excludes,
}

/// A rule about a number or a number of entries, by the value of another field.
#[derive(Debug)]
pub struct NumberRule {
    /// What has to be in the limits.
    pub of: Number,
    /// The field.
    pub field: &'static str,
    /// The other field.
    pub by: &'static str,
    /// The limits by the value of the other field. One without a case limits nothing.
    pub cases: &'static [RuleCase],
    /// Its code.
    pub code: Code,
}

/// What a [`NumberRule`] limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Number {
    /// The value of the field.
    Value,
    /// The number of its entries.
    Count,
}

/// Limits for one value of a field, or for none.
#[derive(Debug, Clone, Copy)]
pub struct RuleCase {
    /// The value; none if the field is not given.
    pub value: Option<&'static str>,
    /// The least number.
    pub min: Option<i32>,
    /// The largest number.
    pub max: Option<i32>,
}

/// A rule that no entry of one list is in another.
#[derive(Debug)]
pub struct DisjointRule {
    /// The lists.
    pub fields: [&'static str; 2],
    /// The field at fault.
    pub reported_on: &'static str,
    /// Its code.
    pub code: Code,
}

impl NumberRule {
    /// The limits that a number exceeds when the other field has this value.
    #[must_use]
    pub fn exceeded(&self, by: Option<&str>, number: i32) -> Option<&RuleCase> {
        let case = self.cases.iter().find(|case| case.value == by)?;
        let is_within =
            case.min.is_none_or(|min| min <= number) && case.max.is_none_or(|max| number <= max);
        (!is_within).then_some(case)
    }
}

/// A step has a trigger or a prompt.
pub static TRIGGER_OR_PROMPT: GivenRule = GivenRule {
    kind: Given::AtLeastOne,
    fields: &[TRIGGER.name(), PROMPT.name()],
    reported_on: TRIGGER.name(),
    code: Code::TriggerOrPromptRequired,
};

/// A target of the timer needs its time.
pub static TARGET_NEEDS_TIME: GivenRule = GivenRule {
    kind: Given::Needs,
    fields: &[AUTO_NEXT_STEP_ID.name(), AUTO_NEXT_TIME.name()],
    reported_on: AUTO_NEXT_TIME.name(),
    code: Code::AutoNextIncomplete,
};

/// The same for a target that is named by its ref.
pub static REF_NEEDS_TIME: GivenRule =
    GivenRule { fields: &[AUTO_NEXT_STEP_REF.name(), AUTO_NEXT_TIME.name()], ..TARGET_NEEDS_TIME };

/// A timer has one target.
pub static REF_OR_ID: GivenRule = GivenRule {
    kind: Given::Excludes,
    fields: &[AUTO_NEXT_STEP_REF.name(), AUTO_NEXT_STEP_ID.name()],
    reported_on: AUTO_NEXT_STEP_REF.name(),
    code: Code::AutoNextConflict,
};

/// The same for a target that is named by its key.
pub static KEY_NEEDS_TIME: GivenRule =
    GivenRule { fields: &[AUTO_NEXT_STEP_KEY.name(), AUTO_NEXT_TIME.name()], ..TARGET_NEEDS_TIME };

/// A time of at most [`DELAY_DAYS_MAX`].
pub static TIME_BY_UNIT: NumberRule = NumberRule {
    of: Number::Value,
    field: AUTO_NEXT_TIME.name(),
    by: UNIT,
    cases: &[
        delay(None, DAY_SECONDS),
        delay(Some("m"), 24 * 60),
        delay(Some("h"), 24),
        delay(Some("d"), 1),
    ],
    code: Code::OutOfRange,
};

/// The limits of a time in a unit of which a day has this many.
const fn delay(unit: Option<&'static str>, of_day: i32) -> RuleCase {
    RuleCase { value: unit, min: AUTO_NEXT_TIME.min, max: Some(DELAY_DAYS_MAX * of_day) }
}

/// The unit of a time needs the time.
pub static UNIT_NEEDS_TIME: GivenRule = GivenRule {
    kind: Given::Needs,
    fields: &[UNIT, AUTO_NEXT_TIME.name()],
    reported_on: UNIT,
    code: Code::UnitWithoutTime,
};

/// A removal step has no timer.
pub static REMOVAL_WITHOUT_TIMER: GivenRule = GivenRule {
    kind: Given::Excludes,
    fields: &[REMOVAL, AUTO_NEXT_STEP_ID.name(), AUTO_NEXT_TIME.name()],
    reported_on: REMOVAL,
    code: Code::RemovalStepConflict,
};

/// The same for a target that is named by its ref.
pub static REMOVAL_WITHOUT_REF: GivenRule =
    GivenRule { fields: &[REMOVAL, AUTO_NEXT_STEP_REF.name()], ..REMOVAL_WITHOUT_TIMER };

/// The same for a target that is named by its key.
pub static REMOVAL_WITHOUT_KEY: GivenRule = GivenRule {
    fields: &[REMOVAL, AUTO_NEXT_STEP_KEY.name(), AUTO_NEXT_TIME.name()],
    ..REMOVAL_WITHOUT_TIMER
};

/// A choice of the assignee needs candidates.
pub static ASSIGNEES_REQUIRED: NumberRule = NumberRule {
    of: Number::Count,
    field: MEMBERSHIP_IDS.name(),
    by: LOGIC,
    cases: &[
        at_least_one("single_user"),
        at_least_one("random_selected"),
        at_least_one("fair_distribution_selected"),
    ],
    code: Code::AssigneesRequired,
};

const fn at_least_one(logic: &'static str) -> RuleCase {
    RuleCase { value: Some(logic), min: Some(1), max: None }
}

/// A single user is one.
pub static ASSIGNEE_COUNT: NumberRule = NumberRule {
    cases: &[RuleCase { value: Some("single_user"), min: None, max: Some(1) }],
    code: Code::AssigneeCount,
    ..ASSIGNEES_REQUIRED
};

/// Where no assignee is chosen there are no candidates.
pub static ASSIGNEES_NOT_ALLOWED: NumberRule = NumberRule {
    cases: &[no_more(None), no_more(Some("none")), no_more(Some("clear"))],
    code: Code::AssigneesNotAllowed,
    ..ASSIGNEES_REQUIRED
};

const fn no_more(logic: Option<&'static str>) -> RuleCase {
    RuleCase { value: logic, min: None, max: Some(0) }
}

/// A tag is either added or removed.
pub static TAGS_DISJOINT: DisjointRule = DisjointRule {
    fields: [TAGS[0].name(), TAGS_TO_REMOVE[0].name()],
    reported_on: TAGS_TO_REMOVE[0].name(),
    code: Code::TagsOverlap,
};

/// The fields of a Z-API message belong together.
pub static ZAPI: GivenRule = GivenRule {
    kind: Given::AllOrNone(3),
    fields: &[ZAPI_AGENT_ID.name(), ZAPI_PHONE_NUMBER.name(), ZAPI_MESSAGE.name()],
    reported_on: ZAPI_AGENT_ID.name(),
    code: Code::ZapiIncomplete,
};

/// The fields of a template belong together; its text may be missing.
pub static TEMPLATE: GivenRule = GivenRule {
    kind: Given::AllOrNone(3),
    fields: &[
        TEMPLATE_AGENT_ID.name(),
        TEMPLATE_NAME.name(),
        TEMPLATE_LANGUAGE_CODE.name(),
        TEMPLATE_TEXT.name(),
    ],
    reported_on: TEMPLATE_AGENT_ID.name(),
    code: Code::TemplateIncomplete,
};

/// Headers need a URL.
pub static HEADERS_NEED_URL: GivenRule = GivenRule {
    kind: Given::Needs,
    fields: &[WEBHOOK_HEADER.name(), WEBHOOK_URL.name()],
    reported_on: WEBHOOK_HEADER.name(),
    code: Code::HeadersWithoutUrl,
};

/// The fields of a Z-API message belong together. Its agent has one of two fields, and none of the kinds
/// says that one of them is missing.
pub static ZAPI_OF_SPEC: GivenRule = GivenRule {
    kind: Given::AllOrNone(2),
    fields: &[
        ZAPI_PHONE_NUMBER.name(),
        ZAPI_MESSAGE.name(),
        ZAPI_AGENT_ID.name(),
        ZAPI_AGENT_NAME.name(),
    ],
    reported_on: ZAPI_PHONE_NUMBER.name(),
    code: Code::ZapiIncomplete,
};

/// The fields of a template belong together, with an agent in one of two fields.
pub static TEMPLATE_OF_SPEC: GivenRule = GivenRule {
    kind: Given::AllOrNone(2),
    fields: &[
        TEMPLATE_NAME.name(),
        TEMPLATE_LANGUAGE_CODE.name(),
        TEMPLATE_AGENT_ID.name(),
        TEMPLATE_AGENT_NAME.name(),
        TEMPLATE_TEXT.name(),
    ],
    reported_on: TEMPLATE_NAME.name(),
    code: Code::TemplateIncomplete,
};

/// The rule that a name or emails exclude an id or ids.
const fn excludes(fields: &'static [&'static str; 2]) -> GivenRule {
    GivenRule {
        kind: Given::Excludes,
        fields,
        reported_on: fields[0],
        code: Code::ConflictingFields,
    }
}

/// The agent is given once.
pub static AGENT_NAME_OR_ID: GivenRule = excludes(&[AGENT_NAME.name(), AGENT_ID.name()]);

/// The candidates are given once.
pub static EMAILS_OR_IDS: GivenRule =
    excludes(&[MEMBERSHIP_EMAILS[0].name(), MEMBERSHIP_IDS.name()]);

/// The agent of a Z-API message is given once.
pub static ZAPI_AGENT_NAME_OR_ID: GivenRule =
    excludes(&[ZAPI_AGENT_NAME.name(), ZAPI_AGENT_ID.name()]);

/// The agent of a template is given once.
pub static TEMPLATE_AGENT_NAME_OR_ID: GivenRule =
    excludes(&[TEMPLATE_AGENT_NAME.name(), TEMPLATE_AGENT_ID.name()]);
