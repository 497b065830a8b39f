//! A database server with replicas, all of a test's own.
//!
//! A row that the primary has acknowledged arrives on the replicas a moment later, without being
//! waited for. Replicas are counted from 0.

use std::sync::Arc;
use std::thread;

use futures_util::future::join_all;
use tokio::task::spawn_blocking;

use super::database::{Role, ServerKind};
use super::readiness::until;
use super::running::Running;

const DATABASE: &str = "shop";

/// A primary with the durability that its makers ship, and its replicas.
#[derive(Debug)]
pub struct Replicated {
    kind: ServerKind,
    primary: Arc<Running>,
    replicas: Vec<Arc<Running>>,
}

impl Replicated {
    /// Starts a primary and so many replicas that follow it; `None` if it is not installed.
    pub async fn start(kind: ServerKind, replicas: usize) -> Option<Self> {
        let replicated = spawn_blocking(move || Self::launch(kind, replicas)).await.unwrap()?;
        let primary = kind.connect(replicated.primary.port()).await;
        kind.set_up_primary(&primary).await;
        primary.close().await.unwrap();
        join_all(replicated.replicas.iter().map(async |replica| {
            let connection = kind.connect(replica.port()).await;
            kind.follow(&connection, replicated.primary.port()).await;
            connection.close().await.unwrap();
        }))
        .await;
        Some(replicated)
    }

    fn launch(kind: ServerKind, replicas: usize) -> Option<Self> {
        let primary = Arc::new(kind.start(Role::Primary)?);
        let port = primary.port();
        let replicas = thread::scope(|scope| {
            let launches: Vec<_> = (0..replicas)
                .map(|index| {
                    scope.spawn(move || kind.start(Role::Replica { index, primary: port }))
                })
                .collect();
            launches
                .into_iter()
                .map(|launch| launch.join().unwrap().map(Arc::new))
                .collect::<Option<Vec<_>>>()
        })?;
        Some(Self { kind, primary, replicas })
    }

    /// Creates the database, empty, and waits until all replicas have it; answers the primary's
    /// URL. There is one for each server.
    pub async fn create_database(&self) -> String {
        self.kind.create_database(self.primary.port(), DATABASE).await;
        join_all((0..self.replicas.len()).map(|index| self.caught_up(index))).await;
        self.primary_url()
    }

    /// The URL of the database on the primary.
    pub fn primary_url(&self) -> String {
        self.kind.client_url(self.primary.port(), DATABASE)
    }

    /// The URL of the database on a replica, which nobody can write to by it.
    pub fn replica_url(&self, index: usize) -> String {
        self.kind.client_url(self.replicas[index].port(), DATABASE)
    }

    /// Waits until the replica has all that the primary had acknowledged when this was called.
    ///
    /// It panics if that does not happen; so it does at once if one of the two is not running.
    pub async fn caught_up(&self, index: usize) {
        let primary = self.kind.connect(self.primary.port()).await;
        let position = self.kind.position(&primary).await;
        primary.close().await.unwrap();
        let replica = self.kind.connect(self.replicas[index].port()).await;
        until("the replica caught up", async || self.kind.has_reached(&replica, &position).await)
            .await;
        replica.close().await.unwrap();
    }

    /// Makes the replica stand still: it answers by what it has, and gets no more.
    ///
    /// A replica that is started again after a crash follows again.
    pub async fn stop_replication(&self, index: usize) {
        let replica = self.kind.connect(self.replicas[index].port()).await;
        self.kind.stop_replication(&replica).await;
        until("the replica stopped", async || self.kind.has_stopped(&replica).await).await;
        replica.close().await.unwrap();
    }

    /// Lets the replica follow again; it gets what it missed.
    pub async fn start_replication(&self, index: usize) {
        let replica = self.kind.connect(self.replicas[index].port()).await;
        self.kind.start_replication(&replica).await;
        replica.close().await.unwrap();
    }

    /// Makes the primary refuse changes; its connections stay open.
    pub async fn demote_primary(&self) {
        let primary = self.kind.connect(self.primary.port()).await;
        self.kind.demote(&primary).await;
        primary.close().await.unwrap();
    }

    /// Makes the replica a primary, which follows nobody and takes changes.
    pub async fn promote(&self, index: usize) {
        let replica = self.kind.connect(self.replicas[index].port()).await;
        self.kind.promote(&replica).await;
        replica.close().await.unwrap();
    }

    /// Kills the replica as a crash would.
    pub fn kill(&self, index: usize) {
        self.replicas[index].kill();
    }

    /// Starts the replica again after a crash, on the same port and data; it follows again.
    pub async fn restart(&self, index: usize) {
        self.replicas[index].restart().await;
    }

    /// Makes the replica hang: it keeps its connections, and answers nobody.
    pub fn pause(&self, index: usize) {
        self.replicas[index].pause();
    }

    /// Lets the replica go on after it hung.
    pub fn resume(&self, index: usize) {
        self.replicas[index].resume();
    }

    /// Kills the primary as a crash would; the replicas go on answering by what they have.
    pub fn kill_primary(&self) {
        self.primary.kill();
    }

    /// Starts the primary again after a crash, on the same port and data; the replicas find it.
    pub async fn restart_primary(&self) {
        self.primary.restart().await;
    }
}
