/*
 * The timeline on which an event was written: a failover that loses events leaves
 * this one with those that it did not lose.  Of events from before 1.1 it is not known.
 */
ALTER TABLE dpmeta.event ADD COLUMN timeline integer;
ALTER TABLE dpmeta.event ALTER COLUMN timeline SET DEFAULT
	('x' || pg_catalog.left(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 8))::bit(32)::integer;
COMMENT ON COLUMN dpmeta.event.timeline IS 'the timeline of this cluster''s WAL that brought the event; NULL of what was there before 1.1';

/*
 * Numbers of transactions are a cluster's own.  Events that come by a restore or
 * by logical replication bring another's, and so they get the one that they
 * came by.  Followers read in this order.
 */
CREATE FUNCTION dpmeta.event_arrived() RETURNS trigger
	LANGUAGE plpgsql
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	NEW.transaction_id := pg_catalog.pg_current_xact_id();
	NEW.timeline := ('x' || pg_catalog.left(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 8))::bit(32)::integer;
	RETURN NEW;
END
$$;
COMMENT ON FUNCTION dpmeta.event_arrived() IS
	'private: an event belongs to the transaction that brought it into this database';

CREATE TRIGGER event_arrived
	BEFORE INSERT ON dpmeta.event
	FOR EACH ROW
	WHEN (NEW.transaction_id IS DISTINCT FROM pg_catalog.pg_current_xact_id())
	EXECUTE FUNCTION dpmeta.event_arrived();
-- also for a restore or a subscription, which switch ordinary triggers off
ALTER TABLE dpmeta.event ENABLE ALWAYS TRIGGER event_arrived;

/*
 * What a follower's cursor is of.  pg_dump leaves this table out, and so a restored
 * store begins a life of its own; pg_upgrade and a standby take it along.
 */
CREATE TABLE dpmeta.life (
	seed	uuid PRIMARY KEY
);
COMMENT ON TABLE dpmeta.life IS
	'private: one row, by which the log of this store is told from that of a copy';
INSERT INTO dpmeta.life (seed) VALUES (pg_catalog.gen_random_uuid());

/* A copy by CREATE DATABASE with a TEMPLATE has the same row in another database. */
CREATE FUNCTION dpmeta.life() RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT pg_catalog.left(pg_catalog.md5(pg_catalog.concat(l.seed, d.oid)), 16)
	FROM dpmeta.life l
	CROSS JOIN pg_catalog.pg_database d
	WHERE d.datname = pg_catalog.current_database();
END;
COMMENT ON FUNCTION dpmeta.life() IS
	'private: names the life of this store, which is another after a restore and in a copy';
