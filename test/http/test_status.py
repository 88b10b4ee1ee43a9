"""Each row of the status table, and each problem, with its headers."""

import json

import pytest

from documents import (JSON, PATCH, PRODUCTS, SCHEMAS, add_table, check_problem,
                       product, register, schema)
from gateway import wait_for


@pytest.mark.parametrize("path", ["/v1", "/v2/data-products", "/data-products",
                                  "/v1/schemas", "/v1/data-products/a/b/c/d/e/f/g/h",
                                  "/v1/data-products/dp:x/nothing", "///", "/V1/schemas/x"])
def test_no_such_path(front, path):
    check_problem(front.request("GET", path), 404, "no-such-path")


def test_not_found(front, unique):
    name = unique()
    check_problem(front.request("GET", f"{PRODUCTS}/dp:{name}"), 404, "not-found",
                  f"Data product does not exist with id dp:{name}")
    for method, path, body in (("PUT", PRODUCTS, product()), ("DELETE", PRODUCTS, None)):
        check_problem(front.request(method, f"{path}/dp:{name}", body), 404, "not-found")
    check_problem(front.request("GET", f"{PRODUCTS}/dp:{name}/versions"), 404)
    check_problem(front.request("POST", f"{PRODUCTS}/dp:{name}/restore"), 404)
    register(front, name)
    check_problem(front.request("GET", f"{PRODUCTS}/dp:{name}:v7.0"), 404, "not-found")
    check_problem(front.request("GET", f"{SCHEMAS}/dp:{name}:t"), 404, "not-found")


@pytest.mark.parametrize("path, allowed", [
    (PRODUCTS, {"GET", "HEAD", "POST", "OPTIONS"}),
    (PRODUCTS + "/dp:x", {"GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"}),
    (PRODUCTS + "/dp:x/versions", {"GET", "HEAD", "OPTIONS"}),
    (PRODUCTS + "/dp:x/changes", {"GET", "HEAD", "OPTIONS"}),
    (PRODUCTS + "/dp:x/restore", {"POST", "OPTIONS"}),
    (SCHEMAS + "/dp:x:t", {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}),
    ("/health", {"GET", "HEAD", "OPTIONS"}),
    ("/ready", {"GET", "HEAD", "OPTIONS"}),
    ("/metrics", {"GET", "HEAD", "OPTIONS"}),
])
def test_methods(front, path, allowed):
    for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"):
        if method in allowed:
            continue
        answer = front.request(method, path)
        assert answer.status == 405, (method, answer)
        assert set(answer.headers["Allow"].split(", ")) == allowed
        if method != "HEAD":
            check_problem(answer, 405, "method-not-allowed")
    options = front.request("OPTIONS", path)
    assert (options.status, options.body) == (204, b"")
    assert set(options.headers["Allow"].split(", ")) == allowed
    assert ("Accept-Patch" in options.headers) == ("PATCH" in allowed)


def test_options_of_the_server(front):
    answer = front.request("OPTIONS", "*")
    assert answer.status == 204 and "GET" in answer.headers["Allow"]


def test_head_equals_get(front, unique):
    name = unique()
    register(front, name)
    for path in (PRODUCTS + "?limit=1", f"{PRODUCTS}/dp:{name}",
                 f"{PRODUCTS}/dp:{name}/versions", "/health", "/ready",
                 f"{PRODUCTS}/dp:nothing_{name}"):
        get, head = front.request("GET", path), front.request("HEAD", path)
        assert (head.status, head.body) == (get.status, b"")
        for ours in ("ETag", "Content-Type", "Content-Length", "Cache-Control"):
            assert head.headers[ours] == get.headers[ours], (path, ours)


