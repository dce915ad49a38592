//! Drives clients side by side and adds up what they did.

use std::ops::AddAssign;
use std::time::{Duration, Instant};

use anyhow::Result;

/// One connection's worth of load.
pub(crate) trait Client: Send + 'static {
    /// Does one call; answers with how many items it dealt with, 0 when there was nothing left.
    fn call(&mut self) -> impl Future<Output = Result<u64>> + Send;

    /// Of the time spent, what does not count.
    fn take_idle(&mut self) -> Duration {
        Duration::ZERO
    }
}

/// What clients did together.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Load {
    items: u64,
    calls: u64,
    elapsed: Duration,
}

impl Load {
    pub(crate) fn items(&self) -> f64 {
        self.items as f64
    }

    pub(crate) fn rate(&self) -> f64 {
        self.items() / self.elapsed.as_secs_f64()
    }

    pub(crate) fn calls_per_second(&self) -> f64 {
        self.calls as f64 / self.elapsed.as_secs_f64()
    }
}

impl AddAssign for Load {
    fn add_assign(&mut self, other: Self) {
        self.items += other.items;
        self.calls += other.calls;
        self.elapsed += other.elapsed;
    }
}

/// Calls of each client that count for nothing: after tables were filled, each connection plans its
/// statements again.
pub(crate) async fn warm<C: Client>(clients: &mut [C], calls: usize) -> Result<()> {
    for client in clients {
        for _ in 0..calls {
            client.call().await?;
        }
        client.take_idle();
    }
    Ok(())
}

/// Runs all clients until the time is over or one of them finds nothing left.
pub(crate) async fn run<C: Client>(clients: &mut Vec<C>, limit: Duration) -> Result<Load> {
    let start = Instant::now();
    let stop = tokio_util::sync::CancellationToken::new();
    let tasks: Vec<_> = clients
        .drain(..)
        .map(|mut client| {
            let stop = stop.clone();
            tokio::spawn(async move {
                let mut load = Load::default();
                while !stop.is_cancelled() && start.elapsed() < limit {
                    let items = client.call().await?;
                    if items == 0 {
                        stop.cancel();
                        break;
                    }
                    load.items += items;
                    load.calls += 1;
                }
                load.elapsed = start.elapsed().saturating_sub(client.take_idle());
                Ok::<_, anyhow::Error>((client, load))
            })
        })
        .collect();
    let mut sum = Load::default();
    let count = u32::try_from(tasks.len())?;
    for task in tasks {
        let (client, load) = task.await??;
        clients.push(client);
        sum += load;
    }
    sum.elapsed /= count;
    Ok(sum)
}
