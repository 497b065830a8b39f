//! Section `live`: what clients may ask of sockets, on which answers keep coming, and how the books are
//! followed for them.

use std::time::Duration;

use crate::config::reader::Reader;

/// What clients may ask of sockets, and how the books are followed for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveSection {
    /// Sockets at once.
    pub sockets_max: usize,
    /// Sockets of one caller at once.
    pub sockets_per_caller_max: usize,
    /// Subscriptions at once.
    pub subscriptions_max: usize,
    /// Subscriptions of one caller at once.
    pub subscriptions_per_caller_max: usize,
    /// Operations under way at once on one socket.
    pub operations_per_socket_max: usize,
    /// How long a client may take to say who it is once its socket is open.
    pub init_timeout: Duration,
    /// How often a client is pinged.
    pub ping_interval: Duration,
    /// How often a token is looked at again.
    pub token_check_interval: Duration,
    /// How often the primary is looked at for what other servers have written.
    pub poll_interval: Duration,
    /// How many of the newest entries are kept in memory.
    pub buffer_entries: usize,
}

impl LiveSection {
    pub(in crate::config) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let sockets_max = reader.number("live.sockets_max", 1..=1_000_000);
        let sockets_per_caller_max = reader.number("live.sockets_per_caller_max", 1..=1_000_000);
        let subscriptions_max = reader.number("live.subscriptions_max", 1..=10_000_000);
        let subscriptions_per_caller_max =
            reader.number("live.subscriptions_per_caller_max", 1..=10_000_000);
        let operations_per_socket_max = reader.number("live.operations_per_socket_max", 1..=10_000);
        let init_timeout = reader.duration("live.init_timeout_ms", 100..=600_000);
        let ping_interval = reader.duration("live.ping_interval_ms", 100..=600_000);
        let token_check_interval = reader.duration("live.token_check_interval_ms", 100..=600_000);
        let poll_interval = reader.duration("live.poll_interval_ms", 20..=60_000);
        let buffer_entries = reader.number("live.buffer_entries", 100..=10_000_000);
        Some(Self {
            sockets_max: sockets_max?,
            sockets_per_caller_max: sockets_per_caller_max?,
            subscriptions_max: subscriptions_max?,
            subscriptions_per_caller_max: subscriptions_per_caller_max?,
            operations_per_socket_max: operations_per_socket_max?,
            init_timeout: init_timeout?,
            ping_interval: ping_interval?,
            token_check_interval: token_check_interval?,
            poll_interval: poll_interval?,
            buffer_entries: buffer_entries?,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::config::{Sources, load};

    #[test]
    fn each_limit_holds_within_its_bounds() {
        for (key, least, most) in [
            ("SOCKETS_MAX", 1, 1_000_000),
            ("SOCKETS_PER_CALLER_MAX", 1, 1_000_000),
            ("SUBSCRIPTIONS_MAX", 1, 10_000_000),
            ("SUBSCRIPTIONS_PER_CALLER_MAX", 1, 10_000_000),
            ("OPERATIONS_PER_SOCKET_MAX", 1, 10_000),
            ("INIT_TIMEOUT_MS", 100, 600_000),
            ("PING_INTERVAL_MS", 100, 600_000),
            ("TOKEN_CHECK_INTERVAL_MS", 100, 600_000),
            ("POLL_INTERVAL_MS", 20, 60_000),
            ("BUFFER_ENTRIES", 100, 10_000_000_i64),
        ] {
            let load = |value: i64| {
                let variable = (format!("STOCKFLOW_LIVE__{key}"), value.to_string());
                load(&Sources { environment: vec![variable], ..Sources::default() })
            };
            assert!(load(least).is_ok() && load(most).is_ok(), "{key}");
            for value in [least.saturating_sub(1), most.saturating_add(1)] {
                let faults = load(value).unwrap_err().0;
                let subject = format!("live.{}", key.to_lowercase());
                assert_eq!(faults.len(), 1, "{key} = {value}");
                assert_eq!(faults[0].subject, subject, "{key} = {value}");
            }
        }
    }
}
