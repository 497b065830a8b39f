//! Whether the address is free to listen on, or a stockflow has it already.

use std::io::ErrorKind;
use std::time::Duration;

use super::Scene;
use super::finding::Finding;
use crate::cli::healthcheck::{Whose, clients_url, get};

/// How long whoever has the address may take to say who it is.
const ANSWER_MAX: Duration = Duration::from_secs(3);

pub(super) async fn check(scene: &Scene) -> Vec<Finding> {
    let address = &scene.settings.server.listen;
    let bound = tokio::net::TcpListener::bind(address).await.map(drop);
    vec![match bound {
        Ok(()) => Finding::ok(format!("{address} is free")),
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            taken(address, &clients_url(&scene.settings, "healthz")).await
        }
        Err(error) => Finding::fail(
            format!("{address} cannot be listened on: {error}"),
            "name an address of this machine by server.listen, and a port above 1023 unless the \
             user may take lower ones",
        ),
    }]
}

async fn taken(address: &str, url: &str) -> Finding {
    match get(url, ANSWER_MAX, Whose::Own).await {
        Ok(answer) if answer.status == 200 && answer.text == "ok" => {
            Finding::ok(format!("{address} is in use by a server that answers /healthz"))
        }
        Ok(_) | Err(_) => Finding::fail(
            format!("{address} is in use by something that is no stockflow"),
            "free it, or choose another by server.listen",
        ),
    }
}
