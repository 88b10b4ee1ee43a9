"""deploy/patroni/run: a switchover, a server that is killed and a node that hangs."""

import os
import shutil
import sys

import pytest

from cluster import TOP
from patroni import Patroni
from ports import free_ports

sys.path.append(os.path.join(TOP, "test", "failover"))

import run                      # noqa: E402

pytestmark = pytest.mark.skipif(
    not (shutil.which("patroni") and shutil.which("etcd") and
         shutil.which("haproxy", path=os.environ["PATH"] + ":/usr/sbin")),
    reason="needs Debian's patroni, etcd-server and haproxy")


@pytest.fixture
def patroni(stage, scratch):
    one = Patroni(os.path.join(scratch, "patroni"), free_ports(43))
    yield one
    if one.process.poll() is None:
        one.stop()


def test_failovers(patroni, unique, capsys):
    """What was acknowledged is there once, and is read with its position, by both ways in."""
    patroni.until_ready()
    for fault in ("switchover", "PostgreSQL killed", f"node stopped for {run.LONGER} s"):
        waited, *counts, writes = run.try_fault(patroni, fault, unique)
        with capsys.disabled():
            print("\n  %s: %.1f and %.1f s without a write, %d writes" % (fault, *waited, writes))
        assert counts == [0, 0, 0, 0], fault
    assert patroni.stop() == 0
