"""The README's examples print what the README says, from a fresh make run."""

import os

import transcript
from cluster import TOP
from serving import Serving


def test_examples():
    serving = Serving()
    try:
        serving.start()
        with open(os.path.join(TOP, "README.md"), encoding="utf-8") as file:
            text = file.read()
        assert transcript.EXAMPLE.search(text)
        text = text.replace("127.0.0.1:8000", f"127.0.0.1:{serving.port}")
        _, differences = transcript.replay(text, env=serving.env, cwd=TOP)
        assert not differences, "\n".join(differences)
    finally:
        serving.discard()
