-- what a call site keeps from one call to the next is what the next one asks for

-- a variable of PL/pgSQL is another value in each round, though the planner
-- calls it stable
CREATE TABLE pg_temp.kept (n integer, schema jsonb, document jsonb, uri text);
INSERT INTO pg_temp.kept VALUES
	(1, '{"type": "string"}', '"a"', 'https://example.org/kept/string'),
	(2, '{"type": "string"}', '1', 'https://example.org/kept/string'),
	(3, '{"type": "number"}', '"a"', 'https://example.org/kept/number'),
	(4, '{"type": "number"}', '1', 'https://example.org/kept/number');
SELECT dpmeta.register_json_schema(k.uri, k.schema) FROM pg_temp.kept k WHERE k.n IN (1, 3);
DO $$
DECLARE
	row		pg_temp.kept;
	s		jsonb;
	valid	boolean;
BEGIN
	FOR row IN SELECT * FROM pg_temp.kept ORDER BY n LOOP
		s := row.schema;
		valid := dpmeta.is_valid(s, row.document);
		RAISE NOTICE '% is_valid % %, validate % %, is_valid_ref %, validate_ref %', row.n, valid,
			(SELECT dpmeta.is_valid(s, k.document) FROM pg_temp.kept k WHERE k.n = row.n),
			(SELECT count(*) FROM dpmeta.validate(s, row.document)),
			(SELECT count(*) FROM pg_temp.kept k, dpmeta.validate(s, k.document) WHERE k.n = row.n),
			dpmeta.is_valid_ref(row.uri, row.document),
			(SELECT count(*) FROM dpmeta.validate_ref(row.uri, row.document));
	END LOOP;
END $$;

-- the parameter of a SQL function and of a prepared statement
CREATE FUNCTION pg_temp.judge(s jsonb, d jsonb) RETURNS boolean LANGUAGE sql VOLATILE AS
	$$ SELECT dpmeta.is_valid(s, d) FROM generate_series(1, 2) LIMIT 1 $$;
SELECT n, pg_temp.judge(schema, document) FROM pg_temp.kept ORDER BY n;
SET plan_cache_mode = force_generic_plan;
PREPARE kept(jsonb, jsonb) AS SELECT dpmeta.is_valid($1, $2);
EXECUTE kept('{"type": "string"}', '1');
EXECUTE kept('{"type": "number"}', '1');
RESET plan_cache_mode;

-- a constant is one, in a CHECK and in a domain as well
CREATE DOMAIN pg_temp.small AS jsonb CHECK (dpmeta.is_valid('{"maxLength": 2}', VALUE));
CREATE DOMAIN pg_temp.tall AS jsonb CHECK (dpmeta.is_valid('{"minLength": 2}', VALUE));
SELECT count(d::pg_temp.small::jsonb::pg_temp.tall) FROM (VALUES ('"ab"'::jsonb), ('"cd"')) v(d);
SELECT d::pg_temp.small::jsonb::pg_temp.tall FROM (VALUES ('"ab"'::jsonb), ('"c"')) v(d);

-- what a subtransaction registered is gone with it, for the same call site too,
-- and with a snapshot that stays
CREATE FUNCTION pg_temp.ask() RETURNS boolean LANGUAGE plpgsql AS
	$$ BEGIN RETURN dpmeta.is_valid_ref('https://example.org/kept/number', '"a"'); END $$;
CREATE FUNCTION pg_temp.asked(OUT before boolean, OUT inside boolean, OUT after boolean) LANGUAGE plpgsql AS $$
BEGIN
	before := pg_temp.ask();
	BEGIN
		PERFORM dpmeta.register_json_schema('https://example.org/kept/number', '{"type": "string"}');
		inside := pg_temp.ask();
		RAISE division_by_zero;
	EXCEPTION WHEN division_by_zero THEN
		after := pg_temp.ask();
	END;
END $$;
SELECT * FROM pg_temp.asked();
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT * FROM pg_temp.asked();
COMMIT;
SELECT dpmeta.unregister_json_schema(uri) FROM (SELECT DISTINCT uri FROM pg_temp.kept) k;
