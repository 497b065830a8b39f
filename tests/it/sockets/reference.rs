//! The reference client, npm `graphql-ws`, and a socket within TLS.

use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::Command;
use tokio::sync::watch;
use tokio_rustls::TlsConnector;

use super::client::{Client, request};
use super::server;
use crate::http::tls::Authority;
use crate::servers::binaries::leave_out;
use crate::support::{Kind, TestDatabase, TestServer};

/// The script with the reference client; `None` where what it needs is missing and may be.
fn script(name: &str, arguments: &[&str]) -> Option<Command> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance");
    if !folder.join("node_modules/graphql-ws").exists() {
        leave_out(&format!("{} has no node_modules with graphql-ws", folder.display()));
        return None;
    }
    let mut node = Command::new("node");
    node.arg(name).args(arguments).current_dir(folder).stdin(Stdio::null()).kill_on_drop(true);
    Some(node)
}

/// An address that leads to one server, and then to another, as that of a balancer does.
struct Door {
    url: String,
    leads_to: watch::Sender<String>,
}

fn address(server: &TestServer) -> String {
    server.url.split("://").nth(1).unwrap().to_owned()
}

impl Door {
    async fn open(server: &TestServer) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (leads_to, address) = watch::channel(address(server));
        tokio::spawn(async move {
            while let Ok((mut client, _address)) = listener.accept().await {
                let address = address.borrow().clone();
                tokio::spawn(async move {
                    // Where nobody listens, the client is hung up on.
                    if let Ok(mut server) = TcpStream::connect(address).await {
                        tokio::io::copy_bidirectional(&mut client, &mut server).await.ok();
                    }
                });
            }
        });
        Self { url, leads_to }
    }
}

#[tokio::test]
async fn the_reference_client_gets_what_it_asks_for() {
    let (_database, server) = server(&[]).await;
    let Some(mut node) = script("socket.mjs", &[&server.url]) else { return };
    let output = node.output().await.unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// A client that comes again with its last cursor, after the server was killed, misses nothing and is
/// told nothing twice.
#[tokio::test]
async fn who_comes_again_with_the_last_cursor_misses_nothing() {
    const ENTRIES: i64 = 30;
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let first = TestServer::start(&database).await;
    first.create(1001, 1_000).await;
    let query = "{ inventoryFlows(first: 1, orderBy: OLDEST_FIRST) { edges { cursor } } }";
    let opening = first.graphql(query, json!({})).await;
    let cursor = opening.at("/data/inventoryFlows/edges/0/cursor").as_str().unwrap();
    let door = Door::open(&first).await;
    let wanted = (ENTRIES - 1).to_string();
    let Some(mut node) = script("follow.mjs", &[&door.url, cursor, &wanted]) else { return };
    let mut child = node.stdout(Stdio::piped()).spawn().unwrap();
    let mut told = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut sequences = Vec::new();
    let mut key = 0;
    let mut deduct = async |server: &TestServer, times: usize| {
        for _time in 0..times {
            key += 1;
            let input = TestServer::deduction(&key.to_string(), 1001, 1);
            server.mutate("inventoryDeduct", input).await;
        }
    };
    deduct(&first, 9).await;
    for _entry in 0..5 {
        sequences.push(told.next_line().await.unwrap().unwrap());
    }
    first.crash().await;
    let second = TestServer::start(&database).await;
    // Nobody is told of these until the client comes again.
    deduct(&second, 10).await;
    door.leads_to.send_replace(address(&second));
    deduct(&second, 10).await;
    while let Some(sequence) = told.next_line().await.unwrap() {
        sequences.push(sequence);
    }
    let all: Vec<String> = (2..=ENTRIES).map(|sequence| sequence.to_string()).collect();
    assert_eq!(sequences, all);
    assert!(child.wait().await.unwrap().success());
    database.audit().await;
}

#[tokio::test]
async fn a_socket_within_tls_is_one_like_any_other() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let (authority, place) = Authority::in_place();
    let server = TestServer::start_with(&database.url, &place.arguments(), &[]).await;
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(authority.certificate_file()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider);
    let config = config.with_safe_default_protocol_versions().unwrap();
    let config = config.with_root_certificates(roots).with_no_client_auth();
    let stream = TcpStream::connect(address(&server)).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await.unwrap();
    let client = Client::over(Box::new(stream), request(&server.url, &[])).await;
    let mut client = client.unwrap().initialised(&json!({})).await;
    client.subscribe("a", "{ __typename }", json!({})).await;
    assert_eq!(client.hears().await["type"], "next");
    assert_eq!(client.hears().await["type"], "complete");
    server.terminate();
    assert_eq!(client.closed().await.0, 1001);
    drop(client);
    assert_eq!(server.exit_code().await, Some(0));
}
