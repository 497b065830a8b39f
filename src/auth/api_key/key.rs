//! What a key looks like: `sfk_`, an id of 8 signs, `_`, a secret of 43, and a checksum of 6.
//!
//! The prefix lets a scanner recognise a key that has leaked, and the id tells which it is. The
//! checksum tells a key that was mistyped, or made up by somebody who does not care, from one that
//! the database should be asked about; it keeps no secret.
//!
//! The secret has 43 signs of 62, which is as much as 32 random bytes; so its hash needs no salt and
//! no slowness.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

/// How keys begin.
pub const PREFIX: &str = "sfk_";

const ID_ALPHABET: &[u8] = b"abcdefghijklmnopqrstuvwxyz234567";
const ID_SIGNS: usize = 8;

const SECRET_ALPHABET: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const SECRET_SIGNS: usize = 43;

/// Signs of the checksum: 62 to the power of 6 is more than 2 to that of 32.
const CHECKSUM_SIGNS: usize = 6;

/// The part of a key that everybody may see: 8 signs of a to z and 2 to 7.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; ID_SIGNS]);

/// Why a text is no id of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is no id of a key, which has {ID_SIGNS} signs of a to z and 2 to 7")]
pub struct InvalidKeyId;

impl FromStr for KeyId {
    type Err = InvalidKeyId;

    fn from_str(text: &str) -> Result<Self, InvalidKeyId> {
        let id: [u8; ID_SIGNS] = text.as_bytes().try_into().map_err(|_length| InvalidKeyId)?;
        id.iter().all(|sign| ID_ALPHABET.contains(sign)).then_some(Self(id)).ok_or(InvalidKeyId)
    }
}

impl KeyId {
    /// The id as a text.
    pub fn as_str(&self) -> &str {
        // The signs are of ASCII.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A key that was just made. Its text is shown once, and then known to nobody here.
pub struct IssuedKey {
    /// Its id.
    pub id: KeyId,
    text: String,
}

impl IssuedKey {
    /// Makes a key.
    ///
    /// # Errors
    ///
    /// The system's, when it has no random bytes.
    pub(super) fn random() -> Result<Self, getrandom::Error> {
        let id = random_signs(ID_ALPHABET, ID_SIGNS)?;
        let secret = random_signs(SECRET_ALPHABET, SECRET_SIGNS)?;
        let mut text = format!("{PREFIX}{id}_{secret}");
        text.push_str(&checksum(&text));
        // Its signs are those of ids.
        let id = id.parse().map_err(|_invalid| getrandom::Error::UNEXPECTED)?;
        Ok(Self { id, text })
    }

    /// The whole key, for whoever asked for it.
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// What is kept of it.
    pub(super) fn hash(&self) -> [u8; 32] {
        hash(&self.text)
    }
}

impl fmt::Debug for IssuedKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{PREFIX}{}_***", self.id)
    }
}

/// A key that somebody shows.
pub(super) struct ShownKey {
    pub(super) id: KeyId,
    pub(super) hash: [u8; 32],
}

impl ShownKey {
    /// Reads a key; `None` if nobody has ever made it.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (begin, told) = text.split_at_checked(text.len().checked_sub(CHECKSUM_SIGNS)?)?;
        let (id, secret) = begin.strip_prefix(PREFIX)?.split_once('_')?;
        let id = id.parse().ok()?;
        let is_secret = secret.len() == SECRET_SIGNS
            && secret.bytes().all(|sign| SECRET_ALPHABET.contains(&sign));
        (is_secret && told == checksum(begin)).then(|| Self { id, hash: hash(text) })
    }
}

fn hash(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

/// Signs of an alphabet, each as likely as the others: bytes beyond the last multiple of its length
/// are left out.
fn random_signs(alphabet: &[u8], count: usize) -> Result<String, getrandom::Error> {
    let beyond = 256_usize.checked_rem(alphabet.len()).unwrap_or_default();
    let signs_max = 256_usize.saturating_sub(beyond);
    let mut signs = String::with_capacity(count);
    let mut bytes = [0_u8; 64];
    while signs.len() < count {
        getrandom::fill(&mut bytes)?;
        let fair = bytes.iter().map(|byte| usize::from(*byte)).filter(|byte| *byte < signs_max);
        let drawn = fair.filter_map(|byte| alphabet.get(byte.checked_rem(alphabet.len())?));
        signs.extend(drawn.take(count.saturating_sub(signs.len())).map(|sign| char::from(*sign)));
    }
    Ok(signs)
}

/// The CRC-32 of a text, in signs of the secret's alphabet.
fn checksum(text: &str) -> String {
    let mut rest = usize::try_from(crc32(text.as_bytes())).unwrap_or_default();
    let mut signs = [b'0'; CHECKSUM_SIGNS];
    for sign in signs.iter_mut().rev() {
        let place = rest.checked_rem(SECRET_ALPHABET.len()).unwrap_or_default();
        *sign = SECRET_ALPHABET.get(place).copied().unwrap_or(b'0');
        rest = rest.checked_div(SECRET_ALPHABET.len()).unwrap_or_default();
    }
    signs.iter().map(|sign| char::from(*sign)).collect()
}

/// The checksum of Ethernet, zip and PNG (ISO 3309).
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
    let next = |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte), |crc, _bit| step(crc));
    !bytes.iter().fold(u32::MAX, next)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_key_that_was_made_is_recognised() {
        let mut seen = HashSet::new();
        for _key in 0..100 {
            let key = IssuedKey::random().unwrap();
            assert_eq!(key.text.len(), 62);
            assert!(key.text.starts_with(&format!("sfk_{}_", key.id)), "{}", key.text);
            let shown = ShownKey::parse(&key.text).unwrap();
            assert_eq!((shown.id, shown.hash), (key.id, key.hash()));
            assert!(!format!("{key:?}").contains(&key.text[13..]));
            assert!(seen.insert(key.text) && seen.insert(key.id.to_string()));
        }
    }

    #[test]
    fn a_key_that_was_mistyped_is_none() {
        let text = IssuedKey::random().unwrap().text;
        for place in 0..text.len() {
            let mut other = text.clone().into_bytes();
            other[place] = if other[place] == b'a' { b'b' } else { b'a' };
            assert!(ShownKey::parse(&String::from_utf8(other).unwrap()).is_none(), "{place}");
            assert!(ShownKey::parse(&text[..place]).is_none());
        }
        for other in [format!("{text}0"), format!(" {text}"), text.to_uppercase()] {
            assert!(ShownKey::parse(&other).is_none());
        }
        assert!(ShownKey::parse("sfk_ä").is_none() && ShownKey::parse("").is_none());
    }

    #[test]
    fn the_checksum_is_the_one_that_everybody_has() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(checksum("").as_str(), "000000");
        assert_eq!(checksum("123456789").len(), CHECKSUM_SIGNS);
    }

    #[test]
    fn every_sign_is_drawn() {
        let drawn: HashSet<char> = random_signs(SECRET_ALPHABET, 10_000).unwrap().chars().collect();
        assert_eq!(drawn.len(), SECRET_ALPHABET.len());
    }
}
