-- Several machines on one store: which of them works for an app, and which there are. A store on SQLite has one.

ALTER TABLE app ADD COLUMN node TEXT NOT NULL DEFAULT '';   -- the node of its owner; empty: the only one

CREATE TABLE node_version (
    cluster         TEXT NOT NULL,
    version         INTEGER NOT NULL,   -- raised by each change of a node's state
    PRIMARY KEY (cluster)
) WITHOUT ROWID;

CREATE TABLE node (                     -- empty on SQLite
    cluster         TEXT NOT NULL,
    address         TEXT NOT NULL,
    port            INTEGER NOT NULL,
    generation      INTEGER NOT NULL,
    name            TEXT NOT NULL,
    host            TEXT NOT NULL,
    status          INTEGER NOT NULL,
    gateway_port    INTEGER NOT NULL,
    suspect_times   TEXT,
    start_time      TEXT NOT NULL,
    alive_time      TEXT NOT NULL,
    PRIMARY KEY (cluster, address, port, generation)
) WITHOUT ROWID;
