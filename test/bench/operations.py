"""What is measured, and the statement that the front makes of it."""

import json
import re
from collections import namedtuple

PRODUCTS = 1000
TABLES = 3
COLUMNS = 20

# The numbers in the one request by which the front's statement is learnt.
PROBE_PRODUCT = "577"
PROBE_FRESH = "987654321987"

# In path and body "@@" is the number of a product, "##" a fresh number.
Operation = namedtuple("Operation", "name title method path body headers kind baseline")


def data_product(description, name=None):
    document = {
        "description": description,
        "domain": "HMPPS",
        "dataProductOwner": "jane.doe@justice.gov.uk",
        "dataProductOwnerDisplayName": "Jane Doe",
        "email": "use-of-force@justice.gov.uk",
        "status": "draft",
        "retentionPeriod": 3650,
        "dpiaRequired": True,
        "tags": {"sandbox": "true", "team": "prisons"},
    }
    return {"name": name, **document} if name else document


def table_schema(description):
    types = ["bigint", "string", "timestamp", "decimal(10,2)"]
    return {
        "tableDescription": description,
        "columns": [{"name": f"column_{i}", "type": types[i % 4],
                     "description": f"What column {i} of the table means"}
                    for i in range(1, COLUMNS + 1)],
    }


def _operation(name, title, method, path, body=None, headers=(), kind="read",
               baseline=False):
    text = json.dumps(body, separators=(",", ":")) if body else None
    return Operation(name, title, method, path, text, tuple(headers), kind, baseline)


OPERATIONS = [
    _operation("get", "GET product, newest", "GET",
               "/v1/data-products/dp:bench_@@", baseline=True),
    _operation("get-version", "GET product, a version", "GET",
               "/v1/data-products/dp:bench_@@:v1.1", baseline=True),
    _operation("get-schema", f"GET schema of {COLUMNS} columns", "GET",
               "/v1/schemas/dp:bench_@@:table_2", baseline=True),
    _operation("list", "list, a page of 50", "GET",
               "/v1/data-products?limit=50", kind="list", baseline=True),
    _operation("search", "search", "GET",
               "/v1/data-products?q=restraint%20@@&limit=50", kind="list"),
    _operation("post", "POST product", "POST", "/v1/data-products",
               data_product("made by a benchmark", "post_##"), kind="write"),
    _operation("put", "PUT product", "PUT", "/v1/data-products/dp:put_@@",
               data_product("changed by ##"), kind="write"),
    _operation("put-schema", "PUT schema", "PUT", "/v1/schemas/dp:put_@@:table_2",
               table_schema("changed by ##"), kind="write"),
    _operation("replay", "POST product, replayed", "POST", "/v1/data-products",
               data_product("sent again and again", "bench_replayed"), kind="write"),
]

BY_NAME = {operation.name: operation for operation in OPERATIONS}


def seed(cluster):
    """Products with tables, by the extension's own functions."""
    for stem in ("bench", "put"):
        cluster.sql("""
            SELECT count(dpmeta.register_data_product(
                jsonb_set(jsonb_set(%s::jsonb, '{name}', to_jsonb(%s || '_' || i)),
                    '{description}', to_jsonb('Incidents where force was used,'
                        ' restraint ' || i))))
            FROM generate_series(1, %s) i""",
                    (json.dumps(data_product("")), stem, PRODUCTS))
        cluster.sql("""
            SELECT count(dpmeta.register_schema(
                (format('dp:%%s_%%s:table_%%s', %s, i, t))::dpmeta.dpid, %s))
            FROM generate_series(1, %s) i, generate_series(1, %s) t""",
                    (stem, json.dumps(table_schema("Who, where and when")),
                     PRODUCTS, TABLES))
    cluster.sql("VACUUM ANALYZE")


def fill_in(text):
    return text and text.replace("@@", PROBE_PRODUCT).replace("##", PROBE_FRESH)


# What the server logs of a prepared statement: its text, then its parameters.
_LOGGED = re.compile(r"LOG:  execute \w+: (.*)\n.*DETAIL:  parameters: (.*)\n")
_PARAMETER = re.compile(r"\$(\d+) = (NULL|'((?:[^']|'')*)')")


def pgbench_script(log, varies):
    """What the front sent last, as a script of pgbench and its variables.

    Where the operation varies, so does the script: the probe's numbers are
    replaced in it by random ones, as wrk does it.
    """
    sql, parameters = _LOGGED.findall(log)[-1]
    values = {number: None if raw == "NULL" else text.replace("''", "'")
              for number, raw, text in _PARAMETER.findall(parameters)}
    variables = {}
    lines = []
    if varies:
        lines += [f"\\set product random(1, {PRODUCTS})",
                  "\\set fresh random(1, 1000000000000000000)"]

    def argument(match):
        value = values[match.group(1)]
        name = "p" + match.group(1)
        if value is None:
            return "NULL"
        variables[name] = value
        if not varies or not re.search(f"{PROBE_PRODUCT}|{PROBE_FRESH}", value):
            return f":{name}"
        text = (f"replace(replace(:{name}, '{PROBE_FRESH}', :fresh::text),"
                f" '{PROBE_PRODUCT}', :product::text)")
        return f"{text}::dpmeta.dpid" if value.startswith("dp:") else text

    lines.append(re.sub(r"\$(\d+)", argument, sql) + ";")
    return "\n".join(lines) + "\n", variables
