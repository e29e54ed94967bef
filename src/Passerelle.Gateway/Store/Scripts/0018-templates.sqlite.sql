-- Texts that letters are written from, with Liquid in them.

CREATE TABLE template (
    organisation_id BLOB NOT NULL,
    id              BLOB NOT NULL,
    name            TEXT NOT NULL,      -- lower case, digits, hyphens: how orders and flows call it
    subject         TEXT NOT NULL,      -- empty: the order gives one, or it is an answer
    text            TEXT NOT NULL,      -- Liquid; empty: made from html
    html            TEXT NOT NULL,      -- Liquid, what is filled in is escaped; empty: made from text
    sample          TEXT NOT NULL,      -- JSON to look at it with
    version         INTEGER NOT NULL,   -- raised by each who saves it
    person_id       BLOB,               -- who saved it last
    created_at      INTEGER NOT NULL,
    changed_at      INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX template_name ON template (organisation_id, name);
