//! A seal: a small statement over the ends of all chains, which is kept where nobody who can change
//! the books can reach it.
//!
//! - The end of a SKU's chain is a leaf of a Merkle tree ([`super::merkle`]), by the bytes of
//!   [`SealHead::bytes`]. The leaves stand in the ascending order of the SKUs' ids.
//! - The *statement* of a seal is the bytes of [`Seal::statement`]. They are what is signed.
//! - Its *hash* is their SHA-256. Each seal has in its statement the hash of the one before it, so that
//!   the newest stands for all of them.
//!
//! README describes the bytes; `tests/conformance/seal.py` computes them anew from an answer.

use chrono::{DateTime, Utc};

use super::hashing::Spelled;
use super::{FlowId, Hash, SealId, SkuId, merkle};

/// The end of a SKU's chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealHead {
    /// The SKU.
    pub sku_id: SkuId,
    /// The sequence of its last entry.
    pub sequence: i64,
    /// The id of that entry. The hash does not cover it, as the database gave it afterwards.
    pub flow_id: FlowId,
    /// The hash of that entry.
    pub hash: Hash,
}

impl SealHead {
    /// What the leaf says: the text "head", the SKU, the sequence, the id, and the hash. 68 bytes.
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = Spelled::<Vec<u8>>::default();
        bytes
            .text("head")
            .number(self.sku_id.0)
            .number(self.sequence)
            .number(self.flow_id.0)
            .fixed(&self.hash.0);
        bytes.into_bytes()
    }

    /// The hash of the leaf.
    pub fn leaf(&self) -> Hash {
        merkle::leaf(&self.bytes())
    }
}

/// A statement over the ends of all chains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seal {
    /// 1, 2, 3 …
    pub id: SealId,
    /// When it was made; microseconds.
    pub sealed_at: DateTime<Utc>,
    /// How many SKUs it is over.
    pub sku_count: i64,
    /// The greatest id of an entry beneath it; 0 if there is none.
    pub last_flow_id: FlowId,
    /// The root of the tree.
    pub merkle_root: Hash,
    /// The hash of the seal before it; [`Hash::NOTHING`] for the first.
    pub previous_hash: Hash,
}

impl Seal {
    /// What is signed and hashed: the text "seal", the id, the time in microseconds since 1970, the
    /// count of SKUs, the last entry's id, the root, and the hash of the seal before. 108 bytes.
    pub fn statement(&self) -> Vec<u8> {
        let mut bytes = Spelled::<Vec<u8>>::default();
        bytes
            .text("seal")
            .number(self.id.0)
            .number(self.sealed_at.timestamp_micros())
            .number(self.sku_count)
            .number(self.last_flow_id.0)
            .fixed(&self.merkle_root.0)
            .fixed(&self.previous_hash.0);
        bytes.into_bytes()
    }

    /// The SHA-256 of the statement.
    pub fn hash(&self) -> Hash {
        Hash::of(&[&self.statement()])
    }
}

/// By whom a statement is signed (Ed25519, RFC 8032).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealSignature {
    /// The public key that verifies it.
    pub public_key: [u8; 32],
    /// The signature over [`Seal::statement`].
    pub signature: [u8; 64],
}

/// A seal, and who answers for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedSeal {
    /// The seal.
    pub seal: Seal,
    /// By whom it is signed; `None` if nobody has.
    pub signature: Option<SealSignature>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head() -> SealHead {
        SealHead {
            sku_id: SkuId(1001),
            sequence: 2,
            flow_id: FlowId(7),
            hash: Hash::of(&[b"entry"]),
        }
    }

    fn seal() -> Seal {
        Seal {
            id: SealId(1),
            sealed_at: DateTime::from_timestamp_micros(1_764_000_000_123_456).unwrap(),
            sku_count: 1,
            last_flow_id: FlowId(7),
            merkle_root: head().leaf(),
            previous_hash: Hash::NOTHING,
        }
    }

    #[test]
    fn the_bytes_stay_what_they_are() {
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let entry = Hash::of(&[b"entry"]);
        let bytes = format!(
            "{}68656164{}{}{}{entry}",
            "0000000000000004", "00000000000003e9", "0000000000000002", "0000000000000007"
        );
        assert_eq!(hex(&head().bytes()), bytes);
        let statement = format!(
            "{}7365616c{}{}{}{}{}{}",
            "0000000000000004",
            "0000000000000001",
            "0006445941642240",
            "0000000000000001",
            "0000000000000007",
            head().leaf(),
            "00".repeat(32),
        );
        assert_eq!(hex(&seal().statement()), statement);
        assert_eq!(seal().statement().len(), 108);
        // Those that README tells.
        let leaf = "8e05632288603a4de1de669c40c2eadcd5e0a4859a2fbe6c8859a15e2d2028ff";
        assert_eq!(head().leaf().to_string(), leaf);
        let hash = "ef74d4ce7cce51f462f0aab4f42e3b3fe382824ac3b90097edb6357455e9e9e6";
        assert_eq!(seal().hash().to_string(), hash);
    }

    type Change = fn(&mut Seal);

    #[test]
    fn everything_that_a_seal_says_counts() {
        let changes: [Change; 6] = [
            |seal| seal.id = SealId(2),
            |seal| seal.sealed_at += chrono::TimeDelta::microseconds(1),
            |seal| seal.sku_count = 2,
            |seal| seal.last_flow_id = FlowId(8),
            |seal| seal.merkle_root = Hash::NOTHING,
            |seal| seal.previous_hash = Hash::of(&[]),
        ];
        for change in changes {
            let mut other = seal();
            change(&mut other);
            assert_ne!(other.hash(), seal().hash());
        }
    }
}
