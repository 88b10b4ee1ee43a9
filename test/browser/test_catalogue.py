"""The catalogue, a product, a table and the pages for what is not there, as a person meets them."""

from urllib.parse import quote

import pytest

import shelf

HOSTILE = shelf.HOSTILE


def origin(front):
    return f"http://127.0.0.1:{front.port}"


def number(text):
    return int(text.replace(",", "").split()[0])


def texts(browser, selector):
    return [element.text for element in browser.all(selector)]


def path(browser):
    return browser.driver.execute_script("return location.pathname + location.search + location.hash")


def until(browser, get, wanted):
    """Wait until it is so, and say what it was otherwise."""
    try:
        browser.wait(lambda: get() == wanted)
    except Exception:
        assert get() == wanted
        raise


def check_clean(browser, front):
    assert browser.console() == []
    assert browser.origins() == {origin(front)}


def live(cluster, where="true"):
    return cluster.sql(f"SELECT count(*) FROM dpmeta.data_products WHERE {where}")[0][0]


def total(browser):
    return number(browser.one(".total").text)


def choices(browser):
    """The values of the filters, with how much each would leave."""
    return {e.find_element("css selector", "span").text: number(e.find_element("css selector", ".count").text)
            for e in browser.wait(lambda: browser.all(".filters label"))}


# The catalogue.


def test_catalogue_counts_what_the_database_has(browser, shelved, cluster):
    browser.open(shelved, "/")
    until(browser, lambda: total(browser), live(cluster))
    known = cluster.sql("SELECT domain, count(*) FROM dpmeta.data_products GROUP BY 1 UNION ALL "
                        "SELECT status, count(*) FROM dpmeta.data_products GROUP BY 1 UNION ALL "
                        "SELECT data_product_owner, count(*) FROM dpmeta.data_products GROUP BY 1 UNION ALL "
                        "SELECT key || ':' || value, count(*) FROM dpmeta.tags GROUP BY 1")
    assert choices(browser) == dict(known)
    assert texts(browser, ".products .name")[0] == cluster.sql(
        "SELECT name FROM dpmeta.data_products ORDER BY name COLLATE \"C\" LIMIT 1")[0][0]
    check_clean(browser, shelved)


def test_filters_have_addresses(browser, shelved, cluster):
    browser.open(shelved, "/")
    browser.click(".filters label", "published")
    until(browser, lambda: total(browser), live(cluster, "status = 'published'"))
    known = cluster.sql("SELECT domain, count(*) FROM dpmeta.data_products WHERE status = 'published' GROUP BY 1")
    browser.wait(lambda: dict(known).items() <= choices(browser).items())
    browser.click(".filters label", "OPG")
    until(browser, lambda: total(browser), live(cluster, "status = 'published' AND domain = 'OPG'"))
    assert path(browser) == "/?domain=OPG&status=published"
    browser.driver.refresh()
    until(browser, lambda: total(browser), live(cluster, "status = 'published' AND domain = 'OPG'"))
    browser.driver.back()
    until(browser, lambda: total(browser), live(cluster, "status = 'published'"))
    browser.click(".chips button", "published")
    until(browser, lambda: total(browser), live(cluster))
    assert path(browser) == "/"
    check_clean(browser, shelved)


def test_what_changed_last_comes_first(browser, shelved, cluster):
    browser.open(shelved, "/?sort=changed")
    known = [name for name, in cluster.sql("SELECT data_product FROM dpmeta.data_product_versions"
                                           " WHERE is_current ORDER BY created_at DESC")]
    browser.wait(lambda: browser.all(".products li"))
    assert texts(browser, ".products .name") == known[:50]
    browser.driver.execute_script("""
        const order = document.querySelector('.order select');
        order.value = 'name';
        order.dispatchEvent(new Event('change', {bubbles: true}));""")
    until(browser, lambda: path(browser), "/")
    browser.wait(lambda: texts(browser, ".products .name") == sorted(known)[:50])
    check_clean(browser, shelved)


