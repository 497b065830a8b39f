//! Random histories: what is found is what the model finds, in its order, once, whatever the pages.

use chrono::TimeDelta;
use stockflow::audit::AnomalyBounds;
use stockflow::domain::anomaly::{
    Burst, ClockBackwards, DuplicateOrderDetail, LargeAdjustment, OddHours, QuickRefunds,
};
use stockflow::domain::{
    Anomaly, AnomalyFilter, AnomalyRule, AnomalyRules, Flow, FlowKind, MerchantId, SkuId,
    Visibility,
};

use super::model::{self, Told};
use super::planted::{Planted, Search, all, clear};
use crate::support::{TestDatabase, on_each_database};

on_each_database!(
    what_is_found_is_what_the_model_finds_whatever_the_pages,
    an_actor_of_thousands_of_entries_is_judged_alike_whatever_the_pages,
    a_page_ends_and_tells_how_far_it_came,
);

/// A history each.
const SEEDS: [u64; 1] = [7];

const ACTORS: [&str; 4] = ["key:shop", "user:ada", "user:bob", "user:Ada "];

fn rules() -> AnomalyRules {
    AnomalyRules {
        duplicate_order_detail: Some(DuplicateOrderDetail { within: TimeDelta::days(2) }),
        quick_refunds: Some(QuickRefunds {
            refunds_max: 2,
            within: TimeDelta::minutes(10),
            window: TimeDelta::hours(6),
        }),
        burst: Some(Burst { entries_max: 4, window: TimeDelta::minutes(2) }),
        large_adjustment: Some(LargeAdjustment { units_min: 100, share_max: 0.3 }),
        odd_hours: Some(OddHours { entries_min: 20, share_max: 0.03, span: TimeDelta::days(20) }),
        clock_backwards: Some(ClockBackwards { tolerance: TimeDelta::seconds(5) }),
        actors_passed_over: [].into(),
    }
}

/// Some weeks of a shop in which everything happens.
fn history(seed: u64) -> Planted {
    let mut dice = fastrand::Rng::with_seed(seed);
    let mut planted = Planted::new();
    let mut deductions: Vec<(i64, i32)> = Vec::new();
    let mut seconds = 0_i64;
    while planted.flows.len() < 900 {
        seconds += match dice.u32(0..20) {
            0 => dice.i64(0..20_000),
            1..5 => dice.i64(0..3_600),
            _ => dice.i64(0..40),
        };
        // They work by day, but for some nights.
        if seconds % 86_400 > 9 * 3_600 {
            let midnight = seconds - seconds % 86_400;
            let is_night = seconds % 86_400 < 17 * 3_600 && dice.u32(0..4) == 0;
            seconds = midnight + if is_night { 17 * 3_600 } else { 86_400 };
        }
        let at = seconds - if dice.u32(0..40) == 0 { dice.i64(0..7_200) } else { 0 };
        let actor = ACTORS[dice.usize(0..ACTORS.len())];
        let sku_id = dice.i64(1..6);
        match dice.u32(0..20) {
            0 => {
                let quantity = dice.i32(-200..400_000);
                planted.add(FlowKind::Adjustment, (sku_id, quantity), at, actor);
                if planted.flows.last().is_some_and(|flow| flow.leaved_after < 0) {
                    planted.change(|row| {
                        row.quantity_trade += row.leaved_after;
                        row.leaved_after = 0;
                    });
                }
            }
            1 => {
                planted.add(FlowKind::Replenishment, (sku_id, -500_000), at, actor);
            }
            2..8 if !deductions.is_empty() => {
                let place = dice.usize(deductions.len().saturating_sub(6)..deductions.len());
                let (deduction, left) = deductions[place];
                if left > 0 {
                    let quantity = dice.i32(1..=left);
                    deductions[place].1 -= quantity;
                    planted.refund(deduction, quantity, at, actor);
                }
            }
            _ => {
                let line = format!("line {}", dice.u32(0..60));
                let quantity = dice.i32(1..4);
                let id = planted.deduct((sku_id, 0), &line, at, actor);
                // Of what is not there nothing is taken.
                let there = planted.flows.last().unwrap().leaved_after;
                let quantity = quantity.min(there);
                planted.change(|row| {
                    row.quantity_trade = quantity;
                    row.leaved_after = there - quantity;
                });
                deductions.push((id, quantity));
            }
        }
    }
    planted
}

fn told(found: &[Anomaly]) -> Vec<Told> {
    let ids = |anomaly: &Anomaly| anomaly.flow_ids.iter().map(|id| id.0).collect();
    found.iter().map(|it| (it.flow_id.0, it.rule, ids(it))).collect()
}

/// What the model finds for those who see one merchant, or all, and want this.
fn expected(flows: &[Flow], filter: &AnomalyFilter, seen: Visibility) -> Vec<Told> {
    let seen: Vec<Flow> =
        flows.iter().filter(|flow| seen.shows(flow.merchant_id)).cloned().collect();
    let found = model::find(&filter.wanted(&rules()), &seen).into_iter();
    let takes = |told: &Told| seen.iter().any(|flow| flow.id.0 == told.0 && filter.takes(flow));
    found.filter(takes).collect()
}

