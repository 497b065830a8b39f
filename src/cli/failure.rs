//! Why a subcommand could not do its work, in one line for the person who started it.

use std::error::Error;
use std::fmt;
use std::path::Path;

use crate::cache::CacheError;
use crate::config::InvalidSettings;
use crate::db::{ConnectError, DatabaseSettings};
use crate::http::{BindError, TlsError};
use crate::telemetry::causes;

/// One line: what was tried, what came of it and how to mend it.
#[derive(Debug)]
pub(super) struct Failure(String);

impl Failure {
    /// A failure told by its own text.
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    /// The settings make no sense.
    pub(super) fn settings(invalid: &InvalidSettings) -> Self {
        Self(format!("these settings do not hold: {invalid}"))
    }

    /// There is no database. The URL is shown without its password.
    pub(super) fn connect(settings: &DatabaseSettings, error: &ConnectError) -> Self {
        if let ConnectError::Replica(unfit) = error {
            return Self(format!(
                "cannot read from replicas: {unfit}. Change --replica-url, STOCKFLOW_REPLICA_URLS or \
                 database.replica_urls."
            ));
        }
        let url = settings.url_shown();
        let hint = match error {
            ConnectError::Url(_) | ConnectError::Replica(_) => {
                "Name one with --database-url, STOCKFLOW_DATABASE_URL or database.url."
            }
            ConnectError::Refused(_) if url.starts_with("sqlite:") => {
                "See that its folder exists and may be written to, or name another file with \
                 --database-url sqlite://FILE."
            }
            ConnectError::Refused(_) => {
                "See that it runs and that address, user and password are right, or name another \
                 one with --database-url or STOCKFLOW_DATABASE_URL."
            }
        };
        // A driver may repeat the URL, password and all.
        let cause = root(error).to_string().replace(&settings.url, &url);
        Self(format!("cannot open the database {url}: {cause}. {hint}"))
    }

    /// Redis is not named as it must be.
    pub(super) fn cache(error: &CacheError) -> Self {
        Self(format!(
            "cannot use Redis: cache.redis_urls: {}. Change --redis-url, STOCKFLOW_REDIS_URLS or \
             cache.redis_urls.",
            root(error)
        ))
    }

    /// The documents that are to be trusted cannot be read, or are not right.
    pub(super) fn trusted_documents(path: &Path, error: &impl fmt::Display) -> Self {
        Self(format!(
            "cannot trust the documents in {}: {error}. Mend the file, or change \
             graphql.trusted_documents_file.",
            path.display()
        ))
    }

    /// The address cannot be had.
    pub(super) fn bind(error: &BindError) -> Self {
        Self(format!(
            "cannot listen on {}: {}. Free it, or choose another with --listen or \
             STOCKFLOW_LISTEN.",
            error.address, error.source
        ))
    }

    /// Something did not come to an end, for reasons that lie on different floors.
    pub(super) fn chain(what: &str, error: &(dyn Error + 'static)) -> Self {
        Self(format!("{what}: {}", causes(error)))
    }

    /// The address for operation cannot be had.
    pub(super) fn bind_for_operations(error: &BindError) -> Self {
        Self(format!(
            "cannot listen for operation on {}: {}. Free it, or choose another with \
             --operations-listen or server.operations_listen.",
            error.address, error.source
        ))
    }

    /// The certificate is of no use.
    pub(super) fn tls(error: &TlsError) -> Self {
        Self(format!(
            "cannot speak TLS: {error}. Change --tls-certificate-file and --tls-key-file, or \
             server.tls_certificate_file and server.tls_key_file."
        ))
    }

    /// Something that was begun did not come to an end.
    pub(super) fn broke(what: &str, error: &(dyn Error + 'static)) -> Self {
        Self(format!("{what}: {}", root(error)))
    }
}

impl fmt::Display for Failure {
    /// In one line, whatever a driver says.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, word) in self.0.split_whitespace().enumerate() {
            if index > 0 {
                formatter.write_str(" ")?;
            }
            formatter.write_str(word)?;
        }
        Ok(())
    }
}

/// What is at the bottom of an error; what lies above it only says that it could not be done.
fn root<'a>(error: &'a (dyn Error + 'static)) -> &'a (dyn Error + 'static) {
    let mut root = error;
    while let Some(source) = root.source() {
        root = source;
    }
    root
}
