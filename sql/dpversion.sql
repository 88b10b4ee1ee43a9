-- the type dpversion
CREATE SCHEMA dpversion;
SET search_path = dpversion, dpmeta;

-- The error that casting a text to dpversion raises; NULL when it is valid.
CREATE FUNCTION refusal(input text, OUT state text, OUT message text,
	OUT hint text)
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM input::dpmeta.dpversion;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE,
		message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
END
$$;

-- valid
SELECT input, input::dpversion::text = input AS canonical,
	major(input::dpversion), minor(input::dpversion)
FROM unnest(ARRAY['v1.0', 'v1.1', 'v1.10', 'v9.9', 'v10.0', 'v1.2147483647',
	'v2147483647.0', 'v2147483647.2147483647']) AS input;

-- invalid
SELECT input, r.state, r.message
FROM unnest(ARRAY['', 'v', '.', 'v.', 'v1', 'v1.', 'v.1', '1.0', 'V1.0',
	'v0.0', 'v0.1', 'v01.0', 'v1.00', 'v1.01', 'v00.1', 'v-1.0', 'v1.-1',
	'v+1.0', 'v1.+1', ' v1.0', 'v1.0 ', 'v 1.0', 'v1. 0', E'v1.0\n', 'v1.0.0',
	'v1,0', 'vv1.0', 'v1.0v', 'v1.a', 'va.1', 'v1e3.0', 'v0x1.0', 'v1.0x0',
	'v2147483648.0', 'v1.2147483648', 'v4294967297.0', 'v1.4294967296',
	'v9223372036854775808.0', 'v18446744073709551617.18446744073709551616']) AS input, refusal(input) AS r;

SELECT hint FROM refusal('v1');

-- constructor
SELECT dpversion(1, 0), dpversion(3, 14), dpversion(2147483647, 2147483647),
	dpversion(NULL, 1);
SELECT dpversion(major => 0, minor => 1);
SELECT dpversion(-1, 0);
SELECT dpversion(1, -1);

-- casts
SELECT CAST('v1.4'::text AS dpversion), 'v1.4'::dpversion::text || '!';

-- operators, NULL included
SELECT a, b, a < b AS lt, a <= b AS le, a = b AS eq, a <> b AS ne, a >= b AS ge,
	a > b AS gt, dpversion_cmp(a, b) AS cmp
FROM (VALUES ('v1.9'::dpversion, 'v1.10'::dpversion), ('v1.10', 'v1.9'),
	('v2.0', 'v1.2147483647'), ('v1.0', 'v1.0'), ('v9.0', 'v10.0'),
	('v1.0', NULL)) AS pair (a, b);

-- some versions once and some twice
CREATE TABLE release (id integer, version dpversion);
INSERT INTO release
SELECT i, dpversion(i * 7919 % 41 + 1, i * 104729 % 37)
FROM generate_series(1, 3000) AS i;
INSERT INTO release VALUES (0, NULL), (3001, 'v2147483647.2147483647'),
	(3002, 'v1.2147483647');

-- An order that owes nothing to the type.
CREATE VIEW expected_order AS
SELECT version::text COLLATE "C" AS version,
	row_number() OVER (ORDER BY
		split_part(ltrim(version::text, 'v'), '.', 1)::numeric,
		split_part(ltrim(version::text, 'v'), '.', 2)::numeric) AS place
FROM (SELECT DISTINCT version FROM release WHERE version IS NOT NULL) AS v;

-- sorting, both ways
SELECT array_agg(version::text ORDER BY version)
	= (SELECT array_agg(version ORDER BY place) FROM expected_order) AS up,
	array_agg(version::text ORDER BY version DESC)
	= (SELECT array_agg(version ORDER BY place DESC) FROM expected_order) AS down
FROM (SELECT DISTINCT version FROM release WHERE version IS NOT NULL) AS v;

-- B-tree: used, and in order
CREATE INDEX release_version ON release (version);
ANALYZE release;
SET enable_seqscan = off;
SET enable_sort = off;
SET enable_bitmapscan = off;
EXPLAIN (COSTS OFF) SELECT version FROM release ORDER BY version;
SELECT bool_and(r.version = e.version::dpversion) AS ordered, count(*)
FROM (SELECT version, row_number() OVER () AS place
	FROM (SELECT DISTINCT version FROM release WHERE version IS NOT NULL
		ORDER BY version) AS o) AS r
	FULL JOIN expected_order AS e USING (place);
