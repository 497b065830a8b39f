//! Who may call, and whether the public keys are there that JWTs are checked with.

use super::Scene;
use super::finding::Finding;
use crate::auth::{self, JwtSettings};
use crate::cli::{Failure, authentication};

pub(super) async fn check(scene: &Scene) -> Vec<Finding> {
    let settings = &scene.settings;
    if !settings.auth.is_configured() {
        return vec![open(settings.auth.insecure_no_auth)];
    }
    let mut findings = Vec::new();
    if let Some(jwt) = authentication::auth_settings(&settings.auth).jwt {
        findings.push(jwts(&jwt).await);
    }
    if settings.auth.api_keys {
        findings.push(Finding::ok("API keys are taken"));
    }
    findings
}

fn open(insecure: bool) -> Finding {
    if insecure {
        return Finding::warn(
            "nobody is authenticated: whoever reaches the server may do everything",
            "see that something in front of the server decides who may call, or say who may by \
             auth.jwt_algorithm or auth.api_keys",
        );
    }
    Finding::ok("nobody is authenticated, and the server listens to this machine alone")
}

async fn jwts(settings: &JwtSettings) -> Finding {
    match auth::count_keys(settings).await {
        Ok(None) => Finding::ok("JWTs are taken that are signed with the secret"),
        Ok(Some(keys)) => Finding::ok(format!("JWTs are taken that are signed by {keys} keys")),
        // The server starts, and asks again. What is wrong with a file the settings have told.
        Err(error) => Finding::warn(
            Failure::chain("auth.jwks: no JWT can be taken now", &error).to_string(),
            "see whether the issuer answers there with keys for auth.jwt_algorithm; the server \
             answers whoever shows a JWT with UNAVAILABLE until it does",
        ),
    }
}
