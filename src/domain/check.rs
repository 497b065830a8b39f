//! Checks a request argument by argument, and keeps every fault rather than the first.

use std::str::FromStr;

use super::id::InvalidId;
use super::limits::QUANTITY_MAX;
use super::{Argument, Field, MerchantId, Refusal, Violation, Visibility};

/// The faults found so far.
#[derive(Debug, Default)]
pub(super) struct Checks(Vec<Refusal>);

impl Checks {
    /// The checked value, or `None` once its fault is kept.
    pub(super) fn take<T, V: Into<Violation>>(
        &mut self,
        field: Field,
        checked: Result<T, V>,
    ) -> Option<T> {
        checked
            .map_err(|violation| self.0.push(Refusal { field, violation: violation.into() }))
            .ok()
    }

    /// The identifier that `text` spells.
    pub(super) fn id<T: FromStr<Err = InvalidId>>(
        &mut self,
        field: Field,
        text: &str,
    ) -> Option<T> {
        self.take(field, text.parse())
    }

    /// A quantity of at least `min` and at most [`QUANTITY_MAX`] units.
    pub(super) fn quantity(&mut self, line: Option<usize>, quantity: i32, min: i32) -> Option<i32> {
        let max = QUANTITY_MAX;
        let checked = (min..=max)
            .contains(&quantity)
            .then_some(quantity)
            .ok_or(Violation::InvalidQuantity { quantity, min, max });
        self.take(Field::of_line(line, Argument::Quantity), checked)
    }

    /// Whose SKUs a request is about: the merchant that it names, or `by_default`. Who sees one merchant
    /// alone does nothing for another.
    pub(super) fn merchant(
        &mut self,
        named: Option<&str>,
        by_default: Option<MerchantId>,
        visibility: Visibility,
    ) -> Option<MerchantId> {
        let field = Field::of(Argument::MerchantId);
        let Some(named) = named else {
            return self.take(field, by_default.ok_or(Violation::MerchantMissing));
        };
        let merchant_id = self.id(field, named)?;
        let own = visibility.shows(merchant_id).then_some(merchant_id);
        self.take(field, own.ok_or(Violation::MerchantNotOwn))
    }

    /// The value, if every part of it was there; all the faults otherwise.
    pub(super) fn finish<T>(self, value: Option<T>) -> Result<T, Vec<Refusal>> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(self.0),
        }
    }
}
