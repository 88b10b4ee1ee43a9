"""Who a client is behind proxies, and clients that are slow or too many."""

import json
import signal
import socket
import ssl
import subprocess
import time

import pytest

from documents import (PRODUCTS, SCHEMAS, RawAnswer, add_table, check_problem, connect, product, raw_get,
                       register)
from gateway import https, make_certificate, metric, metrics, trusting, wait_for


def client_of(front, request_id):
    """Whom the log says that a request came from."""

    def find():
        for line in front.log().splitlines():
            entry = json.loads(line)
            if entry.get("requestId") == request_id:
                return entry
        return None

    return wait_for(find)["client"]


@pytest.mark.parametrize("headers, client", [
    ([], "127.0.0.1"),
    (["X-Forwarded-For: 192.0.2.7"], "192.0.2.7"),
    # From the right: what the trusted ones did not see is anybody's word.
    (["X-Forwarded-For: 6.6.6.6, 192.0.2.7"], "192.0.2.7"),
    (["X-Forwarded-For: 6.6.6.6, 192.0.2.7, 10.1.2.3"], "192.0.2.7"),
    (["X-Forwarded-For: 6.6.6.6", "X-Forwarded-For: 192.0.2.7", "X-Forwarded-For: 10.1.2.3"],
     "192.0.2.7"),
    (["X-Forwarded-For: 10.9.9.9, 10.1.2.3"], "10.9.9.9"),
    (["X-Forwarded-For: 192.0.2.7:51234"], "192.0.2.7"),
    (["X-Forwarded-For: 2001:db8::7"], "2001:db8::7"),
    (["X-Forwarded-For: [2001:db8::7]:443 ,fd00::1"], "2001:db8::7"),
    (["X-Forwarded-For: ::ffff:192.0.2.7"], "192.0.2.7"),
    # Malformed: what was known before it.
    (["X-Forwarded-For: 192.0.2.7, unknown"], "127.0.0.1"),
    (["X-Forwarded-For: 192.0.2.7, unknown, 10.1.2.3"], "10.1.2.3"),
    (["X-Forwarded-For: 192.0.2.7,"], "127.0.0.1"),
    (["X-Forwarded-For: "], "127.0.0.1"),
    (["X-Forwarded-For: 1.2.3.4.5"], "127.0.0.1"),
    (["X-Forwarded-For: [192.0.2.7"], "127.0.0.1"),
    (["X-Forwarded-For: 192.0.2.7:999999"], "127.0.0.1"),
    (["X-Forwarded-For: " + "," * 3000], "127.0.0.1"),
    (["X-Forwarded-For: <script>\"}"], "127.0.0.1"),
])
def test_forwarded_for(proxied, headers, client, unique):
    name = unique("r")
    assert raw_get(proxied, "/nothing", f"X-Request-Id: {name}", *headers).status == 404
    assert client_of(proxied, name) == client


@pytest.fixture(scope="module")
def proxied(front_binary, scratch):
    from front import Front

    front = Front(front_binary, f"{scratch}/proxied.log")
    front.start(ready=False, DPMETA_TRUSTED_PROXIES="127.0.0.1, 10.0.0.0/8,fd00::/8")
    yield front
    front.discard()


def test_not_from_a_trusted_proxy(make_front, unique):
    front = make_front(ready=False, DPMETA_TRUSTED_PROXIES="10.0.0.0/8,127.0.0.2")
    name = unique("r")
    raw_get(front, "/nothing", f"X-Request-Id: {name}", "X-Forwarded-For: 192.0.2.7")
    assert client_of(front, name) == "127.0.0.1"


@pytest.mark.parametrize("value", ["x", "10.0.0.0/33", "10.0.0.1/8", "10.0.0.0/", "1.2.3.4,",
                                   "fd00::/129", "10.0.0.0/-1", "10.0.0.0/8 10.0.0.1",
                                   ",".join(["10.0.0.1"] * 65)])
