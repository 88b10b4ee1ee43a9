"""Thousands of clients at once, from one thread."""

import resource
import selectors
import socket
import time


class Client:
    """Sends its bytes, and reads until its answer is whole or the connection ends."""

    def __init__(self, port, data):
        self.sock = socket.socket()
        self.sock.setblocking(False)
        self.rest = memoryview(data)
        self.got = b""
        self.fault = None
        self.done = False
        self.sock.connect_ex(("127.0.0.1", port))

    @property
    def status(self):
        """Of its answer; 0 when it was closed without one."""
        return int(self.got.split(b" ", 2)[1]) if self.got.startswith(b"HTTP/1.") else 0

    def is_answered(self):
        head, found, body = self.got.partition(b"\r\n\r\n")
        if not found:
            return False
        sizes = [int(line.split(b":")[1]) for line in head.lower().split(b"\r\n")
                 if line.startswith(b"content-length:")]
        return bool(sizes) and len(body) >= sizes[0]

    def write(self):
        try:
            self.rest = self.rest[self.sock.send(self.rest):]
        except BlockingIOError:
            pass
        except OSError as error:        # what came before it may be an answer
            self.fault = error
            self.rest = self.rest[:0]

    def read(self):
        try:
            data = self.sock.recv(65536)
        except BlockingIOError:
            return
        except OSError as error:
            self.fault, data = error, b""
        self.got += data
        self.done = not data or self.is_answered()


def run(port, count, data, seconds=180, meanwhile=lambda: None):
    """So many clients, all connected before the first is answered; each keeps its
    connection until all have their answers.  The clients."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(limit[1], max(limit[0], count + 500)), limit[1]))
    selector = selectors.DefaultSelector()
    clients = [Client(port, data) for _ in range(count)]
    for client in clients:
        selector.register(client.sock, selectors.EVENT_READ | selectors.EVENT_WRITE, client)
    end = time.monotonic() + seconds
    left = count
    while left and time.monotonic() < end:
        for key, events in selector.select(0.2):
            client = key.data
            if events & selectors.EVENT_WRITE:
                client.write()
                if not client.rest:
                    selector.modify(client.sock, selectors.EVENT_READ, client)
            if events & selectors.EVENT_READ:
                client.read()
                if client.done:
                    selector.unregister(client.sock)
                    left -= 1
        meanwhile()
    for client in clients:
        client.sock.close()
    return clients
