//! What a caller is told when a request cannot be carried out by its own fault.
//!
//! Nothing was written when a request was refused; it may be tried again under the same key.

use super::id::InvalidId;
use super::text::InvalidText;
use super::{CountViolation, FlowId, SkuId};

/// An argument of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Argument {
    /// The SKU.
    SkuId,
    /// The order line.
    OrderDetailId,
    /// The merchant.
    MerchantId,
    /// How many units.
    Quantity,
    /// The amount that the caller believes in.
    ChangeFromQuantity,
    /// The deduction to be refunded.
    FlowId,
    /// Why.
    Reason,
    /// The key.
    IdempotencyKey,
    /// The lines as a whole.
    Lines,
    /// The stocktake.
    CountId,
    /// The SKUs of a stocktake, or one of them.
    SkuIds,
    /// The first of a span of SKUs.
    FromSkuId,
    /// The last of a span of SKUs.
    ToSkuId,
    /// The version that a SKU had.
    Version,
    /// The revision of a stocktake.
    Revision,
}

/// Where in a request the fault is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Field {
    /// The line of a request that has several, from 0; `None` for the request itself.
    pub line: Option<usize>,
    /// The argument.
    pub argument: Argument,
}

impl Field {
    /// An argument of the request itself.
    pub const fn of(argument: Argument) -> Self {
        Self { line: None, argument }
    }

    /// An argument of one line, or of the request itself where that has no lines.
    pub const fn of_line(line: Option<usize>, argument: Argument) -> Self {
        Self { line, argument }
    }
}

/// What rule a request breaks, with its numbers. The text is for people; programs read the
/// variant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    /// There is not enough left.
    #[error("SKU {sku_id} has {available} units left, {requested} were asked for")]
    InsufficientStock {
        /// The SKU that falls short.
        sku_id: SkuId,
        /// Units asked for by this line.
        requested: i32,
        /// Units that were left for this line.
        available: i32,
    },
    /// The SKU is not on the books.
    #[error("SKU {sku_id} does not exist")]
    SkuNotFound {
        /// The SKU asked for.
        sku_id: SkuId,
    },
    /// The SKU is on the books already.
    #[error("SKU {sku_id} exists already")]
    SkuAlreadyExists {
        /// The SKU to be created.
        sku_id: SkuId,
    },
    /// There is no such entry.
    #[error("there is no flow entry {flow_id}")]
    FlowNotFound {
        /// The entry asked for.
        flow_id: FlowId,
    },
    /// Only deductions can be refunded.
    #[error("flow entry {flow_id} is not a deduction, so there is nothing to refund")]
    NotADeduction {
        /// The entry asked for.
        flow_id: FlowId,
        /// Its SKU.
        sku_id: SkuId,
    },
    /// More would be given back than was taken.
    #[error("deduction {flow_id} has {available} units left to refund")]
    RefundExceedsDeducted {
        /// The deduction.
        flow_id: FlowId,
        /// Its SKU.
        sku_id: SkuId,
        /// Units asked for; `None` when all that is left was asked for, and nothing is.
        requested: Option<i32>,
        /// Units left to refund for this line.
        available: i32,
    },
    /// The amount is not what the caller believes it to be.
    #[error("SKU {sku_id} has {actual} units, not {expected}; read it again and decide anew")]
    ChangeFromQuantityStale {
        /// The SKU.
        sku_id: SkuId,
        /// The amount that the caller believes in.
        expected: i32,
        /// The amount on the books.
        actual: i32,
    },
    /// A quantity is out of bounds.
    #[error("must be from {min} to {max}, is {quantity}")]
    InvalidQuantity {
        /// The quantity given.
        quantity: i32,
        /// The least that is allowed.
        min: i32,
        /// The most that is allowed.
        max: i32,
    },
    /// The amount would leave 32 bits.
    #[error(
        "SKU {sku_id} has {leaved_amount} units; with {quantity} more it would pass 2147483647"
    )]
    QuantityOverflow {
        /// The SKU.
        sku_id: SkuId,
        /// Units to come in.
        quantity: i32,
        /// Units on the books.
        leaved_amount: i32,
    },
    /// An identifier is none.
    #[error("{0}")]
    InvalidId(#[from] InvalidId),
    /// A text cannot be kept.
    #[error("{0}")]
    InvalidText(#[from] InvalidText),
    /// A request of lines has none.
    #[error("must have at least one line")]
    NoLines,
    /// The argument must be written out, if only as null.
    #[error("must be given: the amount that you believe in, or null to skip the comparison")]
    ChangeFromQuantityMissing,
    /// A caller who acts for many merchants names none.
    #[error("must be given, for you act for more than one merchant")]
    MerchantMissing,
    /// A caller who is bound to one merchant names another.
    #[error("must be left out, or be the merchant that you act for")]
    MerchantNotOwn,
    /// A request has too many lines.
    #[error("must be at most {lines_max} lines, are {lines}")]
    TooManyLines {
        /// Lines given.
        lines: usize,
        /// As many as there may be.
        lines_max: usize,
    },
    /// The key was carried out with other parameters, or for another operation.
    #[error("this key was used before, for another request; take a fresh key")]
    IdempotencyKeyReused,
    /// A rule of stocktakes.
    #[error("{0}")]
    Count(#[from] CountViolation),
}

impl Violation {
    /// Whether its text is half a sentence, which the name of the argument at fault begins: "must be
    /// from 1 to 1000000, is 0".
    pub fn wants_argument(&self) -> bool {
        match self {
            Self::Count(violation) => violation.wants_argument(),
            Self::InvalidQuantity { .. }
            | Self::InvalidId(_)
            | Self::InvalidText(_)
            | Self::NoLines
            | Self::ChangeFromQuantityMissing
            | Self::MerchantMissing
            | Self::MerchantNotOwn
            | Self::TooManyLines { .. } => true,
            Self::InsufficientStock { .. }
            | Self::SkuNotFound { .. }
            | Self::SkuAlreadyExists { .. }
            | Self::FlowNotFound { .. }
            | Self::NotADeduction { .. }
            | Self::RefundExceedsDeducted { .. }
            | Self::ChangeFromQuantityStale { .. }
            | Self::QuantityOverflow { .. }
            | Self::IdempotencyKeyReused => false,
        }
    }
}

/// One reason why a request was refused, and the argument at fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Where the fault is.
    pub field: Field,
    /// What it is.
    pub violation: Violation,
}
