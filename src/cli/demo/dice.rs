//! Chance that is the same for everybody.

/// A generator after Steele, Lea and Flood, "Fast splittable pseudorandom number generators"
/// (2014): small, and good enough to make a shop look alive.
#[derive(Clone, Debug)]
pub(super) struct Dice(u64);

impl Dice {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `bound` exclusive; 0 if that is 0.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        let roll = self.roll().checked_rem(u64::from(bound)).unwrap_or(0);
        u32::try_from(roll).unwrap_or(0)
    }

    /// A number from `min` to `max`, both included.
    pub(super) fn between(&mut self, min: u32, max: u32) -> u32 {
        min.saturating_add(self.below(max.saturating_sub(min).saturating_add(1)))
    }

    /// True `percent` times of a hundred.
    pub(super) fn chance(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// The index of one of `weights`, the heavier the likelier; `None` if there is none.
    pub(super) fn pick(&mut self, weights: impl Iterator<Item = u32> + Clone) -> Option<usize> {
        let mut left = self.below(weights.clone().sum());
        for (index, weight) in weights.enumerate() {
            if left < weight {
                return Some(index);
            }
            left = left.saturating_sub(weight);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_falls_the_same_way_each_time_and_within_bounds() {
        let (mut one, mut other) = (Dice::new(7), Dice::new(7));
        for _ in 0..1_000 {
            let roll = one.between(3, 9);
            assert_eq!(roll, other.between(3, 9));
            assert!((3..=9).contains(&roll));
        }
        assert_eq!(one.below(0), 0);
        assert_eq!(one.pick([0, 5, 0].into_iter()), Some(1));
    }
}
