//! JWTs that are good, and the many that are not.

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use reqwest::Version;
use reqwest::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use serde_json::{Value, json};

use super::api_keys::{ALL, create};
use super::issuer::{
    AUDIENCE, ISSUER, Pair, claims, claims_with, claims_without, openssl, part, set,
};
use super::server::{file, start_with_jwts, variables};
use super::{let_in, newest_actor, refused, shown};
use crate::support::{Answer, Kind, TestDatabase, TestServer, metric};

pub const SECRET: &str = "a secret that is shared with nobody else";

pub fn hs256(claims: &Value, secret: &[u8]) -> String {
    encode(&Header::default(), claims, &EncodingKey::from_secret(secret)).unwrap()
}

#[tokio::test]
async fn a_good_token_of_each_algorithm_is_taken_and_its_subject_is_on_the_books() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    for (sku_id, algorithm, name) in [
        (1, Algorithm::RS256, "RS256"),
        (2, Algorithm::ES256, "ES256"),
        (3, Algorithm::EdDSA, "EdDSA"),
    ] {
        let pair = Pair::new(algorithm, "a").await;
        let keys = file(&set(&[&pair]));
        let jwks = keys.path().to_str().unwrap();
        let server = start_with_jwts(&database, name, &[("jwks", jwks)]).await;
        let ada = server.with_token(&pair.sign(&claims_with("sub", json!(name))));
        ada.create(sku_id, 10).await;
        assert_eq!(newest_actor(&ada, sku_id).await, format!("user:{name}"));
        let other = Pair::new(algorithm, "a").await;
        assert_eq!(shown(&server, &other.sign(&claims())).await, refused(), "{name}");
    }
    let server = start_with_jwts(&database, "HS256", &[("jwt_secret", SECRET)]).await;
    let ada = server.with_token(&hs256(&claims(), SECRET.as_bytes()));
    ada.create(4, 10).await;
    assert_eq!(newest_actor(&ada, 4).await, "user:ada");
    assert_eq!(shown(&server, &hs256(&claims(), b"another secret")).await, refused());
    database.audit().await;
}

/// Who takes the public key for a secret lets everybody sign, for everybody has it.
async fn confused(pair: &Pair) -> Vec<(String, String)> {
    let public_pem = openssl(&["pkey", "-pubout"], &pair.private_pem).await;
    let public_der = openssl(&["pkey", "-pubout", "-outform", "DER"], &pair.private_pem).await;
    let modulus = pair.jwk()["n"].as_str().unwrap().to_owned();
    let secrets = [
        ("the PEM", public_pem.clone()),
        ("the PEM without its last line break", public_pem.trim_ascii_end().to_vec()),
        ("the DER", public_der),
        ("the modulus", modulus.into_bytes()),
        ("nothing", Vec::new()),
    ];
    let tokens = secrets.into_iter().flat_map(|(what, secret)| {
        [None, Some(pair.kid.to_owned())].map(|kid| {
            let header = Header { kid, ..Header::new(Algorithm::HS256) };
            let token = encode(&header, &claims(), &EncodingKey::from_secret(&secret)).unwrap();
            (format!("HS256 with {what}"), token)
        })
    });
    tokens.collect()
}

#[tokio::test]
async fn what_is_not_signed_and_claimed_as_it_must_be_is_refused_in_one_and_the_same_way() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let pair = Pair::new(Algorithm::RS256, "a").await;
    let keys = file(&set(&[&pair]));
    let server =
        start_with_jwts(&database, "RS256", &[("jwks", keys.path().to_str().unwrap())]).await;
    let good = pair.sign(&claims());
    assert_eq!(shown(&server, &good).await, let_in());

    let [header, _payload, signature] = good.split('.').collect::<Vec<_>>()[..] else {
        panic!("{good}")
    };
    let eve = part(&claims_with("sub", json!("eve")));
    let none = part(&json!({ "alg": "none", "typ": "JWT", "kid": "a" }));
    let mut tokens = confused(&pair).await;
    tokens.extend(
        [
            ("another payload", format!("{header}.{eve}.{signature}")),
            ("no signature", format!("{header}.{eve}.")),
            ("alg none", format!("{none}.{eve}.")),
            ("alg none with a signature", format!("{none}.{eve}.{signature}")),
            ("RS384", pair.sign_as(Algorithm::RS384, &claims())),
            ("PS256", pair.sign_as(Algorithm::PS256, &claims())),
            ("another key of this name", Pair::new(Algorithm::RS256, "a").await.sign(&claims())),
            ("another issuer", pair.sign(&claims_with("iss", json!("https://evil.example")))),
            ("another audience", pair.sign(&claims_with("aud", json!("other")))),
            ("no merchant that there is", pair.sign(&claims_with("merchant_id", json!("x")))),
            ("a subject that cannot be kept", pair.sign(&claims_with("sub", json!("a\u{0}")))),
            ("no JWT", "x".to_owned()),
            ("an API key", "sfk_abcdefgh_x".to_owned()),
            ("too much", format!("{good}{}", "A".repeat(8_192))),
        ]
        .map(|(why, token)| (why.to_owned(), token)),
    );
    for claim in ["iss", "aud", "sub", "exp", "merchant_id"] {
        tokens.push((format!("without {claim}"), pair.sign(&claims_without(claim))));
    }
    for (why, token) in &tokens {
        let (status, message) = told(&server, Some(&format!("Bearer {token}"))).await;
        assert_eq!(status, (401, Some("invalid_token".to_owned())), "{why}");
        assert_eq!(message, "the token is not valid for this server", "{why}");
    }
    // What went before changes nothing for those who are good.
    assert_eq!(shown(&server, &good).await, let_in());
    let text = server.with_token(&good).metrics().await;
    let counted = metric(&text, "stockflow_auth_refused_total{cause=\"invalid\"}");
    assert_eq!(counted, u64::try_from(tokens.len()).unwrap());
}

