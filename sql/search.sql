-- search: data products, tables and columns by words
SET search_path = dpmeta, pg_catalog;
SET client_min_messages = warning;

CREATE FUNCTION pg_temp.product(name text, description text, domain text DEFAULT 'HQ', owner text DEFAULT 'qowner@example.org',
								tags jsonb DEFAULT '{}', status text DEFAULT 'draft') RETURNS jsonb
	LANGUAGE sql
	RETURN jsonb_build_object('name', name, 'description', description, 'domain', domain, 'dataProductOwner', owner,
		'dataProductOwnerDisplayName', 'Qwenda Qowner', 'email', 'o@example.org', 'status', status, 'retentionPeriod', 1,
		'dpiaRequired', false, 'tags', tags);
CREATE FUNCTION pg_temp.table_of(description text, VARIADIC columns text[]) RETURNS jsonb
	LANGUAGE sql
	RETURN jsonb_build_object('tableDescription', description, 'columns', (
		SELECT coalesce(jsonb_agg(jsonb_build_object('name', split_part(c, ' ', 1), 'type', split_part(c, ' ', 2),
			'description', substring(c from '^\S+ \S+ ?(.*)$'))), '[]')
		FROM unnest(columns) c));
CREATE VIEW pg_temp.unlike AS
	(SELECT product_id, table_name, part, words FROM search_entry EXCEPT SELECT * FROM searchable())
	UNION ALL
	(SELECT * FROM searchable() EXCEPT SELECT product_id, table_name, part, words FROM search_entry);

SELECT id FROM sync_data_product(pg_temp.product('qorders', 'What was qbought, by whom and when', tags => '{"qlevel": "qgold"}'), jsonb_build_object(
	'qlines', pg_temp.table_of('One row for each thing that was qbought', 'qid int', 'qprice decimal(10,2) what a qthing costs', 'qbuyer string who qbought it'),
	'qreturns', pg_temp.table_of('What came back', 'qid int', 'qreason string')));
SELECT id FROM sync_data_product(pg_temp.product('qoffences', 'Records of the courts of qorder', 'LAA', 'other@example.org', status => 'published'), jsonb_build_object(
	'qcases', pg_temp.table_of('', 'qid int', 'the_of string', 'qorder int')));

-- a name before a description, a description before an owner, and that before tags
SELECT rank, kind, id, name, found_in, headline, total, total_is_exact FROM search('qorder');
SELECT rank, kind, id, name, found_in, headline FROM search('qbought');
SELECT rank, kind, id, name, found_in, headline FROM search('qowner');
SELECT rank, kind, id, name, found_in, headline FROM search('qgold');
-- all words must be there; the last one may be a beginning, others not
SELECT kind, id, name FROM search('qthing qpri');
SELECT kind, id, name FROM search('qpri qthing');
-- forms of a word, whichever is written where
SELECT kind, name FROM search('QOFFENCE court') ORDER BY 1, 2;
SELECT kind, name FROM search('thing each') ORDER BY 1, 2;
-- filters
SELECT kind, name FROM search('qid', domain => 'LAA');
SELECT kind, name FROM search('qid', owner => 'qowner@example.org', tag => 'qlevel:qgold');
SELECT kind, name FROM search('qid', status => 'published');
-- words that are too common find names
SELECT kind, id, name, found_in FROM search('the of');
SELECT document->>'total' AS total, document->'ignored' AS ignored FROM search_page('the of');
SELECT document->>'total' AS total, document->'ignored' AS ignored FROM search_page('the qcases of');
-- in pages, each hit once
DO $$
DECLARE
	all_hits	text[] := ARRAY(SELECT concat(s.kind, s.id, s.name) FROM dpmeta.search('q') s);
	paged		text[] := '{}';
	page		record;
	after		text;
