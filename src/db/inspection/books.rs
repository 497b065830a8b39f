//! A look at some of the books: whether what is left of a SKU is what its entries add up to. It
//! proves nothing of the others.

use std::time::Instant;

use sea_orm::{ConnectionTrait as _, DbErr, QueryResult};

use super::Inspection;
use crate::db::{Dialect, Fault};
use crate::domain::SkuId;

/// SKUs of one statement.
const PAGE_SKUS_MAX: usize = 200;

/// Entries that one statement may add up.
const PAGE_ENTRIES_MAX: i64 = 100_000;

/// SKUs that are named when they are wrong.
const NAMED_MAX: usize = 10;

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BooksFound {
    /// SKUs on the books.
    pub skus: i64,
    /// Those that were looked at.
    pub skus_checked: usize,
    /// Those of them whose entries were added up; the history of others is too long, and only
    /// their newest entry was looked at.
    pub sums_checked: usize,
    /// How many are wrong.
    pub skus_wrong: usize,
    /// Some of those.
    pub wrong: Vec<SkuId>,
}

impl Inspection {
    /// Looks at the SKUs that were changed last: so many, and until `deadline`.
    ///
    /// # Errors
    ///
    /// [`Fault`] when the database does not answer, or has no such tables.
    pub async fn look_at_books(
        &self,
        skus_max: usize,
        deadline: Instant,
    ) -> Result<BooksFound, Fault> {
        let skus = self.ask("SELECT COUNT(*) FROM t_inventory").await?.unwrap_or_default();
        let sql = format!(
            "SELECT sku_id, version FROM t_inventory ORDER BY updated_at DESC LIMIT {skus_max}"
        );
        let rows = self.connection.query_all_raw(self.statement(&sql)).await?;
        let known: Vec<(i64, i64)> = rows
            .iter()
            .map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?)))
            .collect::<Result<_, DbErr>>()?;
        let mut found = BooksFound { skus, ..BooksFound::default() };
        let (short, long): (Vec<_>, Vec<_>) =
            known.into_iter().partition(|(_sku_id, entries)| *entries <= PAGE_ENTRIES_MAX);
        for (page, add_up) in pages(&short)
            .map(|page| (page, true))
            .chain(long.chunks(PAGE_SKUS_MAX).map(|page| (page, false)))
        {
            if Instant::now() >= deadline {
                break;
            }
            let sql = page_sql(self.dialect, page, add_up);
            for row in self.connection.query_all_raw(self.statement(&sql)).await? {
                found.add(&row, add_up)?;
            }
        }
        Ok(found)
    }
}

impl BooksFound {
    fn add(&mut self, row: &QueryResult, added_up: bool) -> Result<(), DbErr> {
        let sku_id = SkuId(row.try_get_by_index(0)?);
        let left = i64::from(row.try_get_by_index::<i32>(1)?);
        let version: i64 = row.try_get_by_index(2)?;
        let newest: Option<i32> = row.try_get_by_index(3)?;
        let mut holds = newest.map(i64::from) == Some(left);
        if added_up {
            let entries: i64 = row.try_get_by_index(4)?;
            let sum: Option<i64> = row.try_get_by_index(5)?;
            holds &= entries == version && sum == Some(left);
            self.sums_checked = self.sums_checked.saturating_add(1);
        }
        self.skus_checked = self.skus_checked.saturating_add(1);
        if !holds {
            self.skus_wrong = self.skus_wrong.saturating_add(1);
            if self.wrong.len() < NAMED_MAX {
                self.wrong.push(sku_id);
            }
        }
        Ok(())
    }
}

/// Cuts where a page would have too many SKUs, or entries.
fn pages(known: &[(i64, i64)]) -> impl Iterator<Item = &[(i64, i64)]> {
    let mut entries = 0_i64;
    let mut skus = 0_usize;
    known.chunk_by(move |(_sku_id, these), (_next_id, next)| {
        entries = entries.saturating_add(*these);
        skus = skus.saturating_add(1);
        let together = skus < PAGE_SKUS_MAX && entries.saturating_add(*next) <= PAGE_ENTRIES_MAX;
        if !together {
            (entries, skus) = (0, 0);
        }
        together
    })
}

/// One statement, so that all of it is from one moment.
fn page_sql(dialect: Dialect, page: &[(i64, i64)], add_up: bool) -> String {
    let ids: Vec<String> = page.iter().map(|(sku_id, _entries)| sku_id.to_string()).collect();
    let ids = ids.join(", ");
    let whole = match dialect {
        Dialect::MariaDb | Dialect::MySql => "SIGNED",
        Dialect::Sqlite | Dialect::Postgres => "bigint",
    };
    let own = "FROM t_inventory_flow f WHERE f.sku_id = i.sku_id";
    let sums = if add_up {
        format!(", (SELECT COUNT(*) {own}), (SELECT CAST(-SUM(f.quantity_trade) AS {whole}) {own})")
    } else {
        String::new()
    };
    format!(
        "SELECT i.sku_id, i.leaved_amount, i.version, \
         (SELECT f.leaved_after {own} AND f.sequence = i.version){sums} \
         FROM t_inventory i WHERE i.sku_id IN ({ids})"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_a_bound_of_skus_and_one_of_entries() {
        let lengths = |known: &[(i64, i64)]| pages(known).map(<[_]>::len).collect::<Vec<_>>();
        assert_eq!(lengths(&[]), [0; 0]);
        assert_eq!(lengths(&vec![(1, 1); PAGE_SKUS_MAX + 1]), [PAGE_SKUS_MAX, 1]);
        let (most, half) = ((1, PAGE_ENTRIES_MAX), (1, PAGE_ENTRIES_MAX / 2));
        assert_eq!(lengths(&[most, most, half, half, half]), [1, 1, 2, 1]);
    }
}
