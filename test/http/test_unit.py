"""The front's unit tests: TAP programs of test/http/unit."""

import os
import subprocess

import pytest

from cluster import TOP


@pytest.fixture(scope="module")
def said(scratch):
    """By each group's name, what it says: they mostly wait, so they run at once."""
    folder = os.path.join(TOP, "test/http/unit")
    build = os.path.join(scratch, "unit")
    program = os.path.join(build, "token_test")
    subprocess.run(["make", "-s", "-C", folder, f"BUILD={build}", program], check=True)
    groups = subprocess.run([program, "list"], stdout=subprocess.PIPE, text=True, check=True).stdout
    running = {group: subprocess.Popen([program, group], stdout=subprocess.PIPE, text=True)
               for group in groups.split()}
    return {group: (process.communicate()[0], process.returncode)
            for group, process in running.items()}


GROUPS = ("judging", "rotation", "revocation", "old-keys", "keys-without-names",
          "provider-down-later", "provider-down-at-start", "bad-provider")


@pytest.mark.parametrize("group", GROUPS)
def test_token_module(said, group):
    text, status = said[group]
    failed = [line for line in text.splitlines() if not line.startswith("ok ")]
    assert status == 0 and failed[-1].startswith("1.."), "\n".join(failed)


def test_no_group_is_left_out(said):
    assert set(said) == set(GROUPS)
