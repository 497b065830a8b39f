//! Stocks by SKU, from wherever they may be had: from a copy at hand, from Redis, from a replica,
//! from the primary, each where the one before will not do.
//!
//! SKUs that many ask for at once are asked for together ([`Gather`]), so that a copy that has just
//! grown too old sends one question to the database and not a thousand. What is loaded becomes a
//! copy for those who come next.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use entity::inventory::{Column, Entity, Model};
use futures_util::FutureExt as _;
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, FromQueryResult as _, QueryFilter as _, QueryTrait as _,
};

use super::{Asked, Found, Loaded, Store, StoreError};
use crate::cache::{Renewal, StockCache, StockCopy};
use crate::db::{Database, Fault, ReadFrom, Wanted, inventory_from_row};
use crate::domain::filter::Consistency;
use crate::domain::{Inventory, Origin, ReadAfter, SkuId, Source, Visibility};
use crate::gather::{Gather, GatherSettings, NotAsked};

/// SKUs of one statement: those of the longest page, or of many who ask for one each.
const SKUS_MAX: usize = 500;

/// Statements under way at once, to replicas and to the primary.
const STATEMENTS_MAX: usize = 4;

/// Those who may wait for one; one more is answered with `BUSY`.
const WAITING_MAX: usize = 10_000;

/// How long a read of stocks may take, the waiting for others included. They are found by their
/// keys; a database that takes longer does not answer at all.
const LOAD_MAX: Duration = Duration::from_secs(5);

/// What was found of a SKU, for whoever may see it.
#[derive(Clone, Copy, Debug)]
struct Sourced {
    copy: StockCopy,
    source: Source,
    /// Since when it may be outdated that there is nothing to be seen, for whom there is nothing:
    /// since it was read, whatever a copy of what they do not see knows better.
    read_as_of: Instant,
}

impl Sourced {
    fn by_cache(copy: StockCopy) -> Self {
        Self { copy, source: Source::Cache, read_as_of: copy.as_of }
    }

    /// What it tells those who see these books: of a SKU of another merchant the same, to the letter
    /// and of the same age, as of one that does not exist.
    fn seen(self, visibility: Visibility) -> Self {
        if may_answer(&self.copy, visibility) {
            return self;
        }
        let copy = StockCopy { stock: None, as_of: self.read_as_of, ..self.copy };
        Self { copy, ..self }
    }
}

/// Whether a copy may answer those who see these books. Who sees one merchant's is never answered
/// by a copy that a SKU does not exist: whether there is such a copy would tell whether others have
/// one.
fn may_answer(copy: &StockCopy, visibility: Visibility) -> bool {
    match copy.stock {
        Some(stock) => visibility.shows(stock.merchant_id),
        None => visibility == Visibility::All,
    }
}

/// The rows in which those wait who ask the database for stocks. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Loads {
    replicas: Gather<SkuId, Sourced, StoreError>,
    primary: Gather<SkuId, Sourced, StoreError>,
}

impl Loads {
    /// Rows before `database`, whose answers are kept in `cache`.
    pub(super) fn new(database: &Database, cache: &StockCache) -> Self {
        let row = |from| {
            let (database, cache) = (database.clone(), cache.clone());
            let settings = GatherSettings {
                keys_max: SKUS_MAX,
                questions_max: STATEMENTS_MAX,
                waiting_max: WAITING_MAX,
                pause: Duration::ZERO,
            };
            Gather::new(settings, not_asked, move |sku_ids| {
                let loaded = load(database.clone(), cache.clone(), from, sku_ids);
                in_time(loaded).boxed()
            })
        };
        Self { replicas: row(ReadFrom::Replica), primary: row(ReadFrom::Primary) }
    }

    /// What the database answers, within its time.
    async fn get(
        &self,
        from: ReadFrom,
        sku_ids: Vec<SkuId>,
    ) -> Result<Arc<HashMap<SkuId, Sourced>>, StoreError> {
        let row = match from {
            ReadFrom::Replica => &self.replicas,
            ReadFrom::Primary => &self.primary,
        };
        in_time(row.get(sku_ids)).await
    }
}

fn not_asked(why: NotAsked) -> StoreError {
    match why {
        NotAsked::Crowded => Fault::crowded().into(),
        NotAsked::Lost => Fault::lost().into(),
    }
}

