"""What is measured beside the table: tokens, HTTPS, mixed load, memory."""

import http.client
import resource
import socket
import subprocess
import threading
import time
from statistics import median

from issuer import Issuer
from measure import h2load, memory_kb, wrk
from operations import BY_NAME, PRODUCTS, TABLES, fill_in

CONNECTIONS = 32
MEMORY_CONNECTIONS = 1000


def raw_request(operation):
    body = (fill_in(operation.body) or "").encode()
    head = [f"{operation.method} {fill_in(operation.path)} HTTP/1.1",
            "Host: localhost", "Connection: close", *operation.headers]
    if body:
        head += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def get(stand, front, **more):
    return wrk(front.port, BY_NAME["get"], CONNECTIONS, 1, PRODUCTS,
               stand.watch(front), **more)


def against(pairs, usual):
    """Medians of pairs of runs, the usual one and the one in question."""
    def medians(value):
        return tuple(median(map(value, side)) for side in reversed(list(zip(*pairs))))

    ratio = median(b["rate"] / a["rate"] for a, b in pairs)
    return {"ratio": ratio, "rounds": pairs, "text": (
        f"{ratio:.2f} of the {usual};"
        " %.0f requests a second to %.0f," % medians(lambda x: x["rate"])
        + " front %.1f us each to %.1f," % medians(lambda x: x["cpu"]["front"])
        + " server %.1f to %.1f" % medians(lambda x: x["cpu"]["server"]))}


def compare(stand, front, **more):
    """GETs of a plain front and of another, both new, in turns."""
    plain = stand.start_front()
    get(stand, plain)
    get(stand, front, **more)
    pairs = [(get(stand, plain), get(stand, front, **more))
             for _ in range(stand.rounds)]
    assert all(b["failed"] == 0 for _, b in pairs), pairs
    return against(pairs, "plain GETs")


def token(stand, chosen, room="20kB"):
    """A valid RS256 token on each request."""
    with Issuer(stand.scratch) as issuer:
        front = stand.start_front(DPMETA_AUTH="on", DPMETA_OIDC_ISSUER=issuer.url,
                                  DPMETA_OIDC_AUDIENCE="bench", DPMETA_TOKEN_ROOM=room)
        header = f"Authorization: Bearer {issuer.token('bench')}"
        result = compare(stand, front, headers=[header])
        result["idle_kb"] = idle_memory(front, headers=[header])
    result["text"] += (f"; RSS {result['idle_kb'] / 1024:.1f} MB"
                       f" with {MEMORY_CONNECTIONS} open connections")
    return result


def token_small(stand, chosen):
    """The same with less memory for tokens than the setting's default."""
    return token(stand, chosen, room="8kB")


def https(stand, chosen):
    cert, key = (f"{stand.scratch}/{name}.pem" for name in ("cert", "key"))
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
         "/CN=localhost", "-keyout", key, "-out", cert],
        check=True, stderr=subprocess.DEVNULL)
    subprocess.run(["chmod", "a+r", key], check=True)
    front = stand.start_front(DPMETA_TLS_CERT=cert, DPMETA_TLS_KEY=key)
    time.sleep(1)
    return compare(stand, front, scheme="https")


def not_modified(stand, chosen):
    url = f"http://127.0.0.1:{stand.front.port}" + fill_in(BY_NAME["get"].path)
    pairs = [[h2load(url, headers, CONNECTIONS, 1, stand.watch()) for headers in
              ([], [f'If-None-Match: "v1.{TABLES}-0"'])] for _ in range(stand.rounds)]
    assert all(a["ok"] and not b["ok"] for a, b in pairs), pairs
    return against(pairs, "200s")


