"""Short reads that come together are sent to the database together; each still
has the answer that it would have had alone.
"""

import signal
import threading

from documents import PRODUCTS, connect, register
from gateway import wait_for

ROUNDS = 20
WIDTH = 24


def ask_at_once(front, paths, headers):
    """All are sent before any answer is read, so that the loop sees many."""
    connections = [front.connection() for _ in paths]
    for connection in connections:
        connection.connect()
    for _ in range(ROUNDS):
        for connection, path in zip(connections, paths):
            connection.request("GET", path, headers=headers)
        answers = [connection.getresponse() for connection in connections]
        yield [(answer.status, answer.read()) for answer in answers]
    for connection in connections:
        connection.close()


def check_answers(front, name, headers):
    """Every third is there, the others fail in two ways."""
    paths = [f"{PRODUCTS}/dp:{name}", f"{PRODUCTS}/dp:{name}_absent",
             f"{PRODUCTS}/dp:{name}:v7"] * (WIDTH // 3)
    for answers in ask_at_once(front, paths, headers):
        assert [status for status, _ in answers] == [200, 404, 404] * (WIDTH // 3)
        for path, (status, body) in zip(paths, answers):
            identity = path.rpartition("/")[2]
            expected = f'"id":"{identity}:v1.0"' if status == 200 else f"id {identity}\""
            assert expected.encode() in body, (path, body)


def test_errors_stay_with_their_requests(cluster, make_front, unique):
    front = make_front(cluster, DPMETA_LANES=1)
    name = unique()
    register(front, name)
    check_answers(front, name, {})


def test_first_use_by_one_that_fails(cluster, make_front, unique):
    """What a failed one kept from being prepared is prepared again."""
    front = make_front(cluster, DPMETA_LANES=2)
    name = unique()
    check = front.request("GET", f"/v1/schemas/dp:{name}:t")
    assert check.status == 404
    register(front, name)
    check_answers(front, name, {})


def test_traced_ones_among_others(cluster, make_front, unique):
    front = make_front(cluster, DPMETA_LANES=1)
    name = unique()
    register(front, name)
    check_answers(front, name, {
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"})


def test_all_lost_with_the_connection(make_cluster, make_front, unique):
    """A group whose backend ends is answered, one by one, and the next works."""
    cluster = make_cluster()
    front = make_front(cluster, DPMETA_LANES=1)
    name = unique()
    register(front, name)
    path = f"{PRODUCTS}/dp:{name}"
    for number, answers in enumerate(ask_at_once(front, [path] * WIDTH, {})):
        assert {status for status, _ in answers} <= {200, 503}
        if number % 5 == 0:
            cluster.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE usename = 'dpmeta_front'")
    front.wait()
    assert front.request("GET", path).status == 200


SLOW_REFUSAL = """
    CREATE OR REPLACE FUNCTION dpmeta.refuse_slowly() RETURNS void LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM pg_sleep(1.5);
            RAISE EXCEPTION 'no' USING ERRCODE = 'MD002';
        END $$;
    GRANT EXECUTE ON FUNCTION dpmeta.refuse_slowly() TO PUBLIC"""


def test_no_statement_is_believed_prepared(make_cluster, make_front, unique):
    """The first of a group fails, so that the second's Prepare is skipped; a third
    came meanwhile, for the same statement on the same lane.
    """
    cluster = make_cluster()
    name = unique()
    front = make_front(cluster, DPMETA_LANES=1)
    register(front, name)
    cluster.sql(SLOW_REFUSAL)
    head = cluster.sql("SELECT pg_get_functiondef('dpmeta.get_data_product(dpmeta.dpid, timestamptz)'::regprocedure)")[0][0]
    head = head.partition("\nAS ")[0].replace("LANGUAGE c", "LANGUAGE plpgsql")
    cluster.sql(head.replace("LANGUAGE sql", "LANGUAGE plpgsql") +
                " AS $$ BEGIN PERFORM dpmeta.refuse_slowly(); END $$")
    front.process.send_signal(signal.SIGSTOP)
    socks = [connect(front), connect(front)]
    for sock, path in zip(socks, (f"{PRODUCTS}/dp:{name}", f"/v1/schemas/dp:{name}:t")):
        sock.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    front.process.send_signal(signal.SIGCONT)
    wait_for(lambda: cluster.sql("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'"))
    third = []
    late = threading.Thread(target=lambda: third.append(
        front.request("GET", f"/v1/schemas/dp:{name}:t")))
    late.start()
    answers = [sock.recv(65536).split(b"\r\n")[0] for sock in socks]
    late.join(180)
    assert answers == [b"HTTP/1.1 404 Not Found"] * 2
    assert third[0].status == 404, third
    assert "26000" not in front.log()
    for sock in socks:
        sock.close()
