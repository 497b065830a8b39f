//! JSON Web Tokens: who has signed them, and what they claim.
//!
//! The algorithm is the one that is configured, and never what a token says of itself (RFC 8725,
//! section 3.1): a token that says otherwise is refused before any key is looked for. The library
//! checks signatures; what is claimed is checked here ([`claims`]), because the time is the
//! [`Clock`]'s.
//!
//! To check a signature of RS256 costs more than all the rest of a request, so a token that was
//! found good is remembered by its hash. It is forgotten when the keys change, and its times are
//! checked whenever it is shown.

mod claims;
mod keeper;
mod keys;
mod look;
mod source;

use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation, decode, decode_header};
use moka::sync::Cache;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::{Admission, AuthMetrics, Invalid, JwtKeys, JwtSettings, NotAuthenticated};
use crate::domain::Clock;
use claims::{Admitted, Rules};
use keeper::Keeper;

pub use keeper::StartError;
pub use look::count_keys;

/// Good tokens that are remembered; some 400 bytes each. Bad ones are not, so that nobody can make
/// good ones be forgotten.
const KNOWN_MAX: u64 = 50_000;

/// What tokens that grant access may call themselves (RFC 7519, section 5.1; RFC 9068, section 2.1).
/// What is signed by the same issuer for another purpose has another type (RFC 8725, section 3.11).
const TYPES: [&str; 3] = ["JWT", "at+jwt", "application/at+jwt"];

/// Takes JWTs.
#[derive(Debug)]
pub(super) struct Jwts {
    keys: Keys,
    algorithm: Algorithm,
    validation: Validation,
    rules: Rules,
    clock: Clock,
    known: Cache<[u8; 32], Known>,
}

#[derive(Debug)]
enum Keys {
    Secret(DecodingKey),
    Public(Keeper),
}

/// A token that was signed as it must be.
#[derive(Clone, Debug)]
struct Known {
    /// By a key of this generation of the set.
    generation: u64,
    admitted: Admitted,
}

impl Jwts {
    /// Begins to keep the public keys, if there are any.
    ///
    /// # Errors
    ///
    /// [`StartError`] when a file of them is missing or wrong.
    pub(super) async fn start(
        settings: JwtSettings,
        clock: Clock,
        metrics: &AuthMetrics,
    ) -> Result<Self, StartError> {
        let algorithm = settings.algorithm.name();
        let keys = match settings.keys {
            JwtKeys::Secret(secret) => Keys::Secret(secret.0),
            JwtKeys::Jwks(jwks) => {
                Keys::Public(Keeper::start(jwks, algorithm, metrics.clone()).await?)
            }
        };
        let rules = Rules {
            issuer: settings.issuer,
            audience: settings.audience,
            leeway: settings.leeway,
            scopes_claim: settings.scopes_claim,
            merchant_claim: settings.merchant_claim,
        };
        // What is claimed is checked by the rules, with the time of the clock.
        let mut validation = Validation::new(algorithm);
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        let known = Cache::new(KNOWN_MAX);
        Ok(Self { keys, algorithm, validation, rules, clock, known })
    }

    /// Who shows this token.
    ///
    /// # Errors
    ///
    /// [`NotAuthenticated`] when it is not good, or the issuer's keys are not to be had.
    pub(super) async fn authenticate(&self, token: &str) -> Result<Admission, NotAuthenticated> {
        let digest: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        if let Some(known) = self.known.get(&digest)
            && Some(known.generation) == self.keys.generation()
        {
            return self.rules.at(&known.admitted, self.clock.now());
        }
        let header = self.header(token).map_err(NotAuthenticated::Invalid)?;
        let (claims, generation) = self.verify(token, header.kid.as_deref()).await?;
        let admitted = self.rules.admit(&claims).map_err(NotAuthenticated::Invalid)?;
        self.known.insert(digest, Known { generation, admitted: admitted.clone() });
        self.rules.at(&admitted, self.clock.now())
    }

    /// What a token says of itself, if a token of this server may.
    fn header(&self, token: &str) -> Result<Header, Invalid> {
        let header = decode_header(token).map_err(|_error| Invalid::NotJwt)?;
        if header.alg != self.algorithm {
            return Err(Invalid::Algorithm);
        }
        let is_ours = |typ: &String| TYPES.iter().any(|name| name.eq_ignore_ascii_case(typ));
        if header.crit.is_some() || header.typ.as_ref().is_some_and(|typ| !is_ours(typ)) {
            return Err(Invalid::Type);
        }
        Ok(header)
    }

    /// What a token claims, if it is signed, and of which generation the key was.
    async fn verify(
        &self,
        token: &str,
        kid: Option<&str>,
    ) -> Result<(Map<String, Value>, u64), NotAuthenticated> {
        let keeper = match &self.keys {
            Keys::Secret(key) => return Ok((self.signed(token, key)?, 0)),
            Keys::Public(keeper) => keeper,
        };
        let set = match keeper.set() {
            Some(set) if set.may_know(kid) => Some(set),
            _ => keeper.look_again().await,
        };
        let set = set.ok_or(NotAuthenticated::Undecided)?;
        let mut refused = NotAuthenticated::Invalid(Invalid::UnknownKey);
        for key in set.candidates(kid) {
            match self.signed(token, key) {
                Ok(claims) => return Ok((claims, set.generation)),
                Err(error) => refused = error,
            }
        }
        Err(refused)
    }

    fn signed(
        &self,
        token: &str,
        key: &DecodingKey,
    ) -> Result<Map<String, Value>, NotAuthenticated> {
        decode::<Map<String, Value>>(token, key, &self.validation)
            .map(|token| token.claims)
            .map_err(|_error| NotAuthenticated::Invalid(Invalid::Signature))
    }
}

impl Keys {
    /// Which keys hold; a secret is always the same. `None` if none were to be had yet.
    fn generation(&self) -> Option<u64> {
        match self {
            Self::Secret(_) => Some(0),
            Self::Public(keeper) => keeper.set().map(|set| set.generation),
        }
    }
}

#[cfg(test)]
mod tests;
