//! Seals, and the proof that an entry is beneath one.

use async_graphql::{ComplexObject, Context, ID, Result, SimpleObject};

use super::connection::PageInfo;
use crate::audit::seal::InclusionProof;
use crate::audit::seal::file::hex;
use crate::domain::{FlowId, Page, SealCursor, SealId, SignedSeal};
use crate::graphql::arguments::{self, PageArguments, opaque};
use crate::graphql::budget::{self, LIST, spend, spend_on_nodes};
use crate::graphql::context::ContextExt as _;
use crate::graphql::scalar::{BigInt, DateTime, Hash};
use crate::telemetry::trace::Span;

/// What a hash costs in an answer: a value, and one more for every 32 of its digits.
const HASH: u64 = 3;

/// A seal: a small statement over the ends of the hash chains of all SKUs, of all merchants. Keep it
/// where nobody who can change the books can reach it; `stockflow audit verify --seal FILE` holds it
/// against the books later. The fields of one seal, all of them, as a JSON object are such a file.
///
/// It tells how many SKUs all merchants have together and the id of the newest entry, and nothing else
/// about the books. All hashes, keys and bytes are hexadecimal digits in lower case.
#[derive(SimpleObject, Clone, Debug)]
pub(in crate::graphql) struct InventorySeal {
    /// 1, 2, 3 … in the order in which they were made.
    id: ID,
    /// When it was made. Every entry beneath it was committed before.
    sealed_at: DateTime,
    /// How many SKUs it is over.
    sku_count: BigInt,
    /// The greatest id of an entry beneath it; 0 if there is none. Entries of less may not be beneath
    /// it: `InventoryFlow.inclusionProof` tells.
    last_flow_id: ID,
    /// The root of the Merkle tree (RFC 6962) over the ends of all chains, in the order of the SKUs'
    /// ids.
    merkle_root: Hash,
    /// The hash of the seal before it; zeros for the first.
    previous_hash: Hash,
    /// The SHA-256 of its statement.
    hash: Hash,
    /// The Ed25519 key that verifies its signature; null if it is not signed.
    public_key: Option<String>,
    /// The Ed25519 signature over its statement; null if it is not signed.
    signature: Option<String>,
    /// The 108 bytes that are signed and hashed: the text `seal`, the id, `sealedAt` in microseconds
    /// since 1970, `skuCount`, `lastFlowId`, `merkleRoot` and `previousHash`; a text behind its length,
    /// lengths and numbers as 8 bytes each, big-endian.
    statement: String,
}

impl From<&SignedSeal> for InventorySeal {
    fn from(signed: &SignedSeal) -> Self {
        let seal = &signed.seal;
        Self {
            id: seal.id.to_string().into(),
            sealed_at: DateTime(seal.sealed_at),
            sku_count: BigInt(seal.sku_count),
            last_flow_id: seal.last_flow_id.to_string().into(),
            merkle_root: Hash(seal.merkle_root),
            previous_hash: Hash(seal.previous_hash),
            hash: Hash(seal.hash()),
            public_key: signed.signature.map(|by| hex(&by.public_key)),
            signature: signed.signature.map(|by| hex(&by.signature)),
            statement: hex(&seal.statement()),
        }
    }
}

fn seal_cursor(signed: &SignedSeal) -> String {
    opaque(&SealCursor(signed.seal.id))
}

/// A seal, and its place in the list.
#[derive(SimpleObject, Clone, Debug)]
pub(in crate::graphql) struct InventorySealEdge {
    /// The place of the seal in the list.
    cursor: String,
    /// The seal.
    node: InventorySeal,
}

/// A page of seals, the newest first.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(complex)]
pub(in crate::graphql) struct InventorySealConnection {
    /// Where the page stands in the list.
    page_info: PageInfo,
    #[graphql(skip)]
    seals: Vec<SignedSeal>,
}

impl InventorySealConnection {
    /// The page that these arguments ask for.
    pub(in crate::graphql) async fn read(
        context: &Context<'_>,
        page: PageArguments,
    ) -> Result<Self> {
        let request = context.request();
        let page = page.read(request)?;
        spend(context, LIST)?;
        let page = context.audit().list_seals(&page, &request.reading.asked);
        let page = Span::part("audit.list_seals").around(page).await;
        let page: Page<SignedSeal> =
            request.reading.noted(page.map_err(|error| request.failed(&error))?);
        Ok(Self { page_info: PageInfo::of(&page, seal_cursor), seals: page.nodes })
    }
}

#[ComplexObject]
impl InventorySealConnection {
    /// The seals of the page, each with its cursor.
    #[expect(clippy::unused_async, reason = "a field of a complex object must be")]
    async fn edges(&self, context: &Context<'_>) -> Result<Vec<InventorySealEdge>> {
        spend_on_nodes(context, self.seals.len())?;
        let edge =
            |seal: &SignedSeal| InventorySealEdge { cursor: seal_cursor(seal), node: seal.into() };
        Ok(self.seals.iter().map(edge).collect())
    }