@pytest.mark.parametrize("accept, status", [
    ("application/json", 404), ("*/*", 404), ("application/*", 404), ("", 404),
    ("application/problem+json", 404),
    ("text/html,*/*;q=0.8", 404), ("APPLICATION/JSON", 404),
    ("application/json;q=0", 406), ("application/xml", 406),
    ("*/*, application/json;q=0, application/problem+json;q=0.0", 406),
    # What is refused by name is not given because something else is taken.
    ("application/json;q=0, */*", 406), ("*/*;q=0.1, application/json; q=0.0", 406),
    ("application/*;q=0, */*", 406), ("application/json;q=0, application/problem+json", 406),
    ("application/json, */*;q=0", 404), ("text/html;q=0, */*", 404),
    # What clients send in earnest.
    ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", 404),
    ("*;q=.2", 404), ("*", 404), ("application/json;q=.2", 404), ("application/json;q=1.0000", 404),
    ("application/json;q=1.", 404), ("application/json; q = 0.5", 404), ("*/*;q=0.00001", 406),
    ('application/json;q="0.5"', 404), ("application/json;q=", 404), ("application/json;q=high", 404),
    ("application/json;version=1;q=0.3", 404), ('text/html;a="x,y;q=0", application/json', 404),
    ('text/html;a="x, */*', 404), ('text/xml;a="\\", */*"', 406), ("*;q=0", 406), ("*/*;q=.0", 406),
    ("application/json;q=0.000", 406), ("application/json;q=.", 404), (",,*/*", 404), ("*/json", 406),
])
def test_accept(front, accept, status):
    check_problem(front.request("GET", PRODUCTS + "/dp:no_such", None,
                                {"Accept": accept}), status)


@pytest.mark.parametrize("kind, status", [
    ("application/json", 422), ("application/json; charset=utf-8", 422),
    ('Application/JSON;charset="UTF-8"', 422), ("application/vnd.x+json", 422),
    ("text/plain", 415), ("application/x-www-form-urlencoded", 415),
    ("application/json; charset=latin1", 415), ("application/merge-patch+json", 415),
    ("application/json-patch+json", 415), ("application/jsonx", 415), (None, 415),
    # RFC 8259 gives no parameter a meaning.
    ("application/json;charset=utf8", 422), ('application/json; charset="utf8" ', 422),
    ("application/json; charset = UTF-8", 422), ("application/json;charset=us-ascii", 422),
    ("application/json; odata.metadata=minimal; IEEE754Compatible=true", 422),
    ("application/json; version=1; charset=utf-8", 422), ("application/json;;", 422),
    ('application/json; a="b;charset=utf-16"', 422), ("application/json; charset", 422),
    ("application/json; charset=", 422), ("application/problem+json;profile=x", 422),
    ("application/json; charset=utf-16", 415), ("application/json; a=b; charset=ISO-8859-1", 415),
    ('application/json; Charset="utf-16le"', 415), ("application/json; charset=utf-8; charset=utf-16", 415),
    ("application/json, text/plain", 415), ("; application/json", 415),
])
def test_content_type(front, kind, status):
    headers = {} if kind is None else {"Content-Type": kind}
    check_problem(front.request("POST", PRODUCTS, b"{}", headers), status)


def test_patch_content_type(front, unique):
    name = unique()
    register(front, name)
    path = f"{PRODUCTS}/dp:{name}"
    for kind in ("application/merge-patch+json", "application/json"):
        assert front.request("PATCH", path, "{}", {"Content-Type": kind}).status == 200
    answer = front.request("PATCH", path, "[]",
                           {"Content-Type": "application/json-patch+json"})
    check_problem(answer, 415, "unsupported-media-type")
    assert answer.headers["Accept-Patch"] == "application/merge-patch+json"


@pytest.mark.parametrize("kind", ["application/merge-patch+json; charset=utf8",
                                  "application/json; x=y"])
def test_patch_parameters(front, unique, kind):
    name = unique()
    register(front, name)
    path = f"{PRODUCTS}/dp:{name}"
    assert front.request("PATCH", path, '{"description": "B"}', {"Content-Type": kind}).status == 200
    check_problem(front.request("PATCH", path, "{}", {"Content-Type": f"{kind}; charset=utf-16"}), 415)


def test_byte_order_mark(front, unique):
    """It is no part of the text, here as for its retry."""
    name = unique()
    body = json.dumps(product(name)).encode()
    first = front.request("POST", PRODUCTS, b"\xef\xbb\xbf" + body, JSON)
    assert first.status == 201
    again = front.request("POST", PRODUCTS, body, JSON)
    assert again.headers["idempotent-replayed"] == "true" and again.body == first.body
    patched = front.request("PATCH", f"{PRODUCTS}/dp:{name}", b'\xef\xbb\xbf{"description": "B"}', PATCH)
    assert patched.json["description"] == "B"
    for body, said in ((b"\xef\xbb\xbf", "empty"), (b"\xef\xbb", ""), (b"\xef\xbb\xbf\xef\xbb\xbf{}", ""),
                       (b"{}\xef\xbb\xbf", ""), (b"\xff\xfe{\0}\0", "NUL"), (b"\xef\xbb\xbf{\0}", "NUL")):
        problem = check_problem(front.request("POST", PRODUCTS, body, JSON), 400, "malformed-json")
        assert said in problem["detail"]


