//! An error as one line of the log: what failed, and why.

use std::error::Error;

/// An error and its causes down to the last, each after a colon.
pub fn causes(error: &(dyn Error + 'static)) -> String {
    std::iter::successors(Some(error), |&error| error.source())
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}
