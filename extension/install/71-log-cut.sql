/*
 * Dropping old history.  Events that made, deleted or restored a version stay as
 * long as their product, and its purge stays for ever, because versions, their
 * authors and their changes are read from these.  The others go.  Most of them are
 * reports of loads, on a platform that loads daily.
 *
 * The log is one table, not one partition for each month.  With partitions, a page
 * of versions and a follower's page would look into every one, nothing would keep a
 * version's event unique, and somebody who may create tables would have to make one
 * every month.  A cut deletes hundreds of thousands of events in a few seconds.
 */
CREATE TABLE dpmeta.log_cut (
	cut_at			timestamptz PRIMARY KEY,
	kept_since		timestamptz NOT NULL,
	removed			bigint NOT NULL,
	actor			text NOT NULL,
	life			text NOT NULL,
	transaction_id	xid8,
	event_id		bigint
);
COMMENT ON TABLE dpmeta.log_cut IS 'private: what was removed from the log last, when and by whom; earlier cuts that say no more are forgotten';
COMMENT ON COLUMN dpmeta.log_cut.kept_since IS 'from this time on the log has everything';
COMMENT ON COLUMN dpmeta.log_cut.life IS 'the store, by its mark, whose followers the next two are for';
COMMENT ON COLUMN dpmeta.log_cut.transaction_id IS
	'with event_id, the last event that was removed, in the order of followers: whoever had read it misses nothing';

SELECT pg_catalog.pg_extension_config_dump('dpmeta.log_cut', '');

CREATE FUNCTION dpmeta.log_kept_since() RETURNS timestamptz
	LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT pg_catalog.max(c.kept_since) FROM dpmeta.log_cut c;
END;
COMMENT ON FUNCTION dpmeta.log_kept_since() IS
	'from which time on the log has everything: cut_log() removed from what was before; null when it never did';

/* For DBAs alone: no grant_* function grants it. */
CREATE FUNCTION dpmeta.cut_log(before timestamptz) RETURNS bigint
	AS 'MODULE_PATHNAME', 'dpmeta_cut_log' LANGUAGE C VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, dpmeta, pg_temp COST 10000;
COMMENT ON FUNCTION dpmeta.cut_log(timestamptz) IS
	'removes from the log what happened before a time and neither made, deleted nor restored a version: reports of loads and sunset dates; returns how many events went. The history of versions stays. A follower that had not read all of them gets MD016; log_kept_since() returns the time (MD010 when it is in the future)';
