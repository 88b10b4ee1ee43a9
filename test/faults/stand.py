"""Two fronts before one cluster, with a wire to and from each; and a follower."""

import os
import signal
import threading
import time

import psycopg2

from cluster import Cluster
from front import Front
from wire import Wire

FRONTS = 2


class Stand:
    def __init__(self, folder, stage, binary):
        self.cluster = Cluster(os.path.join(folder, "cluster"), stage, {"max_connections": "100"})
        self.fronts = []
        self.database_wires = []
        self.client_wires = []
        self.binary, self.folder = binary, folder

    def start(self):
        self.cluster.create()
        host = self.cluster.url().split("host=")[1].split("&")[0]
        for number in range(FRONTS):
            self.database_wires.append(Wire(f"{host}/.s.PGSQL.5432"))
            self.fronts.append(Front(self.binary, f"{self.folder}/front{number}.log"))
            self.start_front(number, wait=True)
            self.client_wires.append(Wire(self.fronts[number].port))

    def start_front(self, number, wait=False):
        """On the port that it had."""
        front = self.fronts[number]
        port = {"DPMETA_PORT": str(front.port)} if front.port else {}
        front.start(wait=wait, **port, DPMETA_DATABASE_URL=(
            f"postgresql://dpmeta_front@127.0.0.1:{self.database_wires[number].port}/dpmeta"
            "?sslmode=disable&gssencmode=disable"))

    def backends(self):
        """The servers of the fronts' sessions; none where the server is away."""
        try:
            return [pid for pid, in self.cluster.sql(
                "SELECT pid FROM pg_stat_activity WHERE usename = 'dpmeta_front'",
                dbname="postgres")]
        except psycopg2.Error:
            return []

    def kill_postmaster(self):
        """It alone; its processes notice, and end by themselves."""
        processes = self.cluster.pids()
        self.cluster.process.kill()
        self.cluster.process.wait()
        limit = time.monotonic() + 60
        while any(map(_lives, processes)) and time.monotonic() < limit:
            time.sleep(0.02)
        for pid in filter(_lives, processes):
            os.kill(pid, signal.SIGKILL)

    def heal(self):
        """Everything is up again."""
        for wire in [*self.database_wires, *self.client_wires]:
            wire.go_on()
        self.cluster.wait()
        for number, front in enumerate(self.fronts):
            if front.process.poll() is not None:
                self.start_front(number)
            front.wait()

    def stop(self):
        for wire in [*self.client_wires, *self.database_wires]:
            wire.close()
        for front in self.fronts:
            front.discard()
        self.cluster.discard()


def _lives(pid):
    return os.path.exists(f"/proc/{pid}")


class Follower(threading.Thread):
    """Reads the log as docs/sql.md says, and records each event that it gets."""

    NEXT = """SELECT transaction_id::text, event_id, data_product, to_version::text
        FROM dpmeta.events e
        WHERE transaction_id > %s::text::xid8
            AND transaction_id < pg_snapshot_xmin(pg_current_snapshot())
        ORDER BY e.transaction_id, event_id"""

    def __init__(self, cluster, history):
        super().__init__(daemon=True)
        self.cluster, self.history = cluster, history
        self.last, self.ended = "0", threading.Event()
        self.failure = None

    def run(self):
        try:
            while not self.ended.wait(0.2):
                self.catch_up()
        except Exception as error:
            self.failure = error

    def catch_up(self):
        try:
            for transaction, event, product, version in self.cluster.sql(
                    self.NEXT, (self.last,)):
                self.history.add({"type": "event", "event": event, "product": product,
                                  "version": version, "at": self.history.now()})
                self.last = transaction
        except psycopg2.Error:
            pass        # the server is away

    def finish(self):
        """The last of them, when nothing is written any more."""
        self.ended.set()
        self.join()
        self.catch_up()


STORED = """SELECT v.data_product, v.version::text, v.description, s.description,
        (extract(epoch FROM v.created_at) * 1000000)::bigint
    FROM dpmeta.data_product_versions v
    LEFT JOIN dpmeta.schemas s USING (data_product, version)
    ORDER BY v.data_product, v.version"""
BROKEN = "SELECT name, violations, example FROM dpmeta.check() WHERE violations > 0"
LOGGED = """SELECT event_id, data_product, from_version::text, to_version::text
    FROM dpmeta.events ORDER BY transaction_id, event_id"""


def record_store(cluster, history):
    for product, version, description, table, created in cluster.sql(STORED):
        history.add({"type": "stored", "product": product, "version": version,
                     "description": description, "table": table, "created": created,
                     "marks": [m for m in (description, table) if m]})
    for event, product, before, version in cluster.sql(LOGGED):
        history.add({"type": "logged", "event": event, "product": product, "from": before,
                     "version": version})
    for invariant, count, example in cluster.sql(BROKEN):
        history.add({"type": "broken", "invariant": invariant, "count": count,
                     "example": example})
