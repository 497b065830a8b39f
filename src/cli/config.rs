//! `stockflow config`: checks the settings, or shows them. Needs no database.

use std::process::ExitCode;

use super::arguments::{ConfigCommand, ServeArguments, SourceArguments};
use super::{output, start};
use crate::config::{self, DEFAULTS, Effective, Flags, Settings, Sources};
use crate::db;
use crate::http::Tls;

/// Does what `command` says. Flags ahead of the subcommand count as those behind it do, which go
/// before them. Whether the settings hold is told, and is the exit code.
pub(super) fn run(
    sources: &SourceArguments,
    ahead: ServeArguments,
    command: ConfigCommand,
) -> ExitCode {
    match command {
        ConfigCommand::Check(behind) => match read(&said(sources, &[ahead, behind])) {
            Ok((_settings, effective)) => {
                output::line(&format!("these settings hold ({})", effective.count()));
            }
            Err(faults) => return tell(&faults),
        },
        ConfigCommand::Show { defaults: true, serve: _ } => output::line(DEFAULTS.trim_end()),
        ConfigCommand::Show { defaults: false, serve } => {
            match read(&said(sources, &[ahead, serve])) {
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
pub(super) fn read(sources: &Sources) -> Result<(Settings, Effective), Vec<String>> {
    let (settings, effective) = config::load_shown(sources)
        .map_err(|invalid| invalid.0.iter().map(ToString::to_string).collect::<Vec<_>>())?;
    let faults = of_other_rooms(&settings);
    if faults.is_empty() { Ok((settings, effective)) } else { Err(faults) }
}

/// What other rooms would say of settings that hold by themselves. A room that refuses settings when
/// it starts has its line here.
fn of_other_rooms(settings: &Settings) -> Vec<String> {
    let database = start::database_settings(settings);
    let database = db::check_urls(&database).into_iter().map(|invalid| invalid.to_string());
    let redis = settings.cache.redis_urls.iter().filter_map(|url| {
        let error = redis::Client::open(url.as_str()).err()?;
        Some(format!("cache.redis_urls: {}: {error}", config::url_shown(url)))
    });
    let tls = settings.server.tls.clone().and_then(|files| Tls::load(files).err());
    let tls = tls.map(|error| format!("server.tls_certificate_file: {error}"));
    database.chain(redis).chain(tls).collect()
}
