"""What the pages link to is there, headings included, and what they should name is named."""

import os
import re
import subprocess

from cluster import TOP

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.M | re.S)


def pages():
    """Those of the tree, without what npm and a build put there."""
    found = subprocess.run(
        ["find", ".", "(", "-name", "node_modules", "-o", "-name", "build", "-o", "-name", ".*",
         "-not", "-name", ".", ")", "-prune", "-o", "-name", "*.md", "-print"],
        cwd=TOP, stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    return sorted(os.path.normpath(path) for path in found)


def read(path):
    with open(os.path.join(TOP, path), encoding="utf-8") as file:
        return file.read()


def anchors(path):
    """As GitHub makes them of the headings."""
    text = re.sub(r"^```.*?^```$", "", read(path), flags=re.M | re.S)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
            for heading in re.findall(r"^#+ (.*)$", text, re.M)}


def is_there(page, target):
    path, _, anchor = target.partition("#")
    where = os.path.normpath(os.path.join(os.path.dirname(page), path)) if path else page
    if not os.path.exists(os.path.join(TOP, where)):
        return False
    return not anchor or anchor in anchors(where)


def test_links():
    links = [(page, target) for page in pages()
             for target in LINK.findall(CODE.sub("", read(page))) if "://" not in target]
    assert len(links) > 40
    assert [link for link in links if not is_there(*link)] == []


def test_links_that_are_not_there():
    assert is_there("docs/README.md", "install.md#upgrade")
    assert not is_there("docs/README.md", "install.md#upgrades")
    assert not is_there("docs/README.md", "README.txt")


def test_each_page_is_in_the_index():
    index = read("docs/README.md")
    assert [page for page in pages() if page.startswith("docs/") and page != "docs/README.md"
            and f"({page[len('docs/'):]})" not in index] == []


def test_each_goal_of_make_is_told():
    goals = re.search(r"^PRIVATE = ((?:.*\\\n)*.*)$", read("Makefile"), re.M).group(1)
    told = set(re.findall(r"`make ([a-z-]+)", read("CONTRIBUTING.md")))
    assert sorted(set(goals.replace("\\", "").split()) - told) == []
