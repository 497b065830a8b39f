//! `stockflow schema`: prints the schema, for those who generate code from it. Needs no database.

use super::output;
use crate::graphql;

/// Prints the SDL.
pub(super) fn run() {
    output::line(graphql::sdl().trim_end());
}
