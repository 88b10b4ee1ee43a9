"""YAML in and out, wherever there is JSON."""

import json
import random

import pytest
import yaml

from documents import CONTRACTS, PRODUCTS, SCHEMAS, check_problem, product, schema

YAML = {"Content-Type": "application/yaml"}
ACCEPT = {"Accept": "application/yaml"}

ORDERS = """\
# what people keep in Git
description: &words |
  What it holds:
  orders.
domain: HQ
dataProductOwner: owner@example.org
dataProductOwnerDisplayName: The Owner
email: contact@example.org
status: draft
retentionPeriod: 0o17
dpiaRequired: false
tags: {country: no, factor: "1e3"}
tables:
- name: lines
  tableDescription: *words
  columns:
  - {name: id, type: bigint, description: ~ is no number, primaryKey: true}
  - name: since
    type: "date"
    description: !!str 2026-01-31
"""


def test_a_contract_goes_in_and_comes_out(front, unique):
    name = unique()
    path = f"{CONTRACTS}/dp:{name}"
    made = front.request("PUT", path, ORDERS.replace("country: no", "'country': 'no'"), YAML)
    assert made.status == 201, made
    assert made.headers["Content-Type"] == "application/json"
    document = made.json
    assert document["description"] == "What it holds:\norders.\n" == document["tables"][0]["tableDescription"]
    assert document["retentionPeriod"] == 15 and document["tags"] == {"country": "no", "factor": "1e3"}
    assert document["tables"][0]["columns"][1]["description"] == "2026-01-31"
    # In YAML 1.2 "no" is a string, and needs no quotes.
    again = front.request("PUT", path, ORDERS, {**YAML, **ACCEPT})
    assert again.status == 201 and again.headers["idempotent-replayed"] == "true"

    read = front.request("GET", path, headers=ACCEPT)
    assert read.headers["Content-Type"] == "application/yaml"
    assert "Accept" in read.headers.get_all("Vary")
    assert read.body == again.body
    assert yaml.safe_load(read.body) == front.request("GET", path).json
    assert front.request("GET", path + "?format=yaml").body == read.body
    # Each has an entity tag of its own, and each guards a write.
    tag = read.headers["ETag"]
    assert tag != front.request("GET", path).headers["ETag"]
    assert front.request("GET", path, headers={**ACCEPT, "If-None-Match": tag}).status == 304
    changed = front.request("PUT", path, read.body.decode().replace("domain: HQ", "domain: OPG"),
                            {**YAML, **ACCEPT, "If-Match": tag})
    assert changed.status == 200 and yaml.safe_load(changed.body)["version"] == "v1.1"
    assert front.request("HEAD", path, headers=ACCEPT).headers["Content-Type"] == "application/yaml"


def test_everything_else_takes_and_gives_it_too(front, unique):
    name = unique()
    dump = yaml.safe_dump
    assert front.request("POST", PRODUCTS, dump(product(name)), YAML).status == 201
    one, table = f"{PRODUCTS}/dp:{name}", f"{SCHEMAS}/dp:{name}:t"
    for kind in ("application/yaml; charset=utf-8", "application/x-yaml", "text/yaml", "application/vnd.x+yaml"):
        answer = front.request("PUT", one, dump(product(description=kind)), {"Content-Type": kind})
        assert answer.status == 200 and answer.json["description"] == kind
    assert front.request("POST", table, dump(schema()), YAML).status == 201
    patched = front.request("PATCH", table, "tableDescription: New\n",
                            {"Content-Type": "application/merge-patch+yaml"})
    assert patched.json["tableDescription"] == "New"
    check_problem(front.request("PUT", one, "{}", {"Content-Type": "application/merge-patch+yaml"}), 415)
    check_problem(front.request("PUT", one, "{}", {"Content-Type": "application/yaml; charset=latin1"}), 415)
    for path in (PRODUCTS + "?limit=1", one, table, one + "/versions", one + "/changes?from=v1.0", "/v1/stats"):
        answer = front.request("GET", path, headers=ACCEPT)
        assert answer.status == 200 and answer.headers["Content-Type"] == "application/yaml", answer
        assert yaml.safe_load(answer.body) == front.request("GET", path).json
    odcs = front.request("GET", f"{CONTRACTS}/dp:{name}", headers={"Accept": "application/odcs+yaml"})
    assert yaml.safe_load(odcs.body)["kind"] == "DataContract"
    # Refusals stay what every client knows.
    check_problem(front.request("GET", one + "_not", headers=ACCEPT), 404, "not-found")
    planned = front.request("PUT", one + "?dryRun=true", dump(product(description="x")), {**YAML, **ACCEPT})
    assert yaml.safe_load(planned.body)["kind"] == "minor"


