//! Points in time as a scalar.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{SecondsFormat, Utc};

/// A point in time.
///
/// The library's own scalar writes the offset as `+00:00`, and reads more than RFC 3339 has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DateTime(pub(crate) chrono::DateTime<Utc>);

/// A point in time, as RFC 3339 writes it: in UTC with `Z` and up to microseconds in responses,
/// like `2026-11-22T18:20:00.123456Z`; with any offset in arguments, like
/// `2026-11-22T15:20:00-03:00`.
#[Scalar(specified_by_url = "https://datatracker.ietf.org/doc/html/rfc3339")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
        Self::read(text).ok_or_else(|| {
            let message = "a DateTime is written like 2026-11-22T18:20:00Z or \
                           2026-11-22T15:20:00.123456-03:00";
            InputValueError::custom(message)
        })
    }

    fn to_value(&self) -> Value {
        Value::String(self.write())
    }
}

impl DateTime {
    /// Reads a `date-time` of RFC 3339, section 5.6.
    pub(crate) fn read(text: &str) -> Option<Self> {
        /// Where the time begins. Some write a space there, which is not of the grammar.
        const SEPARATOR: usize = "2026-11-22".len();
        let is_separated = matches!(text.as_bytes().get(SEPARATOR), Some(b'T' | b't'));
        let time = chrono::DateTime::parse_from_rfc3339(text).ok().filter(|_| is_separated)?;
        Some(Self(time.to_utc()))
    }

    /// Writes it with `Z`, to the precision that it has.
    pub(crate) fn write(self) -> String {
        self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true)
    }
}

impl From<chrono::DateTime<Utc>> for DateTime {
    fn from(time: chrono::DateTime<Utc>) -> Self {
        Self(time)
    }
}
