//! Keeps an eye on a cluster: which node has which buckets, and whether it has changed.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use redis::Value;

use super::Remote;
use super::layout::{SlotRange, Topology};

/// How often the cluster is asked.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// How long it may take to tell.
const LOOK_MAX: Duration = Duration::from_secs(1);

/// Looks that may fail in a row before the cluster is connected to anew.
const FAILURES_MAX: u32 = 3;

/// Looks again and again.
pub(super) async fn run(remote: Arc<Remote>) {
    let mut failures = 0_u32;
    let mut seen = Topology::default();
    let mut looks = tokio::time::interval(LOOK_EVERY);
    looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        looks.tick().await;
        match remote.look().await {
            Some(topology) => {
                failures = 0;
                // Twice the same, for nodes may not agree for a while, and any of them is asked.
                if topology == seen || remote.knows_nothing() {
                    remote.follow(&topology);
                }
                seen = topology;
            }
            None => failures = failures.saturating_add(1),
        }
        if failures >= FAILURES_MAX {
            failures = 0;
            remote.context.connection.renew();
        }
    }
}

impl Remote {
    /// What a node tells of the cluster; any will do.
    async fn look(&self) -> Option<Topology> {
        let mut command = redis::cmd("CLUSTER");
        command.arg("SLOTS");
        let told = self.context.connection.query::<Value>(&command);
        let told = tokio::time::timeout(LOOK_MAX, told).await.ok()?;
        let ranges =
            told.map_err(|error| tracing::debug!(%error, "the cluster does not tell")).ok();
        let ranges = slot_ranges(&ranges?);
        (!ranges.is_empty()).then(|| Topology::of(&ranges))
    }

    fn knows_nothing(&self) -> bool {
        *self.topology.read().unwrap_or_else(PoisonError::into_inner) == Topology::default()
    }

    /// The library learns where a slot has gone from the node that had it, which one that is gone
    /// does not tell: so where slots have moved, the cluster is connected to anew.
    fn follow(&self, topology: &Topology) {
        let first = self.knows_nothing();
        let mut known = self.topology.write().unwrap_or_else(PoisonError::into_inner);
        if *known == *topology {
            return;
        }
        known.clone_from(topology);
        drop(known);
        if !first {
            tracing::info!("the nodes of the Redis cluster have changed");
            self.context.connection.renew();
        }
    }
}

/// The answer to `CLUSTER SLOTS`: for each range its first and last slot, its primary, which is a
/// host, a port and more, and its replicas.
fn slot_ranges(told: &Value) -> Vec<SlotRange> {
    let Value::Array(ranges) = told else { return Vec::new() };
    ranges.iter().filter_map(slot_range).collect()
}

fn slot_range(range: &Value) -> Option<SlotRange> {
    let Value::Array(parts) = range else { return None };
    let [Value::Int(first), Value::Int(last), Value::Array(primary), ..] = parts.as_slice() else {
        return None;
    };
    let [host, Value::Int(port), ..] = primary.as_slice() else { return None };
    // A node that does not know its own name tells none: then it is the one that was asked.
    let host = if let Value::BulkString(host) = host {
        String::from_utf8_lossy(host).into_owned()
    } else {
        String::new()
    };
    Some(SlotRange {
        first: u16::try_from(*first).ok()?,
        last: u16::try_from(*last).ok()?,
        node: format!("{host}:{port}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_read_as_servers_tell_them() {
        let text = |text: &str| Value::BulkString(text.as_bytes().to_vec());
        let node = |port| Value::Array(vec![text("10.0.0.1"), Value::Int(port), text("id")]);
        let range = |first, last, port| {
            Value::Array(vec![Value::Int(first), Value::Int(last), node(port), node(9)])
        };
        let told = Value::Array(vec![range(0, 8_191, 1), range(8_192, 16_383, 2)]);
        let ranges = slot_ranges(&told);
        assert_eq!(ranges.len(), 2);
        assert_eq!(
            ranges[1],
            SlotRange { first: 8_192, last: 16_383, node: "10.0.0.1:2".to_owned() }
        );
        assert_eq!(slot_ranges(&Value::Okay), []);
        assert_eq!(slot_ranges(&Value::Array(vec![Value::Int(1)])), []);
    }
}
