//! The way to Redis: to one server, or to the nodes of a cluster.
//!
//! It is made without waiting, and makes itself again when it broke. One that answers nothing any
//! more without being broken, because the host behind it has vanished, is given up by
//! [`Connection::renew`].

use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::cluster::{ClusterClient, ClusterConfig};
use redis::cluster_async::ClusterConnection;
use redis::{Client, Cmd, FromRedisValue, RedisResult};

use crate::cache::RedisSettings;

/// How long it may take to connect.
const CONNECT_MAX: Duration = Duration::from_secs(1);

/// How long the library waits for an answer. Who waits for one has less patience, and drops it.
const ANSWER_MAX: Duration = Duration::from_secs(1);

/// Pauses between attempts to connect.
const RECONNECT_PAUSE_MAX: Duration = Duration::from_millis(500);

/// How often a cluster's command is sent anew, to where the cluster says, within its time.
const REDIRECTIONS_MAX: u32 = 2;

/// A way to Redis that can be renewed.
pub(super) struct Connection {
    maker: Maker,
    live: RwLock<Live>,
}

enum Maker {
    Single(Client, ConnectionManagerConfig),
    Cluster(ClusterClient),
}

#[derive(Clone)]
enum Live {
    Single(ConnectionManager),
    Cluster(ClusterConnection),
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Connection")
    }
}

impl Connection {
    /// The way to what `settings` name. Nobody is asked yet.
    ///
    /// # Errors
    ///
    /// Those of a URL that is none.
    pub(super) fn new(settings: &RedisSettings) -> RedisResult<Self> {
        let maker = if settings.cluster {
            let client = ClusterClient::builder(settings.urls.clone())
                .connection_timeout(CONNECT_MAX)
                .response_timeout(ANSWER_MAX)
                .retries(REDIRECTIONS_MAX)
                .build()?;
            Maker::Cluster(client)
        } else {
            let url = settings.urls.first().map(String::as_str).unwrap_or_default();
            let config = ConnectionManagerConfig::new()
                .set_connection_timeout(Some(CONNECT_MAX))
                .set_response_timeout(Some(ANSWER_MAX))
                .set_max_delay(RECONNECT_PAUSE_MAX);
            Maker::Single(Client::open(url)?, config)
        };
        let live = maker.make()?;
        Ok(Self { maker, live: RwLock::new(live) })
    }

    /// Has a command carried out.
    ///
    /// # Errors
    ///
    /// Those of the connection and of the server.
    pub(super) async fn query<T: FromRedisValue>(&self, command: &Cmd) -> RedisResult<T> {
        let live = self.live.read().unwrap_or_else(PoisonError::into_inner).clone();
        match live {
            Live::Single(mut connection) => command.query_async(&mut connection).await,
            Live::Cluster(mut connection) => command.query_async(&mut connection).await,
        }
    }

    /// Connects anew.
    pub(super) fn renew(&self) {
        match self.maker.make() {
            Ok(live) => *self.live.write().unwrap_or_else(PoisonError::into_inner) = live,
            // It was made before, of the same.
            Err(error) => tracing::error!(%error, "Redis cannot be connected to anew"),
        }
    }
}

impl Maker {
    fn make(&self) -> RedisResult<Live> {
        Ok(match self {
            Self::Single(client, config) => Live::Single(ConnectionManager::new_lazy_with_config(
                client.clone(),
                config.clone(),
            )?),
            Self::Cluster(client) => {
                Live::Cluster(client.get_pending_async_connection_with_config(ClusterConfig::new()))
            }
        })
    }
}
