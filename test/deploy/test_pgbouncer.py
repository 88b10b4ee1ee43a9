"""A pgbouncer between fronts and server: which of its modes work."""

import os
import shutil
import subprocess
import threading

import psycopg2
import pytest

from cluster import as_server, server_user
from gateway import wait_for
from ports import free_port
from writers import PRODUCTS, Writers, document

PROGRAM = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
pytestmark = pytest.mark.skipif(not os.path.exists(PROGRAM), reason="needs Debian's pgbouncer")

CONFIG = """
[databases]
dpmeta = {server} dbname=dpmeta
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = {mode}
default_pool_size = {size}
max_client_conn = 200
"""


class Bouncer:
    def __init__(self, folder, cluster, mode, size):
        self.port = free_port()
        os.makedirs(folder)
        if os.geteuid() == 0:
            shutil.chown(folder, server_user())
        path = os.path.join(folder, "pgbouncer.ini")
        host = cluster.url().split("host=")[1].split("&")[0]
        with open(path, "w", encoding="ascii") as file:
            file.write(CONFIG.format(server=f"host={host} port=5432 user=dpmeta_front", port=self.port,
                                     mode=mode, size=size))
        os.chmod(path, 0o644)
        with open(os.path.join(folder, "log"), "wb") as log:
            self.process = subprocess.Popen(as_server(PROGRAM, path), stdout=log, stderr=log,
                                            start_new_session=True)
        self.url = f"postgresql://dpmeta_front@127.0.0.1:{self.port}/dpmeta"
        wait_for(self.answers)

    def answers(self):
        try:
            psycopg2.connect(self.url).close()
            return True
        except psycopg2.OperationalError:
            assert self.process.poll() is None
            return False

    def stop(self):
        self.process.terminate()
        self.process.wait(180)


@pytest.fixture
def make_bouncer(scratch, cluster, unique):
    made = []

    def make(*options):
        made.append(Bouncer(os.path.join(scratch, "bouncer" + unique()), cluster, *options))
        return made[-1]

    yield make
    for one in made:
        one.stop()


def work(fronts, unique):
    """Writers and readers at once; the statuses of the reads."""
    names = [unique() for _ in range(6)]
    statuses = []
    for name in names:
        answer = fronts[0].request("POST", PRODUCTS, {**document("first"), "name": name})
        assert answer.status == 201, answer

    def read(number):
        for turn in range(40):
            path = f"{PRODUCTS}/dp:{names[turn % 6]}" if turn % 4 else PRODUCTS
            statuses.append(fronts[number % len(fronts)].request("GET", path).status)

    readers = [threading.Thread(target=read, args=(n,)) for n in range(8)]
    writers = Writers(fronts, names)
    with writers:
        for thread in readers:
            thread.start()
        writers.go_on(10)
        for thread in readers:
            thread.join(180)
    writers.check(fronts[-1])
    return statuses, writers.longest()[1]


def test_session_mode(make_bouncer, make_front, cluster, unique):
    """Two fronts of 8 lanes each have 16 servers, and as they were."""
    bouncer = make_bouncer("session", 16)
    fronts = [make_front(DPMETA_DATABASE_URL=bouncer.url) for _ in range(2)]
    statuses, refused = work(fronts, unique)
    assert set(statuses) == {200} and refused == 0
    # A lane goes, and its server is another's: as it is when it is new.
    fronts[0].stop()
    again = make_front(DPMETA_DATABASE_URL=bouncer.url)
    statuses, refused = work([again], unique)
    assert set(statuses) == {200} and refused == 0


def remembers_statements():
    said = subprocess.run([PROGRAM, "--version"], stdout=subprocess.PIPE, text=True).stdout
    return [int(n) for n in said.split()[1].split(".")[:2]] >= [1, 21]


needs_old_pgbouncer = pytest.mark.skipif(
    os.path.exists(PROGRAM) and remembers_statements(), reason="needs a pgbouncer before 1.21")


@needs_old_pgbouncer
@pytest.mark.parametrize("mode", ["transaction", "statement"])
def test_other_modes_are_told(make_bouncer, make_front, cluster, unique, mode):
    """A server on which another front has prepared the same statement: the log says so."""
    bouncer = make_bouncer(mode, 1)
    path = f"{PRODUCTS}/dp:{unique()}"
    first = make_front(DPMETA_DATABASE_URL=bouncer.url, DPMETA_LANES="1", ready=False)
    wait_for(lambda: first.request("GET", path).status == 404)
    second = make_front(DPMETA_DATABASE_URL=bouncer.url, DPMETA_LANES="1", ready=False)
    wait_for(lambda: second.request("GET", path).status in (500, 503))
    second.wait_for_log("prepared statement")


@needs_old_pgbouncer
@pytest.mark.parametrize("mode", ["transaction", "statement"])
def test_other_modes_are_answered(make_bouncer, make_front, cluster, unique, mode):
    """
    Such a bouncer answers what was sent before the sync that ends it comes: the front spun
    for ever on that.
    """
    front = make_front(DPMETA_DATABASE_URL=make_bouncer(mode, 2).url, ready=False)
    answers = []

    def read():
        for _ in range(100):
            answers.append(front.request("GET", f"{PRODUCTS}/dp:{unique()}").status)

    readers = [threading.Thread(target=read) for _ in range(8)]
    for thread in readers:
        thread.start()
    for thread in readers:
        thread.join(300)
    assert len(answers) == 800 and set(answers) <= {404, 500, 503}
