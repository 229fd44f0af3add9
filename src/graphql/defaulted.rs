//! Arguments that are never null and may be left out.

use std::borrow::Cow;

use async_graphql::{InputType, InputValueError, InputValueResult, Value, registry::Registry};

/// A value that has a default.
///
/// To clients it is `T! = default`. A plain `T` with a default would take that default only where
/// the argument is not written; here an argument whose variable was not sent takes it too, as
/// GraphQL has it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Defaulted<T>(pub(super) T);

impl<T: InputType + Default> InputType for Defaulted<T> {
    type RawValueType = T::RawValueType;

    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    fn parse(value: Option<Value>) -> InputValueResult<Self> {
        match value {
            None => Ok(Self::default()),
            value => T::parse(value).map(Self).map_err(InputValueError::propagate),
        }
    }

    fn to_value(&self) -> Value {
        self.0.to_value()
    }

    fn as_raw_value(&self) -> Option<&Self::RawValueType> {
        self.0.as_raw_value()
    }
}
