"""Writes where a commit waits: a slow disk, a synchronous standby; and beside fastify."""

import os
import shutil
import subprocess
from statistics import median

from cluster import TOP, Cluster
from measure import pgbench, wrk
from operations import BY_NAME, PRODUCTS, pgbench_script, seed
from peer import Peer

HERE = os.path.dirname(os.path.realpath(__file__))
CONNECTIONS = 32
# As a network disk, or a standby in another zone.
MILLISECONDS = 3
SECONDS = 2


def slow_environment(scratch):
    """What makes a server's flushes last: a library made for it."""
    library = os.path.join(scratch, "slow_flush.so")
    subprocess.run(["gcc", "-O2", "-Wall", "-shared", "-fPIC", "-o", library,
                    os.path.join(HERE, "slow_flush.c"), "-ldl"], check=True)
    os.chmod(library, 0o755)
    return {"LD_PRELOAD": library, "SLOW_FLUSH_MICROSECONDS": str(MILLISECONDS * 1000)}


class Field:
    """A cluster with a front, fastify and pgbench before it."""

    def __init__(self, stand, pg_bin, cluster):
        self.stand, self.pg_bin, self.cluster = stand, pg_bin, cluster
        self.front = stand.start_front(cluster=cluster)
        self.peer = Peer(cluster.url("dpmeta_front"), os.path.join(stand.scratch, "peer.log"))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.peer.stop()
        self.front.stop()

    def _http(self, port, operation, number):
        done = wrk(port, operation, CONNECTIONS, SECONDS, PRODUCTS, {}, seed=number)
        assert done["failed"] == 0, done
        return done

    def round(self, operation, script, number):
        url = self.cluster.url("dpmeta_front")
        return {"http": self._http(self.front.port, operation, 3 * number),
                "clients": pgbench(self.pg_bin, url, *script, CONNECTIONS),
                "fastify": self._http(self.peer.port, operation, 3 * number + 1)}

    def measure(self, name):
        operation = BY_NAME[name]
        _, log = self.stand.ask(operation, self.front, self.cluster)
        text, variables = pgbench_script(log, operation.kind == "write")
        path = os.path.join(self.stand.scratch, name + ".flushes")
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        # Lanes follow the load, and Node compiles what it runs often.
        for port in self.front.port, self.peer.port:
            self._http(port, operation, port)
        return [self.round(operation, (path, variables), n)
                for n in range(self.stand.rounds)]


def _text(name, rounds):
    def rate(who):
        return median(one[who]["rate"] for one in rounds)

    def ratio(who):
        return median(one["http"]["rate"] / one[who]["rate"] for one in rounds)

    late = median(one["http"]["p99"] / one["http"]["p50"] for one in rounds)
    return (f"{name} {rate('http'):.0f} a second, {ratio('clients'):.2f} of pgbench with"
            f" {CONNECTIONS}, {ratio('fastify'):.2f} of fastify, p99 {late:.1f} times p50")


def _measure(stand, pg_bin, cluster, names):
    with Field(stand, pg_bin, cluster) as field:
        rounds = {name: field.measure(name) for name in names}
    return {"rounds": rounds,
            "text": "; ".join(_text(name.upper(), one) for name, one in rounds.items())}


def _made(stand, folder, settings, environment):
    made = Cluster(os.path.join(stand.scratch, folder), os.path.join(TOP, "build/stage"),
                   settings, environment)
    made.create()
    seed(made)
    return made


def fast(stand, pg_bin, settings):
    return _measure(stand, pg_bin, stand.cluster, ["get", "put", "post"])


def slow(stand, pg_bin, settings):
    cluster = _made(stand, "slow", settings, slow_environment(stand.scratch))
    try:
        return _measure(stand, pg_bin, cluster, ["put", "post"])
    finally:
        cluster.discard()


def standby(stand, pg_bin, settings):
    """The standby's disk is the slow one: a commit waits for its flush."""
    primary = _made(stand, "primary", settings, {})
    other = Cluster(os.path.join(stand.scratch, "standby"), os.path.join(TOP, "build/stage"),
                    settings, slow_environment(stand.scratch))
    try:
        other.create_standby(primary)
        primary.sql("ALTER SYSTEM SET synchronous_standby_names = 'standby'")
        primary.sql("SELECT pg_reload_conf()")
        return _measure(stand, pg_bin, primary, ["put", "post"])
    finally:
        other.discard()
        primary.discard()


def extras(pg_bin, settings):
    return {name: lambda stand, chosen, run=run: run(stand, pg_bin, settings)
            for name, run in (("fastify", fast), ("slow-disk", slow),
                              ("synchronous-standby", standby))}
