//! Checks the pages of lists in the payload of a mutation. An error of `first` or `last` in a
//! resolver would remove the payload of a committed mutation from the response, so pages are
//! checked before the execution.

use apollo_compiler::{ast::Value as Literal, executable::Field};
use async_graphql::{Name, Pos, Value, Variables};

use super::{
    rejected::{DocumentRejected, Reason},
    schema_index::SchemaIndex,
};

/// The page that a field selects.
#[derive(Debug)]
pub(super) struct Page {
    first: Option<Count>,
    last: Option<Count>,
    position: Pos,
}

#[derive(Debug)]
enum Count {
    Literal(i32),
    Variable(Name),
}

impl Page {
    /// The page of a field, if its list has pages.
    pub(super) fn of(field: &Field, position: Pos) -> Option<Self> {
        field.definition.argument_by_name("first")?;
        let count = |name: &str| match &**field.specified_argument_by_name(name)? {
            Literal::Int(number) => number.try_to_i32().ok().map(Count::Literal),
            Literal::Variable(name) => Some(Count::Variable(Name::new(name.as_str()))),
            _ => None,
        };
        Some(Self { first: count("first"), last: count("last"), position })
    }

    /// Rejects a page that the field's resolver would reject. The variables are coerced.
    pub(super) fn check(
        &self,
        schema: &SchemaIndex,
        variables: &Variables,
    ) -> Result<(), DocumentRejected> {
        let value = |count: &Option<Count>| match count.as_ref()? {
            Count::Literal(number) => Some(*number),
            Count::Variable(name) => match variables.get(name)? {
                Value::Number(number) => number.as_i64().and_then(|number| number.try_into().ok()),
                _ => None,
            },
        };
        let checked = (schema.lists.check_page)(value(&self.first), value(&self.last));
        checked.map_err(|message| {
            DocumentRejected::new(Reason::VariableValue, message).at(self.position)
        })
    }
}
