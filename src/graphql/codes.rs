//! The codes of top-level errors, in `extensions.code`. What a caller can act on in a mutation is
//! in `userErrors` instead, with codes of the schema's own.

/// Too much is going on at once; the same request may be sent again, with the same key.
pub const BUSY: &str = "BUSY";
/// The database cannot be reached; the same request may be sent again, with the same key.
pub const UNAVAILABLE: &str = "UNAVAILABLE";
/// The server is at fault; its log tells more under the request id.
pub const INTERNAL: &str = "INTERNAL";
/// The caller may not do what is asked for; `extensions.scopes` has the scopes any of which would
/// do.
pub const FORBIDDEN: &str = "FORBIDDEN";
/// An argument of a query is out of bounds; `extensions.field` is its path.
pub const INVALID_ARGUMENT: &str = "INVALID_ARGUMENT";
/// The document is no GraphQL.
pub const PARSE_FAILED: &str = "GRAPHQL_PARSE_FAILED";
/// The document does not fit the schema.
pub const VALIDATION_FAILED: &str = "GRAPHQL_VALIDATION_FAILED";
/// The variables do not fit the document.
pub const BAD_USER_INPUT: &str = "BAD_USER_INPUT";
/// The text of the document has more bytes than the server parses; `extensions.limit` is as many
/// as it may have, and `extensions.actual` as many as it has.
pub const QUERY_TOO_LONG: &str = "QUERY_TOO_LONG";
/// The document has more levels than the server follows; `extensions.limit` is as many as it may
/// have.
pub const QUERY_TOO_DEEP: &str = "QUERY_TOO_DEEP";
/// The document has more of something, or its answer could have more values, than the server
/// follows; `extensions.limit` is as many as there may be, and `extensions.actual` as many as there
/// are, where that is known.
pub const QUERY_TOO_COMPLEX: &str = "QUERY_TOO_COMPLEX";
/// The document asks what the schema is, and the server does not tell.
pub const INTROSPECTION_DISABLED: &str = "INTROSPECTION_DISABLED";
/// The document is not among those that the server was given to execute.
pub const DOCUMENT_NOT_TRUSTED: &str = "DOCUMENT_NOT_TRUSTED";
/// No document is known by that hash; the same request may be sent again with the document.
pub const PERSISTED_QUERY_NOT_FOUND: &str = "PERSISTED_QUERY_NOT_FOUND";
/// The server keeps no documents by their hashes, or not in this way.
pub const PERSISTED_QUERY_NOT_SUPPORTED: &str = "PERSISTED_QUERY_NOT_SUPPORTED";
/// The hash that came with a document is not its SHA-256.
pub const PERSISTED_QUERY_HASH_MISMATCH: &str = "PERSISTED_QUERY_HASH_MISMATCH";
/// A subscription came by a request that is answered once; it must be sent over a WebSocket.
pub const SUBSCRIPTION_OVER_HTTP: &str = "SUBSCRIPTION_OVER_HTTP";

/// Every code, for tests of the documentation.
pub const ALL: [&str; 17] = [
    BUSY,
    UNAVAILABLE,
    INTERNAL,
    FORBIDDEN,
    INVALID_ARGUMENT,
    PARSE_FAILED,
    VALIDATION_FAILED,
    BAD_USER_INPUT,
    QUERY_TOO_LONG,
    QUERY_TOO_DEEP,
    QUERY_TOO_COMPLEX,
    INTROSPECTION_DISABLED,
    DOCUMENT_NOT_TRUSTED,
    PERSISTED_QUERY_NOT_FOUND,
    PERSISTED_QUERY_NOT_SUPPORTED,
    PERSISTED_QUERY_HASH_MISMATCH,
    SUBSCRIPTION_OVER_HTTP,
];

/// Whether a request that ends with this code failed for no fault of its own.
pub fn is_fault(code: &str) -> bool {
    [BUSY, UNAVAILABLE, INTERNAL].contains(&code)
}
