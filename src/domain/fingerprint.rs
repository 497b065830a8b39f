//! Tells whether two requests under one key are the same request.

use super::hashing::Bytes;
use super::{Command, CountLine, DeductLine, MerchantId, Operation, RefundLine};

/// SHA-256 over every parameter of a request: the operation, its lines in their order, the
/// reason. Who asks, and the key, are not part of it: they are where it is looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fingerprint(pub [u8; 32]);

impl Fingerprint {
    /// The fingerprint of a command.
    ///
    /// Every text goes in behind its length, every number in eight bytes and every option behind
    /// a byte that says whether it is there, so that no two requests spell the same bytes. What is
    /// written on the books is compared with it for ever: a change here must keep the old bytes.
    pub fn of(command: &Command) -> Self {
        let mut bytes = Bytes::default();
        match &command.operation {
            // As it was spelled before there were merchants.
            Operation::Create { sku_id, merchant_id: MerchantId::DEFAULT, quantity } => {
                bytes.text("create").number(sku_id.0).number((*quantity).into());
            }
            Operation::Create { sku_id, merchant_id, quantity } => {
                bytes.text("create_for").number(merchant_id.0).number(sku_id.0);
                bytes.number((*quantity).into());
            }
            Operation::Deduct(line) => {
                bytes.text("deduct").deduct(line);
            }
            Operation::DeductBatch(lines) => {
                bytes.text("deduct_batch").length(lines.len());
                for line in lines {
                    bytes.deduct(line);
                }
            }
            Operation::Refund(line) => {
                bytes.text("refund").refund(*line);
            }
            Operation::RefundBatch(lines) => {
                bytes.text("refund_batch").length(lines.len());
                for line in lines {
                    bytes.refund(*line);
                }
            }
            Operation::Replenish { sku_id, quantity } => {
                bytes.text("replenish").number(sku_id.0).number((*quantity).into());
            }
            Operation::SetQuantity { sku_id, quantity, change_from_quantity } => {
                bytes.text("set_quantity").number(sku_id.0).number((*quantity).into());
                bytes.optional_number(change_from_quantity.map(Into::into));
            }
            // At which revision it was is no part of it: what was found then is.
            Operation::Count { count_id, lines, .. } => {
                bytes.text("count").number(count_id.0).length(lines.len());
                for line in lines {
                    bytes.count(*line);
                }
            }
        }
        bytes.optional_text(command.reason.as_ref().map(super::Reason::as_str));
        Self(bytes.finish())
    }
}

impl Bytes {
    fn deduct(&mut self, line: &DeductLine) -> &mut Self {
        self.number(line.sku_id.0).text(line.order_detail_id.as_str()).number(line.quantity.into())
    }

    /// What its entry had left follows from the entry.
    fn count(&mut self, line: CountLine) -> &mut Self {
        self.number(line.sku_id.0).number(line.quantity.into()).number(line.version)
    }

    fn refund(&mut self, line: RefundLine) -> &mut Self {
        self.number(line.flow_id.0).optional_number(line.quantity.map(Into::into))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{CountId, FlowId, IdempotencyKey, OrderDetailId, Reason, SkuId, Visibility};
    use super::*;

    fn command(operation: Operation, reason: Option<&str>) -> Command {
        Command {
            scope: "scope".to_owned(),
            key: IdempotencyKey::new("key".to_owned()).unwrap(),
            actor: "actor".to_owned(),
            visibility: Visibility::All,
            reason: reason.map(|reason| Reason::new(reason.to_owned()).unwrap()),
            operation,
        }
    }

    fn deduct(sku_id: i64, order_detail_id: &str, quantity: i32) -> DeductLine {
        DeductLine {
            sku_id: SkuId(sku_id),
            order_detail_id: OrderDetailId::new(order_detail_id.to_owned()).unwrap(),
            quantity,
        }
    }

    #[test]
    fn every_parameter_counts() {
        let refund = |quantity| RefundLine { flow_id: FlowId(1), quantity };
        let create = |sku_id, merchant_id, quantity| Operation::Create {
            sku_id: SkuId(sku_id),
            merchant_id: MerchantId(merchant_id),
            quantity,
        };
        let set = |change_from_quantity| Operation::SetQuantity {
            sku_id: SkuId(1),
            quantity: 2,
            change_from_quantity,
        };
        let count = |count_id, quantity, version| Operation::Count {
            count_id: CountId(count_id),
            revision: 1,
            lines: vec![CountLine { sku_id: SkuId(1), quantity, version, leaved_after: 2 }],
        };
        let commands = [
            command(count(1, 2, 1), None),
            command(count(2, 2, 1), None),
            command(count(1, 3, 1), None),
            command(count(1, 2, 2), None),
            command(create(1, 1, 2), None),
            command(create(1, 2, 2), None),
            command(create(2, 1, 2), None),
            command(Operation::Replenish { sku_id: SkuId(1), quantity: 2 }, None),
            command(Operation::Replenish { sku_id: SkuId(2), quantity: 2 }, None),
            command(Operation::Replenish { sku_id: SkuId(1), quantity: 3 }, None),
            command(Operation::Replenish { sku_id: SkuId(1), quantity: 2 }, Some("")),
            command(Operation::Replenish { sku_id: SkuId(1), quantity: 2 }, Some("why")),
            command(Operation::Deduct(deduct(1, "o", 1)), None),
            command(Operation::Deduct(deduct(1, "O", 1)), None),
            command(Operation::Deduct(deduct(1, "o ", 1)), None),
            command(Operation::DeductBatch(vec![deduct(1, "o", 1)]), None),
            command(Operation::DeductBatch(vec![deduct(1, "o", 1), deduct(2, "p", 1)]), None),
            command(Operation::DeductBatch(vec![deduct(2, "p", 1), deduct(1, "o", 1)]), None),
            command(Operation::Refund(refund(None)), None),
            command(Operation::Refund(refund(Some(1))), None),
            command(Operation::RefundBatch(vec![refund(Some(1))]), None),
            command(set(None), None),
            command(set(Some(0)), None),
        ];
        for (place, one) in commands.iter().enumerate() {
            for (other_place, other) in commands.iter().enumerate() {
                assert_eq!(
                    Fingerprint::of(one) == Fingerprint::of(other),
                    place == other_place,
                    "{one:?} and {other:?}"
                );
            }
        }
    }

    #[test]
    fn the_bytes_stay_what_they_are() {
        let fingerprint =
            Fingerprint::of(&command(Operation::Deduct(deduct(1001, "o-1", 2)), None));
        // SHA-256 of: 8 bytes 6, "deduct", 8 bytes 1001, 8 bytes 3, "o-1", 8 bytes 2, one byte 0.
        assert_eq!(
            fingerprint.0,
            [
                0x86, 0xd6, 0xce, 0xf0, 0x58, 0x9f, 0x88, 0xd8, 0x29, 0x56, 0xbb, 0x81, 0x78, 0x50,
                0xb0, 0xb7, 0x8c, 0xe7, 0x88, 0xe5, 0x75, 0x55, 0xca, 0xe0, 0xf7, 0x83, 0xf4, 0xb7,
                0x75, 0xb7, 0x94, 0x9a
            ]
        );
    }
}
