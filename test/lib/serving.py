"""A make run of this working tree, as a user starts it."""

import os
import shutil
import signal
import subprocess
import tempfile
import time

from cluster import TOP
from ports import free_port


class Serving:
    """make run with a DPMETA_HOME and a port of its own."""

    def __init__(self, home=None, **variables):
        self.home = home or tempfile.mkdtemp(prefix="dpmeta-run.", dir="/tmp")
        os.chmod(self.home, 0o755)
        self.port = free_port()
        self.env = {**os.environ, "DPMETA_HOME": self.home,
                    "DPMETA_PORT": str(self.port), **variables}
        for name in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS"):
            self.env.pop(name, None)
        self.process = None
        self.log_path = self.home + ".log"

    def start(self, seconds=600):
        """Start it, and wait until it says that it is ready."""
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(
                # what started us may have had SIGINT ignored
                ["env", "--default-signal=INT,QUIT,HUP", "make", "run"], cwd=TOP, env=self.env, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        limit = time.monotonic() + seconds
        while "dpmeta: ready:" not in self.log():
            if self.process.poll() is not None or time.monotonic() > limit:
                raise AssertionError("make run did not come up:\n" + self.log())
            time.sleep(0.1)
        return self

    def make(self, *arguments):
        return subprocess.run(["make", "-s", *arguments], cwd=TOP, env=self.env, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def database_url(self):
        return self.make("database-url").stdout.strip()

    def psql(self, statement, url=None):
        return subprocess.run(
            ["psql", url or self.database_url(), "-XAtc", statement], text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def processes(self):
        """What runs with our home in its command line or environment."""
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/cmdline", "rb") as file:
                    words = file.read()
            except OSError:
                continue
            if self.home.encode() in words:
                found.append((int(pid), words.replace(b"\0", b" ").decode()))
        return found

    def stop(self, how=signal.SIGTERM, seconds=180):
        """Signal make alone, and wait until nothing of it is left."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        self.process.wait(seconds)
        limit = time.monotonic() + seconds
        while self.processes() and time.monotonic() < limit:
            time.sleep(0.05)
        return self.processes()

    def discard(self):
        if self.process:
            self.stop()
        shutil.rmtree(self.home, ignore_errors=True)
        if os.path.exists(self.log_path):
            os.unlink(self.log_path)

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as log:
            return log.read()
