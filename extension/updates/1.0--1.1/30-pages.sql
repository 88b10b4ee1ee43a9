-- The versions of a data product, and the difference between two, in pages.

CREATE FUNCTION dpmeta.list_versions(
		id dpmeta.dpid, deleted boolean DEFAULT false, page_size integer DEFAULT 50,
		after dpmeta.dpversion DEFAULT NULL, as_of timestamptz DEFAULT NULL,
		OUT id dpmeta.dpid, OUT etag text, OUT document json, OUT retired_at timestamptz,
		OUT sunset date, OUT successor dpmeta.dpid, OUT next dpmeta.dpversion)
	AS 'MODULE_PATHNAME', 'dpmeta_list_versions' LANGUAGE C
	STABLE PARALLEL SAFE SECURITY DEFINER COST 2000
	SET search_path = pg_catalog, dpmeta, pg_temp;
COMMENT ON FUNCTION dpmeta.list_versions(dpmeta.dpid, boolean, integer, dpmeta.dpversion, timestamptz) IS
	'a page of the versions of a data product (or of the major that the ID gives), newest first, and what changed in each; deleted ones too if asked for. A page has at most page_size versions, 1 to 1000, and ends early when they are long; next is what to give as after for the next one, null on the last. Of a version with many changes it has the first ones, their number and "truncated". as_of: as of that time. Raises MD001 for the ID of a table, MD002 when there never was one, MD003 when none is left';

CREATE FUNCTION dpmeta.list_changes(
		id dpmeta.dpid, from_version dpmeta.dpversion, after integer DEFAULT 0,
		as_of timestamptz DEFAULT NULL,
		OUT id dpmeta.dpid, OUT etag text, OUT document json, OUT retired_at timestamptz,
		OUT sunset date, OUT successor dpmeta.dpid, OUT next integer)
	AS 'MODULE_PATHNAME', 'dpmeta_list_changes' LANGUAGE C
	STABLE PARALLEL SAFE SECURITY DEFINER COST 2000
	SET search_path = pg_catalog, dpmeta, pg_temp;
COMMENT ON FUNCTION dpmeta.list_changes(dpmeta.dpid, dpmeta.dpversion, integer, timestamptz) IS
	'how the version that an ID resolves to differs from another one of the data product, and of what kind the difference is. A version that is given by its number may be deleted. A long difference comes in pages: next is what to give as after for the next one, null on the last. Raises MD001 for the ID of a table, MD002 when one never existed, MD003 when no version of the ID is live. as_of: as of that time';

REVOKE EXECUTE ON FUNCTION dpmeta.list_versions(dpmeta.dpid, boolean, integer, dpmeta.dpversion, timestamptz),
	dpmeta.list_changes(dpmeta.dpid, dpmeta.dpversion, integer, timestamptz) FROM PUBLIC;

DROP FUNCTION dpmeta.list_versions(dpmeta.dpid, boolean),
	dpmeta.list_changes(dpmeta.dpid, dpmeta.dpversion);

COMMENT ON FUNCTION dpmeta.data_products_page(text, text, text, text, text, integer, text, boolean) IS
	'what dpmeta.list_data_products() lists, as one JSON array with its entity tag; a page ends early when its documents are long; next is what to give as after for the next page, null on the last one';
