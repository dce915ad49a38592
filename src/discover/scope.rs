//! What belongs to a source.

use std::collections::HashSet;
use std::sync::LazyLock;

use chrono::{DateTime, Datelike, Timelike, Utc};
use chrono_tz::Tz;
use url::Url;

use crate::discover::judge;
use crate::domain::{CanonicalUrl, Identity, Precision, Source, Stamp};
use crate::markup::date;

/// Listings state instants, so that "now" only bounds them: nothing later is believed, and the
/// crawl bounds them again by its clock.
static LATEST: LazyLock<DateTime<Utc>> =
    LazyLock::new(|| DateTime::from_timestamp(4_102_444_800, 0).unwrap_or_default());

/// Whether the source owns the host of an address.
pub(super) fn is_own(url: &CanonicalUrl, source: &Source) -> bool {
    source.owns(url.host())
}

/// The address of a link, without parameters that name a visit.
pub(super) fn link(base: &Url, target: &str, source: &Source) -> Option<CanonicalUrl> {
    let url = CanonicalUrl::join(base, target, source.identity()).ok()?;
    match without_session(url.as_url()) {
        Some(url) => CanonicalUrl::from_url(url, source.identity()).ok(),
        None => Some(url),
    }
}

/// The address as every reader has it; `None` where nothing names a visit.
fn without_session(url: &Url) -> Option<Url> {
    let is_session = |pair: &&str| {
        let pair = pair.split_once('=');
        pair.is_some_and(|(name, value)| judge::is_session(name, value))
    };
    let (path, query) = (url.path(), url.query().unwrap_or_default());
    // behind the last segment only: anywhere else it is no page's own address
    let bare = path
        .rsplit_once(';')
        .filter(|(_, parameter)| is_session(parameter));
    let kept: Vec<&str> = query.split('&').filter(|pair| !is_session(pair)).collect();
    if bare.is_none() && kept.len() == query.split('&').count() {
        return None;
    }
    let mut plain = url.clone();
    plain.set_path(bare.map_or(path, |(path, _)| path));
    plain.set_query(
        Some(&kept.join("&"))
            .filter(|kept| !kept.is_empty())
            .map(String::as_str),
    );
    Some(plain)
}

/// The addresses of a source's front page and listings.
pub(super) struct OwnListings(HashSet<String>);

impl OwnListings {
    pub(super) fn of(source: &Source) -> Self {
        let listings = source.sections.iter().map(|section| &section.url);
        let mut known = HashSet::new();
        for listing in std::iter::once(&source.home).chain(listings) {
            known.insert(without_slash(listing).to_owned());
            // links come in the form of articles, which may lack the parameters of listings
            let bare = CanonicalUrl::from_url(listing.as_url().clone(), source.identity());
            known.extend(bare.map(|bare| without_slash(&bare).to_owned()));
        }
        Self(known)
    }

    pub(super) fn contains(&self, url: &CanonicalUrl) -> bool {
        self.0.contains(without_slash(url))
    }
}

fn without_slash(url: &CanonicalUrl) -> &str {
    let text = url.as_str();
    let address = text.split_once("://").map_or(text, |(_, rest)| rest);
    address.trim_end_matches('/')
}

/// The address of the page of which this would be the AMP form, by the usual ways to name those.
pub(super) fn plain_twin(url: &CanonicalUrl) -> Option<CanonicalUrl> {
    let mut plain: Url = url.as_url().clone();
    let segments: Vec<&str> = url.as_url().path().split('/').collect();
    if segments.contains(&"amp") {
        let rest: Vec<&str> = segments.into_iter().filter(|part| *part != "amp").collect();
        plain.set_path(&rest.join("/"));
    } else {
        let is_amp = |pair: &&str| matches!(*pair, "amp" | "amp=" | "amp=1" | "outputType=amp");
        let query = url.as_url().query()?;
        let rest: Vec<&str> = query.split('&').filter(|pair| !is_amp(pair)).collect();
        if rest.len() == query.split('&').count() {
            return None;
        }
        plain.set_query(
            Some(&rest.join("&"))
                .filter(|rest| !rest.is_empty())
                .map(String::as_str),
        );
    }
    CanonicalUrl::from_url(plain, Identity::AllButTracking).ok()
}

