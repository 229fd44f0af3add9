//! The rules of inputs, for forms.

use std::collections::BTreeSet;

use apollo_compiler::schema::ExtendedType;
use async_graphql::{Context, Enum, Object, SimpleObject};

use crate::{
    domain::{
        rules::{
            self,
            across::{self, Given, Number},
            fields::STEPS,
            inputs,
        },
        url::WebhookHosts,
        violation::ViolationCode,
    },
    graphql::{
        parts::{context::environment, error::Failure, user_error::UserErrorCode},
        schema_index,
    },
};

/// The rules of an input that need nothing but the input. A value that breaks one is rejected with its
/// code at its path; a value that breaks none may still be rejected, by rules that need more.
#[derive(SimpleObject)]
struct InputRules {
    /// The name of the input.
    input: String,
    /// The rules of single fields: at least a row for each field.
    fields: Vec<FieldRules>,
    /// The rules across fields. Those of an update are about the object as it is after the update.
    across: Vec<AcrossRule>,
}

/// What the values at one path have to be. Of an update they are about the values that it changes.
#[derive(SimpleObject)]
#[expect(clippy::struct_excessive_bools, reason = "each is a rule of its own")]
struct FieldRules {
    /// The field. `["defaultTags", "*"]` is an element of a list, `["webhookHeader", "*"]` the name
    /// of a header, and `["webhookHeader", "*", "*"]` its value. Violations of a header are reported
    /// at its name.
    path: Vec<String>,
    /// Whether it has to be sent, and must not be null.
    is_required: bool,
    /// Whether white space around it (`White_Space` of Unicode) is removed before it is checked.
    is_trimmed: bool,
    /// Whether control characters, U+2028 and U+2029 are rejected (`INVALID_CHARACTER`). NUL is
    /// rejected wherever `INVALID_CHARACTER` is among the codes.
    is_one_line: bool,
    /// False: a text without any visible character is rejected (BLANK), and so is null where null
    /// would clear it.
    may_be_blank: bool,
    /// Its maximum length (`TOO_LONG`); of headers the length of all names and values.
    max_length: Option<i32>,
    /// What maxLength counts.
    length_unit: LengthUnit,
    /// A regular expression for the whole text (formatCode). It means the same in ECMAScript (with the
    /// flag `u`), RE2 and Rust.
    pattern: Option<String>,
    /// The maximum length, in characters, of what matches the pattern (formatCode).
    pattern_max_length: Option<i32>,
    /// What the text has to be (formatCode). The value of a header that is no text has the same code.
    format: Option<TextFormat>,
    /// Whether a text without any visible character is exempt from pattern and format.
    is_blank_exempt: bool,
    /// The least number (`OUT_OF_RANGE`).
    min: Option<i32>,
    /// The largest number (`OUT_OF_RANGE`).
    max: Option<i32>,
    /// The maximum number of entries (`TOO_MANY`). Entries beyond it are not checked.
    max_items: Option<i32>,
    /// Whether no entry may occur twice (`DUPLICATE_VALUE`, at the later one), whatever its case and
    /// Unicode form; ids are compared as UUIDs.
    is_unique: bool,
    /// Values that are rejected, whatever their case (notAllowedCode). A Boolean is written as `true`
    /// or `false`.
    not_one_of: Option<Vec<&'static str>>,
    /// Whose id it is.
    references: Option<ReferenceKind>,
    /// All codes that can be reported at this path, also of rules that need more than the input, and
    /// those of its other rules. `INVALID_TYPE`: a value that is no map.
    codes: Vec<UserErrorCode>,
    /// The code of pattern and format.
    format_code: Option<UserErrorCode>,
    /// The code of notOneOf.
    not_allowed_code: Option<UserErrorCode>,
}

/// What a length counts.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "rules::LengthUnit")]
enum LengthUnit {
    /// Unicode scalar values.
    Characters,
    /// Bytes of UTF-8.
    Bytes,
}

/// What a text has to be. More may be added; a client skips those that it does not know.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "rules::TextFormat")]
enum TextFormat {
    /// An absolute http or https URL without credentials, whose host is an IP address or a name in
    /// DNS.
    HttpUrl,
    /// A phone number: `PHONE_DIGITS_MIN` to `PHONE_DIGITS_MAX` digits, perhaps a + before them, and
    /// any spaces, parentheses, dots, slashes, dashes and invisible format characters.
    Phone,
    /// An email address with a domain that has a top level.
    Email,
    /// A UUID of 32 hexadecimal digits and 4 hyphens.
    Uuid,
    /// The name of an HTTP header.
    HeaderName,
    /// A value of an HTTP header: visible ASCII characters, with spaces and tabs only between them.
    HeaderValue,
    /// A language code like pt_BR, en or fil.
    LanguageCode,
    /// A point in time, as RFC 3339 writes it.
    DateTime,
}

