//! Whole numbers that are too large, found before anything runs.
//!
//! The library takes any 64 bits for an Int while it validates, and fails when it executes the
//! field. By then other mutations of the document may have been carried out, and their answers are
//! lost with the failing one.

use std::collections::HashMap;

use async_graphql::{
    Name, Positioned, Variables,
    parser::types::{
        BaseType, InputValueDefinition, OperationDefinition, Type, TypeDefinition, TypeKind,
    },
};
use async_graphql_value::Value as InputValue;

use super::{document::Refusal, error::ErrorCode};

/// The types of what goes into an argument or an input object, by its name.
pub(super) type Inputs = HashMap<String, Type>;

/// The input objects of the schema, by their names.
#[derive(Debug, Default)]
pub(super) struct InputObjects(HashMap<String, Inputs>);

/// The types of these arguments or fields.
pub(super) fn inputs(definitions: &[Positioned<InputValueDefinition>]) -> Inputs {
    let types = definitions.iter().map(|definition| &definition.node);
    types.map(|input| (input.name.node.to_string(), input.ty.node.clone())).collect()
}

impl InputObjects {
    /// Adds a type of the schema, if it is one.
    pub(super) fn add(&mut self, definition: &TypeDefinition) {
        if let TypeKind::InputObject(object) = &definition.kind {
            self.0.insert(definition.name.node.to_string(), inputs(&object.fields));
        }
    }

    /// Refuses variables with such a number in them, wherever they are used.
    pub(super) fn check_variables(
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
    pub(super) fn find<'a>(
        &self,
        types: &Inputs,
        arguments: &'a [(Positioned<Name>, Positioned<InputValue>)],
    ) -> Option<&'a Positioned<Name>> {
        let mut all = arguments.iter();
        let found = all.find(|(name, value)| {
            let ty = types.get(name.node.as_str());
            ty.is_some_and(|ty| self.is_out_of_range(ty, &value.node))
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
                let types = self.0.get(name.as_str());
                types.is_some_and(|types| {
                    fields.iter().any(|(name, value)| {
                        let ty = types.get(name.as_str());
                        ty.is_some_and(|ty| self.is_out_of_range(ty, value))
                    })
                })
            }
            _ => false,
        }
    }
}
