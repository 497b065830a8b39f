//! A Redis cluster of a test's own: three primaries, each with a replica.
//!
//! Nodes are counted from 0. Which of them are primaries is to be asked, not assumed: a node that
//! a loaded machine held up for too long may be replaced by its replica at any time.

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use tokio::task::spawn_blocking;

use super::readiness::until;
use super::redis_nodes::{Node, parse};
use super::running::{Running, succeed};
use super::{ports, redis};

const NODES: usize = 6;

const SETTINGS: [&str; 8] = [
    "--cluster-enabled",
    "yes",
    "--cluster-config-file",
    "nodes.conf",
    // A primary that is silent for so long, in milliseconds, is replaced.
    "--cluster-node-timeout",
    "2000",
    // Seconds that it would wait for more replicas before it serves the first.
    "--repl-diskless-sync-delay",
    "0",
];

/// Six nodes of a cluster that keeps no data on disk.
#[derive(Debug)]
pub struct RedisCluster {
    members: Vec<Member>,
}

#[derive(Debug)]
struct Member {
    running: Arc<Running>,
    /// Neither killed nor made to hang.
    is_up: AtomicBool,
}

impl RedisCluster {
    /// Starts one and waits until it is well; `None` if it is not installed.
    pub async fn start() -> Option<Self> {
        let cluster = spawn_blocking(Self::launch).await.unwrap()?;
        cluster.wait_until_ok().await;
        Some(cluster)
    }

    fn launch() -> Option<Self> {
        let start = || {
            Running::start(&redis::PROGRAM, ports::free_with_bus, |folder, port| {
                redis::prepare(folder, port, &SETTINGS)
            })
        };
        let members = thread::scope(|scope| {
            let launches: Vec<_> = (0..NODES).map(|_index| scope.spawn(start)).collect();
            let servers = launches.into_iter().map(|launch| launch.join().unwrap());
            let members = servers.map(|server| {
                Some(Member { running: Arc::new(server?), is_up: AtomicBool::new(true) })
            });
            members.collect::<Option<Vec<_>>>()
        })?;
        let addresses = members.iter().map(|it| format!("127.0.0.1:{}", it.running.port()));
        succeed(Command::new("redis-cli").args(["--cluster", "create"]).args(addresses).args([
            "--cluster-replicas",
            "1",
            "--cluster-yes",
        ]));
        Some(Self { members })
    }

    /// The URLs of all nodes.
    pub fn urls(&self) -> Vec<String> {
        let ports = self.members.iter().map(|it| it.running.port());
        ports.map(|port| format!("redis://127.0.0.1:{port}")).collect()
    }

    /// The nodes that are primaries, as the first node that is up sees it.
    pub async fn primaries(&self) -> Vec<usize> {
        let nodes = self.seen_by(self.first_up()).await;
        let primaries: BTreeSet<usize> =
            nodes.iter().filter(|it| !it.slots.is_empty()).map(|it| self.index(it)).collect();
        primaries.into_iter().collect()
    }

    /// The primary that answers for a key.
    pub async fn primary_of(&self, key: &str) -> usize {
        let first = self.first_up();
        let slot: u16 = self.command(first, &["CLUSTER", "KEYSLOT", key]).await.parse().unwrap();
        let nodes = self.seen_by(first).await;
        let owner =
            nodes.iter().find(|it| it.slots.iter().any(|(from, to)| (*from..=*to).contains(&slot)));
        self.index(owner.expect("every slot has a primary"))
    }

    /// The replica of a primary.
    pub async fn replica_of(&self, primary: usize) -> usize {
        let nodes = self.seen_by(self.first_up()).await;
        let id = &nodes.iter().find(|it| self.index(it) == primary).unwrap().id;
        let replica = nodes.iter().find(|it| it.primary.as_ref() == Some(id));
        self.index(replica.expect("every primary has a replica"))
    }

    /// Waits until the cluster is well again without the nodes that were killed or made to hang.
    ///
    /// Then all others see each other, and see primaries among them that answer for all keys; and
    /// all replicas among them follow a primary. It panics if that does not happen.
    pub async fn wait_until_ok(&self) {
        until("the cluster was well again", async || {
            let mut primaries = BTreeSet::new();
            for index in (0..NODES).filter(|index| self.is_up(*index)) {
                let Some(seen) = self.sees_all_well(index).await else { return false };
                primaries.insert(seen);
            }
            // They are of one opinion.
            primaries.len() == 1
        })
        .await;
    }

    /// The primaries that a node sees, if all is well that it sees.
    async fn sees_all_well(&self, index: usize) -> Option<BTreeSet<usize>> {
        let nodes = self.seen_by(index).await;
        let primaries: BTreeSet<usize> =
            nodes.iter().filter(|it| !it.slots.is_empty()).map(|it| self.index(it)).collect();
        let up = nodes.iter().filter(|it| self.is_up(self.index(it)));
        let all_see_each_other = nodes.len() == NODES && up.clone().all(|it| it.is_well);
        let all_are_of_use =
            up.clone().all(|it| it.primary.is_some() != primaries.contains(&self.index(it)));
        let all_primaries_are_up = primaries.iter().all(|primary| self.is_up(*primary));
        if !(all_see_each_other && all_are_of_use && all_primaries_are_up) {
            return None;
        }
        let state = self.command(index, &["CLUSTER", "INFO"]).await;
        let follows = primaries.contains(&index)
            || self.command(index, &["INFO", "replication"]).await.contains("link_status:up");
        (state.contains("cluster_state:ok") && follows).then_some(primaries)
    }

    async fn seen_by(&self, index: usize) -> Vec<Node> {
        let answer = self.command(index, &["CLUSTER", "NODES"]).await;
        // A replica says nothing else while it loads what its primary sent.
        if answer.starts_with("LOADING") { Vec::new() } else { parse(&answer) }
    }

    /// The answer of one node to a command, as `redis-cli` prints it: a list one item a line,
    /// nothing as nothing, an error by its text, as `MOVED`. It waits for as long as the node
    /// hangs, and panics if the node does not run.
    pub async fn command(&self, index: usize, words: &[&str]) -> String {
        redis::command(self.members[index].running.port(), words).await
    }

    /// How often a node carried out a command; those that it sent elsewhere do not count.
    pub async fn calls(&self, index: usize, command: &str) -> u64 {
        redis::calls(self.members[index].running.port(), command).await
    }

    /// Kills a node as a crash would.
    pub fn kill(&self, index: usize) {
        self.members[index].is_up.store(false, Ordering::Relaxed);
        self.members[index].running.kill();
    }

    /// Starts a node again after a crash, on the same port; it is empty until it follows another.
    pub async fn restart(&self, index: usize) {
        self.members[index].running.restart().await;
        self.members[index].is_up.store(true, Ordering::Relaxed);
    }

    /// Makes a node hang: it keeps its connections, and answers nobody.
    pub fn pause(&self, index: usize) {
        self.members[index].is_up.store(false, Ordering::Relaxed);
        self.members[index].running.pause();
    }

    /// Lets a node go on after it hung.
    pub fn resume(&self, index: usize) {
        self.members[index].running.resume();
        self.members[index].is_up.store(true, Ordering::Relaxed);
    }

    fn is_up(&self, index: usize) -> bool {
        self.members[index].is_up.load(Ordering::Relaxed)
    }

    fn first_up(&self) -> usize {
        (0..NODES).find(|index| self.is_up(*index)).expect("a node is up")
    }

    fn index(&self, node: &Node) -> usize {
        self.members.iter().position(|it| it.running.port() == node.port).unwrap()
    }
}
