//! Many who ask at once share one question.
//!
//! Who asks joins a row. While one question is under way, those who come wait together; when it is
//! answered, all that wait are asked for in the next one, each key once. So the number of questions
//! a second depends on how long one takes, not on how many ask; and an answer is never older than
//! the asking, because a question is only joined before it is asked.
//!
//! A question belongs to nobody in particular: who hangs up leaves the others their answer.
//!
//! This room knows nothing of what is asked, or of whom. It is one of its own, which the plan of
//! the house does not have, because the cache asks Redis, the store the database and the ledger its
//! keys in the same way.

use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt;
use std::hash::Hash;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::sync::oneshot;
use tokio::time::Instant;

/// What a question finds out: a value for each key, or for some.
pub type Found<K, V, E> = Result<Arc<HashMap<K, V>>, E>;

/// Where somebody waits.
type Answer<K, V, E> = oneshot::Sender<Found<K, V, E>>;

/// What is asked for next, and for whom.
type Question<K, V, E> = (Vec<K>, Vec<Answer<K, V, E>>);

type Ask<K, V, E> =
    dyn Fn(Vec<K>) -> BoxFuture<'static, Result<HashMap<K, V>, E>> + Send + Sync + 'static;

/// Bounds of a [`Gather`].
#[derive(Clone, Copy, Debug)]
pub struct GatherSettings {
    /// Keys of one question, 1 upward. Who asks for more at once is asked for alone.
    pub keys_max: usize,
    /// Questions that may be under way at once, 1 upward.
    pub questions_max: usize,
    /// Those who may wait; one more is turned away at once.
    pub waiting_max: usize,
    /// How long after the beginning of a question the next one begins at the soonest, if somebody
    /// waits for it: zero for no pause. A question costs by itself, whatever the number of its keys.
    pub pause: Duration,
}

/// Why nobody was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAsked {
    /// Too many wait already.
    Crowded,
    /// The question ended in a panic.
    Lost,
}

/// A row of those who ask, and how to ask. Cheap to clone; clones are one row.
pub struct Gather<K, V, E>(Arc<Inner<K, V, E>>);

struct Inner<K, V, E> {
    row: Mutex<Row<K, V, E>>,
    settings: GatherSettings,
    ask: Box<Ask<K, V, E>>,
    not_asked: fn(NotAsked) -> E,
}

struct Row<K, V, E> {
    waiting: VecDeque<Party<K, V, E>>,
    under_way: usize,
}

/// Who asks, and for what.
struct Party<K, V, E> {
    keys: Vec<K>,
    answer: Answer<K, V, E>,
}

impl<K, V, E> Clone for Gather<K, V, E> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K, V, E> fmt::Debug for Gather<K, V, E> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Gather")
    }
}

impl<K, V, E> Gather<K, V, E>
where
    K: Eq + Hash + Clone + Send + Sync + 'static,
    V: Send + Sync + 'static,
    E: Clone + Send + Sync + 'static,
{
    /// A row whose questions are asked by `ask`, which is given each key once. `not_asked` is what
    /// those are told who are answered by nobody.
    pub fn new(
        settings: GatherSettings,
        not_asked: fn(NotAsked) -> E,
        ask: impl Fn(Vec<K>) -> BoxFuture<'static, Result<HashMap<K, V>, E>> + Send + Sync + 'static,
    ) -> Self {
        let row = Row { waiting: VecDeque::new(), under_way: 0 };
        Self(Arc::new(Inner { row: Mutex::new(row), settings, ask: Box::new(ask), not_asked }))
    }

    /// Asks for `keys`, together with whoever else asks. What is answered may hold other keys as
    /// well. Who will not wait for longer drops this.
    ///
    /// # Errors
    ///
    /// Those of the question, the same for all who share it.
    pub async fn get(&self, keys: Vec<K>) -> Found<K, V, E> {
        let (answer, answered) = oneshot::channel();
        let begin = {
            let mut row = self.0.row();
            if row.waiting.len() >= self.0.settings.waiting_max {
                return Err((self.0.not_asked)(NotAsked::Crowded));
            }
            row.waiting.push_back(Party { keys, answer });
            let begin = row.under_way < self.0.settings.questions_max.max(1);
            if begin {
                row.under_way = row.under_way.saturating_add(1);
            }
            begin
        };
        if begin {
            #[expect(clippy::disallowed_methods, reason = "whoever asks waits for its answer")]
            drop(tokio::spawn(run(Arc::clone(&self.0))));
        }
        answered.await.unwrap_or_else(|_dropped| Err((self.0.not_asked)(NotAsked::Lost)))
    }
}

