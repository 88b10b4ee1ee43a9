/*
 * Reading one resource.
 */
CREATE FUNCTION dpmeta.get_data_product(id dpmeta.dpid) RETURNS dpmeta.resource
	AS 'MODULE_PATHNAME', 'dpmeta_get_data_product' LANGUAGE C
	STABLE STRICT PARALLEL SAFE SECURITY DEFINER COST 1000
	SET search_path = pg_catalog, dpmeta, pg_temp;
COMMENT ON FUNCTION dpmeta.get_data_product(dpmeta.dpid) IS
	'the data product that an ID resolves to; raises MD001 for the ID of a table, MD002 when it never existed, MD003 when it was deleted';

CREATE FUNCTION dpmeta.get_schema(id dpmeta.dpid) RETURNS dpmeta.resource
	AS 'MODULE_PATHNAME', 'dpmeta_get_schema' LANGUAGE C
	STABLE STRICT PARALLEL SAFE SECURITY DEFINER COST 1000
	SET search_path = pg_catalog, dpmeta, pg_temp;
COMMENT ON FUNCTION dpmeta.get_schema(dpmeta.dpid) IS
	'the schema of the table that an ID resolves to; raises MD001 for the ID of a data product, MD002 when it never existed, MD003 when it was deleted';

CREATE FUNCTION dpmeta.list_versions(id dpmeta.dpid, deleted boolean DEFAULT false)
	RETURNS dpmeta.resource
	AS 'MODULE_PATHNAME', 'dpmeta_list_versions' LANGUAGE C
	STABLE STRICT PARALLEL SAFE SECURITY DEFINER COST 2000
	SET search_path = pg_catalog, dpmeta, pg_temp;
COMMENT ON FUNCTION dpmeta.list_versions(dpmeta.dpid, boolean) IS
	'the versions of a data product (or of the major that the ID gives), newest first, and what changed in each; deleted ones too if asked for. Raises MD001 for the ID of a table, MD002 when there never was one, MD003 when none is left';

CREATE FUNCTION dpmeta.list_changes(id dpmeta.dpid, from_version dpmeta.dpversion)
	RETURNS dpmeta.resource
	AS 'MODULE_PATHNAME', 'dpmeta_list_changes' LANGUAGE C
	STABLE STRICT PARALLEL SAFE SECURITY DEFINER COST 2000
	SET search_path = pg_catalog, dpmeta, pg_temp;
COMMENT ON FUNCTION dpmeta.list_changes(dpmeta.dpid, dpmeta.dpversion) IS
	'how the version that an ID resolves to differs from another one of the data product, and of what kind the difference is; both must be live. Raises MD001 for the ID of a table, MD002 when one never existed, MD003 when one was deleted';
