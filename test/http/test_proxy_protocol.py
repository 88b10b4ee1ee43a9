"""The PROXY protocol, versions 1 and 2: whose address it is that a balancer tells."""

import json
import socket
import struct

import pytest

from gateway import make_certificate, metric, trusting

SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
REQUEST = b"GET /health HTTP/1.1\r\nHost: x\r\nX-Request-Id: %s\r\nConnection: close\r\n\r\n"


def version_2(source, command=0x21, extra=b""):
    if ":" in source:
        family, address = 0x21, socket.inet_pton(socket.AF_INET6, source)
    else:
        family, address = 0x11, socket.inet_pton(socket.AF_INET, source)
    told = address + address + struct.pack("!HH", 40000, 443) + extra
    return SIGNATURE + struct.pack("!BBH", command, family, len(told)) + told


@pytest.fixture
def trusted(make_front, cluster):
    """A front that takes loopback for balancers."""
    return make_front(cluster, ready=False, DPMETA_PROXY_PROTOCOL="on", DPMETA_LOG="probes",
                      DPMETA_TRUSTED_PROXIES="127.0.0.1")


def logged(front, name):
    """The client of a request by its ID, as the log has it."""
    front.wait_for_log(f'"requestId":"{name}"')
    lines = [json.loads(line) for line in front.log().splitlines() if name in line]
    return lines[0]["client"]


def send(front, *pieces, source="127.0.0.1"):
    """The pieces one after the other, each in a packet of its own; all that comes back."""
    with socket.create_connection(("127.0.0.1", front.port), 180, (source, 0)) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for piece in pieces:
            sock.sendall(piece)
        return b"".join(iter(lambda: sock.recv(65536), b""))


GOOD = {
    "v1-4": (b"PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\r\n", "192.0.2.7"),
    "v1-6": (b"PROXY TCP6 2001:db8::7 2001:db8::1 56324 443\r\n", "2001:db8::7"),
    "v1-unknown": (b"PROXY UNKNOWN\r\n", "127.0.0.1"),
    "v1-unknown-more": (b"PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n", "127.0.0.1"),
    "v2-4": (version_2("192.0.2.8"), "192.0.2.8"),
    "v2-6": (version_2("2001:db8::8"), "2001:db8::8"),
    "v2-more": (version_2("192.0.2.9", extra=b"\x04\0\x04abcd" * 40), "192.0.2.9"),
    "v2-local": (version_2("192.0.2.9", command=0x20), "127.0.0.1"),
    "v2-unix": (SIGNATURE + struct.pack("!BBH", 0x21, 0x31, 216) + bytes(216), "127.0.0.1"),
}


@pytest.mark.parametrize("name", GOOD)
def test_address_is_told(trusted, name):
    preamble, client = GOOD[name]
    whole = preamble + REQUEST % name.encode()
    assert b"200 OK" in send(trusted, whole)
    assert logged(trusted, name) == client
    # A byte at a time, to where only the request is left.
    pieces = [whole[i:i + 1] for i in range(len(preamble))] + [REQUEST % b"slow"]
    assert b"200 OK" in send(trusted, *pieces)
    assert logged(trusted, "slow") == client


@pytest.mark.parametrize("preamble", [
    REQUEST % b"bare", b"PROXY TCP4 192.0.2.7 198.51.100.1 56324\r\n",
    b"PROXY TCP4 192.0.2.777 198.51.100.1 56324 443\r\n", b"PROXY TCP4 ::1 ::1 1 2\r\n",
    b"PROXY TCP4 192.0.2.7 198.51.100.1 56324 443\n", b"PROXY TCP4 " + b"1" * 200,
    b"PROXY TCP4 192.0.2.7 198.51.100.1 56324 70000\r\n", b"proxy UNKNOWN\r\n",
    SIGNATURE + b"\x31\x11\0\x0c" + bytes(12), SIGNATURE + b"\x21\x11\0\x04" + bytes(4),
    SIGNATURE + b"\x21\x11\xff\xff" + bytes(100), b"\r\n\r\n\0\r\nQUIX\n" + bytes(20)])
def test_malformed(trusted, preamble):
    try:
        assert send(trusted, preamble + REQUEST % b"never") == b""
    except ConnectionResetError:
        pass
    text = send(trusted, b"PROXY UNKNOWN\r\nGET /metrics HTTP/1.0\r\n\r\n").decode()
    assert metric(text, "dpmeta_http_proxy_preambles_total", result="malformed") == 1
    assert '"never"' not in trusted.log()


def test_others_are_served_as_they_are(trusted):
    """A probe of the node's; and what somebody else tells is not believed."""
    assert b"200 OK" in send(trusted, REQUEST % b"probe", source="127.0.0.9")
    assert logged(trusted, "probe") == "127.0.0.9"
    answer = send(trusted, GOOD["v1-4"][0] + REQUEST % b"forged", source="127.0.0.9")
    assert b"200 OK" not in answer


def test_told_client_is_no_proxy(trusted):
    """It cannot go on to name another client."""
    request = REQUEST.replace(b"Host: x", b"Host: x\r\nX-Forwarded-For: 203.0.113.1")
    assert b"200 OK" in send(trusted, GOOD["v2-4"][0] + request % b"chained")
    assert logged(trusted, "chained") == "192.0.2.8"


def test_silent_newcomer_is_closed(trusted):
    """It says a part, and then nothing."""
    with socket.create_connection(("127.0.0.1", trusted.port), 180) as sock:
        sock.sendall(b"PROXY TCP4")
        assert sock.recv(1) == b""
    text = send(trusted, b"PROXY UNKNOWN\r\nGET /metrics HTTP/1.0\r\n\r\n").decode()
    assert metric(text, "dpmeta_http_proxy_preambles_total", result="late") == 1


def test_newcomers_are_counted(make_front, cluster):
    """Those who say nothing take the places of connections, and give them back."""
    front = make_front(cluster, ready=False, DPMETA_PROXY_PROTOCOL="on",
                       DPMETA_TRUSTED_PROXIES="127.0.0.1", DPMETA_MAX_CONNECTIONS=4)
    silent = [socket.create_connection(("127.0.0.1", front.port), 180) for _ in range(4)]
    assert b"200 OK" in send(front, GOOD["v1-4"][0] + REQUEST % b"waited")
    for sock in silent:
        sock.close()


def test_before_tls(make_front, cluster, scratch):
    certificate, key = make_certificate(scratch, stem="proxied")
    front = make_front(cluster, ready=False, DPMETA_PROXY_PROTOCOL="on", DPMETA_LOG="probes",
                       DPMETA_TRUSTED_PROXIES="127.0.0.1", DPMETA_TLS_CERT=certificate,
                       DPMETA_TLS_KEY=key)
    with socket.create_connection(("127.0.0.1", front.port), 180) as plain:
        plain.sendall(GOOD["v2-6"][0])
        with trusting(certificate).wrap_socket(plain, server_hostname="localhost") as sock:
            sock.sendall(REQUEST % b"secured")
            assert b"200 OK" in b"".join(iter(lambda: sock.recv(65536), b""))
    assert logged(front, "secured") == "2001:db8::8"


def test_needs_trusted_proxies(make_front):
    front = make_front(wait=False, DPMETA_PROXY_PROTOCOL="on")
    assert front.process.wait(180) != 0
    assert "DPMETA_TRUSTED_PROXIES" in front.log()
