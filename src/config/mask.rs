//! What of a setting may be shown: in `config show`, in a fault, in the log.
//!
//! A name that speaks of a secret is masked without anybody having to think of it; what is no
//! secret all the same is listed. A URL, wherever it stands, is shown without its password.

/// What stands in the place of a secret.
pub(super) const MASK: &str = "***";

/// Words in a name whose value is a secret.
pub(super) const WORDS: [&str; 5] = ["secret", "password", "passphrase", "key", "token"];

/// How names end that have such a word in them and are none: of files, bounds and places.
const OPEN_ENDS: [&str; 11] = [
    "_file",
    "_files",
    "_path",
    "_max",
    "_min",
    "_ms",
    "_bytes",
    "_seconds",
    "_per_second",
    "_url",
    "_urls",
];

/// Settings whose names have such a word in them and tell no secret: whether there are keys at all.
const OPEN: [&str; 1] = ["auth.api_keys"];

/// Settings that are secrets though their names do not say so.
const SECRET: [&str; 0] = [];

/// Whether the setting `key`, as `section.name`, is a secret as a whole.
pub(super) fn is_secret(key: &str) -> bool {
    let name = key.rsplit_once('.').map_or(key, |(_section, name)| name).to_lowercase();
    let open = OPEN.contains(&key) || OPEN_ENDS.iter().any(|end| name.ends_with(end));
    SECRET.contains(&key) || (!open && WORDS.iter().any(|word| name.contains(word)))
}

/// The text as it may be shown, if it is the value of `key`.
pub(super) fn shown(key: &str, text: &str) -> String {
    if is_secret(key) && !text.is_empty() {
        return MASK.to_owned();
    }
    url_shown(text)
}

/// A URL as it may be shown: the password is replaced by `***`, and so are parameters, one of which
/// may be another spelling of it. Where it cannot be told what is the password, all is. Any other
/// text is left as it is.
pub fn url_shown(text: &str) -> String {
    let Some((scheme, rest)) = text.split_once("://") else { return without_parameters(text) };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, behind) = rest.split_at(end);
    // A file has no user, and may have any sign in its name.
    if scheme == "sqlite" {
        return without_parameters(text);
    }
    let Some((user, host)) = authority.rsplit_once('@') else {
        let port = authority.rsplit_once(':').map_or("", |(_host, port)| port);
        let is_port = port.trim_end_matches(']').chars().all(|sign| sign.is_ascii_hexdigit());
        // A sign in a password that ends the part before the host, or half a URL.
        return if behind.contains('@') || !is_port {
            format!("{scheme}://{MASK}")
        } else {
            without_parameters(text)
        };
    };
    let user = match user.split_once(':') {
        Some((name, _password)) => format!("{name}:{MASK}"),
        None => user.to_owned(),
    };
    format!("{scheme}://{user}@{host}{}", without_parameters(behind))
}

fn without_parameters(url: &str) -> String {
    match url.split_once('?') {
        Some((url, _parameters)) if url.contains('/') || url.contains(':') => {
            format!("{url}?{MASK}")
        }
        Some(("", _parameters)) => format!("?{MASK}"),
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_in_a_url_is_not_shown_however_it_is_spelled() {
        for (url, expected) in [
            ("postgres://shop:s3cr@t@db:5432/stock", "postgres://shop:***@db:5432/stock"),
            ("postgres://shop:s3cret@db/stock?a=b", "postgres://shop:***@db/stock?***"),
            ("postgres://db/stock?password=s3cret", "postgres://db/stock?***"),
            ("postgres://db:5432/stock", "postgres://db:5432/stock"),
            ("postgres://[::1]:5432/stock", "postgres://[::1]:5432/stock"),
            ("mysql://root@localhost/stock", "mysql://root@localhost/stock"),
            ("redis://:s3cret@cache:6379", "redis://:***@cache:6379"),
            ("sqlite://stock@home.db", "sqlite://stock@home.db"),
            ("sqlite:stock.db?key=s3cret", "sqlite:stock.db?***"),
            // Signs that should have been escaped.
            ("postgres://shop:s3c/ret@db/stock", "postgres://***"),
            ("postgres://shop:12?ret@db/stock", "postgres://***"),
            ("postgres://db:5432/stock?password=s3@ret", "postgres://***"),
            // One half of a list that was cut at a comma inside of a password.
            ("mysql://shop:s3cret", "mysql://***"),
            // No URL.
            ("127.0.0.1:8000", "127.0.0.1:8000"),
            ("info,redis=off", "info,redis=off"),
            ("", ""),
        ] {
            assert_eq!(url_shown(url), expected, "{url}");
        }
    }

    #[test]
    fn a_name_that_speaks_of_a_secret_is_masked() {
        for key in ["auth.jwt_secret", "auth.key", "tls.passphrase", "x.api_token", "y.keys"] {
            assert_eq!(shown(key, "s3cret"), MASK, "{key}");
            assert_eq!(shown(key, ""), "", "{key}: that nothing is set may be told");
        }
        for key in ["tls.key_file", "auth.token_age_ms_max", "log.filter", "auth.jwks_url"] {
            assert_eq!(shown(key, "plain"), "plain", "{key}");
        }
    }
}
