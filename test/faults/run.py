#!/usr/bin/python3
"""Sixteen clients do what clients do, while servers and wires are broken under them.

    make faults                     five minutes, with a seed that it prints
    make faults SECONDS=60 SEED=7   shorter, and the same choices again

Choices are the seed's; what happens at once is the machine's.  Prints figures, and
what the judge found: then it exits with 1, and the history stays where it says.
"""

import os
import random
import shutil
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "../lib")]

import judge                                            # noqa: E402
from clients import PRODUCTS, SCHEMAS, Client, product, table   # noqa: E402
from cluster import TOP, server_reaches                 # noqa: E402
from history import History                             # noqa: E402
from nemesis import Nemesis                             # noqa: E402
from stand import Follower, Stand, record_store         # noqa: E402

CLIENTS, SHARED_PRODUCTS = 16, 8


class Run:
    def __init__(self, folder, seed, stage, binary):
        self.seed = seed
        self.history = History(os.path.join(folder, "history.jsonl"))
        self.stand = Stand(folder, stage, binary)
        self.stop = threading.Event()

    def prepare(self):
        """The products that all of them write to, by the recorded way."""
        names = [f"shared{n}" for n in range(SHARED_PRODUCTS)]
        ports = [wire.port for wire in self.stand.client_wires]
        first = Client(0, random.Random(0), ports, names, self.history, self.stop)
        for name in names:
            mark = first.mark()
            first.write("POST", PRODUCTS, name, mark, {**product(mark), "name": name})
            mark = first.mark()
            first.write("POST", f"{SCHEMAS}/dp:{name}:t", name, mark, table(mark))
        return [Client(n, random.Random(f"{self.seed} {n}"), ports, names, self.history,
                       self.stop) for n in range(1, CLIENTS + 1)]

    def go(self, seconds):
        self.stand.start()
        clients = self.prepare()
        follower = Follower(self.stand.cluster, self.history)
        nemesis = Nemesis(self.stand, random.Random(self.seed), self.history)
        for thread in [follower, *clients]:
            thread.start()
        nemesis.run(seconds)
        self.stand.heal()
        self.stop.set()
        for client in clients:
            client.join(300)
            assert not client.is_alive(), "a client did not come to its end"
        follower.finish()
        for thread in [follower, *clients]:
            if thread.failure:
                raise thread.failure
        record_store(self.stand.cluster, self.history)
        return nemesis.counts


def longest_gap(writes):
    """The longest time in which no write of anybody was acknowledged."""
    times = sorted(a["ended"] for a in writes)
    return max((b - a for a, b in zip(times, times[1:])), default=0)


def figures(records, counts, violations):
    case = judge.Case(records)
    writes = [a for a in case.successes() if a["mark"]]
    lines = [
        f"{len(case.answers)} requests, of them {sum(a['attempt'] > 1 for a in case.answers)} retries"
        f" and {sum(a['status'] is None for a in case.answers)} without an answer",
        f"{len({a['mark'] for a in writes})} writes acknowledged, of them"
        f" {len({a['mark'] for a in writes if a['base']})} guarded,"
        f" {len({a['mark'] for a in writes if a['key']})} with a key,"
        f" {sum(a['replayed'] for a in writes)} replayed;"
        f" {judge.judged_again(case)} retries judged afresh and made again, as they may be",
        f"{len(case.stored)} versions, {len(case.events)} events followed",
        f"{sum(counts.values())} faults: "
        + ", ".join(f"{count} {name}" for name, count in sorted(counts.items())),
        f"longest time without an acknowledged write: {longest_gap(writes):.1f} s",
        f"{len(violations)} violations"]
    return lines


def built():
    """(stage, front): what TEST_STAGE and TEST_FRONT name, or make stage made."""
    stage = os.environ.get("TEST_STAGE", os.path.join(TOP, "build/stage"))
    return stage, os.environ.get("TEST_FRONT", stage + "/usr/local/bin/dpmeta-http")


def run(folder, seconds, seed):
    """(lines to print, violations)"""
    stage, binary = built()
    binary = shutil.copy(binary, os.path.join(folder, "dpmeta-http"))
    one = Run(folder, seed, stage, binary)
    try:
        counts = one.go(seconds)
    finally:
        one.stop.set()
        one.stand.stop()
        one.history.close()
    violations = judge.judge(one.history.records)
    return figures(one.history.records, counts, violations), violations


def main():
    seconds = float(os.environ.get("SECONDS") or 300)
    seed = int(os.environ.get("SEED") or time.time_ns() % 1000000)
    base = tempfile.gettempdir()
    folder = tempfile.mkdtemp(prefix="dpmeta-faults.",
                              dir=base if server_reaches(base) else "/tmp")
    os.chmod(folder, 0o755)
    print(f"faults: {seconds:.0f} seconds, SEED={seed}; history and logs in {folder}", flush=True)
    lines, violations = run(folder, seconds, seed)
    for violation in violations[:30]:
        print(f"violation: {violation.rule}: {violation.what}")
    print("\n".join("faults: " + line for line in lines))
    if violations:
        print(f"faults: all of it is kept in {folder}; SEED={seed} makes the same choices")
        sys.exit(1)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
