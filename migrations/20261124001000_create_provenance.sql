-- Where each field of an article came from, as rows.
CREATE VIEW news.provenance AS
SELECT a.fingerprint AS article_id, s.name AS source, a.first_seen_at, p.field, p.strategy,
       p.trust, p.raw
  FROM crawl.articles a
  LEFT JOIN crawl.sources s ON s.id = a.source_id
 CROSS JOIN LATERAL jsonb_to_recordset(a.provenance)
    AS p (field text, strategy text, trust text, raw text);
COMMENT ON VIEW news.provenance IS
    'One row is a field of an article with where it came from, or a mark of a site rule that gave nothing.';
COMMENT ON COLUMN news.provenance.article_id IS 'Key of the article.';
COMMENT ON COLUMN news.provenance.source IS 'Name of the outlet; null where no source owns the address.';
COMMENT ON COLUMN news.provenance.first_seen_at IS 'When the address was first met; bound it in queries over many articles.';
COMMENT ON COLUMN news.provenance.field IS 'Name of the field as in articles; remove for a mark of that key of a rule.';
COMMENT ON COLUMN news.provenance.strategy IS
    'What gave it: json_ld, open_graph, meta, markup, text, url, site_rule and others. site_rule_missed: a rule names the field and found nothing. site_rule_ignored: a remove would have taken the whole text.';
COMMENT ON COLUMN news.provenance.trust IS 'How far the strategy is trusted: high, medium or low.';
COMMENT ON COLUMN news.provenance.raw IS
    'What the page said, before it was cleaned, cut to 200 characters; of a mark, the selectors.';

DO $$
BEGIN
    GRANT SELECT ON news.provenance TO news_reader;
EXCEPTION WHEN undefined_object OR insufficient_privilege THEN
    RAISE NOTICE 'role news_reader got no rights: %', SQLERRM;
END
$$;
