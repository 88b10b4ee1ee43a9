"""deploy/patroni/run: a switchover and two failures, while clients write."""

import os
import shutil
import signal
import subprocess

import pytest

from cluster import TOP, as_server
from front import Front
from gateway import wait_for
from ports import free_ports
from writers import PRODUCTS, Writers, document

pytestmark = pytest.mark.skipif(
    not (shutil.which("patroni") and shutil.which("etcd")),
    reason="needs Debian's patroni and etcd-server")


class Patroni:
    """The script, which runs in a folder of its own."""

    def __init__(self, folder, port):
        self.folder, self.port = folder, port
        self.log_path = folder + ".log"
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(
                [os.path.join(TOP, "deploy/patroni/run"), folder], stdout=log, stderr=log,
                env={**os.environ, "PORT": str(port)}, start_new_session=True)

    def log(self):
        with open(self.log_path, encoding="utf-8") as log:
            return log.read()

    def until_ready(self):
        wait_for(lambda: "ready;" in self.log() or self.process.poll() is not None, 300)
        assert self.process.poll() is None, self.log()

    def fronts(self):
        out = []
        for number in (1, 2):
            front = Front(None, os.path.join(self.folder, f"front-{number}.log"))
            front.port = self.port + number
            out.append(front)
        return out

    def control(self, *words):
        return subprocess.run(
            as_server("patronictl", "-c", os.path.join(self.folder, "one.yml"), *words),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True,
            cwd=self.folder).stdout

    def roles(self):
        """Who is what, as patronictl shows it: {"one": "Leader", ...}."""
        lines = [[c.strip() for c in line.split("|")] for line in self.control("list").splitlines()]
        return {line[1]: line[3] for line in lines if len(line) > 4 and line[4] == "running"}

    def leader(self):
        return next((name for name, role in self.roles().items() if role == "Leader"), None)

    def until_whole(self, leader):
        """That one leads, and the other follows so closely that nothing is lost."""
        wait_for(lambda: sorted(self.roles().values()) == ["Leader", "Sync Standby"]
                 and self.leader() == leader, 300)

    def kill_server(self, node):
        with open(f"{self.folder}/{node}/data/postmaster.pid", encoding="ascii") as file:
            os.kill(int(file.readline()), signal.SIGKILL)

    def kill_node(self, node):
        """Patroni first, so that it does not see its server go."""
        found = subprocess.run(["pgrep", "-f", f"patroni {self.folder}/{node}.yml"],
                               stdout=subprocess.PIPE, text=True, check=True).stdout
        for pid in found.split():
            os.kill(int(pid), signal.SIGKILL)
        self.kill_server(node)

    def stop(self):
        self.process.terminate()
        return self.process.wait(300)


@pytest.fixture
def patroni(stage, scratch):
    folder = os.path.join(scratch, "patroni")
    one = Patroni(folder, free_ports(33))
    yield one
    if one.process.poll() is None:
        one.stop()


def test_failovers(patroni, unique, capsys):
    patroni.until_ready()
    fronts = patroni.fronts()
    names = [unique() for _ in range(4)]
    for name in names:
        assert fronts[0].request("POST", PRODUCTS,
                                 {**document("first"), "name": name}).status == 201
    writers = Writers(fronts, names)
    told = []

    def other_leads(what, do):
        old = patroni.leader()
        new = "two" if old == "one" else "one"
        writers.go_on(5)
        writers.longest()
        do(old, new)
        wait_for(lambda: patroni.leader() == new, 300)
        writers.go_on(5, 300)
        told.append("%s: %.1f s without a write, %d times 503" % (what, *writers.longest()))
        patroni.until_whole(new)

    with writers:
        patroni.until_whole("one")
        other_leads("switchover", lambda old, new: patroni.control(
            "switchover", "--leader", old, "--candidate", new, "--force"))
        other_leads("server killed", lambda old, new: patroni.kill_server(old))
        other_leads("node killed", lambda old, new: patroni.kill_node(old))
    with capsys.disabled():
        print("\n  " + "\n  ".join(told))
    for front in fronts:
        writers.check(front)
    assert patroni.stop() == 0
