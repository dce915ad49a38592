//! The daemon as an operator meets it: queried while it runs, stopped, killed, reloaded.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

use crate::support::{Site, Sokbo};

const PAPER: &str = "www.paper.example";

/// A site whose list names one article, and a daemon's folder that knows it.
async fn start() -> (Site, Sokbo) {
    let site = Site::plain().await;
    let html = "text/html; charset=utf-8";
    site.put(
        &format!("{PAPER}/list"),
        html,
        "<a href=\"/news/1\">강물이 맑아졌다는 소식</a>",
    );
    site.put(&format!("{PAPER}/news/1"), html, page("강물이 맑아졌다"));
    let at = site.address;
    let sokbo = Sokbo::with(&format!(
        "[crawler]\nper_host_delay = \"0s\"\nlease = \"2s\"\n\
         [fetch]\nallow_networks = [\"127.0.0.0/8\"]\nhosts = {{ \"{PAPER}\" = \"{at}\" }}\n"
    ));
    sokbo.source(
        "paper",
        &format!(
            "name = \"paper\"\nhome = \"http://{PAPER}/\"\ntimezone = \"Asia/Seoul\"\n\
             article_url = '/news/\\d+'\nsections = [\"http://{PAPER}/list\"]\n\
             interval = {{ min = \"1s\", max = \"1s\" }}\n"
        ),
    );
    (site, sokbo)
}

fn page(title: &str) -> String {
    format!(
        "<html lang=\"ko\"><head><title>{title}</title></head><body><article><h1>{title}</h1>\
         <p>입력 2026-11-20 09:00</p>\
         <p>지어낸 첫째 문단이다. 강가에 사는 사람들은 올해 물이 맑아졌다고 입을 모아 말했다.</p>\
         <p>지어낸 둘째 문단이다. 시는 다음 달부터 쉼터 여섯 곳을 차례로 연다고 밝혔다.</p>\
         <p>지어낸 셋째 문단이다. 자세한 일정은 누리집에서 볼 수 있다고 덧붙였다.</p>\
         </article></body></html>"
    )
}

