"""The whole main job over HTTP: register, read, change, delete, restore."""

import re

from documents import (PATCH, PRODUCTS, SCHEMAS, add_table, check_problem, product,
                       register, schema)
from pages import pages


def test_register_and_read(front, unique):
    name = unique()
    made = register(front, name)
    assert made.headers["Location"] == f"{PRODUCTS}/dp:{name}:v1.0"
    assert made.json["id"] == f"dp:{name}:v1.0"
    assert made.json["version"] == "v1.0"
    for form in (f"dp:{name}", f"dp:{name}:v1", f"dp:{name}:v1.0"):
        read = front.request("GET", f"{PRODUCTS}/{form}")
        assert read.status == 200
        assert read.json == made.json
        assert read.headers["ETag"] == made.headers["ETag"]
        assert read.headers["Content-Type"] == "application/json"
        assert read.headers["Cache-Control"] == "no-cache"


def test_update(front, unique):
    name = unique()
    register(front, name)
    answer = front.request("PUT", f"{PRODUCTS}/dp:{name}",
                           product(description="Other"))
    assert answer.status == 200
    assert answer.json["id"] == f"dp:{name}:v1.1"
    assert front.request("GET", f"{PRODUCTS}/dp:{name}:v1.0").json["description"] \
        == "What it holds"
    assert front.request("GET", f"{PRODUCTS}/dp:{name}").json["description"] == "Other"


def test_patch(front, unique):
    name = unique()
    register(front, name, tags={"a": "1", "b": "2"})
    answer = front.request("PATCH", f"{PRODUCTS}/dp:{name}", '{"tags": {"a": null}}',
                           PATCH)
    assert answer.status == 200, answer
    assert answer.json["tags"] == {"b": "2"}
    assert answer.json["version"] == "v1.1"


def test_table(front, unique):
    name = unique()
    register(front, name)
    made = add_table(front, name, "t", ("id", "bigint"), ("n", "varchar( 10 )"))
    assert made.headers["Location"] == f"{SCHEMAS}/dp:{name}:v1.1:t"
    read = front.request("GET", f"{SCHEMAS}/dp:{name}:t")
    assert read.status == 200
    assert read.json["id"] == f"dp:{name}:v1.1:t"
    assert [c["type"] for c in read.json["columns"]] == ["bigint", "varchar(10)"]
    parent = front.request("GET", f"{PRODUCTS}/dp:{name}").json
    assert parent["schemas"] == [{"id": f"dp:{name}:v1.1:t"}]


def test_breaking_change(front, unique):
    name = unique()
    register(front, name)
    add_table(front, name, "t", ("id", "bigint"))
    answer = front.request("PUT", f"{SCHEMAS}/dp:{name}:t", schema(("id", "string")))
    assert answer.status == 200
    assert answer.json["id"] == f"dp:{name}:v2.0:t"
    old = front.request("GET", f"{SCHEMAS}/dp:{name}:v1:t")
    assert old.json["columns"][0]["type"] == "bigint"
    assert f'<{SCHEMAS}/dp:{name}:v2.0:t>; rel="successor-version"' \
        in old.headers.get_all("Link")


def test_patch_table(front, unique):
    name = unique()
    register(front, name)
    add_table(front, name, "t")
    answer = front.request("PATCH", f"{SCHEMAS}/dp:{name}:t",
                           '{"tableDescription": "New"}', PATCH)
    assert answer.status == 200
    assert answer.json["tableDescription"] == "New"


def test_delete_table(front, unique):
    name = unique()
    register(front, name)
    add_table(front, name, "t")
    answer = front.request("DELETE", f"{SCHEMAS}/dp:{name}:t")
    assert (answer.status, answer.body) == (204, b"")
    assert front.request("GET", f"{SCHEMAS}/dp:{name}:t").status in (404, 410)
    assert front.request("GET", f"{PRODUCTS}/dp:{name}").json["version"] == "v2.0"


def test_delete_and_restore(front, unique):
    name = unique()
    register(front, name)
    assert front.request("DELETE", f"{PRODUCTS}/dp:{name}").status == 204
    check_problem(front.request("GET", f"{PRODUCTS}/dp:{name}"), 410, "gone")
    assert front.request("POST", f"{PRODUCTS}/dp:{name}/restore").status == 200
    assert front.request("GET", f"{PRODUCTS}/dp:{name}").json["version"] == "v1.0"


