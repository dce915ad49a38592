-- Stores a batch of articles; answers with those that are new, changed or back. An unchanged one is
-- not written at all. $14 are the times: now() in DO UPDATE is refused where the table is distributed.
-- $15 are articles read at another address than their own: known ones among them stay as they are.
-- With $16 those stay too that were written at a later time. A present text stands in the article
-- alone; the one it replaced is answered, for its revision to keep.
WITH incoming AS (
    SELECT t.fingerprint, t.first_seen_at, t.source_id, t.section_id, t.host_id, t.url,
           t.title, t.lead, t.body, t.word_count, t.content_hash, t.sim_hash, t.seen_at, f.*
      FROM unnest($1::uuid[], $2::timestamptz[], $3::integer[], $4::integer[],
                  $5::integer[], $6::text[], $7::text[], $8::text[], $9::text[],
                  $10::integer[], $11::uuid[], $12::bigint[], $13::jsonb[], $14::timestamptz[])
        AS t (fingerprint, first_seen_at, source_id, section_id, host_id, url, title, lead,
              body, word_count, content_hash, sim_hash, fields, seen_at)
     CROSS JOIN LATERAL jsonb_to_record(t.fields)
        AS f (subtitle text, authors text[], agency text, section text, tags text[],
              language text, published_at timestamptz, published_precision crawl.precision,
              published_text text, modified_at timestamptz, modified_text text,
              paywalled boolean, provenance jsonb)),
old AS (
    SELECT a.fingerprint, a.first_seen_at, a.content_hash, a.title, a.subtitle, a.authors, a.body,
           a.revision_count
      FROM incoming i JOIN crawl.articles a USING (fingerprint, first_seen_at)),
written AS (
    INSERT INTO crawl.articles AS a (
           fingerprint, first_seen_at, source_id, section_id, host_id, url, title, subtitle,
           authors, agency, section, tags, language, published_at, published_precision,
           published_text, modified_at, modified_text, lead, body, word_count, paywalled,
           provenance, content_hash, sim_hash, revision_count, checked_at)
    SELECT fingerprint, first_seen_at, source_id, section_id, host_id, url, title, subtitle,
           authors, agency, section, tags, language, published_at, published_precision,
           published_text, modified_at, modified_text, lead, body, word_count, paywalled,
           provenance, content_hash, sim_hash, 1, seen_at
      FROM incoming ORDER BY fingerprint
    ON CONFLICT (fingerprint, first_seen_at) DO UPDATE
       SET title = excluded.title, subtitle = excluded.subtitle,
           authors = excluded.authors, agency = excluded.agency,
           section = excluded.section, tags = excluded.tags,
           language = excluded.language, published_at = excluded.published_at,
           published_precision = excluded.published_precision,
           published_text = excluded.published_text, modified_at = excluded.modified_at,
           modified_text = excluded.modified_text, lead = excluded.lead,
           body = excluded.body, word_count = excluded.word_count,
           paywalled = excluded.paywalled, provenance = excluded.provenance,
           content_hash = excluded.content_hash, sim_hash = excluded.sim_hash,
           checked_at = excluded.checked_at, removed_at = NULL,
           revision_count = a.revision_count
                            + (a.content_hash <> excluded.content_hash)::integer
     WHERE (a.content_hash <> excluded.content_hash OR a.removed_at IS NOT NULL)
       AND a.fingerprint <> ALL ($15::uuid[])
       AND (NOT $16::boolean OR a.checked_at <= excluded.checked_at)
    RETURNING fingerprint, first_seen_at, revision_count, checked_at, content_hash, title,
              subtitle, authors, body),
compared AS (
    SELECT w.fingerprint, w.first_seen_at, w.revision_count, w.checked_at, w.content_hash,
           w.title, w.subtitle, w.authors, coalesce(o.revision_count, 0) AS replaced,
           o.body AS replaced_body, o.content_hash IS DISTINCT FROM w.content_hash AS is_changed,
           CASE WHEN o.fingerprint IS NULL THEN '{}' ELSE array_remove(ARRAY[
               CASE WHEN o.title <> w.title THEN 'title' END,
               CASE WHEN o.subtitle IS DISTINCT FROM w.subtitle THEN 'subtitle' END,
               CASE WHEN o.authors <> w.authors THEN 'authors' END,
               CASE WHEN o.body IS DISTINCT FROM w.body THEN 'body' END], NULL)
           END AS changed
      FROM written w LEFT JOIN old o USING (fingerprint, first_seen_at)),
revised AS (
    INSERT INTO crawl.revisions (fingerprint, first_seen_at, revision, kind, seen_at,
                                 changed, content_hash, title, subtitle, authors)
    SELECT fingerprint, first_seen_at, revision_count,
           CASE revision_count WHEN 1 THEN 'first' ELSE 'edit' END::crawl.revision_kind,
           checked_at, changed, content_hash, title, subtitle, authors
      FROM compared WHERE is_changed)
SELECT fingerprint AS "fingerprint!", first_seen_at AS "first_seen_at!",
       revision_count AS "revision!", is_changed AS "is_changed!", replaced AS "replaced!",
       CASE WHEN is_changed THEN replaced_body END AS replaced_body
  FROM compared
