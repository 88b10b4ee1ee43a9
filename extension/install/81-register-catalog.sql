/*
 * What of a live PostgreSQL schema is registered, and how.  It is all read with the
 * caller's rights.
 */

/*
 * The relations that are looked at, each with its name in the data product.  A
 * partition is part of its table and not one itself.  What belongs to an extension
 * is not the team's.  Two names that would become one by folding stay as they
 * are, and so are refused with the other names that dpmeta does not take.
 */
CREATE FUNCTION dpmeta.catalog_relations(schema regnamespace, fold_names boolean,
										 only_tables text[], except_tables text[],
										 names jsonb, extensions boolean)
	RETURNS TABLE (relation oid, relname text, name text, same bigint)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 100
BEGIN ATOMIC
	WITH candidate AS MATERIALIZED (
		SELECT c.oid, c.relname::text AS relname, c.relispartition
		FROM pg_catalog.pg_class c
		WHERE c.relnamespace = catalog_relations.schema::oid
			AND c.relkind IN ('r', 'p', 'f', 'v', 'm')
			AND c.relpersistence <> 't'
			AND (catalog_relations.extensions OR NOT EXISTS (
				SELECT FROM pg_catalog.pg_depend d
				WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid
					AND d.refclassid = 'pg_catalog.pg_extension'::regclass AND d.deptype = 'e'))
			AND (catalog_relations.only_tables IS NULL
				OR c.relname::text = ANY (catalog_relations.only_tables))
	), taken AS (
		SELECT c.oid, c.relname,
			coalesce(catalog_relations.names->>c.relname,
					 dpmeta.catalog_table_name(c.relname, catalog_relations.fold_names)) AS folded
		FROM candidate c
		WHERE c.relname <> ALL (pg_catalog.array_remove(coalesce(catalog_relations.except_tables, '{}'), NULL))
			AND NOT (c.relispartition AND EXISTS (
				SELECT FROM pg_catalog.pg_partition_ancestors(c.oid) a(relid)
				JOIN candidate o ON o.oid = a.relid
				WHERE a.relid <> c.oid))
	)
	SELECT t.oid, t.relname,
		CASE WHEN t.same = 1 OR catalog_relations.names ? t.relname THEN t.folded ELSE t.relname END, t.same
	FROM (SELECT t.oid, t.relname, t.folded, count(*) OVER (PARTITION BY t.folded) AS same FROM taken t) t;
END;

COMMENT ON FUNCTION dpmeta.catalog_relations(regnamespace, boolean, text[], text[], jsonb, boolean) IS
	'private: the tables and views of a PostgreSQL schema that are looked at, and what each is called in the data product';

/* Their columns, also those that are left out or cannot be read. */
CREATE FUNCTION dpmeta.catalog_columns(schema regnamespace, fold_names boolean,
									   only_tables text[], except_tables text[],
									   names jsonb, extensions boolean)
	RETURNS TABLE (relation oid, relname text, attnum smallint, attname text, name text,
		same bigint, is_left_out boolean, is_readable boolean)
	LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
BEGIN ATOMIC
	SELECT n.relation, n.relname, n.attnum, n.attname,
		CASE WHEN n.same = 1 OR catalog_columns.names ? n.path THEN n.folded ELSE n.attname END,
		n.same, n.is_left_out,
		pg_catalog.has_column_privilege(n.relation, n.attnum, 'SELECT')
	FROM (
		SELECT a.*, count(*) OVER (PARTITION BY a.relation, a.folded) AS same
		FROM (
			SELECT r.relation, r.relname, a.attnum, a.attname::text AS attname,
				r.relname || '.' || a.attname AS path,
				coalesce(catalog_columns.names->>(r.relname || '.' || a.attname),
						 dpmeta.catalog_name(a.attname::text, catalog_columns.fold_names)) AS folded,
				coalesce(r.relname || '.' || a.attname = ANY (catalog_columns.except_tables), false) AS is_left_out
			FROM dpmeta.catalog_relations(catalog_columns.schema, catalog_columns.fold_names,
					catalog_columns.only_tables, catalog_columns.except_tables,
					catalog_columns.names, catalog_columns.extensions) r
			JOIN pg_catalog.pg_attribute a ON a.attrelid = r.relation
			WHERE a.attnum > 0 AND NOT a.attisdropped
		) a
	) n;
END;

