"""What tests in Python get by name: real clusters and real fronts.

    def test_it(front):                     # the session's own pair
        answer = front.request("GET", "/v1/data-products/dp:x")
        assert answer.status == 404

    def test_other(make_cluster, make_front):
        cluster = make_cluster()            # for what stops or kills it
        front = make_front(cluster, DPMETA_LANES=2)

Everything that a test made is stopped when the test ends.
"""

import itertools
import os
import shutil
import subprocess
import tempfile

import pytest

from cluster import TOP, Cluster, server_reaches
from front import Front
from swallower import Swallower

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def scratch():
    """A folder that the server's user may enter; gone after the session."""
    path = tempfile.mkdtemp(prefix="dpmeta-test.", dir=_scratch_base())
    os.chmod(path, 0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


def _scratch_base():
    base = tempfile.gettempdir()
    return base if server_reaches(base) else "/tmp"


@pytest.fixture(scope="session")
def stage():
    """The extension as built, ready for a cluster to use.

    make check has it built; a pytest run by hand builds it first.
    """
    if "TEST_STAGE" not in os.environ:
        subprocess.run(["deploy/local/pages"], cwd=TOP, check=True)
        subprocess.run(["make", "-s", "stage"], cwd=TOP, check=True)
    return os.environ.get("TEST_STAGE", os.path.join(TOP, "build/stage"))


@pytest.fixture(scope="session")
def front_binary(stage, scratch):
    """dpmeta-http where the server's user can run it."""
    built = os.environ.get("TEST_FRONT", os.path.join(TOP, "http-front/dpmeta-http"))
    return shutil.copy(built, os.path.join(scratch, "dpmeta-http"))


def _cluster_maker(stage, scratch, made):
    def make(**settings):
        cluster = Cluster(os.path.join(scratch, f"c{next(_numbers)}"), stage, settings)
        made.append(cluster)
        cluster.create()
        return cluster

    return make


def _front_maker(front_binary, scratch, made):
    def make(cluster=None, ready=True, wait=True, binary=None, group=None, files=None, **env):
        log = os.path.join(scratch, f"front{next(_numbers)}.log")
        front = Front(binary or front_binary, log)
        front.group, front.files = group, files
        made.append(front)
        if cluster is not None:
            env.setdefault("DPMETA_DATABASE_URL", cluster.url("dpmeta_front"))
        front.start(ready=ready, wait=wait, **env)
        return front

    return make


def _stop_all(made):
    for one in reversed(made):
        one.discard()


@pytest.fixture(scope="session")
def cluster(stage, scratch):
    """The session's cluster.  Tests that stop or kill one make their own."""
    made = []
    yield _cluster_maker(stage, scratch, made)()
    _stop_all(made)


@pytest.fixture(scope="session")
def front(cluster, front_binary, scratch):
    """The session's front before the session's cluster, authentication off."""
    made = []
    yield _front_maker(front_binary, scratch, made)(cluster)
    _stop_all(made)


@pytest.fixture
def make_standby(stage, scratch):
    """make_standby(primary, **settings): a streaming standby of a cluster."""
    made = []

    def make(primary, **settings):
        standby = Cluster(os.path.join(scratch, f"c{next(_numbers)}"), stage, settings)
        made.append(standby)
        standby.create_standby(primary)
        return standby

    yield make
    _stop_all(made)


@pytest.fixture
def make_cluster(stage, scratch):
    """make_cluster(**settings) -> Cluster, such as wal_level="logical"."""
    made = []
    yield _cluster_maker(stage, scratch, made)
    _stop_all(made)


@pytest.fixture
def make_front(front_binary, scratch):
    """make_front(cluster, ready=True, wait=True, **DPMETA_VARIABLES) -> Front.

    ready: wait for /ready; wait: for the port at all (False for a front that
    is meant not to start); binary: another build of it; group: a MemoryGroup
    that it runs in; files: how many it may have open.
    """
    made = []
    yield _front_maker(front_binary, scratch, made)
    _stop_all(made)


@pytest.fixture
def make_wire():
    """make_wire(cluster) -> Swallower, a wire to it that can fall silent."""
    made = []

    def make(cluster):
        made.append(Swallower(cluster))
        return made[-1]

    yield make
    for wire in made:
        wire.stop()


@pytest.fixture
def unique():
    """unique("orders") -> a name that no other test has."""
    return lambda stem="p": f"{stem}_{os.getpid()}_{next(_numbers)}"
