-- registering, updating and patching data products
SET search_path = dpmeta, public;
\set VERBOSITY sqlstate
SELECT '{"name":"products_a","description":"d","domain":"HQ",
	"dataProductOwner":"o@example.org","dataProductOwnerDisplayName":"O","email":"e@example.org",
	"status":"draft","retentionPeriod":30,"dpiaRequired":false}' AS doc \gset

SELECT id, regexp_replace(etag, '-[0-9a-f]{32}$', '-#') AS etag, kind, changes, replayed FROM register_data_product(:'doc');
-- as read: every member, in the documents' order, defaults filled in
SELECT string_agg(key, ' ') FROM get_data_product('dp:products_a') r, json_object_keys(r.document) key;
SELECT document->'tags' AS tags, document->'dataProductMaintainer' AS maintainer, document->'schemas' AS schemas
FROM get_data_product('dp:products_a');
SELECT (document->>'creationDate')::timestamptz BETWEEN now() - interval '1 minute' AND clock_timestamp() AS recent
FROM get_data_product('dp:products_a:v1');

-- the name is taken, whatever else is said
SELECT register_data_product(:'doc');
SELECT register_data_product(:'doc'::jsonb || '{"description":"another"}');

-- every fault at once
\set VERBOSITY default
SELECT register_data_product('{"name":"Products","description":1,"domain":"Nowhere","retentionPeriod":-1,"dpiaRequired":"no","status":"gone","tags":{"a":1},"id":"dp:x"}');
SELECT register_data_product('[]');
SELECT register_data_product('null');
SELECT register_data_product(NULL);
SELECT register_data_product(:'doc'::jsonb || '{"name":"products_b","retentionPeriod":2147483648}');
SELECT register_data_product(:'doc'::jsonb || '{"name":"products_b","retentionPeriod":1.5}');
SELECT register_data_product(:'doc'::jsonb || jsonb_build_object('name', repeat('n', 129)));
SELECT register_data_product(:'doc'::jsonb || '{"name":"products_b","email":"nobody"}');

-- an update replaces: optional members go back to their defaults
SELECT id, kind, changes FROM patch_data_product('dp:products_a', '{"tags":{"k":"v"},"dataProductMaintainer":"m"}');
SELECT id, kind, changes FROM update_data_product('dp:products_a', :'doc'::jsonb - 'name');
-- nothing changed: 30.0 is 30, members in any order, a default given or not
SELECT id, kind, changes FROM update_data_product('dp:products_a', :'doc'::jsonb - 'name' || '{"retentionPeriod":30.0,"tags":{},"dataProductMaintainer":null}');
SELECT id, kind FROM patch_data_product('dp:products_a', '{}');
-- the name, and what the platform sets, are not accepted
SELECT update_data_product('dp:products_a', :'doc'::jsonb);
SELECT patch_data_product('dp:products_a', '{"version":"v9.9"}');
SELECT patch_data_product('dp:products_a', '{"description":null}');
SELECT patch_data_product('dp:products_a', '[1]');

-- what does not exist, is of the wrong kind, or is not an ID
\set VERBOSITY sqlstate
SELECT update_data_product('dp:products_none', :'doc'::jsonb - 'name');
SELECT update_data_product('dp:products_a:v7', :'doc'::jsonb - 'name');
SELECT update_data_product('dp:products_a:t', :'doc'::jsonb - 'name');
SELECT update_data_product('products_a', :'doc'::jsonb - 'name');
SELECT update_data_product(NULL, :'doc'::jsonb - 'name');

-- the version that the writer started from
SELECT update_data_product('dp:products_a:v1.0', :'doc'::jsonb - 'name');
SELECT id, kind FROM patch_data_product('dp:products_a:v1.2', '{"description":"from v1.2"}');
-- the entity tag that the writer saw
SELECT patch_data_product('dp:products_a', '{"description":"x"}', if_match => ARRAY[(get_data_product('dp:products_a:v1.2')).etag, 'other']);
SELECT patch_data_product('dp:products_a', '{"description":"x"}', if_match => '{}');
SELECT id FROM patch_data_product('dp:products_a', '{"description":"x"}', if_match => ARRAY['other', (get_data_product('dp:products_a:v1.3')).etag]);
SELECT id FROM patch_data_product('dp:products_a', '{"description":"y"}', if_match => '{*}');
SELECT register_data_product(:'doc'::jsonb || '{"name":"products_b"}', if_match => '{*}');

-- a dry run says all and writes nothing
SELECT id, etag, document, kind FROM register_data_product(:'doc'::jsonb || '{"name":"products_b"}', dry_run => true);
SELECT get_data_product('dp:products_b');
SELECT document FROM patch_data_product('dp:products_a', '{"description":"z","status":"published"}', dry_run => true);
SELECT id FROM get_data_product('dp:products_a');

-- merge patch (RFC 7396): objects merge, null removes, all else replaces
SELECT document->'tags' FROM patch_data_product('dp:products_a', '{"tags":{"a":"1","b":"2"}}');
SELECT document->'tags' FROM patch_data_product('dp:products_a', '{"tags":{"a":null,"c":"3"}}');
SELECT patch_data_product('dp:products_a', '{"tags":"none"}');

-- retired since when, and no longer
SELECT retired_at IS NOT NULL AS retired FROM patch_data_product('dp:products_a', '{"status":"retired"}');
SELECT r.retired_at = v.created_at AS since_the_version FROM get_data_product('dp:products_a:v1.0') r,
	product_version v JOIN product p USING (product_id) WHERE p.name = 'products_a' AND v.version = p.current;
SELECT retired_at IS NOT NULL AS retired FROM patch_data_product('dp:products_a', '{"description":"still"}');
SELECT retired_at FROM patch_data_product('dp:products_a', '{"status":"draft"}');

-- who did what: the session's user, or whom it acts for
SELECT kind FROM patch_data_product('dp:products_a', '{"description":"by another"}', actor => 'a_producer', actor_roles => '{producer}');
SELECT patch_data_product('dp:products_a', '{"status":"published"}', actor => 'a_producer', actor_roles => '{producer}');
SELECT kind FROM patch_data_product('dp:products_a', '{"status":"published"}', actor => 'a_steward', actor_roles => '{steward}');
SELECT patch_data_product('dp:products_a', '{}', actor => '', actor_roles => '{}');
SELECT patch_data_product('dp:products_a', '{}', actor => 'a', actor_roles => '{king}');
SELECT e.action, e.from_version, e.to_version, e.kind, e.actor = session_user AS own, CASE WHEN e.actor <> session_user THEN e.actor END AS actor
FROM event e JOIN product p USING (product_id) WHERE p.name = 'products_a' ORDER BY event_id;

-- times increase strictly, and the log agrees with the versions
SELECT count(*) FILTER (WHERE created_at <= before) AS not_later, count(*) FILTER (WHERE occurred_at <> created_at) AS differ
FROM (SELECT v.created_at, lag(v.created_at) OVER (ORDER BY v.version) AS before, e.occurred_at
	  FROM product_version v JOIN product p USING (product_id) JOIN event e ON e.product_id = p.product_id AND e.to_version = v.version
	  WHERE p.name = 'products_a') t;
