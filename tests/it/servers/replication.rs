//! What the two kinds of database servers call it when a replica follows its primary.

use sea_orm::{ConnectionTrait as _, DatabaseConnection, Statement};

use super::database::ServerKind;

impl ServerKind {
    /// Makes a primary ready for replicas and clients.
    pub(super) async fn set_up_primary(self, primary: &DatabaseConnection) {
        match self {
            Self::MariaDb => {
                execute(primary, "CREATE USER replication@127.0.0.1").await;
                execute(primary, "GRANT REPLICATION SLAVE ON *.* TO replication@127.0.0.1").await;
                // An administrator may write even where it is forbidden; a client may not.
                execute(primary, "CREATE USER client@127.0.0.1").await;
                execute(primary, "GRANT ALL ON *.* TO client@127.0.0.1").await;
                execute(primary, "REVOKE READ_ONLY ADMIN ON *.* FROM client@127.0.0.1").await;
            }
            // Its files were made so that all on this machine are trusted.
            Self::Postgres => {}
        }
    }

    /// Makes a replica follow the primary on `port` from the beginning.
    pub(super) async fn follow(self, replica: &DatabaseConnection, port: u16) {
        match self {
            Self::MariaDb => {
                let change = format!(
                    "CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = {port}, \
                     MASTER_USER = 'replication', MASTER_USE_GTID = slave_pos, \
                     MASTER_CONNECT_RETRY = 1"
                );
                execute(replica, &change).await;
                execute(replica, "START SLAVE").await;
            }
            // It does so since it was copied from the primary.
            Self::Postgres => {}
        }
    }

    pub(super) async fn stop_replication(self, replica: &DatabaseConnection) {
        match self {
            Self::MariaDb => execute(replica, "STOP SLAVE").await,
            Self::Postgres => execute(replica, "SELECT pg_wal_replay_pause()").await,
        }
    }

    pub(super) async fn start_replication(self, replica: &DatabaseConnection) {
        match self {
            Self::MariaDb => execute(replica, "START SLAVE").await,
            Self::Postgres => execute(replica, "SELECT pg_wal_replay_resume()").await,
        }
    }

    /// Makes a primary refuse changes.
    pub(super) async fn demote(self, primary: &DatabaseConnection) {
        match self {
            Self::MariaDb => execute(primary, "SET GLOBAL read_only = 1").await,
            Self::Postgres => panic!("it takes a restart"),
        }
    }

    /// Makes a replica a primary.
    pub(super) async fn promote(self, replica: &DatabaseConnection) {
        match self {
            Self::MariaDb => {
                execute(replica, "STOP SLAVE").await;
                execute(replica, "RESET SLAVE ALL").await;
                execute(replica, "SET GLOBAL read_only = 0").await;
            }
            // It answers once it is one.
            Self::Postgres => execute(replica, "SELECT pg_promote()").await,
        }
    }

    /// Whether a replica that was told to stop stands still.
    pub(super) async fn has_stopped(self, replica: &DatabaseConnection) -> bool {
        match self {
            // It is told once it has.
            Self::MariaDb => true,
            Self::Postgres => {
                ask(replica, "SELECT pg_get_wal_replay_pause_state()").await == "paused"
            }
        }
    }

    /// How far the primary has come, in its own words.
    pub(super) async fn position(self, primary: &DatabaseConnection) -> String {
        let question = match self {
            Self::MariaDb => "SELECT @@GLOBAL.gtid_binlog_pos",
            Self::Postgres => "SELECT pg_current_wal_flush_lsn()::text",
        };
        ask(primary, question).await
    }

    /// Whether a replica has come as far as its primary's `position`.
    pub(super) async fn has_reached(self, replica: &DatabaseConnection, position: &str) -> bool {
        let question = match self {
            Self::MariaDb => {
                format!("SELECT IF(MASTER_GTID_WAIT('{position}', 0) = 0, 'true', 'false')")
            }
            Self::Postgres => {
                format!("SELECT (pg_last_wal_replay_lsn() >= '{position}'::pg_lsn)::text")
            }
        };
        ask(replica, &question).await == "true"
    }

    /// The URL of a database for clients, who cannot write to a replica.
    pub(super) fn client_url(self, port: u16, database: &str) -> String {
        match self {
            Self::MariaDb => format!("mysql://client@127.0.0.1:{port}/{database}"),
            Self::Postgres => format!("postgres://postgres@127.0.0.1:{port}/{database}"),
        }
    }
}

async fn execute(connection: &DatabaseConnection, statement: &str) {
    connection.execute_unprepared(statement).await.unwrap();
}

/// The text that a question is answered by.
async fn ask(connection: &DatabaseConnection, question: &str) -> String {
    let statement = Statement::from_string(connection.get_database_backend(), question);
    let row = connection.query_one_raw(statement).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}
