//! What happened in the shop: made up, in the order of time, and such that nothing is refused.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, Duration, NaiveTime, Utc};

use super::catalogue::{ARTICLES, Article, COMPLAINTS, HOURS};
use super::dice::Dice;
use super::step::{Act, OrderLine, Step};

const SEED: u64 = 1001;
const DAYS: u64 = 35;
const STOCKTAKE_DAY: u64 = 24;
const FIRST_ORDER: u32 = 5001;

/// What is going to happen, once its time comes.
#[derive(Clone, Debug)]
enum Due {
    Opening,
    Order,
    Refund { order_detail_id: String, article: usize, quantity: i32, complaint: &'static str },
    Delivery,
    Stocktake,
}

/// The shop while the plan is made.
struct Shop {
    dice: Dice,
    /// Units of each article, in their order.
    stock: [i32; ARTICLES.len()],
    /// By time, then in the order in which they were thought of.
    due: BTreeMap<(DateTime<Utc>, u32), Due>,
    thought_of: u32,
    next_order: u32,
    steps: Vec<Step>,
}

/// Makes up the five weeks before `now`.
pub(super) fn plan(now: DateTime<Utc>) -> Vec<Step> {
    let mut shop = Shop {
        dice: Dice::new(SEED),
        stock: [0; ARTICLES.len()],
        due: BTreeMap::new(),
        thought_of: 0,
        next_order: FIRST_ORDER,
        steps: Vec::new(),
    };
    shop.schedule(now);
    while let Some(((at, _nth), due)) = shop.due.pop_first() {
        if at >= now {
            break;
        }
        shop.happen(at, due);
    }
    shop.steps
}

impl Shop {
    fn schedule(&mut self, now: DateTime<Utc>) {
        let first = now.date_naive().checked_sub_days(Days::new(DAYS)).unwrap_or_default();
        for day in 0..=DAYS {
            let midnight = first
                .checked_add_days(Days::new(day))
                .unwrap_or_default()
                .and_time(NaiveTime::MIN)
                .and_utc();
            let mut at = |hour: u32, due: Due| {
                let instant = self.within(midnight, hour);
                self.later(instant, due);
            };
            match day {
                0 => at(6, Due::Opening),
                STOCKTAKE_DAY => at(23, Due::Stocktake),
                _ if day.checked_rem(3) == Some(1) => at(10, Due::Delivery),
                _ => {}
            }
            for _ in 0..self.dice.between(3, 8) {
                let hour = self.dice.pick(HOURS.into_iter()).unwrap_or_default();
                let hour = u32::try_from(hour).unwrap_or_default();
                let instant = self.within(midnight, if day == 0 { hour.max(8) } else { hour });
                self.later(instant, Due::Order);
            }
        }
    }

    /// Some instant of an hour.
    fn within(&mut self, midnight: DateTime<Utc>, hour: u32) -> DateTime<Utc> {
        let second = hour.saturating_mul(3_600).saturating_add(self.dice.below(3_600));
        let micros = i64::from(second)
            .saturating_mul(1_000_000)
            .saturating_add(i64::from(self.dice.below(1_000_000)));
        after(midnight, Duration::microseconds(micros))
    }

    fn later(&mut self, at: DateTime<Utc>, due: Due) {
        self.thought_of = self.thought_of.saturating_add(1);
        self.due.insert((at, self.thought_of), due);
    }

    fn happen(&mut self, at: DateTime<Utc>, due: Due) {
        match due {
            Due::Opening => self.open(at),
            Due::Order => self.order(at),
            Due::Refund { order_detail_id, article, quantity, complaint } => {
                self.move_stock(article, quantity);
                let nth = self.steps.len();
                self.steps.push(Step {
                    at,
                    actor: "support",
                    key: format!("refund-{order_detail_id}-{nth}"),
                    reason: Some(complaint.to_owned()),
                    act: Act::Refund { order_detail_id, quantity },
                });
            }
            Due::Delivery => self.deliver(at),
            Due::Stocktake => self.count(at),
        }
    }

    fn open(&mut self, at: DateTime<Utc>) {
        for (index, article) in ARTICLES.iter().enumerate() {
            let Article { sku_id, name, opening: quantity, .. } = *article;
            self.move_stock(index, quantity);
            self.warehouse(
                at,
                format!("opening-{sku_id}"),
                format!("{name}: opening stock"),
                Act::Open { sku_id, quantity },
            );
        }
    }

    fn order(&mut self, at: DateTime<Utc>) {
        let number = self.next_order;
        self.next_order = number.saturating_add(1);
        let lines_wanted = if self.dice.chance(65) { 1 } else { self.dice.between(2, 4) };
        let mut lines = Vec::new();
        for nth in 1..=lines_wanted {
            let weights = ARTICLES.iter().map(|article| article.weight);
            let Some(article) = self.dice.pick(weights) else { continue };
            let wanted = i32::try_from(self.dice.between(1, 3)).unwrap_or(1);
            let quantity = wanted.min(self.left(article));
            // What is sold out cannot be put into a cart.
            let Some(sku_id) = ARTICLES.get(article).map(|it| it.sku_id).filter(|_| quantity > 0)
            else {
                continue;
            };
            self.move_stock(article, quantity.saturating_neg());
            let order_detail_id = format!("{number}-{nth}");
            if self.dice.chance(14) {
                self.complain(at, &order_detail_id, article, quantity);
            }
            lines.push(OrderLine { order_detail_id, sku_id, quantity });
        }
        if !lines.is_empty() {
            let key = format!("order-{number}");
            self.steps.push(Step {
                at,
                actor: "web-shop",
                key,
                reason: None,
                act: Act::Order { lines },
            });
        }
    }

