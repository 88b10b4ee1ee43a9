/*
 * In the files before this one, SECURITY DEFINER means that a function reads or
 * writes what its caller may not.  It would run as its owner, which is always a
 * superuser.  So the body of each such function, NAME, moves here to
 * as_owner_NAME, and NAME calls that as dpmeta.owner() (rules/owner.c).  NAME
 * keeps its OID, so what users have built on it still works.  An update runs this
 * same file.
 *
 * Two kinds stay as they are: those that deal with rights, because only the owner of
 * an object can do that, and those that change the models, because C code relies
 * on what these say.
 */
DO $$
DECLARE
	definer		record;
	inner_name	text;
	inner_one	pg_catalog.regprocedure;
BEGIN
	FOR definer IN
		SELECT p.proname::text AS name, p.proargtypes AS arguments,
			pg_catalog.regexp_replace(pg_catalog.pg_get_functiondef(p.oid), ' SECURITY DEFINER', '') AS definition
		FROM pg_catalog.pg_proc p
		WHERE p.pronamespace = 'dpmeta'::pg_catalog.regnamespace AND p.prosecdef
			AND p.proname !~ '^(grant|revoke)_' AND p.proname NOT IN (
				'change_rights', 'set_owner', 'forget_dropped_roles', 'domain_changed')
		ORDER BY p.oid
	LOOP
		inner_name := 'as_owner_' || definer.name;
		-- the name may be in quotes; a parsed body calls an argument NAME.argument
		EXECUTE pg_catalog.regexp_replace(
			pg_catalog.regexp_replace(definer.definition,
				E'^(CREATE OR REPLACE FUNCTION dpmeta\\.)[^(]+', E'\\1' || inner_name),
			E'(?<!\\.)\\m' || definer.name || E'(?=\\.)', inner_name, 'g');
		SELECT p.oid INTO STRICT inner_one
		FROM pg_catalog.pg_proc p
		WHERE p.pronamespace = 'dpmeta'::pg_catalog.regnamespace
			AND p.proname = inner_name AND p.proargtypes = definer.arguments;
		EXECUTE pg_catalog.format('COMMENT ON FUNCTION %s IS %L', inner_one,
			'private: what ' || definer.name || '() does, as dpmeta.owner()');
		EXECUTE pg_catalog.format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', inner_one);

		-- the head: what it takes and returns, and what the planner goes by
		EXECUTE pg_catalog.regexp_replace(definer.definition,
			E'\\n LANGUAGE \\w+(\\n (?!SET )[^\\n]*)?\\n.*$', E'\n LANGUAGE c\\1')
			|| $c$ AS 'MODULE_PATHNAME', 'dpmeta_as_owner'$c$;
	END LOOP;
END
$$;
