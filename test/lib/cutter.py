"""A wire between a front and its server that is cut behind a message.

    cutter = Cutter(cluster)            # the front gets cutter.url
    cutter.cut_behind(b"Z")             # the next ReadyForQuery is the last message
"""

import socket
import struct
import threading


class Cutter:
    def __init__(self, cluster):
        host = cluster.url().split("host=")[1].split("&")[0]
        self.server = f"{host}/.s.PGSQL.5432"
        self.last = None
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = (f"postgresql://dpmeta_front@127.0.0.1:{self.listener.getsockname()[1]}"
                    "/dpmeta?sslmode=disable&gssencmode=disable")
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_behind(self, kind):
        self.last = kind

    def stop(self):
        self.listener.close()

    def _accept(self):
        try:
            while True:
                client = self.listener.accept()[0]
                server = socket.socket(socket.AF_UNIX)
                server.connect(self.server)
                for target, source, way in ((self._forward, client, server),
                                            (self._messages, server, client)):
                    threading.Thread(target=target, args=(source, way), daemon=True).start()
        except OSError:
            pass

    @staticmethod
    def _forward(source, way):
        try:
            while data := source.recv(65536):
                way.sendall(data)
        except OSError:
            pass
        for one in (source, way):
            one.close()

    def _messages(self, server, client):
        """What the server says, message by message."""
        stream = server.makefile("rb")
        try:
            while head := stream.read(5):
                client.sendall(head + stream.read(struct.unpack("!I", head[1:])[0] - 4))
                if head[:1] == self.last:
                    self.last = None
                    client.shutdown(socket.SHUT_RDWR)
                    break
        except OSError:
            pass
        server.close()
