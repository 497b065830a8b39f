//! What may be said on the command line. The comments are what `--help` prints.

#![expect(clippy::doc_markdown, reason = "a terminal shows no Markdown")]

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use super::audit::AuditCommand;
use super::export::ExportArguments;
use super::token::Token;
use crate::config::Flags;
use crate::domain::MerchantId;

/// A GraphQL server for merchants' stock.
#[derive(Debug, Parser)]
#[command(name = "stockflow", version, about)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) sources: SourceArguments,
    #[command(flatten)]
    pub(super) serve: ServeArguments,
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

/// Where the settings and the books are.
#[derive(Debug, Args)]
pub(super) struct SourceArguments {
    /// A TOML file of settings [env: STOCKFLOW_CONFIG]
    #[arg(long, value_name = "FILE", global = true)]
    pub(super) config: Option<PathBuf>,
    /// The database: sqlite://FILE, mysql://…, mariadb://… or postgres://user:password@host/name
    /// [env: STOCKFLOW_DATABASE_URL] [default: sqlite://stockflow.db]
    #[arg(long, value_name = "URL", global = true)]
    pub(super) database_url: Option<String>,
}

/// How to serve.
#[derive(Debug, Default, Args)]
pub(super) struct ServeArguments {
    /// Where to listen, as HOST:PORT; port 0 takes any that is free [env: STOCKFLOW_LISTEN]
    /// [default: 127.0.0.1:8000]
    #[arg(long, value_name = "HOST:PORT")]
    pub(super) listen: Option<String>,
    /// Listen to others than this machine though nobody is authenticated, because something in
    /// front of the server decides who may call
    #[arg(long)]
    pub(super) insecure_no_auth: bool,
    /// Where to answer /metrics, /healthz and /readyz alone [default: nowhere]
    #[arg(long, value_name = "HOST:PORT")]
    pub(super) operations_listen: Option<String>,
    /// A PEM file with the certificate for TLS, and those that lead to one that clients trust
    #[arg(long, value_name = "FILE")]
    pub(super) tls_certificate_file: Option<String>,
    /// A PEM file with the certificate's private key
    #[arg(long, value_name = "FILE")]
    pub(super) tls_key_file: Option<String>,
    /// Fill an empty database with a small shop, so that there is something to look at
    #[arg(long)]
    pub(super) demo: bool,
    #[command(flatten)]
    pub(super) replica: ReplicaArguments,
    #[command(flatten)]
    pub(super) ledger: LedgerArguments,
    #[command(flatten)]
    pub(super) cache: CacheArguments,
    #[command(flatten)]
    pub(super) graphql: GraphqlArguments,
}

/// From which replicas reads are answered.
#[derive(Debug, Default, Args)]
pub(super) struct ReplicaArguments {
    /// A replica of the database to read from; may be said once for each
    /// [env: STOCKFLOW_REPLICA_URLS, with commas between them]
    #[arg(long = "replica-url", value_name = "URL")]
    pub(super) urls: Vec<String>,
    /// How far a replica may lag behind to be read from, in milliseconds [default: 5000]
    #[arg(long = "replica-lag-max", value_name = "MS")]
    pub(super) lag_ms_max: Option<i64>,
    /// Reads that may be with the primary at once while no replica will do [default: 8]
    #[arg(long = "replica-fallback-max", value_name = "COUNT")]
    pub(super) fallback_max: Option<i64>,
}

/// How changes of stock are written.
#[derive(Debug, Default, Args)]
pub(super) struct LedgerArguments {
    /// Changes of stock that one transaction writes at the most; 1 makes each a transaction of its
    /// own [default: 500]
    #[arg(long = "ledger-batch-max", value_name = "COUNT")]
    pub(super) batch_max: Option<i64>,
    /// Transactions that may be under way at once; SQLite has one [default: 1]
    #[arg(long = "ledger-lanes", value_name = "COUNT")]
    pub(super) lanes: Option<i64>,
    /// Changes of stock that may wait; one more is answered with BUSY [default: 10000]
    #[arg(long = "ledger-queue-max", value_name = "COUNT")]
    pub(super) queue_max: Option<i64>,
    /// How long a change may wait before it is begun, in milliseconds; then it is answered with
    /// BUSY [default: 10000]
    #[arg(long = "ledger-deadline-ms", value_name = "MS")]
    pub(super) deadline_ms: Option<i64>,
    /// How old the copy of an amount may be by which a deduction is refused before it waits, in
    /// milliseconds; 0 for none to be [default: 500]
    #[arg(long = "ledger-early-refusal-age-ms-max", value_name = "MS")]
    pub(super) early_refusal_age_ms_max: Option<i64>,
}

