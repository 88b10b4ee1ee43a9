"""The pages for those who do not see them, or use no mouse: axe, and the keyboard."""

import os

import pytest
from selenium.webdriver.common.keys import Keys

import npm

HERE = os.path.dirname(os.path.realpath(__file__))
PAGES = {
    "catalogue": "/", "filtered": "/?status=published&sort=changed", "hits": "/?q=order", "nothing": "/?q=zzzzzz",
    "product": "/data-products/dp:orders#lines", "pinned": "/data-products/dp:orders:v1.1",
    "retired": "/data-products/dp:old_orders", "right-to-left": "/data-products/dp:arabic#orders",
    "table": "/schemas/dp:orders:lines", "comparison": "/data-products/dp:orders/changes?from=v1.0",
    "dashboard": "/dashboard", "missing": "/data-products/dp:no_such", "gone": "/data-products/dp:gone",
    "landing": "/nowhere"}
RUN = """
const done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ['violations'], rules: {'target-size': {enabled: true}}}).then(
    (result) => done(result.violations.map((v) => [v.id, v.help, v.nodes.slice(0, 3).map((n) => n.html + ' ' + n.failureSummary)])));
"""


@pytest.fixture(scope="module")
def axe():
    npm.install(HERE)
    with open(os.path.join(HERE, "node_modules/axe-core/axe.min.js"), encoding="utf-8") as source:
        return source.read()


def check(browser, axe):
    browser.driver.execute_script(axe)
    browser.driver.set_script_timeout(180)
    assert browser.driver.execute_async_script(RUN) == []


@pytest.mark.parametrize("scheme", ("light", "dark"))
def test_axe_finds_nothing(browser, shelved, axe, scheme):
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
        "features": [{"name": "prefers-color-scheme", "value": scheme}]})
    for name, address in PAGES.items():
        browser.open(shelved, address)
        browser.one("h1, .products li, .empty")
        browser.wait(lambda: not browser.all(".stale"))
        if name == "product":
            browser.wait(lambda: browser.all("#lines tbody tr"))
            browser.click("#lines details.type summary")
        check(browser, axe)


def test_axe_finds_nothing_on_a_phone(browser, shelved, axe):
    browser.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
        "width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True})
    for name in ("catalogue", "product", "dashboard"):
        browser.open(shelved, PAGES[name])
        browser.one("h1, .products li")
        check(browser, axe)


def test_axe_finds_nothing_in_a_dialog(browser, shelved, axe):
    browser.open(shelved, "/data-products/dp:orders")
    browser.click(".steward button", "Delete")
    browser.wait(lambda: "This deletes" in browser.one("dialog").text)
    check(browser, axe)
    browser.driver.switch_to.active_element.send_keys(Keys.ESCAPE)
    browser.wait(lambda: not browser.all("dialog"))


def focused(browser):
    return browser.driver.switch_to.active_element


def test_the_keyboard_is_enough(browser, shelved):
    """From the catalogue to the columns of a table, and back."""
    browser.open(shelved, "/?q=orders+shop")
    browser.one(".hits li")
    for _ in range(60):
        focused(browser).send_keys(Keys.TAB)
        if (focused(browser).get_attribute("href") or "").endswith("/data-products/dp:orders"):
            break
    outline = browser.driver.execute_script("return getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    focused(browser).send_keys(Keys.ENTER)
    browser.wait(lambda: browser.all("#lines"))
    # A new page begins at its content.
    assert focused(browser).get_attribute("id") == "main"
    for _ in range(60):
        focused(browser).send_keys(Keys.TAB)
        if browser.driver.execute_script("return document.activeElement.closest('#lines') !== null"):
            break
    focused(browser).send_keys(Keys.ENTER)
    browser.wait(lambda: browser.all("#lines tbody tr"))


@pytest.mark.parametrize("choice", ("Dark", "Light"))
def test_light_or_dark_is_remembered(browser, shelved, choice):
    def back():
        return browser.driver.execute_script("return getComputedStyle(document.body).backgroundColor")
    other = {"Dark": "light", "Light": "dark"}[choice]
    browser.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
        "features": [{"name": "prefers-color-scheme", "value": other}]})
    browser.open(shelved, "/nowhere")
    browser.one("h1")
    before = back()
    for option in browser.all(".theme option"):
        if option.text == choice:
            option.click()
    browser.wait(lambda: back() != before)
    after = back()
    browser.open(shelved, "/dashboard")
    browser.one("h1")
    assert back() == after