COMMENT ON FUNCTION dpmeta.catalog_columns(regnamespace, boolean, text[], text[], jsonb, boolean) IS
	'private: the columns of the tables and views of a PostgreSQL schema that are looked at, and what each is called in the data product';

/*
 * What is there and cannot be read must not look as if it were gone.  All of it is
 * named, up to a hundred.
 */
CREATE FUNCTION dpmeta.check_catalog_rights(schema regnamespace, only_tables text[],
											except_tables text[], extensions boolean)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	unreadable	text[];
BEGIN
	IF NOT has_schema_privilege(schema::oid, 'USAGE') THEN
		RAISE 'permission denied for schema %', schema
			USING ERRCODE = 'insufficient_privilege';
	END IF;
	SELECT array_agg(u.name ORDER BY u.name COLLATE "C")
	INTO unreadable
	FROM (
		SELECT quote_ident(r.relname) AS name
		FROM dpmeta.catalog_relations(schema, false, only_tables, except_tables, '{}', extensions) r
		WHERE NOT has_any_column_privilege(r.relation, 'SELECT')
		UNION ALL
		SELECT quote_ident(c.relname) || '.' || quote_ident(c.attname)
		FROM dpmeta.catalog_columns(schema, false, only_tables, except_tables, '{}', extensions) c
		WHERE NOT c.is_left_out AND NOT c.is_readable
			AND has_any_column_privilege(c.relation, 'SELECT')) u;
	IF unreadable IS NOT NULL THEN
		RAISE 'permission denied for % of schema %',
			CASE cardinality(unreadable) WHEN 1 THEN 'a table or column'
				ELSE cardinality(unreadable) || ' tables and columns' END, schema
			USING ERRCODE = 'insufficient_privilege',
				DETAIL = 'You may not SELECT from ' || array_to_string(unreadable[:100], ', ')
					|| CASE WHEN cardinality(unreadable) > 100 THEN ', and others.' ELSE '.' END,
				HINT = 'Have SELECT on them granted to you, or leave them out: except_tables => ''{table,table.column}''. What is left out stays in the data product as it is.';
	END IF;
END
$$;

COMMENT ON FUNCTION dpmeta.check_catalog_rights(regnamespace, text[], text[], boolean) IS
	'private: raises 42501 with all that is looked at and that the caller may not read';

/*
 * Names that somebody gives must fit and be one another's equals in nothing.  What
 * is named and not there is only told, because a table may be dropped
 * while a job still names it.
 */
CREATE FUNCTION dpmeta.check_catalog_names(schema regnamespace, fold_names boolean,
										   only_tables text[], except_tables text[],
										   names jsonb, extensions boolean)
	RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	faulty		text;
	absent		text;
BEGIN
	IF jsonb_typeof(names) <> 'object' THEN
		RAISE 'names must be an object, but is %', jsonb_typeof(names)
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'Give the name of each table or column, as in {"Sales": "sales", "Sales.Total $": "total"}.';
	END IF;
	SELECT string_agg(to_json(n.key) || ': ' || n.value, ', ' ORDER BY n.key COLLATE "C")
	INTO faulty
	FROM jsonb_each(names) n
	WHERE jsonb_typeof(n.value) <> 'string' OR n.value #>> '{}' !~ '^[a-z0-9_]{1,128}$' COLLATE "C";
	IF faulty IS NOT NULL THEN
		RAISE 'names gives what cannot be a name: %', faulty
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'A name must match ^[a-z0-9_]{1,128}$.';
	END IF;
	SELECT string_agg(DISTINCT c.clash, ', ')
	INTO faulty
	FROM (
		SELECT format('%I as %s', r.relname, r.name) AS clash
		FROM dpmeta.catalog_relations(schema, fold_names, only_tables, except_tables, names, extensions) r
		WHERE r.same > 1 AND names ? r.relname
		UNION ALL
		SELECT format('%I.%I as %s', c.relname, c.attname, c.name)
		FROM dpmeta.catalog_columns(schema, fold_names, only_tables, except_tables, names, extensions) c
		WHERE c.same > 1 AND names ? (c.relname || '.' || c.attname)) c;
	IF faulty IS NOT NULL THEN
		RAISE 'names gives a name that another one has: %', faulty
			USING ERRCODE = 'invalid_parameter_value',
				HINT = 'Give each table, and each column of a table, a name of its own.';
	END IF;
	SELECT string_agg(DISTINCT g.name, ', ')
	INTO absent
	FROM (
		SELECT unnest(only_tables) AS name
		UNION ALL
		SELECT unnest(except_tables)
		UNION ALL
		SELECT jsonb_object_keys(names)) g
	WHERE NOT EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = schema::oid AND c.relname::text = g.name)
		AND NOT EXISTS (
			SELECT FROM pg_class c
			JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
			WHERE c.relnamespace = schema::oid AND c.relname || '.' || a.attname = g.name);
	IF absent IS NOT NULL THEN
		RAISE NOTICE 'schema % has no table or column called %', schema, absent;
	END IF;