async fn in_time<T>(loaded: impl Future<Output = Loaded<T>>) -> Loaded<T> {
    let loaded = tokio::time::timeout(LOAD_MAX, loaded).await;
    loaded.unwrap_or_else(|_elapsed| Err(Fault::silent().into()))
}

/// Asks the database, and keeps what it answers. A SKU that it does not have is answered as such.
async fn load(
    database: Database,
    cache: StockCache,
    from: ReadFrom,
    sku_ids: Vec<SkuId>,
) -> Result<HashMap<SkuId, Sourced>, StoreError> {
    let ids = sku_ids.iter().map(|sku_id| sku_id.0);
    let query = Entity::find().filter(Column::SkuId.is_in(ids)).into_query();
    let statement = database.dialect().backend().build(&query);
    let any = ReadAfter::default();
    let read = database
        .read(statement, Wanted { from, reached: &any, visibility: Visibility::All, few: true })
        .await?;
    let Origin { source, as_of } = read.origin;
    let mut copies: HashMap<SkuId, StockCopy> = sku_ids
        .into_iter()
        .map(|sku_id| (sku_id, StockCopy { sku_id, stock: None, as_of }))
        .collect();
    for row in &read.rows {
        let stock = inventory_from_row(&Model::from_query_result(row, "")?);
        copies.insert(stock.sku_id, StockCopy::of(stock, as_of));
    }
    let copies: Vec<StockCopy> = copies.into_values().collect();
    let newest = cache.put(&copies);
    let now = Instant::now();
    let told = copies.into_iter().zip(newest).map(|(asked_for, newest)| {
        // The primary has the last word, and so has a replica where an old copy claims to be newer:
        // the books may have been put back to an older state, or the copy made up.
        let too_old = newest.as_of < asked_for.as_of && newest.age(now) > cache.age_max();
        if source == Source::Primary || too_old {
            return asked_for;
        }
        // What is newer has all that this one has, whatever else is known of its age.
        StockCopy { as_of: newest.as_of.max(asked_for.as_of), ..newest }
    });
    let sourced = |copy: StockCopy| (copy.sku_id, Sourced { copy, source, read_as_of: as_of });
    Ok(told.map(sourced).collect())
}

/// The stocks of one question while they are being found.
struct Search<'a> {
    asked: &'a Asked,
    stocks: HashMap<SkuId, Inventory>,
    origin: Option<Origin>,
    missing: Vec<SkuId>,
}

impl<'a> Search<'a> {
    fn of(sku_ids: &[SkuId], asked: &'a Asked) -> Self {
        let stocks = HashMap::with_capacity(sku_ids.len());
        Self { asked, stocks, origin: None, missing: sku_ids.to_vec() }
    }

    /// Takes what is new enough; the rest is missing still.
    fn take(&mut self, find: impl Fn(SkuId) -> Option<Sourced>) {
        let Asked { read_after, visibility, .. } = self.asked;
        self.take_any(|sku_id| {
            let version_min = read_after.version_min(sku_id);
            find(sku_id).filter(|found| found.seen(*visibility).copy.version() >= version_min)
        });
    }

    /// Takes what is there; the rest is missing still.
    fn take_any(&mut self, find: impl Fn(SkuId) -> Option<Sourced>) {
        for sku_id in std::mem::take(&mut self.missing) {
            match find(sku_id) {
                Some(found) => {
                    let Sourced { copy, source, .. } = found.seen(self.asked.visibility);
                    self.found(copy.stock, Origin { source, as_of: copy.as_of });
                }
                None => self.missing.push(sku_id),
            }
        }
    }

    fn found(&mut self, stock: Option<Inventory>, origin: Origin) {
        self.origin = Some(self.origin.map_or(origin, |oldest| oldest.or_older(origin)));
        if let Some(stock) = stock {
            self.stocks.insert(stock.sku_id, stock);
        }
    }
}

impl Store {
    /// A SKU's stock by the copy that is at hand, if there is one that will do; `None` within if
    /// the SKU does not exist, which is told only to those who see everybody's books. Waits for nobody; a copy that is due is renewed behind the back of
    /// who asks.
    pub fn at_hand(&self, sku_id: SkuId, asked: &Asked) -> Option<Found<Option<Inventory>>> {
        if let Some(stock) = self.stock_in_memory {
            return Some(Found::of_nobody(Some(stock(sku_id))));
        }
        let (copy, renewal) = self.cache.at_hand(sku_id, &asked.read_after)?;
        if let Some(renewal) = renewal {
            self.renew(sku_id, renewal);
        }
        if !may_answer(&copy, asked.visibility) {
            return None;
        }
        let origin = Origin { source: Source::Cache, as_of: copy.as_of };
        Some(Found { value: copy.stock, origin })
    }

