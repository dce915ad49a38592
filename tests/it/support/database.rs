//! One Postgres server for the whole run, and a fresh database for each test. The server is the one
//! of `SOKBO_TEST_DATABASE_URL`, else a private one that ends with the run.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use secrecy::{ExposeSecret, SecretString};
use sokbo::store::{Access, EmbeddedServer, Settings, Store};
use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool};
use tokio::sync::OnceCell;

static SERVER: OnceCell<Server> = OnceCell::const_new();
static NEXT: AtomicU32 = AtomicU32::new(0);

struct Server {
    url: SecretString,
    template: String,
    _private: Option<EmbeddedServer>,
}

/// A database of one test.
pub(crate) struct Database {
    /// The store under test.
    pub(crate) store: Store,
    /// For looking behind its back.
    pub(crate) pool: PgPool,
}

impl Database {
    /// Runs a statement behind the store's back.
    pub(crate) async fn execute(&self, sql: &'static str) {
        sqlx::query(sql).execute(&self.pool).await.unwrap();
    }

    /// One number from behind the store's back.
    pub(crate) async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&self.pool).await.unwrap()
    }
}

/// A migrated database, copied from a template.
pub(crate) async fn database() -> Database {
    let server = SERVER.get_or_init(start).await;
    let settings = create(server, &format!("TEMPLATE {}", server.template)).await;
    opened(settings).await
}

/// A migrated database, and its address.
pub(crate) async fn database_at() -> (Database, SecretString) {
    let server = SERVER.get_or_init(start).await;
    let settings = create(server, &format!("TEMPLATE {}", server.template)).await;
    let url = settings.url.clone().unwrap();
    (opened(settings).await, url)
}

/// A database without any table of ours, and how to open it.
pub(crate) async fn empty_database() -> Settings {
    bare_database("TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'").await
}

/// A database made with these options of `CREATE DATABASE`.
pub(crate) async fn bare_database(options: &str) -> Settings {
    create(SERVER.get_or_init(start).await, options).await
}

/// A new directory that the account of a private server can reach.
pub(crate) fn server_dir() -> PathBuf {
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let dir = std::env::temp_dir().join(format!("sokbo-test-{}", std::process::id()));
    let dir = dir.join(format!("d{number}"));
    std::fs::create_dir_all(&dir).unwrap();
    dir
}

async fn opened(settings: Settings) -> Database {
    Database {
        store: Store::open(&settings, Access::Owner).await.unwrap(),
        pool: PgPool::connect(settings.url.as_ref().unwrap().expose_secret())
            .await
            .unwrap(),
    }
}

async fn create(server: &Server, options: &str) -> Settings {
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("sokbo_test_{}_{number}", std::process::id());
    create_database(server.url.expose_secret(), &name, options).await;
    at(&server.url, &name)
}

async fn create_database(url: &str, name: &str, options: &str) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    for sql in [
        format!("DROP DATABASE IF EXISTS {name}"),
        format!("CREATE DATABASE {name} {options}"),
    ] {
        let done = sqlx::query(AssertSqlSafe(sql)).execute(&mut connection);
        done.await.unwrap();
    }
}

fn at(url: &SecretString, database: &str) -> Settings {
    let text = url.expose_secret();
    let (before, query) = text.split_once('?').unwrap_or((text, ""));
    let (server, _) = before.rsplit_once('/').unwrap();
    Settings {
        url: Some(format!("{server}/{database}?{query}").into()),
        max_connections: 4,
        ..Settings::default()
    }
}

async fn start() -> Server {
    let (url, private) = match std::env::var_os("SOKBO_TEST_DATABASE_URL") {
        Some(url) => (url.into_string().unwrap().into(), None),
        None => {
            clear_leftovers(&std::env::temp_dir());
            let server = EmbeddedServer::open(&server_dir()).await.unwrap();
            let url = server.access().url("postgres");
            make_hasty(&url).await;
            (url, Some(server))
        }
    };
    let template = format!("sokbo_test_{}_template", std::process::id());
    let options = "TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'";
    create_database(url.expose_secret(), &template, options).await;
    let migrated = opened(at(&url, &template)).await;
    migrated.pool.close().await;
    migrated.store.close().await;
    Server {
        url,
        template,
        _private: private,
    }
}

/// Nothing of a test must survive a power failure: lets the server write without waiting.
async fn make_hasty(url: &SecretString) {
    let mut connection = PgConnection::connect(url.expose_secret()).await.unwrap();
    for sql in [
        "ALTER SYSTEM SET fsync = off",
        "ALTER SYSTEM SET full_page_writes = off",
        "SELECT pg_reload_conf()",
    ] {
        sqlx::query(sql).execute(&mut connection).await.unwrap();
    }
}

/// Removes the servers of earlier runs, which ended with them.
fn clear_leftovers(temp_dir: &Path) {
    for entry in std::fs::read_dir(temp_dir).unwrap().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let pid = name.strip_prefix("sokbo-test-").map(str::parse::<i32>);
        let Some(Ok(pid)) = pid else { continue };
        let is_gone = nix::sys::signal::kill(nix::unistd::Pid::from_raw(pid), None).is_err();
        if is_gone {
            // What can't be removed belongs to another user.
            drop(std::fs::remove_dir_all(entry.path()));
        }
    }
}
