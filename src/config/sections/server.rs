//! Section `server`: how requests come in.

use std::time::Duration;

use crate::config::reader::Reader;

/// How requests come in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerSection {
    /// Where to listen, as `HOST:PORT`.
    pub listen: String,
    /// The largest body that is read.
    pub body_bytes_max: usize,
    /// How long requests under way may take to finish when the server stops.
    pub shutdown_timeout: Duration,
}

impl ServerSection {
    pub(in crate::config) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let listen =
            reader.text("server.listen", is_address, "must be HOST:PORT, as 127.0.0.1:8000");
        let body_bytes_max = reader.number("server.body_bytes_max", 1_024..=67_108_864);
        let shutdown_timeout = reader.duration("server.shutdown_timeout_ms", 0..=600_000);
        Some(Self {
            listen: listen?,
            body_bytes_max: body_bytes_max?,
            shutdown_timeout: shutdown_timeout?,
        })
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
    use super::is_address;

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
}
