"""Writes, slow reads and short reads: none of them keeps another from its lanes.

Functions that take long stand for searches and products that do; they end in a
refusal, since only their time matters.
"""

import threading

import pytest

from documents import PRODUCTS, product, register
from gateway import wait_for
from harness import _cluster_maker
from replaced import replace_function

pytestmark = pytest.mark.usefixtures("undescribed")

# A read over 100 ms is slow to the front.
SLOW = 0.11
# So many answers does each client of a load get before it has its say.
MADE = 15


def slow_down(cluster, function, seconds):
    replace_function(cluster, function, f"""PERFORM pg_catalog.pg_sleep({seconds});
        RAISE EXCEPTION 'slow' USING ERRCODE = 'MD002'""")


@pytest.fixture(scope="module")
def slow_cluster(stage, scratch):
    made = []
    cluster = _cluster_maker(stage, scratch, made)()
    for function in ("data_products_page_at", "list_changes", "get_data_product"):
        slow_down(cluster, function, SLOW)
    yield cluster
    cluster.discard()


class Load:
    """Clients that send one request after the other, until the end of the block."""

    def __init__(self, count, request):
        self.request = request
        self.ended = threading.Event()
        self.statuses = [[] for _ in range(count)]
        self.threads = [threading.Thread(target=self._run, args=(n,)) for n in range(count)]

    def _run(self, number):
        while not self.ended.is_set():
            self.statuses[number].append(self.request(number).status)

    def count(self):
        return sum(len(statuses) for statuses in self.statuses)

    def seen(self):
        return {status for statuses in self.statuses for status in statuses}

    def wait(self, each):
        wait_for(lambda: min(len(statuses) for statuses in self.statuses) >= each)

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self.ended.set()
        for thread in self.threads:
            thread.join(180)


def writer(front, names):
    numbers = iter(range(1, 1 << 30))

    def write(number):
        return front.request("PUT", f"{PRODUCTS}/dp:{names[number]}",
                             product(description=str(next(numbers))))
    return write


def register_some(front, unique, count):
    names = [unique() for _ in range(count)]
    for name in names:
        register(front, name)
    return names


@pytest.mark.parametrize("lanes", [8, 3])
@pytest.mark.parametrize("path", [
    PRODUCTS + "?q=force", PRODUCTS + "/dp:{n}/changes?from=v1.0",
    PRODUCTS + "/dp:{n}:v1.0", PRODUCTS + "/dp:same:v1.0",
], ids=["list", "changes", "product", "same"])
def test_slow_reads_and_writes(slow_cluster, make_front, unique, path, lanes):
    """Who waits behind the slow ones would get one answer for many of theirs."""
    front = make_front(slow_cluster, DPMETA_LANES=lanes)
    names = register_some(front, unique, 2)
    clients = 5 * lanes
    with Load(clients, lambda n: front.request("GET", path.format(n=names[0] + str(n)))) as slow:
        slow.wait(3)            # from then on it is known what is slow
        before = slow.count()
        with Load(2, writer(front, names)) as writes, \
                Load(2, lambda n: front.request("GET", f"/v1/schemas/dp:{names[n]}:t")) as reads:
            writes.wait(MADE)
            reads.wait(MADE)
            passed = slow.count() - before
    assert writes.seen() == {200} and reads.seen() == {404}
    assert passed < MADE * clients / 2, (passed, writes.count(), reads.count())


def test_locked_writes_and_reads(make_cluster, make_front, unique):
    """Writers that wait for locks on all lanes that they may have, and lists and reads beside."""
    cluster = make_cluster()
    front = make_front(cluster, DPMETA_LANES=8)
    *locked, free = register_some(front, unique, 5)
    holder = cluster.connect(autocommit=False)
    for name in locked:
        holder.cursor().execute("SELECT dpmeta.delete_data_product(%s)", (f"dp:{name}",))
    waiting = [threading.Thread(target=writer(front, locked), args=(n,)) for n in range(4)]
    for thread in waiting:
        thread.start()
    wait_for(lambda: cluster.sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
             == [(4,)])
    with Load(8, lambda n: front.request("GET", PRODUCTS)) as lists, \
            Load(8, lambda n: front.request("GET", f"{PRODUCTS}/dp:{free}")) as reads:
        lists.wait(MADE)
        reads.wait(MADE)
    holder.rollback()
    holder.close()
    for thread in waiting:
        thread.join(180)
    assert lists.seen() == {200} and reads.seen() == {200}


def test_full_queue_of_one_kind(make_cluster, make_front, unique):
    """Those who search fill their own queue, and no other."""
    cluster = make_cluster()
    front = make_front(cluster, DPMETA_QUEUE=4)
    names = register_some(front, unique, 2)
    slow_down(cluster, "data_products_page", 0.3)
    with Load(32, lambda n: front.request("GET", PRODUCTS)) as lists:
        wait_for(lambda: 503 in lists.seen())
        with Load(2, writer(front, names)) as writes:
            writes.wait(MADE)
    assert writes.seen() == {200}
