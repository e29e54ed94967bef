-- The words of messages, by which people find them.

CREATE TABLE message_search (
    organisation_id uuid NOT NULL,
    number          bigint NOT NULL,       -- of the row in message_words; rises with the time of receipt: milliseconds times 256
    message_id      uuid NOT NULL,
    PRIMARY KEY (organisation_id, number)
);
CREATE UNIQUE INDEX message_search_number ON message_search (number);
CREATE UNIQUE INDEX message_search_message ON message_search (organisation_id, message_id);

-- Words only, as SearchWords cuts them; among them stands whose, which app's and of what kind a message is. Row-level security
-- would keep the index from being used (@@ is not leakproof): every row is reached through message_search, which it guards.
CREATE TABLE message_words (                -- global: see above
    number bigint PRIMARY KEY,
    words  tsvector NOT NULL
);
CREATE INDEX message_words_words ON message_words USING gin (words);

-- Whoever removes a message or its text removes its words.
CREATE FUNCTION forget_message_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM message_words WHERE number = (SELECT number FROM message_search WHERE organisation_id = OLD.organisation_id AND message_id = OLD.id);
    DELETE FROM message_search WHERE organisation_id = OLD.organisation_id AND message_id = OLD.id;
    RETURN NULL;
END $$;
CREATE TRIGGER message_forgotten AFTER DELETE ON message FOR EACH ROW EXECUTE FUNCTION forget_message_words();
CREATE FUNCTION silence_message_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE message_words SET words =
        array_to_tsvector(ARRAY['o' || replace(NEW.organisation_id::text, '-', ''), 'a' || replace(NEW.app_id::text, '-', ''), 'k' || replace(NEW.kind, '-', '')])
        || setweight(to_tsvector('simple', regexp_replace(NEW.from_name || ' ' || NEW.from_address, '[^[:alnum:]]+', ' ', 'g')), 'A')
        || setweight(to_tsvector('simple', NEW.subject), 'B')
        || setweight(to_tsvector('simple', regexp_replace(NEW.internet_id, '[^[:alnum:]]+', ' ', 'g')), 'C')
    WHERE number = (SELECT number FROM message_search WHERE organisation_id = NEW.organisation_id AND message_id = NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER message_silenced AFTER UPDATE OF text ON message FOR EACH ROW WHEN (NEW.text = '') EXECUTE FUNCTION silence_message_words();
SELECT protect_owned_tables();
