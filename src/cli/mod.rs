//! The command line: one file a subcommand.
//!
//! Here the rooms are put together: settings become a database, that a ledger and a store, those
//! a schema, and that a server. There are no rules about stock here and no SQL; a subcommand that
//! changes stock asks the ledger, as everybody does.
//!
//! What a person did wrong, or what is not there, is told in one line on stderr, with how to mend
//! it; the exit code is then 1. Code 2 is for a command line that makes no sense.

mod arguments;
mod audit;
mod authentication;
mod config;
mod demo;
mod doctor;
mod failure;
mod healthcheck;
mod import;
mod migrate;
mod output;
mod readiness;
mod schema;
mod serve;
mod signal;
mod start;
mod token;

use std::process::ExitCode;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{CommandFactory as _, Parser as _};

use arguments::{Arguments, Command};
use failure::Failure;

use crate::telemetry::FlushedLog;

/// How long the runtime may take to end what is left when everything that matters has ended.
const RUNTIME_END_MAX: Duration = Duration::from_secs(1);

/// Runs the program.
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // Two are linked, so rustls does not choose by itself; here nothing has chosen before.
    drop(rustls::crypto::aws_lc_rs::default_provider().install_default());
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            output::error(&format!("the system gives no threads: {error}"));
            return ExitCode::FAILURE;
        }
    };
    let log = FlushedLog;
    let ended = runtime.block_on(run(arguments));
    runtime.shutdown_timeout(RUNTIME_END_MAX);
    drop(log);
    ended.unwrap_or_else(|failure| {
        output::error(&failure.to_string());
        ExitCode::FAILURE
    })
}

async fn run(arguments: Arguments) -> Result<ExitCode, Failure> {
    let Arguments { sources, serve, command } = arguments;
    match command {
        None => serve::run(&sources, &[serve]).await,
        Some(Command::Serve(own)) => serve::run(&sources, &[serve, *own]).await,
        Some(Command::Config(config)) => Ok(config::run(&sources, serve, config).await),
        Some(Command::Doctor(doctor)) => doctor::run(&sources, serve, doctor).await,
        Some(_) if serve.is_given() => Arguments::command()
            .error(
                ErrorKind::ArgumentConflict,
                "--listen, --operations-listen, --tls-…, --insecure-no-auth, --demo, --replica-…, \
                 --ledger-…, --cache-…, --redis-… and --trusted-documents belong to serve, config \
                 and doctor",
            )
            .exit(),
        Some(Command::Migrate(migrate)) => migrate::run(&sources, migrate).await,
        Some(Command::Healthcheck(healthcheck)) => healthcheck::run(&sources, healthcheck).await,
        Some(Command::Schema) => {
            schema::run();
            Ok(ExitCode::SUCCESS)
        }
        Some(Command::Token(token)) => token::run(&sources, token).await,
        Some(Command::Audit(command)) => audit::run(&sources, command).await,
        Some(Command::Import(import)) => import::run(&sources, &import).await,
    }
}
