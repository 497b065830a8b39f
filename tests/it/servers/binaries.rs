//! Where the servers' programs are, and what to do when they are not.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The first program among `names`, on the path or in one of `folders`.
///
/// Without it the tests that need it are left out, which is said aloud; where
/// `STOCKFLOW_TEST_REQUIRE_SERVERS` is set, as `tests/run` does, they fail instead.
pub(super) fn find(names: &[&str], folders: &[PathBuf]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders: Vec<_> = std::env::split_paths(&path).chain(folders.iter().cloned()).collect();
    let found = names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|program| program.is_file());
    if found.is_none() {
        leave_out(&format!("{} is not installed", names.join(" or ")));
    }
    found
}

/// Says aloud, once for each `reason`, that tests are left out; panics where none may be.
pub fn leave_out(reason: &str) {
    static SAID: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    assert!(
        std::env::var_os("STOCKFLOW_TEST_REQUIRE_SERVERS").is_none(),
        "{reason} (tests/run installs what is missing)"
    );
    if SAID.lock().unwrap_or_else(PoisonError::into_inner).insert(reason.to_owned()) {
        // Not by `eprintln!`: what a test that passes prints with it is never shown.
        eprintln!("LEFT OUT: {reason} (tests/run installs what is missing)");
    }
}

/// Debian's folders of PostgreSQL's programs, which are not on the path; the newest version first.
pub(super) fn postgres_folders() -> Vec<PathBuf> {
    let entries = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<(u32, PathBuf)> = entries
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    versions.sort_by(|one, other| other.cmp(one));
    versions.into_iter().map(|(_version, folder)| folder).collect()
}

/// The folders of system programs, which are not on everybody's path.
pub(super) fn system_folders() -> Vec<PathBuf> {
    ["/usr/sbin", "/usr/libexec"].iter().map(|folder| Path::new(folder).to_owned()).collect()
}
