-- Texts that letters are written from, with Liquid in them.

CREATE TABLE template (
    organisation_id uuid NOT NULL,
    id              uuid NOT NULL,
    name            text NOT NULL,      -- lower case, digits, hyphens: how orders and flows call it
    subject         text NOT NULL,      -- empty: the order gives one, or it is an answer
    text            text NOT NULL,      -- Liquid; empty: made from html
    html            text NOT NULL,      -- Liquid, what is filled in is escaped; empty: made from text
    sample          text NOT NULL,      -- JSON to look at it with
    version         bigint NOT NULL,   -- raised by each who saves it
    person_id       uuid,               -- who saved it last
    created_at      bigint NOT NULL,
    changed_at      bigint NOT NULL,
    PRIMARY KEY (organisation_id, id)
);
CREATE UNIQUE INDEX template_name ON template (organisation_id, name);
SELECT protect_owned_tables();
