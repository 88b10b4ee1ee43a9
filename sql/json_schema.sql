-- the validator: keywords, faults, bounds
\set VERBOSITY terse

-- every fault, in document order
SELECT * FROM dpmeta.validate('{
	"type": "object", "required": ["id", "name"], "additionalProperties": false,
	"properties": {
		"id": {"type": "integer", "minimum": 1},
		"name": {"type": "string", "maxLength": 3, "pattern": "^[a-z]+$"},
		"tags": {"type": "array", "uniqueItems": true, "items": {"enum": ["a", "b", 1]}},
		"a/b~c": {"const": null}}}',
	'{"id": 0, "name": "Uber", "tags": ["a", "x", 1.0, 1], "a/b~c": true, "more": {}}');

-- messages of each keyword
SELECT keyword, schema_pointer, instance_pointer, message FROM (VALUES
	('{"type": ["string", "null"]}', '1.5'),
	('{"type": "integer"}', '[]'),
	('{"const": {"a": 1}}', '{"a": 2}'),
	('{"enum": ["x", null, 2]}', '"y"'),
	('{"multipleOf": 0.01}', '0.005'),
	('{"maximum": 3}', '3.0001'),
	('{"exclusiveMaximum": 3}', '3.0'),
	('{"minimum": 3}', '2.9'),
	('{"exclusiveMinimum": 3}', '3'),
	('{"maxLength": 1}', '"ab"'),
	('{"minLength": 2}', '"a"'),
	('{"pattern": "^a"}', '"b"'),
	('{"maxItems": 1}', '[1, 2]'),
	('{"minItems": 1}', '[]'),
	('{"uniqueItems": true}', '[{"a": 1, "b": [2]}, 1, {"b": [2.0], "a": 1.00}]'),
	('{"x-uniqueBy": "n"}', '[{"n": "a"}, {"n": "b"}, {}, {"n": "a"}]'),
	('{"contains": {"type": "string"}}', '[1]'),
	('{"contains": {"type": "string"}, "minContains": 2}', '["a", 1]'),
	('{"contains": {"type": "string"}, "maxContains": 1}', '["a", "b"]'),
	('{"prefixItems": [{"type": "string"}], "items": false}', '[1, 2]'),
	('{"maxProperties": 1}', '{"a": 1, "b": 2}'),
	('{"minProperties": 1}', '{}'),
	('{"required": ["a"]}', '{}'),
	('{"dependentRequired": {"a": ["b"]}}', '{"a": 1}'),
	('{"dependentSchemas": {"a": {"required": ["b"]}}}', '{"a": 1}'),
	('{"propertyNames": {"maxLength": 1}}', '{"ab": 1}'),
	('{"patternProperties": {"^a": {"type": "string"}}}', '{"ab": 1}'),
	('{"allOf": [{"type": "string"}, {"minimum": 2}]}', '1'),
	('{"anyOf": [{"type": "string"}, {"type": "number", "minimum": 2}]}', '1'),
	('{"oneOf": [{"minimum": 1}, {"maximum": 1}]}', '1'),
	('{"oneOf": [{"type": "string"}, {"type": "null"}]}', '1'),
	('{"not": {"type": "number"}}', '1'),
	('{"if": {"minimum": 5}, "then": {"maximum": 7}, "else": {"multipleOf": 2}}', '8'),
	('{"if": {"minimum": 5}, "then": {"maximum": 7}, "else": {"multipleOf": 2}}', '3'),
	('{"$ref": "#/$defs/s", "$defs": {"s": {"type": "string"}}}', '1'),
	('{"allOf": [{"properties": {"a": true}}], "unevaluatedProperties": false}', '{"a": 1, "b": 2}'),
	('{"prefixItems": [true], "unevaluatedItems": {"type": "string"}}', '[1, 2]'),
	('false', '1'),
	('{"properties": {"a": false}}', '{"a": 1}')) t (s, d),
	dpmeta.validate(s::jsonb, d::jsonb);

