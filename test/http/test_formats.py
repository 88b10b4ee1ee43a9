"""Contracts in the formats of others, each read by what its owners publish."""

import csv
import datetime
import decimal
import io
import json
import os
import re

import jsonschema
import pytest
import yaml

from cluster import TOP
from documents import CONTRACTS, PRODUCTS, SCHEMAS, check_problem, product, register

FORMATS = {
    "json": "application/json",
    "yaml": "application/yaml",
    "odcs": "application/odcs+json",
    "odcs-yaml": "application/odcs+yaml",
    "odps": "application/odps+json",
    "odps-yaml": "application/odps+yaml",
    "json-schema": "application/schema+json",
    "avro": "application/vnd.dpmeta.avro+json",
    "postgresql": "application/sql",
    "athena": "application/vnd.dpmeta.athena+sql",
    "glue": "application/vnd.dpmeta.glue+json",
    "dcat": "application/ld+json",
    "csv": "text/csv",
    "markdown": "text/markdown",
}

COLUMNS = [
    {"name": "id", "type": "bigint", "description": "Its \"number\", | and\nmore", "primaryKey": True},
    {"name": "day", "type": "date", "description": "", "partition": True, "required": True},
    {"name": "1st", "type": "utinyint", "description": "é \\ `x` <b>", "tags": {"a:b": "c", "d": ""}},
    {"name": "t", "type": "tinyint", "description": ""},
    {"name": "u2", "type": "usmallint", "description": ""},
    {"name": "u4", "type": "uint", "description": ""},
    {"name": "u8", "type": "ubigint", "description": ""},
    {"name": "s2", "type": "smallint", "description": ""},
    {"name": "i", "type": "int", "description": ""},
    {"name": "f", "type": "float", "description": ""},
    {"name": "d", "type": "double", "description": ""},
    {"name": "price", "type": "decimal(10,2)", "description": "", "required": True},
    {"name": "c", "type": "char(3)", "description": ""},
    {"name": "v", "type": "varchar(20)", "description": ""},
    {"name": "w", "type": "varchar", "description": ""},
    {"name": "s", "type": "string", "description": ""},
    {"name": "b", "type": "binary", "description": ""},
    {"name": "at", "type": "timestamp", "description": ""},
    {"name": "ok", "type": "boolean", "description": ""},
    {"name": "many", "type": "array<int>", "description": ""},
    {"name": "deep", "type": "array<array<struct<a-b:int,a$b:map<string,uint>,C:struct<c:decimal(3,1)>>>>",
     "description": ""},
    {"name": "by", "type": "map<int,struct<x:varchar(3)>>", "description": ""},
]


def make(front, name):
    answer = front.request("PUT", f"{CONTRACTS}/dp:{name}", product(
        name, description="What it's for", tags={"team": "x"}, dataProductMaintainer="m@example.org", tables=[
            {"name": "lines", "tableDescription": "It's a line", "tags": {"layer": "raw"}, "columns": COLUMNS},
            {"name": "empty", "tableDescription": "", "columns": []}]))
    assert answer.status == 201, answer


@pytest.fixture(scope="module")
def stored(front):
    name = "formats_of_others"
    make(front, name)
    return name


