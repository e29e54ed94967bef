-- Several machines on one store: which of them works for an app, and which there are. A store on SQLite has one.

ALTER TABLE app ADD COLUMN node text NOT NULL DEFAULT '';   -- the node of its owner; empty: the only one
CREATE INDEX app_node ON app (node);

CREATE TABLE node_version (
    cluster         text NOT NULL,
    version         integer NOT NULL,   -- raised by each change of a node's state
    PRIMARY KEY (cluster)
);

CREATE TABLE node (                     -- written and read by Orleans alone, in the words of orleansquery below
    cluster         text NOT NULL,
    address         text NOT NULL,
    port            integer NOT NULL,
    generation      integer NOT NULL,   -- of the process
    name            text NOT NULL,
    host            text NOT NULL,
    status          integer NOT NULL,   -- 3: it lives; 6: it is dead
    gateway_port    integer NOT NULL,
    suspect_times   text,               -- who found it silent, and when
    start_time      timestamptz NOT NULL,
    alive_time      timestamptz NOT NULL,
    PRIMARY KEY (cluster, address, port, generation)
);

-- Orleans reads the statements that it needs from a table of this name; parameters and columns bear the names that it knows them by
-- (https://learn.microsoft.com/dotnet/orleans/host/configuration-guide/adonet-configuration).
CREATE VIEW orleansquery (querykey, querytext) AS VALUES
('InsertMembershipVersionKey', '
    WITH made AS (INSERT INTO node_version (cluster, version) VALUES (@DeploymentId, 0) ON CONFLICT DO NOTHING RETURNING 1)
    SELECT COUNT(*) FROM made'),
('InsertMembershipKey', '
    WITH raised AS (UPDATE node_version SET version = version + 1 WHERE cluster = @DeploymentId AND version = @Version RETURNING 1),
    made AS (INSERT INTO node (cluster, address, port, generation, name, host, status, gateway_port, start_time, alive_time)
        SELECT @DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime FROM raised
        ON CONFLICT DO NOTHING RETURNING 1)
    SELECT COUNT(*) FROM made'),
('UpdateMembershipKey', '
    WITH raised AS (UPDATE node_version SET version = version + 1 WHERE cluster = @DeploymentId AND version = @Version RETURNING 1),
    made AS (UPDATE node SET status = @Status, suspect_times = @SuspectTimes, alive_time = @IAmAliveTime FROM raised
        WHERE cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation RETURNING 1)
    SELECT COUNT(*) FROM made'),
('UpdateIAmAlivetimeKey', '
    UPDATE node SET alive_time = @IAmAliveTime
    WHERE cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation'),
('MembershipReadRowKey', '
    SELECT v.cluster AS DeploymentId, n.address AS Address, n.port AS Port, n.generation AS Generation, n.name AS SiloName,
        n.host AS HostName, n.status AS Status, n.gateway_port AS ProxyPort, n.suspect_times AS SuspectTimes, n.start_time AS StartTime,
        n.alive_time AS IAmAliveTime, v.version AS Version
    FROM node_version v LEFT JOIN node n ON n.cluster = v.cluster AND n.address = @Address AND n.port = @Port AND n.generation = @Generation
    WHERE v.cluster = @DeploymentId'),
('MembershipReadAllKey', '
    SELECT v.cluster AS DeploymentId, n.address AS Address, n.port AS Port, n.generation AS Generation, n.name AS SiloName,
        n.host AS HostName, n.status AS Status, n.gateway_port AS ProxyPort, n.suspect_times AS SuspectTimes, n.start_time AS StartTime,
        n.alive_time AS IAmAliveTime, v.version AS Version
    FROM node_version v LEFT JOIN node n ON n.cluster = v.cluster
    WHERE v.cluster = @DeploymentId'),
('DeleteMembershipTableEntriesKey', '
    WITH gone AS (DELETE FROM node WHERE cluster = @DeploymentId)
    DELETE FROM node_version WHERE cluster = @DeploymentId'),
('GatewaysQueryKey', '
    SELECT address AS Address, gateway_port AS ProxyPort, generation AS Generation
    FROM node WHERE cluster = @DeploymentId AND status = @Status AND gateway_port > 0'),
('CleanupDefunctSiloEntriesKey', '
    DELETE FROM node WHERE cluster = @DeploymentId AND alive_time < @IAmAliveTime AND status <> 3');
