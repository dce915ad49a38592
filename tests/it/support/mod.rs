//! What several behaviour tests need.

mod database;
mod proxy;
mod site;
mod sokbo;

pub(crate) use database::{
    Database, bare_database, database, database_at, empty_database, server_dir,
};
pub(crate) use proxy::{Proxy, Way};
pub(crate) use site::Site;
pub(crate) use sokbo::{Sokbo, fixture};
