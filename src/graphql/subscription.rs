//! What clients can be told of as it happens.
//!
//! A resolver here is asked twice over. When a subscription is opened it is given no event: it reads
//! its arguments, and leaves behind what is to be listened to ([`Listening`]). For each event it is
//! given that one ([`Event`]), and answers it. What comes between the two is none of its affair; see
//! [`begin`](super::begin()).

use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::{Context, ID, Result, Subscription};
use futures_util::stream;

use super::arguments;
use super::context::ContextExt as _;
use super::input::InventoryFlowWhere;
use super::needs::{AUDIT_READ, STOCK_READ};
use super::object::{Inventory, InventoryFlowEdge};
use super::texts::spend_on_texts;
use crate::domain::filter::FlowFilter;
use crate::domain::limits::LIVE_SKUS_MAX;
use crate::domain::{self, Flow, FlowCursor, SkuId};

/// What a subscription listens to.
#[derive(Clone, Debug)]
pub(super) enum Listening {
    /// Entries that a filter lets through, behind a place in the history; from now on if there is none.
    Flows(Box<FlowFilter>, Option<FlowCursor>),
    /// The amounts of SKUs.
    Stocks(Vec<SkuId>),
}

/// What happened.
#[derive(Clone, Debug)]
pub(super) enum Event {
    /// An entry was written.
    Flow(Arc<Flow>),
    /// An amount is this.
    Stock(domain::Inventory),
}

/// What a resolver is asked for.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// To leave behind what is to be listened to.
    Open(Arc<Mutex<Option<Listening>>>),
    /// To answer an event.
    Answer(Event),
}

impl Step {
    fn event(&self) -> Option<&Event> {
        match self {
            Self::Open(_) => None,
            Self::Answer(event) => Some(event),
        }
    }

    fn listen(&self, to: Listening) {
        if let Self::Open(place) = self {
            *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(to);
        }
    }
}

/// One event, or none.
type AtMostOne<T> = stream::Iter<std::option::IntoIter<T>>;

/// The subscriptions.
pub(super) struct Subscription;

/// What clients can be told of as it happens, over a WebSocket. What is told was committed before, by
/// whichever server. Each event is answered like a request, with what it selects of its SKU as new as
/// the event; one that cannot be answered ends the subscription with an error. While the database is
/// away nothing is told and nothing is lost. The error `UNAVAILABLE` tells to subscribe again, and `BUSY`
/// that there are as many subscriptions as there may be, on the server or of the caller.
#[Subscription]
impl Subscription {
    /// Every entry of the flow table that is written from now on, whichever server writes it: each once,
    /// in the order of the ids, and of one SKU in their order. Keep the `cursor` of the last one, and
    /// give it as `after` when you come again: nothing is missed in between, however long that was. An
    /// entry is told once no entry with a lesser id can appear any more, so that one that is still
    /// being written holds up those behind it for a moment.
    ///
    /// Needs `audit:read`.
    #[graphql(guard = "AUDIT_READ")]
    #[expect(clippy::unused_async, reason = "a field of a subscription must be")]
    async fn inventory_flow_appended(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "Which entries are wanted; all of them if absent.", name = "where")]
        filter: Option<InventoryFlowWhere>,
        #[graphql(
            desc = "Only entries behind this cursor, the first of which may have been written long \
                    ago; from now on if absent. A cursor of inventoryFlows does as well, if entries \
                    are no longer being written that have lesser ids. INVALID_ARGUMENT if its entry is \
                    not on the books, as after they were put back to an older state: begin behind an \
                    older cursor then."
        )]
        after: Option<String>,
    ) -> Result<AtMostOne<InventoryFlowEdge>> {
        let (request, step) = (context.request(), context.step());
        let event = match step.event() {
            Some(Event::Flow(flow)) => {
                spend_on_texts(context, Some("node"), std::slice::from_ref(flow.as_ref()))?;
                Some(InventoryFlowEdge::from(&**flow))
            }
            Some(Event::Stock(_)) => None,
            None => {
                let filter = filter.unwrap_or_default().read(request)?;
                step.listen(Listening::Flows(
                    filter.into(),
                    arguments::cursor(request, "after", after)?,
                ));
                None
            }
        };
        Ok(stream::iter(event))
    }

    /// The stock of each of these SKUs: first as it is, and then each time it changes. Who is slow to
    /// take what is told is not told every amount, but always the newest: versions may be left out, and
    /// never come twice or go backwards. A SKU that does not exist is told of when it is put on the
    /// books. Whoever comes again is told all of them again.
    ///
    /// Needs `stock:read`.
    #[graphql(guard = "STOCK_READ")]
    #[expect(clippy::unused_async, reason = "a field of a subscription must be")]
    async fn inventory_changed(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The SKUs; 1 to 200 of them.")] sku_ids: Vec<ID>,
    ) -> Result<AtMostOne<Inventory>> {
        let (request, step) = (context.request(), context.step());
        let event = match step.event() {
            Some(Event::Stock(stock)) => Some(Inventory::from(*stock)),
            Some(Event::Flow(_)) => None,
            None => {
                if sku_ids.is_empty() || sku_ids.len() > LIVE_SKUS_MAX {
                    let text = format!("must be 1 to {LIVE_SKUS_MAX} SKUs, are {}", sku_ids.len());
                    return Err(request.invalid_argument(&["skuIds"], text));
                }
                step.listen(Listening::Stocks(arguments::ids(request, &["skuIds"], &sku_ids)?));
                None
            }
        };
        Ok(stream::iter(event))
    }
}
