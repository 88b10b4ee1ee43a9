/*
 * Data products in the formats that others speak.  An update has this very file.
 *
 * Each function makes text or JSON of a contract's document, as get_contract() gives
 * it.  docs/formats.md says what becomes of what.
 */

CREATE FUNCTION dpmeta.column_type_tree(type dpmeta.column_type) RETURNS jsonb
	AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dpmeta.column_type_tree(dpmeta.column_type) IS
	'a type as a tree: each node has "type" and, with that, "element", "key" and "value", "fields", "precision" and "scale", or "length"';

/*
 * A JSON Schema of the values of a type, as rows have them.  A column that is not
 * required may be null, and so may whatever is inside a value.
 */
CREATE FUNCTION dpmeta.type_json_schema(tree jsonb, nullable boolean) RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
DECLARE
	name	text := tree->>'type';
	bits	integer := CASE ltrim(name, 'u') WHEN 'tinyint' THEN 8 WHEN 'smallint' THEN 16
		WHEN 'int' THEN 32 WHEN 'bigint' THEN 64 END;
	made	jsonb;
BEGIN
	IF bits IS NOT NULL THEN
		made := jsonb_build_object('type', 'integer',
			'minimum', CASE WHEN name LIKE 'u%' THEN 0 ELSE - power(2::numeric, bits - 1) END::numeric(20),
			'maximum', (power(2::numeric, CASE WHEN name LIKE 'u%' THEN bits ELSE bits - 1 END) - 1)::numeric(20));
	ELSE
		made := CASE name
			WHEN 'boolean' THEN jsonb_build_object('type', 'boolean')
			WHEN 'float' THEN jsonb_build_object('type', 'number')
			WHEN 'double' THEN jsonb_build_object('type', 'number')
			WHEN 'decimal' THEN jsonb_build_object('type', 'number',
				'multipleOf', trim_scale(power(10::numeric, - (tree->>'scale')::numeric)),
				'exclusiveMinimum', trim_scale(- power(10::numeric, (tree->>'precision')::numeric - (tree->>'scale')::numeric)),
				'exclusiveMaximum', trim_scale(power(10::numeric, (tree->>'precision')::numeric - (tree->>'scale')::numeric)))
			WHEN 'date' THEN jsonb_build_object('type', 'string', 'format', 'date')
			WHEN 'timestamp' THEN jsonb_build_object('type', 'string', 'pattern',
				'^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?$')
			WHEN 'binary' THEN jsonb_build_object('type', 'string', 'contentEncoding', 'base64',
				-- as PostgreSQL writes it, too
				'pattern', E'^([A-Za-z0-9+/]*={0,2}|[\\\\]x[0-9a-f]*)$')
			WHEN 'array' THEN jsonb_build_object('type', 'array',
				'items', dpmeta.type_json_schema(tree->'element', true))
			WHEN 'map' THEN jsonb_build_object('type', 'object',
				'additionalProperties', dpmeta.type_json_schema(tree->'value', true))
			WHEN 'struct' THEN jsonb_build_object('type', 'object', 'additionalProperties', false,
				'properties', (
					SELECT jsonb_object_agg(f.value->>'name', dpmeta.type_json_schema(f.value->'type', true))
					FROM jsonb_array_elements(tree->'fields') f))
			ELSE jsonb_build_object('type', 'string')
				|| CASE WHEN tree ? 'length' THEN jsonb_build_object('maxLength', tree->'length') ELSE '{}' END
			END;
	END IF;
	RETURN CASE WHEN nullable
		THEN made || jsonb_build_object('type', jsonb_build_array(made->'type', 'null')) ELSE made END;
END
$$;
COMMENT ON FUNCTION dpmeta.type_json_schema(jsonb, boolean) IS
	'private: a JSON Schema of the values of a type, which is given as a tree';

CREATE FUNCTION dpmeta.is_required(column_document jsonb) RETURNS boolean
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN coalesce((column_document OPERATOR(pg_catalog.->>) 'required')::boolean, false)
		OR coalesce((column_document OPERATOR(pg_catalog.->>) 'primaryKey')::boolean, false);
COMMENT ON FUNCTION dpmeta.is_required(jsonb) IS
	'private: whether a column has a value in every row: it is required, or part of the key';

