//! Sums over the beginnings of long histories, kept so that they need not be added up each time.
//!
//! A checkpoint is nobody's truth: it is compared with the entries whenever these are read anyway,
//! and whoever proves an amount by it compares it with the entry at which it stands. It is written by
//! whoever had to add up; that it could not be written is no reason to fail.

use std::collections::{HashMap, VecDeque};

use entity::inventory_checkpoint::{Column, Entity, Model};
use sea_orm::sea_query::Condition;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, FromQueryResult as _, Order,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _, Select, Statement, Value,
};

use super::history::HistorySource;
use super::{Audit, wanted};
use crate::db::{Dialect, Fault, ReadFrom};
use crate::domain::{Finding, FindingKind, Flow, FlowKind, ReadAfter, SkuId, Sums};

/// Entries between two checkpoints: what one statement adds up in some milliseconds.
pub(super) const STEP_ENTRIES: i64 = 10_000;

/// Checkpoints of one statement.
const CHECKPOINTS_MAX: u64 = 2_000;

/// The checkpoints of a SKU that are compared with its entries as these go by.
#[derive(Debug)]
pub(crate) struct Comparison {
    sku_id: SkuId,
    left: VecDeque<Sums>,
    sums: Sums,
}

impl Comparison {
    fn new(sku_id: SkuId) -> Self {
        Self { sku_id, left: VecDeque::new(), sums: Sums::default() }
    }

    /// Whether every checkpoint was compared.
    pub(super) fn is_done(&self) -> bool {
        self.left.is_empty()
    }

    /// Takes the next entry; tells what is wrong with the checkpoint that stands at it, if there is
    /// one and something is.
    pub(super) fn entry(&mut self, flow: &Flow) -> Option<Finding> {
        self.sums.add(flow.kind, 1, flow.quantity_trade.into());
        self.sums.sequence = flow.sequence;
        if self.left.front()?.sequence > flow.sequence {
            return None;
        }
        let checkpoint = self.left.pop_front()?;
        (checkpoint != self.sums).then(|| mismatch(self.sku_id, checkpoint, self.sums))
    }

    /// Something cannot be added up, so that no later checkpoint can be judged.
    pub(super) fn unreadable(&mut self) {
        self.left.clear();
    }

    /// What is wrong with those that stand at no entry.
    pub(super) fn left(self) -> impl Iterator<Item = Finding> {
        let Self { sku_id, left, sums } = self;
        left.into_iter().map(move |checkpoint| mismatch(sku_id, checkpoint, sums))
    }
}

fn mismatch(sku_id: SkuId, checkpoint: Sums, sums: Sums) -> Finding {
    let told = |sums: Sums| format!("{} left after {} entries", sums.leaved(), sums.count());
    Finding::of(FindingKind::CheckpointMismatch, sku_id)
        .at(checkpoint.sequence, None)
        .but(told(sums), told(checkpoint))
}

impl Audit {
    /// The checkpoints of a SKU up to the version of its source, for comparison.
    pub(super) async fn checkpoints_to_compare(
        &self,
        source: &HistorySource,
    ) -> Result<Comparison, Fault> {
        let select = up_to(source).order_by(Column::Sequence, Order::Asc);
        let rows = self.checkpoints(select, source.from).await?;
        let mut comparison = Comparison::new(source.sku_id);
        comparison.left.extend(rows.iter().map(sums));
        Ok(comparison)
    }

    /// All checkpoints of the SKUs `behind` one and up to `until`, for comparison, by SKU.
    pub(super) async fn all_checkpoints(
        &self,
        behind: i64,
        until: i64,
    ) -> Result<HashMap<SkuId, Comparison>, Fault> {
        let mut comparisons = HashMap::new();
        let (mut sku_id, mut sequence) = (behind, i64::MAX);
        loop {
            let next = Condition::any().add(Column::SkuId.gt(sku_id)).add(
                Condition::all().add(Column::SkuId.eq(sku_id)).add(Column::Sequence.gt(sequence)),
            );
            let select = Entity::find()
                .filter(Column::SkuId.gte(sku_id))
                .filter(Column::SkuId.lte(until))
                .filter(next)
                .order_by(Column::SkuId, Order::Asc)
                .order_by(Column::Sequence, Order::Asc)
                .limit(CHECKPOINTS_MAX);
            let rows = self.checkpoints(select, ReadFrom::Primary).await?;
            let Some(last) = rows.last() else { return Ok(comparisons) };
            (sku_id, sequence) = (last.sku_id, last.sequence);
            for row in &rows {
                let sku_id = SkuId(row.sku_id);
                let comparison =
                    comparisons.entry(sku_id).or_insert_with(|| Comparison::new(sku_id));
                comparison.left.push_back(sums(row));
            }
        }
    }