END
$$;

COMMENT ON FUNCTION dpmeta.check_catalog_names(regnamespace, boolean, text[], text[], jsonb, boolean) IS
	'private: raises 22023 for names that cannot be given, and tells of what is named and not there';

/* The set of tables as sync_data_product() takes it. */
CREATE FUNCTION dpmeta.catalog_definitions(schema regnamespace, fold_names boolean,
										   only_tables text[], except_tables text[],
										   names jsonb, extensions boolean)
	RETURNS jsonb
	LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH attribute AS MATERIALIZED (
		SELECT c.relation, c.attnum, c.name, a.atttypid, a.atttypmod,
			CASE WHEN a.attnotnull OR y.typnotnull THEN '{"required": true}'::jsonb ELSE '{}' END
				|| CASE WHEN k.conkey IS NOT NULL THEN '{"primaryKey": true}'::jsonb ELSE '{}' END
				|| CASE WHEN p.partrelid IS NOT NULL THEN '{"partition": true}'::jsonb ELSE '{}' END AS members
		FROM dpmeta.catalog_columns(catalog_definitions.schema, catalog_definitions.fold_names,
				catalog_definitions.only_tables, catalog_definitions.except_tables,
				catalog_definitions.names, catalog_definitions.extensions) c
		JOIN pg_catalog.pg_attribute a ON a.attrelid = c.relation AND a.attnum = c.attnum
		JOIN pg_catalog.pg_type y ON y.oid = a.atttypid
		LEFT JOIN pg_catalog.pg_constraint k
			ON k.conrelid = a.attrelid AND k.contype = 'p' AND a.attnum = ANY (k.conkey)
		LEFT JOIN pg_catalog.pg_partitioned_table p
			ON p.partrelid = a.attrelid AND a.attnum = ANY (p.partattrs::int2[])
		WHERE NOT c.is_left_out
	), type AS MATERIALIZED (
		SELECT d.atttypid, d.atttypmod,
			dpmeta.catalog_type(d.atttypid, d.atttypmod, catalog_definitions.fold_names) AS column_type
		FROM (SELECT DISTINCT a.atttypid, a.atttypmod FROM attribute a) d
	), definition AS (
		SELECT a.relation,
			pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
				'name', a.name,
				'type', t.column_type,
				'description', coalesce(d.description, '')) || a.members ORDER BY a.attnum) AS columns
		FROM attribute a
		JOIN type t ON t.atttypid = a.atttypid AND t.atttypmod = a.atttypmod
		LEFT JOIN pg_catalog.pg_description d
			ON d.objoid = a.relation
			AND d.classoid = 'pg_catalog.pg_class'::regclass
			AND d.objsubid = a.attnum
		GROUP BY a.relation
	)
	SELECT coalesce(pg_catalog.jsonb_object_agg(r.name,
			pg_catalog.jsonb_build_object(
				'tableDescription', coalesce(d.description, ''),
				'columns', coalesce(c.columns, '[]'))), '{}')
	FROM dpmeta.catalog_relations(catalog_definitions.schema, catalog_definitions.fold_names,
			catalog_definitions.only_tables, catalog_definitions.except_tables,
			catalog_definitions.names, catalog_definitions.extensions) r
	LEFT JOIN definition c ON c.relation = r.relation
	LEFT JOIN pg_catalog.pg_description d
		ON d.objoid = r.relation
		AND d.classoid = 'pg_catalog.pg_class'::regclass
		AND d.objsubid = 0;
END;

COMMENT ON FUNCTION dpmeta.catalog_definitions(regnamespace, boolean, text[], text[], jsonb, boolean) IS
	'private: the schemas of the tables and views of a PostgreSQL schema that are looked at, by name';

