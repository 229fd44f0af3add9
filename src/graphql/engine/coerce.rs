//! Checks the values of variables against their types, and converts them to the form of the type.

use apollo_compiler::ast::Type;
use async_graphql::{Name, Number, Value, Variables, indexmap::IndexMap};

use super::{
    Operation,
    allowed::{self, Syntax},
    lexing::INPUT_NESTING_MAX,
    rejected::{DocumentRejected, Fault, Reason},
    schema_index::{InputFields, InputKind, Scalar, SchemaIndex},
};

/// The maximum number of faults of one rejection.
const FAULTS_MAX: usize = 10;

/// Coerces the values of an operation's variables in place, and fills in defaults. Rejects null at a
/// location that has a default and does not allow null: the field would report it as an error, when
/// the fields before it have already been executed.
pub(super) fn variables(
    schema: &SchemaIndex,
    operation: &Operation,
    variables: &mut Variables,
) -> Result<(), DocumentRejected> {
    let mut faults = Vec::new();
    let definitions = operation.definition.node.variable_definitions.iter();
    for (definition, ty) in definitions.zip(&operation.variable_types) {
        let name = &definition.node.name.node;
        let unfit = if let Some(value) = variables.get_mut(name) {
            coerce(schema, ty, value).err().unwrap_or_default()
        } else if let Some(default) = &definition.node.default_value {
            variables.insert(name.clone(), default.node.clone());
            continue;
        } else if ty.is_non_null() {
            vec![Unfit::new(REQUIRED)]
        } else {
            continue;
        };
        faults.extend(unfit.into_iter().map(|Unfit { path, what }| {
            Fault::new(format!("The variable ${name}{path} {what}"), Some(definition.pos))
        }));
    }
    if faults.is_empty() {
        let is_null = |(name, _): &&(Name, Fault)| variables.get(name) == Some(&Value::Null);
        let null = operation.never_null.iter().find(is_null);
        faults.extend(null.map(|(_, fault)| fault.clone()));
    }
    faults.truncate(FAULTS_MAX);
    if faults.is_empty() {
        Ok(())
    } else {
        Err(DocumentRejected { reason: Reason::VariableValue, faults })
    }
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
}

/// Coerces a value to its type: a single value becomes a list of it, an integer in the position of
/// an id becomes its text, and a whole number becomes an Int however it is written. If it does not fit,
/// returns up to [`FAULTS_MAX`] reasons.
pub(super) fn coerce(schema: &SchemaIndex, ty: &Type, value: &mut Value) -> Result<(), Vec<Unfit>> {
    coerce_within(schema, ty, value, INPUT_NESTING_MAX)
}

/// The same for a value that may have this many input objects in each other.
fn coerce_within(
    schema: &SchemaIndex,
    ty: &Type,
    value: &mut Value,
    levels: usize,
) -> Result<(), Vec<Unfit>> {
    let not_a = || {
        let kind = schema.input(ty.inner_named_type());
        let allowed = allowed::value(&kind, Syntax::Json).unwrap_or_default();
        vec![Unfit::new(format!("must be of the type {ty}{allowed}."))]
    };
    if *value == Value::Null {
        return if ty.is_non_null() { Err(not_a()) } else { Ok(()) };
    }
    let name = match ty {
        Type::List(element) | Type::NonNullList(element) => {
            let Value::List(elements) = value else {
                coerce_within(schema, element, value, levels)?;
                *value = Value::List(vec![std::mem::take(value)]);
                return Ok(());
            };
            let mut unfit = Vec::new();
            for (index, value) in elements.iter_mut().enumerate() {
                if let Err(within) = coerce_within(schema, element, value, levels) {
                    unfit.extend(inside(within, &format!("[{index}]")));
                    if unfit.len() >= FAULTS_MAX {
                        break;
                    }
                }
            }
            return all_fit(unfit);
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
                return Err(vec![Unfit::new(not_of(ty, scalar))]);
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
            return coerce_object(schema, (name, fields, is_one_of), given, levels);
        }
        _ => false,
    };
    if fits { Ok(()) } else { Err(not_a()) }
}

/// The end of a message about a value that a custom scalar does not have.
pub(super) fn not_of(ty: &Type, Scalar { name, form, .. }: &Scalar) -> String {
    format!("must be of the type {ty}: a {name} {form}.")
}

/// The same for the fields of an input object.
fn coerce_object(
    schema: &SchemaIndex,
    (name, fields, is_one_of): (&str, &InputFields, bool),
    given: &mut IndexMap<Name, Value>,
    levels: usize,
) -> Result<(), Vec<Unfit>> {
    let levels = levels.checked_sub(1).ok_or_else(|| {
        vec![Unfit::new(format!("nests deeper than {INPUT_NESTING_MAX} input objects."))]
    })?;
    // Loops, as chains of iterators cost a tenth more for many small objects.
    let mut unfit = Vec::new();
    for (field, value) in given.iter_mut() {
        let checked = if let Some(definition) = fields.get(field.as_str()) {
            coerce_within(schema, &definition.ty, value, levels)
        } else {
            let allowed = allowed::field(fields, field).unwrap_or_default();
            Err(vec![Unfit::new(format!("is a field that {name} does not have{allowed}."))])
        };
        if let Err(within) = checked {
            unfit.extend(inside(within, &format!(".{field}")));
            if unfit.len() >= FAULTS_MAX {
                break;
            }
        }
    }
    if is_one_of && (given.len() != 1 || given.values().any(|value| *value == Value::Null)) {
        unfit.push(Unfit::new(format!(
            "is a {name}, which takes exactly one field, with a value that is not null."
        )));
    }
    for field in fields.values() {
        if field.is_required() && !given.contains_key(field.name.as_str()) {
            unfit.extend(inside(vec![Unfit::new(REQUIRED)], &format!(".{}", field.name)));
        }
    }
    all_fit(unfit)
}

fn all_fit(unfit: Vec<Unfit>) -> Result<(), Vec<Unfit>> {
    if unfit.is_empty() { Ok(()) } else { Err(unfit) }
}

/// The same reasons in a value at this place of what is around it.
fn inside(mut unfit: Vec<Unfit>, place: &str) -> Vec<Unfit> {
    for Unfit { path, .. } in &mut unfit {
        path.insert_str(0, place);
    }
    unfit
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
