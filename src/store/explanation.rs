//! What happened between two entries of a SKU, by cause.
//!
//! Both are places in the SKU's sequence, and entries are only ever added behind the newest: so what is
//! read of the stretch between them, by however many statements, is of one moment.

use std::collections::HashMap;

use entity::inventory_flow::{Column, Entity};
use sea_orm::sea_query::extension::mysql::{IndexHintScope, MySqlSelectStatementExt as _};
use sea_orm::sea_query::{Alias, Condition, Expr, NullOrdering, Order, Query, SelectStatement};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryResult, QueryTrait as _, Statement,
};

use super::branches::{self, BRANCHES_MAX};
use super::keyset::rows_max;
use super::sums::{big, totals, totals_of, totals_over};
use super::{Asked, Found, Loaded, Store};
use crate::db::{CorruptRow, Dialect, Fault};
use crate::domain::explanation::{CAUSES_MAX, Cause, CauseEntries, Reasoned, Stretch, with_others};
use crate::domain::{Flow, FlowCursor, FlowKind, Page, PageRequest, ReadAfter, SkuId, Totals};

impl Store {
    /// A SKU's newest entry; `None` if it is not on the books that are seen.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError) when the database fails.
    pub async fn find_newest_flow(
        &self,
        sku_id: SkuId,
        asked: &Asked,
    ) -> Loaded<Found<Option<Flow>>> {
        let mut query = Entity::find().filter(Column::SkuId.eq(sku_id.0)).into_query();
        query.order_by(Column::Sequence, Order::Desc).limit(1);
        query.force_index(Alias::new("t_inventory_flow_sequence"), IndexHintScope::All);
        let flows = self.flows(&query, asked).await?;
        let seen = |flow: &Flow| asked.visibility.shows(flow.merchant_id);
        Ok(flows.map(|flows| flows.into_iter().next().filter(seen)))
    }

    /// What happened in a stretch of a SKU's entries, which is taken to be seen: the causes by which
    /// most was moved, up to [`CAUSES_MAX`], and one more for all others, if there are any. It reads
    /// the whole stretch.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError) when the database fails.
    pub async fn load_causes(&self, stretch: Stretch, asked: &Asked) -> Loaded<Found<Vec<Cause>>> {
        if stretch.until <= stretch.after {
            return Ok(Found::of_nobody(Vec::new()));
        }
        let query = causes_query(self.database.dialect(), stretch);
        let found = self.query(&query, &reached(stretch, asked)).await?;
        let causes: Result<Vec<Cause>, Fault> =
            found.rows.iter().map(|row| cause(row, stretch)).collect();
        let (all, reasons) = match found.rows.first() {
            Some(row) => (totals_of(row, "all_")?, row.try_get("", "all_reasons")?),
            None => (Totals::default(), 0),
        };
        Ok(Found { value: with_others(causes?, all, reasons), origin: found.origin })
    }

    /// For each cause of a stretch a page of its entries, oldest first; every cause is in the answer.
    /// The SKU is taken to be seen.
    ///
    /// # Errors
    ///
    /// [`StoreError`](super::StoreError) when the database fails.
    pub async fn load_cause_pages(
        &self,
        stretch: Stretch,
        causes: &[CauseEntries],
        page: &PageRequest<FlowCursor>,
        asked: &Asked,
    ) -> Loaded<Found<HashMap<CauseEntries, Page<Flow>>>> {
        let asked = reached(stretch, asked);
        let (mut fetched, mut origin) = (Vec::new(), None);
        for chunk in causes.chunks(BRANCHES_MAX) {
            let branches = chunk.iter().map(|entries| page_query(stretch, entries, page));
            let Some(query) = branches::union(branches) else { continue };
            fetched.extend(self.flows(&query, &asked).await?.noted(&mut origin));
        }
        // A union promises no order.
        fetched.sort_unstable_by_key(|flow: &Flow| flow.sequence);
        let page_of = |entries: &CauseEntries| {
            let own = fetched.iter().filter(|flow| belongs(flow, entries)).cloned();
            (entries.clone(), Page::from_fetched(own.collect(), page))
        };
        Ok(Found::of_several(causes.iter().map(page_of).collect(), origin))
    }

    /// The statements that explain a stretch, for looking at their plans: its causes, and a page of one.
    pub fn explanation_statements(
        &self,
        stretch: Stretch,
        entries: &CauseEntries,
        page: &PageRequest<FlowCursor>,
    ) -> [Statement; 2] {
        let causes = causes_query(self.database.dialect(), stretch);
        [causes, page_query(stretch, entries, page)].map(|query| self.statement(&query))
    }
}

/// What is asked of a source that has come as far as the end of a stretch.
fn reached(stretch: Stretch, asked: &Asked) -> Asked {
    let reached = ReadAfter::of_versions([(stretch.sku_id, stretch.until)]);
    Asked { read_after: reached, ..asked.clone() }
}

