"""Random heads against a real front and a real database.

make fuzz-heads SECONDS=600 runs it for longer, under valgrind, and SEED=n
repeats a run.  The front is looked at by whoever stops it: what valgrind or a
sanitizer says fails the test (test/lib/front.py).
"""

import os
import random
import re
import socket
import threading
import time

import pytest

from documents import connect
from heads import Shape

SECONDS = float(os.environ.get("FUZZ_HEADS_SECONDS") or 10)
SEED = int(os.environ.get("FUZZ_HEADS_SEED") or 0) or random.randrange(1, 1 << 30)
CLIENTS = 8
HEAD = rb"HTTP/1\.1 \d{3} [^\r\n]*\r\nDate: "
PATIENCE = 180
SETTINGS = {
    "open": {},
    "tokens": {"DPMETA_AUTH": "on", "DPMETA_OIDC_ISSUER": "http://127.0.0.1:9",
               "DPMETA_OIDC_AUDIENCE": "a"},
    "little": {"DPMETA_MAX_HEADER": "1kB", "DPMETA_MAX_PATH": "512B", "DPMETA_LANES": "1"},
}


def send(front, shape):
    """What came back, until the end; None when that did not come in time."""
    data = b""
    with connect(front, PATIENCE) as sock:
        try:
            sock.sendall(shape.data[:shape.cut_at])
            if shape.cut_at < len(shape.data):
                time.sleep(0.01)
                sock.sendall(shape.data[shape.cut_at:])
            if shape.half_close:
                sock.shutdown(socket.SHUT_WR)
            elif not shape.honest:
                # It may be in the middle of something, and means to stay.
                sock.settimeout(0.3)
            while block := sock.recv(65536):
                data += block
        except TimeoutError:
            return None if shape.honest else data
        except OSError:
            pass
    return data


def judge(front, number, name):
    shape = Shape(number, long_tokens=name == "tokens")
    data = send(front, shape)
    assert data is not None, f"shape {number}: no end"
    statuses = [int(s) for s in re.findall(rb"(?m)HTTP/1\.1 (\d{3}) ", data)]
    assert all(100 <= s < 600 for s in statuses) and not {500} & set(statuses), \
        f"shape {number}: {statuses}"
    closing = data.partition(b"\r\nConnection: close\r\n")[2]
    assert not re.search(HEAD, closing), f"shape {number}: more after the last answer: {data!r}"
    if data:
        assert data.startswith(b"HTTP/1."), f"shape {number}: {data[:100]!r}"
    if shape.honest and name != "little" and shape.count == 1:
        assert data, f"shape {number}: no answer to {shape.data[:200]!r}"


@pytest.mark.parametrize("name", SETTINGS)
def test_random_heads(make_front, cluster, name):
    front = make_front(cluster, ready=False, **SETTINGS[name])
    limit = time.monotonic() + SECONDS / len(SETTINGS)
    faults, done = [], [0]

    def work(first):
        number = first
        while time.monotonic() < limit and not faults:
            try:
                judge(front, number, name)
            except Exception as error:  # shown by the assertion that follows
                faults.append((number, error))
            number += CLIENTS
            done[0] += 1

    threads = [threading.Thread(target=work, args=(SEED + n,)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"{name}: {done[0]} shapes from seed {SEED}")
    assert not faults, f"seed {SEED}: {faults[0]}"
    assert front.request("GET", "/health", timeout=PATIENCE).status == 200
