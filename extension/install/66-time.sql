/*
 * Reading as of a time: the forms of the reading functions that take one.
 */
CREATE FUNCTION dpmeta.get_data_product(id dpmeta.dpid, as_of timestamptz)
	RETURNS dpmeta.resource
	AS 'MODULE_PATHNAME', 'dpmeta_get_data_product' LANGUAGE C
	STABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION dpmeta.get_data_product(dpmeta.dpid, timestamptz) IS
	'the data product that an ID resolved to at a time (null: now), as it stood then; raises MD001 for the ID of a table, MD002 when it did not exist yet, MD003 when it was deleted then, MD010 for a time that is still to come or is before log_kept_since()';

CREATE FUNCTION dpmeta.get_schema(id dpmeta.dpid, as_of timestamptz)
	RETURNS dpmeta.resource
	AS 'MODULE_PATHNAME', 'dpmeta_get_schema' LANGUAGE C
	STABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION dpmeta.get_schema(dpmeta.dpid, timestamptz) IS
	'the schema of the table that an ID resolved to at a time (null: now); raises MD001 for the ID of a data product, MD002 when it did not exist yet, MD003 when it was deleted then, MD010 for a time that is still to come or is before log_kept_since()';

CREATE FUNCTION dpmeta.list_data_products_at(
		as_of timestamptz,
		domain text DEFAULT NULL, status text DEFAULT NULL, owner text DEFAULT NULL,
		tag text DEFAULT NULL, q text DEFAULT NULL, page_size integer DEFAULT 50,
		after text DEFAULT NULL, deleted boolean DEFAULT false)
	RETURNS SETOF dpmeta.resource
	AS 'MODULE_PATHNAME', 'dpmeta_list_data_products_at' LANGUAGE C
	STABLE PARALLEL SAFE SECURITY DEFINER COST 10000 ROWS 50
	SET search_path = pg_catalog, dpmeta, pg_temp
	SET jit = off SET enable_seqscan = off;
COMMENT ON FUNCTION dpmeta.list_data_products_at(timestamptz, text, text, text, text, text, integer, text, boolean) IS
	'what dpmeta.list_data_products() lists, as of a time (null: now): the versions that were current then, as they stood. Raises MD010 for a parameter that is malformed';

CREATE FUNCTION dpmeta.data_products_page_at(
		as_of timestamptz,
		domain text DEFAULT NULL, status text DEFAULT NULL, owner text DEFAULT NULL,
		tag text DEFAULT NULL, q text DEFAULT NULL, page_size integer DEFAULT 50,
		after text DEFAULT NULL, deleted boolean DEFAULT false,
		OUT etag text, OUT document json, OUT next text)
	AS 'MODULE_PATHNAME', 'dpmeta_data_products_page_at' LANGUAGE C
	STABLE PARALLEL SAFE SECURITY DEFINER COST 10000
	SET search_path = pg_catalog, dpmeta, pg_temp
	SET jit = off SET enable_seqscan = off;
COMMENT ON FUNCTION dpmeta.data_products_page_at(timestamptz, text, text, text, text, text, integer, text, boolean) IS
	'what dpmeta.list_data_products_at() lists, as one JSON array with its entity tag, and what to give as after for the next page';

CREATE FUNCTION dpmeta.as_of(as_of timestamptz) RETURNS timestamptz
	AS 'MODULE_PATHNAME', 'dpmeta_as_of' LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION dpmeta.as_of(timestamptz) IS
	'private: the time that is given, if the store can be read as of it; raises MD010 if not';

/* What is given in a URL.  PostgreSQL takes much more for a time than RFC 3339. */
CREATE FUNCTION dpmeta.read_time(asof text) RETURNS timestamptz
	LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE COST 1000
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	-- PostgreSQL has no year 0
	IF starts_with(asof, '0000') OR NOT dpmeta.is_valid('{"format": "date-time"}', to_jsonb(asof), true) THEN
		RAISE 'invalid value for parameter "asOf": "%"', left(asof, 100)
			USING ERRCODE = 'MD010',
				DETAIL = 'It is not a time as RFC 3339 has it.',
				HINT = 'Write it like 2026-01-31T12:00:00Z; in a URL, a + is %2B.';
	END IF;
	RETURN asof::timestamptz;
END
$$;
COMMENT ON FUNCTION dpmeta.read_time(text) IS
	'private: reads a time as RFC 3339 has it; raises MD010 when it is not one';