def test_search_as_one_types(browser, shelved, cluster):
    browser.open(shelved, "/")
    browser.one(".products li")
    browser.driver.find_element("tag name", "body").send_keys("/")
    field = browser.driver.switch_to.active_element
    assert field.get_attribute("id") == "search"
    field.send_keys("stock lis")
    until(browser, lambda: path(browser), "/?q=stock+lis")
    known, = cluster.sql("SELECT document FROM dpmeta.search_page('stock lis')")[0]
    browser.wait(lambda: browser.one(".total").text == f"{known['total']} hit")
    hit = browser.one(".hits li")
    # What was found is marked, and where it is said.
    assert hit.find_element("css selector", ".name").text == "sku column of lines in orders"
    assert [e.text for e in hit.find_elements("tag name", "mark")] == ["stock", "list"]
    assert browser.driver.switch_to.active_element == field
    hit.click()
    browser.wait(lambda: browser.one("h1").text == "lines")
    assert path(browser) == "/schemas/dp:orders:lines"
    browser.driver.back()
    browser.wait(lambda: browser.all(".hits li"))
    check_clean(browser, shelved)


def test_a_slow_typist_keeps_the_blanks(browser, shelved):
    browser.open(shelved, "/")
    field = browser.one("#search")
    for typed, wanted in (("stock ", "/?q=stock"), ("list", "/?q=stock+list")):
        field.send_keys(typed)
        until(browser, lambda wanted=wanted: path(browser), wanted)
        browser.wait(lambda: not browser.all(".stale"))
    until(browser, lambda: field.get_attribute("value"), "stock list")
    check_clean(browser, shelved)


def test_a_slip_of_the_pen_is_guessed(browser, shelved):
    browser.open(shelved, "/?q=deputyshisp&domain=OPG")
    browser.wait(lambda: "Nothing is called or described by “deputyshisp”" in browser.one(".empty").text)
    browser.click(".empty button", "deputyships")
    browser.wait(lambda: browser.all(".hits li"))
    assert path(browser) == "/?q=deputyships&domain=OPG"
    browser.open(shelved, "/?q=zzzzzz")
    browser.click(".empty button", "Show the whole catalogue")
    browser.wait(lambda: len(browser.all(".products li")) > 3)
    assert path(browser) == "/"
    check_clean(browser, shelved)


@pytest.fixture
def empty_front(cluster, make_front, unique):
    """One before a database of its own, with nothing in it."""
    name = unique("empty")
    cluster.sql(f"CREATE DATABASE {name}")
    cluster.sql(f'ALTER DATABASE {name} SET search_path = "$user", public, dpmeta')
    for statement in ("CREATE EXTENSION dpmeta", "SELECT dpmeta.set_owner('dpmeta_owner')",
                      "SELECT dpmeta.grant_front('dpmeta_front')"):
        cluster.sql(statement, dbname=name)
    return make_front(cluster, DPMETA_DATABASE_URL=cluster.url("dpmeta_front", name))


def test_an_empty_store_says_how_to_begin(browser, empty_front):
    front = empty_front
    browser.open(front, "/")
    command = browser.one(".empty .command pre").text
    assert f"curl -X POST {origin(front)}/v1/data-products" in command
    assert total(browser) == 0
    check_clean(browser, front)


# A product.


def fact(browser, name):
    for one in browser.all(".facts > div"):
        if one.find_element("tag name", "dt").text == name:
            return one.find_element("tag name", "dd").text
    return None


def test_the_link_in_a_mail_is_a_page(browser, shelved, cluster):
    browser.open(shelved, "/v1/data-products/dp:orders")
    assert browser.one("h1").text == "orders"
    versions = cluster.sql("SELECT version, kind, created_by FROM dpmeta.data_product_versions"
                           " WHERE data_product = 'orders' ORDER BY version DESC")
    browser.wait(lambda: len(browser.all(".timeline > li")) == len(versions))
    words = {"minor": "compatible", "major": "breaking", "initial": "first"}
    for row, (version, kind, actor) in zip(texts(browser, ".timeline .line"), versions):
        assert row.startswith(f"{version}\n{words[kind]}") and row.endswith(f"by {actor}"), row
    description, owner, retention = cluster.sql(
        "SELECT description, data_product_owner_display_name, retention_period"
        " FROM dpmeta.data_products WHERE name = 'orders'")[0]
    assert browser.one(".lead").text == description
    assert fact(browser, "Owner") == owner
    assert f"{retention:,} days" in fact(browser, "Kept for")
    assert fact(browser, "Rows") == "184,203"
    assert browser.one("header .version").text == versions[0][0]
    assert "newest" in browser.one(".product > header .marks").text
    assert browser.driver.title == "orders - dpmeta"
    assert path(browser) == "/v1/data-products/dp:orders"
    check_clean(browser, shelved)


