//! What the operating system asks for: SIGTERM and SIGINT stop, SIGHUP reloads.

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// The signals of this process.
#[derive(Debug)]
pub struct Signals {
    stop: CancellationToken,
    hangup: Signal,
}

impl Signals {
    /// Listens from now on.
    ///
    /// # Errors
    /// When the operating system refuses.
    pub fn listen() -> std::io::Result<Self> {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let hangup = signal(SignalKind::hangup())?;
        let stop = CancellationToken::new();
        let asked = stop.clone();
        tokio::spawn(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            tracing::info!("stopping: visits in flight end, hosts are given back");
            asked.cancel();
        });
        Ok(Self { stop, hangup })
    }

    /// Cancelled when a stop is asked for.
    #[must_use]
    pub fn stop(&self) -> &CancellationToken {
        &self.stop
    }

    /// Waits for the next SIGHUP.
    pub async fn reload(&mut self) {
        if self.hangup.recv().await.is_none() {
            std::future::pending::<()>().await; // no more can come
        }
    }
}
