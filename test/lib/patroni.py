"""deploy/patroni/run in a folder of its own, and what can be done to its parts."""

import os
import re
import signal
import subprocess
import time

from cluster import TOP, as_server
from front import Front
from gateway import wait_for

WHOLE = ["Leader", "Replica", "Sync Standby"]


def children(pid):
    """Of a process, all that are there now."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                if int(file.read().rsplit(")", 1)[1].split()[1]) == pid:
                    found.append(int(name))
        except (FileNotFoundError, ProcessLookupError):
            pass
    return found


class Patroni:
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
        """One that knows all servers, and one behind haproxy."""
        out = []
        for number in (1, 2):
            front = Front(None, os.path.join(self.folder, f"front-{number}.log"))
            front.port = self.port + number
            out.append(front)
        return out

    def control(self, *words):
        return subprocess.run(
            as_server("patronictl", "-c", os.path.join(self.folder, "one.yml"), *words),
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
            cwd=self.folder).stdout

    def roles(self):
        """Who is what, as patronictl shows it: {"one": "Leader", ...}."""
        lines = [[c.strip() for c in line.split("|")] for line in self.control("list").splitlines()]
        return {line[1]: line[3] for line in lines
                if len(line) > 4 and line[4] in ("running", "streaming")}

    def node(self, role):
        return next((name for name, found in self.roles().items() if found == role), None)

    def until_whole(self):
        """One leads, and another follows so closely that nothing is lost."""
        wait_for(lambda: sorted(self.roles().values()) == WHOLE, 300)

    def until_another_leads(self, than):
        wait_for(lambda: self.node("Leader") not in (None, than), 300)

    def switch_over(self):
        old, new = self.node("Leader"), self.node("Sync Standby")
        self.control("switchover", "--leader", old, "--candidate", new, "--force")

    def found(self, command):
        """The processes of ours whose command begins or goes on so."""
        out = subprocess.run(["pgrep", "-f", re.escape(command)], stdout=subprocess.PIPE,
                             text=True, check=False).stdout
        return [int(pid) for pid in out.split()]

    def patroni_of(self, node):
        return self.found(f"patroni {self.folder}/{node}.yml")

    def server_of(self, node):
        """The postmaster and all of its processes."""
        with open(f"{self.folder}/{node}/data/postmaster.pid", encoding="ascii") as file:
            pid = int(file.readline())
        return [pid] + children(pid)

    def etcd(self):
        return self.found(f"--data-dir {self.folder}/etcd")

    def haproxy(self):
        return self.found(f"-f {self.folder}/haproxy.cfg")

    @staticmethod
    def send(sign, pids):
        for pid in pids:
            try:
                os.kill(pid, sign)
            except ProcessLookupError:
                pass

    def kill_server(self, node):
        self.send(signal.SIGKILL, self.server_of(node)[:1])

    def kill_node(self, node):
        """Patroni first, so that it does not see its server go."""
        self.send(signal.SIGKILL, self.patroni_of(node))
        self.kill_server(node)

    def hold(self, pids, seconds):
        """They hang for so long, and go on."""
        self.send(signal.SIGSTOP, pids)
        try:
            time.sleep(seconds)
        finally:
            self.send(signal.SIGCONT, pids)

    def stop(self):
        self.process.terminate()
        return self.process.wait(300)
