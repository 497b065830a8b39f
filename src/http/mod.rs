//! The way in: routes, what is put around every request, and GraphQL over HTTP.
//!
//! A request walks through [`router`] to the GraphQL endpoint, which reads it by the rules of
//! GraphQL over HTTP, hands it to the `graphql` room and puts the answer into HTTP's words. What
//! holds for every answer of the server, and is looked after here alone: it has a request id, in
//! the header `x-request-id`, in every error and in the log; an error has one shape (see
//! [`code`]); a panic over one request is that request's 500 and nobody else's concern; a body
//! has a bound.
//!
//! This room knows no stock, no ledger and no database. Whether the server is ready it asks
//! through [`Readiness`].

mod caller;
mod error;
mod graphql_endpoint;
mod health;
mod metrics;
mod page;
mod request_id;
mod router;
mod serve;

pub use error::code;
pub use health::{Readiness, Unready};
pub use router::{HttpState, router};
pub use serve::{BindError, bind, serve};
