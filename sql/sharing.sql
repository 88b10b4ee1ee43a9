-- a version costs rows for what it changed, not for what it holds
SET search_path = dpmeta, public;
SELECT '{"name":"sharing","description":"d","domain":"LAA","dataProductOwner":"o@example.org",
	"dataProductOwnerDisplayName":"O","email":"e@example.org","status":"draft",
	"retentionPeriod":30,"dpiaRequired":false}' AS doc \gset

-- rows that stand in each table, and how many a statement adds or changes
CREATE TEMP VIEW rows_written AS
SELECT (SELECT count(*) FROM product_version) AS versions,
	(SELECT count(*) FROM table_schema) AS schemas,
	(SELECT count(*) FROM table_range) AS ranges,
	(SELECT count(*) FROM table_range WHERE until IS NOT NULL) AS closed,
	(SELECT count(*) FROM event) AS events;
CREATE TEMP TABLE before AS SELECT * FROM rows_written;
CREATE TEMP VIEW written AS
SELECT n.versions - b.versions AS versions, n.schemas - b.schemas AS schemas,
	n.ranges - b.ranges AS ranges, n.closed - b.closed AS closed, n.events - b.events AS events
FROM rows_written n, before b;

SELECT id FROM sync_data_product(:'doc',
	(SELECT jsonb_object_agg('t' || i, jsonb_build_object('tableDescription', '', 'columns', '[{"name":"a","type":"int","description":""}]'::jsonb))
	 FROM generate_series(1, 1000) i));
SELECT * FROM written;

-- a minor
TRUNCATE before; INSERT INTO before SELECT * FROM rows_written;
SELECT id FROM patch_schema('dp:sharing:t7', '{"tableDescription":"seven"}');
SELECT * FROM written;
-- a major
TRUNCATE before; INSERT INTO before SELECT * FROM rows_written;
SELECT id FROM patch_schema('dp:sharing:t7', '{"columns":[]}');
SELECT * FROM written;
-- maintenance of the older major
TRUNCATE before; INSERT INTO before SELECT * FROM rows_written;
SELECT id FROM patch_schema('dp:sharing:v1:t8', '{"tableDescription":"eight"}');
SELECT * FROM written;
-- metadata
TRUNCATE before; INSERT INTO before SELECT * FROM rows_written;
SELECT id FROM patch_data_product('dp:sharing', '{"description":"d2"}');
SELECT * FROM written;
-- a table removed
TRUNCATE before; INSERT INTO before SELECT * FROM rows_written;
SELECT id FROM delete_schema('dp:sharing:t9');
SELECT * FROM written;
-- nothing
TRUNCATE before; INSERT INTO before SELECT * FROM rows_written;
SELECT id FROM patch_data_product('dp:sharing', '{}');
SELECT * FROM written;

-- and yet each version has its own thousand
SELECT v.version, json_array_length(r.document->'schemas') AS tables
FROM product_version v JOIN product p USING (product_id), get_data_product(dpid(p.name, v.version)) r
WHERE p.name = 'sharing' ORDER BY v.version;
SELECT id, r.document->>'tableDescription' AS t7, r.document#>>'{columns,0,name}' AS a
FROM unnest('{dp:sharing:v1.0:t7,dp:sharing:v1.1:t7,dp:sharing:v1.2:t7,dp:sharing:v2.0:t7,dp:sharing:t7}'::dpid[]) i, get_schema(i) r;
SELECT id, r.document->>'tableDescription' AS t8
FROM unnest('{dp:sharing:v1.1:t8,dp:sharing:v1:t8,dp:sharing:t8}'::dpid[]) i, get_schema(i) r;
