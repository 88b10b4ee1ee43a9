-- letters of any language, in IDs, types, names and documents
-- Of other encodings a database cannot hold this, or counts it otherwise.  There,
-- this test says so and no more: expected/NAME_1.out.
SELECT getdatabaseencoding() <> 'UTF8' AS other \gset
\if :other
\echo skipped: it needs a database in UTF8
\quit
\endif
CREATE SCHEMA unicode_test;
SET search_path = unicode_test, dpmeta;

-- The error that casting a text to a type raises; NULL when it is valid.
CREATE FUNCTION refusal(input text, type regtype, OUT state text, OUT message text,
	OUT detail text)
LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('SELECT $1::%s', type) USING input;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT,
		detail = PG_EXCEPTION_DETAIL;
END
$$;

SELECT input, r.state, r.message
FROM unnest(ARRAY['dp:é', 'dp:x:é', 'dp:x:v١']) AS input, refusal(input, 'dpid') AS r;
SELECT input, r.state, r.message
FROM unnest(ARRAY['v١.٠', 'é', 'v1.0é']) AS input, refusal(input, 'dpversion') AS r;
SELECT input, r.state, r.detail
FROM unnest(ARRAY['é', 'arrayé', 'int é', 'struct<é:inté>', 'struct<a€:int>', 'struct<ée×:int>',
	'struct<naïve:int,x:struct<été:int,ÉTÉ:int>>',
	-- an accent as a character of its own, and as part of one
	E'struct<e\u0301t:int,\u00c9T:int>', 'struct<ΣΑΣ:int,σας:int>', 'struct<ﬁ😀:int>']) AS input,
	refusal(input, 'column_type') AS r;
-- fields keep their letters; those that differ in more than case are two
SELECT input::column_type
FROM unnest(ARRAY['STRUCT<é:INT>', 'struct<Straße:int,STRASSE:int>', 'struct<日本-語:int,имя$:string>',
	'struct<हिन्दी:int,١٢:int>', 'struct<ı:int,i:int>', E'struct<e\u0301:int>']) AS input;
-- of one name, 128 characters and no more
SELECT n, r.state, r.detail
FROM unnest(ARRAY[128, 129]) AS n,
	refusal('struct<' || repeat('é', n) || ':int>', 'column_type') AS r;
-- the part around a fault is cut between characters
SELECT r.detail
FROM refusal('struct<' || repeat('é', 100) || ':int,b:foo,' || repeat('ü', 100) || ':int>', 'column_type') AS r;

-- what is long is cut, between characters
SELECT r.state, length(r.message), r.message LIKE '%éé...'
FROM refusal('dp:' || repeat('é', 1000000), 'dpid') AS r;
SELECT r.state, length(r.message), r.message LIKE '%éé..."'
FROM refusal('v1.' || repeat('é', 1000000), 'dpversion') AS r;
SELECT r.state, length(r.message), r.detail
FROM refusal(repeat('é', 1000000), 'column_type') AS r;
-- and may end inside a character, which is then the one told of
SELECT r.state, r.detail FROM refusal(repeat('a', 65535) || 'é', 'column_type') AS r;

-- names of tables and columns, which fold to one character for each
CREATE SCHEMA unicode_tables;
CREATE TABLE unicode_tables."Übung" ("ß" text, "É" text);
CREATE FUNCTION faults(fold boolean) RETURNS TABLE (pointer text, fault text)
LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	PERFORM register_catalog_schema('unicode_tables', '{"domain": "HQ", "description": "d",
		"dataProductOwner": "o@x.org", "dataProductOwnerDisplayName": "O", "email": "o@x.org",
		"retentionPeriod": 1, "dpiaRequired": false}', fold_names => fold);
EXCEPTION WHEN SQLSTATE 'MD007' THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN QUERY SELECT f->>'pointer', f->>'message' FROM jsonb_array_elements(detail::jsonb) f;
END
$$;
SELECT * FROM faults(false);
SELECT * FROM faults(true);
ALTER TABLE unicode_tables."Übung" DROP COLUMN "É";
SELECT * FROM faults(true);
SELECT table_name, jsonb_path_query_array(columns, '$[*].name') AS columns
FROM schemas WHERE data_product = 'unicode_tables' AND is_current;

-- lengths are of characters, and formats know letters of any language
SELECT keyword, message FROM (VALUES
	('{"maxLength": 1}', '"😀😀"'), ('{"minLength": 2}', '"😀"'),
	('{"pattern": "^[a-z]+$", "maxLength": 3}', '"Über"')) AS v (schema, document),
	validate(schema::jsonb, document::jsonb);
SELECT * FROM (VALUES
	('iri', 'https://é.example/ü', true),
	('idn-hostname', '실례.테스트', true), ('idn-hostname', U&'caf\00E9', true),
	('idn-hostname', U&'cafe\0301', false), ('idn-hostname', 'xn--cafe-yvc', false), ('idn-hostname', U&'x\0301', true),
	('iri', U&'a:\D7FF\FFEF\+010000\+0EFFFD', true), ('iri', U&'a:\0080', false), ('iri', U&'a:\FDD0', false),
	('iri', U&'a:\FFFD', false), ('iri', U&'a:\+01FFFE', false), ('iri', U&'a:\+0E0FFF', false),
	('iri', U&'a:?\E000\+10FFFD', true), ('iri', U&'a:?\+0FFFFF', false), ('iri', U&'a:\E000', false),
	('iri-reference', U&'#\+0F0000', false), ('iri-reference', U&'//\F8FF/', false)) f (format, text, valid)
WHERE is_valid(jsonb_build_object('format', format), to_jsonb(text), true) <> valid;

SET client_min_messages = warning;
DROP SCHEMA unicode_test, unicode_tables CASCADE;