CREATE FUNCTION dpmeta.catalog_schemas(schema regnamespace, fold_names boolean DEFAULT false,
									   only_tables text[] DEFAULT NULL,
									   except_tables text[] DEFAULT NULL,
									   names jsonb DEFAULT '{}',
									   extensions boolean DEFAULT false)
	RETURNS jsonb
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	schemas		jsonb;
BEGIN
	names := coalesce(names, '{}');
	fold_names := coalesce(fold_names, false);
	extensions := coalesce(extensions, false);
	PERFORM dpmeta.check_catalog_rights(schema, only_tables, except_tables, extensions);
	PERFORM dpmeta.check_catalog_names(schema, fold_names, only_tables, except_tables, names, extensions);
	schemas := dpmeta.catalog_definitions(schema, fold_names, only_tables, except_tables, names, extensions);
	IF schemas = '{}' THEN
		RAISE NOTICE 'schema % has no table or view to register', schema
			USING HINT = 'Members of extensions, temporary tables and what is left out do not count.';
	END IF;
	RETURN schemas;
END
$$;

COMMENT ON FUNCTION dpmeta.catalog_schemas(regnamespace, boolean, text[], text[], jsonb, boolean) IS
	'the schemas of the tables and views of a PostgreSQL schema, by name: types mapped, comments as descriptions, NOT NULL, keys and partitions as required, primaryKey and partition; fold_names => true makes names fit, names gives some by hand; only_tables and except_tables (also table.column) say what is looked at; extensions => true takes members of extensions in. Raises 42501 with all that you may not read';

/*
 * The same, with what the data product has that the live schema cannot say or that
 * is not looked at: tags, and the tables and columns that are left out.
 */
CREATE FUNCTION dpmeta.catalog_merged(schema regnamespace, data_product text, schemas jsonb,
									  fold_names boolean, only_tables text[],
									  except_tables text[], names jsonb, extensions boolean)
	RETURNS jsonb
	LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	WITH stored AS MATERIALIZED (
		SELECT s.table_name, s.description, s.columns, s.tags
		FROM dpmeta.schemas s
		WHERE s.data_product = catalog_merged.data_product AND s.is_current
	), stored_column AS MATERIALIZED (
		SELECT s.table_name, c.value->>'name' AS name, c.value AS definition, c.place
		FROM stored s
		CROSS JOIN LATERAL pg_catalog.jsonb_array_elements(s.columns) WITH ORDINALITY c(value, place)
	), named AS (
		SELECT n.is_only, coalesce(catalog_merged.names->>n.name,
				dpmeta.catalog_table_name(n.name, catalog_merged.fold_names)) AS name
		FROM (SELECT true AS is_only, o.name
			  FROM pg_catalog.unnest(catalog_merged.only_tables) o(name)
			  UNION ALL
			  SELECT false, e.name
			  FROM pg_catalog.unnest(catalog_merged.except_tables) e(name)) n
	), live AS (
		SELECT t.key AS table_name, t.value AS definition
		FROM pg_catalog.jsonb_each(catalog_merged.schemas) t
	), live_column AS MATERIALIZED (
		SELECT l.table_name, c.value->>'name' AS name, c.value AS definition, c.place
		FROM live l
		CROSS JOIN LATERAL pg_catalog.jsonb_array_elements(l.definition->'columns') WITH ORDINALITY c(value, place)
	), kept_column AS (
		SELECT s.table_name, s.definition, s.place
		FROM stored_column s
		JOIN dpmeta.catalog_relations(catalog_merged.schema, catalog_merged.fold_names,
				catalog_merged.only_tables, catalog_merged.except_tables,
				catalog_merged.names, catalog_merged.extensions) r ON r.name = s.table_name
		JOIN dpmeta.catalog_columns(catalog_merged.schema, catalog_merged.fold_names,
				catalog_merged.only_tables, catalog_merged.except_tables,
				catalog_merged.names, catalog_merged.extensions) c
			ON c.relation = r.relation AND c.name = s.name AND c.is_left_out
	), column_of AS (
		SELECT l.table_name, l.place::numeric AS place, 0 AS after,
			l.definition || CASE WHEN s.definition ? 'tags' THEN
				pg_catalog.jsonb_build_object('tags', s.definition->'tags') ELSE '{}' END AS definition
		FROM live_column l
		LEFT JOIN stored_column s ON s.table_name = l.table_name AND s.name = l.name
		UNION ALL
		-- behind the column that it is behind in the data product
		SELECT k.table_name,
			coalesce((SELECT l.place
					  FROM stored_column s
					  JOIN live_column l ON l.table_name = s.table_name AND l.name = s.name
					  WHERE s.table_name = k.table_name AND s.place < k.place
					  ORDER BY s.place DESC LIMIT 1), 0), k.place, k.definition
		FROM kept_column k
	)
	SELECT pg_catalog.jsonb_object_agg(t.table_name, t.definition)
	FROM (
		SELECT l.table_name,
			l.definition || pg_catalog.jsonb_build_object('tags', coalesce(s.tags, '{}'),
				'columns', coalesce((SELECT pg_catalog.jsonb_agg(c.definition ORDER BY c.place, c.after)
									 FROM column_of c WHERE c.table_name = l.table_name), '[]')) AS definition
		FROM live l
		LEFT JOIN stored s ON s.table_name = l.table_name
		UNION ALL
		SELECT s.table_name, pg_catalog.jsonb_build_object('tableDescription', s.description,
				'columns', s.columns, 'tags', s.tags)
		FROM stored s
		WHERE NOT catalog_merged.schemas ? s.table_name
			AND (EXISTS (SELECT FROM named n WHERE NOT n.is_only AND n.name = s.table_name)
				OR catalog_merged.only_tables IS NOT NULL
					AND NOT EXISTS (SELECT FROM named n WHERE n.is_only AND n.name = s.table_name))
	) t;
