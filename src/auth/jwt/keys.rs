//! An issuer's public keys, as a JSON Web Key Set tells them (RFC 7517).
//!
//! Keys that are of no use here are passed over, as the standard asks: those of another type, curve,
//! purpose or algorithm than the one that is configured, and those that are too short.

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyOperations, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind};
use serde::Deserialize;
use serde_json::Value;

/// The largest set that is read.
pub(super) const SET_BYTES_MAX: usize = 256 * 1024;

/// Keys that a set may have. Issuers have two or three.
const KEYS_MAX: usize = 100;

/// The lengths of an RSA modulus that the library takes, in bytes.
const MODULUS_BYTES: std::ops::RangeInclusive<usize> = 256..=1_024;

/// Why a document is no set of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSet {
    /// It is something else.
    #[error("it is no JSON Web Key Set, as {{\"keys\": […]}}")]
    NotASet,
    /// It has too many keys.
    #[error("it has more than {KEYS_MAX} keys")]
    TooMany,
}

/// The keys that hold now.
#[derive(Debug)]
pub(super) struct KeySet {
    /// Another number for every other set.
    pub(super) generation: u64,
    keys: Vec<Key>,
}

#[derive(Debug)]
struct Key {
    told: Jwk,
    key: DecodingKey,
}

#[derive(Deserialize)]
struct Document {
    keys: Vec<Value>,
}

impl KeySet {
    /// Reads a set of keys for `algorithm`.
    ///
    /// # Errors
    ///
    /// [`InvalidSet`] when it is none.
    pub(super) fn read(
        document: &[u8],
        algorithm: Algorithm,
        generation: u64,
    ) -> Result<Self, InvalidSet> {
        let Document { keys } =
            serde_json::from_slice(document).map_err(|_error| InvalidSet::NotASet)?;
        if keys.len() > KEYS_MAX {
            return Err(InvalidSet::TooMany);
        }
        let told = keys.into_iter().filter_map(|key| serde_json::from_value::<Jwk>(key).ok());
        let keys = told.filter_map(|told| usable(told, algorithm)).collect();
        Ok(Self { generation, keys })
    }

    /// Whether none is of use.
    pub(super) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// How many are of use.
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether it has the same keys as another.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        let told = |set: &Self| set.keys.iter().map(|key| key.told.clone()).collect::<Vec<_>>();
        told(self) == told(other)
    }

    /// Whether a key of this name is here; a token that names none can only mean one of these.
    pub(super) fn may_know(&self, kid: Option<&str>) -> bool {
        kid.is_none() || self.candidates(kid).next().is_some()
    }

    /// The keys that may have signed a token that names this one. Who names none means the only one:
    /// to try them all would let anybody cause that work.
    pub(super) fn candidates(&self, kid: Option<&str>) -> impl Iterator<Item = &DecodingKey> {
        let is_only = self.keys.len() == 1;
        let fits = move |key: &&Key| match kid {
            Some(_) => key.told.common.key_id.as_deref() == kid,
            None => is_only,
        };
        self.keys.iter().filter(fits).map(|key| &key.key)
    }
}

