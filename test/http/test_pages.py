"""/docs and /redoc as HTTP: their files, how long they may be kept, their policy."""

import gzip
import os
import re
import shutil
import subprocess

import pytest

from cluster import TOP

PAGES = ("/docs", "/redoc", "/oauth2-redirect")
FRONT = os.path.join(TOP, "http-front")


def assets(page):
    return re.findall(r'(?:src|href)="(/docs/assets/[^"]*)"', page.body.decode())


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
    # No script in the page itself, and nothing of another host.
    assert not re.search(rb"<script(?![^>]* src=)|\son\w+=|https?:", page.body)


@pytest.mark.parametrize("path", PAGES)
def test_files(front, path):
    for name in assets(front.request("GET", path)):
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
    for path in (other, "/docs/assets/docs.html", "/docs/assets/%00", "/docs/assets/..%2fdocs",
                 "/docs/assets/" + "a" * 1000, "/docs/assets"):
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
        assert answer.json["detail"] == "This build has no documentation pages"
        assert "make -C http-front pages" in answer.json["hint"]
    assert bare_front.request("GET", "/openapi.json").status == 200
