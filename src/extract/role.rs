//! What an element is for, as its tag, class, id, `role` and `itemprop` tell. Words only: no outlet's
//! name and no selector. Whether a word is believed is decided by `outline`, which knows how much
//! text the element holds.

use scraper::node::Element;

/// A set of purposes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Roles(u32);

impl Roles {
    pub(super) const NAV: Self = Self(1);
    pub(super) const RELATED: Self = Self(1 << 1);
    pub(super) const COMMENT: Self = Self(1 << 2);
    pub(super) const SHARE: Self = Self(1 << 3);
    pub(super) const AD: Self = Self(1 << 4);
    /// Newsletter boxes, sign-up and paywall prompts.
    pub(super) const OFFER: Self = Self(1 << 5);
    pub(super) const CAPTION: Self = Self(1 << 6);
    pub(super) const BYLINE: Self = Self(1 << 7);
    pub(super) const DATE: Self = Self(1 << 8);
    pub(super) const TAGS: Self = Self(1 << 9);
    pub(super) const HIDDEN: Self = Self(1 << 10);
    pub(super) const COPYRIGHT: Self = Self(1 << 11);
    pub(super) const STANDFIRST: Self = Self(1 << 12);
    /// The head of an article: title, byline, tools.
    pub(super) const HEAD: Self = Self(1 << 13);
    pub(super) const HEADLINE: Self = Self(1 << 14);
    pub(super) const CRUMBS: Self = Self(1 << 15);
    /// An aside or a side column.
    pub(super) const ASIDE: Self = Self(1 << 16);
    pub(super) const CREDIT: Self = Self(1 << 17);
    /// A frame around a picture.
    pub(super) const PICTURE: Self = Self(1 << 18);
    pub(super) const FOOTER: Self = Self(1 << 19);
    pub(super) const BIO: Self = Self(1 << 20);
    /// Players, forms, buttons and other controls.
    pub(super) const CONTROL: Self = Self(1 << 21);
    pub(super) const KICKER: Self = Self(1 << 22);
    /// Text that the site repeats on pages of different articles, as its memory tells.
    pub(super) const REPEATED: Self = Self(1 << 31);

    /// What never is article text, whatever it says.
    pub(super) const FURNITURE: Self = Self(
        Self::AROUND.0
            | Self::CAPTION.0
            | Self::BYLINE.0
            | Self::DATE.0
            | Self::TAGS.0
            | Self::COPYRIGHT.0
            | Self::HEAD.0
            | Self::CREDIT.0
            | Self::CRUMBS.0
            | Self::BIO.0
            | Self::KICKER.0
            | Self::CONTROL.0
            | Self::REPEATED.0,
    );
    /// What belongs to the page and not to the article: its pictures are not the article's either.
    pub(super) const AROUND: Self = Self(
        Self::NAV.0
            | Self::RELATED.0
            | Self::COMMENT.0
            | Self::SHARE.0
            | Self::AD.0
            | Self::OFFER.0
            | Self::HIDDEN.0
            | Self::ASIDE.0
            | Self::BIO.0
            | Self::FOOTER.0,
    );
    /// Words that are hardly ever wrong, however long the text under them is.
    pub(super) const STRONG: Self =
        Self(Self::NAV.0 | Self::COMMENT.0 | Self::FOOTER.0 | Self::COPYRIGHT.0 | Self::RELATED.0);

    pub(super) fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(super) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The roles that the element's own markup names.
    pub(super) fn of(element: &Element) -> Self {
        if matches!(element.name(), "html" | "body") {
            return Self::default(); // their classes describe the site, not a part of the page
        }
        let mut roles = Self::of_tag(element.name());
        for class in element.classes() {
            roles = roles.with(Self::of_name(class));
        }
        if let Some(id) = element.id() {
            roles = roles.with(Self::of_name(id));
        }
        roles.with(Self::of_attributes(element))
    }

