//! The bounds of what may be asked, each with its reason.

/// Units that one line may move: enough for any order line, small enough that a slip of the
/// finger cannot empty a warehouse.
pub const QUANTITY_MAX: i32 = 1_000_000;

/// Lines of one cart: a transaction must stay short, for it holds the locks of all its SKUs.
pub const LINES_MAX: usize = 250;

/// SKUs of one stocktake: all of them are adjusted in one transaction, which holds the locks of as
/// many stocks; a merchant who has more counts them in several.
pub const COUNT_SKUS_MAX: usize = 5_000;
/// Lines of a bulk: an answer of as many, with some figures of each, is a megabyte; and as one
/// transaction they hold the locks of all their SKUs for up to a second or two.
pub const BULK_LINES_MAX: usize = 5_000;

/// Characters of an order-detail id or an idempotency key; the columns hold as many.
pub const IDENTIFIER_CHARS_MAX: usize = 128;

/// Characters of a reason; the column holds as many.
pub const REASON_CHARS_MAX: usize = 500;

/// Nodes of a page when the caller names no number.
pub const PAGE_NODES_DEFAULT: u32 = 50;

/// Nodes of the longest page.
pub const PAGE_NODES_MAX: u32 = 200;

/// Values in one list of a filter.
pub const FILTER_VALUES_MAX: usize = 250;

/// Refunds of one deduction that are shown beneath it. A deduction may be given back in as many
/// steps as it has units; whoever needs more than these pages through the flows by deduction id.
pub const REFUNDS_SHOWN_MAX: u32 = 1_000;

/// SKUs of which one subscription is told.
pub const LIVE_SKUS_MAX: usize = 200;

/// SKUs of a read token: two whole carts.
pub const READ_TOKEN_SKUS_MAX: usize = 500;

/// Characters of a read token: 500 SKUs of usual ids and versions. What stands between client and
/// server passes headers of 16 KiB, though not all of it more than 8.
pub const READ_TOKEN_CHARS_MAX: usize = 16_384;
