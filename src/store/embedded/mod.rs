//! The private Postgres server, for who has no database: found on this machine, prepared and
//! started under `data_dir/postgres`, reached by a Unix socket only, stopped with us. One process
//! owns it; others that find it owned connect to it. Nothing is ever downloaded.

mod account;
mod binaries;
mod error;
mod place;
mod process;

pub use error::EmbeddedError;
pub use place::ServerAccess;

use std::fs::{File, TryLockError};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use sqlx::postgres::PgConnection;
use sqlx::{ConnectOptions, Connection};
use tokio::time::{Instant, sleep};

use account::Account;
use binaries::Binaries;
use place::{Place, last_lines};
use process::{Server, clear_leftovers};

/// How long a server may take to answer: recovery after a crash included.
const READY_LIMIT: Duration = Duration::from_secs(120);
/// How often we look whether it answers.
const LOOK: Duration = Duration::from_millis(50);
/// The database that we make on it.
const DATABASE: &str = "sokbo";
/// Starts that fail since the leftovers of a killed server are not gone yet.
const START_TRIES: u32 = 20;

/// The private server, owned by this process or by another one.
#[derive(Debug)]
pub struct EmbeddedServer {
    access: ServerAccess,
    owned: Option<Owned>,
}

#[derive(Debug)]
struct Owned {
    server: Server,
    // Held until the server has stopped: whoever gets it next finds the place free.
    _lock: File,
}

impl EmbeddedServer {
    /// Starts the private server below `data_dir`, or finds the one that another process owns.
    ///
    /// # Errors
    /// When there are no binaries, the directory is not ours or can't be used, or the server does
    /// not start; each says what to do.
    pub async fn open(data_dir: &Path) -> Result<Self, EmbeddedError> {
        let place = Place::prepare(data_dir)?;
        let lock = place.open_lock()?;
        let deadline = Instant::now() + READY_LIMIT;
        loop {
            match lock.try_lock() {
                Ok(()) => return Self::start(&place, lock).await,
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(source)) => {
                    return Err(EmbeddedError::file("lock", &place.dir)(source));
                }
            }
            if let Some(access) = answering(&place, DATABASE).await {
                return Ok(Self {
                    access,
                    owned: None,
                });
            }
            if Instant::now() > deadline {
                return Err(EmbeddedError::NotAnswering {
                    dir: place.dir,
                    seconds: READY_LIMIT.as_secs(),
                });
            }
            sleep(LOOK).await;
        }
    }

    /// How the server is reached.
    #[must_use]
    pub fn access(&self) -> &ServerAccess {
        &self.access
    }

    /// Whether this process started it and will stop it.
    #[must_use]
    pub fn is_owned(&self) -> bool {
        self.owned.is_some()
    }

    /// Sees to it that the server answers again: it may have crashed, or the process that owned it
    /// has ended and stopped it. Then this process starts it and owns it from now on.
    ///
    /// # Errors
    /// As [`EmbeddedServer::open`].
    pub(super) async fn revive(self, data_dir: &Path) -> Result<Self, EmbeddedError> {
        if !is_gone(&self.access).await {
            return Ok(self);
        }
        self.close().await;
        Self::open(data_dir).await
    }

    /// Stops the server if it is ours.
    pub async fn close(self) {
        if let Some(owned) = self.owned {
            owned.server.stop().await;
        }
    }

    async fn start(place: &Place, lock: File) -> Result<Self, EmbeddedError> {
        let account = Account::find()?;
        account.check_reach(&place.dir)?;
        account.give(&place.dir)?;
        let binaries = Binaries::find(&place.cluster())?;
        if !place.cluster().exists() {
            init(place, &binaries, &account)?;
        }
        Place::make_private(&place.socket_dir(), &account)?;
        clear_leftovers(place).await?;
        let server = start_ready(place, &binaries, &account).await?;
        let access = place.access()?;
        create_database(&access, place).await?;
        Ok(Self {
            access,
            owned: Some(Owned {
                server,
                _lock: lock,
            }),
        })
    }
}

