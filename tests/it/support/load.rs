//! Clients who read and write all the while, under the eyes of the oracle of staleness.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::task::JoinHandle;
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::TestServer;
use super::staleness::{Client, Staleness};
use super::stock::{Question, Seen};
use crate::servers::until;

/// How often each asks at the most, unless a test says otherwise: what fails is to be met in the
/// act, and the machine to be left something for the databases.
const PERIOD: Duration = Duration::from_millis(10);

/// Reads that must have been answered before a load counts as having gone on.
const READS_MIN: usize = 50;

/// The sources of answers.
const SOURCES: [&str; 3] = ["CACHE", "REPLICA", "PRIMARY"];

/// What the clients were answered so far: reads by their source, or `BUSY` and `UNAVAILABLE`; and
/// writes, as `WRITTEN`.
pub type Tally = BTreeMap<String, usize>;

/// Clients at work, until it is dropped or stopped.
#[derive(Debug)]
pub struct Load {
    stop: Arc<AtomicBool>,
    clients: Vec<JoinHandle<()>>,
    /// How often each of them was answered.
    answered: Vec<Arc<AtomicUsize>>,
    tally: Arc<Mutex<Tally>>,
    oracle: Staleness,
    /// How often each asks at the most; as fast as it is answered where it is zero.
    period: Duration,
}

impl Load {
    /// One who writes through `writes`, and several who read through `reads`: one for each of the
    /// `questions` who forgets what it was answered, and one who remembers and asks all of them in
    /// turn. The one who writes asks them too, after each write.
    pub fn start(
        oracle: &Staleness,
        writes: &Arc<TestServer>,
        reads: &Arc<TestServer>,
        questions: &[Question],
    ) -> Self {
        let mut load = Self::of_nobody(oracle, PERIOD);
        for question in questions {
            load.read(oracle.client(false), reads, &[*question]);
        }
        load.read(oracle.client(true), reads, questions);
        load.write(oracle.client(true), writes, reads, questions);
        load
    }

    /// One who writes through `writes` as fast as it is answered, and asks nothing; and one for
    /// each of the `readers` who asks as fast as it is answered, and sends the token of its newest
    /// answer along if it `remembers`.
    pub fn start_full(
        oracle: &Staleness,
        writes: &Arc<TestServer>,
        readers: &[(&Arc<TestServer>, bool)],
    ) -> Self {
        let mut load = Self::of_nobody(oracle, Duration::ZERO);
        for (server, remembers) in readers {
            load.read(oracle.client(*remembers), server, &[Question::Plain]);
        }
        load.write(oracle.client(false), writes, writes, &[]);
        load
    }

    fn of_nobody(oracle: &Staleness, period: Duration) -> Self {
        Self {
            stop: Arc::default(),
            clients: Vec::new(),
            answered: Vec::new(),
            tally: Arc::default(),
            oracle: oracle.clone(),
            period,
        }
    }

    fn read(&mut self, mut client: Client, server: &Arc<TestServer>, questions: &[Question]) {
        let (stop, tally, server) = (self.stop.clone(), self.tally.clone(), server.clone());
        let (answered, mut pace) = (self.newcomer(), Pace::of(self.period));
        let questions = questions.to_vec();
        self.clients.push(tokio::spawn(async move {
            for question in questions.iter().cycle() {
                pace.keep().await;
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                count(&tally, client.read(&server, *question).await);
                answered.fetch_add(1, Ordering::Relaxed);
            }
        }));
    }

