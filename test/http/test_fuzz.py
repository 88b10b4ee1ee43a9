"""A short run of each fuzzer; test/fuzz/Makefile runs them for longer."""

import os
import shutil
import subprocess

import pytest

from cluster import TOP

FOLDER = os.path.join(TOP, "test/fuzz")
TARGETS = subprocess.run(["make", "-s", "-C", FOLDER, "list"], check=True,
                         stdout=subprocess.PIPE, text=True).stdout.split()


@pytest.mark.skipif(not shutil.which("clang"), reason="libFuzzer comes with clang")
@pytest.mark.parametrize("target", TARGETS)
def test_fuzzer_finds_nothing(scratch, target):
    done = subprocess.run(["make", "-s", "-C", FOLDER, f"BUILD={scratch}/fuzz", target, "SECONDS=5"],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    assert done.returncode == 0, done.stdout[-4000:]
