//! Walks the entries that the rules have to be shown, in the order of their ids, some at a time.

use std::collections::HashMap;

use entity::inventory_flow::Entity;
use sea_orm::sea_query::{Order, SelectStatement};
use sea_orm::{EntityTrait as _, QuerySelect as _, QueryTrait as _};

use super::branch::{Branch, Of};
use crate::audit::entries::{self, Read};
use crate::db::{Database, Dialect, Fault, Wanted};
use crate::domain::filter::FlowFilter;
use crate::domain::{AnomalyRules, FlowId, Origin};
use crate::store::union;

/// Where a walk is.
#[derive(Debug)]
pub(super) struct Walk {
    branches: Vec<Branch>,
    behind: i64,
    until: i64,
    step_entries: u64,
}

/// The next entries of a walk.
#[derive(Debug)]
pub(super) struct Step {
    /// In the order of their ids.
    pub(super) entries: Vec<Read>,
    /// Whether there are no more.
    pub(super) is_last: bool,
    /// From where they are.
    pub(super) origin: Option<Origin>,
}

impl Walk {
    /// A walk over what the rules have to be shown of the entries that a filter lets through, behind
    /// an id and up to another; some `step_entries` at a time.
    ///
    /// Rules about actors have to be shown all that an actor did, so they walk all entries, or all of
    /// the actors that are named. The others need the SKUs that are named, or a few kinds.
    pub(super) fn new(
        seen: &FlowFilter,
        rules: &AnomalyRules,
        (behind, until): (i64, i64),
        step_entries: u64,
    ) -> Self {
        let merchant_id = seen.merchant_id;
        let branches = if let Some(sku_ids) = &seen.sku_ids {
            sku_ids.iter().map(|sku_id| Branch::of_sku(*sku_id)).collect()
        } else if let Some(actors) = &seen.actors {
            actors.iter().map(|actor| Branch::of_actor(actor, merchant_id)).collect()
        } else if let Some(kinds) = rules.kinds() {
            kinds.iter().map(|kind| Branch::of_kind(*kind, merchant_id)).collect()
        } else {
            vec![Branch::of_all(merchant_id)]
        };
        Self { branches, behind, until, step_entries }
    }

    /// The next entries.
    pub(super) async fn step(
        &mut self,
        database: &Database,
        wanted: Wanted<'_>,
    ) -> Result<Step, Fault> {
        let Some(query) = self.query(database.dialect()) else {
            return Ok(Step { entries: Vec::new(), is_last: true, origin: None });
        };
        // A file has no replica, and is faster asked for a page as one text.
        let (mut entries, origin) = if database.dialect() == Dialect::Sqlite {
            (entries::read(database, &query, wanted).await?, None)
        } else {
            let (entries, origin) = entries::read_with_origin(database, &query, wanted).await?;
            (entries, Some(origin))
        };
        entries.sort_unstable_by_key(id);
        let whole_until = self.whole_until(&entries);
        if let Some(until) = whole_until {
            entries.retain(|read| id(read).0 <= until);
            self.behind = until;
        }
        Ok(Step { entries, is_last: whole_until.is_none(), origin })
    }

    /// The statement of the next step; `None` if nothing can be among its entries.
    pub(super) fn query(&self, dialect: Dialect) -> Option<SelectStatement> {
        let branches = self.branches.iter().map(|branch| {
            let mut select = Entity::find().limit(self.entries_max()).into_query();
            branch.bound(dialect, &mut select, (self.behind, self.until), &Order::Asc);
            select
        });
        let mut branches: Vec<SelectStatement> = branches.collect();
        if branches.len() == 1 { branches.pop() } else { union(branches) }
    }

    /// Entries that a step takes of each branch.
    fn entries_max(&self) -> u64 {
        let branches = u64::try_from(self.branches.len()).unwrap_or(u64::MAX);
        self.step_entries.checked_div(branches).unwrap_or_default().max(1)
    }

    /// The id up to which these entries are all that there are: the last one of the branch that has
    /// more and did not come as far as the others that have; `None` if no branch has more.
    ///
    /// Of an entry that cannot be read it is not known whose it is, so it is counted with each.
    fn whole_until(&self, entries: &[Read]) -> Option<i64> {
        let mut of_each: HashMap<&Of, (u64, i64)> = HashMap::with_capacity(self.branches.len());
        let mut unreadable = 0_u64;
        for read in entries {
            let Ok(flow) = read else {
                unreadable = unreadable.saturating_add(1);
                continue;
            };
            let Some(branch) = self.branches.iter().find(|branch| branch.has(flow)) else {
                continue;
            };
            let (count, last) = of_each.entry(branch.of()).or_default();
            (*count, *last) = (count.saturating_add(1), flow.id.0);
        }
        let last_of_all = entries.last().map_or(self.behind, |read| id(read).0);
        let of_each = self.branches.iter().filter_map(|branch| {
            let (count, last) = of_each.get(branch.of()).copied().unwrap_or_default();
            let is_full = count.saturating_add(unreadable) >= self.entries_max();
            // Where nothing else tells, it came as far as what cannot be read.
            let is_alone = self.branches.len() == 1 || count == 0;
            is_full.then_some(if is_alone { last_of_all } else { last })
        });
        of_each.min()
    }
}

/// The id of an entry, also of one that makes no sense.
pub(super) fn id(read: &Read) -> FlowId {
    match read {
        Ok(flow) => flow.id,
        Err(unreadable) => unreadable.id,
    }
}
