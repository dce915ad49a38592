//! The store on a real Postgres.

mod addresses;
mod citus;
mod embedded;
pub(crate) mod frontier;
mod hints;
mod listing;
mod memories;
mod nodes;
mod open;
mod polls;
mod pooler;
mod query;
mod settle;
mod sources;
mod spreadable;
