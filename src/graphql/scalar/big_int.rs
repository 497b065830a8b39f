//! Whole numbers of 64 bits.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};

/// A whole number of 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::graphql) struct BigInt(pub(in crate::graphql) i64);

/// A whole number of 64 bits, sent as a string because JSON numbers lose digits past 2^53. A string
/// or an integer is accepted as input.
#[Scalar(name = "BigInt")]
impl ScalarType for BigInt {
    fn parse(value: Value) -> InputValueResult<Self> {
        let number = match &value {
            Value::String(text) => text.parse().ok(),
            Value::Number(number) => number.as_i64(),
            Value::Null
            | Value::Boolean(_)
            | Value::Binary(_)
            | Value::Enum(_)
            | Value::List(_)
            | Value::Object(_) => None,
        };
        number.map(Self).ok_or_else(|| InputValueError::expected_type(value))
    }

    fn is_valid(value: &Value) -> bool {
        Self::parse(value.clone()).is_ok()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_out_as_text_and_comes_in_as_text_or_number() {
        assert_eq!(BigInt(i64::MAX).to_value(), Value::from("9223372036854775807"));
        for value in [Value::from("-9223372036854775808"), Value::from(i64::MIN)] {
            assert_eq!(BigInt::parse(value).unwrap(), BigInt(i64::MIN));
        }
        for value in [Value::from("9223372036854775808"), Value::from(1.5), Value::from("")] {
            assert!(!BigInt::is_valid(&value), "{value}");
        }
    }
}
