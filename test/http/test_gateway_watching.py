"""Metrics, readiness, and requests traced into the database."""

import json
import os
import re
import socket
import subprocess
import threading

import pytest

import promtool
from documents import AWAY, PRODUCTS, check_problem, product, register
from cluster import TOP, as_server
from front import Front
from gateway import https, make_certificate, metric, metrics, trusting, wait_for
from ports import free_port

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@pytest.fixture(scope="module")
def content():
    """content(text): has promtool nothing to say against these metrics?"""
    program = promtool.find()
    if program is None:
        pytest.skip("promtool can be neither found nor fetched")

    def judge(text):
        done = subprocess.run([program, "check", "metrics"], input=text, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=180)
        assert (done.returncode, done.stdout) == (0, "")

    return judge


def test_promtool_is_content(make_front, cluster, unique, content):
    front = make_front(cluster, DPMETA_RATE_LIMIT="1000/s")
    name = unique()
    register(front, name)
    front.request("GET", f"{PRODUCTS}/dp:{name}")
    front.request("GET", "/nothing")
    content(metrics(front))


def test_promtool_is_content_with_all_there_is(make_front, cluster, scratch, content):
    """With tokens, https and a database for reading."""
    certificate, key = make_certificate(scratch, stem="watched")
    front = make_front(cluster, ready=False, DPMETA_TLS_CERT=certificate, DPMETA_TLS_KEY=key,
                       DPMETA_AUTH="on", DPMETA_OIDC_ISSUER="http://127.0.0.1:1",
                       DPMETA_OIDC_AUDIENCE="a", DPMETA_READ_DATABASE_URL=cluster.url("dpmeta_front"))
    context = trusting(certificate)
    assert https(front, context, "GET", PRODUCTS).status == 401
    text = https(front, context, "GET", "/metrics").body.decode()
    for name in ("tokens_refused_total", "certificate_expiry_timestamp_seconds", "keys"):
        assert f"# TYPE dpmeta_http_{name} " in text
    content(text)


def test_metrics(make_front, cluster, unique):
    front = make_front(cluster)
    name = unique()
    path = f"{PRODUCTS}/dp:{name}"
    document = product(name)
    front.request("POST", PRODUCTS, document)
    assert front.request("POST", PRODUCTS, document).headers["idempotent-replayed"] == "true"
    front.request("PUT", path, product(description="other"))
    for _ in range(3):
        front.request("GET", path)
    front.request("GET", path + "x")
    front.request("DELETE", path)
    front.request("POST", PRODUCTS, {"name": 1})
    # One lane is enough to be ready; the others follow.
    wait_for(lambda: metric(metrics(front), "dpmeta_http_lanes", pool="write",
                            state="connected") == 8)
    text = metrics(front)

    def requests(operation, status):
        return metric(text, "dpmeta_http_requests_total", operation=operation, status=str(status))

    assert requests("registerDataProduct", 201) == 2
    assert requests("registerDataProduct", 422) == 1
    assert requests("getDataProduct", 200) == 3
    assert requests("getDataProduct", 404) == 1
    assert requests("deleteDataProduct", 204) == 1
    assert metric(text, "dpmeta_http_request_duration_seconds_count",
                  operation="getDataProduct", **{"class": "2xx"}) == 3
    assert metric(text, "dpmeta_http_request_duration_seconds_bucket",
                  operation="getDataProduct", le="+Inf", **{"class": "4xx"}) == 1
    assert metric(text, "dpmeta_http_replays_total") == 1
    assert metric(text, "dpmeta_http_versions_total", kind="initial") == 1
    assert metric(text, "dpmeta_http_versions_total", kind="minor") == 1
    assert metric(text, "dpmeta_http_versions_total", kind="deletion") == 1
    assert metric(text, "dpmeta_http_problems_total", type="invalid-document") == 1
    assert metric(text, "dpmeta_http_lane_events_total", event="connect") == 8
    assert metric(text, "dpmeta_http_build_info", version="1.1") == 1
    version = cluster.sql("SELECT extversion FROM pg_extension WHERE extname = 'dpmeta'")[0][0]
    assert metric(text, "dpmeta_http_extension_info", version=version) == 1
    # Nothing of what was asked for is a label.
    assert name not in text


