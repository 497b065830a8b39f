//! Whether the addresses are free to listen on, or a stockflow has them already.

use std::io::ErrorKind;
use std::time::Duration;

use super::Scene;
use super::finding::Finding;
use crate::cli::healthcheck::{Whose, clients_url, get, own_url};

/// How long whoever has an address may take to say who it is.
const ANSWER_MAX: Duration = Duration::from_secs(3);

pub(super) async fn check(scene: &Scene) -> Vec<Finding> {
    let settings = &scene.settings;
    let server = &settings.server;
    let clients = clients_url(settings, "healthz");
    let mut findings = vec![look("server.listen", &server.listen, &clients).await];
    if let Some(address) = &server.operations_listen {
        let operations = own_url(settings, "healthz");
        findings.push(look("server.operations_listen", address, &operations).await);
    }
    findings
}

/// By the setting that names the address, and where whoever has it would tell how it is.
async fn look(setting: &str, address: &str, url: &str) -> Finding {
    match tokio::net::TcpListener::bind(address).await.map(drop) {
        Ok(()) => Finding::ok(format!("{address} is free")),
        Err(error) if error.kind() == ErrorKind::AddrInUse => taken(setting, address, url).await,
        Err(error) => Finding::fail(
            format!("{address} cannot be listened on: {error}"),
            format!(
                "name an address of this machine by {setting}, and a port above 1023 unless the \
                 user may take lower ones"
            ),
        ),
    }
}

async fn taken(setting: &str, address: &str, url: &str) -> Finding {
    match get(url, ANSWER_MAX, Whose::Own).await {
        Ok(answer) if answer.status == 200 && answer.text == "ok" => {
            Finding::ok(format!("{address} is in use by a server that answers /healthz"))
        }
        Ok(_) | Err(_) => Finding::fail(
            format!("{address} is in use by something that is no stockflow"),
            format!("free it, or choose another by {setting}"),
        ),
    }
}