def test_tables_open_in_place(browser, shelved, cluster):
    browser.open(shelved, "/data-products/dp:orders")
    known = cluster.sql("SELECT table_name, column_count FROM dpmeta.schemas"
                        " WHERE data_product = 'orders' AND is_current ORDER BY 1")
    browser.wait(lambda: all(f"{n} columns" in t and name in t for t, (name, n) in
                             zip(texts(browser, "details.table > summary"), known)))
    browser.click("#lines > summary")
    rows = browser.wait(lambda: browser.all("#lines tbody tr"))
    columns = cluster.sql("SELECT column_name, column_type, description FROM dpmeta.columns"
                          " WHERE data_product = 'orders' AND table_name = 'lines' AND is_current"
                          " ORDER BY ordinal_position")
    assert len(rows) == len(columns)
    for row, (name, kind, description) in zip(rows, columns):
        assert name in row.text and description in row.text
        assert "<" in kind or kind in row.text
    assert path(browser).endswith("#lines")
    browser.click("#lines details.type summary")
    tree = browser.one("#lines details.type > ul").text
    assert "width bigint" in tree and "labels map" in tree and "weight double" in tree
    browser.click("#customers > summary")
    browser.wait(lambda: "No description" in browser.one("#customers tbody").text)
    browser.driver.refresh()
    browser.wait(lambda: browser.one("#customers tbody tr"))
    check_clean(browser, shelved)


def test_newest_and_pinned_are_told_apart(browser, shelved):
    browser.open(shelved, "/data-products/dp:orders:v1.1")
    notice = browser.one(".notice a")
    assert "This is v1.1." in browser.one(".product").text
    assert notice.text == "v2.1"
    options = browser.wait(lambda: [o.text for o in browser.all(".picker option") if "newest of v1" in o.text])
    assert options == ["v1.2, newest of v1"]
    notice.click()
    until(browser, lambda: browser.one("header .version").text, "v2.1")
    assert path(browser) == "/data-products/dp:orders"
    browser.driver.back()
    until(browser, lambda: browser.one("header .version").text, "v1.1")
    check_clean(browser, shelved)


def test_retired_says_until_when(browser, shelved):
    browser.open(shelved, "/data-products/old_orders")
    assert browser.one(".notice.amber").text == "Retired. It will go away after 31 March 2099."
    check_clean(browser, shelved)


def test_an_id_is_copied(browser, shelved):
    browser.open(shelved, "/data-products/dp:orders")
    browser.driver.execute_cdp_cmd("Browser.grantPermissions", {
        "origin": origin(shelved), "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]})
    # It says so for two seconds, which may be over before we look.
    browser.one("header .id button")
    browser.driver.execute_script("""
        const button = document.querySelector('header .id button');
        window.said = [];
        new MutationObserver(() => said.push(button.textContent)).observe(
            button, {subtree: true, childList: true, characterData: true});""")
    browser.click("header .id button")
    browser.wait(lambda: "Copied" in browser.driver.execute_script("return said"))
    assert browser.driver.execute_async_script(
        "navigator.clipboard.readText().then(arguments[0])") == "dp:orders:v2.1"
    check_clean(browser, shelved)


def test_text_is_never_markup(browser, shelved):
    browser.open(shelved, "/data-products/dp:hostile")
    assert browser.one(".lead").text == HOSTILE
    browser.wait(lambda: browser.one("#t .words").text == HOSTILE)
    assert f"<b>: {HOSTILE}" in browser.one(".facts .tags").text
    browser.open(shelved, "/schemas/dp:hostile:t")
    assert browser.one(".lead").text == HOSTILE
    browser.open(shelved, "/?q=onerror")
    browser.wait(lambda: HOSTILE[:20] in browser.one(".hits li").text)
    other = "<img src=zzzz>"
    browser.open(shelved, "/?q=" + quote(other))
    browser.wait(lambda: other in browser.one(".empty").text)
    assert not browser.all("main img, main script")
    check_clean(browser, shelved)


@pytest.mark.parametrize("width", (390, 820, 1440))
def test_nothing_is_wider_than_the_window(browser, shelved, width):
    """Neither a name of 128 letters nor a text of 60,000."""
    browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False})
    for address in ("/", "/data-products/" + "n" * 128, "/data-products/long_text", "/data-products/arabic",
                    "/schemas/" + "n" * 128 + ":" + "t" * 128, "/data-products/no_such", "/nowhere"):
        browser.open(shelved, address)
        browser.one("h1")
        assert browser.driver.execute_script(
            "return document.documentElement.scrollWidth <= innerWidth"), address


