//! Listings of one source in one stream: what a feed says helps to read a page that says less, and
//! what went by between two visits is told.

use chrono::{DateTime, FixedOffset, TimeDelta};
use serde_json::Value;
use sokbo::domain::{Clock, SystemClock};

use crate::support::{Site, Sokbo};

const PAPER: &str = "www.paper.example";
const HTML: &str = "text/html; charset=utf-8";
const RSS: &str = "application/rss+xml";
const PASS: [&str; 2] = ["run", "--until-idle"];

const TEXT: [&str; 5] = [
    "The night boat of Ebbsea sails again from Monday, the harbour board said on its last evening.",
    "It will stop at both piers, and whoever has a ticket for the day boat may use it at night too.",
    "Nobody had asked for a third pier, so that none is built before the spring of the next year.",
    "The old captain stays aboard as long as the summer lasts, and teaches his daughter the tides.",
    "A trip costs three crowns, and children who can name all the lighthouses pay nothing at all.",
];

/// A moment so many minutes ago, as a clock one hour east of UTC shows it.
fn ago(minutes: i64) -> DateTime<FixedOffset> {
    let zone = FixedOffset::east_opt(3600).unwrap();
    (SystemClock.now() - TimeDelta::minutes(minutes)).with_timezone(&zone)
}

fn paragraphs(lines: &[&str]) -> String {
    lines.iter().map(|line| format!("<p>{line}</p>")).collect()
}

fn page(title: &str, body: &str) -> String {
    format!(
        "<html lang=en><head><title>{title}</title><meta property=og:type content=article></head>\
         <body><h1>{title}</h1><article>{body}</article></body></html>"
    )
}

/// An entry of the feed.
fn item(number: u32, title: &str, more: &str) -> String {
    format!("<item><title>{title}</title><link>http://{PAPER}/news/{number}</link>{more}</item>")
}

fn dated(at: DateTime<FixedOffset>) -> String {
    format!("<pubDate>{}</pubDate>", at.to_rfc2822())
}

fn whole_text() -> String {
    format!(
        "<content:encoded><![CDATA[{}]]></content:encoded>",
        paragraphs(&TEXT)
    )
}

fn put_feed(site: &Site, items: &[String]) {
    let feed = format!(
        "<rss version='2.0' xmlns:content='http://purl.org/rss/1.0/modules/content/' \
         xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><title>The Paper</title>{}</channel></rss>",
        items.concat()
    );
    site.put(&format!("{PAPER}/rss"), RSS, feed);
}

fn put_page(site: &Site, number: u32, page: String) {
    site.put(&format!("{PAPER}/news/{number}"), HTML, page);
}

fn sokbo(site: &Site) -> Sokbo {
    let at = site.address;
    let sokbo = Sokbo::with(&format!(
        "[crawler]\nper_host_delay = \"0s\"\nidle_wait = \"200ms\"\nlease = \"2s\"\n\
         [fetch]\nallow_networks = [\"127.0.0.0/8\"]\nhosts = {{ \"{PAPER}\" = \"{at}\" }}\n"
    ));
    sokbo.source(
        "paper",
        &format!(
            "name = \"paper\"\nhome = \"http://{PAPER}/\"\nlanguage = \"en\"\n\
             article_url = '/news/\\d+'\nfeeds = [\"http://{PAPER}/rss\"]\ndelay = \"0s\"\n"
        ),
    );
    sokbo
}

/// What gave the fields of an article, `field strategy` each.
async fn origins(sokbo: &Sokbo, number: u32) -> Vec<String> {
    let query = format!(
        "select p.field, p.strategy from provenance p join articles a on a.id = p.article_id
          where a.url like '%/news/{number}' and p.field in ('title', 'authors', 'published', 'body')
          order by 1, 2"
    );
    let word = |row: &Value, key: &str| row[key].as_str().unwrap().to_owned();
    let rows = sokbo.rows(&query).await;
    let origin = |row: &Value| format!("{} {}", word(row, "field"), word(row, "strategy"));
    rows.iter().map(origin).collect()
}

async fn article(sokbo: &Sokbo, number: u32) -> Value {
    let query = format!(
        "select title, body, array_to_string(authors, ', ') as authors, published_at::text as at, revision_count as revisions
           from articles where url like '%/news/{number}'"
    );
    let rows = sokbo.rows(&query).await;
    assert_eq!(rows.len(), 1, "article {number}: {rows:?}");
    rows.into_iter().next().unwrap()
}

/// Whether an article's time is this minute.
fn is_at(article: &Value, at: DateTime<FixedOffset>) -> bool {
    let utc = at.to_utc().format("%Y-%m-%d %H:%M").to_string();
    article["at"]
        .as_str()
        .is_some_and(|text| text.starts_with(&utc))
}

/// A page that shows the beginning of the text.
fn cut(at: DateTime<FixedOffset>, advert: &str) -> String {
    let date = format!("<time datetime='{}'></time>", at.to_rfc3339());
    let body = format!("{date}{}<p>{advert}</p>", paragraphs(&TEXT[..2]));
    page("The night boat sails again", &body)
}

