/*
 * Whoever creates the extension and is no superuser is let in.  An update has this
 * very file.
 */
DO $$
DECLARE
	creator		oid := (SELECT e.extowner FROM pg_catalog.pg_extension e WHERE e.extname = 'dpmeta');
BEGIN
	IF creator <> (SELECT p.proowner FROM pg_catalog.pg_proc p
				   WHERE p.oid = 'dpmeta.owner()'::pg_catalog.regprocedure) THEN
		PERFORM dpmeta.grant_owner(creator);
	END IF;
END
$$;
