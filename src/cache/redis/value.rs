//! What Redis keeps of a SKU, as text; and the script by which only a newer one replaces it.
//!
//! A value is `2 VERSION MERCHANT AMOUNT CREATED UPDATED AS_OF`: the form, the version, the merchant, the
//! units left, and
//! microseconds since 1970, the last of them by the primary's clock. A SKU that is not on the books
//! has version 0, and `-` instead of a merchant and an amount.

use chrono::DateTime;

use crate::cache::StockCopy;
use crate::domain::{BooksClock, Inventory, SkuId};

/// How values begin; another form of them would begin with another.
const FORM: &str = "2";

/// Stores each value under its key unless what is there has a greater version, or the same one and
/// was seen to hold as late; answers how many were stored. What is there and is no value is
/// overwritten. `ARGV[1]` is after how many milliseconds they expire, then come the values.
///
/// Versions and instants are compared as the floats that Lua has, which are exact up to 2^53.
pub(super) const STORE: &str = r"
local form = '^2 (%d+) %S+ %S+ %S+ %S+ (%d+)$'
local stored = 0
for place, key in ipairs(KEYS) do
    local value = ARGV[place + 1]
    local held = redis.pcall('GET', key)
    local version, as_of
    if type(held) == 'string' then version, as_of = string.match(held, form) end
    local newer = true
    if version then
        local new_version, new_as_of = string.match(value, form)
        version, as_of = tonumber(version), tonumber(as_of)
        new_version, new_as_of = tonumber(new_version), tonumber(new_as_of)
        newer = new_version > version or (new_version == version and new_as_of > as_of)
    end
    if newer then
        redis.call('SET', key, value, 'PX', ARGV[1])
        stored = stored + 1
    end
end
return stored
";

/// A copy as a value; `None` while the primary's clock is not known.
pub(super) fn encode(copy: &StockCopy, clock: &BooksClock) -> Option<String> {
    let as_of_us = clock.earliest_us(copy.as_of).filter(|as_of_us| *as_of_us > 0)?;
    Some(match copy.stock {
        Some(stock) => format!(
            "{FORM} {} {} {} {} {} {as_of_us}",
            stock.version,
            stock.merchant_id,
            stock.leaved_amount,
            stock.created_at.timestamp_micros(),
            stock.updated_at.timestamp_micros(),
        ),
        None => format!("{FORM} 0 - - 0 0 {as_of_us}"),
    })
}

/// The copy that a value tells; `None` if it is no value, or while the primary's clock is not
/// known.
pub(super) fn decode(sku_id: SkuId, value: &str, clock: &BooksClock) -> Option<StockCopy> {
    let mut parts = value.split(' ');
    let mut next = || parts.next();
    if next()? != FORM {
        return None;
    }
    let (version, merchant, amount) = (next()?.parse::<i64>().ok()?, next()?, next()?);
    let (created_us, updated_us) = (next()?.parse().ok()?, next()?.parse().ok()?);
    let as_of = clock.instant_of(next()?.parse().ok()?)?;
    if next().is_some() {
        return None;
    }
    let stock = match (version, merchant, amount) {
        (0, "-", "-") => None,
        (1.., merchant, amount) => Some(Inventory {
            sku_id,
            merchant_id: merchant.parse().ok()?,
            leaved_amount: amount.parse().ok().filter(|amount| *amount >= 0)?,
            version,
            created_at: DateTime::from_timestamp_micros(created_us)?,
            updated_at: DateTime::from_timestamp_micros(updated_us)?,
        }),
        _ => return None,
    };
    Some(StockCopy { sku_id, stock, as_of })
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;
    use crate::cache::tests::{absent, copy};

    #[test]
    fn a_value_is_read_as_it_was_written() {
        let now = Instant::now();
        let clock = BooksClock::default();
        assert_eq!(encode(&copy(7, 10, 3, now), &clock), None, "no clock yet");
        clock.measured(now, now, 1_700_000_000_000_000);
        let as_of = now + Duration::from_millis(5);
        for copy in [copy(7, 10, 3, as_of), copy(7, 0, i64::MAX, as_of), absent(7, as_of)] {
            let value = encode(&copy, &clock).unwrap();
            assert_eq!(decode(SkuId(7), &value, &clock), Some(copy), "{value}");
        }
    }

    #[test]
    fn nonsense_is_no_value() {
        let now = Instant::now();
        let clock = BooksClock::default();
        clock.measured(now, now, 1_700_000_000_000_000);
        let good = "2 3 5 10 1 2 1700000000000000";
        assert!(decode(SkuId(7), good, &clock).is_some());
        for value in [
            "",
            "nonsense",
            "1 3 10 1 2 1700000000000000",
            "3 3 5 10 1 2 1700000000000000",
            "2 3 0 10 1 2 1700000000000000",
            "2 3 - 10 1 2 1700000000000000",
            "2 3 5 -1 1 2 1700000000000000",
            "2 3 5 - 1 2 1700000000000000",
            "2 0 5 10 1 2 1700000000000000",
            "2 -3 5 10 1 2 1700000000000000",
            "2 3 5 99999999999 1 2 1700000000000000",
            "2 3 5 10 1 9223372036854775807 1700000000000000",
            "2 3 5 10 1 2 x",
            "2 3 5 10 1 2",
            "2 3 5 10 1 2 1700000000000000 4",
        ] {
            assert_eq!(decode(SkuId(7), value, &clock), None, "{value}");
        }
    }
}
