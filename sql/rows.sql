-- rows against the contract of their table
SET search_path = dpmeta, public;
SELECT (put_contract('dp:rows', '{"description":"d","domain":"OPG",
	"dataProductOwner":"o","dataProductOwnerDisplayName":"O","email":"e@example.org","status":"draft","retentionPeriod":1,"dpiaRequired":false,
	"tables":[{"name":"t","tableDescription":"T","columns":[{"name":"id","type":"int","description":"","required":true},
		{"name":"price","type":"decimal(5,2)","description":""},{"name":"at","type":"timestamp","description":""},
		{"name":"b","type":"binary","description":""},{"name":"f","type":"double","description":""}]}]}')).kind;
SELECT is_valid_row('dp:rows:t', '{"id":1}'), is_valid_row('dp:rows:v1:t', '{"id":null}'), is_valid_row('dp:rows:v1.0:t', '{"id":1,"x":2}');
SELECT is_valid_row('dp:rows:none', '{}');
SELECT is_valid_row('dp:rows', '{}');
SELECT jsonb_pretty(validate_lines('dp:rows:t', E'{"id":1,"price":1.5}\r\n\n{"id":"x","price":1.555,"more":1}\n{"id":1\n7\n')::jsonb);
SELECT validate_lines('dp:rows:t', '[{"id":1},{"id":2.5}]'), validate_lines('dp:rows:t', ''), validate_lines('dp:rows:t', '[]');
SELECT r->'rows' AS rows, r->'valid' AS valid, jsonb_array_length(r->'faults') AS faults, r->'truncated' AS truncated
	FROM (SELECT validate_lines('dp:rows:t', (SELECT string_agg('{"id":"x"}', E'\n') FROM generate_series(1, 1500)))::jsonb) v(r);
SELECT r->'truncated' AS truncated FROM (SELECT validate_lines('dp:rows:t', E'{"id":""}\n{"id":""}', 2)::jsonb) v(r);
-- a live table
CREATE TABLE rows_live (id int, price numeric, at timestamp, b bytea, f float8);
INSERT INTO rows_live VALUES (1, 1.25, '2026-01-31 09:30', '\x00ff', 0.1), (NULL, 1000, NULL, NULL, NULL), (3, NULL, now()::timestamp, '', 1e300);
SELECT * FROM validate_rows('dp:rows:t', 'rows_live');
SELECT * FROM validate_query('dp:rows:t', 'SELECT id::text AS id, 1 AS n FROM rows_live ORDER BY id', most => 2);
-- in a trigger
CREATE FUNCTION rows_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NOT dpmeta.is_valid_row('dp:rows:t', to_jsonb(NEW)) THEN
		RAISE 'not by contract';
	END IF;
	RETURN NEW;
END
$$;
CREATE TRIGGER rows_check BEFORE INSERT ON rows_live FOR EACH ROW EXECUTE FUNCTION rows_check();
INSERT INTO rows_live (id) VALUES (4);
INSERT INTO rows_live (price) VALUES (4);
DROP TABLE rows_live;
DROP FUNCTION rows_check();