def test_proxies_that_are_refused(front_binary, value):
    done = subprocess.run([front_binary], env={"DPMETA_AUTH": "off", "DPMETA_PORT": "0",
                                               "DPMETA_TRUSTED_PROXIES": value},
                          stderr=subprocess.PIPE, text=True, timeout=180)
    assert done.returncode != 0 and "DPMETA_TRUSTED_PROXIES" in done.stderr


def trickle(sock, data):
    """A byte now and then until the other end has enough."""
    sent = 0
    limit = time.monotonic() + 180
    sock.settimeout(0.05)
    while time.monotonic() < limit:
        try:
            sock.sendall(data[sent % len(data):][:1])
            sent += 1
            if not sock.recv(1000):
                return
        except (TimeoutError, ssl.SSLWantReadError):
            continue
        except OSError:
            return
    raise AssertionError("it was let go on for ever")


HEAD = f"POST {PRODUCTS} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" \
    "Content-Length: 1000\r\n"


@pytest.mark.parametrize("start, data", [
    (b"", b"GET /" + b"a" * 1000), (b"GET /health HTTP/1.1\r\n", b"X-A: b\r\n" * 200),
    (HEAD.encode() + b"\r\n", b'{"a": "' + b"b" * 1000),
    (HEAD.replace("Content-Length: 1000", "Transfer-Encoding: chunked").encode() + b"\r\n",
     b"1\r\n \r\n" * 200),
], ids=["line", "head", "body", "chunks"])
def test_slow_clients(make_front, cluster, unique, start, data):
    """One that sends a byte at a time is dropped, and others are served."""
    front = make_front(cluster, DPMETA_REQUEST_TIMEOUT="700ms", DPMETA_IDLE_TIMEOUT="1s")
    name = unique()
    register(front, name)
    slow = [connect(front) for _ in range(4)]
    for sock in slow:
        sock.sendall(start)
    trickle(slow[0], data)
    for sock in slow[1:]:
        sock.settimeout(30)
        try:
            assert sock.recv(1000) == b""
        except ConnectionResetError:
            pass
        sock.close()
    assert front.request("GET", f"{PRODUCTS}/dp:{name}").status == 200
    text = metrics(front)
    assert metric(text, "dpmeta_http_slow_clients_total") >= 1
    wait_for(lambda: metric(metrics(front), "dpmeta_http_connections") == 1)


def test_slow_after_a_request(make_front, cluster):
    """A connection that was good once has no more time."""
    front = make_front(cluster, DPMETA_REQUEST_TIMEOUT="500ms", DPMETA_IDLE_TIMEOUT="1s")
    sock = connect(front)
    sock.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b"alive" in sock.recv(10000)
    trickle(sock, b"GET /" + b"a" * 1000)


def test_slow_handshake(make_front, scratch):
    files = make_certificate(scratch, stem="slow")
    front = make_front(ready=False, DPMETA_TLS_CERT=files[0], DPMETA_TLS_KEY=files[1],
                       DPMETA_REQUEST_TIMEOUT="700ms")
    with connect(front) as sock:
        trickle(sock, b"\x16\x03\x01\x02\x00" + b"\x01" * 1000)
    text = https(front, trusting(files[0]), "GET", "/metrics").body.decode()
    assert metric(text, "dpmeta_http_slow_clients_total") >= 1


def test_waiting_for_the_database_is_not_slow(make_front, cluster, unique):
    front = make_front(cluster, DPMETA_REQUEST_TIMEOUT="300ms", DPMETA_LANES=2)
    name = unique()
    register(front, name)
    holder = cluster.connect(autocommit=False)
    holder.cursor().execute("SELECT dpmeta.update_data_product(%s, %s::jsonb)",
                            (f"dp:{name}", json.dumps(product(description="held"))))
    body = json.dumps(product(description="later")).encode()
    with connect(front) as sock:
        sock.sendall(f"PUT {PRODUCTS}/dp:{name} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                     f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
                     .encode() + body)
        time.sleep(1)
        holder.rollback()
        holder.close()
        assert RawAnswer(b"".join(iter(lambda: sock.recv(65536), b""))).status == 200


