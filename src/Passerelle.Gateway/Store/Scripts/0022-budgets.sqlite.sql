-- What an admin says that an app, or all apps of a directory together, may send. What is not here says the preset.

CREATE TABLE sending_limit (
    organisation_id    BLOB NOT NULL,
    scope              TEXT NOT NULL,      -- app, directory
    subject            TEXT NOT NULL,      -- the app's id, or the directory's, lower case
    connections        INTEGER,            -- NULL in each: as the preset says
    per_minute         INTEGER,
    recipients_per_day INTEGER,
    person_id          BLOB,               -- who said so last
    changed_at         INTEGER NOT NULL,
    PRIMARY KEY (organisation_id, scope, subject)
) WITHOUT ROWID;
