-- What the doctor proves with: a mail that it sends to the mailbox from outside, what came back of it, the last sign-in that
-- was refused, and the sentences of a finding apart from the words of the other side.

ALTER TABLE finding ADD COLUMN told TEXT NOT NULL DEFAULT '';   -- JSON: what, how, raw

CREATE TABLE refused_sign_in (              -- the latest of an app; a sign-in that succeeds takes it away
    organisation_id BLOB NOT NULL,
    app_id          BLOB NOT NULL,
    app_version     INTEGER NOT NULL,       -- of the settings it was tried under; it says nothing about others
    account         TEXT NOT NULL,          -- who signed in; empty: nobody came that far
    finding         TEXT NOT NULL,          -- JSON
    at              INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, app_id)
) WITHOUT ROWID;

CREATE TABLE canary (                       -- the latest of an app
    organisation_id BLOB NOT NULL,
    app_id          BLOB NOT NULL,
    id              BLOB NOT NULL,
    return_address  TEXT NOT NULL UNIQUE,   -- lower case; reports come back to it
    internet_id     TEXT NOT NULL,          -- Message-ID with angle brackets
    reports_promised INTEGER NOT NULL,      -- the server offered DSN (RFC 3461), so it tells of success too
    words           TEXT NOT NULL,          -- of the server that took it
    sent_at         INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, app_id)
) WITHOUT ROWID;

CREATE TABLE canary_report (
    organisation_id BLOB NOT NULL,
    canary_id       BLOB NOT NULL,
    number          INTEGER NOT NULL,       -- as they came, from 1
    raw             BLOB NOT NULL,          -- at most 64 KiB
    at              INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, canary_id, number)
) WITHOUT ROWID;
