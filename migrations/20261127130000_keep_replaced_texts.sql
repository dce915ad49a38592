-- A revision keeps its text once it has been replaced; the present one's stands in the article.
CREATE OR REPLACE VIEW news.revisions AS
SELECT r.fingerprint AS article_id, r.revision, r.kind::text AS kind, r.seen_at, r.changed,
       r.title, r.subtitle, r.authors, coalesce(r.body, a.body) AS body
  FROM crawl.revisions r
  LEFT JOIN crawl.articles a ON a.fingerprint = r.fingerprint AND a.first_seen_at = r.first_seen_at
                            AND a.revision_count = r.revision;
