-- the output formats of the specification: section 12 of its core
\set VERBOSITY terse
SELECT dpmeta.register_json_schema('https://example.org/shape.json', '{
	"$id": "https://example.org/shape.json", "type": "object", "required": ["kind"],
	"properties": {"size": {"$ref": "size.json"}, "inner": {"$dynamicRef": "#shape"}},
	"$dynamicAnchor": "shape",
	"$defs": {"size": {"$id": "size.json", "type": "object", "additionalProperties": {"$ref": "#/$defs/length"},
		"$defs": {"length": {"type": "number", "minimum": 0}}}}}');

-- what the formats have to look like: a unit says where and why; behind a
-- reference it also says where the keyword stands, if the schema has a URI
CREATE TEMP TABLE output_schema AS SELECT '{
	"$defs": {
		"unit": {
			"type": "object",
			"required": ["valid", "keywordLocation", "instanceLocation"],
			"properties": {
				"valid": {"const": false},
				"keywordLocation": {"type": "string", "format": "json-pointer"},
				"instanceLocation": {"type": "string", "format": "json-pointer"},
				"absoluteKeywordLocation": {"type": "string", "format": "uri", "pattern": "#",
					"not": {"pattern": "[$](dynamicRef|recursiveRef|ref)/"}},
				"error": {"type": "string", "minLength": 1},
				"errors": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/unit"}}
			},
			"additionalProperties": false,
			"anyOf": [{"required": ["error"]}, {"required": ["errors"]}]
		},
		"named": {"properties": {
			"keywordLocation": {"$comment": "all behind a reference"},
			"errors": {"items": {"$ref": "#/$defs/named"}}},
			"if": {"properties": {"keywordLocation": {"pattern": "[$](dynamicRef|recursiveRef|ref)(/|$)"}}},
			"then": {"required": ["absoluteKeywordLocation"]}},
		"root": {"$ref": "#/$defs/unit", "required": ["errors"],
			"properties": {"keywordLocation": {"const": ""}, "instanceLocation": {"const": ""}, "error": false}},
		"flag": {"properties": {"valid": {"type": "boolean"}}, "required": ["valid"], "additionalProperties": false},
		"basic": {"$ref": "#/$defs/root", "properties": {"errors": {"items": {"required": ["error"], "properties": {"errors": false}}}}},
		"nested": {"if": {"not": {"required": ["error"]}}, "then": {"properties": {"errors": {"minItems": 2}}},
			"properties": {"errors": {"items": {"$ref": "#/$defs/nested"}}}},
		"detailed": {"$ref": "#/$defs/root", "properties": {"errors": {"items": {"$ref": "#/$defs/nested"}}}}
	}
}'::jsonb AS s;

CREATE TEMP TABLE output_case (name text, uri text, schema jsonb, document jsonb);
INSERT INTO output_case VALUES
	('one fault', NULL, '{"type": "string"}', '1'),
	('the schema false', NULL, 'false', '1'),
	('members and elements', NULL, '{"properties": {"a/b~c": {"items": {"minimum": 3, "multipleOf": 2}}, "z": false}}',
		'{"a/b~c": [1, 4, -1], "z": 1}'),
	('two schemas on the way', NULL, '{"allOf": [{"properties": {"a": {"type": "string", "enum": ["x"]}}}, {"required": ["b"]}]}', '{"a": 1}'),
	('branches in branches', NULL, '{"oneOf": [{"anyOf": [{"type": "string"}, {"minimum": 5, "multipleOf": 2}]}, {"type": "null"}]}', '1'),
	('a reference, and no URI', NULL, '{"$ref": "#/$defs/a", "$defs": {"a": {"type": "object", "minProperties": 1, "required": ["b"]}}}', '{}'),
	('a reference, and a URI', 'https://example.org/a', '{"$id": "https://example.org/a", "properties": {"x": {"$ref": "b#/$defs/c"}},
		"$defs": {"b": {"$id": "b", "$defs": {"c": {"minProperties": 1, "required": ["d"]}}}}}', '{"x": {}}'),
	('then and dependentSchemas', NULL, '{"if": true, "then": {"minProperties": 3}, "dependentSchemas": {"a": {"maxProperties": 0}}}', '{"a": 1}'),
	('draft-07', NULL, '{"$schema": "http://json-schema.org/draft-07/schema#", "items": [{"type": "string"}], "additionalItems": false}', '[1, 2]'),
	('registered', 'https://example.org/shape.json', NULL, '{"size": {"h": -1, "w": "1"}, "inner": {"inner": []}}');

