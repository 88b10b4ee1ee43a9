"""A wire between a front and its server that can fall silent, and stays open.

    wire = Swallower(cluster)           # the front gets wire.url
    wire.stage = "query"                # new connections hang there

Stages: "connect": accepted, and nothing is said; "query": the login goes
through, the first query is swallowed; "half": of the first query's answer
only the first bytes come; None: all goes through.  hush() silences those
that are open already.
"""

import socket
import threading

STAGES = ("connect", "query", "half")


class Swallower:
    def __init__(self, cluster):
        host = cluster.url().split("host=")[1].split("&")[0]
        self.server = f"{host}/.s.PGSQL.5432"
        self.stage = None
        self.silent = threading.Event()
        self.open = []
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        self.url = (f"postgresql://dpmeta_front@127.0.0.1:{self.port}"
                    "/dpmeta?sslmode=disable&gssencmode=disable")
        threading.Thread(target=self._accept, daemon=True).start()

    def hush(self):
        self.silent.set()

    def stop(self):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for one in self.open:
            one.close()

    def _accept(self):
        try:
            while True:
                client = self.listener.accept()[0]
                self.open.append(client)
                if self.stage != "connect":
                    self._join(client, self.stage)
        except OSError:
            pass

    def _join(self, client, stage):
        server = socket.socket(socket.AF_UNIX)
        server.connect(self.server)
        self.open.append(server)
        wire = {"stage": stage, "asked": False}
        threading.Thread(target=self._up, args=(client, server, wire), daemon=True).start()
        threading.Thread(target=self._down, args=(server, client, wire), daemon=True).start()

    def _up(self, client, server, wire):
        """The first message is the login; what follows it is the query."""
        try:
            server.sendall(client.recv(65536))
            while data := client.recv(65536):
                wire["asked"] = True
                if wire["stage"] == "query" or self.silent.is_set():
                    return self._hold(client)
                server.sendall(data)
        except OSError:
            pass
        self._end(client, server)

    def _down(self, server, client, wire):
        try:
            while data := server.recv(65536):
                if self.silent.is_set():
                    return
                if wire["stage"] == "half" and wire["asked"]:
                    client.sendall(data[:8])
                    return
                client.sendall(data)
        except OSError:
            pass
        self._end(client, server)

    @staticmethod
    def _hold(client):
        try:
            while client.recv(65536):
                pass
        except OSError:
            pass

    @staticmethod
    def _end(*sockets):
        for one in sockets:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
