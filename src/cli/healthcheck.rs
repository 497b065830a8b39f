//! `stockflow healthcheck`: asks a server whether it is ready, where there is no curl to do so.

use std::process::ExitCode;
use std::time::Duration;

use super::arguments::{HealthcheckArguments, SourceArguments};
use super::{Failure, output, start};
use crate::config::{self, Flags, Settings};

/// How long the server may take. It gives the database two seconds itself.
const ANSWER_MAX: Duration = Duration::from_secs(4);

/// Asks. The settings are read only to learn where the server listens.
///
/// # Errors
///
/// [`Failure`] when the server does not answer, or is not ready.
pub(super) async fn run(
    sources: &SourceArguments,
    arguments: HealthcheckArguments,
) -> Result<ExitCode, Failure> {
    let (url, whose) = if let Some(url) = arguments.url {
        (url, Whose::Anybodys)
    } else {
        let settings = config::load(&start::sources(sources, Flags::default()))
            .map_err(|invalid| Failure::settings(&invalid))?;
        (own_url(&settings, "readyz"), Whose::Own)
    };
    let shown = config::url_shown(&url);
    let answer = get(&url, ANSWER_MAX, whose)
        .await
        .map_err(|error| Failure::broke(&format!("{shown} does not answer"), &error))?;
    if answer.status == 200 {
        output::line("ready");
        return Ok(ExitCode::SUCCESS);
    }
    Err(Failure::new(format!("{shown} answers {}: {}", answer.status, answer.text)))
}

/// Where a server of these settings is asked on this machine, by the path: on the listener for
/// operation, if there is one, and else where clients are.
pub(super) fn own_url(settings: &Settings, path: &str) -> String {
    let server = &settings.server;
    match &server.operations_listen {
        Some(listen) => format!("http://{}/{path}", reachable(listen)),
        None => clients_url(settings, path),
    }
}

/// Where clients of this machine ask a server of these settings.
pub(super) fn clients_url(settings: &Settings, path: &str) -> String {
    let server = &settings.server;
    let scheme = if server.tls.is_some() { "https" } else { "http" };
    format!("{scheme}://{}/{path}", reachable(&server.listen))
}

/// What a server answered.
pub(super) struct Answer {
    pub(super) status: u16,
    /// Of the body, what a person may read in a line.
    pub(super) text: String,
}

/// Whom a URL leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// This machine itself, whose certificate is made for the name that clients call it by.
    Own,
    /// Whoever can show a certificate for it.
    Anybodys,
}

/// Asks for `url` once, on a connection of its own and past any proxy.
///
/// # Errors
///
/// Those of the connection; they do not repeat the URL.
pub(super) async fn get(
    url: &str,
    answer_max: Duration,
    whose: Whose,
) -> Result<Answer, reqwest::Error> {
    let client = reqwest::Client::builder()
        .timeout(answer_max)
        .no_proxy()
        .tls_danger_accept_invalid_certs(whose == Whose::Own)
        .build()?;
    let response = client.get(url).send().await.map_err(reqwest::Error::without_url)?;
    let status = response.status().as_u16();
    let text = response.text().await.map_err(reqwest::Error::without_url)?;
    Ok(Answer { status, text: text.chars().filter(|sign| !sign.is_control()).take(200).collect() })
}

/// Where this machine finds what listens on `address`, which may be every interface.
fn reachable(address: &str) -> String {
    match address.rsplit_once(':') {
        Some(("0.0.0.0" | "[::]", port)) => format!("127.0.0.1:{port}"),
        Some(_) | None => address.to_owned(),
    }
}
