"""Lanes follow what is asked of them, and leave a server that hangs."""

import json
import re
import threading

from documents import AWAY, PRODUCTS, check_problem, product, register
from gateway import metric, metrics, wait_for


def connected(front, pool="write"):
    return metric(metrics(front), "dpmeta_http_lanes", pool=pool, state="connected")


class Load:
    """So many clients, each with a request of its own again and again until it is left."""

    def __init__(self, front, requests):
        self.front, self.requests = front, requests
        self.over = threading.Event()
        self.answers = [[] for _ in requests]
        self.threads = [threading.Thread(target=self._go_on, args=(n,))
                        for n in range(len(requests))]

    def _go_on(self, number):
        turn = 0
        while not self.over.is_set():
            turn += 1
            self.answers[number].append(
                self.front.request(*self.requests[number](turn)).status)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        for thread in self.threads:
            thread.join(180)

    def each_has(self, count):
        return all(len(one) >= count for one in self.answers)

    def statuses(self):
        return {status for one in self.answers for status in one}



def superuser(cluster):
    return cluster.sql("SELECT rolname FROM pg_roles WHERE rolsuper")[0][0]


def writer(name):
    return lambda turn: ("PUT", f"{PRODUCTS}/dp:{name}", product(description=f"turn {turn}"))


def backends(cluster, condition="true"):
    return cluster.sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'dpmeta-http'"
                       f" AND {condition}")[0][0]


def test_writes_that_wait_get_lanes(make_cluster, make_front, unique):
    """A flush that takes long is shared by as many as there are; they go when it is quiet."""
    cluster = make_cluster(fsync="on", commit_delay=50000, commit_siblings=0)
    front = make_front(cluster, DPMETA_LANES="4..20")
    names = [unique() for _ in range(24)]
    for name in names:
        register(front, name)
    with Load(front, [writer(name) for name in names]) as load:
        wait_for(lambda: connected(front) == 20)
        wait_for(lambda: load.each_has(3))
        assert backends(cluster) == 20
    assert load.statuses() == {200}
    wait_for(lambda: connected(front) == 4)
    wait_for(lambda: backends(cluster) == 4)
    assert "lane-lost" not in front.log()


def test_no_more_than_the_server_has_room_for(make_cluster, make_front, unique):
    """At most half of what its max_connections leaves to those who are no superusers."""
    cluster = make_cluster(fsync="on", commit_delay=50000, commit_siblings=0, max_connections=23,
                           superuser_reserved_connections=3, max_wal_senders=0)
    front = make_front(cluster, DPMETA_LANES="4..20")
    names = [unique() for _ in range(24)]
    for name in names:
        register(front, name)
    with Load(front, [writer(name) for name in names]) as load:
        wait_for(lambda: connected(front) == 10)
        wait_for(lambda: load.each_has(4))
        assert connected(front) == 10
    assert load.statuses() == {200}


def test_a_server_that_is_full_is_no_outage(make_cluster, make_front, unique):
    cluster = make_cluster(fsync="on", commit_delay=50000, commit_siblings=0, max_connections=40,
                           superuser_reserved_connections=3, max_wal_senders=0)
    cluster.sql("ALTER ROLE dpmeta_front CONNECTION LIMIT 6", role=superuser(cluster))
    front = make_front(cluster, DPMETA_LANES="6..20")
    names = [unique() for _ in range(16)]
    for name in names:
        register(front, name)
    with Load(front, [writer(name) for name in names]) as load:
        wait_for(lambda: load.each_has(5))
    assert load.statuses() == {200}
    assert "database-away" not in front.log()


def test_one_product_does_not_have_all_lanes(make_cluster, make_front, unique):
    """Its writes would wait for its lock: one of them does, and the others wait here."""
    cluster = make_cluster()
    front = make_front(cluster, DPMETA_LANES=8)
    hot, names = unique(), [unique() for _ in range(3)]
    for name in [hot, *names]:
        register(front, name)
    holder = cluster.connect(autocommit=False)
    with holder.cursor() as cursor:
        cursor.execute("SELECT FROM dpmeta.product WHERE name = %s FOR UPDATE", (hot,))
    answers = []
    waiting = [threading.Thread(target=lambda n=n: answers.append(
        front.request(*writer(hot)(n)).status)) for n in range(16)]
    for thread in waiting:
        thread.start()
    wait_for(lambda: metric(metrics(front), "dpmeta_http_waiting", pool="write") == 15)
    wait_for(lambda: backends(cluster, "wait_event_type = 'Lock'") == 1)
    with Load(front, [writer(name) for name in names]) as load:
        wait_for(lambda: load.each_has(20))
    assert load.statuses() == {200}
    assert backends(cluster, "wait_event_type = 'Lock'") == 1
    holder.rollback()
    for thread in waiting:
        thread.join(180)
    # Those that waited for longer than DPMETA_QUEUE_TIMEOUT were told so.
    assert set(answers) <= {200, 503} and 200 in answers


def test_all_lanes_of_a_silent_server_are_left(make_cluster, make_front, make_wire, unique):
    """The first request to find it so is enough, and the other host is taken."""
    cluster = make_cluster()
    hung, good = make_wire(cluster), make_wire(cluster)
    good.stage = "connect"
    front = make_front(ready=False, DPMETA_CONNECT_TIMEOUT="2s", DPMETA_LANES=4, DPMETA_DATABASE_URL=(
        f"postgresql://dpmeta_front@127.0.0.1:{hung.port},127.0.0.1:{good.port}"
        "/dpmeta?sslmode=disable&gssencmode=disable"))
    front.wait()
    name = unique()
    wait_for(lambda: connected(front) == 4)
    register(front, name)
    hung.hush()
    hung.stage = "connect"
    good.stage = None
    before = front.log().count("lane-lost")
    # A read may be done twice, so it is answered by the other host.
    assert front.request("GET", f"{PRODUCTS}/dp:{name}", timeout=120).status == 200
    assert front.log().count("the server is silent") - before == 4
    register(front, unique())


