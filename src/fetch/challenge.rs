//! Whether a site's protection answered instead of the site. Recognised to be left in peace: nothing
//! here, and nothing that reads it, tries to get around one.

use reqwest::header::HeaderMap;

/// As much of a body is looked at: the pages of all protections are shorter.
pub(super) const MAX_LOOK_BYTES: usize = 32 << 10;

/// Words that only pages of a protection hold, and whose it is. Scripts that protections put into
/// the pages they let through are none of them.
const MARKS: [(&str, &str); 14] = [
    ("_cf_chl_opt", "Cloudflare"),
    ("sorry, you have been blocked", "Cloudflare"),
    ("<title>attention required! | cloudflare", "Cloudflare"),
    ("sec-if-cpt-container", "Akamai"),
    ("errors.edgesuite.net", "Akamai"),
    ("captcha-delivery.com", "DataDome"),
    ("incapsula incident id", "Imperva"),
    ("px-captcha", "HUMAN"),
    ("sucuri website firewall", "Sucuri"),
    ("window.gokuprops", "AWS WAF"),
    ("<title>ddos-guard", "DDoS-Guard"),
    ("distil_r_captcha", "Imperva"),
    ("<title>request rejected</title>", "F5"),
    ("<title>just a moment...</title>", "Cloudflare"),
];

/// Whose challenge the headers announce.
pub(super) fn announced(status: u16, headers: &HeaderMap) -> Option<&'static str> {
    let says = |name: &str, words: &[&str]| {
        headers.get_all(name).iter().any(|value| {
            words
                .iter()
                .any(|word| value.as_bytes().eq_ignore_ascii_case(word.as_bytes()))
        })
    };
    if says("cf-mitigated", &["challenge"]) {
        return Some("Cloudflare");
    }
    if says("x-amzn-waf-action", &["challenge", "captcha"]) {
        return Some("AWS WAF");
    }
    let is_refused = matches!(status, 401 | 403 | 429);
    (is_refused && (headers.contains_key("x-datadome") || says("server", &["datadome"])))
        .then_some("DataDome")
}

/// Whether the body of an answer with this status is worth a look.
pub(super) fn may_show(status: u16) -> bool {
    matches!(status, 200..=299 | 401 | 403 | 405 | 429 | 503)
}

/// Whose challenge the body shows. Longer bodies are pages: they may quote anything.
pub(super) fn shown(body: &[u8]) -> Option<&'static str> {
    if body.len() >= MAX_LOOK_BYTES {
        return None;
    }
    let text = String::from_utf8_lossy(body).to_ascii_lowercase();
    let mark = MARKS.iter().find(|(mark, _)| text.contains(mark));
    mark.map(|(_, vendor)| *vendor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::{HeaderName, HeaderValue};

    #[test]
    fn headers_announce_a_challenge() {
        for (status, name, value, vendor) in [
            (403, "cf-mitigated", "challenge", Some("Cloudflare")),
            (200, "cf-mitigated", "Challenge", Some("Cloudflare")),
            (202, "x-amzn-waf-action", "captcha", Some("AWS WAF")),
            (403, "x-datadome", "protected", Some("DataDome")),
            (200, "x-datadome", "protected", None),
            (403, "server", "cloudflare", None),
            (403, "cf-mitigated", "none", None),
        ] {
            let name = HeaderName::from_static(name);
            let headers = HeaderMap::from_iter([(name, HeaderValue::from_static(value))]);
            assert_eq!(announced(status, &headers), vendor, "{status} {value}");
        }
    }

    #[test]
    fn body_shows_a_challenge_unless_it_is_a_long_page() {
        let page = b"<html><title>Just a moment...</title><script>window._cf_chl_opt={}</script>";
        assert_eq!(shown(page), Some("Cloudflare"));
        let page = b"<script src=\"https://geo.captcha-delivery.com/c.js\"></script>";
        assert_eq!(shown(page), Some("DataDome"));
        assert_eq!(
            shown(b"<html><script src=\"/cdn-cgi/challenge-platform/a.js\"></script>"),
            None
        );
        let long = ["_cf_chl_opt".as_bytes(), &vec![b' '; MAX_LOOK_BYTES]].concat();
        assert_eq!(shown(&long), None);
        assert_eq!(shown(b""), None);
    }
}
