"""What every answer has: security headers, CORS, compression."""

import gzip
import json
import subprocess
import zlib

import pytest

from documents import PRODUCTS, SCHEMAS, add_table, check_problem, product, raw_get, register
from gateway import https, make_certificate, trusting, wait_for

APP = "https://app.example.org"


@pytest.mark.parametrize("path, method", [
    ("/health", "GET"), ("/ready", "GET"), ("/metrics", "GET"), (PRODUCTS, "GET"),
    (f"{PRODUCTS}/dp:none", "GET"), (f"{PRODUCTS}/dp:NONE", "GET"), ("/nothing", "GET"),
    (PRODUCTS, "POST"), ("/health", "DELETE"), (PRODUCTS, "OPTIONS"), ("/openapi.json", "GET"),
    ("/docs/assets/none", "GET"),
])
def test_security_headers(front, path, method):
    headers = front.request(method, path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers.get_all("Content-Security-Policy") == \
        ["default-src 'none'; frame-ancestors 'none'"]
    assert headers["Cache-Control"]
    assert headers["Strict-Transport-Security"] is None
    assert headers["Server"] is None


def test_transport_security(make_front, scratch):
    files = make_certificate(scratch, stem="hsts")
    front = make_front(ready=False, DPMETA_TLS_CERT=files[0], DPMETA_TLS_KEY=files[1])
    context = trusting(files[0])
    assert https(front, context, "GET", "/health").headers["Strict-Transport-Security"]
    proxied = make_front(ready=False, DPMETA_TRUSTED_PROXIES="127.0.0.1")
    for proto, secure in (("https", True), ("HTTPS", True), ("http, https", True),
                          ("https, http", False), ("http", False), ("", False), ("ftp", False)):
        headers = raw_get(proxied, "/health", f"X-Forwarded-Proto: {proto}").headers
        assert (headers["Strict-Transport-Security"] is not None) == secure
    stranger = make_front(ready=False, DPMETA_TRUSTED_PROXIES="10.0.0.1")
    headers = raw_get(stranger, "/health", "X-Forwarded-Proto: https").headers
    assert headers["Strict-Transport-Security"] is None


@pytest.fixture(scope="module")
def open_front(cluster, front_binary, scratch):
    from front import Front

    front = Front(front_binary, f"{scratch}/cors.log")
    front.start(DPMETA_DATABASE_URL=cluster.url("dpmeta_front"),
                DPMETA_CORS_ORIGINS=f"{APP}, http://localhost:3000,http://[::1]:8080")
    yield front
    front.discard()


def preflight(front, origin, path=PRODUCTS, method="POST"):
    return front.request("OPTIONS", path, None, {
        "Origin": origin, "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "authorization, if-match"})


@pytest.mark.parametrize("origin", [APP, "http://localhost:3000", "http://[::1]:8080"])
def test_preflight(open_front, origin):
    answer = preflight(open_front, origin)
    assert answer.status == 204
    assert answer.headers["Access-Control-Allow-Origin"] == origin
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, POST, OPTIONS"
    allowed = answer.headers["Access-Control-Allow-Headers"].lower().split(", ")
    assert {"authorization", "content-type", "if-match", "idempotency-key", "traceparent",
            "tracestate", "baggage"} <= set(allowed)
    assert int(answer.headers["Access-Control-Max-Age"]) > 0
    assert answer.headers["Access-Control-Allow-Credentials"] is None
    assert "Origin" in answer.headers.get_all("Vary")


@pytest.mark.parametrize("path, method, status", [
    ("/nothing", "GET", 404), ("/nothing", "DELETE", 404), ("/v1/" + "x/" * 20, "PUT", 404),
    (f"{PRODUCTS}/%zz", "PATCH", 400), (PRODUCTS, "DELETE", 405), ("/health", "PUT", 405),
])
def test_what_fails_is_seen_to_fail(open_front, path, method, status):
    """A browser shows the page no answer to what its preflight does not allow."""
    answer = preflight(open_front, APP, path, method)
    assert answer.status == 204
    assert answer.headers["Access-Control-Allow-Origin"] == APP
    assert method in answer.headers["Access-Control-Allow-Methods"].split(", ")
    answer = open_front.request(method, path, None, {"Origin": APP})
    assert answer.status == status or (status == 400 and answer.status == 415)
    assert answer.headers["Access-Control-Allow-Origin"] == APP


def test_options_of_an_unknown_path(open_front):
    """But for a page that may ask it is one that there is not."""
    for headers in ({}, {"Origin": APP}, {"Access-Control-Request-Method": "GET"},
                    {"Origin": "https://evil.example", "Access-Control-Request-Method": "GET"}):
        check_problem(open_front.request("OPTIONS", "/nothing", None, headers), 404)


@pytest.mark.parametrize("origin", [
    "https://evil.example", APP + ".evil.example", "http://app.example.org", APP + ":444",
    "null", "*", "", APP.upper(), f"{APP}, {APP}", "https://app.example.or",
])
def test_other_origins(open_front, origin):
    for answer in (preflight(open_front, origin),
                   open_front.request("GET", "/health", None, {"Origin": origin})):
        assert answer.status in (200, 204)
        assert not [h for h in answer.headers if h.lower().startswith("access-control-")]
        assert "Origin" in answer.headers.get_all("Vary")


def test_shared_answers(open_front, unique):
    name = unique()
    register(open_front, name)
    for path in (f"{PRODUCTS}/dp:{name}", f"{PRODUCTS}/dp:{unique()}", "/nothing"):
        headers = open_front.request("GET", path, None, {"Origin": APP}).headers
        assert headers["Access-Control-Allow-Origin"] == APP
        assert {"ETag", "Link", "Location", "Retry-After", "RateLimit", "X-Request-Id",
                "idempotent-replayed"} <= \
            set(headers["Access-Control-Expose-Headers"].split(", "))
    assert "Origin" in open_front.request("GET", "/health").headers.get_all("Vary")


def test_all_origins(make_front):
    front = make_front(ready=False, DPMETA_CORS_ORIGINS="*")
    headers = front.request("GET", "/health", None, {"Origin": "https://any.example"}).headers
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Access-Control-Allow-Credentials"] is None
    assert "Origin" not in (headers.get_all("Vary") or [])


def test_no_origins(front):
    answer = preflight(front, APP)
    assert answer.status == 204 and answer.headers["Access-Control-Allow-Origin"] is None


@pytest.mark.parametrize("value", ["app.example.org", APP + "/", APP + ",", "https://", "null",
                                   "*," + APP, APP.upper(), "https://a b"])
def test_origins_that_are_refused(front_binary, value):
    done = subprocess.run([front_binary], env={"DPMETA_AUTH": "off", "DPMETA_PORT": "0",
                                               "DPMETA_CORS_ORIGINS": value},
                          stderr=subprocess.PIPE, text=True, timeout=180)
    assert done.returncode != 0 and "DPMETA_CORS_ORIGINS" in done.stderr


GZIP = {"Accept-Encoding": "gzip, deflate, br"}


def columns(count):
    return [(f"column_{n}", "bigint") for n in range(count)]


def unpacked(answer):
    assert answer.headers["Content-Encoding"] == "gzip"
    return gzip.decompress(answer.body)


@pytest.mark.parametrize("count", [30, 300, 3000])
def test_compressed(front, unique, count):
    """At once, and piece by piece: the same document."""
    name = unique()
    register(front, name)
    add_table(front, name, "t", *columns(count))
    path = f"{SCHEMAS}/dp:{name}:t"
    plain = front.request("GET", path)
    packed = front.request("GET", path, None, GZIP)
    assert plain.headers["Content-Encoding"] is None
    assert unpacked(packed) == plain.body
    assert len(packed.body) < len(plain.body) / 4
    assert packed.headers["ETag"] == plain.headers["ETag"][:-1] + '-gzip"'
    for answer in (plain, packed):
        assert "Accept-Encoding" in answer.headers.get_all("Vary")
    head = front.request("HEAD", path, None, GZIP)
    assert head.body == b"" and head.headers["ETag"] == packed.headers["ETag"]
    # HTTP/1.0 has no chunks.
    old = raw_get_1_0(front, path)
    assert zlib.decompress(old, 31) == plain.body


def raw_get_1_0(front, path):
    data = front.raw(f"GET {path} HTTP/1.0\r\nAccept-Encoding: gzip\r\n\r\n".encode())
    return data.partition(b"\r\n\r\n")[2]


@pytest.mark.parametrize("encoding, packed", [
    ("gzip", True), ("x-gzip", True), ("GZIP;q=0.5", True), ("*", True), ("br, gzip", True),
    ("gzip;q=0", False), ("gzip;q=0.001", True), ("gzip;q=0.0009", False), ("gzip; Q=0.50 ", True),
    ("gzip;q=1.001", False), ("gzip;q=nan", False), ("gzip;q=0x1", False), ("gzip;q=-1", False),
    ("gzip;q=", False), ("gzip;q=1e-9", False), ("gzip;x=1;q=0", False),
    ("identity, gzip", True), ("identity;q=1, gzip;q=0.5", False), ("identity;q=0.5, *", True),
    ("identity;q=0", False), ("*;q=0, gzip", True), ("br", False), ("identity", False), ("", False), ("gzip;q=0, *", False),
])
def test_asked_for(front, unique, encoding, packed):
    name = unique()
    register(front, name, description="d" * 2000)
    answer = front.request("GET", f"{PRODUCTS}/dp:{name}", None, {"Accept-Encoding": encoding})
    assert (answer.headers["Content-Encoding"] == "gzip") == packed


def test_short_answers_stay_as_they_are(front):
    assert front.request("GET", "/health", None, GZIP).headers["Content-Encoding"] is None


def test_tags_of_compressed_answers(front, unique):
    name = unique()
    path = f"{PRODUCTS}/dp:{name}"
    answer = front.request("POST", PRODUCTS, product(name, description="d" * 2000), GZIP)
    assert answer.status == 201 and json.loads(unpacked(answer))["name"] == name
    packed = answer.headers["ETag"]
    plain = packed.replace("-gzip", "")
    for tag in (plain, packed, f'"x", W/{packed}'):
        for headers, shown in (({}, plain), (GZIP, packed)):
            again = front.request("GET", path, None, {"If-None-Match": tag, **headers})
            assert again.status == 304 and again.body == b""
            assert again.headers["ETag"] == shown
            assert again.headers["Content-Encoding"] is None
            assert "Accept-Encoding" in again.headers.get_all("Vary")
    answer = front.request("PUT", path, product(description="e" * 2000), {"If-Match": packed, **GZIP})
    assert answer.status == 200
    check_problem(front.request("PUT", path, product(description="f"), {"If-Match": packed}), 412)
    assert front.request("PUT", path, product(description="f"),
                         {"If-Match": answer.headers["ETag"]}).status == 200


def test_compressed_description(front):
    """/openapi.json, made by the front itself."""
    plain = front.request("GET", "/openapi.json")
    packed = front.request("GET", "/openapi.json", None, GZIP)
    assert unpacked(packed) == plain.body
    tag = packed.headers["ETag"]
    assert tag == plain.headers["ETag"][:-1] + '-gzip"'
    again = front.request("GET", "/openapi.json", None, {"If-None-Match": tag, **GZIP})
    assert (again.status, again.body, again.headers["ETag"]) == (304, b"", tag)


def test_compressed_problem(front, unique):
    document = product(unique(), tags={f"Bad Key {n}": n for n in range(50)})
    answer = front.request("POST", PRODUCTS, document, GZIP)
    assert answer.status == 422
    assert json.loads(unpacked(answer))["errors"]


def test_many_long_answers_at_once(make_front, cluster, unique):
    """More than may be compressed at a time; who reads slowly holds up nobody."""
    front = make_front(cluster)
    name = unique()
    register(front, name)
    add_table(front, name, "t", *columns(3000))
    path = f"{SCHEMAS}/dp:{name}:t"
    connections = [front.connection() for _ in range(80)]
    for connection in connections:
        connection.request("GET", path, None, GZIP)
    for connection in connections:
        answer = connection.getresponse()
        body = answer.read()
        if answer.headers["Content-Encoding"]:
            body = gzip.decompress(body)
        assert json.loads(body)["columns"][-1]["name"] == "column_2999"
        connection.close()
    for connection in [front.connection() for _ in range(20)]:
        connection.request("GET", path, None, GZIP)
        connection.close()
    wait_for(lambda: front.request("GET", path, None, GZIP).headers["Content-Encoding"] == "gzip")
