//! `stockflow config`: checks the settings, or shows them. Needs no database.

use std::process::ExitCode;

use super::arguments::{ConfigCommand, ServeArguments, SourceArguments};
use super::{Failure, audit, authentication, output, start};
use crate::auth;
use crate::cache::StockCache;
use crate::config::{self, DEFAULTS, Effective, Flags, Settings, Sources};
use crate::db::{self, Database, DatabaseSettings};
use crate::domain::Outcome;
use crate::graphql::{self, GraphqlMetrics};
use crate::http::Tls;
use crate::ledger::Ledger;
use crate::store::Store;

/// One that SQLite forgets when it is closed, because it has no name (SQLite manual, "In-Memory
/// Databases", "Temporary Databases"). The schema that judges documents stands over it, and asks it
/// nothing.
const NOBODYS_DATABASE: &str = "sqlite://";

/// Does what `command` says. Flags ahead of the subcommand count as those behind it do, which go
/// before them. Whether the settings hold is told, and is the exit code.
pub(super) async fn run(
    sources: &SourceArguments,
    ahead: ServeArguments,
    command: ConfigCommand,
) -> ExitCode {
    match command {
        ConfigCommand::Check(behind) => match read(&said(sources, &[ahead, behind])).await {
            Ok((_settings, effective)) => {
                output::line(&format!("these settings hold ({})", effective.count()));
            }
            Err(faults) => return tell(&faults),
        },
        ConfigCommand::Show { defaults: true, serve: _ } => output::line(DEFAULTS.trim_end()),
        ConfigCommand::Show { defaults: false, serve } => {
            match read(&said(sources, &[ahead, serve])).await {
                Ok((_settings, effective)) => output::line(effective.to_string().trim_end()),
                Err(faults) => return tell(&faults),
            }
        }
    }
    ExitCode::SUCCESS
}

/// Tells every fault in a line of its own.
fn tell(faults: &[String]) -> ExitCode {
    for fault in faults {
        output::error(fault);
    }
    ExitCode::FAILURE
}

/// Where the settings are from that serving with these flags would read.
pub(super) fn said(sources: &SourceArguments, arguments: &[ServeArguments]) -> Sources {
    let mut flags = Flags::default();
    for said in arguments {
        said.say(&mut flags);
    }
    start::sources(sources, flags)
}

/// The settings that serving would begin with, or everything that would keep it from beginning
/// before anybody else is asked.
pub(super) async fn read(sources: &Sources) -> Result<(Settings, Effective), Vec<String>> {
    let (settings, effective) = config::load_shown(sources)
        .map_err(|invalid| invalid.0.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    let faults = of_other_rooms(&settings).await;
    if faults.is_empty() { Ok((settings, effective)) } else { Err(faults) }
}

/// What other rooms would say of settings that hold by themselves. A room that refuses settings when
/// it starts has its line here.
async fn of_other_rooms(settings: &Settings) -> Vec<String> {
    let database = start::database_settings(settings);
    let database = db::check_urls(&database).into_iter().map(|invalid| invalid.to_string());
    let redis = settings.cache.redis_urls.iter().filter_map(|url| {
        let error = redis::Client::open(url.as_str()).err()?;
        Some(format!("cache.redis_urls: {}: {error}", config::url_shown(url)))
    });
    let tls = settings.server.tls.clone().and_then(|files| Tls::load(files).err());
    let tls = tls.map(|error| format!("server.tls_certificate_file: {error}"));
    let exposure = authentication::check_exposure(settings).await.err();
    let exposure = exposure.map(|failure| format!("server.listen: {failure}"));
    let keys = of_keys(settings).await.map(|failure| format!("auth.jwks: {failure}"));
    let documents = of_documents(settings).await;
    let documents = documents.map(|failure| format!("graphql.trusted_documents_file: {failure}"));
    let sealing = audit::load_key(settings).err();
    let sealing = sealing.map(|failure| format!("audit.seal_key_file: {failure}"));
    let told = database.chain(redis).chain(tls).chain(exposure).chain(keys);
    told.chain(documents).chain(sealing).collect()
}

/// What is wrong with a file of public keys. A URL is somebody else, who may answer later.
async fn of_keys(settings: &Settings) -> Option<Failure> {
    let jwt = settings.auth.jwt.as_ref()?;
    let config::JwtKeys::Jwks { source: config::JwksSource::File(path), .. } = &jwt.keys else {
        return None;
    };
    let jwt = authentication::auth_settings(&settings.auth).jwt?;
    let error = auth::count_keys(&jwt).await.err()?;
    Some(Failure::chain(&format!("cannot check tokens by {}", path.display()), &error))
}

/// What is wrong with the documents that are to be trusted.
async fn of_documents(settings: &Settings) -> Option<Failure> {
    settings.graphql.trusted_documents_file.as_ref()?;
    let database = match Database::connect(&DatabaseSettings::new(NOBODYS_DATABASE)).await {
        Ok(database) => database,
        Err(error) => return Some(Failure::broke("the documents cannot be judged", &error)),
    };
    let schema = graphql::build_schema(
        Store::new(database.clone(), StockCache::none()),
        Ledger::at_once(|_command| Outcome::Refused(Vec::new())),
        start::schema_settings(settings),
        GraphqlMetrics::default(),
    );
    let trusted = start::trusting(schema, settings).await;
    start::close(database).await;
    trusted.err()
}
