//! One look for an issuer's public keys, for those who check settings and start nothing.

use super::StartError;
use super::keeper::NoKeys;
use super::keys::KeySet;
use super::source::Source;
use crate::auth::{JwtKeys, JwtSettings};

/// How many public keys there are now that tokens of these settings could be checked with; `None` if
/// they are checked with a secret. Nothing is kept.
///
/// # Errors
///
/// [`StartError`] when there are none: a server of these settings does not start if they are to be
/// in a file, and takes no JWT until there are some if they are behind a URL.
pub async fn count_keys(settings: &JwtSettings) -> Result<Option<usize>, StartError> {
    let JwtKeys::Jwks(jwks) = &settings.keys else { return Ok(None) };
    let algorithm = settings.algorithm.name();
    let source = Source::new(&jwks.source).map_err(StartError::Client)?;
    let document = source.load().await.map_err(NoKeys::from)?;
    match KeySet::read(&document, algorithm, 0).map_err(NoKeys::from)?.len() {
        0 => Err(NoKeys::None(algorithm).into()),
        keys => Ok(Some(keys)),
    }
}
