"""What keeps a database from serving, each by its own name: with real full disks and servers."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading

import psycopg2
import pytest

from cluster import TOP, server_user
from documents import PRODUCTS, check_problem, product, register
from gateway import metric, metrics, wait_for


@pytest.fixture
def small_disk(scratch):
    """small_disk(size) -> a folder of the server's user on a file system of its own."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small file system")
    made = []

    def make(size):
        path = tempfile.mkdtemp(prefix="disk", dir=scratch)
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", path],
                              stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            pytest.skip(f"mount is not permitted: {done.stderr.strip()}")
        made.append(path)
        shutil.chown(path, server_user(), server_user())
        os.chmod(path, 0o700)
        return path

    yield make
    for path in made:
        subprocess.run(["umount", "--lazy", path], check=True)


def superuser(cluster):
    return cluster.sql("SELECT rolname FROM pg_roles WHERE rolsuper")[0][0]


def tags():
    """Such as do not compress."""
    return {f"k{i}": os.urandom(500).hex() for i in range(20)}


def write_until_refused(front, unique, written):
    """Until the disk is full; the refusal."""
    while True:
        name = unique()
        answer = front.request("POST", PRODUCTS, product(name, tags=tags()))
        if answer.status != 201:
            return answer
        written.append(name)


def check_all_there(front, written):
    for name in written:
        assert front.request("GET", f"{PRODUCTS}/dp:{name}").status == 200, name


def test_full_disk_of_tables(make_cluster, make_front, small_disk, unique):
    cluster = make_cluster()
    disk = small_disk("2m")
    root = superuser(cluster)
    cluster.sql(f"CREATE TABLESPACE small LOCATION '{disk}'", role=root)
    for table in ("product_version", "table_schema", "event"):
        if cluster.sql("SELECT to_regclass(%s)", (f"dpmeta.{table}",))[0][0]:
            cluster.sql(f"ALTER TABLE dpmeta.{table} SET TABLESPACE small", role=root)
    front = make_front(cluster)
    written = []
    answer = write_until_refused(front, unique, written)
    check_problem(answer, 503, "database-full")
    assert int(answer.headers["Retry-After"]) > 1
    assert disk.encode() not in answer.body
    ready = front.request("GET", "/ready")
    assert (ready.status, ready.json["writes"]) == (200, "database-full")
    schemas = front.request("GET", "/openapi.json").json["components"]["schemas"]
    assert ready.json["writes"] in schemas["Readiness"]["properties"]["writes"]["enum"]
    assert metric(metrics(front), "dpmeta_http_problems_total", type="database-full") >= 1
    front.wait_for_log('"event":"database-full"')
    check_all_there(front, written)
    subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
    register(front, unique())
    ready = front.request("GET", "/ready")
    assert (ready.status, ready.json["writes"]) == (200, "reachable")
    front.wait_for_log('"event":"writes-again"')
    cluster.stop("immediate")


def test_full_disk_of_the_log(make_cluster, make_front, small_disk, unique):
    """The server stops without a word of why; what it had acknowledged is there afterwards."""
    cluster = make_cluster(restart_after_crash="off")
    disk = small_disk("64m")
    cluster.stop()
    wal = os.path.join(cluster.path, "data", "pg_wal")
    subprocess.run(["cp", "-a", wal, disk], check=True)
    shutil.rmtree(wal)
    os.symlink(os.path.join(disk, "pg_wal"), wal)
    cluster.start()
    front = make_front(cluster)
    written = [unique()]
    register(front, written[0])
    with open(os.path.join(disk, "filler"), "wb") as filler:
        with pytest.raises(OSError):
            while True:
                filler.write(bytes(65536))
                filler.flush()
    check_problem(write_until_refused(front, unique, written), 503)
    wait_for(lambda: cluster.process.poll() is not None)
    assert "No space left on device" in cluster.log()

    def told():
        answer = front.request("GET", "/ready")
        return answer if answer.status == 503 else None

    check_problem(wait_for(told), 503)
    os.unlink(os.path.join(disk, "filler"))
    cluster.start()
    front.wait()
    check_all_there(front, written)
    register(front, unique())
    cluster.stop("immediate")


