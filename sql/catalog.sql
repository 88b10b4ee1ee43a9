-- registering the tables of a live PostgreSQL schema
SET client_min_messages = warning;
CREATE SCHEMA catalog_test;
SET search_path = catalog_test, dpmeta, public;

-- every kind of type
CREATE TYPE address AS (street text, codes numeric(6,2)[]);
CREATE TYPE person AS (name varchar(40), home address, others address[]);
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE DOMAIN cents AS numeric(12,0);
CREATE DOMAIN cents_list AS cents[];
CREATE DOMAIN short AS varchar(5);
CREATE TABLE types (
	b boolean, i2 smallint, i4 integer, i8 bigint, s8 bigserial, f4 real, f8 double precision,
	n numeric, n_38 numeric(38,10), n_39 numeric(39,10), n_neg numeric(3,-2), n_small numeric(3,5),
	c char, c_255 char(255), c_256 char(256), bp bpchar, v varchar, v_10 varchar(10), v_65536 varchar(65536),
	t text, na name, ch "char", by bytea, bi bit(8), d date, tm time, tz timetz, ts timestamp(3),
	tstz timestamptz, iv interval, j json, jb jsonb, x xml, u uuid, ip inet, mo money, o oid, rc regclass,
	ti tid, tx xid, tx8 xid8, pt point, r int4range, mr int4multirange, tv tsvector, en mood, ens mood[],
	dom cents, doms cents[], dom_list cents_list, dom_short short, ia integer[], iaa integer[][],
	va varchar(7)[], ov oidvector, comp address, comps address[], deep person,
	gen integer GENERATED ALWAYS AS (1) STORED);
COMMENT ON TABLE types IS 'one of each';
COMMENT ON COLUMN types.b IS 'a boolean';
SELECT c.value->>'name' AS column, c.value->>'type' AS type, (c.value->>'type')::column_type::text = c.value->>'type' AS canonical,
	nullif(c.value->>'description', '') AS description
FROM jsonb_array_elements(catalog_schemas('catalog_test')->'types'->'columns') c;

