-- the catalogue as a person goes through it, over a store that holds nothing else; it comes back at the end
\set SHOW_CONTEXT never
BEGIN;
SET LOCAL search_path = dpmeta, pg_catalog;
SET LOCAL client_min_messages = warning;
TRUNCATE product CASCADE;

CREATE FUNCTION pg_temp.put(name text, domain text, status text, owner text, tags jsonb, description text DEFAULT 'd') RETURNS text
	LANGUAGE sql
RETURN (SELECT id FROM dpmeta.put_contract(('dp:' || name)::dpmeta.dpid, jsonb_build_object(
	'name', name, 'description', description, 'domain', domain, 'dataProductOwner', owner,
	'dataProductOwnerDisplayName', upper(owner), 'email', 'a@example.org', 'status', status, 'retentionPeriod', 1,
	'dpiaRequired', false, 'tags', tags, 'tables', '[]'::jsonb)));
SELECT pg_temp.put('a', 'HQ', 'draft', 'ann', '{"k": "v", "a:b": "c"}');
SELECT pg_temp.put('b', 'HQ', 'published', 'bob', '{"k": "v"}', repeat('long ', 100));
SELECT pg_temp.put('c', 'OPG', 'published', 'bob', '{"k": "w"}');
SELECT pg_temp.put('d', 'OPG', 'draft', 'bob', '{}');
SELECT pg_temp.put('e', 'LAA', 'draft', 'ann', '{}');
SELECT id FROM delete_data_product('dp:e');
SELECT pg_temp.put('a', 'HQ', 'published', 'ann', '{"k": "v", "a:b": "c"}');

-- a filter counts what each of its values would leave, the other filters being as they are
CREATE FUNCTION pg_temp.shown(document json) RETURNS text LANGUAGE sql
RETURN (SELECT string_agg(p->>'name', ' ') FROM json_array_elements(document->'dataProducts') p);
CREATE FUNCTION pg_temp.counted(document json) RETURNS TABLE (filter text, choices text) LANGUAGE sql
BEGIN ATOMIC
	SELECT f.key, CASE json_typeof(f.value) WHEN 'number' THEN f.value::text
		ELSE (SELECT string_agg((c->>'value') || '=' || (c->>'count'), ' ') FROM json_array_elements(f.value) c) END
	FROM json_each(document->'counts') f;
END;
SELECT c.* FROM catalogue_page() p, pg_temp.counted(p.document) c;
SELECT c.* FROM catalogue_page(domain => 'HQ', status => 'published') p, pg_temp.counted(p.document) c;
SELECT pg_temp.shown(document), next FROM catalogue_page(domain => 'HQ', status => 'published');
SELECT pg_temp.shown(document) FROM catalogue_page(owner => 'bob');
SELECT pg_temp.shown(document) FROM catalogue_page(tag => 'k:v');
-- a key may have colons
SELECT pg_temp.shown(document) FROM catalogue_page(tag => 'a:b:c');
SELECT pg_temp.shown(document) FROM catalogue_page(problem => 'published without tables');
SELECT pg_temp.shown(document), c.choices AS total FROM catalogue_page(problem => 'none of them') p, pg_temp.counted(p.document) c
WHERE c.filter = 'total';

-- what is in a row, and that it agrees with the views
SELECT p->>'id' AS id, length(p->>'description') AS length, p->>'dataProductOwnerDisplayName' AS owner, p->>'kind' AS kind,
	v.created_at = (p->>'created')::timestamptz AS time_agrees, v.created_by = p->>'actor' AS actor_agrees, v.kind = p->>'kind' AS kind_agrees
FROM catalogue_page() c, json_array_elements(c.document->'dataProducts') p
JOIN data_product_versions v ON v.id = p->>'id'
ORDER BY 1;

-- pages, in both orders, say each product once, and none twice
WITH RECURSIVE page AS (
	SELECT s.sort, c.document, c.next, 1 AS number
	FROM (VALUES ('name'), ('changed')) s(sort), catalogue_page(sort => s.sort, page_size => 2) c
	UNION ALL
	SELECT p.sort, c.document, c.next, p.number + 1
	FROM page p, catalogue_page(sort => p.sort, page_size => 2, after => p.next) c
	WHERE p.next IS NOT NULL
)
SELECT sort, number, pg_temp.shown(document), document->'counts' IS NULL OR document->>'counts' IS NULL AS without_counts, next IS NULL AS last
FROM page ORDER BY 1 DESC, 2;

-- the entity tag stands for the content
SELECT count(DISTINCT etag) FROM (VALUES ('name'), ('name'), ('changed')) s(sort), catalogue_page(sort => s.sort);

-- what is no choice
SAVEPOINT before;
SELECT catalogue_page(tag => 'no colon');
ROLLBACK TO before;
SELECT catalogue_page(domain => 'hq');
ROLLBACK TO before;
SELECT catalogue_page(status => 'ready');
ROLLBACK TO before;
SELECT catalogue_page(sort => 'size');
ROLLBACK TO before;
SELECT catalogue_page(page_size => 0);
ROLLBACK TO before;
SELECT catalogue_page(sort => 'changed', after => 'x');
ROLLBACK TO before;

-- an empty store
TRUNCATE product CASCADE;
SELECT document, next FROM catalogue_page();
ROLLBACK;
