-- Ids are UUIDv7, 16 bytes big-endian. Times are Unix milliseconds, UTC. States are the words of the design.
-- Owned tables start their key with organisation_id; the others say why they are global.

CREATE TABLE installation (             -- global: settings of this installation
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE data_protection_key (      -- global: the key ring, each entry wrapped by the key file
    name TEXT PRIMARY KEY,
    xml  TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE organisation (             -- global: the list of owners
    id         BLOB PRIMARY KEY,
    name       TEXT NOT NULL,
    created_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE person (                   -- global: memberships decide what a person may see
    id             BLOB PRIMARY KEY,
    email          TEXT NOT NULL UNIQUE,
    name           TEXT NOT NULL,
    password_hash  TEXT NOT NULL,
    language       TEXT NOT NULL,
    created_at     INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE membership (
    organisation_id BLOB NOT NULL REFERENCES organisation (id),
    person_id       BLOB NOT NULL REFERENCES person (id),
    role            TEXT NOT NULL,      -- admin, member
    PRIMARY KEY (organisation_id, person_id)
) WITHOUT ROWID;
CREATE INDEX membership_person ON membership (person_id);

CREATE TABLE session (                  -- global: a signed-in browser
    id_hash         BLOB PRIMARY KEY,   -- SHA-256 of the cookie's secret
    person_id       BLOB NOT NULL REFERENCES person (id),
    organisation_id BLOB NOT NULL,
    created_at      INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE sign_in_failure (          -- global: rate limit per account and per address, survives a restart
    subject TEXT NOT NULL,
    at      INTEGER NOT NULL
);
CREATE INDEX sign_in_failure_subject ON sign_in_failure (subject, at);

CREATE TABLE app (
    organisation_id     BLOB NOT NULL,
    id                  BLOB NOT NULL,
    asset_name          TEXT NOT NULL,
    email_id            TEXT NOT NULL,
    forwarding_address  TEXT NOT NULL,
    preset              TEXT NOT NULL,      -- microsoft365, generic
    authentication      TEXT NOT NULL,      -- oauth2, password
    directory_id        TEXT NOT NULL,
    client_id           TEXT NOT NULL,
    client_secret       TEXT,               -- sealed
    secret_expires_on   INTEGER,            -- null: not known
    smtp_host           TEXT NOT NULL,
    smtp_port           INTEGER NOT NULL,
    smtp_security       TEXT NOT NULL,      -- none, ssl, starttls
    user_name           TEXT NOT NULL,
    password            TEXT,               -- sealed
    authorization_url   TEXT NOT NULL,
    token_url           TEXT NOT NULL,
    refresh_url         TEXT NOT NULL,      -- empty: token_url
    scope               TEXT NOT NULL,
    flow_id             BLOB,
    state               TEXT NOT NULL,
    state_reason        TEXT NOT NULL,
    state_since         INTEGER NOT NULL,
    epoch               INTEGER NOT NULL,   -- raised by each new owner; a smaller one can settle nothing
    version             INTEGER NOT NULL,   -- raised by each edit; a stale form is refused
    created_at          INTEGER NOT NULL,
    connected_at        INTEGER,
    last_received_at    INTEGER,
    last_sent_at        INTEGER,
    PRIMARY KEY (organisation_id, id)
);

CREATE TABLE forwarding_address (
    organisation_id BLOB NOT NULL,
    address         TEXT NOT NULL UNIQUE,   -- lower case, never reused, so rows are never deleted
    app_id          BLOB NOT NULL,
    created_at      INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, address)
) WITHOUT ROWID;

CREATE TABLE authorisation (
    organisation_id BLOB NOT NULL,
    state_hash      BLOB NOT NULL UNIQUE,   -- SHA-256 of the OAuth state
    app_id          BLOB NOT NULL,
    person_id       BLOB NOT NULL,
    session_hash    BLOB NOT NULL,
    cookie_hash     BLOB NOT NULL,          -- SHA-256 of the browser-binding cookie
    verifier        TEXT NOT NULL,          -- sealed PKCE verifier
    nonce           TEXT NOT NULL,
    client_id       TEXT NOT NULL,
    issuer          TEXT NOT NULL,
    token_url       TEXT NOT NULL,
    redirect_uri    TEXT NOT NULL,
    scope           TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL,
    used_at         INTEGER,
    outcome         TEXT NOT NULL,          -- empty until used
    PRIMARY KEY (organisation_id, state_hash)
) WITHOUT ROWID;

CREATE TABLE oauth_grant (
    organisation_id   BLOB NOT NULL,
    app_id            BLOB NOT NULL,
    access_token      TEXT,                 -- sealed
    access_expires_at INTEGER,
    refresh_token     TEXT,                 -- sealed
    scope             TEXT NOT NULL,
    signed_in_as      TEXT NOT NULL,
    subject           TEXT NOT NULL,        -- oid of the id_token
    issuer_directory  TEXT NOT NULL,        -- tid of the id_token
    obtained_at       INTEGER NOT NULL,
    refreshed_at      INTEGER NOT NULL,
    state             TEXT NOT NULL,        -- good, broken
    finding           TEXT,                 -- JSON of the finding that broke it
    epoch             INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, app_id)
) WITHOUT ROWID;

CREATE TABLE raw_mail (                     -- never joined; a claim never carries it
    organisation_id BLOB NOT NULL,
    id              BLOB NOT NULL,
    size            INTEGER NOT NULL,
    sha256          BLOB NOT NULL,
    content         BLOB,                   -- null: spooled to a file named by the id
    created_at      INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, id)
);

CREATE TABLE receipt (
    organisation_id BLOB NOT NULL,
    id              BLOB NOT NULL,
    app_id          BLOB NOT NULL,
    envelope_from   TEXT NOT NULL,          -- empty: the null sender
    envelope_to     TEXT NOT NULL,
    raw_id          BLOB NOT NULL,
    size            INTEGER NOT NULL,
    received_at     INTEGER NOT NULL,
    helo            TEXT NOT NULL,
    remote_address  TEXT NOT NULL,
    tls             TEXT NOT NULL,          -- empty: clear text
    session_id      TEXT NOT NULL,
    state           TEXT NOT NULL,          -- received, read, duplicate, unreadable
    state_reason    TEXT NOT NULL,
    message_id      BLOB,                   -- the message it became, or the first copy of it
    attempts        INTEGER NOT NULL,
    due_at          INTEGER NOT NULL,
    epoch           INTEGER NOT NULL,
    settled_at      INTEGER,
    PRIMARY KEY (organisation_id, id)
) WITHOUT ROWID;
CREATE INDEX receipt_due ON receipt (due_at, id) WHERE state = 'received';
CREATE INDEX receipt_app ON receipt (organisation_id, app_id, id);

CREATE TABLE conversation (
    organisation_id BLOB NOT NULL,
    id              BLOB NOT NULL,
    app_id          BLOB NOT NULL,
    correspondent   TEXT NOT NULL,          -- lower-case address
    subject         TEXT NOT NULL,
    created_at      INTEGER NOT NULL,
    last_at         INTEGER NOT NULL,
    last_sequence   INTEGER NOT NULL,       -- of its letters
    PRIMARY KEY (organisation_id, id)
) WITHOUT ROWID;

CREATE TABLE message (
    organisation_id   BLOB NOT NULL,
    id                BLOB NOT NULL,
    app_id            BLOB NOT NULL,
    receipt_id        BLOB NOT NULL,
    raw_id            BLOB NOT NULL,
    conversation_id   BLOB NOT NULL,
    kind              TEXT NOT NULL,
    kind_evidence     TEXT NOT NULL,
    from_address      TEXT NOT NULL,        -- lower case; empty when the mail has no From
    from_name         TEXT NOT NULL,
    parties           TEXT NOT NULL,        -- JSON: from, sender, replyTo, to, cc
    subject           TEXT NOT NULL,
    text              TEXT NOT NULL,
    html              TEXT NOT NULL,        -- sanitised
    sent_at           INTEGER,              -- the Date header
    internet_id       TEXT NOT NULL,        -- Message-ID with angle brackets; empty when absent
    in_reply_to       TEXT NOT NULL,
    reference_ids     TEXT NOT NULL,        -- JSON array
    verdict           TEXT NOT NULL,        -- genuine, unproven, suspicious
    verdict_reasons   TEXT NOT NULL,        -- JSON array
    findings          TEXT NOT NULL,        -- JSON array of sentences, e.g. Message-ID reused
    size              INTEGER NOT NULL,
    received_at       INTEGER NOT NULL,
    read_at           INTEGER NOT NULL,
    state             TEXT NOT NULL,        -- ready, held, routed, kept, quarantined
    state_reason      TEXT NOT NULL,
    routed_at         INTEGER,
    attempts          INTEGER NOT NULL,
    due_at            INTEGER NOT NULL,
    epoch             INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX message_ready ON message (due_at, id) WHERE state = 'ready';
CREATE INDEX message_app ON message (organisation_id, app_id, id);
CREATE INDEX message_conversation ON message (organisation_id, conversation_id, id);
CREATE INDEX message_internet_id ON message (organisation_id, app_id, internet_id);

CREATE TABLE message_digest (               -- one message per digest and app, whatever arrives how often
    organisation_id BLOB NOT NULL,
    app_id          BLOB NOT NULL,
    digest          BLOB NOT NULL,
    message_id      BLOB NOT NULL,
    PRIMARY KEY (organisation_id, app_id, digest)
) WITHOUT ROWID;

CREATE TABLE attachment (
    organisation_id BLOB NOT NULL,
    message_id      BLOB NOT NULL,
    number          INTEGER NOT NULL,       -- of the MIME part in the raw mail
    name            TEXT NOT NULL,
    type            TEXT NOT NULL,
    size            INTEGER NOT NULL,
    sha256          TEXT NOT NULL,
    content_id      TEXT NOT NULL,
    PRIMARY KEY (organisation_id, message_id, number)
) WITHOUT ROWID;

CREATE TABLE flow (
    organisation_id   BLOB NOT NULL,
    id                BLOB NOT NULL,
    name              TEXT NOT NULL,
    draft             TEXT NOT NULL,        -- JSON, may be invalid while it is edited
    published_version INTEGER NOT NULL,     -- 0: never published
    paused            INTEGER NOT NULL,
    version           INTEGER NOT NULL,     -- of the draft; a stale editor is refused
    created_at        INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, id)
);

CREATE TABLE flow_version (
    organisation_id BLOB NOT NULL,
    flow_id         BLOB NOT NULL,
    number          INTEGER NOT NULL,
    definition      TEXT NOT NULL,          -- JSON, immutable
    published_at    INTEGER NOT NULL,
    published_by    BLOB,
    PRIMARY KEY (organisation_id, flow_id, number)
);

CREATE TABLE run (
    organisation_id BLOB NOT NULL,
    id              BLOB NOT NULL,
    app_id          BLOB NOT NULL,
    message_id      BLOB NOT NULL,
    conversation_id BLOB NOT NULL,
    flow_id         BLOB NOT NULL,
    flow_version    INTEGER NOT NULL,
    state           TEXT NOT NULL,          -- waiting, done, failed
    state_reason    TEXT NOT NULL,
    snapshot        TEXT NOT NULL,          -- JSON state of the engine
    started_at      INTEGER NOT NULL,
    ended_at        INTEGER,
    epoch           INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, id)
);
CREATE UNIQUE INDEX run_message ON run (organisation_id, message_id);  -- one run a message: never two answers
CREATE INDEX run_conversation ON run (organisation_id, conversation_id) WHERE state = 'waiting';

CREATE TABLE run_step (
    organisation_id BLOB NOT NULL,
    run_id          BLOB NOT NULL,
    number          INTEGER NOT NULL,
    node            TEXT NOT NULL,
    kind            TEXT NOT NULL,
    result          TEXT NOT NULL,
    detail          TEXT NOT NULL,
    at              INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, run_id, number)
) WITHOUT ROWID;

