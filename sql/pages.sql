-- lists in pages: each entry once, however long they are
SET search_path = dpmeta, public;
-- all of it goes again at the end
\set ON_ERROR_ROLLBACK on
BEGIN;
\set doc '{"description":"d","domain":"HMCTS","dataProductOwner":"o@example.org","dataProductOwnerDisplayName":"O","email":"e@example.org","status":"draft","retentionPeriod":1,"dpiaRequired":false}'

-- 25 versions: 1.0 to 1.21, 2.0 to 2.2, one of them deleted
SELECT count(*) FROM register_data_product(:'doc'::jsonb || '{"name":"pages_many"}');
SELECT count(r) FROM generate_series(1, 20) n, LATERAL patch_data_product('dp:pages_many', jsonb_build_object('retentionPeriod', n + 1)) r;
SELECT id FROM register_schema('dp:pages_many:t', '{"tableDescription": "t", "columns": []}');
SELECT id FROM delete_schema('dp:pages_many:t');
SELECT count(r) FROM generate_series(1, 2) n, LATERAL patch_data_product('dp:pages_many', jsonb_build_object('retentionPeriod', n + 50)) r;
SELECT id FROM delete_data_product('dp:pages_many:v1.7');

-- All pages of a list of versions, each with how many it has.
CREATE FUNCTION public.pages_of(id dpid, page_size integer, deleted boolean)
	RETURNS TABLE (page integer, rows integer, bytes integer, versions text[], document jsonb)
	LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
	answer	record;
	after	dpversion;
BEGIN
	page := 0;
	LOOP
		SELECT * INTO answer FROM list_versions($1, $3, $2, after);
		page := page + 1;
		document := answer.document;
		rows := jsonb_array_length(document);
		bytes := octet_length(answer.document::text);
		versions := ARRAY(SELECT e->>'version' FROM jsonb_array_elements(document) e);
		RETURN NEXT;
		EXIT WHEN answer.next IS NULL;
		after := answer.next;
	END LOOP;
END
$$;
SELECT page, rows, versions FROM pages_of('dp:pages_many', 10, false);
SELECT page, rows, versions FROM pages_of('dp:pages_many:v1', 8, true);
SELECT page, rows, versions FROM pages_of('dp:pages_many', 24, false);
SELECT page, rows, versions[1] FROM pages_of('dp:pages_many', 1000, true);
SELECT page, rows, versions FROM pages_of('dp:pages_many:v2.1', 1, true);
-- the cursor's version need not be there, nor be of this list
SELECT document FROM list_versions('dp:pages_many', after => 'v1.0');
SELECT document->0->>'version' AS first, next FROM list_versions('dp:pages_many', after => 'v1.7', page_size => 2);
SELECT document->0->>'version' AS first FROM list_versions('dp:pages_many:v1', after => 'v9.9', page_size => 2);
-- 50 by default, 1 to 1000
SELECT document::jsonb->0 - 'created' - 'actor' AS entry, next FROM list_versions('dp:pages_many');
SELECT json_array_length(document) FROM list_versions('dp:pages_many', page_size => NULL);
SELECT list_versions('dp:pages_many', page_size => 0);
SELECT list_versions('dp:pages_many', page_size => 1001);
SELECT list_changes('dp:pages_many', 'v1.0', after => -1);

-- 600 columns change in each of 70 versions: 90 kB of changes a version, of which 64 are shown
CREATE FUNCTION public.pages_columns(type text, count integer) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('tableDescription', 't', 'columns',
		jsonb_agg(jsonb_build_object('name', 'column_with_a_long_name_' || n, 'type', type, 'description', '')))
	FROM generate_series(1, $2) n