def test_figures_of_the_store(make_front, make_cluster, content):
    """A scrape gets those that are known, and never waits for the database."""
    cluster = make_cluster()
    cluster.sql("SELECT dpmeta.set_domains(dpmeta.domains() || %s)", (['Odd "\\\n'],))
    front = make_front(cluster)
    register(front, "loaded")
    register(front, "odd", domain='Odd "\\\n')
    cluster.sql("SELECT dpmeta.report_load('dp:loaded', last_updated => '2026-01-31 12:00:00Z')")
    assert "dpmeta_store_" not in metrics(front)
    wait_for(lambda: metric(metrics(front), "dpmeta_store_products", domain="HQ", status="draft") == 1)
    text = metrics(front)
    assert 'dpmeta_store_products{domain="Odd \\"\\\\\\n",status="draft"} 1' in text
    assert metric(text, "dpmeta_store_versions", kind="initial") == 2
    assert metric(text, "dpmeta_store_never_loaded_products", status="draft") == 1
    assert metric(text, "dpmeta_store_oldest_load_timestamp_seconds", status="draft") == 1769860800
    assert metric(text, "dpmeta_store_counted_timestamp_seconds") > 1769860800
    content(text)
    cluster.stop()
    assert metric(metrics(front), "dpmeta_store_products", domain="HQ", status="draft") == 1


def test_waiting_and_reconnecting(make_front, make_cluster, unique):
    cluster = make_cluster()
    front = make_front(cluster, DPMETA_LANES=2, DPMETA_QUEUE_TIMEOUT="10min")
    name = unique()
    register(front, name)
    # A scrape has the store counted, once a minute, which takes a lane or waits for it.
    wait_for(lambda: "dpmeta_store_products{" in metrics(front))
    holder = hold(cluster, name)
    threads = [threading.Thread(target=front.request, args=(
        "PUT", f"{PRODUCTS}/dp:{name}", product(description=str(n)))) for n in range(4)]
    for thread in threads:
        thread.start()
    wait_for(lambda: metric(metrics(front), "dpmeta_http_waiting", pool="write") in (3, 4))
    assert metric(metrics(front), "dpmeta_http_lanes", pool="write", state="busy") == 1
    holder.rollback()
    holder.close()
    for thread in threads:
        thread.join(180)
    cluster.restart()
    wait_for(lambda: metric(metrics(front), "dpmeta_http_lane_events_total", event="connect") >= 4)
    assert metric(metrics(front), "dpmeta_http_lane_events_total", event="loss") >= 1


def hold(cluster, name):
    holder = cluster.connect(autocommit=False)
    holder.cursor().execute("SELECT dpmeta.update_data_product(%s, %s::jsonb)",
                            (f"dp:{name}", json.dumps(product(description="held"))))
    return holder


def names(cluster):
    return {row[0] for row in cluster.sql(
        "SELECT application_name FROM pg_stat_activity WHERE usename = 'dpmeta_front'")}


def test_trace_in_the_activity(make_front, cluster, unique):
    """While it runs, and no longer: a lane is used for other requests next."""
    front = make_front(cluster)
    name = unique()
    register(front, name)
    holder = hold(cluster, name)
    thread = threading.Thread(target=front.request, args=(
        "PUT", f"{PRODUCTS}/dp:{name}", product(description="traced"), {"traceparent": TRACE}))
    thread.start()
    wait_for(lambda: f"dpmeta {TRACE}" in names(cluster))
    holder.rollback()
    holder.close()
    thread.join(180)
    wait_for(lambda: f"dpmeta {TRACE}" not in names(cluster))
    assert "dpmeta-http" in names(cluster)


def test_trace_in_the_log(make_front, make_cluster, unique):
    """A slow statement, and one that failed, lead to the request."""
    cluster = make_cluster(log_min_duration_statement="0", log_line_prefix="<%a> ")
    front = make_front(cluster, DPMETA_LANES=1)
    name = unique()
    other = TRACE.replace("0af7", "1bf8")
    front.request("POST", PRODUCTS, product(name), {"traceparent": TRACE})
    front.request("GET", f"{PRODUCTS}/dp:{name}")
    front.request("POST", PRODUCTS, product(name, description="x"), {"traceparent": other})
    log = cluster.log()
    assert any(line.startswith(f"<dpmeta {TRACE}>") and "register_data_product" in line
               for line in log.splitlines())
    assert any(line.startswith(f"<dpmeta {other}> ERROR") for line in log.splitlines())
    assert any(line.startswith("<dpmeta-http>") and "get_data_product" in line
               for line in log.splitlines())
    # The front's own log has it, too.
    front.wait_for_log(TRACE)


