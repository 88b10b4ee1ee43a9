/*
 * Who may do what.  Nobody but the owner may do anything until a grant_*
 * function says so, except for what only computes: the types and their
 * operators, and every other IMMUTABLE function.
 *
 * The rungs of the ladder are reader, producer, steward and front, and each
 * holds all that is below it.  What a rung adds stands in role_rights() and
 * nowhere else.
 */

CREATE FUNCTION dpmeta.grant_reader(role regrole) RETURNS void
	LANGUAGE sql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT dpmeta.change_rights('grant', grant_reader.role, 1, 1);
END;

CREATE FUNCTION dpmeta.grant_producer(role regrole) RETURNS void
	LANGUAGE sql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT dpmeta.change_rights('grant', grant_producer.role, 1, 2);
END;

CREATE FUNCTION dpmeta.grant_steward(role regrole) RETURNS void
	LANGUAGE sql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT dpmeta.change_rights('grant', grant_steward.role, 1, 3);
END;

CREATE FUNCTION dpmeta.grant_front(role regrole) RETURNS void
	LANGUAGE sql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT dpmeta.change_rights('grant', grant_front.role, 1, 4);
END;

CREATE FUNCTION dpmeta.revoke_reader(role regrole) RETURNS void
	LANGUAGE sql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT dpmeta.change_rights('revoke', revoke_reader.role, 1, 4);
END;

CREATE FUNCTION dpmeta.revoke_producer(role regrole) RETURNS void
	LANGUAGE sql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT dpmeta.change_rights('revoke', revoke_producer.role, 2, 4);
END;

CREATE FUNCTION dpmeta.revoke_steward(role regrole) RETURNS void
	LANGUAGE sql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT dpmeta.change_rights('revoke', revoke_steward.role, 3, 4);
END;

CREATE FUNCTION dpmeta.revoke_front(role regrole) RETURNS void
	LANGUAGE sql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
	SET search_path = pg_catalog, pg_temp
BEGIN ATOMIC
	SELECT dpmeta.change_rights('revoke', revoke_front.role, 4, 4);
END;

COMMENT ON FUNCTION dpmeta.grant_reader(regrole) IS
	'lets a role read: the views and the functions that read';
COMMENT ON FUNCTION dpmeta.grant_producer(regrole) IS
	'lets a role read, register, update, patch and report loads';
COMMENT ON FUNCTION dpmeta.grant_steward(regrole) IS
	'lets a role do what a producer may, and delete, restore and set a sunset date';
COMMENT ON FUNCTION dpmeta.grant_front(regrole) IS
	'lets a role do what a steward may, and act for the callers of the HTTP front that it runs';
COMMENT ON FUNCTION dpmeta.revoke_reader(regrole) IS
	'takes all rights from a role: the reader''s and all above';
COMMENT ON FUNCTION dpmeta.revoke_producer(regrole) IS
	'takes the producer''s rights and all above from a role, which may still read';
COMMENT ON FUNCTION dpmeta.revoke_steward(regrole) IS
	'takes the steward''s rights and the front''s from a role, which is still a producer';
COMMENT ON FUNCTION dpmeta.revoke_front(regrole) IS
	'takes the right to act for others from a role, which is still a steward';

/*
 * Last of all, when everything is there.
 */
REVOKE ALL ON SCHEMA dpmeta FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA dpmeta FROM PUBLIC;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA dpmeta FROM PUBLIC;
REVOKE EXECUTE ON ALL ROUTINES IN SCHEMA dpmeta FROM PUBLIC;

DO $$
DECLARE
	routine		regprocedure;
BEGIN
	FOR routine IN
		SELECT p.oid
		FROM pg_catalog.pg_proc p
		WHERE p.pronamespace = 'dpmeta'::pg_catalog.regnamespace
			AND p.provolatile = 'i'
	LOOP
		EXECUTE pg_catalog.format('GRANT EXECUTE ON ROUTINE %s TO PUBLIC', routine);
	END LOOP;
END
$$;
