//! Takes settings out of what was laid together, and keeps every fault rather than the first.

use std::ops::RangeInclusive;
use std::time::Duration;

use serde::Deserialize;

use super::fault::{Fault, words};
use super::layers::Layers;
use super::mask::is_secret;

/// What is said of a secret that is of the wrong type.
const MASKED: &str = "is of the wrong type";

/// Takes settings out by their keys.
#[derive(Debug)]
pub(super) struct Reader<'a> {
    layers: &'a Layers,
    faults: Vec<Fault>,
}

impl<'a> Reader<'a> {
    /// `faults` are those that are known already.
    pub(super) fn new(layers: &'a Layers, faults: Vec<Fault>) -> Self {
        Self { layers, faults }
    }

    /// What was read, or every fault.
    pub(super) fn finish<T>(self, read: Option<T>) -> Result<T, Vec<Fault>> {
        read.filter(|_read| self.faults.is_empty()).ok_or(self.faults)
    }

    pub(super) fn get<'de, T: Deserialize<'de>>(&mut self, key: &str) -> Option<T> {
        let wrong = |error| if is_secret(key) { MASKED.to_owned() } else { words(&error) };
        self.layers.config.get(key).map_err(|error| self.fault(key, wrong(error))).ok()
    }

    pub(super) fn text(
        &mut self,
        key: &str,
        holds: impl Fn(&str) -> bool,
        otherwise: &str,
    ) -> Option<String> {
        let text: String = self.get(key)?;
        if holds(&text) {
            return Some(text);
        }
        self.fault(key, otherwise.to_owned());
        None
    }

    /// A list of texts, which the environment spells with commas between them.
    pub(super) fn list(
        &mut self,
        key: &str,
        holds: impl Fn(&str) -> bool,
        otherwise: &str,
    ) -> Option<Vec<String>> {
        let list = match self.layers.config.get::<String>(key) {
            Ok(text) => text.split(',').map(|one| one.trim().to_owned()).collect(),
            Err(_no_text) => self.get::<Vec<String>>(key)?,
        };
        if list.iter().all(|one| holds(one)) {
            return Some(list);
        }
        self.fault(key, otherwise.to_owned());
        None
    }

    pub(super) fn number<N: TryFrom<i64>>(
        &mut self,
        key: &str,
        bounds: RangeInclusive<i64>,
    ) -> Option<N> {
        let number: i64 = self.get(key)?;
        let (min, max) = (bounds.start(), bounds.end());
        let taken = bounds.contains(&number).then(|| N::try_from(number).ok()).flatten();
        if taken.is_none() {
            self.fault(key, format!("must be from {min} to {max}, is {number}"));
        }
        taken
    }

    /// A part of the whole, from 0 to 1.
    pub(super) fn fraction(&mut self, key: &str) -> Option<f64> {
        let fraction: f64 = self.get(key)?;
        if (0.0..=1.0).contains(&fraction) {
            return Some(fraction);
        }
        self.fault(key, format!("must be from 0 to 1, is {fraction}"));
        None
    }

    pub(super) fn duration(
        &mut self,
        key: &str,
        bounds_ms: RangeInclusive<i64>,
    ) -> Option<Duration> {
        self.number(key, bounds_ms).map(Duration::from_millis)
    }

    /// Tells of a fault. The message shows no value that may be a secret.
    pub(super) fn fault(&mut self, key: &str, message: String) {
        let origin = self.layers.origin(key).map(ToString::to_string);
        self.faults.push(Fault { subject: key.to_owned(), message, origin });
    }
}
