//! Opening the database: connected, checked, migrated.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use secrecy::ExposeSecret;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPoolOptions};
use sqlx::{Connection, PgPool};
use tokio::time::timeout;

use super::embedded::{EmbeddedServer, ServerAccess};
use super::floor::Floor;
use super::settle::Recent;
use super::{PrivateServer, Settings, Store, StoreError, citus, pooler};

/// The oldest server that we run on.
const OLDEST_SERVER: i32 = 15;
/// How long a statement waits for a connection. The pool tries a server that refuses again and again
/// for as long, so an outage is noticed after this time at the latest.
const ACQUIRE_LIMIT: Duration = Duration::from_secs(10);

/// How long the first connection may take: a machine that is gone says nothing at all.
const CONNECT_LIMIT: Duration = Duration::from_secs(20);

/// How long connections may take to be closed; a server that is away says nothing to that either.
const CLOSE_LIMIT: Duration = Duration::from_secs(1);

/// How long after its last use a connection is taken without asking whether it still answers: one
/// round trip less for each statement of a busy node. A broken one fails once and is dropped.
const TRUSTED: Duration = Duration::from_millis(500);

/// How often a private server is opened anew that ends while we connect to it.
const OPEN_TRIES: u32 = 10;

/// What a process may do to the tables when it opens the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Migrates them, where `[database] migrate` allows it.
    Owner,
    /// Takes them as they are.
    Attach,
    /// Takes a database without them too, to migrate it by [`Store::migrate`].
    Migrate,
}

/// A migration that was applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// When it was written, as a number.
    pub version: i64,
    /// What it does.
    pub description: String,
}

impl Store {
    /// Opens the database of `settings`, or without a URL the private one.
    ///
    /// # Errors
    /// When there is no connection, the server or the database does not suit us, the schema is
    /// foreign, or migrations are missing and may not be applied.
    pub async fn open(settings: &Settings, access: Access) -> Result<Self, StoreError> {
        if let Some(url) = &settings.url {
            let options = options_of(url.expose_secret())?;
            return Self::open_at(options, None, settings, access).await;
        }
        let mut tries = 1;
        loop {
            let server = EmbeddedServer::open(&settings.data_dir).await?;
            let is_owned = server.is_owned();
            let options = server.access().options();
            let private = Some((settings.data_dir.clone(), server));
            match Self::open_at(options, private, settings, access).await {
                // The process that owned the server ended just now and took it along.
                Err(error) if error.is_transient() && !is_owned && tries < OPEN_TRIES => tries += 1,
                opened => return opened,
            }
        }
    }

    async fn open_at(
        options: PgConnectOptions,
        private: Option<(PathBuf, EmbeddedServer)>,
        settings: &Settings,
        access: Access,
    ) -> Result<Self, StoreError> {
        let store = Self::connect(options, settings.max_connections, private).await?;
        match store.prepare(settings, access).await {
            Ok(()) => Ok(store),
            Err(error) => {
                store.close().await;
                Err(error)
            }
        }
    }

    /// How the private server is reached; `None` where a URL was given.
    #[must_use]
    pub fn private_server(&self) -> Option<ServerAccess> {
        let server = self.server.as_ref()?.slot();
        server.as_ref().map(|server| server.access().clone())
    }

    /// Starts the private server again where it is gone: it crashed, or the process that owned it
    /// has ended. Nothing happens where it answers, or where a URL was given.
    ///
    /// # Errors
    /// When it can't be started.
    pub async fn revive(&self) -> Result<(), StoreError> {
        let Some(private) = &self.server else {
            return Ok(());
        };
        let server = private.slot().take();
        let server = match server {
            Some(server) => server.revive(&private.data_dir).await?,
            // An earlier try to start it failed.
            None => EmbeddedServer::open(&private.data_dir).await?,
        };
        *private.slot() = Some(server);
        Ok(())
    }

