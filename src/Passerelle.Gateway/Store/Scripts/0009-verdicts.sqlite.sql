-- What reached us in the words of RFC 8601, our Authentication-Results, and from whom an app takes its mail.

ALTER TABLE message ADD COLUMN spf TEXT NOT NULL DEFAULT '';                    -- of the last hop
ALTER TABLE message ADD COLUMN dkim TEXT NOT NULL DEFAULT '';
ALTER TABLE message ADD COLUMN dmarc TEXT NOT NULL DEFAULT '';
ALTER TABLE message ADD COLUMN arc TEXT NOT NULL DEFAULT '';
ALTER TABLE message ADD COLUMN authentication_results TEXT NOT NULL DEFAULT ''; -- the whole field
ALTER TABLE message ADD COLUMN delivered_by TEXT NOT NULL DEFAULT '';           -- for people: provider, confirmed name, address

ALTER TABLE app ADD COLUMN delivery TEXT NOT NULL DEFAULT 'anyone';             -- anyone, mark or hold
ALTER TABLE app ADD COLUMN delivery_providers TEXT NOT NULL DEFAULT '';         -- ids, one blank between them
ALTER TABLE app ADD COLUMN delivery_sources TEXT NOT NULL DEFAULT '';           -- names and ranges, one blank between them

CREATE TABLE deliverer (                    -- who has delivered to an app so far
    organisation_id BLOB NOT NULL,
    app_id          BLOB NOT NULL,
    name            TEXT NOT NULL,          -- a provider's id, or the organisational domain of a confirmed name, or an address
    provider        TEXT NOT NULL,          -- a provider's id; empty: none that we know
    mails           INTEGER NOT NULL,
    first_at        INTEGER NOT NULL,
    last_at         INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, app_id, name)
) WITHOUT ROWID;
