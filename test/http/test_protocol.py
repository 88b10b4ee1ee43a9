"""HTTP itself, by raw sockets: framing, smuggling, pipelining, expectations."""

import socket

import pytest

from documents import (JSON, PRODUCTS, RawAnswer, check_problem, connect, product, raw,
                       register, whole_answers)

HOST = "Host: x\nConnection: close\n"


@pytest.mark.parametrize("head", [
    f"GET /health HTTP/1.1\n{HOST}Host: y\n\n",
    f"POST {PRODUCTS} HTTP/1.1\n{HOST}Content-Length: 2\nContent-Length: 2\n\n",
    f"POST {PRODUCTS} HTTP/1.1\n{HOST}Content-Length: 2\nContent-Length: 3\n\n",
    f"POST {PRODUCTS} HTTP/1.1\n{HOST}Content-Length: 2\nTransfer-Encoding: chunked\n\n",
    f"POST {PRODUCTS} HTTP/1.1\n{HOST}Transfer-Encoding: chunked\nContent-Length: 2\n\n",
    f"POST {PRODUCTS} HTTP/1.1\n{HOST}Transfer-Encoding: chunked\nTransfer-Encoding: chunked\n\n",
    f"POST {PRODUCTS} HTTP/1.1\n{HOST}Transfer-Encoding: gzip, chunked\n\n",
    f"POST {PRODUCTS} HTTP/1.1\n{HOST}Transfer-Encoding: identity\n\n",
    f"GET /health HTTP/1.1\n{HOST}Content-Length : 2\n\n",
    f"GET /health HTTP/1.1\n{HOST}Transfer-Encoding : chunked\n\n",
    "GET /health HTTP/1.1\nHost: x\rContent-Length: 2\n\n",
    "POST /v1/data-products HTTP/1.0\nTransfer-Encoding: chunked\n\n",
    f"GET /health HTTP/1.1\n{HOST}X-First: a\0b\nX-Last: c\n\n",
    f"GET /health HTTP/1.1\n{HOST}X-Last: a\0b\n\n",
    f"GET /health HTTP/1.1\n{HOST}Authorization: Bearer a\0, Bearer b\n\n",
])
def test_ambiguous_framing(front, head):
    """Refused, and nothing behind it on that connection is served.

    libmicrohttpd 1.0 refuses some of them by itself, without a problem document.
    """
    answer = raw(front, head, b"{}GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
    assert answer.status == 400
    if b"<html>" not in answer.body:
        check_problem(answer, 400, "bad-request")
    assert answer.headers["Connection"] == "close"
    assert b"alive" not in answer.body


def test_blanks_and_line_ends(front):
    """What hides nothing between two fields."""
    for end in (b"\r\n", b"\n"):
        head = end.join((b"GET /health HTTP/1.1", b"Host: x", b"X-A: \t a \t ", b"X-B:",
                         b"X-C:  ", b"Connection: close", b"X-D: e ", b"", b""))
        # A bare line feed may be refused, and is by libmicrohttpd 1.0.
        assert RawAnswer(front.raw(head)).status in (200, 400 if end == b"\n" else 200)


@pytest.mark.parametrize("head, status, detail", [
    ("GET /health HTTP/1.1\nConnection: close\n\n", 400, "The header Host is missing"),
    ("GET /health HTTP/1.1\nX: y\n\nabc", 400, "The header Host is missing"),
    ("POST /nothing HTTP/1.1\nContent-Length: 3\n\nabc", 400, "The header Host is missing"),
    (f"POST {PRODUCTS} HTTP/1.1\n{HOST}Content-Length: x\n\n", 400,
     "Content-Length is not a number of bytes"),
    (f"POST {PRODUCTS} HTTP/1.1\n{HOST}Content-Length: -1\n\n", 400,
     "Content-Length is not a number of bytes"),
    (f"POST {PRODUCTS} HTTP/1.1\n{HOST}Content-Length: 2 2\n\n", 400,
     "Content-Length is not a number of bytes"),
    (f"POST {PRODUCTS} HTTP/1.1\nContent-Length: x\n\n{{}}", 400,
     "Content-Length is not a number of bytes"),
    (f"POST {PRODUCTS} HTTP/1.1\n{HOST}Content-Length: {'9' * 30}\n\n", 413, None),
])
def test_malformed_head(front, head, status, detail):
    """Once, by us, though libmicrohttpd has its own answer to some."""
    answer, = whole_answers(front.raw(head.replace("\n", "\r\n").encode()))
    check_problem(answer, status, detail=detail)
    assert answer.headers["Connection"] == "close"


def test_malformed_line(front):
    """libmicrohttpd answers it by itself, without a problem document."""
    assert raw(front, f"GET /health HTTP/1.1\n{HOST}nonsense\n\n").status == 400


@pytest.mark.parametrize("data", [
    b"\r\n\r\n", b"GET\r\n\r\n", b"\x00\x01\x02\r\n\r\n", b"GET /health HTTP/9.9\r\n\r\n",
    b"GET /heal th HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET " + b"x" * 100000, b"x" * 100000,
])
def test_not_http(front, data):
    """No answer or an error; the front goes on."""
    with connect(front, timeout=0.5) as sock:
        try:
            sock.sendall(data)
            answer = sock.recv(4096)
            assert answer == b"" or RawAnswer(answer).status >= 400
        except (ConnectionResetError, BrokenPipeError, TimeoutError):
            pass
    assert front.request("GET", "/health").status == 200


def test_http_1_0(front):
    answer = raw(front, "GET /health HTTP/1.0\n\n")
    assert answer.status == 200 and b"alive" in answer.body


def test_absolute_target(front):
    assert raw(front, f"GET http://x/health HTTP/1.1\n{HOST}\n").status == 200


def test_chunked_body(front, unique):
    body = str(product(unique())).replace("'", '"').replace("False", "false").encode()
    connection = front.connection()
    connection.request("POST", PRODUCTS, iter([body[:1], body[1:7], body[7:]]), JSON,
                       encode_chunked=True)
    assert connection.getresponse().status == 201
    connection.close()


@pytest.mark.parametrize("chunks", [b"zz\r\n", b"-1\r\nx\r\n", b"5\r\nabc", b"2\r\n{}x\r\n0\r\n\r\n",
                                    b"ffffffffffffffffff\r\n"])
def test_malformed_chunks(front, chunks):
    """An error, or no answer where the end never comes."""
    head = f"POST {PRODUCTS} HTTP/1.1\n{HOST}Content-Type: application/json\n" \
        "Transfer-Encoding: chunked\n\n"
    with connect(front, timeout=0.5 if chunks == b"5\r\nabc" else 180) as sock:
        sock.sendall(head.replace("\n", "\r\n").encode() + chunks)
        try:
            answer = sock.recv(4096)
            assert RawAnswer(answer).status in (400, 413)
        except TimeoutError:
            assert chunks == b"5\r\nabc"


def test_pipelined_requests(front):
    one = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
    read = b"GET /v1/data-products/dp:nothing HTTP/1.1\r\nHost: x\r\n\r\n"
    last = b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    data = front.raw((one + read) * 10 + last)
    assert data.count(b"HTTP/1.1 200 OK") == 11
    assert data.count(b"HTTP/1.1 404 Not Found") == 10
    assert data.count(b'"alive"') == 11


def test_pipelined_behind_a_body(front, unique):
    body = b'{"a": 1}'
    post = (f"POST {PRODUCTS} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n").encode() + body
    last = b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    data = front.raw(post + post + last)
    assert data.count(b"HTTP/1.1 422") == 2 and data.count(b'"alive"') == 1


def test_a_byte_at_a_time(front):
    with connect(front) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n":
            sock.sendall(bytes([byte]))
        data = b"".join(iter(lambda: sock.recv(4096), b""))
    assert b"alive" in data


def expect(front, lines, body):
    with connect(front) as sock:
        sock.sendall(lines.replace("\n", "\r\n").encode())
        first = sock.recv(4096)
        if first.startswith(b"HTTP/1.1 100"):
            sock.sendall(body)
            rest = first.partition(b"\r\n\r\n")[2]
            return True, RawAnswer(rest + b"".join(iter(lambda: sock.recv(4096), b"")))
        return False, RawAnswer(first + b"".join(iter(lambda: sock.recv(4096), b"")))


def test_expect_continue(front):
    head = f"POST {PRODUCTS} HTTP/1.1\n{HOST}Expect: 100-continue\nContent-Length: 2\n"
    asked, answer = expect(front, head + "Content-Type: application/json\n\n", b"{}")
    assert asked
    check_problem(answer, 422)
    # What is refused anyway is refused before the body.
    asked, answer = expect(front, head + "Content-Type: text/plain\n\n", b"{}")
    assert not asked
    check_problem(answer, 415)


def test_expect_continue_too_large(front):
    head = f"POST {PRODUCTS} HTTP/1.1\n{HOST}Expect: 100-continue\n" \
        "Content-Type: application/json\nContent-Length: 99999999\n\n"
    asked, answer = expect(front, head, b"")
    assert not asked
    check_problem(answer, 413)


def test_other_expectation(front):
    check_problem(raw(front, f"GET /health HTTP/1.1\n{HOST}Expect: wonders\n\n"), 417)


def test_huge_announcement_is_refused_at_once(front):
    head = f"POST {PRODUCTS} HTTP/1.1\n{HOST}Content-Type: application/json\n" \
        "Content-Length: 99999999999\n\n"
    with connect(front) as sock:
        sock.sendall(head.replace("\n", "\r\n").encode())
        assert sock.recv(4096).startswith(b"HTTP/1.1 413")


def test_refusal_keeps_the_connection(front):
    connection = front.connection()
    for path, status in (("/nothing", 404), (PRODUCTS, 415), ("/health", 405), (PRODUCTS, 422)):
        kind = {"Content-Type": "text/plain"} if status == 415 else JSON
        connection.request("POST", path, b"{}", kind)
        answer = connection.getresponse()
        assert answer.status == status
        answer.read()
        assert not answer.will_close
    connection.close()


def test_get_with_a_body(front, unique):
    name = unique()
    register(front, name)
    answer = front.request("GET", f"{PRODUCTS}/dp:{name}", b"{}", JSON)
    assert answer.status == 200


def test_client_goes_away(front, unique):
    """Clients that hang up with a request under way disturb nobody."""
    name = unique()
    register(front, name)
    for _ in range(200):
        sock = connect(front)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        sock.sendall(f"GET {PRODUCTS}/dp:{name} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        sock.close()
    assert front.request("GET", f"{PRODUCTS}/dp:{name}").status == 200


def test_many_connections(front):
    socks = [connect(front) for _ in range(300)]
    for sock in socks:
        sock.sendall(b"GET /v1/data-products/dp:none HTTP/1.1\r\nHost: x\r\n\r\n")
    for sock in socks:
        assert sock.recv(4096).startswith(b"HTTP/1.1 404")
        sock.close()
