-- the type column_type
CREATE SCHEMA column_type;
SET search_path = column_type, dpmeta;

-- The error that casting a text to column_type raises; NULL when it is valid.
CREATE FUNCTION refusal(input text, OUT state text, OUT message text,
	OUT detail text, OUT hint text)
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM input::dpmeta.column_type;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
		detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
END
$$;

-- valid, with the canonical spelling
SELECT input, input::column_type AS canonical, base_type(input::column_type),
	is_nested(input::column_type),
	input::column_type::text::column_type::text = input::column_type::text AS stable
FROM unnest(ARRAY['boolean', 'tinyint', 'smallint', 'int', 'integer', 'bigint',
	'utinyint', 'usmallint', 'uint', 'uinteger', 'ubigint', 'float', 'double',
	'decimal(1)', 'decimal(38)', 'decimal(10,0)', 'decimal(10,2)',
	'decimal(38,38)', 'decimal ( 10 , 2 ) ', 'decimal( 10 )', 'char(1)',
	'char(255)', 'char ( 7 )', 'varchar', 'varchar(1)', 'varchar(65535)',
	'varchar( 20 )', 'string', 'binary', 'date', 'timestamp', 'array<int>',
	'array< integer >', 'array<array<array<uinteger>>>', 'map<string,int>',
	'map< decimal(10) , varchar >', 'map<date,map<int,array<string>>>',
	'struct<a:int>', 'struct<a:int,b:integer,_:struct<a:date>,0:string>',
	'struct < a : int , b : array < varchar ( 3 ) > > ',
	'struct<int:int,struct:struct<array:array<int>>>',
	'struct<a:struct<a:int>,b:struct<a:int>>', 'struct<a:int,ab:int,b:int>',
	E'struct<\n\ta: int,\r\n\tb: decimal(10, 2)\n>\n',
	-- in any case; with blanks at both ends, and in other spellings
	'INT', 'Int', ' int', 'int ', E'\tbigint\n', 'decimal', ' Decimal ', 'DEC', 'dec(5)',
	'numeric', 'NUMERIC(5,2)', 'real', 'double precision', E'Double \t Precision ',
	'array< DOUBLE  PRECISION >', 'map<REAL,dec>', 'VarChar(3)',
	-- fields keep their case
	'struct<A:int>', 'STRUCT<userIdentity:Struct<sessionContext:STRING>>', 'struct<a-b:int>',
	'struct<$ref:int,x-y$:int,-:int,$:int>', 'struct<precision:double,double:double precision>']) AS input;

-- invalid
SELECT input, r.state, r.detail
FROM unnest(ARRAY['', ' ', 'x', 'int int', 'int,int', 'integers',
	'text', 'uboolean', 'ufloat', 'int(11)', 'bigint<int>', 'string(5)',
	'timestamp(3)', 'array<timestamp(3)>', 'timestamp with time zone', 'timestamp without time zone',
	'float(7)', 'doubleprecision', 'double precision(3)', 'double  int', 'precision', 'int;', 'decimal()',
	'decimal(', 'decimal(1', 'decimal(1,', 'decimal(1,1', 'decimal(0)',
	'decimal(39)', 'decimal(-1)', 'decimal(10,11)', 'decimal(10,-1)',
	'decimal(010)', 'decimal(10,02)', 'decimal(1 0)', 'decimal(10 2)',
	'decimal(10,2,3)', 'decimal(10.2)', 'decimal(99999999999999999999)',
	'decimal(10,99999999999999999999)', 'decimal<10>', 'char', 'char()', 'char(0)',
	'char(256)', 'char(01)', 'char(1,2)', 'char(a)', 'varchar()', 'varchar(0)',
	'varchar(65536)', 'varchar(4294967297)', 'varchar(1', 'varchar 1', 'array',
	'array<', 'array<>', 'array<int', 'array<int>>', 'array<int,int>', 'array(int)',
	'array<x>', 'array <int> int', 'array< >', 'array<int >int', 'map', 'map<', 'map<>', 'map<int>', 'map<int,>',
	'map<int,int', 'map<,int>', 'map<int,int,int>', 'map<array<int>,int>',
	'map<map<int,int>,int>', 'map<struct<a:int>,int>', 'struct', 'struct<',
	'struct<>', 'struct<a>', 'struct<a:>', 'struct<a:int', 'struct<a:int,>',
	'struct<a:int,,b:int>', 'struct<:int>', 'struct<a b:int>', 'struct<a.b:int>', 'struct<`a`:int>',
	'struct<"a":int>', 'struct<a:int,A:int>', 'struct<userId:int,b:int,USERID:date>', 'struct<a:int b:int>', 'struct<a int>',
	'struct<a:int;b:int>', 'struct<a:int,a:int>', 'struct<b:int,a:int,c:date,a:int,b:int>',
	'struct<a:struct<b:int,c:int,b:int>>', 'array<struct<a:int,b:foo>>',
	'struct<a:int>>', 'null', '{"type":"int"}', '"int"', 'uniontype<int,string>', 'text', 'TEXT', 'array<long>', 'row(a int)',
	'json', 'interval_day_time', 'struct<eventVersion:string,userIdentity:struct<type:string,?:int,principalId:string,arn:string>>']) AS input,
	refusal(input) AS r;
