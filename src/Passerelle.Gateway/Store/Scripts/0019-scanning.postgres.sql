-- What scanners of malware and spam made of a mail, and the mail that waits for them.

ALTER TABLE receipt ADD COLUMN scans bigint NOT NULL DEFAULT 0;     -- times that a scanner gave no answer about it

CREATE INDEX receipt_unscanned ON receipt (organisation_id, received_at) WHERE state = 'received' AND scans > 0;
CREATE INDEX message_quarantined ON message (organisation_id, id) WHERE state = 'quarantined';