END;

COMMENT ON FUNCTION dpmeta.catalog_merged(regnamespace, text, jsonb, boolean, text[], text[], jsonb, boolean) IS
	'private: schemas of a live PostgreSQL schema, with the tags, tables and columns of the data product that stay as they are';

/*
 * All that stands in the way of registering a set of tables; NULL if nothing does.
 * sync_data_product() would find most of it, but not say what it is called in the
 * database, nor which names would become one.
 */
CREATE OR REPLACE FUNCTION dpmeta.check_catalog_schemas(schema regnamespace, schemas jsonb, fold_names boolean)
	RETURNS jsonb
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	folding	CONSTANT text := 'fold_names => true, which folds to lower case, with _ for every character other than [a-z0-9_]';
	faults	jsonb;
BEGIN
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
							  f.keyword COLLATE "C", f.message COLLATE "C")
	INTO faults
	FROM found f;

	RETURN faults;
END
$$;

COMMENT ON FUNCTION dpmeta.check_catalog_schemas(regnamespace, jsonb, boolean) IS
	'private: what of a set of tables cannot be registered, as an array; NULL if all can';

/* What does not fit of the members of the data product; NULL if all do. */
CREATE OR REPLACE FUNCTION dpmeta.check_catalog_product(document jsonb)
	RETURNS jsonb
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	faults	jsonb;
BEGIN
	SELECT jsonb_agg(jsonb_build_object('pointer', f.instance_pointer, 'keyword', f.keyword,
										'message', f.message, 'schemaPointer', f.schema_pointer)
					 ORDER BY f.ordinality)
	INTO faults
	FROM dpmeta.validate(dpmeta.model('data-product'), document, true) WITH ORDINALITY f;

	RETURN faults;
END
$$;

COMMENT ON FUNCTION dpmeta.check_catalog_product(jsonb) IS
	'private: what of a data product does not fit the model, as an array; NULL if all does';

/* All faults at once. */
CREATE FUNCTION dpmeta.check_catalog(schema regnamespace, document jsonb, schemas jsonb, fold_names boolean)
	RETURNS jsonb
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	of_product	jsonb := coalesce(dpmeta.check_catalog_product(document), '[]');
	of_tables	jsonb := coalesce(dpmeta.check_catalog_schemas(schema, schemas, fold_names), '[]');
	members		integer := jsonb_array_length(of_product);
	parts		integer := jsonb_array_length(of_tables);
	names_only	boolean;
	what		text;
	hint		text;
