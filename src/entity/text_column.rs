//! Types that are stored in text columns: enumerations of the domain, and JSON.
//!
//! The derives of SeaORM for this would have to be on the types, and the domain does not depend on
//! SeaORM.

use std::{fmt, str::FromStr};

use sea_orm::{
    ColIdx, DbErr, QueryResult, TryGetError, TryGetable, Value,
    sea_query::{ArrayType, ColumnType, Nullable, ValueType, ValueTypeErr},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::domain::{
    change::{Action, SubjectType},
    crm_step::{AssigneeLogicType, DefaultPriority, DefaultStatus, TimeUnit},
    membership::MembershipRole,
};

/// A value that is stored as JSON in a text column, with the fields of objects in their order. In a
/// column of type JSON, PostgreSQL does not keep that order.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JsonText<T>(pub T);

impl<T: Serialize> fmt::Display for JsonText<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Only maps with keys that are not strings, and types that fail on purpose, cannot be
        // serialized.
        formatter.write_str(&serde_json::to_string(&self.0).expect("what is kept here has JSON"))
    }
}

impl<T: DeserializeOwned> FromStr for JsonText<T> {
    type Err = serde_json::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        serde_json::from_str(text).map(Self)
    }
}

/// Values are equal if their JSON text is: the order of the fields of an object counts.
impl<T: Serialize> PartialEq for JsonText<T> {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

impl<T: Serialize> Eq for JsonText<T> {}

/// Stores types by their `Display` and reads them by their `FromStr`.
macro_rules! text_column {
    ($([$($parameter:tt)*] $type:ty),+ $(,)?) => {$(
        impl<$($parameter)*> From<$type> for Value {
            fn from(value: $type) -> Self {
                value.to_string().into()
            }
        }

        impl<$($parameter)*> TryGetable for $type {
            fn try_get_by<I: ColIdx>(row: &QueryResult, column: I) -> Result<Self, TryGetError> {
                // A CHECK constraint holds the column to the values of an enumeration.
                String::try_get_by(row, column)?.parse().map_err(|error| {
                    let message = format!("a text is no {}: {error}", stringify!($type));
                    TryGetError::DbErr(DbErr::Type(message))
                })
            }
        }

        impl<$($parameter)*> ValueType for $type {
            fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
                let text = <String as ValueType>::try_from(value)?;
                text.parse().map_err(|_| ValueTypeErr)
            }

            fn type_name() -> String {
                stringify!($type).to_owned()
            }

            fn array_type() -> ArrayType {
                ArrayType::String
            }

            fn column_type() -> ColumnType {
                ColumnType::Text
            }
        }

        impl<$($parameter)*> Nullable for $type {
            fn null() -> Value {
                <String as Nullable>::null()
            }
        }
    )+};
}

text_column!(
    [] Action,
    [] AssigneeLogicType,
    [] DefaultPriority,
    [] DefaultStatus,
    [] MembershipRole,
    [] SubjectType,
    [] TimeUnit,
    [T: Serialize + DeserializeOwned] JsonText<T>,
);
