-- How many recipients one mail of an app may have, where an admin says so. NULL: as the preset says.

ALTER TABLE sending_limit ADD COLUMN recipients_per_mail bigint;
