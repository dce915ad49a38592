//! Whole exchanges with servers on loopback.

mod addresses;
mod answers;
mod bodies;
mod server;
mod time_limits;

use std::sync::Arc;
use std::time::Duration;

use chrono::{TimeZone, Utc};

use super::{Accept, Failed, Fetched, Fetcher, Page, Request, Settings};
use crate::domain::{ByteSize, CanonicalUrl, ErrorClass, FetchOutcome, Identity, ManualClock};
use server::{Ending, Server, authority};

/// Loopback allowed, and limits that a busy machine keeps.
fn settings() -> Settings {
    Settings {
        timeout: Duration::from_secs(20),
        first_byte_timeout: Duration::from_secs(20),
        max_body: ByteSize::mebibytes(1),
        allow_networks: vec!["127.0.0.0/8".parse().unwrap()],
        ..Settings::default()
    }
}

fn fetcher(settings: Settings) -> Fetcher {
    let now = Utc.with_ymd_and_hms(2026, 11, 6, 8, 49, 7).unwrap();
    Fetcher::new(settings, Arc::new(ManualClock::at(now))).unwrap()
}

fn request(url: &str) -> Request {
    let url = CanonicalUrl::parse(url, Identity::default()).unwrap();
    Request::new(url, Accept::Html)
}

async fn get(settings: Settings, url: &str) -> Result<Fetched, Box<Failed>> {
    fetcher(settings).get(&request(url)).await
}

/// What comes of a request to `server`.
async fn ask(server: &Server) -> Result<Fetched, Box<Failed>> {
    get(settings(), &format!("http://{}/", server.address)).await
}

async fn answer_with(answer: impl Into<Vec<u8>>) -> Result<Fetched, Box<Failed>> {
    ask(&Server::start(answer, Ending::Close).await).await
}

fn page(fetched: Result<Fetched, Box<Failed>>) -> Page {
    match fetched.unwrap() {
        Fetched::Page(page) => page,
        other => panic!("{other:?}"),
    }
}

/// The failure, after checking that its record tells the same.
fn failed(fetched: Result<Fetched, Box<Failed>>, class: ErrorClass) -> Failed {
    let failed = *fetched.unwrap_err();
    assert_eq!(failed.error.class(), class, "{failed}");
    let FetchOutcome::Failed(recorded, sentence) = &failed.exchange.outcome else {
        panic!("{failed:?}");
    };
    assert_eq!(*recorded, class);
    assert!(sentence.contains(&failed.exchange.url), "{sentence}");
    failed
}

/// An answer with a right Content-Length.
fn ok(headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n{headers}\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}
