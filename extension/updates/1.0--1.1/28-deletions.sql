-- Deletions may be forced on consumers.

DROP FUNCTION dpmeta.delete_schema(dpmeta.dpid, text[], boolean, text, text[]),
	dpmeta.delete_data_product(dpmeta.dpid, text[], boolean, text, text[]);

CREATE FUNCTION dpmeta.delete_schema(id dpmeta.dpid,
		if_match text[] DEFAULT NULL, dry_run boolean DEFAULT false,
		actor text DEFAULT NULL, actor_roles text[] DEFAULT NULL, force boolean DEFAULT false)
	RETURNS dpmeta.write_result
	AS 'MODULE_PATHNAME', 'dpmeta_delete_schema' LANGUAGE C VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, dpmeta, pg_temp COST 1000;
COMMENT ON FUNCTION dpmeta.delete_schema(dpmeta.dpid, text[], boolean, text, text[], boolean) IS
	'makes a major version without the table (MD002, MD003, MD005, MD011). Raises MD019 if the view consumers has somebody who reads the table, unless force; for the other arguments see register_data_product()';

CREATE FUNCTION dpmeta.delete_data_product(id dpmeta.dpid,
		if_match text[] DEFAULT NULL, dry_run boolean DEFAULT false,
		actor text DEFAULT NULL, actor_roles text[] DEFAULT NULL, force boolean DEFAULT false)
	RETURNS dpmeta.write_result
	AS 'MODULE_PATHNAME', 'dpmeta_delete_data_product' LANGUAGE C VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, dpmeta, pg_temp COST 1000;
COMMENT ON FUNCTION dpmeta.delete_data_product(dpmeta.dpid, text[], boolean, text, text[], boolean) IS
	'deletes a data product (dp:x), a major (dp:x:v1) or a version (dp:x:v1.0): its live versions become tombstones, and the newest live one is current (MD001, MD002, MD003, MD009). Raises MD019 if the view consumers has somebody who gets one of these versions, unless force; if_match: only if one of these entity tags is current (MD006); dry_run: say what it would delete and write nothing; actor, actor_roles: for those who act for another (MD009)';

REVOKE EXECUTE ON FUNCTION dpmeta.delete_schema(dpmeta.dpid, text[], boolean, text, text[], boolean),
	dpmeta.delete_data_product(dpmeta.dpid, text[], boolean, text, text[], boolean) FROM PUBLIC;
