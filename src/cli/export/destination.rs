//! Where an export goes: to stdout, or to a file that has its name once it is whole.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Where an export goes.
#[derive(Debug)]
pub(super) enum Destination {
    /// Whoever reads what the program says.
    Stdout(io::Stdout),
    /// A file.
    File(Unfinished),
}

/// A file that is written beside the one that it is to be. What is not finished is removed.
#[derive(Debug)]
pub(super) struct Unfinished {
    file: File,
    /// None once it has its name.
    beside: Option<PathBuf>,
    path: PathBuf,
}

impl Destination {
    /// Opens a file, or stdout. What has the name and is no file, as a device, is left alone.
    ///
    /// # Errors
    ///
    /// The system's.
    pub(super) fn open(path: Option<&Path>) -> io::Result<Self> {
        let Some(path) = path else { return Ok(Self::Stdout(io::stdout())) };
        if fs::metadata(path).is_ok_and(|known| !known.is_file()) {
            return Err(io::Error::other(
                "it is there, and no file; leave --output out for stdout",
            ));
        }
        let mut name = OsString::from(path);
        name.push(format!(".{}.part", std::process::id()));
        let beside = PathBuf::from(name);
        let file = File::create_new(&beside)?;
        let path = path.to_owned();
        Ok(Self::File(Unfinished { file, beside: Some(beside), path }))
    }

    /// Writes a piece.
    ///
    /// # Errors
    ///
    /// The system's; [`io::ErrorKind::BrokenPipe`] when nobody reads any more.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Stdout(out) => out.lock().write_all(bytes),
            Self::File(unfinished) => unfinished.file.write_all(bytes),
        }
    }

    /// Sees to it that all of it is there, under its name.
    ///
    /// # Errors
    ///
    /// The system's.
    pub(super) fn finish(self) -> io::Result<()> {
        match self {
            Self::Stdout(out) => out.lock().flush(),
            Self::File(mut unfinished) => {
                unfinished.file.sync_all()?;
                if let Some(beside) = unfinished.beside.take() {
                    fs::rename(&beside, &unfinished.path).inspect_err(|_error| {
                        drop(fs::remove_file(&beside));
                    })?;
                }
                Ok(())
            }
        }
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(beside) = &self.beside {
            // If it cannot be removed, its name tells that it is a part.
            drop(fs::remove_file(beside));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_its_name_once_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("flows.csv");
        fs::write(&path, "old").unwrap();
        let files = || fs::read_dir(folder.path()).unwrap().count();

        let mut given_up = Destination::open(Some(&path)).unwrap();
        given_up.write(b"half").unwrap();
        assert_eq!((fs::read_to_string(&path).unwrap().as_str(), files()), ("old", 2));
        drop(given_up);
        assert_eq!((fs::read_to_string(&path).unwrap().as_str(), files()), ("old", 1));

        let mut whole = Destination::open(Some(&path)).unwrap();
        whole.write(b"new").unwrap();
        whole.finish().unwrap();
        assert_eq!((fs::read_to_string(&path).unwrap().as_str(), files()), ("new", 1));
        assert!(Destination::open(Some(folder.path())).is_err(), "a folder is no file");
    }
}
