//! Goes over all the books at once, in the order in which they were written.
//!
//! To read each SKU's history by itself is to jump through the table for every entry, which takes three
//! times as long on a warm machine and for ever on a cold one. So all entries are read in the order of
//! their ids, and of each SKU is remembered how far it is ([`standing`]); 200,000 SKUs in one pass,
//! so that memory has a bound. A SKU that does not fit is only suspected by this: whoever it is, is gone
//! over by itself afterwards ([`Audit::reconcile`], [`Audit::verify`]), and that tells what is wrong, or
//! that nothing is.
//!
//! How far it is can be kept ([`Place`]), and it goes on from there another time: the entry of each SKU
//! up to which it was checked is looked up again.

mod place;
mod refunds;
mod standing;

use std::collections::{HashMap, HashSet};

use entity::inventory_flow::{Column, Entity};
use sea_orm::sea_query::SelectStatement;
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    QueryTrait as _, Statement,
};

use super::entries::{self, PAGE_ENTRIES_MAX, Page, Read};
use super::stocks::ChainedStock;
use super::{Audit, Unreadable, any, wanted};
use crate::db::{Fault, ReadFrom};
use crate::domain::{Finding, FindingKind, FlowId, SkuId};
use crate::store::Loaded;
use refunds::Refunds;
use standing::Standings;

pub use place::Place;

/// SKUs of one pass; each takes some 130 bytes.
const SKUS_MAX: usize = 200_000;

/// SKUs whose newest entries one statement looks up.
const SKUS_LOOKED_UP: usize = 250;

/// Stocks of one statement.
const STOCKS_MAX: u64 = 5_000;

/// Findings that are kept; there may be as many as there are entries.
const FINDINGS_MAX: usize = 1_000;

/// What is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checks {
    /// Amounts, versions and refunds.
    Amounts,
    /// Hashes.
    Chains,
}

/// What came of going over the books.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// SKUs on the books.
    pub sku_count: u64,
    /// Entries that were checked.
    pub entry_count: u64,
    /// The last entry that was there when it began.
    pub last_flow_id: i64,
    /// What is wrong, as far as it is kept.
    pub findings: Vec<Finding>,
    /// How many things are wrong.
    pub finding_count: u64,
}

/// Who is told how far it is.
pub trait Watcher {
    /// It is at `place` now, or begins there.
    fn is_at(&mut self, place: &Place);
    /// After how many pages, of 2,000 entries, it is to be told of a place from which it can go on
    /// another time; `None` if of none. To come to one costs some time.
    fn keeps_every_pages(&self) -> Option<u32>;
    /// It can go on from `place` another time.
    fn keep(&mut self, place: &Place);
}

impl Audit {
    /// Goes over the books from `place` on, and tells `watcher` how far it is.
    ///
    /// # Errors
    ///
    /// [`StoreError`](crate::store::StoreError) when the database fails; it can go on from the last
    /// place that was told.
    pub async fn sweep(
        &self,
        checks: Checks,
        mut place: Place,
        watcher: &mut (impl Watcher + Send),
    ) -> Loaded<Swept> {
        if place.until == 0 {
            place.until = self.last_flow_id().await?;
        }
        watcher.is_at(&place);
        let mut swept = Swept { last_flow_id: place.until, ..Swept::default() };
        loop {
            let (stocks, until) = self.stocks_of_pass(place.behind_sku).await?;
            let mut standings = Standings::new(checks, &stocks, place.behind_sku, until);
            if checks == Checks::Amounts {
                standings.compare(self.all_checkpoints(place.behind_sku, until).await?);
            }
            swept.sku_count =
                swept.sku_count.saturating_add(u64::try_from(stocks.len()).unwrap_or_default());
            drop(stocks);
            self.begin(&mut standings, place.through).await?;
            self.pass(checks, &mut standings, &mut place, &mut swept, watcher).await?;
            let beyond = standings.beyond();
            self.judge_beyond(&beyond, &mut standings).await?;
            place.suspects.extend(standings.finish());
            if until == i64::MAX {
                break;
            }
            place.behind_sku = until;
            place.through = place.since;
            watcher.keep(&place);
        }
        for id in &place.nowhere {
            let finding = Finding::of(FindingKind::EntryUnreadable, SkuId(0));
            swept.findings.push(Finding { flow_ids: vec![FlowId(*id)], ..finding });
            swept.finding_count = swept.finding_count.saturating_add(1);
        }
        for sku_id in place.suspects.iter().copied() {
            let findings = match checks {
                Checks::Amounts => {
                    let (stock, _origin) = self.stock(sku_id, ReadFrom::Primary, &any()).await?;
                    let stock = stock.map(|it| it.stock);
                    self.reconcile(sku_id, stock, ReadFrom::Primary).await?.findings
                }
                Checks::Chains => {
                    let behind = self.sequence_at(sku_id, place.since).await?;
                    self.verify(sku_id, behind).await?.findings
                }
            };
            swept.finding_count = swept.finding_count.saturating_add(findings.count);
            let room = FINDINGS_MAX.saturating_sub(swept.findings.len());
            swept.findings.extend(findings.kept.into_iter().take(room));
        }
        Ok(swept)
    }

