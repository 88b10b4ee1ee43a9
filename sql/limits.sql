-- each member at its model's bound is stored, and a dry run says the same; one
-- beyond is a fault of the document.  Texts do not compress and take 3 bytes a character.
-- Of other encodings a database cannot hold this, or counts it otherwise.  There,
-- this test says so and no more: expected/NAME_1.out.
SELECT getdatabaseencoding() <> 'UTF8' AS other \gset
\if :other
\echo skipped: it needs a database in UTF8
\quit
\endif
SET search_path = public, dpmeta;
SET client_min_messages = warning;
SELECT setseed(0.5) IS NOT NULL AS seeded;

CREATE FUNCTION limits_text(size integer) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(chr(19968 + (random() * 20000)::integer), '') FROM generate_series(1, size)
$$;
-- the same in words
CREATE FUNCTION limits_words(size integer) RETURNS text LANGUAGE sql AS $$
	SELECT left(string_agg(limits_text(5), ' '), size - 1) || 'x' FROM generate_series(1, size / 6 + 1)
$$;
CREATE FUNCTION limits_name(size integer) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(substr('abcdefghijklmnopqrstuvwxyz0123456789_', 1 + (random() * 36)::integer, 1), '') FROM generate_series(1, size)
$$;
CREATE FUNCTION limits_tags(count integer, key_size integer, value_size integer) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_object_agg(limits_text(key_size - 4) || lpad(n::text, 4, '0'), limits_words(value_size)) FROM generate_series(1, count) n
$$;
CREATE FUNCTION limits_type(size integer) RETURNS text LANGUAGE sql AS $$
	SELECT left(string_agg(CASE n WHEN 1 THEN 'struct<' ELSE ',' END || limits_name(100) || n || ':int', ''), size - 40)
		|| 'x:int,' || repeat('y', 29) || ':int>'
	FROM generate_series(1, size / 100 + 1) n
$$;