EXPLAIN (COSTS OFF)
SELECT id FROM release WHERE version > 'v1.9' AND version <= 'v1.12';
SELECT DISTINCT version FROM release
WHERE version > 'v1.9' AND version <= 'v1.12' ORDER BY version;
EXPLAIN (COSTS OFF) SELECT id FROM release WHERE version = 'v7.7';
-- PostgreSQL before 17 says of an InitPlan what it returns.
CREATE FUNCTION pg_temp.plan_of(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	line text;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		RETURN NEXT regexp_replace(line, ' \(returns \$\d+\)$', '');
	END LOOP;
END $$;
SELECT * FROM pg_temp.plan_of('SELECT max(version), min(version) FROM release') AS plan;
SELECT max(version), min(version) FROM release;
SELECT DISTINCT version FROM release
WHERE version IN ('v1.10', 'v1.9', 'v1.2147483647') ORDER BY version DESC;
SET enable_indexscan = off;
SET enable_indexonlyscan = off;
SET enable_seqscan = on;
SET enable_sort = on;
SELECT max(version), min(version), max(version) FILTER (WHERE id < 0) AS none
FROM release;
RESET enable_indexscan;
RESET enable_indexonlyscan;
DROP INDEX release_version;

-- a unique index and an index expression
CREATE UNIQUE INDEX release_pair ON release (dpversion(major(version), minor(version)), id);
CREATE TABLE version_once (version dpversion PRIMARY KEY);
INSERT INTO version_once VALUES ('v1.0'), ('v1.1');
INSERT INTO version_once VALUES ('v1.1');
DROP INDEX release_pair;

-- hash index
CREATE INDEX release_hash ON release USING hash (version);
SET enable_seqscan = off;
EXPLAIN (COSTS OFF) SELECT id FROM release WHERE version = 'v7.7';
SELECT count(*) = (SELECT count(*) FROM release WHERE version::text = 'v7.7')
	AS same, count(*) > 0 AS some
FROM release WHERE version = 'v7.7';
RESET enable_seqscan;
RESET enable_bitmapscan;
DROP INDEX release_hash;

-- the hash spreads: few of 13,000 near versions share 32 bits
SELECT count(DISTINCT dpversion_hash(dpversion(x, y))) > 12990 AS spread,
	bool_and((dpversion_hash(dpversion(x, y)) & 4294967295)
		= (dpversion_hash_extended(dpversion(x, y), 0) & 4294967295)) AS low_half,
	count(DISTINCT dpversion_hash_extended(dpversion(x, y), 42)) > 12990 AS seeded
FROM generate_series(1, 100) AS x, generate_series(0, 129) AS y;

-- hash partitions
CREATE TABLE part (version dpversion) PARTITION BY HASH (version);
CREATE TABLE part_0 PARTITION OF part FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE part_1 PARTITION OF part FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO part SELECT version FROM release WHERE version IS NOT NULL;
SELECT count(DISTINCT tableoid), count(*) FROM part;

-- joins
SET enable_nestloop = off;
SET enable_mergejoin = off;
EXPLAIN (COSTS OFF)
SELECT count(*) FROM release a JOIN release b USING (version);
SELECT count(*) FROM release a JOIN release b USING (version);
SET enable_mergejoin = on;
SET enable_hashjoin = off;
EXPLAIN (COSTS OFF)
SELECT count(*) FROM release a JOIN release b USING (version);
SELECT count(*) FROM release a JOIN release b USING (version);
RESET enable_hashjoin;
RESET enable_nestloop;
SELECT count(*) FROM release a JOIN release b ON a.version::text = b.version::text;
SELECT count(*) = (SELECT count(*) FROM expected_order) AS grouped
FROM (SELECT version FROM release WHERE version IS NOT NULL GROUP BY version) AS g;

-- binary form
SELECT dpversion_send('v1.10'), dpversion_send('v2147483647.2147483647');
\getenv builddir PG_ABS_BUILDDIR
\set filename :builddir '/results/dpversion.bin'
CREATE TABLE copied (LIKE release);
COPY release TO :'filename' (FORMAT binary);
COPY copied FROM :'filename' (FORMAT binary);
SELECT count(*), count(*) FILTER (WHERE a.version IS DISTINCT FROM b.version) AS wrong
FROM release a FULL JOIN copied b USING (id);
-- bytes that are no version: another format, major 0, minor -1, too short
CREATE TABLE raw (value bytea);
INSERT INTO raw VALUES ('\x020000000100000000');
COPY raw TO :'filename' (FORMAT binary);
COPY version_once FROM :'filename' (FORMAT binary);
UPDATE raw SET value = '\x010000000000000001';
COPY raw TO :'filename' (FORMAT binary);
COPY version_once FROM :'filename' (FORMAT binary);
UPDATE raw SET value = '\x0100000001ffffffff';
COPY raw TO :'filename' (FORMAT binary);
COPY version_once FROM :'filename' (FORMAT binary);
UPDATE raw SET value = '\x0100000001';
COPY raw TO :'filename' (FORMAT binary);
COPY version_once FROM :'filename' (FORMAT binary);
UPDATE raw SET value = '\x01000000010000000100';
COPY raw TO :'filename' (FORMAT binary);
COPY version_once FROM :'filename' (FORMAT binary);

SET client_min_messages = warning;
DROP SCHEMA dpversion CASCADE;