/// The object that an id refers to.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
#[graphql(remote = "rules::ReferenceKind")]
enum ReferenceKind {
    /// An agent.
    Agent,
    /// A membership.
    Membership,
    /// A scenario.
    CrmScenario,
    /// A step of any scenario.
    CrmStep,
    /// Another step of the same scenario.
    CrmStepOfSameScenario,
}

/// A rule across fields. A value is given if it is not null, a text with a visible character, a list or
/// map with entries, or true.
#[derive(SimpleObject)]
struct AcrossRule {
    /// What the rule says.
    kind: AcrossKind,
    /// The fields that it is about.
    fields: Vec<&'static str>,
    /// The field whose value chooses the case.
    by: Option<&'static str>,
    /// The limits by the value of `by`. A value without a case limits nothing.
    cases: Option<Vec<RuleCase>>,
    /// The field at which a violation is reported; of `ALL_OR_NONE` it is each one that is missing.
    reported_on: &'static str,
    /// The code of a violation.
    code: UserErrorCode,
}

/// What a rule across fields says.
#[derive(Enum, Debug, Clone, Copy, PartialEq, Eq)]
enum AcrossKind {
    /// One of the fields is given.
    AtLeastOne,
    /// If the first of the fields is given, so are the others.
    Needs,
    /// All fields are given, or none is.
    AllOrNone,
    /// If the first of the fields is given, no other is.
    Excludes,
    /// Each number is within the limits of the case.
    MaxBy,
    /// The number of entries is within the limits of the case.
    CountBy,
    /// No entry of one list is in another, whatever its case and Unicode form. Entries that break a
    /// rule of their own do not count.
    Disjoint,
}

/// Limits for one value of another field.
#[derive(SimpleObject)]
struct RuleCase {
    /// The value; null if the field is not given. A Boolean is written as `true` or `false`.
    value: Option<&'static str>,
    /// The least number.
    min: Option<i32>,
    /// The largest number.
    max: Option<i32>,
}

#[derive(Default)]
pub(super) struct InputRulesQuery;

#[Object]
impl InputRulesQuery {
    /// The rules of inputs, so that a form can find violations before it is sent.
    #[expect(clippy::unused_async, reason = "the library awaits resolvers")]
    async fn input_rules(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The names of inputs; default all that have rules.")] inputs: Option<
            Vec<String>,
        >,
    ) -> Result<Vec<InputRules>, Failure> {
        let all = || inputs::INPUTS.iter().map(|rules| rules.input.to_owned()).collect();
        // Where webhooks may call any host, the operator has removed a rule.
        let is_removed = |code: &ViolationCode| {
            *code == ViolationCode::UrlNotAllowed
                && environment(context).webhook_hosts == WebhookHosts::Any
        };
        let named = inputs.unwrap_or_else(all).into_iter().enumerate();
        let max_steps = environment(context).max_steps;
        named.map(|(index, input)| rules_of(index, input, max_steps, is_removed)).collect()
    }
}

/// The rules of the input of this name, without the codes of removed rules.
fn rules_of(
    index: usize,
    input: String,
    max_steps: usize,
    is_removed: impl Fn(&ViolationCode) -> bool,
) -> Result<InputRules, Failure> {
    let declared = schema_index().valid().types.get(input.as_str());
    let Some(ExtendedType::InputObject(declared)) = declared else {
        return Err(Failure::BadInput(format!("inputs[{index}] is not the name of an input.")));
    };
    let known = inputs::InputRules::of(&input);
    let across: Vec<AcrossRule> =
        known.into_iter().flat_map(inputs::InputRules::across).flat_map(published).collect();
    let mut fields = Vec::new();
    for (name, field) in &declared.fields {
        let own = known.into_iter().flat_map(inputs::InputRules::fields);
        let own: Vec<_> = own.filter(|rules| rules.name() == name.as_str()).collect();
        let unlimited = rules::FieldRules::unlimited(&[]);
        let is_limited = own.iter().any(|rules| rules.path.len() == 1);
        for rules in (!is_limited).then_some(&unlimited).into_iter().chain(own) {
            let inside = rules.path.iter().skip(1).copied();
            let path: Vec<String> =
                std::iter::once(name.as_str()).chain(inside).map(str::to_owned).collect();
            let is_whole = path.len() == 1;
            let of_others = across.iter().filter(|rule| is_whole && rule.is_reported_on(name));
            let codes = rules.codes().filter(|code| !is_removed(code));
            let codes = codes.chain(of_others.map(|rule| rule.code.into())).collect();
            let mut row = row(path, !is_whole || field.ty.is_non_null(), rules, codes);
            if std::ptr::eq(rules, &raw const STEPS) {
                row.max_items = max_steps.try_into().ok();
            }
            fields.push(row);
        }
    }
    Ok(InputRules { input, fields, across })
}

