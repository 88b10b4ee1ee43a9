/*
 * SECURITY DEFINER says in the files before that a function reads or writes what
 * its caller may not.  It would do so as whoever owns it, who is a superuser
 * always.  So here each such function, NAME, is put behind the name
 * as_owner_NAME, and its own name calls that as dpmeta.owner() (rules/owner.c).
 * It keeps its OID, and so what users have built on it.  An update has this very
 * file.
 *
 * Two things stay.  What gives rights, because only the owner of an object can do
 * that; and what changes the models, because code in C builds on what they say.
 */
DO $$
DECLARE
	definer		record;
	quoted_name	text;
	inner_name	text;
	definition	text;
BEGIN
	FOR definer IN
		SELECT p.oid, p.proname::text AS name, p.oid::pg_catalog.regprocedure AS signature
		FROM pg_catalog.pg_proc p
		WHERE p.pronamespace = 'dpmeta'::pg_catalog.regnamespace AND p.prosecdef
			AND p.proname !~ '^(grant|revoke)_' AND p.proname NOT IN ('change_rights', 'set_owner', 'domain_changed')
		ORDER BY p.oid
	LOOP
		quoted_name := pg_catalog.quote_ident(definer.name);
		inner_name := 'as_owner_' || definer.name;
		-- a parsed body calls an argument NAME.argument
		definition := pg_catalog.regexp_replace(
			pg_catalog.regexp_replace(pg_catalog.pg_get_functiondef(definer.oid), ' SECURITY DEFINER', ''),
			'(?<!\.)\m' || definer.name || '(?=\.)|(?<=^CREATE OR REPLACE FUNCTION dpmeta\.)' || quoted_name || '(?=\()',
			inner_name, 'g');
		EXECUTE definition;
		EXECUTE pg_catalog.format('COMMENT ON FUNCTION %s IS %L',
			pg_catalog.replace(definer.signature::text, quoted_name || '(', inner_name || '('),
			'private: what ' || definer.name || '() does, as dpmeta.owner()');
		EXECUTE pg_catalog.format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC',
			pg_catalog.replace(definer.signature::text, quoted_name || '(', inner_name || '('));

		-- the head: what it takes and returns, and what the planner goes by
		EXECUTE pg_catalog.regexp_replace(
			pg_catalog.regexp_replace(pg_catalog.pg_get_functiondef(definer.oid), ' SECURITY DEFINER', ''),
			'\n LANGUAGE \w+(\n (?!SET )[^\n]*)?\n.*$', E'\n LANGUAGE c\\1')
			|| $c$ AS 'MODULE_PATHNAME', 'dpmeta_as_owner'$c$;
	END LOOP;
END
$$;