# What is not there.


def refused(browser, front):
    """The console may say that a request was refused; nothing else may be wrong."""
    assert [line for line in browser.console() if "Failed to load resource" not in line] == []
    assert browser.origins() == {origin(front)}


def test_what_is_missing(browser, shelved):
    browser.open(shelved, "/v1/data-products/dp:orders_of_mars")
    assert browser.one(".problem h1").text == "There is no such data product"
    browser.click(".problem a", "Search the catalogue")
    until(browser, lambda: path(browser), "/?q=orders+of+mars")
    browser.wait(lambda: browser.all(".empty"))
    browser.open(shelved, "/data-products/dp:orders:v7")
    assert browser.one(".problem h1").text == "There is no such version"
    browser.wait(lambda: "its newest version is v2.1" in browser.one(".problem").text)
    browser.open(shelved, "/v1/schemas/dp:orders:no_table")
    assert browser.one(".problem h1").text == "There is no such table"
    refused(browser, shelved)


def test_what_was_deleted(browser, shelved, cluster):
    browser.open(shelved, "/v1/data-products/dp:gone")
    assert browser.one(".problem h1").text == "This data product was deleted"
    actor = cluster.sql("SELECT created_by FROM dpmeta.data_product_versions WHERE data_product = 'gone'")[0][0]
    browser.wait(lambda: f"Its last version was v1.0, made by {actor}." in browser.one(".problem").text)
    refused(browser, shelved)


def test_every_other_path_has_a_landing(browser, shelved):
    browser.open(shelved, "/somewhere/else")
    assert browser.one(".problem h1").text == "There is nothing at this path"
    browser.click(".problem a", "catalogue")
    browser.one(".products li")
    assert path(browser) == "/"
    browser.open(shelved, "/v1/data-products?limit=many")
    assert "must be a whole number" in browser.one(".problem").text
    refused(browser, shelved)


def test_a_failure_says_so_where_it_is(browser, make_front, cluster, shelved):
    front = make_front(cluster)
    browser.open(front, "/data-products/dp:orders:v2.1")
    browser.one("#customers")
    front.stop()
    browser.driver.execute_script("""
        const picker = document.querySelector('.picker select');
        picker.value = 'dp:orders:v1.2';
        picker.dispatchEvent(new Event('change', {bubbles: true}));""")
    browser.wait(lambda: "The service could not be reached" in browser.one("main").text)
    front.start(DPMETA_PORT=front.port, DPMETA_DATABASE_URL=cluster.url("dpmeta_front"))
    browser.click("button", "Try again")
    until(browser, lambda: browser.one("header .version").text, "v1.2")


# Logging in.


def log_in(browser, name):
    browser.click("button", "Log in")
    browser.one('input[name="login"]').send_keys(name)
    browser.click("button[type=submit]")
    browser.wait(lambda: browser.one(".who").text.startswith(name))


