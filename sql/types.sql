-- what the three types have in common, as the catalogs show it
SET search_path = dpmeta;

CREATE TEMP VIEW own_type AS
SELECT oid, typname FROM pg_type
WHERE oid IN ('dpversion'::regtype, 'dpid'::regtype, 'column_type'::regtype);

SELECT typname, typlen, typbyval, typalign, typstorage
FROM own_type JOIN pg_type USING (oid, typname) ORDER BY 1;

-- each operator class is whole
SELECT typname, amname, opcname, opcdefault, amvalidate(c.oid)
FROM pg_opclass c
	JOIN own_type t ON t.oid = opcintype
	JOIN pg_am a ON a.oid = opcmethod
ORDER BY 1, 2;

-- each operator has what the planner asks for; none is missing
SELECT typname, oprname, oprcom::regoperator, oprnegate::regoperator,
	oprrest, oprjoin, oprcanhash AS h, oprcanmerge AS m
FROM pg_operator JOIN own_type t ON t.oid = oprleft
ORDER BY typname, oprname COLLATE "C";

-- functions that are not immutable, strict and parallel safe
SELECT DISTINCT p.oid::regprocedure, provolatile, proisstrict, proparallel
FROM pg_proc p JOIN own_type t ON t.oid = prorettype OR t.oid = ANY (proargtypes)
WHERE pronamespace = 'dpmeta'::regnamespace AND prokind = 'f'
	AND prolang = (SELECT oid FROM pg_language WHERE lanname = 'c')
	AND probin LIKE '%dpmeta%'
	AND prosrc ~ '^(dpversion|dpid|column_type|bytewise)_'
	AND NOT (provolatile = 'i' AND proisstrict AND proparallel = 's');

-- members without a comment
SELECT pg_describe_object(classid, objid, 0)
FROM (
	SELECT 'pg_type'::regclass, oid FROM own_type
	UNION ALL
	SELECT 'pg_operator'::regclass, o.oid
	FROM pg_operator o JOIN own_type t ON t.oid = oprleft
	UNION ALL
	SELECT 'pg_opclass'::regclass, c.oid
	FROM pg_opclass c JOIN own_type t ON t.oid = opcintype
	UNION ALL
	SELECT 'pg_cast'::regclass, c.oid
	FROM pg_cast c JOIN own_type t ON t.oid IN (castsource, casttarget)
	UNION ALL
	SELECT 'pg_proc'::regclass, p.oid
	FROM pg_proc p JOIN own_type t
		ON t.oid = prorettype OR t.oid = ANY (proargtypes)
	WHERE pronamespace = 'dpmeta'::regnamespace
		AND prosrc ~ '^(dpversion|dpid|column_type|bytewise)_'
) AS member (classid, objid)
WHERE obj_description(objid, classid::regclass::name) IS NULL
ORDER BY 1;