    /// The newest checkpoint of a SKU that is not beyond the version of its source; that of nothing
    /// if there is none.
    pub(super) async fn newest_checkpoint(&self, source: &HistorySource) -> Result<Sums, Fault> {
        let select = up_to(source).order_by(Column::Sequence, Order::Desc).limit(1);
        Ok(self.checkpoints(select, source.from).await?.first().map(sums).unwrap_or_default())
    }

    async fn checkpoints(
        &self,
        select: Select<Entity>,
        from: ReadFrom,
    ) -> Result<Vec<Model>, Fault> {
        let any = ReadAfter::default();
        let wanted = wanted(from, &any);
        let statement = self.database().dialect().backend().build(&select.into_query());
        let rows = self.database().read(statement, wanted).await?.rows;
        let rows = rows.iter().map(|row| Model::from_query_result(row, ""));
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What the entries of a SKU behind a sequence add up to, up to another.
    pub(super) async fn add_up(
        &self,
        source: &HistorySource,
        sums: Sums,
        until: i64,
    ) -> Result<Sums, Fault> {
        let integer = self.database().dialect().big_integer();
        let dialect = self.database().dialect();
        let [sku_id, behind, last] = [1, 2, 3].map(|number| dialect.parameter(number));
        let sql = format!(
            "SELECT CAST(kind AS {integer}) AS kind, COUNT(*) AS entry_count, \
             CAST(SUM(quantity_trade) AS {integer}) AS quantity FROM t_inventory_flow \
             WHERE sku_id = {sku_id} AND sequence > {behind} AND sequence <= {last} GROUP BY kind"
        );
        let values = [source.sku_id.0, sums.sequence, until].map(Value::from);
        let statement = Statement::from_sql_and_values(dialect.backend(), sql, values);
        let reached = source.reached();
        let wanted = wanted(source.from, &reached);
        let mut sums = sums.up_to(until);
        for row in self.database().read(statement, wanted).await?.rows {
            let kind: i64 = row.try_get_by_index(0)?;
            // What is of no kind is missing from the sums, which then do not agree.
            if let Some(kind) = i16::try_from(kind).ok().and_then(FlowKind::from_code) {
                sums.add(kind, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
            }
        }
        Ok(sums)
    }

    /// Keeps a checkpoint, if it is not there already.
    pub(super) async fn keep_checkpoint(&self, sku_id: SkuId, sums: Sums) {
        let dialect = self.database().dialect();
        let (insert, otherwise) = match dialect {
            Dialect::Sqlite => ("INSERT OR IGNORE", ""),
            Dialect::MariaDb | Dialect::MySql => ("INSERT IGNORE", ""),
            Dialect::Postgres => ("INSERT", " ON CONFLICT DO NOTHING"),
        };
        let values: Vec<String> = FlowKind::ALL
            .into_iter()
            .map(|kind| format!("{}, {}", sums.of(kind).count, sums.of(kind).quantity))
            .collect();
        let sql = format!(
            "{insert} INTO t_inventory_checkpoint (sku_id, sequence, opening_count, \
             opening_quantity, deduction_count, deduction_quantity, refund_count, \
             refund_quantity, replenishment_count, replenishment_quantity, adjustment_count, \
             adjustment_quantity) VALUES ({sku_id}, {}, {}){otherwise}",
            sums.sequence,
            values.join(", ")
        );
        let statement = Statement::from_string(dialect.backend(), sql);
        if let Err(error) = self.database().writer().execute_raw(statement).await {
            tracing::debug!(%error, %sku_id, "a checkpoint could not be kept");
        }
    }
}

/// The checkpoints of a SKU that are not beyond the version of its source.
fn up_to(source: &HistorySource) -> Select<Entity> {
    Entity::find()
        .filter(Column::SkuId.eq(source.sku_id.0))
        .filter(Column::Sequence.lte(source.version))
}

fn sums(row: &Model) -> Sums {
    let mut sums = Sums::default().up_to(row.sequence);
    sums.add(FlowKind::Opening, row.opening_count, row.opening_quantity);
    sums.add(FlowKind::Deduction, row.deduction_count, row.deduction_quantity);
    sums.add(FlowKind::Refund, row.refund_count, row.refund_quantity);
    sums.add(FlowKind::Replenishment, row.replenishment_count, row.replenishment_quantity);
    sums.add(FlowKind::Adjustment, row.adjustment_count, row.adjustment_quantity);
    sums
}
