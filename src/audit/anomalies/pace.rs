//! How much one page looks at.

/// How much one page of a search for anomalies looks at. Whatever it is, the same is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnomalyBounds {
    /// Entries that are read at a time, at most; 1 and more.
    pub step_entries: u64,
    /// Entries after which a page ends. It may pass this by a step.
    pub page_entries: u64,
    /// Actors of a page, for each of whom some hundreds of entries are looked up; 1 and more.
    pub actors_max: usize,
}

impl Default for AnomalyBounds {
    fn default() -> Self {
        Self { step_entries: 2_000, page_entries: 20_000, actors_max: 100 }
    }
}
