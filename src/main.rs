//! The program. What it does is told in [`stockflow::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    stockflow::cli::main()
}
