//! Real daemons and a real server, started, killed and started again.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use sokbo::store::EmbeddedServer;

use crate::support::Sokbo;

/// What daemons reported as settled: the address, and the revision if one was written.
pub(super) type Reported = Arc<Mutex<Vec<(String, Option<i32>)>>>;

/// A daemon process.
pub(super) struct Daemon {
    child: Child,
    /// The rest of its log, once it has ended.
    last_words: Arc<Mutex<Vec<String>>>,
}

impl Daemon {
    /// Starts the daemon that sites know as `node`.
    pub(super) fn start(sokbo: &Sokbo, url: &SecretString, node: u32, reported: &Reported) -> Self {
        let mut command: Command = sokbo.command(&["run", "--database-url", url.expose_secret()]);
        let agent = format!("Sokbo/0.1 (+https://crash.example; node={node})");
        command
            .env("SOKBO_CRAWLER__USER_AGENT", agent)
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let reported = Arc::clone(reported);
        let last_words = Arc::new(Mutex::new(Vec::new()));
        let words = Arc::clone(&last_words);
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if let Some(settled) = settled(&line) {
                    reported.lock().unwrap().push(settled);
                } else {
                    words.lock().unwrap().push(line);
                }
            }
        });
        Self { child, last_words }
    }

    pub(super) fn process(&self) -> u32 {
        self.child.id()
    }

    pub(super) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Whether it is there; a daemon that is not told to never ends by itself.
    pub(super) fn is_alive(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    pub(super) fn terminate(&self) {
        let pid = i32::try_from(self.child.id()).unwrap();
        kill(Pid::from_raw(pid), Signal::SIGTERM).unwrap();
    }

    pub(super) fn wait(&mut self) -> ExitStatus {
        self.child.wait().unwrap()
    }

    /// What it logged beside settled visits.
    pub(super) fn words(&self) -> String {
        self.last_words.lock().unwrap().join("\n")
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The settled visit that a JSON log line tells of.
fn settled(line: &str) -> Option<(String, Option<i32>)> {
    let line: Value = serde_json::from_str(line).ok()?;
    let fields = line.get("fields")?;
    let url = fields.get("url")?.as_str()?.to_owned();
    let verdict = fields.get("verdict")?.as_str()?;
    let revision = match verdict {
        "New" => Some(1),
        _ => verdict
            .strip_prefix("Revised(")
            .map(|n| n.trim_end_matches(')').parse().unwrap()),
    };
    Some((url, revision))
}

/// A server of the suite's own.
pub(super) struct Postgres {
    dir: PathBuf,
    server: Option<EmbeddedServer>,
    pub(super) url: SecretString,
}

impl Postgres {
    pub(super) async fn start(dir: PathBuf) -> Self {
        let server = EmbeddedServer::open(&dir).await.unwrap();
        let url = server.access().url("sokbo");
        Self {
            dir,
            server: Some(server),
            url,
        }
    }

    /// SIGKILL to the postmaster; its children end by themselves when they notice.
    pub(super) fn kill(&mut self) {
        let file = self.dir.join("postgres/cluster/postmaster.pid");
        let text = std::fs::read_to_string(file).unwrap();
        let pid = text.lines().next().unwrap().trim().parse().unwrap();
        kill(Pid::from_raw(pid), Signal::SIGKILL).unwrap();
        drop(self.server.take());
    }

    pub(super) async fn restart(&mut self) {
        self.server = Some(EmbeddedServer::open(&self.dir).await.unwrap());
    }

    pub(super) async fn close(mut self) {
        if let Some(server) = self.server.take() {
            server.close().await;
        }
    }
}
