/*
 * Whoever had a right has it still, and nobody has one more, but for what is new.
 * That goes to the roles that hold all that their rung had before.  A role that a
 * DBA took something from gets nothing of that rung, because the new function may
 * say what the right that was taken was for.
 *
 * All of this is granted by run_as(), so that pg_dump carries it.
 */
SET LOCAL search_path = pg_catalog, pg_temp;

DO $$
DECLARE
	item		record;
BEGIN
	-- what was dropped and made again, with more columns or others
	FOR item IN
		WITH replaced AS (
			SELECT b.owner, b.acl, 'FUNCTION ' || x.after::pg_catalog.regprocedure AS object
			FROM (VALUES
				('dpmeta.list_versions(dpmeta.dpid,boolean)',
				 'dpmeta.list_versions(dpmeta.dpid, boolean, integer, dpmeta.dpversion, timestamptz)'),
				('dpmeta.list_changes(dpmeta.dpid,dpmeta.dpversion)',
				 'dpmeta.list_changes(dpmeta.dpid, dpmeta.dpversion, integer, timestamptz)'),
				('dpmeta.validate(jsonb,jsonb,boolean)', 'dpmeta.validate(jsonb, jsonb, boolean)'),
				('dpmeta.validate_ref(text,jsonb,boolean)', 'dpmeta.validate_ref(text, jsonb, boolean)'),
				('dpmeta.schema_cache()', 'dpmeta.schema_cache()'),
				('dpmeta.delete_schema(dpmeta.dpid,text[],boolean,text,text[])',
				 'dpmeta.delete_schema(dpmeta.dpid, text[], boolean, text, text[], boolean)'),
				('dpmeta.delete_data_product(dpmeta.dpid,text[],boolean,text,text[])',
				 'dpmeta.delete_data_product(dpmeta.dpid, text[], boolean, text, text[], boolean)'),
				('dpmeta.catalog_schemas(regnamespace,boolean)',
				 'dpmeta.catalog_schemas(regnamespace, boolean, text[], text[], jsonb, boolean)'),
				('dpmeta.register_catalog_schema(regnamespace,jsonb,boolean,boolean,text,text[])',
				 'dpmeta.register_catalog_schema(regnamespace, jsonb, boolean, boolean, text, text[], text[], text[], jsonb, boolean)')) x(before, after)
			JOIN dpmeta.rights_before b
				ON b.class = 'pg_catalog.pg_proc'::pg_catalog.regclass AND b.identity = x.before
			UNION ALL
			SELECT b.owner, b.acl, 'TABLE ' || c.oid::pg_catalog.regclass
			FROM dpmeta.rights_before b
			JOIN pg_catalog.pg_class c ON c.oid::pg_catalog.regclass::text = b.identity
				AND c.relnamespace = 'dpmeta'::pg_catalog.regnamespace AND c.oid <> b.object
			WHERE b.class = 'pg_catalog.pg_class'::pg_catalog.regclass
		), granted AS (
			SELECT r.object, r.owner, a.grantor, a.grantee, a.is_grantable, a.privilege_type
			FROM replaced r
			CROSS JOIN LATERAL pg_catalog.aclexplode(r.acl) a
			WHERE a.grantee <> r.owner
		), chain AS (
			-- who got the option to grant comes before those that they granted to
			WITH RECURSIVE chain AS (
				SELECT 1 AS depth, g.* FROM granted g WHERE g.grantor = g.owner
				UNION ALL
				SELECT c.depth + 1, g.*
				FROM chain c
				JOIN granted g ON g.object = c.object AND g.grantor = c.grantee
					AND g.privilege_type = c.privilege_type
				WHERE c.is_grantable AND c.depth < 100
			)
			SELECT * FROM chain
		)
		SELECT 0 AS depth, r.owner AS role,
			pg_catalog.format('REVOKE ALL ON %s FROM PUBLIC', r.object) AS command
		FROM replaced r
		UNION
		SELECT c.depth, c.grantor,
			pg_catalog.format('GRANT %s ON %s TO %s', c.privilege_type, c.object,
				CASE c.grantee WHEN 0 THEN 'PUBLIC' ELSE c.grantee::pg_catalog.regrole::text END)
			|| CASE WHEN c.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
		FROM chain c
		ORDER BY 1
	LOOP
		PERFORM dpmeta.run_as(item.role, item.command);
	END LOOP;

	-- what is new
	FOR item IN
		WITH holder AS (
			SELECT b.rung, a.grantee
			FROM dpmeta.rights_before b
			CROSS JOIN LATERAL (
				SELECT DISTINCT a.grantee FROM pg_catalog.aclexplode(b.acl) a
				WHERE a.grantee NOT IN (0, b.owner)) a
			WHERE b.rung IS NOT NULL
			GROUP BY b.rung, a.grantee
			HAVING pg_catalog.count(*) = (
				SELECT pg_catalog.count(*) FROM dpmeta.rights_before o WHERE o.rung = b.rung)
		), object AS (
			SELECT r.rung, 'SELECT ON ' || c.oid::pg_catalog.regclass AS right, c.relowner AS owner
			FROM dpmeta.role_rights() r
			JOIN pg_catalog.pg_class c ON c.relname = r.name
				AND c.relnamespace = 'dpmeta'::pg_catalog.regnamespace
			WHERE r.kind = 'view'
				AND c.oid::pg_catalog.regclass::text NOT IN (SELECT b.identity FROM dpmeta.rights_before b)
			UNION ALL
			SELECT r.rung, 'EXECUTE ON ROUTINE ' || p.oid::pg_catalog.regprocedure, p.proowner
			FROM dpmeta.role_rights() r
			JOIN pg_catalog.pg_proc p ON p.proname = r.name
				AND p.pronamespace = 'dpmeta'::pg_catalog.regnamespace
			WHERE r.kind = 'function' AND p.provolatile <> 'i'
				AND p.oid NOT IN (SELECT b.object FROM dpmeta.rights_before b)
				AND p.oid::pg_catalog.regprocedure::text NOT IN (
					'dpmeta.list_versions(dpmeta.dpid,boolean,integer,dpmeta.dpversion,timestamp with time zone)',
					'dpmeta.list_changes(dpmeta.dpid,dpmeta.dpversion,integer,timestamp with time zone)',
					'dpmeta.validate_ref(text,jsonb,boolean)', 'dpmeta.schema_cache()',
					'dpmeta.delete_schema(dpmeta.dpid,text[],boolean,text,text[],boolean)',
					'dpmeta.delete_data_product(dpmeta.dpid,text[],boolean,text,text[],boolean)',
					'dpmeta.catalog_schemas(regnamespace,boolean,text[],text[],jsonb,boolean)',
					'dpmeta.register_catalog_schema(regnamespace,jsonb,boolean,boolean,text,text[],text[],text[],jsonb,boolean)')
		)
		SELECT o.owner, pg_catalog.format('GRANT %s TO %s', o.right,
				h.grantee::pg_catalog.regrole) AS command
		FROM holder h
		JOIN object o ON o.rung = h.rung
	LOOP
		PERFORM dpmeta.run_as(item.owner, item.command);
	END LOOP;
