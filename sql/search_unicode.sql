-- search: letters of any language, in any case and however they are composed
-- Of other encodings a database cannot hold this.  There, this test says so and no
-- more: expected/NAME_1.out.
SELECT getdatabaseencoding() <> 'UTF8' AS other \gset
\if :other
\echo skipped: it needs a database in UTF8
\quit
\endif
SET search_path = dpmeta, pg_catalog;
-- composed in the store, and decomposed
SELECT r.id FROM (VALUES (1, U&'Caf\00E9 zz'), (2, U&'CAFE\0301 zz'), (3, 'zz العربية'), (4, 'zz ΣΊΣΥΦΟΣ')) v(n, d)
CROSS JOIN LATERAL register_data_product(jsonb_build_object('name', 'zz_' || n, 'description', d, 'domain', 'HQ',
	'dataProductOwner', 'o@example.org', 'dataProductOwnerDisplayName', 'O', 'email', 'o@example.org', 'status', 'draft',
	'retentionPeriod', 1, 'dpiaRequired', false)) r;
SELECT q, s.name, s.headline
FROM unnest(ARRAY[U&'caf\00E9', U&'cafe\0301', U&'CAF\00C9', U&'CAFE\0301', 'العربية', 'العر', 'σίσυφος', U&'\202Ezz\202C العر', U&'zz\FEFF']) WITH ORDINALITY u(q, n)
LEFT JOIN LATERAL search(q) s ON true ORDER BY u.n, s.name;
-- a word is cut between two letters
SELECT id FROM patch_data_product('dp:zz_1', jsonb_build_object('description', repeat('é', 300)));
SELECT count(*) FROM search(repeat('é', 300));
SELECT length(l.lexeme) FROM search_entry e JOIN product p USING (product_id) CROSS JOIN LATERAL unnest(e.words) l
WHERE p.name = 'zz_1' AND 'B' = ANY (l.weights);
SELECT document->'didYouMean' AS "did you mean" FROM search_page('σίσυφς');
SELECT count(purge_data_product(name)) FROM product WHERE name ~ '^zz_';
