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

/// Some commands are undecided for as long as this lives.
#[derive(Debug)]
pub(super) struct Entered {
    keys: Undecided,
    hashes: Vec<u64>,
}

impl Undecided {
    pub(super) fn new() -> Self {
        let parts = (0..PARTS).map(|_part| Part::default()).collect();
        Self { parts, hasher: RandomState::new() }
    }

    /// From now on the commands are undecided.
    pub(super) fn enter(&self, commands: &[Command]) -> Entered {
        let hashes: Vec<u64> = commands.iter().map(|command| self.hash(command)).collect();
        for hash in &hashes {
            if let Some(mut part) = self.part(*hash) {
                let count = part.entry(*hash).or_default();
                *count = count.saturating_add(1);
            }
        }
        Entered { keys: self.clone(), hashes }
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
    /// Whether no other command of the same keys is undecided.
    pub(super) fn is_alone(&self) -> bool {
        self.hashes.iter().all(|hash| {
            let count = self.keys.part(*hash).and_then(|part| part.get(hash).copied());
            count.is_none_or(|count| count == 1)
        })
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        for hash in &self.hashes {
            let Some(mut part) = self.keys.part(*hash) else { continue };
            if let Entry::Occupied(mut count) = part.entry(*hash) {
                let left = count.get().saturating_sub(1);
                if left == 0 {
                    count.remove();
                } else {
                    count.insert(left);
                }
            }
        }
    }
}