def test_content_encoding(front):
    check_problem(front.request("POST", PRODUCTS, b"{}",
                                {**JSON, "Content-Encoding": "gzip"}), 415)


def test_name_taken(front, unique):
    name = unique()
    register(front, name)
    check_problem(front.request("POST", PRODUCTS, product(name, description="Else")),
                  409, "already-exists")
    add_table(front, name, "t")
    check_problem(front.request("POST", f"{SCHEMAS}/dp:{name}:t",
                                schema(("other", "int"))), 409, "already-exists")


def test_stale_base(front, unique):
    name = unique()
    register(front, name)
    front.request("PUT", f"{PRODUCTS}/dp:{name}", product(description="B"))
    answer = front.request("PUT", f"{PRODUCTS}/dp:{name}:v1.0", product(description="C"))
    problem = check_problem(answer, 409, "version-conflict")
    assert "v1.1" in str(problem)


def test_breaking_an_older_major(front, unique):
    name = unique()
    register(front, name)
    add_table(front, name, "t", ("id", "bigint"))
    front.request("PUT", f"{SCHEMAS}/dp:{name}:t", schema(("id", "string")))
    check_problem(front.request("PUT", f"{SCHEMAS}/dp:{name}:v1:t",
                                schema(("id", "date"))), 409, "breaking-change")


def test_not_restorable(front, unique):
    name = unique()
    register(front, name)
    front.request("DELETE", f"{PRODUCTS}/dp:{name}")
    register(front, name, description="Again")
    check_problem(front.request("POST", f"{PRODUCTS}/dp:{name}:v1.0/restore"), 409)


def test_invalid_document(front, unique):
    bad = product(unique(), email="no address", retentionPeriod=-1, unknown=1)
    del bad["description"]
    problem = check_problem(front.request("POST", PRODUCTS, bad), 422,
                            "invalid-document")
    pointers = {fault["pointer"] for fault in problem["errors"]}
    assert {"/email", "/retentionPeriod"} <= pointers
    for fault in problem["errors"]:
        assert fault["message"] and fault["keyword"]
    assert len(problem["errors"]) >= 4


def test_read_only_members(front, unique):
    name = unique()
    wrong = {"id": f"dp:{name}:v9.0", "version": "v9.0", "creationDate": "2000-01-01T00:00:00Z",
             "schemas": [{"id": f"dp:{name}:v1.0:t"}], "rowCount": 7}
    for member, value in wrong.items():
        check_problem(front.request("POST", PRODUCTS, product(name, **{member: value})),
                      422, "invalid-document")
    register(front, name)
    check_problem(front.request("PUT", f"{PRODUCTS}/dp:{name}", product(unique())), 422)


def test_idempotency_key_reused(front, unique):
    name, key = unique(), {"Idempotency-Key": unique("key")}
    assert front.request("POST", PRODUCTS, product(name), key).status == 201
    check_problem(front.request("POST", PRODUCTS, product(unique()), key), 422,
                  "idempotency-key-reused")


@pytest.mark.parametrize("query, named", [
    ("limit=0", "limit"), ("limit=1001", "limit"), ("limit=x", "limit"),
    ("limit=", "limit"), ("limit=1&limit=1", "limit"), ("limit=-1", "limit"),
    ("limit=99999999999999999999", "limit"), ("deleted=yes", "deleted"),
    ("Limit=1", "Limit"), ("unknown=1", "unknown"), ("q=%ff", "q"), ("q=%00", "q"),
    ("q=%zz", "q"), ("dryRun=true", "dryRun"), ("domain=HQ&domain=OPG", "domain"),
    ("%ff=1", "%ff"), ("asof=1", "asof"),
])
def test_bad_query(front, query, named):
    problem = check_problem(front.request("GET", f"{PRODUCTS}?{query}"), 400,
                            "invalid-parameter")
    assert f'"{named}"' in problem["detail"]


@pytest.mark.parametrize("query", ["after=%21%21", "status=unknown", "tag=nocolon", "domain=hq",
                                   "domain=", "domain=HQ%20"])
def test_bad_query_by_the_extension(front, query):
    problem = check_problem(front.request("GET", f"{PRODUCTS}?{query}"), 400, "invalid-parameter")
    assert "domain" not in query or "HQ, HMPPS, OPG" in problem["hint"]


