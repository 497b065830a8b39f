//! What the shop sells, when, and what customers say.

/// An article of the shop.
#[derive(Clone, Copy, Debug)]
pub(super) struct Article {
    pub(super) sku_id: i64,
    pub(super) name: &'static str,
    /// Units on the day it opened.
    pub(super) opening: i32,
    /// How often it is bought, compared to the others.
    pub(super) weight: u32,
    /// Units that a delivery brings, once fewer than half of those are left.
    pub(super) delivery: i32,
}

const fn article(
    sku_id: i64,
    name: &'static str,
    opening: i32,
    weight: u32,
    delivery: i32,
) -> Article {
    Article { sku_id, name, opening, weight, delivery }
}

/// Every article, in the order of their SKUs.
pub(super) const ARTICLES: [Article; 16] = [
    article(1001, "Linen shirt, white, M", 40, 9, 40),
    article(1002, "Linen shirt, white, L", 40, 8, 40),
    article(1003, "Wool jumper, navy, M", 25, 6, 20),
    article(1004, "Wool jumper, navy, L", 25, 5, 20),
    article(1005, "Canvas tote", 80, 14, 60),
    article(1006, "Merino socks, pair", 90, 16, 60),
    article(2001, "Stoneware mug", 60, 12, 50),
    article(2002, "Stoneware bowl", 40, 7, 40),
    article(2003, "Cast-iron pan, 26 cm", 18, 3, 12),
    article(2004, "Oak board", 30, 4, 24),
    article(3001, "Notebook, dotted", 70, 13, 60),
    article(3002, "Fountain pen", 35, 5, 30),
    article(3003, "Ink, blue-black, 50 ml", 45, 7, 40),
    article(4001, "Desk lamp, brass", 12, 2, 8),
    article(4002, "Candle, cedar", 45, 8, 40),
    article(9001, "Gift card box, limited", 20, 6, 0),
];

/// Why customers send things back.
pub(super) const COMPLAINTS: [&str; 5] = [
    "arrived broken",
    "wrong size",
    "changed their mind",
    "parcel lost on the way",
    "not as pictured",
];

/// How many orders come in each hour of the day, compared to the others.
pub(super) const HOURS: [u32; 24] =
    [1, 0, 0, 0, 0, 1, 2, 4, 6, 6, 6, 7, 8, 6, 5, 5, 6, 7, 9, 11, 12, 10, 6, 3];
