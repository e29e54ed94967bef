-- Ids are UUIDv7. Times are Unix milliseconds, UTC. States are the words of the design.
-- Owned tables start their key with organisation_id; the others say why they are global.

CREATE TABLE installation (             -- global: settings of this installation
    name  text PRIMARY KEY,
    value text NOT NULL
);

CREATE TABLE data_protection_key (      -- global: the key ring, each entry wrapped by the key file
    name text PRIMARY KEY,
    xml  text NOT NULL
);

CREATE TABLE organisation (             -- global: the list of owners
    id         uuid PRIMARY KEY,
    name       text NOT NULL,
    created_at bigint NOT NULL
);

CREATE TABLE person (                   -- global: memberships decide what a person may see
    id             uuid PRIMARY KEY,
    email          text NOT NULL UNIQUE,
    name           text NOT NULL,
    password_hash  text NOT NULL,
    language       text NOT NULL,
    created_at     bigint NOT NULL
);

CREATE TABLE membership (
    organisation_id uuid NOT NULL REFERENCES organisation (id),
    person_id       uuid NOT NULL REFERENCES person (id),
    role            text NOT NULL,      -- admin, member
    PRIMARY KEY (organisation_id, person_id)
);
CREATE INDEX membership_person ON membership (person_id);

CREATE TABLE session (                  -- global: a signed-in browser
    id_hash         bytea PRIMARY KEY,   -- SHA-256 of the cookie's secret
    person_id       uuid NOT NULL REFERENCES person (id),
    organisation_id uuid NOT NULL,
    created_at      bigint NOT NULL,
    expires_at      bigint NOT NULL
);

CREATE TABLE sign_in_failure (          -- global: rate limit per account and per address, survives a restart
    subject text NOT NULL,
    at      bigint NOT NULL
);
CREATE INDEX sign_in_failure_subject ON sign_in_failure (subject, at);

CREATE TABLE app (
    organisation_id     uuid NOT NULL,
    id                  uuid NOT NULL,
    asset_name          text NOT NULL,
    email_id            text NOT NULL,
    forwarding_address  text NOT NULL,
    preset              text NOT NULL,      -- microsoft365, generic
    authentication      text NOT NULL,      -- oauth2, password
    directory_id        text NOT NULL,
    client_id           text NOT NULL,
    client_secret       text,               -- sealed
    secret_expires_on   bigint,            -- null: not known
    smtp_host           text NOT NULL,
    smtp_port           bigint NOT NULL,
    smtp_security       text NOT NULL,      -- none, ssl, starttls
    user_name           text NOT NULL,
    password            text,               -- sealed
    authorization_url   text NOT NULL,
    token_url           text NOT NULL,
    refresh_url         text NOT NULL,      -- empty: token_url
    scope               text NOT NULL,
    flow_id             uuid,
    state               text NOT NULL,
    state_reason        text NOT NULL,
    state_since         bigint NOT NULL,
    epoch               bigint NOT NULL,   -- raised by each new owner; a smaller one can settle nothing
    version             bigint NOT NULL,   -- raised by each edit; a stale form is refused
    created_at          bigint NOT NULL,
    connected_at        bigint,
    last_received_at    bigint,
    last_sent_at        bigint,
    PRIMARY KEY (organisation_id, id)
);

CREATE TABLE forwarding_address (
    organisation_id uuid NOT NULL,
    address         text NOT NULL UNIQUE,   -- lower case, never reused, so rows are never deleted
    app_id          uuid NOT NULL,
    created_at      bigint NOT NULL,
    PRIMARY KEY (organisation_id, address)
);

CREATE TABLE authorisation (
    organisation_id uuid NOT NULL,
    state_hash      bytea NOT NULL UNIQUE,   -- SHA-256 of the OAuth state
    app_id          uuid NOT NULL,
    person_id       uuid NOT NULL,
    session_hash    bytea NOT NULL,
    cookie_hash     bytea NOT NULL,          -- SHA-256 of the browser-binding cookie
    verifier        text NOT NULL,          -- sealed PKCE verifier
    nonce           text NOT NULL,
    client_id       text NOT NULL,
    issuer          text NOT NULL,
    token_url       text NOT NULL,
    redirect_uri    text NOT NULL,
    scope           text NOT NULL,
    created_at      bigint NOT NULL,
    expires_at      bigint NOT NULL,
    used_at         bigint,
    outcome         text NOT NULL,          -- empty until used
    PRIMARY KEY (organisation_id, state_hash)
);

