-- What a column type is made of is judged before it is put together.

/*
 * Before a name is put into the text of a type it is judged, because "a:int,b"
 * would become two fields.  A field keeps its case, unless names are folded.  What is no field's name is put into quotes, which no
 * type has, so that check_catalog_schemas() finds and shows it.
 */
CREATE FUNCTION dpmeta.catalog_field_name(name text, fold_names boolean)
	RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN dpmeta.catalog_name(name, fold_names) ~ '^[A-Za-z0-9_$-]{1,128}$' COLLATE "C" THEN
			dpmeta.catalog_name(name, fold_names)
		ELSE pg_catalog.to_json(name)::text
	END;

COMMENT ON FUNCTION dpmeta.catalog_field_name(text, boolean) IS
	'private: the same for a field of a struct; in quotes if it cannot be the name of one';

REVOKE EXECUTE ON FUNCTION dpmeta.catalog_field_name(text, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dpmeta.catalog_field_name(text, boolean) TO PUBLIC;

CREATE OR REPLACE FUNCTION dpmeta.catalog_type(type oid, modifier integer,
									fold_names boolean DEFAULT false,
									depth integer DEFAULT 1)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE
		WHEN depth >= 30 THEN 'string'
		WHEN t.typtype = 'd' THEN
			dpmeta.catalog_type(t.typbasetype,
								CASE WHEN t.typtypmod >= 0 THEN t.typtypmod ELSE modifier END,
								fold_names, depth)
		WHEN t.typcategory = 'A' AND t.typelem <> 0 THEN
			'array<' || dpmeta.catalog_type(t.typelem, modifier, fold_names, depth + 1) || '>'
		WHEN t.typtype = 'c' THEN
			coalesce('struct<' || (
				SELECT string_agg(dpmeta.catalog_field_name(a.attname, fold_names) || ':' ||
								  dpmeta.catalog_type(a.atttypid, a.atttypmod, fold_names, depth + 1),
								  ',' ORDER BY a.attnum)
				FROM pg_attribute a
				WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) || '>',
				'string')
		ELSE coalesce(CASE t.oid
			WHEN 'boolean'::regtype THEN 'boolean'
			WHEN 'smallint'::regtype THEN 'smallint'
			WHEN 'integer'::regtype THEN 'int'
			WHEN 'bigint'::regtype THEN 'bigint'
			WHEN 'oid'::regtype THEN 'bigint'
			WHEN 'xid'::regtype THEN 'bigint'
			WHEN 'cid'::regtype THEN 'bigint'
			WHEN 'xid8'::regtype THEN 'ubigint'
			WHEN 'real'::regtype THEN 'float'
			WHEN 'double precision'::regtype THEN 'double'
			WHEN 'date'::regtype THEN 'date'
			WHEN 'timestamp'::regtype THEN 'timestamp'
			WHEN 'timestamptz'::regtype THEN 'timestamp'
			WHEN 'bytea'::regtype THEN 'binary'
			WHEN '"char"'::regtype THEN 'char(1)'
			WHEN 'bpchar'::regtype THEN
				CASE
					WHEN modifier BETWEEN 5 AND 259 THEN format('char(%s)', modifier - 4)
					WHEN modifier BETWEEN 260 AND 65539 THEN format('varchar(%s)', modifier - 4)
				END
			WHEN 'varchar'::regtype THEN
				CASE
					WHEN modifier BETWEEN 5 AND 65539 THEN format('varchar(%s)', modifier - 4)
				END
			WHEN 'numeric'::regtype THEN
				(SELECT format('decimal(%s,%s)', d.digits, d.scale)
				 FROM (SELECT greatest(m.precision - least(m.scale, 0), m.scale) AS digits,
							greatest(m.scale, 0) AS scale
					   FROM (SELECT ((modifier - 4) >> 16) & 65535 AS precision,
								(((modifier - 4) & 2047) # 1024) - 1024 AS scale) m) d
				 WHERE modifier >= 4 AND d.digits <= 38)
		END, 'string')
	END
	FROM pg_type t
	WHERE t.oid = type
$$;

-- What a table says of its columns, and all that stands in the way.

CREATE OR REPLACE FUNCTION dpmeta.catalog_schemas(schema regnamespace, fold_names boolean DEFAULT false)
	RETURNS jsonb
	LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH relation AS (
		SELECT n.oid, n.relname, n.folded, count(*) OVER (PARTITION BY n.folded) AS same
		FROM (
			SELECT c.oid, c.relname::text AS relname,
				dpmeta.catalog_table_name(c.relname::text, catalog_schemas.fold_names) AS folded
			FROM pg_catalog.pg_class c
			WHERE c.relnamespace = catalog_schemas.schema::oid
				AND c.relkind IN ('r', 'p', 'f', 'v', 'm')
				AND NOT c.relispartition
				AND pg_catalog.has_any_column_privilege(c.oid, 'SELECT')
		) n
	), attribute AS MATERIALIZED (
		SELECT n.attrelid, n.attnum, n.attname, n.folded, n.atttypid, n.atttypmod, n.members,
			count(*) OVER (PARTITION BY n.attrelid, n.folded) AS same
		FROM (
			SELECT a.attrelid, a.attnum, a.attname::text AS attname,
				dpmeta.catalog_name(a.attname::text, catalog_schemas.fold_names) AS folded,
				a.atttypid, a.atttypmod,
				CASE WHEN a.attnotnull OR y.typnotnull THEN '{"required": true}'::jsonb ELSE '{}' END
					|| CASE WHEN k.conkey IS NOT NULL THEN '{"primaryKey": true}'::jsonb ELSE '{}' END
					|| CASE WHEN p.partrelid IS NOT NULL THEN '{"partition": true}'::jsonb ELSE '{}' END AS members
			FROM relation r
			JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid
			JOIN pg_catalog.pg_type y ON y.oid = a.atttypid
			LEFT JOIN pg_catalog.pg_constraint k
				ON k.conrelid = a.attrelid AND k.contype = 'p' AND a.attnum = ANY (k.conkey)
			LEFT JOIN pg_catalog.pg_partitioned_table p
				ON p.partrelid = a.attrelid AND a.attnum = ANY (p.partattrs::int2[])
			WHERE a.attnum > 0
				AND NOT a.attisdropped
				AND pg_catalog.has_column_privilege(a.attrelid, a.attnum, 'SELECT')
		) n
	), type AS MATERIALIZED (
		SELECT d.atttypid, d.atttypmod,
			dpmeta.catalog_type(d.atttypid, d.atttypmod, catalog_schemas.fold_names) AS column_type
		FROM (SELECT DISTINCT a.atttypid, a.atttypmod FROM attribute a) d
	), definition AS (
		SELECT a.attrelid,
			pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
				'name', CASE WHEN a.same = 1 THEN a.folded ELSE a.attname END,
				'type', t.column_type,
				'description', coalesce(d.description, '')) || a.members ORDER BY a.attnum) AS columns
		FROM attribute a
		JOIN type t ON t.atttypid = a.atttypid AND t.atttypmod = a.atttypmod
		LEFT JOIN pg_catalog.pg_description d
			ON d.objoid = a.attrelid
			AND d.classoid = 'pg_catalog.pg_class'::regclass
			AND d.objsubid = a.attnum
		GROUP BY a.attrelid
	)
	SELECT CASE WHEN pg_catalog.has_schema_privilege(catalog_schemas.schema::oid, 'USAGE') THEN
		coalesce(pg_catalog.jsonb_object_agg(
			CASE WHEN r.same = 1 THEN r.folded ELSE r.relname END,
			pg_catalog.jsonb_build_object(
				'tableDescription', coalesce(d.description, ''),
				'columns', coalesce(c.columns, '[]'))), '{}')
		END
	FROM relation r
	LEFT JOIN definition c ON c.attrelid = r.oid
	LEFT JOIN pg_catalog.pg_description d
		ON d.objoid = r.oid
		AND d.classoid = 'pg_catalog.pg_class'::regclass
		AND d.objsubid = 0;
END;

COMMENT ON FUNCTION dpmeta.catalog_schemas(regnamespace, boolean) IS
	'the schemas of all tables and views of a PostgreSQL schema that you may read, by name: types mapped, comments as descriptions, NOT NULL, keys and partitions as required, primaryKey and partition; fold_names => true makes names fit';

CREATE OR REPLACE FUNCTION dpmeta.check_catalog_schemas(schema regnamespace, schemas jsonb, fold_names boolean)
	RETURNS jsonb
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	folding	CONSTANT text := 'fold_names => true, which folds to lower case, with _ for every character other than [a-z0-9_]';
	faults	jsonb;
	names_only	boolean;
BEGIN
	IF schemas IS NULL THEN
		RAISE 'permission denied for schema %', schema
			USING ERRCODE = 'insufficient_privilege';
	END IF;

	WITH tables AS (
		SELECT t.name, t.definition, t.folded,
			'/schemas/' || replace(replace(t.name, '~', '~0'), '/', '~1') AS pointer,
			string_agg(to_json(t.name)::text, ', ') OVER same AS names,
			count(*) OVER same AS same
		FROM (SELECT d.key AS name, d.value AS definition,
				dpmeta.catalog_table_name(d.key, fold_names) AS folded
			  FROM jsonb_each(schemas) d) t
		WINDOW same AS (PARTITION BY t.folded ORDER BY t.name COLLATE "C"
						ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
	), columns AS (
		SELECT c.table_name, c.position, c.name, c.type, c.folded,
			c.pointer || '/columns/' || c.position - 1 AS pointer,
			string_agg(to_json(c.name)::text, ', ') OVER same AS names,
			count(*) OVER same AS same
		FROM (SELECT t.name AS table_name, t.pointer, d.position,
				d.value->>'name' AS name, d.value->>'type' AS type,
				dpmeta.catalog_name(d.value->>'name', fold_names) AS folded
			  FROM tables t
			  CROSS JOIN LATERAL jsonb_array_elements(t.definition->'columns')
				WITH ORDINALITY d(value, position)) c
		WINDOW same AS (PARTITION BY c.table_name, c.folded ORDER BY c.position
						ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
	), found AS (
		SELECT t.name AS table_name, 0 AS position, t.pointer,
			CASE WHEN t.same = 1 THEN
				format('Table name %s must match ^[a-z0-9_]{1,128}$ and not be v with a number.',
					   to_json(t.name))
			ELSE
				format('The tables %s would become one, %s, by %s.', t.names, to_json(t.folded), folding)
			END AS message, 'pattern' AS keyword
		FROM tables t
		WHERE t.name !~ '^[a-z0-9_]{1,128}$' OR t.name ~ '^v[0-9]+$'
		UNION ALL
		SELECT c.table_name, c.position, c.pointer || '/name',
			CASE WHEN c.same = 1 THEN
				format('Column name %s in table %s must match ^[a-z0-9_]{1,128}$.',
					   to_json(c.name), to_json(c.table_name))
			ELSE
				format('The columns %s of table %s would become one, %s, by %s.', c.names,
					   to_json(c.table_name), to_json(c.folded), folding)
			END, 'pattern'
		FROM columns c
		WHERE c.name !~ '^[a-z0-9_]{1,128}$'
		UNION ALL
		SELECT c.table_name, c.position, c.pointer || '/type',
			format('Type of column %s in table %s has attributes with names other than [A-Za-z0-9_$-]: %s.',
				   to_json(c.name), to_json(c.table_name),
				   CASE WHEN length(c.type) > 200 THEN left(c.type, 200) || '...' ELSE c.type END), 'pattern'
		FROM columns c
		WHERE c.type ~ '"'
		UNION ALL
		SELECT t.name, 0, t.pointer || f.instance_pointer,
			format('Table %s: %s', to_json(t.name), f.message), f.keyword
		FROM tables t
		CROSS JOIN LATERAL dpmeta.validate(dpmeta.model('schema'), t.definition, true) f
		WHERE f.keyword NOT IN ('pattern', 'x-uniqueBy')
			AND NOT EXISTS (SELECT FROM columns c
							WHERE c.table_name = t.name AND c.type ~ '"'
								AND c.pointer || '/type' = t.pointer || f.instance_pointer)
	)
	SELECT jsonb_agg(jsonb_build_object('pointer', f.pointer, 'keyword', f.keyword,
										'message', f.message)
					 ORDER BY f.table_name COLLATE "C", f.position, f.pointer COLLATE "C",
							  f.keyword COLLATE "C", f.message COLLATE "C"),
		bool_and(f.keyword = 'pattern')
	INTO faults, names_only
	FROM found f;

	IF faults IS NOT NULL THEN
		RAISE 'schema % has % that a data product cannot have', schema,
			CASE WHEN jsonb_array_length(faults) > 1 THEN
					jsonb_array_length(faults) || CASE WHEN names_only THEN ' names' ELSE ' names, types or texts' END
				WHEN names_only THEN 'a name'
				ELSE 'a type or a text' END
			USING ERRCODE = 'MD007', DETAIL = faults::text,
				HINT = CASE WHEN fold_names THEN
					'Rename all but one of those that would become one.'
				ELSE
					'Pass fold_names => true to fold them to lower case, with _ for every other character; rename where two would become one.'
				END;
	END IF;
	RETURN schemas;
END
$$;

COMMENT ON FUNCTION dpmeta.check_catalog_schemas(regnamespace, jsonb, boolean) IS
	'private: what it is given if all of it can be registered, else an error with all that cannot';