impl<K: Eq + Hash + Clone, V, E: Clone> Inner<K, V, E> {
    /// Nothing that is done under the lock panics.
    fn row(&self) -> MutexGuard<'_, Row<K, V, E>> {
        self.row.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Those who are asked for next, and their keys, each once; `None` if nobody waits, and then
    /// one question fewer is under way.
    fn next(&self) -> Option<Question<K, V, E>> {
        let mut row = self.row();
        let (mut keys, mut answers) = (HashSet::new(), Vec::new());
        while let Some(party) = row.waiting.pop_front() {
            // Nobody would learn of it.
            if party.answer.is_closed() {
                continue;
            }
            let with_it = keys.len().saturating_add(party.keys.len());
            if with_it > self.settings.keys_max && !answers.is_empty() {
                row.waiting.push_front(party);
                break;
            }
            keys.extend(party.keys);
            answers.push(party.answer);
        }
        if answers.is_empty() {
            row.under_way = row.under_way.saturating_sub(1);
            return None;
        }
        Some((keys.into_iter().collect(), answers))
    }
}

/// Asks one question after the other, until nobody waits.
async fn run<K, V, E>(inner: Arc<Inner<K, V, E>>)
where
    K: Eq + Hash + Clone + Send + Sync + 'static,
    V: Send + Sync + 'static,
    E: Clone + Send + Sync + 'static,
{
    while let Some((keys, answers)) = inner.next() {
        let begun = Instant::now();
        // What it was is in the log already, from the panic hook; the next question may do better.
        let asked = AssertUnwindSafe(async { (inner.ask)(keys).await }).catch_unwind().await;
        let found =
            asked.unwrap_or_else(|_panic| Err((inner.not_asked)(NotAsked::Lost))).map(Arc::new);
        for answer in answers {
            // Who has gone does not want it.
            drop(answer.send(found.clone()));
        }
        if !inner.settings.pause.is_zero() && !inner.row().waiting.is_empty() {
            let begins = begun.checked_add(inner.settings.pause).unwrap_or(begun);
            tokio::time::sleep_until(begins).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::Semaphore;

    use super::*;

    /// A gather that answers each key with itself, once it is let; and the questions it asked.
    struct Bench {
        gather: Gather<u32, u32, &'static str>,
        let_through: Arc<Semaphore>,
        questions: Arc<Mutex<Vec<Vec<u32>>>>,
    }

    fn bench(keys_max: usize, questions_max: usize) -> Bench {
        bench_with_pause(keys_max, questions_max, Duration::ZERO)
    }

    fn bench_with_pause(keys_max: usize, questions_max: usize, pause: Duration) -> Bench {
        let let_through = Arc::new(Semaphore::new(0));
        let questions = Arc::new(Mutex::new(Vec::new()));
        let (gate, log) = (Arc::clone(&let_through), Arc::clone(&questions));
        let settings = GatherSettings { keys_max, questions_max, waiting_max: 20, pause };
        let told = |not_asked| if not_asked == NotAsked::Lost { "lost" } else { "crowded" };
        let gather = Gather::new(settings, told, move |mut keys: Vec<u32>| {
            let gate = Arc::clone(&gate);
            keys.sort_unstable();
            log.lock().unwrap().push(keys.clone());
            async move {
                gate.acquire().await.unwrap().forget();
                assert!(!keys.contains(&13), "an unlucky key");
                if keys.contains(&7) {
                    return Err("seven");
                }
                Ok(keys.into_iter().map(|key| (key, key)).collect())
            }
            .boxed()
        });
        Bench { gather, let_through, questions }
    }

    impl Bench {
        fn ask(&self, keys: &[u32]) -> tokio::task::JoinHandle<Found<u32, u32, &'static str>> {
            let (gather, keys) = (self.gather.clone(), keys.to_vec());
            #[expect(clippy::disallowed_methods, reason = "the test waits for it")]
            tokio::spawn(async move { gather.get(keys).await })
        }

        /// Until nothing moves any more.
        async fn settle(&self) {
            for _turn in 0..100 {
                tokio::task::yield_now().await;
            }
        }
    }

    #[tokio::test]
    async fn who_comes_while_one_is_asked_for_is_asked_for_together() {
        let bench = bench(100, 1);
        let first = bench.ask(&[1]);
        bench.settle().await;
        let others = [bench.ask(&[2, 3]), bench.ask(&[3]), bench.ask(&[1])];
        bench.settle().await;
        bench.let_through.add_permits(2);
        assert_eq!(first.await.unwrap().unwrap().get(&1), Some(&1));
        for (other, key) in others.into_iter().zip([2, 3, 1]) {
            assert_eq!(other.await.unwrap().unwrap().get(&key), Some(&key));
        }
        assert_eq!(*bench.questions.lock().unwrap(), [vec![1], vec![1, 2, 3]]);
    }

    #[tokio::test]
    async fn a_question_is_bounded_and_so_is_their_number() {
        let bench = bench(2, 2);
        let asked: Vec<_> = (0..6).map(|key| bench.ask(&[key])).collect();
        bench.settle().await;
        assert_eq!(bench.questions.lock().unwrap().len(), 2);
        bench.let_through.add_permits(100);
        for one in asked {
            one.await.unwrap().unwrap();
        }
        assert!(bench.questions.lock().unwrap().iter().all(|keys| keys.len() <= 2));
        // More keys than a question may have are asked for alone.
        bench.ask(&[1, 2, 3]).await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn a_failure_is_told_to_all_who_share_it_and_a_panic_ends_nothing() {
        let bench = bench(100, 1);
        bench.let_through.add_permits(100);
        assert_eq!(bench.ask(&[7, 1]).await.unwrap().unwrap_err(), "seven");
        assert_eq!(bench.ask(&[13]).await.unwrap().unwrap_err(), "lost");
        assert!(bench.ask(&[1]).await.unwrap().is_ok());
    }

    #[tokio::test]
    async fn who_finds_too_many_waiting_is_turned_away_at_once() {
        let bench = bench(100, 1);
        let first = bench.ask(&[1]);
        bench.settle().await;
        let waiting: Vec<_> = (0..20).map(|_asker| bench.ask(&[2])).collect();
        bench.settle().await;
        assert_eq!(bench.ask(&[2]).await.unwrap().unwrap_err(), "crowded");
        bench.let_through.add_permits(100);
        for one in waiting.into_iter().chain([first]) {
            one.await.unwrap().unwrap();
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_next_question_waits_for_the_pause_to_be_over_and_a_lone_one_does_not() {
        let bench = bench_with_pause(100, 1, Duration::from_millis(5));
        bench.let_through.add_permits(100);
        for key in 0..6 {
            let asked = Instant::now();
            bench.ask(&[key]).await.unwrap().unwrap();
            assert_eq!(asked.elapsed(), Duration::ZERO, "nobody waited for it");
        }
        bench.let_through.forget_permits(100);
        let (first, begun) = (bench.ask(&[1]), Instant::now());
        bench.settle().await;
        let second = bench.ask(&[2]);
        bench.settle().await;
        bench.let_through.add_permits(2);
        first.await.unwrap().unwrap();
        assert_eq!(begun.elapsed(), Duration::ZERO);
        second.await.unwrap().unwrap();
        assert!(begun.elapsed() >= Duration::from_millis(5));
    }

    #[tokio::test]
    async fn who_hangs_up_leaves_the_others_their_answer() {
        let bench = bench(100, 1);
        let first = bench.ask(&[1]);
        bench.settle().await;
        let (gone, stays) = (bench.ask(&[2]), bench.ask(&[3]));
        bench.settle().await;
        first.abort();
        gone.abort();
        bench.settle().await;
        bench.let_through.add_permits(100);
        assert!(stays.await.unwrap().is_ok());
        // Nobody was left who wanted the second.
        assert_eq!(*bench.questions.lock().unwrap(), [vec![1], vec![3]]);
        bench.settle().await;
        assert_eq!(bench.gather.0.row().under_way, 0);
    }
}