SELECT message, hint FROM refusal('foo');
-- a long word is cut
SELECT detail FROM refusal(repeat('x', 200));

-- the error as it is seen
SELECT 'struct<a:int,b:decimal(10,11)>'::column_type;

-- names of fields: 128 bytes and no more
SELECT n, r.state, r.detail
FROM generate_series(127, 130) AS n,
	refusal('struct<' || repeat('a', n) || ':int>') AS r;

-- depth
SELECT n, r.state, r.detail
FROM unnest(ARRAY[31, 32, 33, 5000, 10000]) AS n,
	refusal(repeat('array<', n) || 'int' || repeat('>', n)) AS r;
SELECT r.state, r.detail FROM refusal(repeat('array<', 5000)) AS r;
SELECT r.state, r.detail FROM refusal(repeat('struct<a:', 5000)) AS r;
SELECT r.state, r.detail FROM refusal(repeat('map<int,', 5000)) AS r;
-- depth, not the number of nested types
SELECT r.state FROM refusal('struct<' || (SELECT string_agg(format('f%s:array<int>', i), ',')
	FROM generate_series(1, 1000) AS i) || '>') AS r;

-- length: of what is given, and of what it becomes
SELECT n, r.state, r.detail
FROM (VALUES (65536 - 10), (65536 - 9), (1000000)) AS v (n),
	refusal('array<' || repeat(' ', n) || 'int>') AS r;
