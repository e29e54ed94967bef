-- A letter may wait for its moment, and after another one nobody wants it any more.
ALTER TABLE letter ADD COLUMN not_before bigint;                -- null: it leaves when it can
ALTER TABLE letter ADD COLUMN expires_at bigint;                -- null: it never expires
CREATE INDEX letter_expires ON letter (expires_at) WHERE expires_at IS NOT NULL AND state IN ('waiting', 'blocked');

CREATE TABLE upload (                   -- a file that a letter will take with it
    organisation_id uuid NOT NULL,
    id              uuid NOT NULL,
    name            text NOT NULL,
    type            text NOT NULL,
    content         bytea NOT NULL,
    created_at      bigint NOT NULL,
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX upload_created ON upload (created_at);

ALTER TABLE letter_recipient ADD COLUMN came_back text NOT NULL DEFAULT '';    -- bounced, delayed, delivered, complained, answered; empty: nothing yet
ALTER TABLE letter_recipient ADD COLUMN came_back_at bigint;
CREATE INDEX letter_recipient_address ON letter_recipient (organisation_id, lower(address));

CREATE TABLE letter_alias (             -- a Message-ID that a server gave a letter instead of ours
    organisation_id uuid NOT NULL,
    app_id          uuid NOT NULL,
    internet_id     text NOT NULL,      -- with angle brackets
    letter_id       uuid NOT NULL,
    PRIMARY KEY (organisation_id, app_id, internet_id)
);

CREATE TABLE returned (                 -- what came back of a letter, one row for each recipient that a message tells of
    organisation_id uuid NOT NULL,
    letter_id       uuid NOT NULL,
    message_id      uuid NOT NULL,
    address         text NOT NULL,      -- empty: the message names none
    kind            text NOT NULL,      -- bounced, delayed, delivered, complained, answered
    status          text NOT NULL,
    reason          text NOT NULL,
    words           text NOT NULL,
    matched_by      text NOT NULL,      -- id, other-id, mention, recipient
    at              bigint NOT NULL,
    PRIMARY KEY (organisation_id, letter_id, message_id, address)
);

CREATE TABLE letter_event (             -- every change after a letter left, in order
    organisation_id uuid NOT NULL,
    id              uuid NOT NULL,
    letter_id       uuid,               -- null: a person suppressed or released the address
    address         text NOT NULL,
    type            text NOT NULL,      -- letter.bounced, … address.suppressed, address.released
    words           text NOT NULL,
    at              bigint NOT NULL,
    PRIMARY KEY (organisation_id, id)
);

CREATE TABLE suppression (              -- no machine writes there any more
    organisation_id uuid NOT NULL,
    address         text NOT NULL,      -- lower case
    reason          text NOT NULL,      -- bounced, complained, person
    words           text NOT NULL,
    letter_id       uuid,               -- null: a person did it
    since           bigint NOT NULL,
    PRIMARY KEY (organisation_id, address)
);
SELECT protect_owned_tables();
