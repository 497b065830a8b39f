//! Section `auth`: who may call.

use std::time::Duration;

use super::jwt::JwtSection;
use crate::config::reader::Reader;

/// Who may call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthSection {
    /// How JWTs are checked; `None` if they are not taken.
    pub jwt: Option<JwtSection>,
    /// Whether API keys are taken.
    pub api_keys: bool,
    /// How long a key holds that the database has confirmed.
    pub api_key_cache: Duration,
    /// Whether the server may listen to others though it authenticates nobody.
    pub insecure_no_auth: bool,
}

impl AuthSection {
    /// Whether callers must say who they are.
    pub fn is_configured(&self) -> bool {
        self.jwt.is_some() || self.api_keys
    }

    pub(in crate::config) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let jwt = JwtSection::read(reader);
        let api_keys = reader.get("auth.api_keys");
        let api_key_cache = reader.duration("auth.api_key_cache_ms", 0..=3_600_000);
        let insecure_no_auth = reader.get("auth.insecure_no_auth");
        let section = Self {
            jwt: jwt?,
            api_keys: api_keys?,
            api_key_cache: api_key_cache?,
            insecure_no_auth: insecure_no_auth?,
        };
        if section.insecure_no_auth && section.is_configured() {
            // It would hold without a word once the other is taken away.
            let message = "says that nobody is authenticated, but auth.jwt_algorithm or \
                           auth.api_keys says otherwise; take one of them back";
            reader.fault("auth.insecure_no_auth", message.to_owned());
        }
        Some(section)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use crate::config::{JwksSource, JwtAlgorithm, JwtKeys, Settings, Sources, load};

    const SECRET: &str = "0123456789abcdef0123456789abcdef";

    /// The settings that these variables of section `auth` make, or the faults.
    fn loaded(pairs: &[(&str, &str)]) -> Result<Settings, String> {
        let name = |key: &str| format!("STOCKFLOW_AUTH__{}", key.to_uppercase());
        let environment = pairs.iter().map(|(key, value)| (name(key), (*value).to_owned()));
        let sources = Sources { environment: environment.collect(), ..Sources::default() };
        load(&sources).map_err(|invalid| invalid.to_string())
    }

    fn jwt(pairs: &[(&str, &str)]) -> Result<JwtSection, String> {
        let both = [("jwt_issuer", "https://i"), ("jwt_audience", "a")];
        loaded(&[&both, pairs].concat()).map(|settings| settings.auth.jwt.unwrap())
    }

    #[test]
    fn nobody_is_authenticated_unless_that_is_asked_for() {
        let section = loaded(&[]).unwrap().auth;
        assert!(!section.is_configured() && !section.insecure_no_auth);
        assert_eq!(section.api_key_cache, Duration::from_secs(5));
        assert!(loaded(&[("api_keys", "true")]).unwrap().auth.is_configured());
    }

    #[test]
    fn a_secret_is_long_and_shown_nowhere() {
        let hs256 = ("jwt_algorithm", "HS256");
        let section = jwt(&[hs256, ("jwt_secret", SECRET)]).unwrap();
        assert_eq!(section.algorithm, JwtAlgorithm::Hs256);
        assert_eq!(section.merchant_claim.as_deref(), Some("merchant_id"));
        assert!(!format!("{section:?}").contains(SECRET));
        let mut file = tempfile::NamedTempFile::new().unwrap();
        writeln!(file, "{SECRET}").unwrap();
        let path = file.path().to_str().unwrap();
        assert_eq!(jwt(&[hs256, ("jwt_secret_file", path)]).unwrap().keys, section.keys);

        let short = &SECRET[1..];
        for (pairs, told) in [
            (vec![("jwt_secret", short)], "auth.jwt_secret: must have 32 bytes or more, has 31"),
            (vec![], "auth.jwt_secret: must be set"),
            (vec![("jwt_secret", SECRET), ("jwt_secret_file", path)], "together"),
            (vec![("jwt_secret_file", "/no/such")], "auth.jwt_secret_file: cannot read /no/such"),
            (vec![("jwt_secret", SECRET), ("jwks", "keys.json")], "auth.jwks: is of no use"),
        ] {
            let fault = jwt(&[&[hs256][..], &pairs].concat()).unwrap_err();
            assert!(fault.contains(told) && !fault.contains(short), "{fault}");
        }
    }

