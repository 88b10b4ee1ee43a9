"""Clients that write while servers are stopped under them, and what they were told.

    writers = Writers(fronts, names)        # of registered data products
    with writers:
        ...                                 # kill, promote
        writers.go_on(20)                   # each has so many writes more
    writers.check(front)                    # nothing lost, nothing doubled
"""

import threading
import time

from gateway import wait_for
from pages import pages

PRODUCTS = "/v1/data-products"


def document(description):
    return {"description": description, "domain": "HQ", "dataProductOwner": "o@example.org",
            "dataProductOwnerDisplayName": "O", "email": "c@example.org", "status": "draft",
            "retentionPeriod": 1, "dpiaRequired": False}


class Writer(threading.Thread):
    """One version after the other, each until it is told that it is there."""

    def __init__(self, fronts, name, stop, readers=()):
        super().__init__()
        self.fronts, self.name, self.stop, self.readers = fronts, name, stop, readers
        self.stale, self.told_lost = [], 0
        self.acknowledged, self.refused, self.wrong = [], 0, None
        self.told = time.monotonic()
        self.longest = 0

    def run(self):
        while not self.stop.is_set() and self.wrong is None:
            self.write(len(self.acknowledged))

    def write(self, turn):
        front = self.fronts[turn % len(self.fronts)]
        while True:
            answer = front.request("PUT", f"{PRODUCTS}/dp:{self.name}", document(f"{turn}"),
                                   timeout=180)
            if answer.status != 503:
                break
            assert int(answer.headers["Retry-After"]) >= 1
            self.refused += 1
            time.sleep(0.05)
        if answer.status != 200:
            self.wrong = answer
            return
        now = time.monotonic()
        self.longest, self.told = max(self.longest, now - self.told), now
        self.acknowledged.append((answer.json["version"], f"{turn}"))
        for reader in self.readers:
            self.read(reader, answer.headers.get("Dpmeta-Position"), f"{turn}")

    def read(self, front, position, text):
        """What was just written; no answer is not a wrong one."""
        answer = front.request("GET", f"{PRODUCTS}/dp:{self.name}",
                               headers={"Dpmeta-Position": position} if position else {})
        if answer.status == 412:
            self.told_lost += 1
        elif position and answer.status != 503 and not (
                answer.status == 200 and answer.json["description"] == text):
            self.stale.append((text, answer))


class Writers:
    def __init__(self, fronts, names, readers=()):
        self.stop = threading.Event()
        self.all = [Writer(fronts, name, self.stop, readers) for name in names]

    def __enter__(self):
        for writer in self.all:
            writer.start()

    def __exit__(self, *_):
        self.stop.set()
        for writer in self.all:
            writer.join(300)

    def go_on(self, more, seconds=180):
        """Until each has written so much more."""
        wanted = [len(w.acknowledged) + more for w in self.all]
        wait_for(lambda: any(w.wrong for w in self.all) or all(
            len(w.acknowledged) >= n for w, n in zip(self.all, wanted)), seconds)

    def longest(self):
        """The longest that one waited for its write since this was asked for; 503s, too."""
        found = max(w.longest for w in self.all), sum(w.refused for w in self.all)
        for writer in self.all:
            writer.longest = writer.refused = 0
        return found

    def count(self):
        return sum(len(w.acknowledged) for w in self.all)

    def compare(self, front):
        """
        How many acknowledged writes are not there, how many are there twice; how many
        reads of them were wrong, and how many said that they were lost.
        """
        lost = doubled = 0
        for writer in self.all:
            assert writer.wrong is None, writer.wrong
            found = {v["version"] for v in pages(
                front, f"{PRODUCTS}/dp:{writer.name}/versions?consistent=true&limit=1000")}
            told = {v for v, _ in writer.acknowledged} | {"v1.0"}
            # A number that was acknowledged twice is of a write that is not there any more.
            lost += len(told - found) + len(writer.acknowledged) + 1 - len(told)
            doubled += len(found - told)
        return (lost, doubled, sum(len(w.stale) for w in self.all),
                sum(w.told_lost for w in self.all))

    def check(self, front):
        for writer in self.all:
            assert writer.wrong is None, writer.wrong
            assert writer.stale == []
            found = pages(
                front, f"{PRODUCTS}/dp:{writer.name}/versions?consistent=true&limit=1000")
            assert [v["version"] for v in found] == [
                v for v, _ in reversed(writer.acknowledged)] + ["v1.0"]
            for version, text in writer.acknowledged[:: len(writer.acknowledged) // 10 or 1]:
                read = front.request(
                    "GET", f"{PRODUCTS}/dp:{writer.name}:{version}?consistent=true")
                assert read.json["description"] == text
