"""Two fronts before a primary and a streaming standby: reads there, writes here."""

import re
import threading
import time
import urllib.parse

import pytest

from cutter import Cutter
from documents import AWAY, PRODUCTS, check_problem, product, register
from gateway import metric, metrics, wait_for
from openapi import Contract
from writers import Writers

POSITION = "Dpmeta-Position"
FAR = "FFFFFFFF/0"


def both_urls(*clusters):
    """One URL with the hosts of all."""
    hosts = [c.url().split("host=")[1].split("&")[0] for c in clusters]
    return (f"postgresql://dpmeta_front@/dpmeta?host={','.join(hosts)}"
            f"&port={','.join(['5432'] * len(hosts))}")


class Pair:
    def __init__(self, make_cluster, make_standby, make_front, **settings):
        self.primary = make_cluster(wal_keep_size="128MB")
        self.standby = make_standby(self.primary)
        self.settings = {
            "DPMETA_DATABASE_URL": both_urls(self.primary, self.standby),
            "DPMETA_READ_DATABASE_URL": self.standby.url("dpmeta_front"), **settings}
        self.make_front = make_front
        self.fronts = [make_front(**self.settings) for _ in range(2)]
        for front in self.fronts:
            wait_for(lambda front=front: metric(metrics(front), "dpmeta_http_lanes",
                                                pool="read", state="connected"))

    def synchronous(self, commit="on"):
        """A commit is there once the standby has it."""
        self.primary.sql("ALTER SYSTEM SET synchronous_standby_names = 'standby'")
        self.primary.sql(f"ALTER SYSTEM SET synchronous_commit = {commit}")
        self.primary.sql("SELECT pg_reload_conf()")
        wait_for(lambda: self.primary.sql(
            "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'"))

    def asynchronous(self):
        self.primary.sql("ALTER SYSTEM RESET synchronous_standby_names")
        self.primary.sql("SELECT pg_reload_conf()")

    def pause(self):
        self.standby.sql("SELECT pg_wal_replay_pause()")
        wait_for(lambda: self.standby.sql("SELECT pg_get_wal_replay_pause_state()")[0][0] == "paused")

    def resume(self):
        self.standby.sql("SELECT pg_wal_replay_resume()")

    def catch_up(self):
        position = self.primary.sql("SELECT pg_current_wal_insert_lsn()::text")[0][0]
        self.standby.sql("CALL dpmeta.wait_for_position(%s, 30000)", (position,))


@pytest.fixture
def make_pair(make_cluster, make_standby, make_front):
    return lambda **settings: Pair(make_cluster, make_standby, make_front, **settings)


def primary_reads(front, reason):
    return metric(metrics(front), "dpmeta_http_primary_reads_total", reason=reason)


def get(front, name, position=None, query="", timeout=180):
    return front.request("GET", f"{PRODUCTS}/dp:{name}{query}",
                         headers={POSITION: position} if position else {}, timeout=timeout)


def test_reading_what_one_wrote(make_pair, unique):
    pair = make_pair(DPMETA_POSITION_TIMEOUT="2s")
    pair.synchronous()
    one, two = pair.fronts
    pair.pause()
    name = unique()
    written = register(one, name)
    position = written.headers[POSITION]
    assert re.fullmatch("[0-9A-F]+/[0-9A-F]+:1:[0-9]+", position)
    # The standby has it, but does not show it: that is where reads go.
    for front in pair.fronts:
        check_problem(get(front, name), 404)
        assert get(front, name, query="?consistent=true").status == 200
        assert get(front, name, query="?consistent=false").status == 404
        assert primary_reads(front, "consistent") == 1
    # Waited for in vain, and then asked of the primary.
    began = time.monotonic()
    assert get(two, name, position).status == 200
    assert time.monotonic() - began >= 2
    assert primary_reads(two, "behind") == 1
    # A standby that is so far behind is not waited for each time: that were 40 s.
    began = time.monotonic()
    for _ in range(20):
        assert get(two, name, position).status == 200
    assert time.monotonic() - began < 40
    assert primary_reads(two, "behind") == 21
    pair.resume()
    pair.catch_up()
    assert get(one, name, position).status == 200
    assert primary_reads(one, "behind") == 0 and get(one, name).status == 200
    assert get(one, name, position.lower()).status == 200


