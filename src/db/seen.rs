//! What a replica showed of the heartbeat, and what that asks of connections to it.
//!
//! A replica that was restarted may answer before it has come as far as it had been: PostgreSQL
//! accepts connections once its files are consistent, with the rest of the log still to be
//! replayed. So what a replica has shown holds for a new connection only if that shows it as well,
//! and a read under way ends where the replica falls back behind it.

use std::time::{Duration, Instant};

use sea_orm::sqlx;
use tokio::sync::watch;

use crate::domain::BooksClock;

/// Asks for the beat.
pub(super) const BEAT_SQL: &str = "SELECT beat_us FROM t_heartbeat WHERE id = 1";

/// What a replica showed when it was last asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Seen {
    /// Whether it answered.
    pub(super) reachable: bool,
    /// The beat that it showed last, also if it does not answer any more.
    beat_us: Option<i64>,
    /// How often it went away, or fell back.
    setbacks: u64,
}

impl Seen {
    /// What is known once it was asked again, and showed a beat or did not answer.
    pub(super) fn then(self, shown_us: Option<i64>) -> Self {
        let is_setback = match shown_us {
            None => self.reachable,
            Some(shown_us) => !self.admits(shown_us),
        };
        Self {
            reachable: shown_us.is_some(),
            beat_us: shown_us.or(self.beat_us),
            setbacks: self.setbacks.wrapping_add(u64::from(is_setback)),
        }
    }

    /// Whatever was committed before this instant it has; `None` if it cannot be reached, or
    /// nothing is known.
    pub(super) fn as_of(self, clock: &BooksClock) -> Option<Instant> {
        self.shown_as_of(clock).filter(|_as_of| self.reachable)
    }

    /// The same by what it showed last, also if it does not answer any more.
    pub(super) fn shown_as_of(self, clock: &BooksClock) -> Option<Instant> {
        // 0 is what the row was made with.
        let beat_us = self.beat_us.filter(|beat_us| *beat_us > 0)?;
        clock.instant_of(beat_us)
    }

    /// Whether what was known then holds no more, as the replica went away or fell back since.
    pub(super) fn is_set_back_since(self, then: Self) -> bool {
        self.setbacks != then.setbacks
    }

    /// Whether a connection that shows this beat has come as far. What counts is what was seen
    /// last, not the greatest beat ever: it goes back with the clock of the primary.
    fn admits(self, beat_us: i64) -> bool {
        self.beat_us.is_none_or(|last_us| beat_us >= last_us)
    }
}

/// Whether what has everything up to `as_of` is new enough at `now`. What has more than there is
/// got its time from a clock that has since gone back.
pub(super) fn is_fit(as_of: Instant, now: Instant, lag_max: Duration) -> bool {
    now.checked_duration_since(as_of).is_some_and(|lag| lag <= lag_max)
}

/// What is asked of a new connection before it is used.
#[derive(Clone, Debug)]
pub(super) struct Admission(watch::Receiver<Seen>);

impl Admission {
    /// By what is seen of the replica.
    pub(super) fn by(seen: watch::Receiver<Seen>) -> Self {
        Self(seen)
    }

    /// Asks a connection by `beat_us`.
    ///
    /// # Errors
    ///
    /// Those of the driver, and [`sqlx::Error::Protocol`] when the connection shows less than the
    /// replica has shown before. The pool tries anew, until its patience is over.
    pub(super) async fn of(
        &self,
        beat_us: impl Future<Output = Result<i64, sqlx::Error>>,
    ) -> Result<(), sqlx::Error> {
        // Before the question: a replica that goes on meanwhile has not fallen back.
        let seen = *self.0.borrow();
        if seen.admits(beat_us.await?) {
            return Ok(());
        }
        let text = "the replica has not come as far again as it had been before it was restarted";
        Err(sqlx::Error::Protocol(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(beats: &[Option<i64>]) -> Seen {
        beats.iter().fold(Seen::default(), |seen, beat| seen.then(*beat))
    }

    #[test]
    fn what_was_shown_last_is_known_also_of_who_does_not_answer() {
        assert_eq!(shown(&[]).beat_us, None);
        assert_eq!(shown(&[Some(1), Some(2)]).beat_us, Some(2));
        let gone = shown(&[Some(1), Some(2), None]);
        assert_eq!((gone.reachable, gone.beat_us), (false, Some(2)));
        let back = gone.then(Some(1));
        assert_eq!((back.reachable, back.beat_us), (true, Some(1)));
    }

    #[test]
    fn a_read_holds_until_its_replica_goes_away_or_falls_back() {
        let read = shown(&[None, Some(5)]);
        for (since, is_set_back) in [
            (&[Some(5), Some(6)][..], false),
            (&[None], true),
            (&[None, Some(6)], true),
            (&[Some(4)], true),
            (&[Some(4), Some(6)], true),
        ] {
            let now = since.iter().fold(read, |seen, beat| seen.then(*beat));
            assert_eq!(now.is_set_back_since(read), is_set_back, "{since:?}");
        }
        let gone = shown(&[Some(5), None]);
        assert!(!gone.then(None).is_set_back_since(gone), "it cannot go away twice");
    }

    #[tokio::test]
    async fn a_connection_must_show_what_was_seen_last() {
        let (sender, receiver) = watch::channel(Seen::default());
        let admission = Admission::by(receiver);
        let admits = async |beat_us| admission.of(async { Ok(beat_us) }).await.is_ok();
        assert!(admits(i64::MIN).await, "nothing is known yet");
        sender.send_replace(shown(&[Some(7)]));
        assert!(!admits(6).await && admits(7).await && admits(8).await);
        sender.send_replace(shown(&[Some(7), None]));
        assert!(!admits(6).await && admits(7).await, "it was seen all the same");
        // The clock of the primary went back.
        sender.send_replace(shown(&[Some(7), Some(3)]));
        assert!(!admits(2).await && admits(3).await);
        let failed = admission.of(async { Err(sqlx::Error::PoolClosed) }).await;
        assert!(matches!(failed, Err(sqlx::Error::PoolClosed)));
    }

    #[tokio::test]
    async fn a_replica_that_goes_on_while_a_connection_is_asked_has_not_fallen_back() {
        let (sender, receiver) = watch::channel(shown(&[Some(7)]));
        let asked = async {
            sender.send_replace(shown(&[Some(8)]));
            Ok(7)
        };
        assert!(Admission::by(receiver).of(asked).await.is_ok());
    }

    #[test]
    fn what_lags_too_far_behind_or_is_ahead_will_not_do() {
        let start = Instant::now();
        let at = |ms| start + Duration::from_millis(ms);
        let lag_max = Duration::from_secs(5);
        assert!(is_fit(at(0), at(0), lag_max));
        assert!(is_fit(at(0), at(5_000), lag_max));
        assert!(!is_fit(at(0), at(5_001), lag_max));
        assert!(!is_fit(at(1), at(0), lag_max));
    }

    #[test]
    fn a_replica_grows_too_old_by_itself_when_nobody_measures() {
        let clock = BooksClock::default();
        let start = Instant::now();
        clock.measured(start, start + Duration::from_millis(4), 10_000_000);
        let as_of = clock.instant_of(9_000_000).unwrap();
        let lag_max = Duration::from_secs(5);
        assert!(is_fit(as_of, start + Duration::from_secs(4), lag_max));
        assert!(!is_fit(as_of, start + Duration::from_millis(4_001), lag_max));
    }
}
