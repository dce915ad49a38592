-- How a host has behaved, for the next lease and for people.
ALTER TABLE crawl.hosts
    ADD COLUMN doubts        smallint NOT NULL DEFAULT 0,
                             -- answers in a row that may speak of the host (policy/standing.rs)
    ADD COLUMN delay_seconds double precision;  -- in force at the last lease; NULL: never asked

CREATE VIEW news.hosts AS
SELECT h.key AS host,
       CASE WHEN h.rests_until > now() THEN h.rests_until END AS resting_until,
       h.failures::integer AS failures, h.last_error,
       make_interval(secs => h.delay_seconds) AS delay,
       nullif(h.polite_at, '-infinity') AS not_asked_before,
       CASE WHEN h.lease_token <> 0 AND h.ready_at > now() THEN h.leased_by END AS leased_by
  FROM crawl.hosts h;
COMMENT ON VIEW news.hosts IS 'One row is what politeness counts as one: a host name, or a whole domain.';
COMMENT ON COLUMN news.hosts.host IS 'Name of the host or domain.';
COMMENT ON COLUMN news.hosts.resting_until IS 'Left alone until then because it failed or asked for it; null where it is not resting.';
COMMENT ON COLUMN news.hosts.failures IS 'Failures that speak of the host, up to 20: each doubles its next rest, each good answer halves them.';
COMMENT ON COLUMN news.hosts.last_error IS 'Why it rested last; null once it was forgiven.';
COMMENT ON COLUMN news.hosts.delay IS 'From the start of a request to the start of the next, at the last lease; null where it was never asked.';
COMMENT ON COLUMN news.hosts.not_asked_before IS 'No request starts before, be it for its delay or for a rest.';
COMMENT ON COLUMN news.hosts.leased_by IS 'Node that asks it now; null where none does.';
