"""The OpenAPI document as a contract: is an answer what it promises?

    contract = Contract(front.request("GET", "/openapi.json").json)
    contract.check("GET", "/v1/data-products/dp:x", answer)

check() returns the operation's id; contract.seen has each (id, status) so far.
watch() is check() for all answers of a suite: of paths that the document has, and
of so many bodies of each kind.
"""

import collections
import copy
import functools
import re
import threading

import jsonschema

# What HTTP itself needs; every other header of an answer must be described.
FRAMING = {"date", "connection", "content-length", "transfer-encoding", "content-type"}

# Of each operation and status, and no larger: a suite asks thousands of times.
BODIES_WATCHED = 100
LARGEST_WATCHED = 50000


class Contract:
    def __init__(self, document):
        self.document = document
        self.strict = copy.deepcopy(document)
        for schema in self.strict["components"]["schemas"].values():
            _refuse_more(schema)
        # Those of every answer, which are told in words.
        told = next(tag["description"] for tag in document["tags"]
                    if tag["name"] == "Headers of every answer")
        self.everywhere = {word.lower() for word in re.findall("`([^`]*)`", told)}
        self.seen = set()
        self.problems = set()
        self.patterns = [(re.compile(re.sub(r"\{[^}]*\}", "[^/]+", path) + "/?"), item)
                         for path, item in document["paths"].items()]
        self.lock = threading.Lock()        # a resolver is for one thread
        self.bodies = collections.Counter()

    def operations(self):
        """(method, path, operation) of each."""
        for path, item in self.document["paths"].items():
            for method, operation in item.items():
                yield method.upper(), path, operation

    def resolve(self, node):
        while "$ref" in node:
            target = self.document
            for step in node["$ref"].lstrip("#/").split("/"):
                target = target[step]
            node = target
        return node

    @functools.lru_cache(10000)
    def find_operation(self, method, path):
        for pattern, item in self.patterns:
            if pattern.fullmatch(path) and method.lower() in item:
                return item[method.lower()]
        return None

    def operation(self, method, target):
        found = self.find_operation(method, target.split("?")[0])
        assert found, f"{method} {target} is not in the document"
        return found

    def watch(self, method, target, answer):
        """A path that is not in the document is only refused."""
        operation = self.find_operation("GET" if method == "HEAD" else method, target.split("?")[0])
        if operation is None or _is_library_own(answer):
            return
        where = f"{method} {target}: {answer}"
        assert str(answer.status) in operation["responses"], where
        response = self.resolve(operation["responses"][str(answer.status)])
        with self.lock:
            self._check_headers(response, answer, where)
            kind = (operation["operationId"], answer.status)
            self.bodies[kind] += 1
            if method != "HEAD" and self.bodies[kind] <= BODIES_WATCHED and len(answer.body) <= LARGEST_WATCHED:
                self._check_body(response, answer, where)

    def check(self, method, target, answer):
        operation = self.operation(method, target)
        name = operation["operationId"]
        where = f"{name}: {answer}"
        assert str(answer.status) in operation["responses"], where
        response = self.resolve(operation["responses"][str(answer.status)])
        self._check_headers(response, answer, where)
        self._check_body(response, answer, where)
        self.seen.add((name, answer.status))
        if answer.status >= 400:
            self.problems.add(answer.json["type"].rsplit(":", 1)[1])
        return name

    def _check_headers(self, response, answer, where):
        documented = {k.lower(): self.resolve(v) for k, v in response.get("headers", {}).items()}
        given = {k.lower() for k in answer.headers} - FRAMING
        unsaid = given - set(documented) - self.everywhere
        assert not unsaid, (unsaid, where)
        needed = {k for k, v in documented.items() if v.get("required")}
        assert needed <= given, (needed - given, where)

    def _check_body(self, response, answer, where):
        content = response.get("content")
        if content is None:
            assert answer.body == b"" and answer.headers["Content-Type"] is None, where
            return
        kind = answer.headers["Content-Type"].split(";")[0]
        if kind == "text/html":             # a browser gets a page instead
            return
        assert kind in content or "*/*" in content, where
        if "json" in kind:
            self.validate(content[kind]["schema"], answer.json)

    def validate(self, schema, value):
        """Without a member that the document does not know."""
        resolver = jsonschema.RefResolver("", self.strict)
        jsonschema.Draft202012Validator(
            schema, resolver=resolver,
            format_checker=jsonschema.FormatChecker()).validate(value)


def _is_library_own(answer):
    """libmicrohttpd refuses some malformed heads by itself: see docs/gateway.md."""
    return answer.status in (400, 413, 414, 431, 505) and "X-Request-Id" not in answer.headers


def _refuse_more(schema):
    if not isinstance(schema, dict):
        return
    if "properties" in schema:
        schema.setdefault("additionalProperties", False)
        for one in schema["properties"].values():
            _refuse_more(one)
    _refuse_more(schema.get("items"))
