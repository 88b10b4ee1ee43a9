"""The front keeps to its memory, whatever fills it: deploy/'s limits, and less."""

import collections
import json
import os
import re
import subprocess

import pytest

import crowd
import memory_group
from cluster import TOP, as_server
from documents import JSON, SCHEMAS, at_once, register, schema
from front import FAULT_FINDERS
from gateway import metric, wait_for

MB = 1024 * 1024
NO_PROVIDER = {"DPMETA_AUTH": "on", "DPMETA_OIDC_ISSUER": "http://127.0.0.1:9/",
               "DPMETA_OIDC_AUDIENCE": "x"}

pytestmark = pytest.mark.skipif(FAULT_FINDERS, reason="what finds faults takes memory itself")


@pytest.fixture
def make_small(make_front):
    """make_small(MB, cluster, **variables): a front that has no more memory than that."""
    groups, fronts = [], []

    def make(size, cluster, **variables):
        group = memory_group.make(size * MB)
        if group is None:
            variables["DPMETA_MEMORY"] = f"{size}MB"
        else:
            groups.append(group)
        front = make_front(cluster, group=group, **variables)
        front.size = size
        fronts.append(front)
        return front

    yield make
    for front in fronts:
        front.discard()
    for group in groups:
        group.remove()


def most_resident(front):
    """The most MB that it ever had, without what of its files can be dropped."""
    with open(f"/proc/{front.process.pid}/status", encoding="ascii") as status:
        size = {line.split()[0]: int(line.split()[1]) for line in status if line.startswith(("VmHWM", "RssFile"))}
    return (size["VmHWM:"] - size["RssFile:"]) // 1024


def metrics(front):
    return front.request("GET", "/metrics").body.decode()


def check_lives(front):
    """It was not killed, and did not need what it said it would not."""
    assert front.process.poll() is None, front.log()[-3000:]
    assert front.request("GET", "/health").status == 200
    assert most_resident(front) < front.size
    print("most:", most_resident(front), "of", front.size, "MB")


def counts(clients):
    return collections.Counter(client.status for client in clients)


def test_connections(make_small, cluster):
    """4,000 at once, with a token of 3 kB each; whoever watches gets through."""
    front = make_small(128, cluster, ready=False, **NO_PROVIDER)
    seen = []

    def probe():
        if len(seen) < 5:
            seen.append(front.request("GET", "/health").status)

    request = b"GET /v1/data-products HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + \
        b"x" * 3000 + b"\r\n\r\n"
    answered = counts(crowd.run(front.port, 4000, request, meanwhile=probe))
    print(answered, seen)
    assert sum(answered.values()) == 4000 and set(answered) == {401, 503}, answered
    assert set(seen) == {200}
    assert answered[401] >= 0.9 * metric(metrics(front), "dpmeta_http_memory_budget_bytes", part="connections") / 80000
    check_lives(front)


def shipped():
    """The limits of deploy/, in MB."""
    found = {}
    for file in ("kubernetes/deployment.yaml", "compose.yaml", "systemd/dpmeta-http.service"):
        with open(os.path.join(TOP, "deploy", file), encoding="utf-8") as text:
            sizes = re.findall(r"(?:limits: .*memory: |^ +memory: |^MemoryMax=)(\d+)Mi?", text.read(), re.M)
        assert len(sizes) == 1, (file, sizes)
        found[file] = int(sizes[0])
    return found


@pytest.mark.parametrize("size", sorted(set(shipped().values())))
def test_shipped_limits(make_small, cluster, size):
    """What deploy/ ships has room for the defaults, and is not outgrown."""
    front = make_small(size, cluster, ready=False, **NO_PROVIDER)
    request = b"GET /v1/data-products HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + \
        b"x" * 16000 + b"\r\n\r\n"
    answered = counts(crowd.run(front.port, 4000, request))
    print(answered)
    assert set(answered) == {401, 503} and answered[401] > 1000, answered
    check_lives(front)


def test_unfinished_heads(make_small, cluster):
    """1,500 heads of 100 kB that do not end."""
    front = make_small(128, cluster, ready=False, DPMETA_REQUEST_TIMEOUT="2s", **NO_PROVIDER)
    for head in (b"GET /v1/data-products HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + b"x" * 100000,
                 b"GET /" + b"x" * 25000 + b" HTTP/1.1\r\nHost: x\r\n"):
        clients = crowd.run(front.port, 1500, head)
        print(counts(clients))
        assert all(client.done for client in clients)
        check_lives(front)
    wait_for(lambda: metric(metrics(front), "dpmeta_http_connections") == 1)