/// What copies of amounts are kept, and where.
#[derive(Debug, Default, Args)]
pub(super) struct CacheArguments {
    /// How old the copy of an amount may be that answers a read, in milliseconds; 0 keeps none
    /// [default: 2000]
    #[arg(long = "cache-age-ms-max", value_name = "MS")]
    pub(super) age_ms_max: Option<i64>,
    /// A Redis that servers share, as redis://host:6379; repeated for nodes of a cluster
    /// [env: STOCKFLOW_REDIS_URLS]
    #[arg(long = "redis-url", value_name = "URL")]
    pub(super) redis_urls: Vec<String>,
    /// The Redis is a cluster, though only one of its nodes is named
    #[arg(long = "redis-cluster")]
    pub(super) redis_cluster: bool,
}

/// Which documents are executed.
#[derive(Debug, Default, Args)]
pub(super) struct GraphqlArguments {
    /// A JSON file of documents by their SHA-256, which then are the only ones that are executed
    #[arg(long = "trusted-documents", value_name = "FILE")]
    pub(super) trusted_documents: Option<String>,
}

impl ServeArguments {
    /// Whether anything is said.
    pub(super) fn is_given(&self) -> bool {
        let mut flags = Flags::default();
        self.say(&mut flags);
        self.demo || !flags.is_empty()
    }

    /// Says what settings the flags stand for.
    pub(super) fn say(&self, flags: &mut Flags) {
        flags.set("server.listen", self.listen.clone());
        flags.set("auth.insecure_no_auth", self.insecure_no_auth.then_some(true));
        flags.set("server.operations_listen", self.operations_listen.clone());
        flags.set("server.tls_certificate_file", self.tls_certificate_file.clone());
        flags.set("server.tls_key_file", self.tls_key_file.clone());
        self.replica.say(flags);
        self.ledger.say(flags);
        self.cache.say(flags);
        self.graphql.say(flags);
    }
}

impl ReplicaArguments {
    fn say(&self, flags: &mut Flags) {
        flags.set_list("database.replica_urls", &self.urls);
        flags.set("database.replica_lag_ms_max", self.lag_ms_max);
        flags.set("database.replica_fallback_max", self.fallback_max);
    }
}

impl LedgerArguments {
    fn say(&self, flags: &mut Flags) {
        flags.set("ledger.batch_max", self.batch_max);
        flags.set("ledger.lanes", self.lanes);
        flags.set("ledger.queue_max", self.queue_max);
        flags.set("ledger.deadline_ms", self.deadline_ms);
        flags.set("ledger.early_refusal_age_ms_max", self.early_refusal_age_ms_max);
    }
}

impl CacheArguments {
    fn say(&self, flags: &mut Flags) {
        flags.set("cache.age_ms_max", self.age_ms_max);
        flags.set_list("cache.redis_urls", &self.redis_urls);
        flags.set("cache.redis_cluster", self.redis_cluster.then_some(true));
    }
}

