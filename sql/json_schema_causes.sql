-- why no branch of an "anyOf" or "oneOf" holds: of events that each have a
-- kind and an action, the wrong member is named by the first branch
\set VERBOSITY terse
CREATE TEMP TABLE cause_schema AS SELECT '{
	"oneOf": [{"$ref": "#/$defs/order"}, {"$ref": "#/$defs/refund"}, {"$ref": "#/$defs/ping"}, {"type": "string"}, {"$ref": "#/$defs/stock"}],
	"$defs": {
		"order": {"oneOf": [
			{"type": "object", "required": ["action", "order", "sender"], "additionalProperties": false, "properties": {
				"action": {"type": "string", "enum": ["placed"]}, "order": {"$ref": "#/$defs/basket"}, "sender": {"$ref": "#/$defs/person"}}},
			{"type": "object", "required": ["action", "changes", "order", "sender"], "additionalProperties": false, "properties": {
				"action": {"type": "string", "enum": ["changed"]}, "changes": {"type": "object", "required": ["id"]},
				"order": {"$ref": "#/$defs/basket"}, "sender": {"$ref": "#/$defs/person"}}}]},
		"refund": {"oneOf": [
			{"type": "object", "required": ["action", "refund", "sender"], "additionalProperties": false, "properties": {
				"action": {"type": "string", "enum": ["asked", "paid"]},
				"refund": {"type": "object", "required": ["amount"], "properties": {"amount": {"type": "number", "minimum": 0}}},
				"order": {"$ref": "#/$defs/basket"}, "sender": {"$ref": "#/$defs/person"}}}]},
		"ping": {"type": "object", "required": ["zen"], "additionalProperties": false, "properties": {
			"zen": {"type": "string"}, "sender": {"$ref": "#/$defs/person"}}},
		"stock": {"type": "object", "required": ["shelf"], "properties": {
			"shelf": {"type": "string"}, "level": {"anyOf": [{"type": "integer"}, {"enum": ["none", "full"]}]}}, "additionalProperties": false},
		"basket": {"type": "object", "required": ["id", "lines"], "additionalProperties": false, "properties": {
			"id": {"type": "integer"}, "placed_at": {"oneOf": [{"type": "integer"}, {"type": "string", "minLength": 10}]},
			"licence": {"anyOf": [{"type": "null"}, {"type": "object", "required": ["key", "name", "url", "node"],
				"properties": {"key": {"type": "string"}}, "additionalProperties": false}]},
			"lines": {"type": "array", "items": {"type": "object", "required": ["sku", "count"], "additionalProperties": false,
				"properties": {"sku": {"type": "string"}, "count": {"type": "integer", "minimum": 1},
					"permission": {"type": "string", "enum": ["read", "write"]}}}}}},
		"person": {"type": "object", "required": ["login"], "additionalProperties": false, "properties": {
			"login": {"type": "string"}, "type": {"type": "string", "enum": ["User", "Bot"]}}}
	}
}'::jsonb AS s;
CREATE TEMP TABLE cause_event (kind text, d jsonb);
INSERT INTO cause_event VALUES
	('placed', '{"action": "placed", "sender": {"login": "ann", "type": "User"}, "order": {"id": 1, "placed_at": 17, "licence": null,
		"lines": [{"sku": "a", "count": 1}, {"sku": "b", "count": 2, "permission": "read"}]}}'),
	('changed', '{"action": "changed", "changes": {"id": 1}, "sender": {"login": "ann"}, "order": {"id": 1, "lines": []}}'),
	('paid', '{"action": "paid", "refund": {"amount": 1.5}, "order": {"id": 1, "lines": []}, "sender": {"login": "bob", "type": "Bot"}}'),
	('ping', '{"zen": "calm", "sender": {"login": "eve"}}'),
	('stock', '{"shelf": "A1", "level": "full"}');
SELECT kind, dpmeta.is_valid(s, d) FROM cause_event, cause_schema;

-- each place in each event
CREATE TEMP TABLE cause_place AS
	WITH RECURSIVE place AS (
		SELECT kind, '{}'::text[] AS path, d AS value FROM cause_event
		UNION ALL
		SELECT kind, path || c.key, c.value FROM place, LATERAL (
			SELECT * FROM jsonb_each(CASE jsonb_typeof(place.value) WHEN 'object' THEN place.value END)
			UNION ALL SELECT (n - 1)::text, e FROM jsonb_array_elements(
				CASE jsonb_typeof(place.value) WHEN 'array' THEN place.value END) WITH ORDINALITY a (e, n)) c)
	SELECT * FROM place WHERE path <> '{}';