-- is_valid() and validate() agree, and formats are asserted when asked
SELECT dpmeta.is_valid('{"format": "email"}', '"x"'), dpmeta.is_valid('{"format": "email"}', '"x"', true);
SELECT message FROM dpmeta.validate('{"format": "date"}', '"2026-02-30"', assert_format => true);
SELECT message FROM dpmeta.validate('{"format": "column-type"}', '"array<intt>"');
SELECT format, text FROM (VALUES
	('date', '2024-02-29', true), ('date', '2023-02-29', false), ('date', '2024-2-29', false),
	('time', '23:59:60Z', true), ('time', '22:59:60Z', false), ('time', '00:29:60+00:30', true),
	('time', '12:00:00', false), ('date-time', '1985-04-12t23:20:50.52z', true),
	('date-time', '1985-04-12 23:20:50Z', false), ('duration', 'P1Y2M3DT4H5M6S', true),
	('duration', 'P1Y2D', false), ('duration', 'P2W', true), ('duration', 'P', false),
	('duration', 'PT', false), ('email', 'a.b@example.org', true), ('email', 'a..b@example.org', false),
	('email', '"a b"@[IPv6:::1]', true), ('hostname', 'xn--9n2bp8q.example', true),
	('hostname', 'a_b', false), ('hostname', 'xn--X', false), ('ipv4', '127.0.0.1', true),
	('ipv4', '127.0.0.01', false), ('ipv6', '::ffff:1.2.3.4', true), ('ipv6', '1::2::3', false),
	('uri', 'https://example.org:8080/a?b#c', true), ('uri', '/a', false), ('uri', 'a:[', false),
	('uri-reference', '/a', true), ('uri-reference', 'a b', false),
	('uuid', '2EB8AA08-aa98-11ea-b4aa-73b441d16380', true), ('uuid', '2eb8aa08aa9811eab4aa73b441d16380', false),
	('json-pointer', '/a~1b', true), ('json-pointer', '/a~2b', false), ('regex', '^(a|b)+$', true),
	('regex', '^(a', false), ('regex', '(?:(a)|b)\1', true),
	('uri-template', '/{a,b*}', true), ('uri-template', '/{a', false),
	('relative-json-pointer', '1/a', true), ('nonsense', '', true)) f (format, text, valid)
	WHERE dpmeta.is_valid(jsonb_build_object('format', format), to_jsonb(text), true) <> valid;

-- exact numbers
SELECT dpmeta.is_valid('{"multipleOf": 0.1}', '0.3'),
	dpmeta.is_valid('{"multipleOf": 1e-8}', '12391239123'),
	dpmeta.is_valid('{"type": "integer", "multipleOf": 0.5}', '1e308'),
	dpmeta.is_valid('{"maximum": 18446744073709551615}', '18446744073709551616'),
	dpmeta.is_valid('{"const": 1}', '1.00'), dpmeta.is_valid('{"type": "integer"}', '1.0'),
	dpmeta.is_valid('{"maxLength": 2.0}', '"abc"');

-- what is wrong with a schema
SELECT pointer, keyword, message FROM dpmeta.check_schema('{"type": "strin", "minimum": "1", "properties": {"a": 1}}');
SELECT pointer, keyword, message FROM dpmeta.check_schema('{"properties": {"a": {"$ref": "#/nowhere"}, "b": {"pattern": "("}, "c": {"$ref": "other.json"}}}');
SELECT count(*) FROM dpmeta.check_schema('{"$ref": "https://json-schema.org/draft/2020-12/schema"}');
SELECT pointer, keyword, message FROM dpmeta.check_schema('{"$schema": "http://json-schema.org/draft-07/schema#"}');

