"""The ingress's ModSecurity annotations let the interface through, and attacks not."""

import os

import pytest
import yaml

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
def firewall(front, scratch):
    with open(os.path.join(TOP, "deploy/kubernetes/ingress.yaml"), encoding="utf-8") as file:
        annotations = yaml.safe_load(file)["metadata"]["annotations"]
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
