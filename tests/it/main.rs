//! One test binary; a module a concern.

mod servers;
mod support;

mod concurrency;
mod random;
