"""/docs and /redoc as a person meets them."""

import json

import pytest

FETCH_ELSEWHERE = """
const done = arguments[arguments.length - 1];
document.addEventListener('securitypolicyviolation', (e) => done(e.effectiveDirective));
fetch('http://127.0.0.1:1/').catch(() => undefined);
"""
def origin(front):
    return f"http://127.0.0.1:{front.port}"


def operations(front):
    document = front.request("GET", "/openapi.json").json
    return {operation["operationId"]: (method, path, operation)
            for path, item in document["paths"].items() for method, operation in item.items()}


def block(operation):
    return f'.opblock[id$="-{operation}"]'


def open_docs(browser, front):
    browser.open(front, "/docs")
    count = len(operations(front))
    browser.wait(lambda: len(browser.all(".opblock")) == count)


def send(browser, operation, body=None, **values):
    """Try an operation out; the status and the body that are shown."""
    here = block(operation)
    if not browser.all(here + ".is-open"):
        browser.click(here + " .opblock-summary-control")
    if not browser.all(here + " .try-out__btn.cancel"):
        browser.click(here + " .try-out__btn")
    for name, value in values.items():
        field = f'{here} tr[data-param-name="{name}"] input'
        browser.wait(lambda: browser.one(field).get_attribute("value"))    # the example
        browser.fill(field, value)
    if body is not None:
        browser.fill(here + " textarea.body-param__text", json.dumps(body))
    browser.click(here + " .btn.execute")
    status = browser.one(here + " .live-responses-table tr.response .response-col_status").text
    shown = browser.one(here + " .live-responses-table .highlight-code").text
    return int(status.split()[0]), shown


def test_docs_show_every_operation(browser, front):
    open_docs(browser, front)
    shown = {e.get_attribute("id").rsplit("-", 1)[1] for e in browser.all(".opblock")}
    assert shown == set(operations(front))
    summaries = {e.text for e in browser.all(".opblock-summary-description")}
    assert summaries == {o["summary"] for _, _, o in operations(front).values()}
    assert not browser.all(".btn.authorize")
    assert browser.one("select#servers").get_attribute("aria-label") == "Server"
    assert browser.one(".home a").get_attribute("href") == origin(front) + "/"
    browser.picture("docs")
    for operation in ("listChanges", "registerDataProduct", "patchSchema", "deleteDataProduct"):
        browser.click(block(operation) + " .opblock-summary-control")
        browser.one(block(operation) + " .responses-table")
    assert not browser.all(".errors-wrapper")
    browser.picture("docs-open")
    assert browser.console() == []
    assert browser.origins() == {origin(front)}


def test_try_it_out(browser, front, unique):
    name = unique("docs")
    open_docs(browser, front)
    example = operations(front)["registerDataProduct"][2]["requestBody"]["content"]
    body = example["application/json"]["examples"]["example"]["value"]
    status, shown = send(browser, "registerDataProduct", {**body, "name": name})
    assert status == 201 and f"dp:{name}:v1.0" in shown
    status, shown = send(browser, "getDataProduct", id=f"dp:{name}")
    assert status == 200 and f"dp:{name}:v1.0" in shown
    browser.picture("docs-tried")
    # The form as it comes asks for the first page.
    status, shown = send(browser, "listDataProducts")
    assert status == 200
    assert browser.console() == []
    assert browser.origins() == {origin(front)}


def log_in(browser, name):
    """As a person does: Authorize, the provider's form, back."""
    driver = browser.driver
    page = driver.current_window_handle
    browser.click(".btn.authorize")
    form = '.modal-ux .auth-container:first-of-type'
    assert browser.one(form + " #client_id_authorizationCode").get_attribute("value") == "docs"
    assert len(browser.all(form + " .scopes input:checked")) == 3
    browser.picture("docs-authorize")
    browser.click(form + " .btn.authorize")
    browser.wait(lambda: len(driver.window_handles) == 2)
    driver.switch_to.window(next(h for h in driver.window_handles if h != page))
    browser.one('input[name="login"]').send_keys(name)
    browser.click("button[type=submit]")
    browser.wait(lambda: driver.window_handles == [page])
    driver.switch_to.window(page)
    browser.wait(lambda: browser.all(form + " .btn.authorize")[0].text == "Logout")
    browser.picture("docs-authorized")
    browser.click(".modal-ux .btn-done")


def test_login_to_a_successful_try(browser, guarded, unique):
    front, provider = guarded
    name = unique("docs")
    open_docs(browser, front)
    status, shown = send(browser, "getDataProduct", id=f"dp:{name}")
    assert status == 401 and "unauthorized" in shown
    assert any("401" in line for line in browser.console())
    log_in(browser, "producer")
    example = operations(front)["registerDataProduct"][2]["requestBody"]["content"]
    body = example["application/json"]["examples"]["example"]["value"]
    status, shown = send(browser, "registerDataProduct", {**body, "name": name})
    assert status == 201 and f"dp:{name}:v1.0" in shown
    status, shown = send(browser, "listVersions", id=f"dp:{name}")
    assert status == 200 and '"actor": "producer"' in shown
    browser.picture("docs-logged-in")
    assert browser.console(besides=provider.issuer) == []
    assert browser.origins() <= {origin(front), provider.issuer}


def test_redoc_shows_every_operation(browser, front):
    browser.open(front, "/redoc")
    known = operations(front)
    browser.wait(lambda: len(browser.all('[id*="operation/"]')) >= len(known))
    sections = {e.get_attribute("id").rsplit("/", 1)[1] for e in browser.all('[id*="operation/"]')}
    assert set(known) <= sections
    assert browser.one(".home a").get_attribute("href") == origin(front) + "/"
    browser.picture("redoc")
    # The search runs in a worker.
    browser.one('input[type="text"]').send_keys("merge patch")
    browser.wait(lambda: any("merge patch" in e.text
                             for e in browser.all('[data-role="search:results"] li')))
    browser.picture("redoc-search")
    assert browser.console() == []
    assert browser.origins() == {origin(front)}


@pytest.mark.parametrize("path", ("/docs", "/redoc", "/oauth2-redirect"))
def test_nothing_gets_out(browser, front, path):
    browser.open(front, path)
    browser.driver.set_script_timeout(180)
    assert browser.driver.execute_async_script(FETCH_ELSEWHERE) == "connect-src"
