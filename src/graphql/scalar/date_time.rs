//! Instants.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{SecondsFormat, SubsecRound as _, Utc};

use crate::domain::clock::keepable;

/// An instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::graphql) struct DateTime(pub(in crate::graphql) chrono::DateTime<Utc>);

/// An instant, RFC 3339 in UTC with microseconds, as 2026-11-22T09:50:00.123456Z. Any offset is
/// accepted as input; what is finer than a microsecond is cut off. The years go from 1000 to 9999.
#[Scalar(name = "DateTime", specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        if let Value::String(text) = &value
            && let Ok(instant) = chrono::DateTime::parse_from_rfc3339(text)
            && let Some(instant) = keepable(instant.to_utc())
        {
            return Ok(Self(instant.trunc_subsecs(6)));
        }
        Err(InputValueError::expected_type(value))
    }

    fn is_valid(value: &Value) -> bool {
        Self::parse(value.clone()).is_ok()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_out_in_utc_with_six_digits() {
        let spelled = |text: &str| DateTime::parse(Value::from(text)).unwrap().to_value();
        assert_eq!(spelled("2026-11-22T09:50:00Z"), Value::from("2026-11-22T09:50:00.000000Z"));
        assert_eq!(
            spelled("2026-11-22T17:50:00.1234567+08:00"),
            Value::from("2026-11-22T09:50:00.123456Z")
        );
    }

    #[test]
    fn anything_else_is_no_instant() {
        for value in [
            Value::from("2026-11-22"),
            Value::from("now"),
            Value::from(1_764_000_000),
            // Year -1, and year 10000, in UTC.
            Value::from("0000-01-01T00:00:00+01:00"),
            Value::from("9999-12-31T23:59:59-01:00"),
        ] {
            assert!(!DateTime::is_valid(&value), "{value}");
        }
    }
}
