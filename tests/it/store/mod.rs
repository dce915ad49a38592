//! The store on a real Postgres.

mod embedded;
mod frontier;
mod open;
mod query;
mod settle;
mod sources;