def test_lists_and_conflicts_have_the_position(make_pair, unique):
    pair = make_pair()
    one, two = pair.fronts
    name = unique()
    register(one, name)
    first = get(two, name, query="?consistent=true").headers["ETag"]
    pair.pause()
    answer = one.request("PUT", f"{PRODUCTS}/dp:{name}", product(description="B"))
    assert POSITION in answer.headers
    late = two.request("PUT", f"{PRODUCTS}/dp:{name}", product(description="C"), {"If-Match": first})
    check_problem(late, 412)
    conflict = two.request("PUT", f"{PRODUCTS}/dp:{name}:v1.0", product(description="C"))
    check_problem(conflict, 409)
    dry = one.request("PUT", f"{PRODUCTS}/dp:{name}?dryRun=true", product(description="D"))
    assert POSITION not in dry.headers
    threading.Timer(0.3, pair.resume).start()
    for path in (f"{PRODUCTS}/dp:{name}/versions", f"{PRODUCTS}?q=B"):
        listed = two.request("GET", path, headers={POSITION: conflict.headers[POSITION]})
        assert "v1.1" in {one["version"] for one in listed.json}, listed
    page = two.request("GET", f"{PRODUCTS}?limit=1&consistent=true")
    assert page.status == 200
    register(one, unique())
    page = two.request("GET", f"{PRODUCTS}?limit=1&consistent=true")
    assert "consistent=true" in page.headers["Link"]
    assert primary_reads(two, "behind") == 0
    removed = one.request("DELETE", f"{PRODUCTS}/dp:{name}")
    contract = Contract(one.request("GET", "/openapi.json").json)
    contract.check("PUT", f"{PRODUCTS}/dp:{name}", answer)
    contract.check("PUT", f"{PRODUCTS}/dp:{name}", late)
    contract.check("PUT", f"{PRODUCTS}/dp:{name}", conflict)
    contract.check("DELETE", f"{PRODUCTS}/dp:{name}", removed)
    check_problem(get(two, name, removed.headers[POSITION]), 410)


def test_the_wait_ends_when_the_standby_has_it(make_pair, unique):
    pair = make_pair(DPMETA_POSITION_TIMEOUT="60s", DPMETA_STATEMENT_TIMEOUT="120s",
                     DPMETA_READ_LANES=2)
    front = pair.fronts[0]
    old, name = unique(), unique()
    register(front, old)
    pair.catch_up()
    pair.pause()
    position = register(front, name).headers[POSITION]
    answers = []
    waiting = [threading.Thread(target=lambda: answers.append(get(front, name, position, timeout=90)))
               for _ in range(4)]
    for thread in waiting:
        thread.start()
    backends = ("SELECT pid, backend_xmin FROM pg_stat_activity "
                "WHERE query LIKE 'CALL dpmeta.wait%%' AND state = 'active'")
    found = wait_for(lambda: pair.standby.sql(backends))
    # One lane of the two may wait, without keeping the standby from replaying.
    assert len(found) == 1 and found[0][1] is None
    for _ in range(20):
        assert get(front, old).status == 200
    assert answers == []
    pair.resume()
    for thread in waiting:
        thread.join(180)
    assert [a.status for a in answers] == [200] * 4
    assert primary_reads(front, "behind") == 0


