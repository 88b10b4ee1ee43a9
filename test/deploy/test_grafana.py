"""deploy/grafana: what its dashboards ask is answered, and its alerts fire when they should.

Grafana itself is in none of the registries that the tests use.  So its files are read as it
reads them: each query of a dashboard is asked for, as a reader, with the times of the dashboard.
"""

import json
import os
import re
import subprocess

import pytest

import promtool
from cluster import TOP
from gateway import metrics, wait_for

FOLDER = os.path.join(TOP, "deploy/grafana")
# what Grafana puts in
TIMES = {"$__timeFrom()": "(now() - interval '30 days')", "$__timeTo()": "now()",
         "$__rate_interval": "5m"}


def dashboard(name):
    with open(os.path.join(FOLDER, name), encoding="utf-8") as file:
        return json.load(file)


def queries(name, member):
    found = []
    for panel in dashboard(name)["panels"]:
        for target in panel["targets"]:
            text = target[member]
            for macro, value in TIMES.items():
                text = text.replace(macro, value)
            assert "$" not in text, text
            found.append((panel["title"], text, target))
    return found


@pytest.fixture(scope="module")
def program():
    found = promtool.find()
    if found is None:
        pytest.skip("promtool can be neither found nor fetched")
    return found


@pytest.fixture(scope="module")
def store(cluster, front):
    """A small store, and a role that may read it."""
    superuser = cluster.sql("SELECT rolname FROM pg_roles WHERE rolsuper")[0][0]
    cluster.sql("CREATE ROLE dashboard LOGIN", role=superuser)
    cluster.sql("SELECT dpmeta.grant_reader('dashboard')")
    cluster.sql("""SELECT dpmeta.sync_data_product('{"name": "watched", "description": "d", "domain": "HQ",
        "dataProductOwner": "o@example.org", "dataProductOwnerDisplayName": "O", "email": "o@example.org",
        "status": "published", "retentionPeriod": 1, "dpiaRequired": true}', '{"lines": {"tableDescription": "",
        "columns": [{"name": "id", "type": "int", "description": ""}]}}')""")
    assert front.request("GET", "/v1/data-products/dp:watched").status == 200
    cluster.sql("SELECT dpmeta.report_load('dp:watched', last_updated => now())")
    return cluster, front


@pytest.mark.parametrize("name", ["store.json", "front.json"])
def test_a_dashboard_is_whole(name):
    board = dashboard(name)
    panels = board["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels) > 5
    assert all(panel["targets"] and panel["title"] for panel in panels)
    assert all(panel["datasource"]["uid"] == "${datasource}" for panel in panels)
    assert [one["name"] for one in board["templating"]["list"]] == ["datasource"]
    places = [panel["gridPos"] for panel in panels]
    for place in places:
        assert place["x"] + place["w"] <= 24
        for other in places:
            apart = place is other or place["x"] >= other["x"] + other["w"] or \
                other["x"] >= place["x"] + place["w"] or place["y"] >= other["y"] + other["h"] or \
                other["y"] >= place["y"] + place["h"]
            assert apart


@pytest.mark.parametrize("title, query, target", queries("store.json", "rawSql"),
                         ids=lambda value: value.replace(" ", "-") if isinstance(value, str) and
                         "SELECT" not in value else "")
def test_a_reader_is_answered(store, title, query, target):
    cluster, _ = store
    with cluster.connect(role="dashboard") as connection, connection.cursor() as cursor:
        cursor.execute(query)
        columns = [column.name for column in cursor.description]
        rows = cursor.fetchall()
    assert rows or "problem" in query or "major" in query
    if target["format"] == "time_series":
        assert columns[0] == "time"


def test_there_is_each_metric_that_is_asked_for(store):
    _, front = store
    # The figures may have been counted before all of it was there.
    text = wait_for(lambda: (lambda page: page if "dpmeta_store_oldest_load" in page and 'problem="' in page
                             else None)(metrics(front)))
    with open(os.path.join(FOLDER, "alerts.yaml"), encoding="utf-8") as file:
        asked = file.read() + " ".join(query for _, query, _ in queries("front.json", "expr"))
    names = set(re.findall(r"\bdpmeta_\w+", asked))
    there = set(re.findall(r"^# TYPE (\w+)", text, re.M))
    # that one is there with https only
    assert {re.sub("_bucket$", "", name) for name in names} - there == \
        {"dpmeta_http_certificate_expiry_timestamp_seconds"}
    for label in set(re.findall(r"\bby \(([\w, ]+)\)", asked)):
        for name in label.split(", "):
            assert name == "instance" or f'{name}="' in text, name


def test_promtool_takes_each_query(program, scratch):
    rules = [{"record": f"a:b{number}", "expr": query}
             for number, (_, query, _) in enumerate(queries("front.json", "expr"))]
    path = os.path.join(scratch, "queries.yaml")
    with open(path, "w", encoding="utf-8") as file:
        json.dump({"groups": [{"name": "queries", "rules": rules}]}, file)
    done = subprocess.run([program, "check", "rules", path], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=600)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("verb, file", [("check", "alerts.yaml"), ("test", "alerts_test.yaml")])
def test_alerts(program, verb, file):
    done = subprocess.run([program, verb, "rules", file], cwd=FOLDER, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=600)
    assert done.returncode == 0 and "SUCCESS" in done.stdout, done.stdout


def test_every_alert_is_tried():
    with open(os.path.join(FOLDER, "alerts.yaml"), encoding="utf-8") as file:
        alerts = set(re.findall(r"- alert: (\w+)", file.read()))
    with open(os.path.join(FOLDER, "alerts_test.yaml"), encoding="utf-8") as file:
        tried = re.findall(r"alertname: (\w+)", file.read())
    assert {name for name in alerts if tried.count(name) >= 2} >= alerts - {"DpmetaFrontDown"} and alerts <= set(tried)
