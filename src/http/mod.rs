//! The way in: routes, what is put around every request, and GraphQL over HTTP.
//!
//! A request walks through [`router`] to the GraphQL endpoint, which reads it by the rules of
//! GraphQL over HTTP, hands it to the `graphql` room and puts the answer into HTTP's words; a client
//! that wants answers to keep coming opens a [`socket`] there. What
//! holds for every answer of the server, and is looked after here alone: it has a request id, in
//! the header `x-request-id`, in every error and in the log; an error has one shape (see
//! [`code`]); a panic over one request is that request's 500 and nobody else's concern; a body
//! has a bound.
//!
//! This room knows no stock, no ledger and no database. Whether the server is ready it asks
//! through [`Readiness`].

mod caller;
mod error;
mod export;
mod graphql_endpoint;
mod guard;
mod headers;
mod health;
mod metrics;
mod origin;
mod page;
mod rate_limit;
mod refusals;
mod request_id;
mod request_log;
mod request_metrics;
mod router;
mod serve;
mod socket;
mod stopping;

pub use error::code;
pub use guard::RequestLimits;
pub use health::{Readiness, Unready};
pub use origin::Origins;
pub use rate_limit::RateLimit;
pub use request_metrics::HttpMetrics;
pub use router::{HttpState, operations_router, router};
pub use serve::{BindError, ConnectionLimits, ServeSettings, Tls, TlsError, bind, serve};
pub use socket::{SocketLimits, SocketMetrics};
pub use stopping::Stopping;