-- what compiling minds is told beside, each thing once
SELECT * FROM dpmeta.check_schema('{"$ref": "#/nope", "minLength": -1}');
SELECT * FROM dpmeta.check_schema('{"required": [1], "type": ["strin"], "properties": {"a": 1, "b": {"pattern": "("}}, "allOf": 5, "dependentRequired": {"a": 1}}');
SELECT * FROM dpmeta.check_schema('{"$id": "http://x/a#b", "minLength": "1", "$defs": {"a": {"$anchor": "x"}, "b": {"$anchor": "x", "type": "null"}}}');
SELECT * FROM dpmeta.check_schema('{"$schema": "https://example.org/dialect", "minLength": -1, "$ref": "https://example.org/elsewhere"}');
SELECT * FROM dpmeta.check_schema('{"$ref": "#/x", "x": {"minLength": -1}}');
SELECT * FROM dpmeta.check_schema('"string"');
-- loops, so far as they are ones whatever the value
SELECT * FROM dpmeta.check_schema('{"$ref": "#"}');
SELECT * FROM dpmeta.check_schema('{"$ref": "#", "minLength": -1}');
SELECT * FROM dpmeta.check_schema('{"$dynamicAnchor": "a", "$dynamicRef": "#a"}');
SELECT s, pointer, message FROM (VALUES
	(1, '{"$defs": {"a": {"allOf": [{"$ref": "#/$defs/b"}]}, "b": {"anyOf": [{"$ref": "#/$defs/a"}]}}, "$ref": "#/$defs/a"}'::jsonb),
	(2, '{"not": {"oneOf": [true, {"if": {"$ref": "#"}}]}}'),
	(3, '{"anyOf": [{"type": "string"}, {"$ref": "#"}]}'),
	(4, '{"if": {"type": "string"}, "then": {"$ref": "#"}}'),
	(5, '{"properties": {"a": {"$ref": "#"}}, "items": {"not": {"$ref": "#"}}}'),
	(6, '{"allOf": [{"$ref": "#/$defs/a"}, {"$ref": "#/$defs/a"}], "$defs": {"a": {"type": "null"}}}')) v (s, schema),
	dpmeta.check_schema(schema) ORDER BY s;
-- what the schema has no URI for is told without one
SELECT message FROM dpmeta.check_schema('{"allOf": [{"$ref": "//a/b"}, {"$ref": "/c?d"}, {"$ref": "e/../f#g"}, {"$ref": "#g"}, {"$ref": "schema:h"}],
	"$defs": {"a": {"$id": "i"}, "b": {"$id": "i", "type": "null"}}}');
SELECT message FROM dpmeta.check_schema('{"$id": "https://example.org/a/b", "allOf": [{"$ref": "c"}, {"$ref": "#d"}]}');
SELECT dpmeta.is_valid('{"type": 5}', '1');
SELECT dpmeta.is_valid('"string"', '1');
SELECT dpmeta.is_valid('{"$ref": "https://example.org/elsewhere"}', '1');
SELECT dpmeta.is_valid('{"$schema": "https://example.org/dialect"}', '1');
SELECT dpmeta.is_valid('{"$defs": {"a": {"$anchor": "x"}, "b": {"$anchor": "x", "type": "null"}}}', '1');
SELECT dpmeta.is_valid('{"$id": "http://x/a#b"}', '1');
\set VERBOSITY default
SELECT dpmeta.is_valid('{"properties": {"a": {"type": "nul"}}}', '1');
SELECT dpmeta.is_valid('{"$ref": "#"}', '1');
\set VERBOSITY terse

-- the meta-schemas, by their own URIs
SELECT dpmeta.is_valid('{"$ref": "https://json-schema.org/draft/2020-12/schema"}', '{"items": {"minLength": -1}}');
SELECT schema_pointer, instance_pointer, message
	FROM dpmeta.validate('{"$ref": "https://json-schema.org/draft/2020-12/schema"}', '{"items": {"minLength": -1}}');

-- recursion: with the value it goes on, without it is an error and no hang
SELECT dpmeta.is_valid('{"type": "array", "items": {"$ref": "#"}}', '[[], [[]], [[[1]]]]');
SELECT dpmeta.is_valid('{"$ref": "#"}', '1');
SELECT dpmeta.is_valid('{"$defs": {"a": {"allOf": [{"$ref": "#/$defs/b"}]}, "b": {"anyOf": [{"$ref": "#/$defs/a"}]}}, "$ref": "#/$defs/a"}', '1');

-- long and deep ones
SELECT dpmeta.is_valid('{"uniqueItems": true}', jsonb_agg(i)) FROM generate_series(1, 100000) i;
SELECT count(*), max(message) FROM dpmeta.validate('{"uniqueItems": true}', (SELECT jsonb_agg(1) FROM generate_series(1, 20000)));
SELECT dpmeta.is_valid('{"items": {"$ref": "#"}}', (repeat('[', 800) || repeat(']', 800))::jsonb);
DO $$
BEGIN
	PERFORM dpmeta.is_valid((repeat('{"not": ', n) || '{}' || repeat('}', n))::jsonb, '1') FROM (VALUES (20000)) v (n);