/// A feed of four articles, whose pages are cut, without a date, without a zone, and not there.
fn publish_boats(site: &Site, [first, second, third]: [DateTime<FixedOffset>; 3]) {
    put_page(site, 1, cut(first, ""));
    put_page(site, 2, page("A pier without a date", &paragraphs(&TEXT)));
    let shown = third.format("%Y-%m-%dT%H:%M").to_string();
    let body = format!("<time datetime='{shown}'></time>{}", paragraphs(&TEXT));
    put_page(site, 3, page("The captain teaches the tides", &body));
    let gone = "<html><head><title>Page not found</title></head><body><h1>Page not found</h1>\
                <p>The article that you look for is no longer available.</p></body></html>";
    put_page(site, 4, gone.to_owned());
    let author = "<dc:creator>Ann Lee</dc:creator>";
    put_feed(
        site,
        &[
            item(
                1,
                "The night boat sails again",
                &(dated(first) + &whole_text()),
            ),
            item(2, "A pier without a date", &(dated(second) + author)),
            item(3, "The captain teaches the tides", ""),
            item(
                4,
                "A lighthouse for children",
                &(dated(first) + &whole_text()),
            ),
        ],
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn feed_completes_what_a_page_lacks_and_a_restart_does_not_lose_it() {
    let site = Site::plain().await;
    let (first, second, third) = (ago(50), ago(40), ago(30));
    publish_boats(&site, [first, second, third]);
    let sokbo = sokbo(&site);

    // Killed between the visit of the feed and those of its articles.
    let at = format!("{PAPER}/news/1");
    site.hold(&at);
    sokbo.kill_when_asked(&site, &at).await;
    site.release(&at);
    sokbo.run(&PASS).await;

    let one = article(&sokbo, 1).await;
    assert_eq!(one["body"], TEXT.join("\n\n"), "{one}");
    assert!(origins(&sokbo, 1).await.contains(&"body feed".to_owned()));
    let two = article(&sokbo, 2).await;
    assert_eq!(two["authors"], "Ann Lee");
    assert!(is_at(&two, second), "{two}");
    let origins_of_two = origins(&sokbo, 2).await;
    assert!(
        origins_of_two.contains(&"published feed".to_owned()),
        "{origins_of_two:?}"
    );
    assert!(
        origins_of_two.contains(&"authors feed".to_owned()),
        "{origins_of_two:?}"
    );
    let three = article(&sokbo, 3).await;
    assert!(is_at(&three, third), "in the zone of the feed: {three}");
    let gone = "select error_class from fetches where url like '%/news/4' and error is not null";
    assert_eq!(sokbo.rows(gone).await[0]["error_class"], "content");
    assert_eq!(sokbo.rows("select id from articles").await.len(), 3);

    // What an article needs is still there when it is looked at again; the rest is gone.
    let kept = sokbo.rows("select count(*) as rows from crawl.hints").await;
    assert_eq!(kept[0]["rows"], 2, "those of articles 1 and 2");
    put_page(&site, 1, cut(first, "Buy a boat of your own."));
    let again = sokbo
        .run(&["run", "--until-idle", "--revisit", "all"])
        .await;
    assert!(again.contains(" 0 revised"), "{again}");
    assert_eq!(article(&sokbo, 1).await["body"], one["body"]);

    let told = sokbo
        .run(&["explain", &format!("http://{PAPER}/news/2")])
        .await;
    assert!(told.contains("feed"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn feed_that_turned_over_between_two_visits_says_what_was_missed_and_is_visited_sooner() {
    let site = Site::plain().await;
    let sokbo = sokbo(&site);
    let publish = |numbers: std::ops::Range<u32>| {
        let items: Vec<String> = numbers
            .enumerate()
            .map(|(minutes, number)| {
                let title = format!("The boat of day {number} sails");
                put_page(&site, number, page(&title, &paragraphs(&TEXT)));
                item(number, &title, &dated(ago(minutes.try_into().unwrap())))
            })
            .collect();
        put_feed(&site, &items);
    };
    publish(10..16);
    sokbo.run(&PASS).await;
    publish(9..16);
    sokbo.run(&PASS).await;
    // An hour goes by.
    let back = "update crawl.pulses set visited_at = visited_at - interval '1 hour',
                                        mark_at = mark_at - interval '1 hour'";
    sokbo.run(&["sql", "--write", back]).await;
    publish(60..66);
    sokbo.run(&PASS).await;
    // And another poll a moment later.
    publish(59..67);
    sokbo.run(&PASS).await;

    let polls = sokbo
        .rows(
            "select listed, known, new, unchanged, turned_over, missed,
                    extract(epoch from next_after)::float8 as next
               from polls where section_kind = 'feed' order by polled_at",
        )
        .await;
    let [first, calm, over, last] = polls.as_slice() else {
        panic!("not four polls: {polls:#?}");
    };
    assert_eq!((&first["missed"], &first["new"]), (&Value::Null, &6.into()));
    let missed = |poll: &Value| poll["missed"].as_f64();
    assert_eq!((missed(calm), &calm["new"]), (Some(0.0), &1.into()));
    assert_eq!(
        (&over["turned_over"], &over["known"]),
        (&true.into(), &0.into())
    );
    let is_near = |missed: f64| (45.0..60.0).contains(&missed);
    assert!(missed(over).is_some_and(is_near), "one in a minute: {over}");
    let next = |poll: &Value| poll["next"].as_f64().unwrap();
    assert!(next(over) * 2.0 < next(calm), "{calm} {over}");
    assert_eq!((missed(last), &last["known"]), (Some(0.0), &6.into()));
    let met = sokbo
        .rows("select count(*) filter (where first) as first, count(*) as met from discoveries")
        .await;
    assert_eq!((&met[0]["first"], &met[0]["met"]), (&15.into(), &15.into()));
}
