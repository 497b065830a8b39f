//! How the pools stand: their connections, looked up when they are asked for.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use prometheus_client::collector::Collector;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric as _};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::gauge::ConstGauge;
use sea_orm::sqlx::{Database as Driver, Pool};
use sea_orm::{DatabaseConnection, DbBackend};

use super::replicas::Replicas;

/// Every pool of a database. Cheap to clone; clones are the same.
#[derive(Clone, Debug)]
pub(super) struct Pools {
    /// Migrations and the heartbeat.
    pub(super) tables: DatabaseConnection,
    /// Readers of the primary.
    pub(super) reader: DatabaseConnection,
    pub(super) replicas: Arc<Replicas>,
    /// The ledger's, once it is opened.
    pub(super) writer: Arc<Mutex<Option<DatabaseConnection>>>,
}

#[derive(Debug)]
struct Standing {
    in_use: i64,
    idle: i64,
    max: i64,
}

impl Pools {
    /// Keeps the ledger's pool.
    pub(super) fn keep_writer(&self, writer: &DatabaseConnection) {
        *self.writer.lock().unwrap_or_else(PoisonError::into_inner) = Some(writer.clone());
    }

    /// Each pool by its name.
    fn all(&self) -> Vec<(String, Standing)> {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let primary = [
            ("tables", Some(self.tables.clone())),
            ("reader", Some(self.reader.clone())),
            ("writer", writer),
        ];
        let primary = primary.into_iter().filter_map(|(name, pool)| Some((name.to_owned(), pool?)));
        let replicas = self.replicas.pools();
        let replicas = replicas.map(|(number, pool)| (format!("replica_{number}"), pool));
        primary.chain(replicas).map(|(name, pool)| (name, standing(&pool))).collect()
    }
}

impl Collector for Pools {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        let all = self.all();
        let help = "Connections to the database, by pool and by whether they are in use";
        let mut family =
            encoder.encode_descriptor("pool_connections", help, None, MetricType::Gauge)?;
        for (pool, Standing { in_use, idle, .. }) in &all {
            for (state, connections) in [("in_use", *in_use), ("idle", *idle)] {
                ConstGauge::new(connections)
                    .encode(family.encode_family(&[("pool", pool.as_str()), ("state", state)])?)?;
            }
        }
        let help = "Connections that a pool may have";
        let mut family =
            encoder.encode_descriptor("pool_connections_max", help, None, MetricType::Gauge)?;
        for (pool, Standing { max, .. }) in &all {
            ConstGauge::new(*max).encode(family.encode_family(&[("pool", pool.as_str())])?)?;
        }
        Ok(())
    }
}

fn standing(pool: &DatabaseConnection) -> Standing {
    match pool.get_database_backend() {
        DbBackend::MySql => of_driver(pool.get_mysql_connection_pool()),
        DbBackend::Postgres => of_driver(pool.get_postgres_connection_pool()),
        DbBackend::Sqlite => of_driver(pool.get_sqlite_connection_pool()),
        _ => Standing { in_use: 0, idle: 0, max: 0 },
    }
}

/// The two numbers are not of one instant, so that none may be below zero.
fn of_driver<D: Driver>(pool: &Pool<D>) -> Standing {
    let size = i64::from(pool.size());
    let idle = i64::try_from(pool.num_idle()).unwrap_or(i64::MAX).min(size);
    Standing {
        in_use: size.saturating_sub(idle),
        idle,
        max: pool.options().get_max_connections().into(),
    }
}
