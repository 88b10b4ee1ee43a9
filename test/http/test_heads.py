"""What a head may have, and what becomes of connections that are at odds with it."""

import json
import os
import socket
import subprocess
import time

import pytest

from cluster import as_server
from documents import (JSON, PRODUCTS, SCHEMAS, RawAnswer, add_table, at_once, check_problem,
                       connect, product, raw, register, whole_answers)
from front import FAULT_FINDERS, Front
from gateway import metric, metrics, wait_for

GZIP = {"Accept-Encoding": "gzip"}
TOKENS = {"DPMETA_AUTH": "on", "DPMETA_OIDC_ISSUER": "http://127.0.0.1:9",
          "DPMETA_OIDC_AUDIENCE": "a"}


def repeat(front, path, headers, times):
    connection = front.connection()
    statuses = set()
    for _ in range(times):
        connection.request("GET", path, None, headers)
        answer = connection.getresponse()
        answer.read()
        statuses.add(answer.status)
    connection.close()
    return statuses


@pytest.mark.parametrize("cookie", ["s=" + "x" * 5300, "s=" + "x" * 6600, ";" * 100,
                                    "; ".join(f"cookie_{n}=" + "v" * 90 for n in range(40)),
                                    "; ".join(f"c{n}=v" for n in range(110))],
                         ids=["5300", "6600", "empty", "browser", "short"])
@pytest.mark.parametrize("path", ["/ready", "/docs", "/v1/data-products?limit=1"])
def test_cookies(front, path, cookie):
    """libmicrohttpd copies and parses them, whoever needs them or not."""
    expected = {front.request("GET", path).status}
    rounds = at_once([lambda: repeat(front, path, {"Cookie": cookie}, 25)] * 8)
    assert rounds == [expected] * 8


def test_cookies_beside_a_token(make_front, cluster):
    front = make_front(cluster, ready=False, DPMETA_TOKEN_ROOM="64kB", **TOKENS)
    headers = {"Authorization": "Bearer " + "x" * 64000, "Cookie": "s=" + "x" * 6600}
    rounds = at_once([lambda: repeat(front, "/v1/data-products", headers, 25)] * 4)
    assert all(statuses <= {401, 503} for statuses in rounds), rounds


def many(part, *counts):
    return {f"{part[:12]} {count}": part * count for count in counts}


COOKIES = {**many("k=v; ", 120, 700, 780, 1500, 3000, 8000), **many(";", 127, 7000),
           **{f"one of {size}": "s=" + "x" * size
              for size in (8000, 9000, 13000, 25000, 27000, 30000, 50000, 60000, 100000)}}
REFUSED = {
    **{f"cookies {name}": f"Cookie: {cookie}\n" for name, cookie in COOKIES.items()},
    **{f"cookies beside headers {n}": "X: y\n" * n + "Cookie: s=" + "x" * 24000 + "\n"
       for n in (40, 100, 120)},
    **{f"headers {name}": text for name, text in many("X: y\n", 110, 500, 1000, 10000).items()},
    **{f"name of {n}": "X" * n + ": y\n" for n in (7000, 9000, 30000, 100000)},
    **{f"Content-Length {value}": f"Content-Length: {value}\n"
       for value in ("x", "-1", "1x", "", "0x10", "1 1", "9" * 30)},
}


@pytest.fixture(scope="module")
def with_tokens(front_binary, scratch):
    front = Front(front_binary, os.path.join(scratch, "heads-with-tokens.log"))
    front.start(ready=False, **TOKENS)
    yield front
    front.discard()


def until_closed(front, data):
    """What came, even where the connection was reset behind it."""
    out = b""
    with connect(front) as sock:
        try:
            sock.sendall(data)
            while block := sock.recv(65536):
                out += block
        except (ConnectionResetError, BrokenPipeError):
            pass
    return out


