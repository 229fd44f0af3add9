//! The argument `validateOnly` of every mutation.

use std::borrow::Cow;

use async_graphql::{InputType, InputValueError, InputValueResult, Value, registry::Registry};

/// Whether a call only checks: it answers the same userErrors and stores nothing.
///
/// To clients it is `Boolean! = false`. A plain `bool` with a default would take that default only
/// where the argument is not written; here an argument whose variable was not sent takes it too, as
/// GraphQL has it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct ValidateOnly(pub(super) bool);

impl InputType for ValidateOnly {
    type RawValueType = bool;

    fn type_name() -> Cow<'static, str> {
        bool::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        bool::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        match value {
            None => Ok(Self::default()),
            value => bool::parse(value).map(Self).map_err(InputValueError::propagate),
        }
    }

    fn to_value(&self) -> Value {
        self.0.to_value()
    }

    fn as_raw_value(&self) -> Option<&bool> {
        Some(&self.0)
    }
}
