"""The ingress's ModSecurity annotations let the interface through, and attacks not."""

import os
import tempfile
from urllib.parse import urlencode

import pytest
import yaml

import transcript
from cluster import TOP
from firewall import Firewall, is_there

pytestmark = pytest.mark.skipif(
    not is_there(), reason="needs nginx-light, libnginx-mod-http-modsecurity, modsecurity-crs")

PROSE = """Runs `SELECT * FROM users WHERE 1=1; DROP TABLE x --` nightly; see
/etc/passwd, ../../etc/shadow, <script>alert('x')</script>, ${jndi:ldap://x}, $(cat /etc/passwd)"""

PRODUCT = {
    "description": PROSE, "domain": "HQ", "dataProductOwner": "o@example.org",
    "dataProductOwnerDisplayName": "O'Brien \"or\" 1=1", "email": "o@example.org",
    "status": "draft", "retentionPeriod": 1, "dpiaRequired": False,
    "tags": {"select": "union select password from users"},
}
TABLE = {"tableDescription": PROSE, "columns": [
    {"name": "exec", "type": "struct<a:int,b:array<string>>", "description": PROSE}]}


@pytest.fixture(scope="module")
def annotations():
    with open(os.path.join(TOP, "deploy/kubernetes/ingress.yaml"), encoding="utf-8") as file:
        return yaml.safe_load(file)["metadata"]["annotations"]


@pytest.fixture(scope="module")
def firewall(front, scratch, annotations):
    folder = os.path.join(scratch, "nginx")
    os.mkdir(folder)
    os.chmod(folder, 0o777)
    one = Firewall(folder, front, annotations).start()
    yield one
    one.discard()


def test_interface_passes(firewall, unique):
    """Each method, each kind of ID, prose that looks like attacks."""
    name = unique("waf")
    product, table = f"/v1/data-products/dp:{name}", f"/v1/schemas/dp:{name}:select"
    merge = {"Content-Type": "application/merge-patch+json"}
    json = {"Content-Type": "application/json"}
    steps = [
        ("POST", "/v1/data-products", {**PRODUCT, "name": name}, None, 201),
        ("GET", product, None, None, 200),
        ("GET", product + ":v1.0", None, None, 200),
        ("GET", product.replace(":", "%3A"), None, None, 200),
        ("PUT", product, {**PRODUCT, "description": PROSE + "2"}, None, 200),
        ("PATCH", product, {"description": PROSE + "3"}, merge, 200),
        ("POST", table, TABLE, None, 201),
        ("PUT", table + "?dryRun=true", {**TABLE, "columns": []}, None, 200),
        ("GET", table.replace(":select", ":v1:select"), None, None, 200),
        ("GET", product + "/versions?deleted=true", None, None, 200),
        ("GET", product + "/changes?from=v1.0", None, None, 200),
        ("GET", "/v1/data-products?domain=HQ&status=draft&tag=a:b&q=prison&limit=2", None, None, 200),
        ("DELETE", table, None, None, 204),
        ("DELETE", product, None, None, 204),
        ("GET", product, None, None, 410),
        ("POST", product + "/restore", None, json, 200),
        ("GET", "/openapi.json", None, None, 200),
        ("OPTIONS", product, None, None, 204),
    ]
    wrong = []
    for method, path, body, headers, status in steps:
        answer = firewall.request(method, path, body, headers)
        if answer.status != status:
            wrong.append((method, path, answer))
    assert not wrong, f"{wrong}\n{firewall.log()}"


def test_wide_tables_pass(firewall, unique):
    """As many columns as a table has; the rules' limit of arguments is 1,000."""
    name = unique("wide")
    assert firewall.request("POST", "/v1/data-products",
                            {**PRODUCT, "name": name}).status == 201
    for columns in (333, 1500):
        table = {**TABLE, "columns": [
            {"name": f"c{i}", "type": "string", "description": PROSE[:20]}
            for i in range(columns)]}
        answer = firewall.request("PUT" if columns > 333 else "POST",
                                  f"/v1/schemas/dp:{name}:lines", table)
        assert answer.status in (200, 201), f"{answer}\n{firewall.log()}"


@pytest.mark.parametrize("media", [
    "application/yaml", "application/x-ndjson", "text/csv", "text/plain; charset=utf-8",
    "application/merge-patch+json", "application/json"])
def test_media_types_are_for_the_front_to_judge(firewall, media):
    """Whatever it makes of them, it is the front that answers."""
    body = "a,b\n1,\"x' OR 1=1 --\"\n- y: !!str {a: [1, 2]}\n" * 400
    for path in ("/v1/data-products", "/v1/schemas/dp:none:lines", "/v1/contracts"):
        answer = firewall.request("POST", path, body, {"Content-Type": media})
        assert answer.headers["X-Request-Id"], (answer, firewall.log())


