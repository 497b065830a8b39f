//! Commands: requests that hold to every bound that can be checked without the books.

use super::check::Checks;
use super::limits::LINES_MAX;
use super::request::{
    CreateRequest, DeductRequest, Envelope, RefundRequest, SetQuantityRequest, StockRequest,
};
use super::{
    Argument, CountId, CountLine, Field, FlowId, IdempotencyKey, MerchantId, OrderDetailId, Reason,
    Refusal, SkuId, Violation, Visibility,
};

/// Units of one SKU to be taken for one order line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeductLine {
    /// The SKU.
    pub sku_id: SkuId,
    /// The order line.
    pub order_detail_id: OrderDetailId,
    /// Units; 1 to 1,000,000.
    pub quantity: i32,
}

/// Units of one deduction to be given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefundLine {
    /// The deduction.
    pub flow_id: FlowId,
    /// Units, 1 to 1,000,000; all that is left to refund if `None`.
    pub quantity: Option<i32>,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Put a new SKU on the books.
    Create {
        /// The SKU.
        sku_id: SkuId,
        /// Whom it belongs to.
        merchant_id: MerchantId,
        /// Units, 0 to 1,000,000.
        quantity: i32,
    },
    /// Take units for one order line.
    Deduct(DeductLine),
    /// Take every line, or none; 1 to 250 of them.
    DeductBatch(Vec<DeductLine>),
    /// Give back units of one deduction.
    Refund(RefundLine),
    /// Give back units of several deductions, all or none; 1 to 250 lines.
    RefundBatch(Vec<RefundLine>),
    /// Add units that were brought in.
    Replenish {
        /// The SKU.
        sku_id: SkuId,
        /// Units, 1 to 1,000,000.
        quantity: i32,
    },
    /// Set the amount after a count.
    SetQuantity {
        /// The SKU.
        sku_id: SkuId,
        /// Units counted, 0 to 1,000,000.
        quantity: i32,
        /// The amount that must be on the books for it to hold; `None` skips the comparison.
        change_from_quantity: Option<i32>,
    },
    /// Adjust what a stocktake found, all of it or nothing, and complete it.
    Count {
        /// The stocktake.
        count_id: CountId,
        /// The revision that it must be at.
        revision: i64,
        /// What was found; up to 5,000 SKUs, each once.
        lines: Vec<CountLine>,
    },
}

impl Operation {
    /// The deductions that it gives back, one for each line.
    pub fn flow_ids(&self) -> impl Iterator<Item = FlowId> + '_ {
        let lines = match self {
            Self::Refund(line) => std::slice::from_ref(line),
            Self::RefundBatch(lines) => lines,
            Self::Create { .. }
            | Self::Deduct(_)
            | Self::DeductBatch(_)
            | Self::Replenish { .. }
            | Self::SetQuantity { .. }
            | Self::Count { .. } => &[],
        };
        lines.iter().map(|line| line.flow_id)
    }

    /// The SKUs that it names, one for each line. A refund names none: its deductions do.
    pub fn sku_ids(&self) -> impl Iterator<Item = SkuId> + '_ {
        let (alone, lines, counted) = match self {
            Self::Create { sku_id, .. }
            | Self::Replenish { sku_id, .. }
            | Self::SetQuantity { sku_id, .. } => (Some(*sku_id), &[][..], &[][..]),
            Self::Deduct(line) => (None, std::slice::from_ref(line), &[][..]),
            Self::DeductBatch(lines) => (None, lines.as_slice(), &[][..]),
            Self::Refund(_) | Self::RefundBatch(_) => (None, &[][..], &[][..]),
            Self::Count { lines, .. } => (None, &[][..], lines.as_slice()),
        };
        let taken = lines.iter().map(|line| line.sku_id);
        alone.into_iter().chain(taken).chain(counted.iter().map(|line| line.sku_id))
    }

    /// How many entries it writes when it is carried out; 1 to 250, and of a stocktake up to 5,000.
    pub fn line_count(&self) -> usize {
        match self {
            Self::DeductBatch(lines) => lines.len(),
            Self::RefundBatch(lines) => lines.len(),
            Self::Count { lines, .. } => lines.len(),
            Self::Create { .. }
            | Self::Deduct(_)
            | Self::Refund(_)
            | Self::Replenish { .. }
            | Self::SetQuantity { .. } => 1,
        }
    }
}