/// The time that a listing states in its own words, as precise as it does.
pub(super) fn stamp(text: &str, zone: Option<Tz>) -> Option<Stamp> {
    let text = text.trim();
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        let stamp = Stamp {
            local: time.naive_local().with_nanosecond(0)?,
            offset: Some(*time.offset()),
            precision: Precision::Second,
        };
        return Some(stamp).filter(|stamp| stamp.local.year() >= date::FIRST_YEAR);
    }
    let context = date::Context {
        now: *LATEST,
        zone,
        order: None,
        scope: date::Scope::Page,
    };
    let reading = date::read(text, &context).filter(|reading| !reading.is_relative());
    reading.map(|reading| reading.stamp)
}

/// The instant of a stamp. A bare day counts from its midnight, in UTC where the source has no zone.
pub(super) fn moment(stamp: &Stamp) -> Option<DateTime<Utc>> {
    let is_day = stamp.precision <= Precision::Day;
    let midnight = is_day.then(|| stamp.local.and_utc());
    stamp.instant().or(midnight)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::SourceName;

    fn url(text: &str) -> CanonicalUrl {
        CanonicalUrl::parse(text, Identity::default()).unwrap()
    }

    #[test]
    fn front_page_and_sections_are_the_sources_own_listings() {
        let name = SourceName::new("saesol").unwrap();
        let mut source = Source::new(name, url("https://www.saesol.example/"));
        source.sections[0].url = url("https://www.saesol.example/list.html?sec=1");
        for (text, expected) in [
            ("http://www.saesol.example", true),
            ("https://www.saesol.example/list.html?sec=1", true),
            ("https://www.saesol.example/list.html?sec=2", false),
            ("https://www.saesol.example/news/1", false),
        ] {
            assert_eq!(
                OwnListings::of(&source).contains(&url(text)),
                expected,
                "{text}"
            );
        }
    }

    #[test]
    fn link_loses_what_names_a_visit_and_nothing_else() {
        let base = Url::parse("https://www.saesol.example/economy/").unwrap();
        let home = url("https://www.saesol.example/");
        let source = Source::new(SourceName::new("saesol").unwrap(), home);
        let token = "a3f9c27be81d4405a3f9c27be81d4405";
        for (target, expected) in [
            (format!("/view/1?sid={token}"), "/view/1"),
            (
                format!("/view?id=1&PHPSESSID=7&sessionId={token}"),
                "/view?id=1",
            ),
            (format!("/view/1;sid={token}?page=2"), "/view/1?page=2"),
            ("/view?id=1&sid=101".to_owned(), "/view?id=1&sid=101"),
            (
                format!("/view?key={token}"),
                "/view?key=a3f9c27be81d4405a3f9c27be81d4405",
            ),
        ] {
            let expected = url(&format!("https://www.saesol.example{expected}"));
            assert_eq!(link(&base, &target, &source), Some(expected), "{target}");
        }
    }

    #[test]
    fn amp_forms_lead_to_their_plain_twin() {
        for (amp, plain) in [
            ("https://e.kr/amp/a/1", Some("https://e.kr/a/1")),
            ("https://e.kr/a/1/amp", Some("https://e.kr/a/1")),
            ("https://e.kr/a/1/amp/", Some("https://e.kr/a/1/")),
            ("https://e.kr/a?amp=1&id=7", Some("https://e.kr/a?id=7")),
            ("https://e.kr/a?outputType=amp", Some("https://e.kr/a")),
            ("https://e.kr/ampere/1?x=1", None),
        ] {
            assert_eq!(plain_twin(&url(amp)), plain.map(url), "{amp}");
        }
    }
}
