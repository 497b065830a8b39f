//! Who may do what: scopes, and the merchants whose books a caller sees.
//!
//! The callers of these tests are made up; that nobody becomes one who is none is tested where
//! tokens and keys are.

mod merchants;
mod scopes;
pub mod shop;
