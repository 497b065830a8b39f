//! What was counted in a stocktake, by whom.

use async_graphql::{ComplexObject, Context, ID, Result, SimpleObject};

use super::connection::PageInfo;
use crate::domain::{CountId, Observation, ObservationCursor, Page, SkuId};
use crate::graphql::arguments::{PageArguments, opaque};
use crate::graphql::budget::{self, LIST, spend, spend_on_nodes};
use crate::graphql::context::ContextExt as _;
use crate::graphql::scalar::{BigInt, DateTime};
use crate::graphql::texts;
use crate::telemetry::trace::Span;

/// What somebody counted of one SKU. It is never changed; who counts again adds another.
#[derive(SimpleObject, Clone, Debug)]
pub(in crate::graphql) struct InventoryCountObservation {
    /// What it is named by.
    id: ID,
    /// The SKU.
    sku_id: ID,
    /// Units on the shelf.
    quantity: i32,
    /// The version that the SKU had when its shelf was counted.
    version: BigInt,
    /// When it was counted, as who counted says.
    counted_at: DateTime,
    /// When it was recorded.
    recorded_at: DateTime,
    /// Who counted.
    actor: String,
    /// The key under which it was recorded.
    idempotency_key: String,
}

impl From<&Observation> for InventoryCountObservation {
    fn from(observation: &Observation) -> Self {
        Self {
            id: observation.id.to_string().into(),
            sku_id: observation.sku_id.to_string().into(),
            quantity: observation.quantity,
            version: BigInt(observation.version),
            counted_at: DateTime(observation.counted_at),
            recorded_at: DateTime(observation.recorded_at),
            actor: observation.actor.clone(),
            idempotency_key: observation.idempotency_key.clone(),
        }
    }
}

fn cursor(observation: &Observation) -> String {
    opaque(&ObservationCursor(observation.id))
}

/// An observation, and its place in the list.
#[derive(SimpleObject, Clone, Debug)]
pub(in crate::graphql) struct InventoryCountObservationEdge {
    /// The place of the observation in the list.
    cursor: String,
    /// The observation.
    node: InventoryCountObservation,
}

/// A page of the observations of a stocktake.
#[derive(SimpleObject, Clone, Debug)]
#[graphql(complex)]
pub(in crate::graphql) struct InventoryCountObservationConnection {
    /// Where the page stands in the list.
    page_info: PageInfo,
    #[graphql(skip)]
    observations: Vec<Observation>,
    #[graphql(skip)]
    of: (CountId, Option<SkuId>),
}

impl InventoryCountObservationConnection {
    /// The page that these arguments ask for, of a count that the caller sees.
    pub(super) async fn read(
        context: &Context<'_>,
        count_id: CountId,
        sku_id: Option<SkuId>,
        page: PageArguments,
    ) -> Result<Self> {
        let request = context.request();
        let page = page.read(request)?;
        spend(context, LIST)?;
        let page = context.counts().list_observations(count_id, sku_id, &page);
        let page = Span::part("count.list_observations").around(page).await;
        let page: Page<Observation> =
            request.reading.noted(page.map_err(|error| request.failed(&error))?);
        let page_info = PageInfo::of(&page, cursor);
        Ok(Self { page_info, observations: page.nodes, of: (count_id, sku_id) })
    }

    fn spend(&self, context: &Context<'_>) -> Result<()> {
        spend_on_nodes(context, self.observations.len())?;
        let texts = self.observations.iter().flat_map(|it| [&it.actor, &it.idempotency_key]);
        let costs = texts.map(|text| texts::cost(text.len()));
        spend(context, costs.fold(0, u64::saturating_add))
    }
}

#[ComplexObject]
impl InventoryCountObservationConnection {
    /// The observations of the page, each with its cursor.
    #[expect(clippy::unused_async, reason = "a field of a complex object must be")]
    async fn edges(&self, context: &Context<'_>) -> Result<Vec<InventoryCountObservationEdge>> {
        self.spend(context)?;
        let edge = |observation: &Observation| InventoryCountObservationEdge {
            cursor: cursor(observation),
            node: observation.into(),
        };
        Ok(self.observations.iter().map(edge).collect())
    }

    /// The observations of the page.
    #[expect(clippy::unused_async, reason = "a field of a complex object must be")]
    async fn nodes(&self, context: &Context<'_>) -> Result<Vec<InventoryCountObservation>> {
        self.spend(context)?;
        Ok(self.observations.iter().map(Into::into).collect())
    }

    /// How many observations the list has in all. They are counted when this is asked for, and only
    /// then.
    async fn total_count(&self, context: &Context<'_>) -> Result<BigInt> {
        spend(context, budget::COUNT)?;
        let request = context.request();
        let (count_id, sku_id) = self.of;
        let count = context.counts().count_observations(count_id, sku_id);
        let count = Span::part("count.count_observations").around(count).await;
        Ok(BigInt(request.reading.noted(count.map_err(|error| request.failed(&error))?)))
    }
}