/// A request that holds to the bounds, ready for the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// Who asks: the namespace of the key.
    pub scope: String,
    /// The key under which it is carried out at most once, for ever.
    pub key: IdempotencyKey,
    /// Who does it.
    pub actor: String,
    /// Whose books they see and touch.
    pub visibility: Visibility,
    /// Why.
    pub reason: Option<Reason>,
    /// What is to be done.
    pub operation: Operation,
}

/// A [`Command`], or everything that is wrong with the request.
pub type Checked = Result<Command, Vec<Refusal>>;

impl Command {
    /// To put a new SKU on the books.
    ///
    /// # Errors
    ///
    /// Every argument that is out of bounds.
    pub fn create(envelope: Envelope, request: &CreateRequest) -> Checked {
        let visibility = envelope.visibility;
        Self::check(envelope, |checks| {
            let sku_id = checks.id(Field::of(Argument::SkuId), &request.sku_id);
            let merchant_id = checks.merchant(
                request.merchant_id.as_deref(),
                request.merchant_by_default,
                visibility,
            );
            let quantity = checks.quantity(None, request.quantity, 0);
            Some(Operation::Create {
                sku_id: sku_id?,
                merchant_id: merchant_id?,
                quantity: quantity?,
            })
        })
    }

    /// To take units for one order line.
    ///
    /// # Errors
    ///
    /// Every argument that is out of bounds.
    pub fn deduct(envelope: Envelope, request: &DeductRequest) -> Checked {
        Self::check(envelope, |checks| deduct_line(checks, None, request).map(Operation::Deduct))
    }

    /// To take every line of a cart, or none.
    ///
    /// # Errors
    ///
    /// Every argument that is out of bounds.
    pub fn deduct_batch(envelope: Envelope, requests: &[DeductRequest]) -> Checked {
        Self::check(envelope, |checks| {
            lines(checks, requests, deduct_line).map(Operation::DeductBatch)
        })
    }

    /// To give units of one deduction back.
    ///
    /// # Errors
    ///
    /// Every argument that is out of bounds.
    pub fn refund(envelope: Envelope, request: &RefundRequest) -> Checked {
        Self::check(envelope, |checks| refund_line(checks, None, request).map(Operation::Refund))
    }

    /// To give units of several deductions back, all or none.
    ///
    /// # Errors
    ///
    /// Every argument that is out of bounds.
    pub fn refund_batch(envelope: Envelope, requests: &[RefundRequest]) -> Checked {
        Self::check(envelope, |checks| {
            lines(checks, requests, refund_line).map(Operation::RefundBatch)
        })
    }

    /// To add units that were brought in.
    ///
    /// # Errors
    ///
    /// Every argument that is out of bounds.
    pub fn replenish(envelope: Envelope, request: &StockRequest) -> Checked {
        Self::check(envelope, |checks| {
            let sku_id = checks.id(Field::of(Argument::SkuId), &request.sku_id);
            let quantity = checks.quantity(None, request.quantity, 1);
            Some(Operation::Replenish { sku_id: sku_id?, quantity: quantity? })
        })
    }

    /// To set the amount after a count.
    ///
    /// # Errors
    ///
    /// Every argument that is out of bounds.
    pub fn set_quantity(envelope: Envelope, request: &SetQuantityRequest) -> Checked {
        Self::check(envelope, |checks| {
            let sku_id = checks.id(Field::of(Argument::SkuId), &request.sku_id);
            let quantity = checks.quantity(None, request.quantity, 0);
            let change_from_quantity = checks.take(
                Field::of(Argument::ChangeFromQuantity),
                request.change_from_quantity.ok_or(Violation::ChangeFromQuantityMissing),
            );
            Some(Operation::SetQuantity {
                sku_id: sku_id?,
                quantity: quantity?,
                change_from_quantity: change_from_quantity?,
            })
        })
    }

