"""A short form of make faults."""

import os
import time

import run


def test_nothing_is_lost_under_faults(stage, scratch, monkeypatch, capsys):
    monkeypatch.setenv("TEST_STAGE", stage)
    folder = os.path.join(scratch, "faults")
    os.mkdir(folder, 0o755)
    seed = int(os.environ.get("SEED") or time.time_ns() % 1000000)
    lines, violations = run.run(folder, 20, seed)
    with capsys.disabled():
        print(f"\n  SEED={seed}", *lines, sep="\n  ")
    assert violations == [], f"SEED={seed}"
