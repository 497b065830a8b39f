//! A filter lets through in memory what the database answers of it.

use chrono::TimeDelta;
use stockflow::cache::StockCache;
use stockflow::domain::filter::{
    Consistency, FlowFilter, FlowMatcher, FlowOrder, InstantRange, IntegerRange,
};
use stockflow::domain::{
    Flow, FlowId, FlowKind, MerchantId, PageRequest, ReadAfter, SkuId, Visibility,
};
use stockflow::store::{Asked, Store};

use super::done;
use crate::support::{TestDatabase, ledger, on_each_database};

async fn entries(store: &Store, filter: &FlowFilter) -> Vec<Flow> {
    let asked = Asked {
        consistency: Consistency::Primary,
        read_after: ReadAfter::default(),
        visibility: Visibility::All,
    };
    let page = PageRequest::new(Some(200), None, None, None).unwrap();
    let page = store.list_flows(filter, FlowOrder::OldestFirst, &page, &asked).await.unwrap();
    let mut flows = page.value.nodes;
    flows.sort_unstable_by_key(|flow| flow.id);
    flows
}

/// Filters of which each has a value for every field that an entry has, or a little beside it.
fn filters(flows: &[Flow]) -> Vec<FlowFilter> {
    let mut filters = vec![FlowFilter::default()];
    let any = FlowFilter::default;
    for flow in flows {
        let near = TimeDelta::microseconds(1);
        let at = flow.created_at;
        let order = flow.order_detail_id.clone().unwrap_or_default();
        filters.extend([
            FlowFilter { merchant_id: Some(flow.merchant_id), ..any() },
            FlowFilter { merchant_id: Some(MerchantId(flow.merchant_id.0 + 1)), ..any() },
            FlowFilter { sku_ids: Some(vec![SkuId(99), flow.sku_id]), ..any() },
            FlowFilter { order_detail_ids: Some(vec![order.clone()]), ..any() },
            FlowFilter { order_detail_ids: Some(vec![order.to_uppercase()]), ..any() },
            FlowFilter { order_detail_ids: Some(vec![format!("{order} ")]), ..any() },
            FlowFilter { kinds: Some(vec![flow.kind, FlowKind::Adjustment]), ..any() },
            FlowFilter { actors: Some(vec![flow.actor.clone()]), ..any() },
            FlowFilter { actors: Some(vec![flow.actor.to_uppercase()]), ..any() },
            FlowFilter { idempotency_key: Some(flow.idempotency_key.clone()), ..any() },
            FlowFilter { idempotency_key: Some(flow.idempotency_key.to_uppercase()), ..any() },
            FlowFilter { deduction_id: Some(flow.id), ..any() },
            FlowFilter { deduction_id: flow.deduction_id, ..any() },
            FlowFilter { created_at: InstantRange { from: Some(at), to: None }, ..any() },
            FlowFilter { created_at: InstantRange { from: Some(at + near), to: None }, ..any() },
            FlowFilter { created_at: InstantRange { from: None, to: Some(at) }, ..any() },
            FlowFilter { created_at: InstantRange { from: None, to: Some(at + near) }, ..any() },
        ]);
        let traded = flow.quantity_trade;
        for (min, max) in [
            (Some(traded), None),
            (None, Some(traded)),
            (Some(traded + 1), None),
            (None, Some(traded - 1)),
        ] {
            filters.push(FlowFilter { quantity_trade: IntegerRange { min, max }, ..any() });
        }
    }
    filters.extend([
        FlowFilter { sku_ids: Some(Vec::new()), ..any() },
        FlowFilter { order_detail_ids: Some(Vec::new()), ..any() },
        FlowFilter { kinds: Some(Vec::new()), ..any() },
        FlowFilter { actors: Some(Vec::new()), ..any() },
        FlowFilter { deduction_id: Some(FlowId(i64::MAX)), ..any() },
        FlowFilter {
            sku_ids: Some(vec![SkuId(1)]),
            kinds: Some(vec![FlowKind::Deduction, FlowKind::Refund]),
            quantity_trade: IntegerRange { min: Some(0), max: None },
            ..any()
        },
    ]);
    filters
}

async fn a_filter_lets_through_what_the_database_answers(database: &TestDatabase) {
    let connected = database.connect().await;
    let ledger = ledger::start_over(connected.clone());
    let store = Store::new(connected, StockCache::none());
    done(&ledger, ledger::create("c1", 1, 100)).await;
    done(&ledger, ledger::create("c2", 2, 100)).await;
    let deducted = done(&ledger, ledger::deduct("d1", 1, 5)).await;
    done(&ledger, ledger::deduct("d2", 2, 3)).await;
    done(&ledger, ledger::refund("r1", deducted.id, Some(2))).await;
    done(&ledger, ledger::replenish("p1", 2, 4)).await;
    done(&ledger, ledger::set_quantity("s1", 2, 50, Some(101))).await;
    let all = entries(&store, &FlowFilter::default()).await;
    assert_eq!(all.len(), 7);
    let mut some = 0;
    for filter in filters(&all) {
        let answered = entries(&store, &filter).await;
        let matcher = FlowMatcher::new(filter.clone());
        let passed: Vec<Flow> = all.iter().filter(|flow| matcher.matches(flow)).cloned().collect();
        assert_eq!(passed, answered, "{filter:?}");
        some += usize::from(!answered.is_empty() && answered.len() < all.len());
    }
    assert!(some > 50, "{some} filters tell entries apart");
}

on_each_database!(a_filter_lets_through_what_the_database_answers);
