//! Lists that are made of several, each bounded by itself and read by its own index: one statement
//! with a branch for each, joined by UNION ALL.
//!
//! `WHERE sku_id IN (…) ORDER BY id LIMIT n` leaves a planner the choice between reading all the
//! entries of the SKUs and walking everybody's entries until enough fit; either may be millions.
//! A branch reads at most the rows of one page.

use sea_orm::sea_query::{Alias, Asterisk, Query, SelectStatement, UnionType};

/// Branches of one statement. SQLite joins at most 500 (its manual, "Implementation Limits").
pub(crate) const BRANCHES_MAX: usize = 250;

/// All the rows of all the branches; `None` if there are none. Each branch is a table of its own,
/// because SQLite does not allow ORDER BY and LIMIT in the parts of a UNION.
pub(crate) fn union(
    branches: impl IntoIterator<Item = SelectStatement>,
) -> Option<SelectStatement> {
    let mut branches = branches.into_iter().map(|branch| {
        Query::select().column(Asterisk).from_subquery(branch, Alias::new("branch")).take()
    });
    let mut union = branches.next()?;
    for branch in branches {
        union.union(UnionType::All, branch);
    }
    Some(union)
}
