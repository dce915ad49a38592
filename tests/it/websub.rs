//! Feeds that push, against a hub of the test's own: asked, verified, pushed by, asked again, left.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use hmac::{Hmac, KeyInit, Mac};
use nix::sys::signal::Signal;
use secrecy::ExposeSecret;
use sha2::Sha256;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::daemon::Daemon;
use crate::support::{Database, Site, Sokbo, database_at};

const PAPER: &str = "www.paper.example";
const TOPIC: &str = "http://www.paper.example/atom?a=1&b=2";
const LEASE: u32 = 864_000;

/// A form that a hub got, by its fields.
type Form = Vec<(String, String)>;

/// What a hub heard, and what it answers.
type Shared = (Arc<Mutex<Vec<Form>>>, Arc<Mutex<StatusCode>>);

/// A hub that writes down what it is asked, and answers with a status.
struct Hub {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<Form>>>,
    status: Arc<Mutex<StatusCode>>,
}

impl Hub {
    async fn start() -> Self {
        let tcp = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = tcp.local_addr().unwrap();
        let heard: Arc<Mutex<Vec<Form>>> = Arc::default();
        let status = Arc::new(Mutex::new(StatusCode::ACCEPTED));
        let app = Router::new()
            .fallback(
                |State((heard, status)): State<Shared>, body: String| async move {
                    let form = url::form_urlencoded::parse(body.as_bytes());
                    heard.lock().unwrap().push(form.into_owned().collect());
                    (*status.lock().unwrap(), "no room today")
                },
            )
            .with_state((Arc::clone(&heard), Arc::clone(&status)));
        tokio::spawn(async move { axum::serve(tcp, app).await.unwrap() });
        Self {
            address,
            heard,
            status,
        }
    }

    /// The form number `n`, once it was sent.
    async fn form(&self, n: usize) -> Form {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let form = self.heard.lock().unwrap().get(n).cloned();
            if let Some(form) = form {
                return form;
            }
            assert!(Instant::now() < deadline, "the hub was not asked {n} times");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

fn field<'a>(form: &'a Form, name: &str) -> &'a str {
    let found = form.iter().find(|(field, _)| field == name);
    found.map_or("", |(_, value)| value.as_str())
}

/// A daemon whose feed names a hub.
struct Desk {
    site: Site,
    hub: Hub,
    sokbo: Sokbo,
    database: Database,
    daemon: Daemon,
    address: SocketAddr,
}

impl Desk {
    async fn start() -> Self {
        let (site, hub) = (Site::plain().await, Hub::start().await);
        let (at, hub_at) = (site.address, hub.address);
        site.put(
            &format!("{PAPER}/feed.xml"),
            "application/rss+xml",
            format!(
                "<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\"><channel>\
                 <atom:link rel=\"hub\" href=\"http://{hub_at}/\"/>\
                 <atom:link rel=\"self\" href=\"{}\"/></channel></rss>",
                TOPIC.replace('&', "&amp;")
            ),
        );
        let mut sokbo = Sokbo::with(&format!(
            "[crawler]\nper_host_delay = \"0s\"\nlease = \"2s\"\n\
             [fetch]\nallow_networks = [\"127.0.0.0/8\"]\nhosts = {{ \"{PAPER}\" = \"{at}\" }}\n\
             [http]\npublic_url = \"https://sokbo.example/news\"\n"
        ));
        sokbo.listen = "127.0.0.1:0";
        sokbo.source("paper", &source(true));
        let (database, url) = database_at().await;
        let daemon = Daemon::start_with(&sokbo, &["--database-url", url.expose_secret()]);
        let line = daemon.hear("health and metrics at http://");
        let (_, rest) = line.split_once("at http://").unwrap();
        let address = rest.split('/').next().unwrap().parse().unwrap();
        Self {
            site,
            hub,
            sokbo,
            database,
            daemon,
            address,
        }
    }

    /// A desk whose hub was believed, with the path and the secret that it was told.
    async fn subscribed() -> (Self, String, String) {
        let desk = Self::start().await;
        let form = desk.hub.form(0).await;
        let path = path(&form);
        assert_eq!(desk.verify(&path, "subscribe", TOPIC).await.0, 200);
        (desk, path, field(&form, "hub.secret").to_owned())
    }

    /// Sends a request to where the public address leads; the status and the body.
    async fn send(&self, method: &str, path: &str, headers: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: sokbo.example\r\nConnection: close\r\n\
             Content-Length: {length}\r\n{headers}\r\n{body}"
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        (status, body.to_owned())
    }

