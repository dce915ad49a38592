//! Behaviour tests: the real thing at its boundary, with real Postgres and real HTTP on loopback.

mod architecture;
mod commands;
mod crawl_faults;
mod crawl_site;
mod store;
mod support;
