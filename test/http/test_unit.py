"""The front's unit tests: TAP programs of test/http/unit."""

import os
import subprocess

from cluster import TOP


def test_token_module(scratch):
    """Built in a folder of its own; what it says is shown when it fails."""
    folder = os.path.join(TOP, "test/http/unit")
    build = os.path.join(scratch, "unit")
    subprocess.run(["make", "-s", "-C", folder, f"BUILD={build}", f"{build}/token_test"], check=True)
    done = subprocess.run([f"{build}/token_test"], stdout=subprocess.PIPE, text=True)
    failed = [line for line in done.stdout.splitlines() if not line.startswith("ok ")]
    assert done.returncode == 0 and failed[-1].startswith("1.."), "\n".join(failed)
