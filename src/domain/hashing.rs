//! Spells values as bytes that are hashed, so that no two of them spell the same bytes.

use sha2::{Digest as _, Sha256};

/// Values as bytes: every text behind its length in eight bytes, every number in eight bytes
/// (big-endian, two's complement), every option behind one byte that says whether it is there, and
/// what has a fixed length as it is.
///
/// What is hashed so is on the books for ever: a change here must keep the old bytes.
#[derive(Default)]
pub(super) struct Spelled<S>(S);

/// A SHA-256 that is fed with values.
pub(super) type Bytes = Spelled<Sha256>;

/// Where the bytes go.
pub(super) trait Sink {
    fn put(&mut self, bytes: &[u8]);
}

impl Sink for Sha256 {
    fn put(&mut self, bytes: &[u8]) {
        self.update(bytes);
    }
}

impl Sink for Vec<u8> {
    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

impl<S: Sink> Spelled<S> {
    pub(super) fn number(&mut self, number: i64) -> &mut Self {
        self.0.put(&number.to_be_bytes());
        self
    }

    pub(super) fn length(&mut self, length: usize) -> &mut Self {
        self.0.put(&u64::try_from(length).unwrap_or(u64::MAX).to_be_bytes());
        self
    }

    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.length(text.len());
        self.0.put(text.as_bytes());
        self
    }

    pub(super) fn fixed<const N: usize>(&mut self, bytes: &[u8; N]) -> &mut Self {
        self.0.put(bytes);
        self
    }

    pub(super) fn optional_number(&mut self, number: Option<i64>) -> &mut Self {
        self.0.put(&[u8::from(number.is_some())]);
        if let Some(number) = number {
            self.number(number);
        }
        self
    }

    pub(super) fn optional_text(&mut self, text: Option<&str>) -> &mut Self {
        self.0.put(&[u8::from(text.is_some())]);
        if let Some(text) = text {
            self.text(text);
        }
        self
    }
}

impl Spelled<Sha256> {
    /// The hash of all of them.
    pub(super) fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

impl Spelled<Vec<u8>> {
    /// The bytes themselves, for what is signed.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}
