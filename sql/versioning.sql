-- numbers are used once, older majors are maintained, nothing is lost
SET search_path = dpmeta, public;
\set VERBOSITY sqlstate
SELECT '{"name":"versioning","description":"d","domain":"CICA",
	"dataProductOwner":"o@example.org","dataProductOwnerDisplayName":"O","email":"e@example.org",
	"status":"draft","retentionPeriod":30,"dpiaRequired":false}' AS doc \gset
\set t '{"tableDescription":"t","columns":[{"name":"a","type":"int","description":""}]}'
CREATE TEMP VIEW state AS
SELECT v.version, v.trunk, v.deleted_at IS NOT NULL AS dead, p.current = v.version AS current,
	(SELECT string_agg(x.table_name || '=' || (s.definition->>'tableDescription'), ' ' ORDER BY x.table_name)
	 FROM version_tables(p.product_id, v.version, v.trunk, p.trunk) x JOIN table_schema s USING (table_schema_id)) AS tables
FROM product p JOIN product_version v USING (product_id) WHERE p.name = 'versioning';

SELECT id FROM register_data_product(:'doc');
SELECT id FROM register_schema('dp:versioning:t', :'t');
SELECT id FROM register_schema('dp:versioning:u', :'t');
SELECT id FROM patch_schema('dp:versioning:t', '{"columns":[]}');
-- maintenance of v1: compatible, on the major or on its newest minor; never breaking, never from a stale base
SELECT id, kind, successor FROM patch_schema('dp:versioning:v1:t', '{"tableDescription":"t13"}');
SELECT id, kind FROM register_schema('dp:versioning:v1.3:w', :'t');
SELECT patch_schema('dp:versioning:v1:t', '{"columns":[]}');
SELECT delete_schema('dp:versioning:v1.4:t');
SELECT patch_schema('dp:versioning:v1.3:t', '{"tableDescription":"stale"}');
SELECT id FROM patch_data_product('dp:versioning:v1', '{"description":"maintained"}');
-- the trunk goes on untouched
SELECT id FROM patch_schema('dp:versioning:u', '{"tableDescription":"u21"}');
SELECT * FROM state ORDER BY version;

-- the newest deleted: the one before is current, and goes on; numbers are not used again
SELECT id, kind FROM delete_data_product('dp:versioning:v2.1');
SELECT id FROM patch_schema('dp:versioning:t', '{"tableDescription":"t22"}');
SELECT id FROM delete_data_product('dp:versioning:v2');
SELECT id FROM get_data_product('dp:versioning');
-- a minor of what is now the newest major, and a major after the highest there ever was
SELECT id FROM patch_schema('dp:versioning:w', '{"tableDescription":"w16"}');
SELECT id FROM patch_schema('dp:versioning:t', '{"columns":[]}');
SELECT * FROM state ORDER BY version;

-- a branch whose point of leaving is dead falls back behind it
SELECT id FROM delete_data_product('dp:versioning:v1.6');
SELECT id FROM delete_data_product('dp:versioning:v1.5');
SELECT id FROM delete_data_product('dp:versioning:v1.4');
SELECT id FROM delete_data_product('dp:versioning:v1.3');
SELECT id FROM delete_data_product('dp:versioning:v1.2');
SELECT id FROM patch_schema('dp:versioning:v1:t', '{"tableDescription":"t17"}');
SELECT id FROM register_schema('dp:versioning:v1:z', :'t');
SELECT * FROM state WHERE version < 'v2.0' ORDER BY version;

-- deleted and registered again: the next major, without the tables it had
SELECT id FROM delete_data_product('dp:versioning');
SELECT id, kind FROM register_data_product(:'doc');
SELECT id FROM register_schema('dp:versioning:t', :'t');
SELECT * FROM state WHERE version > 'v3.0' ORDER BY version;
SELECT get_data_product('dp:versioning:v3');

-- every version's tables, as the log tells them, are what the ranges say
SELECT count(*) AS ranges, count(*) FILTER (WHERE until <= since) AS empty FROM table_range r JOIN product p USING (product_id) WHERE p.name = 'versioning';

-- no number is left
\set VERBOSITY default
UPDATE product SET trunk = 'v2147483647.0', current = 'v2147483647.0' WHERE name = 'versioning';
UPDATE product_version SET version = 'v2147483647.0', trunk = 'v2147483647.0' WHERE version = 'v4.1' AND product_id = (SELECT product_id FROM product WHERE name = 'versioning');
SELECT delete_schema('dp:versioning:t');
\echo :LAST_ERROR_SQLSTATE
UPDATE product SET trunk = 'v2147483646.2147483647', current = 'v2147483646.2147483647' WHERE name = 'versioning';
UPDATE product_version SET version = 'v2147483646.2147483647',
	trunk = 'v2147483646.2147483647' WHERE version = 'v2147483647.0' AND product_id = (SELECT product_id FROM product WHERE name = 'versioning');
SELECT patch_data_product('dp:versioning', '{"description":"one more"}');
\echo :LAST_ERROR_SQLSTATE
SELECT id FROM delete_schema('dp:versioning:t');