CREATE FUNCTION wide(fields integer, field_type text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
	SELECT 'struct<' || string_agg('f' || i || ':' || field_type, ',') || '>'
	FROM generate_series(1, fields) AS i
$$;
SELECT n, length(wide(n, 'decimal(9)')) AS given, r.state, r.detail,
	length(r.message) AS message
FROM unnest(ARRAY[3000, 3550, 3700]) AS n, refusal(wide(n, 'decimal(9)')) AS r;
-- a repeated name is found among thousands
SELECT r.detail FROM refusal(replace(wide(5000, 'int'), 'f4999:', 'f17:')) AS r;

-- casts
SELECT CAST('integer'::text AS column_type), 'integer'::column_type::text || '!';

-- types to sort, some of them twice
CREATE TABLE col (id integer, type column_type);
INSERT INTO col
SELECT row_number() OVER (), t::column_type FROM (
	SELECT unnest(ARRAY['int', 'integer', 'date', 'varchar', 'string', 'decimal(9)',
		'decimal(9,0)', 'array<integer>', 'array<int>', 'map<int,string>'])
	UNION ALL
	SELECT format(f, i) FROM generate_series(1, 38) AS i,
		unnest(ARRAY['decimal(%s)', 'decimal(%s,0)', 'decimal(38,%s)', 'varchar(%s)',
			'array<char(%s)>', 'struct<a:int,b:struct<c:date,d:decimal(%s)>>']) AS f
	UNION ALL
	SELECT format('struct<f%s:%s>', i, t) FROM generate_series(1, 300) AS i,
		unnest(ARRAY['int', 'date', 'string']) AS t) AS v (t);
CREATE VIEW expected_order AS
SELECT array_agg(type::text ORDER BY type::text COLLATE "C") AS types FROM col;
SELECT count(*), count(DISTINCT type) = count(DISTINCT type::text) AS same FROM col;

-- sorting, both ways
SELECT array_agg(type::text ORDER BY type) = types AS up,
	array_agg(type::text ORDER BY type DESC)
	= array_agg(type::text ORDER BY type::text COLLATE "C" DESC) AS down
FROM col, expected_order GROUP BY types;

-- operators
SELECT a, b, a < b AS lt, a <= b AS le, a = b AS eq, a <> b AS ne, a >= b AS ge,
	a > b AS gt, sign(column_type_cmp(a, b)) AS cmp
FROM (VALUES ('int'::column_type, 'integer'::column_type),
	('decimal(10)', 'decimal( 10 , 0 )'), ('decimal(10)', 'decimal(10,1)'),
	('bigint', 'int'), ('varchar(10)', 'varchar'), ('varchar', 'varchar(1)'),
	('array<integer>', 'array< int >'), ('int', NULL)) AS pair (a, b);

-- B-tree: used, and in order
CREATE INDEX col_type ON col (type);
ANALYZE col;
SET enable_seqscan = off;
SET enable_sort = off;
SET enable_bitmapscan = off;
EXPLAIN (COSTS OFF) SELECT type FROM col ORDER BY type;
SELECT array_agg(type::text) = (SELECT types FROM expected_order) AS ordered
FROM (SELECT type FROM col ORDER BY type) AS o;
EXPLAIN (COSTS OFF)
SELECT id FROM col WHERE type >= 'array<char(9)>' AND type < 'decimal(11)';
SELECT DISTINCT type FROM col
WHERE type >= 'array<char(9)>' AND type < 'decimal(11)' ORDER BY type;
EXPLAIN (COSTS OFF) SELECT id FROM col WHERE type = 'decimal(9)';
SELECT type, count(*) FROM col WHERE type = 'decimal(9)' GROUP BY type;
RESET enable_sort;
DROP INDEX col_type;
CREATE INDEX col_base ON col (base_type(type), is_nested(type));
EXPLAIN (COSTS OFF) SELECT id FROM col WHERE base_type(type) = 'map';
SELECT type FROM col WHERE base_type(type) = 'map';
DROP INDEX col_base;
CREATE TABLE type_once (type column_type PRIMARY KEY);
INSERT INTO type_once VALUES ('int'), ('integer');

-- hash index
CREATE INDEX col_hash ON col USING hash (type);
EXPLAIN (COSTS OFF) SELECT id FROM col WHERE type = 'array<integer>';
SELECT type, count(*) FROM col WHERE type = 'array<integer>' GROUP BY type;
DROP INDEX col_hash;
RESET enable_seqscan;
RESET enable_bitmapscan;
SELECT bool_and((column_type_hash(type) & 4294967295)
		= (column_type_hash_extended(type, 0) & 4294967295)) AS low_half
FROM col;

-- joins
SET enable_nestloop = off;
SET enable_mergejoin = off;
EXPLAIN (COSTS OFF) SELECT count(*) FROM col a JOIN col b USING (type);
CREATE TABLE joined AS
SELECT 'hash' AS by, count(*) FROM col a JOIN col b USING (type);
SET enable_mergejoin = on;
SET enable_hashjoin = off;
EXPLAIN (COSTS OFF) SELECT count(*) FROM col a JOIN col b USING (type);
INSERT INTO joined SELECT 'merge', count(*) FROM col a JOIN col b USING (type);
RESET enable_hashjoin;
RESET enable_nestloop;
INSERT INTO joined
SELECT 'text', count(*) FROM col a JOIN col b ON a.type::text = b.type::text;
TABLE joined;

-- toasted values compare, sort and hash as others do
CREATE TABLE large (id integer, type column_type);
INSERT INTO large SELECT i, wide(3000 + i % 2, 'int')::column_type
FROM generate_series(1, 6) AS i;
ALTER TABLE large ALTER type SET STORAGE external;
INSERT INTO large SELECT i, wide(3000 + i % 2, 'int')::column_type
FROM generate_series(7, 12) AS i;
SELECT array_agg(id ORDER BY id), count(DISTINCT column_type_hash(type)),
	base_type(type), is_nested(type)
FROM large GROUP BY type ORDER BY type DESC;
SELECT count(*) FROM large a JOIN large b USING (type);

-- binary form
SELECT encode(column_type_send('array< integer >'), 'escape');
\getenv builddir PG_ABS_BUILDDIR
\set filename :builddir '/results/column_type.bin'
CREATE TABLE copied (LIKE col);
COPY col TO :'filename' (FORMAT binary);
COPY copied FROM :'filename' (FORMAT binary);
SELECT count(*), count(*) FILTER (WHERE a.type IS DISTINCT FROM b.type) AS wrong
FROM col a FULL JOIN copied b USING (id);
-- bytes that are no type: another format, no type, a NUL; others become canonical
CREATE TABLE raw (value bytea);
TRUNCATE type_once;
INSERT INTO raw VALUES ('\x02' || 'int'::bytea);
COPY raw TO :'filename' (FORMAT binary);
COPY type_once FROM :'filename' (FORMAT binary);
UPDATE raw SET value = '\x01' || 'array<foo>'::bytea;
COPY raw TO :'filename' (FORMAT binary);
COPY type_once FROM :'filename' (FORMAT binary);
SET client_encoding = 'UTF8';
UPDATE raw SET value = '\x01' || 'int'::bytea || '\x00';
COPY raw TO :'filename' (FORMAT binary);
COPY type_once FROM :'filename' (FORMAT binary);
RESET client_encoding;
UPDATE raw SET value = '\x01' || 'array< integer >'::bytea;
COPY raw TO :'filename' (FORMAT binary);
COPY type_once FROM :'filename' (FORMAT binary);
TABLE type_once;

SET client_min_messages = warning;
DROP SCHEMA column_type CASCADE;