CREATE FUNCTION dpmeta.table_json_schema(table_document jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
	SELECT jsonb_build_object('title', table_document->'name',
			'description', table_document->'tableDescription',
			'type', 'object', 'additionalProperties', false,
			'required', coalesce(jsonb_agg(c.value->'name' ORDER BY c.place)
				FILTER (WHERE dpmeta.is_required(c.value)), '[]'),
			'properties', coalesce(jsonb_object_agg(c.value->>'name',
				dpmeta.type_json_schema(dpmeta.column_type_tree((c.value->>'type')::dpmeta.column_type),
					NOT dpmeta.is_required(c.value))
				|| CASE WHEN c.value->>'description' <> '' THEN jsonb_build_object('description', c.value->'description')
					ELSE '{}' END) FILTER (WHERE c.value IS NOT NULL), '{}'))
	FROM (VALUES (1)) one
	LEFT JOIN jsonb_array_elements(table_document->'columns') WITH ORDINALITY c(value, place) ON true
$$;
COMMENT ON FUNCTION dpmeta.table_json_schema(jsonb) IS
	'private: a JSON Schema of a row of a table, without $schema and $id';

CREATE FUNCTION dpmeta.format_json_schema(contract jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
	SELECT (jsonb_build_object('$schema', 'https://json-schema.org/draft/2020-12/schema')
		|| CASE WHEN contract ? 'table'
			THEN jsonb_build_object('$id', concat('urn:dpmeta:', contract->>'id', ':', contract->>'table'))
				|| dpmeta.table_json_schema(contract#>'{tables,0}')
			ELSE jsonb_build_object('$id', concat('urn:dpmeta:', contract->>'id'), 'title', contract->'name',
				'description', contract->'description', '$defs', coalesce((
					SELECT jsonb_object_agg(t.value->>'name', dpmeta.table_json_schema(t.value))
					FROM jsonb_array_elements(contract->'tables') t), '{}'))
		END)::text
$$;
COMMENT ON FUNCTION dpmeta.format_json_schema(jsonb) IS
	'private: a contract as a JSON Schema, with one of a row of each table under $defs; of one table that itself';

/*
 * Avro.  Its names have letters of ASCII, digits and _ only.  Names that become the
 * same get a number.
 */
CREATE FUNCTION dpmeta.avro_names(names text[]) RETURNS text[]
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT coalesce(array_agg(CASE WHEN m.number = 1 THEN m.name ELSE concat(m.name, '__', m.number) END ORDER BY m.place), '{}')
	FROM (
		SELECT n.name, n.place, row_number() OVER (PARTITION BY n.name ORDER BY n.place) AS number
		FROM (SELECT regexp_replace(regexp_replace(u.name, '[^A-Za-z0-9_]', '_', 'g'), '^([0-9])', E'_\\1'), u.place
			FROM unnest(names) WITH ORDINALITY u(name, place)) n(name, place)) m
$$;
COMMENT ON FUNCTION dpmeta.avro_names(text[]) IS 'private: the names that fields have in Avro';

-- A record is called as its field is, in the namespace of the record that has the field.
CREATE FUNCTION dpmeta.type_avro(tree jsonb, nullable boolean, name text, namespace text) RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
DECLARE
	within	text := concat(namespace, '.', name);
	names	text[];
	made	jsonb;
BEGIN
	CASE tree->>'type'
		WHEN 'boolean' THEN made := '"boolean"';
		WHEN 'tinyint', 'smallint', 'int', 'utinyint', 'usmallint' THEN made := '"int"';
		WHEN 'bigint', 'uint' THEN made := '"long"';
		WHEN 'ubigint' THEN made := '{"type": "bytes", "logicalType": "decimal", "precision": 20, "scale": 0}';
		WHEN 'float' THEN made := '"float"';
		WHEN 'double' THEN made := '"double"';
		WHEN 'decimal' THEN made := jsonb_build_object('type', 'bytes', 'logicalType', 'decimal',
			'precision', tree->'precision', 'scale', tree->'scale');
		WHEN 'binary' THEN made := '"bytes"';
		WHEN 'date' THEN made := '{"type": "int", "logicalType": "date"}';
		WHEN 'timestamp' THEN made := '{"type": "long", "logicalType": "local-timestamp-micros"}';
		WHEN 'array' THEN
			made := jsonb_build_object('type', 'array',
				'items', dpmeta.type_avro(tree->'element', true, name, namespace));
		WHEN 'map' THEN
			IF tree#>>'{key,type}' IN ('string', 'char', 'varchar') THEN
				made := jsonb_build_object('type', 'map',
					'values', dpmeta.type_avro(tree->'value', true, name, namespace));
			ELSE
				-- the keys of a map are strings
				made := jsonb_build_object('type', 'array', 'items', jsonb_build_object(
					'type', 'record', 'name', name, 'namespace', namespace, 'fields', jsonb_build_array(
						jsonb_build_object('name', 'key', 'type', dpmeta.type_avro(tree->'key', false, 'key', within)),
						jsonb_build_object('name', 'value', 'type', dpmeta.type_avro(tree->'value', true, 'value', within)))));
			END IF;
		WHEN 'struct' THEN
			names := dpmeta.avro_names(ARRAY(
				SELECT f.value->>'name' FROM jsonb_array_elements(tree->'fields') WITH ORDINALITY f(value, place) ORDER BY f.place));
			made := jsonb_build_object('type', 'record', 'name', name, 'namespace', namespace, 'fields', (
				SELECT jsonb_agg(jsonb_build_object('name', names[f.place],
						'type', dpmeta.type_avro(f.value->'type', true, names[f.place], within), 'default', NULL)
					|| CASE WHEN names[f.place] = f.value->>'name' THEN '{}'
						ELSE jsonb_build_object('originalName', f.value->'name') END ORDER BY f.place)
				FROM jsonb_array_elements(tree->'fields') WITH ORDINALITY f(value, place)));
		ELSE made := '"string"';
	END CASE;
	RETURN CASE WHEN nullable THEN jsonb_build_array('null', made) ELSE made END;
END
$$;
COMMENT ON FUNCTION dpmeta.type_avro(jsonb, boolean, text, text) IS
	'private: the Avro schema of a type, which is given as a tree';

CREATE FUNCTION dpmeta.table_avro(contract jsonb, table_document jsonb) RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
DECLARE
	name		text := (dpmeta.avro_names(ARRAY[table_document->>'name']))[1];
	namespace	text := (dpmeta.avro_names(ARRAY[contract->>'name']))[1];
	names		text[] := dpmeta.avro_names(ARRAY(
		SELECT c.value->>'name' FROM jsonb_array_elements(table_document->'columns') WITH ORDINALITY c(value, place) ORDER BY c.place));
BEGIN
	RETURN jsonb_build_object('type', 'record', 'name', name, 'namespace', namespace,
		'doc', table_document->'tableDescription', 'fields', coalesce((
			SELECT jsonb_agg(jsonb_build_object('name', names[c.place], 'doc', c.value->'description',
					'type', dpmeta.type_avro(dpmeta.column_type_tree((c.value->>'type')::dpmeta.column_type),
						NOT dpmeta.is_required(c.value), names[c.place], concat(namespace, '.', name)))
				|| CASE WHEN dpmeta.is_required(c.value) THEN '{}'::jsonb ELSE '{"default": null}' END
				|| CASE WHEN names[c.place] = c.value->>'name' THEN '{}'
					ELSE jsonb_build_object('originalName', c.value->'name') END ORDER BY c.place)
			FROM jsonb_array_elements(table_document->'columns') WITH ORDINALITY c(value, place)), '[]'));
END
$$;
COMMENT ON FUNCTION dpmeta.table_avro(jsonb, jsonb) IS 'private: the Avro schema of a row of a table';

CREATE FUNCTION dpmeta.format_avro(contract jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
	SELECT CASE WHEN contract ? 'table' THEN dpmeta.table_avro(contract, contract#>'{tables,0}')
		ELSE coalesce((
			SELECT jsonb_agg(dpmeta.table_avro(contract, t.value) ORDER BY t.place)
			FROM jsonb_array_elements(contract->'tables') WITH ORDINALITY t(value, place)), '[]') END::text
$$;
COMMENT ON FUNCTION dpmeta.format_avro(jsonb) IS
	'private: a contract as an Avro union of a record for each table; of one table that record';

-- PostgreSQL cuts names of more than 63 bytes, which would make some of them the same.
CREATE FUNCTION dpmeta.postgresql_name(name text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN pg_catalog.quote_ident(CASE WHEN pg_catalog.length(name) <= 63 THEN name
		ELSE pg_catalog.concat(pg_catalog.left(name, 54), '_', pg_catalog.left(pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(name, 'UTF8')), 'hex'), 8)) END);
COMMENT ON FUNCTION dpmeta.postgresql_name(text) IS 'private: a name as PostgreSQL takes it';

CREATE FUNCTION dpmeta.type_postgresql(tree jsonb) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
DECLARE
	element	text;
BEGIN
	CASE tree->>'type'
		WHEN 'boolean', 'smallint', 'bigint', 'date', 'timestamp' THEN RETURN tree->>'type';
		WHEN 'tinyint', 'utinyint' THEN RETURN 'smallint';
		WHEN 'usmallint', 'int' THEN RETURN 'integer';
		WHEN 'uint' THEN RETURN 'bigint';
		WHEN 'ubigint' THEN RETURN 'numeric(20,0)';
		WHEN 'float' THEN RETURN 'real';
		WHEN 'double' THEN RETURN 'double precision';
		WHEN 'decimal' THEN RETURN concat('numeric(', tree->>'precision', ',', tree->>'scale', ')');
		WHEN 'char', 'varchar' THEN RETURN concat(tree->>'type', '(' || (tree->>'length') || ')');
		WHEN 'string' THEN RETURN 'text';
		WHEN 'binary' THEN RETURN 'bytea';
		WHEN 'array' THEN
			element := dpmeta.type_postgresql(tree->'element');
			-- arrays of arrays would have to be of one length
			RETURN CASE WHEN element = 'jsonb' OR element LIKE '%[]' THEN 'jsonb' ELSE element || '[]' END;
		ELSE RETURN 'jsonb';
	END CASE;
END
$$;
COMMENT ON FUNCTION dpmeta.type_postgresql(jsonb) IS
	'private: the type of PostgreSQL that holds the values of a type, which is given as a tree';

CREATE FUNCTION dpmeta.table_postgresql(contract jsonb, table_document jsonb) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
DECLARE
	whole	text := concat(dpmeta.postgresql_name(contract->>'name'), '.',
		dpmeta.postgresql_name(table_document->>'name'));
	body	text;
	keys	text;
	notes	text;
BEGIN
	SELECT string_agg(concat(E'\t', c.name, ' ', dpmeta.type_postgresql(c.tree),
			CASE WHEN dpmeta.is_required(c.value) THEN ' NOT NULL' END,
			-- what the next greater type would let in
			CASE c.tree->>'type'
				WHEN 'tinyint' THEN concat(' CHECK (', c.name, ' BETWEEN -128 AND 127)')
				WHEN 'utinyint' THEN concat(' CHECK (', c.name, ' BETWEEN 0 AND 255)')
				WHEN 'usmallint' THEN concat(' CHECK (', c.name, ' BETWEEN 0 AND 65535)')
				WHEN 'uint' THEN concat(' CHECK (', c.name, ' BETWEEN 0 AND 4294967295)')
				WHEN 'ubigint' THEN concat(' CHECK (', c.name, ' BETWEEN 0 AND 18446744073709551615)')
			END), E',\n' ORDER BY c.place),
		string_agg(c.name, ', ' ORDER BY c.place) FILTER (WHERE (c.value->>'primaryKey')::boolean),
		string_agg(format(E'COMMENT ON COLUMN %s.%s IS %L;\n', whole, c.name, c.value->>'description'), '' ORDER BY c.place)
			FILTER (WHERE c.value->>'description' <> '')
	INTO body, keys, notes
	FROM (
		SELECT e.value, e.place, dpmeta.postgresql_name(e.value->>'name') AS name,
			dpmeta.column_type_tree((e.value->>'type')::dpmeta.column_type) AS tree
		FROM jsonb_array_elements(table_document->'columns') WITH ORDINALITY e(value, place)) c;
	RETURN concat('CREATE TABLE ', whole, E' (\n' || body,
		CASE WHEN keys IS NOT NULL THEN concat(E',\n\tPRIMARY KEY (', keys, ')') END,
		CASE WHEN body IS NULL THEN ' (' ELSE E'\n' END, E');\n',
		format(E'COMMENT ON TABLE %s IS %L;\n', whole, table_document->>'tableDescription'), notes);
END
$$;
COMMENT ON FUNCTION dpmeta.table_postgresql(jsonb, jsonb) IS 'private: the statements that make a table in PostgreSQL';

CREATE FUNCTION dpmeta.format_postgresql(contract jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
	SELECT concat('-- ', contract->>'id', E'\nCREATE SCHEMA IF NOT EXISTS ', dpmeta.postgresql_name(contract->>'name'), E';\n',
		CASE WHEN NOT contract ? 'table' THEN format(E'COMMENT ON SCHEMA %s IS %L;\n', dpmeta.postgresql_name(contract->>'name'), contract->>'description') END,
		string_agg(E'\n' || dpmeta.table_postgresql(contract, t.value), '' ORDER BY t.place))
	FROM jsonb_array_elements(contract->'tables') WITH ORDINALITY t(value, place)
$$;
COMMENT ON FUNCTION dpmeta.format_postgresql(jsonb) IS
	'private: the statements that make the tables of a contract in PostgreSQL';

-- Athena and Glue have no unsigned integers: the next greater type holds them.
CREATE FUNCTION dpmeta.type_athena(tree jsonb) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
BEGIN
	CASE tree->>'type'
		WHEN 'utinyint' THEN RETURN 'smallint';
		WHEN 'usmallint' THEN RETURN 'int';
		WHEN 'uint' THEN RETURN 'bigint';
		WHEN 'ubigint' THEN RETURN 'decimal(20,0)';
		WHEN 'decimal' THEN RETURN concat('decimal(', tree->>'precision', ',', tree->>'scale', ')');
		-- varchar has a length there
		WHEN 'char', 'varchar' THEN RETURN CASE WHEN tree ? 'length'
			THEN concat(tree->>'type', '(', tree->>'length', ')') ELSE 'string' END;
		WHEN 'array' THEN RETURN concat('array<', dpmeta.type_athena(tree->'element'), '>');
		WHEN 'map' THEN RETURN concat('map<', dpmeta.type_athena(tree->'key'), ',', dpmeta.type_athena(tree->'value'), '>');
		WHEN 'struct' THEN RETURN concat('struct<', (
			SELECT string_agg(concat(f.value->>'name', ':', dpmeta.type_athena(f.value->'type')), ',' ORDER BY f.place)
			FROM jsonb_array_elements(tree->'fields') WITH ORDINALITY f(value, place)), '>');
		ELSE RETURN tree->>'type';
	END CASE;
END
$$;
COMMENT ON FUNCTION dpmeta.type_athena(jsonb) IS
	'private: the type of Athena that holds the values of a type, which is given as a tree';

CREATE FUNCTION dpmeta.table_location(contract jsonb, table_document jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN pg_catalog.concat(pg_catalog.rtrim(coalesce(contract OPERATOR(pg_catalog.->>) 's3Location',
			pg_catalog.concat('s3://YOUR-BUCKET/', contract OPERATOR(pg_catalog.->>) 'name')), '/'),
		'/', table_document OPERATOR(pg_catalog.->>) 'name', '/');
COMMENT ON FUNCTION dpmeta.table_location(jsonb, jsonb) IS 'private: where the data of a table is taken to be';

-- Hive's and Glue's comments on columns have 255 characters.
CREATE FUNCTION dpmeta.athena_text(value text, most integer) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN pg_catalog.concat('''', pg_catalog.replace(pg_catalog.replace(pg_catalog.regexp_replace(
		pg_catalog."left"(value, most), E'\\s+', ' ', 'g'), E'\\', E'\\\\'), '''', E'\\'''), '''');
COMMENT ON FUNCTION dpmeta.athena_text(text, integer) IS 'private: a text in quotes as Hive takes it';

CREATE FUNCTION dpmeta.table_athena(contract jsonb, table_document jsonb) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
DECLARE
	columns		text;
	partitions	text;
BEGIN
	SELECT string_agg(c.line, E',\n' ORDER BY c.place) FILTER (WHERE NOT c.partition),
		string_agg(c.line, E',\n' ORDER BY c.place) FILTER (WHERE c.partition)
	INTO columns, partitions
	FROM (
		SELECT e.place, coalesce((e.value->>'partition')::boolean, false) AS partition,
			concat(E'\t`', e.value->>'name', '` ',
				dpmeta.type_athena(dpmeta.column_type_tree((e.value->>'type')::dpmeta.column_type)),
				CASE WHEN e.value->>'description' <> ''
					THEN ' COMMENT ' || dpmeta.athena_text(e.value->>'description', 255) END) AS line
		FROM jsonb_array_elements(table_document->'columns') WITH ORDINALITY e(value, place)) c;
	RETURN concat('CREATE EXTERNAL TABLE IF NOT EXISTS `', contract->>'name', '`.`', table_document->>'name', E'` (\n',
		columns, E'\n)\nCOMMENT ', dpmeta.athena_text(table_document->>'tableDescription', 2048), E'\n',
		'PARTITIONED BY (' || E'\n' || partitions || E'\n)\n',
		E'STORED AS PARQUET\nLOCATION ', dpmeta.athena_text(dpmeta.table_location(contract, table_document), 2048),
		E'\nTBLPROPERTIES (''dpmeta.id''=''', contract->>'id', ':', table_document->>'name', E''');\n');
END
$$;
COMMENT ON FUNCTION dpmeta.table_athena(jsonb, jsonb) IS 'private: the statement that makes a table in Athena';

CREATE FUNCTION dpmeta.format_athena(contract jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
	SELECT concat('CREATE DATABASE IF NOT EXISTS `', contract->>'name', E'`;\n',
		string_agg(E'\n' || dpmeta.table_athena(contract, t.value), '' ORDER BY t.place))
	FROM jsonb_array_elements(contract->'tables') WITH ORDINALITY t(value, place)
$$;
COMMENT ON FUNCTION dpmeta.format_athena(jsonb) IS
	'private: the statements that make the tables of a contract in Athena';

CREATE FUNCTION dpmeta.glue_columns(table_document jsonb, partitions boolean) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
	SELECT coalesce(jsonb_agg(jsonb_build_object('Name', c.value->'name',
			'Type', dpmeta.type_athena(dpmeta.column_type_tree((c.value->>'type')::dpmeta.column_type)),
			'Comment', "left"(c.value->>'description', 255)) ORDER BY c.place), '[]')
	FROM jsonb_array_elements(table_document->'columns') WITH ORDINALITY c(value, place)
	WHERE coalesce((c.value->>'partition')::boolean, false) = partitions
$$;
COMMENT ON FUNCTION dpmeta.glue_columns(jsonb, boolean) IS 'private: the columns of a table as Glue takes them';

CREATE FUNCTION dpmeta.table_glue(contract jsonb, table_document jsonb) RETURNS jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
	SELECT jsonb_build_object('Name', table_document->'name',
		'Description', "left"(table_document->>'tableDescription', 2048),
		'Owner', "left"(contract->>'dataProductOwner', 255), 'TableType', 'EXTERNAL_TABLE',
		'Parameters', coalesce((
				SELECT jsonb_object_agg(concat('tag.', t.key), t.value)
				FROM jsonb_each(table_document->'tags') t WHERE t.key <> ''), '{}')
			|| jsonb_build_object('classification', 'parquet',
				'dpmeta.id', concat(contract->>'id', ':', table_document->>'name')),
		'PartitionKeys', dpmeta.glue_columns(table_document, true),
		'StorageDescriptor', jsonb_build_object('Columns', dpmeta.glue_columns(table_document, false),
			'Location', dpmeta.table_location(contract, table_document),
			'InputFormat', 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
			'OutputFormat', 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
			'SerdeInfo', jsonb_build_object('SerializationLibrary',
				'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe')))
$$;
COMMENT ON FUNCTION dpmeta.table_glue(jsonb, jsonb) IS 'private: a table as Glue''s TableInput';

CREATE FUNCTION dpmeta.format_glue(contract jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
	SELECT CASE WHEN contract ? 'table' THEN jsonb_build_object('DatabaseName', contract->'name',
			'TableInput', dpmeta.table_glue(contract, contract#>'{tables,0}'))
		ELSE jsonb_build_object('DatabaseInput', jsonb_build_object('Name', contract->'name',
				'Description', "left"(contract->>'description', 2048),
				'Parameters', jsonb_build_object('dpmeta.id', contract->'id', 'domain', contract->'domain',
					'status', contract->'status', 'owner', contract->'dataProductOwner', 'email', contract->'email',
					'retentionPeriod', contract->>'retentionPeriod'))
				|| CASE WHEN contract->>'s3Location' <> '' THEN jsonb_build_object('LocationUri', "left"(contract->>'s3Location', 1024)) ELSE '{}' END,
			'TableInputs', coalesce((
				SELECT jsonb_agg(dpmeta.table_glue(contract, t.value) ORDER BY t.place)
				FROM jsonb_array_elements(contract->'tables') WITH ORDINALITY t(value, place)), '[]')) END::text
$$;
COMMENT ON FUNCTION dpmeta.format_glue(jsonb) IS
	'private: a contract as Glue''s DatabaseInput and the TableInput of each table; of one table what CreateTable takes';

/*
 * The Open Data Contract Standard, 3.1.  read_odcs() is the way back: what it reads is
 * what this writes.
 *
 * Tags are a list there.  One of ours is KEY:VALUE; a colon or a % in the key is
 * percent-encoded.
 */
CREATE FUNCTION dpmeta.tags_to_list(tags jsonb) RETURNS json
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT json_agg(concat(replace(replace(t.key, '%', '%25'), ':', '%3A'), ':' || nullif(t.value, '')) ORDER BY t.key COLLATE "C")
	FROM jsonb_each_text(tags) t
$$;
COMMENT ON FUNCTION dpmeta.tags_to_list(jsonb) IS 'private: tags as a list of KEY:VALUE; NULL for none';

CREATE FUNCTION dpmeta.type_odcs(tree jsonb) RETURNS jsonb
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
BEGIN
	CASE tree->>'type'
		WHEN 'boolean', 'date', 'timestamp', 'string' THEN RETURN jsonb_build_object('logicalType', tree->'type');
		WHEN 'tinyint', 'smallint', 'int', 'bigint', 'utinyint', 'usmallint', 'uint', 'ubigint'
			THEN RETURN '{"logicalType": "integer"}';
		WHEN 'float', 'double', 'decimal' THEN RETURN '{"logicalType": "number"}';
		WHEN 'char', 'varchar' THEN RETURN '{"logicalType": "string"}'
			|| CASE WHEN tree ? 'length'
				THEN jsonb_build_object('logicalTypeOptions', jsonb_build_object('maxLength', tree->'length')) ELSE '{}' END;
		WHEN 'array' THEN RETURN jsonb_build_object('logicalType', 'array', 'items',
			dpmeta.type_odcs(tree->'element')
			|| jsonb_build_object('physicalType', dpmeta.type_text(tree->'element')));
		WHEN 'struct' THEN RETURN jsonb_build_object('logicalType', 'object', 'properties', (
			SELECT jsonb_agg(dpmeta.type_odcs(f.value->'type') || jsonb_build_object('name', f.value->'name',
				'physicalType', dpmeta.type_text(f.value->'type')) ORDER BY f.place)
			FROM jsonb_array_elements(tree->'fields') WITH ORDINALITY f(value, place)));
		WHEN 'map' THEN RETURN '{"logicalType": "object"}';
		ELSE RETURN '{"logicalType": "string"}';
	END CASE;
END
$$;
COMMENT ON FUNCTION dpmeta.type_odcs(jsonb) IS
	'private: what ODCS says of a type, which is given as a tree, beside its physicalType';

CREATE FUNCTION dpmeta.type_text(tree jsonb) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
BEGIN
	CASE tree->>'type'
		WHEN 'array' THEN RETURN concat('array<', dpmeta.type_text(tree->'element'), '>');
		WHEN 'map' THEN RETURN concat('map<', dpmeta.type_text(tree->'key'), ',', dpmeta.type_text(tree->'value'), '>');
		WHEN 'struct' THEN RETURN concat('struct<', (
			SELECT string_agg(concat(f.value->>'name', ':', dpmeta.type_text(f.value->'type')), ',' ORDER BY f.place)
			FROM jsonb_array_elements(tree->'fields') WITH ORDINALITY f(value, place)), '>');
		WHEN 'decimal' THEN RETURN concat('decimal(', tree->>'precision', ',', tree->>'scale', ')');
		ELSE RETURN concat(tree->>'type', '(' || (tree->>'length') || ')');
	END CASE;
END
$$;
COMMENT ON FUNCTION dpmeta.type_text(jsonb) IS 'private: the text of a type that is given as a tree';

CREATE FUNCTION dpmeta.table_odcs(table_document jsonb) RETURNS json
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
	SELECT json_build_object('name', table_document->'name', 'logicalType', 'object', 'physicalType', 'table',
		'description', table_document->'tableDescription',
		'tags', dpmeta.tags_to_list(table_document->'tags'),
		'properties', coalesce(json_agg(json_build_object('name', c.value->'name',
				'logicalType', o.odcs->'logicalType', 'logicalTypeOptions', o.odcs->'logicalTypeOptions',
				'physicalType', c.value->'type',
				'description', c.value->'description',
				'required', c.value->'required',
				'primaryKey', c.value->'primaryKey',
				'primaryKeyPosition', CASE WHEN (c.value->>'primaryKey')::boolean THEN c.key_position END,
				'partitioned', c.value->'partition',
				'partitionKeyPosition', CASE WHEN (c.value->>'partition')::boolean THEN c.partition_position END,
				'tags', dpmeta.tags_to_list(c.value->'tags'),
				'items', o.odcs->'items', 'properties', o.odcs->'properties') ORDER BY c.place), '[]'))
	FROM (
		SELECT e.value, e.place,
			count(*) FILTER (WHERE (e.value->>'primaryKey')::boolean) OVER before AS key_position,
			count(*) FILTER (WHERE (e.value->>'partition')::boolean) OVER before AS partition_position
		FROM jsonb_array_elements(table_document->'columns') WITH ORDINALITY e(value, place)
		WINDOW before AS (ORDER BY e.place)) c
	CROSS JOIN LATERAL (
		SELECT dpmeta.type_odcs(dpmeta.column_type_tree((c.value->>'type')::dpmeta.column_type)) OFFSET 0) o(odcs)
$$;
COMMENT ON FUNCTION dpmeta.table_odcs(jsonb) IS 'private: a table as ODCS has it';

CREATE FUNCTION dpmeta.custom_properties(contract jsonb, names text[]) RETURNS json
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT json_agg(json_build_object('property', n.name, 'value', contract->n.name) ORDER BY n.place)
	FROM unnest(names) WITH ORDINALITY n(name, place)
	WHERE contract->n.name <> 'null'
$$;
COMMENT ON FUNCTION dpmeta.custom_properties(jsonb, text[]) IS
	'private: the members of a contract for which a standard has no place, as it takes such';

CREATE FUNCTION dpmeta.contract_members(contract jsonb) RETURNS json
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
	SELECT json_agg(json_build_object('username', m.username, 'name', m.name, 'role', m.role) ORDER BY m.place)
	FROM (VALUES
		(1, contract->>'dataProductOwner', contract->>'dataProductOwnerDisplayName', 'owner'),
		(2, contract->>'dataProductMaintainer', contract->>'dataProductMaintainerDisplayName', 'maintainer')
	) m(place, username, name, role)
	WHERE m.username IS NOT NULL
$$;
COMMENT ON FUNCTION dpmeta.contract_members(jsonb) IS 'private: owner and maintainer as members of a team';

CREATE FUNCTION dpmeta.format_odcs(contract jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
	SELECT json_strip_nulls(json_build_object('apiVersion', 'v3.1.0', 'kind', 'DataContract',
		'id', concat('dp:', contract->>'name'), 'name', contract->'name',
		'version', ltrim(contract->>'version', 'v'),
		'status', CASE contract->>'status' WHEN 'published' THEN 'active' ELSE contract->>'status' END,
		'domain', contract->'domain', 'dataProduct', contract->'name',
		'description', json_build_object('purpose', contract->'description'),
		'tags', dpmeta.tags_to_list(contract->'tags'),
		'schema', coalesce((
			SELECT json_agg(dpmeta.table_odcs(t.value) ORDER BY t.place)
			FROM jsonb_array_elements(contract->'tables') WITH ORDINALITY t(value, place)), '[]'),
		'support', json_build_array(json_build_object('channel', 'email',
			'url', concat('mailto:', contract->>'email'), 'tool', 'email')),
		'team', json_build_object('members', dpmeta.contract_members(contract)),
		'slaProperties', json_build_array(json_build_object('property', 'retention',
			'value', contract->'retentionPeriod', 'unit', 'd')),
		'customProperties', dpmeta.custom_properties(contract, ARRAY['dpiaRequired',
			'dataProductMaintainerDisplayName', 'dpiaLocation', 's3Location', 'rowCount', 'lastUpdated']),
		'contractCreatedTs', contract->'creationDate'))::text
$$;
COMMENT ON FUNCTION dpmeta.format_odcs(jsonb) IS 'private: a contract in the Open Data Contract Standard, 3.1';

CREATE FUNCTION dpmeta.format_odps(contract jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
	SELECT json_strip_nulls(json_build_object('apiVersion', 'v1.0.0', 'kind', 'DataProduct',
		'id', concat('dp:', contract->>'name'), 'name', contract->'name',
		'version', ltrim(contract->>'version', 'v'),
		'status', CASE contract->>'status' WHEN 'published' THEN 'active' ELSE contract->>'status' END,
		'domain', contract->'domain',
		'description', json_build_object('purpose', contract->'description'),
		'customProperties', dpmeta.custom_properties(contract, ARRAY['retentionPeriod', 'dpiaRequired',
			'dataProductMaintainerDisplayName', 'dpiaLocation', 's3Location', 'rowCount', 'lastUpdated']),
		'tags', dpmeta.tags_to_list(contract->'tags'),
		'outputPorts', (
			SELECT json_agg(json_build_object('name', t.value->'name', 'description', t.value->'tableDescription',
				'type', 'table', 'version', ltrim(contract->>'version', 'v'), 'contractId', concat('dp:', contract->>'name'),
				'tags', dpmeta.tags_to_list(t.value->'tags')) ORDER BY t.place)
			FROM jsonb_array_elements(contract->'tables') WITH ORDINALITY t(value, place)),
		'support', json_build_array(json_build_object('channel', 'email',
			'url', concat('mailto:', contract->>'email'), 'tool', 'email')),
		'team', json_build_object('name', contract->'dataProductOwnerDisplayName', 'members', dpmeta.contract_members(contract)),
		'productCreatedTs', contract->'creationDate'))::text
$$;
COMMENT ON FUNCTION dpmeta.format_odps(jsonb) IS 'private: a contract in the Open Data Product Standard, 1.0';

/*
 * DCAT 3.  The data product is a dataset, and each table a distribution of it.
 */
CREATE FUNCTION dpmeta.format_dcat(contract jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
	SELECT json_strip_nulls(json_build_object(
		'@context', json_build_object('dcat', 'http://www.w3.org/ns/dcat#', 'dcterms', 'http://purl.org/dc/terms/',
			'adms', 'http://www.w3.org/ns/adms#', 'foaf', 'http://xmlns.com/foaf/0.1/',
			'skos', 'http://www.w3.org/2004/02/skos/core#', 'vcard', 'http://www.w3.org/2006/vcard/ns#',
			'xsd', 'http://www.w3.org/2001/XMLSchema#'),
		'@id', concat('urn:dpmeta:', contract->>'id'), '@type', 'dcat:Dataset',
		'dcterms:identifier', contract->'id', 'dcterms:title', contract->'name',
		'dcterms:description', contract->'description', 'dcat:version', contract->'version',
		'dcterms:isVersionOf', json_build_object('@id', concat('urn:dpmeta:dp:', contract->>'name')),
		'adms:status', contract->'status',
		'dcat:theme', json_build_object('@type', 'skos:Concept', 'skos:prefLabel', contract->'domain'),
		'dcat:keyword', dpmeta.tags_to_list(contract->'tags'),
		'dcterms:publisher', json_build_object('@type', 'foaf:Agent', 'foaf:name', contract->'dataProductOwnerDisplayName',
			'dcterms:identifier', contract->'dataProductOwner'),
		'dcat:contactPoint', json_build_object('@type', 'vcard:Kind', 'vcard:fn', contract->'dataProductOwnerDisplayName',
			'vcard:hasEmail', json_build_object('@id', concat('mailto:', contract->>'email'))),
		'dcterms:issued', json_build_object('@type', 'xsd:dateTime', '@value', contract->'creationDate'),
		'dcterms:modified', CASE WHEN contract->>'lastUpdated' IS NOT NULL
			THEN json_build_object('@type', 'xsd:dateTime', '@value', contract->'lastUpdated') END,
		'dcat:distribution', (
			SELECT json_agg(json_build_object('@id', concat('urn:dpmeta:', contract->>'id', ':', t.value->>'name'),
				'@type', 'dcat:Distribution', 'dcterms:identifier', concat(contract->>'id', ':', t.value->>'name'),
				'dcterms:title', t.value->'name', 'dcterms:description', t.value->'tableDescription') ORDER BY t.place)
			FROM jsonb_array_elements(contract->'tables') WITH ORDINALITY t(value, place))))::text
$$;
COMMENT ON FUNCTION dpmeta.format_dcat(jsonb) IS 'private: a contract as a DCAT 3 dataset, in JSON-LD';

-- RFC 4180
CREATE FUNCTION dpmeta.csv_line(VARIADIC fields text[]) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT concat(string_agg(CASE WHEN f.value ~ E'[",\\r\\n]' THEN concat('"', replace(f.value, '"', '""'), '"')
		ELSE coalesce(f.value, '') END, ',' ORDER BY f.place), E'\r\n')
	FROM unnest(fields) WITH ORDINALITY f(value, place)
$$;
COMMENT ON FUNCTION dpmeta.csv_line(text[]) IS 'private: a line of CSV';

CREATE FUNCTION dpmeta.format_csv(contract jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
	SELECT concat(dpmeta.csv_line('table', 'name', 'type', 'description', 'required', 'primaryKey', 'partition', 'tags'),
		string_agg(dpmeta.csv_line(t.value->>'name', c.value->>'name', c.value->>'type', c.value->>'description',
			coalesce(c.value->>'required', 'false'), coalesce(c.value->>'primaryKey', 'false'),
			coalesce(c.value->>'partition', 'false'), c.value->>'tags'), '' ORDER BY t.place, c.place))
	FROM jsonb_array_elements(contract->'tables') WITH ORDINALITY t(value, place)
	CROSS JOIN LATERAL jsonb_array_elements(t.value->'columns') WITH ORDINALITY c(value, place)
$$;
COMMENT ON FUNCTION dpmeta.format_csv(jsonb) IS 'private: the columns of a contract''s tables in CSV';

/*
 * Markdown.  What has a meaning in it is written so that it has none; a cell is one line.
 */
CREATE FUNCTION dpmeta.markdown_text(value text) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN pg_catalog.regexp_replace(pg_catalog.regexp_replace(
		pg_catalog.replace(pg_catalog.replace(value, '&', '&amp;'), '<', '&lt;'),
		E'([\\\\`*_{}\\[\\]()#+.!|~>-])', E'\\\\\\1', 'g'), E'\\s*[\\r\\n]+\\s*', '<br>', 'g');
COMMENT ON FUNCTION dpmeta.markdown_text(text) IS 'private: a text as Markdown shows it';

CREATE FUNCTION dpmeta.format_markdown(contract jsonb) RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
	SELECT concat('# ', dpmeta.markdown_text(contract->>'name'), E'\n\n',
		dpmeta.markdown_text(contract->>'description'), E'\n\n',
		E'| | |\n|---|---|\n', (
			SELECT string_agg(concat('| ', f.label, ' | ', dpmeta.markdown_text(f.value), E' |\n'), '' ORDER BY f.place)
			FROM (VALUES (1, 'ID', contract->>'id'), (2, 'Status', contract->>'status'), (3, 'Domain', contract->>'domain'),
				(4, 'Owner', concat(contract->>'dataProductOwnerDisplayName', ', ', contract->>'dataProductOwner')),
				(5, 'Maintainer', concat_ws(', ', contract->>'dataProductMaintainerDisplayName', contract->>'dataProductMaintainer')),
				(6, 'Contact', contract->>'email'),
				(7, 'Kept for', concat(contract->>'retentionPeriod', ' days')),
				(8, 'Impact assessment needed', CASE WHEN (contract->>'dpiaRequired')::boolean THEN 'yes' ELSE 'no' END),
				(9, 'Tags', (SELECT string_agg(concat(g.key, ': ', g.value), ', ' ORDER BY g.key COLLATE "C")
					FROM jsonb_each_text(contract->'tags') g))) f(place, label, value)
			WHERE f.value <> ''),
		string_agg(concat(E'\n## ', dpmeta.markdown_text(t.value->>'name'), E'\n\n',
			dpmeta.markdown_text(t.value->>'tableDescription'), E'\n\n',
			E'| column | type | description | |\n|---|---|---|---|\n', (
				SELECT string_agg(concat('| ', dpmeta.markdown_text(c.value->>'name'), ' | ',
					dpmeta.markdown_text(c.value->>'type'), ' | ', dpmeta.markdown_text(c.value->>'description'), ' | ',
					concat_ws(', ', CASE WHEN (c.value->>'primaryKey')::boolean THEN 'key' END,
						CASE WHEN (c.value->>'required')::boolean THEN 'required' END,
						CASE WHEN (c.value->>'partition')::boolean THEN 'partition' END), E' |\n'), '' ORDER BY c.place)
				FROM jsonb_array_elements(t.value->'columns') WITH ORDINALITY c(value, place))), '' ORDER BY t.place))
	FROM jsonb_array_elements(contract->'tables') WITH ORDINALITY t(value, place)
$$;
COMMENT ON FUNCTION dpmeta.format_markdown(jsonb) IS 'private: a contract as a data dictionary in Markdown';

/*
 * A contract, or a table's schema, in a format.  For NULL it is the document itself.
 */
CREATE FUNCTION dpmeta.format_contract(contract json, format text) RETURNS text
	LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
BEGIN
	CASE format
		WHEN 'odcs' THEN RETURN dpmeta.format_odcs(contract::jsonb);
		WHEN 'odps' THEN RETURN dpmeta.format_odps(contract::jsonb);
		WHEN 'json-schema' THEN RETURN dpmeta.format_json_schema(contract::jsonb);
		WHEN 'avro' THEN RETURN dpmeta.format_avro(contract::jsonb);
		WHEN 'postgresql' THEN RETURN dpmeta.format_postgresql(contract::jsonb);
		WHEN 'athena' THEN RETURN dpmeta.format_athena(contract::jsonb);
		WHEN 'glue' THEN RETURN dpmeta.format_glue(contract::jsonb);
		WHEN 'dcat' THEN RETURN dpmeta.format_dcat(contract::jsonb);
		WHEN 'csv' THEN RETURN dpmeta.format_csv(contract::jsonb);
		WHEN 'markdown' THEN RETURN dpmeta.format_markdown(contract::jsonb);
		ELSE
			IF format IS NULL THEN
				RETURN contract::text;
			END IF;
			RAISE 'invalid value for parameter "format": "%"', format
				USING ERRCODE = 'MD010', DETAIL = 'The parameter does not take this value.',
					HINT = 'Give one of odcs, odps, json-schema, avro, postgresql, athena, glue, dcat, csv and markdown.';
	END CASE;
END
$$;
COMMENT ON FUNCTION dpmeta.format_contract(json, text) IS
	'a contract''s document in a format of others: odcs, odps, json-schema, avro, postgresql, athena, glue, dcat, csv or markdown; for NULL it is the document itself (MD010)';

CREATE FUNCTION dpmeta.format_schema(schema_document json, format text, as_of timestamptz DEFAULT NULL) RETURNS text
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
DECLARE
	document	jsonb;
	product		jsonb;
	name		text;
BEGIN
	IF format IS NULL THEN
		RETURN schema_document::text;
	END IF;
	document := schema_document;
	name := dpmeta.table_name((document->>'id')::dpmeta.dpid);
	SELECT g.document INTO product FROM dpmeta.get_data_product((document#>>'{dataProduct,id}')::dpmeta.dpid, as_of) g;
	RETURN dpmeta.format_contract((product - 'schemas'
		|| jsonb_build_object('table', name, 'tables', jsonb_build_array(
			document - '{id,dataProduct}'::text[] || jsonb_build_object('name', name))))::json, format);
END
$$;
COMMENT ON FUNCTION dpmeta.format_schema(json, text, timestamptz) IS
	'a table''s document, as get_schema() gives it, in one of the formats of format_contract()';

CREATE FUNCTION dpmeta.row_schema(id dpmeta.dpid) RETURNS jsonb
	LANGUAGE sql STABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, dpmeta, pg_temp
AS $$
	SELECT dpmeta.format_schema(g.document, 'json-schema')::jsonb FROM dpmeta.get_schema(row_schema.id) g
$$;
COMMENT ON FUNCTION dpmeta.row_schema(dpmeta.dpid) IS
	'a JSON Schema of the rows of a table: is_valid(row_schema(id), to_jsonb(r)) says whether a row keeps its contract. Raises what get_schema() does';

-- Nobody may read more by these, but whoever may read may call them.
DO $$
DECLARE
	routine		regprocedure;
BEGIN
	FOR routine IN
		SELECT p.oid
		FROM pg_catalog.pg_proc p
		WHERE p.pronamespace = 'dpmeta'::pg_catalog.regnamespace
			AND (p.proname ~ '^(type|table|format)_(json_schema|avro|postgresql|athena|glue|odcs|odps|dcat|csv|markdown|text|location|contract|schema)$'
				OR p.proname IN ('column_type_tree', 'is_required', 'avro_names', 'postgresql_name', 'athena_text',
					'glue_columns', 'tags_to_list', 'custom_properties', 'contract_members', 'csv_line', 'markdown_text',
					'row_schema'))
	LOOP
		EXECUTE pg_catalog.format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', routine);
		IF (SELECT p.provolatile = 'i' FROM pg_catalog.pg_proc p WHERE p.oid = routine) THEN
			EXECUTE pg_catalog.format('GRANT EXECUTE ON FUNCTION %s TO PUBLIC', routine);
		END IF;
	END LOOP;
END
$$;
