"""GET /v1/search: data products, tables and columns by words."""

from urllib.parse import quote

import pytest

from documents import PRODUCTS, SCHEMAS, check_problem, register, schema

SEARCH = "/v1/search?q="


def find(front, words, filters=""):
    answer = front.request("GET", SEARCH + quote(words) + filters)
    assert answer.status == 200, answer
    return answer.json


@pytest.fixture(scope="module")
def word(front):
    """A word that is in a data product's name, two tables and their columns."""
    word = "qsearchable"
    register(front, f"{word}_one", description="Of force", domain="OPG", tags={"qcolour": "qred"})
    register(front, f"{word}_two", description=f"Beside {word}_one")
    for table in f"{word}_lines", "others":
        document = schema((f"{word}_id", "int"))
        document["columns"][0]["description"] = "Its <b>number</b>"
        assert front.request("POST", f"{SCHEMAS}/dp:{word}_one:{table}", document).status == 201
    return word


def test_hits(front, word):
    found = find(front, word[:-2])
    assert found["total"] == 5 and found["totalIsExact"]
    assert [hit["kind"] for hit in found["hits"]] == ["data-product"] * 2 + ["table"] + ["column"] * 2
    assert found["didYouMean"] is None and found["ignored"] == []
    column = find(front, f"number {word}")["hits"][0]
    assert column == {
        "kind": "column", "id": f"dp:{word}_one:v1.2:others", "name": f"{word}_id",
        "dataProduct": f"{word}_one", "table": "others", "domain": "OPG",
        "dataProductOwner": "owner@example.org", "status": "draft", "foundIn": "name",
        "headline": "Its <b>**number**</b>", "rank": column["rank"]}


def test_filters(front, word):
    assert find(front, word, "&domain=HQ")["total"] == 1
    assert find(front, word, "&tag=qcolour:qred&status=draft&owner=owner@example.org")["total"] == 4
    assert find(front, word, "&status=retired")["total"] == 0
    for filters in "&domain=x", "&status=x", "&tag=x", "&limit=0", "&limit=1001", "&after=x", "&x=y":
        check_problem(front.request("GET", SEARCH + word + filters), 400, "invalid-parameter")


def test_pages(front, word):
    paged, path = [], f"{SEARCH}{word}&limit=2"
    while path:
        answer = front.request("GET", path)
        assert answer.json["total"] == 5
        paged += answer.json["hits"]
        link = answer.headers.get("Link")
        path = link and link[1:link.index(">")]
    assert paged == find(front, word)["hits"]


def test_tag(front, word):
    first = front.request("GET", SEARCH + word)
    same = {"If-None-Match": first.headers["ETag"]}
    assert front.request("GET", SEARCH + word, headers=same).status == 304
    assert front.request("HEAD", SEARCH + word).status == 200


def test_did_you_mean(front, word):
    found = find(front, word.replace("qs", "sq"))
    assert found["total"] == 0 and found["hits"] == [] and found["didYouMean"] == word
    assert find(front, "the of")["ignored"] == ["the", "of"]


def test_deleted_products_do_not_show(front, unique):
    name = unique("qgone")
    register(front, name)
    assert find(front, name)["hits"][0]["name"] == name
    assert front.request("DELETE", f"{PRODUCTS}/dp:{name}").status == 204
    assert all(hit["name"] != name for hit in find(front, name)["hits"])
    front.request("POST", f"{PRODUCTS}/dp:{name}/restore")
    assert find(front, name)["hits"][0]["name"] == name


@pytest.mark.parametrize("words", [
    "", " ", "\t\n", "&", "!x", "a & !(b", "'", "\\", "<->", "x:*", '"x', "((", "%", "\u202ex", "\U0001f600", "\u0301"])
def test_whatever_is_asked_is_no_error(front, words):
    assert find(front, words)["total"] >= 0


def test_what_cannot_be_asked(front):
    check_problem(front.request("GET", "/v1/search"), 400, "invalid-parameter")
    assert find(front, "x" * 2000)["total"] == 0
    check_problem(front.request("GET", SEARCH + "x" * 2001), 400, "invalid-parameter")
    check_problem(front.request("GET", SEARCH + "x&q=y"), 400, "invalid-parameter")
    for words in "%00", "a%00b", "%ff", "%c3":
        check_problem(front.request("GET", SEARCH + words), 400)
    assert front.request("GET", SEARCH + "x" * 60000).status in (400, 414, 431)
