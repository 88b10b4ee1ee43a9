/*
 * A data product with all of its tables as one document.  An update has this very
 * file.
 */

CREATE FUNCTION dpmeta.get_contract(id dpmeta.dpid, as_of timestamptz DEFAULT NULL)
	RETURNS dpmeta.resource
	AS 'MODULE_PATHNAME', 'dpmeta_get_contract' LANGUAGE C
	STABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION dpmeta.get_contract(dpmeta.dpid, timestamptz) IS
	'the data product that an ID resolves to with all of its tables, in one document; as_of: at that time, as it stood then. Raises what get_data_product() does';

CREATE FUNCTION dpmeta.put_contract(id dpmeta.dpid, document jsonb,
		if_match text[] DEFAULT NULL, idempotent boolean DEFAULT false,
		idempotency_key text DEFAULT NULL, dry_run boolean DEFAULT false,
		actor text DEFAULT NULL, actor_roles text[] DEFAULT NULL,
		prune boolean DEFAULT false)
	RETURNS dpmeta.write_result
	AS 'MODULE_PATHNAME', 'dpmeta_put_contract' LANGUAGE C VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, dpmeta, pg_temp COST 10000;
COMMENT ON FUNCTION dpmeta.put_contract(dpmeta.dpid, jsonb, text[], boolean, text, boolean, text, text[], boolean) IS
	'makes a data product and its tables what a document says, in one version, whose kind is that of the greatest change; registers the product if none is live under an ID without a version (MD002, MD003, MD005, MD007, MD011). Tables that the document does not have are kept, and named in keptTables of the answer; prune: they are removed. For the other arguments see register_data_product()';

REVOKE ALL ON FUNCTION dpmeta.get_contract(dpmeta.dpid, timestamptz),
	dpmeta.put_contract(dpmeta.dpid, jsonb, text[], boolean, text, boolean, text, text[], boolean) FROM PUBLIC;
