-- A lookup by both columns of the primary key of articles must never go by the time alone: all links
-- of a sitemap have the same, and as long as a new partition has no statistics the planner took
-- either index. A BRIN index serves counts() in store/status.rs as well, and costs next to nothing
-- to keep: articles come in about the order in which they were first met.
DROP INDEX crawl.articles_first_seen_at_idx;
CREATE INDEX articles_first_seen_at_idx ON crawl.articles USING brin (first_seen_at);