    fn check(
        envelope: Envelope,
        operation: impl FnOnce(&mut Checks) -> Option<Operation>,
    ) -> Checked {
        let Envelope { scope, actor, visibility, idempotency_key, reason } = envelope;
        let mut checks = Checks::default();
        let operation = operation(&mut checks);
        let reason =
            reason.and_then(|reason| checks.take(Field::of(Argument::Reason), Reason::new(reason)));
        let key =
            checks.take(Field::of(Argument::IdempotencyKey), IdempotencyKey::new(idempotency_key));
        let command = operation.zip(key).map(|(operation, key)| Self {
            scope,
            key,
            actor,
            visibility,
            reason,
            operation,
        });
        checks.finish(command)
    }
}

fn deduct_line(
    checks: &mut Checks,
    line: Option<usize>,
    request: &DeductRequest,
) -> Option<DeductLine> {
    let sku_id = checks.id(Field::of_line(line, Argument::SkuId), &request.sku_id);
    let order_detail_id = checks.take(
        Field::of_line(line, Argument::OrderDetailId),
        OrderDetailId::new(request.order_detail_id.clone()),
    );
    let quantity = checks.quantity(line, request.quantity, 1);
    Some(DeductLine { sku_id: sku_id?, order_detail_id: order_detail_id?, quantity: quantity? })
}

fn refund_line(
    checks: &mut Checks,
    line: Option<usize>,
    request: &RefundRequest,
) -> Option<RefundLine> {
    let flow_id = checks.id(Field::of_line(line, Argument::FlowId), &request.flow_id);
    let quantity = match request.quantity {
        None => Some(None),
        Some(quantity) => checks.quantity(line, quantity, 1).map(Some),
    };
    Some(RefundLine { flow_id: flow_id?, quantity: quantity? })
}

/// Whether there may be so many lines, of 1 to `lines_max`.
pub(super) fn line_count(lines: usize, lines_max: usize) -> Result<(), Violation> {
    match lines {
        0 => Err(Violation::NoLines),
        lines if lines > lines_max => Err(Violation::TooManyLines { lines, lines_max }),
        _ => Ok(()),
    }
}