def test_locked_products_leave_lanes_to_others(make_cluster, make_front, unique):
    """Each costs one, however many write to it."""
    cluster = make_cluster()
    front = make_front(cluster, DPMETA_LANES="8..40")
    locked, names = [unique() for _ in range(24)], [unique() for _ in range(4)]
    for name in [*locked, *names]:
        register(front, name)
    holder = cluster.connect(autocommit=False)
    with holder.cursor() as cursor:
        cursor.execute("SELECT FROM dpmeta.product WHERE name = ANY (%s) FOR UPDATE", (locked,))
    with Load(front, [writer(name) for name in locked * 2]):
        # Two whose hashes share a place share a lane, too.
        wait_for(lambda: backends(cluster, "wait_event_type = 'Lock'") >= 20)
        with Load(front, [writer(name) for name in names]) as load:
            wait_for(lambda: load.each_has(20))
        assert load.statuses() == {200}
        holder.rollback()


def test_the_extension_is_made_anew(make_cluster, make_front, unique):
    """Sessions have prepared statements of types that are gone."""
    cluster = make_cluster()
    front = make_front(cluster, DPMETA_LANES=4)
    name = unique()
    path = f"{PRODUCTS}/dp:{name}"
    register(front, name)
    assert front.request(*writer(name)(1)).status == front.request("GET", path).status == 200
    cluster.sql("DROP EXTENSION dpmeta", role=superuser(cluster))
    wait_for(lambda: {front.request("GET", path).status, front.request("GET", PRODUCTS).status,
                      front.request(*writer(name)(2)).status} == {503})
    cluster.sql("CREATE EXTENSION dpmeta; SELECT dpmeta.grant_front('dpmeta_front')", role=superuser(cluster))
    wait_for(lambda: front.request("GET", path).status == 404
             and front.request("POST", PRODUCTS, product(unique())).status == 201)


def test_reads_go_on_while_it_is_read_only(make_cluster, make_front, unique):
    cluster = make_cluster()
    front = make_front(cluster, DPMETA_LANES=4)
    name = unique()
    path = f"{PRODUCTS}/dp:{name}"
    register(front, name)
    cluster.sql("ALTER ROLE dpmeta_front SET default_transaction_read_only = on", role=superuser(cluster))
    cluster.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'dpmeta-http'", role=superuser(cluster))
    for turn in range(6):
        wait_for(lambda turn=turn: front.request(*writer(name)(turn)).json["type"].endswith("read-only"))
        assert front.request("GET", path).status == 200
    cluster.sql("ALTER ROLE dpmeta_front RESET default_transaction_read_only", role=superuser(cluster))
    wait_for(lambda: front.request(*writer(name)(7)).status == 200)


def test_slow_is_not_silent(make_cluster, make_front, unique):
    """The server is asked beside what takes long, answers, and keeps its lanes."""
    cluster = make_cluster()
    front = make_front(cluster, DPMETA_LANES=2)
    name = unique()
    register(front, name)
    holder = cluster.connect(autocommit=False)
    with holder.cursor() as cursor:
        cursor.execute("SELECT FROM dpmeta.product WHERE name = %s FOR UPDATE", (name,))
    answers = []
    waiting = threading.Thread(target=lambda: answers.append(
        front.request(*writer(name)(1)).status))
    waiting.start()
    wait_for(lambda: backends(cluster, "wait_event_type = 'Lock'"
                              " AND clock_timestamp() - query_start > '3 s'") == 1)
    holder.rollback()
    waiting.join(180)
    assert answers == [200] and "lane-lost" not in front.log()


def test_what_was_not_sent_waits(make_cluster, make_front, unique):
    """Idle lanes that a DBA ends: nobody hears of it."""
    cluster = make_cluster()
    front = make_front(cluster, DPMETA_LANES=4)
    name = unique()
    register(front, name)
    for turn in range(20):
        cluster.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name = 'dpmeta-http'", role=superuser(cluster))
        assert front.request(*writer(name)(turn)).status == 200
        assert front.request("GET", f"{PRODUCTS}/dp:{name}").status == 200
        assert front.request("GET", PRODUCTS).status == 200
    # Each loss has its server and its reason, and each line is JSON.
    wait_for(lambda: "lane-lost" in front.log())
    lost = [json.loads(line)["message"] for line in front.log().splitlines()
            if '"lane-lost"' in line]
    assert all(cluster.url().split("host=")[1].split("&")[0] in one for one in lost)
    assert all(re.search(r"lost after \d+ s: \w", one) for one in lost), lost


def test_a_restart_is_waited_for(make_cluster, make_front, unique):
    cluster = make_cluster()
    front = make_front(cluster, DPMETA_QUEUE_TIMEOUT="3min", DPMETA_STATEMENT_TIMEOUT="3min")
    name = unique()
    register(front, name)
    cluster.stop()
    answers = []
    waiting = [threading.Thread(target=lambda r=r: answers.append(front.request(*r).status))
               for r in (writer(name)(1), ("GET", f"{PRODUCTS}/dp:{name}"), ("GET", PRODUCTS))]
    for thread in waiting:
        thread.start()
    wait_for(lambda: "database-away" in front.log())
    check_problem(front.request("GET", "/ready"), 503, AWAY)
    assert answers == []
    cluster.start()
    for thread in waiting:
        thread.join(180)
    assert answers == [200, 200, 200]
