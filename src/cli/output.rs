//! The two ways in which the program speaks to a person.
//!
//! A reader who has gone is no reason to fail: `stockflow schema | head -1` is right. So nothing
//! here can fail, and `println!`, which panics then, is used nowhere.

use std::io::{self, Write as _};

/// What was asked for, on stdout.
pub(super) fn line(text: &str) {
    let mut out = io::stdout().lock();
    drop(writeln!(out, "{text}").and_then(|()| out.flush()));
}

/// What went wrong, on stderr.
pub(super) fn error(text: &str) {
    note(&format!("stockflow: {text}"));
}

/// What a person should know besides, on stderr.
pub(super) fn note(text: &str) {
    drop(writeln!(io::stderr().lock(), "{text}"));
}
