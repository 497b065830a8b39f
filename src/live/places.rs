//! How many may listen at once: on the server, and of one caller.
//!
//! One who listens costs memory, and time with each entry that is written; so who may ask little cannot
//! make the server do much by asking it often. Where nobody is authenticated there are no callers to
//! tell apart, and only the server's bound holds.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Semaphore;

/// Reads of history that may be under way at once for one caller: a part of those for all of them.
const CALLER_TURNS: usize = 2;

/// Who listens, by their number.
#[derive(Debug)]
pub(super) struct Places {
    all_max: usize,
    per_caller_max: usize,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    by_caller: HashMap<Arc<str>, OfCaller>,
}

/// What one caller has.
#[derive(Debug)]
struct OfCaller {
    count: usize,
    turns: Arc<Semaphore>,
}

/// A place that was taken; to be given back.
#[derive(Debug)]
pub(super) struct Place {
    /// Whether nobody else listened.
    pub(super) is_first: bool,
    of: Option<(Arc<str>, Arc<Semaphore>)>,
}

impl Place {
    /// The turns in which its caller reads history, if there is a caller.
    pub(super) fn turns(&self) -> Option<&Semaphore> {
        self.of.as_ref().map(|(_caller, turns)| &**turns)
    }
}

impl Places {
    /// So many for all, and so many for each caller.
    pub(super) fn new(all_max: usize, per_caller_max: usize) -> Self {
        Self { all_max, per_caller_max, taken: Mutex::default() }
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether anybody listens.
    pub(super) fn are_taken(&self) -> bool {
        self.taken().all > 0
    }

    /// A place for one more, of a caller if callers are told apart; `None` if there is none left.
    pub(super) fn take(&self, caller: Option<&str>) -> Option<Place> {
        let mut taken = self.taken();
        if taken.all >= self.all_max {
            return None;
        }
        let of = match caller {
            None => None,
            Some(caller) => {
                let had = taken.by_caller.get(caller).map_or(0, |of| of.count);
                if had >= self.per_caller_max {
                    return None;
                }
                let caller: Arc<str> = caller.into();
                let of = taken.by_caller.entry(Arc::clone(&caller)).or_insert_with(|| OfCaller {
                    count: 0,
                    turns: Arc::new(Semaphore::new(CALLER_TURNS)),
                });
                of.count = of.count.saturating_add(1);
                Some((caller, Arc::clone(&of.turns)))
            }
        };
        let is_first = taken.all == 0;
        taken.all = taken.all.saturating_add(1);
        Some(Place { is_first, of })
    }

    /// Takes a place back.
    pub(super) fn give_back(&self, place: &Place) {
        let mut taken = self.taken();
        taken.all = taken.all.saturating_sub(1);
        let Some((caller, _turns)) = &place.of else { return };
        if let Some(of) = taken.by_caller.get_mut(caller) {
            of.count = of.count.saturating_sub(1);
            if of.count == 0 {
                taken.by_caller.remove(caller);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_so_many_for_a_caller_and_for_all() {
        let places = Places::new(4, 2);
        let ada = [places.take(Some("ada")), places.take(Some("ada"))].map(Option::unwrap);
        assert_eq!(ada.each_ref().map(|place| place.is_first), [true, false]);
        assert!(places.take(Some("ada")).is_none());
        let bob = places.take(Some("bob")).unwrap();
        let nobody = places.take(None).unwrap();
        assert!(places.take(None).is_none() && places.take(Some("eve")).is_none());
        places.give_back(&ada[0]);
        let again = places.take(Some("ada")).unwrap();
        for place in [&ada[1], &bob, &nobody, &again] {
            places.give_back(place);
        }
        assert!(!places.are_taken());
        assert!(places.taken().by_caller.is_empty(), "who has gone takes no memory");
    }
}
