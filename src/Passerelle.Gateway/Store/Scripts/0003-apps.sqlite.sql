-- What an app calls itself to the people it writes to, its other addresses, its overlapping forwarding addresses,
-- and an audit that says from where and what changed.

ALTER TABLE app ADD COLUMN display_name     TEXT NOT NULL DEFAULT '';   -- empty: the asset name
ALTER TABLE app ADD COLUMN reply_to         TEXT NOT NULL DEFAULT '';   -- empty: answers come to the mailbox
ALTER TABLE app ADD COLUMN signature        TEXT NOT NULL DEFAULT '';
ALTER TABLE app ADD COLUMN aliases          TEXT NOT NULL DEFAULT '';   -- other addresses of the mailbox, one blank between them
ALTER TABLE app ADD COLUMN former_addresses TEXT NOT NULL DEFAULT '';   -- forwarding addresses before the present one, one blank between them
ALTER TABLE app ADD COLUMN state_before     TEXT NOT NULL DEFAULT '';   -- of a retired app: where it goes back to

ALTER TABLE forwarding_address ADD COLUMN overlap_until    INTEGER;     -- null: the present one; later mail is held
ALTER TABLE forwarding_address ADD COLUMN closed_at        INTEGER;     -- null: taken; else refused
ALTER TABLE forwarding_address ADD COLUMN last_received_at INTEGER;
CREATE INDEX forwarding_address_app ON forwarding_address (organisation_id, app_id);

CREATE INDEX app_retired ON app (state_since) WHERE state = 'retired';
CREATE INDEX app_ending ON app (secret_expires_on) WHERE state = 'connected';
CREATE INDEX app_degraded ON app (id) WHERE state = 'degraded';

CREATE TABLE forwarding_confirmation (      -- a provider asks whether it may forward here
    organisation_id BLOB NOT NULL,
    message_id      BLOB NOT NULL,
    app_id          BLOB NOT NULL,
    mailbox         TEXT NOT NULL,          -- who wants to forward, as the mail says
    code            TEXT NOT NULL,
    link            TEXT NOT NULL,          -- empty when the mail has none
    received_at     INTEGER NOT NULL,
    confirmed_at    INTEGER,
    PRIMARY KEY (organisation_id, message_id)
) WITHOUT ROWID;
CREATE INDEX forwarding_confirmation_app ON forwarding_confirmation (organisation_id, app_id, received_at);

ALTER TABLE audit ADD COLUMN kind    TEXT NOT NULL DEFAULT '';          -- app, flow, person, credential, grant, letter, message, installation
ALTER TABLE audit ADD COLUMN origin  TEXT NOT NULL DEFAULT '';          -- network address, operator, or passerelle itself
ALTER TABLE audit ADD COLUMN changes TEXT NOT NULL DEFAULT '[]';        -- JSON: field, before, after; never a secret
CREATE INDEX audit_subject ON audit (organisation_id, subject, id);