    fn of_tag(tag: &str) -> Self {
        match tag {
            "nav" | "menu" => Self::NAV,
            "footer" => Self::FOOTER,
            "aside" => Self::ASIDE,
            "header" => Self::HEAD,
            "figure" | "picture" => Self::PICTURE,
            "figcaption" => Self::CAPTION,
            "time" => Self::DATE,
            "h1" => Self::HEADLINE,
            "form" | "button" | "select" | "textarea" | "dialog" | "label" | "audio" | "video" => {
                Self::CONTROL
            }
            "address" => Self::BYLINE,
            _ => Self::default(),
        }
    }

    fn of_attributes(element: &Element) -> Self {
        let mut roles = match element.attr("itemprop") {
            Some("headline" | "name headline") => Self::HEADLINE,
            Some("caption") => Self::CAPTION,
            Some("author" | "creator") => Self::BYLINE,
            Some("image") => Self::PICTURE,
            Some("datePublished" | "dateModified" | "dateCreated") => Self::DATE,
            Some("keywords") => Self::TAGS,
            Some("alternativeHeadline") => Self::STANDFIRST,
            Some("comment") => Self::COMMENT,
            _ => Self::default(),
        };
        match element.attr("role") {
            Some("navigation" | "menu" | "search" | "menubar") => roles = roles.with(Self::NAV),
            Some("complementary") => roles = roles.with(Self::ASIDE),
            Some("contentinfo") => roles = roles.with(Self::FOOTER),
            Some("dialog" | "alertdialog") => roles = roles.with(Self::OFFER),
            Some("banner") => roles = roles.with(Self::HEAD),
            _ => {}
        }
        if element.attr("rel") == Some("author") {
            roles = roles.with(Self::BYLINE);
        }
        if is_hidden(element) {
            roles = roles.with(Self::HIDDEN);
        }
        roles
    }

    /// The roles that one class or id names, word by word (`img_desc`, `relatedArticles`).
    fn of_name(name: &str) -> Self {
        if name == "by" {
            return Self::BYLINE;
        }
        // What a post is filed under or has about it, not what the element is.
        let about = [
            "category-",
            "tag-",
            "has-",
            "no-",
            "with-",
            "without-",
            "post-",
        ];
        if about.iter().any(|prefix| name.starts_with(prefix)) && name != "post-meta" {
            return Self::default();
        }
        let mut roles = Self::of_compound(&squash(name));
        for word in words(name).take(8) {
            roles = roles.with(Self::of_word(&word));
        }
        roles
    }