    /// Applies the migrations that are missing and answers with them.
    ///
    /// # Errors
    /// When one fails, or when the tables were made by a newer program.
    pub async fn migrate(&self) -> Result<Vec<Applied>, StoreError> {
        let before = self.applied_versions().await?;
        let mut migrator = migrator();
        // A pooler gives the lock of a session to one server connection and its release to another.
        migrator.set_locking(!self.is_pooled);
        migrator
            .run(&self.pool)
            .await
            .map_err(StoreError::Migrate)?;
        let is_new = |version: &i64| !before.contains(version);
        Ok(migrator
            .iter()
            .filter(|migration| is_new(&migration.version))
            .map(|migration| Applied {
                version: migration.version,
                description: migration.description.to_string(),
            })
            .collect())
    }

    /// Closes the connections and stops the private server, if it is ours.
    pub async fn close(self) {
        if timeout(CLOSE_LIMIT, self.pool.close()).await.is_err() {
            tracing::debug!("the connections to the database were not closed in time");
        }
        let server = self.server.and_then(|private| private.slot().take());
        if let Some(server) = server {
            server.close().await;
        }
    }

    async fn connect(
        options: PgConnectOptions,
        max_connections: u32,
        server: Option<(PathBuf, EmbeddedServer)>,
    ) -> Result<Self, StoreError> {
        let opened = async {
            let silent = |_| StoreError::Silent {
                limit: CONNECT_LIMIT,
            };
            let is_pooled = timeout(CONNECT_LIMIT, probe(&options))
                .await
                .map_err(silent)??;
            let is_cluster = Arc::new(AtomicBool::new(false));
            let pool = pool_options(max_connections, Arc::clone(&is_cluster))
                .connect_with(options.application_name("sokbo"));
            let pool = pool.await.map_err(StoreError::Connect)?;
            Ok::<_, StoreError>((pool, is_pooled, is_cluster))
        };
        match (opened.await, server) {
            (Ok((pool, is_pooled, is_cluster)), server) => Ok(Self {
                pool,
                is_pooled,
                is_cluster,
                floor: Arc::new(Mutex::new(Floor::default())),
                recent: Arc::new(Recent::default()),
                server: server.map(|(data_dir, server)| {
                    let slot = Mutex::new(Some(server));
                    Arc::new(PrivateServer { data_dir, slot })
                }),
            }),
            (Err(error), None) => Err(error),
            (Err(error), Some((_, server))) => {
                server.close().await;
                Err(error)
            }
        }
    }

    async fn prepare(&self, settings: &Settings, access: Access) -> Result<(), StoreError> {
        check_database(&self.pool).await?;
        self.check_schemas().await?;
        let mut connection = self
            .pool
            .acquire()
            .await
            .map_err(StoreError::during("give a connection"))?;
        let is_cluster = citus::has_extension(&mut connection).await?;
        self.is_cluster.store(is_cluster, Ordering::Relaxed);
        drop(connection);
        match access {
            Access::Owner => {
                if settings.migrate {
                    self.migrate().await?;
                    return self.spread().await.map(drop);
                }
                self.check_migrated().await?;
                self.renew_rights().await
            }
            Access::Migrate => Ok(()),
            Access::Attach => self.check_migrated().await,
        }
    }

    async fn check_migrated(&self) -> Result<(), StoreError> {
        check_migrations(&self.applied_versions().await?)
    }

    /// A schema of our name without our list of migrations is somebody else's. An empty `crawl` is
    /// not: another node may just have begun to migrate.
    async fn check_schemas(&self) -> Result<(), StoreError> {
        let foreign = sqlx::query_scalar!(
            r#"
            SELECT n.nspname::text AS "name!" FROM pg_catalog.pg_namespace n
             WHERE (n.nspname = 'news' OR n.nspname = 'crawl' AND EXISTS (
                       SELECT FROM pg_catalog.pg_class c WHERE c.relnamespace = n.oid))
               AND NOT EXISTS (SELECT FROM pg_catalog.pg_tables
                                WHERE schemaname = 'crawl' AND tablename = 'migrations')
             ORDER BY n.nspname LIMIT 1
            "#
        )
        .fetch_optional(&self.pool)
        .await
        .map_err(StoreError::during("look for schemas"))?;
        match foreign {
            Some(schema) => Err(StoreError::ForeignSchema { schema }),
            None => Ok(()),
        }
    }

