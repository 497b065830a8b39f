//! Holds a seal against the books.
//!
//! Of each SKU the end that was sealed is on record in `t_inventory_seal_head`. It is compared with the
//! entry that the books have at that sequence now, by its id and its hash; and the root of the tree is
//! computed anew from all of these ends. If somebody has changed the books, an end differs from its
//! entry; if they have changed the record along with them, the root differs from that of the seal, which
//! lies elsewhere. Then nothing but a copy of the record tells which SKU it is.
//!
//! That the hashes along a chain follow from what its entries say is not looked at here: the end of a
//! chain stands for all of it only together with the verification of the chains.
//!
//! It reads page by page, and what it keeps does not grow with the books.

use super::finding::{Findings, SealFinding, SealFindingKind as Kind};
use super::heads::{self, AHEAD_OF_ALL, Books, Sealed};
use super::key::SealPublicKey;
use super::table;
use crate::audit::Audit;
use crate::db::{Database, Fault};
use crate::domain::{FlowId, Hash, Seal, SealId, SignedSeal, merkle::Tree};
use crate::store::Loaded;

/// Seals of one statement.
const PAGE_SEALS_MAX: u64 = 1_000;

/// By which key a signature was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckedBy {
    /// By one that was given.
    GivenKey,
    /// By the one that the seal names itself: whoever can write a seal can name any.
    OwnKey,
    /// By none: the seal is not signed, and no key was given.
    Nothing,
}

/// What became of a check.
#[derive(Clone, Debug)]
pub struct SealCheck {
    /// The seal.
    pub seal: Seal,
    /// By which key its signature was checked.
    pub checked_by: CheckedBy,
    /// SKUs whose ends were compared.
    pub sku_count: i64,
    /// Seals of the table whose chain was followed.
    pub seal_count: u64,
    /// What is wrong; nothing if the seal holds.
    pub findings: Vec<SealFinding>,
    /// How many findings there are besides.
    pub findings_left_out: u64,
}

impl SealCheck {
    /// Whether nothing is wrong.
    pub fn holds(&self) -> bool {
        self.findings.is_empty() && self.findings_left_out == 0
    }
}

impl Audit {
    /// Holds a seal, as it was kept elsewhere, against the books and against the table of seals. Its
    /// signature is checked by `key` if there is one, and otherwise by the key that it names itself.
    ///
    /// # Errors
    ///
    /// [`StoreError`](crate::store::StoreError) when the database fails. What is wrong with the seal or
    /// the books is no error, but a finding.
    pub async fn check_seal(
        &self,
        signed: &SignedSeal,
        key: Option<&SealPublicKey>,
    ) -> Loaded<SealCheck> {
        let mut findings = Findings::default();
        let checked_by = check_signature(signed, key, &mut findings);
        let seal_count = check_table(self.database(), signed, &mut findings).await?;
        let sku_count = check_ends(self.database(), &signed.seal, &mut findings).await?;
        Ok(SealCheck {
            seal: signed.seal,
            checked_by,
            sku_count,
            seal_count,
            findings: findings.told,
            findings_left_out: findings.left_out,
        })
    }

    /// The newest seal of the table; `None` if there is none. A seal from there can be held against
    /// the books as well, and is worth as much as the table is.
    ///
    /// # Errors
    ///
    /// [`StoreError`](crate::store::StoreError) when the database fails.
    pub async fn newest_seal(&self) -> Loaded<Option<SignedSeal>> {
        Ok(table::newest(self.database()).await?)
    }
}

fn check_signature(
    signed: &SignedSeal,
    key: Option<&SealPublicKey>,
    findings: &mut Findings,
) -> CheckedBy {
    let id = signed.seal.id;
    let wrong = "the signature is not one over the statement by";
    match (&signed.signature, key) {
        (None, None) => CheckedBy::Nothing,
        (None, Some(_key)) => {
            let text = "the seal is not signed";
            findings.add(SealFinding::of_seal(Kind::SealUnsigned, id, text));
            CheckedBy::GivenKey
        }
        (Some(by), None) => {
            if !SealPublicKey(by.public_key).verifies(signed) {
                let text = format!("{wrong} the key that the seal names");
                findings.add(SealFinding::of_seal(Kind::SealSignatureWrong, id, text));
            }
            CheckedBy::OwnKey
        }
        (Some(by), Some(key)) => {
            if by.public_key != key.0 {
                let text = "the seal names another key than the one that was given";
                findings.add(SealFinding::of_seal(Kind::SealKeyDiffers, id, text));
            }
            if !key.verifies(signed) {
                let text = format!("{wrong} the key that was given");
                findings.add(SealFinding::of_seal(Kind::SealSignatureWrong, id, text));
            }
            CheckedBy::GivenKey
        }
    }
}

/// Follows the chain of the seals in the table, and compares the one of the seal's number. Answers how
/// many there are.
async fn check_table(
    database: &Database,
    signed: &SignedSeal,
    findings: &mut Findings,
) -> Result<u64, Fault> {
    let mut chain = SealChain { signed, id: SealId(0), hash: Hash::NOTHING, is_there: false };
    let mut seal_count = 0_u64;
    loop {
        let rows = table::rows_behind(database, chain.id.0, PAGE_SEALS_MAX).await?;
        if rows.is_empty() {
            break;
        }
        for row in &rows {
            seal_count = seal_count.saturating_add(1);
            chain.follow(SealId(row.id), table::seal_from_row(row).as_ref(), findings);
        }
    }
    if !chain.is_there {
        let id = signed.seal.id;
        let text = "the table has no seal of this number: it was taken away, or the seal is of other \
                    books";
        findings.add(SealFinding::of_seal(Kind::SealMissing, id, text));
    }
    Ok(seal_count)
}

