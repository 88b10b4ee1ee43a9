"""What a steward does in a browser, and who else is not offered it."""

import pytest

import shelf
from test_catalogue import HOSTILE, log_in, origin, path, texts, until


@pytest.fixture
def thing(cluster, unique):
    """A draft of one's own, with a table."""
    name = unique("thing")
    with cluster.connect() as connection:
        shelf.put(connection.cursor(), shelf.contract(name, "Something to publish", tables=[shelf.CUSTOMERS]))
    return name


def offered(browser):
    return texts(browser, ".steward button")


def dialog(browser):
    return browser.one("dialog").text


def states(cluster, name):
    return [tuple(row) for row in cluster.sql(
        "SELECT version, status, created_by FROM dpmeta.data_product_versions WHERE data_product = %s"
        " ORDER BY version", [name])]


def test_publishing_with_a_dry_run_before(browser, guarded, cluster, thing):
    front, provider = guarded
    before = states(cluster, thing)
    browser.open(front, f"/v1/data-products/dp:{thing}")
    log_in(browser, "steward")
    browser.wait(lambda: offered(browser) == ["Publish", "Retire", "Delete"])
    browser.click(".steward button", "Publish")
    browser.wait(lambda: f"This publishes dp:{thing}:v1.1." in dialog(browser))
    assert "the change is\ncompatible" in dialog(browser) or "the change is compatible" in dialog(browser)
    assert "The status changed from draft to published" in dialog(browser)
    assert states(cluster, thing) == before
    # Nothing was asked of the service yet but what it would do; leaving changes nothing.
    browser.click("dialog button", "Cancel")
    browser.wait(lambda: not browser.all("dialog"))
    assert states(cluster, thing) == before
    browser.click(".steward button", "Publish")
    browser.wait(lambda: browser.one("dialog button.main").is_enabled())
    browser.click("dialog button.main")
    browser.wait(lambda: "Published as v1.1." in dialog(browser))
    assert states(cluster, thing) == [*before, ("v1.1", "published", "steward")]
    # What was done can be undone, and that is shown first, too.
    browser.click("dialog button", "make it a draft")
    browser.wait(lambda: f"This makes it a draft, as dp:{thing}:v1.2." in dialog(browser))
    browser.click("dialog button", "Cancel")
    browser.wait(lambda: offered(browser) == ["Retire", "Make it a draft", "Delete"])
    until(browser, lambda: browser.one("header .version").text, "v1.1")
    assert browser.console(besides=provider.issuer) == []
    assert browser.origins() <= {origin(front), provider.issuer}


@pytest.mark.parametrize("who", ("reader", "producer"))
def test_others_are_offered_nothing(browser, guarded, who):
    front, _ = guarded
    browser.open(front, "/data-products/dp:orders")
    log_in(browser, who)
    browser.wait(lambda: browser.one("h1").text == "orders")
    browser.one(".timeline li")
    assert not browser.all(".steward")


def test_deleting_asks_for_the_name_and_can_be_undone(browser, shelved, cluster, thing):
    cluster.sql("SELECT dpmeta.put_consumer(%s::dpmeta.dpid, 'finance', %s::jsonb)", [
        f"dp:{thing}", '{"contact": "fin@example.org", "version": "v1"}'])
    browser.open(shelved, f"/data-products/dp:{thing}")
    browser.wait(lambda: "finance" in browser.one("section[aria-labelledby=consumers] table").text)
    browser.click(".steward button", "Delete")
    browser.wait(lambda: f"This deletes dp:{thing} with its only version." in dialog(browser))
    browser.wait(lambda: "1 consumer reads it, and is told nothing yet: finance." in dialog(browser))
    button = browser.one("dialog button.danger")
    assert button.text == "Delete although it is read" and not button.is_enabled()
    field = browser.one("dialog input")
    field.send_keys(thing[:-1])
    assert not button.is_enabled()
    field.send_keys(thing[-1])
    button.click()
    browser.wait(lambda: "Deleted." in dialog(browser))
    assert cluster.sql("SELECT count(*) FROM dpmeta.data_products WHERE name = %s", [thing])[0][0] == 0
    browser.click("dialog button", "Close")
    browser.wait(lambda: browser.one("h1").text == "This data product was deleted")
    assert offered(browser) == ["Restore"]
    browser.click(".steward button", "Restore")
    browser.wait(lambda: "live again, with the 1 version that it had" in dialog(browser))
    browser.click("dialog button.main")
    browser.wait(lambda: "Restored as v1.0." in dialog(browser))
    browser.click("dialog button", "Close")
    until(browser, lambda: browser.one("h1").text, thing)
    assert states(cluster, thing)[0][:2] == ("v1.0", "draft")


def test_what_changed_meanwhile_is_not_overwritten(browser, shelved, cluster, thing):
    browser.open(shelved, f"/data-products/dp:{thing}")
    browser.click(".steward button", "Publish")
    browser.wait(lambda: browser.one("dialog button.main").is_enabled())
    with cluster.connect() as connection:
        shelf.put(connection.cursor(), shelf.contract(thing, "Somebody was quicker", tables=[shelf.CUSTOMERS]))
    browser.click("dialog button.main")
    browser.wait(lambda: browser.one("dialog .failed").text)
    assert [state[1] for state in states(cluster, thing)] == ["draft", "draft"]
    # Trying again looks again, and is refused again: the page is of another version.
    browser.click("dialog button", "Cancel")
    browser.driver.refresh()
    browser.click(".steward button", "Publish")
    browser.wait(lambda: f"This publishes dp:{thing}:v1.2." in dialog(browser))
    browser.click("dialog button", "Cancel")


def test_a_name_that_is_markup_stays_text(browser, shelved):
    browser.open(shelved, "/data-products/dp:hostile")
    browser.click(".steward button", "Publish")
    browser.wait(lambda: browser.one("dialog button.main").is_enabled())
    assert HOSTILE in browser.one(".lead").text and not browser.all("main img, main script")
    browser.click("dialog button", "Cancel")
    assert path(browser) == "/data-products/dp:hostile"
