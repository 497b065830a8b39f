//! Why somebody is not let in.

/// Why nobody is known to be calling. The display tells everything, for the log; what a client is
/// told is decided where it is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAuthenticated {
    /// They sent no token.
    #[error("there is no token")]
    Missing,
    /// What they sent is not one token in the scheme `Bearer`.
    #[error("the header Authorization is not one bearer token")]
    Malformed,
    /// The token was good, but is no more.
    #[error("the token has expired")]
    Expired,
    /// The token will be good.
    #[error("the token is not valid yet")]
    NotYetValid,
    /// The token is none that this server takes.
    #[error("the token {0}")]
    Invalid(Invalid),
    /// It cannot be told now, because somebody who knows cannot be reached.
    #[error("whether the token is good cannot be told now")]
    Undecided,
    /// It cannot be told, and the server is at fault.
    #[error("whether the token is good cannot be told")]
    Failed,
}

/// What is wrong with a token. A client is not told which, so that nobody learns by trying.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// It is longer than any that is read.
    #[error("is too long")]
    TooLong,
    /// It has not the form of a JWT, or its header names no algorithm that there is.
    #[error("is no JWT")]
    NotJwt,
    /// JWTs are not taken.
    #[error("is no API key, and JWTs are not taken")]
    JwtsNotTaken,
    /// It is signed with another algorithm than the one that is configured, whatever it is.
    #[error("is signed with another algorithm")]
    Algorithm,
    /// It is for something else than access, or its header has parts that must be understood.
    #[error("is of another type")]
    Type,
    /// Nobody known has signed it.
    #[error("is signed with an unknown key")]
    UnknownKey,
    /// The signature is not the key's.
    #[error("has a wrong signature")]
    Signature,
    /// Somebody else has made it.
    #[error("is from another issuer")]
    Issuer,
    /// It is for somebody else.
    #[error("is for another audience")]
    Audience,
    /// It does not say who they are, or in no way that can be kept.
    #[error("has no sub, or one that cannot be kept")]
    Subject,
    /// It does not say until when it is good, or from when.
    #[error("has no exp, or an exp or nbf that is no time")]
    Time,
    /// It does not say for which merchant, where it must.
    #[error("has no merchant, or one that is none")]
    Merchant,
    /// It does not say what they may do in a way that can be read.
    #[error("has scopes that are neither a text nor a list")]
    Scopes,
    /// API keys are not taken.
    #[error("is an API key, and those are not taken")]
    KeysNotTaken,
    /// It is no key that anybody made: its checksum is wrong.
    #[error("is an API key with a wrong checksum")]
    KeyChecksum,
    /// There is no such key.
    #[error("is an API key that there is not")]
    KeyUnknown,
    /// Somebody knows its id only.
    #[error("is an API key with a wrong secret")]
    KeySecret,
    /// The key was taken back.
    #[error("is an API key that was revoked")]
    KeyRevoked,
}
