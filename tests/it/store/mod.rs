//! The store on a real Postgres.

mod embedded;
pub(crate) mod frontier;
mod listing;
mod memories;
mod nodes;
mod open;
mod pooler;
mod query;
mod settle;
mod sources;
