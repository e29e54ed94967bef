-- What an app calls itself to the people it writes to, its other addresses, its overlapping forwarding addresses,
-- and an audit that says from where and what changed.

ALTER TABLE app ADD COLUMN display_name     text NOT NULL DEFAULT '';   -- empty: the asset name
ALTER TABLE app ADD COLUMN reply_to         text NOT NULL DEFAULT '';   -- empty: answers come to the mailbox
ALTER TABLE app ADD COLUMN signature        text NOT NULL DEFAULT '';
ALTER TABLE app ADD COLUMN aliases          text NOT NULL DEFAULT '';   -- other addresses of the mailbox, one blank between them
ALTER TABLE app ADD COLUMN former_addresses text NOT NULL DEFAULT '';   -- forwarding addresses before the present one, one blank between them
ALTER TABLE app ADD COLUMN state_before     text NOT NULL DEFAULT '';   -- of a retired app: where it goes back to

ALTER TABLE forwarding_address ADD COLUMN overlap_until    bigint;     -- null: the present one; later mail is held
ALTER TABLE forwarding_address ADD COLUMN closed_at        bigint;     -- null: taken; else refused
ALTER TABLE forwarding_address ADD COLUMN last_received_at bigint;
CREATE INDEX forwarding_address_app ON forwarding_address (organisation_id, app_id);

CREATE INDEX app_retired ON app (state_since) WHERE state = 'retired';
CREATE INDEX app_ending ON app (secret_expires_on) WHERE state = 'connected';
CREATE INDEX app_degraded ON app (id) WHERE state = 'degraded';

CREATE TABLE forwarding_confirmation (      -- a provider asks whether it may forward here
    organisation_id uuid NOT NULL,
    message_id      uuid NOT NULL,
    app_id          uuid NOT NULL,
    mailbox         text NOT NULL,          -- who wants to forward, as the mail says
    code            text NOT NULL,
    link            text NOT NULL,          -- empty when the mail has none
    received_at     bigint NOT NULL,
    confirmed_at    bigint,
    PRIMARY KEY (organisation_id, message_id)
);
CREATE INDEX forwarding_confirmation_app ON forwarding_confirmation (organisation_id, app_id, received_at);

ALTER TABLE audit ADD COLUMN kind    text NOT NULL DEFAULT '';          -- app, flow, person, credential, grant, letter, message, installation
ALTER TABLE audit ADD COLUMN origin  text NOT NULL DEFAULT '';          -- network address, operator, or passerelle itself
ALTER TABLE audit ADD COLUMN changes text NOT NULL DEFAULT '[]';        -- JSON: field, before, after; never a secret
CREATE INDEX audit_subject ON audit (organisation_id, subject, id);

SELECT protect_owned_tables();
