//! TLS, with certificates that `openssl` makes, and their renewal while clients come and go.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use reqwest::{Certificate, Client, StatusCode, Version};
use tempfile::TempDir;

use super::wire::Wire;
use crate::support::server::program;
use crate::support::{Kind, TestDatabase, TestServer};

/// An authority, a certificate that it has given to a server, and where a server looks for it.
pub struct Authority {
    folder: TempDir,
}

impl Authority {
    fn new() -> Self {
        let authority = Self { folder: tempfile::tempdir().unwrap() };
        let (key, certificate) = (authority.path("ca.key"), authority.path("ca.pem"));
        openssl(&[
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "30",
            "-subj",
            "/CN=an authority",
            "-keyout",
            &key,
            "-out",
            &certificate,
        ]);
        let (server_key, server_certificate) =
            (authority.path("server.key"), authority.path("server.pem"));
        openssl(&[
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "30",
            "-subj",
            "/CN=stockflow",
            "-CA",
            &certificate,
            "-CAkey",
            &key,
            "-addext",
            "basicConstraints=critical,CA:FALSE",
            "-addext",
            "subjectAltName=IP:127.0.0.1,DNS:localhost",
            "-keyout",
            &server_key,
            "-out",
            &server_certificate,
        ]);
        authority
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    /// One, with its certificate where a server looks for it.
    pub fn in_place() -> (Self, Place) {
        let (authority, place) = (Self::new(), Place::new());
        authority.put(&place);
        (authority, place)
    }

    /// Where its own certificate is.
    pub fn certificate_file(&self) -> String {
        self.path("ca.pem")
    }

    /// Puts its certificate, and the key, where a server looks for them, as programs do that renew
    /// certificates: each file at once, one after the other.
    fn put(&self, place: &Place) {
        for (name, path) in [("server.pem", &place.certificate), ("server.key", &place.key)] {
            replace(path, &std::fs::read(self.path(name)).unwrap());
        }
    }

    /// A client who trusts it, and nobody else, and connects anew for each request.
    fn client(&self) -> Client {
        trusting(&[self])
    }
}

fn trusting(authorities: &[&Authority]) -> Client {
    let certificates = authorities.iter().map(|authority| {
        Certificate::from_pem(&std::fs::read(authority.path("ca.pem")).unwrap()).unwrap()
    });
    Client::builder().tls_certs_only(certificates).pool_max_idle_per_host(0).build().unwrap()
}

/// Where a server looks.
pub struct Place {
    _folder: TempDir,
    certificate: PathBuf,
    key: PathBuf,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (certificate, key) = (folder.path().join("tls.pem"), folder.path().join("tls.key"));
        Self { _folder: folder, certificate, key }
    }

    pub fn arguments(&self) -> [&str; 4] {
        [
            "--tls-certificate-file",
            self.certificate.to_str().unwrap(),
            "--tls-key-file",
            self.key.to_str().unwrap(),
        ]
    }
}

fn openssl(arguments: &[&str]) {
    let output = Command::new("openssl").args(arguments).stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn replace(path: &Path, content: &[u8]) {
    let beside = path.with_extension("new");
    std::fs::write(&beside, content).unwrap();
    std::fs::rename(&beside, path).unwrap();
}

async fn ask(client: &Client, url: &str) -> reqwest::Result<reqwest::Response> {
    client.get(format!("{url}/graphql?query={{__typename}}")).send().await
}

#[tokio::test]
async fn a_server_with_a_certificate_speaks_tls_alone() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let (authority, place) = (Authority::new(), Place::new());
    authority.put(&place);
    let server = TestServer::start_with(&database.url, &place.arguments(), &[]).await;
    assert!(server.url.starts_with("https://"), "{}", server.url);
    let response = ask(&authority.client(), &server.url).await.unwrap();
    assert_eq!((response.status(), response.version()), (StatusCode::OK, Version::HTTP_2));
    assert_eq!(response.headers()["strict-transport-security"], "max-age=31536000");
    let http1 = Certificate::from_pem(&std::fs::read(authority.path("ca.pem")).unwrap()).unwrap();
    for version in [reqwest::tls::Version::TLS_1_2, reqwest::tls::Version::TLS_1_3] {
        let client = Client::builder().tls_certs_only([http1.clone()]).http1_only();
        let client = client.tls_version_min(version).tls_version_max(version).build().unwrap();
        let response = ask(&client, &server.url).await.unwrap();
        assert_eq!((response.status(), response.version()), (StatusCode::OK, Version::HTTP_11));
    }
    assert!(ask(&Authority::new().client(), &server.url).await.is_err(), "of somebody else");
    let plain = server.url.replace("https://", "http://");
    assert!(reqwest::get(format!("{plain}/healthz")).await.is_err(), "without TLS");
}

