-- one answer for a request and its copies
SET search_path = dpmeta, public;
\set VERBOSITY sqlstate
SELECT '{"name":"idempotency","description":"d","domain":"HMCTS",
	"dataProductOwner":"o@example.org","dataProductOwnerDisplayName":"O","email":"e@example.org",
	"status":"draft","retentionPeriod":30,"dpiaRequired":false}' AS doc \gset
SELECT '{"dpiaRequired":false,"retentionPeriod":30.0,"status":"draft","name":"idempotency",
	"description":"d","domain":"HMCTS","dataProductOwner":"o@example.org",
	"dataProductOwnerDisplayName":"O","email":"e@example.org"}' AS same \gset
\set t '{"tableDescription":"t","columns":[]}'

-- by default each call is judged by itself; when asked, a copy replays
SELECT id, replayed FROM register_data_product(:'doc', idempotent => true);
SELECT id, regexp_replace(etag, '-[0-9a-f]{32}$', '-#') AS etag, kind, changes, replayed FROM register_data_product(:'same', idempotent => true);
SELECT register_data_product(:'doc');
-- another caller never sees it
SELECT register_data_product(:'doc', idempotent => true, actor => 'another', actor_roles => '{producer}');
-- nor another precondition
SELECT register_data_product(:'doc', idempotent => true, if_match => '{*}');

-- A, B, A is three changes; A, A is one
SELECT id, replayed FROM patch_data_product('dp:idempotency', '{"description":"A"}', idempotent => true);
SELECT id, replayed FROM patch_data_product('dp:idempotency', '{"description":"A"}', idempotent => true);
SELECT id, replayed FROM patch_data_product('dp:idempotency', '{"description":"B"}', idempotent => true);
SELECT id, replayed FROM patch_data_product('dp:idempotency', '{"description":"A"}', idempotent => true);
SELECT id, replayed FROM patch_data_product('dp:idempotency', '{"description":"A"}', idempotent => true);
-- also when one of them breaks consumers
SELECT id, replayed FROM register_schema('dp:idempotency:t', :'t', idempotent => true);
SELECT id, replayed FROM update_schema('dp:idempotency:t', '{"tableDescription":"t","columns":[{"name":"a","type":"int","description":""}]}', idempotent => true);
SELECT id, replayed FROM update_schema('dp:idempotency:t', :'t', idempotent => true);
SELECT id, replayed FROM update_schema('dp:idempotency:t', '{"tableDescription":"t","columns":[{"name":"a","type":"int","description":""}]}', idempotent => true);

-- a table's registration is true while that revision is current
SELECT id, replayed FROM register_schema('dp:idempotency:u', :'t', idempotent => true);
SELECT id, replayed FROM patch_schema('dp:idempotency:t', '{"tableDescription":"other"}', idempotent => true);
SELECT id, replayed FROM register_schema('dp:idempotency:u', :'t', idempotent => true);
SELECT id, replayed FROM patch_schema('dp:idempotency:u', '{"tableDescription":"other"}', idempotent => true);
SELECT register_schema('dp:idempotency:u', :'t', idempotent => true);

-- create, delete, create makes two products
SELECT id FROM delete_data_product('dp:idempotency');
SELECT id, replayed FROM register_data_product(:'doc', idempotent => true);
SELECT id, replayed FROM register_data_product(:'doc', idempotent => true);

-- a retry does not fail its own precondition
SELECT etag FROM get_data_product('dp:idempotency') \gset
SELECT id, replayed FROM patch_data_product('dp:idempotency', '{"description":"m"}', idempotent => true, if_match => ARRAY[:'etag']);
SELECT id, replayed FROM patch_data_product('dp:idempotency', '{"description":"m"}', idempotent => true, if_match => ARRAY[:'etag']);

-- a key of the caller's own always replays, and only for its request
SELECT id, replayed FROM patch_data_product('dp:idempotency', '{"description":"key"}', idempotency_key => 'k1');
SELECT id, replayed FROM patch_data_product('dp:idempotency', '{"description":"later"}');
SELECT id, document->>'description' AS description, replayed FROM patch_data_product('dp:idempotency', '{"description":"key"}', idempotency_key => 'k1');
SELECT patch_data_product('dp:idempotency', '{"description":"another"}', idempotency_key => 'k1');
SELECT patch_data_product('dp:idempotency:v4', '{"description":"key"}', idempotency_key => 'k1');
SELECT id, replayed FROM patch_data_product('dp:idempotency', '{"description":"another"}', idempotency_key => 'k1', actor => 'another', actor_roles => '{producer}');
SELECT patch_data_product('dp:idempotency', '{}', idempotency_key => '');
SELECT patch_data_product('dp:idempotency', '{}', idempotency_key => repeat('k', 256));
-- an error is not an answer
SELECT patch_data_product('dp:idempotency', '{"description":1}', idempotency_key => 'k2');
SELECT id, replayed FROM patch_data_product('dp:idempotency', '{"description":"k2"}', idempotency_key => 'k2');
-- nor is a dry run
SELECT id, replayed FROM patch_data_product('dp:idempotency', '{"description":"k3"}', idempotency_key => 'k3', dry_run => true);
SELECT id, replayed FROM patch_data_product('dp:idempotency', '{"description":"k3"}', idempotency_key => 'k3');

-- past its time an answer is none, and its key is free
SET dpmeta.idempotency_retention = 0;
SELECT id, replayed FROM patch_data_product('dp:idempotency', '{"description":"k3"}', idempotency_key => 'k3');
SELECT id, replayed FROM patch_data_product('dp:idempotency', '{"description":"k3 again"}', idempotency_key => 'k3');
-- a write may have purged them by the way
SELECT purge_idempotency_keys() >= 0 AS purged;
SELECT count(*) FROM idempotency_key;
RESET dpmeta.idempotency_retention;
