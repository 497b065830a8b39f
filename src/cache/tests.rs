//! What a cache in one process answers, and for how long. Redis is tested with a real one.

use std::time::{Duration, Instant};

use chrono::DateTime;

use super::*;
use crate::domain::{Inventory, MerchantId};

/// A copy of a SKU that is on the books.
pub(super) fn copy(sku_id: i64, leaved_amount: i32, version: i64, as_of: Instant) -> StockCopy {
    let stock = Inventory {
        sku_id: SkuId(sku_id),
        merchant_id: MerchantId(5),
        leaved_amount,
        version,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    };
    StockCopy::of(stock, as_of)
}

/// A copy of a SKU that is not.
pub(super) fn absent(sku_id: i64, as_of: Instant) -> StockCopy {
    StockCopy { sku_id: SkuId(sku_id), stock: None, as_of }
}

fn ago(ms: u64) -> Instant {
    Instant::now().checked_sub(Duration::from_millis(ms)).unwrap()
}

fn cache(age_ms_max: u64) -> StockCache {
    let age_max = Duration::from_millis(age_ms_max);
    let settings = CacheSettings { age_max, ..CacheSettings::default() };
    StockCache::in_process(&settings, CacheMetrics::new())
}

#[test]
fn a_copy_answers_while_it_is_young_enough_and_no_longer() {
    let cache = cache(60_000);
    let any = ReadAfter::default();
    assert_eq!(cache.at_hand(SkuId(7), &any), None);
    let young = copy(7, 10, 3, ago(1_000));
    cache.put(&[young, copy(8, 10, 3, ago(61_000))]);
    assert_eq!(cache.at_hand(SkuId(7), &any), Some((young, None)));
    assert_eq!(cache.at_hand(SkuId(8), &any), None);
    assert_eq!(cache.not_older_than(SkuId(7), Duration::from_millis(900)), None);
    assert_eq!(cache.not_older_than(SkuId(7), Duration::from_secs(30)), Some(young));
}

#[test]
fn one_of_those_who_are_answered_by_a_copy_in_its_second_half_is_told_to_renew_it() {
    let cache = cache(1_000);
    let any = ReadAfter::default();
    let seen = copy(7, 10, 3, ago(600));
    cache.put(&[seen]);
    // It was put just now: somebody has just asked the books.
    assert_eq!(cache.at_hand(SkuId(7), &any), Some((seen, None)));
    assert_eq!(cache.still_of_use(SkuId(7), &any), Some(seen));
    let later = Instant::now() + Duration::from_millis(251);
    let renewals = [1, 2, 3].map(|_ask| cache.at_hand_at(SkuId(7), &any, later).unwrap().1);
    assert_eq!(renewals, [Some(Renewal::FromBooks), None, None]);
    // The ledger has a turn of its own.
    let bound = Duration::from_secs(1);
    let early = [1, 2, 3].map(|_ask| cache.not_older_than_at(SkuId(7), bound, later));
    assert_eq!(early, [None, Some(seen), Some(seen)]);
}

#[test]
fn a_copy_that_is_too_old_for_a_reader_does_not_answer_them() {
    let cache = cache(60_000);
    cache.put(&[copy(7, 10, 3, Instant::now())]);
    let after = |token: &str| token.parse().unwrap();
    assert!(cache.at_hand(SkuId(7), &after("v1.7-3")).is_some());
    assert!(cache.at_hand(SkuId(7), &after("v1.8-9")).is_some());
    assert!(cache.at_hand(SkuId(7), &after("v1.7-4")).is_none());
}

#[test]
fn what_is_put_is_answered_by_what_is_newest() {
    let cache = cache(60_000);
    let newest = copy(7, 8, 4, Instant::now());
    cache.put(&[newest]);
    assert_eq!(cache.put(&[copy(7, 10, 3, ago(500))]), [newest]);
}

#[test]
fn a_cache_of_no_age_keeps_nothing() {
    let cache = StockCache::none();
    let now = copy(7, 10, 3, Instant::now());
    assert_eq!(cache.put(&[now]), [now]);
    assert_eq!(cache.at_hand(SkuId(7), &ReadAfter::default()), None);
    assert_eq!(cache.not_older_than(SkuId(7), Duration::from_mins(1)), None);
}
