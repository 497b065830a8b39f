//! A part of the history that one index has in the order of its ids.

use entity::inventory_flow::Column;
use sea_orm::sea_query::extension::mysql::{IndexHintScope, MySqlSelectStatementExt as _};
use sea_orm::sea_query::{Alias, Expr, ExprTrait as _, Order, SelectStatement};
use sea_orm::{ColumnTrait as _, Value};

use crate::db::Dialect;
use crate::domain::{Flow, FlowKind, MerchantId, SkuId};

/// The entries with these values in some columns, by the index of these columns and the id.
#[derive(Clone, Debug)]
pub(super) struct Branch {
    columns: Vec<(Column, Value)>,
    /// `None` for all entries, by the primary key.
    index: Option<&'static str>,
    of: Of,
}

/// Whose entries a branch has.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Of {
    Everybody,
    Sku(SkuId),
    Kind(FlowKind),
    Actor(String),
}

impl Branch {
    /// All entries, or those of a merchant.
    pub(super) fn of_all(merchant_id: Option<MerchantId>) -> Self {
        let index = merchant_id.map(|_| "t_inventory_flow_merchant");
        Self { columns: merchant(merchant_id), index, of: Of::Everybody }
    }

    /// The entries of a SKU.
    pub(super) fn of_sku(sku_id: SkuId) -> Self {
        let index = Some("t_inventory_flow_sku");
        Self { columns: vec![(Column::SkuId, sku_id.0.into())], index, of: Of::Sku(sku_id) }
    }

    /// The entries of a kind, or those of them that are a merchant's.
    pub(super) fn of_kind(kind: FlowKind, merchant_id: Option<MerchantId>) -> Self {
        let mut columns = merchant(merchant_id);
        columns.push((Column::Kind, kind.code().into()));
        let index = match merchant_id {
            Some(_) => "t_inventory_flow_merchant_kind",
            None => "t_inventory_flow_kind",
        };
        Self { columns, index: Some(index), of: Of::Kind(kind) }
    }

    /// The entries of an actor, or those of them that are a merchant's.
    pub(super) fn of_actor(actor: &str, merchant_id: Option<MerchantId>) -> Self {
        let mut columns = merchant(merchant_id);
        columns.push((Column::Actor, actor.into()));
        let index = match merchant_id {
            Some(_) => "t_inventory_flow_merchant_actor",
            None => "t_inventory_flow_actor",
        };
        Self { columns, index: Some(index), of: Of::Actor(actor.to_owned()) }
    }

    /// The entries of a merchant's order line.
    pub(super) fn of_order_line(order_detail_id: &str, merchant_id: MerchantId) -> Self {
        let mut columns = vec![(Column::OrderDetailId, order_detail_id.into())];
        columns.extend(merchant(Some(merchant_id)));
        Self { columns, index: Some("t_inventory_flow_order_line"), of: Of::Everybody }
    }

    /// Whose entries it has.
    pub(super) fn of(&self) -> &Of {
        &self.of
    }

    /// Whether an entry is among its own, of several branches of one sort.
    pub(super) fn has(&self, flow: &Flow) -> bool {
        match &self.of {
            Of::Everybody => true,
            Of::Sku(sku_id) => flow.sku_id == *sku_id,
            Of::Kind(kind) => flow.kind == *kind,
            Of::Actor(actor) => flow.actor == *actor,
        }
    }

    /// Bounds a selection to its entries behind an id, up to another, in the order of their ids.
    ///
    /// PostgreSQL would rather walk the primary key and drop what does not fit, which may be through
    /// everybody else's entries. Asked for a span in the order of all columns, it has one index for
    /// that.
    pub(super) fn bound(
        &self,
        dialect: Dialect,
        select: &mut SelectStatement,
        (behind, until): (i64, i64),
        order: &Order,
    ) {
        if dialect == Dialect::Postgres && !self.columns.is_empty() {
            let place = || {
                let columns = self.columns.iter().map(|(column, _value)| Expr::col(*column));
                Expr::tuple(columns.chain([Expr::col(Column::Id)]))
            };
            let at = |id: i64| {
                let values = self.columns.iter().map(|(_column, value)| Expr::val(value.clone()));
                Expr::tuple(values.chain([Expr::val(id)]))
            };
            select.and_where(place().gt(at(behind))).and_where(place().lte(at(until)));
            for (column, _value) in &self.columns {
                select.order_by(*column, order.clone());
            }
        } else {
            for (column, value) in &self.columns {
                select.and_where(column.eq(value.clone()));
            }
            select.and_where(Column::Id.gt(behind)).and_where(Column::Id.lte(until));
        }
        select.order_by(Column::Id, order.clone());
        if let Some(index) = self.index {
            select.force_index(Alias::new(index), IndexHintScope::All);
        }
    }
}

fn merchant(merchant_id: Option<MerchantId>) -> Vec<(Column, Value)> {
    merchant_id.map(|merchant_id| (Column::MerchantId, merchant_id.0.into())).into_iter().collect()
}
