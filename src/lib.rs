//! stockflow: a GraphQL server for merchants' stock. This page is the map of the house.
//!
//! # From above
//!
//! Two tables are the truth. `t_inventory` has one row a SKU: the units that are left, and a version
//! that counts the changes that made this number. `t_inventory_flow` has one row a change, in the
//! order in which the changes took effect, and is only ever added to. Every change goes through one
//! writer, the [`ledger`]; every question through one reader, the [`store`]. GraphQL is the only way
//! to either from outside.
//!
//! A SKU belongs to a merchant, for ever, and a caller may be bound to one: then all others are as if
//! they did not exist. Whose books are seen is told by a [`domain::Visibility`], which travels with
//! every command and every question down to the statement.
//!
//! # The way of a deduction
//!
//! 1. [`http`] takes the request by the rules of GraphQL over HTTP and within its bounds, gives it an
//!    id, and finds out through [`auth`] who is calling: for which merchant, and with which scopes.
//! 2. [`graphql`] knows the document, or judges it by its limits, parses and validates it; a guard
//!    before each field asks for its scope; the input becomes a [`domain::Command`], or is answered
//!    with what is out of bounds.
//! 3. [`ledger`] queues the command; takes all that wait; locks their SKUs in ascending order; reads
//!    what they need; decides each, in memory; writes; commits; and only then answers. A key that was
//!    carried out before is recognised there and answered again.
//! 4. [`db`] is how the ledger reaches SQLite, MariaDB, MySQL or PostgreSQL, and what tells a
//!    deadlock from a lost connection from a mistake.
//!
//! A deduction that is hopeless by what is known of the stock already is refused by the ledger before
//! it waits. After each commit the [`cache`] has the new amounts, before anybody is answered. What is
//! refused for want of stock is counted by the [`refusals`] in the moment before its answer.
//!
//! The [`domain::Outcome`] comes back the same way: `graphql` makes a payload of it, with
//! `userErrors` if it was refused, and `http` an answer. A question goes from `graphql` to the
//! [`store`] instead, and writes nothing. A stocktake is kept by [`count`], which reads what it comes
//! to, and has the ledger put it on the books.
//!
//! # The way of a look
//!
//! 1. [`graphql`] asks the [`store`] for a SKU's stock, and takes a copy that is at hand in the
//!    [`cache`], if it is young enough and has reached what the client has seen before.
//! 2. Otherwise the store asks the cache's Redis, then a replica, then the primary; those who want
//!    the same SKU at the same moment share one question ([`gather`]).
//! 3. [`db`] knows by a heartbeat how old what a replica shows may be, and leaves out those that are
//!    too old, or gone.
//! 4. What was read becomes a copy for the next; and the answer tells where its oldest part is from,
//!    and how old it may be ([`domain::Origin`]).
//!
//! # The way of an event
//!
//! 1. A lane of the [`ledger`] commits, or one of another server does; the follower in [`live`] reads
//!    the new entries from the primary, once for all who listen, and no further than up to an id
//!    below which nothing can appear any more.
//! 2. Who listens takes them from there at their own pace; who has fallen behind, or begins in the
//!    past, reads pages of the history until they have caught up.
//! 3. [`graphql`] executes the subscription once for each event, with the event in hand, by all the
//!    rules of a request; and `http` sends the answer over the client's socket.
//!
//! # The rooms, in reading order
//!
//! | room | what is in it |
//! | --- | --- |
//! | [`domain`] | what stock is: commands, rules, refusals; pure |
//! | [`ledger`] | the one writer: queue, batch, decide, post |
//! | [`refusals`] | counts demand that is refused for want of stock, and writes it behind |
//! | [`store`] | the readers: stock, flows, pages |
//! | [`count`] | stocktakes: sessions, observations, and what they come to |
//! | [`live`] | follows the books, and tells those who listen what happens to them |
//! | [`audit`] | proves the books: sums, hash chains, seals, exports |
//! | [`cache`] | copies of amounts, in memory and in Redis |
//! | [`gather`] | many who ask at once share one question |
//! | [`db`] | connections, dialects, migrations, what database errors mean |
//! | [`auth`] | who is calling, for whom, and what they may do: tokens, API keys, scopes |
//! | [`graphql`] | the schema: queries, mutations, loaders, errors |
//! | [`http`] | the serve loop with TLS and its bounds; routes, GraphQL over HTTP and over WebSocket, health, metrics, the page with `GraphiQL` |
//! | [`config`] | settings: defaults, file, environment, flags |
//! | [`telemetry`] | the log, traces, and what is counted |
//! | [`cli`] | the subcommands, which put the rooms together |
//!
//! Beside them lie two crates: `entity`, the rows of the tables, and `migration`, the steps that
//! made them.
//!
//! # What is nowhere in this house
//!
//! - No statement outside `ledger` changes stock, and no transaction that does belongs to a request.
//!   Who hangs up drops an answer, never such a transaction.
//! - No amount is read, computed on and written back: what is taken is taken by a condition.
//! - No statement changes or deletes a flow entry. A mistake is corrected by a further entry. All that
//!   is ever deleted are old figures of refused demand, which are no part of the books.
//! - No record of idempotency lies beside what was done: the entries carry the keys, and so do
//!   stocktakes and their observations.
//! - No actor is taken from a request's own word.
//! - No database, network or clock is known to `domain`, and no GraphQL to anything below `graphql`.
//! - No database error is told apart by its text, and none reaches a client: it is a code there, and
//!   the cause is in the log under the request's id.
//! - No room calls one above it.

pub mod audit;
pub mod auth;
pub mod cache;
pub mod cli;
pub mod config;
pub mod count;
pub mod db;
pub mod domain;
pub mod gather;
pub mod graphql;
pub mod http;
pub mod ledger;
pub mod live;
pub mod refusals;
pub mod store;
pub mod telemetry;
