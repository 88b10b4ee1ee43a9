"""Many writers at once: none lost, none doubled, a stale base refused."""

import collections
import json
import os
import signal
import threading
import time

from documents import (AWAY, PRODUCTS, SCHEMAS, add_table, at_once, check_problem, product,
                       register, schema)


def statuses(answers):
    return collections.Counter(getattr(a, "status", repr(a)) for a in answers)


def test_identical_posts(front, unique):
    name = unique()
    answers = at_once([lambda: front.request("POST", PRODUCTS, product(name))] * 48)
    assert statuses(answers) == {201: 48}
    assert len({a.body for a in answers}) == 1
    assert len({a.headers["ETag"] for a in answers}) == 1
    assert sum(a.headers["idempotent-replayed"] == "true" for a in answers) == 47
    assert len(front.request("GET", f"{PRODUCTS}/dp:{name}/versions").json) == 1


def test_identical_posts_with_a_key(front, unique):
    name, key = unique(), {"Idempotency-Key": unique("key")}
    answers = at_once([lambda: front.request("POST", PRODUCTS, product(name), key)] * 16)
    assert statuses(answers) == {201: 16}
    assert sum(a.headers["idempotent-replayed"] == "true" for a in answers) == 15


def test_64_updates_from_16_connections(front, unique):
    name = unique()
    register(front, name)

    def writer(number):
        def run():
            made = []
            connection = front.connection()
            for turn in range(4):
                body = json.dumps(product(description=f"{number} {turn}"))
                connection.request("PUT", f"{PRODUCTS}/dp:{name}", body,
                                   {"Content-Type": "application/json"})
                answer = connection.getresponse()
                document = answer.read()
                assert answer.status == 200, document
                made.append(json.loads(document)["version"])
            connection.close()
            return made
        return run

    made = [v for versions in at_once([writer(n) for n in range(16)]) for v in versions]
    assert sorted(made, key=lambda v: int(v[3:])) == [f"v1.{n}" for n in range(1, 65)]
    listed = front.request("GET", f"{PRODUCTS}/dp:{name}/versions?limit=1000").json
    assert len(listed) == 65
    created = [v["created"] for v in listed]
    assert created == sorted(created, reverse=True) and len(set(created)) == 65


def test_16_updates_of_one_version(front, unique):
    name = unique()
    register(front, name)
    answers = at_once([
        lambda n=n: front.request("PUT", f"{PRODUCTS}/dp:{name}:v1.0",
                                  product(description=str(n))) for n in range(16)])
    assert statuses(answers) == {200: 1, 409: 15}
    for answer in answers:
        if answer.status == 409:
            check_problem(answer, 409, "version-conflict")


def test_16_updates_with_one_tag(front, unique):
    name = unique()
    tag = register(front, name).headers["ETag"]
    answers = at_once([
        lambda n=n: front.request("PUT", f"{PRODUCTS}/dp:{name}",
                                  product(description=str(n)), {"If-Match": tag})
        for n in range(16)])
    assert statuses(answers) == {200: 1, 412: 15}


def test_16_tables_at_once(front, unique):
    name = unique()
    register(front, name)
    answers = at_once([
        lambda n=n: front.request("POST", f"{SCHEMAS}/dp:{name}:t{n:02}", schema())
        for n in range(16)])
    assert statuses(answers) == {201: 16}
    document = front.request("GET", f"{PRODUCTS}/dp:{name}").json
    assert document["version"] == "v1.16"
    assert [s["id"].rsplit(":", 1)[1] for s in document["schemas"]] \
        == [f"t{n:02}" for n in range(16)]


def test_all_kinds_of_writes_at_once(front, unique):
    """Whatever the order was: no 5xx, and versions without a gap."""
    name = unique()
    register(front, name)
    add_table(front, name, "t", ("id", "int"))
    calls = []
    for n in range(6):
        calls += [
            lambda n=n: front.request("PUT", f"{PRODUCTS}/dp:{name}",
                                      product(description=str(n))),
            lambda n=n: front.request("PUT", f"{SCHEMAS}/dp:{name}:t",
                                      schema(("id", "int"), (f"c{n}", "int"))),
            lambda n=n: front.request("POST", f"{SCHEMAS}/dp:{name}:n{n}", schema()),
            lambda: front.request("GET", f"{PRODUCTS}/dp:{name}/versions"),
            lambda: front.request("GET", f"{PRODUCTS}?q=what"),
        ]
    found = statuses(at_once(calls))
    assert not {s for s in found if not isinstance(s, int) or s >= 500}, found
    numbers = [tuple(map(int, v["version"][1:].split(".")))
               for v in front.request("GET", f"{PRODUCTS}/dp:{name}/versions?limit=1000").json]
    assert numbers == sorted(set(numbers), reverse=True)


