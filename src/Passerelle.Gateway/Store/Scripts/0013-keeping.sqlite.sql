-- How long mail is kept, what must not go, the jobs that prune, erase and export, and what scanners said of a mail.

ALTER TABLE app ADD COLUMN keep_raw_days INTEGER;                   -- days since a mail came; null: for ever
ALTER TABLE app ADD COLUMN keep_text_days INTEGER;
ALTER TABLE app ADD COLUMN keep_message_days INTEGER;

ALTER TABLE message ADD COLUMN raw_pruned_at INTEGER;               -- null: the bytes are there
ALTER TABLE message ADD COLUMN text_pruned_at INTEGER;              -- null: text and attachments are there
ALTER TABLE message ADD COLUMN malware TEXT NOT NULL DEFAULT '';    -- clean, infected, not-scanned; empty: nobody was asked
ALTER TABLE message ADD COLUMN spam TEXT NOT NULL DEFAULT '';       -- ham, spam, not-scanned; empty: nobody was asked

ALTER TABLE message_digest ADD COLUMN forget_at INTEGER;            -- null: its message is there
CREATE INDEX message_digest_message ON message_digest (organisation_id, message_id);
CREATE INDEX message_digest_forget ON message_digest (organisation_id, forget_at) WHERE forget_at IS NOT NULL;
CREATE INDEX message_alias_message ON message_alias (organisation_id, message_id);
CREATE INDEX receipt_copy ON receipt (organisation_id, message_id, id) WHERE state = 'duplicate';

CREATE TABLE raw_share (                    -- bytes that several receipts of one mail use: a row for each, none for bytes of one receipt
    organisation_id BLOB NOT NULL,
    raw_id          BLOB NOT NULL,
    receipt_id      BLOB NOT NULL,
    PRIMARY KEY (organisation_id, raw_id, receipt_id)
) WITHOUT ROWID;
INSERT INTO raw_share (organisation_id, raw_id, receipt_id)
SELECT organisation_id, raw_id, id FROM receipt WHERE (organisation_id, raw_id) IN (
    SELECT organisation_id, raw_id FROM receipt GROUP BY organisation_id, raw_id HAVING COUNT(*) > 1);

CREATE TABLE legal_hold (                   -- nothing of it is pruned or erased while the hold stands
    organisation_id BLOB NOT NULL,
    id              BLOB NOT NULL,
    scope           TEXT NOT NULL,          -- app, conversation, correspondent
    subject         TEXT NOT NULL,          -- an id in hexadecimal, or a lower-case address
    reason          TEXT NOT NULL,
    placed_by       BLOB,                   -- null: the operator of the machine
    placed_at       INTEGER NOT NULL,
    lifted_by       BLOB,
    lifted_at       INTEGER,                -- null: it stands
    lifted_reason   TEXT NOT NULL,
    PRIMARY KEY (organisation_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX legal_hold_standing ON legal_hold (organisation_id, scope, subject) WHERE lifted_at IS NULL;

CREATE TABLE keeping_job (
    organisation_id BLOB NOT NULL,
    id              BLOB NOT NULL,          -- UUIDv7: they run in this order
    kind            TEXT NOT NULL,          -- prune, erase, export
    state           TEXT NOT NULL,          -- waiting, running, done, cancelled, failed
    orders          TEXT NOT NULL,          -- JSON; what names a person is taken out when the job ends
    position        TEXT NOT NULL,          -- JSON: where it goes on after a crash; empty: from the start
    looked_at       INTEGER NOT NULL,       -- rows so far
    total           INTEGER,                -- rows to look at; null: not known
    changed         INTEGER NOT NULL,       -- rows pruned, erased or exported
    kept            INTEGER NOT NULL,       -- rows left alone: under a legal hold, or work that is not done
    words           TEXT NOT NULL,          -- why it failed or waits
    person_id       BLOB,                   -- who ordered it; null: Passerelle itself, or the operator of the machine
    created_at      INTEGER NOT NULL,
    started_at      INTEGER,
    ended_at        INTEGER,
    due_at          INTEGER NOT NULL,
    lease_until     INTEGER NOT NULL,       -- whoever runs it says until when; then another may
    epoch           INTEGER NOT NULL,       -- raised by each who takes it up; a smaller one writes nothing
    size            INTEGER NOT NULL,       -- bytes of the file that an export left
    expires_at      INTEGER,                -- of that file; null: there is none
    PRIMARY KEY (organisation_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX keeping_job_running ON keeping_job (organisation_id) WHERE state = 'running';
CREATE INDEX keeping_job_due ON keeping_job (due_at) WHERE state IN ('waiting', 'running');
CREATE INDEX keeping_job_file ON keeping_job (expires_at) WHERE expires_at IS NOT NULL;
