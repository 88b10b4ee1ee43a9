/*
 * What users have built on functions and views that get other columns stops the
 * update, and is named all at once.
 */
DO $$
DECLARE
	users		text;
BEGIN
	WITH anew AS (
		SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass AS class, f.signature::pg_catalog.regprocedure::oid AS object
		FROM (VALUES
			('dpmeta.list_versions(dpmeta.dpid, boolean)'), ('dpmeta.list_changes(dpmeta.dpid, dpmeta.dpversion)'),
			('dpmeta.validate(jsonb, jsonb, boolean)'), ('dpmeta.validate_ref(text, jsonb, boolean)'),
			('dpmeta.schema_cache()')) f(signature)
		UNION ALL
		SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, v.name::pg_catalog.regclass::oid
		FROM (VALUES
			('dpmeta.data_products'), ('dpmeta.data_product_versions'), ('dpmeta.schemas'), ('dpmeta.columns'),
			('dpmeta.tags'), ('dpmeta.events'), ('dpmeta.changes'), ('dpmeta.problems')) v(name)
	), used AS (
		-- the rule of a view is called by the view's name
		SELECT CASE WHEN w.oid IS NULL THEN d.classid ELSE 'pg_catalog.pg_class'::pg_catalog.regclass::oid END AS class,
			coalesce(w.ev_class, d.objid) AS object
		FROM anew a
		JOIN pg_catalog.pg_depend d ON d.refclassid = a.class AND d.refobjid = a.object AND d.deptype = 'n'
		LEFT JOIN pg_catalog.pg_rewrite w
			ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND w.oid = d.objid
	)
	SELECT pg_catalog.string_agg(DISTINCT pg_catalog.pg_describe_object(u.class, u.object, 0), ', ')
	INTO users
	FROM used u
	WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend e
					  WHERE e.classid = u.class AND e.objid = u.object AND e.deptype = 'e');
	IF users IS NOT NULL THEN
		RAISE 'functions and views that the update makes anew are used by: %', users
			USING ERRCODE = 'dependent_objects_still_exist',
				DETAIL = 'The functions list_versions, list_changes, validate, validate_ref and schema_cache return more columns in 1.1. The views data_products, data_product_versions, schemas, columns, tags, events, changes and problems have IDs and versions as text.',
				HINT = E'Note what these are made of (\\sv and \\sf in psql show it), drop them, run ALTER EXTENSION dpmeta UPDATE, and make them again.';
	END IF;
END
$$;
