-- the type dpid
CREATE SCHEMA dpid;
SET search_path = dpid, dpmeta;

-- The error that casting a text to dpid raises; NULL when it is valid.
CREATE FUNCTION refusal(input text, OUT state text, OUT message text,
	OUT hint text)
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM input::dpmeta.dpid;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE,
		message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
END
$$;

-- valid: every form, and its accessors
SELECT input, input::dpid::text = input AS canonical, name(input::dpid),
	major(input::dpid), version(input::dpid), table_name(input::dpid),
	is_table(input::dpid)
FROM unnest(ARRAY['dp:x', 'dp:x:v1', 'dp:x:v1.0', 'dp:x:t', 'dp:x:v1:t',
	'dp:x:v1.0:t', 'dp:hmpps_use_of_force:v1.0:statements', 'dp:0', 'dp:_',
	'dp:v1', 'dp:v1:v1', 'dp:v1:v1.10:v', 'dp:dp:dp', 'dp:x:v', 'dp:x:v_1',
	'dp:x:v1a', 'dp:x:vv1', 'dp:x:1', 'dp:x:01', 'dp:x:v2147483647',
	'dp:x:v2147483647.2147483647:t', 'dp:x:v255.255', 'dp:x:v256.65535',
	'dp:x:v65536.16777215', 'dp:x:v16777216.16777216']) AS input;
SELECT length(id::dpid::text), length(name(id::dpid)), length(table_name(id::dpid))
FROM format('dp:%s:v2147483647.2147483647:%1$s', repeat('z', 128)) AS id;

-- invalid
SELECT input, r.state, r.message
FROM unnest(ARRAY['', 'd', 'dp', 'dp:', 'dp::', 'dp:::', 'x', ':x', 'dp x', 'DP:x',
	'Dp:x', 'dp:X', 'dp:x-y', 'dp:x.y', 'dp:x y', ' dp:x', 'dp:x ', 'dp: x',
	E'dp:x\n', E'dp:x\t', 'dp:x:', 'dp::v1', 'dp::t', 'dp:x::t', 'dp:x::',
	'dp:x:v1:', 'dp:x:v1.0:', 'dp:x:v1.:t', 'dp:x:v1.', 'dp:x:v.1', 'dp:x:v.',
	'dp:x:t:', 'dp:x:t:u', 'dp:x:t:v1', 'dp:x:t:v1.0', 'dp:x:v1:t:u',
	'dp:x:v1.0:t:u', 'dp:x:v1:v2', 'dp:x:v1.0:v1', 'dp:x:v1.0:v1.0',
	'dp:x:v1.0:v01', 'dp:x:v0', 'dp:x:v0.0', 'dp:x:v0.1', 'dp:x:v00', 'dp:x:v01',
	'dp:x:v01.0', 'dp:x:v1.00', 'dp:x:v1.01', 'dp:x:V1', 'dp:x:V1.0', 'dp:x:v-1',
	'dp:x:v+1', 'dp:x:v1.-1', 'dp:x:v1.0.0', 'dp:x:v1,0', 'dp:x:1.0', 'dp:x:v1.a',
	'dp:x:v1e1.0', 'dp:x:v2147483648', 'dp:x:v2147483648.0', 'dp:x:v1.2147483648',
	'dp:x:v4294967297', 'dp:x:v1.4294967296', 'dp:x:v9223372036854775809.1',
	'dp:x:v18446744073709551617:t', 'dp:x:v99999999999999999999999999999',
	'dp:%78', 'dp:x%3Av1', 'dp:x/..', 'dp:x:T', 'dp:x:t-u',
	'urn:dp:x', 'dp:x;t', 'dp:''x']) AS input, refusal(input) AS r;

SELECT hint FROM refusal('x');

-- 128 bytes and no more, for both names
SELECT n, (name.r).state AS name, (tab.r).state AS "table"
FROM generate_series(127, 130) AS n,
	LATERAL (SELECT refusal('dp:' || repeat('a', n)) AS r) AS name,
	LATERAL (SELECT refusal('dp:x:v1.0:' || repeat('a', n)) AS r) AS tab;

-- what is long is cut
SELECT r.state, length(r.message) FROM refusal('dp:x' || repeat(':t', 1000000)) AS r;
SELECT r.state, length(r.message) FROM refusal('dp:x:v' || repeat('9', 1000000)) AS r;

-- the error as it is seen
SELECT 'dp:X'::dpid;

-- constructor
SELECT dpid('x', 'v1.0', 't'), dpid('x', 'v1.0'), dpid(name => 'x'),
	dpid(name => 'x', table_name => 't'), dpid('x'::text), dpid(NULL, 'v1.0', 't');
