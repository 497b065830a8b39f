//! What this room counts: whom it did not let in, and how looking for an issuer's keys went.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;

use super::NotAuthenticated;
use crate::telemetry::Metrics;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Cause {
    cause: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    outcome: &'static str,
}

/// The numbers of authentication. Clones count together.
#[derive(Clone, Debug, Default)]
pub struct AuthMetrics {
    refused: Family<Cause, Counter>,
    jwks_looks: Family<Outcome, Counter>,
}

impl AuthMetrics {
    /// Registers the numbers under `stockflow_auth_…`.
    pub fn register(&self, metrics: &mut Metrics) {
        let room = metrics.room("auth");
        room.register(
            "refused",
            "Requests of which it was not known who sent them, by cause",
            self.refused.clone(),
        );
        room.register(
            "jwks_looks",
            "Looks for the keys that tokens are checked with, by outcome",
            self.jwks_looks.clone(),
        );
    }

    pub(super) fn refused(&self, why: NotAuthenticated) {
        let cause = match why {
            NotAuthenticated::Missing => "missing",
            NotAuthenticated::Malformed => "malformed",
            NotAuthenticated::Expired => "expired",
            NotAuthenticated::NotYetValid => "not_yet_valid",
            NotAuthenticated::Invalid(_) => "invalid",
            NotAuthenticated::Undecided => "undecided",
            NotAuthenticated::Failed => "failed",
        };
        self.refused.get_or_create(&Cause { cause }).inc();
    }

    pub(super) fn looked_for_keys(&self, found: bool) {
        let outcome = if found { "found" } else { "failed" };
        self.jwks_looks.get_or_create(&Outcome { outcome }).inc();
    }
}
