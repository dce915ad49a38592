//! The database away in every way that we know of: the daemon waits, says so, goes on, and loses
//! nothing.

use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use secrecy::ExposeSecret;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::sleep;

use crate::daemon::{self, Daemon, NEW_LIST, put_article};
use crate::support::{Database, Proxy, Site, Sokbo, Way, database_at};

/// A daemon whose database is reached through a proxy.
struct Scene {
    site: Site,
    sokbo: Sokbo,
    database: Database,
    proxy: Proxy,
}

impl Scene {
    async fn new(way: Way) -> Self {
        let (site, mut sokbo) = daemon::start().await;
        sokbo.listen = "127.0.0.1:0";
        let (database, url) = database_at().await;
        let proxy = Proxy::start(&url, way).await;
        Self {
            site,
            sokbo,
            database,
            proxy,
        }
    }

    /// A started daemon, and where it shows its health.
    fn daemon(&self) -> (Daemon, String) {
        let url = self.proxy.url.expose_secret();
        let daemon = Daemon::start_with(&self.sokbo, &["--database-url", url]);
        let line = daemon.hear("health and metrics at http://");
        let address = line.split("http://").nth(1).unwrap();
        (daemon, address.split('/').next().unwrap().to_owned())
    }

    async fn articles(&self) -> i64 {
        self.database
            .count("SELECT count(*) FROM news.articles")
            .await
    }
}

/// One answer: the status and the whole of what was said.
async fn ask(address: &str, path: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut said = String::new();
    stream.read_to_string(&mut said).await.unwrap();
    (said.split(' ').nth(1).unwrap().parse().unwrap(), said)
}

/// Waits until readiness has this status, and answers with what it says.
async fn until_ready(address: &str, status: u16, part: &str) -> String {
    let deadline = Instant::now() + Duration::from_secs(90);
    loop {
        let (found, said) = ask(address, "/readyz").await;
        if found == status && said.contains(part) {
            return said;
        }
        assert!(
            Instant::now() < deadline,
            "never {status} with {part:?}: {said}"
        );
        sleep(Duration::from_millis(50)).await;
    }
}

