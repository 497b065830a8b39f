//! The program. What it does is told in [`stockflow::cli`].

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// A request is some hundreds of small allocations, many of which are freed by another thread than
/// the one that made them; glibc's arenas lock for that.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    stockflow::cli::main()
}