def ask(front, path, **headers):
    answer = front.request("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})
    assert answer.status == 200, answer
    return answer


def standard(name):
    place = os.environ.get("DPMETA_STANDARDS") or os.path.join(os.path.dirname(TOP), "shared/standards")
    path = os.path.join(place, name)
    if not os.path.exists(path):
        pytest.skip(f"{path} is not there; DPMETA_STANDARDS names another place")
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def test_a_format_is_chosen_by_the_query_or_by_accept(front, stored):
    of = f"{CONTRACTS}/dp:{stored}"
    tags = set()
    for name, media_type in FORMATS.items():
        for path in (of, f"{SCHEMAS}/dp:{stored}:lines", f"{of}:v1.0"):
            asked = ask(front, f"{path}?format={name}")
            accepted = ask(front, path, Accept=f"text/turtle, {media_type};q=0.8, */*;q=0.1")
            assert asked.body == accepted.body
            assert asked.headers["Content-Type"].split(";")[0] == media_type
            assert asked.headers["Content-Type"] == accepted.headers["Content-Type"]
            assert asked.headers["ETag"] == accepted.headers["ETag"]
            assert "Accept" in asked.headers.get_all("Vary")
        tags.add(asked.headers["ETag"])
        unchanged = front.request("GET", f"{of}:v1.0?format={name}",
                                  headers={"If-None-Match": asked.headers["ETag"]})
        assert unchanged.status == 304 and unchanged.headers["ETag"] == asked.headers["ETag"]
    assert len(tags) == len(FORMATS)
    assert ask(front, of).body == ask(front, of, Accept="*/*").body == ask(front, of + "?format=json").body
    # The query counts before Accept, also that of a browser, which gets pages.
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    assert ask(front, f"{SCHEMAS}/dp:{stored}:lines?format=csv", Accept=browser).body.startswith(b"table,")
    assert ask(front, of + "?format=csv", Accept="application/json").headers["Content-Type"].startswith("text/csv")


def test_what_there_is_not_is_refused_with_what_there_is(front, stored):
    of = f"{CONTRACTS}/dp:{stored}"
    for path, accept in ((of + "?format=xml", "*/*"), (of, "application/xml"), (of + "?format=%ff", "*/*"),
                         (of + "?format=", "*/*"), (of, "*/*;q=0"),
                         (of, "application/json;q=0, */*")):
        problem = check_problem(front.request("GET", path, headers={"Accept": accept}), 406, "not-acceptable")
        assert problem["detail"] == "The formats here are " + ", ".join(FORMATS)
    # Who takes problems alone gets what there is.
    ask(front, of, Accept="application/problem+json")
    check_problem(front.request("GET", f"{PRODUCTS}/dp:{stored}?format=csv"), 400, "invalid-parameter")
    check_problem(front.request("GET", f"{CONTRACTS}/dp:{stored}_not?format=csv"), 404, "not-found")


def test_an_entity_tag_of_any_format_guards_a_write(front, unique):
    name = unique()
    register(front, name)
    of = f"{CONTRACTS}/dp:{name}"
    old = ask(front, of + "?format=odcs").headers["ETag"]
    assert front.request("PUT", of, product(description="2", tables=[]), {"If-Match": old}).status == 200
    check_problem(front.request("PUT", of, product(description="3", tables=[]), {"If-Match": old}), 412)


def test_odcs(front, stored):
    model = standard("odcs/odcs-json-schema-v3.1.0.json")
    for path in (f"{CONTRACTS}/dp:{stored}", f"{SCHEMAS}/dp:{stored}:lines"):
        document = ask(front, path + "?format=odcs").json
        jsonschema.Draft201909Validator(model).validate(document)
        lines = next(t for t in document["schema"] if t["name"] == "lines")
        assert [p["physicalType"] for p in lines["properties"]] == [c["type"] for c in COLUMNS]
        assert lines["properties"][20]["items"]["items"]["properties"][2]["properties"][0]["logicalType"] == "number"
    assert [t["name"] for t in document["schema"]] == ["lines"]


def test_odps(front, stored):
    document = ask(front, f"{CONTRACTS}/dp:{stored}?format=odps").json
    jsonschema.Draft201909Validator(standard("odps/odps-json-schema-v1.0.0.json")).validate(document)
    assert [p["name"] for p in document["outputPorts"]] == ["empty", "lines"]
    assert [m["role"] for m in document["team"]["members"]] == ["owner", "maintainer"]


ROW = {"id": 1, "day": "2026-01-31", "1st": 255, "price": 1.25, "b": "AP8=", "at": "2026-01-31T09:30:00",
       "deep": [[{"a-b": 1, "a$b": {"k": 1}, "C": {"c": 10.5}}, None]], "by": {"1": {"x": "abc"}}, "ok": None}


def test_json_schema(front, stored):
    rows = ask(front, f"{SCHEMAS}/dp:{stored}:lines?format=json-schema").json
    jsonschema.Draft202012Validator.check_schema(rows)
    judge = jsonschema.Draft202012Validator(rows, format_checker=jsonschema.FormatChecker())
    judge.validate(ROW)
    for wrong in ({"id": None}, {"id": 2 ** 63}, {"1st": -1}, {"more": 1}, {"at": "9:30"}, {"c": "long"},
                  {"deep": [[{"a-b": "1"}]]}, {"by": {"1": {"x": "long"}}}, {"price": 10 ** 8}):
        assert not judge.is_valid({**ROW, **wrong}), wrong
    every = ask(front, f"{CONTRACTS}/dp:{stored}?format=json-schema").json
    jsonschema.Draft202012Validator.check_schema(every)
    assert every["$defs"]["lines"] == {k: v for k, v in rows.items() if not k.startswith("$")}


def test_avro(front, stored):
    avro_schema = pytest.importorskip("avro.schema")
    avro_io = pytest.importorskip("avro.io")
    record = avro_schema.parse(ask(front, f"{SCHEMAS}/dp:{stored}:lines?format=avro").body.decode())
    assert record.fullname == f"{stored}.lines"
    row = {"id": 1, "_1st": 255, "many": [1, None], "ok": True, "b": b"\x00",
           "deep": [[{"a_b": 1, "a_b__2": {"k": 4294967295}, "C": {"c": None}}]],
           "by": [{"key": 1, "value": {"x": "abc"}}]}
    row.update(day=datetime.date(2026, 1, 31), price=decimal.Decimal("1.25"))
    out = io.BytesIO()
    avro_io.DatumWriter(record).write({f.name: row.get(f.name) for f in record.fields},
                                      avro_io.BinaryEncoder(out))
    out.seek(0)
    read = avro_io.DatumReader(record).read(avro_io.BinaryDecoder(out))
    assert {k: v for k, v in read.items() if v is not None} == row
    # A data product is a union of its tables.
    assert len(avro_schema.parse(ask(front, f"{CONTRACTS}/dp:{stored}?format=avro").body.decode()).schemas) == 2


def test_postgresql_executes_its_own(make_cluster, front, stored):
    cluster = make_cluster()
    for path in (f"{CONTRACTS}/dp:{stored}", f"{SCHEMAS}/dp:{stored}:lines"):
        cluster.sql(f"DROP SCHEMA IF EXISTS {stored} CASCADE")
        cluster.sql(ask(front, path + "?format=postgresql").body.decode().replace("%", "%%"))
        made = cluster.sql("SELECT column_name FROM information_schema.columns WHERE table_schema = %s "
                           "AND table_name = 'lines' ORDER BY ordinal_position", (stored,))
        assert [m[0] for m in made] == [c["name"] for c in COLUMNS]
        assert cluster.sql(f"SELECT col_description('{stored}.lines'::regclass, 1)") == \
            [(COLUMNS[0]["description"],)]
        assert cluster.sql("SELECT c.column_name FROM information_schema.key_column_usage c "
                           "WHERE c.table_schema = %s", (stored,)) == [("id",)]


def athena_columns(ddl):
    """(name, type) of each column of one CREATE TABLE, in its order."""
    found = []
    for line in ddl.split("\n"):
        match = re.fullmatch(r"\t`([^`]*)` (\S+?)( COMMENT '((?:[^'\\]|\\.)*)')?,?", line)
        if match:
            found.append((match[1], match[2]))
    return found


def test_athena_and_glue_say_the_same(front, stored):
    ddl = ask(front, f"{SCHEMAS}/dp:{stored}:lines?format=athena").body.decode()
    table = ask(front, f"{SCHEMAS}/dp:{stored}:lines?format=glue").json["TableInput"]
    columns = table["StorageDescriptor"]["Columns"] + table["PartitionKeys"]
    assert athena_columns(ddl) == [(c["Name"], c["Type"]) for c in columns]
    assert len(columns) == len(COLUMNS)
    body, partitions = ddl.split("PARTITIONED BY")
    assert "`day` date" in partitions and "`day`" not in body
    assert not re.search(r"\bu(tiny|small|big)?int\b", ddl)


def test_glue(front, stored):
    session = pytest.importorskip("botocore.session")
    judge_of = pytest.importorskip("botocore.validate").ParamValidator
    service = session.get_session().get_service_model("glue")

    def judge(operation, parameters):
        report = judge_of().validate(parameters, service.operation_model(operation).input_shape)
        assert not report.has_errors(), report.generate_report()

    judge("CreateTable", ask(front, f"{SCHEMAS}/dp:{stored}:lines?format=glue").json)
    document = ask(front, f"{CONTRACTS}/dp:{stored}?format=glue").json
    judge("CreateDatabase", {"DatabaseInput": document["DatabaseInput"]})
    assert [t["Name"] for t in document["TableInputs"]] == ["empty", "lines"]
    for table in document["TableInputs"]:
        judge("CreateTable", {"DatabaseName": stored, "TableInput": table})
        for column in table["StorageDescriptor"]["Columns"]:
            assert len(column["Comment"]) <= 255


def test_dcat(front, stored):
    rdflib = pytest.importorskip("rdflib")
    graph = rdflib.Graph()
    graph.parse(data=ask(front, f"{CONTRACTS}/dp:{stored}?format=dcat").body, format="json-ld")
    dcat, terms = (rdflib.Namespace(n) for n in ("http://www.w3.org/ns/dcat#", "http://purl.org/dc/terms/"))
    dataset = rdflib.URIRef(f"urn:dpmeta:dp:{stored}:v1.0")
    assert (dataset, rdflib.RDF.type, dcat.Dataset) in graph
    assert str(graph.value(dataset, dcat.version)) == "v1.0"
    assert {str(o) for o in graph.objects(dataset, dcat.distribution)} == \
        {f"urn:dpmeta:dp:{stored}:v1.0:{t}" for t in ("lines", "empty")}
    assert graph.value(dataset, terms.issued).datatype == rdflib.XSD.dateTime
    assert graph.value(dataset, terms.issued).toPython().year >= 2026
    # Each term of the vocabularies that have one for rdflib is one of theirs.
    for predicate in set(graph.predicates()):
        for known in (rdflib.DCAT, rdflib.DCTERMS, rdflib.FOAF, rdflib.SKOS):
            if str(predicate).startswith(str(known)) and predicate != dcat.version:  # new in DCAT 3
                assert predicate in known


def test_csv(front, stored):
    answer = ask(front, f"{CONTRACTS}/dp:{stored}?format=csv")
    rows = list(csv.DictReader(io.StringIO(answer.body.decode(), newline=""), strict=True))
    assert [(r["table"], r["name"], r["type"], r["description"]) for r in rows] == \
        [("lines", c["name"], c["type"], c["description"]) for c in COLUMNS]
    assert json.loads(rows[2]["tags"]) == {"a:b": "c", "d": ""}
    assert rows[0]["primaryKey"] == "true" and rows[1]["primaryKey"] == "false"


def test_markdown(front, stored):
    text = ask(front, f"{CONTRACTS}/dp:{stored}?format=markdown").body.decode()
    lines = text.split("## lines")[1].strip().split("\n")
    rows = [re.split(r"(?<!\\)\|", line)[1:-1] for line in lines if line.startswith("|")]
    assert {len(r) for r in rows} == {4} and len(rows) == 2 + len(COLUMNS)
    assert "<b>" not in text and "&lt;b" in text


def test_odcs_goes_in(front, unique):
    name = unique()
    make(front, name)
    path = f"{CONTRACTS}/dp:{name}"
    document = ask(front, path + "?format=odcs").json
    same = front.request("PUT", path + "?strict=true", document)
    assert same.status == 200 and same.json["version"] == "v1.0" and "warnings" not in same.json
    text = ask(front, path + "?format=odcs-yaml").body
    for kind in ("application/odcs+yaml", "application/yaml"):
        assert front.request("PUT", path + "?strict=true", text, {"Content-Type": kind}).status == 200
    document["schema"][0]["properties"].append({"name": "more", "physicalType": "INT", "unique": True})
    document["servers"] = [{"server": "s", "type": "s3"}]
    problem = check_problem(front.request("PUT", path + "?strict=true", document), 422, "invalid-document")
    assert [e["pointer"] for e in problem["errors"]] == ["/servers", "/schema/0/properties/0/unique"]
    planned = front.request("PUT", path + "?dryRun=true", document).json
    assert planned["kind"] == "minor" and len(planned["warnings"]) == 2
    changed = front.request("PUT", path, document)
    assert changed.json["version"] == "v1.1" and changed.json["warnings"] == planned["warnings"]
    assert changed.headers["ETag"] == ask(front, path).headers["ETag"]
    again = front.request("PUT", path, document)
    assert again.headers["idempotent-replayed"] == "true" and again.json == changed.json


def examples():
    place = os.environ.get("DPMETA_STANDARDS") or os.path.join(os.path.dirname(TOP), "shared/standards")
    folder = os.path.join(place, "odcs/examples")
    return sorted(os.path.join(folder, f) for f in os.listdir(folder)) if os.path.isdir(folder) else []


@pytest.mark.parametrize("path", examples(), ids=os.path.basename)
def test_odcs_of_its_owners_is_understood(front, unique, path):
    """Each of their examples is taken once it has what there must be here."""
    with open(path, encoding="utf-8") as file:
        document = yaml.safe_load(file)
    name = unique()
    old = str(document["apiVersion"]).startswith("v2")
    document.update(name=name, domain="HQ", status="draft", description={"purpose": "x"},
                    team=[{"username": "o", "role": "owner"}],
                    support=[{"channel": "m", "url": "mailto:o@example.org"}],
                    slaProperties=[{"property": "retention", "value": 1, "unit": "d"}],
                    customProperties=[{"property": "dpiaRequired", "value": False}])
    for number, table in enumerate(document.get("schema", [])):
        table["name"] = f"t{number}"
        for place, column in enumerate(table.get("properties", [])):
            column["name"] = f"c{place}"
    body = yaml.safe_dump(document, sort_keys=False)
    answer = front.request("PUT", f"{CONTRACTS}/dp:{name}", body, {"Content-Type": "application/odcs+yaml"})
    if old:
        problem = check_problem(answer, 422, "invalid-document")
        assert problem["errors"][0]["pointer"] == "/apiVersion"
        return
    assert answer.status == 201, answer
    assert len(answer.json["tables"]) == len(document.get("schema", []))
    for table, given in zip(answer.json["tables"], sorted(document.get("schema", []), key=lambda t: t["name"])):
        assert [c["name"] for c in table["columns"]] == [c["name"] for c in given.get("properties", [])]
    assert "/id" in [w["pointer"] for w in answer.json["warnings"]]


def test_rows_are_judged(front, stored):
    path = f"{SCHEMAS}/dp:{stored}:lines/validate"
    lines = "\n".join(json.dumps(r) for r in (ROW, {**ROW, "id": "x"}, {**ROW, "more": 1})) + "\n{\n"
    for kind in ("application/x-ndjson", "application/jsonl"):
        answer = front.request("POST", path, lines, {"Content-Type": kind})
        assert answer.status == 200 and answer.json["rows"] == 4 and answer.json["valid"] == 1, answer
        assert [(f["line"], f["pointer"], f["keyword"]) for f in answer.json["faults"]] == \
            [(2, "/id", "type"), (3, "/more", "additionalProperties"), (4, "", "json")]
    array = front.request("POST", path, [ROW, {}])
    assert {f["line"] for f in array.json["faults"]} == {2} and not array.json["truncated"]
    text = front.request("POST", path, yaml.safe_dump_all([ROW, {}]), {"Content-Type": "application/yaml"})
    assert text.json == array.json
    many = front.request("POST", path, "{}\n" * 20000, {"Content-Type": "application/x-ndjson"}).json
    assert many["rows"] == 20000 and len(many["faults"]) == 1000 and many["truncated"]
    check_problem(front.request("POST", path.replace("lines", "none"), [ROW]), 404, "not-found")
    check_problem(front.request("POST", path, "x", {"Content-Type": "text/csv"}), 415)
