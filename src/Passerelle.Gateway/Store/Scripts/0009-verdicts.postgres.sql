-- What reached us in the words of RFC 8601, our Authentication-Results, and from whom an app takes its mail.

ALTER TABLE message ADD COLUMN spf text NOT NULL DEFAULT '';                    -- of the last hop
ALTER TABLE message ADD COLUMN dkim text NOT NULL DEFAULT '';
ALTER TABLE message ADD COLUMN dmarc text NOT NULL DEFAULT '';
ALTER TABLE message ADD COLUMN arc text NOT NULL DEFAULT '';
ALTER TABLE message ADD COLUMN authentication_results text NOT NULL DEFAULT ''; -- the whole field
ALTER TABLE message ADD COLUMN delivered_by text NOT NULL DEFAULT '';           -- for people: provider, confirmed name, address

ALTER TABLE app ADD COLUMN delivery text NOT NULL DEFAULT 'anyone';             -- anyone, mark or hold
ALTER TABLE app ADD COLUMN delivery_providers text NOT NULL DEFAULT '';         -- ids, one blank between them
ALTER TABLE app ADD COLUMN delivery_sources text NOT NULL DEFAULT '';           -- names and ranges, one blank between them

CREATE TABLE deliverer (                    -- who has delivered to an app so far
    organisation_id uuid NOT NULL,
    app_id          uuid NOT NULL,
    name            text NOT NULL,          -- a provider's id, or the organisational domain of a confirmed name, or an address
    provider        text NOT NULL,          -- a provider's id; empty: none that we know
    mails           bigint NOT NULL,
    first_at        bigint NOT NULL,
    last_at         bigint NOT NULL,
    PRIMARY KEY (organisation_id, app_id, name)
);
SELECT protect_owned_tables();