    fn of_word(word: &str) -> Self {
        match word {
            "nav" | "gnb" | "lnb" | "menu" | "pagination" | "paging" | "pager" | "navbar"
            | "navigation" | "topbar" | "masthead" | "skip" | "toc" => Self::NAV,
            "breadcrumb" | "breadcrumbs" | "crumbs" => Self::CRUMBS,
            "footer" | "foot" => Self::FOOTER,
            "related" | "relation" | "relations" | "recommend" | "recommended" | "similar"
            | "recommendations" | "recirc" | "recirculation" | "popular" | "trending" | "rank"
            | "ranking" | "outbrain" | "taboola" | "onward" | "ticker" | "teasers" | "upsell"
            | "zergnet" | "promo" | "promobox" | "jebo" => Self::RELATED,
            "comment" | "comments" | "disqus" | "respond" | "livefyre" | "reply" | "replies"
            | "kommentare" => Self::COMMENT,
            "share" | "sharing" | "social" | "sns" | "sharedaddy" | "addthis" | "addtoany"
            | "sharebar" | "socials" | "reactions" | "teilen" => Self::SHARE,
            "ad" | "ads" | "adv" | "advert" | "adverts" | "advertisement" | "advertising"
            | "adsense" | "adsbygoogle" | "adslot" | "adbox" | "banner" | "gpt" | "dfp"
            | "sponsor" | "sponsored" | "anzeige" | "werbung" | "publicidad" | "publicite" => {
                Self::AD
            }
            "newsletter" | "newsletters" | "subscribe" | "subscription" | "signup" | "paywall"
            | "regwall" | "piano" | "optin" | "offer" | "abo" | "donate" | "donation"
            | "cookie" | "cookies" | "consent" | "gdpr" | "login" | "modal" | "popup" => {
                Self::OFFER
            }
            "caption" | "captions" | "cutline" | "bildunterschrift" | "legend" | "legende"
            | "cap" | "bu" => Self::CAPTION,
            "credit" | "credits" | "bildquelle" | "fotocredit" => Self::CREDIT,
            "byline" | "bylines" | "author" | "authors" | "writer" | "reporter" | "journalist"
            | "vcard" | "autor" | "autoren" | "signature" | "dateline" => Self::BYLINE,
            "date" | "datetime" | "pubdate" | "timestamp" | "updated" | "dates" | "datum" => {
                Self::DATE
            }
            "tags" | "keyword" | "keywords" | "kwd" | "hashtag" | "hashtags" | "taglist" => {
                Self::TAGS
            }
            "copyright" | "copyrights" => Self::COPYRIGHT,
            "standfirst" | "subtitle" | "subheadline" | "dek" | "deck" | "subheading" => {
                Self::STANDFIRST
            }
            "headline" => Self::HEADLINE,
            "kicker" | "overline" | "eyebrow" | "dachzeile" => Self::KICKER,
            "sidebar" | "rail" | "aside" => Self::ASIDE,
            "figure" | "photo" | "image" | "img" | "picture" | "bild" | "ph" | "thumb" => {
                Self::PICTURE
            }
            "bio" | "biography" => Self::BIO,
            "toolbar" | "tools" | "utill" | "utils" | "player" | "print" | "tooltip" => {
                Self::CONTROL
            }
            "hidden" | "invisible" | "blind" => Self::HIDDEN,
            _ => Self::default(),
        }
    }

    /// Roles of names that only tell something as a whole.
    fn of_compound(name: &str) -> Self {
        const COMPOUNDS: &[(&str, Roles)] = &[
            ("readmore", Roles::RELATED),
            ("readalso", Roles::RELATED),
            ("alsoread", Roles::RELATED),
            ("mostread", Roles::RELATED),
            ("morenews", Roles::RELATED),
            ("morefrom", Roles::RELATED),
            ("relatednews", Roles::RELATED),
            ("relationnews", Roles::RELATED),
            ("topnews", Roles::RELATED),
            ("newslist", Roles::RELATED),
            ("seealso", Roles::RELATED),
            ("upnext", Roles::RELATED),
            ("youmaylike", Roles::RELATED),
            ("imgdesc", Roles::CAPTION),
            ("photodesc", Roles::CAPTION),
            ("imagedesc", Roles::CAPTION),
            ("txtdesc", Roles::CAPTION),
            ("authorbio", Roles::BIO),
            ("authorbox", Roles::BIO),
            ("aboutauthor", Roles::BIO),
            ("abouttheauthor", Roles::BIO),
            ("authorinfo", Roles::BIO),
            ("authordesc", Roles::BIO),
            ("cardcontainer", Roles::RELATED),
            ("fontsize", Roles::CONTROL),
            ("sronly", Roles::HIDDEN),
            ("visuallyhidden", Roles::HIDDEN),
            ("screenreader", Roles::HIDDEN),
            ("entrymeta", Roles::HEAD),
            ("postmeta", Roles::HEAD),
            ("articlemeta", Roles::HEAD),
            ("articleinfo", Roles::HEAD),
            ("articlehead", Roles::HEAD),
            ("pubtime", Roles::DATE),
            ("publishtime", Roles::DATE),
            ("navpath", Roles::CRUMBS),
        ];
        COMPOUNDS
            .iter()
            .filter(|(compound, _)| name.contains(compound))
            .fold(Self::default(), |roles, (_, role)| roles.with(*role))
    }
}

