"""The database away and back, SIGTERM, and settings that are refused."""

import json
import signal
import socket
import subprocess
import threading
import time
from urllib.parse import parse_qs, urlsplit

import pytest

from documents import AWAY, PRODUCTS, check_problem, connect, product, register
from gateway import wait_for
from ports import free_port


def test_database_stopped_and_back(make_cluster, make_front, unique):
    cluster = make_cluster()
    front = make_front(cluster)
    name = unique()
    register(front, name)
    cluster.stop()
    for method, path, body in (("GET", f"{PRODUCTS}/dp:{name}", None),
                               ("PUT", f"{PRODUCTS}/dp:{name}", product()),
                               ("GET", PRODUCTS, None), ("GET", "/ready", None)):
        answer = front.request(method, path, body)
        check_problem(answer, 503, AWAY)
        assert int(answer.headers["Retry-After"]) >= 1
    assert front.request("GET", "/health").status == 200
    cluster.start()
    front.wait()
    assert front.request("GET", f"{PRODUCTS}/dp:{name}").status == 200
    assert front.request("PUT", f"{PRODUCTS}/dp:{name}",
                         product(description="B")).json["version"] == "v1.1"


def test_started_before_its_database(make_cluster, make_front, scratch):
    cluster = make_cluster()
    cluster.stop()
    front = make_front(cluster, ready=False)
    check_problem(front.request("GET", "/ready"), 503)
    cluster.start()
    front.wait()


def pump(source, sink):
    try:
        for data in iter(lambda: source.recv(65536), b""):
            sink.sendall(data)
    except OSError:
        pass
    sink.close()


def forward(listener, url):
    """Whoever connects reaches the cluster, from now until the listener is shut down."""
    query = parse_qs(urlsplit(url).query)
    path = f"{query['host'][0]}/.s.PGSQL.{query['port'][0]}"
    while True:
        try:
            client = listener.accept()[0]
        except OSError:
            return
        server = socket.socket(socket.AF_UNIX)
        server.connect(path)
        for pair in ((client, server), (server, client)):
            threading.Thread(target=pump, args=pair, daemon=True).start()


@pytest.mark.parametrize("comes", [True, False])
def test_before_the_first_connection(cluster, make_front, unique, comes):
    """Nobody knows yet whether the database is there: requests wait until that is seen."""
    url = cluster.url("dpmeta_front")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        front = make_front(ready=False, DPMETA_DATABASE_URL=(
            f"postgresql://dpmeta_front@127.0.0.1:{listener.getsockname()[1]}/dpmeta"))
        answers = []
        threads = [threading.Thread(target=lambda p=path: answers.append(front.request("GET", p)))
                   for path in (f"{PRODUCTS}/dp:{unique()}", PRODUCTS, f"{PRODUCTS}?limit=1")]
        for thread in threads:
            thread.start()
        wait_for(lambda: front_in_flight(front) == 3)
        assert answers == []
        forwarder = threading.Thread(target=forward, args=(listener, url))
        if comes:
            forwarder.start()
        else:
            listener.accept()[0].close()
        for thread in threads:
            thread.join(180)
        assert sorted(a.status for a in answers) == ([200, 200, 404] if comes else [503] * 3)
        if not comes:
            check_problem(answers[0], 503, AWAY)
        front.stop()
        listener.shutdown(socket.SHUT_RDWR)
        if comes:
            forwarder.join()


def test_without_the_extension(make_cluster, make_front):
    cluster = make_cluster()
    front = make_front(None, ready=False,
                       DPMETA_DATABASE_URL=cluster.url("dpmeta_front", "postgres"))
    wait_for(lambda: "not-ready" in front.request("GET", "/ready").body.decode())
    problem = check_problem(front.request("GET", "/ready"), 503, "not-ready")
    assert "CREATE EXTENSION" in problem["hint"]


