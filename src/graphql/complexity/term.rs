//! A number that depends on variables: a sum of what is fixed and of what is taken as often as a
//! size says.

use async_graphql::Variables;

use super::size::Size;

/// A sum. All of it is saturating.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Term {
    fixed: u64,
    /// Each taken as often as its size says, which is never [`Size::Fixed`].
    scaled: Vec<(Size, Term)>,
}

impl Term {
    pub(super) fn fixed(fixed: u64) -> Self {
        Self { fixed, scaled: Vec::new() }
    }

    pub(super) fn add(&mut self, other: Self) {
        self.fixed = self.fixed.saturating_add(other.fixed);
        self.scaled.extend(other.scaled);
    }

    /// It as often as a size says.
    pub(super) fn times(mut self, size: Size) -> Self {
        match size {
            Size::Fixed(times) => {
                self.multiply(times);
                self
            }
            Size::Page(..) | Size::Lines(_) if self == Self::default() => self,
            size @ (Size::Page(..) | Size::Lines(_)) => {
                Self { fixed: 0, scaled: vec![(size, self)] }
            }
        }
    }

    fn multiply(&mut self, times: u64) {
        self.fixed = self.fixed.saturating_mul(times);
        for (_size, term) in &mut self.scaled {
            term.multiply(times);
        }
    }

    pub(super) fn value(&self, variables: &Variables) -> u64 {
        self.scaled.iter().fold(self.fixed, |sum, (size, term)| {
            let times = size.value(variables);
            sum.saturating_add(times.saturating_mul(term.value(variables)))
        })
    }

    /// The memory that it takes besides itself, about.
    pub(super) fn bytes(&self) -> usize {
        self.scaled.iter().fold(0, |sum, (_size, term)| {
            sum.saturating_add(size_of::<(Size, Self)>().saturating_mul(2))
                .saturating_add(term.bytes())
        })
    }
}
