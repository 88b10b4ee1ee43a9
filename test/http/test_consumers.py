"""Who reads a data product, and what they are asked before it breaks."""

from documents import CONTRACTS, PRODUCTS, SCHEMAS, add_table, check_problem, product, register, schema


def consumer(version="v1", contact="fin@example.org", **more):
    return {"version": version, "contact": contact, **more}


def test_consumers_are_registered_read_and_forgotten(front, unique):
    name = unique()
    register(front, name)
    add_table(front, name, "lines")
    of = f"{PRODUCTS}/dp:{name}/consumers"
    assert front.request("GET", of).json == []
    check_problem(front.request("GET", of + "/finance"), 404, "not-found")

    planned = front.request("PUT", of + "/finance?dryRun=true", consumer(tables=["lines"]))
    assert planned.status == 200 and planned.json["tables"] == ["lines"]
    assert front.request("GET", of).json == []
    made = front.request("PUT", of + "/finance", consumer(tables=["lines"]))
    assert made.status == 201 and made.headers["Location"] == of + "/finance"
    assert front.request("PUT", of + "/finance", consumer(tables=["lines"])).status == 200
    read = front.request("GET", of + "/finance")
    assert read.json == made.json and read.headers["ETag"] == made.headers["ETag"]
    assert front.request("GET", of + "/finance",
                         headers={"If-None-Match": read.headers["ETag"]}).status == 304
    assert front.request("GET", f"{PRODUCTS}/dp:{name}:v1/consumers").json == [read.json]

    # What was read can be edited and sent back, unless somebody was faster.
    edited = {**read.json, "contact": "other@example.org"}
    tag = {"If-Match": read.headers["ETag"]}
    assert front.request("PUT", of + "/finance", edited, tag).json["contact"] == "other@example.org"
    check_problem(front.request("PUT", of + "/finance", edited, tag), 412, "precondition-failed")
    check_problem(front.request("DELETE", of + "/finance", headers=tag), 412, "precondition-failed")
    assert front.request("GET", f"{PRODUCTS}/dp:{name}").json["version"] == "v1.1"

    problem = check_problem(front.request("PUT", of + "/x", consumer("v7", tables=["none"])), 422,
                            "invalid-document")
    assert [e["pointer"] for e in problem["errors"]] == ["/version"]
    check_problem(front.request("PUT", of + "/A%20b", consumer()), 400, "invalid-parameter")
    check_problem(front.request("PUT", of + "/%ff", consumer()), 400, "invalid-parameter")
    check_problem(front.request("PUT", f"{PRODUCTS}/dp:{name}_not/consumers/x", consumer()), 404,
                  "not-found")

    gone = front.request("DELETE", of + "/finance?dryRun=true")
    assert gone.status == 200 and gone.json["name"] == "finance"
    assert front.request("DELETE", of + "/finance").status == 204
    check_problem(front.request("DELETE", of + "/finance"), 404, "not-found")


def test_a_breaking_write_names_those_whom_it_touches(front, unique):
    name = unique()
    made = front.request("PUT", f"{CONTRACTS}/dp:{name}", product(name, tables=[
        {"name": "lines", **schema()}, {"name": "heads", **schema()}]))
    assert made.status == 201
    of = f"{PRODUCTS}/dp:{name}/consumers"
    front.request("PUT", of + "/finance", consumer(tables=["lines"]))
    front.request("PUT", of + "/hr", consumer(tables=["heads"]))
    lines = f"{SCHEMAS}/dp:{name}:lines"

    def affected(answer):
        assert answer.status in (200, 201), answer
        return [c["name"] for c in answer.json.get("affectedConsumers", [])]

    assert affected(front.request("PUT", lines + "?dryRun=true", schema(("id", "string")))) == ["finance"]
    assert affected(front.request("PUT", lines + "?dryRun=true",
                                  schema(("id", "bigint"), ("more", "int")))) == []
    problem = check_problem(front.request("DELETE", lines), 409, "consumed")
    assert problem["reason"] == "It is read by finance (fin@example.org)."
    check_problem(front.request("DELETE", f"{PRODUCTS}/dp:{name}"), 409, "consumed")
    check_problem(front.request("DELETE", f"{CONTRACTS}/dp:{name}:v1.0"), 409, "consumed")
    assert affected(front.request("DELETE", lines + "?dryRun=true")) == ["finance"]
    written = front.request("PUT", lines, schema(("id", "string")))
    assert affected(written) == ["finance"]
    assert written.headers["ETag"] == front.request("GET", lines).headers["ETag"]
    # They have been told; the newest major is nobody's now, but the old one is.
    assert front.request("DELETE", lines).status == 204
    check_problem(front.request("DELETE", f"{PRODUCTS}/dp:{name}:v1"), 409, "consumed")
    assert front.request("DELETE", f"{PRODUCTS}/dp:{name}:v1?force=true").status == 204
