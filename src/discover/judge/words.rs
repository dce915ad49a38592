//! The words that addresses of news sites are made of.

/// Files that are no pages.
pub(super) const ASSETS: &[&str] = &[
    "jpg", "jpeg", "png", "gif", "webp", "avif", "svg", "ico", "bmp", "pdf", "css", "js", "json",
    "xml", "rss", "atom", "txt", "zip", "gz", "mp3", "mp4", "m4a", "mov", "avi", "webm", "m3u8",
    "woff", "woff2", "ttf", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "hwp", "hwpx", "csv",
    "epub", "exe", "apk", "ics",
];

/// Path segments of what is never an article.
pub(super) const NEVER: &[&str] = &[
    "search",
    "login",
    "logout",
    "signin",
    "signup",
    "sign-in",
    "sign-up",
    "register",
    "join",
    "member",
    "members",
    "mypage",
    "account",
    "accounts",
    "cart",
    "checkout",
    "rss",
    "feed",
    "wp-login",
    "wp-admin",
    "wp-json",
    "wp-content",
    "cdn-cgi",
    "api",
    "ajax",
    "oauth",
    "sso",
    "unsubscribe",
    "redirect",
];

/// Last path segments of what is never an article.
pub(super) const NEVER_LAST: &[&str] = &["comment", "comments"];

/// Path segments of listings.
pub(super) const LISTINGS: &[&str] = &[
    "topic",
    "topics",
    "category",
    "categories",
    "section",
    "sections",
    "list",
    "page",
    "pages",
];

/// Path segments of listings that cut across sections, of a word or a person.
pub(in crate::discover) const ACROSS: &[&str] = &[
    "tag",
    "tags",
    "hashtag",
    "keyword",
    "keywords",
    "author",
    "authors",
    "reporter",
    "reporters",
    "journalist",
    "journalists",
    "writer",
    "writers",
];

/// Path segments of pages about the outlet, its offers and its readers.
pub(in crate::discover) const ABOUT: &[&str] = &[
    "about",
    "about-us",
    "contact",
    "contact-us",
    "privacy",
    "privacy-policy",
    "terms",
    "terms-of-use",
    "terms-of-service",
    "policy",
    "policies",
    "legal",
    "imprint",
    "impressum",
    "datenschutz",
    "agb",
    "kontakt",
    "sitemap",
    "help",
    "faq",
    "advertise",
    "advertising",
    "company",
    "careers",
    "jobs",
    "newsletter",
    "newsletters",
    "subscribe",
    "subscription",
    "abo",
    "shop",
    "store",
    "user",
    "users",
    "profile",
    "preferences",
    "settings",
    "cookies",
    "accessibility",
];

/// Path segments that sites put before the key of an article.
pub(super) const BEFORE_ARTICLE: &[&str] = &[
    "article",
    "articles",
    "view",
    "newsview",
    "read",
    "story",
    "stories",
    "artikel",
    "arti",
    "post",
    "posts",
    "articleview",
];

/// Query parameters that hold the key of an article.
pub(super) const KEYS: &[&str] = &[
    "idxno",
    "articleid",
    "article_id",
    "newsid",
    "news_id",
    "arcid",
    "artid",
    "aid",
    "no",
    "id",
    "nid",
    "ncd",
    "cntn_cd",
    "ud",
    "oid",
    "storyid",
    "story_id",
    "seq",
    "idx",
    "uid",
    "key",
];

/// Query parameters that choose a page or a part of a listing.
pub(super) const CHOICES: &[&str] = &[
    "page", "p", "pg", "pageno", "page_no", "pagenum", "offset", "start", "sec", "section", "cat",
    "category", "tag", "keyword", "q", "query", "s", "search", "sort", "order", "mid", "lstcode",
    "date", "month", "year",
];

/// Query parameters of pages that are made for one reader.
pub(super) const PRIVATE: &[&str] = &[
    "preview",
    "replytocom",
    "replyto",
    "reply_to",
    "comment_id",
    "commentid",
    "showcomments",
    "print",
    "printable",
    "share",
    "redirect_to",
    "returnurl",
];

/// Path segments of other looks of a page.
pub(super) const VARIANTS: &[&str] = &[
    "print",
    "printview",
    "printer",
    "printable",
    "print-article",
    "print_article",
    "printarticle",
    "articleprint",
    "print_view",
    "print-view",
    "viewprint",
    "popprint",
    "share",
    "sharer",
    "sendmail",
    "send-mail",
    "mailarticle",
    "email-this",
    "reply",
    "trackback",
];

/// Query parameters that choose the look of a page, and their values for other looks.
pub(super) const VARIANT_MODES: &[&str] = &[
    "mode", "view", "output", "format", "action", "act", "do", "type", "cmd",
];
pub(super) const VARIANT_VALUES: &[&str] = &[
    "print",
    "printable",
    "pdf",
    "share",
    "email",
    "mail",
    "sendmail",
    "reply",
    "comment",
    "comments",
    "report",
    "scrap",
];

/// Path segments of calendars.
pub(super) const CALENDAR: &[&str] = &[
    "calendar",
    "calendars",
    "event-calendar",
    "events-calendar",
    "event",
    "events",
    "kalender",
    "veranstaltungen",
    "termine",
    "calendario",
    "calendrier",
    "agenda",
    "schedule",
];

/// Query parameters that choose among the entries of a listing.
pub(super) const FILTERS: &[&str] = &[
    "filter", "filters", "facet", "facets", "sort", "sortby", "sort_by", "order", "orderby",
    "order_by", "dir", "color", "size", "brand", "price", "min", "max", "tag", "tags", "cat",
    "category", "type", "period", "range", "from", "to", "region", "author", "view", "display",
    "limit", "per_page", "perpage",
];
