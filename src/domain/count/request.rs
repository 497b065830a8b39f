//! Requests about counts: as callers spell them, and as they hold to the bounds.

use chrono::{DateTime, Utc};

use super::CountViolation;
use crate::domain::check::Checks;
use crate::domain::hashing::Bytes;
use crate::domain::limits::LINES_MAX;
use crate::domain::request::Envelope;
use crate::domain::{
    Argument, CountId, Field, FlowId, IdempotencyKey, MerchantId, Reason, Refusal, SkuId,
    Violation, Visibility,
};

/// To start a count, as the caller spells it.
#[derive(Clone, Debug)]
pub struct StartRequest {
    /// Whose SKUs, as the caller names them.
    pub merchant_id: Option<String>,
    /// Whose SKUs where the caller names nobody; `None` if the caller must.
    pub merchant_by_default: Option<MerchantId>,
    /// These SKUs; all of the merchant's if `None`.
    pub sku_ids: Option<Vec<String>>,
    /// Of all, only those from this one on.
    pub from_sku_id: Option<String>,
    /// Of all, only those up to this one.
    pub to_sku_id: Option<String>,
    /// Whether those who count are not to see what is expected.
    pub blind: bool,
}

/// Which SKUs of the merchant are counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CountScope {
    /// These, each once, in the order in which they were named.
    Listed(Vec<SkuId>),
    /// All whose ids lie between two, which are included.
    Between(SkuId, SkuId),
}

/// A count to be started, within the bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StartCount {
    /// Who asks: the namespace of the key.
    pub scope: String,
    /// The key under which it is started at most once.
    pub key: IdempotencyKey,
    /// Who starts it.
    pub actor: String,
    /// Why.
    pub reason: Option<Reason>,
    /// Whose SKUs.
    pub merchant_id: MerchantId,
    /// Which of these.
    pub skus: CountScope,
    /// Whether those who count are not to see what is expected.
    pub blind: bool,
}

impl StartCount {
    /// To start a count.
    ///
    /// # Errors
    ///
    /// Every argument that is out of bounds.
    pub fn new(envelope: Envelope, request: &StartRequest) -> Result<Self, Vec<Refusal>> {
        let mut checks = Checks::default();
        let merchant_id = checks.merchant(
            request.merchant_id.as_deref(),
            request.merchant_by_default,
            envelope.visibility,
        );
        let skus = skus(&mut checks, request);
        let reason = envelope
            .reason
            .and_then(|reason| checks.take(Field::of(Argument::Reason), Reason::new(reason)));
        let key = checks.take(
            Field::of(Argument::IdempotencyKey),
            IdempotencyKey::new(envelope.idempotency_key),
        );
        let start = merchant_id.zip(skus).zip(key).map(|((merchant_id, skus), key)| Self {
            scope: envelope.scope,
            key,
            actor: envelope.actor,
            reason,
            merchant_id,
            skus,
            blind: request.blind,
        });
        checks.finish(start)
    }

    /// Tells whether another request under the same key is the same.
    pub fn fingerprint(&self) -> [u8; 32] {
        let mut bytes = Bytes::default();
        bytes.text("count_start").number(self.merchant_id.0).number(self.blind.into());
        match &self.skus {
            CountScope::Listed(sku_ids) => {
                bytes.text("listed").length(sku_ids.len());
                for sku_id in sku_ids {
                    bytes.number(sku_id.0);
                }
            }
            CountScope::Between(from, to) => {
                bytes.text("between").number(from.0).number(to.0);
            }
        }
        bytes.optional_text(self.reason.as_ref().map(Reason::as_str));
        bytes.finish()
    }
}

fn skus(checks: &mut Checks, request: &StartRequest) -> Option<CountScope> {
    let mut bound = |argument, spelled: Option<&String>, otherwise| match spelled {
        None => Some(SkuId(otherwise)),
        Some(_) if request.sku_ids.is_some() => {
            let said = CountViolation::SaidTwice("skuIds");
            checks.take(Field::of(argument), Err::<SkuId, _>(said))
        }
        Some(spelled) => checks.id(Field::of(argument), spelled),
    };
    let from = bound(Argument::FromSkuId, request.from_sku_id.as_ref(), 1);
    let to = bound(Argument::ToSkuId, request.to_sku_id.as_ref(), i64::MAX);
    let Some(listed) = &request.sku_ids else { return Some(CountScope::Between(from?, to?)) };
    let field = Field::of(Argument::SkuIds);
    bounded(checks, field, listed.len())?;
    let mut sku_ids = Vec::with_capacity(listed.len());
    let mut all = true;
    for (place, spelled) in listed.iter().enumerate() {
        match checks.id(Field::of_line(Some(place), Argument::SkuIds), spelled) {
            Some(sku_id) if sku_ids.contains(&sku_id) => {}
            Some(sku_id) => sku_ids.push(sku_id),
            None => all = false,
        }
    }
    (all && from.is_some() && to.is_some()).then_some(CountScope::Listed(sku_ids))
}

