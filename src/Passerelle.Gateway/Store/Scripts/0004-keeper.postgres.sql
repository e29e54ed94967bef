-- One worker at a time asks the provider to renew a grant: a refresh token that was already used may cost the whole grant.
ALTER TABLE oauth_grant ADD COLUMN renewing_until bigint;   -- null: nobody asks now
CREATE INDEX oauth_grant_idle ON oauth_grant (refreshed_at) WHERE state = 'good';
CREATE INDEX app_secret_end ON app (secret_expires_on) WHERE secret_expires_on IS NOT NULL;
CREATE INDEX app_broken ON app (state_since) WHERE state = 'broken';

CREATE TABLE breakage (                 -- what stopped an app, with owner and fix; a row stays until the next one replaces it
    organisation_id uuid NOT NULL,
    app_id          uuid NOT NULL,
    finding         text NOT NULL,      -- JSON of the finding
    at              bigint NOT NULL,
    PRIMARY KEY (organisation_id, app_id)
);

CREATE TABLE alarm (                    -- something a person must act on, from when it was seen until it was over
    organisation_id uuid NOT NULL,
    id              uuid NOT NULL,
    app_id          uuid NOT NULL,
    kind            text NOT NULL,      -- broken, silent, credential
    subject         text NOT NULL,      -- of kind credential: which one; empty otherwise
    level           bigint NOT NULL,   -- of kind credential: days left that were last warned of; 0 otherwise
    finding         text NOT NULL,      -- JSON of the finding: who must do what
    raised_at       bigint NOT NULL,
    told_at         bigint NOT NULL,   -- the last notice; the next reminder counts from here
    cleared_at      bigint,            -- null: open
    PRIMARY KEY (organisation_id, id)
);
CREATE UNIQUE INDEX alarm_open ON alarm (organisation_id, app_id, kind, subject) WHERE cleared_at IS NULL;

CREATE TABLE alarm_setting (            -- where alarms go
    organisation_id uuid NOT NULL,
    name            text NOT NULL,      -- addresses, language, webhook_url, webhook_secret (sealed)
    value           text NOT NULL,
    PRIMARY KEY (organisation_id, name)
);

CREATE TABLE alarm_notice (             -- one telling of one alarm by one way
    organisation_id uuid NOT NULL,
    id              uuid NOT NULL,
    alarm_id        uuid,               -- null: a test
    app_id          uuid,               -- the app it is about: never the one that carries the letter
    event           text NOT NULL,      -- raised, reminded, cleared, test
    way             text NOT NULL,      -- mail, webhook
    target          text NOT NULL,      -- addresses, or the URL
    body            text NOT NULL,      -- JSON of what is told
    state           text NOT NULL,      -- waiting, handed (a letter carries it), done, dead
    words           text NOT NULL,      -- the last answer
    attempts        bigint NOT NULL,
    created_at      bigint NOT NULL,
    due_at          bigint NOT NULL,
    ended_at        bigint,
    letter_app_id   uuid,
    letter_id       uuid,
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX alarm_notice_due ON alarm_notice (way, due_at) WHERE state IN ('waiting', 'handed');

CREATE TABLE next_credential (          -- added beside the one in use, proved before it takes its place
    organisation_id uuid NOT NULL,
    app_id          uuid NOT NULL,
    kind            text NOT NULL,      -- client-secret
    content         text NOT NULL,      -- sealed
    expires_on      bigint,            -- null: nobody knows
    added_at        bigint NOT NULL,
    token_at        bigint,            -- when the provider gave a token for it
    letter_id       uuid,               -- the test mail that left with that token
    problem         text,               -- JSON of the finding that refused it
    PRIMARY KEY (organisation_id, app_id, kind)
);

CREATE TABLE credential_question (      -- an expiry that nobody knew: when somebody last said so
    organisation_id uuid NOT NULL,
    app_id          uuid NOT NULL,
    kind            text NOT NULL,
    answered_at     bigint NOT NULL,
    PRIMARY KEY (organisation_id, app_id, kind)
);

CREATE TABLE calendar_feed (            -- who holds the address reads the credential calendar and nothing else
    organisation_id uuid NOT NULL,
    token_hash      bytea NOT NULL UNIQUE,   -- SHA-256 of what stands in the address
    language        text NOT NULL,
    person_id       uuid,
    created_at      bigint NOT NULL,
    PRIMARY KEY (organisation_id, token_hash)
);

SELECT protect_owned_tables();
