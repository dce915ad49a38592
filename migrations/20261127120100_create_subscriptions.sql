-- Feeds that push (WebSub): what we asked of their hubs, and what came of it.
CREATE TYPE crawl.subscription_state AS ENUM ('wanted', 'active', 'denied', 'leaving');
CREATE TYPE crawl.subscription_request AS ENUM ('subscribe', 'unsubscribe');

CREATE TABLE crawl.subscriptions (
    section_id    integer     NOT NULL,  -- the feed
    token         text        NOT NULL,  -- the unguessable part of the callback
    secret        text        NOT NULL,  -- pushes are signed with it
    hub           text        NOT NULL,
    topic         text        NOT NULL,  -- the feed, as the hub calls it
    callback      text,                  -- as the hub was last told; NULL: it was told nothing yet
    state         crawl.subscription_state NOT NULL DEFAULT 'wanted',
    asked_for     crawl.subscription_request,  -- not verified by the hub yet
    next_at       timestamptz NOT NULL,  -- the hub is asked then
    tries         smallint    NOT NULL DEFAULT 0,  -- since something came of it
    expires_at    timestamptz,           -- the lease that the hub gave
    last_error    text,
    pushes        bigint      NOT NULL DEFAULT 0,
    pushed_at     timestamptz,
    refusals      bigint      NOT NULL DEFAULT 0,  -- pushes that were not signed as they must be
    last_refusal  text
);
ALTER TABLE crawl.subscriptions
    ADD CONSTRAINT subscriptions_pkey PRIMARY KEY (section_id),
    ADD CONSTRAINT subscriptions_token_key UNIQUE (token),
    ADD CONSTRAINT subscriptions_section_id_fkey FOREIGN KEY (section_id)
        REFERENCES crawl.sections (id) ON DELETE CASCADE;

CREATE VIEW news.subscriptions AS
SELECT s.name AS source, c.url AS feed, u.hub,
       CASE WHEN u.state = 'active' AND u.expires_at <= now() THEN 'expired'
            ELSE u.state::text END AS state,
       u.expires_at, u.pushes, u.pushed_at AS last_push_at, u.refusals, u.last_refusal,
       u.last_error
  FROM crawl.subscriptions u
  JOIN crawl.sections c ON c.id = u.section_id
  JOIN crawl.sources s ON s.id = c.source_id;
COMMENT ON VIEW news.subscriptions IS 'One row is a feed whose hub pushes what is new in it, or was asked to (WebSub).';
COMMENT ON COLUMN news.subscriptions.source IS 'Outlet of the feed.';
COMMENT ON COLUMN news.subscriptions.feed IS 'Address of the feed; it is visited all the same.';
COMMENT ON COLUMN news.subscriptions.hub IS 'Who pushes.';
COMMENT ON COLUMN news.subscriptions.state IS 'wanted (not confirmed yet), active, expired, denied by the hub, or leaving.';
COMMENT ON COLUMN news.subscriptions.expires_at IS 'Until when the hub pushes; it is asked again before.';
COMMENT ON COLUMN news.subscriptions.pushes IS 'Pushes taken so far.';
COMMENT ON COLUMN news.subscriptions.last_push_at IS 'When the last one came.';
COMMENT ON COLUMN news.subscriptions.refusals IS 'Pushes that were ignored: forged, unsigned, or no feed.';
COMMENT ON COLUMN news.subscriptions.last_refusal IS 'Why the last one was.';
COMMENT ON COLUMN news.subscriptions.last_error IS 'Why the hub could not be asked, or what it denied; null once it confirmed.';
DO $$
BEGIN
    GRANT SELECT ON news.subscriptions TO news_reader;
EXCEPTION WHEN undefined_object OR insufficient_privilege THEN
    RAISE NOTICE 'role news_reader got no rights: %', SQLERRM;
END
$$;
