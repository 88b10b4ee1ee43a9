-- the extension as a whole: where it lives, and that nothing is left bare
SELECT extnamespace::regnamespace, extrelocatable
FROM pg_extension WHERE extname = 'dpmeta';

-- members outside its schema
SELECT pg_describe_object(classid, objid, objsubid)
FROM pg_depend
WHERE refclassid = 'pg_extension'::regclass AND deptype = 'e'
	AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'dpmeta')
	AND (pg_identify_object(classid, objid, objsubid)).schema <> 'dpmeta'
	AND classid <> 'pg_cast'::regclass;

-- functions that run with their owner's rights pin their search_path
SELECT p.oid::regprocedure
FROM pg_proc p
WHERE p.pronamespace = 'dpmeta'::regnamespace AND p.prosecdef
	AND NOT coalesce(p.proconfig::text LIKE '%search\_path=%', false);

-- views and their columns without a COMMENT
SELECT c.oid::regclass, a.attname
FROM pg_class c
	LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
WHERE c.relnamespace = 'dpmeta'::regnamespace AND c.relkind = 'v'
	AND (obj_description(c.oid, 'pg_class') IS NULL
		OR col_description(c.oid, a.attnum) IS NULL);