EXCEPTION WHEN statement_too_complex THEN
	RAISE NOTICE 'too deep';
END
$$;
SET statement_timeout = '300ms';
SELECT dpmeta.is_valid('{"pattern": "^(?:(a+)\\1)+$"}', to_jsonb(repeat('a', 20001)));
WITH RECURSIVE r (i, s) AS (
	SELECT 0, '{"$defs": {"n0": {"type": "string"}'
	UNION ALL
	SELECT i + 1, s || format(', "n%s": {"anyOf": [{"$ref": "#/$defs/n%s"}, {"$ref": "#/$defs/n%s"}]}', i + 1, i, i)
	FROM r WHERE i < 40)
SELECT dpmeta.is_valid((s || '}, "$ref": "#/$defs/n40"}')::jsonb, '1') FROM r WHERE i = 40;
RESET statement_timeout;

-- many anchors cost no more each than a few; done in no time or not at all
SET statement_timeout = '20s';
SELECT dpmeta.is_valid(s, '1') AS good, dpmeta.is_valid(s, '"a"') AS bad, (SELECT count(*) FROM dpmeta.check_schema(s)) AS faults
FROM (SELECT jsonb_build_object(
		'$defs', jsonb_object_agg('d' || i, jsonb_build_object('$id', 'r' || i, '$anchor', 'a', '$dynamicAnchor', 'd' || i, 'type', 'integer')),
		'allOf', jsonb_agg(jsonb_build_object('$dynamicRef', 'r' || i || '#d' || i))
	) FROM generate_series(1, 10000) i) v (s);
RESET statement_timeout;

-- in a CHECK constraint, with a search_path that means no good
CREATE TABLE json_schema_check (d jsonb CHECK (dpmeta.is_valid('{"type": "object", "required": ["a"]}', d)));
INSERT INTO json_schema_check VALUES ('{"a": 1}');
INSERT INTO json_schema_check VALUES ('{"b": 1}');
INSERT INTO json_schema_check SELECT '{"a": 1}' FROM generate_series(1, 1000);
DROP TABLE json_schema_check;

-- the cache: bounded, and what it did can be seen
SET dpmeta.schema_cache_size = '256kB';
SELECT count(dpmeta.is_valid(jsonb_build_object('minimum', i), '1')) FROM generate_series(1, 500) i;
SELECT bytes <= 256 * 1024 AS bounded, entries > 0 AS some, evictions > 0 AS evicted FROM dpmeta.schema_cache();
SET dpmeta.schema_cache_size = 0;
SELECT count(dpmeta.is_valid(jsonb_build_object('minimum', i), '1')) FROM generate_series(1, 10) i;
SELECT entries, bytes FROM dpmeta.schema_cache();
RESET dpmeta.schema_cache_size;
-- counted in this process alone
SET max_parallel_workers_per_gather = 0;
CREATE TEMP TABLE json_schema_hits AS SELECT hits, misses FROM dpmeta.schema_cache();
SELECT dpmeta.is_valid('{"minimum": 4711}', '1') FROM generate_series(1, 3);
SELECT count(dpmeta.is_valid(jsonb_build_object('minimum', 4711), to_jsonb(i))) FROM generate_series(1, 3) i;
SELECT c.misses - h.misses AS misses, c.hits > h.hits AS hits FROM dpmeta.schema_cache() c, json_schema_hits h;
DROP TABLE json_schema_hits;
RESET max_parallel_workers_per_gather;

-- labels
SELECT proname, provolatile, proparallel, proisstrict FROM pg_proc
	WHERE pronamespace = 'dpmeta'::regnamespace
		AND proname IN ('is_valid', 'validate', 'check_schema', 'is_valid_ref', 'validate_ref')
	ORDER BY proname COLLATE "C";