/// Whether a class or id says "the text of the article", or the markup does.
pub(super) fn is_body_hint(element: &Element) -> bool {
    const HINTS: &[&str] = &[
        "articlebody",
        "articlecontent",
        "articletext",
        "articletxt",
        "articleview",
        "articlecopy",
        "entrycontent",
        "entrybody",
        "storybody",
        "storycontent",
        "storytext",
        "storynews",
        "postcontent",
        "postbody",
        "posttext",
        "newsbody",
        "newscontent",
        "newstext",
        "newstxt",
        "newsview",
        "bodytext",
        "bodycopy",
        "bodycontent",
        "contentbody",
        "textbody",
        "maintext",
        "viewbody",
        "viewcontent",
        "detailbody",
        "ampbody",
        "artikeltext",
        "articlemain",
        "contnewstext",
        "articledetail",
        "singlecontent",
        "pagecontentbody",
        "longread",
    ];
    if element
        .attr("itemprop")
        .is_some_and(|prop| prop.split_ascii_whitespace().any(|p| p == "articleBody"))
    {
        return true;
    }
    let names = element.classes().chain(element.id());
    let not_meant = ["head", "meta", "info", "foot", "share", "image", "tool"];
    names
        .map(squash)
        .filter(|name| !not_meant.iter().any(|word| name.contains(word)))
        .any(|name| {
            HINTS
                .iter()
                .any(|hint| name.contains(hint) && name.len() <= hint.len() + 16)
        })
}

fn is_hidden(element: &Element) -> bool {
    let style = element.attr("style").unwrap_or_default();
    element.attr("hidden").is_some()
        || (style.len() < 2_000
            && style
                .to_ascii_lowercase()
                .split(';')
                .any(|rule| squash(rule) == "displaynone"))
}

/// The name in lower case without anything but letters and digits.
pub(super) fn squash(name: &str) -> String {
    name.chars()
        .take(120)
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// The words of `article-body`, `articleBody` and `article_body` alike, in lower case.
fn words(name: &str) -> impl Iterator<Item = String> + '_ {
    name.split(|c: char| !c.is_ascii_alphabetic())
        .filter(|part| !part.is_empty() && part.len() <= 60)
        .flat_map(|part| {
            let mut pieces: Vec<String> = Vec::new();
            let mut was_lower = false;
            for c in part.chars() {
                if pieces.is_empty() || (was_lower && c.is_ascii_uppercase()) {
                    pieces.push(String::new());
                }
                was_lower = c.is_ascii_lowercase();
                if let Some(piece) = pieces.last_mut() {
                    piece.push(c.to_ascii_lowercase());
                }
            }
            pieces
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use scraper::Html;

    fn roles(markup: &str) -> Roles {
        let html = Html::parse_fragment(markup);
        let selector = scraper::Selector::parse("div, em, span").unwrap();
        let element = html.select(&selector).next().unwrap().value().clone();
        Roles::of(&element)
    }

    #[test]
    fn roles_are_read_from_words_however_they_are_joined() {
        for (markup, role) in [
            ("<div class='related-articles'>", Roles::RELATED),
            ("<div class='relatedArticles'>", Roles::RELATED),
            ("<em class=img_desc>", Roles::CAPTION),
            ("<div id='div-gpt-ad-17'>", Roles::AD),
            ("<div style='color:red; display : none'>", Roles::HIDDEN),
            ("<span itemprop=author>", Roles::BYLINE),
        ] {
            assert!(roles(markup).has(role), "{markup}");
        }
    }

    #[test]
    fn a_word_inside_another_word_names_no_role() {
        assert_eq!(
            roles("<div class='shadow header2 loaded'>"),
            Roles::default()
        );
    }
}