@pytest.mark.parametrize("commit", ["on", "remote_apply", "off"])
def test_every_write_is_read(make_pair, unique, commit):
    """By way of the other front, as fast as it goes, however commits are made."""
    pair = make_pair(DPMETA_POSITION_TIMEOUT="10s")
    pair.synchronous(commit)
    wrong = []

    def elsewhere():
        return sum(primary_reads(f, why) for f in pair.fronts for why in ("behind", "away"))

    def client(number):
        name = unique()
        register(pair.fronts[number % 2], name)
        for turn in range(10):
            written = pair.fronts[turn % 2].request(
                "PUT", f"{PRODUCTS}/dp:{name}", product(description=f"{turn}"))
            read = get(pair.fronts[(turn + 1) % 2], name, written.headers[POSITION])
            if read.status != 200 or read.json["description"] != f"{turn}":
                wrong.append((turn, read))

    before = elsewhere()
    threads = [threading.Thread(target=client, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert wrong == []
    assert elsewhere() == before


@pytest.mark.parametrize("position", ["", "0", "0/", "/0", "0/G", "0/123456789", "0x1/0", " 0/1 0",
                                      "-1/0", "0/1/2", "latest", "0/1:", "0/1:1", "0/1:1:",
                                      "0/1:0:1", "0/1:1:0", "0/1:4294967296:1", "0/1:1:1:1",
                                      "0/1:1:18446744073709551616", "0/1:-1:1"])
def test_malformed_position(front, position):
    answer = front.request("GET", PRODUCTS, headers={POSITION: position})
    problem = check_problem(answer, 400, "bad-request")
    assert POSITION in problem["detail"] and "0/16B3748" in problem["hint"]


def test_position_of_another_history(make_pair, unique):
    """It is said to be lost, by the standby and by the primary; what was not asked goes on."""
    pair = make_pair(DPMETA_POSITION_TIMEOUT="100ms")
    front = pair.fronts[0]
    name = unique()
    place, timeline, cluster = register(front, name).headers[POSITION].split(":")
    pair.catch_up()
    other = f"{place}:{timeline}:{int(cluster) - 1}"
    later = f"{place}:{int(timeline) + 1}:{cluster}"
    far = f"{FAR}:{timeline}:{cluster}"
    # The standby may get to the last two, so the primary is asked about them.
    for lost in (other, later, far):
        for query in ("", "?consistent=true"):
            answer = get(front, name, lost, query)
            problem = check_problem(answer, 412, "position-lost")
            assert lost in problem["detail"] and "without a position" in problem["hint"]
            Contract(front.request("GET", "/openapi.json").json).check(
                "GET", f"{PRODUCTS}/dp:{name}", answer)
    for held in (f"{place}:{timeline}:{cluster}", place):
        assert get(front, name, held).status == 200
    # Those that were waited for side by side have each an answer of its own.
    answers = []
    threads = [threading.Thread(target=lambda p=p: answers.append((p, get(front, name, p).status)))
               for p in (other, place, far, f"{place}:{timeline}:{cluster}") * 4]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(180)
    assert sorted(answers) == sorted([(other, 412), (far, 412), (place, 200),
                                      (f"{place}:{timeline}:{cluster}", 200)] * 4)


def test_without_a_standby(front, unique):
    """Clients need not know whether there is one."""
    name = unique()
    assert POSITION not in register(front, name).headers
    assert get(front, name, FAR).status == 200
    assert get(front, name, query="?consistent=true").status == 200
    check_problem(get(front, name, query="?consistent=yes"), 400, "invalid-parameter")
    check_problem(front.request("DELETE", f"{PRODUCTS}/dp:{name}?consistent=true"), 400,
                  "invalid-parameter")
    assert front.request("GET", PRODUCTS, headers={POSITION: FAR}).status == 200


def test_standby_away_and_back(make_pair, unique):
    pair = make_pair()
    front = pair.fronts[0]
    name = unique()
    position = register(front, name).headers[POSITION]
    pair.standby.kill()
    for _ in range(20):
        assert get(front, name).status == 200
        assert get(front, name, position).status == 200
        assert front.request("GET", PRODUCTS).status == 200
    assert front.request("GET", "/ready").status == 200
    assert primary_reads(front, "away") >= 61
    wait_for(lambda: get(front, name).status == 200 and "reads-on-primary" in front.log())
    assert not [line for line in metrics(front).splitlines() if
                line.startswith('dpmeta_http_server_since_seconds{pool="read"')]
    pair.standby.start()
    wait_for(lambda: metric(metrics(front), "dpmeta_http_lanes", pool="read",
                            state="connected"))
    servers = re.findall(r'dpmeta_http_server_since_seconds{pool="(\w+)",host="(.*)",port="5432"} '
                         r'(\d+)\n', metrics(front))
    assert [(pool, host) for pool, host, _ in servers] == [
        (pool, urllib.parse.unquote(one.url().split("host=")[1].split("&")[0]))
        for pool, one in (("write", pair.primary), ("read", pair.standby))]
    assert int(servers[0][2]) <= int(servers[1][2]) <= time.time()
    before = primary_reads(front, "away")
    wait_for(lambda: get(front, name).status == 200 and "reads-on-standby" in front.log())
    assert get(front, name).status == 200
    assert primary_reads(front, "away") == before
    # The next one is another server to the front, which has replayed who knows what.
    pair.pause()
    other = unique()
    position = register(front, other).headers[POSITION]
    assert get(front, other, position).status == 200
    assert primary_reads(front, "behind") == 1


def test_reads_go_back_to_the_standby(make_pair, make_front, unique):
    """A URL that prefers a standby is looked at again from time to time."""
    pair = make_pair()
    front = make_front(**{**pair.settings, "DPMETA_LANE_LIFETIME": "200ms",
                          "DPMETA_READ_DATABASE_URL": both_urls(pair.primary, pair.standby)
                          + "&target_session_attrs=prefer-standby"})
    name = unique()
    register(front, name)
    pair.catch_up()
    sessions = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'dpmeta_front'"
    others = 16                 # of the pair's own fronts
    wait_for(lambda: pair.standby.sql(sessions)[0][0] == others + 8)
    pair.standby.stop()
    wait_for(lambda: metric(metrics(front), "dpmeta_http_lanes", pool="read",
                            state="connected") == 8)
    pair.standby.start()
    wrong = []

    def look():
        wrong.extend(a for a in (get(front, name),) if a.status != 200)
        return (pair.standby.sql(sessions)[0][0] >= 8 and
                pair.primary.sql(sessions)[0][0] <= others + 8)

    wait_for(look)
    assert wrong == []


def test_primary_away(make_pair, unique):
    pair = make_pair(DPMETA_POSITION_TIMEOUT="200ms")
    front = pair.fronts[0]
    name = unique()
    position = register(front, name).headers[POSITION]
    pair.catch_up()
    ready = front.request("GET", "/ready").json
    assert (ready["reads"], ready["writes"]) == ("reachable", "reachable")
    pair.primary.stop()
    wait_for(lambda: front.request("GET", "/ready").json["writes"] == "away")
    assert front.request("GET", "/ready").json["reads"] == "reachable"
    assert get(front, name).status == 200
    assert get(front, name, position).status == 200
    for answer in (get(front, name, query="?consistent=true"), get(front, name, FAR),
                   get(front, name, FAR),
                   front.request("PUT", f"{PRODUCTS}/dp:{name}", product(description="B"))):
        check_problem(answer, 503, AWAY)
        assert int(answer.headers["Retry-After"]) >= 1
    pair.standby.stop()
    check_problem(get(front, name), 503, AWAY)


def test_write_whose_outcome_nobody_told(make_pair, unique):
    """It was committed, but the connection was lost before that was said."""
    pair = make_pair()
    pair.synchronous()
    front, other = pair.fronts
    name = unique()
    register(front, name)
    pair.standby.stop()
    answers = []
    change = ("PUT", f"{PRODUCTS}/dp:{name}", product(description="B"))
    writer = threading.Thread(target=lambda: answers.append(front.request(*change)))
    writer.start()
    waiting = wait_for(lambda: pair.primary.sql(
        "SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'"))
    pair.primary.sql("SELECT pg_terminate_backend(%s)", waiting[0])
    writer.join(180)
    problem = check_problem(answers[0], 503, AWAY)
    assert "only once" in problem["hint"] and answers[0].headers["Retry-After"]
    pair.standby.start()
    again = other.request(*change)
    assert again.status == 200 and again.json["version"] == "v1.1"
    assert again.headers["idempotent-replayed"] == "true"
    versions = other.request("GET", f"{PRODUCTS}/dp:{name}/versions?consistent=true").json
    assert [v["version"] for v in versions] == ["v1.1", "v1.0"]


def test_position_that_never_came(make_cluster, make_front, unique):
    """The connection broke behind the commit, which was told: that is an answer."""
    cluster = make_cluster()
    cutter = Cutter(cluster)
    front = make_front(DPMETA_DATABASE_URL=cutter.url, DPMETA_LANES=1,
                       DPMETA_READ_DATABASE_URL=cluster.url("dpmeta_front"))
    name = unique()
    assert POSITION in register(front, name).headers
    cutter.cut_behind(b"Z")
    answer = front.request("PUT", f"{PRODUCTS}/dp:{name}", product(description="B"))
    assert answer.status == 200 and answer.json["version"] == "v1.1"
    assert POSITION not in answer.headers
    wait_for(lambda: front.request(
        "PUT", f"{PRODUCTS}/dp:{name}", product(description="C")).status == 200)
    # Before that it is none.
    cutter.cut_behind(b"D")
    answer = front.request("PUT", f"{PRODUCTS}/dp:{name}", product(description="D"))
    check_problem(answer, 503, AWAY)
    cutter.stop()


class Reader(threading.Thread):
    def __init__(self, front, name, stop):
        super().__init__()
        self.front, self.name, self.stop = front, name, stop
        self.statuses = []

    def run(self):
        while not self.stop.is_set():
            self.statuses.append(get(self.front, self.name, timeout=120).status)


def test_primary_killed_and_standby_promoted(make_pair, unique, capsys):
    """No acknowledged write is lost, none is doubled, and everyone goes on."""
    pair = make_pair()
    pair.synchronous()
    stop = threading.Event()
    names = [unique() for _ in range(6)]
    for name in names:
        position = register(pair.fronts[0], name).headers[POSITION]
    assert get(pair.fronts[0], names[-1], position).status == 200
    writers = Writers(pair.fronts, names)
    readers = [Reader(front, names[0], stop) for front in pair.fronts]
    for reader in readers:
        reader.start()
    with writers:
        writers.go_on(20)
        writers.longest()
        killed = time.monotonic()
        pair.primary.kill()
        time.sleep(1)
        promoting = time.monotonic()
        pair.standby.sql("SELECT pg_promote()")
        promoted = time.monotonic()
        writers.go_on(20)
        outage, refused = writers.longest()
    stop.set()
    for reader in readers:
        reader.join(130)
    writers.check(pair.fronts[1])
    # The standby never stopped reading.
    for reader in readers:
        assert set(reader.statuses) == {200}, set(reader.statuses)
    with capsys.disabled():
        print(f"\n  failover: {writers.count()} writes, {refused} times 503; the longest that "
              f"a client waited for its write {outage:.1f} s, of which "
              f"{promoting - killed:.1f} s until the promotion began and "
              f"{promoted - promoting:.1f} s until it was done")
