//! Refusals, as data.

use async_graphql::{Enum, ID, SimpleObject};

use crate::domain::{Argument, CountViolation, Field, Refusal, SkuId, Violation};

/// What kind of refusal it is. Programs decide by this, never by the message.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::graphql) enum InventoryErrorCode {
    /// Fewer units are left (`available`) than this line asks for (`requested`).
    InsufficientStock,
    /// The SKU is not on the books.
    SkuNotFound,
    /// The SKU is on the books already.
    SkuAlreadyExists,
    /// There is no flow entry of that id, or the SKU has none of that id or version.
    FlowNotFound,
    /// The flow entry is no deduction, so there is nothing to refund.
    NotADeduction,
    /// Fewer units of the deduction are left to refund (`available`) than this line asks for
    /// (`requested`; null when all that is left was asked for).
    RefundExceedsDeducted,
    /// The amount on the books (`available`) is not the one that you believe in (`requested`). Read
    /// it again, and decide anew.
    ChangeFromQuantityStale,
    /// A quantity is out of bounds.
    InvalidQuantity,
    /// The amount would pass 2,147,483,647.
    QuantityOverflow,
    /// Another argument is out of bounds; the message says how.
    InvalidArgument,
    /// There are more lines than may be: 250 of a cart, 5,000 of a bulk; or a stocktake would have
    /// more than 5,000 SKUs.
    TooManyLines,
    /// The key was carried out before, with other parameters or for another operation. Take a fresh
    /// key for a fresh request.
    IdempotencyKeyReused,
    /// There is no stocktake of that id.
    CountNotFound,
    /// The stocktake was completed or abandoned already.
    CountNotOpen,
    /// The SKU is not among those of the stocktake.
    SkuNotInCount,
    /// Observations were recorded since the revision at which you reviewed the stocktake. Review it
    /// again.
    CountChanged,
    /// SKUs of the stocktake were not counted.
    CountUncounted,
    /// More units went out since the shelf was counted than it had: `requested` were missing then, and
    /// `available` are on the books. Count the SKU again.
    CountStale,
    /// The variance is more than one person may set right alone: somebody must complete the stocktake
    /// who neither started it nor counted.
    CountNeedsSecondPerson,
}

/// A refusal that the caller can act on. Nothing was written, and the request may be tried again
/// under its key.
#[derive(SimpleObject, Clone, Debug)]
pub(in crate::graphql) struct InventoryUserError {
    /// What kind of refusal it is.
    code: InventoryErrorCode,
    /// The refusal in a sentence, for people.
    message: String,
    /// The path of the argument at fault, as `["input", "lines", "2", "quantity"]`.
    field: Option<Vec<String>>,
    /// The SKU concerned, where there is one.
    sku_id: Option<ID>,
    /// Units asked for, where it is about units.
    requested: Option<i32>,
    /// Units left to take, or left to refund, where it is about units.
    available: Option<i32>,
}

impl From<Refusal> for InventoryUserError {
    fn from(Refusal { field, violation }: Refusal) -> Self {
        let path = path(field);
        let (sku_id, requested, available) = numbers(&violation);
        let argument = path.last().map(String::as_str).unwrap_or_default();
        let message = if violation.wants_argument() {
            format!("{argument} {violation}.")
        } else {
            format!("{violation}.")
        };
        Self {
            code: (&violation).into(),
            message,
            field: Some(path),
            sku_id: sku_id.map(|sku_id| sku_id.to_string().into()),
            requested,
            available,
        }
    }
}

impl From<&Violation> for InventoryErrorCode {
    fn from(violation: &Violation) -> Self {
        match violation {
            Violation::InsufficientStock { .. } => Self::InsufficientStock,
            Violation::SkuNotFound { .. } => Self::SkuNotFound,
            Violation::SkuAlreadyExists { .. } => Self::SkuAlreadyExists,
            Violation::FlowNotFound { .. } => Self::FlowNotFound,
            Violation::NotADeduction { .. } => Self::NotADeduction,
            Violation::RefundExceedsDeducted { .. } => Self::RefundExceedsDeducted,
            Violation::ChangeFromQuantityStale { .. } => Self::ChangeFromQuantityStale,
            Violation::InvalidQuantity { .. } => Self::InvalidQuantity,
            Violation::QuantityOverflow { .. } => Self::QuantityOverflow,
            Violation::InvalidId(_)
            | Violation::InvalidText(_)
            | Violation::NoLines
            | Violation::ChangeFromQuantityMissing
            | Violation::MerchantMissing
            | Violation::MerchantNotOwn => Self::InvalidArgument,
            Violation::TooManyLines { .. } => Self::TooManyLines,
            Violation::IdempotencyKeyReused => Self::IdempotencyKeyReused,
            Violation::Count(violation) => violation.into(),
        }
    }
}

