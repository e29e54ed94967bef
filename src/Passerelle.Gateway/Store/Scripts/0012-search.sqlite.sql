-- The words of messages, by which people find them.

CREATE TABLE message_search (
    organisation_id BLOB NOT NULL,
    number          INTEGER NOT NULL,       -- of the row in message_words; rises with the time of receipt: milliseconds times 256
    message_id      BLOB NOT NULL,
    PRIMARY KEY (organisation_id, number)
) WITHOUT ROWID;
CREATE UNIQUE INDEX message_search_number ON message_search (number);
CREATE UNIQUE INDEX message_search_message ON message_search (organisation_id, message_id);

-- Words only, as SearchWords cuts them; scope holds whose, which app's and of what kind a message is.
CREATE VIRTUAL TABLE message_words USING fts5(
    scope, sender, subject, ids, words,
    content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 2 categories 'L* N* Co M*'");

-- Whoever removes a message or its text removes its words.
CREATE TRIGGER message_forgotten AFTER DELETE ON message BEGIN
    DELETE FROM message_words WHERE rowid = (SELECT number FROM message_search WHERE organisation_id = OLD.organisation_id AND message_id = OLD.id);
    DELETE FROM message_search WHERE organisation_id = OLD.organisation_id AND message_id = OLD.id;
END;
CREATE TRIGGER message_silenced AFTER UPDATE OF text ON message WHEN NEW.text = '' BEGIN
    DELETE FROM message_words WHERE rowid = (SELECT number FROM message_search WHERE organisation_id = NEW.organisation_id AND message_id = NEW.id);
    INSERT INTO message_words (rowid, scope, sender, subject, ids, words)
    SELECT number, 'o' || lower(hex(NEW.organisation_id)) || ' a' || lower(hex(NEW.app_id)) || ' k' || replace(NEW.kind, '-', ''),
           NEW.from_name || ' ' || NEW.from_address, NEW.subject, NEW.internet_id, ''
    FROM message_search WHERE organisation_id = NEW.organisation_id AND message_id = NEW.id;
END;