CREATE TEMP VIEW output AS SELECT name, uri, f AS format, CASE WHEN schema IS NULL
		THEN dpmeta.validate_output_ref(uri, document, f) ELSE dpmeta.validate_output(schema, document, f) END AS o
	FROM output_case, unnest('{flag, basic, detailed}'::text[]) f;

-- each is of its format, and a schema with a URI says where its keywords stand
SELECT name, format, v.instance_pointer, v.message FROM output, output_schema, dpmeta.validate(
	s || jsonb_build_object('$ref', '#/$defs/' || format), o, true) v;
SELECT name, format, v.instance_pointer FROM output, output_schema, dpmeta.validate(
	s || '{"$ref": "#/$defs/named"}', o, true) v WHERE uri IS NOT NULL AND format <> 'flag';

-- the format's schema finds what is wrong
SELECT dpmeta.is_valid(s || '{"$ref": "#/$defs/basic"}', o, true) FROM output_schema, (VALUES
	('{"valid": false, "keywordLocation": "", "instanceLocation": "", "errors": [{"valid": false, "keywordLocation": "/a", "instanceLocation": "b", "error": "x"}]}'::jsonb),
	('{"valid": false, "keywordLocation": "", "instanceLocation": "", "errors": [{"valid": false, "keywordLocation": "/a", "instanceLocation": ""}]}')) t (o);

-- basic and detailed tell what validate() tells
WITH told AS (
	SELECT name, format, e ->> 'instanceLocation' AS place, e ->> 'error' AS message
		FROM output, jsonb_path_query(o, 'strict $.** ? (exists(@.error))') e WHERE format <> 'flag'),
rows AS (
	SELECT name, f AS format, v.instance_pointer AS place, v.message
		FROM output_case, unnest('{basic, detailed}'::text[]) f, LATERAL (
			SELECT * FROM dpmeta.validate(schema, document) WHERE schema IS NOT NULL
			UNION ALL SELECT * FROM dpmeta.validate_ref(uri, document) WHERE schema IS NULL) v)
(SELECT 'not told' AS what, * FROM (TABLE rows EXCEPT ALL TABLE told) r)
UNION ALL (SELECT 'no fault', * FROM (TABLE told EXCEPT ALL TABLE rows) t);

SELECT format, jsonb_pretty(o) FROM output WHERE name = 'registered';
SELECT format, jsonb_pretty(o) FROM output WHERE name = 'a reference, and a URI' AND format = 'detailed';

-- the schema "false" by its dialect, an argument, and arguments that are none
SELECT dpmeta.validate_output('{"items": [{"type": "string"}]}', '[1]', 'flag', false, 'draft-07');
SELECT dpmeta.validate_output_ref('https://example.org/shape.json', '{"kind": 1}'), dpmeta.validate_output_ref('https://example.org/shape.json', '[]', 'flag');
SELECT dpmeta.validate_output_ref('https://example.org/shape.json', '[]', 'verbose');
SELECT dpmeta.validate_output_ref('https://example.org/none.json', '[]');
SELECT dpmeta.validate_output_ref('https://example.org/shape.json', '[]', 'flag', false, 'draft-05');

-- the schema may differ from call to call, and the format
SELECT s, f, dpmeta.validate_output(s::jsonb, '1', f) -> 'valid' AS valid, (SELECT count(*) FROM dpmeta.validate(s::jsonb, '1')) AS faults
	FROM unnest('{"{\"type\": \"string\"}", "{\"type\": \"number\"}", "false"}'::text[]) s, unnest('{flag, basic}'::text[]) f;

SELECT dpmeta.unregister_json_schema('https://example.org/shape.json');

-- a place as a fragment of a URI
SELECT dpmeta.validate_output('{"$id": "http://e.x/r", "properties": {"50% \"^|#?a~b": {"type": "string"}}}', '{"50% \"^|#?a~b": 1}') #>> '{errors,0,absoluteKeywordLocation}' AS location;
