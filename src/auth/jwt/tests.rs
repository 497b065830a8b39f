//! Tokens that were made here, good and bad, by a clock that stands still.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::DateTime;
use jsonwebtoken::{EncodingKey, encode};
use serde_json::json;

use super::*;
use crate::auth::{JwtAlgorithm, SharedSecret};

const SECRET: &[u8] = b"a secret that is long enough to be one";

/// Something that takes tokens of HS256, at a time that the test sets, in seconds.
async fn jwts() -> (Jwts, Arc<AtomicI64>) {
    let now = Arc::new(AtomicI64::new(1_000));
    let shown = Arc::clone(&now);
    let clock = Clock::from_fn(move || {
        DateTime::from_timestamp(shown.load(Ordering::SeqCst), 0).unwrap_or_default()
    });
    let settings = JwtSettings {
        algorithm: JwtAlgorithm::Hs256,
        keys: JwtKeys::Secret(SharedSecret::new(SECRET)),
        issuer: "i".to_owned(),
        audience: "a".to_owned(),
        leeway: Duration::ZERO,
        scopes_claim: "scope".to_owned(),
        merchant_claim: None,
    };
    (Jwts::start(settings, clock, &AuthMetrics::default()).await.unwrap(), now)
}

fn claims() -> Value {
    json!({ "iss": "i", "aud": "a", "sub": "ada", "exp": 2_000 })
}

fn signed(header: &Header, secret: &[u8]) -> String {
    encode(header, &claims(), &EncodingKey::from_secret(secret)).unwrap()
}

async fn refused(jwts: &Jwts, token: &str) -> Invalid {
    match jwts.authenticate(token).await {
        Err(NotAuthenticated::Invalid(invalid)) => invalid,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_token_that_is_remembered_still_has_its_time() {
    let (jwts, now) = jwts().await;
    let token = signed(&Header::default(), SECRET);
    for _time in 0..2 {
        assert_eq!(jwts.authenticate(&token).await.unwrap().caller.actor(), "user:ada");
    }
    jwts.known.run_pending_tasks();
    assert_eq!(jwts.known.entry_count(), 1);
    now.store(2_000, Ordering::SeqCst);
    assert_eq!(jwts.authenticate(&token).await, Err(NotAuthenticated::Expired));
}

#[tokio::test]
async fn the_algorithm_is_never_the_tokens_choice() {
    let (jwts, _now) = jwts().await;
    for algorithm in [Algorithm::HS384, Algorithm::HS512] {
        let token = signed(&Header::new(algorithm), SECRET);
        assert_eq!(refused(&jwts, &token).await, Invalid::Algorithm);
    }
    let [header, payload] = [json!({ "alg": "none", "typ": "JWT" }), claims()]
        .map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
    for none in [format!("{header}.{payload}."), format!("{header}.{payload}.eA")] {
        assert_eq!(refused(&jwts, &none).await, Invalid::NotJwt);
    }
    assert_eq!(refused(&jwts, &format!("{header}.{payload}")).await, Invalid::NotJwt);
}

#[tokio::test]
async fn what_was_tampered_with_is_refused_and_not_remembered() {
    let (jwts, _now) = jwts().await;
    let token = signed(&Header::default(), SECRET);
    let (begin, signature) = token.rsplit_once('.').unwrap();
    let (header, _payload) = begin.split_once('.').unwrap();
    let payload = json!({ "iss": "i", "aud": "a", "sub": "eve", "exp": 2_000 });
    let payload = URL_SAFE_NO_PAD.encode(payload.to_string());
    for forged in [
        format!("{header}.{payload}.{signature}"),
        format!("{begin}."),
        format!("{begin}.{}", &signature[1..]),
        signed(&Header::default(), b"another secret that is long enough"),
        signed(&Header::default(), b""),
    ] {
        assert_eq!(refused(&jwts, &forged).await, Invalid::Signature, "{forged}");
    }
    for other in ["", ".", "..", "a.b.c", "a.b.c.d", &token.replace('.', "")] {
        assert_eq!(refused(&jwts, other).await, Invalid::NotJwt, "{other}");
    }
    jwts.known.run_pending_tasks();
    assert_eq!(jwts.known.entry_count(), 0);
}

#[tokio::test]
async fn a_token_for_another_purpose_is_refused() {
    let (jwts, _now) = jwts().await;
    let typed = |typ: Option<&str>| Header { typ: typ.map(str::to_owned), ..Header::default() };
    for typ in [None, Some("JWT"), Some("jwt"), Some("at+jwt"), Some("application/at+JWT")] {
        assert!(jwts.authenticate(&signed(&typed(typ), SECRET)).await.is_ok(), "{typ:?}");
    }
    for typ in ["logout+jwt", "dpop+jwt", ""] {
        assert_eq!(refused(&jwts, &signed(&typed(Some(typ)), SECRET)).await, Invalid::Type);
    }
    let crit = Header { crit: Some(vec!["b64".to_owned()]), ..Header::default() };
    assert_eq!(refused(&jwts, &signed(&crit, SECRET)).await, Invalid::Type);
}