    /// The seals of the page.
    #[expect(clippy::unused_async, reason = "a field of a complex object must be")]
    async fn nodes(&self, context: &Context<'_>) -> Result<Vec<InventorySeal>> {
        spend_on_nodes(context, self.seals.len())?;
        Ok(self.seals.iter().map(Into::into).collect())
    }

    /// How many seals there are in all. They are counted when this is asked for, and only then.
    async fn total_count(&self, context: &Context<'_>) -> Result<BigInt> {
        spend(context, budget::COUNT)?;
        let request = context.request();
        let count = context.audit().count_seals(&request.reading.asked);
        let count = Span::part("audit.count_seals").around(count).await;
        Ok(BigInt(request.reading.noted(count.map_err(|error| request.failed(&error))?)))
    }
}

/// That an entry is beneath a seal, for whoever has the seal from elsewhere. In four steps: the
/// SHA-256 of `previousHash` and `contentHash` is `entryHash`. The SHA-256 of that and of the first of
/// `links`, then of the result and of the next, and so on, is `chainHead` in the end. The SHA-256 of a
/// byte 0 and the leaf's 68 bytes (the text `head`, `skuId`, `sequence`, `flowId` and `chainHead`,
/// spelled as those of a statement) is the leaf's hash. That, joined with `path` as RFC 9162 says in
/// 2.1.3.2, is `seal.merkleRoot`. `contentHash` follows from what the entry says. It tells nothing of
/// what other entries say.
#[derive(SimpleObject, Clone, Debug)]
pub(in crate::graphql) struct InventoryInclusionProof {
    /// The seal.
    seal: InventorySeal,
    /// The SHA-256 of what the entry says.
    content_hash: Hash,
    /// The hash of the SKU's entry before it; zeros for the first.
    previous_hash: Hash,
    /// The hash of the entry.
    entry_hash: Hash,
    /// The content hashes of the SKU's entries behind this one, up to the end of the chain in the
    /// seal: at most the first 1,000. The proof of the entry that the last of these belongs to, for
    /// the same seal, goes on behind it.
    links: Vec<Hash>,
    /// How many links there are in all.
    link_count: BigInt,
    /// The SKU, as the leaf says.
    sku_id: ID,
    /// The sequence of the entry with which the SKU's chain ends in the seal, as the leaf says.
    sequence: BigInt,
    /// The id of that entry, as the leaf says.
    flow_id: ID,
    /// The hash of that entry, as the leaf says.
    chain_head: Hash,
    /// Which leaf of the tree it is, from 0: so many SKUs of all merchants have lesser ids.
    leaf_index: BigInt,
    /// How many leaves the tree has.
    tree_size: BigInt,
    /// The hashes to join with that of the leaf, one after the other, up to the root.
    path: Vec<Hash>,
}

impl InventoryInclusionProof {
    /// The proof of an entry that the caller sees; null if the seal does not reach it.
    pub(super) async fn read(
        context: &Context<'_>,
        flow_id: FlowId,
        seal_id: Option<ID>,
    ) -> Result<Option<Self>> {
        let request = context.request();
        let seal_id = seal_id.map(|id| arguments::id::<SealId>(request, &["sealId"], &id));
        let seal_id = seal_id.transpose()?;
        spend(context, LIST)?;
        let audit = context.audit();
        let included = audit.find_inclusion(flow_id, seal_id).await;
        let included = request.reading.noted(included.map_err(|error| request.failed(&error))?);
        let Some(included) = included else { return Ok(None) };
        // Not told before anything is executed, when nobody knows how many entries are beneath a seal.
        // A change that was carried out keeps its answer all the same, for the field may be null.
        spend(context, budget::COUNT)?;
        // One after the other: those of one request must not take all the turns.
        let _turn = request.proofs.lock().await;
        let proof =
            Span::part("audit.prove_inclusion").around(audit.prove_included(included)).await;
        let proof = proof.map_err(|error| request.failed(&error))?;
        let hashes = proof.links.len().saturating_add(proof.path.hashes.len());
        let hashes = u64::try_from(hashes).unwrap_or(u64::MAX);
        spend(context, hashes.saturating_mul(HASH))?;
        Ok(Some(proof.into()))
    }
}

impl From<InclusionProof> for InventoryInclusionProof {
    fn from(proof: InclusionProof) -> Self {
        let number = |number: u64| BigInt(i64::try_from(number).unwrap_or(i64::MAX));
        Self {
            seal: (&proof.seal).into(),
            content_hash: Hash(proof.content_hash),
            previous_hash: Hash(proof.previous_hash),
            entry_hash: Hash(proof.entry_hash),
            links: proof.links.into_iter().map(Hash).collect(),
            link_count: BigInt(proof.link_count),
            sku_id: proof.head.sku_id.to_string().into(),
            sequence: BigInt(proof.head.sequence),
            flow_id: proof.head.flow_id.to_string().into(),
            chain_head: Hash(proof.head.hash),
            leaf_index: number(proof.path.leaf_index),
            tree_size: number(proof.leaf_count),
            path: proof.path.hashes.into_iter().map(Hash).collect(),
        }
    }
}
