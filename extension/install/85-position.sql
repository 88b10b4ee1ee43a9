/*
 * For whoever reads on a standby what was just written on the primary.  There,
 * SELECT pg_current_wal_insert_lsn() after the commit is the position.
 */
CREATE PROCEDURE dpmeta.wait_for_position(target pg_lsn, timeout integer DEFAULT 1000)
	AS 'MODULE_PATHNAME', 'dpmeta_wait_for_position' LANGUAGE C;

COMMENT ON PROCEDURE dpmeta.wait_for_position(pg_lsn, integer) IS
	'waits until this standby has replayed the WAL up to the position target, and fails after timeout milliseconds; on a primary it returns at once';