# As people type them into a box: names, phrases, operators, punctuation.
TYPED = [
    "use of force", "O'Brien", "prison OR jail", "\"use of force\" -custody", "select committee",
    "union", "drop-off points", "orders & returns", "50% discount", "C++", "what is a bail order?",
    "data.table", "case_id", "cost (net)", "a/b testing", "who? when? where?", "order by date",
    "group by region", "insert date", "update log", "delete flag", "from 2020 to 2024", "#hashtag",
    "e-mail@example.org", "naïve café", "数据", "price < 10", "users and passwords", "null values",
    "table: statements", "dp:orders:v1", "like for like", "having a hearing", "rows; columns",
    "1=1", "root cause", "exec summary", "script", "etc", "it's where it's at", "10:30", "a|b", "$1",
]


# At level 2 these do not pass; docs/gateway.md lists them.
TYPED_AT_LEVEL_2 = ["order by date", "price < 10", "1=1"]
# As any client sends them; without, level 2 lets nothing pass.
USUAL = {"User-Agent": "curl/7.88.1", "Accept": "*/*", "Host": "dpmeta.example.org"}


def blocked(firewall, queries):
    return [q for q in queries if not firewall.request(
        "GET", "/v1/data-products?" + urlencode({"q": q}),
        headers=USUAL).headers["X-Request-Id"]]


def test_what_people_search_for_passes(firewall):
    assert blocked(firewall, TYPED) == [], firewall.log()


def test_level_2_is_described(front, scratch, annotations):
    """What it blocks of what people search for is what the page lists."""
    key = "nginx.ingress.kubernetes.io/modsecurity-snippet"
    level = ('SecAction "id:10900,phase:1,pass,nolog,setvar:tx.paranoia_level=2,'
             'setvar:tx.executing_paranoia_level=2"\n')
    folder = tempfile.mkdtemp(dir=scratch)
    os.chmod(folder, 0o777)
    strict = Firewall(folder, front, {**annotations, key: annotations[key] + level}).start()
    try:
        assert blocked(strict, TYPED) == TYPED_AT_LEVEL_2
    finally:
        strict.discard()
    with open(os.path.join(TOP, "docs/gateway.md"), encoding="utf-8") as file:
        text = file.read()
    assert all(f"`q={query}`" in text for query in TYPED_AT_LEVEL_2)


@pytest.mark.parametrize("page", ["README.md", "docs/producers.md", "docs/stewards.md"])
def test_documented_requests_pass(make_cluster, make_front, scratch, page, annotations):
    """Each example of the pages prints through the firewall what the page says."""
    cluster = make_cluster()
    folder = tempfile.mkdtemp(dir=scratch)
    os.chmod(folder, 0o777)
    with open(os.path.join(folder, "make"), "w", encoding="utf-8") as out:
        # "make -s database-url", which the examples in SQL ask
        out.write(f"#!/bin/sh\necho '{cluster.url()}'\n")
    os.chmod(out.name, 0o755)
    firewall = Firewall(folder, make_front(cluster), annotations).start()
    try:
        with open(os.path.join(TOP, page), encoding="utf-8") as file:
            text = file.read().replace("127.0.0.1:8000", f"127.0.0.1:{firewall.port}")
        env = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
        _, differences = transcript.replay(text, env=env, cwd=TOP)
        assert not differences, "\n".join(differences) + firewall.log()
    finally:
        firewall.discard()


def test_what_a_client_sees(firewall):
    """Where the rules answer: a page of nginx's, which no problem document is."""
    answer = firewall.request("GET", "/v1/data-products?q=1%27%20UNION%20SELECT%20a%20FROM%20b--")
    assert answer.status == 403 and answer.headers["Content-Type"] == "text/html"
    assert answer.headers["X-Request-Id"] is None


def test_front_judges_size(firewall):
    """A large body, and one too large, of which the front says more."""
    for size, status in ((300_000, 422), (1_200_000, 413)):
        answer = firewall.request("POST", "/v1/data-products", {"x": "a" * size})
        assert answer.status == status, answer
        assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", [
    "/v1/data-products?q=1%27%20UNION%20SELECT%20password%20FROM%20users--",
    "/v1/data-products?q=<script>alert(1)</script>",
    "/v1/data-products/..%2f..%2f..%2fetc/passwd",
])
def test_attacks_do_not_pass(firewall, path):
    answer = firewall.request("GET", path)
    assert answer.status in (400, 403), answer
    assert b"nginx" in answer.body


def test_rules_hold_for_headers(firewall):
    answer = firewall.request("GET", "/v1/data-products", headers={"User-Agent": "sqlmap/1.0"})
    assert answer.status == 403, answer
