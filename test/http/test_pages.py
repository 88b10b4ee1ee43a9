"""Pages as HTTP: who gets one, their files, how long they may be kept, their policy."""

import gzip
import os
import re
import shutil
import subprocess

import pytest

from cluster import TOP
from documents import PRODUCTS, SCHEMAS, add_table, check_problem, register

PAGES = ("/docs", "/redoc", "/oauth2-redirect", "/", "/dashboard", "/data-products/dp:any",
         "/data-products/dp:any/changes", "/schemas/dp:any:table")
FRONT = os.path.join(TOP, "http-front")
# As Chromium, Firefox and Safari send it.
BROWSERS = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8",
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "text/html", "text/html, application/json;q=0.1")
PROGRAMS = (
    None, "", "*/*", "application/json", "application/json, text/plain, */*",
    # Java's old client
    "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2",
    "text/html, application/json", "text/html;q=0.5, application/json", "text/*, */*;q=0.1", "text/html;q=0, */*")


def as_browser(front, path, accept=BROWSERS[0], **headers):
    return front.request("GET", path, headers={"Accept": accept, **headers})


def assets(page):
    return re.findall(r'(?:src|href|data-other)="(/(?:docs/)?assets/[^"]*)"', page.body.decode())


def modules(front, path="/"):
    """Every file that a page of the application is made of, as imports name them."""
    found = [name for name in assets(front.request("GET", path)) if name.endswith("main.js")]
    for name in found:
        text = front.request("GET", name).body.decode()
        for other in re.findall(r"""from ?["']\./([^"']+)["']|import\(["']\./([^"']+)["']\)""", text):
            other = os.path.join(os.path.dirname(name), other[0] or other[1])
            if other not in found:
                found.append(other)
    return found


@pytest.mark.parametrize("path", PAGES)
def test_page(front, path):
    page = front.request("GET", path)
    assert page.status == 200 and page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert page.headers["Cache-Control"] == "no-cache"
    assert assets(page)
    again = front.request("GET", path, headers={"If-None-Match": page.headers["ETag"]})
    assert again.status == 304 and again.body == b""
    assert front.request("GET", path + "/").body == page.body
    head = front.request("HEAD", path)
    assert head.body == b"" and head.headers["Content-Length"] == str(len(page.body))
    other = front.request("GET", path, headers={"If-Match": '"x"'})
    assert other.status == 412


