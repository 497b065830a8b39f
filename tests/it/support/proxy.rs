//! A network between the server and its database that can be cut at the worst moment.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A proxy that passes everything on, until it is told to lose the answer to a commit, to hold back
/// some questions or their answers, or to pass nothing any more.
#[derive(Debug)]
pub struct Proxy {
    faults: Arc<Faults>,
    /// Where new connections lead.
    host: watch::Sender<String>,
}

/// What is to go wrong.
#[derive(Debug, Default)]
struct Faults {
    commits_to_lose: AtomicUsize,
    silent: AtomicBool,
    to_hold: watch::Sender<Option<Held>>,
    held: AtomicUsize,
}

/// What is held back.
#[derive(Clone, Copy, Debug)]
enum Held {
    /// Questions that have this text in them.
    Question(&'static str),
    /// Answers to commits.
    AnswerToCommit,
}

impl Proxy {
    /// Starts one in front of the database of `url`, and answers the URL through it.
    pub async fn start(url: &str) -> (Self, String) {
        let host = host(url);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let faults = Arc::new(Faults::default());
        let through = url.replace(&host, &address.to_string());
        let (host, leads_to) = watch::channel(host);
        tokio::spawn(accept(listener, leads_to, Arc::clone(&faults)));
        (Self { faults, host }, through)
    }

    /// From now on new connections lead to the host of `url`. Those that there are stay.
    pub fn lead_to(&self, url: &str) {
        self.host.send_replace(host(url));
    }

    /// From now on the next `count` commits arrive, but the connection is cut before the answer.
    pub fn lose_commits(&self, count: usize) {
        self.faults.commits_to_lose.store(count, Ordering::SeqCst);
    }

    /// From now on nothing passes on the connections that there are, and none is closed: as when the
    /// host behind them has vanished.
    pub fn fall_silent(&self) {
        self.faults.silent.store(true, Ordering::SeqCst);
    }

    /// From now on new connections pass. Those that fell silent stay so.
    pub fn speak_again(&self) {
        self.faults.silent.store(false, Ordering::SeqCst);
    }

    /// From now on a question that has `text` in it does not pass, nor what comes after it on the
    /// same connection. A question that a connection has had before is not spelled out again.
    pub fn hold_back(&self, text: &'static str) {
        self.faults.to_hold.send_replace(Some(Held::Question(text)));
    }

    /// From now on commits arrive, but their answers do not pass, nor what comes after them on the
    /// same connection.
    pub fn hold_back_answers_to_commits(&self) {
        self.faults.to_hold.send_replace(Some(Held::AnswerToCommit));
    }

    /// How many questions are held back, or answers that have come.
    pub fn held_back(&self) -> usize {
        self.faults.held.load(Ordering::SeqCst)
    }

    /// Lets those pass that were held back, and all others.
    pub fn let_go(&self) {
        self.faults.to_hold.send_replace(None);
    }

    /// How many are still to be lost.
    pub fn commits_to_lose(&self) -> usize {
        self.faults.commits_to_lose.load(Ordering::SeqCst)
    }
}

impl Faults {
    /// What meets silence never passes.
    async fn hold_while_silent(&self) {
        if self.silent.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
    }

    fn to_hold(&self) -> Option<Held> {
        *self.to_hold.borrow()
    }

    /// Comes back when what is held may pass.
    async fn hold_back(&self) {
        let mut to_hold = self.to_hold.subscribe();
        self.held.fetch_add(1, Ordering::SeqCst);
        to_hold.wait_for(Option::is_none).await.unwrap();
        self.held.fetch_sub(1, Ordering::SeqCst);
    }
}

/// The host of a URL, with its port.
fn host(url: &str) -> String {
    url.split('@').nth(1).unwrap().split('/').next().unwrap().to_owned()
}

async fn accept(listener: TcpListener, host: watch::Receiver<String>, faults: Arc<Faults>) {
    while let Ok((client, _address)) = listener.accept().await {
        let host = host.borrow().clone();
        let server = TcpStream::connect(&host).await.unwrap();
        let (from_client, to_client) = client.into_split();
        let (from_server, to_server) = server.into_split();
        let faults = Arc::clone(&faults);
        tokio::spawn(pass(from_client, to_server, from_server, to_client, faults));
    }
}

/// Passes both ways. A commit that is to be lost is passed on too; then the database's answer is
/// awaited, so that it is known to have happened, and both ends are closed.
async fn pass(
    mut from_client: OwnedReadHalf,
    mut to_server: OwnedWriteHalf,
    mut from_server: OwnedReadHalf,
    mut to_client: OwnedWriteHalf,
    faults: Arc<Faults>,
) {
    let (mut asked, mut answered) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        tokio::select! {
            read = from_client.read(&mut asked) => {
                let Ok(count @ 1..) = read else { return };
                faults.hold_while_silent().await;
                let has = |text: &str| {
                    asked[..count].windows(text.len()).any(|part| part == text.as_bytes())
                };
                let to_hold = faults.to_hold();
                if matches!(to_hold, Some(Held::Question(text)) if has(text)) {
                    faults.hold_back().await;
                }
                if to_server.write_all(&asked[..count]).await.is_err() {
                    return;
                }
                // Not in the name of an isolation level.
                let commit = has("COMMIT") && !has("COMMITTED");
                if commit && matches!(to_hold, Some(Held::AnswerToCommit)) {
                    from_server.readable().await.ok();
                    faults.hold_back().await;
                }
                let lose = commit && faults.commits_to_lose
                    .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1))
                    .is_ok();
                if lose {
                    // Whether it answers or is gone, the commit has been taken.
                    from_server.readable().await.ok();
                    return;
                }
            }
            read = from_server.read(&mut answered) => {
                let Ok(count @ 1..) = read else { return };
                faults.hold_while_silent().await;
                if to_client.write_all(&answered[..count]).await.is_err() {
                    return;
                }
            }
        }
    }
}
