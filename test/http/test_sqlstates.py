"""What a client is told of each error that the server can raise."""

import os
import re
import subprocess

import pytest

from cluster import TOP
from documents import PRODUCTS, check_problem, product, register
from gateway import wait_for
from replaced import replace_function

pytestmark = pytest.mark.usefixtures("undescribed")

# Each is tried again by itself, until its tries or its time are over.
BUSY, AWAY, STOPPED = (503, "busy"), (503, "database-away"), (503, "statement-stopped")
CANCELLED, STOPPING = (503, "statement-cancelled"), (503, "database-stopping")
NOT_READY, INTERNAL = (503, "not-ready"), (500, "internal")
JSON, LIMIT = (400, "malformed-json"), (422, "limit-exceeded")

# The longest beginning holds.  What no beginning names is a fault of ours.
EXPECTED = {
    "08": AWAY, "28": AWAY, "3D000": AWAY, "57P": AWAY, "25P03": AWAY, "0A000": AWAY,
    "26000": AWAY, "42P05": AWAY, "40003": AWAY, "55000": AWAY, "MD015": AWAY,
    "25006": (503, "database-read-only"), "53100": (503, "database-full"),
    "53200": (503, "database-out-of-memory"), "53300": (503, "too-many-connections"),
    "57P01": CANCELLED, "57P02": STOPPING, "57P03": STOPPING,
    "40": BUSY, "40002": INTERNAL, "72000": BUSY, "55P03": BUSY, "55006": BUSY, "53": BUSY,
    "57014": CANCELLED, "25P04": STOPPED,
    "54": LIMIT, "54001": JSON, "22P02": JSON, "22P05": JSON, "22021": JSON, "22003": JSON,
    "3F000": NOT_READY, "42883": NOT_READY, "42P01": NOT_READY, "42703": NOT_READY,
    "42704": NOT_READY, "42501": NOT_READY, "58P01": NOT_READY,
}
# Of a request without a body.
BODILESS = {"54": (413, "answer-too-large"), "54001": (400, "invalid-parameter"),
            "22P02": (400, "invalid-parameter"), "22P05": (400, "invalid-parameter"),
            "22021": (400, "invalid-parameter"), "22003": (400, "invalid-parameter")}

RAISES = """
    CREATE TABLE public.wanted (state text);
    INSERT INTO public.wanted VALUES (NULL);
    GRANT SELECT ON public.wanted TO public;
    CREATE FUNCTION public.raise_wanted() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE s text := (SELECT state FROM public.wanted);
        BEGIN
            IF s IS NOT NULL THEN
                RAISE EXCEPTION 'secret of the server' USING ERRCODE = s;
            END IF;
            RETURN NEW;
        END $$;
    CREATE TRIGGER raise_wanted BEFORE INSERT ON dpmeta.product_version
        FOR EACH ROW EXECUTE FUNCTION public.raise_wanted();"""


# A constraint of an operator's own that is checked when the write is committed.
RAISES_AT_COMMIT = """
    CREATE SEQUENCE public.commits;
    GRANT ALL ON SEQUENCE public.commits TO public;
    CREATE FUNCTION public.raise_at_commit() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF nextval('public.commits') <= 1 THEN
                RAISE EXCEPTION 'secret of the server' USING ERRCODE = TG_ARGV[0];
            END IF;
            RETURN NEW;
        END $$;
    CREATE CONSTRAINT TRIGGER raise_at_commit AFTER INSERT ON dpmeta.event
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.raise_at_commit('{}');"""


def all_states():
    """Of the server at hand: its own list."""
    folder = subprocess.run([os.path.join(TOP, "deploy/local/pg-config")], text=True,
                            stdout=subprocess.PIPE, check=True).stdout.strip()
    shared = subprocess.run([folder, "--sharedir"], text=True, stdout=subprocess.PIPE,
                            check=True).stdout.strip()
    with open(os.path.join(shared, "errcodes.txt"), encoding="utf-8") as lines:
        found = re.findall(r"(?m)^([0-9A-Z]{5})\s+E\s", lines.read())
    return sorted(set(found))


