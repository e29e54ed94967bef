-- A letter may wait for its moment, and after another one nobody wants it any more.
ALTER TABLE letter ADD COLUMN not_before INTEGER;               -- null: it leaves when it can
ALTER TABLE letter ADD COLUMN expires_at INTEGER;               -- null: it never expires
CREATE INDEX letter_expires ON letter (expires_at) WHERE expires_at IS NOT NULL AND state IN ('waiting', 'blocked');

CREATE TABLE upload (                   -- a file that a letter will take with it
    organisation_id BLOB NOT NULL,
    id              BLOB NOT NULL,
    name            TEXT NOT NULL,
    type            TEXT NOT NULL,
    content         BLOB NOT NULL,
    created_at      INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX upload_created ON upload (created_at);

ALTER TABLE letter_recipient ADD COLUMN came_back TEXT NOT NULL DEFAULT '';    -- bounced, delayed, delivered, complained, answered; empty: nothing yet
ALTER TABLE letter_recipient ADD COLUMN came_back_at INTEGER;
CREATE INDEX letter_recipient_address ON letter_recipient (organisation_id, lower(address));

CREATE TABLE letter_alias (             -- a Message-ID that a server gave a letter instead of ours
    organisation_id BLOB NOT NULL,
    app_id          BLOB NOT NULL,
    internet_id     TEXT NOT NULL,      -- with angle brackets
    letter_id       BLOB NOT NULL,
    PRIMARY KEY (organisation_id, app_id, internet_id)
) WITHOUT ROWID;

CREATE TABLE returned (                 -- what came back of a letter, one row for each recipient that a message tells of
    organisation_id BLOB NOT NULL,
    letter_id       BLOB NOT NULL,
    message_id      BLOB NOT NULL,
    address         TEXT NOT NULL,      -- empty: the message names none
    kind            TEXT NOT NULL,      -- bounced, delayed, delivered, complained, answered
    status          TEXT NOT NULL,
    reason          TEXT NOT NULL,
    words           TEXT NOT NULL,
    matched_by      TEXT NOT NULL,      -- id, other-id, mention, recipient
    at              INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, letter_id, message_id, address)
) WITHOUT ROWID;

CREATE TABLE letter_event (             -- every change after a letter left, in order
    organisation_id BLOB NOT NULL,
    id              BLOB NOT NULL,
    letter_id       BLOB,               -- null: a person suppressed or released the address
    address         TEXT NOT NULL,
    type            TEXT NOT NULL,      -- letter.bounced, … address.suppressed, address.released
    words           TEXT NOT NULL,
    at              INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, id)
) WITHOUT ROWID;

CREATE TABLE suppression (              -- no machine writes there any more
    organisation_id BLOB NOT NULL,
    address         TEXT NOT NULL,      -- lower case
    reason          TEXT NOT NULL,      -- bounced, complained, person
    words           TEXT NOT NULL,
    letter_id       BLOB,               -- null: a person did it
    since           INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, address)
) WITHOUT ROWID;
