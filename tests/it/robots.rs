//! Robots.txt as a crawl meets it: redirected, unreadable, and on the way of redirects.

use crate::support::{Site, Sokbo};

const PAPER: &str = "www.paper.example";
const FILES: &str = "files.paper.example";
const ROBOTS: &str = "www.paper.example/robots.txt";

fn sokbo(site: &Site) -> Sokbo {
    let at = site.address;
    let sokbo = Sokbo::with(&format!(
        "[crawler]\nper_host_delay = \"0s\"\nmax_crawl_delay = \"0s\"\nidle_wait = \"200ms\"\n\
         [fetch]\nallow_networks = [\"127.0.0.0/8\"]\n\
         hosts = {{ \"{PAPER}\" = \"{at}\", \"{FILES}\" = \"{at}\" }}\n"
    ));
    sokbo.source(
        "paper",
        &format!(
            "name = \"paper\"\nhome = \"http://{PAPER}/\"\nsections = [\"http://{PAPER}/list\"]\n\
             article_url = '/news/\\d+'\n"
        ),
    );
    sokbo
}

async fn site() -> Site {
    let site = Site::plain().await;
    let list = "<a href=\"/news/1\">강물이 맑아졌다는 소식</a>";
    site.put(&format!("{PAPER}/list"), "text/html; charset=utf-8", list);
    site.redirect(&format!("{PAPER}/news/1"), "/private/1");
    site.put(&format!("{PAPER}/private/1"), "text/html", "<p>hidden</p>");
    site
}

const RULES: &str = "Content-Signal: search=yes\nUser-agent: *\nCrawl-delay: 2.5\n\
                     Content-Signal: ai-train=no\nDisallow: /private/\n\
                     Sitemap: http://www.paper.example/map.xml\n";

fn times(site: &Site, at: &str) -> usize {
    site.asked().iter().filter(|asked| *asked == at).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn rules_hold_for_targets_of_redirects_and_are_shown_in_sql() {
    let site = site().await;
    site.put(ROBOTS, "text/plain", RULES);
    let sokbo = sokbo(&site);
    sokbo.run(&["run", "--until-idle"]).await;
    assert_eq!(times(&site, "www.paper.example/news/1"), 1);
    assert_eq!(times(&site, "www.paper.example/private/1"), 0);
    let refused = sokbo
        .rows("select url, error from fetches where error_class = 'robots'")
        .await;
    assert_eq!(refused[0]["url"], "http://www.paper.example/private/1");
    let error = refused[0]["error"].as_str().unwrap();
    assert!(
        error.ends_with("line 5 says `Disallow: /private/`"),
        "{error}"
    );
    let shown = sokbo
        .rows(
            "select origin, verdict, status, extract(epoch from crawl_delay)::float8 as delay, \
             content_signals::text as signals, sitemaps::text as sitemaps, error, \
             expires_at - fetched_at <= interval '24 hours' as is_fresh from robots",
        )
        .await;
    let shown = &shown[0];
    assert_eq!(shown["origin"], "http://www.paper.example");
    assert_eq!(
        (&shown["verdict"], &shown["status"]),
        (&"rules".into(), &200.into())
    );
    assert_eq!(shown["delay"], 2.5);
    assert_eq!(shown["signals"], "{search=yes,ai-train=no}");
    assert_eq!(shown["sitemaps"], "{http://www.paper.example/map.xml}");
    assert_eq!(
        (&shown["error"], &shown["is_fresh"]),
        (&().into(), &true.into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn five_redirects_are_followed_to_other_hosts_too_and_a_sixth_means_no_rules() {
    let site = site().await;
    let hop = |n: usize| format!("http://{FILES}/hop/{n}");
    site.redirect(ROBOTS, &hop(1));
    for n in 1..5 {
        site.redirect(&format!("{FILES}/hop/{n}"), &hop(n + 1));
    }
    site.put(
        &format!("{FILES}/hop/5"),
        "text/plain",
        "User-agent: *\nDisallow: /list\n",
    );
    let strict = sokbo(&site);
    strict.output(&["run", "--until-idle"]).await;
    assert_eq!(
        times(&site, "www.paper.example/list"),
        0,
        "{:?}",
        site.asked()
    );

    site.redirect(&format!("{FILES}/hop/5"), &hop(6));
    site.put(
        &format!("{FILES}/hop/6"),
        "text/plain",
        "User-agent: *\nDisallow: /list\n",
    );
    let lost = sokbo(&site);
    lost.output(&["run", "--until-idle"]).await;
    assert_eq!(
        times(&site, "www.paper.example/list"),
        1,
        "{:?}",
        site.asked()
    );
    assert_eq!(times(&site, "files.paper.example/hop/6"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn unreadable_file_forbids_all_until_it_recovers_and_then_its_copy_stays() {
    let site = site().await;
    site.refuse(ROBOTS, 503);
    let sokbo = sokbo(&site);
    // The 503 lets the host rest, too: both times come.
    let again = "with rested as (update crawl.hosts set polite_at = now(), ready_at = now())
                 update crawl.robots set expires_at = now() - interval '1 second'";
    sokbo.output(&["run", "--until-idle"]).await;
    assert_eq!(site.asked(), [ROBOTS]);
    let shown =
        "select verdict, status, unreadable_since is null as is_readable, error from robots";
    let down = &sokbo.rows(shown).await[0];
    assert_eq!(
        (&down["verdict"], &down["status"]),
        (&"disallow_all".into(), &503.into())
    );
    assert!(down["error"].as_str().unwrap().contains("503"), "{down}");
    let due = "select extract(epoch from run_at - now()) > 500 as waits from crawl.jobs";
    assert_eq!(
        sokbo.rows(due).await[0]["waits"],
        true,
        "not before the file is asked again"
    );

    site.put(ROBOTS, "text/plain", RULES);
    sokbo.run(&["sql", "--write", again]).await;
    sokbo.run(&["run", "--until-idle"]).await;
    assert_eq!(times(&site, "www.paper.example/list"), 1);
    let up = &sokbo.rows(shown).await[0];
    assert_eq!(
        (&up["verdict"], &up["is_readable"]),
        (&"rules".into(), &true.into())
    );

    site.refuse(ROBOTS, 500);
    sokbo.run(&["sql", "--write", again]).await;
    sokbo.run(&["run", "--until-idle"]).await;
    assert_eq!(
        times(&site, "www.paper.example/list"),
        2,
        "the copy from before is in force"
    );
    let down = &sokbo.rows(shown).await[0];
    assert_eq!(
        (&down["verdict"], &down["is_readable"]),
        (&"rules".into(), &false.into())
    );
}
