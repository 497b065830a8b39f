//! Clients who read and write all the while, under the eyes of the oracle of staleness.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};

use super::TestServer;
use super::staleness::{Client, Question, Staleness};
use crate::servers::until;

/// How often each asks at the most: what fails is to be met in the act, and the machine to be left
/// something for the databases.
const PERIOD: Duration = Duration::from_millis(10);

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
        let mut load = Self {
            stop: Arc::default(),
            clients: Vec::new(),
            answered: Vec::new(),
            tally: Arc::default(),
        };
        for question in questions {
            load.read(oracle.client(false), reads, vec![*question]);
        }
        load.read(oracle.client(true), reads, questions.to_vec());
        load.write(oracle.client(true), writes, reads, questions.to_vec());
        load
    }

    fn read(&mut self, mut client: Client, server: &Arc<TestServer>, questions: Vec<Question>) {
        let (stop, tally, server) = (self.stop.clone(), self.tally.clone(), server.clone());
        let answered = self.newcomer();
        self.clients.push(tokio::spawn(async move {
            let mut ticks = interval(PERIOD);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            for question in questions.iter().cycle() {
                ticks.tick().await;
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
        questions: Vec<Question>,
    ) {
        let (stop, tally, answered) = (self.stop.clone(), self.tally.clone(), self.newcomer());
        let (writes, reads) = (writes.clone(), reads.clone());
        self.clients.push(tokio::spawn(async move {
            let mut ticks = interval(PERIOD);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            for (number, question) in (0..).zip(questions.iter().cycle()) {
                ticks.tick().await;
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                let (key, up) = (format!("change {number}"), number % 2 == 0);
                client.write(&writes, &key, up, |code| add(&tally, &format!("WRITE {code}"))).await;
                add(&tally, "WRITTEN");
                count(&tally, client.read(&reads, *question).await);
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

fn count(tally: &Mutex<Tally>, read: Result<super::staleness::Seen, String>) {
    add(tally, &read.map_or_else(|code| code, |seen| seen.source));
}

fn add(tally: &Mutex<Tally>, word: &str) {
    *tally.lock().unwrap().entry(word.to_owned()).or_default() += 1;
}
