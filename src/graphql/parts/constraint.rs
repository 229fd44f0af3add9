//! The limits of the table in the schema: `@constraint` on input fields and arguments, and numbers in
//! descriptions.

use async_graphql::{
    TypeDirective as _,
    registry::{MetaInputValue, MetaType, Registry},
};

use self::directive::constraint;
use crate::domain::rules::{
    FieldRules, TextFormat,
    inputs::{ARGUMENTS, INPUTS},
    with_limits,
};

#[expect(clippy::too_many_arguments, reason = "they are what can be limited")]
mod directive {
    /// Limits of a value. The first eight arguments are those of the npm package
    /// graphql-constraint-directive. Of a list, `minItems`, `maxItems` and `uniqueItems` are about the
    /// list and all others about its elements. A mutation returns what breaks them as userErrors.
    #[async_graphql::TypeDirective(
        location = "ArgumentDefinition",
        location = "InputFieldDefinition"
    )]
    pub(super) fn constraint(
        min_length: Option<i32>,
        max_length: Option<i32>,
        pattern: Option<String>,
        format: Option<String>,
        min: Option<i32>,
        max: Option<i32>,
        min_items: Option<i32>,
        max_items: Option<i32>,
        not_blank: Option<bool>,
        one_line: Option<bool>,
        trimmed: Option<bool>,
        unique_items: Option<bool>,
    ) {
    }
}

/// Publishes the limits in a schema that has all of its types.
pub(super) fn publish(registry: &mut Registry) {
    constraint.register(registry);
    for rules in &INPUTS {
        let input = registry.types.get_mut(rules.input);
        let Some(MetaType::InputObject { input_fields, .. }) = input else { continue };
        for own in rules.fields().filter(|rules| rules.path.len() == 1) {
            let is_element = |rules: &&FieldRules| rules.path == [own.name(), "*"];
            if let Some(field) = input_fields.get_mut(own.name()) {
                constrain(field, own, rules.fields().find(is_element));
            }
        }
    }
    if let Some(MetaType::Object { fields, .. }) = registry.types.get_mut("Mutation") {
        for field in fields.values_mut() {
            for (of_field, rules) in ARGUMENTS {
                if of_field.is_none_or(|name| name == field.name)
                    && let Some(argument) = field.args.get_mut(rules.name())
                {
                    constrain(argument, rules, None);
                }
            }
        }
    }
    let texts = registry.types.values_mut().flat_map(descriptions);
    for text in texts.filter(|text| text.contains('`')) {
        *text = with_limits(text);
    }
}

/// Adds the directive to a field or an argument, if its rules or those of its elements limit it.
fn constrain(value: &mut MetaInputValue, own: &FieldRules, element: Option<&FieldRules>) {
    let is_list = value.ty.contains('[');
    let element = element.filter(|_| is_list);
    let text = element.unwrap_or(own);
    let number = |limit: Option<usize>| limit.and_then(|limit| limit.try_into().ok());
    let flag = |is_set: bool| is_set.then_some(true);
    let directive = constraint::apply(
        (!text.may_be_blank).then_some(1),
        number(text.max_characters()),
        text.pattern_or_blank(),
        text.format.and_then(format_name),
        own.min,
        own.max,
        None,
        number(own.max_items),
        flag(!text.may_be_blank),
        flag(text.is_one_line),
        flag(text.is_trimmed),
        flag(own.is_unique && is_list),
    );
    if !directive.args.is_empty() {
        value.directive_invocations.push(directive);
    }
}

/// The name that JSON Schema has for a format, unless a blank text is exempt from it.
fn format_name(format: TextFormat) -> Option<String> {
    let name = match format {
        TextFormat::Email => "email",
        TextFormat::Uuid => "uuid",
        TextFormat::DateTime => "date-time",
        TextFormat::HttpUrl
        | TextFormat::Phone
        | TextFormat::HeaderName
        | TextFormat::HeaderValue
        | TextFormat::LanguageCode => return None,
    };
    Some(name.to_owned())
}

/// The descriptions of what clients send, and of the values of enums.
fn descriptions(declared: &mut MetaType) -> Vec<&mut String> {
    let found: Vec<&mut Option<String>> = match declared {
        MetaType::Object { fields, .. } => {
            let arguments = fields.values_mut().flat_map(|field| field.args.values_mut());
            arguments.map(|argument| &mut argument.description).collect()
        }
        MetaType::InputObject { input_fields, .. } => {
            input_fields.values_mut().map(|field| &mut field.description).collect()
        }
        MetaType::Enum { enum_values, .. } => {
            enum_values.values_mut().map(|value| &mut value.description).collect()
        }
        _ => Vec::new(),
    };
    found.into_iter().flatten().collect()
}
