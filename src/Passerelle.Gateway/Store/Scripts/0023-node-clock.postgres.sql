-- Whether the clock of a node goes right; those of two nodes decide together when something is due.

ALTER TABLE node ADD COLUMN clock_ahead bigint;    -- milliseconds before the database's clock, negative: behind it; written by the node itself
