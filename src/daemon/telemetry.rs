//! Log lines on standard error.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::config::{LogFormat, LogSettings};

/// Sends log lines to standard error from now on; a second call changes nothing.
///
/// # Errors
/// When the level is no filter.
pub fn start(settings: &LogSettings) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(directives(&settings.level))?;
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal());
    let registry = tracing_subscriber::registry().with(filter);
    // Tests start more than one daemon in a process; the first one's lines are everybody's.
    let _already_started = match settings.format {
        LogFormat::Text => registry.with(lines).try_init(),
        LogFormat::Json => registry.with(lines.json()).try_init(),
    };
    Ok(())
}

/// A plain level is ours; what the database driver has to say below an error is not news, nor is
/// what its pool says of each connection while the database is away.
fn directives(level: &str) -> String {
    let is_plain = !level.contains([',', '=']);
    if is_plain {
        format!("{level},sqlx=error")
    } else {
        level.to_owned()
    }
}
