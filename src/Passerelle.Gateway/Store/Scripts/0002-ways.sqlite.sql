-- How an app proves its registration and how it is authorised. What the previous release does not know has a default.

ALTER TABLE app ADD COLUMN proof TEXT NOT NULL DEFAULT 'secret';        -- secret, certificate, federated, none
ALTER TABLE app ADD COLUMN certificate_id BLOB;                         -- the certificate in use
ALTER TABLE app ADD COLUMN assertion_file TEXT NOT NULL DEFAULT '';     -- read at each request
ALTER TABLE app ADD COLUMN way TEXT NOT NULL DEFAULT 'code';            -- code, app-only, device-code
ALTER TABLE app ADD COLUMN signs_in_as TEXT NOT NULL DEFAULT '';        -- the delegate; empty: the mailbox itself

ALTER TABLE authorisation ADD COLUMN errand TEXT NOT NULL DEFAULT 'sign-in';    -- sign-in, admin-consent
ALTER TABLE authorisation ADD COLUMN owner_link_id BLOB;                        -- null: somebody signed in here asked
ALTER TABLE authorisation ADD COLUMN answer TEXT;                               -- JSON of the finding that refused it
CREATE INDEX authorisation_app ON authorisation (organisation_id, app_id, errand, created_at);

CREATE TABLE certificate (              -- what an app registration knows the public half of
    organisation_id BLOB NOT NULL,
    app_id          BLOB NOT NULL,
    id              BLOB NOT NULL,
    public_part     TEXT NOT NULL,      -- PEM
    private_key     TEXT NOT NULL,      -- sealed PKCS #8
    thumbprint      TEXT NOT NULL,      -- SHA-1 in hexadecimal, as Entra lists it
    origin          TEXT NOT NULL,      -- made, uploaded
    starts_at       INTEGER NOT NULL,
    ends_at         INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, app_id, id)
);

CREATE TABLE owner_link (               -- lets the owner of a mailbox, who has no account here, authorise its app once
    organisation_id BLOB NOT NULL,
    id              BLOB NOT NULL,
    app_id          BLOB NOT NULL,
    person_id       BLOB NOT NULL,      -- who made it
    token_hash      BLOB NOT NULL UNIQUE,   -- SHA-256 of the address's secret
    session_hash    BLOB,               -- SHA-256 of the browser that last began with it
    created_at      INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL,
    used_at         INTEGER,
    withdrawn_at    INTEGER,
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX owner_link_app ON owner_link (organisation_id, app_id, created_at);

CREATE TABLE device_sign_in (           -- RFC 8628; one at a time per app
    organisation_id  BLOB NOT NULL,
    app_id           BLOB NOT NULL,
    id               BLOB NOT NULL,
    app_version      INTEGER NOT NULL,  -- of the settings that it was begun under
    device_code      TEXT NOT NULL,     -- sealed
    user_code        TEXT NOT NULL,
    verification_url TEXT NOT NULL,
    issuer           TEXT NOT NULL,     -- empty when the provider publishes none
    interval_seconds INTEGER NOT NULL,
    started_at       INTEGER NOT NULL,
    expires_at       INTEGER NOT NULL,
    next_poll_at     INTEGER NOT NULL,
    state            TEXT NOT NULL,     -- waiting, connected, declined, expired, refused, stopped
    answer           TEXT,              -- JSON of the finding that refused it
    PRIMARY KEY (organisation_id, app_id)
);
CREATE INDEX device_sign_in_due ON device_sign_in (next_poll_at) WHERE state = 'waiting';
