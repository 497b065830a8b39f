//! How long a list is taken for that nobody can know the length of before.

use crate::domain::limits::{BULK_LINES_MAX, LINES_MAX};

/// Stands for every object that the schema tells of itself with.
pub(super) const INTROSPECTION: &str = "__";

/// A list of which nothing is known: as long as a page is when nobody says how long.
pub(super) const LENGTH: u64 = 50;

/// A list in what a change answers that is no cart: what is wrong with it, a few things at the most.
pub(super) const LENGTH_OF_CHANGE: u64 = 4;

/// Lists that are neither pages nor parts of a cart, each with its length.
const LENGTHS: [(&str, &str, u64); 24] = [
    // Most deductions are given back once or not at all; the budget counts the refunds that are.
    ("InventoryFlow", "refunds", 4),
    // Books that are right have no findings; the budget counts those that there are.
    ("InventoryReconciliation", "findings", 1),
    ("InventoryVerification", "findings", 4),
    ("InventoryFinding", "flowIds", 2),
    ("InventoryFinding", "flows", 2),
    // Most are a few entries; the budget counts those that there are.
    ("InventoryAnomaly", "flowIds", 4),
    ("InventoryAnomaly", "flows", 4),
    ("InventoryAnomalyConnection", "rules", 6),
    // A sum for each kind.
    ("InventoryProof", "sums", 5),
    // Seals are made often, so that few entries lie between; the budget counts those that do. A tree
    // of any number of SKUs has no more levels.
    ("InventoryInclusionProof", "links", 4),
    ("InventoryInclusionProof", "path", 40),
    // Most of what happens to a SKU has one of a few reasons; the budget counts those that there are.
    ("InventoryExplanation", "causes", 8),
    // Most order lines are of one SKU.
    ("InventoryOrderTrail", "skus", 2),
    // A whole cart.
    ("InventoryOperation", "flows", 250),
    // Most lines have nothing wrong with them; one that has everything, five things.
    ("InventoryLineResult", "userErrors", 1),
    // The path of an argument.
    ("InventoryUserError", "field", 4),
    // Twice as many as the types of the schema have, but for the types themselves.
    (INTROSPECTION, "types", 80),
    (INTROSPECTION, "fields", 10),
    (INTROSPECTION, "args", 4),
    (INTROSPECTION, "inputFields", 6),
    (INTROSPECTION, "enumValues", 6),
    (INTROSPECTION, "interfaces", 1),
    (INTROSPECTION, "possibleTypes", 1),
    (INTROSPECTION, "directives", 6),
    (INTROSPECTION, "locations", 4),
];

/// The length that the list in a field of an object is taken for; `None` if it is as long as the
/// field around it says.
pub(super) fn length(object: &str, field: &str) -> Option<u64> {
    let known = LENGTHS.iter().find(|known| (known.0, known.1) == (object, field));
    known.map(|(_object, _field, length)| *length)
}

/// The lines that a field at the root of a change may be given at the most.
pub(super) fn lines_max(field: &str) -> usize {
    match field {
        "inventoryDeductMany" | "inventoryReplenishMany" => BULK_LINES_MAX,
        _cart => LINES_MAX,
    }
}
