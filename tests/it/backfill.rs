//! The past of a source: walked once, behind all else, as far back as was wished.

use std::process::Output;

use secrecy::ExposeSecret;

use crate::support::{Database, Site, Sokbo, database_at};

const PAPER: &str = "www.paper.example";

/// A source with years behind it, and a folder that knows it.
struct Desk {
    site: Site,
    sokbo: Sokbo,
    database: Database,
    url: String,
}

impl Desk {
    async fn new(listings: &str) -> Self {
        let site = Site::plain().await;
        let at = site.address;
        let sokbo = Sokbo::with(&format!(
            "[crawler]\nper_host_delay = \"0s\"\nidle_wait = \"200ms\"\n\
             [fetch]\nallow_networks = [\"127.0.0.0/8\"]\nhosts = {{ \"{PAPER}\" = \"{at}\" }}\n"
        ));
        sokbo.source(
            "paper",
            &format!(
                "name = \"paper\"\nhome = \"http://{PAPER}/\"\ntimezone = \"Asia/Seoul\"\n\
                 article_url = '/news/\\d+'\n{listings}\n"
            ),
        );
        let (database, url) = database_at().await;
        let url = url.expose_secret().to_owned();
        Self {
            site,
            sokbo,
            database,
            url,
        }
    }

    async fn run(&self, arguments: &[&str]) -> String {
        let arguments = [&["--database-url", &self.url], arguments].concat();
        self.sokbo.run(&arguments).await
    }

    async fn output(&self, arguments: &[&str]) -> Output {
        let arguments = [&["--database-url", &self.url], arguments].concat();
        self.sokbo.output(&arguments).await
    }

    fn put(&self, path: &str, body: String) {
        let kind = if body.starts_with("<?xml") {
            "text/xml"
        } else {
            "text/html; charset=utf-8"
        };
        self.site.put(&format!("{PAPER}{path}"), kind, body);
    }

    /// Publishes article `number` on a day.
    fn publish(&self, number: u32, day: &str) {
        let body: String = (0..4)
            .map(|n| format!("<p>지어낸 {number}번 소식의 {n}째 문단이다. 강가에 사는 사람들은 물이 맑아졌다고 입을 모아 말했다.</p>"))
            .collect();
        self.put(
            &format!("/news/{number}"),
            format!(
                "<html lang=\"ko\"><head><title>소식 {number}번</title>\
                 <meta property=\"article:published_time\" content=\"{day}T09:00:00+09:00\"></head>\
                 <body><article><h1>소식 {number}번</h1>{body}</article></body></html>"
            ),
        );
    }

    fn urlset(&self, path: &str, entries: &[(u32, &str)]) {
        let entries: String = entries
            .iter()
            .map(|(number, day)| {
                self.publish(*number, day);
                format!(
                    "<url><loc>http://{PAPER}/news/{number}</loc><lastmod>{day}</lastmod></url>"
                )
            })
            .collect();
        self.put(
            path,
            format!("<?xml version=\"1.0\"?><urlset>{entries}</urlset>"),
        );
    }

    /// A section page, with a link to the next one.
    fn page(&self, path: &str, next: &str, entries: &[(u32, &str)]) {
        let entries: String = entries
            .iter()
            .map(|(number, day)| {
                self.publish(*number, day);
                format!(
                    "<li><a href=\"/news/{number}\">강물이 맑아졌다는 소식 {number}번</a> \
                     <time datetime=\"{day}T09:00:00+09:00\">{day}</time></li>"
                )
            })
            .collect();
        self.put(
            path,
            format!("<html><body><ul>{entries}</ul><a rel=\"next\" href=\"{next}\">다음</a></body></html>"),
        );
    }

    /// A section page that leads on to itself: what a source had before it was met.
    fn lone_page(&self, path: &str, entries: &[(u32, &str)]) {
        self.page(path, path, entries);
    }

    fn times(&self, path: &str) -> usize {
        let at = format!("{PAPER}{path}");
        self.site
            .asked()
            .iter()
            .filter(|asked| **asked == at)
            .count()
    }

    async fn numbers(&self) -> Vec<String> {
        sqlx::query_scalar("SELECT substring(url FROM '[0-9]+$') FROM news.articles ORDER BY url")
            .fetch_all(&self.database.pool)
            .await
            .unwrap()
    }
}

fn index(children: &[(&str, Option<&str>)]) -> String {
    let children: String = children
        .iter()
        .map(|(path, day)| {
            let day = day.map_or_else(String::new, |day| format!("<lastmod>{day}</lastmod>"));
            format!("<sitemap><loc>http://{PAPER}{path}</loc>{day}</sitemap>")
        })
        .collect();
    format!("<?xml version=\"1.0\"?><sitemapindex>{children}</sitemapindex>")
}

/// A source with an index of more children than a visit for what is new takes, the newest first,
/// and some that only their names date.
async fn indexed() -> Desk {
    let desk = Desk::new(&format!("sitemaps = [\"http://{PAPER}/index.xml\"]")).await;
    let many: Vec<(String, String)> = (0..110)
        .map(|n| {
            let day = format!("2026-{:02}-{:02}", 11 - n / 28, 28 - n % 28);
            (format!("/part-{n}.xml"), day)
        })
        .collect();
    let mut children: Vec<(&str, Option<&str>)> = many
        .iter()
        .map(|(path, day)| (path.as_str(), Some(day.as_str())))
        .collect();
    children.extend([
        ("/old.xml", Some("2023-12-01")),
        ("/sitemap-2024-02.xml", None),
        ("/sitemap-2023-11.xml", None),
    ]);
    desk.put("/index.xml", index(&children));
    for (path, _) in &many {
        desk.urlset(path, &[]);
    }
    desk.urlset("/part-109.xml", &[(109, "2026-08-01")]);
    desk.urlset("/old.xml", &[(1, "2023-12-01")]);
    desk.urlset(
        "/sitemap-2024-02.xml",
        &[(2, "2024-02-10"), (3, "2023-10-10")],
    );
    desk.urlset("/sitemap-2023-11.xml", &[(4, "2023-11-10")]);
    desk
}

