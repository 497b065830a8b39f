//! A number that depends on variables: a sum of what is fixed, of what is taken as often as a size
//! says, and of what the values of variables cost.

use std::collections::HashMap;

use async_graphql::Name;

use super::size::Size;
use super::supplied::Supplied;

/// A sum. All of it is saturating.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Term {
    fixed: u64,
    /// Each taken as often as its size says, which is never [`Size::Fixed`].
    scaled: Vec<(Size, Term)>,
    /// How often the values of each variable are taken: a map, so that a variable that is used ten
    /// thousand times takes the room of one.
    copied: HashMap<Name, u64>,
}

impl Term {
    pub(super) fn fixed(fixed: u64) -> Self {
        Self { fixed, ..Self::default() }
    }

    /// What the values of a variable cost.
    pub(super) fn values_of(variable: &Name) -> Self {
        Self { copied: HashMap::from([(variable.clone(), 1)]), ..Self::default() }
    }

    pub(super) fn add(&mut self, other: Self) {
        self.fixed = self.fixed.saturating_add(other.fixed);
        self.scaled.extend(other.scaled);
        for (variable, times) in other.copied {
            let sum = self.copied.entry(variable).or_default();
            *sum = sum.saturating_add(times);
        }
    }

    /// It as often as a size says.
    pub(super) fn times(mut self, size: Size) -> Self {
        match size {
            Size::Fixed(times) => {
                self.multiply(times);
                self
            }
            Size::Page(..) | Size::Lines(..) if self == Self::default() => self,
            size @ (Size::Page(..) | Size::Lines(..)) => {
                Self { scaled: vec![(size, self)], ..Self::default() }
            }
        }
    }

    fn multiply(&mut self, times: u64) {
        self.fixed = self.fixed.saturating_mul(times);
        for (_size, term) in &mut self.scaled {
            term.multiply(times);
        }
        for copied in self.copied.values_mut() {
            *copied = copied.saturating_mul(times);
        }
    }

    pub(super) fn value(&self, supplied: &Supplied<'_>) -> u64 {
        let scaled = self.scaled.iter().map(|(size, term)| {
            size.value(supplied.variables).saturating_mul(term.value(supplied))
        });
        let copied = self.copied.iter();
        let copied = copied.map(|(name, times)| times.saturating_mul(supplied.count(name)));
        scaled.chain(copied).fold(self.fixed, u64::saturating_add)
    }

    /// The memory that it takes besides itself, about.
    pub(super) fn bytes(&self) -> usize {
        let copied = self.copied.len().saturating_mul(size_of::<(Name, u64)>().saturating_mul(2));
        self.scaled.iter().fold(copied, |sum, (_size, term)| {
            sum.saturating_add(size_of::<(Size, Self)>().saturating_mul(2))
                .saturating_add(term.bytes())
        })
    }
}
