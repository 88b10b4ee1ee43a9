"""A function of the extension with another body, for what a real one seldom does."""

import re


def replace_function(cluster, name, statements):
    """Give dpmeta.NAME a body in PL/pgSQL: of its forms the one that the front
    calls, which takes most.

    It is made anew, because PL/pgSQL wants names for the arguments that differ from
    those of the result.
    """
    head, signature = cluster.sql("""
        SELECT pg_get_functiondef(p), p::regprocedure::text
        FROM (SELECT f.oid FROM pg_proc f
              WHERE f.pronamespace = 'dpmeta'::regnamespace AND f.proname = %s
              ORDER BY f.pronargs DESC LIMIT 1) f(p)""", (name,))[0]
    head = re.sub(r"(?m)^ LANGUAGE \w+", " LANGUAGE plpgsql", head.partition("\nAS ")[0])
    head = head.replace("(id ", "(given_id ", 1)
    for command in (f"ALTER EXTENSION dpmeta DROP FUNCTION {signature}",
                    f"DROP FUNCTION {signature}",
                    f"{head} AS $body$ BEGIN {statements}; END $body$",
                    f"GRANT EXECUTE ON FUNCTION {signature} TO PUBLIC"):
        cluster.sql(command)
