"""Rate limits, by address; by caller: oidc/test_gateway_callers.py."""

import re
import socket
import subprocess

import pytest

from documents import PRODUCTS, RawAnswer, check_problem, connect, raw_get
from front import FAULT_FINDERS
from gateway import metric, metrics, wait_for


def figures(headers):
    """r and t of RateLimit."""
    found = re.fullmatch(r'"(caller|address)";r=(\d+);t=(\d+)', headers["RateLimit"])
    return int(found[2]), int(found[3])


def test_bucket(make_front, cluster):
    front = make_front(cluster, DPMETA_RATE_LIMIT="10/h")
    for left in range(9, -1, -1):
        answer = front.request("GET", f"{PRODUCTS}/dp:none")
        check_problem(answer, 404)
        assert answer.headers["RateLimit-Policy"] == '"address";q=10;w=3600'
        assert figures(answer.headers) == (left, (10 - left) * 360)
    for path in (f"{PRODUCTS}/dp:none", PRODUCTS, "/nothing", "/v1/schemas/dp:x"):
        answer = front.request("GET", path)
        problem = check_problem(answer, 429, "too-many-requests")
        assert "10 requests in 3600 s" in problem["detail"]
        assert 0 < int(answer.headers["Retry-After"]) <= 360
        assert figures(answer.headers)[0] == 0
    check_problem(front.request("OPTIONS", PRODUCTS), 429)
    check_problem(front.request("POST", PRODUCTS, b"x" * 100000), 429)
    # Who watches is not counted.
    for path in ("/health", "/ready", "/metrics"):
        for _ in range(15):
            answer = front.request("GET", path)
            assert answer.status == 200 and answer.headers["RateLimit"] is None
    text = metrics(front)
    assert metric(text, "dpmeta_http_rate_limited_total", by="address") == 6
    assert metric(text, "dpmeta_http_requests_total", status="429") >= 1


def test_preflights_are_not_counted(make_front, cluster):
    """They have no token: an office of people with tokens would shut itself out."""
    app = "https://app.example.org"
    front = make_front(cluster, DPMETA_RATE_LIMIT="2/h", DPMETA_CORS_ORIGINS=app)
    asked = {"Origin": app, "Access-Control-Request-Method": "PUT"}
    for path in (PRODUCTS, "/nothing"):
        for _ in range(10):
            answer = front.request("OPTIONS", path, None, asked)
            assert answer.status == 204 and answer.headers["RateLimit"] is None
    # What is none counts.
    for headers, status in (({"Origin": app}, 204),
                            ({**asked, "Origin": "https://evil.example"}, 204), ({}, 429),
                            (asked, 204)):
        assert front.request("OPTIONS", PRODUCTS, None, headers).status == status


def test_it_fills_again(make_front, cluster):
    front = make_front(cluster, DPMETA_RATE_LIMIT="5/s")
    statuses = [front.request("GET", PRODUCTS).status for _ in range(50)]
    assert statuses[:5] == [200] * 5 and 429 in statuses
    wait_for(lambda: front.request("GET", PRODUCTS).status == 200)


def test_each_address_has_its_own(make_front):
    front = make_front(ready=False, DPMETA_RATE_LIMIT="2/h", DPMETA_TRUSTED_PROXIES="127.0.0.1")

    def status(address):
        return raw_get(front, "/nothing", f"X-Forwarded-For: {address}").status

    assert [status("192.0.2.1") for _ in range(4)] == [404, 404, 429, 429]
    assert [status("192.0.2.2") for _ in range(3)] == [404, 404, 429]
    # A customer has a /64 of IPv6, and would have as many addresses as wanted.
    assert [status(f"2001:db8:0:1::{n}") for n in range(1, 4)] == [404, 404, 429]
    assert status("2001:db8:0:2::1") == 404
    # What is not from a trusted proxy makes no difference.
    stranger = make_front(ready=False, DPMETA_RATE_LIMIT="2/h")
    assert [raw_get(stranger, "/nothing", f"X-Forwarded-For: 192.0.2.{n}").status
            for n in range(4)] == [404, 404, 429, 429]


@pytest.mark.skipif(FAULT_FINDERS, reason="what finds faults keeps freed memory")
def test_many_addresses(make_front):
    """The table is full many times over; memory stays and old ones are forgotten."""
    front = make_front(ready=False, DPMETA_RATE_LIMIT="1/s", DPMETA_TRUSTED_PROXIES="127.0.0.1")
    before = memory(front)
    with connect(front) as sock:
        reader = sock.makefile("rb")
        for n in range(100):
            sock.sendall(b"".join(
                b"HEAD /nothing HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 10.1.%d.%d\r\n\r\n"
                % (n, m) for m in range(200)))
            for _ in range(200):
                assert reader.readline().split()[1] == b"404"
                while reader.readline() != b"\r\n":
                    pass
    assert memory(front) < before + 8192


def memory(front):
    """Resident kB."""
    with open(f"/proc/{front.process.pid}/status", encoding="ascii") as file:
        return int(re.search(r"VmRSS:\s+(\d+)", file.read())[1])


def test_limited_before_the_body(make_front):
    front = make_front(ready=False, DPMETA_RATE_LIMIT="1/h")
    front.request("GET", "/nothing")
    head = f"POST {PRODUCTS} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n" \
        "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n"
    with connect(front) as sock:
        sock.sendall(head.encode())
        sock.shutdown(socket.SHUT_WR)
        data = b"".join(iter(lambda: sock.recv(65536), b""))
    check_problem(RawAnswer(data), 429)


def first_line_for(front, path):
    """What comes before the client has sent any of 150 MB."""
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" \
        "Expect: 100-continue\r\nContent-Length: 150000000\r\n\r\n"
    with connect(front) as sock, sock.makefile("rb") as reader:
        sock.sendall(head.encode())
        return reader.readline()


def test_body_over_what_is_discarded(make_front):
    front = make_front(ready=False, DPMETA_MAX_BODY="200MB")
    assert first_line_for(front, PRODUCTS).split()[1] == b"100"
    assert first_line_for(front, "/nothing").split()[1] == b"404"


def test_no_limit(front):
    assert front.request("GET", "/nothing").headers["RateLimit"] is None


@pytest.mark.parametrize("value", ["100", "100/", "/s", "0/s", "-1/s", "100/d", "1e3/s",
                                   "100 /s", "99999999/s", "10/s10"])
def test_limits_that_are_refused(front_binary, value):
    done = subprocess.run([front_binary], env={"DPMETA_AUTH": "off", "DPMETA_PORT": "0",
                                               "DPMETA_RATE_LIMIT": value},
                          stderr=subprocess.PIPE, text=True, timeout=180)
    assert done.returncode != 0 and "DPMETA_RATE_LIMIT" in done.stderr
