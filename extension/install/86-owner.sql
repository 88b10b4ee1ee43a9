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
 * treat alike.  The role that the functions run as keeps what it needs for that.
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
	IF command = 'revoke' AND grantee IN (SELECT o.role FROM dpmeta.named_owners() o) THEN
		PERFORM dpmeta.change_right('grant', r.privilege, r.class, r.object, grantee)
		FROM dpmeta.named_owner_rights() r;
	END IF;
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

/*
 * The same for the role that set_owner() names, which does not act for others: who
 * may is somebody that grant_front() was called for.
 */
CREATE FUNCTION dpmeta.named_owner_rights()
	RETURNS TABLE (privilege text, class regclass, object oid)
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT r.privilege, r.class, r.object
	FROM dpmeta.owner_rights() r
	WHERE r.object <> 'dpmeta.check_actor(text, text[])'::regprocedure
$$;
COMMENT ON FUNCTION dpmeta.named_owner_rights() IS
	'private: what the role needs that set_owner() names';

/* One role at most, or what GRANT made of it. */
CREATE FUNCTION dpmeta.named_owners() RETURNS TABLE (role regrole)
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT a.grantee::regrole
	FROM pg_proc p
	CROSS JOIN LATERAL aclexplode(p.proacl) a
	WHERE p.oid = 'dpmeta.owner()'::regprocedure AND a.grantee NOT IN (0, p.proowner)
	GROUP BY a.grantee
	HAVING NOT bool_or(a.is_grantable)
$$;
COMMENT ON FUNCTION dpmeta.named_owners() IS
	'private: the roles that may execute owner() and may not let others';

/*
 * Which of the grant_* functions was called for a role, by the rights of that rung
 * which no owner needs; 0 if none was.
 */
CREATE FUNCTION dpmeta.granted_rung(grantee regrole) RETURNS integer
	LANGUAGE sql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
	SELECT coalesce(max(h.rung), 0)
	FROM (
		SELECT r.rung
		FROM dpmeta.role_rights() r
		JOIN pg_proc p ON p.proname = r.name AND p.pronamespace = 'dpmeta'::regnamespace
		WHERE r.kind = 'function' AND p.provolatile <> 'i'
			AND p.oid NOT IN (SELECT o.object FROM dpmeta.named_owner_rights() o)
		GROUP BY r.rung
		HAVING bool_and(EXISTS (SELECT FROM aclexplode(p.proacl) a WHERE a.grantee = granted_rung.grantee))
	) h
$$;
COMMENT ON FUNCTION dpmeta.granted_rung(regrole) IS
	'private: the highest rung of role_rights() that a grant_* function gave to a role';

CREATE FUNCTION dpmeta.check_owner(role regrole) RETURNS void
	LANGUAGE plpgsql STABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM dpmeta.check_grantee(role);
	IF (SELECT r.rolname ~ '^pg_' FROM pg_roles r WHERE r.oid = role) THEN
		RAISE 'role % is one of PostgreSQL''s own', role
			USING ERRCODE = 'invalid_parameter_value',
				DETAIL = 'Its rights and its members are not those of dpmeta alone.',
				HINT = 'Give a role that you made, as in CREATE ROLE dpmeta_owner.';
	END IF;
END
$$;
COMMENT ON FUNCTION dpmeta.check_owner(regrole) IS
	'private: raises an error unless there is such a role, and somebody made it';

CREATE FUNCTION dpmeta.set_owner(role regrole) RETURNS void
	LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	before		regrole;
	rung		integer;
BEGIN
	IF role IS NOT NULL THEN
		PERFORM dpmeta.check_owner(role);
	END IF;
	IF (SELECT r.rolsuper FROM pg_roles r WHERE r.oid = role) THEN
		RAISE 'role % is a superuser', role
			USING ERRCODE = 'invalid_parameter_value',
				DETAIL = 'What the functions run as is to be able to do no more than they need.',
				HINT = 'Make a role for this alone: CREATE ROLE dpmeta_owner; SELECT dpmeta.set_owner(''dpmeta_owner'');';
	END IF;
	FOR before IN SELECT o.role FROM dpmeta.named_owners() o
	LOOP
		rung := dpmeta.granted_rung(before);
		PERFORM dpmeta.change_right('revoke', r.privilege, r.class, r.object, before)
		FROM dpmeta.named_owner_rights() r;
		IF rung > 0 THEN
			PERFORM dpmeta.change_rights('grant', before, 1, rung);
		END IF;
	END LOOP;
	IF role IS NOT NULL THEN
		PERFORM dpmeta.change_right('grant', r.privilege, r.class, r.object, role)
		FROM dpmeta.named_owner_rights() r;
	END IF;
