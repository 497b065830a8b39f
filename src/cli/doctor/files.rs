//! The SQLite file: whether it can be written, who may read it, and how much room its disk has.

use std::path::Path;

use super::Scene;
use super::finding::Finding;
use super::primary::file;

/// Below this much room the next hours are not safe.
const FREE_BYTES_MIN: u64 = 1024 * 1024 * 1024;

/// Below this much SQLite may not be able to write its log.
const FREE_BYTES_LEAST: u64 = 64 * 1024 * 1024;

pub(super) fn check(scene: &Scene) -> Vec<Finding> {
    let Some(file) = file(&scene.settings.database.url) else { return Vec::new() };
    let file = Path::new(file);
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    let mut findings = places(file, folder);
    findings.extend(room(folder));
    if findings.is_empty() {
        findings.push(Finding::ok(format!("{} can be written", file.display())));
    }
    findings
}

#[cfg(unix)]
fn places(file: &Path, folder: &Path) -> Vec<Finding> {
    use std::os::unix::fs::PermissionsExt as _;

    use nix::unistd::{AccessFlags, access};

    let may_write = |path: &Path| access(path, AccessFlags::W_OK).is_ok();
    // The log is written beside the file.
    let mut findings: Vec<Finding> = [folder, file]
        .into_iter()
        .filter(|path| (path.exists() || *path == folder) && !may_write(path))
        .map(|path| {
            Finding::fail(
                format!("{} cannot be written to by this user", path.display()),
                "create it, or give it to the user who serves; or name another file by database.url",
            )
        })
        .collect();
    let mode = std::fs::metadata(file).map(|metadata| metadata.permissions().mode());
    if mode.is_ok_and(|mode| mode & 0o002 != 0) {
        findings.push(Finding::warn(
            format!("everybody on this machine may write {}", file.display()),
            format!("chmod o-w {}", file.display()),
        ));
    }
    findings
}

#[cfg(unix)]
fn room(folder: &Path) -> Option<Finding> {
    let free = nix::sys::statvfs::statvfs(folder).ok()?;
    let free = free.blocks_available().saturating_mul(free.fragment_size());
    judge(folder, free)
}

#[cfg(not(unix))]
fn places(_file: &Path, _folder: &Path) -> Vec<Finding> {
    Vec::new()
}

#[cfg(not(unix))]
fn room(_folder: &Path) -> Option<Finding> {
    None
}

fn judge(folder: &Path, free_bytes: u64) -> Option<Finding> {
    let told = format!("{} MiB are free in {}", free_bytes >> 20, folder.display());
    let advice = "free some, or move the file: the history only grows";
    match free_bytes {
        free if free < FREE_BYTES_LEAST => Some(Finding::fail(told, advice)),
        free if free < FREE_BYTES_MIN => Some(Finding::warn(told, advice)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::Level;
    use super::*;

    #[test]
    fn little_room_is_told() {
        let level = |free| judge(Path::new("."), free).map(|finding| finding.level);
        assert_eq!(level(FREE_BYTES_MIN), None);
        assert_eq!(level(FREE_BYTES_MIN - 1), Some(Level::Warn));
        assert_eq!(level(FREE_BYTES_LEAST), Some(Level::Warn));
        assert_eq!(level(FREE_BYTES_LEAST - 1), Some(Level::Fail));
    }
}
