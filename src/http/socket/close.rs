//! Why a socket is closed: the codes of the protocol and of RFC 6455, each with what clients are told.
//!
//! A reason is at most 123 bytes of UTF-8: a close frame holds no more (RFC 6455, section 5.5), and
//! clients refuse one that does as malformed.

use std::borrow::Cow;

use crate::auth::NotAuthenticated;

/// Bytes of a reason.
const REASON_BYTES_MAX: usize = 123;

/// The codes with which this server closes sockets.
pub(super) mod code {
    /// The server stops, or nothing is heard from the client.
    pub(crate) const GOING_AWAY: u16 = 1001;
    /// What was sent is no WebSocket.
    pub(crate) const PROTOCOL_ERROR: u16 = 1002;
    /// A text is not UTF-8.
    pub(crate) const NOT_UTF8: u16 = 1007;
    /// A message is larger than the server reads.
    pub(crate) const TOO_LARGE: u16 = 1009;
    /// Nobody can be let in now, or the server is at fault: clients of the protocol come again after
    /// this, and take 1011 for the end.
    pub(crate) const TRY_AGAIN_LATER: u16 = 1013;
    /// The message is none of the protocol.
    pub(crate) const INVALID_MESSAGE: u16 = 4400;
    /// An operation was sent before the connection was acknowledged.
    pub(crate) const UNAUTHORIZED: u16 = 4401;
    /// Nobody is known to be calling.
    pub(crate) const FORBIDDEN: u16 = 4403;
    /// The client did not initialise the connection in time.
    pub(crate) const INIT_TIMEOUT: u16 = 4408;
    /// An operation of this id is under way.
    pub(crate) const SUBSCRIBER_EXISTS: u16 = 4409;
    /// The connection was initialised before.
    pub(crate) const TOO_MANY_INITS: u16 = 4429;
}

/// With what a socket is closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Close {
    pub(super) code: u16,
    reason: Cow<'static, str>,
}

impl Close {
    fn new(code: u16, reason: impl Into<Cow<'static, str>>) -> Self {
        Self { code, reason: reason.into() }
    }

    /// What the client is told; cut to what a close frame holds.
    pub(super) fn reason(&self) -> &str {
        let end = self.reason.floor_char_boundary(REASON_BYTES_MAX);
        self.reason.get(..end).unwrap_or_default()
    }

    pub(super) fn invalid_message(what: impl std::fmt::Display) -> Self {
        Self::new(code::INVALID_MESSAGE, format!("Invalid message: {what}"))
    }

    pub(super) fn unauthorized() -> Self {
        Self::new(code::UNAUTHORIZED, "Unauthorized")
    }

    pub(super) fn init_timeout() -> Self {
        Self::new(code::INIT_TIMEOUT, "Connection initialisation timeout")
    }

    pub(super) fn too_many_inits() -> Self {
        Self::new(code::TOO_MANY_INITS, "Too many initialisation requests")
    }

    pub(super) fn subscriber_exists(id: &str) -> Self {
        // What follows the id must be there whatever its length.
        const AROUND_BYTES: usize = "Subscriber for  already exists".len();
        let end = id.floor_char_boundary(REASON_BYTES_MAX.saturating_sub(AROUND_BYTES));
        let id = id.get(..end).unwrap_or_default();
        Self::new(code::SUBSCRIBER_EXISTS, format!("Subscriber for {id} already exists"))
    }

    /// Nobody is known to be calling, or it cannot be told.
    pub(super) fn not_authenticated(refused: NotAuthenticated) -> Self {
        let forbidden = |reason: &'static str| Self::new(code::FORBIDDEN, reason);
        match refused {
            NotAuthenticated::Missing => forbidden(
                "Forbidden: there is no token; send authorization in the payload of connection_init",
            ),
            NotAuthenticated::Malformed => {
                forbidden("Forbidden: authorization must be Bearer TOKEN")
            }
            NotAuthenticated::Expired => forbidden("Forbidden: the token has expired"),
            NotAuthenticated::NotYetValid => forbidden("Forbidden: the token is not valid yet"),
            NotAuthenticated::Invalid(_) => {
                forbidden("Forbidden: the token is not valid for this server")
            }
            NotAuthenticated::Undecided | NotAuthenticated::Failed => {
                Self::try_again("who is calling cannot be told now")
            }
        }
    }

    /// The token is another caller's by now, or allows something else.
    pub(super) fn caller_changed() -> Self {
        Self::new(code::FORBIDDEN, "Forbidden: what the token allows has changed")
    }

    pub(super) fn try_again(why: &'static str) -> Self {
        Self::new(code::TRY_AGAIN_LATER, format!("Try again later: {why}"))
    }

    pub(super) fn stopping() -> Self {
        Self::new(code::GOING_AWAY, "Going away: the server is stopping")
    }

    pub(super) fn silent() -> Self {
        Self::new(code::GOING_AWAY, "Going away: nothing is heard from the client")
    }

    pub(super) fn unfinished() -> Self {
        Self::new(code::GOING_AWAY, "Going away: a message was begun and not finished in time")
    }

    pub(super) fn protocol_error() -> Self {
        Self::new(code::PROTOCOL_ERROR, "Protocol error")
    }

    pub(super) fn not_utf8() -> Self {
        Self::new(code::NOT_UTF8, "A text is not UTF-8")
    }

    pub(super) fn too_large(bytes_max: usize) -> Self {
        let reason = format!("A message may have {bytes_max} bytes at the most");
        Self::new(code::TOO_LARGE, reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Invalid;

    #[test]
    fn a_reason_fits_into_a_close_frame() {
        let long = "ä".repeat(200);
        let closes = [
            Close::invalid_message(&long),
            Close::invalid_message(format!("x{long}")),
            Close::unauthorized(),
            Close::init_timeout(),
            Close::too_many_inits(),
            Close::subscriber_exists(&long),
            Close::caller_changed(),
            Close::try_again("who is calling cannot be told now"),
            Close::stopping(),
            Close::silent(),
            Close::unfinished(),
            Close::too_large(usize::MAX),
        ];
        let refused = [
            NotAuthenticated::Missing,
            NotAuthenticated::Malformed,
            NotAuthenticated::Expired,
            NotAuthenticated::NotYetValid,
            NotAuthenticated::Invalid(Invalid::KeyRevoked),
            NotAuthenticated::Undecided,
            NotAuthenticated::Failed,
        ];
        for close in closes.into_iter().chain(refused.map(Close::not_authenticated)) {
            assert!(close.reason().len() <= REASON_BYTES_MAX, "{close:?}");
            assert!(close.reason == close.reason() || close.code == code::INVALID_MESSAGE);
        }
    }

    #[test]
    fn whoever_could_not_be_told_may_come_again() {
        for failed in [NotAuthenticated::Undecided, NotAuthenticated::Failed] {
            assert_eq!(Close::not_authenticated(failed).code, 1013);
        }
    }

    #[test]
    fn the_words_of_the_protocol_are_kept() {
        let id = "ä".repeat(200);
        let reason = Close::subscriber_exists(&id).reason().to_owned();
        assert!(reason.starts_with("Subscriber for ää") && reason.ends_with("ä already exists"));
        assert_eq!(Close::subscriber_exists("a").reason(), "Subscriber for a already exists");
    }
}
