-- Keys of programs, what programs call their letters, and the webhooks that tell programs what happened.

CREATE TABLE api_key (                  -- a program that may give orders for the organisation
    organisation_id uuid NOT NULL,
    id              uuid NOT NULL UNIQUE,   -- stands in the key itself
    name            text NOT NULL,
    secret_hash     bytea NOT NULL,      -- SHA-256 of what was shown once
    scopes          text NOT NULL,      -- words with a space between them
    person_id       uuid,               -- who made it; null: the operator of the machine
    created_at      bigint NOT NULL,
    expires_at      bigint,            -- null: never
    used_at         bigint,            -- to the minute; null: never
    used_from       text NOT NULL,      -- network address of that use
    revoked_at      bigint,            -- null: it counts
    PRIMARY KEY (organisation_id, id)
);

CREATE TABLE order_key (                -- the Idempotency-Key of an order: asked twice, it is one letter
    organisation_id uuid NOT NULL,
    key_hash        bytea NOT NULL,      -- SHA-256 of the caller and its key
    order_hash      bytea NOT NULL,      -- SHA-256 of the order: the same key with another order is refused
    letter_id       uuid NOT NULL,
    created_at      bigint NOT NULL,
    PRIMARY KEY (organisation_id, key_hash)
);
CREATE INDEX order_key_created ON order_key (created_at);
CREATE INDEX order_key_letter ON order_key (organisation_id, letter_id);

CREATE TABLE letter_reference (         -- what its orderer calls a letter; told with every event of it
    organisation_id uuid NOT NULL,
    letter_id       uuid NOT NULL,
    reference       text NOT NULL,
    data            text NOT NULL,      -- given back as it came
    PRIMARY KEY (organisation_id, letter_id)
);

CREATE TABLE webhook (                  -- an address outside that is told of events
    organisation_id uuid NOT NULL,
    id              uuid NOT NULL,
    name            text NOT NULL,
    url             text NOT NULL,
    types           text NOT NULL,      -- words with a space between them
    state           text NOT NULL,      -- on, off
    state_reason    text NOT NULL,
    secret          text NOT NULL,      -- sealed
    former_secret   text,               -- sealed; signs besides until former_until
    former_until    bigint,
    failures        bigint NOT NULL,   -- rounds in a row in which nothing was taken
    failing_since   bigint,            -- null: the last round was taken
    rest_until      bigint NOT NULL,   -- it is not called before
    person_id       uuid,
    created_at      bigint NOT NULL,
    PRIMARY KEY (organisation_id, id)
);

CREATE TABLE event_outbox (             -- happened, and not handed to the webhooks yet
    organisation_id uuid NOT NULL,
    id              uuid NOT NULL,      -- UUIDv7
    type            text NOT NULL,      -- letter.accepted, message.received, …
    letter_id       uuid,
    message_id      uuid,
    address         text NOT NULL,      -- of the recipient it is about; empty: of all, or none
    words           text NOT NULL,      -- the other side's
    at              bigint NOT NULL,
    PRIMARY KEY (organisation_id, id)
);

CREATE TABLE webhook_delivery (         -- one event for one webhook; the row is the order to make the call
    organisation_id uuid NOT NULL,
    id              uuid NOT NULL,
    webhook_id      uuid NOT NULL,
    event_id        uuid NOT NULL,      -- the webhook-id of each try: a receiver knows a repeat by it
    type            text NOT NULL,
    letter_id       uuid,
    message_id      uuid,
    body            text NOT NULL,      -- as it is posted
    state           text NOT NULL,      -- waiting, done, dead
    attempts        bigint NOT NULL,   -- since it was last asked for
    status          bigint NOT NULL,   -- of the last answer; 0: there was none
    words           text NOT NULL,
    created_at      bigint NOT NULL,
    due_at          bigint NOT NULL,
    ended_at        bigint,
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX webhook_delivery_due ON webhook_delivery (organisation_id, webhook_id, due_at) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_list ON webhook_delivery (organisation_id, webhook_id, state, id);
CREATE INDEX webhook_delivery_ended ON webhook_delivery (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX webhook_delivery_letter ON webhook_delivery (organisation_id, letter_id) WHERE letter_id IS NOT NULL;
CREATE INDEX webhook_delivery_message ON webhook_delivery (organisation_id, message_id) WHERE message_id IS NOT NULL;

CREATE TABLE webhook_attempt (          -- each call and what was answered
    organisation_id uuid NOT NULL,
    delivery_id     uuid NOT NULL,
    id              uuid NOT NULL,      -- UUIDv7
    letter_id       uuid,               -- as its delivery's
    message_id      uuid,
    at              bigint NOT NULL,
    status          bigint NOT NULL,   -- 0: no answer
    words           text NOT NULL,
    answer          text NOT NULL,      -- how it begins
    milliseconds    bigint NOT NULL,
    PRIMARY KEY (organisation_id, delivery_id, id)
);
CREATE INDEX webhook_attempt_letter ON webhook_attempt (organisation_id, letter_id) WHERE letter_id IS NOT NULL;
CREATE INDEX webhook_attempt_message ON webhook_attempt (organisation_id, message_id) WHERE message_id IS NOT NULL;
SELECT protect_owned_tables();
