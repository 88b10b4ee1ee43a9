"""The cluster, the front and the baseline that a run measures."""

import os
import shutil
import subprocess
import tempfile
import time

import extras
from cluster import TOP, Cluster, as_server
from front import Front
from measure import process_seconds, server_seconds
from operations import seed
from ports import free_port

PG_BIN = os.path.dirname(subprocess.check_output(
    [os.path.join(TOP, "deploy/local/pg-config")], text=True).strip())
SETTINGS = {
    "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on",
    "shared_buffers": "256MB", "max_wal_size": "4GB", "max_connections": "100",
}
SHOWN = ["server_version", *SETTINGS, "wal_sync_method", "checkpoint_timeout",
         "autovacuum", "jit"]
CONNECTIONS = 32
# Those that are always there; writes get more.
LANES = 8


def commit():
    done = subprocess.run(["git", "-C", TOP, "describe", "--always", "--dirty"],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return done.stdout.strip() or "unknown"


def scratch_folder():
    path = tempfile.mkdtemp(prefix="dpmeta-bench.")
    os.chmod(path, 0o755)
    if subprocess.run(as_server("test", "-x", path)).returncode != 0:
        os.rmdir(path)
        path = tempfile.mkdtemp(prefix="dpmeta-bench.", dir="/tmp")
        os.chmod(path, 0o755)
    return path


def log_statements(cluster, on):
    cluster.sql("ALTER SYSTEM SET log_statement = 'all'" if on else
                "ALTER SYSTEM RESET log_statement")
    cluster.sql("SELECT pg_reload_conf()")
    time.sleep(0.2)


class Stand:
    """The cluster, the front and the baseline that one run measures."""

    def __init__(self, scratch, rounds):
        self.scratch = scratch
        self.rounds = rounds
        self.cluster = Cluster(os.path.join(scratch, "c"),
                               os.path.join(TOP, "build/stage"), SETTINGS)
        binary = os.path.join(TOP, "http-front/dpmeta-http")
        self.binary = shutil.copy(binary, os.path.join(scratch, "dpmeta-http"))
        self.fronts = []
        self.baseline = None

    def start(self):
        self.cluster.create()
        seed(self.cluster)
        self.front = self.start_front()

    def start_front(self, cluster=None, **variables):
        log = os.path.join(self.scratch, f"front{len(self.fronts)}.log")
        front = Front(self.binary, log)
        self.fronts.append(front)
        front.start(ready=not variables.get("DPMETA_TLS_CERT"),
                    DPMETA_DATABASE_URL=(cluster or self.cluster).url("dpmeta_front"),
                    **variables)
        return front

    def start_baseline(self, answer):
        """libmicrohttpd with the answer that the front gave."""
        path = os.path.join(self.scratch, "answer")
        with open(path, "wb") as file:
            file.write(answer)
        port = free_port()
        program = os.path.join(TOP, "build/bench/mhd_only")
        self.baseline = subprocess.Popen([program, str(port), path])
        time.sleep(0.2)
        return port

    def stop_baseline(self):
        self.baseline.terminate()
        self.baseline.wait()
        self.baseline = None

    def stop(self):
        if self.baseline:
            self.stop_baseline()
        for front in self.fronts:
            front.discard()
        self.cluster.discard()

    def watch(self, front=None):
        front = front or self.front
        return {"front": lambda: process_seconds(front.process.pid),
                "server": lambda: server_seconds(self.cluster.process.pid)}

    def ask(self, operation, front=None, cluster=None):
        """The operation once, its raw answer and what the server logged."""
        cluster = cluster or self.cluster
        log_statements(cluster, True)
        answer = (front or self.front).raw(extras.raw_request(operation))
        log_statements(cluster, False)
        assert answer.split(b" ", 2)[1][:1] in (b"2", b"3"), answer[:2000]
        return answer, cluster.log()
