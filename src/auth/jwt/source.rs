//! Where a set of keys is read from, within bounds.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::{Client, StatusCode, Url, redirect};

use super::keys::SET_BYTES_MAX;
use crate::auth::JwksSource;

/// How long an issuer may take to answer.
pub(super) const FETCH_MAX: Duration = Duration::from_secs(5);

/// Why there is no set.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file cannot be read.
    #[error("it cannot be read")]
    File(#[source] io::Error),
    /// The issuer does not answer.
    #[error("it does not answer")]
    Fetch(#[source] reqwest::Error),
    /// The issuer answers something else; also where it sends elsewhere.
    #[error("it answers with status {0}")]
    Status(StatusCode),
    /// Too much came.
    #[error("it has more than {SET_BYTES_MAX} bytes")]
    TooLarge,
}

/// Where a set is.
#[derive(Clone, Debug)]
pub(super) enum Source {
    File(PathBuf),
    Url(Client, Url),
}

impl Source {
    /// Opens nothing yet.
    ///
    /// # Errors
    ///
    /// Those of the library, when it understands no URL or has no certificates to trust.
    pub(super) fn new(
        source: &JwksSource,
    ) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let url = match source {
            JwksSource::File(path) => return Ok(Self::File(path.clone())),
            JwksSource::Url(url) => Url::parse(url)?,
        };
        // Whoever may send the server elsewhere would choose the keys.
        let mut client = Client::builder().redirect(redirect::Policy::none()).timeout(FETCH_MAX);
        if url.scheme() == "https" {
            client = client.https_only(true);
        } else {
            // It is on this machine, which no proxy reaches.
            client = client.no_proxy();
        }
        Ok(Self::Url(client.build()?, url))
    }

    /// Reads what is there.
    ///
    /// # Errors
    ///
    /// [`LoadError`] when there is nothing, or too much.
    pub(super) async fn load(&self) -> Result<Vec<u8>, LoadError> {
        match self {
            Self::File(path) => {
                let path = path.clone();
                let read = tokio::task::spawn_blocking(move || read(&path)).await;
                read.unwrap_or_else(|lost| Err(LoadError::File(io::Error::other(lost))))
            }
            Self::Url(client, url) => fetch(client, url.clone()).await,
        }
    }
}

fn read(path: &Path) -> Result<Vec<u8>, LoadError> {
    let mut bytes = Vec::new();
    let bytes_max = u64::try_from(SET_BYTES_MAX).unwrap_or(u64::MAX).saturating_add(1);
    let file = File::open(path).map_err(LoadError::File)?;
    file.take(bytes_max).read_to_end(&mut bytes).map_err(LoadError::File)?;
    if bytes.len() > SET_BYTES_MAX { Err(LoadError::TooLarge) } else { Ok(bytes) }
}

async fn fetch(client: &Client, url: Url) -> Result<Vec<u8>, LoadError> {
    let failed = |error: reqwest::Error| LoadError::Fetch(error.without_url());
    let mut response = client.get(url).send().await.map_err(failed)?;
    if response.status() != StatusCode::OK {
        return Err(LoadError::Status(response.status()));
    }
    let mut bytes = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(failed)? {
        if bytes.len().saturating_add(piece.len()) > SET_BYTES_MAX {
            return Err(LoadError::TooLarge);
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}