fn within(stretch: Stretch) -> Condition {
    Condition::all()
        .add(Column::SkuId.eq(stretch.sku_id.0))
        .add(Column::Sequence.gt(stretch.after))
        .add(Column::Sequence.lte(stretch.until))
}

fn causes_query(dialect: Dialect, stretch: Stretch) -> SelectStatement {
    let mut causes = Query::select()
        .columns([Column::Kind, Column::Reason])
        .expr_as(Column::Actor.min(), Alias::new("least_actor"))
        .expr_as(Column::Actor.max(), Alias::new("greatest_actor"))
        .from(Entity)
        .cond_where(within(stretch))
        .add_group_by([Expr::col(Column::Kind), Expr::col(Column::Reason)])
        .take();
    causes.force_index(Alias::new("t_inventory_flow_sequence"), IndexHintScope::All);
    totals(&mut causes, dialect);
    let mut all = Query::select();
    all.columns([Column::Kind, Column::Reason])
        .columns(["least_actor", "greatest_actor"].map(Alias::new))
        .columns(["entries", "units_out", "units_in"].map(Alias::new))
        .expr_as(big(dialect, "COUNT(*) OVER ()"), Alias::new("all_reasons"));
    totals_over(&mut all, dialect, "");
    all.from_subquery(causes, Alias::new("cause"))
        .order_by_expr(Expr::cust("units_out + units_in"), Order::Desc)
        .order_by(Column::Kind, Order::Asc)
        .order_by_with_nulls(Column::Reason, Order::Asc, NullOrdering::First)
        .limit(u64::from(CAUSES_MAX))
        .take()
}

fn page_query(
    stretch: Stretch,
    entries: &CauseEntries,
    page: &PageRequest<FlowCursor>,
) -> SelectStatement {
    let mut query = Entity::find().filter(within(stretch)).filter(condition(entries)).into_query();
    if let Some(after) = &page.after {
        query.and_where(if after.sku_id == stretch.sku_id {
            Column::Sequence.gt(after.sequence)
        } else {
            Column::Id.gt(after.id.0)
        });
    }
    query.order_by(Column::Sequence, Order::Asc).limit(rows_max(page));
    let index = match entries {
        CauseEntries::Of(_) => "t_inventory_flow_sku_kind",
        CauseEntries::Others(_) => "t_inventory_flow_sequence",
    };
    query.force_index(Alias::new(index), IndexHintScope::All);
    query
}

/// The entries of a cause.
fn condition(entries: &CauseEntries) -> Condition {
    match entries {
        CauseEntries::Of(Reasoned { kind, reason }) => {
            let reason = match reason {
                Some(reason) => Column::Reason.eq(reason.as_str()),
                None => Column::Reason.is_null(),
            };
            Condition::all().add(Column::Kind.eq(kind.code())).add(reason)
        }
        CauseEntries::Others(named) => {
            FlowKind::ALL.into_iter().fold(Condition::any(), |any, kind| {
                let of_kind = || named.iter().filter(|reasoned| reasoned.kind == kind);
                let reasons: Vec<&str> =
                    of_kind().filter_map(|reasoned| reasoned.reason.as_deref()).collect();
                let mut other = Condition::any();
                if of_kind().all(|reasoned| reasoned.reason.is_some()) {
                    other = other.add(Column::Reason.is_null());
                }
                other = other.add(if reasons.is_empty() {
                    Column::Reason.is_not_null()
                } else {
                    Column::Reason.is_not_in(reasons)
                });
                any.add(Condition::all().add(Column::Kind.eq(kind.code())).add(other))
            })
        }
    }
}

/// Whether an entry of the stretch is one of a cause's.
fn belongs(flow: &Flow, entries: &CauseEntries) -> bool {
    let is = |reasoned: &Reasoned| reasoned.kind == flow.kind && reasoned.reason == flow.reason;
    match entries {
        CauseEntries::Of(reasoned) => is(reasoned),
        CauseEntries::Others(named) => !named.iter().any(is),
    }
}

fn cause(row: &QueryResult, stretch: Stretch) -> Result<Cause, Fault> {
    let corrupt = CorruptRow { id: stretch.sku_id.0, column: "kind" };
    let kind = FlowKind::from_code(row.try_get("", "kind")?).ok_or(corrupt)?;
    let actor: String = row.try_get("", "least_actor")?;
    let greatest: String = row.try_get("", "greatest_actor")?;
    Ok(Cause {
        entries: CauseEntries::Of(Reasoned { kind, reason: row.try_get("", "reason")? }),
        totals: totals_of(row, "")?,
        actor: (actor == greatest).then_some(actor),
        reasons: 1,
    })
}
