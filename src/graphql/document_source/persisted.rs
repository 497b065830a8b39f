//! Documents that clients have sent once with their hash, and then name by it (Apollo's automatic
//! persisted queries).
//!
//! It saves their sending, not more: any document that is executed may be kept. Only one that was,
//! without a request error, is; so that whoever sends nonsense fills nothing. The texts are shared
//! with the [`documents`](crate::graphql::documents) that are known.

use std::sync::Arc;

use moka::policy::EvictionPolicy;
use moka::sync::Cache;

use super::hash::DocumentHash;

/// What an entry takes besides the text.
const ENTRY_BYTES: usize = 256;

/// The part of the room that one document may take; new ones lie besides the others for a moment.
const PART_MAX: u64 = 16;

/// The documents, by their hashes.
#[derive(Debug)]
pub(super) struct Persisted {
    /// `None` if nothing is to be kept.
    cache: Option<Cache<DocumentHash, Arc<str>>>,
    bytes_max: u64,
}

impl Persisted {
    /// Room for so many bytes; 0 for none.
    pub(super) fn new(bytes_max: u64) -> Self {
        let cache = Cache::builder()
            .name("persisted queries")
            .eviction_policy(EvictionPolicy::tiny_lfu())
            .max_capacity(bytes_max)
            .weigher(|_hash, text: &Arc<str>| u32::try_from(bytes(text)).unwrap_or(u32::MAX));
        Self { cache: (bytes_max > 0).then(|| cache.build()), bytes_max }
    }

    /// Whether documents are kept at all.
    pub(super) fn is_on(&self) -> bool {
        self.cache.is_some()
    }

    pub(super) fn find(&self, hash: &DocumentHash) -> Option<Arc<str>> {
        self.cache.as_ref()?.get(hash)
    }

    /// Keeps a text under its hash, if there is room for it.
    pub(super) fn keep(&self, hash: DocumentHash, text: Arc<str>) {
        let fits =
            u64::try_from(bytes(&text)).is_ok_and(|bytes| bytes <= self.bytes_max / PART_MAX);
        if let Some(cache) = &self.cache
            && fits
        {
            cache.insert(hash, text);
        }
    }
}

fn bytes(text: &str) -> usize {
    text.len().saturating_add(ENTRY_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keep(persisted: &Persisted, text: &str) -> DocumentHash {
        let hash = DocumentHash::of(text);
        persisted.keep(hash, text.into());
        hash
    }

    #[test]
    fn however_many_there_are_the_bound_holds() {
        let persisted = Persisted::new(65_536);
        for number in 0..10_000 {
            keep(&persisted, &format!("{{ a{number} }}"));
        }
        let cache = persisted.cache.as_ref().unwrap();
        cache.run_pending_tasks();
        let kept = cache.weighted_size();
        assert!(kept <= 65_536 && kept > 32_768, "{kept}");
    }

    #[test]
    fn what_takes_much_of_the_room_is_not_kept() {
        let persisted = Persisted::new(65_536);
        let fits = "x".repeat(65_536 / 16 - ENTRY_BYTES);
        let hash = keep(&persisted, &fits);
        assert_eq!(persisted.find(&hash).as_deref(), Some(&*fits));
        let hash = keep(&persisted, &format!("{fits}x"));
        assert_eq!(persisted.find(&hash), None);
    }

    #[test]
    fn without_room_nothing_is_kept() {
        let persisted = Persisted::new(0);
        let hash = keep(&persisted, "{ a }");
        assert!(!persisted.is_on());
        assert_eq!(persisted.find(&hash), None);
    }
}