END
$$;

/*
 * Where 94-owner-grants.sql lets in whoever created the extension, PostgreSQL notes
 * all rights on the object as those that the extension comes with.  pg_dump would
 * leave them out.  So only the creator's are added to what was noted before.
 */
UPDATE pg_catalog.pg_init_privs i SET initprivs = b.initprivs || ARRAY(
		SELECT u.item
		FROM pg_catalog.unnest(i.initprivs) WITH ORDINALITY u(item, place)
		WHERE EXISTS (SELECT FROM pg_catalog.aclexplode(ARRAY[u.item]) a
			WHERE a.grantee <> b.owner AND a.grantee = (
				SELECT e.extowner FROM pg_catalog.pg_extension e WHERE e.extname = 'dpmeta'))
		ORDER BY u.place)
	FROM dpmeta.rights_before b
	WHERE i.classoid = b.class AND i.objoid = b.object AND i.objsubid = 0
		AND i.initprivs <> b.initprivs;

-- From 17 on, PostgreSQL notes each role that is named there.
DELETE FROM pg_catalog.pg_shdepend s
	USING dpmeta.rights_before b
	WHERE s.deptype = 'i' AND s.classid = b.class AND s.objid = b.object
		AND s.dbid = (SELECT d.oid FROM pg_catalog.pg_database d
			WHERE d.datname = pg_catalog.current_database())
		AND s.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass
		AND NOT EXISTS (
			SELECT FROM pg_catalog.pg_init_privs i
			CROSS JOIN LATERAL pg_catalog.aclexplode(i.initprivs) a
			WHERE i.classoid = b.class AND i.objoid = b.object AND s.refobjid IN (a.grantee, a.grantor));

DROP TABLE dpmeta.rights_before;