    #[test]
    fn a_line_of_the_file_that_cannot_be_read_is_not_repeated() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        write!(file, "[auth]\njwt_secret = \"{SECRET}\n").unwrap();
        let path = Some(file.path().to_owned());
        let fault = load(&Sources { file: path, ..Sources::default() }).unwrap_err().to_string();
        assert!(fault.contains("line 2") && !fault.contains(&SECRET[..8]), "{fault}");
    }

    #[test]
    fn public_keys_are_in_a_file_or_come_over_a_line_that_nobody_taps() {
        let of = |jwks: &str| jwt(&[("jwt_algorithm", "RS256"), ("jwks", jwks)]);
        let source = |jwks: &str| match of(jwks).unwrap().keys {
            JwtKeys::Jwks { source, .. } => source,
            JwtKeys::Secret(_) => panic!("a secret"),
        };
        assert_eq!(source("keys.json"), JwksSource::File("keys.json".into()));
        for url in [
            "https://login.example/keys?a=b",
            "http://localhost:1/keys",
            "http://127.0.0.9/keys",
            "http://[::1]:8080/keys",
        ] {
            assert_eq!(source(url), JwksSource::Url(url.to_owned()));
        }
        for (url, told) in [
            ("", "must be a file or a URL"),
            ("http://login.example/keys", "must begin with https://"),
            ("http://localhost.example/keys", "must begin with https://"),
            ("file:///keys", "must begin with https://"),
            ("https://clerk:s3cret@login.example/keys", "must not have a user"),
            ("https://", "is no URL"),
        ] {
            let fault = of(url).unwrap_err();
            assert!(fault.contains("auth.jwks: ") && fault.contains(told), "{fault}");
            assert!(!fault.contains("s3cret"), "{fault}");
        }
    }

    #[test]
    fn settings_that_do_not_go_together_are_told_with_their_keys() {
        let rs256 = ("jwt_algorithm", "RS256");
        for (pairs, told) in [
            (vec![("jwt_issuer", "i")], "auth.jwt_algorithm: is empty, though auth.jwt_issuer"),
            (vec![("jwks", "k")], "auth.jwt_algorithm: is empty, though auth.jwks"),
            (vec![("jwt_algorithm", "none")], "auth.jwt_algorithm: must be HS256"),
            (vec![("jwt_algorithm", "rs256")], "auth.jwt_algorithm: must be HS256"),
            (vec![rs256, ("jwks", "k")], "auth.jwt_issuer: must be what tokens say in iss"),
            (vec![rs256, ("jwks", "k")], "auth.jwt_audience: must be what tokens say in aud"),
            (vec![rs256, ("jwt_secret", SECRET)], "auth.jwt_secret: is for HS256 alone"),
            (vec![("jwt_leeway_ms", "300001")], "auth.jwt_leeway_ms: must be from 0 to 300000"),
            (vec![("jwks_refresh_ms", "99")], "auth.jwks_refresh_ms: must be from 100"),
            (vec![("jwks_refetch_ms_min", "99")], "auth.jwks_refetch_ms_min: must be from 100"),
            (vec![("api_key_cache_ms", "3600001")], "auth.api_key_cache_ms: must be from 0"),
            (
                vec![("api_keys", "true"), ("insecure_no_auth", "true")],
                "auth.insecure_no_auth: says that nobody is authenticated",
            ),
        ] {
            let fault = loaded(&pairs).unwrap_err();
            assert!(fault.contains(told), "{told} in {fault}");
        }
    }
}
