//! What `meta` elements and attributes that hold dates are called.

/// Names that only stand for the publication.
pub(super) const PUBLISHED: &[&str] = &[
    "article:published_time",
    "og:article:published_time",
    "article:published",
    "og:published_time",
    "datepublished",
    "og:regdate",
    "published_time",
    "published-time",
    "published-date",
    "published_date",
    "publication_date",
    "publication-date",
    "publicationdate",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "pubdate",
    "publishdate",
    "publish_date",
    "publish-date",
    "dc.date.issued",
    "dcterms.issued",
    "article_date_original",
    "originalpublicationdate",
    "rnews:datepublished",
    "citation_publication_date",
    "citation_online_date",
    "analyticsattributes.articledate",
];
/// Names that some sites use for the last change or the making of the page.
pub(super) const LOOSE: &[&str] = &[
    "date",
    "dc.date",
    "dcterms.date",
    "date.release",
    "dcterms.created",
    "dc.date.created",
    "datecreated",
    "created",
];
pub(super) const MODIFIED: &[&str] = &[
    "article:modified_time",
    "og:article:modified_time",
    "article:modified",
    "og:updated_time",
    "datemodified",
    "modified-time",
    "dcterms.modified",
    "dc.date.modified",
    "last-modified",
    "lastmod",
    "revised",
];
/// Attributes in which scripts and themes keep the time.
pub(super) const ATTRIBUTES: &[&str] = &[
    "datetime",
    "data-published-time",
    "data-date-time",
    "data-publish-date",
    "data-published",
    "data-origindate",
    "data-date",
    "data-deploy-dt",
    "data-timestamp",
];