/// The rules at a path, with all codes that can be reported there.
fn row(
    path: Vec<String>,
    is_required: bool,
    rules: &rules::FieldRules,
    codes: BTreeSet<ViolationCode>,
) -> FieldRules {
    let number = |limit: Option<usize>| limit.and_then(|limit| limit.try_into().ok());
    FieldRules {
        path,
        is_required,
        is_trimmed: rules.is_trimmed,
        is_one_line: rules.is_one_line,
        may_be_blank: rules.may_be_blank,
        max_length: number(rules.max_length),
        length_unit: rules.length_unit.into(),
        pattern: rules.pattern.map(|pattern| pattern.as_str().to_owned()),
        pattern_max_length: number(rules.pattern_max_length),
        format: rules.format.map(Into::into),
        is_blank_exempt: rules.is_blank_exempt,
        min: rules.min,
        max: rules.max,
        max_items: number(rules.max_items),
        is_unique: rules.is_unique,
        not_one_of: Some(rules.not_one_of.to_vec()).filter(|values| !values.is_empty()),
        references: rules.references.map(Into::into),
        codes: codes.into_iter().map(Into::into).collect(),
        format_code: rules.format_code.map(Into::into),
        not_allowed_code: rules.not_allowed_code.map(Into::into),
    }
}

impl AcrossRule {
    /// Whether violations are reported at this field.
    fn is_reported_on(&self, field: &str) -> bool {
        self.reported_on == field
            || self.kind == AcrossKind::AllOrNone && self.fields.contains(&field)
    }
}

/// A rule across fields in the kinds that clients know.
fn published(rule: across::AcrossRule) -> Vec<AcrossRule> {
    match rule {
        across::AcrossRule::Given(rule) => {
            let of_kind = |kind, fields: &[&'static str], reported_on| AcrossRule {
                kind,
                fields: fields.to_vec(),
                by: None,
                cases: None,
                reported_on,
                code: rule.code.into(),
            };
            let kind = match rule.kind {
                Given::AtLeastOne => AcrossKind::AtLeastOne,
                Given::Needs => AcrossKind::Needs,
                Given::Excludes => AcrossKind::Excludes,
                Given::AllOrNone(needed) => {
                    let (needed, others) = rule.fields.split_at(needed);
                    let needs = |other: &'static str, field: &'static str| {
                        of_kind(AcrossKind::Needs, &[other, field], field)
                    };
                    let all = of_kind(AcrossKind::AllOrNone, needed, rule.reported_on);
                    let others = others
                        .iter()
                        .flat_map(|other| needed.iter().map(|field| needs(other, field)));
                    return std::iter::once(all).chain(others).collect();
                }
            };
            vec![of_kind(kind, rule.fields, rule.reported_on)]
        }
        across::AcrossRule::Number(rule) => {
            let case = |case: &across::RuleCase| RuleCase {
                value: case.value,
                min: case.min,
                max: case.max,
            };
            vec![AcrossRule {
                kind: match rule.of {
                    Number::Value => AcrossKind::MaxBy,
                    Number::Count => AcrossKind::CountBy,
                },
                fields: vec![rule.field],
                by: Some(rule.by),
                cases: Some(rule.cases.iter().map(case).collect()),
                reported_on: rule.field,
                code: rule.code.into(),
            }]
        }
        across::AcrossRule::Disjoint(rule) => vec![AcrossRule {
            kind: AcrossKind::Disjoint,
            fields: rule.fields.to_vec(),
            by: None,
            cases: None,
            reported_on: rule.reported_on,
            code: rule.code.into(),
        }],
    }
}
