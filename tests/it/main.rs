//! Behaviour tests, on a real Postgres and real HTTP on loopback.

mod store;
mod support;