    async fn applied_versions(&self) -> Result<Vec<i64>, StoreError> {
        let is_there = sqlx::query_scalar!(
            r#"
            SELECT EXISTS (SELECT FROM pg_catalog.pg_tables
                            WHERE schemaname = 'crawl' AND tablename = 'migrations') AS "is_there!"
            "#
        )
        .fetch_one(&self.pool)
        .await
        .map_err(StoreError::during("look for migrations"))?;
        if !is_there {
            return Ok(Vec::new());
        }
        // Unchecked: the table is made by the migrator, not by a migration.
        sqlx::query_scalar("SELECT version FROM crawl.migrations WHERE success")
            .fetch_all(&self.pool)
            .await
            .map_err(StoreError::during("list the applied migrations"))
    }
}

/// Refuses tables that lack some of our migrations.
pub(super) fn check_migrations(applied: &[i64]) -> Result<(), StoreError> {
    let is_missing = |version: &i64| !applied.contains(version);
    let known = migrator();
    let versions = known.iter().map(|migration| migration.version);
    match versions.filter(is_missing).count() {
        0 => Ok(()),
        missing => Err(StoreError::NotMigrated { missing }),
    }
}

fn pool_options(max_connections: u32, is_cluster: Arc<AtomicBool>) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(max_connections.max(1))
        .acquire_timeout(ACQUIRE_LIMIT)
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                if meta.idle_for > TRUSTED {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .after_connect(move |connection, _| {
            let is_cluster = is_cluster.load(Ordering::Relaxed);
            Box::pin(async move {
                // The connection before may have been lost in the middle of a commit.
                if is_cluster {
                    citus::recover(connection).await;
                }
                Ok(())
            })
        })
}

/// Looks at what is there by connections of our own: a pool would try again and again, and hide what
/// is wrong. Answers whether a pooler stands there.
async fn probe(options: &PgConnectOptions) -> Result<bool, StoreError> {
    let mut one = PgConnection::connect_with(options)
        .await
        .map_err(StoreError::Connect)?;
    let mut other = PgConnection::connect_with(options)
        .await
        .map_err(StoreError::Connect)?;
    let is_pooled = pooler::probe(&mut one, &mut other).await?;
    for connection in [one, other] {
        connection.close().await.map_err(StoreError::Connect)?;
    }
    Ok(is_pooled)
}

fn options_of(url: &str) -> Result<PgConnectOptions, StoreError> {
    if !url.starts_with("postgres://") && !url.starts_with("postgresql://") {
        let scheme = sqlx::Error::Configuration("it begins with another scheme".into());
        return Err(StoreError::Url(scheme));
    }
    url.parse().map_err(StoreError::Url)
}

/// The migrations, with their list kept in our own schema and not in the user's search path.
fn migrator() -> Migrator {
    let mut migrator = sqlx::migrate!();
    migrator.dangerous_set_table_name("crawl.migrations");
    migrator.create_schema("crawl");
    migrator
}

async fn check_database(pool: &PgPool) -> Result<(), StoreError> {
    // The class [[:alpha:]] follows the database's locale; under locale C, Hangul is no letter.
    // `0 * encoding` keeps the planner from trying chr() where the encoding has no such letter.
    let found = sqlx::query!(
        r#"
        SELECT current_setting('server_version_num')::integer / 10000 AS "version!",
               pg_encoding_to_char(encoding)::text AS "encoding!", datctype::text AS "locale!",
               CASE WHEN pg_encoding_to_char(encoding) = 'UTF8'
                    THEN chr(44032 + 0 * encoding) ~ '^[[:alpha:]]$' ELSE false END AS "knows_hangul!"
          FROM pg_catalog.pg_database WHERE datname = current_database()
        "#
    )
    .fetch_one(pool)
    .await
    .map_err(StoreError::during("describe itself"))?;
    if found.version < OLDEST_SERVER {
        return Err(StoreError::ServerTooOld {
            found: found.version,
        });
    }
    if found.encoding != "UTF8" {
        return Err(StoreError::Encoding {
            found: found.encoding,
        });
    }
    if !found.knows_hangul {
        return Err(StoreError::Locale {
            found: found.locale,
        });
    }
    Ok(())
}