/// The key, if it may check signatures of `algorithm`.
fn usable(told: Jwk, algorithm: Algorithm) -> Option<Key> {
    let common = &told.common;
    let signs = common.public_key_use.as_ref().is_none_or(|it| *it == PublicKeyUse::Signature)
        && common.key_operations.as_ref().is_none_or(|it| it.contains(&KeyOperations::Verify))
        && common.key_algorithm.is_none_or(|it| it == algorithm.into());
    let fits = match (algorithm, &told.algorithm) {
        (Algorithm::RS256, AlgorithmParameters::RSA(_)) => true,
        (Algorithm::ES256, AlgorithmParameters::EllipticCurve(it)) => {
            it.curve == EllipticCurve::P256
        }
        (Algorithm::EdDSA, AlgorithmParameters::OctetKeyPair(it)) => {
            it.curve == EllipticCurve::Ed25519
        }
        _ => false,
    };
    if !signs || !fits {
        return None;
    }
    let key = DecodingKey::from_jwk(&told).ok()?;
    let is_long_enough = match key.kind() {
        DecodingKeyKind::RsaModulusExponent { n, .. } => {
            let zeros = n.iter().take_while(|byte| **byte == 0).count();
            MODULUS_BYTES.contains(&n.len().saturating_sub(zeros))
        }
        // A point of P-256 without compression, or one of Ed25519.
        DecodingKeyKind::SecretOrDer(bytes) => {
            bytes.len() == if algorithm == Algorithm::ES256 { 65 } else { 32 }
        }
    };
    is_long_enough.then_some(Key { told, key })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(keys: &Value, algorithm: Algorithm) -> KeySet {
        KeySet::read(json!({ "keys": keys }).to_string().as_bytes(), algorithm, 1).unwrap()
    }

    fn rsa(kid: &str) -> Value {
        json!({ "kty": "RSA", "kid": kid, "n": "w".repeat(342), "e": "AQAB" })
    }

    #[test]
    fn keys_of_no_use_are_passed_over() {
        let with = |name: &str, value: Value| {
            let mut key = rsa("a");
            key[name] = value;
            read(&json!([key]), Algorithm::RS256).keys.len()
        };
        assert_eq!(with("use", json!("sig")), 1);
        assert_eq!(with("use", json!("enc")), 0);
        assert_eq!(with("key_ops", json!(["verify"])), 1);
        assert_eq!(with("key_ops", json!(["encrypt"])), 0);
        assert_eq!(with("alg", json!("RS256")), 1);
        for other in ["RS384", "PS256", "HS256", "unheard-of"] {
            assert_eq!(with("alg", json!(other)), 0, "{other}");
        }
        assert_eq!(with("n", json!("w".repeat(341))), 0, "1,024 bits and the like");
        assert_eq!(with("n", json!("?")), 0);
        assert_eq!(with("kty", json!("EC")), 0);
        let oct = json!({ "kty": "oct", "k": "w".repeat(342) });
        let ed = json!({ "kty": "OKP", "crv": "Ed25519", "x": "w".repeat(43).replace("ww", "wA") });
        assert!(read(&json!([oct, ed, 1, null, {}]), Algorithm::RS256).is_empty());
        assert!(read(&json!([rsa("a")]), Algorithm::ES256).is_empty());
        assert!(read(&json!([rsa("a")]), Algorithm::EdDSA).is_empty());
    }

    #[test]
    fn a_token_means_the_key_that_it_names_or_the_only_one() {
        let two = read(&json!([rsa("a"), rsa("b")]), Algorithm::RS256);
        assert_eq!(two.candidates(Some("a")).count(), 1);
        assert_eq!(two.candidates(Some("c")).count(), 0);
        assert_eq!(two.candidates(None).count(), 0);
        assert!(!two.may_know(Some("c")) && two.may_know(Some("b")) && two.may_know(None));
        let one = read(&json!([rsa("a")]), Algorithm::RS256);
        assert_eq!(one.candidates(None).count(), 1);
        assert!(!one.is_same(&two) && one.is_same(&read(&json!([rsa("a")]), Algorithm::RS256)));
    }

    #[test]
    fn what_is_no_set_is_told() {
        for document in ["", "[]", "{}", r#"{"keys": {}}"#, "<html>"] {
            let read = KeySet::read(document.as_bytes(), Algorithm::RS256, 1);
            assert_eq!(read.map(drop), Err(InvalidSet::NotASet), "{document}");
        }
        let many = json!({ "keys": vec![Value::Null; KEYS_MAX + 1] }).to_string();
        let read = KeySet::read(many.as_bytes(), Algorithm::RS256, 1);
        assert_eq!(read.map(drop), Err(InvalidSet::TooMany));
        let most = json!({ "keys": vec![Value::Null; KEYS_MAX] }).to_string();
        assert!(KeySet::read(most.as_bytes(), Algorithm::RS256, 1).is_ok());
    }
}
