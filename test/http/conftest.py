"""Every answer to any test in here is as /openapi.json describes it."""

import pytest

from front import Front
from gateway import wait_for
from openapi import Contract

# With these, all that can be answered is described.
ALL = {"DPMETA_AUTH": "on", "DPMETA_OIDC_ISSUER": "http://127.0.0.1:9/", "DPMETA_OIDC_AUDIENCE": "x",
       "DPMETA_RATE_LIMIT": "1000000/s"}


@pytest.fixture(scope="session", autouse=True)
def described(cluster, front_binary, tmp_path_factory):
    front = Front(front_binary, str(tmp_path_factory.mktemp("described") / "front.log"))
    try:
        front.start(ready=False, DPMETA_DATABASE_URL=cluster.url("dpmeta_front"), **ALL)
        wait_for(lambda: front.request("GET", "/openapi.json").status == 200)
        Front.contract = Contract(front.request("GET", "/openapi.json").json)
    finally:
        front.discard()
    yield
    Front.contract = None


@pytest.fixture(scope="module")
def undescribed(described):
    """For functions of a test's own, which fail as those of the extension do not."""
    Front.contract, kept = None, Front.contract
    yield
    Front.contract = kept
