//! Times in which a SKU had nothing left.

use std::slice;

use async_graphql::{ComplexObject, Context, Result, SimpleObject};

use super::connection::PageInfo;
use super::flow::InventoryFlow;
use super::refusal::InventoryRefusalSums;
use crate::domain::{Minute, MinuteSpan, RefusalSums, SkuId, SoldOutCursor, SoldOutSpan};
use crate::graphql::arguments::opaque;
use crate::graphql::budget::{COUNT, spend, spend_on_nodes};
use crate::graphql::context::ContextExt as _;
use crate::graphql::scalar::BigInt;
use crate::graphql::texts::spend_on_texts;
use crate::store::SoldOutPage;
use crate::telemetry::trace::Span;

/// A time in which a SKU had nothing left.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub(in crate::graphql) struct InventorySoldOutSpan {
    /// How long it was, in milliseconds; null while it lasts. It is told by the clocks of the servers
    /// that wrote the two entries.
    duration_ms: Option<BigInt>,
    /// What was refused for want of this SKU from the minute in which it ran out to the minute in which
    /// it came back, both included, as far as that is kept: some of these two minutes may have been before or
    /// after.
    refusals: InventoryRefusalSums,
    #[graphql(skip)]
    span: SoldOutSpan,
}

#[ComplexObject]
impl InventorySoldOutSpan {
    /// The entry that left nothing.
    #[expect(clippy::unused_async, reason = "a field of a complex object must be")]
    async fn ran_out_flow(&self, context: &Context<'_>) -> Result<InventoryFlow> {
        spend_on_nodes(context, 1)?;
        spend_on_texts(context, None, slice::from_ref(&self.span.ran_out))?;
        Ok(self.span.ran_out.clone().into())
    }

    /// The first entry behind it that left something; null while there is none.
    #[expect(clippy::unused_async, reason = "a field of a complex object must be")]
    async fn came_back_flow(&self, context: &Context<'_>) -> Result<Option<InventoryFlow>> {
        let Some(came_back) = &self.span.came_back else { return Ok(None) };
        spend_on_nodes(context, 1)?;
        spend_on_texts(context, None, slice::from_ref(came_back))?;
        Ok(Some(came_back.clone().into()))
    }
}

/// A time in which a SKU had nothing left, and its place in the list.
#[derive(SimpleObject, Clone, Debug)]
pub(in crate::graphql) struct InventorySoldOutSpanEdge {
    /// The place of the time in the list. It stays what it is whatever is written meanwhile.
    cursor: String,
    /// The time.
    node: InventorySoldOutSpan,
}

/// A page of times in which a SKU had nothing left, the newest first. It may have fewer than were asked
/// for, or none, and yet be followed by others: go on for as long as `hasNextPage` is true.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(complex)]
pub(in crate::graphql) struct InventorySoldOutSpanConnection {
    /// Where the page stands in the list. `endCursor` is where the next page begins, also where this one
    /// is empty.
    page_info: PageInfo,
    #[graphql(skip)]
    sku_id: SkuId,
    #[graphql(skip)]
    spans: Vec<SoldOutSpan>,
}

fn span_cursor(span: &SoldOutSpan) -> String {
    opaque(&SoldOutCursor { sequence: span.ran_out.sequence })
}

impl InventorySoldOutSpanConnection {
    /// A page of one SKU's.
    pub(in crate::graphql) fn new(sku_id: SkuId, found: SoldOutPage) -> Self {
        let SoldOutPage { page, end } = found;
        let page_info = PageInfo::of(&page, span_cursor);
        let page_info = match end {
            Some(end) => page_info.ending_at(opaque(&end)),
            None => page_info,
        };
        Self { page_info, sku_id, spans: page.nodes }
    }

    /// The times with what was refused in each of them, which is read only if it is asked for.
    async fn told(
        &self,
        context: &Context<'_>,
        with_refusals: bool,
    ) -> Result<Vec<InventorySoldOutSpan>> {
        let mut sums = vec![RefusalSums::default(); self.spans.len()];
        if with_refusals && !self.spans.is_empty() {
            let request = context.request();
            let minutes: Vec<MinuteSpan> = self.spans.iter().map(minutes).collect();
            let asked = &request.reading.asked;
            let read = async {
                let _turn = context.audit().turn().await?;
                context.store().load_refusal_sums(self.sku_id, &minutes, asked).await
            };
            let read = Span::part("store.load_refusal_sums").around(read).await;
            sums = request.reading.noted(read.map_err(|error| request.failed(&error))?);
        }
        let told = self.spans.iter().zip(sums).map(|(span, sums)| InventorySoldOutSpan {
            duration_ms: span.duration().map(|duration| BigInt(duration.num_milliseconds())),
            refusals: sums.into(),
            span: span.clone(),
        });
        Ok(told.collect())
    }
}

/// The minutes of a time, those of both its entries included.
fn minutes(span: &SoldOutSpan) -> MinuteSpan {
    let came_back = span.came_back.as_ref();
    let end = came_back.map_or(Minute(i64::MAX), |flow| Minute::of(flow.created_at).next());
    MinuteSpan { start: Minute::of(span.ran_out.created_at), end }
}

#[ComplexObject]
impl InventorySoldOutSpanConnection {
    /// The times of the page, each with its cursor.
    async fn edges(&self, context: &Context<'_>) -> Result<Vec<InventorySoldOutSpanEdge>> {
        spend_on_nodes(context, self.spans.len())?;
        let with_refusals = context.look_ahead().field("node").field("refusals").exists();
        if with_refusals {
            spend(context, COUNT)?;
        }
        let told = self.told(context, with_refusals).await?;
        let edge = |node: InventorySoldOutSpan| InventorySoldOutSpanEdge {
            cursor: span_cursor(&node.span),
            node,
        };
        Ok(told.into_iter().map(edge).collect())
    }

    /// The times of the page.
    async fn nodes(&self, context: &Context<'_>) -> Result<Vec<InventorySoldOutSpan>> {
        spend_on_nodes(context, self.spans.len())?;
        let with_refusals = context.look_ahead().field("refusals").exists();
        if with_refusals {
            spend(context, COUNT)?;
        }
        self.told(context, with_refusals).await
    }
}
