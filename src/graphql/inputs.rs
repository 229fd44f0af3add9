//! What goes into arguments, checked before anything runs.

use std::collections::{HashMap, HashSet};

use async_graphql::{
    Name, Positioned, Value, Variables,
    parser::types::{
        BaseType, InputValueDefinition, OperationDefinition, Type, TypeDefinition, TypeKind,
    },
};
use async_graphql_value::Value as InputValue;

use super::{document::Refusal, error::ErrorCode};

/// What an argument, or a field of an input object, takes.
#[derive(Debug)]
pub(super) struct Input {
    ty: Type,
    is_required: bool,
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

    /// Whether this is certainly a value for an argument. The library says of others whether they
    /// are, and what is wrong with them.
    pub(super) fn fits(&self, argument: &Input, value: &Value) -> bool {
        self.is_of_type(&argument.ty, value)
    }

    fn is_of_type(&self, ty: &Type, value: &Value) -> bool {
        let name = match (&ty.base, value) {
            (_, Value::Null) => return ty.nullable,
            (BaseType::List(inner), Value::List(elements)) => {
                return elements.iter().all(|element| self.is_of_type(inner, element));
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
                        input.is_some_and(|input| self.is_of_type(&input.ty, value))
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

    /// Refuses variables with a whole number in them that is too large, wherever they are used.
    ///
    /// The library takes any 64 bits for an Int while it validates, and fails when it executes the
    /// field. By then other mutations of the document may have been carried out, and their answers
    /// are lost with the failing one.
    pub(super) fn check_integers(
        &self,
        operation: &OperationDefinition,
        variables: &Variables,
    ) -> Result<(), Refusal> {
        for Positioned { node: definition, pos } in &operation.variable_definitions {
            let (name, ty) = (&definition.name.node, &definition.var_type.node);
            let given =
                variables.get(name).or_else(|| Some(&definition.default_value.as_ref()?.node));
            if given.is_some_and(|value| self.is_out_of_range(ty, &value.clone().into_value())) {
                let message = format!("The variable ${name} has a number in it that is no Int.");
                return Err(Refusal::new(ErrorCode::BadUserInput, message).at(*pos));
            }
        }
        Ok(())
    }

    /// The first of a field's arguments with such a number written in it.
    pub(super) fn find_out_of_range<'a>(
        &self,
        inputs: &Inputs,
        arguments: &'a [(Positioned<Name>, Positioned<InputValue>)],
    ) -> Option<&'a Positioned<Name>> {
        let mut all = arguments.iter();
        let found = all.find(|(name, value)| {
            let input = inputs.get(name.node.as_str());
            input.is_some_and(|input| self.is_out_of_range(&input.ty, &value.node))
        });
        found.map(|(name, _)| name)
    }

    fn is_out_of_range(&self, ty: &Type, value: &InputValue) -> bool {
        match (&ty.base, value) {
            (BaseType::List(inner), InputValue::List(elements)) => {
                elements.iter().any(|element| self.is_out_of_range(inner, element))
            }
            (BaseType::List(inner), value) => self.is_out_of_range(inner, value),
            (BaseType::Named(name), InputValue::Number(number)) if name == "Int" => {
                number.as_i64().is_none_or(|number| i32::try_from(number).is_err())
            }
            (BaseType::Named(name), InputValue::Object(fields)) => {
                let inputs = match self.0.get(name.as_str()) {
                    Some(InputType::Object(inputs) | InputType::OneOf(inputs)) => inputs,
                    Some(InputType::Enum(_)) | None => return false,
                };
                fields.iter().any(|(name, value)| {
                    let input = inputs.get(name.as_str());
                    input.is_some_and(|input| self.is_out_of_range(&input.ty, value))
                })
            }
            _ => false,
        }
    }
}