impl From<&CountViolation> for InventoryErrorCode {
    fn from(violation: &CountViolation) -> Self {
        match violation {
            CountViolation::NotFound(_) => Self::CountNotFound,
            CountViolation::NotOpen { .. } => Self::CountNotOpen,
            CountViolation::SkuNotInCount { .. } => Self::SkuNotInCount,
            CountViolation::VersionNotFound { .. } | CountViolation::FlowOfAnotherSku { .. } => {
                Self::FlowNotFound
            }
            CountViolation::InvalidVersion(_) | CountViolation::SaidTwice(_) => {
                Self::InvalidArgument
            }
            CountViolation::TooManySkus => Self::TooManyLines,
            CountViolation::NoSkus(_) => Self::SkuNotFound,
            CountViolation::Changed { .. } => Self::CountChanged,
            CountViolation::Uncounted { .. } | CountViolation::NothingCounted(_) => {
                Self::CountUncounted
            }
            CountViolation::Stale { .. } => Self::CountStale,
            CountViolation::NeedsSecondPerson { .. } => Self::CountNeedsSecondPerson,
        }
    }
}

/// The SKU, the units asked for and the units there are, as far as a violation tells them.
fn numbers(violation: &Violation) -> (Option<SkuId>, Option<i32>, Option<i32>) {
    match *violation {
        Violation::InsufficientStock { sku_id, requested, available } => {
            (Some(sku_id), Some(requested), Some(available))
        }
        Violation::RefundExceedsDeducted { sku_id, requested, available, .. } => {
            (Some(sku_id), requested, Some(available))
        }
        Violation::ChangeFromQuantityStale { sku_id, expected, actual } => {
            (Some(sku_id), Some(expected), Some(actual))
        }
        Violation::QuantityOverflow { sku_id, quantity, .. } => {
            (Some(sku_id), Some(quantity), None)
        }
        Violation::SkuNotFound { sku_id }
        | Violation::SkuAlreadyExists { sku_id }
        | Violation::NotADeduction { sku_id, .. }
        | Violation::Count(
            CountViolation::SkuNotInCount { sku_id, .. }
            | CountViolation::VersionNotFound { sku_id, .. }
            | CountViolation::FlowOfAnotherSku { sku_id, .. },
        ) => (Some(sku_id), None, None),
        Violation::InvalidQuantity { quantity, .. } => (None, Some(quantity), None),
        Violation::Count(CountViolation::Stale { sku_id, missing, available }) => {
            (Some(sku_id), Some(missing), Some(available))
        }
        Violation::Count(_)
        | Violation::FlowNotFound { .. }
        | Violation::InvalidId(_)
        | Violation::InvalidText(_)
        | Violation::NoLines
        | Violation::ChangeFromQuantityMissing
        | Violation::MerchantMissing
        | Violation::MerchantNotOwn
        | Violation::TooManyLines { .. }
        | Violation::IdempotencyKeyReused => (None, None, None),
    }
}

/// The path of a field from the mutation's argument.
fn path(field: Field) -> Vec<String> {
    let mut path = vec!["input".to_owned()];
    if let (Some(place), Argument::SkuIds) = (field.line, field.argument) {
        path.extend(["skuIds".to_owned(), place.to_string()]);
        return path;
    }
    if let Some(line) = field.line {
        path.extend(["lines".to_owned(), line.to_string()]);
    }
    path.push(name(field.argument).to_owned());
    path
}

/// What the schema calls an argument.
fn name(argument: Argument) -> &'static str {
    match argument {
        Argument::SkuId => "skuId",
        Argument::OrderDetailId => "orderDetailId",
        Argument::MerchantId => "merchantId",
        Argument::Quantity => "quantity",
        Argument::ChangeFromQuantity => "changeFromQuantity",
        Argument::FlowId => "flowId",
        Argument::Reason => "reason",
        Argument::IdempotencyKey => "idempotencyKey",
        Argument::Lines => "lines",
        Argument::CountId => "countId",
        Argument::SkuIds => "skuIds",
        Argument::FromSkuId => "fromSkuId",
        Argument::ToSkuId => "toSkuId",
        Argument::Version => "version",
        Argument::Revision => "revision",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_the_argument_at_fault_and_its_numbers() {
        let field = Field::of_line(Some(2), Argument::Quantity);
        let violation =
            Violation::InsufficientStock { sku_id: SkuId(7), requested: 5, available: 3 };
        let error = InventoryUserError::from(Refusal { field, violation });
        assert_eq!(error.code, InventoryErrorCode::InsufficientStock);
        assert_eq!(error.field.unwrap(), ["input", "lines", "2", "quantity"]);
        assert_eq!((error.requested, error.available), (Some(5), Some(3)));
        assert_eq!(error.message, "SKU 7 has 3 units left, 5 were asked for.");

        let field = Field::of(Argument::Quantity);
        let violation = Violation::InvalidQuantity { quantity: 0, min: 1, max: 9 };
        let error = InventoryUserError::from(Refusal { field, violation });
        assert_eq!(error.message, "quantity must be from 1 to 9, is 0.");
    }
}