-- a dialect for a schema that names none
SELECT d, dpmeta.is_valid('{"minimum": 1, "exclusiveMinimum": true}', '1', false, d) AS valid
	FROM unnest('{draft-04, http://json-schema.org/draft-04/schema#}'::text[]) d;
SELECT d, dpmeta.is_valid('{"items": [{"type": "string"}]}', '[1]', false, d) AS valid
	FROM unnest('{draft-04, draft-06, draft-07, 2019-09}'::text[]) d;
SELECT d, dpmeta.is_valid('{"const": 1}', '2', false, d) AS valid, dpmeta.is_valid('{"type": "integer"}', '1.0', false, d) AS integer
	FROM unnest('{draft-04, draft-06, draft-07, 2019-09, 2020-12}'::text[]) d;
SELECT * FROM dpmeta.validate('{"type": "integer"}', '1.0', false, 'draft-04');
SELECT * FROM dpmeta.check_schema('{"exclusiveMinimum": 1, "minimum": 0}', 'draft-04');
SELECT * FROM dpmeta.check_schema('{"$schema": "http://json-schema.org/draft-06/schema#", "exclusiveMinimum": true}');
SELECT dpmeta.is_valid('{}', '1', false, 'draft-05');
-- what is in the schema names another dialect: each part by its own meta-schema
SELECT * FROM dpmeta.check_schema('{"$defs": {"old": {"$schema": "http://json-schema.org/draft-04/schema#", "id": "https://example.org/o",
	"exclusiveMinimum": true, "minimum": 1, "maxLength": -1}}}');

-- why each branch does not hold: the likeliest first, none that is of another type before one that is not
SELECT branch, instance_pointer, schema_pointer, message FROM dpmeta.validate('{"anyOf": [
		{"type": "string"},
		{"type": "object", "required": ["kind", "side"], "properties": {"kind": {"const": "square"}, "side": {"type": "number"}}},
		{"type": "object", "required": ["kind", "radius"], "properties": {"kind": {"const": "circle"}, "radius": {"type": "number"}}}]}',
	'{"kind": "circle", "radius": "1"}');
SELECT branch, instance_pointer, schema_pointer, message FROM dpmeta.validate('{"$ref": "#/$defs/a", "$defs": {
		"a": {"oneOf": [{"$ref": "#/$defs/b"}, {"items": {"anyOf": [{"type": "null"}, {"minimum": 3}]}}]},
		"b": {"maxItems": 1}}}', '[1, 5]');
-- which ones hold, and one alternative alone
SELECT branch, message FROM dpmeta.validate('{"oneOf": [{"minimum": 1}, {"maximum": 1}, {"type": "integer"}]}', '5');
SELECT branch, message FROM dpmeta.validate('{"anyOf": [{"minimum": 7}], "oneOf": [{"minimum": 8}]}', '5');
-- no more than ten branches, and in each no more than twenty faults
SELECT count(*), count(DISTINCT branch) FROM dpmeta.validate(jsonb_build_object('anyOf',
	(SELECT jsonb_agg(jsonb_build_object('items', jsonb_build_object('minimum', i + 100))) FROM generate_series(1, 50) i)),
	(SELECT jsonb_agg(i) FROM generate_series(1, 50) i));
-- a schema in which branches nest without end costs no more than its bound
SELECT count(*) < 5000 AS bounded FROM dpmeta.validate('{"$ref": "#/$defs/e", "$defs": {"e": {"anyOf": [
		{"required": ["x"], "properties": {"l": {"$ref": "#/$defs/e"}, "r": {"$ref": "#/$defs/e"}}},
		{"required": ["y"], "properties": {"l": {"$ref": "#/$defs/e"}, "r": {"$ref": "#/$defs/e"}}},
		{"required": ["z"], "properties": {"l": {"$ref": "#/$defs/e"}, "r": {"$ref": "#/$defs/e"}}}]}}}',
	'{"l": {"l": {"l": {"l": {}, "r": {}}, "r": {"l": {}, "r": {}}}, "r": {"l": {"l": {}, "r": {}}}}, "r": {"l": {"l": {"l": {}}}}}');
-- an enum has its values in the schema's order, a long one too
SELECT message FROM dpmeta.validate('{"enum": ["n", "m", "l", "k", "j", "i", "h", "g", "f", "e", "d", "c", "b", "a"]}', '"z"');

