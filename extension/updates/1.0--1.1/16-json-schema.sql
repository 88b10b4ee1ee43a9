-- JSON Schema: a dialect for schemas that name none, and why each branch of an
-- anyOf or oneOf does not hold.

-- They return a column more.
DROP FUNCTION dpmeta.validate(jsonb, jsonb, boolean);
DROP FUNCTION dpmeta.validate_ref(text, jsonb, boolean);
DROP FUNCTION dpmeta.schema_cache();

CREATE FUNCTION dpmeta.validate(schema jsonb, document jsonb, assert_format boolean DEFAULT false,
		OUT instance_pointer text, OUT schema_pointer text, OUT keyword text, OUT message text,
		OUT branch text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'json_schema_validate'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 10;
COMMENT ON FUNCTION dpmeta.validate(jsonb, jsonb, boolean) IS
	'Every fault of the document by the JSON Schema (2020-12, unless its $schema names another dialect), in document order. If no branch of an anyOf or oneOf holds, the faults of each branch follow, the likeliest branch first. No rows if the document is valid.';

CREATE FUNCTION dpmeta.is_valid(schema jsonb, document jsonb, assert_format boolean, dialect text)
	RETURNS boolean
	AS 'MODULE_PATHNAME', 'json_schema_is_valid'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 100;
COMMENT ON FUNCTION dpmeta.is_valid(jsonb, jsonb, boolean, text) IS
	'The same, where a schema without $schema is of the dialect named: draft-04, draft-06, draft-07, 2019-09 or 2020-12.';

CREATE FUNCTION dpmeta.validate(schema jsonb, document jsonb, assert_format boolean, dialect text,
		OUT instance_pointer text, OUT schema_pointer text, OUT keyword text, OUT message text,
		OUT branch text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'json_schema_validate'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000 ROWS 10;
COMMENT ON FUNCTION dpmeta.validate(jsonb, jsonb, boolean, text) IS
	'The same, where a schema without $schema is of the dialect named: draft-04, draft-06, draft-07, 2019-09 or 2020-12.';

COMMENT ON FUNCTION dpmeta.is_valid(jsonb, jsonb, boolean) IS
	'Is the document valid by the JSON Schema (2020-12, unless its $schema names another dialect)? Stops at the first fault; may be used in a CHECK constraint.';

CREATE FUNCTION dpmeta.check_schema(schema jsonb, dialect text,
		OUT pointer text, OUT meta_schema_pointer text, OUT keyword text, OUT message text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'json_schema_check'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 10000 ROWS 5;
COMMENT ON FUNCTION dpmeta.check_schema(jsonb, text) IS
	'The same, where a schema without $schema is of the dialect named: draft-04, draft-06, draft-07, 2019-09 or 2020-12.';

CREATE FUNCTION dpmeta.validate_ref(uri text, document jsonb, assert_format boolean DEFAULT false,
		OUT instance_pointer text, OUT schema_pointer text, OUT keyword text, OUT message text,
		OUT branch text)
	RETURNS SETOF record
	AS 'MODULE_PATHNAME', 'json_schema_validate_ref'
	LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000 ROWS 10;
COMMENT ON FUNCTION dpmeta.validate_ref(text, jsonb, boolean) IS
	'Every fault of the document by the JSON Schema registered under the URI, as validate() has them.';

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

CREATE FUNCTION dpmeta.schema_cache(OUT entries bigint, OUT bytes bigint, OUT hits bigint,
		OUT misses bigint, OUT evictions bigint, OUT too_large bigint, OUT too_large_bytes bigint,
		OUT too_large_name text)
	AS 'MODULE_PATHNAME', 'json_schema_cache_stats'
	LANGUAGE C VOLATILE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION dpmeta.schema_cache() IS
	'What this session''s cache of compiled JSON schemas holds (bounded by dpmeta.schema_cache_size, and dpmeta.schema_cache_large_size for schemas larger than that), how often it was of use, and how often a schema was too large to be kept, with the bytes of the largest and its URI, $id or title.';

CREATE FUNCTION dpmeta.validate_output(schema jsonb, document jsonb, format text DEFAULT 'basic',
		assert_format boolean DEFAULT false, dialect text DEFAULT '2020-12')
	RETURNS jsonb
	AS 'MODULE_PATHNAME', 'json_schema_output'
	LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION dpmeta.validate_output(jsonb, jsonb, text, boolean, text) IS
	'The faults of the document by the JSON Schema, in an output format of the specification: flag, basic or detailed.';

CREATE FUNCTION dpmeta.validate_output_ref(uri text, document jsonb, format text DEFAULT 'basic',
		assert_format boolean DEFAULT false, dialect text DEFAULT '2020-12')
	RETURNS jsonb
	AS 'MODULE_PATHNAME', 'json_schema_output_ref'
	LANGUAGE C STABLE STRICT PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION dpmeta.validate_output_ref(text, jsonb, text, boolean, text) IS
	'The same as validate_output(), by the JSON Schema registered under the URI.';

REVOKE EXECUTE ON FUNCTION
	dpmeta.validate_output(jsonb, jsonb, text, boolean, text),
	dpmeta.validate_output_ref(text, jsonb, text, boolean, text),
	dpmeta.schema_cache(),
	dpmeta.validate(jsonb, jsonb, boolean),
	dpmeta.validate(jsonb, jsonb, boolean, text),
	dpmeta.is_valid(jsonb, jsonb, boolean, text),
	dpmeta.check_schema(jsonb, text),
	dpmeta.validate_ref(text, jsonb, boolean),
	dpmeta.validate_ref(text, jsonb, boolean, text),
	dpmeta.is_valid_ref(text, jsonb, boolean, text)
	FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
	dpmeta.validate_output(jsonb, jsonb, text, boolean, text),
	dpmeta.validate(jsonb, jsonb, boolean),
	dpmeta.validate(jsonb, jsonb, boolean, text),
	dpmeta.is_valid(jsonb, jsonb, boolean, text),
	dpmeta.check_schema(jsonb, text)
	TO PUBLIC;
