//! The file, and the digest that makes its rows known again.

use std::fs::File;
use std::io::{self, BufReader, Read as _, Seek as _};
use std::path::Path;

use sha2::{Digest as _, Sha256};

const BUFFER_BYTES: usize = 64 * 1024;

/// A file that was read once, to know it, and stands at its beginning again.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) reader: BufReader<File>,
    /// SHA-256 of its bytes, in hexadecimal.
    pub(super) digest: String,
    pub(super) bytes: u64,
}

/// Opens the file.
///
/// # Errors
///
/// The system's; of a pipe too, because it cannot be read twice.
pub(super) fn open(path: &Path) -> io::Result<Source> {
    let mut file = File::open(path)?;
    let mut digest = Sha256::new();
    let mut buffer = vec![0; BUFFER_BYTES];
    let mut bytes = 0_u64;
    loop {
        let length = file.read(&mut buffer)?;
        let Some(piece) = buffer.get(..length).filter(|piece| !piece.is_empty()) else { break };
        digest.update(piece);
        bytes = bytes.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
    }
    file.rewind()?;
    let digest = hexadecimal(&digest.finalize());
    Ok(Source { reader: BufReader::with_capacity(BUFFER_BYTES, file), digest, bytes })
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(u32::from(half), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0xf)]).collect()
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn a_file_is_known_by_its_bytes() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"abc").unwrap();
        let mut source = open(file.path()).unwrap();
        // FIPS 180-2, appendix B.1.
        assert!(source.digest.starts_with("ba7816bf8f01cfea414140de5dae2223"), "{}", source.digest);
        assert_eq!((source.digest.len(), source.bytes), (64, 3));
        let mut text = String::new();
        source.reader.read_to_string(&mut text).unwrap();
        assert_eq!(text, "abc");
    }
}