-- a schema that is larger than the cache is kept by a bound of its own, beside the others
SET dpmeta.schema_cache_size = '64kB';
CREATE TEMP TABLE json_schema_large AS SELECT jsonb_build_object('properties',
	(SELECT jsonb_object_agg('p' || i, jsonb_build_object('type', 'string')) FROM generate_series(1, 2000) i), 'title', 'Many members') AS s;
CREATE TEMP TABLE json_schema_before AS SELECT * FROM dpmeta.schema_cache();
SELECT count(*) FILTER (WHERE dpmeta.is_valid(s, '{}')) + count(*) FILTER (WHERE dpmeta.is_valid('{"minimum": 2}', to_jsonb(i))) AS valid
	FROM json_schema_large, generate_series(1, 5) i;
SELECT c.misses - b.misses AS misses, c.too_large - b.too_large AS too_large FROM dpmeta.schema_cache() c, json_schema_before b;
-- and one that is larger than that is told
SET dpmeta.schema_cache_large_size = '70kB';
SELECT count(*) FILTER (WHERE dpmeta.is_valid(s, '{}')) AS valid FROM json_schema_large, generate_series(1, 3) i;
SELECT c.too_large - b.too_large AS too_large, c.too_large_bytes > 70 * 1024 AS large, c.too_large_name AS name
	FROM dpmeta.schema_cache() c, json_schema_before b;
SELECT count(*) FILTER (WHERE dpmeta.is_valid(s || jsonb_build_object('$id', 'https://example.org/' || repeat('a', 300)), '{}')) AS valid
	FROM json_schema_large;
SELECT left(too_large_name, 24) AS name, octet_length(too_large_name) BETWEEN 200 AND 255 AS bounded FROM dpmeta.schema_cache();
RESET dpmeta.schema_cache_size;
RESET dpmeta.schema_cache_large_size;

-- the output formats of the specification
CREATE TEMP TABLE json_schema_points AS SELECT '{"$id": "https://example.org/polygon", "$defs": {"point": {"type": "object", "properties": {"x": {"type": "number"}, "y": {"type": "number"}},
	"additionalProperties": false, "required": ["x", "y"]}}, "type": "array", "items": {"$ref": "#/$defs/point"}, "minItems": 3}'::jsonb AS s,
	'[{"x": 2.5, "y": 1.3}, {"x": 1, "z": 6.7}]'::jsonb AS d;
SELECT f, jsonb_pretty(dpmeta.validate_output(s, d, f)) FROM json_schema_points, unnest('{flag, basic, detailed}'::text[]) f;
SELECT jsonb_pretty(dpmeta.validate_output('{"anyOf": [{"type": "string"}, {"minimum": 3, "multipleOf": 2}]}', '1', 'detailed'));
SELECT dpmeta.validate_output('{"minimum": 1}', '1'), dpmeta.validate_output('false', '1');
SELECT dpmeta.validate_output('{}', '1', 'verbose');

-- many values that each take long are left when it is asked for
\set VERBOSITY sqlstate
SET statement_timeout = '300ms';
SELECT count(*) FROM dpmeta.validate(('{"items": {"multipleOf": 1.' || repeat('0', 16000) || '7}}')::jsonb,
	(SELECT jsonb_agg('1e130000'::jsonb) FROM generate_series(1, 1000)));
RESET statement_timeout;
-- and so many faults are an error, also where they all are the same
SELECT count(*) FROM dpmeta.validate('{"items": {"type": "string"}}', (SELECT jsonb_agg(i) FROM generate_series(1, 300000) i));
SELECT count(*) FROM dpmeta.validate((SELECT jsonb_build_object('$ref', '#/$defs/0', '$defs', jsonb_object_agg(i::text,
		CASE WHEN i = 20 THEN '{"type": "string"}'::jsonb ELSE jsonb_build_object('allOf', jsonb_build_array(r, r)) END))
	FROM (SELECT i, jsonb_build_object('$ref', '#/$defs/' || i + 1) AS r FROM generate_series(0, 20) i) x), '1');
\set VERBOSITY default