/// Checks all the lines, so that every fault is told; or none of them if there are too many.
fn lines<R, L>(
    checks: &mut Checks,
    requests: &[R],
    check: impl Fn(&mut Checks, Option<usize>, &R) -> Option<L>,
) -> Option<Vec<L>> {
    checks.take(Field::of(Argument::Lines), line_count(requests.len(), LINES_MAX))?;
    let checked: Vec<Option<L>> = requests
        .iter()
        .enumerate()
        .map(|(line, request)| check(checks, Some(line), request))
        .collect();
    checked.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn envelope() -> Envelope {
        Envelope {
            scope: "tests".to_owned(),
            actor: "tests".to_owned(),
            visibility: Visibility::All,
            idempotency_key: "key".to_owned(),
            reason: None,
        }
    }

    fn create_request(merchant_id: Option<String>) -> CreateRequest {
        CreateRequest {
            sku_id: "1".to_owned(),
            merchant_id,
            merchant_by_default: Some(MerchantId::DEFAULT),
            quantity: 1,
        }
    }

    fn deduct_request(sku_id: &str, order_detail_id: &str, quantity: i32) -> DeductRequest {
        DeductRequest {
            sku_id: sku_id.to_owned(),
            order_detail_id: order_detail_id.to_owned(),
            quantity,
        }
    }

    fn fields(checked: Checked) -> Vec<Field> {
        checked.unwrap_err().into_iter().map(|refusal| refusal.field).collect()
    }

    #[test]
    fn every_fault_of_every_line_is_told() {
        let requests = vec![
            deduct_request("one", "o-1", 1),
            deduct_request("2", "", 0),
            deduct_request("3", "o-3", 1_000_001),
        ];
        let at = |line, argument| Field::of_line(Some(line), argument);
        assert_eq!(
            fields(Command::deduct_batch(
                Envelope { idempotency_key: String::new(), ..envelope() },
                &requests
            )),
            [
                at(0, Argument::SkuId),
                at(1, Argument::OrderDetailId),
                at(1, Argument::Quantity),
                at(2, Argument::Quantity),
                Field::of(Argument::IdempotencyKey),
            ]
        );
    }

    #[test]
    fn a_cart_has_1_to_250_lines() {
        let cart =
            |lines| Command::deduct_batch(envelope(), &vec![deduct_request("1", "o", 1); lines]);
        assert!(cart(250).is_ok());
        for (lines, violation) in
            [(0, Violation::NoLines), (251, Violation::TooManyLines { lines: 251, lines_max: 250 })]
        {
            let refusals = cart(lines).unwrap_err();
            assert_eq!(refusals, [Refusal { field: Field::of(Argument::Lines), violation }]);
        }
    }

    #[test]
    fn a_quantity_is_bounded_on_both_sides() {
        let stock = |quantity| StockRequest { sku_id: "1".to_owned(), quantity };
        let create = |quantity| {
            Command::create(envelope(), &CreateRequest { quantity, ..create_request(None) })
        };
        assert!(create(0).is_ok());
        assert!(create(1_000_000).is_ok());
        assert!(create(-1).is_err());
        assert!(create(1_000_001).is_err());
        assert!(Command::replenish(envelope(), &stock(0)).is_err());
        assert!(Command::deduct(envelope(), &deduct_request("1", "o", 0)).is_err());
        let refund = |quantity| {
            Command::refund(envelope(), &RefundRequest { flow_id: "1".to_owned(), quantity })
        };
        assert!(refund(None).is_ok());
        assert!(refund(Some(0)).is_err());
    }

    #[test]
    fn a_new_sku_is_the_callers_own_or_anybodys_whom_they_name() {
        let (own, other) = (MerchantId(7), MerchantId(8));
        let create = |visibility, by_default, named: Option<MerchantId>| {
            let request = CreateRequest {
                merchant_by_default: by_default,
                ..create_request(named.map(|named| named.to_string()))
            };
            let command = Command::create(Envelope { visibility, ..envelope() }, &request)?;
            let Operation::Create { merchant_id, .. } = command.operation else {
                panic!("{command:?}");
            };
            Ok::<_, Vec<Refusal>>(merchant_id)
        };
        let bound = Visibility::Only(own);
        assert_eq!(create(bound, Some(own), None), Ok(own));
        assert_eq!(create(bound, Some(own), Some(own)), Ok(own));
        assert_eq!(create(Visibility::All, None, Some(other)), Ok(other));
        for refused in [
            create(bound, Some(own), Some(other)),
            create(Visibility::All, None, None),
            create(Visibility::All, None, Some(MerchantId(0))),
        ] {
            let fields: Vec<_> =
                refused.unwrap_err().into_iter().map(|refusal| refusal.field).collect();
            assert_eq!(fields, [Field::of(Argument::MerchantId)]);
        }
    }

    #[test]
    fn the_amount_believed_in_must_be_written_out() {
        let set = |change_from_quantity| {
            Command::set_quantity(
                envelope(),
                &SetQuantityRequest { sku_id: "1".to_owned(), quantity: 1, change_from_quantity },
            )
        };
        assert!(set(Some(None)).is_ok());
        assert!(set(Some(Some(-5))).is_ok());
        assert_eq!(fields(set(None)), [Field::of(Argument::ChangeFromQuantity)]);
    }
}