def ask_behind(front, before, fields, token):
    """Behind so many good requests, with a token of this size."""
    if token:
        fields += f"Authorization: Bearer {'t' * token}\n"
    head = f"GET /health HTTP/1.1\nHost: x\nConnection: close\n{fields}\n"
    first = "GET /health HTTP/1.1\nHost: x\n\n"
    data = (first * before + head).replace("\n", "\r\n").encode()
    answers = whole_answers(until_closed(front, data))
    assert [answer.status for answer in answers[:before]] == [200] * before
    for answer in answers[before:]:
        assert answer.headers["Connection"] == "close"
        assert answer.status in (200, 400, 413, 431)
    # A reset may take with it what was on its way.
    assert len(answers) == before + 1 or (len(answers) <= before and len(head) > 50000)


@pytest.mark.parametrize("fields", REFUSED.values(), ids=REFUSED)
def test_one_answer_to_each_head(front, with_tokens, fields):
    """By us or by libmicrohttpd, which answered some of them with two heads."""
    calls = [lambda of=of, before=before, token=token: ask_behind(of, before, fields, token)
             for of in (front, with_tokens) for before in (0, 1, 3) for token in (0, 300, 20000)]
    assert at_once(calls) == [None] * len(calls)
    assert front.request("GET", "/ready").status == 200


@pytest.mark.parametrize("name", COOKIES)
def test_too_many_or_too_large(front, name):
    """Beyond what is promised, and up to several times that, the 431 is ours.

    libmicrohttpd 1.0 takes a cookie without a name for none.
    """
    head = f"GET /health HTTP/1.1\nHost: x\nConnection: close\nCookie: {COOKIES[name]}\n\n"
    answer = whole_answers(until_closed(front, head.replace("\n", "\r\n").encode()))[-1:]
    if len(head) > 50000 and not answer:
        return
    assert answer[0].status == 431 or name in ("k=v;  120", "one of 8000") or \
        (name.startswith(";") and answer[0].status == 200)
    if answer[0].status == 431 and len(head) < 50000:
        check_problem(answer[0], 431, "header-too-large")


def test_number_of_parts(front):
    """128 headers, cookies and pieces of the query in all, four of them http.client's."""
    for count, status in ((110, 200), (126, 200), (132, 431)):
        headers = {f"X-{n}": "v" for n in range(count - 2)}
        assert front.request("GET", "/health", None, headers).status == status
    check_problem(front.request("GET", "/health", None, {f"X-{n}": "" for n in range(130)}),
                  431, "header-too-large")


@pytest.mark.parametrize("piece", ["&", "a=b&"])
def test_pieces_of_a_query(front, piece):
    """More than libmicrohttpd is to remember get their answer before it tries."""
    for method in ("GET", "DELETE"):
        for count in (49, 900):
            answer = front.request(method, f"{PRODUCTS}?{piece * count}")
            check_problem(answer, 400, "invalid-parameter")
            assert answer.headers["Connection"] == "close"
    assert 'status="400"' in metrics(front)


@pytest.mark.parametrize("blanks", [" ", "\t", " \t  "])
def test_blanks_behind_a_value(front, unique, blanks):
    """They are none of it."""
    name = unique("r")
    answer = raw(front, f"GET /health HTTP/1.1\nHost: x{blanks}\nX-Request-Id: {name}{blanks}\n"
                        f"Connection: close\n\n")
    assert answer.status == 200 and answer.headers["X-Request-Id"] == name


@pytest.mark.parametrize("head", ["GET /health HTTP/1.1\nHost: x\nX-A: b\n c\n\n",
                                  "GET /health HTTP/1.1\nHost: x\nX-A: b\n\tc\nX-B: d\n\n",
                                  "POST /health HTTP/1.1\nHost: x\nContent-Length: 2\n 0\n\n"])
