/*
 * For whoever reads on a standby what was just written on the primary.  The
 * procedure that takes a pg_lsn believes that this is of the server's history.
 */
CREATE FUNCTION dpmeta.current_position() RETURNS text
	AS 'MODULE_PATHNAME', 'dpmeta_current_position' LANGUAGE C VOLATILE PARALLEL RESTRICTED;

CREATE PROCEDURE dpmeta.wait_for_position(target pg_lsn, timeout integer DEFAULT 1000)
	AS 'MODULE_PATHNAME', 'dpmeta_wait_for_position' LANGUAGE C;

CREATE PROCEDURE dpmeta.wait_for_position(target text, timeout integer DEFAULT 1000)
	AS 'MODULE_PATHNAME', 'dpmeta_wait_for_full_position' LANGUAGE C;

COMMENT ON FUNCTION dpmeta.current_position() IS
	'where this server is: the end of the session''s last commit, or of all that was written if that wrote nothing; on a standby, of what was replayed. It names the timeline and the cluster, too. Call it as a statement of its own, after COMMIT';
COMMENT ON PROCEDURE dpmeta.wait_for_position(pg_lsn, integer) IS
	'waits until this standby has replayed the WAL up to the position target, and fails after timeout milliseconds; on a primary it returns at once';
COMMENT ON PROCEDURE dpmeta.wait_for_position(text, integer) IS
	'the same for a target that current_position() returned; raises MD018 when this server''s history does not have it, because a failover lost it or the store is another';
