"""Public schemas of npm's packages, by our validator and by ajv."""
import json
import os
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(HERE, "ajv")
sys.path.insert(0, os.path.join(HERE, "..", "lib"))
import npm  # noqa: E402

PACKAGES = ["vega-lite", "@octokit/webhooks-schemas",
            "webpack", "@schematics/angular", "@asyncapi/specs/schemas"]
COUNT = 100
ROWS = 500
TRIES = 3
DRAFTS = ["draft-04", "draft-06", "draft-07", "2019-09", "2020-12"]


def draft_of(schema):
    named = str(schema.get("$schema", "2020-12"))
    return next((d for d in DRAFTS if d in named), None)


def public_schemas():
    """The schemas that name their dialect, with where they lie."""
    found = []
    for package in PACKAGES:
        top = os.path.join(FOLDER, "node_modules", package)
        for folder, _, names in sorted(os.walk(top)):
            for name in sorted(names):
                if not name.endswith(".json") or "node_modules" in folder[len(top):]:
                    continue
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    try:
                        schema = json.load(file)
                    except ValueError:
                        continue
                if isinstance(schema, dict) and "json-schema.org" in str(schema.get("$schema")):
                    found.append((f"{package}/{name}", schema))
    return found


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


def by_us(bench, schema, document):
    """Microseconds: a schema never seen before, first fault, all faults."""
    schema, document = json.dumps(schema), json.dumps(document)
    fresh = ("SELECT dpmeta.is_valid(s, 'null') FROM (SELECT %s::jsonb || jsonb_build_object("
             "'$comment', '{}-' || i) AS s FROM generate_series(1, 5) i OFFSET 0) q")
    bench.run("CREATE TEMP TABLE bench_doc AS SELECT %s::jsonb AS d FROM generate_series(1, %s)",
              document, ROWS)
    base = bench.best("SELECT 1 FROM bench_doc WHERE d IS NULL")
    first = bench.best("SELECT 1 FROM bench_doc WHERE dpmeta.is_valid(%s::jsonb, d)", schema)
    everything = bench.best("SELECT 1 FROM (SELECT d FROM bench_doc LIMIT 50) b, "
                            "dpmeta.validate(%s::jsonb, d)", schema)
    bench.run("SELECT dpmeta.is_valid(%s::jsonb, %s::jsonb)", schema, document)
    valid = bench.cursor.fetchone()[0]
    bench.run("DROP TABLE bench_doc")
    compiled = min(bench.milliseconds(fresh.format(turn), schema) for turn in range(TRIES))
    return {"valid": valid, "compile": compiled * 1000 / 5,
            "first": max(first - base, 0.001) * 1000 / ROWS, "all": everything * 1000 / 50}


def measure(bench):
    npm.install(FOLDER)
    cases = [(name, schema, sample(schema, schema))
             for name, schema in public_schemas() if draft_of(schema)]
    ratios = {"compile": [], "first": [], "all": []}
    refused = disagreed = 0
    for (name, schema, document), theirs in zip(cases, by_ajv(cases[:COUNT + 20])):
        if len(ratios["compile"]) == COUNT:
            break
        if "error" in theirs:
            refused += 1
            continue
        ours = by_us(bench, schema, document)
        if ours["valid"] != theirs["valid"]:
            disagreed += 1
            print(f"ajv says otherwise of {name}: {theirs['valid']}")
        for what, list_ in ratios.items():
            list_.append(theirs[what] / ours[what])
    print(f"{len(ratios['compile'])} public schemas beside ajv, which refused {refused} more; "
          f"{disagreed} verdicts differ")
    for what, list_ in ratios.items():
        q = statistics.quantiles(list_, n=10)
        print(f"{what:8} ajv's time by ours: median {statistics.median(list_):.2f}, "
              f"a tenth below {q[0]:.2f}, a tenth above {q[-1]:.2f}")
