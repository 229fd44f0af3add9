//! The limits of inputs: one table, as data.
//!
//! The validator checks by it and has no limits of its own. The schema, the OpenAPI document and the
//! query `inputRules` publish it, so that a form finds nearly all violations before it is sent.

pub mod across;
pub mod fields;
pub mod inputs;

use std::sync::LazyLock;

use regex::Regex;

use super::violation::{Field, ViolationCode};

/// Declares limits. Where a text has the name of one in backticks, [`with_limits`] writes its number.
macro_rules! limits {
    ($($(#[$description:meta])* $name:ident: $type:ty = $limit:literal;)+) => {
        $($(#[$description])* pub const $name: $type = $limit;)+

        /// The limits by their names, as they are written here.
        const LIMITS: &[(&str, &str)] = &[$((stringify!($name), stringify!($limit))),+];
    };
}

limits! {
    /// Longest name of anything, in characters.
    NAME_MAX: usize = 255;
    /// Longest description of a scenario, in characters.
    DESCRIPTION_MAX: usize = 2_000;
    /// Longest key of a scenario or a step, in characters.
    KEY_MAX: usize = 64;
    /// Longest idempotency key, in characters, as with other services.
    IDEMPOTENCY_KEY_MAX: usize = 255;
    /// The maximum number of steps of one call.
    BATCH_MAX: usize = 100;
    /// The maximum number of elements of a page.
    PAGE_MAX: i32 = 100;
    /// The maximum number of elements of a page of a scenario's steps, which are shown together.
    STEPS_PAGE_MAX: i32 = 1_000;
    /// Longest trigger, in characters.
    TRIGGER_MAX: usize = 2_000;
    /// Longest prompt, in characters.
    PROMPT_MAX: usize = 20_000;
    /// Longest text that WhatsApp carries in one message, in characters.
    MESSAGE_MAX: usize = 4_096;
    /// Longest timer, in days.
    DELAY_DAYS_MAX: i32 = 365;
    /// Longest time that is simulated, and longest time between two events of a simulation, in days.
    SIMULATION_DAYS_MAX: i32 = 365;
    /// The maximum number of candidates of one step.
    MEMBERSHIPS_MAX: usize = 100;
    /// Longest tag, in characters.
    TAG_MAX: usize = 64;
    /// The maximum number of tags in one list.
    TAGS_MAX: usize = 50;
    /// Longest spelling of a phone number, in characters.
    PHONE_MAX: usize = 255;
    /// Fewest digits of a phone number: those of small networks.
    PHONE_DIGITS_MIN: usize = 8;
    /// Most digits of a phone number (ITU-T E.164).
    PHONE_DIGITS_MAX: usize = 15;
    /// Longest name of a template, in characters (WhatsApp's limit).
    TEMPLATE_NAME_MAX: usize = 512;
    /// Longest URL, in characters.
    URL_MAX: usize = 2_048;
    /// The maximum number of headers of one webhook.
    HEADERS_MAX: usize = 30;
    /// The maximum size, in bytes, of the names and values of all headers together, which common
    /// servers allow for the headers of a request.
    HEADERS_BYTES_MAX: usize = 8_192;
}

/// The text with the numbers of the limits that it names in backticks.
#[must_use]
pub fn with_limits(text: &str) -> String {
    LIMITS.iter().fold(text.to_owned(), |text, (name, limit)| {
        text.replace(&format!("`{name}`"), &limit.replace('_', ","))
    })
}

/// A regular expression for a whole text, which means the same in ECMAScript (with the flag `u`), RE2
/// and Rust.
pub type Pattern = LazyLock<Regex>;

/// A pattern that names limits in backticks.
fn pattern(text: &str) -> Regex {
    Regex::new(&with_limits(text)).expect("the table has regular expressions")
}

/// What the values at one path of an input have to be.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a rule of its own")]
pub struct FieldRules {
    /// The field, then `*` for each element of a list or name of a map, then `*` for its value.
    pub path: &'static [&'static str],
    /// Whether white space around it is removed before it is checked.
    pub is_trimmed: bool,
    /// Whether control characters and line separators are rejected.
    pub is_one_line: bool,
    /// Whether it may have no visible character.
    pub may_be_blank: bool,
    /// Its maximum length, in this unit.
    pub max_length: Option<usize>,
    /// What [`max_length`](Self::max_length) counts.
    pub length_unit: LengthUnit,
    /// What it has to match.
    pub pattern: Option<&'static Pattern>,
    /// The maximum length, in characters, of what matches the pattern, which cannot say it. Schemas have
    /// no codes, and publish it like any other length.
    pub pattern_max_length: Option<usize>,
    /// What it has to be.
    pub format: Option<TextFormat>,
    /// Whether a blank text is exempt from the pattern and the format.
    pub is_blank_exempt: bool,
    /// The code of the pattern and of the format.
    pub format_code: Option<ViolationCode>,
    /// The least number.
    pub min: Option<i32>,
    /// The largest number.
    pub max: Option<i32>,
    /// The maximum number of entries.
    pub max_items: Option<usize>,
    /// Whether no entry may occur twice.
    pub is_unique: bool,
    /// Values that are rejected, in lower case.
    pub not_one_of: &'static [&'static str],
    /// The code of these values.
    pub not_allowed_code: Option<ViolationCode>,
    /// Whose id it is.
    pub references: Option<ReferenceKind>,
    /// The codes of other rules that are reported at this path.
    pub other_codes: &'static [ViolationCode],
}

/// What the length of a text counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LengthUnit {
    /// Unicode scalar values.
    Characters,
    /// Bytes of UTF-8.
    Bytes,
}

/// What a text has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the formats; the schema describes them")]
pub enum TextFormat {
    HttpUrl,
    Phone,
    Email,
    Uuid,
    HeaderName,
    HeaderValue,
    LanguageCode,
    DateTime,
}

/// The resource that an id refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the resources")]
pub enum ReferenceKind {
    Agent,
    Membership,
    CrmScenario,
    CrmStep,
    CrmStepOfSameScenario,
}

impl FieldRules {
    /// The rules of a value that nothing limits.
    #[must_use]
    pub const fn unlimited(path: &'static [&'static str]) -> Self {
        Self {
            path,
            is_trimmed: false,
            is_one_line: false,
            may_be_blank: true,
            max_length: None,
            length_unit: LengthUnit::Characters,
            pattern: None,
            pattern_max_length: None,
            format: None,
            is_blank_exempt: true,
            format_code: None,
            min: None,
            max: None,
            max_items: None,
            is_unique: false,
            not_one_of: &[],
            not_allowed_code: None,
            references: None,
            other_codes: &[],
        }
    }

    /// A text of up to `max` characters.
    const fn text(path: &'static [&'static str], max: usize) -> Self {
        Self { max_length: Some(max), ..Self::unlimited(path) }
    }

    /// An id of a resource.
    const fn reference(path: &'static [&'static str], references: ReferenceKind) -> Self {
        Self { references: Some(references), ..Self::unlimited(path) }
    }

    /// A list of up to `max` different entries.
    const fn set(path: &'static [&'static str], max: usize) -> Self {
        Self { max_items: Some(max), is_unique: true, ..Self::unlimited(path) }
    }

    /// The name of the field.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.path[0]
    }

    /// Whether a text matches the pattern, if there is one, and is no longer than that allows.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        // A text has at least as many bytes as characters, so most need no counting.
        let is_longer = |max: usize| text.len() > max && text.chars().count() > max;
        !self.pattern_max_length.is_some_and(is_longer)
            && self.pattern.is_none_or(|pattern| pattern.is_match(text))
    }

    /// The pattern for schemas, which have no exemption of a blank text. Such a text has no visible
    /// character, in particular no ASCII one.
    #[must_use]
    pub fn pattern_or_blank(&self) -> Option<String> {
        let is_exempt = self.may_be_blank && self.is_blank_exempt;
        let or_blank = if is_exempt { "|^[^!-~]*$" } else { "" };
        self.pattern.map(|pattern| format!("{}{or_blank}", pattern.as_str()))
    }

    /// The maximum length for schemas, in characters.
    #[must_use]
    pub fn max_characters(&self) -> Option<usize> {
        let characters = self.max_length.filter(|_| self.length_unit == LengthUnit::Characters);
        characters.or(self.pattern_max_length)
    }

    /// The codes of these rules, and of others that are reported at this path.
    pub fn codes(&self) -> impl Iterator<Item = ViolationCode> {
        use ViolationCode as Code;
        let is_text = self.max_length.is_some() && self.length_unit == LengthUnit::Characters;
        let own = [
            (!self.may_be_blank, Code::Blank),
            (is_text, Code::InvalidCharacter),
            (self.max_length.is_some(), Code::TooLong),
            (self.min.is_some() || self.max.is_some(), Code::OutOfRange),
            (self.max_items.is_some(), Code::TooMany),
            (self.is_unique, Code::DuplicateValue),
            (self.references.is_some(), Code::NotFound),
        ];
        let own = own.into_iter().filter_map(|(has_rule, code)| has_rule.then_some(code));
        own.chain(self.not_allowed_code)
            .chain(self.format_code)
            .chain(self.other_codes.iter().copied())
    }
}

impl From<&'static FieldRules> for Field {
    fn from(rules: &'static FieldRules) -> Self {
        Self::from(rules.name())
    }
}
