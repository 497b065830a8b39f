//! What a token must claim, and what of it makes a caller.
//!
//! What is missing or cannot be read is refused, never assumed: a token that should name a merchant
//! and does not is for nobody, not for everybody.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

use crate::auth::{Admission, Caller, Invalid, NotAuthenticated, Scopes};
use crate::domain::{MerchantId, Visibility};

/// What the merchant's claim says where a token is for all of them.
const ALL_MERCHANTS: &str = "*";

/// What tokens must claim.
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) issuer: String,
    pub(super) audience: String,
    pub(super) leeway: Duration,
    pub(super) scopes_claim: String,
    pub(super) merchant_claim: Option<String>,
}

/// Who was admitted, and when they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Admitted {
    caller: Caller,
    expires_at_ms: i64,
    not_before_ms: Option<i64>,
}

impl Rules {
    /// Whom the claims of a token that is signed name, whatever the time is.
    ///
    /// # Errors
    ///
    /// [`Invalid`] when something is missing or wrong.
    pub(super) fn admit(&self, claims: &Map<String, Value>) -> Result<Admitted, Invalid> {
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        if text("iss") != Some(&self.issuer) {
            return Err(Invalid::Issuer);
        }
        let audience = Value::String(self.audience.clone());
        match claims.get("aud") {
            Some(one) if *one == audience => {}
            Some(Value::Array(several)) if several.contains(&audience) => {}
            _ => return Err(Invalid::Audience),
        }
        let expires_at_ms = claims.get("exp").and_then(millis).ok_or(Invalid::Time)?;
        let not_before_ms =
            claims.get("nbf").map(|nbf| millis(nbf).ok_or(Invalid::Time)).transpose()?;
        let subject = text("sub").ok_or(Invalid::Subject)?;
        let (visibility, scopes) = (self.visibility(claims)?, self.scopes(claims)?);
        let caller =
            Caller::user(subject, visibility, scopes).map_err(|_invalid_name| Invalid::Subject)?;
        Ok(Admitted { caller, expires_at_ms, not_before_ms })
    }

    /// Who was admitted, if it is their time, and for how long it is.
    ///
    /// # Errors
    ///
    /// [`NotAuthenticated`] when it is over, or has not come.
    pub(super) fn at(
        &self,
        admitted: &Admitted,
        now: DateTime<Utc>,
    ) -> Result<Admission, NotAuthenticated> {
        let now_ms = now.timestamp_millis();
        let leeway_ms = i64::try_from(self.leeway.as_millis()).unwrap_or(i64::MAX);
        let left_ms = admitted.expires_at_ms.saturating_add(leeway_ms).saturating_sub(now_ms);
        let left_ms = u64::try_from(left_ms).ok().filter(|left_ms| *left_ms > 0);
        let left_ms = left_ms.ok_or(NotAuthenticated::Expired)?;
        if admitted.not_before_ms.is_some_and(|from| now_ms.saturating_add(leeway_ms) < from) {
            return Err(NotAuthenticated::NotYetValid);
        }
        let holds_for = Some(Duration::from_millis(left_ms));
        Ok(Admission { caller: admitted.caller.clone(), holds_for })
    }

    fn visibility(&self, claims: &Map<String, Value>) -> Result<Visibility, Invalid> {
        let Some(claim) = &self.merchant_claim else { return Ok(Visibility::All) };
        let merchant_id = match claims.get(claim) {
            Some(Value::String(text)) if text == ALL_MERCHANTS => return Ok(Visibility::All),
            Some(Value::String(text)) => text.parse().ok(),
            Some(Value::Number(number)) => number.as_i64().filter(|id| *id > 0).map(MerchantId),
            _ => None,
        };
        merchant_id.map(Visibility::Only).ok_or(Invalid::Merchant)
    }

    /// A token without scopes is good, and may do nothing.
    fn scopes(&self, claims: &Map<String, Value>) -> Result<Scopes, Invalid> {
        let known = |name: &str| name.parse().ok();
        match claims.get(&self.scopes_claim) {
            None | Some(Value::Null) => Ok(Scopes::default()),
            Some(Value::String(text)) => Ok(text.split(' ').filter_map(known).collect()),
            Some(Value::Array(list)) => {
                Ok(list.iter().filter_map(Value::as_str).filter_map(known).collect())
            }
            Some(_) => Err(Invalid::Scopes),
        }
    }
}

