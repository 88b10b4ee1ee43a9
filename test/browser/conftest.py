import json
import os
import tempfile
import time
from urllib.parse import urlsplit

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

import oidc
import shelf
from front import Front
from ports import free_port

FLAGS = ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu",
         "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--window-size=1280,1600",
         "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")
FILL = """
const [field, text] = arguments;
Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value').set.call(field, text);
field.dispatchEvent(new Event('input', {bubbles: true}));
field.dispatchEvent(new FocusEvent('focusout', {bubbles: true}));
"""


class Browser:
    """Chromium without a window.  driver is Selenium's, for all else."""

    def __init__(self, profile):
        options = Options()
        options.binary_location = "/usr/bin/chromium"
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.said = []

    def renew(self):
        """One empty window, no cookies, nothing kept, nothing said."""
        driver = self.driver
        handles = driver.window_handles
        for handle in handles[1:]:
            driver.switch_to.window(handle)
            driver.close()
        driver.switch_to.window(handles[0])
        if driver.current_url.startswith("http"):
            driver.execute_script("sessionStorage.clear(); localStorage.clear();")
        driver.get("about:blank")
        driver.execute_cdp_cmd("Network.enable", {})
        driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
        self.console()
        self.origins()

    def open(self, front, path):
        self.driver.get(f"http://127.0.0.1:{front.port}{path}")

    def wait(self, condition, seconds=180):
        """Until condition() is something true, which is returned."""
        def attempt(_):
            return condition()
        return WebDriverWait(self.driver, seconds, 0.1,
                             ignored_exceptions=(Exception,)).until(attempt)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        """The first that is there and to be seen."""
        return self.wait(lambda: next(e for e in self.all(selector) if e.is_displayed()))

    def click(self, selector, text=None):
        def attempt():
            for element in self.all(selector):
                if element.is_displayed() and (text is None or text in element.text):
                    self.driver.execute_script(
                        "arguments[0].scrollIntoView({block: 'center'})", element)
                    element.click()
                    return True
            return False
        self.wait(attempt)

    def fill(self, selector, text):
        """At one stroke: typing has a page think after each key."""
        self.driver.execute_script(FILL, self.one(selector), text)

    def console(self, besides=None):
        """What the console said since the last call: errors, refusals, warnings.

        besides: the origin of a server that is none of ours.
        """
        return [entry["message"] for entry in self.driver.get_log("browser")
                if entry["level"] in ("SEVERE", "WARNING")
                and not (besides and entry["message"].startswith(besides))]

    def origins(self):
        """Where requests went since the last call."""
        out = set()
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                parts = urlsplit(message["params"]["request"]["url"])
                if parts.scheme not in ("data", "blob", "chrome"):
                    out.add(f"{parts.scheme}://{parts.netloc}")
        return out

    def picture(self, name):
        """For people to look at, where TEST_PICTURES says."""
        folder = os.environ.get("TEST_PICTURES")
        if folder:
            time.sleep(0.5)
            self.driver.save_screenshot(os.path.join(folder, name + ".png"))


@pytest.fixture(scope="session")
def chromium():
    """The session's one; starting it takes longer than most tests."""
    with tempfile.TemporaryDirectory(prefix="dpmeta-chromium.") as profile:
        one = Browser(profile)
        yield one
        one.driver.quit()


@pytest.fixture
def browser(chromium):
    """The session's, as if it had just been started."""
    chromium.renew()
    return chromium


@pytest.fixture(scope="session")
def shelved(cluster, front):
    """The session's front, with something to see behind it."""
    shelf.fill(cluster)
    return front


@pytest.fixture(scope="session")
def guarded(scratch, front_binary, cluster, shelved):
    """A front that wants a token, and the provider that people log in at."""
    port = free_port()
    provider = oidc.Provider(scratch, redirect_uris=[f"http://127.0.0.1:{port}/oauth2-redirect"]).start()
    one = Front(front_binary, os.path.join(scratch, "guarded.log"))
    one.start(**provider.settings(
        DPMETA_PORT=port, DPMETA_DOCS_CLIENT_ID="docs", DPMETA_DATABASE_URL=cluster.url("dpmeta_front"),
        DPMETA_DOCS_SCOPE="openid dpmeta.read dpmeta.write"))
    yield one, provider
    one.discard()
    provider.discard()
