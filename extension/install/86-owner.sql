/*
 * Which role the functions run as, and how rights are granted and revoked.  An
 * update runs this same file.
 *
 * All objects belong to a superuser (rules/owner.c says why).  But the functions
 * run as another role, the owner, which holds EXECUTE on owner() and writes the tables.
 */
CREATE FUNCTION dpmeta.owner() RETURNS regrole
	AS 'MODULE_PATHNAME', 'dpmeta_owner' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION dpmeta.owner() IS
	'the role that the functions run as: the one that dpmeta.set_owner() named, or else the one that the extension was created for. It is the role that holds EXECUTE on this function, and INSERT on the tables';

CREATE FUNCTION dpmeta.run_as(role oid, command text) RETURNS void
	AS 'MODULE_PATHNAME', 'dpmeta_run_as' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp;
COMMENT ON FUNCTION dpmeta.run_as(oid, text) IS
	'private: runs a command as another role; for superusers';

/*
 * One privilege on one object.  Only the role that granted it can revoke it.  That
 * is the owner of the object or, if a role that is no superuser restored the
 * store, that role.
 */
CREATE FUNCTION dpmeta.change_right(command text, privilege text, class regclass, object oid, grantee regrole)
	RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	target		text;
	acl			aclitem[];
	grantor		oid;
BEGIN
	CASE class
		WHEN 'pg_namespace'::regclass THEN
			SELECT 'SCHEMA ' || n.oid::regnamespace, n.nspacl INTO target, acl
			FROM pg_namespace n WHERE n.oid = object;
		WHEN 'pg_proc'::regclass THEN
			SELECT 'ROUTINE ' || p.oid::regprocedure, p.proacl INTO target, acl
			FROM pg_proc p WHERE p.oid = object;
		ELSE
			SELECT CASE c.relkind WHEN 'S' THEN 'SEQUENCE ' ELSE 'TABLE ' END || c.oid::regclass, c.relacl
			INTO target, acl
			FROM pg_class c WHERE c.oid = object;
	END CASE;
	IF command = 'revoke' THEN
		FOR grantor IN SELECT DISTINCT a.grantor FROM aclexplode(acl) a WHERE a.grantee = change_right.grantee
		LOOP
			PERFORM dpmeta.run_as(grantor, format('REVOKE %s ON %s FROM %s', privilege, target, grantee));
		END LOOP;
	ELSE
		EXECUTE format('GRANT %s ON %s TO %s', privilege, target, grantee)
			|| CASE command WHEN 'grant with option' THEN ' WITH GRANT OPTION' ELSE '' END;
	END IF;
END
$$;
COMMENT ON FUNCTION dpmeta.change_right(text, text, regclass, oid, regrole) IS
	'private: gives or takes one privilege on one object; command is grant, grant with option or revoke';

CREATE FUNCTION dpmeta.check_grantee(grantee regrole) RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM pg_roles r WHERE r.oid = grantee) THEN
		RAISE 'role % does not exist', coalesce(grantee::text, 'NULL')
			USING ERRCODE = 'undefined_object',
				HINT = 'Give the name of a role, as in grant_reader(''analyst'').';
	END IF;
END
$$;
COMMENT ON FUNCTION dpmeta.check_grantee(regrole) IS
	'private: raises an error unless there is such a role';

/*
 * SECURITY DEFINER, so that whoever may execute a grant_* function needs no other
 * right, and every grant is the owner's of the object, which pg_dump and REVOKE
 * treat alike.
 */
CREATE OR REPLACE FUNCTION dpmeta.change_rights(command text, grantee regrole, first integer, last integer)
	RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM dpmeta.check_grantee(grantee);
	PERFORM dpmeta.change_right(command, r.privilege, r.class, r.object, grantee)
	FROM (
		SELECT 'USAGE' AS privilege, 'pg_namespace'::regclass AS class, 'dpmeta'::regnamespace::oid AS object
		WHERE first <= 1
		UNION ALL
		SELECT 'SELECT', 'pg_class', format('dpmeta.%I', r.name)::regclass
		FROM dpmeta.role_rights() r
		WHERE r.kind = 'view' AND r.rung BETWEEN first AND last
		UNION ALL
		SELECT 'EXECUTE', 'pg_proc', p.oid
		FROM dpmeta.role_rights() r
		JOIN pg_proc p ON p.proname = r.name AND p.pronamespace = 'dpmeta'::regnamespace
		WHERE r.kind = 'function' AND r.rung BETWEEN first AND last
			AND p.provolatile <> 'i'
	) r;
END
$$;
COMMENT ON FUNCTION dpmeta.change_rights(text, regrole, integer, integer) IS
	'private: grants to or revokes from a role what these rungs of role_rights() hold';

