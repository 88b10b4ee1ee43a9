"""The examples of the pages print what the pages say, from a fresh make run."""

import os

import pytest

import transcript
from cluster import TOP
from serving import Serving

PAGES = ("README.md", "docs/producers.md", "docs/stewards.md")


@pytest.fixture(scope="module")
def serving():
    one = Serving()
    yield one.start()
    one.discard()


@pytest.mark.parametrize("page", PAGES)
def test_examples(serving, page):
    with open(os.path.join(TOP, page), encoding="utf-8") as file:
        text = file.read()
    assert transcript.EXAMPLE.search(text)
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{serving.port}")
    _, differences = transcript.replay(text, env=serving.env, cwd=TOP)
    assert not differences, "\n".join(differences)