fn bounded(checks: &mut Checks, field: Field, lines: usize) -> Option<()> {
    let bounded = match lines {
        0 => Err(Violation::NoLines),
        lines if lines > LINES_MAX => Err(Violation::TooManyLines { lines, lines_max: LINES_MAX }),
        _ => Ok(()),
    };
    checks.take(field, bounded)
}

/// Observations to be recorded, as the caller spells them.
#[derive(Clone, Debug)]
pub struct RecordRequest {
    /// The count.
    pub count_id: String,
    /// What was counted.
    pub lines: Vec<ObservationRequest>,
}

/// An observation, as the caller spells it.
#[derive(Clone, Debug)]
pub struct ObservationRequest {
    /// The SKU.
    pub sku_id: String,
    /// Units on the shelf.
    pub quantity: i32,
    /// The version that the SKU had when its shelf was counted.
    pub version: Option<i64>,
    /// The newest entry of the SKU then.
    pub flow_id: Option<String>,
    /// When that was.
    pub counted_at: Option<DateTime<Utc>>,
    /// The key of this observation.
    pub idempotency_key: String,
}

/// Which entry of a SKU was the newest when its shelf was counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObservedAt {
    /// That of this sequence.
    Version(i64),
    /// This one.
    Flow(FlowId),
    /// The one that is the newest when the observation is recorded.
    Now,
}

/// An observation within the bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShelfCount {
    /// The SKU.
    pub sku_id: SkuId,
    /// Units on the shelf, 0 to 1,000,000.
    pub quantity: i32,
    /// Which entry was the newest.
    pub observed_at: ObservedAt,
    /// When it was counted, as who counted says.
    pub counted_at: Option<DateTime<Utc>>,
    /// The key under which it is recorded at most once.
    pub key: IdempotencyKey,
}

impl ShelfCount {
    /// Tells whether another observation under the same key is the same.
    pub fn fingerprint(&self, count_id: CountId) -> [u8; 32] {
        let mut bytes = Bytes::default();
        bytes.text("count_record").number(count_id.0).number(self.sku_id.0);
        bytes.number(self.quantity.into());
        match self.observed_at {
            ObservedAt::Version(version) => bytes.text("version").number(version),
            ObservedAt::Flow(flow_id) => bytes.text("flow").number(flow_id.0),
            ObservedAt::Now => bytes.text("now"),
        };
        bytes.optional_number(self.counted_at.map(|at| at.timestamp_micros()));
        bytes.finish()
    }
}

/// Observations to be recorded, within the bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordCount {
    /// Who asks: the namespace of the keys.
    pub scope: String,
    /// Who counted.
    pub actor: String,
    /// Whose counts they see.
    pub visibility: Visibility,
    /// The count.
    pub count_id: CountId,
    /// What was counted; 1 to 250 observations.
    pub lines: Vec<ShelfCount>,
}

impl RecordCount {
    /// To record observations. Each has a key of its own; that of the envelope is left aside.
    ///
    /// # Errors
    ///
    /// Every argument that is out of bounds.
    pub fn new(envelope: Envelope, request: &RecordRequest) -> Result<Self, Vec<Refusal>> {
        let mut checks = Checks::default();
        let count_id = checks.id(Field::of(Argument::CountId), &request.count_id);
        let within = bounded(&mut checks, Field::of(Argument::Lines), request.lines.len());
        let lines = within.and_then(|()| {
            let lines: Vec<_> = request
                .lines
                .iter()
                .enumerate()
                .map(|(place, line)| shelf_count(&mut checks, place, line))
                .collect();
            lines.into_iter().collect()
        });
        let Envelope { scope, actor, visibility, .. } = envelope;
        let record = count_id.zip(lines).map(|(count_id, lines)| Self {
            scope,
            actor,
            visibility,
            count_id,
            lines,
        });
        checks.finish(record)
    }
}

fn shelf_count(
    checks: &mut Checks,
    place: usize,
    request: &ObservationRequest,
) -> Option<ShelfCount> {
    let field = |argument| Field::of_line(Some(place), argument);
    let sku_id = checks.id(field(Argument::SkuId), &request.sku_id);
    let quantity = checks.quantity(Some(place), request.quantity, 0);
    let observed_at = match (request.version, &request.flow_id) {
        (None, None) => Some(ObservedAt::Now),
        (Some(_), Some(_)) => {
            let said = CountViolation::SaidTwice("version");
            checks.take(field(Argument::FlowId), Err(said))
        }
        (Some(version), None) if version < 1 => {
            let invalid = CountViolation::InvalidVersion(version);
            checks.take(field(Argument::Version), Err(invalid))
        }
        (Some(version), None) => Some(ObservedAt::Version(version)),
        (None, Some(flow_id)) => checks.id(field(Argument::FlowId), flow_id).map(ObservedAt::Flow),
    };
    let key = checks.take(
        field(Argument::IdempotencyKey),
        IdempotencyKey::new(request.idempotency_key.clone()),
    );
    Some(ShelfCount {
        sku_id: sku_id?,
        quantity: quantity?,
        observed_at: observed_at?,
        counted_at: request.counted_at,
        key: key?,
    })
}
