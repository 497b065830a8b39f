//! Proving the books: what they were, whether they add up, and who changed what behind the server's
//! back.

mod as_of;
mod chain;
mod damage;
mod planted;
mod proof;
mod resume;
mod under_load;
