//! The floor: the server as it is, over a ledger that answers at once without a database, and with
//! a stock and one page of history in memory. What it does in a second is what all but the books costs; what
//! the real server does is measured against it.
//!
//! It takes `--listen HOST:PORT` and, to have every deduction refused, `--sold-out`; its settings as the server does, from the environment.

mod history;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use chrono::DateTime;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use mimalloc::MiMalloc;
use stockflow::auth::Authenticator;
use stockflow::cache::StockCache;
use stockflow::config::{self, Sources};
use stockflow::db::{Database, DatabaseSettings};
use stockflow::domain::{
    Argument, Clock, Command, Field, Flow, Inventory, MerchantId, Operation, Outcome, ReceiptLine,
    Refusal, SkuId, Violation,
};
use stockflow::graphql::{self, GraphqlMetrics, SchemaSettings};
use stockflow::http::{
    self, ConnectionLimits, HttpState, Origins, RateLimit, Readiness, RequestLimits, ServeSettings,
    SocketLimits, SocketMetrics, Stopping, Unready,
};
use stockflow::ledger::Ledger;
use stockflow::store::Store;
use stockflow::telemetry::{self, Metrics};

/// The server's own allocator.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// Nobody opens a socket here.
const NO_SOCKETS: SocketLimits = SocketLimits {
    sockets_max: 0,
    sockets_per_caller_max: 0,
    operations_per_socket_max: 0,
    init_timeout: Duration::ZERO,
    ping_interval: Duration::ZERO,
    token_check_interval: Duration::ZERO,
    unread_timeout: Duration::ZERO,
};

type AnyError = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tell(&error);
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), AnyError> {
    let listen = std::env::args().skip_while(|word| word != "--listen").nth(1);
    let sold_out = std::env::args().any(|word| word == "--sold-out");
    let mut sources = Sources { environment: std::env::vars().collect(), ..Sources::default() };
    sources.flags.set("server.listen", listen);
    let settings = config::load(&sources)?;
    telemetry::init(&settings.log)?;
    // Nothing is asked of it but whether a SKU exists, which no measured request asks.
    let folder = tempfile::tempdir()?;
    let url = format!("sqlite://{}", folder.path().join("floor.db").display());
    let database = Database::connect(&DatabaseSettings::new(url)).await?;
    database.migrate_up().await?;
    let store = Store::new(database, StockCache::none())
        .with_page_in_memory(history::page(Clock::system().now()))
        .with_stock_in_memory(stock);
    let limits = &settings.limits;
    let stopping = Stopping::new();
    let router = http::router(HttpState {
        authenticator: Authenticator::open(),
        schema: graphql::build_schema(
            store,
            Ledger::at_once(if sold_out { refuse } else { answer }),
            SchemaSettings {
                document_cache_bytes: settings.graphql.document_cache_bytes,
                ..SchemaSettings::default()
            },
            GraphqlMetrics::default(),
        ),
        readiness: Arc::new(AlwaysReady),
        http_metrics: http::HttpMetrics::new(),
        metrics: Arc::new(Metrics::new()),
        metrics_for_clients: true,
        graphiql: true,
        body_bytes_max: settings.server.body_bytes_max,
        request_limits: RequestLimits {
            timeout: limits.request_timeout,
            concurrent_max: limits.concurrent_requests_max,
        },
        rate_limit: RateLimit::new(limits.requests_per_second, limits.requests_burst),
        socket_limits: NO_SOCKETS,
        socket_metrics: SocketMetrics::new(),
        origins: Origins { allowed: Vec::new(), hosts: Some(Vec::new()) },
        by_tls: false,
        stopping: stopping.clone(),
    });
    let (listener, _address) = http::bind(&settings.server.listen).await?;
    let serve = ServeSettings {
        limits: ConnectionLimits {
            connections_max: limits.connections_max,
            header_timeout: limits.header_timeout,
            idle_timeout: limits.idle_timeout,
            head_bytes_max: limits.head_bytes_max,
            streams_max: limits.streams_max,
        },
        tls: None,
        drain_delay: Duration::ZERO,
        shutdown_timeout: settings.server.shutdown_timeout,
    };
    let stop = async {
        // A signal that cannot be listened to ends the process by itself.
        let _signal = tokio::signal::ctrl_c().await;
        stopping.ask();
    };
    tokio::join!(http::serve(listener, router, serve, &stopping), stop);
    Ok(())
}

#[expect(clippy::print_stderr, reason = "whoever has started it is told why it ended")]
fn tell(error: &AnyError) {
    eprintln!("floor: {error}");
}

struct AlwaysReady;

impl Readiness for AlwaysReady {
    fn check(&self) -> BoxFuture<'_, Result<(), Unready>> {
        async { Ok(()) }.boxed()
    }
}

/// Any SKU's stock.
fn stock(sku_id: SkuId) -> Inventory {
    let put_on_the_books = DateTime::UNIX_EPOCH;
    Inventory {
        sku_id,
        merchant_id: MerchantId::DEFAULT,
        leaved_amount: 1_000_000,
        version: 1,
        created_at: put_on_the_books,
        updated_at: put_on_the_books,
    }
}

/// Answers as the ledger does to a deduction of what is sold out.
fn refuse(command: &Command) -> Outcome {
    let field = Field::of(Argument::Quantity);
    let refusals = command.operation.sku_ids().map(|sku_id| {
        let violation = Violation::InsufficientStock { sku_id, requested: 1, available: 0 };
        Refusal { field, violation }
    });
    Outcome::Refused(refusals.collect())
}

/// Answers as the ledger does to a command that it has carried out.
fn answer(command: &Command) -> Outcome {
    let lines = match &command.operation {
        Operation::DeductBatch(lines) => lines.as_slice(),
        Operation::Deduct(line) => std::slice::from_ref(line),
        Operation::Create { .. }
        | Operation::Refund(_)
        | Operation::RefundBatch(_)
        | Operation::Replenish { .. }
        | Operation::SetQuantity { .. }
        | Operation::Count { .. } => &[],
    };
    let now = Clock::system().now();
    let receipt = (0..)
        .zip(lines)
        .map(|(place, line)| {
            let flow = Flow {
                order_detail_id: Some(line.order_detail_id.as_str().to_owned()),
                quantity_trade: line.quantity,
                idempotency_key: command.key.as_str().to_owned(),
                actor: command.actor.clone(),
                line: place,
                ..history::entry(line.sku_id, 1, now)
            };
            ReceiptLine { inventory: Inventory::after(&flow, now), flow }
        })
        .collect();
    Outcome::Done { receipt, replayed: false }
}
