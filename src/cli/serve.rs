//! `stockflow serve`: brings the tables up to date and serves until it is asked to stop.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;

use super::arguments::{ServeArguments, SourceArguments};
use super::readiness::ServerReadiness;
use super::{Failure, audit, authentication, demo, output, signal, start};
use crate::audit::seal::{SealMetrics, SealSchedule};
use crate::auth::AuthMetrics;
use crate::cache::CacheMetrics;
use crate::config::{Flags, Settings};
use crate::db::Database;
use crate::domain::Clock;
use crate::graphql::{self, GraphqlMetrics};
use crate::http::{
    self, HttpMetrics, HttpState, Origins, ServeSettings, SocketMetrics, Stopping, Tls,
};
use crate::ledger::{LanesEnded, LedgerMetrics};
use crate::live::{Following, Live, LiveMetrics};
use crate::refusals::{KeepingRefusals, RefusalKeeper, RefusalMetrics, RefusalRecorder};
use crate::store::Store;
use crate::telemetry::{self, Metrics, trace};

/// Serves. What was said behind the subcommand goes before what was said ahead of it.
///
/// # Errors
///
/// [`Failure`] when the settings, the address, the certificate or the database stand in the way.
pub(super) async fn run(
    sources: &SourceArguments,
    arguments: &[ServeArguments],
) -> Result<ExitCode, Failure> {
    let mut flags = Flags::default();
    for said in arguments {
        said.say(&mut flags);
    }
    let settings = start::settings(sources, flags)?;
    let stopping = Stopping::new();
    let asked = stopping.clone();
    let signals = signal::stops(move || asked.ask())
        .map_err(|error| Failure::broke("the system tells of no signals", &error))?;
    tokio::select! {
        served = serve(&settings, arguments.iter().any(|said| said.demo), &stopping) => served,
        // Does not end.
        () = signals => Ok(ExitCode::SUCCESS),
    }
}

