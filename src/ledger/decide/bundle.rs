//! Decides commands that are carried out together or not at all.
//!
//! Each command of a bundle is decided behind the ones before it, like the lines of a cart, so that
//! every one that falls short is told. If one is refused, all that the bundle would have done is
//! taken back before anybody else's command is decided, and what would have been written is withheld.

use chrono::{DateTime, Utc};

use super::{Batch, Books, Plan, Verdict};
use crate::domain::Command;
use crate::ledger::submission::Submission;

/// Decides every submission of a batch at the instant `now`. The verdicts are those of all its
/// commands, in their order.
pub(in crate::ledger) fn decide_all(
    submissions: &[Submission],
    books: &Books,
    now: DateTime<Utc>,
) -> Plan {
    let mut batch = Batch::new(books, now);
    for submission in submissions {
        match submission {
            Submission::One(command) => batch.decide(command),
            Submission::Bundle(commands) => batch.decide_bundle(commands),
        }
    }
    batch.finish()
}

impl Batch<'_> {
    fn decide_bundle(&mut self, commands: &[Command]) {
        let (stocks, refunded) = (self.stocks.clone(), self.refunded.clone());
        let decided = self.decided.clone();
        let (begin, entries) = (self.plan.verdicts.len(), self.plan.entries.len());
        let closed_counts = self.plan.closed_counts.len();
        for command in commands {
            self.decide(command);
        }
        let verdicts = self.plan.verdicts.get_mut(begin..).unwrap_or_default();
        if !verdicts.iter().any(Verdict::is_refusal) {
            return;
        }
        for verdict in verdicts {
            if matches!(verdict, Verdict::Write(of) | Verdict::Repeat(of) if of.start >= entries) {
                *verdict = Verdict::Withhold;
            }
        }
        self.stocks = stocks;
        self.refunded = refunded;
        self.decided = decided;
        self.plan.entries.truncate(entries);
        self.plan.closed_counts.truncate(closed_counts);
    }
}

#[cfg(test)]
#[path = "bundle_tests.rs"]
mod tests;
