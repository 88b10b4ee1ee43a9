-- What is wrong with a schema, and schemas that are known by a URI.

CREATE FUNCTION dpmeta.check_schema(schema jsonb,
		OUT pointer text, OUT meta_schema_pointer text, OUT keyword text, OUT message text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'json_schema_check'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000 ROWS 5;
COMMENT ON FUNCTION dpmeta.check_schema(jsonb) IS
	'What is wrong with a JSON Schema itself: against its meta-schema, and references that lead nowhere, patterns that are refused, loops; no rows if nothing is.';

CREATE TABLE dpmeta.json_schema (
	uri text COLLATE "C" PRIMARY KEY,
	schema jsonb NOT NULL,
	digest bytea NOT NULL GENERATED ALWAYS AS
		(pg_catalog.sha256(pg_catalog.replace(schema::text, E'\\', E'\\\\')::bytea)) STORED
);
COMMENT ON TABLE dpmeta.json_schema IS
	'JSON Schemas by the URI that others refer to them by; see dpmeta.register_json_schema().';
SELECT pg_catalog.pg_extension_config_dump('dpmeta.json_schema', '');
REVOKE ALL ON TABLE dpmeta.json_schema FROM PUBLIC;

CREATE FUNCTION dpmeta.json_schema_uri(uri text) RETURNS text
	AS 'MODULE_PATHNAME', 'json_schema_registered_uri'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dpmeta.json_schema_uri(text) IS
	'A URI as the registry of JSON Schemas has it: without a # at its end.';

CREATE FUNCTION dpmeta.checked_json_schema_uri(uri text, schema jsonb) RETURNS text
	AS 'MODULE_PATHNAME', 'json_schema_checked_uri'
	LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dpmeta.checked_json_schema_uri(text, jsonb) IS
	'private: raises an error if a schema that is to be registered, or its URI, will not do.';

CREATE FUNCTION dpmeta.register_json_schema(uri text, schema jsonb) RETURNS void
	LANGUAGE sql VOLATILE STRICT SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	INSERT INTO dpmeta.json_schema (uri, schema)
		VALUES (dpmeta.checked_json_schema_uri(register_json_schema.uri, register_json_schema.schema),
			register_json_schema.schema)
		ON CONFLICT (uri) DO UPDATE SET schema = EXCLUDED.schema;
END;
COMMENT ON FUNCTION dpmeta.register_json_schema(text, jsonb) IS
	'Makes a JSON Schema known by a URI, for is_valid_ref(), validate_ref() and the references of other registered schemas; replaces what was known by it.';

CREATE FUNCTION dpmeta.unregister_json_schema(uri text) RETURNS boolean
	LANGUAGE sql VOLATILE STRICT SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	WITH gone AS (
		DELETE FROM dpmeta.json_schema s
			WHERE s.uri OPERATOR(pg_catalog.=) dpmeta.json_schema_uri($1)
			RETURNING 1)
	SELECT EXISTS (SELECT FROM gone);
END;
COMMENT ON FUNCTION dpmeta.unregister_json_schema(text) IS
	'Forgets the JSON Schema known by a URI; false if none was.';

REVOKE ALL ON FUNCTION dpmeta.register_json_schema(text, jsonb), dpmeta.unregister_json_schema(text) FROM PUBLIC;

CREATE FUNCTION dpmeta.is_valid_ref(uri text, document jsonb, assert_format boolean DEFAULT false)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'json_schema_is_valid_ref'
	LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION dpmeta.is_valid_ref(text, jsonb, boolean) IS
	'Is the document valid by the JSON Schema registered under the URI? References lead to registered schemas only; nothing is fetched.';

CREATE FUNCTION dpmeta.validate_ref(uri text, document jsonb, assert_format boolean DEFAULT false,
		OUT instance_pointer text, OUT schema_pointer text, OUT keyword text, OUT message text,
		OUT branch text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'json_schema_validate_ref'
	LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000 ROWS 10;
COMMENT ON FUNCTION dpmeta.validate_ref(text, jsonb, boolean) IS
	'Every fault of the document by the JSON Schema registered under the URI, as validate() has them.';

CREATE FUNCTION dpmeta.check_schema(schema jsonb, dialect text,
		OUT pointer text, OUT meta_schema_pointer text, OUT keyword text, OUT message text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'json_schema_check'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000 ROWS 5;
COMMENT ON FUNCTION dpmeta.check_schema(jsonb, text) IS
	'The same, where a schema without $schema is of the dialect named: draft-04, draft-06, draft-07, 2019-09 or 2020-12.';

CREATE FUNCTION dpmeta.is_valid_ref(uri text, document jsonb, assert_format boolean, dialect text)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'json_schema_is_valid_ref'
	LANGUAGE C STABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION dpmeta.is_valid_ref(text, jsonb, boolean, text) IS
	'The same, where a schema without $schema is of the dialect named: draft-04, draft-06, draft-07, 2019-09 or 2020-12.';

CREATE FUNCTION dpmeta.validate_ref(uri text, document jsonb, assert_format boolean, dialect text,
		OUT instance_pointer text, OUT schema_pointer text, OUT keyword text, OUT message text,
		OUT branch text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'json_schema_validate_ref'
	LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000 ROWS 10;
COMMENT ON FUNCTION dpmeta.validate_ref(text, jsonb, boolean, text) IS
	'The same, where a schema without $schema is of the dialect named: draft-04, draft-06, draft-07, 2019-09 or 2020-12.';

CREATE FUNCTION dpmeta.validate_output_ref(uri text, document jsonb, format text DEFAULT 'basic',
		assert_format boolean DEFAULT false, dialect text DEFAULT '2020-12')
	RETURNS jsonb
	AS 'MODULE_PATHNAME', 'json_schema_output_ref'
	LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION dpmeta.validate_output_ref(text, jsonb, text, boolean, text) IS
	'The same as validate_output(), by the JSON Schema registered under the URI.';