CREATE TABLE oauth_grant (
    organisation_id   uuid NOT NULL,
    app_id            uuid NOT NULL,
    access_token      text,                 -- sealed
    access_expires_at bigint,
    refresh_token     text,                 -- sealed
    scope             text NOT NULL,
    signed_in_as      text NOT NULL,
    subject           text NOT NULL,        -- oid of the id_token
    issuer_directory  text NOT NULL,        -- tid of the id_token
    obtained_at       bigint NOT NULL,
    refreshed_at      bigint NOT NULL,
    state             text NOT NULL,        -- good, broken
    finding           text,                 -- JSON of the finding that broke it
    epoch             bigint NOT NULL,
    PRIMARY KEY (organisation_id, app_id)
);

CREATE TABLE raw_mail (                     -- never joined; a claim never carries it
    organisation_id uuid NOT NULL,
    id              uuid NOT NULL,
    size            bigint NOT NULL,
    sha256          bytea NOT NULL,
    content         bytea,                   -- null: spooled to a file named by the id
    created_at      bigint NOT NULL,
    PRIMARY KEY (organisation_id, id)
);

CREATE TABLE receipt (
    organisation_id uuid NOT NULL,
    id              uuid NOT NULL,
    app_id          uuid NOT NULL,
    envelope_from   text NOT NULL,          -- empty: the null sender
    envelope_to     text NOT NULL,
    raw_id          uuid NOT NULL,
    size            bigint NOT NULL,
    received_at     bigint NOT NULL,
    helo            text NOT NULL,
    remote_address  text NOT NULL,
    tls             text NOT NULL,          -- empty: clear text
    session_id      text NOT NULL,
    state           text NOT NULL,          -- received, read, duplicate, unreadable
    state_reason    text NOT NULL,
    message_id      uuid,                   -- the message it became, or the first copy of it
    attempts        bigint NOT NULL,
    due_at          bigint NOT NULL,
    epoch           bigint NOT NULL,
    settled_at      bigint,
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX receipt_due ON receipt (due_at, id) WHERE state = 'received';
CREATE INDEX receipt_app ON receipt (organisation_id, app_id, id);

CREATE TABLE conversation (
    organisation_id uuid NOT NULL,
    id              uuid NOT NULL,
    app_id          uuid NOT NULL,
    correspondent   text NOT NULL,          -- lower-case address
    subject         text NOT NULL,
    created_at      bigint NOT NULL,
    last_at         bigint NOT NULL,
    last_sequence   bigint NOT NULL,       -- of its letters
    PRIMARY KEY (organisation_id, id)
);

CREATE TABLE message (
    organisation_id   uuid NOT NULL,
    id                uuid NOT NULL,
    app_id            uuid NOT NULL,
    receipt_id        uuid NOT NULL,
    raw_id            uuid NOT NULL,
    conversation_id   uuid NOT NULL,
    kind              text NOT NULL,
    kind_evidence     text NOT NULL,
    from_address      text NOT NULL,        -- lower case; empty when the mail has no From
    from_name         text NOT NULL,
    parties           text NOT NULL,        -- JSON: from, sender, replyTo, to, cc
    subject           text NOT NULL,
    text              text NOT NULL,
    html              text NOT NULL,        -- sanitised
    sent_at           bigint,              -- the Date header
    internet_id       text NOT NULL,        -- Message-ID with angle brackets; empty when absent
    in_reply_to       text NOT NULL,
    reference_ids     text NOT NULL,        -- JSON array
    verdict           text NOT NULL,        -- genuine, unproven, suspicious
    verdict_reasons   text NOT NULL,        -- JSON array
    findings          text NOT NULL,        -- JSON array of sentences, e.g. Message-ID reused
    size              bigint NOT NULL,
    received_at       bigint NOT NULL,
    read_at           bigint NOT NULL,
    state             text NOT NULL,        -- ready, held, routed, kept, quarantined
    state_reason      text NOT NULL,
    routed_at         bigint,
    attempts          bigint NOT NULL,
    due_at            bigint NOT NULL,
    epoch             bigint NOT NULL,
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX message_ready ON message (due_at, id) WHERE state = 'ready';
CREATE INDEX message_app ON message (organisation_id, app_id, id);
CREATE INDEX message_conversation ON message (organisation_id, conversation_id, id);
CREATE INDEX message_internet_id ON message (organisation_id, app_id, internet_id);

CREATE TABLE message_digest (               -- one message per digest and app, whatever arrives how often
    organisation_id uuid NOT NULL,
    app_id          uuid NOT NULL,
    digest          bytea NOT NULL,
    message_id      uuid NOT NULL,
    PRIMARY KEY (organisation_id, app_id, digest)
);

CREATE TABLE attachment (
    organisation_id uuid NOT NULL,
    message_id      uuid NOT NULL,
    number          bigint NOT NULL,       -- of the MIME part in the raw mail
    name            text NOT NULL,
    type            text NOT NULL,
    size            bigint NOT NULL,
    sha256          text NOT NULL,
    content_id      text NOT NULL,
    PRIMARY KEY (organisation_id, message_id, number)
);

CREATE TABLE flow (
    organisation_id   uuid NOT NULL,
    id                uuid NOT NULL,
    name              text NOT NULL,
    draft             text NOT NULL,        -- JSON, may be invalid while it is edited
    published_version bigint NOT NULL,     -- 0: never published
    paused            boolean NOT NULL,
    version           bigint NOT NULL,     -- of the draft; a stale editor is refused
    created_at        bigint NOT NULL,
    PRIMARY KEY (organisation_id, id)
);

CREATE TABLE flow_version (
    organisation_id uuid NOT NULL,
    flow_id         uuid NOT NULL,
    number          bigint NOT NULL,
    definition      text NOT NULL,          -- JSON, immutable
    published_at    bigint NOT NULL,
    published_by    uuid,
    PRIMARY KEY (organisation_id, flow_id, number)
);

CREATE TABLE run (
    organisation_id uuid NOT NULL,
    id              uuid NOT NULL,
    app_id          uuid NOT NULL,
    message_id      uuid NOT NULL,
    conversation_id uuid NOT NULL,
    flow_id         uuid NOT NULL,
    flow_version    bigint NOT NULL,
    state           text NOT NULL,          -- waiting, done, failed
    state_reason    text NOT NULL,
    snapshot        text NOT NULL,          -- JSON state of the engine
    started_at      bigint NOT NULL,
    ended_at        bigint,
    epoch           bigint NOT NULL,
    PRIMARY KEY (organisation_id, id)
);
CREATE UNIQUE INDEX run_message ON run (organisation_id, message_id);  -- one run a message: never two answers
CREATE INDEX run_conversation ON run (organisation_id, conversation_id) WHERE state = 'waiting';

CREATE TABLE run_step (
    organisation_id uuid NOT NULL,
    run_id          uuid NOT NULL,
    number          bigint NOT NULL,
    node            text NOT NULL,
    kind            text NOT NULL,
    result          text NOT NULL,
    detail          text NOT NULL,
    at              bigint NOT NULL,
    PRIMARY KEY (organisation_id, run_id, number)
);

CREATE TABLE http_call (
    organisation_id uuid NOT NULL,
    id              uuid NOT NULL,
    app_id          uuid NOT NULL,
    run_id          uuid NOT NULL,
    node            text NOT NULL,
    request         text NOT NULL,          -- sealed JSON: method, url, headers, body
    state           text NOT NULL,          -- waiting, calling, done, dead
    epoch           bigint NOT NULL,
    attempts        bigint NOT NULL,
    due_at          bigint NOT NULL,
    status          bigint,
    response        text NOT NULL,
    ended_at        bigint,
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX http_call_due ON http_call (due_at, id) WHERE state IN ('waiting', 'calling');

CREATE TABLE letter (
    organisation_id  uuid NOT NULL,
    app_id           uuid NOT NULL,
    id               uuid NOT NULL,
    conversation_id  uuid NOT NULL,
    sequence         bigint NOT NULL,      -- in the conversation, from 1
    lane             bigint NOT NULL,      -- 0 answers, 1 the rest
    origin           text NOT NULL,         -- acknowledgement, flow, person, test
    automatic        boolean NOT NULL,      -- counts towards the caps
    in_answer_to     uuid,                  -- the message
    run_id           uuid,
    person_id        uuid,
    correspondent    text NOT NULL,         -- lower-case address the caps count by
    subject          text NOT NULL,
    internet_id      text NOT NULL,         -- Message-ID with angle brackets
    raw_id           uuid NOT NULL,
    size             bigint NOT NULL,
    state            text NOT NULL,         -- waiting, claimed, submitting, blocked, settled, dead, unclear
    state_reason     text NOT NULL,         -- the server's last words, or why it waits
    epoch            bigint NOT NULL,
    attempts         bigint NOT NULL,
    created_at       bigint NOT NULL,
    due_at           bigint,
    submitting_until bigint,
    settled_at       bigint,
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX letter_due ON letter (due_at) WHERE state = 'waiting';
CREATE INDEX letter_app_due ON letter (organisation_id, app_id, lane, due_at) WHERE state = 'waiting';
CREATE INDEX letter_open ON letter (organisation_id, app_id, state) WHERE state IN ('claimed', 'submitting', 'blocked', 'unclear', 'dead');
CREATE UNIQUE INDEX letter_conversation ON letter (organisation_id, conversation_id, sequence);
CREATE UNIQUE INDEX letter_internet_id ON letter (organisation_id, app_id, internet_id);
CREATE INDEX letter_answer ON letter (organisation_id, in_answer_to);
CREATE INDEX letter_caps ON letter (organisation_id, app_id, created_at) WHERE automatic;

CREATE TABLE letter_recipient (
    organisation_id uuid NOT NULL,
    letter_id       uuid NOT NULL,
    address         text NOT NULL,
    outcome         text NOT NULL,          -- waiting, accepted, refused
    words           text NOT NULL,
    PRIMARY KEY (organisation_id, letter_id, address)
);

CREATE TABLE attempt (
    organisation_id uuid NOT NULL,
    letter_id       uuid NOT NULL,
    number          bigint NOT NULL,
    app_id          uuid NOT NULL,
    epoch           bigint NOT NULL,
    started_at      bigint NOT NULL,
    ended_at        bigint,
    outcome         text NOT NULL,          -- empty while it runs; accepted, deferred, refused, blocked, unclear
    last_step       text NOT NULL,
    words           text NOT NULL,          -- the server's, as it said them
    PRIMARY KEY (organisation_id, letter_id, number)
);
CREATE INDEX attempt_app ON attempt (organisation_id, app_id, started_at);

CREATE TABLE finding (                      -- the doctor's latest result per check
    organisation_id uuid NOT NULL,
    app_id          uuid NOT NULL,
    check_id        text NOT NULL,
    position        bigint NOT NULL,        -- in the guide's order
    setup_step      text NOT NULL,
    result          text NOT NULL,          -- right, wrong, excess, unknown
    evidence        text NOT NULL,          -- seen, probed, not-provable-here
    detail          text NOT NULL,
    owner           text NOT NULL,
    fix             text NOT NULL,
    at              bigint NOT NULL,
    since           bigint NOT NULL,         -- when this check first had this result
    PRIMARY KEY (organisation_id, app_id, check_id)
);

CREATE TABLE verification (                 -- "write to support@… from any other account; we are waiting"
    organisation_id uuid NOT NULL,
    app_id          uuid NOT NULL,
    started_at      bigint NOT NULL,
    message_id      uuid,
    PRIMARY KEY (organisation_id, app_id)
);

CREATE TABLE audit (
    organisation_id uuid NOT NULL,
    id              uuid NOT NULL,
    person_id       uuid,
    at              bigint NOT NULL,
    action          text NOT NULL,
    subject         text NOT NULL,
    detail          text NOT NULL,
    PRIMARY KEY (organisation_id, id)
);

-- Row-level security: behind SQL that already names the organisation stands the server, also for the tables' owner.
-- passerelle.organisation is set for each transaction: an organisation's id, or 'across' (Tx.Across, with its reason).
-- Unset, nothing is visible. A later script calls protect_owned_tables() after adding owned tables.
CREATE FUNCTION protect_owned_tables() RETURNS void LANGUAGE plpgsql AS $$
DECLARE owned text;
BEGIN
    FOR owned IN
        SELECT c.table_name FROM information_schema.columns c
        WHERE c.table_schema = current_schema() AND c.column_name = 'organisation_id' AND c.table_name <> 'session'
          AND NOT EXISTS (SELECT 1 FROM pg_policies p WHERE p.schemaname = c.table_schema AND p.tablename = c.table_name)
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', owned);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', owned);
        EXECUTE format('CREATE POLICY owned ON %I USING (
            current_setting(''passerelle.organisation'', true) IN (''across'', organisation_id::text))', owned);
    END LOOP;
END $$;
SELECT protect_owned_tables();
