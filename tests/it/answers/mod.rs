//! What is answered from many entries at once: sums by group, why an amount is what it is, and what
//! became of an order line; against a model in memory that has all the entries.

mod bounds;
mod explanation;
mod history;
mod order_trail;
mod plans;
mod summary;
mod zones;
