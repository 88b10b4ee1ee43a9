-- A position that names its timeline.

CREATE FUNCTION dpmeta.current_position() RETURNS text
	AS 'MODULE_PATHNAME', 'dpmeta_current_position' LANGUAGE C VOLATILE PARALLEL RESTRICTED;

CREATE PROCEDURE dpmeta.wait_for_position(target text, timeout integer DEFAULT 1000)
	AS 'MODULE_PATHNAME', 'dpmeta_wait_for_full_position' LANGUAGE C;

COMMENT ON FUNCTION dpmeta.current_position() IS
	'where this server is: the end of the session''s last commit, or of all that was written if that wrote nothing; on a standby, of what was replayed. It names the timeline and the cluster, too. Call it as a statement of its own, after COMMIT';
COMMENT ON PROCEDURE dpmeta.wait_for_position(text, integer) IS
	'the same for a target that current_position() returned; raises MD018 when this server''s history does not have it, because a failover lost it or the store is another';

REVOKE EXECUTE ON FUNCTION dpmeta.current_position() FROM PUBLIC;
REVOKE EXECUTE ON PROCEDURE dpmeta.wait_for_position(text, integer) FROM PUBLIC;