/// Makes the data directory. It gets its name when it is complete, so that one left by a killed
/// process is never taken for whole.
fn init(place: &Place, binaries: &Binaries, account: &Account) -> Result<(), EmbeddedError> {
    let unfinished = place.dir.join("cluster.new");
    match std::fs::remove_dir_all(&unfinished) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(EmbeddedError::file("remove", &unfinished)(error));
        }
        _ => {}
    }
    place.write_password(account)?;
    let mut command = Command::new(binaries.dir.join("initdb"));
    command
        .arg("--pgdata")
        .arg(&unfinished)
        .arg("--pwfile")
        .arg(place.password_file())
        .args([
            "--username=sokbo",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
        ])
        .args(["--locale=C.UTF-8", "--data-checksums", "--no-instructions"]);
    account.run_as(&mut command);
    let output = command
        .output()
        .map_err(EmbeddedError::file("run initdb of", &binaries.dir))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(
            failure(place, &said).unwrap_or_else(|| EmbeddedError::Prepare {
                dir: place.dir.clone(),
                output: last_lines(&said),
            }),
        );
    }
    std::fs::rename(&unfinished, place.cluster())
        .map_err(EmbeddedError::file("rename", &unfinished))
}

/// Starts the server and waits until it answers. The shared memory of a killed server is in the
/// way until its last process has ended.
async fn start_ready(
    place: &Place,
    binaries: &Binaries,
    account: &Account,
) -> Result<Server, EmbeddedError> {
    let mut tries = 1;
    loop {
        let mut server = Server::start(place, binaries, account).await?;
        if is_ready(place, &mut server).await {
            return Ok(server);
        }
        let has_ended = server.has_ended();
        server.stop().await;
        let tail = place.log_tail();
        let is_held = has_ended && tail.contains("shared memory block");
        if !is_held || tries == START_TRIES {
            return Err(failure(place, &tail).unwrap_or(EmbeddedError::Start {
                log: place.log(),
                tail,
            }));
        }
        tries += 1;
        sleep(LOOK * tries).await;
    }
}

async fn is_ready(place: &Place, server: &mut Server) -> bool {
    let deadline = Instant::now() + READY_LIMIT;
    while !server.has_ended() && Instant::now() < deadline {
        if answering(place, "postgres").await.is_some() {
            return true;
        }
        sleep(LOOK).await;
    }
    false
}

async fn answering(place: &Place, database: &str) -> Option<ServerAccess> {
    let access = place.access().ok()?;
    let options = access.options().database(database);
    let connection = options.connect().await.ok()?;
    connection.close().await.ok()?;
    Some(access)
}

/// Whether nobody listens any more; a server that answers with an error is there.
async fn is_gone(access: &ServerAccess) -> bool {
    match access.options().connect().await {
        Ok(connection) => {
            // Closing is a courtesy; the answer is known.
            let _unclosed = connection.close().await;
            false
        }
        Err(error) => matches!(error, sqlx::Error::Io(_)),
    }
}

async fn create_database(access: &ServerAccess, place: &Place) -> Result<(), EmbeddedError> {
    let create = async {
        let mut connection: PgConnection = access.options().database("postgres").connect().await?;
        let is_there = sqlx::query_scalar!(
            r#"SELECT EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = $1) AS "is_there!""#,
            DATABASE
        )
        .fetch_one(&mut connection)
        .await?;
        if !is_there {
            sqlx::query("CREATE DATABASE sokbo")
                .execute(&mut connection)
                .await?;
        }
        connection.close().await
    };
    let created: Result<(), sqlx::Error> = create.await;
    created.map_err(|error| EmbeddedError::Start {
        log: place.log(),
        tail: error.to_string(),
    })
}

fn failure(place: &Place, said: &str) -> Option<EmbeddedError> {
    said.contains("No space left on device")
        .then(|| EmbeddedError::DiskFull {
            dir: place.dir.clone(),
        })
}
