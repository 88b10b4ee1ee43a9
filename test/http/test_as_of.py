"""Reading as of a time: asOf, on every read."""

from datetime import datetime, timedelta, timezone
from urllib.parse import quote

import pytest

from documents import PRODUCTS, SCHEMAS, add_table, check_problem, product, register


def now(cluster):
    """The database's clock, as RFC 3339 has it."""
    return cluster.sql("""SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC',
                                         'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')""")[0][0]


@pytest.fixture
def history(front, cluster, unique):
    """A data product that a test has changed twice, and the times before and between."""
    name = unique()
    times = [now(cluster)]
    register(front, name, domain="OPG")
    times.append(now(cluster))
    add_table(front, name, "lines")
    times.append(now(cluster))
    front.request("PUT", f"{PRODUCTS}/dp:{name}", product(description="Other", domain="HQ"))
    front.request("DELETE", f"{PRODUCTS}/dp:{name}:v1.1")
    times.append(now(cluster))
    front.request("DELETE", f"{PRODUCTS}/dp:{name}")
    return name, times


def test_one(front, history):
    name, (before, registered, with_table, changed) = history

    def get(path, time):
        return front.request("GET", f"{path}?asOf={quote(time)}")

    one, table = f"{PRODUCTS}/dp:{name}", f"{SCHEMAS}/dp:{name}:lines"
    check_problem(get(one, before), 404, "not-found")
    assert get(one, registered).json["version"] == "v1.0"
    check_problem(get(table, registered), 404, "not-found")
    check_problem(get(one + ":v1.1", registered), 404, "not-found")
    answer = get(one, with_table)
    assert answer.json["description"] == product()["description"]
    assert answer.json["schemas"] == [{"id": f"dp:{name}:v1.1:lines"}]
    assert get(table, with_table).json["dataProduct"]["version"] == "v1.1"
    assert get(one, changed).json["description"] == "Other"
    check_problem(get(one + ":v1.1", changed), 410, "gone")
    check_problem(front.request("GET", one), 410, "gone")
    # an entity tag is that of what is answered
    tag = answer.headers["ETag"]
    again = front.request("GET", f"{one}?asOf={with_table}", headers={"If-None-Match": tag})
    assert again.status == 304


def test_history(front, history):
    name, (before, registered, with_table, changed) = history
    one = f"{PRODUCTS}/dp:{name}"

    def versions(time, more=""):
        answer = front.request("GET", f"{one}/versions?asOf={time}{more}")
        return [(v["version"], v["deleted"] is not None) for v in answer.json]

    assert versions(registered) == [("v1.0", False)]
    assert versions(changed) == [("v1.2", False), ("v1.0", False)]
    assert versions(changed, "&deleted=true") == [("v1.2", False), ("v1.1", True), ("v1.0", False)]
    answer = front.request("GET", f"{one}/changes?from=v1.0&asOf={with_table}")
    assert answer.json["to"] == "v1.1" and answer.json["changeCount"] == 1
    check_problem(front.request("GET", f"{one}/versions?asOf={before}"), 404, "not-found")


def test_list_in_pages(front, cluster, unique):
    """The pages are of one state, whatever is written between them."""
    names = sorted(unique() for _ in range(3))
    owner = unique()
    for name in names:
        register(front, name, dataProductOwner=owner, description="Before")
    time = now(cluster)
    path = f"{PRODUCTS}?owner={owner}&limit=1&asOf={quote(time)}"
    seen = []
    while path:
        answer = front.request("GET", path)
        seen += [(d["name"], d["version"], d["description"]) for d in answer.json]
        for name in names:
            front.request("PUT", f"{PRODUCTS}/dp:{name}", product(description=str(len(seen))))
        link = answer.headers["Link"]
        path = link[1:link.index(">")] if link else None
    assert seen == [(name, "v1.0", "Before") for name in names]
    assert front.request("GET", f"{PRODUCTS}?owner={owner}").json == []


@pytest.mark.parametrize("time", [
    "yesterday", "2026-01-01", "2026-02-30T00:00:00Z", "2026-01-01T00:00:00", "now", "", "infinity",
    "2026-01-01T00:00:00+01:00",        # a + that is not encoded is a blank
    "'; SELECT 1", "0000-01-01T00:00:00Z"])
def test_what_is_no_time(front, history, time):
    name, _ = history
    encoded = time if "+" in time else quote(time)
    for path in (PRODUCTS, f"{PRODUCTS}/dp:{name}", f"{PRODUCTS}/dp:{name}/versions",
                 f"{PRODUCTS}/dp:{name}/changes", f"{SCHEMAS}/dp:{name}:lines"):
        more = "from=v1.0&" if path.endswith("changes") else ""
        problem = check_problem(front.request("GET", f"{path}?{more}asOf={encoded}"), 400,
                                "invalid-parameter")
        assert "asOf" in problem["detail"]


def test_other_times(front, cluster, history):
    name, times = history
    one = f"{PRODUCTS}/dp:{name}"
    future = (datetime.now(timezone.utc) + timedelta(hours=1)).isoformat()
    check_problem(front.request("GET", f"{one}?asOf={quote(future)}"), 400, "invalid-parameter")
    local = datetime.fromisoformat(times[1]).astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert front.request("GET", f"{one}?asOf={quote(local.isoformat())}").json["version"] == "v1.0"
    # a write takes none
    check_problem(front.request("DELETE", f"{one}?asOf={times[1]}"), 400, "invalid-parameter")