/// Seconds since 1970, perhaps with a fraction (RFC 7519, section 2), in milliseconds.
fn millis(value: &Value) -> Option<i64> {
    if let Some(seconds) = value.as_i64() {
        return seconds.checked_mul(1_000);
    }
    let seconds = Duration::try_from_secs_f64(value.as_f64()?).ok()?;
    i64::try_from(seconds.as_millis()).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::auth::Scope;

    fn rules() -> Rules {
        Rules {
            issuer: "https://login.example".to_owned(),
            audience: "stockflow".to_owned(),
            leeway: Duration::from_secs(5),
            scopes_claim: "scope".to_owned(),
            merchant_claim: Some("merchant_id".to_owned()),
        }
    }

    fn good() -> Value {
        json!({
            "iss": "https://login.example", "aud": "stockflow", "sub": "ada", "exp": 2_000,
            "merchant_id": 7, "scope": "stock:read openid stock:write",
        })
    }

    fn admit(rules: &Rules, claim: &str, value: Value) -> Result<Admitted, Invalid> {
        let mut claims = good();
        claims[claim] = value;
        rules.admit(claims.as_object().unwrap())
    }

    fn without(claim: &str) -> Result<Admitted, Invalid> {
        let mut claims = good();
        claims.as_object_mut().unwrap().remove(claim);
        rules().admit(claims.as_object().unwrap())
    }

    #[test]
    fn claims_make_a_caller() {
        let caller = rules().admit(good().as_object().unwrap()).unwrap().caller;
        let scopes = [Scope::StockRead, Scope::StockWrite].into_iter().collect();
        let merchant = Visibility::Only(MerchantId(7));
        assert_eq!(caller, Caller::user("ada", merchant, scopes).unwrap());
    }

    #[test]
    fn what_is_missing_is_refused() {
        for (claim, refused) in [
            ("iss", Invalid::Issuer),
            ("aud", Invalid::Audience),
            ("sub", Invalid::Subject),
            ("exp", Invalid::Time),
            ("merchant_id", Invalid::Merchant),
        ] {
            assert_eq!(without(claim), Err(refused), "{claim}");
            assert_eq!(admit(&rules(), claim, Value::Null), Err(refused), "{claim}");
        }
        assert!(!without("scope").unwrap().caller.has(Scope::StockRead));
    }

    #[test]
    fn what_is_wrong_is_refused() {
        for (claim, value, refused) in [
            ("iss", json!("https://login.example/"), Invalid::Issuer),
            ("iss", json!(["https://login.example"]), Invalid::Issuer),
            ("aud", json!("Stockflow"), Invalid::Audience),
            ("aud", json!(["other"]), Invalid::Audience),
            ("aud", json!([]), Invalid::Audience),
            ("sub", json!(7), Invalid::Subject),
            ("sub", json!(""), Invalid::Subject),
            ("sub", json!("x".repeat(101)), Invalid::Subject),
            ("sub", json!("a\nb"), Invalid::Subject),
            ("exp", json!("2000"), Invalid::Time),
            ("exp", json!(1e300), Invalid::Time),
            ("exp", json!(i64::MAX), Invalid::Time),
            ("nbf", json!("1"), Invalid::Time),
            ("nbf", json!(null), Invalid::Time),
            ("merchant_id", json!(0), Invalid::Merchant),
            ("merchant_id", json!(-7), Invalid::Merchant),
            ("merchant_id", json!(7.0), Invalid::Merchant),
            ("merchant_id", json!("07"), Invalid::Merchant),
            ("merchant_id", json!(""), Invalid::Merchant),
            ("merchant_id", json!("**"), Invalid::Merchant),
            ("merchant_id", json!([7]), Invalid::Merchant),
            ("merchant_id", json!(true), Invalid::Merchant),
            ("scope", json!(1), Invalid::Scopes),
            ("scope", json!({}), Invalid::Scopes),
        ] {
            assert_eq!(admit(&rules(), claim, value.clone()), Err(refused), "{claim}: {value}");
        }
    }

    #[test]
    fn what_may_be_said_in_several_ways_is_understood() {
        assert!(admit(&rules(), "aud", json!(["other", "stockflow"])).is_ok());
        for (value, visibility) in [
            (json!("7"), Visibility::Only(MerchantId(7))),
            (json!(i64::MAX), Visibility::Only(MerchantId(i64::MAX))),
            (json!("*"), Visibility::All),
        ] {
            let admitted = admit(&rules(), "merchant_id", value).unwrap();
            assert_eq!(admitted.caller.visibility(), visibility);
        }
        let admitted = admit(&rules(), "scope", json!(["audit:read", 1, "x"])).unwrap();
        assert!(admitted.caller.has(Scope::AuditRead) && !admitted.caller.has(Scope::StockRead));
        let unbound = Rules { merchant_claim: None, ..rules() };
        let admitted = admit(&unbound, "merchant_id", json!(7)).unwrap();
        assert_eq!(admitted.caller.visibility(), Visibility::All);
    }

    #[test]
    fn a_token_has_its_time_and_clocks_may_differ_a_little() {
        let at = |admitted: &Admitted, ms: i64| {
            rules().at(admitted, DateTime::from_timestamp_millis(ms).unwrap()).map(drop)
        };
        let admitted = admit(&rules(), "nbf", json!(1_000)).unwrap();
        assert_eq!(at(&admitted, 994_999), Err(NotAuthenticated::NotYetValid));
        assert_eq!(at(&admitted, 995_000), Ok(()));
        assert_eq!(at(&admitted, 2_004_999), Ok(()));
        assert_eq!(at(&admitted, 2_005_000), Err(NotAuthenticated::Expired));
        let now = DateTime::from_timestamp_millis(1_999_000).unwrap();
        let holds_for = rules().at(&admitted, now).unwrap().holds_for;
        assert_eq!(holds_for, Some(Duration::from_secs(6)), "as long as it is taken");
        let fraction = admit(&rules(), "exp", json!(2_000.25)).unwrap();
        assert_eq!(at(&fraction, 2_005_249), Ok(()));
        assert_eq!(at(&fraction, 2_005_250), Err(NotAuthenticated::Expired));
        let long_ago = admit(&rules(), "exp", json!(-1)).unwrap();
        assert_eq!(at(&long_ago, 10_000), Err(NotAuthenticated::Expired));
    }
}
