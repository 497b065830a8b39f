//! The log, the traces, and what is counted ([`Metrics`]). The log goes to stderr; stdout is for
//! what a person or a program asked to see.
//!
//! What fails is logged once, where it leaves the server or is dealt with, under the id of the
//! request. Bodies, variables and credentials are never logged.
//!
//! This room may use `config`, and knows nothing of what is logged, traced or counted.

mod causes;
mod log;
mod metrics;
mod process;
pub mod trace;

pub use causes::causes;
pub use log::{FlushedLog, InitError, init, tell_of_dropped_lines};
pub use metrics::{METRICS_MEDIA_TYPE, Metrics, counts, seconds};