impl GraphqlArguments {
    fn say(&self, flags: &mut Flags) {
        flags.set("graphql.trusted_documents_file", self.trusted_documents.clone());
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Bring the tables up to date and serve; what happens if nothing else is said
    Serve(Box<ServeArguments>),
    /// Change the tables, or tell how they stand
    #[command(subcommand)]
    Migrate(Migrate),
    /// Check the settings, or show them; needs no database
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Check what the server depends on, change nothing, and say what to do; exits with 1 if
    /// anything failed
    Doctor(DoctorArguments),
    /// Ask a server that runs on this machine whether it is ready; exits with 1 if not
    Healthcheck(HealthcheckArguments),
    /// Print the GraphQL schema
    Schema,
    /// Make, list and revoke the API keys by which programs say who they are
    #[command(subcommand)]
    Token(Token),
    /// Prove the books, and seal them
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Create or replenish SKUs from a CSV file with the columns sku_id, quantity and, if you
    /// like, reason. Importing the same file again carries on where it stopped and doubles
    /// nothing; a file that was changed is another file, and all its rows count anew
    Import(ImportArguments),
    /// Write the history, or what of it is wanted, as CSV or JSON Lines. It ends with a manifest, by
    /// which an export that was cut off or changed is known
    Export(Box<ExportArguments>),
}

/// What to do with the tables.
#[derive(Clone, Copy, Debug, Subcommand)]
pub(super) enum Migrate {
    /// Take every step that is left
    Up,
    /// Take the last steps back, with the data that they made room for
    Down {
        /// How many
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
        steps: u32,
        /// Yes, data will be lost
        #[arg(long)]
        yes: bool,
    },
    /// Tell which steps were taken
    Status,
}

/// What to do with the settings.
#[derive(Debug, Subcommand)]
pub(super) enum ConfigCommand {
    /// Read the settings as serve would, with the same flags, and tell everything that is wrong
    Check(ServeArguments),
    /// Print the settings that hold, each with where it is from, as a TOML file; secrets are masked
    Show {
        /// Print the file of defaults instead, with the meaning of every setting
        #[arg(long)]
        defaults: bool,
        #[command(flatten)]
        serve: ServeArguments,
    },
}

/// What to check, and for whom to tell it.
#[derive(Debug, Args)]
pub(super) struct DoctorArguments {
    /// Print one JSON object, for machines
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    pub(super) serve: ServeArguments,
}

/// Whom to ask.
#[derive(Debug, Args)]
pub(super) struct HealthcheckArguments {
    /// What to ask [default: /readyz where the settings say that the server listens, as
    /// http://127.0.0.1:8000/readyz]
    #[arg(long, value_name = "URL")]
    pub(super) url: Option<String>,
}

/// What to import.
#[derive(Debug, Args)]
pub(super) struct ImportArguments {
    /// The file
    #[arg(value_name = "FILE.csv")]
    pub(super) file: PathBuf,
    /// Whose SKUs they are, by the id of the merchant; SKUs of others are left out. Without it new
    /// SKUs belong to merchant 1
    #[arg(long, value_name = "ID")]
    pub(super) merchant: Option<MerchantId>,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_arguments_make_sense() {
        Arguments::command().debug_assert();
        let url = |words: &[&str]| {
            Arguments::try_parse_from(words).map(|arguments| arguments.sources.database_url)
        };
        for words in [
            &["stockflow", "--database-url", "u"][..],
            &["stockflow", "serve", "--listen", "h:1", "--database-url", "u"],
            &["stockflow", "migrate", "up", "--database-url", "u"],
            &["stockflow", "migrate", "--database-url", "u", "down", "--steps", "2", "--yes"],
            &["stockflow", "import", "file.csv", "--database-url", "u"],
            &["stockflow", "config", "check", "--listen", "h:1", "--database-url", "u"],
            &["stockflow", "config", "show", "--defaults", "--database-url", "u"],
            &["stockflow", "doctor", "--json", "--redis-url", "r", "--database-url", "u"],
            &["stockflow", "healthcheck", "--database-url", "u"],
            &["stockflow", "audit", "reconcile", "--json", "--resume", "f", "--database-url", "u"],
            &["stockflow", "audit", "verify", "--since", "7", "--database-url", "u"],
            &["stockflow", "export", "--sku", "1", "--quantity-min", "-5", "--database-url", "u"],
            &["stockflow", "export", "check", "flows.csv", "--database-url", "u"],
            &["stockflow", "audit", "seal", "--output", "f", "--key", "k", "--database-url", "u"],
        ] {
            assert_eq!(url(words).unwrap().as_deref(), Some("u"), "{words:?}");
        }
        assert!(url(&["stockflow", "migrate", "down", "--steps", "0"]).is_err());
        assert!(url(&["stockflow", "export", "--sku", "1", "check", "flows.csv"]).is_err());
    }
}