/// The database goes away by `way` and comes back: told on readiness and once in the log.
async fn outage(way: Way, reason: &str) {
    let scene = Scene::new(Way::Open).await;
    let (daemon, address) = scene.daemon();
    daemon.hear("/list: unchanged");
    until_ready(&address, 200, "ready").await;
    scene.proxy.set(way);
    put_article(&scene.site, 2);
    daemon.hear("waiting for the database");
    until_ready(&address, 503, reason).await;
    assert_eq!(ask(&address, "/healthz").await.0, 200, "the process lives");
    let (status, metrics) = ask(&address, "/metrics").await;
    assert_eq!(status, 200);
    assert!(metrics.contains("\nsokbo_database_up 0\n"), "{metrics}");
    scene.proxy.set(Way::Open);
    daemon.hear(NEW_LIST);
    daemon.hear("/list: unchanged");
    until_ready(&address, 200, "ready").await;
    assert_eq!(scene.articles().await, 2);
    let (_, metrics) = ask(&address, "/metrics").await;
    assert!(metrics.contains("\nsokbo_database_up 1\n"), "{metrics}");
    assert!(
        metrics.contains("\nsokbo_articles_new_total 2\n"),
        "{metrics}"
    );
    let lines = daemon.heard();
    let waits = lines
        .iter()
        .filter(|l| l.contains(": waiting for the database"))
        .count();
    assert_eq!(waits, 1, "said once: {lines:#?}");
    daemon.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn database_that_refuses_connections_is_waited_for() {
    outage(Way::Refused, "refused").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn database_that_says_nothing_is_waited_for() {
    outage(Way::Silent, "did not answer").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn database_that_is_out_of_connections_is_waited_for() {
    outage(Way::Full, "too many clients").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn database_that_is_read_only_is_waited_for() {
    let scene = Scene::new(Way::Open).await;
    let (daemon, address) = scene.daemon();
    daemon.hear("/list: unchanged");
    let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                   WHERE datname = current_database() AND application_name = 'sokbo'";
    let turn = |value: &str| {
        format!(
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = \
             {value}', current_database()); END $$"
        )
    };
    // Of sessions that begin now; ours began before.
    let execute = async |sql: String| {
        let done = sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&scene.database.pool);
        done.await.unwrap();
    };
    execute(turn("on")).await;
    execute(others.to_owned()).await;
    put_article(&scene.site, 2);
    until_ready(
        &address,
        503,
        "waiting for the database: the database takes no writes",
    )
    .await;
    execute("SET default_transaction_read_only = off; ".to_owned() + &turn("off")).await;
    execute(others.to_owned()).await;
    until_ready(&address, 200, "ready").await;
    daemon.hear(NEW_LIST);
    daemon.hear("/list: unchanged");
    assert_eq!(scene.articles().await, 2);
    daemon.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn full_disk_stops_fetching_and_costs_no_page() {
    let scene = Scene::new(Way::Open).await;
    let (daemon, address) = scene.daemon();
    daemon.hear("/list: unchanged");
    scene
        .database
        .execute(
            "CREATE FUNCTION crawl.full() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                 RAISE EXCEPTION 'could not extend file: No space left on device'
                     USING ERRCODE = 'disk_full';
             END $$",
        )
        .await;
    let on_partitions = "DO $$ DECLARE part regclass; BEGIN
        FOR part IN SELECT inhrelid FROM pg_inherits WHERE inhparent = 'crawl.articles'::regclass LOOP
            EXECUTE format('CREATE TRIGGER full_disk BEFORE INSERT ON %s
                            FOR EACH ROW EXECUTE FUNCTION crawl.full()', part);
        END LOOP; END $$";
    scene.database.execute(on_partitions).await;
    for number in 2..32 {
        put_article(&scene.site, number);
    }
    daemon::put_list(&scene.site, 1..32);
    until_ready(
        &address,
        503,
        "waiting for the database: the database failed to store articles",
    )
    .await;
    let asked = || {
        let asked = scene.site.asked();
        asked.into_iter().filter(|at| at.contains("/news/")).count()
    };
    let asked_meanwhile = asked();
    assert!(
        asked_meanwhile < 31,
        "what can't be stored is not fetched: {asked_meanwhile}"
    );
    scene
        .database
        .execute("DROP FUNCTION crawl.full() CASCADE")
        .await;
    daemon.hear("no longer waiting for the database");
    let deadline = Instant::now() + Duration::from_secs(60);
    while scene.articles().await < 31 {
        assert!(
            Instant::now() < deadline,
            "{} are stored",
            scene.articles().await
        );
        sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(
        asked(),
        31,
        "no page is asked for twice: {:?}",
        scene.site.asked()
    );
    daemon.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn daemon_started_before_its_database_waits_and_a_command_does_not() {
    let scene = Scene::new(Way::Refused).await;
    let (daemon, address) = scene.daemon();
    until_ready(&address, 503, "waiting for the database: could not connect").await;
    let url = scene.proxy.url.expose_secret();
    let output = scene.sokbo.output(&["status", "--database-url", url]).await;
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("check that it runs"), "{said}");
    scene.proxy.set(Way::Open);
    daemon.hear(NEW_LIST);
    until_ready(&address, 200, "ready").await;
    daemon.stop();
}

async fn stopped_within_ten_seconds(way: Way) {
    let scene = Scene::new(Way::Open).await;
    let (daemon, address) = scene.daemon();
    daemon.hear("/list: unchanged");
    scene.proxy.set(way);
    put_article(&scene.site, 2);
    until_ready(&address, 503, "").await;
    let asked = Instant::now();
    daemon.stop();
    assert!(
        asked.elapsed() < Duration::from_secs(10),
        "{:?}",
        asked.elapsed()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn stop_while_the_database_refuses_takes_less_than_ten_seconds() {
    stopped_within_ten_seconds(Way::Refused).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stop_while_the_database_says_nothing_takes_less_than_ten_seconds() {
    stopped_within_ten_seconds(Way::Silent).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stop_before_the_database_was_ever_there_is_a_clean_end() {
    let scene = Scene::new(Way::Refused).await;
    let (daemon, address) = scene.daemon();
    until_ready(&address, 503, "could not connect").await;
    daemon.signal(Signal::SIGTERM);
    daemon.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn address_that_is_in_use_is_an_error_with_a_remedy() {
    let (_site, sokbo) = daemon::start().await;
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let mut command = sokbo.command(&["run"]);
    command.env("SOKBO_HTTP__LISTEN", &address);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap())
        .await
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains(&address) && said.contains("Set `[http] listen`"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn disk_that_is_nearly_full_is_told_on_readiness() {
    let scene = Scene::new(Way::Open).await;
    let file = scene.sokbo.path().join("sokbo.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let never = "[archive]\nmin_free_disk = \"1000000GiB\"\n";
    std::fs::write(&file, text + never).unwrap();
    let (daemon, address) = scene.daemon();
    until_ready(&address, 503, "fetching pauses").await;
    assert_eq!(ask(&address, "/healthz").await.0, 200);
    daemon.stop();
}