def test_versions(front, unique):
    name = unique()
    register(front, name)
    front.request("PUT", f"{PRODUCTS}/dp:{name}", product(description="B"))
    front.request("DELETE", f"{PRODUCTS}/dp:{name}:v1.0")
    path = f"{PRODUCTS}/dp:{name}/versions"
    assert [v["version"] for v in front.request("GET", path).json] == ["v1.1"]
    both = front.request("GET", path + "?deleted=true").json
    assert [v["version"] for v in both] == ["v1.1", "v1.0"]
    assert both[0]["kind"] == "minor" and both[1]["deleted"]


def test_versions_in_pages(front, unique):
    """Each once, also by another spelling of the path; the link keeps what was asked."""
    name = unique()
    register(front, name)
    for n in range(7):
        front.request("PUT", f"{PRODUCTS}/dp:{name}", product(description=str(n)))
    front.request("DELETE", f"{PRODUCTS}/dp:{name}:v1.3")
    path = f"{PRODUCTS}/dp:{name}/versions"
    expected = [f"v1.{n}" for n in range(7, -1, -1)]
    assert [v["version"] for v in pages(front, path + "?deleted=true&limit=3")] == expected
    expected.remove("v1.3")
    for asked in ("?limit=1", "?limit=3", "/?limit=6", "?limit=7", "?limit=1000", ""):
        assert [v["version"] for v in pages(front, path + asked)] == expected, asked
    major = f"{PRODUCTS}/dp%3A{name}%3Av1/versions?limit=5"
    assert [v["version"] for v in pages(front, major)] == expected
    first = front.request("GET", path + "?limit=2")
    assert first.headers["Link"] == f'<{path}?limit=2&after=v1.6>; rel="next"'
    again = front.request("GET", path + "?limit=2", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status == 304
    assert "Link" not in front.request("GET", path).headers
    for wrong in ("limit=0", "limit=1001", "limit=x", "after=1", "after=v1", "after=dp:x"):
        check_problem(front.request("GET", f"{path}?{wrong}"), 400, "invalid-parameter")


def test_long_changes_in_pages(front, unique):
    """However much changed, an answer is bounded, and nothing is lost."""
    name = unique()
    register(front, name)
    columns = [f"c{n}" for n in range(9000)]
    front.request("POST", f"{SCHEMAS}/dp:{name}:t", schema(*[(c, "int") for c in columns]))
    described = schema(*[(c, "bigint") for c in columns])
    for column in described["columns"]:
        column["description"] = "x" * 40
    for document in (described, schema(*[(c, "string") for c in columns])):
        answer = front.request("PUT", f"{SCHEMAS}/dp:{name}:t", document)
        assert answer.status == 200, answer.body
    answer = front.request("GET", f"{PRODUCTS}/dp:{name}/versions")
    assert len(answer.body) < 200_000
    newest = answer.json[0]
    assert newest["truncated"] and newest["changeCount"] == 18000
    assert 0 < len(newest["changes"]) < 18000 and newest["from"] == "v2.0"
    assert answer.json[-1] == {**answer.json[-1], "truncated": False, "from": None}
    found = []
    path = f"{PRODUCTS}/dp:{name}/changes?from={newest['from']}"
    answer = front.request("GET", path)
    assert answer.json["changeCount"] == 18000 and answer.json["kind"] == "major"
    found = answer.json["changes"]
    while answer.json["truncated"]:
        answer = front.request("GET", re.match("<(.*?)>", answer.headers["Link"]).group(1))
        assert len(answer.body) < 5_000_000
        found += answer.json["changes"]
    assert len(found) == 18000 and found[:3] == newest["changes"][:3]


def test_changes(front, unique):
    name = unique()
    register(front, name)
    front.request("PUT", f"{PRODUCTS}/dp:{name}", product(description="B"))
    answer = front.request("GET", f"{PRODUCTS}/dp:{name}/changes?from=v1.0")
    assert answer.status == 200
    assert answer.json["kind"] == "minor"
    assert answer.json["changes"][0]["member"] == "description"


def test_list_pages(front, unique):
    stem = unique("page")
    names = [f"{stem}_{n}" for n in range(5)]
    for name in names:
        register(front, name, dataProductOwner=stem)
    path = f"{PRODUCTS}?owner={stem}&limit=2"
    assert [p["name"] for p in pages(front, path)] == names
    first = front.request("GET", path)
    assert len(first.json) == 2
    assert first.headers["Link"] == f'<{path}&after={names[1]}>; rel="next"'


def test_list_filters(front, unique):
    name = unique()
    register(front, name, domain="OPG", status="draft", tags={name: "x:y z"},
             description=f"word{name}")
    for query in (f"domain=OPG&tag={name}:x%3Ay+z", f"status=draft&tag={name}:x:y%20z",
                  f"q=word{name}", f"owner=owner@example.org&q=word{name}"):
        found = front.request("GET", f"{PRODUCTS}?{query}")
        assert [p["name"] for p in found.json] == [name], query
    assert front.request("GET", f"{PRODUCTS}?domain=HQ&q=word{name}").json == []


def test_dry_run(front, unique):
    name = unique()
    path = f"{PRODUCTS}?dryRun=true"
    answer = front.request("POST", path, product(name))
    assert answer.status == 200
    assert answer.json["kind"] == "initial" and answer.json["version"] == "v1.0"
    assert front.request("GET", f"{PRODUCTS}/dp:{name}").status == 404
    register(front, name)
    add_table(front, name, "t")
    for method, at, body, kind in (
            ("PUT", f"{PRODUCTS}/dp:{name}", product(description="B"), "minor"),
            ("PUT", f"{SCHEMAS}/dp:{name}:t", schema(("x", "int")), "major"),
            ("DELETE", f"{SCHEMAS}/dp:{name}:t", None, "major"),
            ("DELETE", f"{PRODUCTS}/dp:{name}", None, "deletion")):
        answer = front.request(method, at + "?dryRun=true", body)
        assert answer.status == 200, answer
        assert answer.json["kind"] == kind
        assert "idempotent-replayed" not in answer.headers
    assert front.request("GET", f"{PRODUCTS}/dp:{name}").json["version"] == "v1.1"
    assert front.request("PUT", f"{PRODUCTS}/dp:{name}?dryRun=false",
                         product(description="B")).json["version"] == "v1.2"


def test_retired_is_announced(front, cluster, unique):
    name = unique()
    register(front, name)
    front.request("PUT", f"{PRODUCTS}/dp:{name}", product(status="retired"))
    cluster.sql("SELECT dpmeta.set_sunset(%s, '2031-02-03')", (name,))
    answer = front.request("GET", f"{PRODUCTS}/dp:{name}")
    assert answer.status == 200
    assert re.fullmatch(r"@\d{10}", answer.headers["Deprecation"])
    assert answer.headers["Sunset"] == "Mon, 03 Feb 2031 00:00:00 GMT"
    for date, told in (("0001-01-01", "Mon, 01 Jan 0001 00:00:00 GMT"),
                       ("9999-12-31", "Fri, 31 Dec 9999 00:00:00 GMT")):
        cluster.sql("SELECT dpmeta.set_sunset(%s, %s)", (name, date))
        assert front.request("GET", f"{PRODUCTS}/dp:{name}").headers["Sunset"] == told


def test_trailing_slash_and_encoding(front, unique):
    name = unique()
    register(front, name)
    for path in (f"{PRODUCTS}/dp:{name}/", f"{PRODUCTS}/dp%3A{name}",
                 f"/v1/data%2Dproducts/dp:{name}",
                 f"http://example.org{PRODUCTS}/dp:{name}"):
        assert front.request("GET", path).status == 200, path
    assert front.request("GET", PRODUCTS + "/?limit=1").status == 200
    check_problem(front.request("GET", f"{PRODUCTS}/dp:{name}%2Fversions"), 400,
                  "invalid-id", f"Invalid id: dp:{name}/versions")


def test_database_of_the_answer(front, cluster, unique):
    """What SQL shows is what HTTP wrote."""
    name = unique()
    register(front, name)
    rows = cluster.sql("SELECT version::text FROM dpmeta.data_products WHERE name = %s",
                       (name,))
    assert rows == [("v1.0",)]


def test_what_was_read_is_sent_back(front, unique):
    """GET, edit, PUT: the members that the platform sets may stay, while they are true."""
    name = unique()
    register(front, name)
    front.request("POST", f"{SCHEMAS}/dp:{name}:t", schema(("a", "int")))
    for path, member in ((f"{PRODUCTS}/dp:{name}", "description"),
                         (f"{SCHEMAS}/dp:{name}:t", "tableDescription")):
        document = front.request("GET", path).json
        assert front.request("PUT", path, document).json == document
        edited = front.request("PUT", path, document | {member: "edited"})
        assert edited.status == 200 and edited.json[member] == "edited"
        stale = front.request("PUT", path, document | {member: "edited again"})
        problem = check_problem(stale, 422, "invalid-document")
        assert "/id" in {fault["pointer"] for fault in problem["errors"]}
        assert all("read-only" in fault["message"] for fault in problem["errors"])
