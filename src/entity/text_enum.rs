//! Stores enumerations of the domain in text columns.
//!
//! The derives of SeaORM for this would have to be on the types, and the domain does not depend on
//! SeaORM.

use crate::domain::{
    change::{Action, SubjectType},
    crm_step::{AssigneeLogicType, DefaultPriority, DefaultStatus, TimeUnit},
    membership::MembershipRole,
};

macro_rules! text_enum {
    ($($enum:ty),+ $(,)?) => {$(
        impl From<$enum> for sea_orm::Value {
            fn from(value: $enum) -> Self {
                value.to_string().into()
            }
        }

        impl sea_orm::TryGetable for $enum {
            fn try_get_by<I: sea_orm::ColIdx>(
                row: &sea_orm::QueryResult,
                column: I,
            ) -> Result<Self, sea_orm::TryGetError> {
                let text = String::try_get_by(row, column)?;
                // A CHECK constraint holds the column to the enum's values.
                text.parse().map_err(|_| {
                    let message = format!("{text:?} is no {}", stringify!($enum));
                    sea_orm::TryGetError::DbErr(sea_orm::DbErr::Type(message))
                })
            }
        }

        impl sea_orm::sea_query::ValueType for $enum {
            fn try_from(
                value: sea_orm::Value,
            ) -> Result<Self, sea_orm::sea_query::ValueTypeErr> {
                <String as sea_orm::sea_query::ValueType>::try_from(value)?
                    .parse()
                    .map_err(|_| sea_orm::sea_query::ValueTypeErr)
            }

            fn type_name() -> String {
                stringify!($enum).to_owned()
            }

            fn array_type() -> sea_orm::sea_query::ArrayType {
                sea_orm::sea_query::ArrayType::String
            }

            fn column_type() -> sea_orm::sea_query::ColumnType {
                sea_orm::sea_query::ColumnType::Text
            }
        }

        impl sea_orm::sea_query::Nullable for $enum {
            fn null() -> sea_orm::Value {
                <String as sea_orm::sea_query::Nullable>::null()
            }
        }

        impl sea_orm::IntoActiveValue<$enum> for $enum {
            fn into_active_value(self) -> sea_orm::ActiveValue<$enum> {
                sea_orm::ActiveValue::Set(self)
            }
        }
    )+};
}

text_enum!(
    Action,
    AssigneeLogicType,
    DefaultPriority,
    DefaultStatus,
    MembershipRole,
    SubjectType,
    TimeUnit,
);
