"""What is done to the servers while clients work.

Each fault is a function with the name that the figures have; it returns when the
fault is over, and the servers find their way back while clients go on.
"""

import contextlib
import os
import signal
import time


class Nemesis:
    """stand: the servers and wires; random: decides; history: is told."""

    def __init__(self, stand, random, history):
        self.stand, self.random, self.history = stand, random, history
        self.counts = {}
        self.kinds = {
            "backend killed": (self.kill_backend, 4), "postmaster killed": (self.kill_server, 2),
            "server stopped immediately": (self.stop_server, 2),
            "front killed": (self.kill_front, 3), "front ended": (self.end_front, 2),
            "front stands still": (self.freeze_front, 2),
            "backend stands still": (self.freeze_backend, 3),
            "postmaster stands still": (self.freeze_server, 1),
            "database's wire cut": (self.cut_database, 4),
            "database's wire hangs": (self.hang_database, 2),
            "clients' wire cut": (self.cut_clients, 4),
            "clients' wire hangs": (self.hang_clients, 2)}

    def run(self, seconds):
        limit = time.monotonic() + seconds
        names = list(self.kinds)
        weights = [weight for _, weight in self.kinds.values()]
        while time.monotonic() < limit:
            name = self.random.choices(names, weights)[0]
            began = self.history.now()
            self.kinds[name][0]()
            self.counts[name] = self.counts.get(name, 0) + 1
            self.history.add({"type": "fault", "fault": name, "began": began,
                              "ended": self.history.now()})
            time.sleep(self.random.uniform(0.1, 1.2))

    def kill_backend(self):
        pids = self.stand.backends()
        if pids:
            _signal(self.random.choice(pids), signal.SIGKILL)

    def kill_server(self):
        self.stand.kill_postmaster()
        self.stand.cluster.start()

    def stop_server(self):
        self.stand.cluster.restart("immediate")

    def kill_front(self):
        number = self._front()
        self.stand.fronts[number].kill()
        time.sleep(self.random.uniform(0, 1))
        self.stand.start_front(number)

    def end_front(self):
        number = self._front()
        self.stand.fronts[number].stop()
        self.stand.start_front(number)

    def freeze_front(self):
        self._freeze(self.stand.fronts[self._front()].process.pid)

    def freeze_backend(self):
        pids = self.stand.backends()
        if pids:
            self._freeze(self.random.choice(pids))

    def freeze_server(self):
        self._freeze(self.stand.cluster.process.pid)

    def cut_database(self):
        self._wire(self.stand.database_wires).cut()

    def hang_database(self):
        self._hang(self._wire(self.stand.database_wires))

    def cut_clients(self):
        self._wire(self.stand.client_wires).cut()

    def hang_clients(self):
        self._hang(self._wire(self.stand.client_wires))

    def _front(self):
        return self.random.randrange(len(self.stand.fronts))

    def _wire(self, wires):
        return self.random.choice(wires)

    def _freeze(self, pid):
        _signal(pid, signal.SIGSTOP)
        time.sleep(self.random.uniform(0.2, 4))
        _signal(pid, signal.SIGCONT)

    def _hang(self, wire):
        wire.hang()
        time.sleep(self.random.uniform(0.2, 4))
        if self.random.random() < 0.5:
            wire.cut()
        wire.go_on()


def _signal(pid, what):
    """It may have gone by itself."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, what)
