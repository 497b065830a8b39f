//! What looks unusual in the history: that each rule finds what it should and nothing else, once,
//! whatever the pages.

mod api;
mod model;
mod pages;
mod plans;
mod planted;
