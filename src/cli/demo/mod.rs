//! `sokbo demo`: a small bundled news site on loopback, crawled twice into a private database of
//! its own, so that a newcomer sees articles, a twin folded away and an edit noticed.

mod site;

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::cli::bar::Bar;
use crate::cli::terminal::print;
use crate::cli::{Failure, sql};
use crate::config::{self, Config, Environment, Overrides};
use crate::daemon::{self, Report, Signals, Span, Vitals};
use crate::domain::{CanonicalUrl, Identity, Section, SectionKind, Source, SourceName};
use crate::store::{Access, QueryMode, Store};

use site::Site;

/// The articles as the demo shows them.
const ARTICLES: &str = "\
select source, to_char(published_at at time zone 'Asia/Seoul', 'MM-DD HH24:MI') as published,
       title, array_to_string(authors, ', ') as authors, word_count as words,
       revision_count as versions
  from news.articles order by source, published_at";

/// The configuration of the demo: everything at its default, the data under `data_dir/demo`, no
/// database URL, no sources but the bundled ones.
pub(super) fn config(overrides: &Overrides) -> Result<Config, Failure> {
    let real = config::load(overrides, &Environment::of_process())?;
    let data_dir = real.data_dir.join("demo");
    let mut config = Config {
        data_dir: data_dir.clone(),
        ..Config::default()
    };
    config.database.data_dir = data_dir;
    "error".clone_into(&mut config.log.level);
    Ok(config)
}

pub(super) async fn execute(mut config: Config) -> Result<(), Failure> {
    daemon::start_telemetry(&config.log).map_err(Failure::wrong)?;
    let signals = Signals::listen().map_err(Failure::failed)?;
    let site = Site::serve().await.map_err(Failure::failed)?;
    let loopback = ipnet::IpNet::from(site.address().ip());
    config.fetch.allow_networks = vec![loopback];
    config.fetch.hosts = site::HOSTS
        .map(|host| (host.to_owned(), site.address()))
        .into();
    config.crawler.per_host_delay = Duration::ZERO;
    config.crawler.per_host_concurrency = 4;
    config.crawler.idle_wait = Duration::from_millis(100);
    config.sources = sources()?;
    eprintln!(
        "starting the private database in {}",
        config.data_dir.display()
    );
    let store = Store::open(&config.database, Access::Owner).await?;
    let outcome = show(&config, &store, &site, signals.stop()).await;
    store.close().await;
    outcome
}

async fn show(
    config: &Config,
    store: &Store,
    site: &Site,
    stop: &CancellationToken,
) -> Result<(), Failure> {
    let first = visit(config, store, false, stop).await?;
    print(&format!("\nFirst visit: {}", told(&first)))?;
    site.edit();
    let second = visit(config, store, true, stop).await?;
    print(&format!(
        "Second visit, one article edited meanwhile: {}\n",
        told(&second)
    ))?;
    print(&sql::table_of(store, ARTICLES, QueryMode::Read).await?)?;
    let folder = config.data_dir.display();
    let program = std::env::args()
        .next()
        .unwrap_or_else(|| "sokbo".to_owned());
    print(&format!(
        "\nLook around in the demo's own database:\n\n\
         \x20 export SOKBO_CRAWLER__DATA_DIR={folder}\n\
         \x20 {program} sql 'select title, lead from articles'\n\
         \x20 {program} sql 'select revision, changed, title from revisions order by seen_at'\n\
         \x20 {program} sql \"select url, error from fetches where outcome = 'failed'\"\n\
         \x20 {program} status\n\n\
         The README shows how to add a source of your own."
    ))
}

async fn visit(
    config: &Config,
    store: &Store,
    revisit_articles: bool,
    stop: &CancellationToken,
) -> Result<Report, Failure> {
    let vitals = Vitals::default();
    let bar = Bar::follow(vitals.progress.clone());
    let span = Span::UntilIdle { revisit_articles };
    let report = daemon::crawl(config, store, span, &vitals, stop.clone()).await;
    drop(bar);
    report
        .map_err(Failure::failed)?
        .ok_or_else(Failure::interrupted)
}

fn told(report: &Report) -> String {
    let tally = report.tally;
    format!(
        "{} listings and {} pages, {} new articles, {} revised",
        tally.listings, tally.pages, tally.new, tally.revised
    )
}

/// The two outlets of the bundled site.
fn sources() -> Result<Vec<Source>, Failure> {
    let korean = source(
        ("saebyeok-deul", "http://www.saebyeok-deul.example/"),
        ("ko", chrono_tz::Asia::Seoul),
        &[
            (
                SectionKind::Page,
                "http://www.saebyeok-deul.example/news/section/economy",
            ),
            (
                SectionKind::Page,
                "http://www.saebyeok-deul.example/news/section/society",
            ),
            (
                SectionKind::Feed,
                "http://www.saebyeok-deul.example/rss/all.xml",
            ),
        ],
    )?;
    let english = source(
        ("tidewater-post", "http://www.tidewater-post.example/"),
        ("en", chrono_tz::America::New_York),
        &[
            (SectionKind::Page, "http://www.tidewater-post.example/"),
            (
                SectionKind::Sitemap,
                "http://www.tidewater-post.example/sitemap.xml",
            ),
        ],
    )?;
    Ok(vec![korean, english])
}

fn source(
    (name, home): (&str, &str),
    (language, zone): (&str, chrono_tz::Tz),
    sections: &[(SectionKind, &str)],
) -> Result<Source, Failure> {
    let name = SourceName::new(name).map_err(Failure::failed)?;
    let mut source = Source::new(name, address(home)?);
    source.language = Some(language.to_owned());
    source.timezone = Some(zone);
    let section = |(kind, at): &(SectionKind, &str)| {
        Ok(Section {
            kind: *kind,
            url: address(at)?,
        })
    };
    source.sections = sections
        .iter()
        .map(section)
        .collect::<Result<_, Failure>>()?;
    Ok(source)
}

fn address(text: &str) -> Result<CanonicalUrl, Failure> {
    CanonicalUrl::parse(text, Identity::AllButTracking).map_err(Failure::failed)
}