    async fn last_flow_id(&self) -> Result<i64, Fault> {
        let sql = "SELECT id FROM t_inventory_flow ORDER BY id DESC LIMIT 1";
        let statement = Statement::from_string(self.database().dialect().backend(), sql);
        let any = any();
        let wanted = wanted(ReadFrom::Primary, &any);
        let rows = self.database().read(statement, wanted).await?.rows;
        Ok(rows.first().map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default())
    }

    /// The stocks of the pass behind a SKU, and the last SKU that belongs to it.
    async fn stocks_of_pass(&self, behind: i64) -> Result<(Vec<ChainedStock>, i64), Fault> {
        let mut stocks: Vec<ChainedStock> = Vec::new();
        let mut last = behind;
        while stocks.len() < SKUS_MAX {
            let page = self.stocks_behind(last, STOCKS_MAX).await?;
            let Some(newest) = page.last() else { return Ok((stocks, i64::MAX)) };
            last = newest.stock.sku_id.0;
            stocks.extend(page);
        }
        Ok((stocks, last))
    }

    /// Has the SKUs begin behind the entries up to which they were checked.
    async fn begin(&self, standings: &mut Standings, through: i64) -> Loaded<()> {
        if through == 0 {
            return Ok(());
        }
        let sku_ids: Vec<SkuId> = standings.sku_ids().collect();
        for chunk in sku_ids.chunks(SKUS_LOOKED_UP) {
            let wanted_skus: HashSet<SkuId> = chunk.iter().copied().collect();
            for read in self.newest_entries(chunk, through).await? {
                match read {
                    Ok(flow) if flow.id.0 <= through && wanted_skus.contains(&flow.sku_id) => {
                        standings.begin_behind(&flow);
                    }
                    Err(Unreadable { place: Some((sku_id, _sequence)), .. }) => {
                        standings.suspect(sku_id);
                    }
                    Ok(_) | Err(_) => {}
                }
            }
        }
        Ok(())
    }

    /// The newest entry up to an id of each of these SKUs, and perhaps some others.
    async fn newest_entries(&self, sku_ids: &[SkuId], until: i64) -> Result<Vec<Read>, Fault> {
        let Some(query) = self.store().newest_entries_query(sku_ids, FlowId(until)) else {
            return Ok(Vec::new());
        };
        entries::read(self.database(), &query, wanted(ReadFrom::Primary, &any())).await
    }

    /// The sequence of a SKU's newest entry up to an id; 0 if it has none that can be read.
    async fn sequence_at(&self, sku_id: SkuId, until: i64) -> Result<i64, Fault> {
        if until == 0 {
            return Ok(0);
        }
        let newest = self.newest_entries(&[sku_id], until).await?;
        let own = newest.into_iter().flatten().find(|flow| flow.sku_id == sku_id);
        Ok(own.filter(|flow| flow.id.0 <= until).map_or(0, |flow| flow.sequence))
    }