    /// Some days later a part comes back, and now and then the rest, for another reason.
    fn complain(&mut self, at: DateTime<Utc>, order_detail_id: &str, article: usize, units: i32) {
        let mut at = at;
        let mut left = units;
        while left > 0 {
            let complaint = self.dice.pick(COMPLAINTS.iter().map(|_| 1)).unwrap_or_default();
            let quantity = if self.dice.chance(60) { 1 } else { left };
            let hours = i64::from(self.dice.between(20, 120));
            let minutes = i64::from(self.dice.below(60));
            at = after(at, Duration::minutes(hours.saturating_mul(60).saturating_add(minutes)));
            self.later(
                at,
                Due::Refund {
                    order_detail_id: order_detail_id.to_owned(),
                    article,
                    quantity,
                    complaint: COMPLAINTS.get(complaint).copied().unwrap_or_default(),
                },
            );
            left = left.saturating_sub(quantity);
            if self.dice.chance(50) {
                break;
            }
        }
    }

    fn deliver(&mut self, at: DateTime<Utc>) {
        for (index, article) in ARTICLES.iter().enumerate() {
            let scarce = self.left(index).saturating_mul(2) < article.delivery;
            if scarce {
                let Article { sku_id, name, delivery: quantity, .. } = *article;
                self.move_stock(index, quantity);
                let key = format!("delivery-{}-{sku_id}", at.format("%Y%m%d"));
                self.warehouse(
                    at,
                    key,
                    format!("{name}: delivery"),
                    Act::Replenish { sku_id, quantity },
                );
            }
        }
    }

    /// Most counts agree with the books. They are written all the same: as proof.
    fn count(&mut self, at: DateTime<Utc>) {
        for (index, article) in ARTICLES.iter().enumerate() {
            let believed = self.left(index);
            let (difference, reason) = match index {
                2 => (-1, "stocktake: one missing"),
                6 => (-2, "stocktake: two broken"),
                11 => (1, "stocktake: one found behind the shelf"),
                _ => (0, "stocktake: agrees"),
            };
            let counted = believed.saturating_add(difference).max(0);
            self.move_stock(index, counted.saturating_sub(believed));
            let sku_id = article.sku_id;
            self.warehouse(
                at,
                format!("stocktake-{sku_id}"),
                reason.to_owned(),
                Act::Count { sku_id, counted, believed },
            );
        }
    }

    fn warehouse(&mut self, at: DateTime<Utc>, key: String, reason: String, act: Act) {
        self.steps.push(Step { at, actor: "warehouse", key, reason: Some(reason), act });
    }

    fn left(&self, article: usize) -> i32 {
        self.stock.get(article).copied().unwrap_or_default()
    }

    fn move_stock(&mut self, article: usize, quantity: i32) {
        if let Some(stock) = self.stock.get_mut(article) {
            *stock = stock.saturating_add(quantity);
        }
    }
}

fn after(at: DateTime<Utc>, pause: Duration) -> DateTime<Utc> {
    at.checked_add_signed(pause).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_shop_is_the_same_for_everybody_and_in_order() {
        let now: DateTime<Utc> = "2026-11-23T12:00:00Z".parse().unwrap();
        let steps = plan(now);
        assert_eq!(steps, plan(now));
        assert!(steps.is_sorted_by_key(|step| step.at));
        assert!(steps.iter().all(|step| step.at < now && step.actor != "anonymous"));
        let keys: BTreeSet<_> = steps.iter().map(|step| (step.actor, &step.key)).collect();
        assert_eq!(keys.len(), steps.len());
        let count = |is: fn(&Act) -> bool| steps.iter().filter(|step| is(&step.act)).count();
        assert!(count(|act| matches!(act, Act::Order { lines } if lines.len() == 1)) > 50);
        assert!(count(|act| matches!(act, Act::Order { lines } if lines.len() > 1)) > 20);
        assert!(count(|act| matches!(act, Act::Refund { .. })) > 15);
        assert!(count(|act| matches!(act, Act::Replenish { .. })) > 5);
        assert_eq!(count(|act| matches!(act, Act::Count { .. })), ARTICLES.len());
    }

    #[test]
    fn nothing_is_sold_that_is_not_there() {
        for day in 0..7 {
            let now: DateTime<Utc> = "2026-11-23T23:59:00Z".parse().unwrap();
            let mut stock: BTreeMap<i64, i32> = BTreeMap::new();
            for step in plan(now + Days::new(day)) {
                match step.act {
                    Act::Open { sku_id, quantity } | Act::Replenish { sku_id, quantity } => {
                        *stock.entry(sku_id).or_default() += quantity;
                    }
                    Act::Order { lines } => {
                        for line in lines {
                            let left = stock.get_mut(&line.sku_id).unwrap();
                            *left -= line.quantity;
                            assert!(*left >= 0, "{}", line.order_detail_id);
                        }
                    }
                    Act::Count { sku_id, counted, .. } => {
                        stock.insert(sku_id, counted);
                    }
                    Act::Refund { .. } => {}
                }
            }
        }
    }
}