def test_slow_readers(make_front, cluster, unique):
    """One that asks and does not read is dropped, too."""
    front = make_front(cluster, DPMETA_ANSWER_TIMEOUT="700ms")
    name = unique()
    register(front, name)
    add_table(front, name, "t", *((f"column_{n}", "bigint") for n in range(3000)))
    request = f"GET {SCHEMAS}/dp:{name}:t HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.connect(("127.0.0.1", front.port))
        sock.sendall(request * 60)
        wait_for(lambda: metric(metrics(front), "dpmeta_http_slow_clients_total") == 1)
    wait_for(lambda: metric(metrics(front), "dpmeta_http_connections") == 1)
    front.wait_for_log('"aborted":"too slow"')


def closed_at_once(front, source="127.0.0.1"):
    with socket.create_connection(("127.0.0.1", front.port), 30, (source, 0)) as sock:
        try:
            sock.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            return sock.recv(10000) == b""
        except OSError:
            return True


def test_connections_from_one_address(make_front, cluster):
    front = make_front(cluster, DPMETA_MAX_CONNECTIONS_PER_ADDRESS=3)
    held = [socket.create_connection(("127.0.0.1", front.port), 30, ("127.0.0.2", 0))
            for _ in range(3)]
    wait_for(lambda: closed_at_once(front, "127.0.0.2"))
    assert not closed_at_once(front, "127.0.0.3")
    assert metric(metrics(front), "dpmeta_http_connections_refused_total") >= 1
    held.pop().close()
    wait_for(lambda: not closed_at_once(front, "127.0.0.2"))
    for sock in held:
        sock.close()


def test_proxies_may_have_many_connections(make_front, cluster):
    front = make_front(cluster, DPMETA_MAX_CONNECTIONS_PER_ADDRESS=2,
                       DPMETA_TRUSTED_PROXIES="127.0.0.0/8")
    held = [connect(front) for _ in range(10)]
    assert not closed_at_once(front)
    for sock in held:
        sock.close()


GET = b"GET /v1/data-products?limit=1 HTTP/1.1\r\nHost: x\r\n\r\n"


def test_connections_in_all(make_front, cluster):
    """More wait until one of the others goes; whoever watches need not."""
    front = make_front(cluster, DPMETA_MAX_CONNECTIONS=4, DPMETA_QUEUE_TIMEOUT="10min")
    held = [connect(front) for _ in range(4)]
    with connect(front) as late, connect(front) as later:
        late.sendall(GET)
        wait_for(lambda: metric(metrics(front), "dpmeta_http_connections_waiting") == 2)
        assert front.request("GET", "/ready").status == 200
        later.close()
        late.settimeout(0.3)
        with pytest.raises(TimeoutError):
            late.recv(1000)
        for sock in held:
            sock.close()
        late.settimeout(180)
        assert late.recv(10000).startswith(b"HTTP/1.1 200")


def test_no_place_in_time(make_front, cluster):
    """Who finds none is told so, and those who have one do not notice."""
    front = make_front(cluster, DPMETA_MAX_CONNECTIONS=4, DPMETA_QUEUE_TIMEOUT="300ms")
    held = [connect(front) for _ in range(4)]
    # one that sends its request, one that goes on sending, one that sends nothing
    for data in (GET, b"POST /v1/data-products HTTP/1.1\r\nHost: x\r\n"
                 b"Content-Length: 3000000\r\n\r\n" + b"x" * 100000, b""):
        with connect(front) as late:
            late.sendall(data)
            answer = RawAnswer(b"".join(iter(lambda: late.recv(10000), b"")))
            check_problem(answer, 503, "busy")
            assert 1 <= int(answer.headers["Retry-After"]) <= 5
    assert metric(metrics(front), "dpmeta_http_connections_busy_total") == 3
    front.wait_for_log("connections-refused")
    held[0].sendall(GET)
    assert held[0].recv(10000).startswith(b"HTTP/1.1 200")
    for sock in held:
        sock.close()