-- types nested deeper than a column type may be
CREATE TYPE deep_0 AS (x integer);
SELECT format('CREATE TYPE deep_%s AS (x deep_%s)', i, i - 1) FROM generate_series(1, 40) i \gexec
CREATE TABLE deep (a deep_40);
SELECT length(catalog_schemas('catalog_test') #>> '{deep,columns,0,type}') AS length,
	(catalog_schemas('catalog_test') #>> '{deep,columns,0,type}')::column_type IS NOT NULL AS valid;
DROP TABLE deep;

-- every kind of relation; a partition is no table of its own, a dropped column is gone
CREATE TABLE part (at date, v integer) PARTITION BY RANGE (at);
CREATE TABLE part_1 PARTITION OF part DEFAULT;
CREATE VIEW a_view AS SELECT 1 AS one, 'x' AS word, ARRAY[1.5] AS list;
CREATE MATERIALIZED VIEW mat AS SELECT now() AS at;
CREATE FOREIGN DATA WRAPPER catalog_test_wrapper;
CREATE SERVER catalog_test_server FOREIGN DATA WRAPPER catalog_test_wrapper;
CREATE FOREIGN TABLE far (x integer) SERVER catalog_test_server;
CREATE TABLE empty ();
CREATE SEQUENCE seq;
CREATE TABLE dropped (a integer, b integer, c integer);
ALTER TABLE dropped DROP COLUMN b;
DROP TABLE types;
SELECT key, jsonb_path_query_array(value, '$.columns[*].name') AS columns FROM jsonb_each(catalog_schemas('catalog_test')) ORDER BY key COLLATE "C";

CREATE FUNCTION pg_temp.try(statement text) RETURNS TABLE (error text, detail text, hint text) LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement;
	error := 'none';
	RETURN NEXT;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS error = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	error := SQLSTATE || ' ' || error;
	RETURN NEXT;
END $$;
-- what cannot be read is named, and no answer at all without the schema
CREATE ROLE catalog_test_role;
SELECT grant_producer('catalog_test_role');
SET ROLE catalog_test_role;
SELECT error, detail FROM pg_temp.try($$SELECT dpmeta.catalog_schemas('catalog_test')$$);
SELECT error FROM pg_temp.try($$SELECT dpmeta.register_catalog_schema('catalog_test')$$);
RESET ROLE;
GRANT USAGE ON SCHEMA catalog_test TO catalog_test_role;
GRANT SELECT ON part TO catalog_test_role;
GRANT SELECT (c) ON dropped TO catalog_test_role;
SET ROLE catalog_test_role;
SELECT * FROM pg_temp.try($$SELECT dpmeta.catalog_schemas('catalog_test')$$);
SELECT dpmeta.catalog_schemas('catalog_test', except_tables => '{a_view,dropped.a,empty,far,mat}');
SELECT dpmeta.catalog_schemas('catalog_test', only_tables => '{part}');
RESET ROLE;

-- registering needs what nobody can guess, all of it named at once
\set metadata '{"domain": "HQ", "dataProductOwner": "o@x.org", "dataProductOwnerDisplayName": "O", "email": "o@x.org", "retentionPeriod": 1, "dpiaRequired": false}'
SELECT error, f->>'message' AS fault FROM pg_temp.try($$SELECT register_catalog_schema('catalog_test')$$) t
LEFT JOIN LATERAL jsonb_array_elements(detail::jsonb) f ON true;

SELECT hint FROM pg_temp.try($$SELECT register_catalog_schema('catalog_test')$$);
SELECT id, kind, replayed FROM register_catalog_schema('catalog_test', :'metadata', dry_run => true);
SELECT count(*) FROM data_products WHERE name = 'catalog_test';
SELECT id, kind, replayed FROM register_catalog_schema('catalog_test', :'metadata');
SELECT name, replace(description, quote_ident(current_database()), 'DATABASE') AS description, status, table_count FROM data_products WHERE name = 'catalog_test';
SELECT table_name, column_count, unchanged_since FROM schemas WHERE data_product = 'catalog_test' AND is_current ORDER BY table_name;
-- again, and nothing changed
SELECT id, kind, changes FROM register_catalog_schema('catalog_test');
-- what was set beside it stays
SELECT id, kind FROM register_catalog_schema('catalog_test', '{"status": "published", "description": "better"}', actor_roles => '{steward,producer,reader}');
SELECT id, kind FROM register_catalog_schema('catalog_test');
SELECT description, status FROM data_products WHERE name = 'catalog_test';
-- compatible changes, several in one version
ALTER TABLE part ADD COLUMN w timestamptz;
COMMENT ON COLUMN part.v IS 'a value';
COMMENT ON TABLE dropped IS 'had three columns';
CREATE TABLE new (a integer);
SELECT id, kind FROM register_catalog_schema('catalog_test');
SELECT kind, change, table_name, column_name, old_value, new_value FROM changes
WHERE data_product = 'catalog_test' AND to_version = 'v1.2' ORDER BY table_name, column_name;
-- breaking ones
ALTER TABLE part ALTER COLUMN v TYPE bigint;
SELECT id, kind FROM register_catalog_schema('catalog_test', dry_run => true);
SELECT id, kind FROM register_catalog_schema('catalog_test');
ALTER TABLE new RENAME COLUMN a TO b;
SELECT id, kind FROM register_catalog_schema('catalog_test');
DROP TABLE new;
SELECT id, kind FROM register_catalog_schema('catalog_test');
CREATE TABLE part_2 PARTITION OF part FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
SELECT id, kind FROM register_catalog_schema('catalog_test');
SELECT version, kind, change_count, table_count FROM data_product_versions WHERE data_product = 'catalog_test' ORDER BY version;

SELECT error FROM pg_temp.try($$SELECT register_catalog_schema('catalog_test', NULL)$$);
SELECT error FROM pg_temp.try($$SELECT register_catalog_schema('catalog_test', '[]')$$);

-- names that dpmeta does not take are named, all of them; folding is asked for
CREATE TABLE "Mixed Case" (a integer, "B" integer, "c d" integer);
CREATE TABLE v1 (a integer);
CREATE TYPE odd AS ("an Attribute" integer);
CREATE TABLE odd_type (x odd[]);
CREATE TYPE sly AS ("a:int,b" integer, "c>,d" text, e integer, "f""" integer);
CREATE TABLE sly_type (x sly);
SELECT catalog_type('sly'::regtype, -1), catalog_type('sly'::regtype, -1, true);
SELECT error, hint FROM pg_temp.try($$SELECT register_catalog_schema('catalog_test')$$);
SELECT f->>'pointer' AS pointer, f->>'message' AS fault FROM pg_temp.try($$SELECT register_catalog_schema('catalog_test')$$) t
LEFT JOIN LATERAL jsonb_array_elements(detail::jsonb) f ON true;
SELECT id, kind FROM register_catalog_schema('catalog_test', fold_names => true);
SELECT table_name, jsonb_path_query_array(columns, '$[*].name') AS columns FROM schemas WHERE data_product = 'catalog_test' AND is_current ORDER BY table_name;
SELECT id, kind FROM register_catalog_schema('catalog_test', fold_names => true);
-- two names that would become one
CREATE TABLE "mixed_case" (x integer);
ALTER TABLE v1 ADD COLUMN "A" integer;
ALTER TABLE v1 ADD COLUMN "?" integer, ADD COLUMN "!" integer;
SELECT error, f->>'pointer' AS pointer, f->>'message' AS fault
FROM pg_temp.try($$SELECT register_catalog_schema('catalog_test', fold_names => true)$$) t
LEFT JOIN LATERAL jsonb_array_elements(detail::jsonb) f ON true;
SELECT hint FROM pg_temp.try($$SELECT register_catalog_schema('catalog_test', fold_names => true)$$);
SELECT error FROM pg_temp.try($$SELECT register_catalog_schema('absent_schema')$$);

-- what is NOT NULL, a key or a partition key; a lost one is a breaking change
CREATE SCHEMA catalog_keys;
CREATE DOMAIN catalog_keys.filled AS text NOT NULL;
CREATE TABLE catalog_keys.a (id integer, at date, n integer NOT NULL, f catalog_keys.filled, o text,
	PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE catalog_keys.b (x integer, y integer) PARTITION BY RANGE ((x + 1), y);
SELECT jsonb_pretty(catalog_schemas('catalog_keys'));
SELECT id, kind FROM register_catalog_schema('catalog_keys', :'metadata'::jsonb || '{"name": "catalog_keys"}');
ALTER TABLE catalog_keys.a ALTER n DROP NOT NULL;
SELECT id, kind, changes FROM register_catalog_schema('catalog_keys');
ALTER TABLE catalog_keys.a DROP CONSTRAINT a_pkey;
SELECT kind, change->>'column' AS column, change->>'change' AS change, change->>'kind' AS of_kind
FROM register_catalog_schema('catalog_keys') r, jsonb_array_elements(r.changes) change;
ALTER TABLE catalog_keys.a ALTER o SET NOT NULL;
SELECT id, kind, changes FROM register_catalog_schema('catalog_keys');
-- fields keep their case; those that would become one, and what is too long, are told with all else
CREATE TYPE catalog_keys.mixed AS ("userId" integer, "$ref-x" text);
CREATE TYPE catalog_keys.twice AS ("userId" integer, "USERID" text);
CREATE TABLE catalog_keys.c (m catalog_keys.mixed);
SELECT catalog_schemas('catalog_keys')->'c';
CREATE TABLE catalog_keys.d (t catalog_keys.twice, "Bad" integer);
DO $$
BEGIN
	EXECUTE format('COMMENT ON TABLE catalog_keys.c IS %L', repeat('x', 65537));
	EXECUTE format('COMMENT ON COLUMN catalog_keys.d.t IS %L', repeat('x', 65537));
	EXECUTE format('CREATE TYPE catalog_keys.wide AS (%s)',
		(SELECT string_agg(rpad('f' || i, 60, 'x') || ' integer', ', ') FROM generate_series(1, 1500) i));
	EXECUTE 'CREATE TABLE catalog_keys.e (w catalog_keys.wide)';
END
$$;
SELECT error, f->>'pointer' AS pointer, left(f->>'message', 60) AS fault
FROM pg_temp.try($$SELECT register_catalog_schema('catalog_keys')$$) t
LEFT JOIN LATERAL jsonb_array_elements(detail::jsonb) f ON true;
DROP SCHEMA catalog_keys CASCADE;

-- a lost grant is not a dropped table or column
CREATE SCHEMA catalog_lost;
CREATE TABLE catalog_lost.a (x integer, y integer);
CREATE TABLE catalog_lost.b (x integer);
GRANT USAGE ON SCHEMA catalog_lost TO catalog_test_role;
GRANT SELECT ON ALL TABLES IN SCHEMA catalog_lost TO catalog_test_role;
SET ROLE catalog_test_role;
SELECT id, kind FROM dpmeta.register_catalog_schema('catalog_lost', :'metadata');
RESET ROLE;
CREATE TABLE catalog_lost.b_new (LIKE catalog_lost.b);
DROP TABLE catalog_lost.b;
ALTER TABLE catalog_lost.b_new RENAME TO b;
REVOKE SELECT ON catalog_lost.a FROM catalog_test_role;
GRANT SELECT (x) ON catalog_lost.a TO catalog_test_role;
SET ROLE catalog_test_role;
SELECT * FROM pg_temp.try($$SELECT dpmeta.register_catalog_schema('catalog_lost')$$);
SELECT * FROM pg_temp.try($$SELECT dpmeta.register_catalog_schema('catalog_lost', dry_run => true)$$);
-- what is left out stays as it is
SELECT id, kind, changes FROM dpmeta.register_catalog_schema('catalog_lost', except_tables => '{a.y,b}');
RESET ROLE;
ALTER TABLE catalog_lost.a ADD COLUMN z integer NOT NULL;
ALTER TABLE catalog_lost.b ALTER x TYPE bigint;
GRANT SELECT (z) ON catalog_lost.a TO catalog_test_role;
SET ROLE catalog_test_role;
SELECT id, kind, changes FROM dpmeta.register_catalog_schema('catalog_lost', except_tables => '{a.y,b}');
RESET ROLE;
SELECT table_name, column_name, column_type FROM columns WHERE data_product = 'catalog_lost' AND is_current ORDER BY id, ordinal_position;
-- only_tables: the others stay, too, though they are gone
DROP TABLE catalog_lost.b;
SELECT id, kind, changes FROM register_catalog_schema('catalog_lost', only_tables => '{a}');
SELECT id, kind, changes FROM register_catalog_schema('catalog_lost', only_tables => '{a,b}');
-- tags that were given by hand stay
SELECT kind FROM patch_schema('dp:catalog_lost:a', '{"tags": {"team": "x"}, "columns": [
	{"name": "x", "type": "int", "description": "", "tags": {"pii": "no"}}, {"name": "y", "type": "int", "description": ""},
	{"name": "z", "type": "int", "description": "", "required": true}]}');
SELECT kind, changes FROM register_catalog_schema('catalog_lost');
SELECT tags FROM schemas WHERE data_product = 'catalog_lost' AND is_current;
DROP SCHEMA catalog_lost CASCADE;

-- what is not the team's is left out: members of extensions, temporary tables, partitions of what is taken
SET client_min_messages = notice;
SELECT catalog_schemas('dpmeta');
SELECT catalog_schemas('dpmeta', extensions => true) ?& '{product,event,schemas}' AS has_all;
CREATE TEMP TABLE temporary (a integer);
SET client_min_messages = warning;		-- the name of the schema differs
SELECT catalog_schemas(pg_my_temp_schema()::regnamespace);
SET client_min_messages = notice;
CREATE SCHEMA catalog_parts;
CREATE SCHEMA catalog_other;
CREATE TABLE catalog_parts.p (a integer) PARTITION BY LIST (a);
CREATE TABLE catalog_parts.q PARTITION OF catalog_parts.p FOR VALUES IN (1) PARTITION BY LIST (a);
CREATE TABLE catalog_parts.r PARTITION OF catalog_parts.q FOR VALUES IN (1);
CREATE TABLE catalog_other.s PARTITION OF catalog_parts.p FOR VALUES IN (2);
SELECT n AS schema, o AS only_tables, e AS except_tables, (SELECT array_agg(k) FROM jsonb_object_keys(catalog_schemas(n::regnamespace, only_tables => o, except_tables => e)) k) AS taken
FROM (VALUES ('catalog_parts', NULL::text[], NULL::text[]), ('catalog_other', NULL, NULL), ('catalog_parts', '{r}', NULL),
	('catalog_parts', '{q,r}', NULL), ('catalog_parts', NULL, '{p}'), ('catalog_parts', NULL, '{p,NULL}')) t(n, o, e);
SELECT catalog_schemas('catalog_parts', only_tables => '{p,absent}', except_tables => '{p.b}', names => '{"none": "x"}') ? 'p' AS has_p;
SET client_min_messages = warning;

-- names by hand; one odd table does not block a schema; all faults come in one error
CREATE TABLE catalog_other."Odd Table" ("Total $" integer, "B" integer, c integer);
SELECT error, f->>'pointer' AS pointer, f->>'message' AS fault
FROM pg_temp.try($$SELECT register_catalog_schema('catalog_other', '{"domain": "none"}')$$) t
LEFT JOIN LATERAL jsonb_array_elements(detail::jsonb) f ON true;
SELECT id, kind FROM register_catalog_schema('catalog_other', :'metadata', except_tables => '{"Odd Table"}');
SELECT id, kind FROM register_catalog_schema('catalog_other', names => '{"Odd Table": "odd", "Odd Table.Total $": "total"}', except_tables => '{"Odd Table.B"}');
SELECT table_name, column_name FROM columns WHERE data_product = 'catalog_other' AND is_current ORDER BY id, ordinal_position;
SELECT id, kind, changes FROM register_catalog_schema('catalog_other', fold_names => true, names => '{"Odd Table": "odd", "Odd Table.Total $": "total"}');
SELECT t.error FROM unnest('{[],"{\"s\": 1}","{\"s\": \"S\"}","{\"Odd Table\": \"s\"}","{\"Odd Table.B\": \"c\"}"}'::text[]) n,
	pg_temp.try(format($$SELECT catalog_schemas('catalog_other', names => %L)$$, n)) t;
DROP SCHEMA catalog_parts, catalog_other CASCADE;

-- PostgreSQL's own catalogs: all of their tables and columns, and again no change
SELECT id, kind FROM register_catalog_schema('pg_catalog', :'metadata'::jsonb || '{"name": "catalog_test_pg_catalog"}');
SELECT id, kind FROM register_catalog_schema('information_schema', :'metadata'::jsonb || '{"name": "catalog_test_information_schema"}');
SELECT d.name, d.version, d.table_count > 60 AS many_tables, d.table_count = r.tables AS all_tables,
	(SELECT count(*) FROM columns c WHERE c.data_product = d.name AND c.is_current) = r.columns AS all_columns, r.columns > 600 AS many
FROM data_products d
CROSS JOIN LATERAL (SELECT count(DISTINCT c.oid) AS tables, count(a.attnum) AS columns
	FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
	WHERE c.relnamespace = substr(d.name, 14)::regnamespace AND c.relkind IN ('r', 'v')) r
WHERE d.name LIKE 'catalog\_test\_%' ORDER BY d.name;
SELECT id, kind, changes FROM register_catalog_schema('pg_catalog', '{"name": "catalog_test_pg_catalog"}');
SELECT id, kind, changes FROM register_catalog_schema('information_schema', '{"name": "catalog_test_information_schema"}');

-- clean up
SELECT revoke_reader('catalog_test_role');
SET search_path = dpmeta, public;
DROP SCHEMA catalog_test CASCADE;
DROP FOREIGN DATA WRAPPER catalog_test_wrapper CASCADE;
DROP ROLE catalog_test_role;
