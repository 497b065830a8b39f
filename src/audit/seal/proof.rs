//! Shows that an entry is beneath a seal.
//!
//! From the entry's content and the hash before it follows its hash; from that, and from the contents
//! of the SKU's later entries up to the seal, the end of the SKU's chain; from that a leaf of the tree,
//! and from the leaf and the path the root that the seal states. None of it tells what any other entry
//! says.
//!
//! The path is found by growing the whole tree, at the price of reading every end in the seal once, so
//! it takes a [turn](Audit::turn). All of it is read from the primary.

use entity::inventory_flow::{Column, Entity};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    QueryTrait as _,
};

use super::heads::{self, AHEAD_OF_ALL, Books};
use super::table::{self, of_primary};
use crate::audit::entries;
use crate::audit::{Audit, Read};
use crate::db::{Database, Fault};
use crate::domain::chain::link;
use crate::domain::merkle::{Path, Tree};
use crate::domain::{Flow, FlowId, Hash, Origin, ReadAfter, SealHead, SealId, SignedSeal, SkuId};
use crate::store::{Found, Loaded};

/// Contents of later entries that a proof has at the most.
pub const LINKS_MAX: i64 = 1_000;

/// That an entry is beneath a seal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InclusionProof {
    /// The seal.
    pub seal: SignedSeal,
    /// The SHA-256 of what the entry says.
    pub content_hash: Hash,
    /// The hash of the SKU's entry before it; [`Hash::NOTHING`] for the first.
    pub previous_hash: Hash,
    /// Its own hash.
    pub entry_hash: Hash,
    /// The content hashes of the SKU's entries behind it, up to the end that was sealed: the first
    /// [`LINKS_MAX`] of them.
    pub links: Vec<Hash>,
    /// How many there are.
    pub link_count: i64,
    /// The end of the SKU's chain in the seal: the leaf.
    pub head: SealHead,
    /// From the leaf to the root.
    pub path: Path,
    /// How many leaves the tree has.
    pub leaf_count: u64,
}

/// An entry, and the seal that it is beneath.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Included {
    seal: SignedSeal,
    head: SealHead,
    /// That of the entry.
    sequence: i64,
}

impl Audit {
    /// Proves that an entry is beneath a seal: that of `seal_id`, or the first that reaches it. `None`
    /// if there is no such entry, or no such seal, or the seal does not reach the entry. Whose entry it
    /// is, is not looked at.
    ///
    /// # Errors
    ///
    /// [`StoreError`](crate::store::StoreError) when the database fails, all turns are taken, or the
    /// books are damaged such that there is no proof, which is as if a row made no sense.
    pub async fn prove_inclusion(
        &self,
        flow_id: FlowId,
        seal_id: Option<SealId>,
    ) -> Loaded<Found<Option<InclusionProof>>> {
        let Found { value: included, origin } = self.find_inclusion(flow_id, seal_id).await?;
        let proof = match included {
            Some(included) => Some(self.prove_included(included).await?),
            None => None,
        };
        Ok(Found { value: proof, origin })
    }

    /// The first half of [`Audit::prove_inclusion`], which costs little: whether there is anything to
    /// prove.
    ///
    /// # Errors
    ///
    /// [`StoreError`](crate::store::StoreError) when the database fails.
    pub async fn find_inclusion(
        &self,
        flow_id: FlowId,
        seal_id: Option<SealId>,
    ) -> Loaded<Found<Option<Included>>> {
        let database = self.database();
        let (place, origin) = place_of(database, flow_id).await?;
        let nothing = Ok(Found { value: None, origin });
        let Some((sku_id, sequence)) = place else { return nothing };
        let seal_id = match seal_id {
            Some(seal_id) => Some(seal_id),
            None => heads::first_seal_over(database, sku_id, sequence).await?,
        };
        let Some(seal_id) = seal_id else { return nothing };
        let seal = table::find(database, seal_id).await?;
        let head = heads::sealed_of(database, sku_id, seal_id).await?;
        let head = head.filter(|head| head.sequence >= sequence);
        let (Some(seal), Some(head)) = (seal, head) else { return nothing };
        Ok(Found { value: Some(Included { seal, head, sequence }), origin })
    }

