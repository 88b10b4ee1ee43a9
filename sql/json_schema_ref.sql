-- schemas that are registered by URI
\set VERBOSITY terse
SELECT dpmeta.register_json_schema('https://example.org/name.json', '{"type": "string", "maxLength": 3}');
SELECT dpmeta.register_json_schema('https://example.org/person.json#',
	'{"properties": {"name": {"$ref": "name.json"}, "mother": {"$ref": "#"}}}');
SELECT dpmeta.is_valid_ref('https://example.org/person.json', '{"name": "Ann", "mother": {"name": "Eve"}}');
SELECT * FROM dpmeta.validate_ref('https://example.org/person.json', '{"name": "Ann", "mother": {"name": "Barbara"}}');

-- the pure functions know none of it
SELECT dpmeta.is_valid('{"$ref": "https://example.org/name.json"}', '1');

-- a change shows at once, to a statement that is prepared as well
PREPARE json_schema_ref AS SELECT dpmeta.is_valid_ref('https://example.org/person.json', '{"name": "Barbara"}');
EXECUTE json_schema_ref;
SELECT dpmeta.register_json_schema('https://example.org/name.json', '{"type": "string", "maxLength": 30}');
EXECUTE json_schema_ref;

-- and goes with its transaction
BEGIN;
SELECT dpmeta.register_json_schema('https://example.org/name.json', '{"type": "number"}');
EXECUTE json_schema_ref;
ROLLBACK;
EXECUTE json_schema_ref;

-- within one function, too
DO $$
BEGIN
	FOR i IN 1..3 LOOP
		PERFORM dpmeta.register_json_schema('https://example.org/name.json', jsonb_build_object('maxLength', 5 + i));
		RAISE NOTICE '% %', i, dpmeta.is_valid_ref('https://example.org/person.json', '{"name": "Barbara"}');
	END LOOP;
END
$$;

-- one that is wrong, or lost what it refers to
SELECT dpmeta.unregister_json_schema('https://example.org/name.json');
SELECT dpmeta.unregister_json_schema('https://example.org/name.json');
EXECUTE json_schema_ref;
SELECT dpmeta.is_valid_ref('https://example.org/nowhere', '1');
INSERT INTO dpmeta.json_schema (uri, schema) VALUES ('https://example.org/name.json', '{"type": 1}');
EXECUTE json_schema_ref;

-- one registered by another URI than its own "$id", which is its base by either
SELECT dpmeta.register_json_schema('https://example.org/as/x',
	'{"$id": "https://example.org/is/y", "$defs": {"a": {"$anchor": "a", "$ref": "z"}}}');
SELECT dpmeta.register_json_schema('https://example.org/is/z', '{"type": "null"}');
SELECT dpmeta.register_json_schema('https://example.org/user', '{"allOf": [{"$ref": "as/x"}, {"$ref": "as/x#a"}]}');
SELECT dpmeta.is_valid_ref('https://example.org/user', '1');

-- a dialect of one's own
SELECT dpmeta.register_json_schema('https://example.org/dialect', '{
	"$id": "https://example.org/dialect", "$schema": "https://json-schema.org/draft/2020-12/schema",
	"$vocabulary": {"https://json-schema.org/draft/2020-12/vocab/core": true,
		"https://json-schema.org/draft/2020-12/vocab/applicator": true,
		"https://example.org/vocab/unknown": false}}');
SELECT dpmeta.register_json_schema('https://example.org/in-dialect',
	'{"$schema": "https://example.org/dialect", "properties": {"a": {"type": "string"}, "b": false}}');
SELECT dpmeta.is_valid_ref('https://example.org/in-dialect', '{"a": 1}'), dpmeta.is_valid_ref('https://example.org/in-dialect', '{"b": 1}');

-- what cannot be registered
\set VERBOSITY default
SELECT dpmeta.register_json_schema('https://example.org/x',
	'{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": 1}');
