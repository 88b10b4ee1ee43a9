"""The dashboard: its figures are the database's, and lead to what they count."""

import pytest

import shelf
from test_catalogue import check_clean, number, total, until


def section(browser, words):
    return browser.wait(lambda: next(e for e in browser.all(".dashboard section")
                                     if words in e.find_element("css selector", "p").text))


def rows(element):
    """The figures beside the bars, by what they are of."""
    out = {}
    for row in element.find_elements("css selector", ".bars tbody tr"):
        cells = row.find_elements("css selector", "td.number:not(.share)")
        out[row.find_element("tag name", "th").text] = tuple(number(cell.text) for cell in cells)
    return out


def bars(element):
    """How long each bar is drawn."""
    return [sum(float(part.get_attribute("width")) for part in bar.find_elements("css selector", ".fill"))
            for bar in element.find_elements("css selector", ".bars svg")]


def test_figures_are_those_of_the_database(browser, shelved, cluster):
    browser.open(shelved, "/dashboard")
    products, tables, columns = cluster.sql(
        "SELECT (SELECT count(*) FROM dpmeta.data_products), (SELECT count(*) FROM dpmeta.schemas WHERE is_current),"
        " (SELECT count(*) FROM dpmeta.columns WHERE is_current)")[0]
    assert browser.one("h1").text == f"{products:,} data products, {tables:,} tables, {columns:,} columns"

    known = cluster.sql("SELECT domain, published, draft, retired FROM dpmeta.domain_stats")
    domains = section(browser, "by domain and status")
    assert rows(domains) == {domain: tuple(counts) for domain, *counts in known}
    drawn = bars(domains)
    assert drawn == sorted(drawn, reverse=True) and drawn[0] == pytest.approx(100)
    assert drawn[-1] == pytest.approx(100 * min(sum(k[1:]) for k in known) / max(sum(k[1:]) for k in known))

    known = cluster.sql("SELECT problem, count(*) FROM dpmeta.problems GROUP BY 1")
    assert rows(section(browser, "should see to")) == {problem: (n,) for problem, n in known}

    known = cluster.sql("SELECT status, count(*) FROM dpmeta.data_products GROUP BY 1")
    assert rows(section(browser, "products, by status")) == {status: (n,) for status, n in known}

    missing, most = cluster.sql(
        "SELECT count(*) FILTER (WHERE description !~ '\\S'), count(*) FROM dpmeta.columns WHERE is_current")[0]
    documentation = section(browser, "of the newest versions")
    assert f"{missing:,} of {most:,} columns" in documentation.text
    known = cluster.sql("SELECT data_product, count(*) FROM dpmeta.columns WHERE is_current AND description !~ '\\S'"
                        " GROUP BY data_product ORDER BY 2 DESC, data_product COLLATE \"C\" LIMIT 10")
    assert rows(documentation) == {name: (n,) for name, n in known}

    loaded, published = cluster.sql(
        "SELECT count(*) FILTER (WHERE last_updated > now() - interval '1 day'), count(*)"
        " FROM dpmeta.data_products WHERE status = 'published'")[0]
    loads = rows(section(browser, "reported a load"))
    assert loads["in the last 24 hours"] == (loaded,) and sum(n for n, in loads.values()) == published
    check_clean(browser, shelved)


def test_versions_a_week(browser, shelved, cluster):
    browser.open(shelved, "/dashboard")
    weeks = section(browser, "each week")
    known = cluster.sql("SELECT sum(versions), sum(major) FROM dpmeta.daily_stats"
                        " WHERE day >= date_trunc('week', now() AT TIME ZONE 'UTC')::date - 77")[0]
    assert weeks.find_element("tag name", "h2").text.startswith(
        f"{known[1]:,} of the {known[0]:,} versions of 12 weeks broke")
    weeks.find_element("tag name", "summary").click()
    figures = [[number(cell.text) for cell in row.find_elements("css selector", "td")]
               for row in weeks.find_elements("css selector", "details tbody tr")]
    assert len(figures) == 12 and tuple(map(sum, zip(*figures))) == known
    # What is seen is said, too.
    assert "breaking" in weeks.find_element("css selector", "svg").get_attribute("aria-label")


def test_bars_lead_to_what_they_count(browser, shelved, cluster):
    browser.open(shelved, "/dashboard")
    section(browser, "should see to")
    for word in ("published and never loaded", "OPG", "retired"):
        browser.open(shelved, "/dashboard")
        row = browser.wait(lambda: next(e for e in browser.all(".bars tbody tr")
                                        if e.find_element("tag name", "th").text == word))
        wanted = sum(number(cell.text) for cell in row.find_elements("css selector", "td.number:not(.share)"))
        row.find_element("tag name", "a").click()
        until(browser, lambda: total(browser), wanted)
    check_clean(browser, shelved)


def test_it_says_when_it_counted(browser, shelved, cluster):
    browser.open(shelved, "/dashboard")
    before = browser.one("h1").text
    at = browser.one("header time").get_attribute("datetime")
    assert cluster.sql("SELECT %s::timestamptz BETWEEN now() - interval '1 hour' AND now()", [at])[0][0]
    with cluster.connect() as connection:
        shelf.put(connection.cursor(), shelf.simple(900))
    browser.click("button", "Count again")
    browser.wait(lambda: browser.one("h1").text != before)
