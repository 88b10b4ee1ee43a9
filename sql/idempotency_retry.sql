-- A writes, B writes, A's request comes again: each kind of write, by each kind
-- of ID, with and without a condition and a key
SET search_path = public, dpmeta;
\set VERBOSITY sqlstate
SELECT '{"name":"retry","description":"d","domain":"HMCTS","dataProductOwner":"o@example.org",
	"dataProductOwnerDisplayName":"O","email":"e@example.org","status":"draft",
	"retentionPeriod":30,"dpiaRequired":false}' AS doc \gset

-- A's request as a call, by what it is and with what
CREATE FUNCTION retry_call(operation text, id text, options text) RETURNS text LANGUAGE sql AS $$
	SELECT format(CASE operation
		WHEN 'put' THEN $sql$update_data_product(%L, %L::jsonb || '{"description": "A"}', %s)$sql$
		WHEN 'patch' THEN $sql$patch_data_product(%L, '{"description": "A"}', %3$s)$sql$
		WHEN 'post table' THEN $sql$register_schema(%L, '{"tableDescription": "A", "columns": []}', %3$s)$sql$
		WHEN 'put table' THEN $sql$update_schema(%L, '{"tableDescription": "A", "columns": []}', %3$s)$sql$
		WHEN 'patch table' THEN $sql$patch_schema(%L, '{"tableDescription": "A"}', %3$s)$sql$
		END,
		id || CASE WHEN operation = 'post table' THEN ':made' WHEN operation LIKE '% table' THEN ':t' ELSE '' END,
		'{"description":"d","domain":"HMCTS","dataProductOwner":"o@example.org","dataProductOwnerDisplayName":"O","email":"e@example.org","status":"draft","retentionPeriod":30,"dpiaRequired":false}'::jsonb,
		options)
$$;