def test_many_parameters(front):
    query = "&".join(f"p{n}=1" for n in range(40))
    check_problem(front.request("GET", f"{PRODUCTS}?{query}"), 400, "invalid-parameter")


@pytest.mark.parametrize("query", ["", "?from=", "?from=1.0", "?from=v1.0&from=v1.0",
                                   "?from=v01.0", "?from=v1.99999999999", "?to=v1.0"])
def test_bad_from(front, unique, query):
    name = unique()
    register(front, name)
    check_problem(front.request("GET", f"{PRODUCTS}/dp:{name}/changes{query}"), 400,
                  "invalid-parameter")


def test_dry_run_value(front):
    check_problem(front.request("POST", PRODUCTS + "?dryRun=1", product("x")), 400,
                  "invalid-parameter")


def test_bad_keys(front):
    for headers in ({"Idempotency-Key": ""}, {"Idempotency-Key": "a b"},
                    {"Idempotency-Key": "x" * 256},
                    {"Idempotency-Key": "a", "x-idempotent-key": "b"}):
        check_problem(front.request("POST", PRODUCTS, product("x"), headers), 400,
                      "bad-request")


def test_path_too_long(front):
    for length in (5000, 7000):
        assert front.request("GET", f"{PRODUCTS}/dp:{'x' * length}").status == 414
    check_problem(front.request("GET", f"{PRODUCTS}/dp:{'x' * 5000}"), 414,
                  "path-too-long")


def test_header_too_large(front):
    answer = front.request("GET", "/health", None, {"X-Big": "x" * 9000})
    check_problem(answer, 431, "header-too-large")
    assert front.request("GET", "/health", None, {"X-Big": "x" * 60000}).status == 431


def test_heads_of_all_sizes(front):
    """Few long or many short headers, a query that a page's Link repeats: each is
    carried out or refused, and none is closed without an answer."""
    statuses = {}
    for size in range(1000, 9000, 250):
        for count in (1, 10, 50, 100):
            for query in (10, 1000):
                value = "x" * max((size - query) // count - 10, 1)
                headers = {f"X-{i}": value for i in range(count)}
                statuses[size, count, query] = front.request(
                    "GET", f"{PRODUCTS}?limit=1&q={'x' * query}", None, headers).status
    assert set(statuses.values()) == {200, 431}
    assert all(status == 200 for (size, _, _), status in statuses.items() if size < 7500)


@pytest.mark.parametrize("piece", ["a=b&", "&", "limit=1&", "a&", "=&"])
def test_query_of_many_pieces(front, piece):
    for count in (17, 60, 150, 400, 3900 // len(piece)):
        assert front.request("GET", f"{PRODUCTS}?{piece * count}").status in (200, 400)
    check_problem(front.request("GET", f"{PRODUCTS}?{'a=b&' * 600}"), 400, "invalid-parameter")


def test_query_that_is_never_read_is_logged(make_front):
    """A request that is not logged is not freed either."""
    front = make_front(ready=False)
    for _ in range(20):
        front.request("GET", f"/nothing?{'a=1&' * 3000}")
    assert wait_for(lambda: front.log().count('"problem":"invalid-parameter"') == 20)
    assert '"client":"127.0.0.1"' in front.log()


def test_every_answer_has_an_id(front):
    given = front.request("GET", "/nothing", None, {"X-Request-Id": "A-b.c_9"})
    assert given.headers["X-Request-Id"] == "A-b.c_9"
    for unfit in ("a b", "x" * 129, "é", '"'):
        answer = front.request("GET", "/health", None, {"X-Request-Id": unfit})
        made = answer.headers["X-Request-Id"]
        assert len(made) == 32 and made != unfit
    ids = {front.request("GET", "/health").headers["X-Request-Id"] for _ in range(20)}
    assert len(ids) == 20


def test_health_and_ready(front):
    assert front.request("GET", "/health").json["status"] == "alive"
    ready = front.request("GET", "/ready").json
    assert ready["status"] == "ready" and ready["extension"]


def test_metrics(front):
    front.request("GET", PRODUCTS + "/dp:counted")
    text = front.request("GET", "/metrics").body.decode()
    assert 'dpmeta_http_requests_total{operation="getDataProduct",status="404"}' in text
    assert 'dpmeta_http_lanes{pool="write",state="connected"} ' in text
    assert "dpmeta_http_request_duration_seconds_bucket" in text
    for line in text.splitlines():
        assert line.startswith("#") or float(line.rsplit(" ", 1)[1]) >= 0