-- one literal alone is a cast, as for any type
SELECT dpid('dp:x');
SELECT dpid('x');
-- no part can pass for two
SELECT dpid('x:v1.0', NULL, 't');
SELECT dpid('x', NULL, 'v1.0:t');
SELECT dpid('x', NULL, 'v1');
SELECT dpid('', 'v1.0');
SELECT dpid('x', 'v1.0', '');
SELECT dpid(name => repeat('a', 129));

-- casts
SELECT CAST('dp:x:v1.0'::text AS dpid), 'dp:x:v1.0'::dpid::text || '!';

-- IDs made of columns, so that their order is known without the type
CREATE TABLE resource (id dpid, name text COLLATE "C", major integer,
	minor integer, tab text COLLATE "C");
INSERT INTO resource
SELECT (format('dp:%s', name) || coalesce(':v' || major, '')
	|| coalesce('.' || minor, '') || coalesce(':' || tab, ''))::dpid,
	name, major, minor, tab
FROM unnest(ARRAY['a', 'a_', 'a0', 'ab', 'b', '_x', '0', 'v1', repeat('z', 127),
		repeat('z', 128)]) AS name,
	(VALUES (NULL, NULL), (1, NULL), (1, 0), (1, 1), (1, 9), (1, 10), (2, NULL),
		(2, 0), (10, 0), (100, NULL), (255, 254), (255, 255), (255, 256), (256, 0),
		(256, 65534), (256, 65535), (65535, NULL), (65536, 16777214),
		(65536, 16777215), (16777215, 1), (16777216, 1), (2147483647, NULL),
		(2147483647, 2147483646), (2147483647, 2147483647)) AS v (major, minor),
	unnest(ARRAY[NULL, 't', 't_', 't1', 'v', '0', repeat('z', 128)]) AS tab;
CREATE VIEW expected_order AS
SELECT array_agg(id ORDER BY name, major NULLS FIRST, minor NULLS FIRST,
	tab NULLS FIRST) AS ids
FROM resource;
SELECT count(*), count(DISTINCT id), count(DISTINCT id::text),
	max(pg_column_size(id)), min(pg_column_size(id))
FROM resource;

-- accessors give back what an ID was made of
SELECT count(*) FROM resource
WHERE (name(id), major(id), minor(version(id)), table_name(id))
	IS DISTINCT FROM (name, major, minor, tab)
	OR is_table(id) <> (tab IS NOT NULL)
	OR minor IS NOT NULL
	AND dpid(name, dpversion(major, minor), tab) IS DISTINCT FROM id;

-- sorting, both ways
SELECT array_agg(id ORDER BY id) = ids AS up,
	(SELECT array_agg(u ORDER BY n DESC) FROM unnest(ids) WITH ORDINALITY AS u (u, n))
	= array_agg(id ORDER BY id DESC) AS down
FROM resource, expected_order GROUP BY ids;

-- operators
SELECT a, b, a < b AS lt, a <= b AS le, a = b AS eq, a <> b AS ne, a >= b AS ge,
	a > b AS gt, sign(dpid_cmp(a, b)) AS cmp
FROM (VALUES ('dp:x'::dpid, 'dp:x:v1'::dpid), ('dp:x:v1', 'dp:x:v1.0'),
	('dp:x:v1.10', 'dp:x:v1.9'), ('dp:x:v1.9', 'dp:x:v2'), ('dp:x:v10', 'dp:x:v9.9'),
	('dp:x', 'dp:x:t'), ('dp:x:t', 'dp:x:v1'), ('dp:x:v1.0:t', 'dp:x:v1.0:t'),
	('dp:x', 'dp:x_'), ('dp:xy', 'dp:x:v1.0:t'), ('dp:x', NULL)) AS pair (a, b);