    /// Stocks by SKU; those that do not exist are left out.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database fails.
    pub async fn load_inventories(
        &self,
        sku_ids: &[SkuId],
        asked: &Asked,
    ) -> Loaded<Found<HashMap<SkuId, Inventory>>> {
        let mut search = Search::of(sku_ids, asked);
        if asked.consistency == Consistency::Cached {
            for sku_id in std::mem::take(&mut search.missing) {
                match self.at_hand(sku_id, asked) {
                    Some(Found { value, origin }) => search.found(value, origin),
                    None => search.missing.push(sku_id),
                }
            }
        }
        self.search_on(search).await
    }

    /// The same for SKUs of which no copy is at hand.
    ///
    /// # Errors
    ///
    /// [`StoreError`] when the database fails.
    pub async fn load_beyond_hand(
        &self,
        sku_ids: &[SkuId],
        asked: &Asked,
    ) -> Loaded<Found<HashMap<SkuId, Inventory>>> {
        self.search_on(Search::of(sku_ids, asked)).await
    }

    /// Has a copy renewed. Whether that succeeds, nobody waits for.
    fn renew(&self, sku_id: SkuId, renewal: Renewal) {
        let (cache, loads) = (self.cache.clone(), self.loads.clone());
        #[expect(clippy::disallowed_methods, reason = "nobody waits for it, and it ends in time")]
        drop(tokio::spawn(async move {
            match renewal {
                Renewal::FromRedis => drop(cache.fetch(&[sku_id], &ReadAfter::default()).await),
                Renewal::FromBooks => drop(loads.get(ReadFrom::Replica, vec![sku_id]).await),
            }
        }));
    }

    async fn search_on(&self, mut search: Search<'_>) -> Loaded<Found<HashMap<SkuId, Inventory>>> {
        let asked = search.asked;
        if asked.consistency == Consistency::Cached && !search.missing.is_empty() {
            let fetched = self.cache.fetch(&search.missing, &asked.read_after).await;
            search.take(|sku_id| {
                let copy = fetched.get(&sku_id).copied()?;
                may_answer(&copy, asked.visibility).then_some(Sourced::by_cache(copy))
            });
        }
        if let Err(error) = self.search_books(&mut search).await {
            self.search_leftovers(&mut search, error)?;
        }
        Ok(Found::of_several(search.stocks, search.origin))
    }

    /// Asks a replica, then the primary, as far as is allowed and needed.
    async fn search_books(&self, search: &mut Search<'_>) -> Result<(), StoreError> {
        let asked = search.asked;
        if asked.consistency != Consistency::Primary && !search.missing.is_empty() {
            let loaded = self.loads.get(ReadFrom::Replica, search.missing.clone()).await?;
            // What the primary has not reached, nobody has: the token is of other books.
            search.take(|sku_id| loaded.get(&sku_id).copied());
            search.take_any(|sku_id| {
                loaded.get(&sku_id).copied().filter(|found| found.source == Source::Primary)
            });
        }
        if !search.missing.is_empty() {
            let loaded = self.loads.get(ReadFrom::Primary, search.missing.clone()).await?;
            search.take_any(|sku_id| loaded.get(&sku_id).copied());
        }
        Ok(())
    }

    /// Takes the copies that would have done, had others not been expected to know better.
    fn search_leftovers(
        &self,
        search: &mut Search<'_>,
        error: StoreError,
    ) -> Result<(), StoreError> {
        let asked = search.asked;
        if asked.consistency == Consistency::Cached {
            search.take(|sku_id| {
                let copy = self.cache.still_of_use(sku_id, &asked.read_after)?;
                may_answer(&copy, asked.visibility).then_some(Sourced::by_cache(copy))
            });
        }
        if search.missing.is_empty() { Ok(()) } else { Err(error) }
    }
}

/// What a [`Store`] answers of stocks if it asks nobody.
pub(super) type StockInMemory = fn(SkuId) -> Inventory;