CREATE TABLE http_call (
    organisation_id BLOB NOT NULL,
    id              BLOB NOT NULL,
    app_id          BLOB NOT NULL,
    run_id          BLOB NOT NULL,
    node            TEXT NOT NULL,
    request         TEXT NOT NULL,          -- sealed JSON: method, url, headers, body
    state           TEXT NOT NULL,          -- waiting, calling, done, dead
    epoch           INTEGER NOT NULL,
    attempts        INTEGER NOT NULL,
    due_at          INTEGER NOT NULL,
    status          INTEGER,
    response        TEXT NOT NULL,
    ended_at        INTEGER,
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX http_call_due ON http_call (due_at, id) WHERE state IN ('waiting', 'calling');

CREATE TABLE letter (
    organisation_id  BLOB NOT NULL,
    app_id           BLOB NOT NULL,
    id               BLOB NOT NULL,
    conversation_id  BLOB NOT NULL,
    sequence         INTEGER NOT NULL,      -- in the conversation, from 1
    lane             INTEGER NOT NULL,      -- 0 answers, 1 the rest
    origin           TEXT NOT NULL,         -- acknowledgement, flow, person, test
    automatic        INTEGER NOT NULL,      -- counts towards the caps
    in_answer_to     BLOB,                  -- the message
    run_id           BLOB,
    person_id        BLOB,
    correspondent    TEXT NOT NULL,         -- lower-case address the caps count by
    subject          TEXT NOT NULL,
    internet_id      TEXT NOT NULL,         -- Message-ID with angle brackets
    raw_id           BLOB NOT NULL,
    size             INTEGER NOT NULL,
    state            TEXT NOT NULL,         -- waiting, claimed, submitting, blocked, settled, dead, unclear
    state_reason     TEXT NOT NULL,         -- the server's last words, or why it waits
    epoch            INTEGER NOT NULL,
    attempts         INTEGER NOT NULL,
    created_at       INTEGER NOT NULL,
    due_at           INTEGER,
    submitting_until INTEGER,
    settled_at       INTEGER,
    PRIMARY KEY (organisation_id, id)
) WITHOUT ROWID;
CREATE INDEX letter_due ON letter (due_at) WHERE state = 'waiting';
CREATE INDEX letter_app_due ON letter (organisation_id, app_id, lane, due_at) WHERE state = 'waiting';
CREATE INDEX letter_open ON letter (organisation_id, app_id, state) WHERE state IN ('claimed', 'submitting', 'blocked', 'unclear', 'dead');
CREATE UNIQUE INDEX letter_conversation ON letter (organisation_id, conversation_id, sequence);
CREATE UNIQUE INDEX letter_internet_id ON letter (organisation_id, app_id, internet_id);
CREATE INDEX letter_answer ON letter (organisation_id, in_answer_to);
CREATE INDEX letter_caps ON letter (organisation_id, app_id, created_at) WHERE automatic;

CREATE TABLE letter_recipient (
    organisation_id BLOB NOT NULL,
    letter_id       BLOB NOT NULL,
    address         TEXT NOT NULL,
    outcome         TEXT NOT NULL,          -- waiting, accepted, refused
    words           TEXT NOT NULL,
    PRIMARY KEY (organisation_id, letter_id, address)
) WITHOUT ROWID;

CREATE TABLE attempt (
    organisation_id BLOB NOT NULL,
    letter_id       BLOB NOT NULL,
    number          INTEGER NOT NULL,
    app_id          BLOB NOT NULL,
    epoch           INTEGER NOT NULL,
    started_at      INTEGER NOT NULL,
    ended_at        INTEGER,
    outcome         TEXT NOT NULL,          -- empty while it runs; accepted, deferred, refused, blocked, unclear
    last_step       TEXT NOT NULL,
    words           TEXT NOT NULL,          -- the server's, as it said them
    PRIMARY KEY (organisation_id, letter_id, number)
) WITHOUT ROWID;
CREATE INDEX attempt_app ON attempt (organisation_id, app_id, started_at);

CREATE TABLE finding (                      -- the doctor's latest result per check
    organisation_id BLOB NOT NULL,
    app_id          BLOB NOT NULL,
    check_id        TEXT NOT NULL,
    position        INTEGER NOT NULL,       -- in the guide's order
    setup_step      TEXT NOT NULL,
    result          TEXT NOT NULL,          -- right, wrong, excess, unknown
    evidence        TEXT NOT NULL,          -- seen, probed, not-provable-here
    detail          TEXT NOT NULL,
    owner           TEXT NOT NULL,
    fix             TEXT NOT NULL,
    at              INTEGER NOT NULL,
    since           INTEGER NOT NULL,        -- when this check first had this result
    PRIMARY KEY (organisation_id, app_id, check_id)
) WITHOUT ROWID;

CREATE TABLE verification (                 -- "write to support@… from any other account; we are waiting"
    organisation_id BLOB NOT NULL,
    app_id          BLOB NOT NULL,
    started_at      INTEGER NOT NULL,
    message_id      BLOB,
    PRIMARY KEY (organisation_id, app_id)
) WITHOUT ROWID;

CREATE TABLE audit (
    organisation_id BLOB NOT NULL,
    id              BLOB NOT NULL,
    person_id       BLOB,
    at              INTEGER NOT NULL,
    action          TEXT NOT NULL,
    subject         TEXT NOT NULL,
    detail          TEXT NOT NULL,
    PRIMARY KEY (organisation_id, id)
) WITHOUT ROWID;
