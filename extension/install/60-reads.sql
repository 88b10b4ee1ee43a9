/*
 * Reading one resource.  The first two run no SQL, so that they need neither
 * the owner's rights nor a search_path of their own.
 */
CREATE FUNCTION dpmeta.get_data_product(id dpmeta.dpid) RETURNS dpmeta.resource
	AS 'MODULE_PATHNAME', 'dpmeta_get_data_product' LANGUAGE C
	STABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION dpmeta.get_data_product(dpmeta.dpid) IS
	'the data product that an ID resolves to; raises MD001 for the ID of a table, MD002 when it never existed, MD003 when it was deleted';

CREATE FUNCTION dpmeta.get_schema(id dpmeta.dpid) RETURNS dpmeta.resource
	AS 'MODULE_PATHNAME', 'dpmeta_get_schema' LANGUAGE C
	STABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION dpmeta.get_schema(dpmeta.dpid) IS
	'the schema of the table that an ID resolves to; raises MD001 for the ID of a data product, MD002 when it never existed, MD003 when it was deleted';

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

/*
 * Lists.  Their estimates are for the longest page, which makes compiling them
 * and reading a small store whole look worth it; a page takes less time than
 * that, and a session's plan is kept while the store grows.
 */
CREATE FUNCTION dpmeta.list_data_products(
		domain text DEFAULT NULL, status text DEFAULT NULL, owner text DEFAULT NULL,
		tag text DEFAULT NULL, q text DEFAULT NULL, page_size integer DEFAULT 50,
		after text DEFAULT NULL, deleted boolean DEFAULT false)
	RETURNS SETOF dpmeta.resource
	AS 'MODULE_PATHNAME', 'dpmeta_list_data_products' LANGUAGE C
	STABLE PARALLEL SAFE SECURITY DEFINER COST 10000 ROWS 50
	SET search_path = pg_catalog, dpmeta, pg_temp
	SET jit = off SET enable_seqscan = off;
COMMENT ON FUNCTION dpmeta.list_data_products(text, text, text, text, text, integer, text, boolean) IS
	'the current versions of the data products that pass all filters given, by name: tag is KEY:VALUE, where KEY may end at any of its colons, q a full-text search as in a search engine, page_size 1 to 1000, after the name that the page before ended with; deleted ones too if asked for, their last version and when it was deleted. Raises MD010 for a parameter that is malformed';

CREATE FUNCTION dpmeta.data_products_page(
		domain text DEFAULT NULL, status text DEFAULT NULL, owner text DEFAULT NULL,
		tag text DEFAULT NULL, q text DEFAULT NULL, page_size integer DEFAULT 50,
		after text DEFAULT NULL, deleted boolean DEFAULT false,
		OUT etag text, OUT document json, OUT next text)
	AS 'MODULE_PATHNAME', 'dpmeta_data_products_page' LANGUAGE C
	STABLE PARALLEL SAFE SECURITY DEFINER COST 10000
	SET search_path = pg_catalog, dpmeta, pg_temp
	SET jit = off SET enable_seqscan = off;
COMMENT ON FUNCTION dpmeta.data_products_page(text, text, text, text, text, integer, text, boolean) IS
	'what dpmeta.list_data_products() lists, as one JSON array with its entity tag; a page ends early when its documents are long; next is what to give as after for the next page, null on the last one';
