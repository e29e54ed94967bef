-- Why a message stands in its conversation, the other ids it had, and what people moved between conversations.

CREATE TABLE message_thread (
    organisation_id uuid NOT NULL,
    message_id      uuid NOT NULL,
    app_id          uuid NOT NULL,
    thread_root     text NOT NULL,          -- how Thread-Index begins, hex; empty when absent
    score           bigint NOT NULL,       -- 1 to 100; 0: it began the conversation
    reasons         text NOT NULL,          -- JSON array: InReplyTo, References, ThreadIndex, SubjectAndParty
    PRIMARY KEY (organisation_id, message_id)
);
CREATE INDEX message_thread_root ON message_thread (organisation_id, app_id, thread_root) WHERE thread_root <> '';

CREATE TABLE message_alias (                -- Message-IDs that a server wrote over
    organisation_id uuid NOT NULL,
    app_id          uuid NOT NULL,
    internet_id     text NOT NULL,          -- with angle brackets
    message_id      uuid NOT NULL,
    PRIMARY KEY (organisation_id, app_id, internet_id, message_id)
);

CREATE INDEX conversation_party ON conversation (organisation_id, app_id, correspondent, last_at);

CREATE TABLE conversation_move (
    organisation_id uuid NOT NULL,
    id              uuid NOT NULL,          -- UUIDv7
    kind            text NOT NULL,          -- split, merge
    from_id         uuid NOT NULL,
    into_id         uuid NOT NULL,
    moved           text NOT NULL,          -- JSON: ids of messages and letters
    person_id       uuid NOT NULL,
    at              bigint NOT NULL,
    undone_at       bigint,
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX conversation_move_from ON conversation_move (organisation_id, from_id, id) WHERE undone_at IS NULL;
CREATE INDEX conversation_move_into ON conversation_move (organisation_id, into_id, id) WHERE undone_at IS NULL;
SELECT protect_owned_tables();
