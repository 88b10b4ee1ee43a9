"""Documents to register, and the ways that the tests speak to a front."""

import http.client
import json
import socket
import threading

JSON = {"Content-Type": "application/json"}
PATCH = {"Content-Type": "application/merge-patch+json"}
PRODUCTS = "/v1/data-products"
SCHEMAS = "/v1/schemas"
CONTRACTS = "/v1/contracts"
# Of a server that was stopped: it says so as long as it is there to say it.
AWAY = ("database-away", "database-stopping")


def product(name=None, **changes):
    """A data product as it is registered; without a name, as it is updated."""
    document = {
        "name": name,
        "description": "What it holds",
        "domain": "HQ",
        "dataProductOwner": "owner@example.org",
        "dataProductOwnerDisplayName": "The Owner",
        "email": "contact@example.org",
        "status": "draft",
        "retentionPeriod": 365,
        "dpiaRequired": False,
        **changes,
    }
    if name is None:
        del document["name"]
    return document


def schema(*columns, description="A table"):
    """The schema of a table with these columns, as (name, type)."""
    return {
        "tableDescription": description,
        "columns": [{"name": n, "type": t, "description": ""}
                    for n, t in columns or [("id", "bigint")]],
    }


def register(front, name, **changes):
    answer = front.request("POST", PRODUCTS, product(name, **changes))
    assert answer.status == 201, answer
    return answer


def add_table(front, name, table, *columns):
    answer = front.request("POST", f"{SCHEMAS}/dp:{name}:{table}", schema(*columns))
    assert answer.status == 201, answer
    return answer


def check_problem(answer, status, kind=None, detail=None):
    """It is a whole problem of this status, and of this kind, or one of these, and sentence."""
    assert answer.status == status, answer
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json
    assert problem["status"] == status
    assert problem["type"].startswith("urn:dpmeta:problem:")
    assert problem["title"] and problem["detail"]
    assert problem["detail"][0] == problem["detail"][0].upper()
    assert problem["requestId"] == answer.headers["X-Request-Id"]
    assert "instance" in problem
    if kind is not None:
        kinds = [kind] if isinstance(kind, str) else kind
        assert problem["type"].rsplit(":", 1)[1] in kinds, problem
    if detail is not None:
        assert problem["detail"] == detail
    return problem


class RawAnswer:
    def __init__(self, data):
        head, _, self.body = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        self.status = int(lines[0].split()[1]) if len(lines[0].split()) > 1 else 0
        self.headers = http.client.HTTPMessage()
        for line in lines[1:]:
            name, _, value = line.partition(":")
            self.headers[name] = value.strip()

    @property
    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"<{self.status} {self.body[:300]!r}>"


def whole_answers(data):
    """Answers of known length, one behind the other, and nothing else."""
    answers = []
    while data:
        answer = RawAnswer(data)
        length = int(answer.headers["Content-Length"])
        assert len(answer.body) >= length, data
        data, answer.body = answer.body[length:], answer.body[:length]
        answers.append(answer)
    return answers


def raw(front, head, body=b""):
    """Bytes as they are, on a connection that closes behind the answer."""
    if isinstance(head, str):
        head = head.encode()
    return RawAnswer(front.raw(head.replace(b"\n", b"\r\n") + body))


def raw_get(front, target, *headers):
    if isinstance(target, str):
        target = target.encode()
    lines = b"".join(h.encode() + b"\r\n" for h in headers)
    return RawAnswer(front.raw(b"GET " + target + b" HTTP/1.1\r\nHost: x\r\n"
                               b"Connection: close\r\n" + lines + b"\r\n"))


def at_once(calls):
    """Run the calls at the same instant, each in a thread; their results."""
    results = [None] * len(calls)
    start = threading.Barrier(len(calls))

    def run(number):
        start.wait()
        try:
            results[number] = calls[number]()
        except Exception as error:  # shown by the assertion that follows
            results[number] = error

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return results


def connect(front, timeout=180):
    return socket.create_connection(("127.0.0.1", front.port), timeout)
