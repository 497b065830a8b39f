//! The settings of section `auth` that are about JWTs, and how they go together.

use std::path::PathBuf;
use std::time::Duration;

use reqwest::Url;

use crate::config::reader::Reader;
use crate::config::{Secret, host_address, is_loopback};

/// The shortest secret of HS256, in bytes: as long as what it makes (RFC 7518, section 3.2).
const SECRET_BYTES_MIN: usize = 32;

/// How JWTs are checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JwtSection {
    /// What they are signed with.
    pub algorithm: JwtAlgorithm,
    /// What their signatures are checked with.
    pub keys: JwtKeys,
    /// What they must say in `iss`.
    pub issuer: String,
    /// What they must say in `aud`.
    pub audience: String,
    /// How far clocks may be apart.
    pub leeway: Duration,
    /// The claim with the scopes.
    pub scopes_claim: String,
    /// The claim with the merchant; `None` if every token is for all of them.
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

/// What signatures are checked with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JwtKeys {
    /// A secret that the issuer has too.
    Secret(Secret),
    /// The issuer's public keys.
    Jwks {
        /// Where they are.
        source: JwksSource,
        /// How long those behind a URL hold before they are fetched again.
        refresh: Duration,
        /// How long after a fetch an unknown key may cause another.
        refetch_min: Duration,
    },
}

/// Where public keys are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JwksSource {
    /// In a file.
    File(PathBuf),
    /// Behind a URL of `https`, or of `http` on this machine.
    Url(String),
}

/// The settings as they were written.
struct Written {
    secret: String,
    secret_file: String,
    jwks: String,
    issuer: String,
    audience: String,
    scopes_claim: String,
    merchant_claim: String,
    leeway: Duration,
    refresh: Duration,
    refetch_min: Duration,
}

impl JwtSection {
    /// `None` within if no JWTs are taken.
    #[expect(clippy::option_option, reason = "what cannot be read is not what is not asked for")]
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Option<Self>> {
        let algorithm = reader.text(
            "auth.jwt_algorithm",
            |text| text.is_empty() || algorithm(text).is_some(),
            "must be HS256, RS256, ES256 or EdDSA, or empty",
        );
        let written = Written::read(reader);
        let (algorithm, written) = (algorithm?, written?);
        let Some(algorithm) = self::algorithm(&algorithm) else {
            written.check_absent(reader);
            return Some(None);
        };
        written.check(algorithm, reader).map(Some)
    }
}