END
$$;
COMMENT ON FUNCTION dpmeta.set_owner(regrole) IS
	'sets the role that the functions run as, and grants it what they need; null for the role that the extension was created for. What grant_reader() and its kin gave to the role that it was before stays. Use a role that does nothing else; it needs neither LOGIN nor members';

/*
 * PostgreSQL notes the rights that an extension comes with, and before 17 it does
 * not forget a role there that is dropped.  pg_dump would write the role's number
 * into the dump, which cannot be restored then.  The rights of a role that is gone
 * are taken out.  Where it owned the objects, they are their present owner's.
 */
CREATE FUNCTION dpmeta.forget_dropped_roles() RETURNS bigint
	LANGUAGE sql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
AS $$
	WITH note AS (
		SELECT i.classoid, i.objoid, i.objsubid, i.initprivs,
			(SELECT quote_ident(r.rolname)
			 FROM pg_proc p
			 JOIN pg_roles r ON r.oid = p.proowner
			 WHERE p.oid = 'dpmeta.owner()'::regprocedure) AS owner
		FROM pg_init_privs i
		JOIN pg_depend d ON d.classid = i.classoid AND d.objid = i.objoid AND d.deptype = 'e'
			AND d.refclassid = 'pg_extension'::regclass
		JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'dpmeta'
	), item AS (
		SELECT n.*, u.item, u.place, a.grantor, a.grantee,
			NOT EXISTS (SELECT FROM pg_roles r WHERE r.oid = a.grantor) AS grantor_gone,
			a.grantee <> 0 AND NOT EXISTS (SELECT FROM pg_roles r WHERE r.oid = a.grantee) AS grantee_gone
		FROM note n
		CROSS JOIN LATERAL unnest(n.initprivs) WITH ORDINALITY u(item, place)
		CROSS JOIN LATERAL (SELECT a.grantor, a.grantee FROM aclexplode(ARRAY[u.item]) a LIMIT 1) a
	), mended AS (
		SELECT i.classoid, i.objoid, i.objsubid,
			coalesce(array_agg(
				-- who is gone is written as a number
				CASE WHEN i.grantor_gone THEN
					concat(CASE WHEN i.grantee = i.grantor THEN i.owner
							ELSE substring(i.item::text, '^(.*)=[a-zA-Z*]*/[0-9]+$') END,
						'=', substring(i.item::text, '=([a-zA-Z*]*)/[0-9]+$'), '/', i.owner)::aclitem
				ELSE i.item END
				ORDER BY i.place) FILTER (WHERE NOT i.grantee_gone OR i.grantee = i.grantor), '{}') AS initprivs
		FROM item i
		GROUP BY i.classoid, i.objoid, i.objsubid
		HAVING bool_or(i.grantor_gone OR i.grantee_gone)
	), written AS (
		UPDATE pg_init_privs i SET initprivs = m.initprivs
		FROM mended m
		WHERE i.classoid = m.classoid AND i.objoid = m.objoid AND i.objsubid = m.objsubid
		RETURNING 1
	)
	SELECT count(*) FROM written
$$;
COMMENT ON FUNCTION dpmeta.forget_dropped_roles() IS
	'takes roles that were dropped out of what PostgreSQL notes of the extension''s first rights, without which pg_dump writes what cannot be restored, and returns of how many objects; needed before PostgreSQL 17 alone, when the role that created the extension is dropped';

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
	PERFORM dpmeta.check_owner(role);
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
	dpmeta.owner_rights(),
	dpmeta.named_owner_rights(), dpmeta.named_owners(), dpmeta.granted_rung(regrole),
	dpmeta.check_owner(regrole), dpmeta.set_owner(regrole), dpmeta.grant_owner(regrole),
	dpmeta.forget_dropped_roles() FROM PUBLIC;
