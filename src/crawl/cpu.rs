//! Work on a page, off the async threads: on threads of its own, one a core. Always on the same
//! ones, since each thread that ever reads pages keeps some 15 MB of scratch memory for the
//! regular expressions it met; the runtime's pool for blocking work takes a different one each time.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, LazyLock, Mutex};
use std::thread;

use tokio::sync::oneshot;

use super::CrawlError;

type Work = Box<dyn FnOnce() + Send>;

static QUEUE: LazyLock<Sender<Work>> = LazyLock::new(|| {
    let (sender, receiver) = mpsc::channel();
    let receiver = Arc::new(Mutex::new(receiver));
    let cores = thread::available_parallelism().map_or(2, usize::from);
    for number in 0..cores {
        let receiver = Arc::clone(&receiver);
        let named = thread::Builder::new().name(format!("page-{number}"));
        if let Err(error) = named.spawn(move || work_on(&receiver)) {
            tracing::error!(%error, "a thread that reads pages did not start");
        }
    }
    sender
});

/// Runs `work` on a thread for pages, first come, first served.
///
/// # Errors
/// When the work panicked: the page is at fault, and only its job ends.
pub(super) async fn on_cpu<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, CrawlError> {
    let (done, outcome) = oneshot::channel();
    let work = move || {
        // Whoever asked may have been cut off by a stop.
        let _unheard = done.send(catch_unwind(AssertUnwindSafe(work)));
    };
    let is_queued = QUEUE.send(Box::new(work));
    let no_thread = || CrawlError::Page("no thread reads pages".to_owned());
    is_queued.map_err(|_closed| no_thread())?;
    let outcome = outcome.await.map_err(|_closed| no_thread())?;
    outcome.map_err(|panic| CrawlError::Page(words_of(&*panic)))
}

fn work_on(queue: &Mutex<Receiver<Work>>) {
    loop {
        // Held while waiting: the others wait for their turn to wait.
        let next = match queue.lock() {
            Ok(queue) => queue.recv(),
            Err(_) => return,
        };
        match next {
            Ok(work) => work(),
            Err(_) => return,
        }
    }
}

/// What a panic said.
fn words_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "the parser broke without a word".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn page_that_breaks_the_parser_costs_its_own_visit_only() {
        for _ in 0..20 {
            let broken = on_cpu(|| -> u8 { panic!("page {} is cursed", 7) }).await;
            assert!(matches!(broken, Err(CrawlError::Page(words)) if words == "page 7 is cursed"));
        }
        assert_eq!(on_cpu(|| 1 + 1).await.unwrap(), 2);
    }

    #[tokio::test]
    async fn pages_are_read_by_the_same_few_threads() {
        let cores = thread::available_parallelism().map_or(2, usize::from);
        let mut threads = std::collections::BTreeSet::new();
        for _ in 0..200 {
            let name = on_cpu(|| thread::current().name().map(ToOwned::to_owned)).await;
            threads.insert(name.unwrap());
        }
        assert!(threads.len() <= cores, "{threads:?}");
    }
}
