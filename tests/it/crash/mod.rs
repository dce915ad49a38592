//! The kill suite: real daemons, a real server and a site on loopback; daemons and the postmaster
//! die by SIGKILL at random moments, and then seven promises are checked. `make crash-test N=300`
//! runs the long one, `SEED=` repeats one. Among all tests a short one runs.

mod check;
mod fleet;
mod planted;
mod run;
mod setup;
mod site;
