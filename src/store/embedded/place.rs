//! The files of the private server, and how it is reached.

use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use secrecy::SecretString;
use sqlx::postgres::{PgConnectOptions, PgSslMode};
use xxhash_rust::xxh3::xxh3_64;

use super::EmbeddedError;
use super::account::Account;

/// The server's superuser and its database.
const NAME: &str = "sokbo";
/// Part of the socket's name; nothing listens on a port.
const PORT: u16 = 5432;
/// `sun_path` has 108 bytes on Linux and 104 elsewhere, with a closing NUL.
const MAX_SOCKET_PATH_BYTES: usize = 103;
/// The file that marks the directory as ours and whose lock marks the owner of the server.
const LOCK: &str = "sokbo.lock";

/// `data_dir/postgres` and what is in it.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) dir: PathBuf,
}

impl Place {
    /// The place below `data_dir`; made if it is missing, refused if it holds foreign files.
    pub(super) fn prepare(data_dir: &Path) -> Result<Self, EmbeddedError> {
        if !data_dir.exists() {
            make_enterable(data_dir)?;
        }
        let dir = data_dir.join("postgres");
        DirBuilder::new()
            .recursive(true)
            .create(&dir)
            .map_err(EmbeddedError::file("create", &dir))?;
        let dir = dir
            .canonicalize()
            .map_err(EmbeddedError::file("look at", &dir))?;
        let place = Self { dir };
        place.check_ours()?;
        Ok(place)
    }

    fn check_ours(&self) -> Result<(), EmbeddedError> {
        let mut entries =
            std::fs::read_dir(&self.dir).map_err(EmbeddedError::file("read", &self.dir))?;
        if self.dir.join(LOCK).exists() || entries.next().is_none() {
            return Ok(());
        }
        Err(EmbeddedError::NotOurs {
            dir: self.dir.clone(),
        })
    }

    /// The lock file, open; it is locked by who owns the server.
    pub(super) fn open_lock(&self) -> Result<File, EmbeddedError> {
        let path = self.dir.join(LOCK);
        OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(&path)
            .map_err(EmbeddedError::file("open", &path))
    }

    /// The data directory proper.
    pub(super) fn cluster(&self) -> PathBuf {
        self.dir.join("cluster")
    }

    /// The server's log.
    pub(super) fn log(&self) -> PathBuf {
        self.dir.join("server.log")
    }

    /// Where the password is kept, readable by its owner only.
    pub(super) fn password_file(&self) -> PathBuf {
        self.dir.join("password")
    }

    /// The directory of the socket: below our own, or a short one where that path is too long.
    pub(super) fn socket_dir(&self) -> PathBuf {
        let near = self.dir.join("socket");
        let socket = near.join(format!(".s.PGSQL.{PORT}"));
        if socket.as_os_str().len() <= MAX_SOCKET_PATH_BYTES {
            return near;
        }
        let hash = xxh3_64(self.dir.as_os_str().as_bytes());
        PathBuf::from(format!("/tmp/sokbo-{hash:016x}"))
    }

