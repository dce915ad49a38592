-- What the checker can't see in the tables at the end: who held which host when, and in which
-- transaction a job ended. Lives beside our schemas, in the database of the suite only.
CREATE SCHEMA audit;
CREATE TABLE audit.leases (
    at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    began_at   timestamptz NOT NULL DEFAULT now(),  -- of the transaction: what it took for "now"
    host       text        NOT NULL,
    old_token  bigint      NOT NULL,
    old_end    timestamptz NOT NULL,
    token      bigint      NOT NULL,
    lease_end  timestamptz NOT NULL,
    node       text
);
CREATE TABLE audit.ends (
    txid        bigint NOT NULL DEFAULT txid_current(),
    fingerprint uuid   NOT NULL
);
CREATE INDEX ends_txid_idx ON audit.ends (txid);

CREATE FUNCTION audit.on_host() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit.leases (host, old_token, old_end, token, lease_end, node)
    VALUES (NEW.key, OLD.lease_token, OLD.ready_at, NEW.lease_token, NEW.ready_at, NEW.leased_by);
    RETURN NULL;
END
$$;
CREATE TRIGGER audit AFTER UPDATE ON crawl.hosts FOR EACH ROW
    WHEN (NEW.lease_token <> 0 OR OLD.lease_token <> 0) EXECUTE FUNCTION audit.on_host();

CREATE FUNCTION audit.on_job() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit.ends (fingerprint) VALUES (OLD.fingerprint);
    RETURN NULL;
END
$$;
CREATE TRIGGER audit AFTER UPDATE OR DELETE ON crawl.jobs FOR EACH ROW
    EXECUTE FUNCTION audit.on_job();