/// How far the chain of the seals was followed.
struct SealChain<'a> {
    signed: &'a SignedSeal,
    id: SealId,
    hash: Hash,
    is_there: bool,
}

impl SealChain<'_> {
    fn follow(&mut self, id: SealId, row: Option<&SignedSeal>, findings: &mut Findings) {
        let kept = &self.signed.seal;
        let before = std::mem::replace(&mut self.id, id);
        if Some(id.0) != before.0.checked_add(1) {
            let text = format!("the seal before it in the table is {before}: some were taken away");
            findings.add(SealFinding::of_seal(Kind::SealChainBroken, id, text));
        }
        // What is kept elsewhere is believed before the table.
        let hash_before = std::mem::replace(
            &mut self.hash,
            row.map_or(
                Hash::NOTHING,
                |row| if id == kept.id { kept.hash() } else { row.seal.hash() },
            ),
        );
        let Some(row) = row else {
            self.is_there |= id == kept.id;
            let text = "a column of the seal's row in the table makes no sense";
            return findings.add(SealFinding::of_seal(Kind::SealDiffers, id, text));
        };
        if id == kept.id {
            self.is_there = true;
            let differs = differences(self.signed, row);
            if !differs.is_empty() {
                let text =
                    format!("the table's seal of this number is another: {}", differs.join(", "));
                findings.add(SealFinding::of_seal(Kind::SealDiffers, id, text));
            }
        }
        let previous_hash = if id == kept.id { kept.previous_hash } else { row.seal.previous_hash };
        if previous_hash != hash_before {
            let text =
                format!("it does not have the hash of seal {before}: one of them was changed");
            findings.add(SealFinding::of_seal(Kind::SealChainBroken, id, text));
        }
        let verified = row.signature.is_none_or(|by| SealPublicKey(by.public_key).verifies(row));
        if id != kept.id && !verified {
            let text = "the signature in the table is not one over the statement by the key there";
            findings.add(SealFinding::of_seal(Kind::SealSignatureWrong, id, text));
        }
    }
}

/// The columns in which a seal as it was kept and its row differ.
fn differences(kept: &SignedSeal, row: &SignedSeal) -> Vec<&'static str> {
    let (one, other) = (&kept.seal, &row.seal);
    let columns = [
        ("sealed_at", one.sealed_at != other.sealed_at),
        ("sku_count", one.sku_count != other.sku_count),
        ("last_flow_id", one.last_flow_id != other.last_flow_id),
        ("merkle_root", one.merkle_root != other.merkle_root),
        ("previous_hash", one.previous_hash != other.previous_hash),
        ("public_key, signature", kept.signature != row.signature),
    ];
    columns.into_iter().filter_map(|(name, differs)| differs.then_some(name)).collect()
}

/// Compares the ends on record with the books, and their root with the seal's. Answers how many there
/// are.
async fn check_ends(
    database: &Database,
    seal: &Seal,
    findings: &mut Findings,
) -> Result<i64, Fault> {
    let (mut tree, mut sku_count, mut last_flow_id) = (Tree::default(), 0_i64, FlowId(0));
    let mut behind = AHEAD_OF_ALL;
    loop {
        let page = heads::sealed_behind(database, behind, seal.id, Books::Compared).await?;
        let Some(last) = page.last() else { break };
        behind = last.head.sku_id;
        for sealed in &page {
            tree.add(sealed.head.leaf());
            sku_count = sku_count.saturating_add(1);
            last_flow_id = last_flow_id.max(sealed.head.flow_id);
            if !sealed.fits() {
                if findings.has_room() {
                    findings.add(differing(database, seal.id, sealed).await?);
                } else {
                    findings.leave_out();
                }
            }
        }
    }
    let (root, _path) = tree.finish();
    let holds =
        (root, sku_count, last_flow_id) == (seal.merkle_root, seal.sku_count, seal.last_flow_id);
    if !holds {
        let text = format!(
            "t_inventory_seal_head does not have the ends that were sealed, but others: {sku_count} \
             SKUs, last entry {last_flow_id} and root {root}, where the seal has {}, {} and {}",
            seal.sku_count, seal.last_flow_id, seal.merkle_root
        );
        findings.add(SealFinding::of_seal(Kind::SealRootDiffers, seal.id, text));
    }
    Ok(sku_count)
}

/// What is wrong with an end that does not fit, and since where.
async fn differing(
    database: &Database,
    seal_id: SealId,
    sealed: &Sealed,
) -> Result<SealFinding, Fault> {
    let head = &sealed.head;
    let fits_until = heads::fits_until(database, head.sku_id, seal_id).await?.unwrap_or_default();
    let since = fits_until.saturating_add(1);
    let (kind, what) = match sealed.entry {
        None => (Kind::SealedEntryMissing, "is missing".to_owned()),
        Some(entry) if entry.flow_id != head.flow_id => {
            let text = format!("is another, of the id {}", entry.flow_id);
            (Kind::SealedEntryDiffers, text)
        }
        Some(_entry) => (Kind::SealedEntryDiffers, "has another hash".to_owned()),
    };
    let message = format!(
        "the entry that was sealed {what}: the SKU's history was changed somewhere from sequence \
         {since} to {}",
        head.sequence
    );
    Ok(SealFinding {
        kind,
        seal_id,
        sku_id: Some(head.sku_id),
        flow_id: Some(head.flow_id),
        sequence: Some(head.sequence),
        message,
    })
}
