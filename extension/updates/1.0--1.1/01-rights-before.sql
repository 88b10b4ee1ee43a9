/*
 * Who may do what before the update, so that 95-grants.sql can keep it.
 */
-- so that names are written with their schema
SET LOCAL search_path = pg_catalog, pg_temp;

CREATE TABLE dpmeta.rights_before AS
	SELECT o.class, o.object, o.identity, r.rung, o.owner, o.acl, i.initprivs
	FROM (
		SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass AS class, p.oid AS object,
			p.oid::pg_catalog.regprocedure::text AS identity, p.proname AS name,
			CASE WHEN p.provolatile <> 'i' THEN 'function' END AS kind, p.proowner AS owner,
			coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner)) AS acl
		FROM pg_catalog.pg_proc p
		WHERE p.pronamespace = 'dpmeta'::pg_catalog.regnamespace
		UNION ALL
		SELECT 'pg_catalog.pg_class', c.oid, c.oid::pg_catalog.regclass::text, c.relname,
			CASE c.relkind WHEN 'v' THEN 'view' END, c.relowner,
			coalesce(c.relacl, pg_catalog.acldefault('r', c.relowner))
		FROM pg_catalog.pg_class c
		WHERE c.relnamespace = 'dpmeta'::pg_catalog.regnamespace AND c.relkind IN ('r', 'v', 'S')
		UNION ALL
		SELECT 'pg_catalog.pg_namespace', n.oid, n.nspname, n.nspname, NULL, n.nspowner, n.nspacl
		FROM pg_catalog.pg_namespace n
		WHERE n.nspname = 'dpmeta'
	) o
	LEFT JOIN dpmeta.role_rights() r ON r.kind = o.kind AND r.name = o.name
	LEFT JOIN pg_catalog.pg_init_privs i
		ON i.classoid = o.class AND i.objoid = o.object AND i.objsubid = 0;

SET LOCAL search_path = dpmeta, pg_temp;