#[tokio::test(flavor = "multi_thread")]
async fn sitemaps_are_walked_back_to_the_day_and_no_further() {
    let desk = indexed().await;
    let told = desk
        .run(&["backfill", "paper", "--since", "2024-01-01"])
        .await;
    assert!(
        told.contains("paper: 1 listings to walk back over to "),
        "{told}"
    );
    let status = desk.run(&["status"]).await;
    let left = ": 1 listings and 0 articles are left";
    assert!(
        status.contains("backfill   paper since ") && status.contains(left),
        "{status}"
    );
    desk.run(&["run", "--until-idle"]).await;
    assert_eq!(desk.numbers().await, ["109", "2"]);
    let before = (desk.times("/old.xml"), desk.times("/sitemap-2023-11.xml"));
    assert_eq!(before, (0, 0));
    let again = ["backfill", "paper", "--since", "2024-01-01", "--wait"];
    let again = desk.run(&again).await;
    assert!(
        again.contains("already: ") && again.contains("finished "),
        "{again}"
    );
    let left = "SELECT count(*) FROM crawl.jobs WHERE since IS NOT NULL";
    assert_eq!(desk.database.count(left).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn wish_for_an_earlier_day_goes_further_and_fetches_no_known_article_again() {
    let desk = indexed().await;
    desk.run(&["backfill", "paper", "--since", "2024-01-01"])
        .await;
    desk.run(&["run", "--until-idle"]).await;
    let (walked, read) = (desk.times("/sitemap-2024-02.xml"), desk.times("/news/2"));
    let back = desk
        .run(&["backfill", "paper", "--since", "2023-11-01"])
        .await;
    assert!(
        back.contains("paper: 1 listings to walk back over"),
        "{back}"
    );
    desk.run(&["run", "--until-idle"]).await;
    assert_eq!(desk.numbers().await, ["1", "109", "2", "4"]);
    assert!(desk.times("/sitemap-2024-02.xml") > walked);
    assert_eq!(desk.times("/news/2"), read);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_a_section_are_walked_until_their_dates_lie_before_the_day() {
    let desk = Desk::new(&format!("sections = [\"http://{PAPER}/list\"]")).await;
    let newest = [(90, "2026-11-20"), (91, "2026-11-19")];
    desk.lone_page("/list", &newest);
    desk.run(&["run", "--until-idle"]).await;
    assert_eq!(desk.numbers().await, ["90", "91"]);

    desk.page("/list", "/list?page=2", &newest);
    desk.page(
        "/list?page=2",
        "/list?page=3",
        &[(80, "2025-06-02"), (81, "2025-06-01")],
    );
    desk.page(
        "/list?page=3",
        "/list?page=4",
        &[(70, "2024-01-02"), (71, "2023-12-31")],
    );
    desk.page(
        "/list?page=4",
        "/list?page=5",
        &[(60, "2023-06-02"), (61, "2023-06-01")],
    );
    desk.page("/list?page=5", "/list?page=6", &[(50, "2022-06-02")]);
    desk.run(&["backfill", "paper", "--since", "2024-01-01"])
        .await;
    let lowest = "SELECT count(*) FROM crawl.jobs WHERE since IS NOT NULL AND priority = 3";
    assert_eq!(desk.database.count(lowest).await, 1);
    desk.run(&["run", "--until-idle"]).await;
    assert_eq!(desk.numbers().await, ["70", "80", "81", "90", "91"]);
    assert_eq!(
        (desk.times("/list?page=4"), desk.times("/list?page=5")),
        (1, 0)
    );
    // The page is still visited for what is new, by a job of its own.
    let recurring =
        "SELECT count(*) FROM crawl.jobs WHERE kind = 'page' AND interval_seconds IS NOT NULL";
    assert_eq!(desk.database.count(recurring).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn site_that_answers_every_number_with_its_last_page_ends_the_walk() {
    let desk = Desk::new(&format!("sections = [\"http://{PAPER}/list\"]")).await;
    desk.lone_page("/list", &[(90, "2026-11-20")]);
    desk.run(&["run", "--until-idle"]).await;

    desk.page("/list", "/list?page=2", &[(90, "2026-11-20")]);
    for number in 2..20 {
        desk.page(
            &format!("/list?page={number}"),
            &format!("/list?page={}", number + 1),
            &[(80, "2025-06-02")],
        );
    }
    desk.run(&["backfill", "paper", "--since", "2024-01-01"])
        .await;
    desk.run(&["run", "--until-idle"]).await;
    assert_eq!(desk.numbers().await, ["80", "90"]);
    assert_eq!(
        (desk.times("/list?page=3"), desk.times("/list?page=4")),
        (1, 0)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn wish_that_cannot_come_true_says_why() {
    let desk = Desk::new(&format!("feeds = [\"http://{PAPER}/feed.xml\"]")).await;
    for (arguments, said) in [
        (["nobody", "2024-01-01"], "there is no source `nobody`"),
        (["paper", "yesterday"], "is no date"),
        (
            ["paper", "2024-01-01"],
            "has no sitemap and no section page",
        ),
    ] {
        let [source, since] = arguments;
        let output = desk.output(&["backfill", source, "--since", since]).await;
        assert_eq!(output.status.code(), Some(2), "{said}");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(stderr.contains(said), "{stderr}");
    }
}