#[tokio::test]
async fn who_does_not_agree_on_tls_is_not_waited_for() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let (authority, place) = (Authority::new(), Place::new());
    authority.put(&place);
    let limits = [("STOCKFLOW_LIMITS__HEADER_TIMEOUT_MS", "300")];
    let server = TestServer::start_with(&database.url, &place.arguments(), &limits).await;
    let mut silent = Wire::connect(&server.url).await;
    assert_eq!(silent.closed().await, b"");
}

/// Clients who come and go notice nothing, however often the certificate is renewed and whatever is
/// wrong with one of them.
#[tokio::test]
async fn a_certificate_is_renewed_under_traffic() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let (old, new, place) = (Authority::new(), Authority::new(), Place::new());
    old.put(&place);
    let (server, mut log) = TestServer::start_logging(&database.url, &place.arguments(), &[]).await;
    let of_both = trusting(&[&old, &new]);
    ask(&old.client(), &server.url).await.unwrap();

    let traffic = async {
        loop {
            let response = ask(&of_both, &server.url).await.expect("nobody is dropped");
            assert_eq!(response.status(), StatusCode::OK);
            tokio::task::yield_now().await;
        }
    };
    let renewals = async {
        replace(&place.key, b"no key at all");
        log.says("the old one is kept").await;
        ask(&old.client(), &server.url).await.unwrap();
        // The new certificate, with the key of the old one.
        old.put(&place);
        replace(&place.certificate, &std::fs::read(new.path("server.pem")).unwrap());
        let told = log.says("the old one is kept").await;
        assert!(told.contains("does not belong to the certificate"), "{told}");
        ask(&old.client(), &server.url).await.unwrap();
        new.put(&place);
        log.says("the certificate was renewed").await;
        ask(&new.client(), &server.url).await.unwrap();
        // Whoever knows the server from before may go on without looking at its certificate.
        assert!(ask(&old.client(), &server.url).await.is_err(), "the old one is gone");
    };
    tokio::select! {
        () = traffic => {}
        () = renewals => {}
    }
}

#[tokio::test]
async fn a_certificate_that_does_not_hold_is_told_in_one_line() {
    let (authority, other, place) = (Authority::new(), Authority::new(), Place::new());
    let fails = async |arguments: &[&str]| {
        let start = ["serve", "--listen", "127.0.0.1:0", "--database-url", "sqlite::memory:"];
        let output = program().args(start).args(arguments).output().await.unwrap();
        assert_eq!(output.status.code(), Some(1));
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(told.lines().count(), 1, "{told}");
        told
    };
    let told = fails(&place.arguments()).await;
    assert!(told.contains("tls.pem cannot be read"), "{told}");
    authority.put(&place);
    replace(&place.key, &std::fs::read(other.path("server.key")).unwrap());
    let told = fails(&place.arguments()).await;
    assert!(told.contains("does not belong to the certificate"), "{told}");
    replace(&place.key, b"");
    let told = fails(&place.arguments()).await;
    assert!(told.contains("tls.key holds no private key"), "{told}");
    authority.put(&place);
    replace(&place.certificate, b"-----BEGIN CERTIFICATE-----\nnonsense\n");
    let told = fails(&place.arguments()).await;
    assert!(told.contains("tls.pem holds no certificate"), "{told}");
    assert!(told.contains("--tls-certificate-file"), "how to mend it: {told}");
    let told = fails(&place.arguments()[..2]).await;
    assert!(told.contains("server.tls_key_file"), "one without the other: {told}");
}
