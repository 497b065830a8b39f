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
/// The document has more levels than the server follows.
pub const QUERY_TOO_DEEP: &str = "QUERY_TOO_DEEP";
/// The document selects more fields, its fragments spread out, than the server follows.
pub const QUERY_TOO_COMPLEX: &str = "QUERY_TOO_COMPLEX";

/// Every code, for tests of the documentation.
pub const ALL: [&str; 10] = [
    BUSY,
    UNAVAILABLE,
    INTERNAL,
    FORBIDDEN,
    INVALID_ARGUMENT,
    PARSE_FAILED,
    VALIDATION_FAILED,
    BAD_USER_INPUT,
    QUERY_TOO_DEEP,
    QUERY_TOO_COMPLEX,
];

/// Whether a request that ends with this code failed for no fault of its own.
pub fn is_fault(code: &str) -> bool {
    [BUSY, UNAVAILABLE, INTERNAL].contains(&code)
}
