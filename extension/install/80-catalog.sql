/*
 * Registering the tables of a live PostgreSQL schema.  catalog_schemas() reads
 * the catalog with its caller's rights, register_catalog_schema() makes one
 * version of what it gives.
 */

/*
 * A name as dpmeta takes it.  Folding is asked for, never silent.
 */
CREATE FUNCTION dpmeta.catalog_name(name text, fold_names boolean)
	RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN CASE WHEN fold_names THEN
			pg_catalog.regexp_replace(pg_catalog.lower(name COLLATE "C"),
									  '[^a-z0-9_]' COLLATE "C", '_', 'g')
		ELSE name
	END;

COMMENT ON FUNCTION dpmeta.catalog_name(text, boolean) IS
	'private: the name, lower-cased and with _ for every other character than [a-z0-9_] if names are folded';

/* A name that is v and a number would be read as a version. */
CREATE FUNCTION dpmeta.catalog_table_name(name text, fold_names boolean)
	RETURNS text
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	RETURN dpmeta.catalog_name(name, fold_names)
		|| CASE WHEN fold_names AND name ~* '^v[0-9]+$' THEN '_' ELSE '' END;

COMMENT ON FUNCTION dpmeta.catalog_table_name(text, boolean) IS
	'private: the same for a table, whose name must not be read as a version';

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

/*
 * It calls itself for the parts of nested types, so its body cannot be bound
 * at creation.  What holds text, or more than any Athena type can, is a string:
 * nothing is rounded or cut.
 */
CREATE FUNCTION dpmeta.catalog_type(type oid, modifier integer,
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

COMMENT ON FUNCTION dpmeta.catalog_type(oid, integer, boolean, integer) IS
	'private: the column type of a PostgreSQL type and its modifier';

CREATE FUNCTION dpmeta.lock_data_product(name text) RETURNS void
	LANGUAGE sql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
	SET search_path = pg_catalog, dpmeta, pg_temp
BEGIN ATOMIC
	SELECT FROM dpmeta.product p
	WHERE p.name = lock_data_product.name
	FOR NO KEY UPDATE;
END;

COMMENT ON FUNCTION dpmeta.lock_data_product(text) IS
	'private: keeps other writers of a data product waiting until the transaction ends';

CREATE FUNCTION dpmeta.catalog_product_name(schema regnamespace, product jsonb, fold_names boolean)
	RETURNS text
	LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT coalesce(catalog_product_name.product->>'name',
					dpmeta.catalog_name(n.nspname::text, catalog_product_name.fold_names))
	FROM pg_catalog.pg_namespace n
	WHERE n.oid = catalog_product_name.schema::oid;
END;

COMMENT ON FUNCTION dpmeta.catalog_product_name(regnamespace, jsonb, boolean) IS
	'private: the name of the data product that a PostgreSQL schema is registered as';
