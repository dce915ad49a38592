//! How a command ends badly: the exit code and what is said.

use std::process::ExitCode;

use crate::config::ConfigError;

/// Why a command did not do its work.
#[derive(Debug)]
pub(super) enum Failure {
    /// The command line or the configuration is wrong: exit code 2.
    Wrong(anyhow::Error),
    /// The work failed: exit code 1.
    Failed(anyhow::Error),
    /// The work failed and has been reported already: exit code 1.
    Reported,
}

impl Failure {
    /// The command line or the configuration is wrong.
    pub(super) fn wrong(error: impl Into<anyhow::Error>) -> Self {
        Self::Wrong(error.into())
    }

    /// The work failed.
    pub(super) fn failed(error: impl Into<anyhow::Error>) -> Self {
        Self::Failed(error.into())
    }

    /// A stop was asked for while the database was away.
    pub(super) fn interrupted() -> Self {
        Self::failed(anyhow::anyhow!(
            "stopped while the database was away; what was not written is visited again"
        ))
    }

    /// Prints the failure and gives the exit code.
    pub(super) fn report(self) -> ExitCode {
        let (error, code) = match self {
            Self::Wrong(error) => (error, 2),
            Self::Failed(error) if is_broken_pipe(&error) => return ExitCode::SUCCESS,
            Self::Failed(error) => (error, 1),
            Self::Reported => return ExitCode::from(1),
        };
        eprintln!("sokbo: {}", sentence(&error));
        ExitCode::from(code)
    }
}

/// The error and its causes: "opening the database: connection refused". Some libraries repeat
/// their causes in their own message; nothing is said twice.
fn sentence(error: &anyhow::Error) -> String {
    let mut said = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if said.contains(&cause) {
            continue;
        }
        if !said.is_empty() {
            said.push_str(": ");
        }
        said.push_str(&cause);
    }
    said
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self::wrong(error)
    }
}

impl From<crate::store::StoreError> for Failure {
    fn from(error: crate::store::StoreError) -> Self {
        Self::failed(error)
    }
}

/// Prints help, version or what is wrong with the command line.
pub(super) fn usage(error: &clap::Error) -> ExitCode {
    // Nothing can be done about a standard error that is closed.
    let _unprinted = error.print();
    ExitCode::from(if error.use_stderr() { 2 } else { 0 })
}

/// The reader of our output has gone, as `head` does: no failure of ours.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let io = error
        .chain()
        .find_map(|cause| cause.downcast_ref::<std::io::Error>());
    io.is_some_and(|io| io.kind() == std::io::ErrorKind::BrokenPipe)
}
