//! Section `server`: how requests come in.

use std::path::PathBuf;
use std::time::Duration;

use crate::config::reader::Reader;

/// Stands for any origin.
pub const ANY_ORIGIN: &str = "*";

/// How requests come in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerSection {
    /// Where to listen, as `HOST:PORT`.
    pub listen: String,
    /// Where to answer for operation alone, as `HOST:PORT`; `None` for nowhere.
    pub operations_listen: Option<String>,
    /// The files to prove with who the server is; `None` for plain HTTP.
    pub tls: Option<TlsFiles>,
    /// The largest body that is read.
    pub body_bytes_max: usize,
    /// How long the server goes on as before once it says that it will stop.
    pub drain_delay: Duration,
    /// How long requests under way may take to finish when the server stops.
    pub shutdown_timeout: Duration,
    /// The origins whose pages may call, or [`ANY_ORIGIN`] alone.
    pub cors_origins: Vec<String>,
    /// The names by which a server is called that guards against foreign names.
    pub hosts: Vec<String>,
    /// Whether there is a page at `/`.
    pub graphiql: bool,
}

/// A certificate and its key, both as PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The certificate, then those that lead to one that clients trust.
    pub certificate: PathBuf,
    /// The certificate's private key.
    pub key: PathBuf,
}

impl ServerSection {
    pub(in crate::config) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let listen =
            reader.text("server.listen", is_address, "must be HOST:PORT, as 127.0.0.1:8000");
        let operations_listen = reader.text(
            "server.operations_listen",
            |text| text.is_empty() || is_address(text),
            "must be HOST:PORT, as 127.0.0.1:9000, or nothing",
        );
        let tls = tls(reader);
        let body_bytes_max = reader.number("server.body_bytes_max", 1_024..=67_108_864);
        let drain_delay = reader.duration("server.drain_delay_ms", 0..=600_000);
        let shutdown_timeout = reader.duration("server.shutdown_timeout_ms", 0..=600_000);
        let cors_origins = reader.list(
            "server.cors_origins",
            |origin| origin == ANY_ORIGIN || is_origin(origin),
            "must be origins as browsers spell them, as https://shop.example, or * alone",
        );
        if cors_origins.as_ref().is_some_and(|list| list.len() > 1 && list.iter().any(is_any)) {
            reader.fault("server.cors_origins", "must have * alone, or not at all".to_owned());
        }
        let hosts =
            reader.list("server.hosts", is_host, "must be names or addresses, without ports");
        let graphiql = reader.get("server.graphiql");
        Some(Self {
            listen: listen?,
            operations_listen: operations_listen.map(|text| (!text.is_empty()).then_some(text))?,
            tls,
            body_bytes_max: body_bytes_max?,
            drain_delay: drain_delay?,
            shutdown_timeout: shutdown_timeout?,
            cors_origins: cors_origins?,
            hosts: hosts?,
            graphiql: graphiql?,
        })
    }
}

/// The files for TLS, if there are any: both or none.
fn tls(reader: &mut Reader<'_>) -> Option<TlsFiles> {
    const KEYS: [&str; 2] = ["server.tls_certificate_file", "server.tls_key_file"];
    let [certificate, key] = KEYS.map(|key| reader.text(key, |_| true, ""));
    let (certificate, key) = (certificate?, key?);
    match (certificate.is_empty(), key.is_empty()) {
        (true, true) => None,
        (false, false) => Some(TlsFiles { certificate: certificate.into(), key: key.into() }),
        (one_is_missing, _) => {
            let [certificate, key] = KEYS;
            let (missing, given) =
                if one_is_missing { (certificate, key) } else { (key, certificate) };
            reader.fault(missing, format!("must be given, for {given} is"));
            None
        }
    }
}

fn is_any(origin: &String) -> bool {
    origin == ANY_ORIGIN
}

/// A scheme and a host, perhaps a port, as browsers write them: nothing behind it, no capitals.
fn is_origin(text: &str) -> bool {
    let authority = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    authority.is_some_and(|authority| {
        let fits = |sign: char| sign.is_ascii_graphic() && !sign.is_ascii_uppercase();
        !authority.is_empty() && authority.chars().all(fits) && !authority.contains(['/', '@', '*'])
    })
}

