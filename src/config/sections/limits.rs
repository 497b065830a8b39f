//! Section `limits`: what clients may ask of the server's connections and time.

use std::time::Duration;

use crate::config::reader::Reader;

/// What clients may ask of the server's connections and time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitsSection {
    /// Connections at once.
    pub connections_max: usize,
    /// How long a client may take to be greeted by TLS, and to send the head of a request.
    pub header_timeout: Duration,
    /// How long a connection may rest.
    pub idle_timeout: Duration,
    /// The largest head of a request.
    pub head_bytes_max: usize,
    /// Requests at once on one connection of HTTP/2.
    pub streams_max: u32,
    /// How long a request may take, from its head to its answer.
    pub request_timeout: Duration,
    /// Requests at once.
    pub concurrent_requests_max: usize,
    /// Requests of one caller in a second; 0 for any number.
    pub requests_per_second: u32,
    /// Requests that one caller may send at once after a rest.
    pub requests_burst: u32,
}

impl LimitsSection {
    pub(in crate::config) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let connections_max = reader.number("limits.connections_max", 1..=1_000_000);
        let header_timeout = reader.duration("limits.header_timeout_ms", 100..=600_000);
        let idle_timeout = reader.duration("limits.idle_timeout_ms", 100..=3_600_000);
        // With less than this, hyper does not begin.
        let head_bytes_max = reader.number("limits.head_bytes_max", 8_192..=1_048_576);
        let streams_max = reader.number("limits.streams_max", 1..=10_000);
        let request_timeout = reader.duration("limits.request_timeout_ms", 100..=600_000);
        let concurrent_requests_max =
            reader.number("limits.concurrent_requests_max", 1..=1_000_000);
        let requests_per_second = reader.number("limits.requests_per_second", 0..=1_000_000_000);
        let requests_burst = reader.number("limits.requests_burst", 1..=1_000_000_000);
        Some(Self {
            connections_max: connections_max?,
            header_timeout: header_timeout?,
            idle_timeout: idle_timeout?,
            head_bytes_max: head_bytes_max?,
            streams_max: streams_max?,
            request_timeout: request_timeout?,
            concurrent_requests_max: concurrent_requests_max?,
            requests_per_second: requests_per_second?,
            requests_burst: requests_burst?,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::config::{Sources, load};

    #[test]
    fn each_limit_holds_within_its_bounds() {
        for (key, least, most) in [
            ("CONNECTIONS_MAX", 1, 1_000_000),
            ("HEADER_TIMEOUT_MS", 100, 600_000),
            ("IDLE_TIMEOUT_MS", 100, 3_600_000),
            ("HEAD_BYTES_MAX", 8_192, 1_048_576),
            ("STREAMS_MAX", 1, 10_000),
            ("REQUEST_TIMEOUT_MS", 100, 600_000),
            ("CONCURRENT_REQUESTS_MAX", 1, 1_000_000),
            ("REQUESTS_PER_SECOND", 0, 1_000_000_000),
            ("REQUESTS_BURST", 1, 1_000_000_000_i64),
        ] {
            let load = |value: i64| {
                let variable = (format!("STOCKFLOW_LIMITS__{key}"), value.to_string());
                load(&Sources { environment: vec![variable], ..Sources::default() })
            };
            assert!(load(least).is_ok() && load(most).is_ok(), "{key}");
            for value in [least.saturating_sub(1), most.saturating_add(1)] {
                let faults = load(value).unwrap_err().0;
                let subject = format!("limits.{}", key.to_lowercase());
                assert_eq!(faults.len(), 1, "{key} = {value}");
                assert_eq!(faults[0].subject, subject, "{key} = {value}");
            }
        }
    }
}
