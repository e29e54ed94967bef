-- What becomes of a letter that may have left and may not, and of a person's answer that does not leave.
ALTER TABLE app ADD COLUMN unclear_letters text NOT NULL DEFAULT 'hold';   -- hold: a person decides; sent-items: sent again where the copy is provably missing
ALTER TABLE letter ADD COLUMN evidence text NOT NULL DEFAULT '';           -- of an unclear one: what looking for its copy has come to
CREATE INDEX letter_unclear ON letter (organisation_id, id) WHERE state = 'unclear';
CREATE INDEX letter_person ON letter (created_at) WHERE origin = 'person' AND state <> 'settled';