-- What the call makes: the version and whether it was replayed, or the SQLSTATE.
CREATE FUNCTION retry_try(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answer	record;
BEGIN
	EXECUTE 'SELECT id, replayed FROM ' || call INTO answer;
	RETURN substring(answer.id::text FROM 'v[0-9.]+')
		|| CASE WHEN answer.replayed THEN ' again' ELSE '' END;
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE;
END
$$;

-- A, then B, then A again, then once more with nothing between.
CREATE FUNCTION retry_interleave(operation text, by text, with_tag boolean, with_key boolean,
		same_table boolean, OUT a text, OUT b text, OUT a_again text, OUT a_once_more text)
	LANGUAGE plpgsql AS $$
DECLARE
	product	text := 'retry_' || nextval('retry_number');
	call	text;
BEGIN
	PERFORM register_data_product(jsonb_build_object('name', product,
		'description', 'd', 'domain', 'HMCTS', 'dataProductOwner', 'o@example.org',
		'dataProductOwnerDisplayName', 'O', 'email', 'e@example.org', 'status', 'draft',
		'retentionPeriod', 30, 'dpiaRequired', false));
	PERFORM register_schema(('dp:' || product || ':t')::dpid, '{"tableDescription": "t", "columns": []}');
	call := retry_call(operation, 'dp:' || product
			|| CASE by WHEN 'name' THEN '' WHEN 'major' THEN ':v1' ELSE ':v1.1' END,
		concat_ws(', ', 'idempotent => true',
			CASE WHEN with_tag THEN
				format('if_match => ARRAY[%L]', CASE WHEN operation LIKE '% table' THEN (get_schema(('dp:' || product || ':v1.1:t')::dpid)).etag
					ELSE (get_data_product(('dp:' || product || ':v1.1')::dpid)).etag END)
			END,
			CASE WHEN with_key THEN format('idempotency_key => %L', 'key of ' || product) END));
	a := retry_try(call);
	b := retry_try(CASE
		WHEN NOT same_table THEN format('patch_data_product(%L, %L)', 'dp:' || product, '{"retentionPeriod": 7}')
		ELSE format('patch_schema(%L, %L)', 'dp:' || product || CASE operation WHEN 'post table' THEN ':made' ELSE ':t' END,
			'{"tableDescription": "B"}') END);
	a_again := retry_try(call);
	a_once_more := retry_try(call);
END
$$;
CREATE SEQUENCE retry_number;

SELECT o.operation, i.by, t.with_tag AS tag, k.with_key AS key, s.same_table AS same,
	r.a, r.b, r.a_again, r.a_once_more
FROM (VALUES (1, 'put'), (2, 'patch'), (3, 'post table'), (4, 'put table'), (5, 'patch table')) o(n, operation)
CROSS JOIN (VALUES (1, 'name'), (2, 'major'), (3, 'version')) i(n, by)
CROSS JOIN (VALUES (false), (true)) t(with_tag)
CROSS JOIN (VALUES (false), (true)) k(with_key)
CROSS JOIN (VALUES (false), (true)) s(same_table)
CROSS JOIN LATERAL retry_interleave(o.operation, i.by, t.with_tag, k.with_key, s.same_table) r
WHERE NOT (o.operation = 'post table' AND t.with_tag)	-- there is no tag of what is not there
ORDER BY o.n, i.n, t, k, s;

-- a POST of a data product
SELECT id, replayed FROM register_data_product(:'doc', idempotent => true);
SELECT id, replayed FROM register_data_product(:'doc', idempotent => true);
SELECT id FROM patch_data_product('dp:retry', '{"retentionPeriod": 7}');
SELECT register_data_product(:'doc', idempotent => true);

-- A answered from what it made, also when that was deleted since
SELECT id FROM patch_data_product('dp:retry:v1.1', '{"description": "A"}', idempotent => true);
SELECT id FROM delete_data_product('dp:retry:v1.2');
SELECT id, document->>'description' AS description, replayed
FROM patch_data_product('dp:retry:v1.1', '{"description": "A"}', idempotent => true);

-- the right is asked for before: a steward's answer is not a producer's
SELECT id FROM patch_data_product('dp:retry', '{"status": "published"}', idempotent => true,
	actor => 'sue', actor_roles => '{steward}');
SELECT id, replayed FROM patch_data_product('dp:retry', '{"status": "published"}', idempotent => true,
	actor => 'sue', actor_roles => '{steward}');
SELECT patch_data_product('dp:retry', '{"status": "published"}', idempotent => true,
	actor => 'sue', actor_roles => '{producer}');
SELECT id FROM patch_data_product('dp:retry', '{"status": "retired"}', idempotency_key => 'retire',
	actor => 'sue', actor_roles => '{steward}');
SELECT patch_data_product('dp:retry', '{"status": "retired"}', idempotency_key => 'retire',
	actor => 'sue', actor_roles => '{producer}');
SELECT id FROM register_data_product(:'doc'::jsonb || '{"name": "retry_published", "status": "published"}',
	idempotent => true, actor => 'sue', actor_roles => '{steward}');
SELECT register_data_product(:'doc'::jsonb || '{"name": "retry_published", "status": "published"}',
	idempotent => true, actor => 'sue', actor_roles => '{producer}');
-- what another published meanwhile needs no right of A's
SELECT id FROM patch_data_product('dp:retry_published', '{"status": "draft"}');
SELECT id FROM patch_data_product('dp:retry_published', '{"status": "published", "retentionPeriod": 7}', idempotent => true,
	actor => 'sue', actor_roles => '{steward}');
SELECT id FROM patch_data_product('dp:retry_published', '{"retentionPeriod": 8}');
SELECT id, replayed FROM patch_data_product('dp:retry_published', '{"status": "published", "retentionPeriod": 7}', idempotent => true,
	actor => 'sue', actor_roles => '{producer}');

DROP FUNCTION retry_interleave, retry_try, retry_call;
DROP SEQUENCE retry_number;