/// A name or an address without a port.
fn is_host(text: &str) -> bool {
    let bare = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    match bare {
        Some(address) => address.contains(':'),
        None => !text.is_empty() && !text.contains([':', '/', ' ', '*']),
    }
}

/// A name or an address, a colon and a port. Whether the machine has it, the system tells.
fn is_address(text: &str) -> bool {
    text.rsplit_once(':').is_some_and(|(host, port)| {
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let host_fits = match bare {
            Some(address) => address.contains(':'),
            None => !host.is_empty() && !host.contains([':', '/', ' ']),
        };
        host_fits && port.parse::<u16>().is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::{is_address, is_host, is_origin};
    use crate::config::{ServerSection, Sources, load};

    /// What the section is with some settings, or the settings at fault.
    fn server(settings: &[(&str, &str)]) -> Result<ServerSection, Vec<String>> {
        let variable =
            |(key, value): &(&str, &str)| (format!("STOCKFLOW_SERVER__{key}"), (*value).to_owned());
        let environment = settings.iter().map(variable).collect();
        let loaded = load(&Sources { environment, ..Sources::default() });
        loaded
            .map(|settings| settings.server)
            .map_err(|invalid| invalid.0.into_iter().map(|fault| fault.subject).collect())
    }

    #[test]
    fn a_certificate_has_a_key_and_a_key_a_certificate() {
        assert_eq!(server(&[]).unwrap().tls, None);
        let (certificate, key) = (("TLS_CERTIFICATE_FILE", "c.pem"), ("TLS_KEY_FILE", "k.pem"));
        let tls = server(&[certificate, key]).unwrap().tls.unwrap();
        assert_eq!((tls.certificate.to_str(), tls.key.to_str()), (Some("c.pem"), Some("k.pem")));
        assert_eq!(server(&[certificate]).unwrap_err(), ["server.tls_key_file"]);
        assert_eq!(server(&[key]).unwrap_err(), ["server.tls_certificate_file"]);
    }

    #[test]
    fn what_else_the_section_takes_and_refuses() {
        let defaults = server(&[]).unwrap();
        assert_eq!(defaults.operations_listen, None);
        assert_eq!((defaults.cors_origins.len(), defaults.hosts.len()), (0, 0));
        assert!(defaults.graphiql);
        let other = server(&[("OPERATIONS_LISTEN", "h:1"), ("CORS_ORIGINS", "*")]).unwrap();
        assert_eq!(other.operations_listen.as_deref(), Some("h:1"));
        assert_eq!(other.cors_origins, ["*"]);
        for (key, value) in [
            ("OPERATIONS_LISTEN", "nowhere"),
            ("CORS_ORIGINS", "*, https://shop.example"),
            ("CORS_ORIGINS", "shop.example"),
            ("HOSTS", "shop.example:80"),
            ("GRAPHIQL", "perhaps"),
            ("DRAIN_DELAY_MS", "-1"),
            ("DRAIN_DELAY_MS", "600001"),
        ] {
            let expected = format!("server.{}", key.to_lowercase());
            assert_eq!(server(&[(key, value)]).unwrap_err(), [expected], "{key} = {value}");
        }
    }

    #[test]
    fn an_address_has_a_host_and_a_port() {
        for address in ["127.0.0.1:8000", "localhost:0", "[::1]:8000", "0.0.0.0:65535"] {
            assert!(is_address(address), "{address}");
        }
        for other in ["", "8000", ":8000", "localhost", "a:b", "::1:8000", "h:65536", "http://h:1"]
        {
            assert!(!is_address(other), "{other}");
        }
    }
    #[test]
    fn an_origin_is_what_browsers_send() {
        for origin in ["http://localhost:3000", "https://shop.example", "http://[::1]:80"] {
            assert!(is_origin(origin), "{origin}");
        }
        for other in [
            "",
            "shop.example",
            "https://",
            "https://shop.example/",
            "https://Shop.example",
            "https://*.example",
            "https://a b",
            "null",
            "ftp://a",
        ] {
            assert!(!is_origin(other), "{other}");
        }
    }

    #[test]
    fn a_host_has_no_port() {
        for host in ["shop.example", "10.0.0.1", "[::1]"] {
            assert!(is_host(host), "{host}");
        }
        for other in ["", "shop.example:80", "::1", "http://a", "a b", "*"] {
            assert!(!is_host(other), "{other}");
        }
    }
}
