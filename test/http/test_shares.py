"""Writes, slow reads and short reads: none of them keeps another from its lanes.

Functions that take long stand for searches and products that do; they end in a
refusal, since only their time matters.
"""

import threading
import time

import pytest

from documents import PRODUCTS, product, register
from front import FAULT_FINDERS

CLIENTS = 64
FOR = 4                         # seconds
# One lane at least is free or about to be, however many clients there are.
SOON = 10 if FAULT_FINDERS else 2


def slow_down(cluster, function, seconds):
    head = cluster.sql("SELECT pg_get_functiondef(%s::regproc)", (f"dpmeta.{function}",))[0][0]
    words = head.partition("\nAS ")[0].split("\n")
    head = "\n".join(" LANGUAGE plpgsql" if w.startswith(" LANGUAGE") else w for w in words)
    cluster.sql(head + f""" AS $$ BEGIN PERFORM pg_catalog.pg_sleep({seconds});
        RAISE EXCEPTION 'slow' USING ERRCODE = 'MD002'; END $$""")


class Load:
    """Clients that send one request after the other, until the end of the block."""

    def __init__(self, count, request):
        self.request = request
        self.ended = threading.Event()
        self.answers = []
        self.threads = [threading.Thread(target=self._run, args=(n,)) for n in range(count)]

    def _run(self, number):
        while not self.ended.is_set():
            begun = time.monotonic()
            answer = self.request(number)
            self.answers.append((answer.status, time.monotonic() - begun))

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self.ended.set()
        for thread in self.threads:
            thread.join(60)


def check(answers, statuses, share=1.0):
    """The slowest of that share: a machine that stands still makes any read slow once."""
    assert answers
    assert {status for status, _ in answers} <= statuses, answers
    times = sorted(took for _, took in answers)
    slowest = times[int(len(times) * share) - 1]
    assert slowest < SOON, f"{slowest:.2f} s of {len(answers)}"


def writer(front, names):
    def write(number):
        return front.request("PUT", f"{PRODUCTS}/dp:{names[number]}",
                             product(description=str(time.monotonic())))
    return write


def register_some(front, unique, count):
    names = [unique() for _ in range(count)]
    for name in names:
        register(front, name)
    return names


@pytest.mark.parametrize("lanes", [8, 3])
@pytest.mark.parametrize("function, path", [
    ("data_products_page", PRODUCTS + "?q=force"),
    ("list_changes", PRODUCTS + "/dp:{n}/changes?from=v1.0"),
    ("get_data_product", PRODUCTS + "/dp:{n}:v1.0"),
    ("get_data_product", PRODUCTS + "/dp:same:v1.0"),
])
def test_slow_reads_and_writes(make_cluster, make_front, unique, function, path, lanes):
    cluster = make_cluster()
    front = make_front(cluster, DPMETA_LANES=lanes)
    names = register_some(front, unique, 2)
    slow_down(cluster, function, 0.14)
    with Load(CLIENTS, lambda n: front.request("GET", path.format(n=names[0] + str(n)))):
        time.sleep(8)           # until it is known what is slow
        with Load(2, writer(front, names)) as writes, \
                Load(2, lambda n: front.request("GET", f"/v1/schemas/dp:{names[n]}:t")) as reads:
            time.sleep(FOR)
    check(writes.answers, {200})
    check(reads.answers, {200, 404}, 0.95)


def test_locked_writes_and_reads(make_cluster, make_front, unique):
    """Writers that wait for one lock, and a list, a read and another's write beside."""
    cluster = make_cluster()
    front = make_front(cluster)
    locked, free = register_some(front, unique, 2)
    holder = cluster.connect(autocommit=False)
    holder.cursor().execute("SELECT dpmeta.delete_data_product(%s)", (f"dp:{locked}",))
    waiting = [threading.Thread(target=writer(front, [locked] * 4), args=(n,)) for n in range(4)]
    for thread in waiting:
        thread.start()
    time.sleep(0.5)
    with Load(8, lambda n: front.request("GET", PRODUCTS)) as lists, \
            Load(8, lambda n: front.request("GET", f"{PRODUCTS}/dp:{free}")) as reads:
        time.sleep(FOR)
    holder.rollback()
    holder.close()
    for thread in waiting:
        thread.join(60)
    check(lists.answers, {200})
    check(reads.answers, {200})


def test_full_queue_of_one_kind(make_cluster, make_front, unique):
    """Those who search fill their own queue, and no other."""
    cluster = make_cluster()
    front = make_front(cluster, DPMETA_QUEUE=4)
    names = register_some(front, unique, 2)
    slow_down(cluster, "data_products_page", 0.3)
    with Load(32, lambda n: front.request("GET", PRODUCTS)) as lists:
        time.sleep(0.5)
        with Load(2, writer(front, names)) as writes:
            time.sleep(FOR)
    assert 503 in {status for status, _ in lists.answers}
    check(writes.answers, {200})
