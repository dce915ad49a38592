//! Behaviour tests, on a real Postgres and real HTTP on loopback.

#![allow(
    clippy::unwrap_used,
    reason = "a helper that fails is a test that fails; clippy knows only the test functions"
)]

mod store;
mod support;