def test_folded_header(front, head):
    """libmicrohttpd 1.0 may refuse it by itself."""
    answer = raw(front, head, b"{}GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
    assert answer.status == 400 and b"alive" not in answer.body
    assert b"NUL" not in answer.body


@pytest.mark.parametrize("host, good", [
    ("x", True), ("x:80", True), ("", True), ("[::1]:8000", True), ("a.b-c_d:", True),
    ("127.0.0.1", True), ("a%20b", True), ("a b", False), ("a/b", False), ("x:y", False),
    ("[::1", False), ("a@b", False), ("x:80:80", False), ("é", False)])
def test_host(front, host, good):
    answer = raw(front, f"GET /health HTTP/1.1\nHost: {host}\nConnection: close\n\n")
    assert answer.status == (200 if good else 400)
    if not good and answer.headers["Content-Type"] == "application/problem+json":
        assert "Host" in answer.json["detail"] or host == "é"


def half_closed(front, data):
    with connect(front) as sock:
        sock.sendall(data)
        sock.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: sock.recv(65536), b""))


def test_half_closed_clients(make_front, cluster, unique):
    """nc -N: many at once, so that they wait for a lane; each is answered."""
    front = make_front(cluster, DPMETA_LANES=2)
    names = [unique("half") for _ in range(80)]

    def put(name):
        document = json.dumps(product(name)).encode()
        head = f"POST {PRODUCTS} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" \
            f"Content-Length: {len(document)}\r\n\r\n"
        return half_closed(front, head.encode() + document)[:12]

    answers = [a for part in at_once([lambda mine=names[n::16]: [put(name) for name in mine]
                                      for n in range(16)]) for a in part]
    assert answers == [b"HTTP/1.1 201"] * len(names)
    read = f"GET {PRODUCTS}/dp:{names[0]} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    assert half_closed(front, read * 3).count(b"HTTP/1.1 200") == 3


ENDLESS = f"POST {PRODUCTS} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" \
    "Transfer-Encoding: chunked\r\n\r\n"


def processor_seconds(front):
    """Of the front, or of what runs it."""
    with open(f"/proc/{front.process.pid}/stat", encoding="utf-8") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.parametrize("line", [b"0" * 15000, b"0" * 100000, b"1;" + b"x" * 60000,
                                  b"0\r\nA: " + b"x" * 60000, b"1\r\n1\r\n" + b"0" * 39000],
                         ids=["size", "long size", "extension", "trailer", "second size"])
def test_endless_chunk_line(make_front, cluster, line):
    """Cut at once, and the front sleeps again."""
    front = make_front(cluster)
    socks = [connect(front) for _ in range(30)]
    for sock in socks:
        try:
            sock.sendall(ENDLESS.encode() + line)
        except ConnectionResetError:
            pass
    for sock in socks:
        try:
            while sock.recv(65536):
                pass
        except ConnectionResetError:
            pass
        sock.close()
    wait_for(lambda: metric(metrics(front), "dpmeta_http_connections") == 1)
    before = processor_seconds(front)
    time.sleep(1)
    assert FAULT_FINDERS or processor_seconds(front) - before < 0.5


def test_a_stuck_connection_does_not_spin(make_front, cluster):
    """Less than is cut: it may stay for a request's time, but costs nothing."""
    front = make_front(cluster)
    with connect(front) as sock:
        sock.sendall(ENDLESS.encode() + b"0" * 4000)
        time.sleep(0.3)
        before = processor_seconds(front)
        time.sleep(1)
        assert FAULT_FINDERS or processor_seconds(front) - before < 0.5


def test_slow_chunks_are_fine(front, unique):
    """Large and small, with pauses, from an honest client."""
    text = json.dumps(product(unique(), description="d" * 30000))
    pieces = [text[:1], text[1:20000], text[20000:20001], text[20001:]]

    def trickle():
        for piece in pieces:
            yield piece.encode()
            time.sleep(0.15)

    connection = front.connection()
    connection.request("POST", PRODUCTS, trickle(), JSON, encode_chunked=True)
    assert connection.getresponse().status in (201, 422)
    connection.close()


@pytest.mark.skipif(FAULT_FINDERS, reason="what finds faults opens files itself")
def test_few_open_files(make_front, cluster):
    """It says what it can hold, holds that, and hears the next when they go."""
    front = make_front(cluster, files=64)
    front.wait_for_log("DPMETA_MAX_CONNECTIONS is lowered from 4096 to 18")
    for _ in range(3):
        held = [connect(front) for _ in range(60)]
        time.sleep(0.3)
        for sock in held:
            sock.close()
        assert front.request("GET", "/ready").status == 200
    assert front.stop() == 0