fn daemon(sokbo: &Sokbo) -> Child {
    let mut command = sokbo.command(&["run"]);
    command
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

fn signal(child: &Child, signal: Signal) {
    kill(Pid::from_raw(i32::try_from(child.id()).unwrap()), signal).unwrap();
}

/// Asks until the answer is as wished; a minute at most.
async fn wait_for(sokbo: &Sokbo, query: &str, is_there: impl Fn(&[Value]) -> bool) {
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(60) {
        let output = sokbo.output(&["sql", query, "--format", "jsonl"]).await;
        let text = String::from_utf8(output.stdout).unwrap();
        let rows: Vec<Value> = text
            .lines()
            .map(|l| serde_json::from_str(l).unwrap())
            .collect();
        if output.status.success() && is_there(&rows) {
            return;
        }
    }
    panic!("{query} never gave what was expected");
}

#[tokio::test(flavor = "multi_thread")]
async fn daemon_is_queried_while_it_runs_and_stops_cleanly_within_ten_seconds() {
    let (_site, sokbo) = start().await;
    let mut child = daemon(&sokbo);
    wait_for(&sokbo, "select title from articles", |rows| rows.len() == 1).await;
    let asked = Instant::now();
    signal(&child, Signal::SIGTERM);
    let status = tokio::task::spawn_blocking(move || child.wait().unwrap())
        .await
        .unwrap();
    assert!(status.success(), "{status:?}");
    assert!(asked.elapsed() < Duration::from_secs(10));
    let leased = sokbo
        .rows("select count(*) as n from crawl.hosts where lease_token <> 0")
        .await;
    assert_eq!(leased[0]["n"], 0, "hosts are given back");
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_daemon_is_replaced_and_goes_on() {
    let (site, sokbo) = start().await;
    let mut child = daemon(&sokbo);
    wait_for(&sokbo, "select title from articles", |rows| rows.len() == 1).await;
    signal(&child, Signal::SIGKILL);
    child.wait().unwrap();
    let html = "text/html; charset=utf-8";
    let list =
        "<a href=\"/news/1\">강물이 맑아졌다는 소식</a><a href=\"/news/2\">둘째 소식입니다</a>";
    site.put(&format!("{PAPER}/list"), html, list);
    site.put(&format!("{PAPER}/news/2"), html, page("둘째 소식"));
    let mut child = daemon(&sokbo);
    wait_for(&sokbo, "select title from articles", |rows| rows.len() == 2).await;
    signal(&child, Signal::SIGTERM);
    assert!(child.wait().unwrap().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn hangup_brings_in_a_new_source_and_survives_a_broken_file() {
    let (site, sokbo) = start().await;
    let mut child = daemon(&sokbo);
    wait_for(&sokbo, "select title from articles", |rows| rows.len() == 1).await;
    let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
    sokbo.source("second", "name = \"second\"\nhom = 1\n");
    signal(&child, Signal::SIGHUP);
    assert!(
        said.by_ref()
            .any(|line| line.unwrap().contains("second.toml")),
        "the mistake is told"
    );
    let html = "text/html; charset=utf-8";
    site.put(
        &format!("{PAPER}/other"),
        html,
        "<a href=\"/news/3\">셋째 소식입니다</a>",
    );
    site.put(&format!("{PAPER}/news/3"), html, page("셋째 소식"));
    sokbo.source(
        "second",
        &format!(
            "name = \"second\"\nhome = \"http://{PAPER}/\"\nsections = [\"http://{PAPER}/other\"]\n\
             article_url = '/news/\\d+'\n"
        ),
    );
    signal(&child, Signal::SIGHUP);
    let reader = std::thread::spawn(move || said.for_each(drop));
    wait_for(
        &sokbo,
        "select title from articles where source = 'second'",
        |rows| rows.len() == 1,
    )
    .await;
    signal(&child, Signal::SIGTERM);
    assert!(child.wait().unwrap().success());
    reader.join().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn two_passes_at_once_share_the_work_and_both_end_well() {
    let (site, sokbo) = start().await;
    for number in 2..40 {
        let at = format!("{PAPER}/news/{number}");
        site.put(
            &at,
            "text/html; charset=utf-8",
            page(&format!("소식 {number}번")),
        );
    }
    let links: String = (1..40)
        .map(|n| format!("<a href=\"/news/{n}\">강물이 맑아졌다는 소식 {n}</a>"))
        .collect();
    site.put(&format!("{PAPER}/list"), "text/html; charset=utf-8", links);
    sokbo.run(&["migrate"]).await;
    let pass = ["run", "--until-idle"];
    let (one, other) = tokio::join!(sokbo.output(&pass), sokbo.output(&pass));
    for output in [one, other] {
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let stored = sokbo
        .rows("select count(*) as n, count(distinct url) as urls from articles")
        .await;
    assert_eq!(
        (&stored[0]["n"], &stored[0]["urls"]),
        (&39.into(), &39.into())
    );
    let asked = site.asked();
    let articles = asked.iter().filter(|at| at.contains("/news/")).count();
    assert_eq!(articles, 39, "each page is fetched once");
}

#[tokio::test(flavor = "multi_thread")]
async fn daemon_goes_on_when_the_owner_of_the_private_database_ends_and_when_it_is_killed() {
    let (site, sokbo) = start().await;
    let html = "text/html; charset=utf-8";
    let mut owner = daemon(&sokbo);
    wait_for(&sokbo, "select title from articles", |rows| rows.len() == 1).await;
    let mut other = daemon(&sokbo);
    let lines = BufReader::new(other.stderr.take().unwrap()).lines();
    let (said, told) = std::sync::mpsc::channel();
    let reader = std::thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            said.send(line).unwrap_or_default();
        }
    });
    let attached = told.iter().find(|line| line.contains("visited http"));
    assert!(
        attached.is_some(),
        "the second daemon works on the first one's database"
    );
    signal(&owner, Signal::SIGTERM);
    assert!(owner.wait().unwrap().success());

    for (number, kills_database) in [(2, false), (3, true)] {
        if kills_database {
            let pid_file = sokbo.path().join("data/postgres/cluster/postmaster.pid");
            let pid = std::fs::read_to_string(pid_file).unwrap();
            let pid: i32 = pid.lines().next().unwrap().parse().unwrap();
            kill(Pid::from_raw(pid), Signal::SIGKILL).unwrap();
        }
        site.put(
            &format!("{PAPER}/news/{number}"),
            html,
            page(&format!("소식 {number}번")),
        );
        let list = format!("<a href=\"/news/{number}\">강물이 맑아졌다는 소식 {number}</a>");
        site.put(&format!("{PAPER}/list"), html, list);
        let line = told
            .iter()
            .find(|line| line.contains("1 links") || line.contains("no listing"));
        assert!(
            line.is_some_and(|line| line.contains("1 links")),
            "{number}"
        );
        wait_for(&sokbo, "select title from articles", |rows| {
            rows.len() == number
        })
        .await;
    }
    signal(&other, Signal::SIGTERM);
    assert!(other.wait().unwrap().success());
    reader.join().unwrap();
}