/// How a header is answered: the status, the error in the challenge, and the message.
async fn told(server: &TestServer, authorization: Option<&str>) -> ((u16, Option<String>), String) {
    let mut request = reqwest::Client::new()
        .post(format!("{}/graphql", server.url))
        .json(&json!({ "query": "{ __typename }" }));
    if let Some(authorization) = authorization {
        request = request.header(AUTHORIZATION, authorization);
    }
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let challenge = response.headers().get(WWW_AUTHENTICATE).expect("a challenge");
    let challenge = challenge.to_str().unwrap().strip_prefix("Bearer realm=\"stockflow\"").unwrap();
    let error = challenge.strip_prefix(", error=\"").map(|it| it.trim_end_matches('"').to_owned());
    let answer = Answer(response.json().await.unwrap());
    assert_eq!(answer.at("/errors/0/extensions/code"), "UNAUTHENTICATED");
    assert_eq!(answer.at("/errors/0/extensions/retryable"), false);
    ((status, error), answer.at("/errors/0/message").as_str().unwrap().to_owned())
}

#[tokio::test]
async fn whoever_can_mend_it_is_told_what_is_wrong() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let server = start_with_jwts(&database, "HS256", &[("jwt_secret", SECRET)]).await;
    let now = chrono::Utc::now().timestamp();
    let bearer = |name, value| {
        Some(format!("Bearer {}", hs256(&claims_with(name, value), SECRET.as_bytes())))
    };
    let invalid = Some("invalid_token".to_owned());
    let malformed = Some("invalid_request".to_owned());
    for (header, error, said) in [
        (None, None, "say who you are"),
        (Some("Basic YTpi".to_owned()), malformed.clone(), "as Bearer TOKEN"),
        (Some("Bearer".to_owned()), malformed.clone(), "as Bearer TOKEN"),
        (bearer("exp", json!(now - 10)), invalid.clone(), "has expired"),
        (bearer("nbf", json!(now + 1_000)), invalid.clone(), "not valid yet"),
    ] {
        let (status, message) = told(&server, header.as_deref()).await;
        assert_eq!(status, (401, error));
        assert!(message.contains(said), "{message}");
    }
    // Clocks may be apart a little.
    let late = hs256(&claims_with("exp", json!(now - 1)), SECRET.as_bytes());
    let early = hs256(&claims_with("nbf", json!(now + 2)), SECRET.as_bytes());
    let lenient =
        start_with_jwts(&database, "HS256", &[("jwt_secret", SECRET), ("jwt_leeway_ms", "300000")])
            .await;
    assert_eq!(shown(&lenient, &late).await, let_in());
    assert_eq!(shown(&lenient, &early).await, let_in());

    let twice = reqwest::Client::new()
        .post(format!("{}/graphql", server.url))
        .header(AUTHORIZATION, format!("Bearer {early}"))
        .header(AUTHORIZATION, format!("Bearer {early}"))
        .json(&json!({ "query": "{ __typename }" }));
    assert_eq!(twice.send().await.unwrap().status(), 401);
    // A body is not read for who is not known, whatever it is.
    let nonsense = reqwest::Client::new().post(format!("{}/graphql", server.url)).body("nonsense");
    assert_eq!(nonsense.send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn claims_may_have_other_names_and_every_token_may_be_for_all_merchants() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let settings = [
        ("jwt_secret", SECRET),
        ("jwt_merchant_claim", "org"),
        ("jwt_scopes_claim", "permissions"),
    ];
    let server = start_with_jwts(&database, "HS256", &settings).await;
    let token = |claims: &Value| hs256(claims, SECRET.as_bytes());
    assert_eq!(shown(&server, &token(&claims_with("org", json!(7)))).await, let_in());
    assert_eq!(shown(&server, &token(&claims())).await, refused());
    // Empty in a file, for an empty variable is none.
    let config = file("[auth]\njwt_merchant_claim = ''\n");
    let jwt = [
        ("jwt_algorithm", "HS256"),
        ("jwt_secret", SECRET),
        ("jwt_issuer", ISSUER),
        ("jwt_audience", AUDIENCE),
    ];
    let variables = variables(&jwt);
    let variables: Vec<_> = variables.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let arguments = ["--config", config.path().to_str().unwrap()];
    let server = TestServer::start_with(&database.url, &arguments, &variables).await;
    assert_eq!(shown(&server, &token(&claims_without("merchant_id"))).await, let_in());
}

