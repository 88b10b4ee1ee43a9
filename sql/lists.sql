-- lists of data products: filters, search, pages, tombstones, and the indexes behind them
CREATE FUNCTION pg_temp.doc(VARIADIC members text[]) RETURNS jsonb LANGUAGE sql
RETURN '{"description": "Lists", "domain": "HQ", "dataProductOwner": "lists@example.org",
	"dataProductOwnerDisplayName": "Lists", "email": "lists@example.org", "status": "draft",
	"retentionPeriod": 30, "dpiaRequired": false}'::jsonb || jsonb_object(members);
CREATE FUNCTION pg_temp.try(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	hint	text;
BEGIN
	EXECUTE statement;
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(' ', sqlstate, sqlerrm, nullif(hint, ''));
END $$;

SELECT id FROM dpmeta.register_data_product(pg_temp.doc('name', 'lists_b', 'domain', 'OPG',
	'description', 'Prisoners and their visits') || '{"tags": {"team": "red", "cost:centre": "7",
	"urn:a": "b:c"}}');
SELECT id FROM dpmeta.register_data_product(pg_temp.doc('name', 'lists_a', 'status', 'published', 'dataProductMaintainerDisplayName', 'Quetzalcoatl'));
SELECT id FROM dpmeta.register_data_product(pg_temp.doc('name', 'lists_10', 'status', 'published', 'domain', 'OPG') || '{"tags": {"team": "red", "empty": "", "cost": "7:centre", "urn": "a:b:c"}}');
SELECT id FROM dpmeta.register_data_product(pg_temp.doc('name', 'lists_9', 'status', 'retired') || '{"tags": {"team": "blue"}}');
SELECT id FROM dpmeta.register_data_product(pg_temp.doc('name', 'listsz', 'dataProductOwner', 'other@example.org', 'description', 'Zyzzyva'));
SELECT id FROM dpmeta.register_schema('dp:lists_a:u', '{"tableDescription": "", "columns": []}');
SELECT id FROM dpmeta.register_schema('dp:lists_a:t', '{"tableDescription": "", "columns": []}');
SELECT id FROM dpmeta.update_data_product('dp:lists_10', pg_temp.doc('status', 'published',
	'domain', 'OPG', 'description', 'Visited twice') || '{"tags": {"team": "red", "empty": "",
	"cost": "7:centre", "urn": "a:b:c"}}');

-- by name as bytes compare; the newest version, as it reads by its ID
SELECT r.id, regexp_replace(r.etag, '-[0-9a-f]{32}$', '-#') AS etag, r.retired_at IS NOT NULL AS retired, r.successor, r.document->'schemas'
FROM dpmeta.list_data_products(owner => 'lists@example.org') r;
SELECT bool_and(l::text = g::text) FROM dpmeta.list_data_products(owner => 'lists@example.org') l, dpmeta.get_data_product(l.id) g;

-- each filter, and all together
SELECT f, (SELECT string_agg(dpmeta.name(r.id), ' ') FROM dpmeta.list_data_products(d, s, o, t, q) r WHERE dpmeta.name(r.id) LIKE 'lists%')
FROM (VALUES ('domain', 'OPG', NULL, NULL, NULL, NULL), ('status', NULL, 'published', NULL, NULL, NULL),
	('owner', NULL, NULL, 'other@example.org', NULL, NULL), ('no owner', NULL, NULL, '', NULL, NULL),
	('tag', NULL, NULL, NULL, 'team:red', NULL), ('other value', NULL, NULL, NULL, 'team:re', NULL),
	('empty value', NULL, NULL, NULL, 'empty:', NULL), ('key with a colon', NULL, NULL, NULL, 'cost:centre:7', NULL),
	('value with one', NULL, NULL, NULL, 'cost:7:centre', NULL), ('more of them', NULL, NULL, NULL, 'urn:a:b:c', NULL),
	('description, stemmed', NULL, NULL, NULL, NULL, 'visit'), ('any', NULL, NULL, NULL, NULL, 'prisoner or zyzzyva'),
	('all', NULL, NULL, NULL, NULL, 'visit prisoner'), ('but not', NULL, NULL, NULL, NULL, 'visit -prisoner'),
	('phrase', NULL, NULL, NULL, NULL, '"prisoners and their visits"'), ('maintainer', NULL, NULL, NULL, NULL, 'quetzalcoatl'),
	('not a word', NULL, NULL, NULL, NULL, 'xyzzy & | ! ('), ('all filters', 'OPG', 'published', 'lists@example.org', 'team:red', 'visit'),
	('all but one', 'OPG', 'draft', 'lists@example.org', 'team:red', 'twice')) v(f, d, s, o, t, q);