    fn write(
        &mut self,
        mut client: Client,
        writes: &Arc<TestServer>,
        reads: &Arc<TestServer>,
        questions: &[Question],
    ) {
        let (stop, tally, answered) = (self.stop.clone(), self.tally.clone(), self.newcomer());
        let (writes, reads, mut pace) = (writes.clone(), reads.clone(), Pace::of(self.period));
        let questions = questions.to_vec();
        self.clients.push(tokio::spawn(async move {
            let mut questions = questions.iter().cycle();
            for number in 0.. {
                pace.keep().await;
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                let (key, up) = (format!("change {number}"), number % 2 == 0);
                client.write(&writes, &key, up, |code| add(&tally, &format!("WRITE {code}"))).await;
                add(&tally, "WRITTEN");
                if let Some(question) = questions.next() {
                    count(&tally, client.read(&reads, *question).await);
                }
                answered.fetch_add(1, Ordering::Relaxed);
            }
        }));
    }

    fn newcomer(&mut self) -> Arc<AtomicUsize> {
        let answered = Arc::<AtomicUsize>::default();
        self.answered.push(answered.clone());
        answered
    }

    /// What they were answered so far.
    pub fn tally(&self) -> Tally {
        self.tally.lock().unwrap().clone()
    }

    /// Waits until they were answered so many times more by `what`, a word of the [`Tally`].
    pub async fn more(&self, what: &str, times: usize) {
        let of = |tally: &Tally| tally.get(what).copied().unwrap_or_default();
        let before = of(&self.tally());
        until(&format!("clients were answered by {what}"), async || {
            assert!(!self.has_failed(), "a client failed");
            of(&self.tally()) >= before + times
        })
        .await;
    }

    /// Waits until each of them was answered anew, and that to a question that was asked since.
    pub async fn everybody(&self) {
        let answered = || self.answered.iter().map(|answered| answered.load(Ordering::Relaxed));
        let before: Vec<usize> = answered().collect();
        until("each client was answered", async || {
            assert!(!self.has_failed(), "a client failed");
            before.iter().zip(answered()).all(|(before, now)| now >= before + 2)
        })
        .await;
    }

    /// Waits until they have gone on for twice the bound: none of what was known before may be
    /// answered any more then.
    pub async fn go_on(&self) {
        let reads = |tally: &Tally| -> usize {
            SOURCES.iter().filter_map(|source| tally.get(*source)).sum()
        };
        let (begun, before) = (Instant::now(), reads(&self.tally()));
        until("reads and writes went on", async || {
            assert!(!self.has_failed(), "a client failed");
            let written = self.oracle.acknowledged_at();
            written.is_some_and(|at| at > begun + self.oracle.bound() * 2)
                && reads(&self.tally()) > before + READS_MIN
        })
        .await;
    }

    /// Lets all end what they have begun, and fails if one of them has, or was answered an error.
    pub async fn stop_faultless(self) -> Tally {
        let tally = self.stop().await;
        let is_right = |word: &str| word == "WRITTEN" || SOURCES.contains(&word);
        assert!(tally.keys().all(|word| is_right(word)), "{tally:?}");
        tally
    }

    /// Lets all end what they have begun, and fails if one of them has.
    pub async fn stop(mut self) -> Tally {
        self.stop.store(true, Ordering::Relaxed);
        for client in std::mem::take(&mut self.clients) {
            client.await.unwrap();
        }
        self.tally()
    }

    /// They end only by failing as long as nobody stops them.
    fn has_failed(&self) -> bool {
        self.clients.iter().any(JoinHandle::is_finished)
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

/// How fast a client goes on.
#[derive(Debug)]
struct Pace(Option<Interval>);

impl Pace {
    /// Once in a period at the most; without a pause where it is zero.
    fn of(period: Duration) -> Self {
        Self((!period.is_zero()).then(|| {
            let mut ticks = interval(period);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            ticks
        }))
    }

    async fn keep(&mut self) {
        if let Some(ticks) = &mut self.0 {
            ticks.tick().await;
        }
    }
}

fn count(tally: &Mutex<Tally>, read: Result<Seen, String>) {
    add(tally, &read.map_or_else(|code| code, |seen| seen.source));
}

fn add(tally: &Mutex<Tally>, word: &str) {
    *tally.lock().unwrap().entry(word.to_owned()).or_default() += 1;
}
