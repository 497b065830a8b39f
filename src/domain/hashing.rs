//! Spells values as bytes that are hashed, so that no two of them spell the same bytes.

use sha2::{Digest as _, Sha256};

/// A SHA-256 that is fed with values: every text behind its length in eight bytes, every number in
/// eight bytes (big-endian, two's complement), every option behind one byte that says whether it is
/// there, and what has a fixed length as it is.
///
/// What is hashed so is on the books for ever: a change here must keep the old bytes.
#[derive(Default)]
pub(super) struct Bytes(Sha256);

impl Bytes {
    pub(super) fn number(&mut self, number: i64) -> &mut Self {
        self.0.update(number.to_be_bytes());
        self
    }

    pub(super) fn length(&mut self, length: usize) -> &mut Self {
        self.0.update(u64::try_from(length).unwrap_or(u64::MAX).to_be_bytes());
        self
    }

    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.length(text.len());
        self.0.update(text.as_bytes());
        self
    }

    pub(super) fn fixed<const N: usize>(&mut self, bytes: &[u8; N]) -> &mut Self {
        self.0.update(bytes);
        self
    }

    pub(super) fn optional_number(&mut self, number: Option<i64>) -> &mut Self {
        self.0.update([u8::from(number.is_some())]);
        if let Some(number) = number {
            self.number(number);
        }
        self
    }

    pub(super) fn optional_text(&mut self, text: Option<&str>) -> &mut Self {
        self.0.update([u8::from(text.is_some())]);
        if let Some(text) = text {
            self.text(text);
        }
        self
    }

    pub(super) fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}
