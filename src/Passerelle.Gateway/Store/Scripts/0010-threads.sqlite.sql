-- Why a message stands in its conversation, the other ids it had, and what people moved between conversations.

CREATE TABLE message_thread (
    organisation_id BLOB NOT NULL,
    message_id      BLOB NOT NULL,
    app_id          BLOB NOT NULL,
    thread_root     TEXT NOT NULL,          -- how Thread-Index begins, hex; empty when absent
    score           INTEGER NOT NULL,       -- 1 to 100; 0: it began the conversation
    reasons         TEXT NOT NULL,          -- JSON array: InReplyTo, References, ThreadIndex, SubjectAndParty
    PRIMARY KEY (organisation_id, message_id)
) WITHOUT ROWID;
CREATE INDEX message_thread_root ON message_thread (organisation_id, app_id, thread_root) WHERE thread_root <> '';

CREATE TABLE message_alias (                -- Message-IDs that a server wrote over
    organisation_id BLOB NOT NULL,
    app_id          BLOB NOT NULL,
    internet_id     TEXT NOT NULL,          -- with angle brackets
    message_id      BLOB NOT NULL,
    PRIMARY KEY (organisation_id, app_id, internet_id, message_id)
) WITHOUT ROWID;

CREATE INDEX conversation_party ON conversation (organisation_id, app_id, correspondent, last_at);

CREATE TABLE conversation_move (
    organisation_id BLOB NOT NULL,
    id              BLOB NOT NULL,          -- UUIDv7
    kind            TEXT NOT NULL,          -- split, merge
    from_id         BLOB NOT NULL,
    into_id         BLOB NOT NULL,
    moved           TEXT NOT NULL,          -- JSON: ids of messages and letters
    person_id       BLOB NOT NULL,
    at              INTEGER NOT NULL,
    undone_at       INTEGER,
    PRIMARY KEY (organisation_id, id)
) WITHOUT ROWID;
CREATE INDEX conversation_move_from ON conversation_move (organisation_id, from_id, id) WHERE undone_at IS NULL;
CREATE INDEX conversation_move_into ON conversation_move (organisation_id, into_id, id) WHERE undone_at IS NULL;
