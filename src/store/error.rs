//! What can go wrong between us and the database.

use sqlx::migrate::MigrateError;

use super::embedded::EmbeddedError;

/// Why a statement or the opening of the store failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The private server could not be found, prepared or started.
    #[error(transparent)]
    Embedded(#[from] EmbeddedError),
    /// `[database] url` is no address of a Postgres database.
    #[error("`[database] url` is no address of a Postgres database (postgresql://user@host/name)")]
    Url(#[source] sqlx::Error),
    /// No connection could be made.
    #[error("could not connect to the database; check that it runs and that the URL is right")]
    Connect(#[source] sqlx::Error),
    /// The server is too old.
    #[error("the database server is PostgreSQL {found}, and version 15 or newer is needed")]
    ServerTooOld {
        /// Its major version.
        found: i32,
    },
    /// The database keeps text in another encoding.
    #[error(
        "the database's encoding is {found}; create it with \
         `CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'`"
    )]
    Encoding {
        /// Its encoding.
        found: String,
    },
    /// The database does not know Hangul letters, so that searches would find nothing.
    #[error(
        "the database's locale `{found}` knows ASCII letters only; create it with \
         `CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'`"
    )]
    Locale {
        /// Its character type.
        found: String,
    },
    /// A pooler stands between us and the server that would give us rows of other clients.
    #[error(
        "the database is reached through a pooler that mixes up the prepared statements of its \
         clients; connect to the server itself, or take PgBouncer 1.21 or newer with \
         `max_prepared_statements` above 0"
    )]
    Pooler,
    /// A schema of our name holds something else.
    #[error(
        "the database already has a schema `{schema}` that is not Sokbo's; \
         give Sokbo a database of its own"
    )]
    ForeignSchema {
        /// The schema's name.
        schema: String,
    },
    /// The tables are older than this program, and it was told not to migrate.
    #[error("the database lacks {missing} migrations; run `sokbo migrate`")]
    NotMigrated {
        /// How many are missing.
        missing: usize,
    },
    /// A migration failed, or the tables were made by a newer program.
    #[error("could not migrate the database")]
    Migrate(#[source] sqlx::migrate::MigrateError),
    /// The database answers, but takes no writes.
    #[error(
        "the database takes no writes: it is a standby, or `default_transaction_read_only` is on"
    )]
    ReadOnly,
    /// The database is reached, or seems to be, and says nothing.
    #[error("the database did not answer within {} s", .limit.as_secs())]
    Silent {
        /// How long we waited.
        limit: std::time::Duration,
    },
    /// A row holds what no code of ours has written.
    #[error("crawl.{table}.{column} of row {id} holds an unknown value")]
    BadRow {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row's key.
        id: String,
    },
    /// Two transactions wrote one article at the same time: what this one compared with is gone.
    #[error("an article was written by another transaction at the same time")]
    Overtaken,
    /// The database refused or failed.
    #[error("the database failed to {attempt}")]
    Database {
        /// What was attempted.
        attempt: &'static str,
        /// What the database said.
        #[source]
        source: sqlx::Error,
    },
}

impl StoreError {
    /// Turns an error of the driver into one that says what was attempted.
    pub(super) fn during(attempt: &'static str) -> impl Fn(sqlx::Error) -> Self {
        move |source| Self::Database { attempt, source }
    }

    /// What the server itself said, without the driver's words around it: for people whose own
    /// query failed.
    #[must_use]
    pub fn server_message(&self) -> Option<&str> {
        match self {
            Self::Database { source, .. } => Some(source.as_database_error()?.message()),
            _ => None,
        }
    }

    /// The error with its causes, in a line for people; nothing is said twice.
    #[must_use]
    pub fn told(&self) -> String {
        let mut told = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(next) = cause {
            let words = next.to_string();
            if !told.contains(&words) {
                told.push_str(": ");
                told.push_str(&words);
            }
            cause = next.source();
        }
        told
    }

    /// Whether the same call may succeed later: the database is away, starting, stopping, full,
    /// read-only, out of connections, or chose us as the victim of a deadlock.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Connect(source) | Self::Database { source, .. } => is_transient(source),
            Self::Migrate(
                MigrateError::Execute(source) | MigrateError::ExecuteMigration(source, _),
            ) => is_transient(source),
            Self::ReadOnly | Self::Silent { .. } | Self::Overtaken => true,
            Self::Embedded(_)
            | Self::Url(_)
            | Self::ServerTooOld { .. }
            | Self::Encoding { .. }
            | Self::Locale { .. }
            | Self::Pooler
            | Self::ForeignSchema { .. }
            | Self::NotMigrated { .. }
            | Self::Migrate(_)
            | Self::BadRow { .. } => false,
        }
    }
}

/// Whether another transaction was in the way, so that the whole may be repeated at once.
pub(super) fn is_conflict(error: &StoreError) -> bool {
    match error {
        StoreError::Overtaken => true,
        // 40P01 deadlock detected, 40001 serialization failure.
        StoreError::Database { source, .. } => {
            matches!(sql_state(source).as_deref(), Some("40P01" | "40001"))
        }
        _ => false,
    }
}

fn is_transient(error: &sqlx::Error) -> bool {
    let is_connection = matches!(
        error,
        sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::Protocol(_)
    );
    is_connection || sql_state(error).is_some_and(|state| may_pass(&state))
}

/// Whether what an SQLSTATE speaks of passes by itself, or by the hand of an operator. By class: 08
/// connection, 40 rollback, 53 out of resources, 57 operator's action. By code: 25006 read-only,
/// 58030 the disk failed.
fn may_pass(state: &str) -> bool {
    ["08", "40", "53", "57", "25006", "58030"]
        .iter()
        .any(|begin| state.starts_with(begin))
}

fn sql_state(error: &sqlx::Error) -> Option<String> {
    Some(error.as_database_error()?.code()?.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_errors_that_pass_by_themselves_are_transient() {
        let during = StoreError::during("count");
        assert!(during(sqlx::Error::PoolTimedOut).is_transient());
        assert!(during(sqlx::Error::Io(std::io::ErrorKind::BrokenPipe.into())).is_transient());
        assert!(!during(sqlx::Error::RowNotFound).is_transient());
        assert!(!StoreError::NotMigrated { missing: 1 }.is_transient());
        assert!(StoreError::ReadOnly.is_transient());
        let cut_off = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
        let cut_off = MigrateError::Execute(sqlx::Error::Io(cut_off));
        assert!(StoreError::Migrate(cut_off).is_transient());
        assert!(!StoreError::Migrate(MigrateError::VersionMissing(1)).is_transient());
        assert!(!is_conflict(&during(sqlx::Error::PoolTimedOut)));
    }

    #[test]
    fn what_a_full_a_stopping_or_a_read_only_server_says_may_pass() {
        for state in [
            "53100", "53300", "57P01", "57P03", "25006", "40001", "08006", "58030",
        ] {
            assert!(may_pass(state), "{state}");
        }
        for state in ["42P01", "23505", "22021", "25001", "28P01", "3D000"] {
            assert!(!may_pass(state), "{state}");
        }
    }
}
