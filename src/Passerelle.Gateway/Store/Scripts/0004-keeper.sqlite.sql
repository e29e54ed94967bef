-- One worker at a time asks the provider to renew a grant: a refresh token that was already used may cost the whole grant.
ALTER TABLE oauth_grant ADD COLUMN renewing_until INTEGER;   -- null: nobody asks now
CREATE INDEX oauth_grant_idle ON oauth_grant (refreshed_at) WHERE state = 'good';
CREATE INDEX app_secret_end ON app (secret_expires_on) WHERE secret_expires_on IS NOT NULL;
CREATE INDEX app_broken ON app (state_since) WHERE state = 'broken';

CREATE TABLE breakage (                 -- what stopped an app, with owner and fix; a row stays until the next one replaces it
    organisation_id BLOB NOT NULL,
    app_id          BLOB NOT NULL,
    finding         TEXT NOT NULL,      -- JSON of the finding
    at              INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, app_id)
) WITHOUT ROWID;

CREATE TABLE alarm (                    -- something a person must act on, from when it was seen until it was over
    organisation_id BLOB NOT NULL,
    id              BLOB NOT NULL,
    app_id          BLOB NOT NULL,
    kind            TEXT NOT NULL,      -- broken, silent, credential
    subject         TEXT NOT NULL,      -- of kind credential: which one; empty otherwise
    level           INTEGER NOT NULL,   -- of kind credential: days left that were last warned of; 0 otherwise
    finding         TEXT NOT NULL,      -- JSON of the finding: who must do what
    raised_at       INTEGER NOT NULL,
    told_at         INTEGER NOT NULL,   -- the last notice; the next reminder counts from here
    cleared_at      INTEGER,            -- null: open
    PRIMARY KEY (organisation_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX alarm_open ON alarm (organisation_id, app_id, kind, subject) WHERE cleared_at IS NULL;

CREATE TABLE alarm_setting (            -- where alarms go
    organisation_id BLOB NOT NULL,
    name            TEXT NOT NULL,      -- addresses, language, webhook_url, webhook_secret (sealed)
    value           TEXT NOT NULL,
    PRIMARY KEY (organisation_id, name)
) WITHOUT ROWID;

CREATE TABLE alarm_notice (             -- one telling of one alarm by one way
    organisation_id BLOB NOT NULL,
    id              BLOB NOT NULL,
    alarm_id        BLOB,               -- null: a test
    app_id          BLOB,               -- the app it is about: never the one that carries the letter
    event           TEXT NOT NULL,      -- raised, reminded, cleared, test
    way             TEXT NOT NULL,      -- mail, webhook
    target          TEXT NOT NULL,      -- addresses, or the URL
    body            TEXT NOT NULL,      -- JSON of what is told
    state           TEXT NOT NULL,      -- waiting, handed (a letter carries it), done, dead
    words           TEXT NOT NULL,      -- the last answer
    attempts        INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    due_at          INTEGER NOT NULL,
    ended_at        INTEGER,
    letter_app_id   BLOB,
    letter_id       BLOB,
    PRIMARY KEY (organisation_id, id)
) WITHOUT ROWID;
CREATE INDEX alarm_notice_due ON alarm_notice (way, due_at) WHERE state IN ('waiting', 'handed');

CREATE TABLE next_credential (          -- added beside the one in use, proved before it takes its place
    organisation_id BLOB NOT NULL,
    app_id          BLOB NOT NULL,
    kind            TEXT NOT NULL,      -- client-secret
    content         TEXT NOT NULL,      -- sealed
    expires_on      INTEGER,            -- null: nobody knows
    added_at        INTEGER NOT NULL,
    token_at        INTEGER,            -- when the provider gave a token for it
    letter_id       BLOB,               -- the test mail that left with that token
    problem         TEXT,               -- JSON of the finding that refused it
    PRIMARY KEY (organisation_id, app_id, kind)
) WITHOUT ROWID;

CREATE TABLE credential_question (      -- an expiry that nobody knew: when somebody last said so
    organisation_id BLOB NOT NULL,
    app_id          BLOB NOT NULL,
    kind            TEXT NOT NULL,
    answered_at     INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, app_id, kind)
) WITHOUT ROWID;

CREATE TABLE calendar_feed (            -- who holds the address reads the credential calendar and nothing else
    organisation_id BLOB NOT NULL,
    token_hash      BLOB NOT NULL UNIQUE,   -- SHA-256 of what stands in the address
    language        TEXT NOT NULL,
    person_id       BLOB,
    created_at      INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, token_hash)
) WITHOUT ROWID;