def test_many_documents_are_a_stream(front, unique):
    names = [unique(), unique()]
    stream = "".join("---\n" + yaml.safe_dump(product(n, tables=[])) for n in names)
    made = front.request("POST", CONTRACTS, stream, YAML)
    assert [r["id"] for r in made.json] == [f"dp:{n}:v1.0" for n in names]
    array = yaml.safe_dump([product(n, description="2", tables=[]) for n in names])
    assert [r["version"] for r in front.request("POST", CONTRACTS, array, YAML).json] == ["v1.1", "v1.1"]
    faulty = stream + "---\nname: X\n"
    problem = check_problem(front.request("POST", CONTRACTS, faulty, YAML), 422, "invalid-document")
    assert {e["document"] for e in problem["errors"]} == {3}


@pytest.mark.parametrize("body,line,column,word", [
    ("a: 1\nb: 2\na: 3\n", 3, 1, "twice"),
    ("x: {a: 1, \"a\": 2}\n", 1, 11, "twice"),
    ("a: [1\nb: 2\n", 2, 2, "expected"),
    ("\ta: 1\n", 1, 1, "token"),
    ("a: !date 1\n", 1, 4, "no tag"),
    ("a: !!int x\n", 1, 4, "tag"),
    ("a: .inf\n", 1, 4, "number"),
    ("a: *b\n", 1, 4, "anchor"),
    ("a: &b [*b]\n", 1, 8, "part"),
    ("? [a]\n: 1\n", 1, 3, "scalar"),
    ("a: 1\n---\nb: 1\n", 2, 1, "second"),
    ("# nothing\n", 2, 1, "no document"),
    ("[" * 600 + "]" * 600, 1, 513, "deeply"),
    ("a: \x01\n", 1, 1, "control"),
    ("a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 9)), 6, None, "larger"),
    ("".join(f"k{i}: &a{i} 1\n" for i in range(300)), 257, 7, "anchors"),
], ids=lambda value: value if isinstance(value, str) and value.isalpha() else "")
def test_a_fault_says_where_it_is(front, body, line, column, word):
    problem = check_problem(front.request("POST", PRODUCTS, body, YAML), 400, "malformed-yaml")
    assert word in problem["detail"]
    assert problem["line"] == line
    assert column in (None, problem["column"])
    assert problem["detail"].startswith(f"Line {line}, column ")


def texts(random_):
    alphabet = " \n\t'\"\\:#-?,[]{}&*!|>%@`~.019eExyno_/é\u0085\u2028\ufeff\U0001F600\x7f\u200b"
    words = ["no", "null", "1e3", "0x1", "~", "on", "=", "<<", "2026-01-31", "1:30", "- a", "a: b", "a #b",
             "---", "...", "a\n---\nb", "  ", "a\n\nb\n", " a\nb", "a\nb\n\n", "x:", "[a]", "+1"]
    while True:
        yield random_.choice(words) if random_.random() < 0.3 else \
            "".join(random_.choice(alphabet) for _ in range(random_.randint(1, 12)))


def test_texts_survive(front, unique):
    """What comes out reads as what went in, by our reader and by one of YAML 1.1."""
    source = texts(random.Random(7))
    name = unique()
    document = product(name, description=next(source), tags={
        str(i) + next(source): next(source) for i in range(200)}, tables=[
        {"name": f"t{i}", **schema(description=next(source))} for i in range(100)])
    path = f"{CONTRACTS}/dp:{name}"
    assert front.request("PUT", path, document).status == 201
    out = front.request("GET", path, headers=ACCEPT)
    stored = front.request("GET", path).json
    assert json.dumps(yaml.safe_load(out.body), sort_keys=True) == json.dumps(stored, sort_keys=True)
    same = front.request("PUT", path, out.body, YAML)
    assert same.status == 200 and same.json["version"] == "v1.0"
