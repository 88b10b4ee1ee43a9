"""A data product with all of its tables as one document."""

import json

from documents import (CONTRACTS, PRODUCTS, SCHEMAS, add_table, check_problem, product,
                       register, schema)


def contract(name=None, *tables, **changes):
    """A contract whose tables are (name, columns...)."""
    return product(name, tables=[{"name": t[0], **schema(*t[1:])} for t in tables], **changes)


def names(answer):
    return [t["name"] for t in answer.json["tables"]]


def versions(front, name):
    return [v["version"] for v in front.request("GET", f"{PRODUCTS}/dp:{name}/versions").json]


def test_put_makes_all_of_it_as_one_version(front, unique):
    name = unique()
    path = f"{CONTRACTS}/dp:{name}"
    check_problem(front.request("GET", path), 404, "not-found")
    planned = front.request("PUT", path + "?dryRun=true", contract(name, ("a",), ("b",)))
    assert planned.status == 200
    assert planned.json["version"] == "v1.0"
    assert [c["change"] for c in planned.json["changes"]] == \
        ["data-product-registered", "table-added", "table-added"]
    check_problem(front.request("GET", path), 404, "not-found")

    made = front.request("PUT", path, contract(name, ("a",), ("b",)))
    assert made.status == 201
    assert made.headers["Location"] == f"{CONTRACTS}/dp:{name}:v1.0"
    again = front.request("PUT", path, contract(name, ("a",), ("b",)))
    assert again.status == 201
    assert again.headers["idempotent-replayed"] == "true"
    assert versions(front, name) == ["v1.0"]
    for form in (f"dp:{name}", f"dp:{name}:v1", f"dp:{name}:v1.0"):
        read = front.request("GET", f"{CONTRACTS}/{form}")
        assert read.status == 200
        assert read.json == made.json
        assert read.headers["ETag"] == made.headers["ETag"]
    assert read.headers["ETag"] == front.request("GET", f"{PRODUCTS}/dp:{name}").headers["ETag"]
    assert front.request("GET", path, headers={"If-None-Match": read.headers["ETag"]}).status == 304
    assert front.request("GET", f"{SCHEMAS}/dp:{name}:v1.0:a").status == 200

    changed = front.request("PUT", path, contract(
        name, ("b", ("id", "string")), ("c",), description="Other"))
    assert changed.status == 200
    assert changed.json["version"] == "v2.0"
    assert names(changed) == ["a", "b", "c"]
    assert changed.json["keptTables"] == ["a"]
    assert versions(front, name) == ["v2.0", "v1.0"]
    old = front.request("GET", f"{CONTRACTS}/dp:{name}:v1")
    assert names(old) == ["a", "b"]
    assert f'<{CONTRACTS}/dp:{name}:v2.0>; rel="successor-version"' in old.headers.get_all("Link")


def test_what_was_read_can_be_edited_and_put(front, unique):
    name = unique()
    register(front, name)
    add_table(front, name, "t", ("id", "bigint"), ("n", "int"))
    path = f"{CONTRACTS}/dp:{name}"
    read = front.request("GET", path)
    assert "schemas" not in read.json and "keptTables" not in read.json
    same = front.request("PUT", path, read.json)
    assert same.status == 200
    assert same.json == read.json
    edited = json.loads(json.dumps(read.json))
    edited["tables"][0]["columns"][1] |= {"name": "m", "renamedFrom": "n"}
    planned = front.request("PUT", path + "?dryRun=true", edited)
    assert [c["change"] for c in planned.json["changes"]] == ["column-renamed"]
    answer = front.request("PUT", path, edited, {"If-Match": read.headers["ETag"],
                                                 "Content-Type": "application/json"})
    assert answer.status == 200
    assert answer.json["version"] == "v2.0"
    check_problem(front.request("PUT", path, {**edited, "description": "late"},
                                {"If-Match": read.headers["ETag"],
                                 "Content-Type": "application/json"}), 412)
    # by the ID of a version, which is not current any more
    check_problem(front.request("PUT", f"{path}:v1.0", contract(name)), 409)
    errors = check_problem(front.request("PUT", path, edited), 422, "invalid-document")["errors"]
    assert {e["pointer"] for e in errors} == {
        "/id", "/version", "/tables/0/columns/1/renamedFrom"}


def test_prune_removes(front, unique):
    name = unique()
    path = f"{CONTRACTS}/dp:{name}"
    front.request("PUT", path, contract(name, ("a",), ("b",), ("c",)))
    planned = front.request("PUT", path + "?dryRun=true", contract(name, ("b",)))
    assert planned.json["version"] == "v1.0"
    assert planned.json["keptTables"] == ["a", "c"]
    kept = front.request("PUT", path + "?prune=false", contract(name, ("b",)))
    assert kept.json["version"] == "v1.0"
    assert kept.json["keptTables"] == ["a", "c"]
    pruned = front.request("PUT", path + "?prune=true", contract(name, ("b",)))
    assert pruned.json["version"] == "v2.0"
    assert names(pruned) == ["b"] and "keptTables" not in pruned.json
    check_problem(front.request("PUT", path + "?prune=yes", contract(name)), 400,
                  "invalid-parameter")


