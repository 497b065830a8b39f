//! Points of the past, as arguments.

use async_graphql::{ID, InputObject, Result};

use super::arguments;
use super::context::RequestContext;
use super::scalar::DateTime;
use crate::domain::{Cut, Inventory, Point, SkuId};

/// A point of the past: an instant, or an entry; one of them must be given, and not both.
#[derive(InputObject, Clone, Debug)]
pub(super) struct InventoryPointInput {
    /// An instant: whatever was written at it or before has taken effect. One in the future is refused
    /// with `INVALID_ARGUMENT`.
    at: Option<DateTime>,
    /// The id of an entry: it, and every entry of a lesser id, has taken effect. One that does not
    /// exist is refused with `INVALID_ARGUMENT`.
    flow_id: Option<ID>,
}

impl InventoryPointInput {
    /// Of the two arguments.
    pub(super) fn of(at: Option<DateTime>, flow_id: Option<ID>) -> Self {
        Self { at, flow_id }
    }

    /// The instant that it spells, if it is one.
    pub(super) fn instant(&self) -> Option<chrono::DateTime<chrono::Utc>> {
        self.at.map(|DateTime(at)| at)
    }

    /// The cut that it spells, at this path of the field's arguments; or which part of it is out of
    /// bounds.
    pub(super) async fn read(self, request: &RequestContext, path: &[&str]) -> Result<Cut> {
        let within = |name| path.iter().copied().chain([name]).collect::<Vec<_>>();
        let point = match (self.at, self.flow_id) {
            (Some(DateTime(at)), None) if at > request.begun_at => {
                let text = format!(
                    "is in the future, which no book tells: it is {} now",
                    request.begun_at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)
                );
                return Err(request.invalid_argument(&within("at"), text));
            }
            (Some(DateTime(at)), None) => Point::Instant(at),
            (None, Some(flow_id)) => {
                Point::Entry(arguments::id(request, &within("flowId"), &flow_id)?)
            }
            (Some(_), Some(_)) => {
                let text = "must not be given where at is";
                return Err(request.invalid_argument(&within("flowId"), text));
            }
            (None, None) => {
                let text = "or flowId must be given";
                return Err(request.invalid_argument(&within("at"), text));
            }
        };
        let cut = request.cut((point, request.begun_at)).await?;
        cut.ok_or_else(|| request.invalid_argument(&within("flowId"), "is the id of no entry"))
    }
}

impl RequestContext {
    /// A SKU's stock as it was at a cut; `None` if it was not on the books then.
    pub(super) async fn stock_as_of(
        &self,
        sku_id: SkuId,
        created_at: chrono::DateTime<chrono::Utc>,
        cut: Cut,
    ) -> Result<Option<Inventory>> {
        let flow = self.flow_as_of((sku_id, cut, self.begun_at)).await?;
        Ok(flow.map(|flow| Inventory::after(&flow, created_at)))
    }
}
