"""HTTPS in the front itself."""

import gzip
import http.client
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import threading

import pytest

from documents import (JSON, PRODUCTS, SCHEMAS, check_problem, connect, product, schema,
                       whole_answers)
from gateway import (https, https_connection, make_certificate, metric, trusting,
                     wait_for)


@pytest.fixture(scope="module")
def files(scratch):
    return make_certificate(scratch, stem="tls")


@pytest.fixture(scope="module")
def context(files):
    return trusting(files[0])


def start(make_front, cluster, files, context, **variables):
    front = make_front(cluster, ready=False, DPMETA_TLS_CERT=files[0],
                       DPMETA_TLS_KEY=files[1], **variables)
    wait_for(lambda: https(front, context, "GET", "/ready").status == 200)
    return front


@pytest.mark.parametrize("hello", [b"", b"\x16\x03\x01\x01", "whole"])
def test_handshake_that_never_ends(make_front, cluster, files, context, hello):
    """Its connection is closed, and its place is another's: libmicrohttpd never freed it."""
    front = start(make_front, cluster, files, context, DPMETA_REQUEST_TIMEOUT="1s",
                  DPMETA_IDLE_TIMEOUT="1s", DPMETA_MAX_CONNECTIONS=20)
    if hello == "whole":
        outgoing = ssl.MemoryBIO()
        try:
            context.wrap_bio(ssl.MemoryBIO(), outgoing, server_hostname="localhost").do_handshake()
        except ssl.SSLWantReadError:
            hello = outgoing.read()
    for _ in range(2):
        held = [socket.create_connection(("127.0.0.1", front.port)) for _ in range(20)]
        for one in held:
            one.sendall(hello)
        assert https(front, context, "GET", "/health").status == 200
        wait_for(lambda: metric(https(front, context, "GET", "/metrics").body.decode(),
                                "dpmeta_http_connections") == 1)
        for one in held:
            one.close()


def test_requests(make_front, cluster, files, context, unique):
    front = start(make_front, cluster, files, context)
    name = unique()
    connection = https_connection(front, context)
    for _ in range(3):
        connection.request("GET", "/health")
        assert connection.getresponse().read().startswith(b'{"status":"alive"')
    connection.close()
    body = json.dumps(product(name))
    assert https(front, context, "POST", PRODUCTS, body, JSON).status == 201
    answer = https(front, context, "GET", f"{PRODUCTS}/dp:{name}")
    assert answer.json["name"] == name
    check_problem(https(front, context, "GET", "/nothing"), 404)
    check_problem(https(front, context, "POST", PRODUCTS, "x" * 2000000, JSON), 413)
    front.wait_for_log("https://127.0.0.1")


@pytest.mark.parametrize("fields, status", [
    ("Content-Length: x\r\n", 400), ("Cookie: s=" + "x" * 25000 + "\r\n", 431),
    ("Cookie: " + "k=v; " * 1500 + "\r\n", 431)], ids=["length", "cookie", "cookies"])
def test_refused_heads(make_front, cluster, files, context, fields, status):
    """Answered once, as without TLS."""
    front = start(make_front, cluster, files, context)
    data = b""
    with context.wrap_socket(connect(front), server_hostname="localhost",
                             suppress_ragged_eofs=True) as sock:
        sock.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n" + fields.encode() + b"\r\n")
        while block := sock.recv(65536):
            data += block
    answer, = whole_answers(data)
    check_problem(answer, status)