async fn serve(settings: &Settings, demo: bool, stopping: &Stopping) -> Result<ExitCode, Failure> {
    authentication::check_exposure(settings).await?;
    let seal_key = audit::load_key(settings)?.map(Arc::new);
    // Before the database: whoever has started the server twice should not wait to learn it.
    let doors = Doors::open(settings).await?;
    authentication::check_bound(settings, doors.addresses())?;
    let traces = trace::start(&settings.telemetry)
        .map_err(|error| Failure::broke("traces cannot be sent", &error))?;
    let seal_metrics = SealMetrics::new();
    let Rooms { database, state, lanes, refusals, following } =
        rooms(settings, demo, &doors, stopping, &seal_metrics).await?;
    // Where there is no such listener nobody is answered by it.
    let origins =
        doors.operations.as_ref().map_or_else(Origins::default, |(_listener, address)| {
            start::operations_origins(settings, *address)
        });
    let operations = http::operations_router(&state, origins);
    let audit = state.schema.audit().clone();
    let router = http::router(state);
    #[expect(clippy::disallowed_methods, reason = "it is ended with the server, below")]
    let dropped_lines = tokio::spawn(telemetry::tell_of_dropped_lines());
    let sealing = settings.audit.seal_interval.map(|interval| {
        let (clock, metrics) = (Clock::system(), seal_metrics);
        let schedule = SealSchedule { audit, key: seal_key, clock, interval, metrics };
        #[expect(clippy::disallowed_methods, reason = "it is ended with the server, below")]
        tokio::spawn(schedule.run())
    });
    tell(&doors, settings);
    if !doors.serve(settings, router, operations, stopping).await {
        tracing::warn!("requests that did not finish in time were cut off");
    }
    dropped_lines.abort();
    following.stop().await;
    if let Some(sealing) = sealing {
        // A seal that is being made is not there.
        sealing.abort();
    }
    start::drain(lanes).await;
    if let Some(refusals) = refusals {
        refusals.stop().await;
    }
    start::close(database).await;
    traces.stop().await;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

/// The rooms, put together.
struct Rooms {
    database: Database,
    state: HttpState,
    lanes: LanesEnded,
    /// Keeps refused demand, if it is kept.
    refusals: Option<KeepingRefusals>,
    /// Follows the books for those who listen.
    following: Following,
}

/// Puts the rooms together, up to what the routes need. That holds the only clones of the ledger,
/// so the lanes end when the server has.
async fn rooms(
    settings: &Settings,
    demo: bool,
    doors: &Doors,
    stopping: &Stopping,
    seal_metrics: &SealMetrics,
) -> Result<Rooms, Failure> {
    let database = start::open_with_replicas(settings).await?;
    let auth_metrics = AuthMetrics::default();
    let authenticator =
        authentication::start(&database, settings, Clock::system(), &auth_metrics).await?;
    let cache_metrics = CacheMetrics::new();
    let cache = start::cache(&database, settings, &cache_metrics).await?;
    let store = Store::new(database.clone(), cache.clone());
    if demo {
        demo::fill(&database, &store, settings).await?;
    }
    let ledger_metrics = LedgerMetrics::new();
    let mut metrics = Metrics::new();
    ledger_metrics.register(&mut metrics);
    cache_metrics.register(&mut metrics);
    auth_metrics.register(&mut metrics);
    database.register_metrics(&mut metrics);
    let graphql_metrics = GraphqlMetrics::default();
    graphql_metrics.register(&mut metrics);
    seal_metrics.register(&mut metrics);
    let http_metrics = HttpMetrics::new();
    http_metrics.register(&mut metrics);
    let socket_metrics = SocketMetrics::new();
    socket_metrics.register(&mut metrics);
    let refusal_metrics = RefusalMetrics::new();
    refusal_metrics.register(&mut metrics);
    let (ledger, lanes) =
        start::ledger(&database, cache, settings, Clock::system(), &ledger_metrics)?;
    let (ledger, refusals) = match start::refusal_settings(settings) {
        None => (ledger, None),
        Some(settings) => {
            let recorder = RefusalRecorder::new(Clock::system(), refusal_metrics);
            let keeper = RefusalKeeper::new(recorder.clone(), database.clone(), settings);
            (ledger.recording(recorder), Some(keeper.start()))
        }
    };
    let live_metrics = LiveMetrics::new();
    live_metrics.register(&mut metrics);
    let live = start::live_settings(settings);
    let live = Live::new(store.clone(), live, Clock::system(), live_metrics);
    let following = live.follow();
    let queue = ledger.fullness();
    let schema =
        graphql::build_schema(store, ledger, start::schema_settings(settings), graphql_metrics)
            .following(live);
    let state = HttpState {
        origins: start::origins(settings, doors.address, authenticator.is_open()),
        authenticator,
        schema: start::trusting(schema, settings).await?,
        readiness: Arc::new(ServerReadiness::new(database.clone(), queue)),
        metrics: Arc::new(metrics),
        http_metrics,
        metrics_for_clients: doors.operations.is_none(),
        graphiql: settings.server.graphiql,
        body_bytes_max: settings.server.body_bytes_max,
        request_limits: start::request_limits(settings),
        rate_limit: start::rate_limit(settings),
        socket_limits: start::socket_limits(settings),
        socket_metrics,
        by_tls: doors.tls.is_some(),
        stopping: stopping.clone(),
    };
    Ok(Rooms { database, state, lanes, refusals, following })
}

/// Where the server is reached, before anybody is answered.
#[derive(Debug)]
struct Doors {
    clients: TcpListener,
    address: SocketAddr,
    tls: Option<Tls>,
    operations: Option<(TcpListener, SocketAddr)>,
}

impl Doors {
    async fn open(settings: &Settings) -> Result<Self, Failure> {
        let server = &settings.server;
        let tls =
            server.tls.clone().map(Tls::load).transpose().map_err(|error| Failure::tls(&error))?;
        let (clients, address) =
            http::bind(&server.listen).await.map_err(|error| Failure::bind(&error))?;
        let operations = match &server.operations_listen {
            Some(listen) => Some(
                http::bind(listen).await.map_err(|error| Failure::bind_for_operations(&error))?,
            ),
            None => None,
        };
        Ok(Self { clients, address, tls, operations })
    }

    /// For clients, then for those who run the server.
    fn addresses(&self) -> impl Iterator<Item = SocketAddr> {
        let operations = self.operations.as_ref().map(|(_listener, address)| *address);
        std::iter::once(self.address).chain(operations)
    }

    /// Serves clients until the end, and a little longer those who run the server. Tells whether
    /// everything finished.
    async fn serve(
        self,
        settings: &Settings,
        router: Router,
        operations: Router,
        stopping: &Stopping,
    ) -> bool {
        let for_clients = ServeSettings {
            limits: start::connection_limits(settings),
            tls: self.tls,
            drain_delay: settings.server.drain_delay,
            shutdown_timeout: settings.server.shutdown_timeout,
        };
        let for_operations = ServeSettings {
            limits: start::connection_limits(settings),
            tls: None,
            drain_delay: Duration::ZERO,
            shutdown_timeout: Duration::ZERO,
        };
        let clients_gone = Stopping::new();
        let clients = async {
            let finished = http::serve(self.clients, router, for_clients, stopping).await;
            clients_gone.ask();
            finished
        };
        match self.operations {
            None => clients.await,
            Some((listener, _address)) => {
                let operations = http::serve(listener, operations, for_operations, &clients_gone);
                tokio::join!(clients, operations).0
            }
        }
    }
}

/// The lines for the person who has started the server. Tests wait for the first.
fn tell(doors: &Doors, settings: &Settings) {
    let scheme = if doors.tls.is_some() { "https" } else { "http" };
    let Doors { address, .. } = doors;
    let page = if settings.server.graphiql {
        format!(" — GraphiQL: {scheme}://{}/", reachable(*address))
    } else {
        String::new()
    };
    output::line(&format!("stockflow is listening on {scheme}://{address}{page}"));
    if let Some((_listener, address)) = &doors.operations {
        output::line(&format!("for operation it answers on http://{address}"));
    }
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