    /// Goes over the entries once.
    async fn pass(
        &self,
        checks: Checks,
        standings: &mut Standings,
        place: &mut Place,
        swept: &mut Swept,
        watcher: &mut (impl Watcher + Send),
    ) -> Loaded<()> {
        let (until, mut refunds) = (place.until, Refunds::new(place.through > 0));
        let mut page = self.page(place.through, until).await?;
        let mut pages = 0_u32;
        loop {
            let last = page.last_id()?;
            if last == 0 {
                break;
            }
            // The database reads on while these are made into entries and checked.
            let checking = async {
                let entries = page.entries()?;
                for read in entries.iter().flatten() {
                    check(checks, read, (standings, place), &mut refunds, swept);
                }
                Ok::<bool, Fault>(entries.is_some())
            };
            let (next, checked) = tokio::join!(self.page(last, until), checking);
            page = next?;
            if !checked? {
                for read in &self.rows(place.through, last).await? {
                    check(checks, read, (standings, place), &mut refunds, swept);
                }
            }
            pages = pages.saturating_add(1);
            let keep = watcher.keeps_every_pages().is_some_and(|every| pages.is_multiple_of(every));
            if keep || refunds.is_full() {
                self.judge(&mut refunds, standings).await?;
            }
            place.through = last;
            watcher.is_at(place);
            if keep {
                place.suspects.append(&mut standings.take_suspects());
                watcher.keep(place);
            }
        }
        self.judge(&mut refunds, standings).await
    }

    async fn judge(&self, refunds: &mut Refunds, standings: &mut Standings) -> Loaded<()> {
        for sku_id in self.judge_refunds(refunds).await? {
            standings.suspect(sku_id);
        }
        Ok(())
    }

    /// The next entries up to an id.
    async fn page(&self, behind: i64, until: i64) -> Result<Page, Fault> {
        let any = any();
        let wanted = wanted(ReadFrom::Primary, &any);
        entries::fetch(self.database(), &page_query(behind, until), wanted).await
    }

    /// The same, row by row.
    async fn rows(&self, behind: i64, until: i64) -> Result<Vec<Read>, Fault> {
        let any = any();
        let wanted = wanted(ReadFrom::Primary, &any);
        let query = page_query(behind, until);
        Ok(entries::read_with_origin(self.database(), &query, wanted).await?.0)
    }

    /// Asks again for the stocks of SKUs that have entries beyond the versions that were read.
    async fn judge_beyond(
        &self,
        beyond: &[(SkuId, i64)],
        standings: &mut Standings,
    ) -> Result<(), Fault> {
        for chunk in beyond.chunks(500) {
            let sku_ids: Vec<SkuId> = chunk.iter().map(|(sku_id, _sequence)| *sku_id).collect();
            let known: HashMap<SkuId, i64> = self
                .stocks_of(&sku_ids)
                .await?
                .iter()
                .map(|it| (it.stock.sku_id, it.stock.version))
                .collect();
            for (sku_id, sequence) in chunk {
                if known.get(sku_id).is_none_or(|version| version < sequence) {
                    standings.suspect(*sku_id);
                }
            }
        }
        Ok(())
    }
}

fn page_query(behind: i64, until: i64) -> SelectStatement {
    Entity::find()
        .filter(Column::Id.gt(behind))
        .filter(Column::Id.lte(until))
        .order_by_asc(Column::Id)
        .limit(PAGE_ENTRIES_MAX)
        .into_query()
}

fn check(
    checks: Checks,
    read: &Read,
    (standings, place): (&mut Standings, &mut Place),
    refunds: &mut Refunds,
    swept: &mut Swept,
) {
    let flow = match read {
        Ok(flow) => flow,
        Err(Unreadable { place: Some((sku_id, _sequence)), .. }) => {
            return standings.suspect(*sku_id);
        }
        Err(nowhere) => {
            // Nobody's history has it, so that it is told by itself.
            place.nowhere.insert(nowhere.id.0);
            return;
        }
    };
    if !standings.has(flow.sku_id) {
        return;
    }
    swept.entry_count = swept.entry_count.saturating_add(1);
    standings.entry(flow);
    if checks == Checks::Amounts {
        refunds.entry(flow);
    }
}