@pytest.mark.parametrize("path", PAGES)
def test_page_lets_nothing_in_from_elsewhere(front, path):
    page = front.request("GET", path)
    policy = dict(part.strip().split(" ", 1)
                  for part in page.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'" and policy["script-src"] == "'self'"
    assert policy["connect-src"] == "'self'" and policy["frame-ancestors"] == "'none'"
    assert "http" not in page.headers["Content-Security-Policy"]
    if "/docs" not in path and "/redoc" not in path and "oauth2" not in path:
        assert "unsafe" not in page.headers["Content-Security-Policy"]
        assert "data:" not in page.headers["Content-Security-Policy"]
    # No script in the page itself, and nothing of another host.
    assert not re.search(rb"<script(?![^>]* src=)|\son\w+=|https?:", page.body)


@pytest.mark.parametrize("path", PAGES)
def test_files(front, path):
    for name in {*assets(front.request("GET", path)), *modules(front)}:
        plain = front.request("GET", name)
        assert plain.status == 200 and plain.body, name
        assert plain.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert plain.headers["X-Content-Type-Options"] == "nosniff"
        assert "Content-Encoding" not in plain.headers
        packed = front.request("GET", name, headers={"Accept-Encoding": "br, gzip;q=0.5"})
        if "Content-Encoding" in packed.headers:
            assert packed.headers["Content-Encoding"] == "gzip"
            assert len(packed.body) < len(plain.body)
            assert gzip.decompress(packed.body) == plain.body
            assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
        else:
            assert len(plain.body) < 1000, name
        for refused in ("gzip;q=0", "identity", "br", ""):
            answer = front.request("GET", name, headers={"Accept-Encoding": refused})
            assert "Content-Encoding" not in answer.headers, refused


def test_names_tell_what_is_in_them(front):
    name = assets(front.request("GET", "/docs"))[0]
    digest = name.rsplit("/", 1)[1][:16]
    other = name.replace(digest, "0" * 16)
    module = modules(front)[0]
    release = module.split("/")[2]
    for path in (other, "/docs/assets/docs.html", "/docs/assets/%00", "/docs/assets/..%2fdocs",
                 "/docs/assets/" + "a" * 1000, "/docs/assets", module.replace(release, "0" * 16),
                 module.replace(release, ""), module.replace(release, "%00"), f"/assets/{release}/app.html",
                 f"/assets/{release}", "/assets"):
        answer = front.request("GET", path)
        assert answer.status == 404, path
        assert answer.headers["Content-Type"] == "application/problem+json"


def test_login_settings_are_text(make_front, cluster):
    front = make_front(cluster, DPMETA_DOCS_CLIENT_ID='"><script>alert(1)</script>',
                       DPMETA_DOCS_SCOPE="openid a&b")
    page = front.request("GET", "/docs").body.decode()
    assert 'data-client="&#34;&#62;&#60;script&#62;' in page
    assert 'data-scope="openid a&#38;b"' in page


@pytest.fixture
def bare_front(make_front, cluster, front_binary, scratch):
    """One that was built where npm had fetched nothing."""
    build = os.path.join(scratch, "bare")
    shutil.copytree(os.path.join(FRONT, "build"), build,
                    ignore=shutil.ignore_patterns("embedded_files*", "redoc*", "sanitize",
                                                  "coverage"))
    program = os.path.join(build, "dpmeta-http")
    subprocess.run(["make", "-s", "-C", FRONT, f"BUILD={build}", f"PROGRAM={program}",
                    "NPM=/nowhere"], check=True)
    return make_front(cluster, binary=program)


def test_build_without_npm(bare_front):
    for path in PAGES:
        answer = bare_front.request("GET", path)
        assert answer.status == 404
        assert answer.json["detail"] == "This build has no pages"
        assert "make -C http-front pages" in answer.json["hint"]
    assert bare_front.request("GET", "/openapi.json").status == 200
    # So a browser gets what everybody gets.
    for path in (f"{PRODUCTS}/dp:no_such", "/nowhere"):
        check_problem(as_browser(bare_front, path), 404)


@pytest.fixture
def resources(front, unique):
    """Paths that have a page for browsers, of a product that is there."""
    name = unique("page")
    register(front, name)
    add_table(front, name, "lines")
    here = f"{PRODUCTS}/dp:{name}"
    return [here, f"{here}:v1.1", f"{here}/versions", f"{here}/changes?from=v1.0", f"{SCHEMAS}/dp:{name}:lines"]


def varies(answer):
    return "Accept" in [v.strip() for field in answer.headers.get_all("Vary") for v in field.split(",")]


def test_a_browser_gets_a_page(front, resources):
    page = front.request("GET", "/")
    for path in resources:
        for accept in BROWSERS:
            answer = as_browser(front, path, accept)
            assert answer.status == 200 and answer.body == page.body, (path, accept)
            assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
            assert varies(answer)


def test_a_program_gets_json(front, resources):
    for path in resources:
        plain = front.request("GET", path)
        for accept in PROGRAMS:
            answer = as_browser(front, path, accept) if accept is not None else plain
            assert answer.status == 200 and answer.body == plain.body, (path, accept)
            assert answer.headers["Content-Type"] == "application/json"
            assert answer.headers["ETag"] == plain.headers["ETag"]
            assert varies(answer)


def test_a_format_that_is_named_is_no_page(front, resources):
    for path in (resources[0].replace(PRODUCTS, "/v1/contracts"), resources[-1]):
        for name, kind in (("csv", "text/csv"), ("markdown", "text/markdown"), ("json-schema", "application/schema+json")):
            plain = front.request("GET", f"{path}?format={name}")
            page = as_browser(front, f"{path}?format={name}")
            assert plain.status == page.status == 200 and plain.body == page.body, (path, name)
            assert page.headers["Content-Type"].startswith(kind)
    assert as_browser(front, resources[-1] + "?format=none").status == 406


def test_tags_of_page_and_json_never_match(front, resources):
    for path in resources:
        page, plain = as_browser(front, path), front.request("GET", path)
        assert page.headers["ETag"] != plain.headers["ETag"]
        for accept, mine, other in ((BROWSERS[0], page, plain), ("*/*", plain, page)):
            same = as_browser(front, path, accept, **{"If-None-Match": mine.headers["ETag"]})
            assert same.status == 304 and varies(same), path
            other = as_browser(front, path, accept, **{"If-None-Match": other.headers["ETag"]})
            assert other.status == 200 and other.body == mine.body, path


def test_a_page_needs_no_token(front, make_front, cluster, resources):
    """It holds nothing; what it then asks for does."""
    guarded = make_front(cluster, ready=False, DPMETA_AUTH="on", DPMETA_OIDC_AUDIENCE="x",
                         DPMETA_OIDC_ISSUER="http://127.0.0.1:1/a%22b")
    for path in resources:
        assert as_browser(guarded, path).status == 200
        assert front.request("GET", path).status == 200
        assert guarded.request("GET", path).status in (401, 503)
    assert b'data-auth="on" data-issuer="http://127.0.0.1:1/a%22b"' in as_browser(guarded, "/").body


def test_writes_are_never_pages(front, resources):
    for method in ("PUT", "PATCH"):
        check_problem(front.request(method, resources[0], b"{", {"Accept": BROWSERS[0]}), 415)
    check_problem(front.request("DELETE", resources[0] + "_no", headers={"Accept": BROWSERS[0]}), 404)


@pytest.mark.parametrize("path, status", [
    ("/nowhere", 404), ("/v1/data-products?limit=0", 400), ("/v1/data-products?x=%3Cscript%3E1", 400),
    ("/v1/contracts/dp:no_such", 404), ("/docs/assets/x", 404), ("/v1/data-products/dp:x/restore", 405)])
def test_refusals_are_pages_for_browsers(front, path, status):
    page, plain = as_browser(front, path), front.request("GET", path)
    check_problem(plain, status)
    assert page.status == status and page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert page.headers["Cache-Control"] == "no-store"
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["Allow"] == plain.headers["Allow"]
    text = page.body.decode()
    assert plain.json["title"] in text and page.headers["X-Request-Id"] in text
    assert f'data-status="{status}"' in text
    assert "<script>" not in text
    assert set(assets(page)) == set(assets(front.request("GET", "/")))
    head = front.request("HEAD", path, headers={"Accept": BROWSERS[0]})
    assert head.status == status and head.body == b"" and head.headers["Content-Type"] == page.headers["Content-Type"]


def test_the_first_view_is_small(front):
    """All that the catalogue needs, compressed."""
    names = {"/", *assets(front.request("GET", "/")), *modules(front)}
    sizes = {name: len(front.request("GET", name, headers={"Accept-Encoding": "gzip"}).body)
             for name in names if "oauth4webapi" not in name}
    assert len(names) > 10 and sum(sizes.values()) < 100_000, sizes
    # The page names all of them, so that none waits for another to be read.
    assert {n for n in modules(front) if "oauth4webapi" not in n} <= set(assets(front.request("GET", "/")))


def test_caller(front):
    """Where nobody logs in, everybody may do everything."""
    answer = front.request("GET", "/v1/caller")
    assert answer.json == {"roles": ["reader", "producer", "steward"]}
    assert answer.headers["Cache-Control"] == "no-store"
