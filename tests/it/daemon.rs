//! The daemon as an operator meets it: queried while it runs, stopped, killed, reloaded.

use std::cell::RefCell;
use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::support::{Site, Sokbo};

const PAPER: &str = "www.paper.example";

/// A site whose list names one article, and a daemon's folder that knows it.
pub(crate) async fn start() -> (Site, Sokbo) {
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

/// Publishes an article and a list that names it alone.
pub(crate) fn put_article(site: &Site, number: u32) {
    let html = "text/html; charset=utf-8";
    let title = format!("소식 {number}번");
    site.put(&format!("{PAPER}/news/{number}"), html, page(&title));
    put_list(site, number..number + 1);
}

/// Lets the list name these articles.
pub(crate) fn put_list(site: &Site, numbers: std::ops::Range<u32>) {
    let list: String = numbers
        .map(|n| format!("<a href=\"/news/{n}\">강물이 맑아졌다는 소식 {n}</a>"))
        .collect();
    site.put(&format!("{PAPER}/list"), "text/html; charset=utf-8", list);
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

/// A running daemon and its log lines.
pub(crate) struct Daemon {
    child: Child,
    lines: Receiver<String>,
    heard: RefCell<Vec<String>>,
}

impl Daemon {
    fn start(sokbo: &Sokbo) -> Self {
        Self::start_with(sokbo, &[])
    }

    /// A daemon with more arguments.
    pub(crate) fn start_with(sokbo: &Sokbo, more: &[&str]) -> Self {
        let mut command = sokbo.command(&["run"]);
        command.args(more);
        let mut child = command
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (said, lines) = channel();
        std::thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                if said.send(line).is_err() {
                    return;
                }
            }
        });
        Self {
            child,
            lines,
            heard: RefCell::default(),
        }
    }

    /// Every line that was waited over so far.
    pub(crate) fn heard(&self) -> Vec<String> {
        self.heard.borrow_mut().extend(self.lines.try_iter());
        self.heard.borrow().clone()
    }

    /// Waits for a log line with this part; a minute and a half at most.
    pub(crate) fn hear(&self, part: &str) -> String {
        let deadline = Instant::now() + Duration::from_secs(90);
        while let Some(left) = deadline.checked_duration_since(Instant::now()) {
            let Ok(line) = self.lines.recv_timeout(left) else {
                break;
            };
            self.heard.borrow_mut().push(line.clone());
            if line.contains(part) {
                return line;
            }
        }
        panic!("never heard {part:?}:\n{}", self.heard.borrow().join("\n"));
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.child.id()).unwrap();
        kill(Pid::from_raw(pid), signal).unwrap();
    }

    /// Asks for a stop and waits for a clean end.
    pub(crate) fn stop(mut self) {
        self.signal(Signal::SIGTERM);
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{status:?}");
    }
}

async fn titles(sokbo: &Sokbo) -> usize {
    sokbo.rows("select title from articles").await.len()
}

/// The line of a settled visit of the list; with its links, those of the articles follow.
pub(crate) const NEW_LIST: &str = "/list: 1 links";

#[tokio::test(flavor = "multi_thread")]
async fn daemon_is_queried_while_it_runs_and_stops_cleanly_within_ten_seconds() {
    let (_site, sokbo) = start().await;
    let daemon = Daemon::start(&sokbo);
    daemon.hear("/list: unchanged");
    assert_eq!(titles(&sokbo).await, 1);
    let asked = Instant::now();
    daemon.stop();
    assert!(asked.elapsed() < Duration::from_secs(10));
    let leased = sokbo
        .rows("select count(*) as n from crawl.hosts where lease_token <> 0")
        .await;
    assert_eq!(leased[0]["n"], 0, "hosts are given back");
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_daemon_is_replaced_and_goes_on() {
    let (site, sokbo) = start().await;
    let mut killed = Daemon::start(&sokbo);
    killed.hear("/list: unchanged");
    killed.signal(Signal::SIGKILL);
    killed.child.wait().unwrap();
    put_article(&site, 2);
    let daemon = Daemon::start(&sokbo);
    daemon.hear(NEW_LIST);
    daemon.hear("/list: unchanged");
    assert_eq!(titles(&sokbo).await, 2);
    daemon.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn hangup_brings_in_a_new_source_and_survives_a_broken_file() {
    let (site, sokbo) = start().await;
    let daemon = Daemon::start(&sokbo);
    daemon.hear("/list: unchanged");
    sokbo.source("second", "name = \"second\"\nhom = 1\n");
    daemon.signal(Signal::SIGHUP);
    daemon.hear("second.toml");
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
             article_url = '/news/\\d+'\ninterval = {{ min = \"1s\", max = \"1s\" }}\n"
        ),
    );
    daemon.signal(Signal::SIGHUP);
    daemon.hear("/other: 1 links");
    daemon.hear("/other: unchanged");
    let second = sokbo
        .rows("select title from articles where source = 'second'")
        .await;
    assert_eq!(second.len(), 1);
    daemon.stop();
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
    let owner = Daemon::start(&sokbo);
    owner.hear("/list: unchanged");
    let other = Daemon::start(&sokbo);
    other.hear("/list: unchanged");
    owner.stop();
    put_article(&site, 2);
    other.hear(NEW_LIST);
    other.hear("/list: unchanged");
    assert_eq!(titles(&sokbo).await, 2);

    let pid_file = sokbo.path().join("data/postgres/cluster/postmaster.pid");
    let pid = std::fs::read_to_string(pid_file).unwrap();
    let pid: i32 = pid.lines().next().unwrap().parse().unwrap();
    kill(Pid::from_raw(pid), Signal::SIGKILL).unwrap();
    put_article(&site, 3);
    other.hear(NEW_LIST);
    other.hear("/list: unchanged");
    assert_eq!(titles(&sokbo).await, 3);
    other.stop();
}
