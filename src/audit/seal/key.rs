//! Keys for seals: Ed25519, as `openssl genpkey -algorithm ed25519` makes them.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{PrivatePkcs8KeyDer, SubjectPublicKeyInfoDer};

use crate::domain::{Seal, SealSignature, SignedSeal};

/// What stands before the 32 bytes of a public key in its file (RFC 8410, section 4).
const PUBLIC_KEY_PREFIX: [u8; 12] =
    [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A file cannot be read.
    #[error("{path} cannot be read: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// There is no private key of Ed25519 where it should be.
    #[error(
        "{0} holds no private key of Ed25519 as PKCS#8 in PEM, without a password; \
         `openssl genpkey -algorithm ed25519 -out FILE` makes one"
    )]
    Private(PathBuf),
    /// There is no public key of Ed25519 where it should be.
    #[error(
        "{0} holds no public key of Ed25519 in PEM; `openssl pkey -in KEY -pubout -out FILE` writes \
         that of a private key"
    )]
    Public(PathBuf),
}

/// A private key, by which seals are signed.
pub struct SealKey(Ed25519KeyPair);

impl SealKey {
    /// Reads a PEM file of PKCS#8.
    ///
    /// # Errors
    ///
    /// [`KeyError`] when the file cannot be read, or holds no such key.
    pub fn load(path: &Path) -> Result<Self, KeyError> {
        let pem = read(path)?;
        let der = PrivatePkcs8KeyDer::from_pem_slice(&pem).ok();
        let pair = der.and_then(|der| Ed25519KeyPair::from_pkcs8(der.secret_pkcs8_der()).ok());
        pair.map(Self).ok_or_else(|| KeyError::Private(path.to_owned()))
    }

    /// The key that verifies what this one signs.
    pub fn public_key(&self) -> SealPublicKey {
        let mut key = [0; 32];
        for (to, from) in key.iter_mut().zip(self.0.public_key().as_ref()) {
            *to = *from;
        }
        SealPublicKey(key)
    }

    /// Signs a seal's statement.
    pub(super) fn sign(&self, seal: &Seal) -> SealSignature {
        let mut signature = [0; 64];
        for (to, from) in signature.iter_mut().zip(self.0.sign(&seal.statement()).as_ref()) {
            *to = *from;
        }
        SealSignature { public_key: self.public_key().0, signature }
    }
}

impl fmt::Debug for SealKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("SealKey").field(&self.public_key()).finish()
    }
}

/// A public key, by which signatures of seals are verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealPublicKey(pub [u8; 32]);

impl SealPublicKey {
    /// Reads a PEM file.
    ///
    /// # Errors
    ///
    /// [`KeyError`] when the file cannot be read, or holds no such key.
    pub fn load(path: &Path) -> Result<Self, KeyError> {
        let pem = read(path)?;
        let der = SubjectPublicKeyInfoDer::from_pem_slice(&pem).ok();
        let key = der.and_then(|der| der.strip_prefix(&PUBLIC_KEY_PREFIX)?.try_into().ok());
        key.map(Self).ok_or_else(|| KeyError::Public(path.to_owned()))
    }

    /// Whether a seal carries a signature that this key verifies, whatever key it names itself.
    pub fn verifies(&self, signed: &SignedSeal) -> bool {
        let key = UnparsedPublicKey::new(&ED25519, &self.0);
        let statement = signed.seal.statement();
        signed.signature.is_some_and(|by| key.verify(&statement, &by.signature).is_ok())
    }
}

fn read(path: &Path) -> Result<Vec<u8>, KeyError> {
    std::fs::read(path).map_err(|source| KeyError::Read { path: path.to_owned(), source })
}
