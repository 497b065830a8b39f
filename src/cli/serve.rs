//! `stockflow serve`: brings the tables up to date and serves until it is asked to stop.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::process::ExitCode;
use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::arguments::{ServeArguments, SourceArguments};
use super::readiness::DatabaseReadiness;
use super::{Failure, authentication, demo, output, signal, start};
use crate::auth::AuthMetrics;
use crate::cache::CacheMetrics;
use crate::config::{Flags, Settings};
use crate::domain::Clock;
use crate::graphql::{self, GraphqlMetrics};
use crate::http::{self, HttpState};
use crate::ledger::LedgerMetrics;
use crate::store::Store;
use crate::telemetry::Metrics;

/// Serves. What was said behind the subcommand goes before what was said ahead of it.
///
/// # Errors
///
/// [`Failure`] when the settings, the address or the database stand in the way.
pub(super) async fn run(
    sources: &SourceArguments,
    arguments: &[ServeArguments],
) -> Result<ExitCode, Failure> {
    let mut flags = Flags::default();
    for said in arguments {
        said.say(&mut flags);
    }
    let settings = start::settings(sources, flags)?;
    let stop =
        signal::stop().map_err(|error| Failure::broke("the system tells of no signals", &error))?;
    authentication::check_exposure(&settings).await?;
    // Before the database: whoever has started the server twice should not wait to learn it.
    let (listener, address) =
        http::bind(&settings.server.listen).await.map_err(|error| Failure::bind(&error))?;
    let database = start::open_with_replicas(&settings).await?;
    let auth_metrics = AuthMetrics::default();
    let authenticator =
        authentication::start(&database, &settings, Clock::system(), &auth_metrics).await?;
    let cache_metrics = CacheMetrics::new();
    let cache = start::cache(&database, &settings, &cache_metrics).await?;
    let store = Store::new(database.clone(), cache.clone());
    if arguments.iter().any(|said| said.demo) {
        demo::fill(&database, &store, &settings).await?;
    }
    let ledger_metrics = LedgerMetrics::new();
    let mut metrics = Metrics::new();
    ledger_metrics.register(&mut metrics);
    cache_metrics.register(&mut metrics);
    auth_metrics.register(&mut metrics);
    database.register_metrics(&mut metrics);
    let graphql_metrics = GraphqlMetrics::default();
    graphql_metrics.register(&mut metrics);
    let (ledger, lanes) =
        start::ledger(&database, cache, &settings, Clock::system(), &ledger_metrics)?;
    // The schema holds the only clones of the ledger, so the lanes end when the server has.
    let cut_off = CancellationToken::new();
    let router = http::router(HttpState {
        authenticator,
        schema: graphql::build_schema(
            store,
            ledger,
            start::schema_settings(&settings),
            graphql_metrics,
        ),
        readiness: Arc::new(DatabaseReadiness(database.clone())),
        metrics: Arc::new(metrics),
        body_bytes_max: settings.server.body_bytes_max,
        cut_off: cut_off.clone(),
    });

    tell(address, &settings);
    let patience = settings.server.shutdown_timeout;
    let finished = http::serve(listener, router, stop, patience, &cut_off)
        .await
        .map_err(|error| Failure::broke("the server ended", &error))?;
    if !finished {
        tracing::warn!("requests that did not finish in time were cut off");
    }
    start::drain(lanes).await;
    start::close(database).await;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

/// The lines for the person who has started the server. Tests wait for the first.
fn tell(address: SocketAddr, settings: &Settings) {
    let page = reachable(address);
    output::line(&format!("stockflow is listening on http://{address} — GraphiQL: http://{page}/"));
    output::line(&format!("the books are in {}", start::database_settings(settings).url_shown()));
}

/// Where a browser on this machine finds the server: the address of every interface is none that
/// can be visited everywhere.
fn reachable(address: SocketAddr) -> SocketAddr {
    let host = match address.ip() {
        IpAddr::V4(host) if host.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(host) if host.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        host @ (IpAddr::V4(_) | IpAddr::V6(_)) => host,
    };
    SocketAddr::new(host, address.port())
}
