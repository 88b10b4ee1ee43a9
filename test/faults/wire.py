"""A wire to a server that can be cut and can hang."""

import contextlib
import socket
import threading


class Wire:
    """Listens on loopback and passes on to a port, or to a socket's path."""

    def __init__(self, target):
        self.target = target
        self.flowing = threading.Event()
        self.flowing.set()
        self.pairs = set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self):
        """Every connection that is open ends now."""
        for pair in list(self.pairs):
            _shut(*pair)

    def hang(self):
        self.flowing.clear()

    def go_on(self):
        self.flowing.set()

    def close(self):
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.flowing.set()
        self.cut()

    def _connect(self):
        if isinstance(self.target, int):
            return socket.create_connection(("127.0.0.1", self.target), 30)
        server = socket.socket(socket.AF_UNIX)
        server.connect(self.target)
        return server

    def _accept(self):
        while True:
            try:
                client = self.listener.accept()[0]
            except OSError:
                return
            threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client):
        self.flowing.wait()
        try:
            server = self._connect()
        except OSError:
            client.close()
            return
        server.settimeout(None)
        pair = client, server
        self.pairs.add(pair)
        back = threading.Thread(target=self._pump, args=(server, client), daemon=True)
        back.start()
        self._pump(client, server)
        back.join()
        self.pairs.discard(pair)
        for one in pair:
            one.close()

    def _pump(self, source, sink):
        try:
            while data := source.recv(65536):
                self.flowing.wait()
                sink.sendall(data)
        except OSError:
            pass
        _shut(source, sink)


def _shut(*sockets):
    for one in sockets:
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