SELECT dpmeta.register_json_schema('https://example.org/x#y', 'true');
SELECT dpmeta.register_json_schema('https://json-schema.org/draft/2020-12/schema', 'true');
SELECT dpmeta.is_valid_ref('https://example.org/x', '1');
\set VERBOSITY terse
SELECT dpmeta.register_json_schema(uri, 'true') FROM (VALUES ('name.json')) v (uri);
SELECT dpmeta.register_json_schema('', 'true');
SELECT dpmeta.register_json_schema('#', 'true');
SELECT dpmeta.register_json_schema('//example.org/x', 'true');
SELECT dpmeta.register_json_schema('https://example.org/x y', 'true');
SELECT dpmeta.register_json_schema('https://example.org/x##', 'true');
SELECT dpmeta.register_json_schema('https://json-schema.org/draft/2020-12/meta/core#', 'true');
SELECT dpmeta.register_json_schema('https://example.org/x', '[]');
SELECT count(*) FROM dpmeta.json_schema WHERE uri NOT LIKE 'https://example.org/%';
-- by a dialect of one's own, even one that is put right
SELECT dpmeta.register_json_schema('https://example.org/strict', '{"$schema": "https://example.org/strict",
	"$vocabulary": {"https://json-schema.org/draft/2020-12/vocab/core": true}, "allOf": [{"$ref": "nowhere"}]}');
SELECT dpmeta.register_json_schema('https://example.org/strict', '{"$schema": "https://example.org/strict#",
	"$vocabulary": {"https://json-schema.org/draft/2020-12/vocab/core": true,
		"https://json-schema.org/draft/2020-12/vocab/applicator": true}, "properties": {"a": false}}');
SELECT dpmeta.register_json_schema('https://example.org/in-strict', '{"$schema": "https://example.org/strict", "a": 1}');
SELECT dpmeta.unregister_json_schema('https://example.org/strict#');
SELECT dpmeta.register_json_schema('https://example.org/x', '{"$schema": 1}');
-- one that does not say of which draft it is, and is not one of ours
\set VERBOSITY default
SELECT dpmeta.register_json_schema('https://example.org/old', '{"definitions": {"a": {"$id": "#a", "type": "null"}}}');
SELECT dpmeta.is_valid_ref('https://example.org/old', '1');
\set VERBOSITY terse
-- one that says so is not to be judged by ours, nor used
SELECT dpmeta.register_json_schema('https://example.org/old',
	'{"$schema": "http://json-schema.org/draft-07/schema#", "definitions": {"a": {"$id": "#a", "type": "null"}}}');
SELECT dpmeta.is_valid_ref('https://example.org/old', '1');
-- a # at the end says nothing, wherever
SELECT dpmeta.is_valid_ref('https://example.org/in-dialect#', '{"a": 1}'), dpmeta.is_valid_ref('https://json-schema.org/draft/2020-12/schema#', '1');
SELECT schema_pointer FROM dpmeta.validate_ref('https://example.org/in-dialect#', '{"b": 1}');
SELECT dpmeta.is_valid_ref('https://example.org/in-dialect##', '1');

-- who may: readers ask, the owner registers
CREATE ROLE json_schema_ref_user;
SELECT dpmeta.grant_reader('json_schema_ref_user');
SET ROLE json_schema_ref_user;
SELECT dpmeta.is_valid_ref('https://example.org/in-dialect', '{"a": 1}');
SELECT count(*) FROM dpmeta.json_schema;
SELECT dpmeta.register_json_schema('https://example.org/x', 'true');
RESET ROLE;
SELECT dpmeta.revoke_reader('json_schema_ref_user');
DROP ROLE json_schema_ref_user;
SELECT count(dpmeta.unregister_json_schema(uri)) FROM (SELECT uri FROM dpmeta.json_schema OFFSET 0) s;
DEALLOCATE json_schema_ref;
