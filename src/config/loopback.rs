//! What is of this machine alone. There is one rule, so that no two parts of the server differ on
//! whom an address lets in.

use std::net::IpAddr;

/// Whether only this machine reaches an address. One of IPv4 in IPv6's clothes (`::ffff:127.0.0.1`)
/// is what it is without them.
pub fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

/// The address that a host is, as URLs and settings spell it: those of IPv6 in brackets. `None` for a
/// name.
pub fn host_address(host: &str) -> Option<IpAddr> {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    bare.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_of_loopback_however_it_is_spelled() {
        for own in ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "[::ffff:127.0.0.1]"] {
            assert!(host_address(own).is_some_and(is_loopback), "{own}");
        }
        for other in ["0.0.0.0", "[::]", "192.0.2.1", "[2001:db8::1]", "[::ffff:0.0.0.0]"] {
            assert!(host_address(other).is_some_and(|address| !is_loopback(address)), "{other}");
        }
        assert_eq!(host_address("localhost"), None);
    }
}