BEGIN
	LOOP
		SELECT * INTO page FROM dpmeta.search_page('q', page_size => 3, after => after);
		paged := paged || ARRAY(SELECT concat(h->>'kind', h->>'id', h->>'name') FROM json_array_elements(page.document->'hits') h);
		EXIT WHEN page.next IS NULL;
		after := page.next;
	END LOOP;
	IF paged <> all_hits OR cardinality(paged) < 10 THEN
		RAISE 'pages have %, not %', paged, all_hits;
	END IF;
END
$$;
SELECT document FROM search_page('qlines', after => (SELECT cursor FROM search('qlines') LIMIT 1));
-- what may have been meant: a letter too few, too many, another one, two that changed places, two that differ
SELECT q, document->>'total' AS total, document->>'didYouMean' AS "did you mean"
FROM unnest(ARRAY['qordrs', 'qorderss', 'qoxders', 'qodrers', 'qoffennces qoreder', 'qofencez', 'xyzzy', 'qlines', 'qcases qreturns', 'the']) q
CROSS JOIN LATERAL search_page(q);
SELECT document->>'didYouMean' AS "not where filters leave nothing" FROM search_page('qordrs', status => 'retired');
-- whatever is asked is no error
SELECT q, count(s.kind) FROM unnest(ARRAY['', '  ', '&', '!qorders', 'qorders & !(', '''', '\', '<->', 'qorders:*', '"qorders', 'qa:qb:qc', E'\t\n', '((', '%', '-']) q
LEFT JOIN LATERAL search(q) s ON true GROUP BY q ORDER BY q COLLATE "C";
SELECT count(*) > 10 AS many FROM search(repeat('q ', 1000));
SELECT count(*) FROM search(repeat('q', 2000));
SELECT jsonb_array_length((document->'ignored')::jsonb) FROM search_page((SELECT string_agg('q' || i, ' ') FROM generate_series(1, 100) i));
-- but what is malformed is refused
\set SHOW_CONTEXT never
DO $$
DECLARE
	call		text;
	hint		text;
BEGIN
	FOREACH call IN ARRAY ARRAY['repeat(''q'', 2001)', 'NULL', '''q'', page_size => 0', '''q'', page_size => 1001', '''q'', after => ''x''',
		'''q'', domain => ''x''', '''q'', status => ''x''', '''q'', tag => ''x''', '''q'', after => ''1.1.qorders..99999999''']
	LOOP
		BEGIN
			EXECUTE 'SELECT dpmeta.search(' || call || ')';
			RAISE 'took %', call;
		EXCEPTION WHEN SQLSTATE 'MD010' THEN
			GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
			RAISE WARNING '%: %: %', call, left(SQLERRM, 60), hint;
		END;
	END LOOP;
END
$$;
\set SHOW_CONTEXT errors
-- the store keeps up with every kind of write
TABLE pg_temp.unlike;
SELECT id FROM update_schema('dp:qorders:qlines', pg_temp.table_of('One row for each thing', 'qid int', 'qnew_one string', 'qprice decimal(10,2)'));
SELECT kind, id, name FROM search('qbuyer');
SELECT kind, id, name FROM search('qnew');
SELECT id FROM update_data_product('dp:qorders', pg_temp.product('x', 'Of qmoney') - 'name');
SELECT kind, id, name FROM search('qmoney');
SELECT id FROM delete_schema('dp:qorders:qreturns');
SELECT kind, name FROM search('qreason');
TABLE pg_temp.unlike;
-- maintenance of an older major is not current
SELECT id FROM update_data_product('dp:qorders:v1', pg_temp.product('x', 'Of qold') - 'name');
SELECT count(*) FROM search('qold');
TABLE pg_temp.unlike;
-- a version away, and back
SELECT FROM delete_data_product('dp:qorders:v3');
SELECT kind, id, name FROM search('qreason');
TABLE pg_temp.unlike;
SELECT FROM restore_data_product('dp:qorders:v3');
SELECT kind, id, name FROM search('qreason');
TABLE pg_temp.unlike;
-- the product away, and back, and registered anew
SELECT FROM delete_data_product('dp:qoffences');
SELECT count(*) FROM search('qoffences');
SELECT count(*) FROM search('qcases');
TABLE pg_temp.unlike;
SELECT FROM restore_data_product('dp:qoffences');
SELECT kind, id FROM search('qcases');
SELECT FROM delete_data_product('dp:qoffences');
SELECT id FROM register_data_product(pg_temp.product('qoffences', 'Anew'));
SELECT kind, id FROM search('qoffences');
SELECT kind, id FROM search('qcases');
TABLE pg_temp.unlike;
SELECT purge_data_product('qorders');
SELECT count(*) FROM search('qmoney');
TABLE pg_temp.unlike;
-- only what differs is written
SELECT id FROM register_schema('dp:qoffences:qwide', jsonb_build_object('tableDescription', 'qwide', 'columns', (
	SELECT jsonb_agg(jsonb_build_object('name', 'qc' || i, 'type', 'int', 'description', '')) FROM generate_series(1, 100) i)));
CREATE TEMP TABLE before AS SELECT part, ctid AS place FROM search_entry WHERE table_name = 'qwide';
SELECT id FROM patch_schema('dp:qoffences:qwide', jsonb_build_object('columns', (
	SELECT jsonb_agg(jsonb_build_object('name', 'qc' || i, 'type', 'int', 'description', CASE WHEN i = 20 THEN 'qtwenty' ELSE '' END)) FROM generate_series(1, 100) i)));
SELECT part FROM search_entry e JOIN before b USING (part) WHERE table_name = 'qwide' AND e.ctid <> b.place;
SELECT name, headline FROM search('qtwenty');
SELECT id FROM patch_schema('dp:qoffences:qwide', jsonb_build_object('columns', (
	SELECT jsonb_agg(jsonb_build_object('name', 'qc' || i, 'type', 'int', 'description', '')) FROM generate_series(1, 17) i)));
SELECT part FROM search_entry WHERE table_name = 'qwide' ORDER BY 1;
TABLE pg_temp.unlike;
-- long texts are cut, and what they begin with is found
SELECT id FROM update_data_product('dp:qoffences', pg_temp.product('x', 'qfirst ' || repeat('ex ', 20000)) - 'name');
SELECT kind, left(headline, 30) FROM search('qfirst');
SELECT id FROM register_schema('dp:qoffences:qlong', jsonb_build_object('tableDescription', '', 'columns', (
	SELECT jsonb_agg(jsonb_build_object('name', 'qlong' || i, 'type', 'int', 'description', (
		SELECT string_agg(to_hex(i * 100000 + j), ' ') FROM generate_series(1, 9000) j))) FROM generate_series(1, 16) i)));
SELECT count(*), max(pg_column_size(words)) < 1000000 AS fits FROM search_entry WHERE table_name = 'qlong';
SELECT name FROM search('qlong16');
-- the words that were found are marked, and stand in the piece that is shown
SELECT id FROM patch_data_product('dp:qoffences', jsonb_build_object('description',
	repeat('word ', 100) || E'of\n\n qfar, far away ' || repeat('word ', 100)));
SELECT headline FROM search('qfar away');
-- an index finds them, whatever the statistics say of the others
BEGIN;
SET LOCAL enable_seqscan = off;
ALTER TABLE search_entry DROP CONSTRAINT search_entry_pkey;
EXPLAIN (COSTS OFF) SELECT FROM search_entry e WHERE e.part = 0 AND e.words @@ '''q'':*';
EXPLAIN (COSTS OFF) SELECT FROM search_entry e WHERE e.part > 0 AND e.words @@ '''q'':*';
ROLLBACK;
SELECT name, violations FROM dpmeta.check() WHERE name ~ '^search' ORDER BY 1;
BEGIN;
UPDATE search_entry SET words = '' WHERE table_name = 'qwide' AND part = 1;
DELETE FROM search_entry WHERE table_name = '' AND product_id = (SELECT product_id FROM product WHERE name = 'qoffences');
SELECT name, violations, example FROM dpmeta.check() WHERE name ~ '^search' ORDER BY 1;
ROLLBACK;
SELECT purge_data_product('qoffences');