async fn what_is_found_is_what_the_model_finds_whatever_the_pages(database: &TestDatabase) {
    for seed in SEEDS {
        let planted = history(seed);
        let search = planted.write(database, &rules()).await;
        let of_rule = |rule| AnomalyFilter { rules: Some(vec![rule]), ..all() };
        let skus = |ids: &[i64]| Some(ids.iter().copied().map(SkuId).collect());
        let half = planted.flows[450].created_at;
        let mut filters = vec![
            all(),
            AnomalyFilter { sku_ids: skus(&[1, 2, 4]), ..all() },
            AnomalyFilter { sku_ids: skus(&[3]), ..all() },
            AnomalyFilter { sku_ids: skus(&[99]), ..all() },
            AnomalyFilter { actors: Some(vec![ACTORS[1].to_owned()]), ..all() },
            AnomalyFilter {
                actors: Some(vec![ACTORS[0].to_owned(), ACTORS[3].to_owned()]),
                sku_ids: skus(&[1, 5]),
                ..all()
            },
            AnomalyFilter { from: half, ..all() },
            AnomalyFilter { to: Some(half), ..all() },
            AnomalyFilter { rules: Some(Vec::new()), ..all() },
        ];
        filters.extend(AnomalyRule::ALL.map(of_rule));
        for filter in filters {
            let sight = [Visibility::All, Visibility::Only(MerchantId(2))];
            // Whose a SKU is, is told by its stock, of which there is none here.
            let sight = if filter.sku_ids.is_some() { &sight[..1] } else { &sight[..] };
            for visibility in sight {
                let search =
                    Search { filter: filter.clone(), visibility: *visibility, ..search.clone() };
                let expected = expected(&planted.flows, &filter, *visibility);
                let mut pages = vec![(200, 2_000, 20_000, 100), (7, 97, 300, 3)];
                // Each entry a page, and each anomaly one.
                if filter == all() && *visibility == Visibility::All {
                    pages.extend([(200, 1, 1, 1), (1, 150, 150, 2)]);
                }
                for (first, step_entries, page_entries, actors_max) in pages {
                    let bounds = AnomalyBounds { step_entries, page_entries, actors_max };
                    let found = search.with_bounds(bounds).found(first).await;
                    assert_eq!(
                        told(&found),
                        expected,
                        "{seed} {filter:?} {visibility:?} {bounds:?}"
                    );
                }
            }
        }
        for rule in AnomalyRule::ALL {
            let of_rule = expected(&planted.flows, &of_rule(rule), Visibility::All);
            assert!(!of_rule.is_empty(), "{rule:?} never happens under seed {seed}");
        }
        clear(database).await;
    }
}

/// Beyond what a rule looks back, the same is cut off wherever a page begins.
async fn an_actor_of_thousands_of_entries_is_judged_alike_whatever_the_pages(
    database: &TestDatabase,
) {
    let mut planted = Planted::new();
    let mut dice = fastrand::Rng::with_seed(3);
    let mut seconds = 0;
    let mut last = 0;
    for n in 0..2_600_i64 {
        seconds += if dice.u32(0..30) == 0 { 3_000 } else { dice.i64(0..30) };
        if n % 9 == 8 {
            planted.refund(last, 1, seconds, "user:ada");
        } else {
            last = planted.deduct((1, 1), &format!("line {}", n % 400), seconds, "user:ada");
        }
    }
    let rules = AnomalyRules {
        burst: Some(Burst { entries_max: 60, window: TimeDelta::minutes(14) }),
        ..rules()
    };
    let search = planted.write(database, &rules).await;
    let whole = told(&search.found(200).await);
    assert!(whole.len() > 20, "{}", whole.len());
    for (step_entries, page_entries) in [(211, 500), (40, 40)] {
        let bounds = AnomalyBounds { step_entries, page_entries, actors_max: 1 };
        assert_eq!(told(&search.with_bounds(bounds).found(200).await), whole, "{bounds:?}");
    }
    clear(database).await;
}

async fn a_page_ends_and_tells_how_far_it_came(database: &TestDatabase) {
    let mut planted = Planted::new();
    for n in 0..40 {
        planted.deduct(
            (n % 4, 1),
            &format!("line {n}"),
            n,
            ["user:a", "user:b"][usize::try_from(n / 20).unwrap()],
        );
    }
    let search = planted.write(database, &AnomalyRules::default()).await;
    let bounds = AnomalyBounds { step_entries: 4, page_entries: 10, actors_max: 9 };
    let page = search.with_bounds(bounds).page(50, None).await;
    assert_eq!((page.entries_examined, page.has_next, page.has_previous), (12, true, false));
    assert_eq!(page.examined_to, Some(planted.at(11)));
    let next = search.with_bounds(bounds).page(50, page.end).await;
    assert_eq!((next.examined_to, next.has_previous), (Some(planted.at(23)), true));
    // A page has a bounded number of actors.
    let bounds = AnomalyBounds { step_entries: 100, page_entries: 100, actors_max: 1 };
    let page = search.with_bounds(bounds).page(50, None).await;
    assert_eq!((page.entries_examined, page.has_next), (20, true));
    let page = search.with_bounds(bounds).page(50, page.end).await;
    assert_eq!((page.entries_examined, page.has_next), (20, false));
    // Where there is nothing, nothing was examined, and there is nowhere to go on.
    let nothing = AnomalyFilter { actors: Some(vec!["nobody".to_owned()]), ..all() };
    let search = Search { filter: nothing, ..search };
    let page = search.page(50, None).await;
    assert_eq!((page.entries_examined, page.end, page.has_next), (0, None, false));
    clear(database).await;
}