#[tokio::test]
async fn a_token_has_8_kib_at_the_most() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let server = start_with_jwts(&database, "HS256", &[("jwt_secret", SECRET)]).await;
    let filled =
        |chars: usize| hs256(&claims_with("groups", json!("g".repeat(chars))), SECRET.as_bytes());
    // Three characters are four of the token.
    let longest = (5_000..7_000).take_while(|chars| filled(*chars).len() <= 8_192).last().unwrap();
    assert!(filled(longest).len() > 8_190);
    assert_eq!(shown(&server, &filled(longest)).await, let_in());
    assert_eq!(shown(&server, &filled(longest + 1)).await, refused());
}

/// The log tells which of the many things it was, under the request's id; and no token, by whatever
/// protocol it came, at the most talkative level of every part.
#[tokio::test]
async fn the_log_tells_why_and_never_the_token() {
    let database = TestDatabase::fresh(Kind::Sqlite).await.unwrap();
    let key = create(&database, "shop", None, &ALL).await;
    let settings = [
        ("jwt_algorithm", "HS256"),
        ("jwt_secret", SECRET),
        ("jwt_issuer", ISSUER),
        ("jwt_audience", AUDIENCE),
        ("api_keys", "true"),
    ];
    let log = file("");
    let variables = variables(&settings);
    let mut environment: Vec<(&str, &str)> =
        variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    environment.push(("STOCKFLOW_LOG__FILTER", "trace"));
    let server =
        TestServer::start_logged(log.reopen().unwrap().into(), &database, &environment).await;
    let good = hs256(&claims(), SECRET.as_bytes());
    let bad = hs256(&claims(), b"another secret than the server's own one");
    let forged = format!("{}x", &key[..key.len() - 1]);
    let http2 = reqwest::Client::builder().http2_prior_knowledge().build().unwrap();
    for (client, version) in [(reqwest::Client::new(), Version::HTTP_11), (http2, Version::HTTP_2)]
    {
        for (token, status) in [(&good, 200), (&bad, 401), (&key, 200), (&forged, 401)] {
            // Twice, for what HTTP/2 has seen it may name by a number from then on.
            for _time in 0..2 {
                let answer = client
                    .post(format!("{}/graphql", server.url))
                    // Not marked as what is not to be shown, as many clients do not.
                    .header(AUTHORIZATION, format!("Bearer {token}"))
                    .header("x-request-id", "found-again")
                    .json(&json!({ "query": "{ __typename }" }))
                    .send()
                    .await
                    .unwrap();
                assert_eq!((answer.status().as_u16(), answer.version()), (status, version));
            }
        }
    }
    // What waits to be written is written when it stops.
    server.terminate();
    assert_eq!(server.exit_code().await, Some(0));
    let told = std::fs::read_to_string(log.path()).unwrap();
    let line = told.lines().find(|line| line.contains("has a wrong signature")).expect("a reason");
    assert!(line.contains("found-again"), "{line}");
    assert!(told.contains("h2::"), "the library of HTTP/2 is silent");
    let parts = |token: &str, sign| token.rsplit(sign).next().unwrap().to_owned();
    let secret = key.split('_').nth(2).unwrap().to_owned();
    for secret in
        [parts(&good, '.'), parts(&bad, '.'), secret, parts(&forged, '_'), SECRET.to_owned()]
    {
        let line = told.lines().find(|line| line.contains(&secret));
        assert_eq!(line, None, "the log tells a secret");
    }
}
