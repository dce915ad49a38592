-- Turns at server addresses: hosts of sources with scope = "address" that lead to one address are
-- asked one after the other, whichever node has leased them. A row is made at its first turn.
CREATE TABLE crawl.addresses (
    address    text        NOT NULL,  -- the smallest IP address of a name
    turn       bigint      NOT NULL,  -- counts up with each turn; who ends a later one's is ignored
    free_at    timestamptz NOT NULL,  -- no request starts before: the delay since the last start
    held_until timestamptz NOT NULL,  -- the request under way is over then, at the latest
    CONSTRAINT addresses_pkey PRIMARY KEY (address)
);
