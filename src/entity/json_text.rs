//! JSON in text columns, with the fields of objects in their order.

use std::fmt::Debug;

use sea_orm::{ColIdx, DbErr, QueryResult, TryGetError, TryGetable, Value, sea_query};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// A value that is stored as JSON in a text column. In a column of type JSON, PostgreSQL does not
/// keep the order of the fields of an object.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JsonText<T>(pub T);

impl<T: Serialize> JsonText<T> {
    fn text(&self) -> String {
        // Only maps with keys that are not strings, and types that fail on purpose, cannot be
        // serialized.
        serde_json::to_string(&self.0).expect("what is kept here has JSON")
    }
}

/// Values are equal if their JSON text is: the order of the fields of an object counts.
impl<T: Serialize> PartialEq for JsonText<T> {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

impl<T: Serialize> Eq for JsonText<T> {}

impl<T: Serialize> From<JsonText<T>> for Value {
    fn from(value: JsonText<T>) -> Self {
        value.text().into()
    }
}

impl<T: DeserializeOwned> TryGetable for JsonText<T> {
    fn try_get_by<I: ColIdx>(row: &QueryResult, column: I) -> Result<Self, TryGetError> {
        let text = String::try_get_by(row, column)?;
        let value = serde_json::from_str(&text);
        value.map(Self).map_err(|error| TryGetError::DbErr(DbErr::Json(error.to_string())))
    }
}

impl<T: DeserializeOwned> sea_query::ValueType for JsonText<T> {
    fn try_from(value: Value) -> Result<Self, sea_query::ValueTypeErr> {
        let text = <String as sea_query::ValueType>::try_from(value)?;
        serde_json::from_str(&text).map(Self).map_err(|_| sea_query::ValueTypeErr)
    }

    fn type_name() -> String {
        "JsonText".to_owned()
    }

    fn array_type() -> sea_query::ArrayType {
        sea_query::ArrayType::String
    }

    fn column_type() -> sea_query::ColumnType {
        sea_query::ColumnType::Text
    }
}

impl<T> sea_query::Nullable for JsonText<T> {
    fn null() -> Value {
        <String as sea_query::Nullable>::null()
    }
}

impl<T> sea_orm::IntoActiveValue<Self> for JsonText<T>
where
    Self: Into<Value>,
{
    fn into_active_value(self) -> sea_orm::ActiveValue<Self> {
        sea_orm::ActiveValue::Set(self)
    }
}
