-- The mailbox itself is looked at for what forwarding lost. Its grant is another than the one for sending.
CREATE TABLE mailbox_poll (
    organisation_id uuid NOT NULL,
    app_id          uuid NOT NULL,
    refresh_token   text NOT NULL,      -- sealed
    scope           text NOT NULL,
    signed_in_as    text NOT NULL,
    since           bigint NOT NULL,        -- what the mailbox got earlier is left there
    listed_to       text NOT NULL,      -- UIDVALIDITY:UIDNEXT up to where it was listed; empty: nothing yet
    state           text NOT NULL,      -- watching, broken
    finding         text,               -- JSON of what broke it
    words           text NOT NULL,      -- why the last look failed; empty after one that did not
    looked_at       bigint,                 -- the last look that listed the mailbox
    due_at          bigint NOT NULL,
    PRIMARY KEY (organisation_id, app_id)
);
CREATE INDEX mailbox_poll_due ON mailbox_poll (due_at) WHERE state = 'watching';

CREATE TABLE mailbox_item (             -- a mail of the mailbox that forwarding owes us, until it has come or was fetched
    organisation_id uuid NOT NULL,
    app_id          uuid NOT NULL,
    item            text NOT NULL,      -- UIDVALIDITY:UID
    internet_id     text NOT NULL,      -- Message-ID with angle brackets; empty when it has none
    delivered_at    bigint NOT NULL,
    state           text NOT NULL,      -- waiting, arrived, fetched, gone
    due_at          bigint NOT NULL,        -- judged then: forwarding takes its time
    receipt_id      uuid,               -- of one that was fetched
    PRIMARY KEY (organisation_id, app_id, item)
);
CREATE INDEX mailbox_item_waiting ON mailbox_item (organisation_id, app_id, due_at) WHERE state = 'waiting';

ALTER TABLE receipt ADD COLUMN origin text NOT NULL DEFAULT '';    -- empty: handed to us by SMTP; mailbox: fetched from there
SELECT protect_owned_tables();
