-- What an admin says that an app, or all apps of a directory together, may send. What is not here says the preset.

CREATE TABLE sending_limit (
    organisation_id    uuid NOT NULL,
    scope              text NOT NULL,      -- app, directory
    subject            text NOT NULL,      -- the app's id, or the directory's, lower case
    connections        bigint,             -- NULL in each: as the preset says
    per_minute         bigint,
    recipients_per_day bigint,
    person_id          uuid,               -- who said so last
    changed_at         bigint NOT NULL,
    PRIMARY KEY (organisation_id, scope, subject)
);
SELECT protect_owned_tables();
