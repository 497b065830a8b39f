//! Reads stocks with the ends of their chains.

use entity::inventory::{Column, Entity, Model};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, FromQueryResult as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, QueryTrait as _,
};

use super::{Audit, any, wanted};
use crate::db::{Fault, ReadFrom, Rows, chain_from_row, inventory_from_row};
use crate::domain::{Chain, Inventory, Origin, ReadAfter, SkuId};

/// A stock, and how far its entries are chained.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ChainedStock {
    pub(crate) stock: Inventory,
    pub(crate) chain: Chain,
}

impl From<&Model> for ChainedStock {
    fn from(row: &Model) -> Self {
        Self { stock: inventory_from_row(row), chain: chain_from_row(row) }
    }
}

impl Audit {
    /// A SKU's stock, whosever it is, and from where it was read; `None` if it is not on the books.
    pub(crate) async fn stock(
        &self,
        sku_id: SkuId,
        from: ReadFrom,
        reached: &ReadAfter,
    ) -> Result<(Option<ChainedStock>, Origin), Fault> {
        let query = Entity::find().filter(Column::SkuId.eq(sku_id.0)).into_query();
        let statement = self.database().dialect().backend().build(&query);
        let wanted = wanted(from, reached);
        let Rows { rows, origin } = self.database().read(statement, wanted).await?;
        let row = rows.first().map(|row| Model::from_query_result(row, "")).transpose()?;
        Ok((row.as_ref().map(Into::into), origin))
    }

    /// The version of a SKU as it is on the primary now; `None` if it is not on the books.
    pub(crate) async fn version_now(&self, sku_id: SkuId) -> Result<Option<i64>, Fault> {
        let (stock, _origin) = self.stock(sku_id, ReadFrom::Primary, &any()).await?;
        Ok(stock.map(|it| it.stock.version))
    }

    /// So many stocks from the primary behind a SKU, in the order of their ids.
    pub(crate) async fn stocks_behind(
        &self,
        sku_id: i64,
        limit: u64,
    ) -> Result<Vec<ChainedStock>, Fault> {
        let query = Entity::find()
            .filter(Column::SkuId.gt(sku_id))
            .order_by_asc(Column::SkuId)
            .limit(limit)
            .into_query();
        self.stocks(&query).await
    }

    /// The stocks of these SKUs, from the primary; those that are not on the books are left out.
    pub(crate) async fn stocks_of(&self, sku_ids: &[SkuId]) -> Result<Vec<ChainedStock>, Fault> {
        let ids = sku_ids.iter().map(|sku_id| sku_id.0);
        let query = Entity::find().filter(Column::SkuId.is_in(ids)).into_query();
        self.stocks(&query).await
    }

    async fn stocks(
        &self,
        query: &sea_orm::sea_query::SelectStatement,
    ) -> Result<Vec<ChainedStock>, Fault> {
        let statement = self.database().dialect().backend().build(query);
        let any = ReadAfter::default();
        let wanted = wanted(ReadFrom::Primary, &any);
        let rows = self.database().read(statement, wanted).await?.rows;
        let stocks: Result<Vec<ChainedStock>, sea_orm::DbErr> = rows
            .iter()
            .map(|row| Model::from_query_result(row, "").map(|row| (&row).into()))
            .collect();
        Ok(stocks?)
    }
}
