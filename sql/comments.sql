-- all that the extension has, and every column of its views, says what it is for
SELECT pg_describe_object(d.classid, d.objid, 0) AS "without a comment"
FROM pg_depend d
LEFT JOIN pg_type t ON d.classid = 'pg_type'::regclass AND t.oid = d.objid
WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
	AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'dpmeta')
	-- row types, array types, and what only belongs to another object
	AND coalesce(t.typrelid = 0 OR (SELECT c.relkind = 'c' FROM pg_class c WHERE c.oid = t.typrelid), true)
	AND coalesce(t.typcategory <> 'A', true)
	AND d.classid NOT IN ('pg_amop'::regclass, 'pg_amproc'::regclass, 'pg_rewrite'::regclass)
	AND NOT EXISTS (SELECT FROM pg_class c
					WHERE d.classid = 'pg_class'::regclass AND c.oid = d.objid AND c.relkind IN ('S', 'c', 'i'))
	AND obj_description(d.objid, d.classid::regclass::name) IS NULL
ORDER BY 1;

SELECT c.relname, a.attname AS "without a comment"
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
WHERE c.relnamespace = 'dpmeta'::regnamespace AND c.relkind = 'v'
	AND col_description(c.oid, a.attnum) IS NULL
ORDER BY 1, 2;

-- what writes does not run in parallel
SELECT p.oid::regprocedure AS "volatile and said to be parallel safe"
FROM pg_proc p
WHERE p.pronamespace = 'dpmeta'::regnamespace AND p.provolatile = 'v' AND p.proparallel = 's';
