-- The mailbox itself is looked at for what forwarding lost. Its grant is another than the one for sending.
CREATE TABLE mailbox_poll (
    organisation_id BLOB NOT NULL,
    app_id          BLOB NOT NULL,
    refresh_token   TEXT NOT NULL,      -- sealed
    scope           TEXT NOT NULL,
    signed_in_as    TEXT NOT NULL,
    since           INTEGER NOT NULL,   -- what the mailbox got earlier is left there
    listed_to       TEXT NOT NULL,      -- UIDVALIDITY:UIDNEXT up to where it was listed; empty: nothing yet
    state           TEXT NOT NULL,      -- watching, broken
    finding         TEXT,               -- JSON of what broke it
    words           TEXT NOT NULL,      -- why the last look failed; empty after one that did not
    looked_at       INTEGER,            -- the last look that listed the mailbox
    due_at          INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, app_id)
) WITHOUT ROWID;
CREATE INDEX mailbox_poll_due ON mailbox_poll (due_at) WHERE state = 'watching';

CREATE TABLE mailbox_item (             -- a mail of the mailbox that forwarding owes us, until it has come or was fetched
    organisation_id BLOB NOT NULL,
    app_id          BLOB NOT NULL,
    item            TEXT NOT NULL,      -- UIDVALIDITY:UID
    internet_id     TEXT NOT NULL,      -- Message-ID with angle brackets; empty when it has none
    delivered_at    INTEGER NOT NULL,
    state           TEXT NOT NULL,      -- waiting, arrived, fetched, gone
    due_at          INTEGER NOT NULL,   -- judged then: forwarding takes its time
    receipt_id      BLOB,               -- of one that was fetched
    PRIMARY KEY (organisation_id, app_id, item)
) WITHOUT ROWID;
CREATE INDEX mailbox_item_waiting ON mailbox_item (organisation_id, app_id, due_at) WHERE state = 'waiting';

ALTER TABLE receipt ADD COLUMN origin TEXT NOT NULL DEFAULT '';    -- empty: handed to us by SMTP; mailbox: fetched from there
