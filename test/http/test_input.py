"""What a stranger may send: a clear error each time, and nothing half done."""

import json
import random
from urllib.parse import quote

import pytest

from documents import (JSON, PATCH, PRODUCTS, SCHEMAS, check_problem, product, raw_get,
                       register, schema)
from gateway import wait_for

BAD_IDS = [
    "", "x", "dp", "dp:", "dp::", "dp::v1.0", "dp:x:", "dp:x:v1.0:", "dp:x::t",
    "DP:x", "dp:X", "dp:x:V1.0", "dp:x:v1.0:T", "dp:x-y", "dp:x.y",
    "dp:x:v0", "dp:x:v0.1", "dp:x:v01", "dp:x:v1.00", "dp:x:v1.01", "dp:x:v1.",
    "dp:x:v.1", "dp:x:v1.0.0", "dp:x:v2147483648", "dp:x:v1.2147483648",
    "dp:x:v99999999999999999999", "dp:x:v-1", "dp:x:v+1", "dp:x:v1.0:v2",
    "dp:x:v1.0:t:u", "dp:x:1.0", "dp:" + "x" * 129, "dp:x:v1.0:" + "t" * 129,
    "dp:%20x", "dp:x%20", "%20dp:x", "dp:x%0a", "dp:%C3%A9", "dp:x%2Fy", "dp:x%3Fy",
    "dp:x%25", "..", ".", "dp:x;v=1", "dp:x'", "dp:x%22", "dp:x%5C",
]
# Not UTF-8 without NUL once decoded: shown as they were sent.
UNSENDABLE_IDS = ["%00", "dp:x%00", "dp:%00x", "dp:x%ff", "%C0%AF", "%ED%A0%80", "dp:%",
                  "dp:%4", "dp:%zz", "dp:%%", "dp:%F4%90%80%80", "dp:x%80"]


@pytest.mark.parametrize("text", BAD_IDS)
def test_bad_id(front, text):
    for path in (f"{PRODUCTS}/{text}", f"{SCHEMAS}/{text}", f"{PRODUCTS}/{text}/versions"):
        if text == "" and not path.endswith("versions"):
            continue                    # that is the path of the list
        problem = check_problem(front.request("GET", path), 400, "invalid-id")
        assert problem["detail"].startswith("Invalid id: ")
        assert problem["hint"]


@pytest.mark.parametrize("text", UNSENDABLE_IDS)
def test_unsendable_id(front, text):
    for method in ("GET", "DELETE"):
        check_problem(front.request(method, f"{PRODUCTS}/{text}"), 400, "invalid-id",
                      f"Invalid id: {text}")


def test_longest_id(front):
    name = "x" * 128
    check_problem(front.request("GET", f"{SCHEMAS}/dp:{name}:v2147483647.2147483647:{name}"),
                  404, "not-found")


def test_long_id_is_clipped(front):
    problem = check_problem(front.request("GET", f"{PRODUCTS}/dp:{'x' * 2000}"), 400)
    assert len(problem["detail"]) < 300


def test_wrong_kind_of_id(front, unique):
    name = unique()
    register(front, name)
    for method, path, body in (
            ("GET", f"{PRODUCTS}/dp:{name}:t", None), ("GET", f"{SCHEMAS}/dp:{name}", None),
            ("PUT", f"{PRODUCTS}/dp:{name}:t", product()),
            ("PUT", f"{SCHEMAS}/dp:{name}:v1.0", schema()),
            ("POST", f"{SCHEMAS}/dp:{name}", schema()),
            ("DELETE", f"{SCHEMAS}/dp:{name}", None),
            ("DELETE", f"{PRODUCTS}/dp:{name}:t", None),
            ("GET", f"{PRODUCTS}/dp:{name}:t/versions", None)):
        check_problem(front.request(method, path, body), 400, "invalid-id")


@pytest.mark.parametrize("target", [b"/v1/data-products/dp:\xff", b"/v1/data-products/dp:\xc3",
                                    b"/v1/data-products/\xed\xa0\x80"])
def test_raw_bytes_in_the_path(front, target):
    problem = check_problem(raw_get(front, target), 400, "invalid-id")
    assert "\ufffd" in problem["detail"]


@pytest.mark.parametrize("control", ["\x85", "\x9b31m", "\u2028", "\u2029", "\u202e", "\u2066"])
def test_controls_are_escaped(front, unique, control):
    """In the log, whose lines and terminals they would break, and in answers."""
    name = unique("r")
    answer = raw_get(front, f"{PRODUCTS}/dp:x{quote(control)}é", f"X-Request-Id: {name}")
    problem = check_problem(answer, 400, "invalid-id")
    assert problem["instance"] and control.encode() not in answer.body
    line = wait_for(lambda: [e for e in front.log().split("\n") if f'"{name}"' in e])[0]
    assert control not in line and json.loads(line)["dataProduct"] == f"x{control}é"


