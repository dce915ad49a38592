-- Serves facts() in store/explain/: the other addresses of an article.
CREATE INDEX aliases_article_fingerprint_idx ON crawl.aliases (article_fingerprint);