def test_many_at_once(make_front, cluster, files, context, unique):
    """More than the lanes, so that some are parked and some suspended."""
    front = start(make_front, cluster, files, context, DPMETA_LANES=2, DPMETA_PIPELINE=2)
    name = unique()
    body = json.dumps(product(name))
    assert https(front, context, "POST", PRODUCTS, body, JSON).status == 201
    statuses = []

    def client():
        connection = https_connection(front, context)
        for _ in range(20):
            connection.request("GET", f"{PRODUCTS}/dp:{name}")
            answer = connection.getresponse()
            answer.read()
            statuses.append(answer.status)
        connection.close()

    threads = [threading.Thread(target=client) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(180)
    assert statuses == [200] * 320


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_long_ones_while_others_wait(make_front, cluster, files, context, unique, encoding):
    """Many records in both directions, with a request parked all the time."""
    front = start(make_front, cluster, files, context)
    held, name = unique(), unique()
    for one in (held, name):
        body = json.dumps(product(one))
        assert https(front, context, "POST", PRODUCTS, body, JSON).status == 201
    holder = cluster.connect(autocommit=False)
    holder.cursor().execute("SELECT dpmeta.update_data_product(%s, %s::jsonb)",
                            (f"dp:{held}", json.dumps(product(description="held"))))
    waiting = threading.Thread(target=https, args=(
        front, context, "PUT", f"{PRODUCTS}/dp:{held}", json.dumps(product()), JSON))
    waiting.start()
    path = f"{SCHEMAS}/dp:{name}:t"
    body = json.dumps(schema(*((f"column_{n}", "bigint") for n in range(5000)))).encode()
    assert https(front, context, "POST", path, body.ljust(900000), JSON).status == 201
    answer = https(front, context, "GET", path, None, {"Accept-Encoding": encoding})
    text = gzip.decompress(answer.body) if encoding == "gzip" else answer.body
    assert json.loads(text)["columns"][-1]["name"] == "column_4999"
    holder.rollback()
    holder.close()
    waiting.join(180)


def version_of(front, context, version, ciphers=None):
    context.minimum_version = context.maximum_version = version
    if ciphers:
        context.set_ciphers(ciphers)
    with socket.create_connection(("127.0.0.1", front.port), 30) as sock:
        with context.wrap_socket(sock, server_hostname="127.0.0.1") as secured:
            return secured.version()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_versions(make_front, cluster, files, context):
    front = start(make_front, cluster, files, context)
    for version, name in ((ssl.TLSVersion.TLSv1_2, "TLSv1.2"), (ssl.TLSVersion.TLSv1_3, "TLSv1.3")):
        assert version_of(front, trusting(files[0]), version) == name
    for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
        # libmicrohttpd closes without an alert; a client that did not offer
        # the version at all would raise something else.
        with pytest.raises((ssl.SSLEOFError, ssl.SSLZeroReturnError,
                            ConnectionResetError)):
            version_of(front, trusting(files[0]), version, "ALL:@SECLEVEL=0")
    assert https(front, context, "GET", "/health").status == 200


@pytest.mark.parametrize("data", [
    b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01\xff\xff" + b"x" * 2000,
    b"\x16\x03\x01\x00\x05hello", b"\x00" * 100, b"",
])
def test_no_handshake(make_front, cluster, files, context, data):
    front = start(make_front, cluster, files, context)
    try:
        assert b"alive" not in front.raw(data)
    except ConnectionResetError:
        pass
    assert https(front, context, "GET", "/health").status == 200


def test_reload(make_front, cluster, scratch, unique):
    """SIGHUP: what is open goes on, what is new gets the new certificate."""
    folder = os.path.join(scratch, unique("tls"))
    os.makedirs(folder, 0o755)
    files = make_certificate(folder)
    old = trusting(files[0])
    front = start(make_front, cluster, files, old)
    kept = https_connection(front, old)
    kept.request("GET", "/health")
    kept.getresponse().read()
    sock = kept.sock
    later = make_certificate(folder, stem="later")
    for ours, new in zip(files, later):
        shutil.copy(new, ours)
    new = trusting(later[0])
    front.process.send_signal(signal.SIGHUP)

    def renewed():
        try:
            return https(front, new, "GET", "/health").status == 200
        except ssl.SSLCertVerificationError:
            return False

    wait_for(renewed)
    with pytest.raises(ssl.SSLCertVerificationError):
        https(front, old, "GET", "/health")
    kept.request("GET", "/health")
    assert kept.getresponse().read() and kept.sock is sock
    # What cannot be used does not replace what can.
    with open(files[0], "w", encoding="utf-8") as file:
        file.write("nonsense")
    front.process.send_signal(signal.SIGHUP)
    wait_for(lambda: "certificate-kept" in front.log())
    front.wait_for_log("DPMETA_TLS_CERT")
    assert https(front, new, "GET", "/health").status == 200
    text = https(front, new, "GET", "/metrics").body.decode()
    assert metric(text, "dpmeta_http_certificate_loads_total", result="success") >= 1
    assert metric(text, "dpmeta_http_certificate_loads_total", result="failure") >= 1
    kept.close()


def test_reload_without_https(make_front, cluster):
    front = make_front(cluster)
    front.process.send_signal(signal.SIGHUP)
    assert front.request("GET", "/health").status == 200
    assert front.stop() == 0


def refused(binary, **variables):
    done = subprocess.run([binary], env={"DPMETA_AUTH": "off", "DPMETA_PORT": "0", **variables},
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=180)
    assert done.returncode != 0
    return done.stderr


def test_files_that_are_refused(front_binary, files, scratch):
    cert, key = files
    other = make_certificate(scratch, stem="other")
    nonsense = os.path.join(scratch, "nonsense.pem")
    with open(nonsense, "w", encoding="utf-8") as file:
        file.write("no certificate")
    for variables, name in (
            ({"DPMETA_TLS_CERT": cert}, "DPMETA_TLS_KEY"),
            ({"DPMETA_TLS_KEY": key}, "DPMETA_TLS_CERT"),
            ({"DPMETA_TLS_CERT": "/nowhere", "DPMETA_TLS_KEY": key}, "DPMETA_TLS_CERT"),
            ({"DPMETA_TLS_CERT": cert, "DPMETA_TLS_KEY": "/nowhere"}, "DPMETA_TLS_KEY"),
            ({"DPMETA_TLS_CERT": nonsense, "DPMETA_TLS_KEY": key}, "DPMETA_TLS_CERT"),
            ({"DPMETA_TLS_CERT": cert, "DPMETA_TLS_KEY": nonsense}, "DPMETA_TLS_KEY"),
            ({"DPMETA_TLS_CERT": cert, "DPMETA_TLS_KEY": other[1]}, "DPMETA_TLS_KEY")):
        said = refused(front_binary, **variables)
        assert name in said
        with open(key, encoding="utf-8") as file:
            assert file.read().splitlines()[1] not in said


def test_sigterm_drains(make_front, cluster, files, context):
    front = start(make_front, cluster, files, context)
    connections = [https_connection(front, context) for _ in range(8)]
    for connection in connections:
        connection.request("GET", "/health")
        connection.getresponse().read()
    front.process.terminate()
    wait_for(lambda: "draining" in front.log())
    for connection in connections:
        try:
            connection.request("GET", "/health")
            answer = connection.getresponse()
            assert answer.status == 200 and answer.will_close
        except (http.client.HTTPException, OSError, ssl.SSLError):
            pass  # idle for the grace already: no request of it was under way
        connection.close()
    assert front.process.wait(180) == 0


def test_sigterm_finishes_what_is_in_flight(make_front, cluster, files, context, unique):
    """32 clients wait for the database, and each gets its answer."""
    front = start(make_front, cluster, files, context, DPMETA_QUEUE_TIMEOUT="60s")
    name = unique()
    assert https(front, context, "POST", PRODUCTS, json.dumps(product(name)), JSON).status == 201
    holder = cluster.connect(autocommit=False)
    holder.cursor().execute("SELECT dpmeta.update_data_product(%s, %s::jsonb)",
                            (f"dp:{name}", json.dumps(product(description="held"))))
    answers = []
    threads = [threading.Thread(target=lambda n=n: answers.append(https(
        front, context, "PUT", f"{PRODUCTS}/dp:{name}",
        json.dumps(product(description=str(n))), JSON))) for n in range(32)]
    for thread in threads:
        thread.start()

    def waiting():
        text = https(front, context, "GET", "/metrics").body.decode()
        return metric(text, "dpmeta_http_waiting", pool="write") + \
            metric(text, "dpmeta_http_lanes", pool="write", state="busy") == 32

    wait_for(waiting)
    front.process.terminate()
    wait_for(lambda: "draining" in front.log())
    assert answers == []
    holder.rollback()
    holder.close()
    for thread in threads:
        thread.join(180)
    assert [a.status for a in answers] == [200] * 32
    assert front.process.wait(180) == 0