def test_no_connection_left(make_cluster, make_front, unique):
    cluster = make_cluster(max_connections=8, superuser_reserved_connections=2)
    front = make_front(cluster, DPMETA_LANES=2, DPMETA_QUEUE_TIMEOUT="100ms")
    watcher = cluster.connect(role=superuser(cluster), dbname="postgres")
    cursor = watcher.cursor()
    held = []

    def taken():
        try:
            held.append(cluster.connect())
        except psycopg2.OperationalError:
            cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                           "WHERE usename = 'dpmeta_front'")
        answer = front.request("GET", "/ready")
        return answer if answer.status == 503 and "too-many" in answer.json["type"] else None

    check_problem(wait_for(taken), 503, "too-many-connections")
    answer = front.request("GET", f"{PRODUCTS}/dp:{unique()}")
    check_problem(answer, 503, "too-many-connections")
    assert int(answer.headers["Retry-After"]) >= 1
    front.wait_for_log('"event":"too-many-connections"')
    assert metric(metrics(front), "dpmeta_http_connects_failed_total",
                  type="too-many-connections") >= 1
    for connection in held:
        connection.close()
    front.wait()
    watcher.close()


def test_cancelled_by_an_administrator(make_front, cluster, unique):
    front = make_front(cluster)
    name = unique()
    register(front, name)
    holder = cluster.connect(autocommit=False)
    holder.cursor().execute("SELECT dpmeta.delete_data_product(%s)", (f"dp:{name}",))
    answers = []
    thread = threading.Thread(target=lambda: answers.append(front.request(
        "PUT", f"{PRODUCTS}/dp:{name}", product(description="B"))))
    thread.start()
    wait_for(lambda: cluster.sql(
        "SELECT pg_cancel_backend(pid) FROM pg_stat_activity "
        "WHERE usename = 'dpmeta_front' AND wait_event_type = 'Lock'", role=superuser(cluster)))
    thread.join(180)
    check_problem(answers[0], 503, "statement-cancelled")
    front.wait_for_log('"event":"statement-cancelled"')
    holder.rollback()
    holder.close()


def test_server_that_shuts_down(make_cluster, make_front, unique):
    """A smart shutdown lets nobody new in while somebody is connected."""
    cluster = make_cluster()
    front = make_front(cluster, DPMETA_LANES=2, DPMETA_QUEUE_TIMEOUT="100ms")
    watcher = cluster.connect(role=superuser(cluster), dbname="postgres")
    cluster.process.send_signal(signal.SIGTERM)
    wait_for(lambda: "smart shutdown" in cluster.log())
    watcher.cursor().execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                             "WHERE usename = 'dpmeta_front'")

    def stopping():
        answer = front.request("GET", "/ready")
        return answer if answer.status == 503 and "stopping" in answer.json["type"] else None

    check_problem(wait_for(stopping), 503, "database-stopping")
    check_problem(front.request("GET", f"{PRODUCTS}/dp:{unique()}"), 503, "database-stopping")
    front.wait_for_log('"event":"database-stopping"')
    watcher.close()
    cluster.process.wait(180)


def test_drain_that_is_cut(make_front, cluster, unique):
    front = make_front(cluster, DPMETA_DRAIN_TIMEOUT="1ms")
    name = unique()
    register(front, name)
    holder = cluster.connect(autocommit=False)
    holder.cursor().execute("SELECT dpmeta.delete_data_product(%s)", (f"dp:{name}",))
    answers = []
    thread = threading.Thread(target=lambda: answers.append(front.request(
        "PUT", f"{PRODUCTS}/dp:{name}", product(description="B"))))
    thread.start()
    wait_for(lambda: cluster.sql(
        "SELECT 1 FROM pg_stat_activity WHERE usename = 'dpmeta_front' "
        "AND wait_event_type = 'Lock'", role=superuser(cluster)))
    assert front.stop() == 0
    thread.join(180)
    check_problem(answers[0], 503, "service-stopping")
    holder.rollback()
    holder.close()


def test_each_is_documented(front):
    """The pages name what the table of problems says of 503."""
    with open(os.path.join(TOP, "docs/gateway.md"), encoding="utf-8") as file:
        named = set(re.findall(r"`([a-z-]+)`", file.read()))
    responses = front.request("GET", "/openapi.json").json["components"]["responses"]
    told = set()
    for response in responses.values():
        schema = response["content"]["application/problem+json"]["schema"]["allOf"][1]
        if schema["properties"]["status"]["const"] == 503:
            told |= {t.rsplit(":", 1)[1] for t in schema["properties"]["type"]["enum"]}
    assert "database-full" in told and told <= named, told - named
