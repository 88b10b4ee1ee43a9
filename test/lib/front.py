"""A running dpmeta-http, and requests to it over a real socket."""

import gzip
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import time

from cluster import as_server
from ports import free_port

# What sanitizers and valgrind say at any time, mostly at the end.
FAULTS = r"(?m)^.*(Sanitizer|runtime error:)|^==\d+== "
# What the system says of a process that ended by a fault of its own.
CRASHES = (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGILL)
FAULT_FINDERS = "TEST_FRONT_WRAPPER" in os.environ or "TEST_SANITIZED" in os.environ


class Answer:
    """status, headers (looked up in any case) and body of one answer."""

    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def json(self):
        packed = self.headers["Content-Encoding"] == "gzip"
        return json.loads(gzip.decompress(self.body) if packed else self.body)

    def __repr__(self):
        return f"<{self.status} {dict(self.headers)} {self.body[:500]!r}>"


class Front:
    contract = None         # what /openapi.json promises of every answer, where a suite asks

    def __init__(self, binary, log_path):
        self.binary = binary
        self.log_path = log_path
        self.port = None
        self.process = None
        self.group = None               # a MemoryGroup to run in
        self.files = None               # how many it may have open

    def start(self, ready=True, wait=True, **variables):
        """Start with these DPMETA_* and no other, on a free port."""
        self.port = int(variables.get("DPMETA_PORT") or free_port())
        env = {k: v for k, v in os.environ.items()
               if not k.startswith(("DPMETA_", "PG"))}
        env.update(DPMETA_AUTH="off", DPMETA_PORT=str(self.port))
        env.update((k, str(v)) for k, v in variables.items() if v is not None)
        wrapper = os.environ.get("TEST_FRONT_WRAPPER", "").split()
        if self.files:
            wrapper = ["prlimit", f"--nofile={self.files}:{self.files}", "--", *wrapper]
        command = as_server(*wrapper, self.binary)
        if self.group:
            command = self.group.inside(command)
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                command, env=env, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True,
            )
        if wait:
            self.wait(ready)

    def wait(self, ready=True, seconds=180):
        limit = time.monotonic() + seconds
        while not self._answers(ready):
            if self.process.poll() is not None or time.monotonic() > limit:
                raise AssertionError("no front:\n" + self.log())
            time.sleep(0.02)

    def _answers(self, ready):
        try:
            if ready:
                return self.request("GET", "/ready").status == 200
            socket.create_connection(("127.0.0.1", self.port), 30).close()
            return True
        except OSError:
            return False

    def stop(self, seconds=180):
        """SIGTERM, and its exit status once it left."""
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.wait(seconds)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def discard(self):
        if self.process and self.process.poll() is None:
            try:
                self.stop()
            except subprocess.TimeoutExpired:
                self.kill()
        assert not self.process or -self.process.poll() not in CRASHES, \
            f"it ended with {self.process.poll()}\n{self.log()[-20000:]}"
        found = re.search(FAULTS, self.log()) if self.process else None
        assert found is None, self.log()[found.start():][:20000]

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as log:
            return log.read()

    def wait_for_log(self, text, seconds=180):
        """The front writes a line after it has answered, so it may be still to come."""
        limit = time.monotonic() + seconds
        while text not in self.log():
            assert time.monotonic() < limit, f"not in the log: {text}\n{self.log()[-5000:]}"
            time.sleep(0.05)

    def connection(self, timeout=180):
        """A connection to keep, for http.client's ways."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def request(self, method, path, body=None, headers=None, timeout=180):
        """One request in a connection of its own.

        A body that is neither bytes nor str is sent as JSON.
        """
        headers = dict(headers or {})
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body)
            headers.setdefault("Content-Type", "application/json")
        if isinstance(body, str):
            body = body.encode()
        connection = self.connection(timeout)
        try:
            connection.request(method, path, body, headers)
            answer = Answer(connection.getresponse())
        finally:
            connection.close()
        if Front.contract:
            Front.contract.watch(method, path, answer)
        return answer

    def raw(self, data, timeout=180):
        """Send bytes as they are, and return what came until the end."""
        with socket.create_connection(("127.0.0.1", self.port), timeout) as sock:
            sock.sendall(data)
            sock.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: sock.recv(65536), b""))
