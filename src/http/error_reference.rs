//! docs/errors.md: all codes of errors, made of their definitions.

use std::fmt::Write as _;

use strum::{EnumMessage as _, IntoEnumIterator as _};

use super::{error::status, rest::problem::status_of_codes};
use crate::{
    domain::violation::{Field, PhoneFault, Unit, Violation, ViolationCode, ViolationKind},
    graphql::{error::ErrorCode, user_error_codes},
};

/// The heading, and what stands above the first table.
const RULES: &str = "\
# Errors

This page is printed by `crm-steps errors` from the definitions in the program.

## Broken rules

An input that breaks rules is refused as a whole, with all broken rules at once. In GraphQL they are data,
`userErrors { field code message params { name value } }`: `field` is the path of the value from the
arguments down, `message` says what is wrong and what to do about it, `params` has the values in the message.
In REST they are the `errors` of an `application/problem+json` whose `code` is `RULES_BROKEN`; the status is
that of the table if all codes of the answer have the same one, otherwise 400. REST also uses `INVALID_TYPE`
for a field that is missing or has a value of another type, which in GraphQL is one of the errors below.

| code | REST | when | example of a message |
|---|---|---|---|
";

/// What stands above the second table.
const OTHERS: &str = "
## Everything else

In GraphQL it is an error with `extensions.code` and `extensions.requestId`; in REST the `code` of an
`application/problem+json`. The status is that of an answer without data. If one field fails beside others
that have data, the status is 200. A client whose `Accept` names `application/json` gets 200 instead of 400 if its
GraphQL document or its variables are refused.

| code | status | when | what a client does |
|---|---|---|---|
";