@pytest.mark.parametrize("value, taken", [
    (TRACE, True), (TRACE.replace("00-", "01-", 1) + "-more", True),
    (TRACE.replace("00-", "cc-", 1), True),
    (TRACE.upper(), False), (TRACE[:-1], False), (TRACE + "-more", False), (TRACE + "0", False),
    (TRACE.replace("00-", "ff-", 1), False), (TRACE.replace("-", "_"), False),
    ("00-" + "0" * 32 + "-b7ad6b7169203331-01", False),
    ("00-0af7651916cd43dd8448eb211c80319c-" + "0" * 16 + "-01", False),
    ("'; DROP TABLE x; --", False), ("", False),
])
def test_traceparents(front, unique, value, taken):
    name = unique("r")
    front.request("GET", f"{PRODUCTS}/dp:none", None, {"traceparent": value, "X-Request-Id": name})

    def line():
        return next((entry for entry in map(json.loads, front.log().splitlines())
                     if entry.get("requestId") == name), None)

    entry = wait_for(line)
    assert entry.get("traceparent") == (value[:55] if taken else None)
    assert entry["status"] == 404


def test_many_traced_at_once(make_front, cluster, unique):
    """On shared lanes, each in a group of its own."""
    front = make_front(cluster, DPMETA_LANES=2)
    name = unique()
    register(front, name)
    wrong = []

    def client(number):
        for turn in range(20):
            headers = {"traceparent": TRACE} if (number + turn) % 2 else {}
            bad = turn % 5 == 4
            answer = front.request("GET", f"{PRODUCTS}/dp:{'NO' if bad else name}", None, headers)
            if answer.status != (400 if bad else 200):
                wrong.append(answer)

    threads = [threading.Thread(target=client, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(180)
    assert wrong == []
    assert f"dpmeta {TRACE}" not in names(cluster)


def requests_answered(port, count):
    """How many get an answer, each with a long line in the log."""
    answered = 0
    with socket.create_connection(("127.0.0.1", port), 10) as sock:
        for number in range(count):
            sock.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\nX-Request-Id: n%0.100d\r\n\r\n" % number)
            answered += sock.recv(5000).startswith(b"HTTP/1.1 200")
    return answered


@pytest.mark.parametrize("make_pair", [os.pipe, socket.socketpair], ids=["pipe", "socket"])
def test_a_log_that_nobody_reads(front_binary, make_pair):
    """It holds up no request; what is kept of it comes in whole lines."""
    read_end, write_end = make_pair()
    port = free_port()
    process = subprocess.Popen(as_server(front_binary), stderr=write_end,
                               env={"DPMETA_AUTH": "off", "DPMETA_PORT": str(port),
                                    "DPMETA_LOG": "probes"})
    os.close(write_end) if isinstance(write_end, int) else write_end.close()
    front = Front(front_binary, os.devnull)
    front.port, front.process = port, process
    front.wait(ready=False)
    assert requests_answered(port, 8000) == 8000
    lost = metric(metrics(front), "dpmeta_http_log_lines_lost_total")
    assert lost > 0
    process.terminate()
    with open(read_end if isinstance(read_end, int) else read_end.detach(), encoding="ascii") as log:
        lines = [json.loads(line) for line in log]
    assert process.wait(180) == 0
    assert lines[-1]["event"] == "stopped"
    numbers = [int(line["requestId"][1:]) for line in lines
               if line.get("requestId", "").startswith("n0")]
    assert len(numbers) >= 8000 - lost and numbers == sorted(set(numbers))


def lines(front, event="request"):
    return [line for line in map(json.loads, front.log().splitlines()) if line["event"] == event]


def line_of(front, request_id):
    return wait_for(lambda: [line for line in lines(front)
                             if line["requestId"] == request_id])[0]


@pytest.mark.parametrize("method, target, path", [
    ("GET", "/nothing/at/all?secret=x", "/nothing/at/all"), ("POST", "/health", "/health"),
    ("OPTIONS", PRODUCTS, PRODUCTS), ("GET", "/%22%0a\\x", "/%22%0a\\x"),
    ("GET", "///", "///"), ("GET", "/" + "a" * 3000, "/" + "a" * 255),
    ("GET", '/"\\', '/"\\'), ("GET", "/\xe9", "/\ufffd"), ("GET", "http://u:hunter2@h/x?y", "/x"),
])
def test_the_path_of_what_has_no_route(front, unique, method, target, path):
    name = unique("r")
    front.raw(f"{method} {target} HTTP/1.1\r\nHost: x\r\nX-Request-Id: {name}\r\n"
              "Connection: close\r\n\r\n".encode("latin-1"))
    line = line_of(front, name)
    assert line["path"] == path and "route" not in line
    assert "hunter2" not in front.log() and "secret=x" not in front.log()


@pytest.mark.parametrize("method", ["M" * 5000, "\x01" * 5000])
def test_a_method_is_logged_in_short(front, unique, method):
    name = unique("r")
    front.raw(f"{method} /health HTTP/1.1\r\nHost: x\r\nX-Request-Id: {name}\r\n"
              "Connection: close\r\n\r\n".encode())
    assert len(line_of(front, name)["method"]) == 24


def test_a_route_is_logged_as_one(front, unique):
    name = unique("r")
    front.request("GET", f"{PRODUCTS}/dp:none", None, {"X-Request-Id": name})
    line = line_of(front, name)
    assert line["route"] == PRODUCTS + "/{id}" and "path" not in line


def test_probes_are_not_logged(make_front, make_cluster, unique):
    """Unless they fail, or all is asked for."""
    cluster = make_cluster()
    fronts = make_front(cluster), make_front(cluster, DPMETA_LOG="probes")
    for front in fronts:
        for path in ("/health", "/ready", "/metrics"):
            assert front.request("GET", path).status == front.request("HEAD", path).status == 200
        assert front.request("PUT", "/health").status == 405
        front.request("GET", "/nothing", None, {"X-Request-Id": "last"})
        line_of(front, "last")
    assert [line["status"] for line in lines(fronts[0])] == [405, 404]
    assert {line.get("route") for line in lines(fronts[1])} == {"/health", "/ready", "/metrics", None}
    cluster.stop()
    wait_for(lambda: fronts[0].request("GET", "/ready").status == 503)
    wait_for(lambda: [line for line in lines(fronts[0])
                      if line.get("route") == "/ready" and line["status"] == 503])


@pytest.mark.parametrize("settings, told", [
    ({"DPMETA_PORT": "x", "DPMETA_LANES": "0", "DPMETA_FOO": "1", "DPMETA_CORS_ORIGINS": "y"},
     ["DPMETA_PORT", "DPMETA_LANES", "DPMETA_FOO"]),
    ({"DPMETA_CORS_ORIGINS": "y", "DPMETA_TRUSTED_PROXIES": "z", "DPMETA_AUTH": "on",
      "DPMETA_TLS_CERT": "/nowhere"},
     ["DPMETA_CORS_ORIGINS", "DPMETA_TRUSTED_PROXIES", "DPMETA_AUTH=off", "DPMETA_TLS_KEY"]),
    ({"DPMETA_LISTEN": "nowhere"}, ["DPMETA_LISTEN"]), ({"DPMETA_LISTEN": "0.0.0.0"}, ["loopback"]),
    ({"DPMETA_TLS_CERT": "/nowhere", "DPMETA_TLS_KEY": "/nowhere"}, ["DPMETA_TLS_CERT"]),
    ({"DPMETA_LISTEN": "192.0.2.1", "DPMETA_AUTH": "off-trusted-network"}, ["192.0.2.1"]),
    ({"DPMETA_PORT": "hunter2\n\"\\\xff"}, ["DPMETA_PORT"]), ({"DPMETA_\n\"": "x"}, ["unknown variable"]),
], ids=lambda value: "" if isinstance(value, list) else ",".join(value).encode("unicode_escape").decode())
def test_refusals_are_lines_of_the_log(front_binary, settings, told):
    """One JSON object for each fault, whatever is wrong."""
    done = subprocess.run([front_binary], env={"DPMETA_AUTH": "off", "DPMETA_PORT": "0", **settings},
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=180)
    found = [json.loads(line) for line in done.stderr.splitlines()]
    refusals = [line["message"] for line in found if line["event"] == "start-refused"]
    assert done.returncode == 1 and done.stdout == ""
    assert len(refusals) == len(told) and "hunter2" not in done.stderr
    for name in told:
        assert any(name in message for message in refusals), (name, refusals)
    assert all(line["level"] == "error" for line in found if line["event"] == "start-refused")


def test_ready_says_what_is_wrong(make_front, make_cluster):
    cluster = make_cluster()
    front = make_front(cluster)
    answer = front.request("GET", "/ready")
    version = cluster.sql("SELECT extversion FROM pg_extension WHERE extname = 'dpmeta'")[0][0]
    assert answer.json["status"] == "ready" and answer.json["extension"] == version
    assert answer.json["serves"] == "1.1 or later"
    superuser = cluster.sql("SELECT rolname FROM pg_roles WHERE rolsuper")[0][0]
    for version, sentence in (("0.9", "is version 0.9 and version 1.1 is needed"),
                              ("1.0", "is version 1.0")):
        cluster.sql("UPDATE pg_extension SET extversion = %s WHERE extname = 'dpmeta'",
                    (version,), role=superuser)
        problem = check_problem(front.request("GET", "/ready"), 503, "not-ready")
        assert sentence in problem["detail"] and "ALTER EXTENSION" in problem["hint"]
        assert metric(metrics(front), "dpmeta_http_extension_info", version=version) == 1
    for version in ("1.1", "1.10", "2.0"):
        cluster.sql("UPDATE pg_extension SET extversion = %s WHERE extname = 'dpmeta'",
                    (version,), role=superuser)
        assert front.request("GET", "/ready").status == 200
    cluster.stop()
    wait_for(lambda: front.request("GET", "/ready").status == 503)
    problem = check_problem(front.request("GET", "/ready"), 503, AWAY)
    assert "database" in problem["detail"]
    assert front.request("GET", "/health").status == 200


def test_ready_keeps_secrets(make_front):
    front = make_front(ready=False,
                       DPMETA_DATABASE_URL="postgresql://u:hunter2@127.0.0.1:1/nowhere")
    answer = front.request("GET", "/ready")
    check_problem(answer, 503, AWAY)
    everything = f"{answer.headers}{answer.body}{metrics(front)}{front.log()}"
    assert "hunter2" not in everything and "nowhere" not in str(answer.body)


def test_ready_without_keys(make_front, cluster):
    front = make_front(cluster, ready=False, DPMETA_AUTH="on",
                       DPMETA_OIDC_ISSUER="http://127.0.0.1:1", DPMETA_OIDC_AUDIENCE="a")

    def problem():
        answer = front.request("GET", "/ready")
        return answer if b"not-ready" in answer.body else None

    assert "identity provider" in check_problem(wait_for(problem), 503, "not-ready")["detail"]


def test_documentation_names_what_there_is(make_front, front_binary, cluster, scratch):
    with open(os.path.join(TOP, "docs/gateway.md"), encoding="utf-8") as file:
        text = file.read()
    told = subprocess.run([front_binary, "--help"], stdout=subprocess.PIPE, text=True).stdout
    for name in set(re.findall(r"DPMETA_\w+", text)):
        assert f"  {name} (default: " in told or f"or {name}: a file" in told, name
    for name, default in re.findall(r"`(DPMETA_\w+)` \((\w+)\)", text):
        assert f"  {name} (default: {default})" in told.replace("(default: 0)", "(default: none)")
    certificate, key = make_certificate(scratch, stem="documented")
    front = make_front(cluster, ready=False, DPMETA_TLS_CERT=certificate, DPMETA_TLS_KEY=key,
                       DPMETA_AUTH="on", DPMETA_OIDC_ISSUER="http://127.0.0.1:1",
                       DPMETA_OIDC_AUDIENCE="a", DPMETA_PROXY_PROTOCOL="on",
                       DPMETA_TRUSTED_PROXIES="192.0.2.1")
    context = trusting(certificate)

    def shown():
        body = https(front, context, "GET", "/metrics").body.decode()
        return body if "dpmeta_http_extension_info" in body else None

    names = set(re.findall(r"^# TYPE (\w+)", wait_for(shown), re.M))
    assert set(re.findall(r"dpmeta_http_\w+", text)) <= names
