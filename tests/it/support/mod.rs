//! What several behaviour tests need.

mod database;
mod site;
mod sokbo;

pub(crate) use database::{Database, bare_database, database, empty_database, server_dir};
pub(crate) use site::Site;
pub(crate) use sokbo::{Sokbo, fixture};
