//! The configuration of the suite, and articles made up for it.

use std::time::Duration;

use sokbo::domain::{Article, CanonicalUrl, HostKey, Identity, Scope, SimHash};
use sokbo::store::StoredArticle;

use super::site::{self, Site};
use crate::support::Sokbo;

pub(super) const HOSTS: usize = 6;
/// From the start of a request to the start of the next; half of it is left to the way that
/// requests take on a busy machine. Two holders of a host would come closer again and again.
pub(super) const DELAY: Duration = Duration::from_millis(600);

pub(super) fn configured(site: &Site) -> Sokbo {
    let hosts: Vec<String> = (0..HOSTS)
        .map(|n| format!("\"{}\" = \"{}\"", site::name(n), site.address))
        .collect();
    let delay = DELAY.as_millis();
    let sokbo = Sokbo::with(&format!(
        "[crawler]\nper_host_delay = \"{delay}ms\"\nlease = \"3s\"\nidle_wait = \"4s\"\n\
         [log]\nformat = \"json\"\nlevel = \"info,sokbo::crawl=debug,sqlx=error,sqlx_core=error\"\n\
         [archive]\nmin_free_disk = \"0MiB\"\n\
         [fetch]\nallow_networks = [\"127.0.0.0/8\"]\nhosts = {{ {} }}\n",
        hosts.join(", ")
    ));
    for n in 0..HOSTS {
        let host = site::name(n);
        sokbo.source(
            &format!("paper{n}"),
            &format!(
                "name = \"paper{n}\"\nhome = \"http://{host}/\"\ntimezone = \"Asia/Seoul\"\n\
                 article_url = '/news/\\d+'\nsections = [\"http://{host}/list\"]\n\
                 interval = {{ min = \"1s\", max = \"2s\" }}\n"
            ),
        );
    }
    sokbo
}

/// An article under `url` whose title and paragraphs bear these marks.
pub(super) fn article(url: &str, [title, first, second, third]: [&str; 4]) -> StoredArticle {
    let identity = CanonicalUrl::parse(url, Identity::default()).unwrap();
    let article = Article {
        title: format!("강물이 맑아졌다는 소식 {title}"),
        body: [first, second, third]
            .map(|mark| format!("지어낸 문단이다 {mark}."))
            .into(),
        ..Article::default()
    };
    StoredArticle {
        host: HostKey::of(&identity, Scope::Host),
        identity,
        sim_hash: SimHash::from_bits(0),
        content_hash: article.content_hash(),
        article,
        word_count: 9,
        keep_body: true,
        is_alias: false,
        raw: None,
    }
}
