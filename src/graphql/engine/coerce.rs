//! Checks the values of variables against their types, and converts them to the form of the type.

use std::fmt;

use apollo_compiler::ast::Type;
use async_graphql::{Name, Number, Value, Variables};

use super::{
    Operation,
    lexing::INPUT_NESTING_MAX,
    rejected::{DocumentRejected, Fault, Reason},
    schema_index::{InputKind, Scalar, SchemaIndex},
};

/// Coerces the values of an operation's variables in place, and fills in defaults. Rejects null at a
/// location that has a default and does not allow null: the field would report it as an error, when
/// the fields before it have already been executed.
pub(super) fn variables(
    schema: &SchemaIndex,
    operation: &Operation,
    variables: &mut Variables,
) -> Result<(), DocumentRejected> {
    let definitions = operation.definition.node.variable_definitions.iter();
    for (definition, ty) in definitions.zip(&operation.variable_types) {
        let name = &definition.node.name.node;
        let rejected = |message: String| {
            Err(DocumentRejected::new(Reason::VariableValue, message).at(definition.pos))
        };
        if let Some(value) = variables.get_mut(name) {
            if let Err(Unfit { path, what }) = coerce(schema, ty, value) {
                return rejected(format!("The variable ${name}{path} {what}"));
            }
        } else if let Some(default) = &definition.node.default_value {
            variables.insert(name.clone(), default.node.clone());
        } else if ty.is_non_null() {
            return rejected(format!("The variable ${name} {REQUIRED}"));
        }
    }
    let is_null = |(name, _): &&(Name, Fault)| variables.get(name) == Some(&Value::Null);
    operation.never_null.iter().find(is_null).map_or(Ok(()), |(_, fault)| {
        Err(DocumentRejected { reason: Reason::VariableValue, faults: vec![fault.clone()] })
    })
}

/// The end of a message about a variable that has to have a value.
const REQUIRED: &str = "is required and has no value.";

/// Why a value does not fit its type.
pub(super) struct Unfit {
    /// The path from the variable to the value.
    path: String,
    /// The message, without its subject.
    what: String,
}

impl Unfit {
    fn new(what: impl Into<String>) -> Self {
        Self { path: String::new(), what: what.into() }
    }

    /// The same in an element or a field of a value.
    fn inside(self, of: fmt::Arguments<'_>) -> Self {
        Self { path: format!("{of}{}", self.path), ..self }
    }
}

/// Coerces a value to its type: a single value becomes a list of it, an integer in the position of
/// an id becomes its text, and a whole number becomes an Int however it is written.
pub(super) fn coerce(schema: &SchemaIndex, ty: &Type, value: &mut Value) -> Result<(), Unfit> {
    coerce_within(schema, ty, value, INPUT_NESTING_MAX)
}

/// The same for a value that may have this many input objects in each other.
fn coerce_within(
    schema: &SchemaIndex,
    ty: &Type,
    value: &mut Value,
    levels: usize,
) -> Result<(), Unfit> {
    let not_a = || Unfit::new(format!("must be of the type {ty}."));
    if *value == Value::Null {
        return if ty.is_non_null() { Err(not_a()) } else { Ok(()) };
    }
    let name = match ty {
        Type::List(element) | Type::NonNullList(element) => {
            if let Value::List(elements) = value {
                for (index, value) in elements.iter_mut().enumerate() {
                    coerce_within(schema, element, value, levels)
                        .map_err(|fault| fault.inside(format_args!("[{index}]")))?;
                }
            } else {
                coerce_within(schema, element, value, levels)?;
                *value = Value::List(vec![std::mem::take(value)]);
            }
            return Ok(());
        }
        Type::Named(name) | Type::NonNullNamed(name) => name,
    };
    let fits = match (schema.input(name), &mut *value) {
        (InputKind::Any, _)
        | (InputKind::String | InputKind::Id, Value::String(_))
        | (InputKind::Float, Value::Number(_))
        | (InputKind::Boolean, Value::Boolean(_)) => true,
        (InputKind::Custom(scalar), value) => {
            if !(scalar.has)(value) {
                return Err(Unfit::new(not_of(ty, scalar)));
            }
            true
        }
        (InputKind::Int, Value::Number(number)) => whole(number).is_some_and(|whole| {
            *number = whole.into();
            true
        }),
        (InputKind::Id, Value::Number(number)) => id(number).is_some_and(|id| {
            *value = Value::String(id);
            true
        }),
        (InputKind::Enum(values), Value::String(name)) => values.contains_key(name.as_str()),
        (InputKind::Enum(values), Value::Enum(name)) => values.contains_key(name.as_str()),
        (InputKind::Object { fields, is_one_of }, Value::Object(given)) => {
            let levels = levels.checked_sub(1).ok_or_else(|| {
                Unfit::new(format!("nests deeper than {INPUT_NESTING_MAX} input objects."))
            })?;
            for (field, value) in given.iter_mut() {
                let Some(definition) = fields.get(field.as_str()) else {
                    let what = format!("is a field that {name} does not have.");
                    return Err(Unfit::new(what).inside(format_args!(".{field}")));
                };
                coerce_within(schema, &definition.ty, value, levels)
                    .map_err(|fault| fault.inside(format_args!(".{field}")))?;
            }
            if is_one_of && (given.len() != 1 || given.values().any(|value| *value == Value::Null))
            {
                return Err(Unfit::new(format!(
                    "is a {name}, which takes exactly one field, with a value that is not null."
                )));
            }
            let mut required = fields.values().filter(|field| field.is_required());
            if let Some(missing) = required.find(|field| !given.contains_key(field.name.as_str())) {
                return Err(Unfit::new(REQUIRED).inside(format_args!(".{}", missing.name)));
            }
            true
        }
        _ => false,
    };
    if fits { Ok(()) } else { Err(not_a()) }
}

/// The end of a message about a value that a custom scalar does not have.
pub(super) fn not_of(ty: &Type, Scalar { name, form, .. }: &Scalar) -> String {
    format!("must be of the type {ty}: a {name} {form}.")
}

/// The whole number of 32 bits that this is, however it is written.
fn whole(number: &Number) -> Option<i32> {
    let whole = number.as_i64().or_else(|| {
        let float = number.as_f64().filter(|float| float.fract() == 0.0)?;
        #[expect(clippy::cast_possible_truncation, reason = "out of range it stays out of range")]
        Some(float as i64)
    });
    whole?.try_into().ok()
}

/// The text of an integer of any size; those beyond 64 bits arrive as floats.
fn id(number: &Number) -> Option<String> {
    match number.as_f64() {
        Some(float) if number.is_f64() => (float.fract() == 0.0).then(|| format!("{float}")),
        _ => Some(number.to_string()),
    }
}