def test_too_few_open_files(front_binary, cluster):
    env = {"DPMETA_AUTH": "off", "PATH": os.environ["PATH"],
           "DPMETA_DATABASE_URL": cluster.url("dpmeta_front")}
    done = subprocess.run(as_server("prlimit", "--nofile=30:30", "--", front_binary), env=env,
                          stderr=subprocess.PIPE, text=True, timeout=180)
    assert done.returncode != 0 and "limit of open files is 30" in done.stderr


@pytest.mark.skipif(FAULT_FINDERS, reason="what finds faults opens files itself")
def test_out_of_descriptors_meanwhile(make_front, cluster):
    """The limit that it started with is taken away under it."""
    front = make_front(cluster, DPMETA_LANES=1)
    pid = str(front.process.pid)
    used = max(int(n) for n in os.listdir(f"/proc/{pid}/fd"))
    subprocess.run(as_server("prlimit", "--pid", pid, f"--nofile={used + 5}:"), check=True)
    held = [connect(front) for _ in range(30)]
    wait_for(lambda: "could not be accepted" in front.log())
    for sock in held:
        sock.close()
    assert front.request("GET", "/ready").status == 200


@pytest.fixture(scope="module")
def large(cluster, front):
    """A document over 64 kB, which is compressed as it is sent."""
    register(front, "heads_large")
    add_table(front, "heads_large", "t", *[(f"column_{n}", "bigint") for n in range(3000)])
    return f"{SCHEMAS}/dp:heads_large:t"


def on_one_connection(front, requests):
    """Statuses and bodies of what is asked on as many connections as it takes."""
    connection = front.connection()
    out = []
    for method, path, headers in requests:
        connection.request(method, path, None, headers)
        answer = connection.getresponse()
        out.append((answer.status, answer.headers, answer.read()))
    connection.close()
    return out


@pytest.mark.parametrize("path", [None, "/openapi.json", "/docs", "/metrics", "/health"])
def test_heads_of_what_is_not_sent(front, large, path):
    """HEAD and 304 have no body, no last chunk, and no length but the answer's own."""
    path = path or large
    for headers in ({}, GZIP):
        (_, got, body), (status, head, none), (_, after, _) = on_one_connection(
            front, [("GET", path, headers), ("HEAD", path, headers), ("GET", "/health", {})])
        assert status == 200 and none == b"" and after["Content-Type"] == "application/json"
        for name in ("ETag", "Content-Encoding", "Content-Type", "Vary"):
            assert head[name] == got[name]
        if path != "/metrics" and head["Content-Length"] is not None:
            assert int(head["Content-Length"]) == len(body)
        if got["ETag"] is None:
            continue
        (status, same, none), (_, after, _) = on_one_connection(
            front, [("GET", path, {**headers, "If-None-Match": got["ETag"]}),
                    ("GET", "/health", {})])
        assert status == 304 and none == b"" and same["ETag"] == got["ETag"]
        assert same["Content-Length"] in (None, str(len(body)))
        assert after["Content-Type"] == "application/json"


@pytest.mark.parametrize("headers", ["", "Accept-Encoding: gzip\r\n"])
@pytest.mark.parametrize("method", ["HEAD", "GET"])
def test_no_byte_behind_a_head(front, large, method, headers):
    """By raw bytes: nothing behind the blank line."""
    tag = front.request("GET", large).headers["ETag"]
    match = f"If-None-Match: {tag}\r\n" if method == "GET" else ""
    data = front.raw(f"{method} {large} HTTP/1.1\r\nHost: x\r\n{headers}{match}"
                     "Connection: close\r\n\r\n".encode())
    assert data.endswith(b"\r\n\r\n") and data.count(b"\r\n\r\n") == 1
    assert RawAnswer(data).status == (200 if method == "HEAD" else 304)
