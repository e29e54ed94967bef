-- How an app proves its registration and how it is authorised. What the previous release does not know has a default.

ALTER TABLE app ADD COLUMN proof text NOT NULL DEFAULT 'secret';        -- secret, certificate, federated, none
ALTER TABLE app ADD COLUMN certificate_id uuid;                         -- the certificate in use
ALTER TABLE app ADD COLUMN assertion_file text NOT NULL DEFAULT '';     -- read at each request
ALTER TABLE app ADD COLUMN way text NOT NULL DEFAULT 'code';            -- code, app-only, device-code
ALTER TABLE app ADD COLUMN signs_in_as text NOT NULL DEFAULT '';        -- the delegate; empty: the mailbox itself

ALTER TABLE authorisation ADD COLUMN errand text NOT NULL DEFAULT 'sign-in';    -- sign-in, admin-consent
ALTER TABLE authorisation ADD COLUMN owner_link_id uuid;                        -- null: somebody signed in here asked
ALTER TABLE authorisation ADD COLUMN answer text;                               -- JSON of the finding that refused it
CREATE INDEX authorisation_app ON authorisation (organisation_id, app_id, errand, created_at);

CREATE TABLE certificate (              -- what an app registration knows the public half of
    organisation_id uuid NOT NULL,
    app_id          uuid NOT NULL,
    id              uuid NOT NULL,
    public_part     text NOT NULL,      -- PEM
    private_key     text NOT NULL,      -- sealed PKCS #8
    thumbprint      text NOT NULL,      -- SHA-1 in hexadecimal, as Entra lists it
    origin          text NOT NULL,      -- made, uploaded
    starts_at       bigint NOT NULL,
    ends_at         bigint NOT NULL,
    created_at      bigint NOT NULL,
    PRIMARY KEY (organisation_id, app_id, id)
);

CREATE TABLE owner_link (               -- lets the owner of a mailbox, who has no account here, authorise its app once
    organisation_id uuid NOT NULL,
    id              uuid NOT NULL,
    app_id          uuid NOT NULL,
    person_id       uuid NOT NULL,      -- who made it
    token_hash      bytea NOT NULL UNIQUE,   -- SHA-256 of the address's secret
    session_hash    bytea,               -- SHA-256 of the browser that last began with it
    created_at      bigint NOT NULL,
    expires_at      bigint NOT NULL,
    used_at         bigint,
    withdrawn_at    bigint,
    PRIMARY KEY (organisation_id, id)
);
CREATE INDEX owner_link_app ON owner_link (organisation_id, app_id, created_at);

CREATE TABLE device_sign_in (           -- RFC 8628; one at a time per app
    organisation_id  uuid NOT NULL,
    app_id           uuid NOT NULL,
    id               uuid NOT NULL,
    app_version      bigint NOT NULL,  -- of the settings that it was begun under
    device_code      text NOT NULL,     -- sealed
    user_code        text NOT NULL,
    verification_url text NOT NULL,
    issuer           text NOT NULL,     -- empty when the provider publishes none
    interval_seconds bigint NOT NULL,
    started_at       bigint NOT NULL,
    expires_at       bigint NOT NULL,
    next_poll_at     bigint NOT NULL,
    state            text NOT NULL,     -- waiting, connected, declined, expired, refused, stopped
    answer           text,              -- JSON of the finding that refused it
    PRIMARY KEY (organisation_id, app_id)
);
CREATE INDEX device_sign_in_due ON device_sign_in (next_poll_at) WHERE state = 'waiting';

SELECT protect_owned_tables();
