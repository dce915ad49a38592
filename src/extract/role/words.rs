//! The words that names of elements are made of, and what they tell. General conventions of HTML,
//! CMSs, ad and share widgets; no outlet's name. Words are set apart by spaces, in lower-case
//! letters; their order does not matter.

use super::Roles;

/// Words as they stand between hyphens, underscores, digits and humps.
pub(super) const WORDS: &[(Roles, &str)] = &[
    (
        Roles::NAV,
        "nav gnb lnb menu pagination paging pager navbar navigation topbar masthead \
         skip toc",
    ),
    (Roles::CRUMBS, "breadcrumb breadcrumbs crumbs"),
    (Roles::FOOTER, "footer foot"),
    (
        Roles::RELATED,
        "related relation relations recommend recommended similar recommendations \
         recirc recirculation popular trending rank ranking outbrain taboola onward \
         ticker teasers upsell zergnet promo promobox jebo",
    ),
    (
        Roles::COMMENT,
        "comment comments disqus respond livefyre reply replies kommentare",
    ),
    (
        Roles::SHARE,
        "share sharing social sns sharedaddy addthis addtoany sharebar socials \
         reactions teilen whatsapp telegram kakao",
    ),
    (
        Roles::AD,
        "ad ads adv advert adverts advertisement advertising adsense adsbygoogle adslot \
         adbox banner gpt dfp sponsor sponsored anzeige werbung publicidad publicite",
    ),
    (
        Roles::OFFER,
        "newsletter newsletters subscribe subscription signup paywall regwall piano \
         optin offer abo donate donation cookie cookies consent gdpr login modal popup cta \
         disclaimer disclosure abonnement abonnez abonnieren payant suscripcion suscribete \
         abbonamento assinatura",
    ),
    (
        Roles::CAPTION,
        "caption captions cutline bildunterschrift legend legende cap bu",
    ),
    (Roles::CREDIT, "credit credits bildquelle fotocredit"),
    (
        Roles::BYLINE,
        "byline bylines author authors writer reporter journalist vcard autor autoren \
         autora autores auteur auteurs autore autori forfatter forfattare skribent redacteur \
         penulis yazar muhabir signature dateline",
    ),
    (
        Roles::DATE,
        "date datetime pubdate timestamp updated dates datum",
    ),
    (
        Roles::TAGS,
        "tags keyword keywords kwd hashtag hashtags taglist",
    ),
    (Roles::COPYRIGHT, "copyright copyrights"),
    (
        Roles::STANDFIRST,
        "standfirst subtitle subheadline dek deck subheading",
    ),
    (Roles::HEADLINE, "headline"),
    (
        Roles::KICKER,
        "kicker overline eyebrow dachzeile roofline topline toptitle pretitle pretitre surtitre antetitulo occhiello",
    ),
    (Roles::ASIDE, "sidebar rail aside"),
    (
        Roles::PICTURE,
        "figure photo image img picture bild ph thumb visual",
    ),
    (Roles::BIO, "bio biography"),
    (
        Roles::CONTROL,
        "toolbar tools utill utils player print tooltip jwplayer videojs fallback unsupported \
         button buttons btn",
    ),
    (Roles::HIDDEN, "hidden"),
];

/// What only tells something as a whole; found anywhere in a name without its hyphens and humps.
pub(super) const COMPOUNDS: &[(Roles, &str)] = &[
    (
        Roles::RELATED,
        "readmore readalso alsoread mostread morenews morefrom relatednews relationnews \
         topnews newslist seealso upnext youmaylike cardcontainer",
    ),
    (Roles::CAPTION, "imgdesc photodesc imagedesc txtdesc"),
    (
        Roles::BIO,
        "authorprofile authorcard authorbio authorbox aboutauthor abouttheauthor authorinfo authordesc",
    ),
    (Roles::CONTROL, "fontsize"),
    (Roles::HIDDEN, "sronly visuallyhidden screenreader"),
    (
        Roles::HEAD,
        "entrymeta postmeta articlemeta articleinfo articlehead",
    ),
    (Roles::OFFER, "accesswall registrationwall loggedoutview"),
    (
        Roles::DATE,
        "pubtime publishtime readtime readingtime postdate",
    ),
    (Roles::CRUMBS, "navpath"),
    (
        Roles::COPYRIGHT,
        "citearticle citethis howtocite zitiervorschlag",
    ),
];

/// What tells something only as the whole name: what moves into view on scrolling is
/// `elementor-invisible`.
pub(super) const WHOLE: &[(Roles, &str)] = &[
    (Roles::BYLINE, "by"),
    (Roles::HIDDEN, "invisible"),
    (Roles::HIDDEN, "blind"),
];

/// Words that make `hidden` mean less than the whole element: `overflow-hidden`, `hidden-print`.
pub(super) const HIDDEN_PARTLY: &[&str] = &[
    "overflow", "backface", "label", "print", "mobile", "phone", "tablet", "desktop", "xs", "sm",
    "md", "lg", "xl", "xxl",
];

/// Beginnings of words that are grown together with others (`relatedposts`, `authorname`).
pub(super) const BEGINNINGS: &[(Roles, &str)] =
    &[(Roles::RELATED, "related"), (Roles::BYLINE, "author")];

/// Compounds that say "the text of the article".
pub(super) const HINTS: &str = "articlebody articlecontent articletext articletxt articleview articlecopy entrycontent \
 entrybody storybody storycontent storytext storynews postcontent postbody posttext \
 newsbody newscontent newstext newstxt newsview bodytext bodycopy bodycontent \
 contentbody textbody maintext viewbody viewcontent detailbody ampbody artikeltext \
 articlemain contnewstext articledetail singlecontent pagecontentbody longread fieldnamebody";

/// In a name that is a hint, words that say "something around that text".
pub(super) const NO_HINTS: &[&str] = &["head", "meta", "info", "foot", "share", "image", "tool"];

/// Before a name: what a post is filed under or has about it, not what the element is.
pub(super) const ABOUT: &[&str] = &[
    "category-",
    "tag-",
    "has-",
    "no-",
    "with-",
    "without-",
    "post-format-",
    "post-template-",
    "post-type-",
];