def expected(state, tables):
    for length in (5, 3, 2):
        for table in tables:
            if state[:length] in table:
                return table[state[:length]]
    return INTERNAL


def check(answer, state, wanted):
    status, name = wanted
    assert answer.status == status, (state, answer)
    check_problem(answer, status, name)
    assert ("Retry-After" in answer.headers) == (status == 503), state
    if (status, name) not in (JSON, (400, "invalid-parameter")):
        assert b"secret" not in answer.body, state


def test_every_sqlstate_has_its_problem(make_cluster, make_front):
    """Raised for real, by a write and by a read, one after the other."""
    cluster = make_cluster()
    front = make_front(cluster, DPMETA_LANES=4)
    cluster.sql(RAISES)
    replace_function(cluster, "list_changes", """RAISE EXCEPTION 'secret of the server'
        USING ERRCODE = (SELECT state FROM public.wanted)""")
    states = all_states() + ["57P01", "MD015", "ZZ999"]
    assert len(states) > 230
    for state in states:
        cluster.sql("UPDATE public.wanted SET state = %s", (state,))
        check(front.request("POST", PRODUCTS, product("refused")), state,
              expected(state, [EXPECTED]))
        check(front.request("GET", f"{PRODUCTS}/dp:x/changes?from=v1.0"), state,
              expected(state, [BODILESS, EXPECTED]))
    cluster.sql("UPDATE public.wanted SET state = NULL")
    register(front, "accepted")


@pytest.mark.parametrize("split", [False, True])
def test_error_at_commit(make_cluster, make_front, split):
    """What was answered before it is no answer; what may be tried again is."""
    cluster = make_cluster()
    cluster.sql(RAISES_AT_COMMIT.format("23514"))
    front = make_front(cluster, DPMETA_READ_DATABASE_URL=cluster.url("dpmeta_front")
                       if split else None)
    answer = front.request("POST", PRODUCTS, product("x"), {"Idempotency-Key": "k"})
    check(answer, "23514", INTERNAL)
    assert "Dpmeta-Position" not in answer.headers
    assert front.request("GET", f"{PRODUCTS}/dp:x?consistent=true").status == 404
    cluster.sql("DROP TRIGGER raise_at_commit ON dpmeta.event; DROP SEQUENCE public.commits;"
                "DROP FUNCTION public.raise_at_commit()")
    cluster.sql(RAISES_AT_COMMIT.format("40001"))
    answer = front.request("POST", PRODUCTS, product("x"), {"Idempotency-Key": "k"})
    assert answer.status == 201 and "idempotent-replayed" not in answer.headers
    assert cluster.sql("SELECT last_value FROM public.commits") == [(2,)]
    read = front.request("GET", f"{PRODUCTS}/dp:x?consistent=true")
    assert read.status == 200 and read.json["version"] == "v1.0"


def test_lock_timeout_of_the_role(make_cluster, make_front, unique):
    cluster = make_cluster()
    superuser = cluster.sql("SELECT rolname FROM pg_roles WHERE rolsuper")[0][0]
    cluster.sql("ALTER ROLE dpmeta_front SET lock_timeout = '200ms'", role=superuser)
    front = make_front(cluster)
    name = unique()
    register(front, name)
    holder = cluster.connect(autocommit=False)
    holder.cursor().execute("SELECT dpmeta.delete_data_product(%s)", (f"dp:{name}",))
    answer = front.request("PUT", f"{PRODUCTS}/dp:{name}", product(description="B"))
    check_problem(answer, 503, "busy")
    assert answer.headers["Retry-After"] and b"lock" not in answer.body
    front.wait_for_log("55P03")
    holder.rollback()
    holder.close()


def test_read_only_database(make_cluster, make_front, unique):
    cluster = make_cluster()
    superuser = cluster.sql("SELECT rolname FROM pg_roles WHERE rolsuper")[0][0]
    front = make_front(cluster)
    cluster.sql("ALTER SYSTEM SET default_transaction_read_only = on", role=superuser)
    cluster.sql("SELECT pg_reload_conf()", role=superuser)

    def refused():
        answer = front.request("POST", PRODUCTS, product(unique()))
        return answer if answer.status == 503 else None

    check_problem(wait_for(refused), 503, "database-read-only")
