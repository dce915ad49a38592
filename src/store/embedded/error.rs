//! Why the private server does not run, each with the remedy.

use std::path::PathBuf;

/// Why the private server could not be found, prepared or started.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedError {
    /// No server binaries of a version that we can use.
    #[error(
        "no PostgreSQL 15 or newer was found on this machine; install it (`apt install postgresql`, \
         `dnf install postgresql-server`, `brew install postgresql@17`) or set `[database] url`"
    )]
    NoBinaries,
    /// The data were made by another major version than those installed.
    #[error(
        "`{dir}` was made by PostgreSQL {wanted}, which is not installed; install that version, \
         or move the directory away to start anew"
    )]
    OtherVersion {
        /// The directory.
        dir: PathBuf,
        /// The major version.
        wanted: u32,
    },
    /// The directory holds something that we did not put there.
    #[error("`{dir}` is not empty and was not made by Sokbo; choose another `[crawler] data_dir`")]
    NotOurs {
        /// The directory.
        dir: PathBuf,
    },
    /// A directory or file could not be made or read.
    #[error(
        "could not {attempt} `{path}`; check its owner and rights, or set `[crawler] data_dir`"
    )]
    File {
        /// What was attempted.
        attempt: &'static str,
        /// On what.
        path: PathBuf,
        /// Why it failed.
        #[source]
        source: std::io::Error,
    },
    /// The server's account can't reach its own directory.
    #[error(
        "the account `{account}`, which runs the private server, can't enter `{dir}`; \
         choose a `[crawler] data_dir` outside private directories, such as /var/lib/sokbo"
    )]
    NotReachable {
        /// The account's name.
        account: String,
        /// The directory in the way.
        dir: PathBuf,
    },
    /// Started by root, and no account to run the server as.
    #[error(
        "PostgreSQL refuses to run as root, and there is neither an account `postgres` nor `nobody`"
    )]
    NoAccount,
    /// No space left.
    #[error("the disk of `{dir}` is full; free some space and start again")]
    DiskFull {
        /// The server's directory.
        dir: PathBuf,
    },
    /// `initdb` failed.
    #[error("could not prepare the private database server in `{dir}`: {output}")]
    Prepare {
        /// The server's directory.
        dir: PathBuf,
        /// The end of what it said.
        output: String,
    },
    /// The server did not start or ended at once.
    #[error("the private database server did not start; the end of its log `{log}` says: {tail}")]
    Start {
        /// The log file.
        log: PathBuf,
        /// Its last lines.
        tail: String,
    },
    /// Another process owns the server, and it does not answer.
    #[error(
        "another process owns the private database server in `{dir}`, and it did not answer \
         within {seconds} s; wait for it or stop it"
    )]
    NotAnswering {
        /// The server's directory.
        dir: PathBuf,
        /// How long we waited.
        seconds: u64,
    },
}

impl EmbeddedError {
    pub(super) fn file(
        attempt: &'static str,
        path: &std::path::Path,
    ) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::File {
            attempt,
            path,
            source,
        }
    }
}
