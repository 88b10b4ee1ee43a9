"""The nightly care of a store: the script, its role and its units."""

import os
import subprocess
from urllib.parse import parse_qs, urlsplit

import pytest

from files import DEPLOY, read

SCRIPT = os.path.join(DEPLOY, "systemd/dpmeta-care")
PRODUCT = """{"name": "care", "description": "d", "domain": "HQ", "dataProductOwner": "o@example.org",
    "dataProductOwnerDisplayName": "O", "email": "c@example.org", "status": "draft",
    "retentionPeriod": 1, "dpiaRequired": false}"""


@pytest.fixture
def store(make_cluster):
    """A store with a product, a kept answer that is old, and an old report of a load."""
    cluster = make_cluster()
    cluster.sql("SELECT FROM dpmeta.register_data_product(%s, idempotent => true)", [PRODUCT])
    cluster.sql("SELECT FROM dpmeta.report_load('dp:care', row_count => 1)")
    cluster.sql("UPDATE dpmeta.idempotency_key SET created_at = created_at - interval '1 month'")
    # what docs/operations.md says
    cluster.sql("CREATE ROLE dpmeta_care LOGIN")
    cluster.sql("GRANT USAGE ON SCHEMA dpmeta TO dpmeta_care")
    cluster.sql("GRANT EXECUTE ON FUNCTION dpmeta.purge_idempotency_keys(), dpmeta.check(),"
                " dpmeta.cut_log(timestamptz) TO dpmeta_care")
    return cluster


def care(cluster, **variables):
    query = parse_qs(urlsplit(cluster.url()).query)
    environment = {**os.environ, "PGHOST": query["host"][0], "PGPORT": query["port"][0],
                   "PGUSER": "dpmeta_care", "PGDATABASE": "dpmeta", **variables}
    return subprocess.run([SCRIPT], env=environment, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True)


def test_a_night(store):
    done = care(store)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["kept answers removed: 1", "the store keeps all invariants"]
    assert store.sql("SELECT count(*) FROM dpmeta.events") == [(2,)]
    done = care(store)
    assert done.returncode == 0 and "removed: 0" in done.stdout


def test_old_reports(store):
    assert "from the log: 0\n" in care(store, CARE_KEEP_LOG="1 year").stdout
    assert "from the log: 1\n" in care(store, CARE_KEEP_LOG="0 s").stdout
    done = care(store, CARE_KEEP_LOG="a while")
    assert done.returncode != 0 and "a while" in done.stderr and "invariants" not in done.stdout


def test_a_store_that_is_not_in_order(store):
    store.sql("UPDATE dpmeta.product SET owner = 'x' WHERE name = 'care'")
    done = care(store)
    assert done.returncode == 1
    assert "copies: 1: care: Domain, status, owner" in done.stdout


def test_no_database(store):
    done = care(store, PGPORT="1")
    assert done.returncode not in (0, 1) and "invariants" not in done.stdout


@pytest.fixture
def units(tmp_path):
    for name in ("dpmeta-care.service", "dpmeta-care.timer"):
        (tmp_path / name).write_text(read(f"systemd/{name}").replace("/usr/local/bin/dpmeta-care",
                                                                     SCRIPT))
    return tmp_path


def test_units(units):
    for name in ("dpmeta-care.timer", "dpmeta-care.service"):
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", str(units / name)],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert done.returncode == 0 and "dpmeta-care" not in done.stdout, done.stdout


def test_units_find_faults(units):
    path = units / "dpmeta-care.timer"
    path.write_text(path.read_text().replace("*-*-* 03:00", "at night"))
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", str(path)],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert "OnCalendar" in done.stdout or "calendar" in done.stdout, done.stdout


def test_unit_is_hardened(units):
    done = subprocess.run(["systemd-analyze", "security", "--offline=yes", "--threshold=14",
                           str(units / "dpmeta-care.service")],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, done.stdout
