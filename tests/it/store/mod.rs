//! The store on a real Postgres.

mod embedded;
mod frontier;
mod listing;
mod nodes;
mod open;
mod query;
mod settle;
mod sources;