def test_faults_have_pointers_from_the_top(front, unique):
    name = unique()
    answer = front.request("PUT", f"{CONTRACTS}/dp:{name}", contract(
        name, ("a",), ("b",), ("c", ("id", "intt")), domain="None"))
    problem = check_problem(answer, 422, "invalid-document")
    assert {e["pointer"] for e in problem["errors"]} == {"/domain", "/tables/2/columns/0/type"}
    check_problem(front.request("GET", f"{CONTRACTS}/dp:{name}"), 404)
    answer = front.request("PUT", f"{CONTRACTS}/dp:{name}", contract(name + "_other"))
    problem = check_problem(answer, 422, "invalid-document")
    assert [e["pointer"] for e in problem["errors"]] == ["/name"]
    check_problem(front.request("GET", f"{CONTRACTS}/dp:{name}:t"), 400, "invalid-id")


def test_delete_and_past(front, cluster, unique):
    name = unique()
    path = f"{CONTRACTS}/dp:{name}"
    made = front.request("PUT", path, contract(name, ("a",)))
    front.request("PUT", path, contract(name, ("a",), ("b",)))
    then = cluster.sql("SELECT to_json(occurred_at)#>>'{}' FROM dpmeta.events "
                       "WHERE data_product = %s AND to_version = 'v1.0'", (name,))[0][0]
    cluster.sql("SELECT dpmeta.set_sunset(%s, '2199-12-31')", (name,))
    read = front.request("GET", path)
    assert read.headers["Sunset"] == "Tue, 31 Dec 2199 00:00:00 GMT"
    assert front.request("DELETE", path).status == 204
    check_problem(front.request("GET", path), 410, "gone")
    past = front.request("GET", f"{path}?asOf={then.replace('+', '%2B')}")
    assert past.status == 200
    assert past.json == made.json
    # as for a data product, the name may be used again
    again = front.request("PUT", path, contract(name, ("c",)))
    assert again.status == 201
    assert again.json["version"] == "v2.0"


LINES = {"Content-Type": "application/x-ndjson"}


def test_many_at_once(front, unique):
    one, two = unique(), unique()
    documents = [contract(two, ("a",), ("b",)), contract(one)]
    planned = front.request("POST", CONTRACTS + "?dryRun=true", documents)
    assert planned.status == 200
    assert [(r["id"], r["kind"], len(r["changes"])) for r in planned.json] == \
        [(f"dp:{two}:v1.0", "initial", 3), (f"dp:{one}:v1.0", "initial", 1)]
    check_problem(front.request("GET", f"{CONTRACTS}/dp:{one}"), 404)

    lines = "\n".join(json.dumps(d) for d in documents) + "\n"
    made = front.request("POST", CONTRACTS, lines, LINES)
    assert made.status == 200
    assert made.json == planned.json
    assert names(front.request("GET", f"{CONTRACTS}/dp:{two}")) == ["a", "b"]
    # a retry, with the lines as an array
    assert front.request("POST", CONTRACTS, documents).json == made.json
    changed = front.request("POST", CONTRACTS + "?prune=true",
                            [contract(two, ("b",)), contract(one, description="Other")])
    assert [r["version"] for r in changed.json] == ["v2.0", "v1.1"]
    assert versions(front, two) == ["v2.0", "v1.0"]


def test_one_fault_in_many_refuses_all(front, unique):
    one, two, three = unique(), unique(), unique()
    good = contract(one, ("t",))
    bad = contract(two, ("t",), ("u", ("id", "intt")))
    nameless = contract(None, ("t",))
    problem = check_problem(front.request("POST", CONTRACTS, [good, bad, nameless]),
                            422, "invalid-document")
    assert [(e["document"], e["pointer"], e["keyword"]) for e in problem["errors"]] == \
        [(2, "/tables/1/columns/0/type", "format"), (3, "", "required")]
    # what only the store can tell, of the last one that is written
    late = contract(three, id="dp:x:v1.0")
    problem = check_problem(front.request("POST", CONTRACTS, [late, good]),
                            422, "invalid-document")
    assert [(e["document"], e["pointer"]) for e in problem["errors"]] == [(1, "/id")]
    check_problem(front.request("GET", f"{CONTRACTS}/dp:{one}"), 404)


def test_bodies_of_many(front, unique):
    line = json.dumps(contract(unique()))
    assert front.request("POST", CONTRACTS + "?dryRun=true", "\r\n" + line + "\r\n\r\n",
                         LINES).status == 200
    problem = check_problem(front.request("POST", CONTRACTS, line + "\n{", LINES), 400,
                            "malformed-json")
    assert "2" in problem["detail"]
    check_problem(front.request("POST", CONTRACTS, "[1", {"Content-Type": "application/json"}), 400)
    check_problem(front.request("POST", CONTRACTS, "1", {"Content-Type": "application/json"}), 422)
    check_problem(front.request("POST", CONTRACTS, line, {"Content-Type": "text/plain"}), 415)
    check_problem(front.request("PUT", f"{CONTRACTS}/dp:x", line, LINES), 415)
    assert front.request("POST", CONTRACTS, []).json == []
