//! Sokbo (속보, "breaking news"): a news-crawling service that keeps a Postgres database of clean,
//! deduplicated articles. The modules stand in the order in which data flows; each may import only
//! what stands above it (`docs/ARCHITECTURE.md`, checked by `tests/it/architecture.rs`).

/// Values and their rules: no I/O, no async.
pub mod domain;

/// Decisions as pure functions of (facts, now).
pub mod policy;

/// Bytes to text to tree.
pub mod markup;

/// A listing to its candidates.
pub mod discover;

/// A page to an article, or the reason why it is none.
pub mod extract;

/// New, revision, twin or unchanged.
pub mod dedup;

/// The only outgoing HTTP.
pub mod fetch;

/// Raw pages: packed for keeping, unpacked for reading.
pub mod archive;

/// The only SQL.
pub mod store;

/// Source files to recurring jobs; partitions and upkeep of hot tables.
pub mod schedule;

/// One job from top to bottom.
pub mod crawl;

/// Health, readiness and metrics over HTTP.
pub mod web;

/// Configuration files read, merged and validated.
pub mod config;

/// Wiring: tasks, shutdown, telemetry.
pub mod daemon;

/// One file per command.
pub mod cli;