/// All codes as Markdown: those of broken rules, and those of all other errors.
#[must_use]
pub fn error_reference() -> String {
    let mut page = RULES.to_owned();
    for (code, description) in user_error_codes() {
        let name: &str = code.into();
        let status = status_of_codes(std::iter::once(name)).as_u16();
        let (when, example) = (one_line(description), example(code).message());
        // Writing to a string does not fail.
        let _ = writeln!(page, "| `{name}` | {status} | {when} | {example} |");
    }
    page.push_str(OTHERS);
    for code in ErrorCode::iter() {
        let name: &str = code.into();
        let status = status(code).as_u16();
        let description = code.get_documentation().unwrap_or_default();
        let (when, what_to_do) = description.split_once("\n\n").unwrap_or((description, ""));
        let (when, what_to_do) = (one_line(when), one_line(what_to_do));
        let _ = writeln!(page, "| `{name}` | {status} | {when} | {what_to_do} |");
    }
    page
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A violation with this code, to show its message.
fn example(code: ViolationCode) -> Violation {
    use ViolationCode as Code;
    use ViolationKind as Kind;
    let key = |key: &str| Field::from("webhookHeader").key(key);
    let (field, kind): (Field, _) = match code {
        Code::Blank => ("name".into(), Kind::Blank),
        Code::TooLong => {
            ("name".into(), Kind::TooLong { unit: Unit::Characters, max: 255, actual: 312 })
        }
        Code::InvalidCharacter => ("name".into(), Kind::InvalidCharacter),
        Code::NotFound => ("agentId".into(), Kind::NotFound),
        Code::TriggerOrPromptRequired => ("trigger".into(), Kind::TriggerOrPromptRequired),
        Code::StepNotInScenario => ("autoNextStepId".into(), Kind::StepNotInScenario),
        Code::SelfReference => ("autoNextStepId".into(), Kind::SelfReference),
        Code::InvalidPlacement => ("first".into(), Kind::InvalidPlacement),
        Code::AutoNextIncomplete => ("autoNextTime".into(), Kind::AutoNextIncomplete),
        Code::OutOfRange => {
            ("autoNextTime".into(), Kind::OutOfRange { min: 1, max: 31_536_000, actual: 0 })
        }
        Code::UnitWithoutTime => ("autoNextTimeUnit".into(), Kind::UnitWithoutTime),
        Code::RemovalStepConflict => {
            ("isConversationRemovalStep".into(), Kind::RemovalStepConflict)
        }
        Code::AssigneesRequired => {
            ("selectedMembershipIdsForAssignee".into(), Kind::AssigneesRequired)
        }
        Code::AssigneeCount => {
            ("selectedMembershipIdsForAssignee".into(), Kind::AssigneeCount { actual: 2 })
        }
        Code::AssigneesNotAllowed => {
            ("selectedMembershipIdsForAssignee".into(), Kind::AssigneesNotAllowed)
        }
        Code::DuplicateValue => {
            (Field::from("defaultTags").at(1), Kind::DuplicateValue { value: "new".to_owned() })
        }
        Code::TooMany => ("defaultTags".into(), Kind::TooMany { max: 50, actual: 51 }),
        Code::TagsOverlap => {
            ("defaultTagsToRemove".into(), Kind::TagsOverlap { tags: vec!["new".to_owned()] })
        }
        Code::ZapiIncomplete => ("zapiMessage".into(), Kind::ZapiIncomplete),
        Code::InvalidPhone => {
            ("zapiPhoneNumber".into(), Kind::InvalidPhone(PhoneFault::Character('@')))
        }
        Code::TemplateIncomplete => ("whatsappTemplateName".into(), Kind::TemplateIncomplete),
        Code::InvalidTemplateName => ("whatsappTemplateName".into(), Kind::InvalidTemplateName),
        Code::InvalidLanguageCode => {
            ("whatsappTemplateLanguageCode".into(), Kind::InvalidLanguageCode)
        }
        Code::InvalidUrl => ("webhookUrl".into(), Kind::InvalidUrl),
        Code::UrlNotAllowed => ("webhookUrl".into(), Kind::UrlNotAllowed),
        Code::InvalidType => ("webhookHeader".into(), Kind::InvalidType),
        Code::HeadersWithoutUrl => ("webhookHeader".into(), Kind::HeadersWithoutUrl),
        Code::InvalidHeaderName => (key("X Key"), Kind::InvalidHeaderName),
        Code::InvalidHeaderValue => (key("X-Key"), Kind::InvalidHeaderValue),
        Code::MaskedHeaderValue => (key("X-Key"), Kind::MaskedHeaderValue),
        Code::HeaderNotAllowed => (key("Host"), Kind::HeaderNotAllowed),
        Code::InvalidEmail => ("email".into(), Kind::InvalidEmail),
        Code::InvalidId => ("id".into(), Kind::InvalidId),
        Code::IdTaken => ("id".into(), Kind::IdTaken),
        Code::AutoNextConflict => ("autoNextStepRef".into(), Kind::AutoNextConflict),
        Code::StaleVersion => {
            ("expectedVersion".into(), Kind::StaleVersion { expected: 1, actual: 2 })
        }
        Code::StepCountMismatch => {
            ("expectedStepCount".into(), Kind::StepCountMismatch { expected: 2, actual: 7 })
        }
        Code::InUse => ("id".into(), Kind::InUse { count: 6 }),
        Code::IdempotencyKeyMismatch => ("idempotencyKey".into(), Kind::IdempotencyKeyMismatch),
        Code::IdempotencyKeyInUse => ("idempotencyKey".into(), Kind::IdempotencyKeyInUse),
    };
    Violation::new(field, kind)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_example_has_its_code_and_the_params_that_its_description_names() {
        for (code, description) in user_error_codes() {
            let example = example(code);
            assert_eq!(example.code(), code);
            let description = one_line(description);
            let named = description.split_once("Params: ").map_or("", |(_, names)| names);
            let named: BTreeSet<&str> = named.split([',', '.', ';', ' ']).collect();
            for (name, _) in example.params() {
                assert!(named.contains(name), "{code:?}: {name} is not in {description:?}");
            }
        }
    }

    #[test]
    fn each_error_says_when_it_occurs_and_what_a_client_does() {
        for code in ErrorCode::iter() {
            let description = code.get_documentation().expect("it has a description");
            assert_eq!(description.matches("\n\n").count(), 1, "{code:?}: {description}");
        }
    }

    #[test]
    fn every_line_of_a_table_has_four_cells() {
        let page = error_reference();
        let lines: Vec<_> = page.lines().filter(|line| line.starts_with('|')).collect();
        assert!(lines.len() > 50, "{page}");
        for line in lines {
            assert_eq!(line.matches('|').count(), 5, "{line}");
            assert!(!line.contains("|  |"), "{line}");
        }
    }
}
