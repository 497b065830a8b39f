//! This machine's clock against the primary's, whose time ages of answers are told by.

use chrono::TimeDelta;

use super::Scene;
use super::finding::Finding;
use crate::domain::Clock;

/// How far apart they may be.
const APART_MAX: TimeDelta = TimeDelta::seconds(1);

pub(super) async fn check(scene: &Scene) -> Vec<Finding> {
    let Some(primary) = &scene.primary else { return Vec::new() };
    let clock = Clock::system();
    let asked = clock.now();
    let told = match primary.told().await {
        Ok(Some(told)) => told,
        Ok(None) => return vec![Finding::ok("the one of this machine, on which the file is")],
        Err(fault) => return vec![scene.unanswered(&fault)],
    };
    let answered = clock.now();
    let told = chrono::DateTime::from_timestamp_micros(told.clock_us).unwrap_or_default();
    // Its time lay somewhere between the question and the answer.
    let ahead = told.signed_duration_since(answered).max(TimeDelta::zero());
    let behind = asked.signed_duration_since(told).max(TimeDelta::zero());
    vec![judge(ahead, behind)]
}

/// How far the primary's clock is ahead of this machine's at least, and how far behind.
fn judge(ahead: TimeDelta, behind: TimeDelta) -> Finding {
    let (apart, how) = if ahead > behind { (ahead, "ahead of") } else { (behind, "behind") };
    let told =
        format!("the primary's clock is {} ms {how} this machine's", apart.num_milliseconds());
    if apart <= APART_MAX {
        return Finding::ok(told);
    }
    Finding::warn(
        told,
        "keep both by NTP; entries are stamped by this machine's clock, and ages told by the \
         primary's",
    )
}

#[cfg(test)]
mod tests {
    use super::super::finding::Level;
    use super::*;

    #[test]
    fn a_second_apart_is_near_enough() {
        let level = |ahead, behind| {
            judge(TimeDelta::milliseconds(ahead), TimeDelta::milliseconds(behind)).level
        };
        assert_eq!(level(0, 0), Level::Ok);
        assert_eq!((level(1_000, 0), level(0, 1_000)), (Level::Ok, Level::Ok));
        assert_eq!((level(1_001, 0), level(0, 1_001)), (Level::Warn, Level::Warn));
    }
}
