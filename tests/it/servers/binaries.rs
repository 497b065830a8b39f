//! Where the servers' programs are, and what to do when they are not.

use std::path::{Path, PathBuf};

/// The program called `name`, on the path or in one of `folders`.
///
/// Without it the tests that need it are left out, which is said aloud; where
/// `STOCKFLOW_TEST_REQUIRE_SERVERS` is set, as `tests/run` does, they fail instead.
pub(super) fn find(name: &str, folders: &[PathBuf]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path)
        .chain(folders.iter().cloned())
        .map(|folder| folder.join(name))
        .find(|program| program.is_file());
    if found.is_none() {
        assert!(
            std::env::var_os("STOCKFLOW_TEST_REQUIRE_SERVERS").is_none(),
            "{name} is not installed; tests/run installs it"
        );
        eprintln!("LEFT OUT: {name} is not installed (tests/run installs it)");
    }
    found
}

/// Debian's folders of `PostgreSQL`'s programs, one a version, which are not on the path.
pub(super) fn postgres_folders() -> Vec<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    versions.flatten().map(|version| version.path().join("bin")).collect()
}

/// The folders of system programs, which are not on everybody's path.
pub(super) fn system_folders() -> Vec<PathBuf> {
    ["/usr/sbin", "/usr/libexec"].iter().map(|folder| Path::new(folder).to_owned()).collect()
}
