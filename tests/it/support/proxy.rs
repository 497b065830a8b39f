//! A network between the server and its database that can be cut at the worst moment.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

/// A proxy that passes everything on, until it is told to lose the answer to a commit.
#[derive(Debug)]
pub struct Proxy {
    commits_to_lose: Arc<AtomicUsize>,
}

impl Proxy {
    /// Starts one in front of the database of `url`, and answers the URL through it.
    pub async fn start(url: &str) -> (Self, String) {
        let host = url.split('@').nth(1).unwrap().split('/').next().unwrap().to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let commits_to_lose = Arc::new(AtomicUsize::new(0));
        let through = url.replace(&host, &address.to_string());
        tokio::spawn(accept(listener, host, Arc::clone(&commits_to_lose)));
        (Self { commits_to_lose }, through)
    }

    /// From now on the next `count` commits arrive, but the connection is cut before the answer.
    pub fn lose_commits(&self, count: usize) {
        self.commits_to_lose.store(count, Ordering::SeqCst);
    }

    /// How many are still to be lost.
    pub fn commits_to_lose(&self) -> usize {
        self.commits_to_lose.load(Ordering::SeqCst)
    }
}

async fn accept(listener: TcpListener, host: String, commits_to_lose: Arc<AtomicUsize>) {
    while let Ok((client, _address)) = listener.accept().await {
        let server = TcpStream::connect(&host).await.unwrap();
        let (from_client, to_client) = client.into_split();
        let (from_server, to_server) = server.into_split();
        let lose = Arc::clone(&commits_to_lose);
        tokio::spawn(pass(from_client, to_server, from_server, to_client, lose));
    }
}

/// Passes both ways. A commit that is to be lost is passed on too; then the database's answer is
/// awaited, so that it is known to have happened, and both ends are closed.
async fn pass(
    mut from_client: OwnedReadHalf,
    mut to_server: OwnedWriteHalf,
    mut from_server: OwnedReadHalf,
    mut to_client: OwnedWriteHalf,
    commits_to_lose: Arc<AtomicUsize>,
) {
    let (mut asked, mut answered) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        tokio::select! {
            read = from_client.read(&mut asked) => {
                let Ok(count @ 1..) = read else { return };
                if to_server.write_all(&asked[..count]).await.is_err() {
                    return;
                }
                let commit = asked[..count].windows(6).any(|window| window == b"COMMIT");
                let lose = commit && commits_to_lose
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
                if to_client.write_all(&answered[..count]).await.is_err() {
                    return;
                }
            }
        }
    }
}
