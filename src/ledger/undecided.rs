//! The keys of commands that wait or are being carried out.
//!
//! Who sends a request again while its first attempt is still undecided must not be refused early:
//! the first may yet succeed. A command is undecided from its arrival until it is answered. Keys are kept as hashes; two that collide are both taken for
//! undecided, and then the ledger itself decides.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::Command;

/// Parts that are locked by themselves, so that those who come and go rarely wait for each other.
const PARTS: usize = 16;

type Part = Mutex<HashMap<u64, u32>>;

/// The keys that are undecided. Clones share them.
#[derive(Clone, Debug)]
pub(super) struct Undecided {
    parts: Arc<[Part]>,
    hasher: RandomState,
}

/// One command is undecided for as long as this lives.
#[derive(Debug)]
pub(super) struct Entered {
    keys: Undecided,
    hash: u64,
}

impl Undecided {
    pub(super) fn new() -> Self {
        let parts = (0..PARTS).map(|_part| Part::default()).collect();
        Self { parts, hasher: RandomState::new() }
    }

    /// From now on the command is undecided.
    pub(super) fn enter(&self, command: &Command) -> Entered {
        let hash = self.hash(command);
        if let Some(mut part) = self.part(hash) {
            let count = part.entry(hash).or_default();
            *count = count.saturating_add(1);
        }
        Entered { keys: self.clone(), hash }
    }

    fn hash(&self, command: &Command) -> u64 {
        self.hasher.hash_one((command.scope.as_str(), command.key.as_str()))
    }

    fn part(&self, hash: u64) -> Option<MutexGuard<'_, HashMap<u64, u32>>> {
        let place = usize::try_from(hash >> 32).unwrap_or_default() % PARTS;
        let part = self.parts.get(place)?;
        Some(part.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Entered {
    /// Whether no other command of the same key is undecided.
    pub(super) fn is_alone(&self) -> bool {
        let count = self.keys.part(self.hash).and_then(|part| part.get(&self.hash).copied());
        count.is_none_or(|count| count == 1)
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        let Some(mut part) = self.keys.part(self.hash) else { return };
        if let Entry::Occupied(mut count) = part.entry(self.hash) {
            let left = count.get().saturating_sub(1);
            if left == 0 {
                count.remove();
            } else {
                count.insert(left);
            }
        }
    }
}