-- no combination of filters fails
SELECT count(*), sum(n) FROM (
	SELECT (SELECT count(*) FROM dpmeta.list_data_products(
			CASE WHEN i & 1 > 0 THEN 'OPG' END, CASE WHEN i & 2 > 0 THEN 'published' END,
			CASE WHEN i & 4 > 0 THEN 'lists@example.org' END, CASE WHEN i & 8 > 0 THEN 'team:red' END,
			CASE WHEN i & 16 > 0 THEN 'twice' END, 50, 'lists_0', i & 32 > 0) r
		WHERE dpmeta.name(r.id) = 'lists_10') AS n
	FROM generate_series(0, 63) i) t;

-- pages
WITH RECURSIVE page AS (
	SELECT 1 AS number, p.* FROM dpmeta.data_products_page(owner => 'lists@example.org', page_size => 3) p
	UNION ALL
	SELECT number + 1, p.* FROM page, dpmeta.data_products_page(owner => 'lists@example.org', page_size => 3, after => page.next) p
	WHERE page.next IS NOT NULL
) SELECT number, jsonb_path_query_array(document::jsonb, '$[*].name') AS names, next, length(etag) FROM page;
-- exactly one page
SELECT json_array_length(document) AS length, next FROM dpmeta.data_products_page(owner => 'lists@example.org', page_size => 4);
SELECT document, next FROM dpmeta.data_products_page(owner => 'lists_nobody');
SELECT dpmeta.name(id) FROM dpmeta.list_data_products(owner => 'lists@example.org', after => 'lists_9', page_size => 1);
-- a page is the documents of its products, and its tag is its content's
SELECT p.document::text = '[' || (SELECT string_agg(r.document::text, ',') FROM dpmeta.list_data_products(owner => 'lists@example.org') r) || ']' AS same,
	p.etag = (dpmeta.data_products_page(owner => 'lists@example.org')).etag AS tag,
	p.etag = (dpmeta.data_products_page(owner => 'lists@example.org', page_size => 3)).etag AS other
FROM dpmeta.data_products_page(owner => 'lists@example.org') p;

-- tombstones are there when asked for
SELECT id FROM dpmeta.delete_data_product('dp:lists_a');
SELECT id FROM dpmeta.delete_data_product('dp:lists_10:v1.1');
SELECT id FROM dpmeta.delete_data_product('dp:lists_9');
SELECT dpmeta.purge_data_product('lists_9');
SELECT r.id, regexp_replace(r.etag, '-[0-9a-f]{32}$', '-#') AS etag, r.document->>'deleted' IS NOT NULL AS deleted FROM dpmeta.list_data_products(owner => 'lists@example.org') r;
SELECT r.id, regexp_replace(r.etag, '-[0-9a-f]{32}$', '-#') AS etag, r.document->>'deleted' IS NOT NULL AS deleted, r.document->'schemas' FROM dpmeta.list_data_products(owner => 'lists@example.org', deleted => true) r;
SELECT count(*) FROM dpmeta.list_data_products(deleted => true, page_size => 1000) WHERE dpmeta.name(id) = 'lists_9';
-- what is found is the current version
SELECT dpmeta.name(id) FROM dpmeta.list_data_products(q => 'twice', owner => 'lists@example.org');

-- parameters that are malformed
SELECT pg_temp.try('SELECT dpmeta.data_products_page(' || p || ')')
FROM unnest(ARRAY['status => ''Draft''', 'status => ''''', 'tag => ''team''', 'tag => ''''', 'page_size => 0', 'page_size => 1001', 'page_size => -1',
	'after => ''''', 'after => ''Lists''', 'after => ''dp:lists_a''', 'after => repeat(''x'', 129)', 'q => repeat(''y'', 2001)']) p;
