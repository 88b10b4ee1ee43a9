-- Roles that were given rights get those to what is new.

DO $$
DECLARE
	holder		record;
BEGIN
	FOR holder IN
		SELECT h.role, pg_catalog.max(h.rung) AS rung
		FROM (
			SELECT r.rung, a.grantee::pg_catalog.regrole AS role
			FROM (VALUES
				(1, ARRAY['get_data_product', 'list_data_products', 'catalog_schemas']),
				(2, ARRAY['register_data_product', 'update_schema', 'lock_data_product']),
				(3, ARRAY['delete_data_product', 'restore_data_product', 'set_sunset']),
				(4, ARRAY['check_actor'])) r(rung, held)
			JOIN pg_catalog.pg_proc p ON p.proname = ANY (r.held)
				AND p.pronamespace = 'dpmeta'::pg_catalog.regnamespace
			CROSS JOIN LATERAL pg_catalog.aclexplode(p.proacl) a
			WHERE a.grantee NOT IN (0, p.proowner)
			GROUP BY r.rung, r.held, a.grantee
			HAVING pg_catalog.count(DISTINCT p.proname) = pg_catalog.cardinality(r.held)
		) h
		GROUP BY h.role
	LOOP
		PERFORM dpmeta.change_rights('grant', holder.role, 1, holder.rung);
	END LOOP;
END
$$;

/*
 * What a script grants to a role, pg_dump would take for what the extension has
 * by itself, and leave out.  So only the rights count as that which CREATE
 * EXTENSION gives: the owner's, everybody's, and those of whoever created it.
 */
UPDATE pg_catalog.pg_init_privs i SET initprivs = ARRAY(
		SELECT u.item
		FROM pg_catalog.unnest(i.initprivs) WITH ORDINALITY u(item, place)
		WHERE EXISTS (SELECT FROM pg_catalog.aclexplode(ARRAY[u.item]) a
			WHERE a.grantee IN (0, a.grantor, e.extowner))
		ORDER BY u.place)
	FROM pg_catalog.pg_depend d
	JOIN pg_catalog.pg_extension e ON e.oid = d.refobjid
	WHERE d.classid = i.classoid AND d.objid = i.objoid AND d.deptype = 'e'
		AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
		AND e.extname = 'dpmeta';
