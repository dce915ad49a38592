//! A fictional site that a prospect looks at without a network.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::discover::propose::{
    Answer, Errand, Found, Front, NothingFound, Proposal, Prospect, Sample, What, front,
};
use crate::discover::{NEWEST_CHILDREN, feed, sitemap};
use crate::domain::{CanonicalUrl, Identity, Source, SourceName};
use crate::markup::parse_html;

/// A fictional site: bodies by path; what begins with `<?xml` is a feed or a sitemap.
pub(super) struct Site {
    home: &'static str,
    pages: BTreeMap<String, String>,
    pub(super) asked: Vec<String>,
    language: &'static str,
}

impl Site {
    pub(super) fn new(home: &'static str, language: &'static str) -> Self {
        Self {
            home,
            pages: BTreeMap::new(),
            asked: Vec::new(),
            language,
        }
    }

    pub(super) fn with(mut self, path: &str, body: impl Into<String>) -> Self {
        self.pages.insert(path.to_owned(), body.into());
        self
    }

    /// Lets the prospect look at the site as the crawl would, without a network.
    pub(super) fn look(&mut self, sitemaps: &[&str]) -> Result<Proposal, NothingFound> {
        let home = CanonicalUrl::parse(self.home, Identity::default()).unwrap();
        let source = Source::new(SourceName::new("paper").unwrap(), home.clone());
        let first = self.page(&home, &source).unwrap();
        let named = sitemaps.iter().map(ToString::to_string).collect();
        let mut prospect = Prospect::new(source.clone(), first, named);
        while let Some(errand) = prospect.next_errand() {
            self.asked.push(path_of(&errand.url));
            let answer = self.answer(&errand, &source);
            prospect.take(&errand, answer);
        }
        prospect.finish(NaiveDate::from_ymd_opt(2026, 11, 27).unwrap())
    }

    fn page(&self, url: &CanonicalUrl, source: &Source) -> Option<Front> {
        let html = parse_html(self.pages.get(&path_of(url))?).unwrap();
        Some(front(&html, url.as_url(), source))
    }

    fn answer(&self, errand: &Errand, source: &Source) -> Answer {
        let url = &errand.url;
        if errand.what == What::Sample {
            return Answer::Sample(Sample {
                url: url.clone(),
                is_article: !path_of(url).contains("quiz"),
                language: Some(self.language.to_owned()),
                published: None,
            });
        }
        let Some(body) = self.pages.get(&path_of(url)) else {
            return Answer::Nothing(format!("{url} does not exist"));
        };
        let listing = match errand.what {
            What::Feed => feed(body.as_bytes(), None, url.as_url(), source),
            What::Sitemap => sitemap(body.as_bytes(), url.as_url(), source, NEWEST_CHILDREN),
            What::Section | What::Sample => return Answer::Page(self.page(url, source).unwrap()),
        };
        match (listing, self.page(url, source)) {
            (Ok(listing), _) => Answer::Listing(Box::new(listing)),
            (Err(_), Some(page)) if errand.what == What::Feed && page.names_feeds() => {
                Answer::Page(page)
            }
            (Err(error), _) => Answer::Nothing(error.to_string()),
        }
    }
}

pub(super) fn path_of(url: &CanonicalUrl) -> String {
    url.as_url()[::url::Position::BeforePath..].to_owned()
}

/// Links to `paths`, the words of each being a headline.
pub(super) fn links<'a>(paths: impl IntoIterator<Item = &'a String>) -> String {
    let link = |path: &String| {
        format!("<li><a href=\"{path}\">The town council votes on the bridge</a></li>")
    };
    paths.into_iter().map(link).collect()
}

pub(super) fn menu(names: &[(&str, &str)]) -> String {
    let items = names
        .iter()
        .map(|(path, name)| format!("<a href=\"{path}\">{name}</a> "));
    format!("<nav>{}</nav>", items.collect::<String>())
}

pub(super) fn rss(paths: &[String]) -> String {
    let item = |path: &String| {
        format!(
            "<item><title>t</title><link>{path}</link><pubDate>Mon, 02 Mar 2026 09:00:00 GMT</pubDate></item>"
        )
    };
    let items: String = paths.iter().map(item).collect();
    format!("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel>{items}</channel></rss>")
}

pub(super) fn urlset(paths: &[String], host: &str) -> String {
    let url = |path: &String| format!("<url><loc>{host}{path}</loc></url>");
    format!(
        "<?xml version=\"1.0\"?><urlset>{}</urlset>",
        paths.iter().map(url).collect::<String>()
    )
}

pub(super) fn numbered(form: &str, numbers: std::ops::Range<u32>) -> Vec<String> {
    numbers
        .map(|number| form.replace("{}", &number.to_string()))
        .collect()
}

pub(super) fn urls(found: &[Found]) -> Vec<String> {
    found.iter().map(|found| path_of(&found.url)).collect()
}