    /// The second half, which reads every end in the seal.
    ///
    /// # Errors
    ///
    /// As those of [`Audit::prove_inclusion`].
    pub async fn prove_included(&self, included: Included) -> Loaded<InclusionProof> {
        let Included { seal, head, sequence } = included;
        let chained = chained(self.database(), sequence, &head).await?;
        let _turn = self.turn().await?;
        let (path, leaf_count) = path(self.database(), &seal, &head).await?;
        Ok(InclusionProof {
            seal,
            content_hash: chained.content_hash,
            previous_hash: chained.previous_hash,
            entry_hash: chained.entry_hash,
            links: chained.links,
            link_count: head.sequence.saturating_sub(sequence),
            head,
            path,
            leaf_count,
        })
    }
}

/// The SKU and the sequence of an entry.
async fn place_of(
    database: &Database,
    flow_id: FlowId,
) -> Result<(Option<(SkuId, i64)>, Origin), Fault> {
    let select = Entity::find()
        .select_only()
        .columns([Column::SkuId, Column::Sequence])
        .filter(Column::Id.eq(flow_id.0))
        .into_query();
    let rows = table::read(database, table::statement(database, &select)).await?;
    let place = match rows.rows.first() {
        Some(row) => Some((SkuId(row.try_get_by_index(0)?), row.try_get_by_index(1)?)),
        None => None,
    };
    Ok((place, rows.origin))
}

/// What leads from an entry to the end of its chain.
struct Chained {
    content_hash: Hash,
    previous_hash: Hash,
    entry_hash: Hash,
    links: Vec<Hash>,
}

/// Reads the entry before, the entry itself, and those behind it that a proof has room for. What does
/// not lead to the end that was sealed is no proof.
async fn chained(database: &Database, sequence: i64, head: &SealHead) -> Result<Chained, Fault> {
    let sku_id = head.sku_id;
    let last = head.sequence.min(sequence.saturating_add(LINKS_MAX));
    let select = Entity::find()
        .filter(Column::SkuId.eq(sku_id.0))
        .filter(Column::Sequence.between(sequence.saturating_sub(1), last))
        .order_by_asc(Column::Sequence)
        .into_query();
    let any = ReadAfter::default();
    let read = entries::read(database, &select, of_primary(&any)).await?;
    let damaged =
        || Fault::corrupt(format!("the chain of SKU {sku_id} does not lead to its sealed end"));
    let mut flows = read.into_iter().map(|read: Read| read.map_err(|_unreadable| damaged()));
    let previous_hash = if sequence == 1 {
        Hash::NOTHING
    } else {
        let before: Flow = flows.next().ok_or_else(damaged)??;
        before.entry_hash.ok_or_else(damaged)?
    };
    let content_hash = flows.next().ok_or_else(damaged)??.content_hash();
    let entry_hash = link(previous_hash, content_hash);
    let links: Vec<Hash> =
        flows.map(|flow| Ok(flow?.content_hash())).collect::<Result<_, Fault>>()?;
    let wanted = usize::try_from(last.saturating_sub(sequence)).ok();
    let end = links.iter().fold(entry_hash, |hash, content| link(hash, *content));
    let is_led_to_end = last < head.sequence || end == head.hash;
    if wanted != Some(links.len()) || !is_led_to_end {
        return Err(damaged());
    }
    Ok(Chained { content_hash, previous_hash, entry_hash, links })
}

/// Grows the tree of a seal, watching one leaf.
async fn path(
    database: &Database,
    signed: &SignedSeal,
    head: &SealHead,
) -> Result<(Path, u64), Fault> {
    let seal = &signed.seal;
    let mut tree = Tree::default();
    let mut behind = AHEAD_OF_ALL;
    loop {
        let page = heads::sealed_behind(database, behind, seal.id, Books::LeftAside).await?;
        let Some(last) = page.last() else { break };
        behind = last.head.sku_id;
        for sealed in &page {
            let leaf = sealed.head.leaf();
            if sealed.head.sku_id == head.sku_id { tree.add_watched(leaf) } else { tree.add(leaf) }
        }
    }
    let leaf_count = tree.leaf_count();
    match tree.finish() {
        (root, Some(path)) if root == seal.merkle_root => Ok((path, leaf_count)),
        _ => Err(Fault::corrupt(format!("the ends on record are not those of seal {}", seal.id))),
    }
}
