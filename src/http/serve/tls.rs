//! Proves who the server is, by a certificate that may be renewed while it runs.
//!
//! The files are read again every second. Who renews a certificate writes two files, one after the
//! other, so a pair that does not hold is told only if it still does not a second later; the last
//! one that did is used meanwhile. Connections that are open keep the one they began with.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{InconsistentKeys, ServerConfig};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::config::TlsFiles;

/// How often the files are looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What is spoken over TLS, the better first.
const PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// Why there is no TLS.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("{path} cannot be read: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// There is no certificate where it should be.
    #[error("{0} holds no certificate in PEM")]
    Certificate(PathBuf),
    /// There is no private key where it should be.
    #[error("{0} holds no private key in PEM, or one with a password")]
    Key(PathBuf),
    /// The key is another certificate's.
    #[error("the key in {key} does not belong to the certificate in {certificate}")]
    NoPair {
        /// The certificate's file.
        certificate: PathBuf,
        /// The key's file.
        key: PathBuf,
    },
    /// The library does not take them.
    #[error("the certificate in {certificate} cannot be used: {source}")]
    Unfit {
        /// The certificate's file.
        certificate: PathBuf,
        /// What the library said.
        source: rustls::Error,
    },
}

/// The way in for clients that speak TLS 1.2 or 1.3. Clones share the certificate.
#[derive(Clone)]
pub struct Tls {
    acceptor: TlsAcceptor,
    files: TlsFiles,
    pair: Arc<CurrentPair>,
}

impl fmt::Debug for Tls {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Tls").field("files", &self.files).finish_non_exhaustive()
    }
}

impl Tls {
    /// Reads the certificate and its key.
    ///
    /// # Errors
    ///
    /// [`TlsError`] when they cannot be read, or do not belong together.
    pub fn load(files: TlsFiles) -> Result<Self, TlsError> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let texts = Texts::read(&files)?;
        let pair = Arc::new(CurrentPair::new(texts.pair(&files, &provider)?, texts));
        let resolver: Arc<dyn ResolvesServerCert> = Arc::<CurrentPair>::clone(&pair);
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|source| TlsError::Unfit { certificate: files.certificate.clone(), source })?
            .with_no_client_auth()
            .with_cert_resolver(resolver);
        config.alpn_protocols = PROTOCOLS.map(<[u8]>::to_vec).to_vec();
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), files, pair })
    }

    /// Greets a client, who must answer in time.
    pub(super) async fn greet(
        &self,
        stream: TcpStream,
        patience: Duration,
    ) -> Option<TlsStream<TcpStream>> {
        match tokio::time::timeout(patience, self.acceptor.accept(stream)).await {
            Ok(Ok(stream)) => Some(stream),
            Ok(Err(error)) => {
                tracing::debug!(%error, "a client did not agree on TLS");
                None
            }
            Err(_elapsed) => {
                tracing::debug!("a client took too long to agree on TLS");
                None
            }
        }
    }

    /// Takes another pair if there is one that holds.
    fn renew(&self, doubts: &mut Doubts) {
        let found = Texts::read(&self.files);
        if let Ok(texts) = &found
            && self.pair.is_of(texts)
        {
            *doubts = Doubts::default();
            return;
        }
        let renewed = found.and_then(|texts| {
            let pair = texts.pair(&self.files, &aws_lc_rs::default_provider())?;
            Ok((pair, texts))
        });
        match renewed {
            Ok((pair, texts)) => {
                self.pair.replace(pair, texts);
                *doubts = Doubts::default();
                tracing::info!("the certificate was renewed");
            }
            Err(error) => doubts.raise(&error),
        }
    }
}

/// Looks at the files of `tls` for ever.
pub(super) async fn renew(tls: Option<&Tls>) {
    let Some(tls) = tls else { return std::future::pending().await };
    let mut doubts = Doubts::default();
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let tls = tls.clone();
        let looked = tokio::task::spawn_blocking(move || {
            tls.renew(&mut doubts);
            doubts
        });
        // Only a panic gives nothing back, and is in the log already.
        doubts = looked.await.unwrap_or_default();
    }
}

/// What is wrong with the files, so that it is told once, and not before it has lasted.
#[derive(Debug, Default)]
struct Doubts {
    last: Option<String>,
    told: bool,
}

impl Doubts {
    fn raise(&mut self, error: &TlsError) {
        let doubt = error.to_string();
        let lasts = self.last.as_ref() == Some(&doubt);
        if lasts && !self.told {
            tracing::error!(%error, "the certificate was not renewed; the old one is kept");
        }
        self.told = lasts;
        self.last = Some(doubt);
    }
}

/// What the two files hold.
#[derive(PartialEq, Eq)]
struct Texts {
    certificate: Vec<u8>,
    key: Vec<u8>,
}

impl Texts {
    fn read(files: &TlsFiles) -> Result<Self, TlsError> {
        let read = |path: &Path| {
            std::fs::read(path).map_err(|source| TlsError::Read { path: path.to_owned(), source })
        };
        Ok(Self { certificate: read(&files.certificate)?, key: read(&files.key)? })
    }

    /// What they stand for, if they belong together.
    fn pair(&self, files: &TlsFiles, provider: &CryptoProvider) -> Result<CertifiedKey, TlsError> {
        let no_certificate = |_cause: pem::Error| TlsError::Certificate(files.certificate.clone());
        let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(&self.certificate)
            .collect::<Result<_, _>>()
            .map_err(no_certificate)?;
        if chain.is_empty() {
            return Err(TlsError::Certificate(files.certificate.clone()));
        }
        let no_key = |_cause: pem::Error| TlsError::Key(files.key.clone());
        let key = PrivateKeyDer::from_pem_slice(&self.key).map_err(no_key)?;
        CertifiedKey::from_der(chain, key, provider).map_err(|source| {
            let certificate = files.certificate.clone();
            let mismatch = rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch);
            if source == mismatch {
                TlsError::NoPair { certificate, key: files.key.clone() }
            } else {
                TlsError::Unfit { certificate, source }
            }
        })
    }
}

/// The pair that new connections are greeted with.
struct CurrentPair(RwLock<(Arc<CertifiedKey>, Texts)>);

impl CurrentPair {
    fn new(pair: CertifiedKey, texts: Texts) -> Self {
        Self(RwLock::new((Arc::new(pair), texts)))
    }

    fn is_of(&self, texts: &Texts) -> bool {
        self.0.read().unwrap_or_else(PoisonError::into_inner).1 == *texts
    }

    fn replace(&self, pair: CertifiedKey, texts: Texts) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = (Arc::new(pair), texts);
    }
}

impl fmt::Debug for CurrentPair {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CurrentPair")
    }
}

impl ResolvesServerCert for CurrentPair {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner).0))
    }
}
