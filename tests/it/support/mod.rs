//! What several behaviour tests need.

mod database;

pub(crate) use database::{Database, bare_database, database, empty_database, server_dir};
