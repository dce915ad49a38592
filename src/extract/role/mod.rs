//! What an element is for, as its tag, class, id, `role` and `itemprop` tell. Words only: no outlet's
//! name and no selector. Whether a word is believed is decided by `outline`, which knows how much
//! text the element holds.

mod names;
mod words;

use super::element::Element;
pub(super) use names::Names;

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
    /// Cut out of the body by a site rule.
    pub(super) const CUT: Self = Self(1 << 23);
    /// Text that the site repeats on pages of different articles, as its memory tells.
    pub(super) const REPEATED: Self = Self(1 << 24);

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
            | Self::CUT.0
            | Self::REPEATED.0
            | Self::CONTROL.0,
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

    pub(super) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) const fn common(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(super) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
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

    /// What a class or an id does not tell on this tag. A heading's id is made of its own words; its
    /// class tells how it looks and whether a table of contents leads to it. A row's `player` is an
    /// athlete.
    fn untold(tag: &str, attribute: &str) -> Self {
        match tag {
            "h2" | "h3" | "h4" | "h5" | "h6" if attribute == "id" => Self(u32::MAX),
            "h2" | "h3" | "h4" | "h5" | "h6" => Self::NAV.with(Self::CONTROL).with(Self::HEAD),
            "tr" | "td" | "th" => Self::CONTROL,
            _ => Self::default(),
        }
    }

    fn of_property(itemprop: &str) -> Self {
        match itemprop {
            "headline" | "name headline" => Self::HEADLINE,
            "caption" => Self::CAPTION,
            "author" | "creator" => Self::BYLINE,
            "image" => Self::PICTURE,
            "datePublished" | "dateModified" | "dateCreated" => Self::DATE,
            "keywords" => Self::TAGS,
            "alternativeHeadline" => Self::STANDFIRST,
            "comment" => Self::COMMENT,
            _ => Self::default(),
        }
    }

    fn of_landmark(role: &str) -> Self {
        match role {
            "navigation" | "menu" | "search" | "menubar" => Self::NAV,
            "complementary" => Self::ASIDE,
            "contentinfo" => Self::FOOTER,
            "dialog" | "alertdialog" => Self::OFFER,
            "banner" => Self::HEAD,
            _ => Self::default(),
        }
    }
}

/// What the markup of an element says that it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Purpose {
    pub(super) roles: Roles,
    /// Whether it says "the text of the article".
    pub(super) is_hint: bool,
}

impl Purpose {
    /// Reads the tag and, in one pass, the attributes.
    pub(super) fn of<'a>(element: Element<'a>, names: &mut Names<'a>) -> Self {
        let tag = element.name();
        let mut purpose = Self {
            roles: Roles::of_tag(tag),
            is_hint: false,
        };
        let (mut named, mut is_shown_later) = (Roles::default(), false);
        for (name, value) in element.attrs() {
            let roles = match name {
                "class" | "id" => {
                    let told = match name {
                        "id" => names.name(value),
                        _ => names.read(value),
                    };
                    purpose.is_hint |= told.is_hint;
                    is_shown_later |= told.is_shown_later;
                    named = named.with(told.roles.without(Roles::untold(tag, name)));
                    continue;
                }
                "itemprop" => {
                    purpose.is_hint |= value.split_ascii_whitespace().any(|p| p == "articleBody");
                    Roles::of_property(value)
                }
                "role" => Roles::of_landmark(value),
                "rel" if value == "author" => Roles::BYLINE,
                "hidden" if !is_unfolded(element) => Roles::HIDDEN,
                "style" if is_hiding(value) && !is_unfolded(element) => Roles::HIDDEN,
                _ => continue,
            };
            purpose.roles = purpose.roles.with(roles);
        }
        if is_shown_later {
            named = named.without(Roles::HIDDEN);
        }
        purpose.roles = purpose.roles.with(named);
        if matches!(tag, "html" | "body") {
            // Their classes describe the site, not a part of the page.
            purpose.roles = Roles::default();
        }
        purpose
    }
}

/// Whether a reader sees it though it begins hidden: what a button unfolds, and what a streaming
/// renderer of React sends ahead in pieces named `S:0`, `S:1` and moves into place by script.
fn is_unfolded(element: Element<'_>) -> bool {
    matches!(element.attr("role"), Some("region" | "tabpanel"))
        || element.attr("aria-labelledby").is_some()
        || element.id().is_some_and(|id| id.starts_with("S:"))
}

/// Whether a `style` takes its element off the page.
fn is_hiding(style: &str) -> bool {
    let has_none = || {
        let mut words = style.as_bytes().windows(4);
        words.any(|word| word.eq_ignore_ascii_case(b"none"))
    };
    let mut squashed = String::new();
    style.len() < 2_000
        && has_none()
        && style.split(';').any(|rule| {
            names::squash(rule, &mut squashed);
            squashed == "displaynone"
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use scraper::Html;

    fn roles(markup: &str) -> Roles {
        let html = Html::parse_fragment(markup);
        let selector = scraper::Selector::parse("div, em, span").unwrap();
        let element = html.select(&selector).next().unwrap().value();
        Purpose::of(element.into(), &mut Names::default()).roles
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