SELECT pg_temp.try('SELECT dpmeta.list_data_products(status => ''none'')');
-- the model says which there are
BEGIN;
UPDATE dpmeta.model SET schema = jsonb_set(schema, '{properties,status,enum,3}', '"archived"') WHERE name = 'data-product';
SELECT count(*) FROM dpmeta.list_data_products(status => 'archived');
SELECT pg_temp.try('SELECT dpmeta.list_data_products(status => ''none'')');
ROLLBACK;
-- a domain that cannot be
SELECT pg_temp.try('SELECT dpmeta.list_data_products(domain => ' || p || ')')
FROM unnest(ARRAY['''hq''', '''''', '''HQ ''', 'repeat(''x'', 2000)']) p;
-- a domain that is no more is that of those who have it, and of nobody else
BEGIN;
SELECT dpmeta.set_domains(ARRAY['HQ', 'New']);
SELECT count(*) FROM dpmeta.list_data_products(domain => 'New');
SELECT dpmeta.name(id) FROM dpmeta.list_data_products(domain => 'OPG', owner => 'lists@example.org');
SELECT pg_temp.try('SELECT dpmeta.list_data_products(domain => ''Platforms'')');
ROLLBACK;
-- as many colons as a key may have, and more
SELECT count(*) FROM dpmeta.list_data_products(tag => repeat(':', 130) || 'x');
SELECT count(*) FROM dpmeta.list_data_products(tag => repeat(':', 100000));
-- null is not given
SELECT count(*) FROM dpmeta.list_data_products(NULL, NULL, 'lists@example.org', NULL, NULL, NULL, NULL, NULL);
SELECT octet_length(q) AS longest, (SELECT count(*) FROM dpmeta.list_data_products(q => q)) FROM repeat('y', 2000) q;

-- a page reads its own products and the one after it, in a small store too
BEGIN;
SELECT count(dpmeta.register_data_product(pg_temp.doc('name', 'lists_many_' || i))) FROM generate_series(1, 200) i;
ANALYZE dpmeta.product;
CREATE TEMP VIEW lists_reads AS SELECT idx_tup_fetch + seq_tup_read AS rows FROM pg_stat_xact_all_tables WHERE relid = 'dpmeta.product'::regclass;
SELECT rows FROM lists_reads \gset before_
SELECT json_array_length(document) AS listed FROM dpmeta.data_products_page(page_size => 5);
SELECT rows - :before_rows < 20 AS few FROM lists_reads;
SELECT json_array_length(document) AS listed FROM dpmeta.data_products_page(page_size => 5, domain => 'HQ', after => 'lists_many_100');
SELECT rows - :before_rows < 20 AS few FROM lists_reads;
ROLLBACK;

-- the conditions that lists are made of use the indexes
SET enable_seqscan = off;
SET enable_bitmapscan = off;
SET enable_sort = off;
EXPLAIN (COSTS OFF) SELECT FROM dpmeta.product p WHERE p.name > 'm' AND p.current IS NOT NULL ORDER BY p.name LIMIT 1001;
EXPLAIN (COSTS OFF) SELECT FROM dpmeta.product p WHERE p.name > 'm' AND p.current IS NOT NULL AND p.domain = 'HQ' ORDER BY p.name LIMIT 1001;
EXPLAIN (COSTS OFF) SELECT FROM dpmeta.product p WHERE p.name > 'm' AND p.current IS NOT NULL AND p.status = 'draft' ORDER BY p.name LIMIT 1001;
RESET enable_sort;
EXPLAIN (COSTS OFF) SELECT FROM dpmeta.product p WHERE p.owner = 'x';
RESET enable_bitmapscan;
EXPLAIN (COSTS OFF) SELECT FROM dpmeta.product p WHERE p.tags @> ANY (ARRAY['{"team": "red"}', '{"team:red": ""}']::jsonb[]);
EXPLAIN (COSTS OFF) SELECT FROM dpmeta.product p WHERE p.search @@ websearch_to_tsquery('pg_catalog.english', 'visit');
RESET enable_seqscan;

SELECT count(dpmeta.purge_data_product(name)) FROM dpmeta.product WHERE name LIKE 'lists%';
