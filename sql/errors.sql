-- what a user can cause has a SQLSTATE of class MD, words, a DETAIL and a HINT
SET search_path = dpmeta, public;
SELECT id FROM register_data_product('{"name":"errors","description":"d","domain":"HQ",
	"dataProductOwner":"o","dataProductOwnerDisplayName":"O","email":"e@example.org",
	"status":"draft","retentionPeriod":1,"dpiaRequired":false}');
SELECT id FROM register_schema('dp:errors:t', '{"tableDescription":"","columns":[{"name":"a","type":"int","description":""}]}');
SELECT id FROM register_schema('dp:errors:gone', '{"tableDescription":"","columns":[]}');
SELECT id FROM delete_schema('dp:errors:gone');
SELECT id FROM patch_data_product('dp:errors', '{"description":"k"}', idempotency_key => 'errors');
SELECT id FROM delete_data_product('dp:errors:v1.0');

CREATE FUNCTION pg_temp.error_of(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	detail text;
	hint text;
BEGIN
	EXECUTE call;
	RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN sqlstate || ': ' || sqlerrm || CASE WHEN detail = '' THEN ' no detail' ELSE '' END
		|| CASE WHEN hint = '' THEN ' no hint' ELSE '' END;
END $$;

SELECT call, pg_temp.error_of('SELECT dpmeta.' || call) AS error
FROM unnest(ARRAY[
	$$get_data_product('errors')$$,
	$$get_data_product('dp:errors:t')$$,
	$$get_schema('dp:errors')$$,
	$$get_data_product('dp:errors_none')$$,
	$$get_data_product('dp:errors:v7')$$,
	$$get_data_product('dp:errors:v1.0')$$,
	$$get_schema('dp:errors:none')$$,
	$$get_schema('dp:errors:gone')$$,
	$$list_versions('dp:errors_none')$$,
	$$list_changes('dp:errors', 'v9.9')$$,
	$$list_data_products(status => 'gone')$$,
	$$list_data_products(tag => 'none')$$,
	$$list_data_products(page_size => 0)$$,
	$$list_data_products(after => 'No Name')$$,
	$$register_data_product(NULL)$$,
	$$register_data_product('{}')$$,
	$$register_data_product((SELECT metadata || '{"name":"errors"}' FROM dpmeta.product_version LIMIT 1))$$,
	$$patch_data_product('dp:errors', NULL)$$,
	$$patch_data_product('dp:errors', '[]')$$,
	$$patch_data_product('dp:errors:v1.1', '{}')$$,
	$$patch_data_product('dp:errors', '{}', if_match => '{none}')$$,
	$$patch_data_product('dp:errors', '{"description":"other"}', idempotency_key => 'errors')$$,
	$$patch_data_product('dp:errors', '{}', idempotency_key => '')$$,
	$$patch_data_product('dp:errors', '{}', actor => '')$$,
	$$patch_data_product('dp:errors', '{}', actor => 'a', actor_roles => '{king}')$$,
	$$patch_data_product('dp:errors', '{"status":"retired"}', actor => 'a', actor_roles => '{producer}')$$,
	$$register_schema('dp:errors:t', '{"tableDescription":"","columns":[]}')$$,
	$$register_schema('dp:errors_none:t', '{"tableDescription":"","columns":[]}')$$,
	$$patch_schema('dp:errors:v1:t', '{"columns":[]}')$$,
	$$delete_data_product('dp:errors:v1.0')$$,
	$$restore_data_product('dp:errors')$$,
	$$restore_data_product('dp:errors:v1.0')$$,
	$$sync_data_product('{"name":"errors"}', '[]')$$,
	$$report_load('dp:errors', row_count => -1)$$,
	$$set_sunset('No Name', NULL)$$,
	$$set_sunset('errors_none', NULL)$$,
	$$is_valid('{"type":"strin"}', '1')$$,
	$$is_valid('{"$ref":"#"}', '1')$$,
	$$is_valid_ref('urn:none', '1')$$,
	$$register_json_schema('none', 'true')$$,
	$$register_json_schema('https://json-schema.org/draft/2020-12/schema', 'true')$$,
	$$register_json_schema('urn:x', '[]')$$
]) call;
