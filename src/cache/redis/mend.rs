//! Looks whether what does not answer answers again, behind everybody's back.
//!
//! It has more patience than those who wait for an answer: to connect anew may take longer than any
//! of them is let wait.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;

use super::layout::{self, Bucket};
use super::shard::Shard;
use super::{Context, Remote};

/// How often what is spared is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// How long it may take to answer.
const ANSWER_MAX: Duration = Duration::from_secs(1);

/// Looks in vain, one after the other, after which a server that stands alone is connected to anew:
/// the other end of the connection may be gone without a word. Those of a cluster see to themselves
/// (`watch`).
const LOOKS_MAX: u32 = 8;

/// Looks again and again.
pub(super) async fn run(remote: Arc<Remote>) {
    let (mut in_vain, mut first) = (0_u32, true);
    let mut looks = tokio::time::interval(LOOK_EVERY);
    looks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        looks.tick().await;
        let spared = Bucket::all()
            .zip(&remote.shards)
            .filter(|(_bucket, shard)| shard.breaker().is_to_be_looked_at());
        let looked = spared.map(|(bucket, shard)| look(&remote.context, bucket, shard));
        let answered = join_all(looked).await;
        if first && answered.contains(&false) {
            tracing::warn!("Redis does not answer yet; the server goes on without it");
        }
        first = false;
        if answered.contains(&false) {
            in_vain = in_vain.saturating_add(1);
        } else if !answered.is_empty() {
            in_vain = 0;
        }
        if in_vain >= LOOKS_MAX && !remote.context.cluster {
            in_vain = 0;
            remote.context.connection.renew();
        }
    }
}

/// Asks something of a shard, and has it used again if it answers.
async fn look(context: &Context, bucket: Bucket, shard: &Shard) -> bool {
    let mut command = redis::cmd("EXISTS");
    command.arg(layout::any_key(&context.books, bucket));
    let answer = context.connection.query::<u64>(&command);
    let answered = matches!(tokio::time::timeout(ANSWER_MAX, answer).await, Ok(Ok(_exists)));
    if answered {
        context.answered(shard.breaker());
    }
    answered
}