BEGIN
	IF members + parts = 0 THEN
		RETURN document;
	END IF;
	SELECT bool_and(f->>'keyword' = 'pattern') INTO names_only FROM jsonb_array_elements(of_tables) f;
	what := format('schema %s has %s that a data product cannot have', schema,
		CASE WHEN parts > 1 THEN parts || CASE WHEN names_only THEN ' names' ELSE ' names, types or texts' END
			WHEN names_only THEN 'a name'
			ELSE 'a type or a text' END);
	IF members > 0 THEN
		what := CASE WHEN parts > 0 THEN what || ', and the ' ELSE '' END
			|| format('document breaks its model in %s %s', members,
					  CASE members WHEN 1 THEN 'place' ELSE 'places' END);
		hint := 'Give these members in the second argument, product, as in register_catalog_schema(''shop'', ''{"domain": "HQ", "email": "shop@example.org"}''); what the data product has already need not be given. The model is dpmeta.model(''data-product'').';
	END IF;
	IF parts > 0 THEN
		hint := concat_ws(' ', hint, CASE WHEN fold_names THEN
				'Rename all but one of those that would become one.'
			ELSE
				'Pass fold_names => true to fold them to lower case, with _ for every other character; rename where two would become one.'
			END, 'Or give names by hand, names => ''{"Table": "table", "Table.Column": "column"}'', or leave tables out, except_tables => ''{table}''.');
	END IF;
	RAISE '%', what USING ERRCODE = 'MD007', DETAIL = (of_product || of_tables)::text, HINT = hint;
END
$$;

COMMENT ON FUNCTION dpmeta.check_catalog(regnamespace, jsonb, jsonb, boolean) IS
	'private: the document if it and the tables can be registered, else an error with all that cannot';

/*
 * What is not given stays as it is in the current version, so that a job which
 * repeats this does not undo what others changed.  They wait while it reads
 * that version: the second statement sees all that was written before the first
 * got the lock.
 */
CREATE FUNCTION dpmeta.register_catalog_schema(schema regnamespace,
											   product jsonb DEFAULT '{}',
											   fold_names boolean DEFAULT false,
											   dry_run boolean DEFAULT false,
											   actor text DEFAULT NULL,
											   actor_roles text[] DEFAULT NULL,
											   only_tables text[] DEFAULT NULL,
											   except_tables text[] DEFAULT NULL,
											   names jsonb DEFAULT '{}',
											   extensions boolean DEFAULT false)
	RETURNS dpmeta.write_result
	LANGUAGE sql VOLATILE PARALLEL UNSAFE
BEGIN ATOMIC
	SELECT dpmeta.lock_data_product(
		dpmeta.catalog_product_name(register_catalog_schema.schema,
									register_catalog_schema.product,
									register_catalog_schema.fold_names));
	SELECT dpmeta.sync_data_product(
		document => dpmeta.check_catalog(register_catalog_schema.schema, d.document, d.schemas,
			register_catalog_schema.fold_names),
		schemas => dpmeta.catalog_merged(register_catalog_schema.schema, d.name, d.schemas,
			register_catalog_schema.fold_names, register_catalog_schema.only_tables,
			register_catalog_schema.except_tables, coalesce(register_catalog_schema.names, '{}'),
			coalesce(register_catalog_schema.extensions, false)),
		dry_run => register_catalog_schema.dry_run,
		actor => register_catalog_schema.actor,
		actor_roles => register_catalog_schema.actor_roles)
	FROM (SELECT p.name, p.schemas,
			pg_catalog.jsonb_build_object(
				'name', p.name,
				'description', p.description,
				'status', 'draft')
			|| coalesce((SELECT v.metadata
						 FROM dpmeta.data_product_versions v
						 WHERE v.data_product = p.name AND v.is_current), '{}')
			|| register_catalog_schema.product AS document
		  FROM (SELECT dpmeta.catalog_product_name(register_catalog_schema.schema,
												   register_catalog_schema.product,
												   register_catalog_schema.fold_names) AS name,
				coalesce(pg_catalog.obj_description(n.oid, 'pg_namespace'),
						 pg_catalog.format('Tables of the schema %I in the PostgreSQL database %I',
										   n.nspname, pg_catalog.current_database())) AS description,
				dpmeta.catalog_schemas(register_catalog_schema.schema,
					register_catalog_schema.fold_names, register_catalog_schema.only_tables,
					register_catalog_schema.except_tables, register_catalog_schema.names,
					register_catalog_schema.extensions) AS schemas
				FROM pg_catalog.pg_namespace n
				WHERE n.oid = register_catalog_schema.schema::oid
				OFFSET 0) p			-- the tables are looked at once, and first
		  OFFSET 0) d;
END;

COMMENT ON FUNCTION dpmeta.register_catalog_schema(regnamespace, jsonb, boolean, boolean, text, text[], text[], text[], jsonb, boolean) IS
	'registers the tables and views of a live PostgreSQL schema as one data product, or brings it up to date, in one version; members of product that are not given, tags, and what only_tables and except_tables leave out stay as they are; names gives names by hand, extensions => true takes members of extensions in. Raises 42501 with all that you may not read';