def test_login_comes_back_to_the_page(browser, guarded):
    front, provider = guarded
    browser.open(front, "/v1/data-products/dp:orders?asOf=2999-01-01T00:00:00Z")
    browser.open(front, "/v1/data-products/dp:orders#lines")
    assert browser.one("h1").text == "Log in to see this"
    log_in(browser, "reader")
    browser.wait(lambda: browser.one("h1").text == "orders")
    browser.wait(lambda: browser.all("#lines tbody tr"))
    assert path(browser) == "/v1/data-products/dp:orders#lines"
    # No token is kept where another page could read it.
    kept = browser.driver.execute_script("return JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "eyJ" not in kept and "secret" not in kept, kept
    # The provider still knows the reader, so that loading the page again asks nothing.
    browser.driver.refresh()
    browser.wait(lambda: browser.one(".who").text.startswith("reader"))
    browser.wait(lambda: browser.one("h1").text == "orders")
    assert browser.console(besides=provider.issuer) == []
    assert browser.origins() <= {origin(front), provider.issuer}
    browser.click("button", "Log out")
    browser.wait(lambda: browser.one("h1").text == "Log in to see this")


def test_a_login_never_leads_elsewhere(browser, guarded):
    """A path may look like the address of another host."""
    front, provider = guarded
    browser.open(front, "//127.0.0.2/")
    browser.click("button", "Log in")
    browser.one('input[name="login"]').send_keys("reader")
    browser.click("button[type=submit]")
    browser.wait(lambda: browser.one(".who").text.startswith("reader"))
    assert browser.driver.current_url == f"{origin(front)}//127.0.0.2/"
    assert browser.origins() <= {origin(front), provider.issuer}


def test_a_refused_login_says_so(browser, guarded):
    front, _ = guarded
    browser.open(front, "/")
    browser.driver.execute_script("""
        sessionStorage.setItem('dpmeta.login', JSON.stringify({secret: 's', state: 'x', back: '/?domain=OPG'}));
        location.href = '/oauth2-redirect?error=access_denied&error_description=No&state=x';""")
    browser.wait(lambda: "You could not be logged in" in browser.one("main").text)
    assert path(browser) == "/?domain=OPG"


# Two versions.


def test_two_versions_side_by_side(browser, shelved, cluster):
    browser.open(shelved, "/data-products/dp:orders")
    browser.click(".timeline .tick")    # unticks the newest
    browser.wait(lambda: browser.one(".versions button").text == "Tick two versions to compare them")
    for tick in browser.all(".timeline .tick input")[2:3]:
        tick.click()
    browser.click(".versions button", "Compare v1.2 with v2.0")
    browser.wait(lambda: "v1.2 to v2.0" in browser.one("h1").text)
    assert path(browser) == "/data-products/dp:orders:v2.0/changes?from=v1.2"
    known = cluster.sql("SELECT document FROM dpmeta.list_changes('dp:orders:v2.0', from_version => 'v1.2')")[0][0]
    breaking = [c for c in known["changes"] if c["kind"] == "major"]
    assert browser.one("h1").text == (f"v1.2 to v2.0: {len(breaking)} breaking, "
                                      f"{known['changeCount'] - len(breaking)} compatible changes.")
    kinds = texts(browser, ".changes .mark")
    assert kinds == ["breaking"] * len(breaking) + ["compatible"] * (len(kinds) - len(breaking))
    assert len(kinds) == known["changeCount"]
    # Only the words that differ are marked.
    price = next(e for e in browser.all(".changes > li") if "type of price" in e.text)
    assert [e.text for e in price.find_elements("css selector", "del, ins")] == ["10", "12"]
    sku = next(e for e in browser.all(".changes > li") if "description of sku" in e.text)
    assert [e.text for e in sku.find_elements("css selector", "del, ins")] == [", as the stock list names it"]
    browser.driver.execute_script("""
        const from = document.querySelector('.comparison select');
        from.value = 'v1.0';
        from.dispatchEvent(new Event('change', {bubbles: true}));""")
    browser.wait(lambda: "v1.0 to v2.0" in browser.one("h1").text)
    assert path(browser) == "/data-products/dp:orders:v2.0/changes?from=v1.0"
    browser.driver.back()
    browser.wait(lambda: "v1.2 to v2.0" in browser.one("h1").text)
    browser.open(shelved, "/v1/data-products/dp:orders/changes?from=v2.1")
    assert browser.one("h1").text == "v2.1 is compared with itself: no changes."
    check_clean(browser, shelved)


def test_a_comparison_with_what_is_not_there(browser, shelved):
    browser.open(shelved, "/data-products/dp:orders/changes?from=v9.9")
    browser.wait(lambda: browser.all(".problem h1"))
    refused(browser, shelved)
