//! What a request supplies for the variables of a document, each counted once.

use std::collections::HashMap;

use async_graphql::{Name, Variables};

use crate::graphql::values;

/// The variables of a request, and what each of them costs to copy.
#[derive(Debug)]
pub(super) struct Supplied<'a> {
    pub(super) variables: &'a Variables,
    /// What those cost that cost anything.
    counts: HashMap<&'a str, u64>,
    /// What the defaults cost of those that have one.
    defaults: &'a HashMap<Name, u64>,
}

impl<'a> Supplied<'a> {
    /// These variables; `defaults` are the costs of what stands for those that are not given.
    pub(super) fn of(variables: &'a Variables, defaults: &'a HashMap<Name, u64>) -> Self {
        let counts = variables.iter().map(|(name, value)| (name.as_str(), values::count(value)));
        Self { variables, counts: counts.filter(|(_name, count)| *count > 0).collect(), defaults }
    }

    /// What the value of a variable costs to copy.
    pub(super) fn count(&self, name: &Name) -> u64 {
        if self.variables.contains_key(name) {
            return self.counts.get(name.as_str()).copied().unwrap_or_default();
        }
        self.defaults.get(name).copied().unwrap_or_default()
    }
}