    /// Asks as a hub whether `mode` is wanted.
    async fn verify(&self, path: &str, mode: &str, topic: &str) -> (u16, String) {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("hub.mode", mode)
            .append_pair("hub.topic", topic)
            .append_pair("hub.challenge", "<b>42</b>")
            .append_pair("hub.lease_seconds", &LEASE.to_string())
            .finish();
        self.send("GET", &format!("{path}?{query}"), "", "").await
    }

    async fn state(&self) -> String {
        let state = sqlx::query_scalar("SELECT state FROM news.subscriptions");
        let state: Option<String> = state.fetch_optional(&self.database.pool).await.unwrap();
        state.unwrap_or_default()
    }

    /// Waits until a number is what it is to be.
    async fn wait(&self, sql: &'static str, expected: i64) {
        let deadline = Instant::now() + Duration::from_secs(60);
        while self.database.count(sql).await != expected {
            assert!(Instant::now() < deadline, "{sql} is not {expected}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Lets the days of the lease go by.
    async fn pass_days(&self) {
        self.database
            .execute(
                "UPDATE crawl.subscriptions
                    SET next_at = next_at - interval '9 days', expires_at = expires_at - interval '9 days'",
            )
            .await;
    }
}

fn source(enabled: bool) -> String {
    format!(
        "name = \"paper\"\nhome = \"http://{PAPER}/\"\ntimezone = \"Asia/Seoul\"\nenabled = {enabled}\n\
         feeds = [\"http://{PAPER}/feed.xml\"]\ninterval = {{ min = \"1h\", max = \"1h\" }}\n"
    )
}

/// The path behind the public address.
fn path(form: &Form) -> String {
    let callback = field(form, "hub.callback");
    let path = callback.strip_prefix("https://sokbo.example/news");
    path.unwrap().to_owned()
}

fn signature(secret: &str, body: &str) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    let mac = mac.chain_update(body).finalize().into_bytes();
    let digits: String = mac.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("Content-Type: application/atom+xml\r\nX-Hub-Signature: sha256={digits}\r\n")
}

fn push(number: u32) -> String {
    format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><title>속보</title>\
         <link href=\"/news/{number}\"/></entry></feed>"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn hub_is_believed_only_where_it_was_asked() {
    let desk = Desk::start().await;
    let form = desk.hub.form(0).await;
    assert_eq!(field(&form, "hub.mode"), "subscribe");
    assert_eq!(field(&form, "hub.topic"), TOPIC);
    let (path, secret) = (path(&form), field(&form, "hub.secret").to_owned());
    assert!(path.len() > 60 && secret.len() > 60, "{form:?}");
    assert_eq!(desk.state().await, "wanted");
    let (early, _) = desk
        .send("POST", &path, &signature(&secret, "x"), "x")
        .await;
    assert_eq!(early, 410, "nothing is pushed before the hub was believed");
    for (path, mode, topic) in [
        (path.as_str(), "subscribe", "http://www.paper.example/other"),
        (&path, "unsubscribe", TOPIC),
        (&format!("/websub/{}", "0".repeat(64)), "subscribe", TOPIC),
        ("/websub/x", "subscribe", TOPIC),
    ] {
        let answer = desk.verify(path, mode, topic).await.0;
        assert_eq!(answer, 410, "{mode} {topic}");
    }
    let challenged = desk.verify(&path, "subscribe", TOPIC).await;
    assert_eq!(challenged, (200, "<b>42</b>".to_owned()));
    assert_eq!(desk.state().await, "active");
    let twice = desk.verify(&path, "subscribe", TOPIC).await.0;
    assert_eq!(twice, 410, "what was confirmed is not asked any more");
    desk.daemon.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_hub_signs_is_fetched_at_once_and_what_is_forged_is_not() {
    let (desk, path, secret) = Desk::subscribed().await;
    let (forged, real) = (push(6), push(7));
    for headers in [
        String::new(),
        signature("guessed", &forged),
        signature(&secret, &real),
    ] {
        let answer = desk.send("POST", &path, &headers, &forged).await;
        assert_eq!(answer.0, 202, "{headers}");
    }
    let signed = signature(&secret, &real);
    let answer = desk.send("POST", &path, &signed, &real).await;
    assert_eq!(answer.0, 202);
    desk.site.wait_until_asked(&format!("{PAPER}/news/7")).await;
    let asked = desk.site.asked();
    assert!(!asked.contains(&format!("{PAPER}/news/6")), "{asked:?}");
    let counted = "SELECT pushes * 10 + refusals FROM news.subscriptions";
    desk.wait(counted, 13).await;
    let met = "SELECT count(*) FROM news.discoveries
                WHERE url LIKE '%/news/7' AND section_kind = 'feed'";
    assert_eq!(desk.database.count(met).await, 1);
    desk.daemon.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn lease_is_renewed_before_its_end_and_a_hub_that_is_down_is_asked_again_later() {
    let (desk, path, _) = Desk::subscribed().await;
    desk.pass_days().await;
    let form = desk.hub.form(1).await;
    assert_eq!(self::path(&form), path, "the same subscription");
    assert_eq!(desk.verify(&path, "subscribe", TOPIC).await.0, 200);
    let renewed = "SELECT count(*) FROM news.subscriptions
                    WHERE expires_at > now() + interval '9 days'";
    assert_eq!(desk.database.count(renewed).await, 1);

    *desk.hub.status.lock().unwrap() = StatusCode::SERVICE_UNAVAILABLE;
    desk.pass_days().await;
    desk.hub.form(2).await;
    let told = "SELECT count(*) FROM news.subscriptions
                 WHERE last_error LIKE '%answered 503: no room today' AND state = 'active'";
    desk.wait(told, 1).await;
    let waits = "SELECT count(*) FROM crawl.subscriptions WHERE next_at > now() + interval '30 s'";
    assert_eq!(desk.database.count(waits).await, 1);
    desk.daemon.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn hub_is_told_when_a_source_is_no_longer_visited() {
    let (desk, path, secret) = Desk::subscribed().await;
    desk.sokbo.source("paper", &source(false));
    desk.daemon.signal(Signal::SIGHUP);
    let form = desk.hub.form(1).await;
    assert_eq!(field(&form, "hub.mode"), "unsubscribe");
    let late = push(7);
    let signed = signature(&secret, &late);
    assert_eq!(desk.send("POST", &path, &signed, &late).await.0, 410);
    assert_eq!(desk.verify(&path, "unsubscribe", TOPIC).await.0, 200);
    assert_eq!(desk.state().await, "");
    desk.daemon.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn denial_of_a_hub_is_kept_with_its_reason_and_polling_goes_on() {
    let desk = Desk::start().await;
    let path = path(&desk.hub.form(0).await);
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("hub.mode", "denied")
        .append_pair("hub.topic", TOPIC)
        .append_pair("hub.reason", "members only")
        .finish();
    let answer = desk.send("GET", &format!("{path}?{query}"), "", "").await;
    assert_eq!(answer.0, 200);
    assert_eq!(desk.state().await, "denied");
    let reason = "SELECT count(*) FROM news.subscriptions WHERE last_error = 'the hub denied it: members only'";
    assert_eq!(desk.database.count(reason).await, 1);
    let polled =
        "SELECT count(*) FROM crawl.jobs WHERE kind = 'feed' AND interval_seconds IS NOT NULL";
    assert_eq!(desk.database.count(polled).await, 1);
    desk.daemon.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn pass_until_idle_does_not_ask_a_hub() {
    let (site, hub) = (Site::plain().await, Hub::start().await);
    let (at, hub_at) = (site.address, hub.address);
    site.put(
        &format!("{PAPER}/feed.xml"),
        "application/rss+xml",
        "<rss><channel></channel></rss>",
    );
    site.add_header(
        &format!("{PAPER}/feed.xml"),
        "link",
        &format!("<http://{hub_at}/>; rel=\"hub\""),
    );
    let sokbo = Sokbo::with(&format!(
        "[crawler]\nper_host_delay = \"0s\"\nidle_wait = \"200ms\"\n\
         [fetch]\nallow_networks = [\"127.0.0.0/8\"]\nhosts = {{ \"{PAPER}\" = \"{at}\" }}\n\
         [http]\nlisten = \"127.0.0.1:0\"\npublic_url = \"https://sokbo.example/\"\n"
    ));
    sokbo.source("paper", &source(true));
    let (database, url) = database_at().await;
    let mut command =
        sokbo.command(&["run", "--until-idle", "--database-url", url.expose_secret()]);
    command.env("SOKBO_HTTP__LISTEN", "127.0.0.1:0");
    let output = tokio::task::spawn_blocking(move || command.output().unwrap());
    let output = output.await.unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(hub.heard.lock().unwrap().is_empty());
    assert_eq!(
        database
            .count("SELECT count(*) FROM crawl.subscriptions")
            .await,
        0
    );
}
