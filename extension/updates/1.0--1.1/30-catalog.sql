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
