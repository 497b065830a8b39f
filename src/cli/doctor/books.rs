//! A look at the books: whether the SKUs that were changed last are what their entries add up to.

use std::time::{Duration, Instant};

use super::Scene;
use super::finding::Finding;
use crate::db::BooksFound;

/// SKUs that are looked at.
const SKUS_MAX: usize = 10_000;

/// For how long no page is begun any more.
const TIME_MAX: Duration = Duration::from_secs(10);

pub(super) async fn check(scene: &Scene) -> Vec<Finding> {
    let Some(primary) = &scene.primary else { return Vec::new() };
    let deadline = Instant::now().checked_add(TIME_MAX).unwrap_or_else(Instant::now);
    match primary.look_at_books(SKUS_MAX, deadline).await {
        Ok(found) => vec![judge(&found)],
        // Told by the checks of tables and rights.
        Err(fault) if fault.is_of_no_table() || fault.is_denied() => Vec::new(),
        Err(_no_table) if !is_migrated(scene).await => Vec::new(),
        Err(fault) => vec![scene.unanswered(&fault)],
    }
}

async fn is_migrated(scene: &Scene) -> bool {
    let Some(primary) = &scene.primary else { return false };
    let steps = primary.migrations().await.unwrap_or_default();
    !steps.is_empty() && steps.iter().all(|step| step.applied)
}

fn judge(found: &BooksFound) -> Finding {
    let BooksFound { skus, skus_checked, sums_checked, skus_wrong, wrong } = found;
    let told = format!(
        "looked at {skus_checked} of {skus} SKUs, those changed last; added up the entries of \
         {sums_checked}"
    );
    if *skus_wrong == 0 {
        return Finding::ok(told);
    }
    let wrong: Vec<String> = wrong.iter().map(ToString::to_string).collect();
    Finding::fail(
        format!(
            "{skus_wrong} SKUs are not what their entries add up to, among them {}; {told}",
            wrong.join(", ")
        ),
        "somebody changed rows behind the server's back: find out who, and put the books back from a \
         copy, or count these SKUs and set them by inventorySetQuantity",
    )
}