def test_extension_dropped_and_back(make_cluster, make_front, unique):
    """Not a fault of the front, nor of the request: 503, until it is there again."""
    cluster = make_cluster()
    front = make_front(cluster)
    superuser = cluster.sql("SELECT rolname FROM pg_roles WHERE rolsuper")[0][0]
    name = unique()
    register(front, name)
    for lack, back in (("DROP EXTENSION dpmeta CASCADE",
                        "CREATE EXTENSION dpmeta; SELECT dpmeta.grant_front('dpmeta_front')"),
                       ("REVOKE ALL ON SCHEMA dpmeta FROM dpmeta_front, PUBLIC",
                        "SELECT dpmeta.grant_front('dpmeta_front')")):
        cluster.sql(lack, role=superuser)
        for _ in range(20):
            for method, path, body in (("GET", f"{PRODUCTS}/dp:{name}", None), ("GET", PRODUCTS, None),
                                       ("POST", PRODUCTS, product(unique()))):
                answer = front.request(method, path, body)
                problem = check_problem(answer, 503, "not-ready")
                assert "operator" in problem["hint"] and answer.headers["Retry-After"]
                assert "schema" not in problem["detail"]
        front.wait_for_log('"database-error"')
        cluster.sql(back, role=superuser)
        for _ in range(20):
            assert front.request("GET", f"{PRODUCTS}/dp:{unique()}").status == 404
        assert front.request("POST", PRODUCTS, product(unique())).status == 201


def test_reads_have_their_own_database(make_cluster, make_front, unique):
    one, two = make_cluster(), make_cluster()
    front = make_front(one, DPMETA_READ_DATABASE_URL=two.url("dpmeta_front"))
    name = unique()
    register(front, name)
    assert front.request("GET", f"{PRODUCTS}/dp:{name}").status == 404
    one.stop()
    assert front.request("GET", f"{PRODUCTS}/dp:{name}").status == 404
    check_problem(front.request("POST", PRODUCTS, product(unique())), 503)


