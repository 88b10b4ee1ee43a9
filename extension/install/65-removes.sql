/*
 * Deleting and restoring.
 */
CREATE FUNCTION dpmeta.delete_data_product(id dpmeta.dpid,
		if_match text[] DEFAULT NULL, dry_run boolean DEFAULT false,
		actor text DEFAULT NULL, actor_roles text[] DEFAULT NULL, force boolean DEFAULT false)
	RETURNS dpmeta.write_result
	AS 'MODULE_PATHNAME', 'dpmeta_delete_data_product' LANGUAGE C VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, dpmeta, pg_temp COST 1000;
COMMENT ON FUNCTION dpmeta.delete_data_product(dpmeta.dpid, text[], boolean, text, text[], boolean) IS
	'deletes a data product (dp:x), a major (dp:x:v1) or a version (dp:x:v1.0): its live versions become tombstones, and the newest live one is current (MD001, MD002, MD003, MD009). Raises MD019 if the view consumers has somebody who gets one of these versions, unless force; if_match: only if one of these entity tags is current (MD006); dry_run: say what it would delete and write nothing; actor, actor_roles: for those who act for another (MD009)';

CREATE FUNCTION dpmeta.restore_data_product(id dpmeta.dpid,
		if_match text[] DEFAULT NULL, dry_run boolean DEFAULT false,
		actor text DEFAULT NULL, actor_roles text[] DEFAULT NULL)
	RETURNS dpmeta.write_result
	AS 'MODULE_PATHNAME', 'dpmeta_restore_data_product' LANGUAGE C VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, dpmeta, pg_temp COST 1000;
COMMENT ON FUNCTION dpmeta.restore_data_product(dpmeta.dpid, text[], boolean, text, text[]) IS
	'makes live again what was deleted last of a data product (dp:x), of a major (dp:x:v1), or a version (dp:x:v1.0); MD012 when it is not deleted, a later version of its major was made, or the name was registered again (MD001, MD002, MD003, MD009); if_match never holds, because what is deleted has no entity tag (MD006); dry_run: say what it would restore and write nothing; actor, actor_roles: for those who act for another (MD009)';

/*
 * What stands beside the versions.
 */
CREATE FUNCTION dpmeta.report_load(id dpmeta.dpid,
		last_updated timestamptz DEFAULT NULL, row_count bigint DEFAULT NULL,
		s3_location text DEFAULT NULL, dpia_location text DEFAULT NULL,
		actor text DEFAULT NULL, actor_roles text[] DEFAULT NULL)
	RETURNS dpmeta.resource
	AS 'MODULE_PATHNAME', 'dpmeta_report_load' LANGUAGE C VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, dpmeta, pg_temp COST 1000;
COMMENT ON FUNCTION dpmeta.report_load(dpmeta.dpid, timestamptz, bigint, text, text, text, text[]) IS
	'reports what a pipeline knows of a version''s data: when it was last loaded, its rows, where it and its impact assessment lie; null leaves a fact as it was. Makes no version, but another entity tag (MD001, MD002, MD003, MD010); actor, actor_roles: for those who act for another (MD009)';

CREATE FUNCTION dpmeta.set_sunset(name text, sunset date,
		actor text DEFAULT NULL, actor_roles text[] DEFAULT NULL)
	RETURNS dpmeta.resource
	AS 'MODULE_PATHNAME', 'dpmeta_set_sunset' LANGUAGE C VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, dpmeta, pg_temp COST 1000;
COMMENT ON FUNCTION dpmeta.set_sunset(text, date, text, text[]) IS
	'sets the day after which a data product may go away; null for no such day (MD002, MD003, MD009, MD010); actor, actor_roles: for those who act for another (MD009)';

/*
 * For DBAs alone: no grant_* function grants these.
 */
CREATE FUNCTION dpmeta.purge_data_product(name text) RETURNS bigint
	AS 'MODULE_PATHNAME', 'dpmeta_purge_data_product' LANGUAGE C VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, dpmeta, pg_temp COST 10000;
COMMENT ON FUNCTION dpmeta.purge_data_product(text) IS
	'removes a data product and its history for good and returns how many versions it had; only its name and the numbers that it used are kept, and that it was purged (MD002, MD010)';

CREATE FUNCTION dpmeta.purge_idempotency_keys() RETURNS bigint
	AS 'MODULE_PATHNAME', 'dpmeta_purge_idempotency_keys' LANGUAGE C VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, dpmeta, pg_temp COST 10000;
COMMENT ON FUNCTION dpmeta.purge_idempotency_keys() IS
	'removes the answers that are kept for retries and are past dpmeta.idempotency_retention, and returns how many; writes do the same bit by bit';

CREATE FUNCTION dpmeta.version() RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT e.extversion FROM pg_catalog.pg_extension e WHERE e.extname = 'dpmeta';
END;
COMMENT ON FUNCTION dpmeta.version() IS 'the version of the extension in this database';