CREATE FUNCTION limits_product(members jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT '{"description":"d","domain":"HQ","dataProductOwner":"o","dataProductOwnerDisplayName":"O","email":"e@example.org","status":"draft","retentionPeriod":1,"dpiaRequired":false}'::jsonb
		|| jsonb_build_object('name', limits_name(20)) || members
$$;

-- Of a write, with and without dry run: done, or the SQLSTATE.
CREATE FUNCTION limits_try(call text, document jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	found	text[];
	dry		text;
BEGIN
	FOREACH dry IN ARRAY '{true,false}'::text[] LOOP
		BEGIN
			EXECUTE format('SELECT dpmeta.%s($1, dry_run => %s)', call, dry) USING document;
			found := array_append(found, 'done');
		EXCEPTION WHEN OTHERS THEN
			found := array_append(found, SQLSTATE::text);
		END;
	END LOOP;
	RETURN CASE WHEN found[1] = found[2] THEN found[1] ELSE found::text END;
END
$$;

-- Members by their models: a text with a maxLength, an integer with a maximum.
-- A member that gets a bound is here by itself.
CREATE FUNCTION limits_value(name text, model jsonb, beyond integer) RETURNS jsonb LANGUAGE sql AS $$
	SELECT CASE
		WHEN name = 'name' THEN to_jsonb(limits_name(128 + beyond))
		WHEN name = 'email' THEN
			to_jsonb(repeat('e', 64) || '@' || repeat(repeat('d', 62) || '.', 2)
				|| repeat('d', (model->>'maxLength')::integer + beyond - 65 - 126 - 4) || '.org')
		WHEN name = 'type' THEN to_jsonb(limits_type((model->>'maxLength')::integer + beyond))
		WHEN model ? 'maxLength' THEN to_jsonb(limits_words((model->>'maxLength')::integer + beyond))
		WHEN model ? 'maximum' THEN to_jsonb((model->>'maximum')::bigint + beyond)
		END
$$;
SELECT p.key AS member, b.beyond,
	limits_try('register_data_product', limits_product(jsonb_build_object(p.key, limits_value(p.key, p.value, b.beyond)))) AS result
FROM jsonb_each(model('data-product')->'properties') p, (VALUES (0), (1)) b(beyond)
WHERE limits_value(p.key, p.value, 0) IS NOT NULL
ORDER BY 1, 2;
-- one word of all of it, and words that are taken apart
SELECT what, limits_try('register_data_product', limits_product(jsonb_build_object('description', description))) AS result
FROM (VALUES ('one word', limits_text(65536)),
	('hyphens', left(repeat(limits_name(3) || '-' || limits_text(2) || '-', 20000), 65536)),
	('a number of letters', (SELECT left(string_agg(chr(19968 + n % 20000), ' '), 65536) FROM generate_series(1, 32768) n)),
	('addresses', (SELECT left(string_agg(format('https://h%s.example.org/p%1$s?q=%1$s ', n), ''), 65536) FROM generate_series(1, 3000) n)),
	('grows in lower case', repeat('Ⱥ', 65536)),
	('control characters', repeat(E'\x01', 65536))) v(what, description);

SELECT what, limits_try('register_data_product', limits_product(jsonb_build_object('tags', tags))) AS result
FROM (VALUES (1, 'all at once', limits_tags(1000, 128, 1024)), (2, 'one more', limits_tags(1001, 5, 1)),
	(3, 'a longer key', limits_tags(1, 129, 1)), (4, 'a longer value', limits_tags(1, 128, 1025))) v(n, what, tags)
ORDER BY n;

-- all members at once, and an update to others
SELECT limits_try('register_data_product',
	(SELECT limits_product(jsonb_object_agg(p.key, limits_value(p.key, p.value, 0)) FILTER (WHERE limits_value(p.key, p.value, 0) IS NOT NULL)
		|| jsonb_build_object('tags', limits_tags(1000, 128, 1024), 'name', 'limits_full'))
	 FROM jsonb_each(model('data-product')->'properties') p)) AS result;
SELECT kind FROM patch_data_product('dp:limits_full', jsonb_build_object('description', limits_words(65536),
	'dataProductOwner', limits_words(1024)), idempotent => true);
-- what was written is found, by its owner and by its first words
SELECT p.name, p.data_product_owner = v.owner AS owner
FROM data_products p, (SELECT data_product_owner AS owner FROM data_products WHERE name = 'limits_full') v
WHERE p.data_product_owner = v.owner;
SELECT count(*) FROM list_data_products(owner => (SELECT data_product_owner FROM data_products WHERE name = 'limits_full'));
SELECT count(*) FROM list_data_products(q => split_part((SELECT data_product_owner FROM data_products WHERE name = 'limits_full'), ' ', 1));
SELECT count(*) FROM list_data_products(owner => limits_text(100000));
SELECT count(*) FROM list_data_products(tag => limits_text(100000) || ':' || limits_text(100000));
SELECT json_array_length(document) FROM data_products_page(q => left(limits_words(660), 660));

-- tables
CREATE FUNCTION limits_table(column_members jsonb, table_members jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT '{"tableDescription": "t"}'::jsonb || jsonb_build_object('columns', jsonb_build_array(
		'{"name": "c", "type": "int", "description": ""}'::jsonb || column_members)) || table_members
$$;
SELECT count(*) FROM register_data_product(limits_product('{"name": "limits_tables"}'));
CREATE FUNCTION limits_try_table(document jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	found	text[];
	dry		boolean;
	id		dpid := 'dp:limits_tables:' || limits_name(128);
BEGIN
	FOREACH dry IN ARRAY '{true,false}'::boolean[] LOOP
		BEGIN
			PERFORM dpmeta.register_schema(id, document, dry_run => dry);
			found := array_append(found, 'done');
		EXCEPTION WHEN OTHERS THEN
			found := array_append(found, SQLSTATE::text);
		END;
	END LOOP;
	RETURN CASE WHEN found[1] = found[2] THEN found[1] ELSE found::text END;
END
$$;
SELECT 'columns[].' || p.key AS member, b.beyond,
	limits_try_table(limits_table(jsonb_build_object(p.key, limits_value(p.key, p.value, b.beyond)))) AS result
FROM jsonb_each(model('schema')#>'{properties,columns,items,properties}') p, (VALUES (0), (1)) b(beyond)
WHERE limits_value(p.key, p.value, 0) IS NOT NULL
ORDER BY 1, 2;
SELECT 'tableDescription' AS member, b.beyond,
	limits_try_table(limits_table('{}', jsonb_build_object('tableDescription', limits_words(65536 + b.beyond)))) AS result
FROM (VALUES (0), (1)) b(beyond);
SELECT 'columns' AS member, b.beyond,
	limits_try_table(limits_table('{}', jsonb_build_object('columns',
		(SELECT jsonb_agg(jsonb_build_object('name', limits_name(122) || lpad(n::text, 6, '0'), 'type', 'int', 'description', ''))
		 FROM generate_series(1, 10000 + b.beyond) n)))) AS result
FROM (VALUES (0), (1)) b(beyond);

-- what each bound allows may be too much at once: told as such, by a dry run, too
CREATE FUNCTION limits_descriptions(letter text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('tableDescription', '', 'columns',
		jsonb_agg(jsonb_build_object('name', 'c' || n, 'type', 'int', 'description', repeat(letter, 65536))))
	FROM generate_series(1, 2100) n
$$;
SELECT table_name(id), kind FROM register_schema('dp:limits_tables:large', limits_descriptions('a'));
SELECT update_schema('dp:limits_tables:large', limits_descriptions('b'), dry_run => true);
\echo :LAST_ERROR_SQLSTATE
SELECT update_schema('dp:limits_tables:large', limits_descriptions('b'));
\echo :LAST_ERROR_SQLSTATE
SELECT jsonb_array_length(columns) FROM schemas WHERE data_product = 'limits_tables' AND table_name = 'large' AND is_current;

-- what is no document
CREATE FUNCTION limits_sqlstate(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement;
	RETURN 'done';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE;
END
$$;
SELECT what, limits_sqlstate(format(statement, value)) AS at, limits_sqlstate(format(statement, value || 'x')) AS beyond
FROM (VALUES
	(1, 'key', 'SELECT patch_data_product(''dp:limits_tables'', ''{"description": "k"}'', idempotency_key => %L)', limits_text(85)),
	(2, 'actor', 'SELECT patch_data_product(''dp:limits_tables'', ''{"description": "a"}'', actor => %L, actor_roles => ''{producer}'')', limits_text(170) || 'yz'),
	(3, 'location', 'SELECT report_load(''dp:limits_tables'', s3_location => %L)', limits_text(682) || 'yz'),
	(4, 'q', 'SELECT count(*) FROM list_data_products(q => %L)', limits_text(666) || 'yz'),
	(5, 'domain', 'SELECT set_domains(ARRAY[%L]); SELECT set_domains(NULL)', limits_text(128)),
	(6, 'uri', 'SELECT register_json_schema(%L, ''true'')', 'urn:x:' || limits_name(1994))) v(n, what, statement, value)
ORDER BY n;
SELECT limits_sqlstate(format('SELECT register_json_schema(''urn:x:%s'', ''true'')', limits_name(3000))) AS uri;
SELECT dpmeta.register_json_schema('urn:' || repeat('x', 3000), 'true');
SELECT count(unregister_json_schema(uri)) FROM json_schema WHERE uri ~ '^urn:x:';
-- the indexes that keep whole texts: each has a bound above or in a model, and no row of theirs is too large
SELECT i.indrelid::regclass::text AS table, i.indexrelid::regclass::text AS index, string_agg(a.attname, ', ' ORDER BY k.n) AS texts
FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam,
	unnest(i.indkey::smallint[]) WITH ORDINALITY k(column_number, n), pg_attribute a
WHERE x.relnamespace = 'dpmeta'::regnamespace AND m.amname = 'btree'
	AND a.attrelid = i.indrelid AND a.attnum = k.column_number AND a.atttypid IN ('text'::regtype, 'bytea'::regtype, 'jsonb'::regtype)
GROUP BY 1, 2 ORDER BY 1, 2;

SELECT count(purge_data_product(name)) > 0 AS purged FROM data_products WHERE name ~ '^limits_';
DROP FUNCTION limits_text, limits_words, limits_name, limits_tags, limits_type, limits_product, limits_try,
	limits_value, limits_table, limits_descriptions, limits_try_table, limits_sqlstate;
