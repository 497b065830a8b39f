//! An issuer of tokens: keys that are made for the test, and what is signed with them.

use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::extract::State;
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Utc;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::process::Command;
use tokio::sync::watch;

pub const ISSUER: &str = "https://login.example";
pub const AUDIENCE: &str = "stockflow";

/// A key pair with a name.
#[derive(Clone, Debug)]
pub struct Pair {
    pub kid: &'static str,
    pub algorithm: Algorithm,
    pub private_pem: Vec<u8>,
}

/// Runs `openssl`, with what it is to read on its stdin.
pub async fn openssl(arguments: &[&str], input: &[u8]) -> Vec<u8> {
    use tokio::io::AsyncWriteExt as _;
    let mut child = Command::new("openssl")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the tests of tokens need openssl");
    child.stdin.take().unwrap().write_all(input).await.unwrap();
    let output = child.wait_with_output().await.unwrap();
    assert!(output.status.success(), "openssl {arguments:?}");
    output.stdout
}

impl Pair {
    /// A fresh one.
    pub async fn new(algorithm: Algorithm, kid: &'static str) -> Self {
        let of: &[&str] = match algorithm {
            Algorithm::RS256 => &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
            Algorithm::ES256 => &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
            Algorithm::EdDSA => &["-algorithm", "ed25519"],
            other => panic!("no key pairs of {other:?}"),
        };
        let private_pem = openssl(&[&["genpkey"], of].concat(), b"").await;
        Self { kid, algorithm, private_pem }
    }

    pub fn encoding_key(&self) -> EncodingKey {
        match self.algorithm {
            Algorithm::RS256 => EncodingKey::from_rsa_pem(&self.private_pem),
            Algorithm::ES256 => EncodingKey::from_ec_pem(&self.private_pem),
            _ => EncodingKey::from_ed_pem(&self.private_pem),
        }
        .unwrap()
    }

    /// What the issuer publishes of it.
    pub fn jwk(&self) -> Value {
        let mut jwk = Jwk::from_encoding_key(&self.encoding_key(), self.algorithm).unwrap();
        jwk.common.key_id = Some(self.kid.to_owned());
        serde_json::to_value(jwk).unwrap()
    }

    /// A token with these claims.
    pub fn sign(&self, claims: &Value) -> String {
        self.sign_as(self.algorithm, claims)
    }

    /// The same, with another algorithm of the same family.
    pub fn sign_as(&self, algorithm: Algorithm, claims: &Value) -> String {
        let header = Header { kid: Some(self.kid.to_owned()), ..Header::new(algorithm) };
        encode(&header, claims, &self.encoding_key()).unwrap()
    }
}

/// The set of these pairs.
pub fn set(pairs: &[&Pair]) -> String {
    json!({ "keys": pairs.iter().map(|pair| pair.jwk()).collect::<Vec<_>>() }).to_string()
}

/// Claims that are good for an hour, for whoever acts for all merchants and may do everything.
pub fn claims() -> Value {
    json!({
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "ada",
        "exp": Utc::now().timestamp() + 3_600,
        "merchant_id": "*",
        "scope": "stock:read stock:write stock:manage audit:read",
    })
}

/// The same, with one claim changed.
pub fn claims_with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

/// The same, without one.
pub fn claims_without(name: &str) -> Value {
    let mut claims = claims();
    claims.as_object_mut().unwrap().remove(name);
    claims
}

/// A part of a token.
pub fn part(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// What an issuer's server answers.
#[derive(Clone, Debug)]
pub enum Answer {
    Document(String),
    Status(StatusCode),
    Elsewhere,
    /// Nothing, until it answers something else.
    Silence,
}

/// An issuer's server, which counts how often it is asked for its keys.
#[derive(Debug)]
pub struct JwksServer {
    pub url: String,
    answer: watch::Sender<Answer>,
    fetches: Arc<AtomicUsize>,
}

#[derive(Clone)]
struct Shared {
    answer: watch::Receiver<Answer>,
    fetches: Arc<AtomicUsize>,
    elsewhere: String,
}

impl JwksServer {
    /// One on a free port.
    pub async fn start(document: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self::start_on(listener, document)
    }

    pub fn start_on(listener: TcpListener, document: String) -> Self {
        let url = format!("http://{}/keys", listener.local_addr().unwrap());
        let (answer, answers) = watch::channel(Answer::Document(document.clone()));
        let fetches = Arc::new(AtomicUsize::new(0));
        let shared = Shared {
            answer: answers,
            fetches: Arc::clone(&fetches),
            elsewhere: url.replace("/keys", "/elsewhere"),
        };
        let router = Router::new()
            .route("/keys", get(serve))
            .route("/elsewhere", get(move || async move { document }))
            .with_state(shared);
        tokio::spawn(axum::serve(listener, router).into_future());
        Self { url, answer, fetches }
    }

    pub fn answers(&self, answer: Answer) {
        self.answer.send_replace(answer);
    }

    pub fn fetches(&self) -> usize {
        self.fetches.load(Ordering::SeqCst)
    }
}

async fn serve(State(mut shared): State<Shared>) -> (StatusCode, HeaderMap, String) {
    shared.fetches.fetch_add(1, Ordering::SeqCst);
    let answer = shared.answer.wait_for(|answer| !matches!(answer, Answer::Silence)).await;
    let answer = answer.unwrap().clone();
    let mut headers = HeaderMap::new();
    match answer {
        Answer::Document(document) => (StatusCode::OK, headers, document),
        Answer::Status(status) => (status, headers, String::new()),
        Answer::Elsewhere => {
            headers.insert(LOCATION, shared.elsewhere.parse().unwrap());
            (StatusCode::FOUND, headers, String::new())
        }
        Answer::Silence => unreachable!("it was waited for"),
    }
}