def test_reads_go_on_beside_a_waiting_write(make_front, cluster, unique):
    """A lock that a write waits for, and others behind it, does not hold reads up."""
    front = make_front(cluster, DPMETA_QUEUE_TIMEOUT="3min", DPMETA_STATEMENT_TIMEOUT="3min")
    name = unique()
    register(front, name)
    holder = cluster.connect(autocommit=False)
    with holder.cursor() as cursor:
        cursor.execute("SELECT dpmeta.update_data_product(%s, %s::jsonb)",
                       (f"dp:{name}", json.dumps(product(description="H"))))
        results = []
        writers = [threading.Thread(target=lambda n=n: results.append(
            front.request("PUT", f"{PRODUCTS}/dp:{name}", product(description=str(n)))))
            for n in range(16)]
        for writer in writers:
            writer.start()
        wait_until(lambda: waiting_backends(cluster) == 1)
        for _ in range(50):
            assert front.request("GET", f"{PRODUCTS}/dp:{name}").json["version"] == "v1.0"
        assert results == []
    holder.commit()
    holder.close()
    for writer in writers:
        writer.join(180)
    assert statuses(results) == {200: 16}
    assert front.request("GET", f"{PRODUCTS}/dp:{name}").json["version"] == "v1.17"


def waiting_backends(cluster):
    return cluster.sql("SELECT count(*) FROM pg_stat_activity "
                       "WHERE application_name = 'dpmeta-http' "
                       "AND wait_event_type = 'Lock'")[0][0]


def wait_until(holds, seconds=180):
    limit = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < limit
        time.sleep(0.02)


def front_backends(cluster):
    return [pid for pid, in cluster.sql(
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'dpmeta-http'")]


def test_backend_killed_between_commit_and_answer(make_cluster, make_front, unique):
    """The write went through, its answer did not: the retry replays it."""
    cluster = make_cluster()
    front = make_front(cluster, DPMETA_LANES=1)
    name = unique()
    backend, = front_backends(cluster)
    # Stop the backend's own process where it has committed and not answered:
    # synchronous replication without a standby waits exactly there.
    cluster.sql("ALTER SYSTEM SET synchronous_standby_names = 'nobody'", dbname="postgres")
    cluster.sql("SELECT pg_reload_conf()", dbname="postgres")
    first = []
    client = threading.Thread(target=lambda: first.append(
        front.request("POST", PRODUCTS, product(name))))
    client.start()
    wait_until(lambda: cluster.sql(
        "SELECT wait_event FROM pg_stat_activity WHERE pid = %s", (backend,)) == [("SyncRep",)])
    cluster.sql("ALTER SYSTEM RESET synchronous_standby_names", dbname="postgres")
    os.kill(backend, signal.SIGKILL)
    client.join(180)
    check_problem(first[0], 503, AWAY)
    assert first[0].headers["Retry-After"]
    cluster.wait()
    front.wait()
    again = front.request("POST", PRODUCTS, product(name))
    assert again.status == 201
    assert again.headers["idempotent-replayed"] == "true"
    assert len(front.request("GET", f"{PRODUCTS}/dp:{name}/versions").json) == 1


def test_deadlock_never_reaches_a_client(front, cluster, unique):
    """Two sessions lock two products crosswise with a client's write between."""
    one, two = unique("a"), unique("b")
    for name in (one, two):
        register(front, name)
    update = "SELECT dpmeta.update_data_product(%s, %s::jsonb)"
    body = json.dumps

    def crosswise(first, second, number):
        connection = cluster.connect(autocommit=False)
        try:
            with connection.cursor() as cursor:
                for turn, name in enumerate((first, second)):
                    cursor.execute(update, (f"dp:{name}",
                                            body(product(description=f"{number} {turn}"))))
            connection.commit()
        except Exception as error:
            connection.rollback()
            assert getattr(error, "pgcode", None) == "40P01", error
        finally:
            connection.close()

    calls = []
    for n in range(4):
        calls += [lambda n=n: crosswise(one, two, n), lambda n=n: crosswise(two, one, n + 10),
                  lambda n=n: front.request("PUT", f"{PRODUCTS}/dp:{one}", product(description=f"c{n}")),
                  lambda n=n: front.request("PUT", f"{PRODUCTS}/dp:{two}", product(description=f"d{n}"))]
    answers = [a for a in at_once(calls) if a is not None]
    assert statuses(answers) == {200: 8}