    /// Makes a directory that only the server's account can enter. One that exists must be
    /// that account's already: in /tmp anybody could have made it.
    pub(super) fn make_private(path: &Path, account: &Account) -> Result<(), EmbeddedError> {
        let made = DirBuilder::new().mode(0o700).create(path);
        match made {
            Ok(()) => account.give(path),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                let meta = path
                    .symlink_metadata()
                    .map_err(EmbeddedError::file("look at", path))?;
                if !meta.is_dir() || meta.uid() != account.uid().as_raw() {
                    return Err(EmbeddedError::NotOurs { dir: path.into() });
                }
                std::fs::set_permissions(path, Permissions::from_mode(0o700))
                    .map_err(EmbeddedError::file("protect", path))
            }
            Err(error) => Err(EmbeddedError::file("create", path)(error)),
        }
    }

    /// Writes a new random password, readable by the server's account only.
    pub(super) fn write_password(&self, account: &Account) -> Result<(), EmbeddedError> {
        let path = self.password_file();
        let password = uuid::Uuid::new_v4().simple().to_string();
        let write = || {
            let mut file = OpenOptions::new()
                .create(true)
                .truncate(true)
                .write(true)
                .mode(0o600)
                .open(&path)?;
            file.write_all(password.as_bytes())
        };
        write().map_err(EmbeddedError::file("write", &path))?;
        account.give(&path)
    }

    /// How clients reach the server.
    pub(super) fn access(&self) -> Result<ServerAccess, EmbeddedError> {
        let path = self.password_file();
        let password =
            std::fs::read_to_string(&path).map_err(EmbeddedError::file("read", &path))?;
        Ok(ServerAccess {
            socket_dir: self.socket_dir(),
            port: PORT,
            user: NAME.to_owned(),
            password,
            database: NAME.to_owned(),
        })
    }

    /// The last lines of the log, for an error.
    pub(super) fn log_tail(&self) -> String {
        const TAIL_BYTES: u64 = 2_000;
        let read = || -> std::io::Result<Vec<u8>> {
            let mut file = File::open(self.log())?;
            let start = file.metadata()?.len().saturating_sub(TAIL_BYTES);
            file.seek(SeekFrom::Start(start))?;
            let mut bytes = Vec::new();
            file.take(TAIL_BYTES).read_to_end(&mut bytes)?;
            Ok(bytes)
        };
        match read() {
            Ok(bytes) => last_lines(&String::from_utf8_lossy(&bytes)),
            Err(error) => format!("(the log can't be read: {error})"),
        }
    }
}

/// Makes a directory that other accounts can enter, whatever our umask is: the server may run as
/// one of them.
fn make_enterable(dir: &Path) -> Result<(), EmbeddedError> {
    std::fs::create_dir_all(dir)
        .and_then(|()| std::fs::set_permissions(dir, Permissions::from_mode(0o755)))
        .map_err(EmbeddedError::file("create", dir))
}

/// The last five lines in one.
pub(super) fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.lines().rev().take(5).map(str::trim).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join(" / ")
}

/// How the private server is reached, for our own pool and for `psql`.
#[derive(Clone)]
pub struct ServerAccess {
    /// The directory of the Unix socket.
    pub socket_dir: PathBuf,
    /// The number in the socket's name.
    pub port: u16,
    /// The superuser.
    pub user: String,
    /// Its password.
    pub password: String,
    /// The database.
    pub database: String,
}

impl std::fmt::Debug for ServerAccess {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ServerAccess")
            .field("socket_dir", &self.socket_dir)
            .field("database", &self.database)
            .finish_non_exhaustive()
    }
}

impl ServerAccess {
    /// The address of `database` on this server, for tools that take one.
    #[must_use]
    pub fn url(&self, database: &str) -> SecretString {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("host", &self.socket_dir.to_string_lossy())
            .append_pair("port", &self.port.to_string())
            .append_pair("user", &self.user)
            .append_pair("password", &self.password)
            .finish();
        format!("postgresql:///{database}?{query}").into()
    }

    pub(in crate::store) fn options(&self) -> PgConnectOptions {
        PgConnectOptions::new_without_pgpass()
            .socket(&self.socket_dir)
            .port(self.port)
            .username(&self.user)
            .password(&self.password)
            .database(&self.database)
            .ssl_mode(PgSslMode::Disable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_directories_get_a_short_socket_path() {
        let short = Place { dir: "/a".into() };
        assert_eq!(short.socket_dir(), Path::new("/a/socket"));
        let long = Place {
            dir: format!("/{}", "a".repeat(100)).into(),
        };
        assert!(long.socket_dir().starts_with("/tmp"));
    }

    #[test]
    fn foreign_directory_is_refused_and_left_alone() {
        let data_dir = tempfile::tempdir().unwrap();
        let dir = data_dir.path().join("postgres");
        std::fs::create_dir(&dir).unwrap();
        std::fs::write(dir.join("thesis.tex"), "x").unwrap();
        let refused = Place::prepare(data_dir.path());
        assert!(matches!(refused, Err(EmbeddedError::NotOurs { .. })));
        assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 1);
    }

    #[test]
    fn log_tail_is_the_last_five_lines() {
        assert_eq!(last_lines("1\n2\n3\n4\n5\n6\n"), "2 / 3 / 4 / 5 / 6");
    }
}
