"""The server that people would write: fastify, started and stopped."""

import os
import socket
import subprocess
import time

import npm
from ports import free_port

FOLDER = os.path.join(os.path.dirname(os.path.realpath(__file__)), "fastify")


class Peer:
    def __init__(self, url, log_path):
        npm.install(FOLDER)
        self.port = free_port()
        with open(log_path, "wb") as log:
            self.process = subprocess.Popen(
                [npm.node(FOLDER), os.path.join(FOLDER, "peer.mjs"), str(self.port), url],
                stdout=log, stderr=log, env={**os.environ, "NODE_ENV": "production"})
        self._wait()

    def _wait(self):
        for _ in range(600):
            try:
                return socket.create_connection(("127.0.0.1", self.port)).close()
            except OSError:
                assert self.process.poll() is None, "fastify ended"
                time.sleep(0.1)
        raise AssertionError("fastify does not listen")

    def stop(self):
        self.process.terminate()
        self.process.wait()
