-- What the doctor proves with: a mail that it sends to the mailbox from outside, what came back of it, the last sign-in that
-- was refused, and the sentences of a finding apart from the words of the other side.

ALTER TABLE finding ADD COLUMN told text NOT NULL DEFAULT '';   -- JSON: what, how, raw

CREATE TABLE refused_sign_in (              -- the latest of an app; a sign-in that succeeds takes it away
    organisation_id uuid NOT NULL,
    app_id          uuid NOT NULL,
    app_version     bigint NOT NULL,        -- of the settings it was tried under; it says nothing about others
    account         text NOT NULL,          -- who signed in; empty: nobody came that far
    finding         text NOT NULL,          -- JSON
    at              bigint NOT NULL,
    PRIMARY KEY (organisation_id, app_id)
);

CREATE TABLE canary (                       -- the latest of an app
    organisation_id uuid NOT NULL,
    app_id          uuid NOT NULL,
    id              uuid NOT NULL,
    return_address  text NOT NULL UNIQUE,   -- lower case; reports come back to it
    internet_id     text NOT NULL,          -- Message-ID with angle brackets
    reports_promised boolean NOT NULL,      -- the server offered DSN (RFC 3461), so it tells of success too
    words           text NOT NULL,          -- of the server that took it
    sent_at         bigint NOT NULL,
    PRIMARY KEY (organisation_id, app_id)
);

CREATE TABLE canary_report (
    organisation_id uuid NOT NULL,
    canary_id       uuid NOT NULL,
    number          bigint NOT NULL,        -- as they came, from 1
    raw             bytea NOT NULL,         -- at most 64 KiB
    at              bigint NOT NULL,
    PRIMARY KEY (organisation_id, canary_id, number)
);
SELECT protect_owned_tables();
