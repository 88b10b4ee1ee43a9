/*
 * What users have built on functions that get other columns stops the update, and
 * is named all at once.
 */
DO $$
DECLARE
	users		text;
BEGIN
	SELECT pg_catalog.string_agg(DISTINCT pg_catalog.pg_describe_object(u.classid, u.objid, 0), ', ')
	INTO users
	FROM (VALUES
		('dpmeta.list_versions(dpmeta.dpid, boolean)'), ('dpmeta.list_changes(dpmeta.dpid, dpmeta.dpversion)'),
		('dpmeta.validate(jsonb, jsonb, boolean)'), ('dpmeta.validate_ref(text, jsonb, boolean)'),
		('dpmeta.schema_cache()')) f(signature)
	JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_proc'::pg_catalog.regclass
		AND d.refobjid = f.signature::pg_catalog.regprocedure AND d.deptype = 'n'
	-- the rule of a view is called by the view's name
	LEFT JOIN pg_catalog.pg_rewrite w
		ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND w.oid = d.objid
	CROSS JOIN LATERAL (VALUES (
		CASE WHEN w.oid IS NULL THEN d.classid ELSE 'pg_catalog.pg_class'::pg_catalog.regclass::oid END,
		coalesce(w.ev_class, d.objid))) u(classid, objid);
	IF users IS NOT NULL THEN
		RAISE 'functions that the update makes anew are used by: %', users
			USING ERRCODE = 'dependent_objects_still_exist',
				DETAIL = 'list_versions, list_changes, validate, validate_ref and schema_cache return more columns in 1.1.',
				HINT = 'Note what these are made of (\sv and \sf in psql show it), drop them, run ALTER EXTENSION dpmeta UPDATE, and make them again.';
	END IF;
END
$$;