def test_raw_nul_in_the_path(front, unique):
    name = unique()
    register(front, name)
    answer = raw_get(front, f"{PRODUCTS}/dp:{name}\0x")
    # libmicrohttpd 1.0 closes the connection by itself.
    if (answer.status, answer.body) != (0, b""):
        check_problem(answer, 400, "bad-request")


MALFORMED = [
    b"", b" ", b"{", b"}", b"nul", b"{'a': 1}", b'{"a": 1,}', b'{"a" 1}', b'{"a": 01}',
    b'{"a": 1} x', b'{"a": 1}{"a": 2}', b'{"a": +1}', b'{"a": .5}', b'{"a": NaN}',
    b'{"a": Infinity}', b'["a"', b'"a', b'{"a": "\x01"}', b'{"a": "\\x"}', b'{"a": "\\u12"}',
    b'{"a": "\\u0000"}', b'{"a": "\\ud800"}', b'{"a": "\\udc00"}', b'{"a": "\\ud800\\ud800"}',
    b'{"a": "\xff"}', b'{"a": "\xed\xa0\x80"}', b'{"a": "\xc0\xaf"}', b'{"a": 1}\x00',
    b" \xef\xbb\xbf{}", b'{"a": "b\x00c"}', '{"a": 1}'.encode("utf-16"),
    b'{"a": 1e999999999}', b"/* c */ {}", b"[" * 100000, b'{"a":' * 100000,
    b"[" * 100000 + b"]" * 100000,
]


@pytest.mark.parametrize("body", MALFORMED, ids=lambda b: repr(b[:20]))
def test_malformed_json(front, unique, body):
    name = unique()
    register(front, name)
    for method, path, headers in (("POST", PRODUCTS, JSON),
                                  ("PUT", f"{PRODUCTS}/dp:{name}", JSON),
                                  ("PATCH", f"{PRODUCTS}/dp:{name}", PATCH),
                                  ("POST", f"{SCHEMAS}/dp:{name}:t", JSON)):
        check_problem(front.request(method, path, body, headers), 400, "malformed-json")
    assert front.request("GET", f"{PRODUCTS}/dp:{name}").json["version"] == "v1.0"


@pytest.mark.parametrize("body", ["null", "1", '"text"', "[]", "true", "{}", "[{}]"])
def test_not_a_document(front, body):
    check_problem(front.request("POST", PRODUCTS, body, JSON), 422, "invalid-document")


NUMBERS = ["2147483648", "-1", "9" * 400, "1e400", "1.5", "-0.1", "1e-9", '"1"', "null",
           "true", "1e10", "123456789012345678901234567890.5"]


@pytest.mark.parametrize("number", NUMBERS, ids=lambda n: n[:12])
def test_numbers_out_of_range(front, unique, number):
    body = json.dumps(product(unique())).replace("\"retentionPeriod\": 365", "\"retentionPeriod\": " + number)
    check_problem(front.request("POST", PRODUCTS, body, JSON), 422, "invalid-document")


def test_greatest_numbers(front, unique):
    for number in ("2147483647", "0", "1e2", "5.0"):
        body = json.dumps(product(unique())).replace("\"retentionPeriod\": 365", "\"retentionPeriod\": " + number)
        assert front.request("POST", PRODUCTS, body, JSON).status == 201, number


def test_escapes_that_are_fine(front, unique):
    name = unique()
    body = json.dumps(product(name, description="\U0001F600 \u00e9 \\ \" \u2028 \u0001"))
    answer = front.request("POST", PRODUCTS, body, JSON)
    assert answer.status == 201
    assert answer.json["description"] == json.loads(body)["description"]
    assert b"\xf0\x9f\x98\x80" in answer.body


@pytest.mark.parametrize("kind", [
    "array<" * 5000 + "int" + ">" * 5000, "array<" * 5000, "struct<a:" * 5000 + "int" + ">" * 5000,
    "", " ", "INT(11)", "integer unsigned", "decimal(39)", "decimal(5,6)", "decimal(0)",
    "char(256)", "char", "varchar(0)", "varchar(65536)", "array<int", "array<>", "map<int>",
    "map<array<int>,int>", "struct<>", "struct<a>", "struct<a:int,>", "int int", "text",
    "decimal(99999999999999999999)", "int\n(1)", "ünsigned",
], ids=lambda k: k[:24])
def test_bad_column_type(front, unique, kind):
    name = unique()
    register(front, name)
    answer = front.request("POST", f"{SCHEMAS}/dp:{name}:t", schema(("a", kind)))
    problem = check_problem(answer, 422, "invalid-document")
    assert "/columns/0/type" in {e["pointer"] for e in problem["errors"]}


