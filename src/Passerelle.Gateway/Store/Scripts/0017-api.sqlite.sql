-- Keys of programs, what programs call their letters, and the webhooks that tell programs what happened.

CREATE TABLE api_key (                  -- a program that may give orders for the organisation
    organisation_id BLOB NOT NULL,
    id              BLOB NOT NULL UNIQUE,   -- stands in the key itself
    name            TEXT NOT NULL,
    secret_hash     BLOB NOT NULL,      -- SHA-256 of what was shown once
    scopes          TEXT NOT NULL,      -- words with a space between them
    person_id       BLOB,               -- who made it; null: the operator of the machine
    created_at      INTEGER NOT NULL,
    expires_at      INTEGER,            -- null: never
    used_at         INTEGER,            -- to the minute; null: never
    used_from       TEXT NOT NULL,      -- network address of that use
    revoked_at      INTEGER,            -- null: it counts
    PRIMARY KEY (organisation_id, id)
) WITHOUT ROWID;

CREATE TABLE order_key (                -- the Idempotency-Key of an order: asked twice, it is one letter
    organisation_id BLOB NOT NULL,
    key_hash        BLOB NOT NULL,      -- SHA-256 of the caller and its key
    order_hash      BLOB NOT NULL,      -- SHA-256 of the order: the same key with another order is refused
    letter_id       BLOB NOT NULL,
    created_at      INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, key_hash)
) WITHOUT ROWID;
CREATE INDEX order_key_created ON order_key (created_at);
CREATE INDEX order_key_letter ON order_key (organisation_id, letter_id);

CREATE TABLE letter_reference (         -- what its orderer calls a letter; told with every event of it
    organisation_id BLOB NOT NULL,
    letter_id       BLOB NOT NULL,
    reference       TEXT NOT NULL,
    data            TEXT NOT NULL,      -- given back as it came
    PRIMARY KEY (organisation_id, letter_id)
) WITHOUT ROWID;

CREATE TABLE webhook (                  -- an address outside that is told of events
    organisation_id BLOB NOT NULL,
    id              BLOB NOT NULL,
    name            TEXT NOT NULL,
    url             TEXT NOT NULL,
    types           TEXT NOT NULL,      -- words with a space between them
    state           TEXT NOT NULL,      -- on, off
    state_reason    TEXT NOT NULL,
    secret          TEXT NOT NULL,      -- sealed
    former_secret   TEXT,               -- sealed; signs besides until former_until
    former_until    INTEGER,
    failures        INTEGER NOT NULL,   -- rounds in a row in which nothing was taken
    failing_since   INTEGER,            -- null: the last round was taken
    rest_until      INTEGER NOT NULL,   -- it is not called before
    person_id       BLOB,
    created_at      INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, id)
) WITHOUT ROWID;

CREATE TABLE event_outbox (             -- happened, and not handed to the webhooks yet
    organisation_id BLOB NOT NULL,
    id              BLOB NOT NULL,      -- UUIDv7
    type            TEXT NOT NULL,      -- letter.accepted, message.received, …
    letter_id       BLOB,
    message_id      BLOB,
    address         TEXT NOT NULL,      -- of the recipient it is about; empty: of all, or none
    words           TEXT NOT NULL,      -- the other side's
    at              INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, id)
) WITHOUT ROWID;

CREATE TABLE webhook_delivery (         -- one event for one webhook; the row is the order to make the call
    organisation_id BLOB NOT NULL,
    id              BLOB NOT NULL,
    webhook_id      BLOB NOT NULL,
    event_id        BLOB NOT NULL,      -- the webhook-id of each try: a receiver knows a repeat by it
    type            TEXT NOT NULL,
    letter_id       BLOB,
    message_id      BLOB,
    body            TEXT NOT NULL,      -- as it is posted
    state           TEXT NOT NULL,      -- waiting, done, dead
    attempts        INTEGER NOT NULL,   -- since it was last asked for
    status          INTEGER NOT NULL,   -- of the last answer; 0: there was none
    words           TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    due_at          INTEGER NOT NULL,
    ended_at        INTEGER,
    PRIMARY KEY (organisation_id, id)
) WITHOUT ROWID;
CREATE INDEX webhook_delivery_due ON webhook_delivery (organisation_id, webhook_id, due_at) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_list ON webhook_delivery (organisation_id, webhook_id, state, id);
CREATE INDEX webhook_delivery_ended ON webhook_delivery (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX webhook_delivery_letter ON webhook_delivery (organisation_id, letter_id) WHERE letter_id IS NOT NULL;
CREATE INDEX webhook_delivery_message ON webhook_delivery (organisation_id, message_id) WHERE message_id IS NOT NULL;

CREATE TABLE webhook_attempt (          -- each call and what was answered
    organisation_id BLOB NOT NULL,
    delivery_id     BLOB NOT NULL,
    id              BLOB NOT NULL,      -- UUIDv7
    letter_id       BLOB,               -- as its delivery's
    message_id      BLOB,
    at              INTEGER NOT NULL,
    status          INTEGER NOT NULL,   -- 0: no answer
    words           TEXT NOT NULL,
    answer          TEXT NOT NULL,      -- how it begins
    milliseconds    INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, delivery_id, id)
) WITHOUT ROWID;
CREATE INDEX webhook_attempt_letter ON webhook_attempt (organisation_id, letter_id) WHERE letter_id IS NOT NULL;
CREATE INDEX webhook_attempt_message ON webhook_attempt (organisation_id, message_id) WHERE message_id IS NOT NULL;
