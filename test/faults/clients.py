"""Clients that work, and record each attempt with what came back.

Each write has a mark of its own in a description, by which the judge finds it in
the store.  One whose outcome is not known is tried again, as it was.
"""

import http.client
import json
import threading
import time

PRODUCTS, SCHEMAS = "/v1/data-products", "/v1/schemas"
JSON, MERGE = "application/json", "application/merge-patch+json"
# Of these nobody knows whether the write went through.
UNKNOWN = (500, 502, 503, 504)
SECONDS_FOR_AN_ANSWER = 10


def product(mark):
    return {"description": mark, "domain": "HQ", "dataProductOwner": "o@example.org",
            "dataProductOwnerDisplayName": "O", "email": "c@example.org", "status": "draft",
            "retentionPeriod": 1, "dpiaRequired": False}


def table(mark):
    return {"tableDescription": mark, "columns": [
        {"name": "id", "type": "bigint", "description": ""}]}


class Client(threading.Thread):
    """number: of the client; ports: of the ways to the fronts; names: of products."""

    def __init__(self, number, random, ports, names, history, stop):
        super().__init__(daemon=True)
        self.number, self.random, self.ports = number, random, ports
        self.names, self.history, self.stop = names, history, stop
        self.operations = self.attempts = 0
        self.connections = {}
        self.failure = None
        self.turns = [(self.put, 20), (self.patch, 15), (self.put_table, 15),
                      (self.guarded, 20), (self.guarded_table, 5), (self.register, 4),
                      (self.read, 15), (self.read_table, 6), (self.list, 3)]

    def run(self):
        turns, weights = zip(*self.turns)
        try:
            while not self.stop.is_set():
                self.random.choices(turns, weights)[0](self.random.choice(self.names))
        except Exception as error:      # told by the run, for it is a fault of the tool
            self.failure = error

    # What they do.

    def put(self, name):
        mark = self.mark()
        self.write("PUT", f"{PRODUCTS}/dp:{name}", name, mark, product(mark))

    def patch(self, name):
        mark = self.mark()
        self.write("PATCH", f"{PRODUCTS}/dp:{name}", name, mark, {"description": mark})

    def put_table(self, name):
        mark = self.mark()
        self.write("PUT", f"{SCHEMAS}/dp:{name}:t", name, mark, table(mark))

    def register(self, _):
        """A product of its own, and a table of it."""
        mark = self.mark()
        name = "n_" + mark
        if self.write("POST", PRODUCTS, name, mark, {**product(mark), "name": name}):
            mark = self.mark()
            self.write("POST", f"{SCHEMAS}/dp:{name}:t", name, mark, table(mark))

    def guarded(self, name):
        self.write_guarded(f"{PRODUCTS}/dp:{name}", name, product)

    def guarded_table(self, name):
        self.write_guarded(f"{SCHEMAS}/dp:{name}:t", name, table)

    def write_guarded(self, path, name, document):
        seen = self.ask("GET", path, name)
        if seen and seen["status"] == 200:
            mark = self.mark()
            self.write("PUT", path, name, mark, document(mark),
                       {"If-Match": seen["etag"]}, seen["version"])

    def read(self, name):
        self.ask("GET", f"{PRODUCTS}/dp:{name}", name)

    def read_table(self, name):
        self.ask("GET", f"{SCHEMAS}/dp:{name}:t", name)

    def list(self, name):
        self.ask("GET", f"{PRODUCTS}?owner=o@example.org&limit=20", name)

    # How they do it.

    def mark(self):
        self.operations += 1
        return f"m{self.number}_{self.operations}"

    def write(self, method, path, name, mark, body, headers=None, base=None):
        headers = dict(headers or {})
        if self.random.random() < 0.3:
            headers["Idempotency-Key"] = f"key-{mark}"
        return self.until_known({
            "product": name, "mark": mark, "method": method, "path": path,
            "key": headers.get("Idempotency-Key"), "base": base}, body, headers)

    def ask(self, method, path, name):
        return self.until_known({"product": name, "mark": None, "method": method,
                                 "path": path, "key": None, "base": None}, None, {})

    def until_known(self, request, body, headers):
        """The last attempt's record; nothing when the end came before."""
        limit = time.monotonic() + 180
        number = 0
        while time.monotonic() < limit:
            number += 1
            record = self.attempt({**request, "attempt": number}, body, headers)
            if record["status"] is not None and record["status"] not in UNKNOWN:
                return record
            if self.stop.is_set() and request["mark"] is None:
                return None
            time.sleep(self.random.uniform(0.02, 0.5))
        return None

    def attempt(self, record, body, headers):
        port = self.random.choice(self.ports)
        self.attempts += 1
        asked = f"c{self.number}-{self.attempts}"
        if record["method"] != "GET":
            headers = {**headers, "Content-Type":
                       MERGE if record["method"] == "PATCH" else JSON}
        record.update(type="answer", client=self.number, asked=asked, began=self.history.now(),
                      status=None, got=None, replayed=False, etag=None, body=None,
                      version=None)
        try:
            self.send(port, record, body, {**headers, "X-Request-Id": asked})
        except (OSError, http.client.HTTPException) as error:
            record["error"] = repr(error)
            self.connections.pop(port).close()
        record["ended"] = self.history.now()
        self.history.add(record)
        return record

    def send(self, port, record, body, headers):
        if port not in self.connections:
            self.connections[port] = http.client.HTTPConnection(
                "127.0.0.1", port, timeout=SECONDS_FOR_AN_ANSWER)
        connection = self.connections[port]
        connection.request(record["method"], record["path"],
                           None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        record.update(got=answer.headers["X-Request-Id"], etag=answer.headers["ETag"],
                      replayed=answer.headers["idempotent-replayed"] == "true",
                      body=text, status=answer.status)
        if answer.status < 300 and text.startswith("{"):
            record["version"] = version_of(json.loads(text))


def version_of(document):
    """Of a product or of a table's schema."""
    return document["id"].split(":")[2]
