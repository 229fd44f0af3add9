//! What goes into arguments, checked before anything runs.

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Positioned, Value, Variables,
    parser::types::{
        BaseType, InputValueDefinition, OperationDefinition, Type, TypeDefinition, TypeKind,
    },
};
use async_graphql_value::Value as InputValue;

use super::{document::Refusal, error::ErrorCode};

const NO_INT: &str = "has a number in it that is no Int";

const NO_OBJECT: &str = "has a value in it where an object belongs";

/// What an argument, or a field of an input object, takes.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) ty: Type,
    /// Whether it has to be given.
    pub(super) is_required: bool,
}

/// The arguments of a field, or the fields of an input object, by their names.
pub(super) type Inputs = HashMap<String, Input>;

/// These arguments or fields.
pub(super) fn inputs(definitions: &[Positioned<InputValueDefinition>]) -> Inputs {
    let all = definitions.iter().map(|Positioned { node: definition, .. }| {
        let ty = definition.ty.node.clone();
        let is_required = !ty.nullable && definition.default_value.is_none();
        (definition.name.node.to_string(), Input { ty, is_required })
    });
    all.collect()
}

/// A type of the schema that values can be checked against.
#[derive(Debug)]
enum InputType {
    Enum(HashSet<String>),
    Object(Inputs),
    /// An object with exactly one of these fields.
    OneOf(Inputs),
}

/// The types of the schema that values can be checked against, by their names.
#[derive(Debug, Default)]
pub(super) struct InputTypes(HashMap<String, InputType>);

impl InputTypes {
    /// Adds a type of the schema, if it is one.
    pub(super) fn add(&mut self, definition: &TypeDefinition) {
        let ty = match &definition.kind {
            TypeKind::Enum(values) => {
                let values = values.values.iter().map(|value| value.node.value.node.to_string());
                InputType::Enum(values.collect())
            }
            TypeKind::InputObject(object) => {
                let mut directives = definition.directives.iter();
                let fields = inputs(&object.fields);
                if directives.any(|directive| directive.node.name.node == "oneOf") {
                    InputType::OneOf(fields)
                } else {
                    InputType::Object(fields)
                }
            }
            _ => return,
        };
        self.0.insert(definition.name.node.to_string(), ty);
    }

    /// Whether this is certainly a value of a type. The library says of others whether they are,
    /// and what is wrong with them: some are, like the one value that stands for a list of it, or
    /// the one field of a `@oneOf` object.
    pub(super) fn fits(&self, ty: &Type, value: &Value) -> bool {
        let name = match (&ty.base, value) {
            (_, Value::Null) => return ty.nullable,
            (BaseType::List(inner), Value::List(elements)) => {
                return elements.iter().all(|element| self.fits(inner, element));
            }
            (BaseType::List(_), _) => return false,
            (BaseType::Named(name), _) => name.as_str(),
        };
        match (self.0.get(name), value) {
            (Some(InputType::Enum(names)), Value::String(name)) => names.contains(name),
            (Some(InputType::Object(inputs)), Value::Object(fields)) => {
                let is_given = |name: &String| fields.contains_key(name.as_str());
                let mut required = inputs.iter().filter(|(_, input)| input.is_required);
                required.all(|(name, _)| is_given(name))
                    && fields.iter().all(|(name, value)| {
                        let input = inputs.get(name.as_str());
                        input.is_some_and(|input| self.fits(&input.ty, value))
                    })
            }
            (None, Value::String(_)) => matches!(name, "ID" | "String"),
            (None, Value::Boolean(_)) => name == "Boolean",
            (None, Value::Number(number)) => {
                let number = number.as_i64().map(i32::try_from);
                name == "Int" && matches!(number, Some(Ok(_)))
            }
            // It takes anything, and the rules say what it may be.
            (None, Value::Object(_)) => name == "StringMap",
            _ => false,
        }
    }

    /// Refuses variables that have something in them that the library would find too late.
    pub(super) fn check_variables(
        &self,
        operation: &OperationDefinition,
        variables: &Variables,
    ) -> Result<(), Refusal> {
        for Positioned { node: definition, pos } in &operation.variable_definitions {
            let (name, ty) = (&definition.name.node, &definition.var_type.node);
            let given =
                variables.get(name).or_else(|| Some(&definition.default_value.as_ref()?.node));
            if let Some(reason) =
                given.and_then(|value| self.unfit(ty, &value.clone().into_value()))
            {
                let message = format!("The variable ${name} {reason}.");
                return Err(Refusal::new(ErrorCode::BadUserInput, message).at(*pos));
            }
        }
        Ok(())
    }

    /// What is in a value that the library would find too late, if anything: while it validates, it
    /// takes any 64 bits for an Int and anything for an object, and fails when it executes the
    /// field. By then other mutations of the document may have been carried out, and their answers
    /// are lost with the failing one.
    pub(super) fn unfit(&self, ty: &Type, value: &InputValue) -> Option<&'static str> {
        match (&ty.base, value) {
            (_, InputValue::Null | InputValue::Variable(_)) => None,
            (BaseType::List(inner), InputValue::List(elements)) => {
                elements.iter().find_map(|element| self.unfit(inner, element))
            }
            (BaseType::List(inner), value) => self.unfit(inner, value),
            (BaseType::Named(name), value) => match (self.0.get(name.as_str()), value) {
                (
                    Some(InputType::Object(inputs) | InputType::OneOf(inputs)),
                    InputValue::Object(fields),
                ) => fields
                    .iter()
                    .find_map(|(name, value)| self.unfit(&inputs.get(name.as_str())?.ty, value)),
                (Some(InputType::Object(_) | InputType::OneOf(_)), _) => Some(NO_OBJECT),
                (None, InputValue::Number(number)) if name == "Int" => {
                    let is_int =
                        number.as_i64().is_some_and(|number| i32::try_from(number).is_ok());
                    (!is_int).then_some(NO_INT)
                }
                _ => None,
            },
        }
    }
}
