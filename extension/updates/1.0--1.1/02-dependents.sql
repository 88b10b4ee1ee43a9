/*
 * What users have built on views and functions that get other columns stops the update, and
 * is named all at once.
 */
DO $$
DECLARE
	users		text;
BEGIN
	SELECT pg_catalog.string_agg(DISTINCT pg_catalog.pg_describe_object(u.classid, u.objid, 0), ', ')
	INTO users
	FROM (
		SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass::oid, f.signature::pg_catalog.regprocedure::oid
		FROM (VALUES
			('dpmeta.list_versions(dpmeta.dpid, boolean)'), ('dpmeta.list_changes(dpmeta.dpid, dpmeta.dpversion)'),
			('dpmeta.validate(jsonb, jsonb, boolean)'), ('dpmeta.validate_ref(text, jsonb, boolean)'),
			('dpmeta.delete_schema(dpmeta.dpid, text[], boolean, text, text[])'),
			('dpmeta.delete_data_product(dpmeta.dpid, text[], boolean, text, text[])'),
			('dpmeta.schema_cache()'), ('dpmeta.catalog_schemas(regnamespace, boolean)'),
			('dpmeta.register_catalog_schema(regnamespace, jsonb, boolean, boolean, text, text[])')) f(signature)
		UNION ALL
		SELECT t.classid, t.oid
		FROM (VALUES ('data_products'), ('data_product_versions'), ('schemas'), ('columns'), ('tags'),
			('events'), ('changes'), ('problems')) v(name)
		JOIN pg_catalog.pg_class c ON c.relname = v.name AND c.relnamespace = 'dpmeta'::pg_catalog.regnamespace
		CROSS JOIN LATERAL (VALUES ('pg_catalog.pg_class'::pg_catalog.regclass::oid, c.oid),
			('pg_catalog.pg_type'::pg_catalog.regclass::oid, c.reltype)) t(classid, oid)) o(classid, oid)
	JOIN pg_catalog.pg_depend d ON d.refclassid = o.classid AND d.refobjid = o.oid AND d.deptype = 'n'
	-- the rule of a view is called by the view's name
	LEFT JOIN pg_catalog.pg_rewrite w
		ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND w.oid = d.objid
	CROSS JOIN LATERAL (VALUES (
		CASE WHEN w.oid IS NULL THEN d.classid ELSE 'pg_catalog.pg_class'::pg_catalog.regclass::oid END,
		coalesce(w.ev_class, d.objid))) u(classid, objid)
	WHERE NOT EXISTS (
		SELECT FROM pg_catalog.pg_depend m
		WHERE m.classid = u.classid AND m.objid = u.objid AND m.deptype = 'e'
			AND m.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass
			AND m.refobjid = (SELECT e.oid FROM pg_catalog.pg_extension e WHERE e.extname = 'dpmeta'));
	IF users IS NOT NULL THEN
		RAISE 'views and functions that the update makes anew are used by: %', users
			USING ERRCODE = 'dependent_objects_still_exist',
				DETAIL = 'The views have other types of columns in 1.1; list_versions, list_changes, validate, validate_ref and schema_cache return more columns; catalog_schemas, register_catalog_schema, delete_schema and delete_data_product take more arguments.',
				HINT = E'Note what these are made of (\\sv and \\sf in psql show it), drop them, run ALTER EXTENSION dpmeta UPDATE, and make them again.';
	END IF;
END
$$;