-- B-tree: used, and in order
CREATE UNIQUE INDEX resource_id ON resource (id);
ANALYZE resource;
SET enable_seqscan = off;
SET enable_sort = off;
SET enable_bitmapscan = off;
EXPLAIN (COSTS OFF) SELECT id FROM resource ORDER BY id;
SELECT array_agg(id) = (SELECT ids FROM expected_order) AS ordered
FROM (SELECT id FROM resource ORDER BY id) AS o;
EXPLAIN (COSTS OFF)
SELECT id FROM resource WHERE id > 'dp:a:v1.9' AND id <= 'dp:a:v1.10:t';
SELECT id FROM resource WHERE id > 'dp:a:v1.9:v' AND id <= 'dp:a:v1.10:t' AND length(id::text) < 100
ORDER BY id;
EXPLAIN (COSTS OFF) SELECT name FROM resource WHERE id = 'dp:a:v1.9';
SELECT name, major, minor, tab FROM resource WHERE id = 'dp:a:v1.9';
-- PostgreSQL before 17 says of an InitPlan what it returns.
CREATE FUNCTION pg_temp.plan_of(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	line text;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		RETURN NEXT regexp_replace(line, ' \(returns \$\d+\)$', '');
	END LOOP;
END $$;
SELECT * FROM pg_temp.plan_of('SELECT max(id) FROM resource') AS plan;
SELECT max(id) = ids[cardinality(ids)] AS max, min(id) = ids[1] AS min
FROM resource, expected_order GROUP BY ids;
RESET enable_sort;
INSERT INTO resource VALUES ('dp:a:v1.9');
DROP INDEX resource_id;

-- an index on what an accessor gives
CREATE INDEX resource_version ON resource (name(id), version(id));
EXPLAIN (COSTS OFF)
SELECT id FROM resource WHERE name(id) = 'a' AND version(id) = 'v1.9';
SELECT count(*) FROM resource WHERE name(id) = 'a' AND version(id) = 'v1.9';
DROP INDEX resource_version;

-- hash index
CREATE INDEX resource_hash ON resource USING hash (id);
EXPLAIN (COSTS OFF) SELECT name FROM resource WHERE id = 'dp:a:v1.10:t';
SELECT name, major, minor, tab FROM resource WHERE id = 'dp:a:v1.10:t';
DROP INDEX resource_hash;
RESET enable_seqscan;
RESET enable_bitmapscan;
SELECT count(DISTINCT dpid_hash(id)) > 0.99 * count(*) AS spread,
	bool_and((dpid_hash(id) & 4294967295)
		= (dpid_hash_extended(id, 0) & 4294967295)) AS low_half,
	count(DISTINCT dpid_hash_extended(id, 42)) > 0.99 * count(*) AS seeded
FROM resource;
CREATE TABLE part (id dpid) PARTITION BY HASH (id);
CREATE TABLE part_0 PARTITION OF part FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE part_1 PARTITION OF part FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO part SELECT id FROM resource;
SELECT count(DISTINCT tableoid), count(*) FROM part;

-- joins
SET enable_nestloop = off;
SET enable_mergejoin = off;
EXPLAIN (COSTS OFF) SELECT count(*) FROM resource a JOIN resource b USING (id);
SELECT count(*) FROM resource a JOIN resource b USING (id);
SET enable_mergejoin = on;
SET enable_hashjoin = off;
EXPLAIN (COSTS OFF) SELECT count(*) FROM resource a JOIN resource b USING (id);
SELECT count(*) FROM resource a JOIN resource b USING (id);
RESET enable_hashjoin;
RESET enable_nestloop;
SELECT count(*) = (SELECT count(*) FROM resource) AS grouped
FROM (SELECT id FROM resource GROUP BY id) AS g;

-- binary form
SELECT dpid_send('dp:x:v1.0:t'), encode(substr(dpid_send('dp:x:v1.0:t'), 2), 'escape');
\getenv builddir PG_ABS_BUILDDIR
\set filename :builddir '/results/dpid.bin'
CREATE TABLE copied (LIKE resource);
COPY resource TO :'filename' (FORMAT binary);
COPY copied FROM :'filename' (FORMAT binary);
SELECT count(*), count(*) FILTER (WHERE a.name IS DISTINCT FROM b.name
	OR a.id::text IS DISTINCT FROM b.id::text) AS wrong
FROM resource a FULL JOIN copied b USING (id);
-- bytes that are no ID: another format, no ID, a NUL, no UTF-8, nothing
CREATE TABLE raw (value bytea);
CREATE TABLE id (id dpid);
INSERT INTO raw VALUES ('\x02' || 'dp:x'::bytea);
COPY raw TO :'filename' (FORMAT binary);
COPY id FROM :'filename' (FORMAT binary);
UPDATE raw SET value = '\x01' || 'dp:X'::bytea;
COPY raw TO :'filename' (FORMAT binary);
COPY id FROM :'filename' (FORMAT binary);
SET client_encoding = 'UTF8';
UPDATE raw SET value = '\x01' || 'dp:x'::bytea || '\x00';
COPY raw TO :'filename' (FORMAT binary);
COPY id FROM :'filename' (FORMAT binary);
UPDATE raw SET value = '\x01' || 'dp:x'::bytea || '\xff';
COPY raw TO :'filename' (FORMAT binary);
COPY id FROM :'filename' (FORMAT binary);
RESET client_encoding;
UPDATE raw SET value = '\x01';
COPY raw TO :'filename' (FORMAT binary);
COPY id FROM :'filename' (FORMAT binary);
UPDATE raw SET value = '';
COPY raw TO :'filename' (FORMAT binary);
COPY id FROM :'filename' (FORMAT binary);
SELECT count(*) FROM id;

SET client_min_messages = warning;
DROP SCHEMA dpid CASCADE;