$$;
SELECT id FROM register_data_product(:'doc'::jsonb || '{"name":"pages_long"}');
SELECT id FROM register_schema('dp:pages_long:t', public.pages_columns('int', 600));
SELECT count(r) FROM generate_series(1, 70) n, LATERAL update_schema('dp:pages_long:t', public.pages_columns(format('decimal(38,%s)', n % 38), 600)) r;
SELECT page, rows, bytes < 5 * 1024 * 1024 AS bounded, versions[1] AS first FROM pages_of('dp:pages_long', 1000, false);
-- none is left out
SELECT count(*), count(DISTINCT v), min(v::dpversion), max(v::dpversion) FROM pages_of('dp:pages_long', 50, false), unnest(versions) v;
-- it says how many there are, has the first ones and says so
SELECT (e->>'version') AS version, e->>'from' AS "from", e->'changeCount' AS count,
	jsonb_array_length(e->'changes') BETWEEN 1 AND 599 AS some, e->'truncated' AS truncated,
	e->'changes'->0 AS first
FROM list_versions('dp:pages_long', page_size => 1) r, jsonb_array_elements(r.document::jsonb) e;

-- a difference in pages: each change once, in order, and what it is of the whole
SELECT id FROM register_data_product(:'doc'::jsonb || '{"name":"pages_wide"}');
SELECT id FROM register_schema('dp:pages_wide:t', public.pages_columns('int', 9800));
SELECT id FROM update_schema('dp:pages_wide:t', public.pages_columns('bigint', 9800));
SELECT id FROM update_schema('dp:pages_wide:t',
	(SELECT jsonb_set(public.pages_columns('string', 9800), '{columns}', jsonb_agg(c || jsonb_build_object('description', repeat(md5(c->>'name'), 30))))
	 FROM jsonb_array_elements(public.pages_columns('string', 9800)->'columns') c));
CREATE FUNCTION public.difference_of(id dpid, from_version dpversion)
	RETURNS TABLE (page integer, after integer, bytes integer, document jsonb)
	LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
	answer	record;
BEGIN
	page := 0;
	after := 0;
	LOOP
		SELECT * INTO answer FROM list_changes($1, $2, after);
		page := page + 1;
		document := answer.document;
		bytes := octet_length(answer.document::text);
		RETURN NEXT;
		EXIT WHEN answer.next IS NULL;
		after := answer.next;
	END LOOP;
END
$$;
CREATE TABLE public.pages_wide AS SELECT * FROM difference_of('dp:pages_wide', 'v2.0');
SELECT page, bytes < 5 * 1024 * 1024 AS bounded, document->'kind' AS kind,
	document->'changeCount' AS count, jsonb_array_length(document->'changes') > 0 AS some,
	document->'truncated' AS more
FROM pages_wide;
SELECT count(*), count(DISTINCT c), string_agg(c->>'column', ',' ORDER BY page, n) =
		(SELECT string_agg(format('column_with_a_long_name_%s,column_with_a_long_name_%1$s', n), ',' ORDER BY n) FROM generate_series(1, 9800) n) AS in_order
FROM pages_wide d, jsonb_array_elements(d.document->'changes') WITH ORDINALITY x(c, n);
SELECT document FROM list_changes('dp:pages_wide', 'v2.0', after => 2147483647);
SELECT document, next FROM list_changes('dp:pages_many', 'v1.0');

-- a page of data products ends early when their documents are long
SELECT count(r) FROM generate_series(1, 5) i, LATERAL sync_data_product(:'doc'::jsonb || jsonb_build_object('name', 'pages_tables_' || i, 'dataProductOwner', 'pages'),
	(SELECT jsonb_object_agg(repeat('t', 110) || n, '{"tableDescription": "", "columns": []}'::jsonb) FROM generate_series(1, 9000) n)) r;
SELECT json_array_length(document) AS rows, octet_length(document::text) < 6 * 1024 * 1024 AS bounded, next
FROM data_products_page(owner => 'pages', page_size => 1000, after => 'pages_tables_');
SELECT json_array_length(document) AS rows, json_array_length(document->0->'schemas') AS tables, document->0->>'name' AS name, next
FROM data_products_page(owner => 'pages', page_size => 1000, after => 'pages_tables_3');
SELECT count(*) FROM list_data_products(owner => 'pages', page_size => 1000);

ROLLBACK;
