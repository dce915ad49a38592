//! The server as a child process, and the end of one that an earlier owner left behind.

use std::fs::OpenOptions;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep, timeout};

use super::EmbeddedError;
use super::account::Account;
use super::binaries::Binaries;
use super::place::Place;

/// How long a fast shutdown may take before the server is told to drop everything.
const FAST_STOP: Duration = Duration::from_secs(30);
/// How long an immediate shutdown may take.
const IMMEDIATE_STOP: Duration = Duration::from_secs(5);
/// How often a process of somebody else is looked at.
const LOOK: Duration = Duration::from_millis(50);

/// Options that differ from the server's defaults; storage.md section 4 on why.
const OPTIONS: &[&str] = &[
    "listen_addresses=",
    "unix_socket_permissions=0700",
    "max_connections=60",
    "shared_buffers=128MB",
    "max_wal_size=2GB",
    "checkpoint_timeout=15min",
    "wal_compression=on",
    "random_page_cost=1.1",
    "jit=off",
    "autovacuum_naptime=10s",
    "autovacuum_max_workers=6",
    "log_min_messages=warning",
    "timezone=UTC",
];

/// A running server that ends with us.
#[derive(Debug)]
pub(super) struct Server {
    pid: Pid,
    ended: oneshot::Receiver<std::io::Result<ExitStatus>>,
    has_ended: bool,
}

impl Server {
    /// Starts the server. It gets the signal to stop when we die, however we die.
    pub(super) async fn start(
        place: &Place,
        binaries: &Binaries,
        account: &Account,
    ) -> Result<Self, EmbeddedError> {
        let command = command(place, binaries, account)?;
        let (started_tx, started) = oneshot::channel();
        let (ended_tx, ended) = oneshot::channel();
        // The death signal fires when the *thread* that spawned the child ends, so the child gets
        // a thread that lives as long as it does.
        std::thread::Builder::new()
            .name("postgres".to_owned())
            .spawn(move || keep(command, started_tx, ended_tx))
            .map_err(EmbeddedError::file("start a thread for", &place.dir))?;
        let spawned = started
            .await
            .unwrap_or_else(|_| Err(std::io::Error::other("the thread of the server has ended")));
        let pid = spawned.map_err(EmbeddedError::file("run", &binaries.dir))?;
        Ok(Self {
            pid,
            ended,
            has_ended: false,
        })
    }

    /// Whether the server has ended by itself.
    pub(super) fn has_ended(&mut self) -> bool {
        if !self.has_ended {
            let state = self.ended.try_recv();
            self.has_ended = !matches!(state, Err(oneshot::error::TryRecvError::Empty));
        }
        self.has_ended
    }

    /// Stops the server: fast, then immediately, then by force.
    pub(super) async fn stop(mut self) {
        for (signal, limit) in [
            (Signal::SIGINT, FAST_STOP),
            (Signal::SIGQUIT, IMMEDIATE_STOP),
            (Signal::SIGKILL, IMMEDIATE_STOP),
        ] {
            if self.has_ended() {
                return;
            }
            send(self.pid, signal);
            if timeout(limit, &mut self.ended).await.is_ok() {
                self.has_ended = true;
                return;
            }
            tracing::warn!(%signal, "the private database server did not stop in time");
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if !self.has_ended() {
            send(self.pid, Signal::SIGINT);
        }
    }
}

fn keep(
    mut command: Command,
    started: oneshot::Sender<std::io::Result<Pid>>,
    ended: oneshot::Sender<std::io::Result<ExitStatus>>,
) {
    let spawned = command.spawn();
    // Unsent results have nobody left to read them.
    match spawned {
        Err(error) => drop(started.send(Err(error))),
        Ok(mut child) => {
            drop(started.send(pid_of(&child)));
            drop(ended.send(child.wait()));
        }
    }
}

fn pid_of(child: &Child) -> std::io::Result<Pid> {
    i32::try_from(child.id())
        .map(Pid::from_raw)
        .map_err(std::io::Error::other)
}

fn send(pid: Pid, signal: Signal) {
    if let Err(error) = kill(pid, signal) {
        tracing::debug!(%error, %signal, "the private database server was gone already");
    }
}

fn command(
    place: &Place,
    binaries: &Binaries,
    account: &Account,
) -> Result<Command, EmbeddedError> {
    let log = place.log();
    let log_file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(&log)
        .and_then(|file| Ok((file.try_clone()?, file)))
        .map_err(EmbeddedError::file("write", &log))?;
    let postgres = binaries.dir.join("postgres");
    let mut command = match setpriv() {
        Some(setpriv) => {
            let mut command = Command::new(setpriv);
            command.args(["--pdeathsig", "INT", "--"]).arg(postgres);
            command
        }
        None => Command::new(postgres),
    };
    command.arg("-D").arg(place.cluster());
    for option in OPTIONS {
        command.args(["-c", option]);
    }
    command.arg("-k").arg(place.socket_dir());
    command
        .stdin(Stdio::null())
        .stdout(log_file.0)
        .stderr(log_file.1);
    account.run_as(&mut command);
    Ok(command)
}

/// The tool of util-linux that sets the death signal before it becomes the server.
fn setpriv() -> Option<PathBuf> {
    ["/usr/bin/setpriv", "/bin/setpriv"]
        .into_iter()
        .map(PathBuf::from)
        .find(|path| path.is_file())
}

/// Ends what an earlier owner left behind: a server that still runs or shuts down, or the pid file
/// of one that was killed.
pub(super) async fn clear_leftovers(place: &Place) -> Result<(), EmbeddedError> {
    let pid_file = place.cluster().join("postmaster.pid");
    let Some(pid) = pid_in(&pid_file) else {
        return Ok(());
    };
    for (signal, limit) in [
        (Signal::SIGINT, FAST_STOP),
        (Signal::SIGQUIT, IMMEDIATE_STOP),
    ] {
        if !is_server_of(pid, place) {
            break;
        }
        send(pid, signal);
        let deadline = Instant::now() + limit;
        while is_server_of(pid, place) && Instant::now() < deadline {
            sleep(LOOK).await;
        }
    }
    match std::fs::remove_file(&pid_file) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(EmbeddedError::file("remove", &pid_file)(error))
        }
        _ => Ok(()),
    }
}

fn pid_in(pid_file: &Path) -> Option<Pid> {
    let text = std::fs::read_to_string(pid_file).ok()?;
    text.lines().next()?.trim().parse().ok().map(Pid::from_raw)
}

/// Whether the process is a live server on our directory: its number may have gone to another.
fn is_server_of(pid: Pid, place: &Place) -> bool {
    let is_alive = kill(pid, None) != Err(nix::errno::Errno::ESRCH);
    if !is_alive || !Path::new("/proc/self").exists() {
        return is_alive;
    }
    let cluster = place.cluster();
    std::fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd == cluster)
}