/*
 * What the functions need.  The owner reads and writes the rows of the tables, and
 * may neither change the tables nor give rights on them.  The models say what is a
 * document, and code in C builds on that: they change by dpmeta.domain only.  How far
 * a sequence is, check() reads.
 */
CREATE FUNCTION dpmeta.owner_rights()
	RETURNS TABLE (privilege text, class regclass, object oid)
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT 'USAGE', 'pg_catalog.pg_namespace'::regclass, n.oid
	FROM pg_namespace n
	WHERE n.nspname = 'dpmeta'
	UNION ALL
	SELECT CASE WHEN c.relkind IN ('v', 'S') OR c.relname IN ('life', 'model') THEN 'SELECT' ELSE 'SELECT, INSERT, UPDATE, DELETE' END,
		'pg_catalog.pg_class'::regclass, c.oid
	FROM pg_class c
	WHERE c.relnamespace = (SELECT n.oid FROM pg_namespace n WHERE n.nspname = 'dpmeta')
		AND c.relkind IN ('r', 'p', 'v', 'S')
	UNION ALL
	SELECT 'EXECUTE', 'pg_catalog.pg_proc'::regclass, p.oid
	FROM pg_proc p
	WHERE p.pronamespace = (SELECT n.oid FROM pg_namespace n WHERE n.nspname = 'dpmeta')
		AND p.provolatile = 's'
		AND p.proname !~ '^as_owner_';
END;
COMMENT ON FUNCTION dpmeta.owner_rights() IS
	'private: what the role needs that the functions run as';

CREATE FUNCTION dpmeta.set_owner(role regrole) RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	before		regrole;
BEGIN
	IF role IS NOT NULL THEN
		PERFORM dpmeta.check_grantee(role);
	END IF;
	IF (SELECT r.rolsuper FROM pg_roles r WHERE r.oid = role) THEN
		RAISE 'role % is a superuser', role
			USING ERRCODE = 'invalid_parameter_value',
				DETAIL = 'What the functions run as is to be able to do no more than they need.',
				HINT = 'Make a role for this alone: CREATE ROLE dpmeta_owner; SELECT dpmeta.set_owner(''dpmeta_owner'');';
	END IF;
	FOR before IN
		SELECT a.grantee
		FROM pg_proc p
		CROSS JOIN LATERAL aclexplode(p.proacl) a
		WHERE p.oid = 'dpmeta.owner()'::regprocedure AND a.grantee NOT IN (0, p.proowner)
		GROUP BY a.grantee
		HAVING NOT bool_or(a.is_grantable)
	LOOP
		PERFORM dpmeta.change_right('revoke', r.privilege, r.class, r.object, before)
		FROM dpmeta.owner_rights() r;
	END LOOP;
	IF role IS NOT NULL THEN
		PERFORM dpmeta.change_right('grant', r.privilege, r.class, r.object, role)
		FROM dpmeta.owner_rights() r;
	END IF;
END
$$;
COMMENT ON FUNCTION dpmeta.set_owner(regrole) IS
	'sets the role that the functions run as, and grants it what they need; null for the role that the extension was created for. Use a role that does nothing else; it needs neither LOGIN nor members';

/*
 * What a role needs that is no superuser and is to have the store as its own: use
 * every function, let others in, dump it and restore it.  It may give all of this
 * away, because a restore by it does so.
 */
CREATE FUNCTION dpmeta.grant_owner(role regrole) RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM dpmeta.check_grantee(role);
	PERFORM dpmeta.change_right('grant with option', r.privilege, r.class, r.object, role)
	FROM (
		SELECT r.privilege, r.class, r.object
		FROM dpmeta.owner_rights() r
		UNION ALL
		SELECT 'USAGE, SELECT, UPDATE', 'pg_class', c.oid
		FROM pg_class c
		WHERE c.relnamespace = 'dpmeta'::regnamespace AND c.relkind = 'S'
		UNION ALL
		SELECT 'EXECUTE', 'pg_proc', p.oid
		FROM pg_proc p
		WHERE p.pronamespace = 'dpmeta'::regnamespace AND p.provolatile = 'v'
			AND p.prorettype <> 'trigger'::regtype AND p.proname !~ '^as_owner_'
			AND p.proname NOT IN ('run_as', 'change_right', 'change_rights', 'grant_owner')
	) r;
END
$$;
COMMENT ON FUNCTION dpmeta.grant_owner(regrole) IS
	'lets a role that is no superuser own the store: use every function, grant rights, dump and restore. CREATE EXTENSION does this for the role that calls it';

REVOKE EXECUTE ON FUNCTION dpmeta.owner(), dpmeta.run_as(oid, text),
	dpmeta.change_right(text, text, regclass, oid, regrole), dpmeta.check_grantee(regrole),
	dpmeta.owner_rights(), dpmeta.set_owner(regrole), dpmeta.grant_owner(regrole) FROM PUBLIC;
