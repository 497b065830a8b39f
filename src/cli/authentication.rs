//! Who may call, as the settings say; and that a server that lets everybody in is reached by nobody
//! else.

use std::net::SocketAddr;

use super::Failure;
use crate::auth::{
    self, ApiKeySettings, AuthMetrics, AuthSettings, Authenticator, JwksSettings, JwtSettings,
};
use crate::config::{self, AuthSection, JwtSection, Settings, is_loopback};
use crate::db::Database;
use crate::domain::Clock;

/// Sees to it that a server that authenticates nobody listens to this machine alone, unless it was
/// told that it need not: before it takes an address, which it should not take for a moment.
///
/// # Errors
///
/// [`Failure`] when it would listen to others.
pub(super) async fn check_exposure(settings: &Settings) -> Result<(), Failure> {
    for listen in listens(settings) {
        if !is_of_this_machine(listen).await {
            check(settings, listen)?;
        }
    }
    Ok(())
}

/// Sees to the same by the addresses that the server has taken, of those that the settings name in
/// this order: a name may stand for something else by then.
///
/// # Errors
///
/// [`Failure`] when it listens to others.
pub(super) fn check_bound(
    settings: &Settings,
    bound: impl IntoIterator<Item = SocketAddr>,
) -> Result<(), Failure> {
    for (listen, address) in listens(settings).zip(bound) {
        if !is_loopback(address.ip()) {
            check(settings, listen)?;
            if !settings.auth.is_configured() {
                tracing::warn!(
                    listen,
                    "nobody is authenticated: whoever reaches the server may do everything"
                );
            }
        }
    }
    Ok(())
}

/// Where the server listens: to clients, then to those who run it, who are never authenticated. Where
/// clients are, that is the operator's own concern.
fn listens(settings: &Settings) -> impl Iterator<Item = &str> {
    let server = &settings.server;
    [Some(&server.listen), server.operations_listen.as_ref()].into_iter().flatten().map(|it| &**it)
}

/// Lets a server listen to others there that authenticates somebody, or was told that it need not.
fn check(settings: &Settings, listen: &str) -> Result<(), Failure> {
    if settings.auth.is_configured() || settings.auth.insecure_no_auth {
        return Ok(());
    }
    Err(Failure::new(format!(
        "will not listen on {listen}: nobody is authenticated, so whoever reached the server could \
         do everything. Say who may call with auth.jwt_algorithm or auth.api_keys, or listen on \
         127.0.0.1; if something in front of the server decides who may call, say \
         --insecure-no-auth."
    )))
}

/// Whether nobody but this machine can reach an address. A name counts by all that it may stand for;
/// of one that stands for nothing now the address tells that the server takes.
async fn is_of_this_machine(listen: &str) -> bool {
    match tokio::net::lookup_host(listen).await {
        Ok(mut addresses) => addresses.all(|address| is_loopback(address.ip())),
        Err(_no_such_host) => true,
    }
}

/// Starts to know who may call. API keys are those in `database`.
///
/// # Errors
///
/// [`Failure`] when the public keys that tokens are checked with are not to be had.
pub(super) async fn start(
    database: &Database,
    settings: &Settings,
    clock: Clock,
    metrics: &AuthMetrics,
) -> Result<Authenticator, Failure> {
    let started =
        Authenticator::start(auth_settings(&settings.auth), database, clock, metrics.clone()).await;
    started.map_err(|error| {
        let hint = "put the issuer's JSON Web Key Set there, or name another with auth.jwks";
        let source = keys_shown(&settings.auth);
        Failure::chain(&format!("cannot check tokens by the keys in {source}; {hint}"), &error)
    })
}

/// Where the public keys are that tokens are checked with.
fn keys_shown(section: &AuthSection) -> String {
    match section.jwt.as_ref().map(|jwt| &jwt.keys) {
        Some(config::JwtKeys::Jwks { source: config::JwksSource::File(path), .. }) => {
            path.display().to_string()
        }
        Some(config::JwtKeys::Jwks { source: config::JwksSource::Url(url), .. }) => url.clone(),
        Some(config::JwtKeys::Secret(_)) | None => String::new(),
    }
}

/// What the settings say of authentication.
pub(super) fn auth_settings(section: &AuthSection) -> AuthSettings {
    let api_keys = section.api_keys.then_some(ApiKeySettings { cache: section.api_key_cache });
    AuthSettings { jwt: section.jwt.as_ref().map(jwt_settings), api_keys }
}

fn jwt_settings(section: &JwtSection) -> JwtSettings {
    let algorithm = match section.algorithm {
        config::JwtAlgorithm::Hs256 => auth::JwtAlgorithm::Hs256,
        config::JwtAlgorithm::Rs256 => auth::JwtAlgorithm::Rs256,
        config::JwtAlgorithm::Es256 => auth::JwtAlgorithm::Es256,
        config::JwtAlgorithm::EdDsa => auth::JwtAlgorithm::EdDsa,
    };
    let keys = match &section.keys {
        config::JwtKeys::Secret(secret) => {
            auth::JwtKeys::Secret(auth::SharedSecret::new(secret.expose()))
        }
        config::JwtKeys::Jwks { source, refresh, refetch_min } => {
            let source = match source {
                config::JwksSource::File(path) => auth::JwksSource::File(path.clone()),
                config::JwksSource::Url(url) => auth::JwksSource::Url(url.clone()),
            };
            auth::JwtKeys::Jwks(JwksSettings {
                source,
                refresh: *refresh,
                refetch_min: *refetch_min,
            })
        }
    };
    JwtSettings {
        algorithm,
        keys,
        issuer: section.issuer.clone(),
        audience: section.audience.clone(),
        leeway: section.leeway,
        scopes_claim: section.scopes_claim.clone(),
        merchant_claim: section.merchant_claim.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::is_of_this_machine;

    #[tokio::test]
    async fn this_machine_is_told_from_the_network() {
        for own in ["127.0.0.1:0", "127.9.9.9:0", "[::1]:0", "localhost:0", "[::ffff:127.0.0.1]:0"]
        {
            assert!(is_of_this_machine(own).await, "{own}");
        }
        for other in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0", "[2001:db8::1]:0", "[::ffff:0.0.0.0]:0"]
        {
            assert!(!is_of_this_machine(other).await, "{other}");
        }
    }
}
