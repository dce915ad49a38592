//! The built program with a folder of its own: configuration, sources, private database.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use super::Site;

/// A folder with a configuration, and the program run on it.
pub(crate) struct Sokbo {
    folder: TempDir,
    /// Where its daemons show their health: nowhere, unless a test looks.
    pub(crate) listen: &'static str,
}

impl Sokbo {
    /// A folder with this `sokbo.toml` (`data_dir` is added to its `[crawler]` table).
    pub(crate) fn with(config: &str) -> Self {
        // Not under the build folder: the private Postgres of root runs as another user, who must
        // be able to reach it.
        let folder = tempfile::Builder::new()
            .prefix("sokbo-it-")
            .tempdir()
            .unwrap();
        open_to_all(folder.path());
        fs::create_dir_all(folder.path().join("sources")).unwrap();
        let data = folder.path().join("data");
        let with_data = format!("[crawler]\ndata_dir = {:?}", data.to_str().unwrap());
        let text = config.replacen("[crawler]", &with_data, 1);
        assert!(
            text.contains(&with_data),
            "the configuration needs a [crawler] table"
        );
        fs::write(folder.path().join("sokbo.toml"), text).unwrap();
        Self { folder, listen: "" }
    }

    /// The folder.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a source file.
    pub(crate) fn source(&self, name: &str, text: &str) {
        fs::write(
            self.folder.path().join(format!("sources/{name}.toml")),
            text,
        )
        .unwrap();
    }

    /// A command of the program on this folder.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sokbo"));
        command
            .arg("--config")
            .arg(self.folder.path().join("sokbo.toml"))
            .args(arguments);
        for name in ["DATABASE_URL", "SOKBO_CONFIG"] {
            command.env_remove(name);
        }
        // Daemons of tests run beside each other.
        command.env("SOKBO_HTTP__LISTEN", self.listen);
        command
    }

    /// Runs to the end; standard output, or a panic with everything that was said.
    pub(crate) async fn run(&self, arguments: &[&str]) -> String {
        let output = self.output(arguments).await;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            output.status.success(),
            "sokbo {arguments:?}: {:?}\n{said}",
            output.status
        );
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs to the end, whatever comes of it; off the async threads, which may serve the site.
    pub(crate) async fn output(&self, arguments: &[&str]) -> Output {
        let mut command = self.command(arguments);
        tokio::task::spawn_blocking(move || command.output().unwrap())
            .await
            .unwrap()
    }

    /// Runs the daemon until an address of the site is asked for, and kills it then.
    pub(crate) async fn kill_when_asked(&self, site: &Site, at: &str) {
        let mut daemon = self.command(&["run"]);
        let mut daemon = daemon
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        site.wait_until_asked(at).await;
        daemon.kill().unwrap();
        daemon.wait().unwrap();
    }

    /// The rows of a query.
    pub(crate) async fn rows(&self, query: &str) -> Vec<Value> {
        let text = self.run(&["sql", query, "--format", "jsonl"]).await;
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }
}

/// Where a fixture is.
pub(crate) fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(path)
}

fn open_to_all(folder: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
}