@pytest.mark.parametrize("whole", [True, False])
def test_end_that_comes_with_data(make_front, cluster, unique, whole):
    """The end of a body and of what its client sends: nobody waits for more of it."""
    front = make_front(cluster, DPMETA_REQUEST_TIMEOUT="10min", DPMETA_IDLE_TIMEOUT="10min")
    body = json.dumps(product(unique(), description="d" * 2000)).encode()
    with connect(front) as sock:
        sock.sendall(b"POST /v1/data-products HTTP/1.1\r\nHost: x\r\n"
                     b"Content-Type: application/json\r\n"
                     b"Content-Length: %d\r\n\r\n" % len(body) + body[:1000])
        wait_for(lambda: metric(metrics(front), "dpmeta_http_bodies_held_bytes") > 0)
        front.process.send_signal(signal.SIGSTOP)
        sock.sendall(body[1000:] if whole else body[1000:1500])
        sock.shutdown(socket.SHUT_WR)
        front.process.send_signal(signal.SIGCONT)
        answer = b"".join(iter(lambda: sock.recv(10000), b""))
        assert answer.startswith(b"HTTP/1.1 201") if whole else answer == b""
    wait_for(lambda: metric(metrics(front), "dpmeta_http_connections") == 1)
    assert metric(metrics(front), "dpmeta_http_bodies_held_bytes") == 0


def test_refused_go_while_others_come(make_front, cluster):
    """All of it at once: a newcomer takes the place of one who has just left."""
    front = make_front(cluster, files=80, ready=False, DPMETA_LANES=1, DPMETA_MAX_CONNECTIONS=1,
                       DPMETA_QUEUE_TIMEOUT="10min")
    held = [connect(front)]
    for _ in range(10):
        came = [connect(front) for _ in range(40)]      # more than may wait and be refused
        came[0].recv(1)
        front.process.send_signal(signal.SIGSTOP)
        held += [connect(front) for _ in range(20)]
        for sock in came:
            sock.close()
        front.process.send_signal(signal.SIGCONT)
        assert front.request("GET", "/health").status == 200
    for sock in held:
        sock.close()
    assert front.stop() == 0


def test_retry_is_spread(make_front):
    """Those who are refused together are not asked to come back together."""
    front = make_front(ready=False, DPMETA_DATABASE_URL="postgresql://x@127.0.0.1:9/x",
                       DPMETA_QUEUE_TIMEOUT="1ms")
    seen = {front.request("GET", "/ready").headers["Retry-After"] for _ in range(60)}
    assert len(seen) > 2 and all(1 <= int(seconds) <= 5 for seconds in seen)


def test_end_while_some_wait(make_front, cluster):
    front = make_front(cluster, DPMETA_MAX_CONNECTIONS=1, DPMETA_QUEUE_TIMEOUT="10min")
    with connect(front) as held, connect(front) as late:
        late.sendall(GET)
        wait_for(lambda: metric(metrics(front), "dpmeta_http_connections_waiting") == 1)
        front.process.terminate()
        check_problem(RawAnswer(b"".join(iter(lambda: late.recv(10000), b""))), 503, "busy")
        held.close()
        assert front.stop() == 0


def test_part_of_a_head(make_front, cluster):
    """Its time is its own, and shorter than that of a request with a body."""
    front = make_front(cluster, DPMETA_HEAD_TIMEOUT="300ms", DPMETA_REQUEST_TIMEOUT="10min",
                       DPMETA_IDLE_TIMEOUT="10min")
    with connect(front) as first, connect(front) as body:
        body.sendall(b"POST /v1/data-products HTTP/1.1\r\nHost: x\r\n"
                     b"Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{")
        first.sendall(GET)
        assert first.recv(10000).startswith(b"HTTP/1.1 200")
        first.sendall(GET[:-2])
        assert first.recv(10) == b""
        body.sendall(b"}")
        assert body.recv(10000).startswith(b"HTTP/1.1 4")
