/*
 * The writes that make versions.
 */

CREATE FUNCTION dpmeta.register_data_product(document jsonb,
		if_match text[] DEFAULT NULL, idempotent boolean DEFAULT false,
		idempotency_key text DEFAULT NULL, dry_run boolean DEFAULT false,
		actor text DEFAULT NULL, actor_roles text[] DEFAULT NULL)
	RETURNS dpmeta.write_result
	AS 'MODULE_PATHNAME', 'dpmeta_register_data_product' LANGUAGE C VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, dpmeta, pg_temp COST 1000;
COMMENT ON FUNCTION dpmeta.register_data_product(jsonb, text[], boolean, text, boolean, text, text[]) IS
	'registers a data product by its document (MD007 if it breaks its model, MD004 if the name is taken). All writes take these arguments. if_match: only if one of these entity tags is current (MD006). idempotent: replays the answer to an earlier copy of this request, with if_match or the ID of one version always, otherwise while that is still true. idempotency_key: the same, always, by a key of the caller''s own (MD008 if another request had it). dry_run: says what it would make, and writes nothing. actor, actor_roles: for those who act for another (MD009)';

CREATE FUNCTION dpmeta.update_data_product(id dpmeta.dpid, document jsonb,
		if_match text[] DEFAULT NULL, idempotent boolean DEFAULT false,
		idempotency_key text DEFAULT NULL, dry_run boolean DEFAULT false,
		actor text DEFAULT NULL, actor_roles text[] DEFAULT NULL)
	RETURNS dpmeta.write_result
	AS 'MODULE_PATHNAME', 'dpmeta_update_data_product' LANGUAGE C VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, dpmeta, pg_temp COST 1000;
COMMENT ON FUNCTION dpmeta.update_data_product(dpmeta.dpid, jsonb, text[], boolean, text, boolean, text, text[]) IS
	'replaces the metadata of a data product, which makes a minor version unless nothing changed (MD002, MD003, MD005, MD007); for the other arguments see register_data_product()';

CREATE FUNCTION dpmeta.patch_data_product(id dpmeta.dpid, patch jsonb,
		if_match text[] DEFAULT NULL, idempotent boolean DEFAULT false,
		idempotency_key text DEFAULT NULL, dry_run boolean DEFAULT false,
		actor text DEFAULT NULL, actor_roles text[] DEFAULT NULL)
	RETURNS dpmeta.write_result
	AS 'MODULE_PATHNAME', 'dpmeta_patch_data_product' LANGUAGE C VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, dpmeta, pg_temp COST 1000;
COMMENT ON FUNCTION dpmeta.patch_data_product(dpmeta.dpid, jsonb, text[], boolean, text, boolean, text, text[]) IS
	'changes the metadata of a data product by a merge patch (RFC 7396); for the other arguments see register_data_product()';

CREATE FUNCTION dpmeta.register_schema(id dpmeta.dpid, document jsonb,
		if_match text[] DEFAULT NULL, idempotent boolean DEFAULT false,
		idempotency_key text DEFAULT NULL, dry_run boolean DEFAULT false,
		actor text DEFAULT NULL, actor_roles text[] DEFAULT NULL)
	RETURNS dpmeta.write_result
	AS 'MODULE_PATHNAME', 'dpmeta_register_schema' LANGUAGE C VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, dpmeta, pg_temp COST 1000;
COMMENT ON FUNCTION dpmeta.register_schema(dpmeta.dpid, jsonb, text[], boolean, text, boolean, text, text[]) IS
	'adds a table to a data product by its schema, which makes a minor version (MD002, MD003, MD004, MD005, MD007); for the other arguments see register_data_product()';

CREATE FUNCTION dpmeta.update_schema(id dpmeta.dpid, document jsonb,
		if_match text[] DEFAULT NULL, idempotent boolean DEFAULT false,
		idempotency_key text DEFAULT NULL, dry_run boolean DEFAULT false,
		actor text DEFAULT NULL, actor_roles text[] DEFAULT NULL)
	RETURNS dpmeta.write_result
	AS 'MODULE_PATHNAME', 'dpmeta_update_schema' LANGUAGE C VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, dpmeta, pg_temp COST 1000;
COMMENT ON FUNCTION dpmeta.update_schema(dpmeta.dpid, jsonb, text[], boolean, text, boolean, text, text[]) IS
	'replaces a table''s schema, which makes a minor or, if it breaks consumers, a major version (MD002, MD003, MD005, MD007, MD011); for the other arguments see register_data_product()';

CREATE FUNCTION dpmeta.patch_schema(id dpmeta.dpid, patch jsonb,
		if_match text[] DEFAULT NULL, idempotent boolean DEFAULT false,
		idempotency_key text DEFAULT NULL, dry_run boolean DEFAULT false,
		actor text DEFAULT NULL, actor_roles text[] DEFAULT NULL)
	RETURNS dpmeta.write_result
	AS 'MODULE_PATHNAME', 'dpmeta_patch_schema' LANGUAGE C VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, dpmeta, pg_temp COST 1000;
COMMENT ON FUNCTION dpmeta.patch_schema(dpmeta.dpid, jsonb, text[], boolean, text, boolean, text, text[]) IS
	'changes a table''s schema by a merge patch (RFC 7396); for the other arguments see register_data_product()';

CREATE FUNCTION dpmeta.delete_schema(id dpmeta.dpid,
		if_match text[] DEFAULT NULL, dry_run boolean DEFAULT false,
		actor text DEFAULT NULL, actor_roles text[] DEFAULT NULL, force boolean DEFAULT false)
	RETURNS dpmeta.write_result
	AS 'MODULE_PATHNAME', 'dpmeta_delete_schema' LANGUAGE C VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, dpmeta, pg_temp COST 1000;
COMMENT ON FUNCTION dpmeta.delete_schema(dpmeta.dpid, text[], boolean, text, text[], boolean) IS
	'makes a major version without the table (MD002, MD003, MD005, MD011). Raises MD019 if the view consumers has somebody who reads the table, unless force; for the other arguments see register_data_product()';

CREATE FUNCTION dpmeta.sync_data_product(document jsonb, schemas jsonb,
		dry_run boolean DEFAULT false,
		actor text DEFAULT NULL, actor_roles text[] DEFAULT NULL)
	RETURNS dpmeta.write_result
	AS 'MODULE_PATHNAME', 'dpmeta_sync_data_product' LANGUAGE C VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, dpmeta, pg_temp COST 10000;
COMMENT ON FUNCTION dpmeta.sync_data_product(jsonb, jsonb, boolean, text, text[]) IS
	'makes a data product equal to a document and to an object of schema documents by table, in one version; registers it if it is not there, and does nothing if nothing changed';