impl Written {
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let mut text = |key: &str| reader.get::<String>(key);
        let secret = text("auth.jwt_secret");
        let secret_file = text("auth.jwt_secret_file");
        let jwks = text("auth.jwks");
        let issuer = text("auth.jwt_issuer");
        let audience = text("auth.jwt_audience");
        let scopes_claim = text("auth.jwt_scopes_claim");
        let merchant_claim = text("auth.jwt_merchant_claim");
        let leeway = reader.duration("auth.jwt_leeway_ms", 0..=300_000);
        let refresh = reader.duration("auth.jwks_refresh_ms", 100..=86_400_000);
        let refetch_min = reader.duration("auth.jwks_refetch_ms_min", 100..=86_400_000);
        Some(Self {
            secret: secret?,
            secret_file: secret_file?,
            jwks: jwks?,
            issuer: issuer?,
            audience: audience?,
            scopes_claim: scopes_claim?,
            merchant_claim: merchant_claim?,
            leeway: leeway?,
            refresh: refresh?,
            refetch_min: refetch_min?,
        })
    }

    /// Whoever sets one of these believes that tokens are checked.
    fn check_absent(&self, reader: &mut Reader<'_>) {
        let set = [
            ("auth.jwt_secret", &self.secret),
            ("auth.jwt_secret_file", &self.secret_file),
            ("auth.jwks", &self.jwks),
            ("auth.jwt_issuer", &self.issuer),
            ("auth.jwt_audience", &self.audience),
        ];
        if let Some((key, _value)) = set.into_iter().find(|(_key, value)| !value.is_empty()) {
            let message = format!(
                "is empty, though {key} is set: say what tokens are signed with, HS256, RS256, \
                 ES256 or EdDSA"
            );
            reader.fault("auth.jwt_algorithm", message);
        }
    }

    fn check(self, algorithm: JwtAlgorithm, reader: &mut Reader<'_>) -> Option<JwtSection> {
        for (key, value, otherwise) in [
            ("auth.jwt_issuer", &self.issuer, "must be what tokens say in iss"),
            ("auth.jwt_audience", &self.audience, "must be what tokens say in aud"),
            ("auth.jwt_scopes_claim", &self.scopes_claim, "must name a claim, as scope"),
        ] {
            if value.is_empty() {
                reader.fault(key, otherwise.to_owned());
            }
        }
        let keys = if algorithm == JwtAlgorithm::Hs256 {
            self.secret(reader).map(JwtKeys::Secret)
        } else {
            self.jwks(reader)
        };
        Some(JwtSection {
            algorithm,
            keys: keys?,
            issuer: self.issuer,
            audience: self.audience,
            leeway: self.leeway,
            scopes_claim: self.scopes_claim,
            merchant_claim: Some(self.merchant_claim).filter(|claim| !claim.is_empty()),
        })
    }

    fn secret(&self, reader: &mut Reader<'_>) -> Option<Secret> {
        if !self.jwks.is_empty() {
            reader.fault("auth.jwks", "is of no use to HS256, whose key is a secret".to_owned());
        }
        let (key, bytes) = match (self.secret.as_str(), self.secret_file.as_str()) {
            ("", "") => {
                let message = "must be set for HS256, or auth.jwt_secret_file";
                reader.fault("auth.jwt_secret", message.to_owned());
                return None;
            }
            (secret, "") => ("auth.jwt_secret", secret.as_bytes().to_vec()),
            ("", path) => match std::fs::read(path) {
                Ok(bytes) => ("auth.jwt_secret_file", without_line_break(bytes)),
                Err(error) => {
                    reader.fault("auth.jwt_secret_file", format!("cannot read {path}: {error}"));
                    return None;
                }
            },
            (_secret, _path) => {
                let message = "must not be set together with auth.jwt_secret_file";
                reader.fault("auth.jwt_secret", message.to_owned());
                return None;
            }
        };
        if bytes.len() < SECRET_BYTES_MIN {
            let length = bytes.len();
            reader.fault(
                key,
                format!(
                    "must have {SECRET_BYTES_MIN} bytes or more, has {length}; `openssl rand -hex \
                     32` makes a good one"
                ),
            );
            return None;
        }
        Some(Secret::new(bytes))
    }

    fn jwks(&self, reader: &mut Reader<'_>) -> Option<JwtKeys> {
        for (key, value) in
            [("auth.jwt_secret", &self.secret), ("auth.jwt_secret_file", &self.secret_file)]
        {
            if !value.is_empty() {
                reader.fault(key, "is for HS256 alone; other algorithms have auth.jwks".to_owned());
            }
        }
        match jwks_source(&self.jwks) {
            Ok(source) => {
                let (refresh, refetch_min) = (self.refresh, self.refetch_min);
                Some(JwtKeys::Jwks { source, refresh, refetch_min })
            }
            Err(fault) => {
                reader.fault("auth.jwks", fault.to_owned());
                None
            }
        }
    }
}

fn algorithm(text: &str) -> Option<JwtAlgorithm> {
    match text {
        "HS256" => Some(JwtAlgorithm::Hs256),
        "RS256" => Some(JwtAlgorithm::Rs256),
        "ES256" => Some(JwtAlgorithm::Es256),
        "EdDSA" => Some(JwtAlgorithm::EdDsa),
        _ => None,
    }
}

/// The last line break is the editor's, not the secret's.
fn without_line_break(mut bytes: Vec<u8>) -> Vec<u8> {
    if bytes.ends_with(b"\n") {
        bytes.pop();
        if bytes.ends_with(b"\r") {
            bytes.pop();
        }
    }
    bytes
}

fn jwks_source(text: &str) -> Result<JwksSource, &'static str> {
    if text.is_empty() {
        return Err("must be a file or a URL with the issuer's public keys");
    }
    if !text.contains("://") {
        return Ok(JwksSource::File(text.into()));
    }
    let url = Url::parse(text).map_err(|_error| "is no URL")?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must not have a user or a password in it");
    }
    match url.scheme() {
        "https" => Ok(JwksSource::Url(url.into())),
        "http" if is_this_machine(&url) => Ok(JwksSource::Url(url.into())),
        _ => Err("must begin with https://, for whoever can change the answer can sign tokens; \
                  http:// will do on this machine"),
    }
}

fn is_this_machine(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    host == "localhost" || host_address(host).is_some_and(is_loopback)
}
