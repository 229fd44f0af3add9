//! What the schema allows in place of what it does not: the ends of messages.

use apollo_compiler::{Name, schema::ExtendedType};

use super::schema_index::{InputFields, InputKind, SchemaIndex};

/// The maximum number of names in the end of a message.
const NAMES_MAX: usize = 10;

/// The longest name to compare with others, in bytes. Those of the schema are shorter.
const COMPARED_MAX: usize = 64;

/// How similar a name is to the one that was probably meant, at least, from 0 to 1.
const SIMILARITY_MIN: f64 = 0.85;

/// The names of the fields of JSON objects are in quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Syntax {
    GraphQl,
    Json,
}

/// What the schema allows where the parser's validation found this kind of error, with this message. The
/// parser keeps the types and names to itself; they are read from its messages, which an upgrade may change.
pub(super) fn instead(schema: &SchemaIndex, error: &str, message: &str) -> Option<String> {
    let mut quoted = message.split('`').skip(1).step_by(2);
    match error {
        "UndefinedField" => {
            let (ty, given) = (quoted.next()?, quoted.next()?);
            let fields = match schema.valid().types.get(ty)? {
                ExtendedType::Object(object) => &object.fields,
                ExtendedType::Interface(interface) => &interface.fields,
                _ => return None,
            };
            names("its fields:", given, fields.keys())
        }
        "UndefinedArgument" => {
            let (given, of) = (quoted.next()?, quoted.next()?);
            let arguments = match of.split_once('.') {
                Some((ty, field)) => &schema.valid().type_field(ty, field).ok()?.arguments,
                None => schema.directive_arguments(of.trim_start_matches('@')),
            };
            names("its arguments:", given, arguments.iter().map(|argument| &argument.name))
        }
        "UndefinedEnumValue" | "UndefinedInputValue" => {
            let (given, ty) = (quoted.next()?, quoted.next()?);
            match schema.input(ty) {
                InputKind::Enum(values) => names("one of", given, values.keys()),
                InputKind::Object { fields, .. } => field(fields, given),
                _ => None,
            }
        }
        "UnsupportedValueType" => {
            let (_, rest) = message.split_once("of type ")?;
            let (ty, found) = rest.split_once(", found ")?;
            if found == "a variable" {
                return Some("; declare it with this type".to_owned());
            }
            let kind = schema.input(ty.trim_matches(['[', ']', '!']));
            let unquoted = if found == "a string" { ", written without quotes" } else { "" };
            value(&kind, Syntax::GraphQl).map(|allowed| match kind {
                InputKind::Enum(_) => allowed + unquoted,
                _ => allowed,
            })
        }
        _ => None,
    }
}

/// The fields of an input object.
pub(super) fn field(fields: &InputFields, given: &str) -> Option<String> {
    names("its fields:", given, fields.keys())
}

/// The values that are allowed.
pub(super) fn value(kind: &InputKind<'_>, syntax: Syntax) -> Option<String> {
    match kind {
        InputKind::Enum(values) => names("one of", "", values.keys()),
        InputKind::Object { fields, is_one_of } => {
            let quote = if syntax == Syntax::Json { "\"" } else { "" };
            let all = || fields.values();
            let needs_some = all().any(|field| field.is_required());
            let shown = all().filter(|field| field.is_required() || !needs_some).take(NAMES_MAX);
            let shown: Vec<_> =
                shown.map(|field| format!("{quote}{}{quote}: …", field.name)).collect();
            let separator = if *is_one_of { "} or {" } else { ", " };
            Some(format!("; an object like {{{}}}", shown.join(separator)))
        }
        _ => None,
    }
}

/// All names if they are few, otherwise the one that was probably meant.
fn names<'a>(label: &str, given: &str, all: impl IntoIterator<Item = &'a Name>) -> Option<String> {
    let all: Vec<&str> = all.into_iter().map(Name::as_str).collect();
    match all.len() {
        0 => None,
        1..=NAMES_MAX => Some(format!("; {label} {}", all.join(", "))),
        _ => most_similar(given, &all).map(|meant| format!("; write {meant} if you mean that")),
    }
}

/// The name that was probably meant.
fn most_similar<'a>(given: &str, names: &[&'a str]) -> Option<&'a str> {
    if given.len() > COMPARED_MAX {
        return None;
    }
    let rated = names.iter().map(|name| (strsim::jaro_winkler(given, name), *name));
    let best = rated.max_by(|(a, _), (b, _)| a.total_cmp(b));
    best.filter(|(similarity, _)| *similarity >= SIMILARITY_MIN).map(|(_, name)| name)
}
