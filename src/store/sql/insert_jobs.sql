-- Puts the jobs of $1 to $9 and $11 into the frontier whose addresses were never met, and marks those of $10
-- as met. The keys are sorted: two transactions that insert the same keys in different orders would
-- wait for each other for ever.
WITH links AS (
    SELECT * FROM unnest($1::integer[], $2::uuid[], $3::text[], $4::text[], $5::smallint[],
                         $6::integer[], $7::integer[], $8::float8[], $9::smallint[],
                         $11::timestamptz[])
        AS t (host_id, fingerprint, url, kind, priority, source_id, section_id,
              interval_seconds, depth, since)),
new AS (
    INSERT INTO crawl.seen (fingerprint, first_seen_at)
    SELECT fingerprint, now()
      FROM (SELECT fingerprint FROM links UNION SELECT unnest($10::uuid[])) k
     ORDER BY fingerprint
    ON CONFLICT DO NOTHING
    RETURNING fingerprint, first_seen_at)
INSERT INTO crawl.jobs (host_id, fingerprint, first_seen_at, priority, run_at,
                        interval_seconds, kind, url, source_id, section_id, depth, since)
SELECT l.host_id, l.fingerprint, n.first_seen_at, l.priority, now(), l.interval_seconds,
       l.kind::crawl.job_kind, l.url, l.source_id, l.section_id, l.depth, l.since
  FROM links l JOIN new n USING (fingerprint)
 WHERE l.fingerprint <> ALL ($10::uuid[])
ON CONFLICT DO NOTHING
RETURNING host_id, fingerprint
