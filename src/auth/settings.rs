//! What an operator says of authentication.

use std::path::PathBuf;
use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey};

/// Which tokens are taken. Neither: nobody is authenticated.
#[derive(Clone, Debug, Default)]
pub struct AuthSettings {
    /// How JWTs are checked.
    pub jwt: Option<JwtSettings>,
    /// How API keys are.
    pub api_keys: Option<ApiKeySettings>,
}

/// How API keys are checked.
#[derive(Clone, Copy, Debug)]
pub struct ApiKeySettings {
    /// How long a key holds that the database has confirmed; zero asks for every request.
    pub cache: Duration,
}

/// How JWTs are checked.
#[derive(Clone, Debug)]
pub struct JwtSettings {
    /// What they are signed with; never taken from a token.
    pub algorithm: JwtAlgorithm,
    /// What their signatures are checked with.
    pub keys: JwtKeys,
    /// What `iss` must be.
    pub issuer: String,
    /// What `aud` must be, or have among others.
    pub audience: String,
    /// How far clocks may be apart.
    pub leeway: Duration,
    /// The claim with the scopes.
    pub scopes_claim: String,
    /// The claim with the merchant, which every token then must have; `None` if every token is for
    /// all of them.
    pub merchant_claim: Option<String>,
}

/// What JWTs are signed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JwtAlgorithm {
    /// HMAC with SHA-256.
    Hs256,
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// Ed25519.
    EdDsa,
}

impl JwtAlgorithm {
    pub(super) fn name(self) -> Algorithm {
        match self {
            Self::Hs256 => Algorithm::HS256,
            Self::Rs256 => Algorithm::RS256,
            Self::Es256 => Algorithm::ES256,
            Self::EdDsa => Algorithm::EdDSA,
        }
    }
}

/// What signatures are checked with.
#[derive(Clone, Debug)]
pub enum JwtKeys {
    /// A secret that the issuer has too.
    Secret(SharedSecret),
    /// The issuer's public keys.
    Jwks(JwksSettings),
}

/// A secret that is never shown.
#[derive(Clone)]
pub struct SharedSecret(pub(super) DecodingKey);

impl SharedSecret {
    /// Of these bytes.
    pub fn new(bytes: &[u8]) -> Self {
        Self(DecodingKey::from_secret(bytes))
    }
}

impl std::fmt::Debug for SharedSecret {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("***")
    }
}

/// Where public keys are, and how often they are looked for.
#[derive(Clone, Debug)]
pub struct JwksSettings {
    /// Where they are.
    pub source: JwksSource,
    /// How long those behind a URL hold before they are fetched again.
    pub refresh: Duration,
    /// How long after the last look an unknown key may cause another.
    pub refetch_min: Duration,
}

/// Where public keys are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JwksSource {
    /// In a file.
    File(PathBuf),
    /// Behind a URL.
    Url(String),
}
