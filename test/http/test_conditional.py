"""ETag, If-None-Match, If-Match, and replays."""

import pytest

from documents import (PATCH, PRODUCTS, SCHEMAS, add_table, check_problem, product,
                       register, schema)


@pytest.fixture
def made(front, unique):
    name = unique()
    answer = register(front, name)
    return f"{PRODUCTS}/dp:{name}", answer.headers["ETag"]


def get(front, path, **headers):
    return front.request("GET", path, None,
                         {k.replace("_", "-"): v for k, v in headers.items()})


@pytest.mark.parametrize("field, status", [
    ("{}", 304), ("W/{}", 304), ('"other", {}', 304), ('"a",W/"b" , W/{}', 304),
    ("*", 304), (",{},", 304), ('"other"', 200), ('W/"other"', 200),
    ('"caf\xe9", {}', 304), ('"caf\xe9"', 200),
])
def test_if_none_match(front, made, field, status):
    path, tag = made
    answer = get(front, path, If_None_Match=field.format(tag))
    assert answer.status == status
    assert answer.headers["ETag"] == tag
    assert answer.headers["Cache-Control"] == "no-cache"
    assert (answer.body == b"") == (status == 304)
    head = front.request("HEAD", path, None, {"If-None-Match": field.format(tag)})
    assert head.status == status


def test_if_none_match_of_a_list(front, unique):
    owner = unique()
    register(front, unique(), dataProductOwner=owner)
    path = f"{PRODUCTS}?owner={owner}"
    tag = get(front, path).headers["ETag"]
    assert get(front, path, If_None_Match=tag).status == 304
    register(front, unique(), dataProductOwner=owner)
    assert get(front, path, If_None_Match=tag).status == 200


@pytest.mark.parametrize("field", ["x", '"x', 'x"', '"a" "b"', "W/x", '"a", *', "",
                                   "w/\"x\"", '"a";"b"'])
def test_malformed_tags(front, made, field):
    path, _ = made
    for name in ("If-Match", "If-None-Match"):
        check_problem(front.request("GET", path, None, {name: field}), 400, "bad-request")
    check_problem(front.request("PUT", path, product(description="B"),
                                {"If-Match": field}), 400, "bad-request")


@pytest.mark.parametrize("field, status", [
    ("{}", 200), ("*", 200), ('"other", {}', 200), ('"other"', 412), ("W/{}", 412),
    ('W/{}, "other"', 412), ('"back\\slash", "brace}}", {}', 200),
    ('"caf\xe9", {}', 200), ('W/{}, "caf\xe9", "x"', 412),
])
def test_if_match(front, made, field, status):
    path, tag = made
    headers = {"If-Match": field.format(tag)}
    assert front.request("GET", path, None, headers).status == status
    answer = front.request("PUT", path, product(description="B"), headers)
    assert answer.status == status, answer
    if status == 412:
        problem = check_problem(answer, 412, "precondition-failed")
        # Whoever sends weak tags only would read and fail for ever.
        assert ("W/" in problem["hint"]) == (field == "W/{}")
        read = front.request("GET", path, None, headers)
        assert ("W/" in read.json["hint"]) == (field == "W/{}")


def test_if_match_everywhere(front, unique):
    name = unique()
    register(front, name)
    add_table(front, name, "t")
    stale = {"If-Match": '"stale"'}
    at, table = f"{PRODUCTS}/dp:{name}", f"{SCHEMAS}/dp:{name}:t"
    for method, path, body, headers in (
            ("PATCH", at, '{"description": "B"}', PATCH), ("DELETE", at, None, {}),
            ("PUT", table, schema(("x", "int")), {}), ("DELETE", table, None, {}),
            ("PATCH", table, '{"tableDescription": "B"}', PATCH)):
        check_problem(front.request(method, path, body, {**headers, **stale}), 412,
                      "precondition-failed")


def test_if_none_match_on_a_write(front, made):
    path, _ = made
    check_problem(front.request("PUT", path, product(), {"If-None-Match": "*"}), 400)


def test_repeated_headers_are_one_list(front, made):
    path, tag = made
    connection = front.connection()
    connection.putrequest("GET", path)
    connection.putheader("If-None-Match", '"other"')
    connection.putheader("If-None-Match", tag)
    connection.endheaders()
    assert connection.getresponse().status == 304
    connection.close()


def test_replay(front, unique):
    name = unique()
    first = front.request("POST", PRODUCTS, product(name))
    # Member order and blanks do not matter.
    again = front.request("POST", PRODUCTS,
                          dict(reversed(list(product(name).items()))))
    assert (again.status, again.body) == (201, first.body)
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    for header in ("ETag", "Location"):
        assert again.headers[header] == first.headers[header]


def test_replay_of_updates(front, unique):
    name = unique()
    register(front, name)
    at = f"{PRODUCTS}/dp:{name}"
    for method, body, headers in (("PUT", product(description="B"), {}),
                                  ("PATCH", '{"description": "C"}', PATCH)):
        first = front.request(method, at, body, headers)
        again = front.request(method, at, body, headers)
        assert (first.status, again.status) == (200, 200)
        assert again.body == first.body
        assert again.headers["idempotent-replayed"] == "true"
    assert front.request("GET", at).json["version"] == "v1.2"


def test_retry_does_not_fail_its_own_if_match(front, made):
    path, tag = made
    for replayed in (None, "true"):
        answer = front.request("PUT", path, product(description="B"), {"If-Match": tag})
        assert answer.status == 200
        assert answer.headers["idempotent-replayed"] == replayed


def test_a_b_a_is_three_changes(front, unique):
    name = unique()
    register(front, name, description="A")
    at = f"{PRODUCTS}/dp:{name}"
    versions = [front.request("PUT", at, product(description=d)).json["version"]
                for d in ("B", "A", "B")]
    assert versions == ["v1.1", "v1.2", "v1.3"]


def test_own_key(front, unique):
    name, key = unique(), unique("key")
    first = front.request("POST", PRODUCTS, product(name), {"Idempotency-Key": key})
    front.request("PUT", f"{PRODUCTS}/dp:{name}", product(description="B"))
    # An own key always replays, also by its other name.
    again = front.request("POST", PRODUCTS, product(name), {"x-idempotent-key": key})
    assert again.headers["idempotent-replayed"] == "true"
    assert again.body == first.body


def test_deletion_is_seen_at_once(front, unique):
    for _ in range(20):
        name = unique()
        register(front, name)
        assert front.request("DELETE", f"{PRODUCTS}/dp:{name}").status == 204
        assert front.request("GET", f"{PRODUCTS}/dp:{name}").status == 410