def test_bodies(make_small, cluster, unique):
    """300 bodies of 1 MB: what has no room is refused, and what was taken is done."""
    front = make_small(128, cluster)
    name = unique()
    register(front, name)
    document = schema(("a", "bigint"))
    document["columns"] = [{"name": f"c{n}", "type": "bigint", "description": "word " * 12000}
                           for n in range(17)]
    body = json.dumps(document).encode()

    def post(number):
        return front.request("POST", f"{SCHEMAS}/dp:{name}:t{number}", body, JSON)

    answers = at_once([lambda number=number: post(number) for number in range(300)])
    seen = collections.Counter(getattr(answer, "status", answer) for answer in answers)
    print(seen)
    assert set(seen) <= {201, 503} and seen[201] > 0, seen
    assert all(int(answer.headers["Retry-After"]) >= 1 for answer in answers if answer.status == 503)
    check_lives(front)
    tables = cluster.sql("SELECT count(DISTINCT table_name) FROM dpmeta.schemas WHERE data_product = %s", (name,))
    assert tables == [(seen[201],)]
    wait_for(lambda: metric(metrics(front), "dpmeta_http_bodies_held_bytes") == 0)
    for number in range(300, 310):
        assert post(number).status == 201
    check_lives(front)
    # without a length
    chunks = b"".join(b"10000\r\n" + b" " * 65536 + b"\r\n" for _ in range(15))
    head = f"POST {SCHEMAS}/dp:{name}:c HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n" \
        "Transfer-Encoding: chunked\r\n\r\n".encode()
    answered = counts(crowd.run(front.port, 300, head + chunks + b"0\r\n\r\n"))
    assert set(answered) <= {400, 503} and answered[400] > 0, answered
    check_lives(front)


def refused(front_binary, **variables):
    done = subprocess.run(as_server("env", *(f"{k}={v}" for k, v in variables.items()), "DPMETA_AUTH=off",
                                    front_binary), stderr=subprocess.PIPE, text=True, timeout=180)
    assert done.returncode != 0
    return done.stderr


def test_settings_that_do_not_fit(front_binary):
    for variables, lower in (
            ({"DPMETA_MAX_CONNECTIONS": "4096"}, "lower DPMETA_MAX_CONNECTIONS"),
            ({"DPMETA_MAX_ANSWERS": "512MB"}, "lower DPMETA_MAX_ANSWERS"),
            ({"DPMETA_MAX_BODIES": "512MB"}, "lower DPMETA_MAX_BODIES"),
            ({"DPMETA_MAX_BODY": "256MB"}, "lower DPMETA_MAX_BODY,"),
            ({"DPMETA_MAX_HEADER": "1MB"}, "DPMETA_MAX_HEADER"),
            ({"DPMETA_MAX_BODIES": "1MB"}, "less than twice DPMETA_MAX_BODY")):
        said = refused(front_binary, DPMETA_MEMORY="128MB", **variables)
        assert "start-refused" in said and lower in said, said


def test_sum(make_front, cluster):
    """It says what it may take, and lowers what nobody set."""
    front = make_front(cluster, DPMETA_MEMORY="128MB")
    front.wait_for_log("memory-lowered")
    text = metrics(front)
    parts = [float(line.split()[1]) for line in text.splitlines()
             if line.startswith("dpmeta_http_memory_budget_bytes{")]
    assert len(parts) == 8 and 120 * MB < sum(parts) <= 128 * MB
    front = make_front(cluster)
    front.wait_for_log('"event":"memory"')
    assert "memory-lowered" not in front.log()


def test_overload(make_front, cluster, unique):
    """1,500 who wait for a lock are not refused, and do not stand before a probe."""
    front = make_front(cluster, DPMETA_QUEUE_TIMEOUT="10min", DPMETA_STATEMENT_TIMEOUT="10min")
    name = unique()
    register(front, name)
    holder = cluster.connect(autocommit=False)
    with holder.cursor() as cursor:
        cursor.execute("LOCK TABLE dpmeta.product IN ACCESS EXCLUSIVE MODE")
    probes = []

    def watch():
        probes.append(front.request("GET", "/ready").status)
        if len(probes) == 10:
            holder.rollback()

    request = f"GET /v1/data-products/dp:{name} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    answered = counts(crowd.run(front.port, 1500, request, meanwhile=watch))
    holder.close()
    print(answered, probes)
    assert answered == {200: 1500} and set(probes) == {200}, (answered, probes)