def test_bad_column_type_is_shown(front, unique):
    """Where a long type is wrong; and what a client of HTTP can look at."""
    name = unique()
    register(front, name)
    kind = "struct<eventVersion:string,userIdentity:struct<type:string,?:int,arn:string>>"
    problem = check_problem(front.request("POST", f"{SCHEMAS}/dp:{name}:t", schema(("a", kind))),
                            422, "invalid-document")
    message = problem["errors"][0]["message"]
    assert "character 60" in message and 'struct<type:string,"' in message and '"?:int' in message
    assert "/openapi.json" in problem["hint"] and "dpmeta.model" not in problem["hint"]
    problem = check_problem(front.request("POST", f"{SCHEMAS}/dp:{name}:t",
                                          schema(("a", "array<timestamp(3)>"))),
                            422, "invalid-document")
    assert 'write "timestamp"' in problem["errors"][0]["message"]
    answer = front.request("POST", f"{SCHEMAS}/dp:{name}:t",
                           schema(("a", " Struct<userId:DEC,x-$:double precision> ")))
    assert answer.json["columns"][0]["type"] == "struct<userId:decimal(10,0),x-$:double>"


def test_bad_tables(front, unique):
    name = unique()
    register(front, name)
    at = f"{SCHEMAS}/dp:{name}:t"
    for bad in (schema(("a", "int"), ("a", "int")), schema(("A", "int")),
                {"columns": []}, {"tableDescription": "x"}, {"tableDescription": 1, "columns": []},
                {**schema(), "id": "dp:x"}, {"tableDescription": "x", "columns": {}},
                {"tableDescription": "x", "columns": [1]}):
        check_problem(front.request("POST", at, bad), 422, "invalid-document")
    assert front.request("GET", at).status == 404


def test_many_faults_at_once(front, unique):
    name = unique()
    register(front, name)
    bad = schema(*[(f"c{n}", "wrong") for n in range(1000)])
    problem = check_problem(front.request("POST", f"{SCHEMAS}/dp:{name}:t", bad), 422)
    assert len(problem["errors"]) >= 100


def test_body_of_64_megabytes(front):
    body = b'{"a": "' + b"x" * (64 * 1024 * 1024) + b'"}'
    check_problem(front.request("POST", PRODUCTS, body, JSON), 413, "body-too-large")
    assert front.request("GET", "/health").status == 200


def test_body_at_the_bound(front):
    for more, status in ((0, 422), (1, 413)):
        body = b'"' + b"x" * (1024 * 1024 - 2 + more) + b'"'
        check_problem(front.request("POST", PRODUCTS, body, JSON), status)


def test_body_too_large_in_chunks(front):
    connection = front.connection()
    chunks = (b" " * 65536 for _ in range(64))
    connection.request("POST", PRODUCTS, chunks, JSON, encode_chunked=True)
    answer = connection.getresponse()
    assert answer.status == 413
    answer.read()
    # The connection lives on.
    connection.request("GET", "/health")
    assert connection.getresponse().status == 200
    connection.close()


def test_wide_and_deep_but_fine(front, unique):
    """What is only large is judged like anything else."""
    deep = b'{"tags":' + b"[" * 5000 + b"]" * 5000 + b"}"
    check_problem(front.request("POST", PRODUCTS, deep, JSON), 422, "invalid-document")
    wide = product(unique(), tags={f"k{n}": "v" for n in range(1000)})
    assert front.request("POST", PRODUCTS, wide).status == 201


def test_duplicate_members(front, unique):
    """jsonb keeps the last of them."""
    body = json.dumps(product(unique()))[:-1] + ', "description": "last"}'
    answer = front.request("POST", PRODUCTS, body, JSON)
    assert answer.json["description"] == "last"


def test_nothing_was_lost(front, cluster):
    """After all of the above: no 500, and neither process ever fell over."""
    assert "Sanitizer" not in front.log() and "runtime error" not in front.log()
    assert front.process.poll() is None
    text = front.request("GET", "/metrics").body.decode()
    assert 'status="500"' not in text
    assert "was terminated by signal" not in cluster.log()
    assert "PANIC" not in cluster.log()


def test_members_at_their_bounds(front, unique):
    """What the model allows is stored, and found by its owner."""
    rng = random.Random(1)

    def word(size):
        return "".join(chr(rng.randrange(0x4E00, 0x9FA0)) for _ in range(size))

    name, owner = unique(), word(1024)
    tags = {f"k{n}": " ".join(word(5) for _ in range(50)) for n in range(1000)}
    document = product(name, dataProductOwner=owner, tags=tags,
                       description=" ".join(word(4) for _ in range(10000)))
    body = json.dumps(document, ensure_ascii=False).encode()
    assert 900_000 < len(body) < 1_048_576
    headers = {"Content-Type": "application/json"}
    dry = front.request("POST", f"{PRODUCTS}?dryRun=true", body, headers)
    assert dry.status == 200, dry
    made = front.request("POST", PRODUCTS, body, headers)
    assert made.status == 201, made
    assert made.json["tags"] == tags
    listed = front.request("GET", f"{PRODUCTS}?owner={quote(owner[:1])}")
    assert listed.json == []
    beyond = front.request("PATCH", f"{PRODUCTS}/dp:{name}", {"dataProductOwner": owner + "x"}, PATCH)
    check_problem(beyond, 422, "invalid-document")