-- broken in five ways
CREATE TEMP TABLE cause_break AS
	SELECT kind, how, path || coalesce(below, '{}') AS path, broken FROM cause_event JOIN cause_place USING (kind), LATERAL (VALUES
		('another type', NULL::text[], jsonb_set(d, path, CASE jsonb_typeof(value) WHEN 'object' THEN '"x"'::jsonb ELSE '{"x": 1}' END)),
		('an empty list', NULL, jsonb_set(d, path, '[]')),
		('another value', NULL, CASE jsonb_typeof(value) WHEN 'string' THEN jsonb_set(d, path, '"?"') END),
		('gone', NULL, d #- path),
		('a stranger', '{surplus}', CASE jsonb_typeof(value) WHEN 'object' THEN jsonb_insert(d, path || '{surplus}', '1') END)) b (how, below, broken);

-- does a row of no branch, or of the first one and the first one in that, name the place?
CREATE FUNCTION pg_temp.names(schema jsonb, document jsonb, path text[]) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	pointer text := '/' || array_to_string(path, '/');
	above text := regexp_replace(pointer, '/[^/]*$', '');
	r record;
	branches text[] := '{}';
	ended text[] := '{}';
	nested boolean := true;
BEGIN
	FOR r IN SELECT * FROM dpmeta.validate(schema, document) LOOP
		IF r.branch IS NOT NULL AND r.branch <> ALL (branches) THEN
			CONTINUE WHEN NOT nested;
			branches := branches || r.branch;
		END IF;
		nested := r.keyword IN ('anyOf', 'oneOf');
		IF r.instance_pointer = pointer OR
				(r.instance_pointer = above AND position('"' || path[cardinality(path)] || '"' IN r.message) > 0) THEN
			RETURN true;
		END IF;
	END LOOP;
	RETURN false;
END $$;
SELECT how, count(*) AS broken, count(*) FILTER (WHERE pg_temp.names(s, broken, path)) AS named
	FROM cause_break, cause_schema WHERE NOT dpmeta.is_valid(s, broken) GROUP BY how ORDER BY how COLLATE "C";
SELECT kind, how, path FROM cause_break, cause_schema WHERE NOT dpmeta.is_valid(s, broken) AND NOT pg_temp.names(s, broken, path) ORDER BY 1, 2, 3;

-- one wrong member with many faults in it, and a branch that does not know that member
SELECT branch, instance_pointer, message FROM cause_schema, cause_event, dpmeta.validate(s, jsonb_set(d, '{order, licence}', '{"x": 1}')) WHERE kind = 'placed' LIMIT 12;

-- several that hold are named, ten of them at most
SELECT message FROM dpmeta.validate('{"oneOf": [{"minimum": 1}, {"type": "string"}, {"maximum": 9}]}', '5');
SELECT message FROM dpmeta.validate(jsonb_build_object('$defs', '{"a": {"oneOf": [true, {}, {"type": "integer"}]}}'::jsonb, '$ref', '#/$defs/a'), '1');
SELECT message FROM dpmeta.validate(jsonb_build_object('oneOf', array_fill('{}'::jsonb, '{12}')), '1');

-- values in the schema's order, however many, and one alternative
SELECT message FROM dpmeta.validate('{"enum": ["write", "read", "admin", 3, 1, null, "all", "one", "two", "b", "a", "z", "y", "x"]}', '2');
SELECT message FROM dpmeta.validate('{"anyOf": [false]}', '2');
SELECT message FROM dpmeta.validate('{"oneOf": [{"type": "string"}]}', '2') WHERE branch IS NULL;

-- of more branches than are looked into, the first ones are
SELECT n, count(*) AS rows, count(branch) AS causes
	FROM (VALUES (1999), (2001), (10000)) v (n),
	LATERAL (SELECT jsonb_build_object('anyOf', (SELECT jsonb_agg(jsonb_build_object('const', i)) FROM generate_series(1, n) i)) AS s) x,
	LATERAL dpmeta.validate(s, '"x"') GROUP BY n ORDER BY n;