@pytest.mark.parametrize("lanes", [1, 2])
def test_few_lanes(make_front, cluster, unique, lanes):
    front = make_front(cluster, DPMETA_LANES=lanes, DPMETA_PIPELINE=2)
    name = unique()
    register(front, name)
    failures = []

    def client(number):
        for turn in range(20):
            answer = front.request("GET", f"{PRODUCTS}/dp:{name}") if turn % 4 else \
                front.request("PUT", f"{PRODUCTS}/dp:{name}",
                              product(description=f"{number} {turn}"))
            if answer.status != 200:
                failures.append(answer)

    threads = [threading.Thread(target=client, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(180)
    assert failures == []


def hold_product(cluster, name):
    holder = cluster.connect(autocommit=False)
    holder.cursor().execute("SELECT dpmeta.update_data_product(%s, %s::jsonb)",
                            (f"dp:{name}", json.dumps(product(description="held"))))
    return holder


def start_updates(front, name, count):
    """Clients that update a product at once: their threads, and the answers so far."""
    answers = []
    threads = [threading.Thread(target=lambda n=n: answers.append(front.request(
        "PUT", f"{PRODUCTS}/dp:{name}", product(description=str(n))))) for n in range(count)]
    for thread in threads:
        thread.start()
    return threads, answers


def test_queue_is_bounded(make_front, cluster, unique):
    front = make_front(cluster, DPMETA_LANES=2, DPMETA_QUEUE=2,
                       DPMETA_QUEUE_TIMEOUT="300ms")
    name = unique()
    register(front, name)
    holder = hold_product(cluster, name)
    threads, answers = start_updates(front, name, 8)
    # Sooner than the one that holds the lane would wake the front.
    wait_for(lambda: len(answers) == 7, seconds=20)
    # One has the lane, two waited too long, five did not get to wait.
    assert [a.status for a in answers] == [503] * 7
    for answer in answers:
        check_problem(answer, 503, "busy")
        assert answer.headers["Retry-After"]
    # Reads have the other lane.
    assert front.request("GET", f"{PRODUCTS}/dp:{name}").status == 200
    holder.rollback()
    holder.close()
    for thread in threads:
        thread.join(180)
    assert sorted(a.status for a in answers) == [200] + [503] * 7


def test_statement_timeout(make_front, front, cluster, unique):
    hasty = make_front(cluster, DPMETA_STATEMENT_TIMEOUT="300ms")
    name = unique()
    register(front, name)
    holder = hold_product(cluster, name)
    answer = hasty.request("PUT", f"{PRODUCTS}/dp:{name}", product(description="C"))
    check_problem(answer, 503, "statement-stopped")
    holder.rollback()
    holder.close()
    # A slow machine may need more than that for any write.
    wait_for(lambda: hasty.request("PUT", f"{PRODUCTS}/dp:{name}", product(description="C")).status == 200)


# Its first try fails as one of two that cannot be serialized would.
FAILS_ONCE = """
    CREATE SEQUENCE public.tries;
    CREATE FUNCTION public.fail_once() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF nextval('public.tries') = 1 THEN
                PERFORM pg_sleep(3);
                RAISE serialization_failure;
            END IF;
            RETURN NEW;
        END $$;
    GRANT ALL ON SEQUENCE public.tries TO public;
    CREATE TRIGGER fail_once BEFORE INSERT ON dpmeta.product_version
        FOR EACH ROW EXECUTE FUNCTION public.fail_once()"""


def test_write_tried_again_without_its_client(make_cluster, make_front, unique):
    """It hung up meanwhile, and a connection that waits does not time out: it is done."""
    cluster = make_cluster()
    cluster.sql(FAILS_ONCE)
    front = make_front(cluster, DPMETA_IDLE_TIMEOUT="1s")
    document, key = product(unique()), "k" * 200
    body = json.dumps(document).encode()
    head = (f"POST {PRODUCTS} HTTP/1.1\r\nHost: x\r\nIdempotency-Key: {key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n")

    def first_try():
        return cluster.sql("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'")

    with connect(front) as client:
        client.sendall(head.encode() + body)
        wait_for(first_try)
        time.sleep(1.5)         # more than is idle
    # Others have its memory.
    for _ in range(100):
        front.request("GET", "/health", headers={"x": "x" * 4000})
    wait_for(lambda: not first_try())
    answer = front.request("POST", PRODUCTS, document, {"Idempotency-Key": key})
    assert answer.status == 201 and answer.headers["idempotent-replayed"] == "true", answer


def test_sigterm_serves_who_was_let_in(make_front, cluster, unique):
    """Connections that the system has accepted, and the front not yet."""
    front = make_front(cluster)
    name = unique()
    register(front, name)
    front.process.send_signal(signal.SIGSTOP)
    socks = [connect(front) for _ in range(200)]
    for sock in socks:
        sock.sendall(f"GET {PRODUCTS}/dp:{name} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    front.process.terminate()
    front.process.send_signal(signal.SIGCONT)
    for sock in socks:
        assert sock.recv(65536).startswith(b"HTTP/1.1 200")
        sock.close()
    assert front.process.wait(180) == 0


def test_fronts_replaced_under_load(make_front, cluster, unique):
    """Two on one port at a time: the old one leaves once the new one is ready."""
    shared = {"DPMETA_PORT": free_port(), "DPMETA_REUSE_PORT": "on", "DPMETA_LANES": 2}
    front = make_front(cluster, **shared)
    name = unique()
    register(front, name)
    stop = threading.Event()
    wrong, done, reset = [], [], []

    def client():
        while not stop.is_set():
            try:
                answer = front.request("GET", f"{PRODUCTS}/dp:{name}")
            except ConnectionResetError as error:
                reset.append(error)
            else:
                (done if answer.status == 200 else wrong).append(answer)

    threads = [threading.Thread(target=client) for _ in range(4)]
    for thread in threads:
        thread.start()
    old = front
    for _ in range(4):
        new = make_front(cluster, **shared)
        new.wait_for_log('"listening"')     # /ready may have been the old one's
        served = len(done)
        wait_for(lambda: len(done) > served + 20)
        assert old.stop() == 0
        old = new
    stop.set()
    for thread in threads:
        thread.join(180)
    assert wrong == [] and len(done) > 50
    # In the microseconds before a socket is closed the system may let one in.
    assert len(reset) <= 1


def test_sigterm_finishes_what_is_in_flight(make_front, cluster, unique):
    front = make_front(cluster)
    name = unique()
    register(front, name)
    holder = hold_product(cluster, name)
    threads, answers = start_updates(front, name, 32)
    wait_for(lambda: front_in_flight(front) == 32)
    front.process.terminate()
    time.sleep(0.2)
    assert answers == []
    holder.rollback()
    holder.close()
    for thread in threads:
        thread.join(180)
    assert [a.status for a in answers] == [200] * 32
    assert {a.headers["Connection"] for a in answers} == {"close"}
    assert front.process.wait(180) == 0
    with pytest.raises(OSError):
        connect(front)


def front_in_flight(front):
    """Connections that are open beside the one that asks."""
    for line in front.request("GET", "/metrics").body.decode().splitlines():
        if line.startswith("dpmeta_http_connections "):
            return int(line.split()[1]) - 1
    return 0


def test_sigterm_under_load_loses_nothing(make_front, cluster, unique):
    """32 clients that keep their connections: each request is answered."""
    front = make_front(cluster)
    name = unique()
    register(front, name)
    lost, answered = [], []

    def client(connection):
        while True:
            try:
                connection.request("GET", f"{PRODUCTS}/dp:{name}")
                answer = connection.getresponse()
            except OSError as error:
                lost.append(error)
                return
            answer.read()
            answered.append(answer.status)
            if answer.will_close:
                return

    connections = [front.connection() for _ in range(32)]
    for connection in connections:
        connection.connect()    # A client that comes later is refused, and rightly.
    threads = [threading.Thread(target=client, args=(c,)) for c in connections]
    for thread in threads:
        thread.start()
    wait_for(lambda: len(answered) > 200)
    front.process.terminate()
    for thread in threads:
        thread.join(180)
    assert lost == [] and set(answered) == {200}
    assert front.process.wait(180) == 0


def test_sigterm_with_idle_connections(make_front, cluster):
    front = make_front(cluster)
    idle = [connect(front) for _ in range(5)]
    half = connect(front)
    half.sendall(b"GET /health HTTP/1.1\r\n")
    assert front.stop(180) == 0
    for sock in idle + [half]:
        sock.close()


def run(front_binary, *arguments, **env):
    return subprocess.run([front_binary, *arguments], env={"PATH": "/usr/bin", **env},
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          timeout=180)


def test_help_and_version(front_binary):
    text = run(front_binary, "--help").stdout
    for name in ("DPMETA_DATABASE_URL", "DPMETA_PORT", "DPMETA_LANES", "DPMETA_MAX_BODY"):
        assert f"  {name} (default: " in text
    assert run(front_binary, "--version").stdout.startswith("dpmeta-http ")
    wrong = run(front_binary, "--wrong")
    assert wrong.returncode != 0 and "--wrong" in wrong.stderr


@pytest.mark.parametrize("name, value", [
    ("DPMETA_PORTS", "1"), ("DPMETA_", "1"), ("DPMETA_PORT", "65536"), ("DPMETA_PORT", ""),
    ("DPMETA_PORT", "80x"), ("DPMETA_PORT", "-1"), ("DPMETA_LANES", "0"),
    ("DPMETA_MAX_BODY", "1XB"), ("DPMETA_MAX_BODY", "99999999999999999999MB"),
    ("DPMETA_AUTH", "no"), ("DPMETA_QUEUE_TIMEOUT", "5h"), ("DPMETA_LOG", "loud"),
    ("DPMETA_DATABASE_URL", ""), ("DPMETA_REUSE_PORT", "1"),
])
def test_settings_that_are_refused(front_binary, name, value):
    done = run(front_binary, **{"DPMETA_AUTH": "off", name: value})
    assert done.returncode != 0
    assert name in done.stderr
    assert "secret" not in done.stderr


def test_open_door_is_refused(front_binary):
    done = run(front_binary, DPMETA_AUTH="off", DPMETA_LISTEN="0.0.0.0", DPMETA_PORT="0")
    assert done.returncode != 0 and "DPMETA_AUTH" in done.stderr
    done = run(front_binary, DPMETA_AUTH="off", DPMETA_LISTEN="no address")
    assert done.returncode != 0 and "DPMETA_LISTEN" in done.stderr


def test_port_is_taken(front_binary, front):
    done = run(front_binary, DPMETA_AUTH="off", DPMETA_PORT=str(front.port))
    assert done.returncode != 0 and str(front.port) in done.stderr


def test_log_lines(make_front, cluster, unique):
    front = make_front(cluster)
    name = unique()
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    secret = "secret" + unique()
    front.request("POST", PRODUCTS, product(name, description=secret),
                  {"traceparent": trace, "X-Request-Id": "r1", "Authorization": "Bearer " + secret})
    front.request("GET", f"/v1/schemas/dp:{name}:v1.0:tab", None, {"X-Request-Id": "r2"})
    front.stop()
    lines = {}
    for line in front.log().splitlines():
        entry = json.loads(line)
        lines[entry.get("requestId")] = entry
    assert secret not in front.log()
    post, get = lines["r1"], lines["r2"]
    assert post["traceparent"] == trace and post["dataProduct"] == name
    assert (post["method"], post["route"], post["status"]) == ("POST", PRODUCTS, 201)
    assert (get["dataProduct"], get["table"], get["status"]) == (name, "tab", 404)
    assert get["microseconds"] >= 0


PASSWORD = "hunter2"


@pytest.mark.parametrize("url", [
    "dpmeta", PASSWORD, f"postgres//u:{PASSWORD}@h", f"postgresql://u:{PASSWORD}%zz@127.0.0.1/x",
    f"postgresql://u:a@{PASSWORD}@127.0.0.1/x", f"postgresql://u:a/{PASSWORD}@127.0.0.1/x",
    f"postgresql://u:1/{PASSWORD}@127.0.0.1/x", f"postgresql://u:a?b@{PASSWORD}@127.0.0.1/x",
    f"postgresql://u:{PASSWORD}@127.0.0.1:99999/x", f"postgresql://u:{PASSWORD}@127.0.0.1:0/x",
    f"postgresql://u:{PASSWORD}@127.0.0.1/x?colour=red", f"postgresql://u:{PASSWORD}@h:5432a/x",
    f"host=h password={PASSWORD} x", f"host=h password='{PASSWORD}", f"host=h port=x password={PASSWORD}",
])
def test_database_urls_that_are_refused(front_binary, url):
    """By their variable's name, and with nothing of what is in them."""
    for name in ("DPMETA_DATABASE_URL", "DPMETA_READ_DATABASE_URL"):
        done = subprocess.run([front_binary], env={"DPMETA_AUTH": "off", "DPMETA_PORT": "0", name: url},
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=180)
        assert done.returncode != 0
        assert f"malformed value of {name}" in done.stdout and "libpq URI" in done.stdout
        assert PASSWORD not in done.stdout


@pytest.mark.parametrize("url", [
    "postgresql://", "postgres:///x", "postgresql://u@:1/x?host=/nowhere",
    "postgresql://u:a%40b%2Fc%25@127.0.0.1:1,[::1]:1/x?application_name=a@b",
    "postgresql://u:a?b@127.0.0.1:1/x", "host=127.0.0.1,::1 port=1, dbname=x", "host=/nowhere",
])
def test_database_urls_that_are_taken(make_front, url):
    front = make_front(ready=False, DPMETA_DATABASE_URL=url)
    check_problem(front.request("GET", "/ready"), 503, AWAY)
