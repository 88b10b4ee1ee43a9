-- whatever lies first on a caller's search path, nothing of it runs as the owner
\set VERBOSITY terse
SET client_min_messages = warning;
CREATE ROLE dpmeta_test_shadow;
SELECT dpmeta.grant_producer('dpmeta_test_shadow');
CREATE SCHEMA shadows;
CREATE TABLE shadows.a (b integer DEFAULT 1, c numeric(5,2)[]);
GRANT SELECT ON shadows.a TO dpmeta_test_shadow;
CREATE FUNCTION shadows.tell(what pg_catalog.text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'shadows.% runs as %', what, current_user;
END $$;

-- one of each operator and function that PostgreSQL has itself
DO $$
DECLARE
	command	text;
BEGIN
	FOR command IN
		SELECT pg_catalog.format(
			'CREATE FUNCTION shadows.operator_%s(%s, %s) RETURNS %s LANGUAGE plpgsql AS '
			'%L; CREATE OPERATOR shadows.%s (LEFTARG = %2$s, RIGHTARG = %3$s, FUNCTION = shadows.operator_%1$s)',
			oid, oprleft::regtype, oprright::regtype, oprresult::regtype,
			pg_catalog.format('BEGIN PERFORM shadows.tell(%L); RETURN NULL; END', oprname), oprname)
		FROM pg_operator
		WHERE oprnamespace = 'pg_catalog'::regnamespace AND oprleft <> 0 AND oprcode <> 0
		UNION ALL
		SELECT pg_catalog.format(
			'CREATE FUNCTION shadows.%I(%s) RETURNS %s%s LANGUAGE plpgsql AS %L', proname,
			(SELECT pg_catalog.string_agg(t::regtype::text, ', ' ORDER BY n)
			 FROM pg_catalog.unnest(proargtypes) WITH ORDINALITY a(t, n)),
			CASE WHEN proretset THEN 'SETOF ' ELSE '' END, prorettype::regtype,
			pg_catalog.format('BEGIN PERFORM shadows.tell(%L); RETURN%s; END', proname,
							  CASE WHEN proretset OR prorettype = 'void'::regtype THEN '' ELSE ' NULL' END))
		FROM pg_proc
		WHERE pronamespace = 'pg_catalog'::regnamespace AND prokind = 'f' AND provariadic = 0
			AND proallargtypes IS NULL
	LOOP
		BEGIN
			EXECUTE command;
		EXCEPTION WHEN OTHERS THEN
			NULL;				-- of a type that PL/pgSQL does not take
		END;
	END LOOP;
END $$;
SELECT count(*) > 500 FROM pg_operator WHERE oprnamespace = 'shadows'::regnamespace;
SELECT count(*) > 1000 FROM pg_proc WHERE pronamespace = 'shadows'::regnamespace AND proname !~ '^operator_';
GRANT USAGE ON SCHEMA shadows TO public;

-- a session's first write looks further than those behind it
\set begin 'RESET ALL; SET client_min_messages = warning; SET ROLE dpmeta_test_shadow; SET search_path = shadows, pg_catalog'
\connect -
:begin;
SELECT 1 + 1;
SELECT dpmeta.lock_data_product('shadowed');
\connect -
:begin;
SELECT FROM dpmeta.register_data_product('{"name": "shadowed", "description": "d", "domain": "HQ",
	"dataProductOwner": "o@x.org", "dataProductOwnerDisplayName": "O", "email": "o@x.org", "status": "draft",
	"retentionPeriod": 1, "dpiaRequired": false, "tags": {"a": "b"}}');
\connect -
SET search_path = shadows, pg_catalog;
SELECT dpmeta.register_json_schema('http://shadowed.example.org/a', '{"type": "string"}');
SELECT FROM dpmeta.validate_ref('http://shadowed.example.org/a', '1');
\connect -
SET search_path = shadows, pg_catalog;
SELECT dpmeta.unregister_json_schema('http://shadowed.example.org/a');
\connect -
:begin;
SELECT FROM dpmeta.register_catalog_schema('shadows', '{"name": "shadowed_catalog", "description": "d", "domain": "HQ",
	"dataProductOwner": "o@x.org", "dataProductOwnerDisplayName": "O", "email": "o@x.org", "status": "draft",
	"retentionPeriod": 1, "dpiaRequired": false}');

-- and all the others
SELECT FROM dpmeta.register_schema('dp:shadowed:t', '{"tableDescription": "t", "columns":
	[{"name": "a", "type": "decimal(10,2)", "description": ""}]}');
SELECT FROM dpmeta.update_schema('dp:shadowed:t', '{"tableDescription": "t", "columns":
	[{"name": "b", "type": "struct<x:int>", "description": ""}]}', ARRAY['*']);
SELECT FROM dpmeta.patch_data_product('dp:shadowed', '{"description": "e"}', idempotency_key => 'k');
SELECT FROM dpmeta.patch_data_product('dp:shadowed', '{"description": "e"}', idempotency_key => 'k');
SELECT FROM dpmeta.report_load('dp:shadowed', pg_catalog.now(), 1, 's3://b/k');
SELECT FROM dpmeta.put_contract('dp:shadowed', '{"description": "f", "domain": "HQ",
	"dataProductOwner": "o@x.org", "dataProductOwnerDisplayName": "O", "email": "o@x.org", "status": "draft",
	"retentionPeriod": 1, "dpiaRequired": false, "tables": [{"name": "u", "tableDescription": "u",
	"columns": [{"name": "a", "type": "int", "description": ""}]}]}');
SELECT FROM dpmeta.put_consumer('dp:shadowed', 'who', '{"contact": "o@x.org", "version": "v1"}');
SELECT FROM dpmeta.get_data_product('dp:shadowed');
SELECT FROM dpmeta.get_data_product('dp:shadowed:v7.0');
SELECT FROM dpmeta.get_data_product('dp:shadowed', pg_catalog.now());
SELECT FROM dpmeta.get_schema('dp:shadowed:v1.1:t');
SELECT FROM dpmeta.get_contract('dp:shadowed:v1.0');
SELECT FROM dpmeta.list_data_products(q => 'e', tag => 'a:b', owner => 'o@x.org');
SELECT FROM dpmeta.data_products_page(q => 'e', deleted => true);
SELECT FROM dpmeta.list_data_products_at(pg_catalog.now(), q => 'shad');
SELECT FROM dpmeta.search('shadowed e');
SELECT FROM dpmeta.search_page('shadwed', tag => 'a:b');
SELECT FROM dpmeta.catalogue_page(tag => 'a:b', sort => 'changed', page_size => 1);
SELECT FROM dpmeta.list_versions('dp:shadowed');
SELECT FROM dpmeta.list_changes('dp:shadowed', 'v1.0') LIMIT 1;
SELECT FROM dpmeta.list_consumers('dp:shadowed');
SELECT FROM dpmeta.data_products_at(pg_catalog.now()) LIMIT 0;
SELECT FROM dpmeta.schemas_at(pg_catalog.now()) LIMIT 0;
SELECT FROM dpmeta.columns_at(pg_catalog.now()) LIMIT 0;
SELECT FROM dpmeta.changes_between(pg_catalog.now(), pg_catalog.now());
SELECT FROM dpmeta.follow_events(NULL, 1);
SELECT FROM dpmeta.column_names_like('b', '~');
SELECT FROM dpmeta.stats();
SELECT FROM dpmeta.domains() LIMIT 0;
SELECT FROM dpmeta.model('contract');
RESET ROLE;
SELECT FROM dpmeta.delete_schema('dp:shadowed:t', force => true);
SELECT FROM dpmeta.delete_data_product('dp:shadowed', force => true);
SELECT FROM dpmeta.restore_data_product('dp:shadowed');
SELECT FROM dpmeta.set_sunset('shadowed', '2999-12-31');
SELECT FROM dpmeta.cut_log('2001-01-01');
SELECT FROM dpmeta.purge_idempotency_keys();
SELECT FROM dpmeta."check"() LIMIT 0;
SELECT FROM dpmeta.purge_data_product('shadowed');
SELECT FROM dpmeta.purge_data_product('shadowed_catalog');

RESET ALL;
SET client_min_messages = warning;
DROP SCHEMA shadows CASCADE;
SELECT dpmeta.revoke_reader('dpmeta_test_shadow');
REVOKE USAGE ON SCHEMA dpmeta FROM dpmeta_test_shadow;
DROP ROLE dpmeta_test_shadow;
