"""A database that is there and says nothing: every wait has an end."""

import time

import pytest

from documents import AWAY, PRODUCTS, check_problem, product, register
from gateway import wait_for
from swallower import STAGES

# Whoever waited for a hung connection would wait for longer than a test does.
LONG = "30min"


@pytest.mark.parametrize("hang", STAGES)
def test_sigterm_while_a_connection_hangs(cluster, make_front, make_wire, hang):
    wire = make_wire(cluster)
    wire.stage = hang
    front = make_front(ready=False, DPMETA_DATABASE_URL=wire.url,
                       DPMETA_CONNECT_TIMEOUT=LONG)
    wait_for(lambda: wire.open)
    time.sleep(0.3)
    assert front.stop() == 0


@pytest.mark.parametrize("hang", STAGES)
def test_hang_is_given_up_and_tried_again(cluster, make_front, make_wire, hang):
    wire = make_wire(cluster)
    wire.stage = hang
    front = make_front(ready=False, DPMETA_DATABASE_URL=wire.url + "&connect_timeout=0",
                       DPMETA_CONNECT_TIMEOUT="2s")
    wait_for(lambda: "database-away" in front.log())
    check_problem(front.request("GET", PRODUCTS), 503, AWAY)
    if hang != "connect":
        wait_for(lambda: "setting up the session" in front.log())
    wire.stage = None
    front.wait()


@pytest.mark.parametrize("hang", STAGES)
def test_one_pool_hangs_and_the_other_reconnects(make_cluster, make_front, make_wire, unique,
                                                hang):
    """Of the same process: what hangs has a thread of its own."""
    cluster = make_cluster()
    wire = make_wire(cluster)
    wire.stage = hang
    front = make_front(cluster, ready=False, DPMETA_READ_DATABASE_URL=wire.url,
                       DPMETA_CONNECT_TIMEOUT=LONG)
    wait_for(lambda: front.request("POST", PRODUCTS, product(unique())).status == 201)
    cluster.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'dpmeta-http'")
    wait_for(lambda: front.request("POST", PRODUCTS, product(unique())).status == 201)


def test_the_other_host_is_taken(cluster, make_front, make_wire, unique):
    """The first lets everybody in, and is silent then: as a pooler whose server is gone."""
    hung, good = make_wire(cluster), make_wire(cluster)
    hung.stage = "query"
    front = make_front(ready=False, DPMETA_CONNECT_TIMEOUT="1s", DPMETA_DATABASE_URL=(
        f"postgresql://dpmeta_front@127.0.0.1:{hung.port},127.0.0.1:{good.port}"
        "/dpmeta?sslmode=disable&gssencmode=disable"))
    front.wait()
    register(front, unique())


def test_settings_that_fail(make_cluster, make_front):
    """A session that could not be set up would serve without its timeouts."""
    cluster = make_cluster()
    superuser = cluster.sql("SELECT rolname FROM pg_roles WHERE rolsuper")[0][0]
    cluster.sql("REVOKE EXECUTE ON FUNCTION pg_catalog.set_config FROM PUBLIC", role=superuser)
    front = make_front(cluster, ready=False)
    wait_for(lambda: "setting up the session" in front.log())
    check_problem(front.request("GET", PRODUCTS), 503, AWAY)
    wait_for(lambda: "permission denied" in front.log())
    cluster.sql("GRANT EXECUTE ON FUNCTION pg_catalog.set_config TO PUBLIC", role=superuser)
    front.wait()


def test_lane_that_falls_silent_says_why(cluster, make_front, make_wire):
    wire = make_wire(cluster)
    front = make_front(DPMETA_DATABASE_URL=wire.url, DPMETA_LANES=1,
                       DPMETA_STATEMENT_TIMEOUT="200ms", DPMETA_POSITION_TIMEOUT="0ms")
    wire.hush()
    check_problem(front.request("GET", PRODUCTS), 503, AWAY)
    wait_for(lambda: " s: no answer in time" in front.log())
