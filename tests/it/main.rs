//! Behaviour tests: the real thing at its boundary, with real Postgres and real HTTP on loopback.

#![allow(
    clippy::unwrap_used,
    reason = "a helper that fails is a test that fails; clippy knows only the test functions"
)]

mod architecture;
mod backfill;
mod commands;
mod crash;
mod crawl_faults;
mod crawl_site;
mod daemon;
mod freshness;
mod import_warc;
mod manners;
mod outage;
mod pages;
mod politeness;
mod retention;
mod robots;
mod site_memory;
mod site_rules;
mod sleep;
mod store;
mod stream;
mod support;
mod websub;
