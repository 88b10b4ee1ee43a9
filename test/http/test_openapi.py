"""The document at /openapi.json: whole, true, and fit for others' tools."""

import json
import os
import re
import shutil
import subprocess

import pytest

import npm
import oidc
from cluster import TOP
from documents import CONTRACTS, JSON, PATCH, PRODUCTS, SCHEMAS, product, schema
from gateway import wait_for
from openapi import Contract

CLIENT = os.path.join(TOP, "test/client")
FRONT = os.path.join(TOP, "http-front")


@pytest.fixture(scope="module")
def contract(front):
    return Contract(front.request("GET", "/openapi.json").json)


@pytest.fixture(scope="module")
def provider(scratch):
    one = oidc.Provider(scratch).start()
    yield one
    one.discard()


@pytest.fixture
def secured(make_front, cluster, provider):
    return make_front(cluster, **provider.settings(
        DPMETA_DOCS_CLIENT_ID="docs", DPMETA_DOCS_SCOPE="openid dpmeta.read"))


# The document and what is served.


@pytest.fixture(scope="module")
def route_list(scratch):
    """A program that prints the route table, as the front itself is built from it."""
    program = os.path.join(scratch, "route_list")
    subprocess.run(["cc", "-D_GNU_SOURCE", "-I", FRONT, "-o", program,
                    os.path.join(TOP, "test/http/unit/route_list.c"),
                    *(os.path.join(FRONT, f) for f in ("routes/routes.c", "routes/router.c",
                                                   "base/field.c", "base/text.c"))],
                   check=True)

    def run(*options):
        return subprocess.run([program, *options], stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
    return run


@pytest.fixture(scope="module")
def routes(route_list):
    return [line.split() for line in route_list()]


def described(contract):
    out = []
    for method, path, operation in contract.operations():
        parameters = [contract.resolve(p) for p in operation["parameters"]]
        out.append([method, path, operation["operationId"],
                    *(f"{p['in']}:{p['name']}" for p in parameters if p["in"] != "header")])
    return out


def test_document_has_each_route_and_no_other(contract, routes):
    assert sorted(described(contract)) == sorted(routes)


def test_routes_need_the_roles_that_their_functions_are_granted_to(route_list, cluster):
    """What the front asks of a token is what the extension asks of a database role."""
    # 0: no token, 8: what the front asks by itself
    names = {0: "reader", 1: "reader", 2: "producer", 4: "steward", 8: "front"}
    granted = dict(cluster.sql("SELECT name, role FROM dpmeta.role_rights() WHERE kind = 'function'"))
    asked = [(names[int(line.split()[0])], function) for line in route_list("-r")
             for function in re.findall(r"dpmeta\.(\w+)\(", line) if function in granted]
    assert len(asked) > 10
    assert [(role, function) for role, function in asked if granted[function] != role] == []


def fill(path):
    return path.replace("{id}", "dp:x" if "products" in path else "dp:x:t").replace("{file}", "x").replace("{name}", "x")


def test_server_has_each_path_with_its_methods(contract, front):
    for path, item in contract.document["paths"].items():
        methods = {m.upper() for m in item} | {"OPTIONS"}
        methods |= {"HEAD"} & ({"HEAD"} if "get" in item else set())
        allow = front.request("OPTIONS", fill(path)).headers["Allow"]
        assert set(allow.split(", ")) == methods, path


def test_server_takes_the_parameters_described_only(contract, front):
    for method, path, operation in contract.operations():
        names = [p["name"] for p in map(contract.resolve, operation["parameters"])
                 if p["in"] == "query"]
        if method != "GET" or not path.startswith("/v1/"):
            continue
        answer = front.request("GET", fill(path) + "?verbose=1")
        assert answer.status == 400 and '"verbose"' in answer.json["detail"], answer
        for name in names:
            answer = front.request("GET", f"{fill(path)}?{name}=~")
            assert "Unknown" not in answer.json["detail"] if answer.status == 400 else True, answer


def test_every_operation_is_described(contract):
    names = set()
    for _, _, operation in contract.operations():
        names.add(operation["operationId"])
        assert operation["summary"] and operation["description"].endswith("."), operation
        assert len(operation["tags"]) == 1
        for parameter in map(contract.resolve, operation["parameters"]):
            assert parameter["description"], parameter
            told = parameter.get("examples") or parameter["schema"].get("examples")
            assert told or "default" in parameter["schema"], parameter
        for media in operation.get("requestBody", {}).get("content", {}).values():
            assert media["examples"]
    assert len(names) == len(list(contract.operations()))


def test_models_are_those_that_are_enforced(contract, cluster):
    for component, model in (("DataProductRegistration", "data-product"),
                             ("DataProductUpdate", "data-product-update"),
                             ("TableSchemaDocument", "schema"),
                             ("ContractDocument", "contract"),
                             ("ConsumerDocument", "consumer")):
        shown = dict(contract.document["components"]["schemas"][component])
        enforced = cluster.sql("SELECT dpmeta.model(%s)", (model,))[0][0]
        for schema_ in (shown, enforced):
            schema_.pop("title", None)
            schema_.pop("$schema", None)
        assert shown == enforced


def test_answers_are_as_described(contract, front, unique):
    def ask(method, target, body=None, headers=None, status=None):
        answer = front.request(method, target, body, headers)
        contract.check(method, target, answer)
        assert status is None or answer.status == status, answer
        return answer

    name = unique("contract")
    one, table = f"{PRODUCTS}/dp:{name}", f"{SCHEMAS}/dp:{name}:t"
    ask("POST", PRODUCTS + "?dryRun=true", product(name), status=200)
    ask("POST", PRODUCTS, product(name), status=201)
    ask("POST", PRODUCTS, product(name), status=201)
    ask("POST", PRODUCTS, product(name, description="Another"), status=409)
    ask("POST", PRODUCTS, {"name": "X"}, status=422)
    ask("POST", PRODUCTS, "{", JSON, 400)
    ask("POST", PRODUCTS, "x", {"Content-Type": "text/plain"}, 415)
    tag = ask("GET", one, status=200).headers["ETag"]
    ask("GET", one, headers={"If-None-Match": tag}, status=304)
    ask("GET", one, headers={"If-Match": '"x"'}, status=412)
    ask("GET", one, headers={"Accept": "image/png"}, status=406)
    ask("GET", f"{PRODUCTS}/dp:{name}_not", status=404)
    ask("GET", f"{PRODUCTS}/dp:X", status=400)
    contract_of = f"{CONTRACTS}/dp:{name}_c"
    tables = [{"name": "t", **schema()}]
    ask("PUT", contract_of + "?dryRun=true", product(tables=tables), status=200)
    ask("PUT", contract_of, product(tables=tables), status=201)
    ask("PUT", contract_of + "?dryRun=true", product(tables=[]), status=200)
    ask("PUT", contract_of, product(description="New", tables=[]), status=200)
    ask("PUT", contract_of, product(), status=422)
    ask("GET", contract_of, status=200)
    for one_format in contract.document["paths"][CONTRACTS + "/{id}"]["get"]["responses"]["200"]["content"]:
        ask("GET", contract_of, headers={"Accept": one_format}, status=200)
    ask("GET", contract_of + "?format=xml", status=406)
    ask("POST", CONTRACTS, [product(name + "_d", tables=tables)], status=200)
    ask("POST", CONTRACTS + "?dryRun=true", [product(name + "_d", tables=[])], status=200)
    ask("POST", CONTRACTS, [product(tables=tables)], status=422)
    ask("DELETE", contract_of, status=204)
    ask("GET", contract_of, status=410)
    ask("POST", table, schema(), status=201)
    ask("GET", table, status=200)
    ask("PUT", table, schema(("id", "string")), status=200)
    ask("GET", f"{SCHEMAS}/dp:{name}:v1:t", status=200)
    ask("PUT", f"{SCHEMAS}/dp:{name}:v1:t", schema(("id", "int")), status=409)
    consumer = {"contact": "c@example.org", "version": "v2"}
    ask("PUT", one + "/consumers/finance?dryRun=true", consumer, status=200)
    ask("PUT", one + "/consumers/finance", consumer, status=201)
    ask("PUT", one + "/consumers/finance", {**consumer, "version": "v1"}, status=200)
    ask("PUT", one + "/consumers/finance", {**consumer, "tables": ["t"]}, status=200)
    ask("GET", one + "/consumers/finance", status=200)
    ask("GET", one + "/consumers/x", status=404)
    ask("GET", one + "/consumers", status=200)
    assert ask("PUT", table + "?dryRun=true", schema(("other", "string")), status=200).json["affectedConsumers"]
    ask("POST", table + "/validate", '{"id": 1}\n{"other": "x"}', {"Content-Type": "application/x-ndjson"}, 200)
    ask("DELETE", table + "?dryRun=true", status=200)
    ask("DELETE", table, status=409)
    assert ask("PUT", table, schema(("other", "string")), status=200).json["affectedConsumers"]
    ask("PUT", table, schema(("id", "string")), status=200)
    ask("DELETE", one + "/consumers/finance?dryRun=true", status=200)
    ask("DELETE", one + "/consumers/finance", status=204)
    ask("PATCH", table, '{"tableDescription": "New"}', PATCH, 200)
    ask("DELETE", table + "?dryRun=true", status=200)
    ask("PUT", one + "?dryRun=true", product(description="New"), status=200)
    ask("PUT", one, product(description="New"), {"If-Match": '"x"'}, 412)
    ask("PUT", one, product(description="New"), status=200)
    ask("PUT", f"{one}:v1.0", product(description="Old"), status=409)
    ask("PATCH", one, '{"tags": {"a": "b"}}', PATCH, 200)
    key = {"Idempotency-Key": unique("key")}
    ask("PUT", one, product(description="Keyed"), key, 200)
    ask("PUT", one, product(description="Other"), key, 422)
    ask("GET", one + "/versions", status=200)
    ask("GET", one + "/changes?from=v1.0", status=200)
    ask("GET", one + "/changes", status=400)
    ask("PUT", one, product(status="retired"), status=200)
    assert "Deprecation" in ask("GET", one, status=200).headers
    ask("GET", PRODUCTS + "?limit=1", status=200)
    ask("DELETE", table, status=204)
    ask("DELETE", one, status=204)
    ask("GET", one, status=410)
    ask("GET", PRODUCTS + "?limit=1000&deleted=true", status=200)
    ask("GET", one + "/versions?deleted=true", status=200)
    ask("POST", one + "/restore", status=200)
    found = ask("GET", f"/v1/search?q={name}&limit=1&status=retired", status=200)
    assert found.json["hits"][0]["id"].startswith(f"dp:{name}:") and found.json["total"] >= 1
    ask("GET", "/v1/search", status=400)
    shown = ask("GET", "/v1/catalogue?limit=1&sort=changed", status=200)
    assert shown.json["counts"]["total"] > 1
    again = ask("GET", re.search("<(.*)>", shown.headers["Link"]).group(1), status=200)
    assert again.json["counts"] is None and again.json["dataProducts"]
    ask("GET", "/v1/catalogue?tag=none", status=400)
    ask("GET", "/v1/catalogue?status=none", status=400)
    assert ask("GET", f"/v1/search?q={name}", status=200).json["total"] >= 1
    figures = ask("GET", "/v1/stats", status=200)
    assert figures.json["products"]["live"] > 0 and figures.headers["Cache-Control"] == "no-cache"
    same = {"If-None-Match": figures.headers["ETag"]}
    ask("POST", PRODUCTS, product(name + "_more"), status=201)
    # where counting takes long they may be some minutes old
    wait_for(lambda: front.request("GET", "/v1/stats", headers=same).status == 200 and
             front.request("GET", "/v1/stats").json["products"]["live"] > figures.json["products"]["live"],
             600)
    for path in ("/v1/caller", "/health", "/ready", "/metrics", "/openapi.json", "/docs",
                 "/redoc"):
        ask("GET", path, status=200)
    done = {operation for operation, status in contract.seen if status < 300}
    assert done == {o["operationId"] for _, _, o in contract.operations()}


def test_examples_are_what_they_are_examples_of(contract):
    for name, one in contract.document["components"]["schemas"].items():
        for example in one.get("examples", []):
            if isinstance(example, dict):
                contract.validate({"$ref": f"#/components/schemas/{name}"}, example)
    for _, _, operation in contract.operations():
        for media in operation.get("requestBody", {}).get("content", {}).values():
            for example in media["examples"].values():
                contract.validate(media["schema"], example["value"])
        for parameter in map(contract.resolve, operation["parameters"]):
            for example in parameter.get("examples", {}).values():
                contract.validate(parameter["schema"], example["value"])
    for example in contract.document["components"]["examples"].values():
        contract.validate({"$ref": "#/components/schemas/Problem"}, example["value"])


def test_examples_can_be_sent(contract, front, unique):
    def example(method, path):
        body = contract.document["paths"][path][method]["requestBody"]["content"]
        return next(iter(next(iter(body.values()))["examples"].values()))["value"]

    name = unique("example")
    document = {**example("post", PRODUCTS), "name": name}
    assert front.request("POST", PRODUCTS, document).status == 201
    one, table = f"/dp:{name}", f"/dp:{name}:statements"
    for method, path, target in (("PUT", PRODUCTS + "/{id}", PRODUCTS + one),
                                 ("POST", SCHEMAS + "/{id}", SCHEMAS + table),
                                 ("PUT", SCHEMAS + "/{id}", SCHEMAS + table)):
        answer = front.request(method, target, example(method.lower(), path))
        assert answer.status in (200, 201), answer
    for path, target in ((PRODUCTS, PRODUCTS + one), (SCHEMAS, SCHEMAS + table)):
        body = json.dumps(example("patch", path + "/{id}"))
        assert front.request("PATCH", target, body, PATCH).status == 200


def test_domains_are_those_that_count_now(make_cluster, make_front):
    cluster = make_cluster()
    front = make_front(cluster)
    first = front.request("GET", "/openapi.json")
    unchanged = {"If-None-Match": first.headers["ETag"]}
    assert front.request("GET", "/openapi.json", headers=unchanged).status == 304
    cluster.sql("SELECT dpmeta.set_domains(ARRAY['Moon', 'Ünder \"quotes\"'])")
    second = front.request("GET", "/openapi.json", headers=unchanged)
    assert second.status == 200
    schemas = second.json["components"]["schemas"]
    for component in ("DataProductRegistration", "DataProductUpdate", "DataProductPatch"):
        assert schemas[component]["properties"]["domain"]["enum"] == ['Moon', 'Ünder "quotes"']
    # What was valid when it was written is still read.
    assert "enum" not in schemas["DataProduct"]["properties"]["domain"]
    assert front.request("GET", "/openapi.json").headers["ETag"] == second.headers["ETag"]


def test_database_away(make_cluster, make_front):
    cluster = make_cluster()
    front = make_front(cluster)
    contract = Contract(front.request("GET", "/openapi.json").json)
    cluster.stop()
    for path in ("/openapi.json", "/ready", PRODUCTS):
        contract.check("GET", path, front.request("GET", path))
    assert contract.problems <= {"database-away", "database-stopping"}


# With authentication on.


def test_logins_are_the_providers(secured, provider):
    document = secured.request("GET", "/openapi.json").json
    scheme = document["components"]["securitySchemes"]["login"]
    scopes = dict.fromkeys(("openid", "dpmeta.read"), "What a login asks for")
    assert scheme["type"] == "oauth2"
    assert scheme["flows"] == {
        "authorizationCode": {"authorizationUrl": provider.issuer + "/auth",
                              "tokenUrl": provider.issuer + "/token", "scopes": scopes},
        "clientCredentials": {"tokenUrl": provider.issuer + "/token", "scopes": scopes}}


def test_roles_are_described(secured, contract):
    guarded = Contract(secured.request("GET", "/openapi.json").json)
    for method, path, operation in guarded.operations():
        public = not path.startswith("/v1/")
        assert operation["security"] == ([] if public else [{"login": []}]), path
        assert ("401" in operation["responses"]) != public
        if not public and method != "GET" and operation["operationId"] != "validateRows":
            assert "the role `Data " in operation["description"]
    for _, _, operation in contract.operations():
        assert operation["security"] == [] and "401" not in operation["responses"]
    assert "securitySchemes" not in contract.document["components"]


def test_refusals_are_as_described(secured, provider, unique):
    contract = Contract(secured.request("GET", "/openapi.json").json)
    contract.check("GET", PRODUCTS, secured.request("GET", PRODUCTS))
    reader = {"Authorization": "Bearer " + provider.token("reader")}
    contract.check("GET", PRODUCTS, secured.request("GET", PRODUCTS, headers=reader))
    contract.check("POST", PRODUCTS, secured.request("POST", PRODUCTS, product(unique()), reader))
    producer = {"Authorization": "Bearer " + provider.token("producer")}
    contract.check("POST", PRODUCTS, secured.request(
        "POST", PRODUCTS, product(unique(), status="published"), producer))
    assert contract.problems == {"unauthorized", "role-missing", "forbidden"}
    assert ("listDataProducts", 200) in contract.seen


@pytest.mark.parametrize("headers", [{"Accept-Encoding": "gzip"}, {"Origin": "https://app.example.org"},
                                     {"traceparent": "00-" + "ab" * 16 + "-" + "cd" * 8 + "-01"}])
def test_every_header_is_described(make_front, cluster, unique, headers):
    front = make_front(cluster, DPMETA_CORS_ORIGINS="https://app.example.org")
    contract = Contract(front.request("GET", "/openapi.json").json)
    name = unique("headers")
    document = product(name, description="d" * 2000)
    for method, target, body in (
            ("POST", PRODUCTS, document), ("POST", PRODUCTS, product(name)),
            ("GET", f"{PRODUCTS}/dp:{name}", None), ("GET", PRODUCTS + "?limit=1", None),
            ("PUT", f"{PRODUCTS}/dp:{name}", product(status="retired")),
            ("GET", f"{PRODUCTS}/dp:{name}", None), ("GET", f"{PRODUCTS}/dp:{name}x", None),
            ("GET", f"{PRODUCTS}/dp:{name}/versions", None), ("GET", "/openapi.json", None),
            ("GET", "/metrics", None), ("GET", "/docs", None), ("GET", "/health", None),
            ("DELETE", f"{PRODUCTS}/dp:{name}", None)):
        contract.check(method, target, front.request(method, target, body, headers))


def test_limits_are_described(make_front, cluster, unique):
    front = make_front(cluster, DPMETA_RATE_LIMIT="3/min")
    contract = Contract(front.request("GET", "/openapi.json").json)
    for path in 3 * (PRODUCTS, "/health", f"{PRODUCTS}/dp:{unique()}"):
        contract.check("GET", path, front.request("GET", path))
    assert contract.problems == {"not-found", "too-many-requests"}


def test_provider_not_reached_yet(make_front, cluster):
    issuer = "http://127.0.0.1:1"
    front = make_front(cluster, ready=False, DPMETA_AUTH="on", DPMETA_OIDC_ISSUER=issuer,
                       DPMETA_OIDC_AUDIENCE="dpmeta")
    answer = front.request("GET", "/openapi.json")
    while answer.status == 503 and "database-" in answer.json["type"]:
        answer = front.request("GET", "/openapi.json")
    scheme = answer.json["components"]["securitySchemes"]["login"]
    assert scheme["type"] == "openIdConnect"
    assert scheme["openIdConnectUrl"] == issuer + "/.well-known/openid-configuration"


# Others' tools.


@pytest.fixture
def saved(tmp_path, front, secured):
    """The document without and with authentication, as files."""
    paths = []
    for name, one in (("open", front), ("secured", secured)):
        path = tmp_path / f"{name}.json"
        path.write_bytes(one.request("GET", "/openapi.json").body)
        paths.append(str(path))
    return paths


def test_redocly_has_nothing_to_say(saved):
    for path in saved:
        good, output = npm.run(CLIENT, "redocly", "lint", "--config",
                               os.path.join(CLIENT, "redocly.yaml"), "--format", "json", path)
        report = json.loads(output[output.index('{\n  "totals"'):output.rindex("}") + 1])
        assert good and not any(report["totals"].values()), output


def test_spectral_has_nothing_to_say(saved):
    good, output = npm.run(CLIENT, "spectral", "lint", "--fail-severity", "hint", "--ruleset",
                           os.path.join(CLIENT, "spectral.yaml"), *saved)
    assert good, output


def make_client(folder, front):
    """The typed client, compiled; its path."""
    npm.install(CLIENT)
    for name in ("client.ts", "tsconfig.json", "package.json"):
        shutil.copy(os.path.join(CLIENT, name), folder)
    os.symlink(os.path.join(CLIENT, "node_modules"), os.path.join(folder, "node_modules"))
    document = os.path.join(folder, "openapi.json")
    with open(document, "wb") as out:
        out.write(front.request("GET", "/openapi.json").body)
    for command in (("openapi-typescript", document, "-o", os.path.join(folder, "schema.d.ts")),
                    ("tsc", "-p", folder)):
        good, output = npm.run(CLIENT, *command)
        assert good, output
    return os.path.join(folder, "out/client.js")


def run_client(program, *words):
    done = subprocess.run([npm.node(CLIENT), program, *words], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines()[-1] == "ok miss"


def test_typed_client_works(tmp_path, front, secured, provider, unique):
    program = make_client(str(tmp_path), secured)
    run_client(program, f"http://127.0.0.1:{front.port}", unique("client"))
    run_client(program, f"http://127.0.0.1:{secured.port}", unique("client"),
               provider.token("producer"))