class Others:
    """20 requests a second on connections of their own: a list, a search, or
    a PUT that waits 0.2 s for a lock, in turn.
    """

    def __init__(self, stand):
        self.stand = stand
        self.ends = threading.Event()
        self.threads = [threading.Thread(target=self.hold_lock)]
        self.threads += [threading.Thread(target=self.send, args=(i,)) for i in range(6)]
        self.sent = 0

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        time.sleep(0.3)
        return self

    def __exit__(self, *exc):
        self.ends.set()
        for thread in self.threads:
            thread.join()

    def hold_lock(self):
        connection = self.stand.cluster.connect(autocommit=False)
        cursor = connection.cursor()
        while not self.ends.is_set():
            cursor.execute("SELECT FROM dpmeta.product WHERE name = 'put_577' FOR UPDATE")
            time.sleep(0.2)
            connection.rollback()
            time.sleep(0.02)
        connection.close()

    def send(self, number):
        connection = http.client.HTTPConnection("127.0.0.1", self.stand.front.port)
        turn = number
        at = time.monotonic() + number * 0.05
        while not self.ends.is_set():
            time.sleep(max(at - time.monotonic(), 0))
            at += 0.3
            self.one(connection, turn % 3)
            turn += 1
            self.sent += 1
        connection.close()

    def one(self, connection, which):
        if which == 2:
            path, body = BY_NAME["put"].path, BY_NAME["put"].body
            body = body.replace("##", str(time.monotonic()))
            connection.request("PUT", fill_in(path), body,
                               {"Content-Type": "application/json"})
        else:
            connection.request("GET", fill_in(BY_NAME[("list", "search")[which]].path))
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status


def mixed(stand, chosen):
    pairs = []
    for _ in range(stand.rounds):
        alone = get(stand, stand.front)
        with Others(stand) as others:
            start, sent = time.monotonic(), others.sent
            among = get(stand, stand.front)
            rate = (others.sent - sent) / (time.monotonic() - start)
        pairs.append((alone, among, rate))
    ratio = median(b["rate"] / a["rate"] for a, b, _ in pairs)
    slow = median(b["p99"] / a["p99"] for a, b, _ in pairs)
    return {"ratio": ratio, "p99_ratio": slow, "rounds": pairs,
            "text": f"{ratio:.2f} of the GETs alone, p99 {slow:.2f} times as long,"
                    f" beside {median(r for *_, r in pairs):.0f} other requests a second"}


def open_connections(port, headers=()):
    """Each has made a request, and stays open."""
    more = "".join(f"{header}\r\n" for header in headers).encode()
    request = raw_request(BY_NAME["get"]).replace(b"Connection: close\r\n", more)
    sockets = []
    for _ in range(MEMORY_CONNECTIONS):
        one = socket.create_connection(("127.0.0.1", port))
        one.sendall(request)
        assert one.recv(65536).startswith(b"HTTP/1.1 200")
        sockets.append(one)
    return sockets


def idle_memory(front, headers=()):
    """kB of a front with many connections that do nothing any more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 8192), hard))
    idle = open_connections(front.port, headers)
    size = memory_kb(front.process.pid)
    for one in idle:
        one.close()
    return size


def memory(stand, chosen):
    """A fresh front: at its start, with idle connections, under load for long."""
    front = stand.start_front()
    figures = {"start_kb": memory_kb(front.process.pid)}
    figures["idle_kb"] = idle_memory(front)
    figures["load_kb"] = load_memory(front, chosen.memory_seconds)
    stood = figures["load_kb"]
    figures["text"] = (
        f"RSS {figures['start_kb'] / 1024:.1f} MB at its start,"
        f" {figures['idle_kb'] / 1024:.1f} MB with {MEMORY_CONNECTIONS} open connections;"
        f" under load by {MEMORY_CONNECTIONS} for {chosen.memory_seconds} s"
        f" {stood[0] / 1024:.1f} MB at first, {max(stood) / 1024:.1f} at most,"
        f" {stood[-1] / 1024:.1f} at last")
    return figures


def load_memory(front, seconds):
    sizes = []

    def sample():
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline - 1:
            time.sleep(2)
            sizes.append(memory_kb(front.process.pid))

    sampler = threading.Thread(target=sample)
    sampler.start()
    done = wrk(front.port, BY_NAME["get"], MEMORY_CONNECTIONS, seconds, PRODUCTS, {})
    sampler.join()
    assert done["failed"] == 0, done
    return sizes


EXTRAS = {"304": not_modified, "token": token, "token-8kB": token_small, "https": https, "mixed": mixed,
          "memory": memory}
