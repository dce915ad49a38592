//! The account that the server runs as: Postgres refuses to run as root.

use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use nix::unistd::{Gid, Uid, User};

use super::EmbeddedError;

/// Who runs the server.
#[derive(Debug, Clone)]
pub(super) enum Account {
    /// The account that we run as ourselves.
    Own,
    /// Another one, since we are root.
    Other {
        /// Its name.
        name: String,
        /// Its user.
        uid: Uid,
        /// Its group.
        gid: Gid,
    },
}

impl Account {
    /// Our own account, or as root `postgres`, else `nobody`.
    pub(super) fn find() -> Result<Self, EmbeddedError> {
        if !Uid::effective().is_root() {
            return Ok(Self::Own);
        }
        ["postgres", "nobody"]
            .into_iter()
            .find_map(|name| User::from_name(name).ok().flatten())
            .map(|user| Self::Other {
                name: user.name,
                uid: user.uid,
                gid: user.gid,
            })
            .ok_or(EmbeddedError::NoAccount)
    }

    /// The user that the server's files must belong to.
    pub(super) fn uid(&self) -> Uid {
        match self {
            Self::Own => Uid::effective(),
            Self::Other { uid, .. } => *uid,
        }
    }

    /// Lets `command` run as this account, in a directory that any account can enter, in a process
    /// group of its own (Ctrl-C must not reach the server) and without our environment.
    pub(super) fn run_as(&self, command: &mut Command) {
        command
            .env_clear()
            .env("LC_ALL", "C.UTF-8")
            .current_dir("/")
            .process_group(0);
        if let Self::Other { uid, gid, .. } = self {
            command.uid(uid.as_raw()).gid(gid.as_raw());
        }
    }

    /// Gives a file or a directory to this account.
    pub(super) fn give(&self, path: &Path) -> Result<(), EmbeddedError> {
        let Self::Other { uid, gid, .. } = self else {
            return Ok(());
        };
        std::os::unix::fs::chown(path, Some(uid.as_raw()), Some(gid.as_raw()))
            .map_err(EmbeddedError::file("change the owner of", path))
    }

    /// Checks that the account can enter every directory above `dir`.
    pub(super) fn check_reach(&self, dir: &Path) -> Result<(), EmbeddedError> {
        let Self::Other { name, uid, gid } = self else {
            return Ok(());
        };
        for above in dir
            .ancestors()
            .skip(1)
            .filter(|p| !p.as_os_str().is_empty())
        {
            let meta = above
                .metadata()
                .map_err(EmbeddedError::file("look at", above))?;
            let bit = match () {
                () if meta.uid() == uid.as_raw() => 0o100,
                () if meta.gid() == gid.as_raw() => 0o010,
                () => 0o001,
            };
            if meta.mode() & bit == 0 {
                return Err(EmbeddedError::NotReachable {
                    account: name.clone(),
                    dir: above.to_owned(),
                });
            }
        }
        Ok(())
    }
}
