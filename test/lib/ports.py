"""Ports that no two tests get, however many run beside each other.

Each process reserves a block of ports by a name that the kernel gives to one process
at a time, and takes back when that one ends.  The ports lie below those that the
kernel itself hands out, so no connection has one of them by chance.
"""

import random
import socket

FIRST = 20000
BLOCK = 50
BLOCKS = 240

_reserved = []
_ports = iter(())


def _reserve():
    numbers = list(range(BLOCKS))
    random.shuffle(numbers)
    for number in numbers:
        name = socket.socket(socket.AF_UNIX)
        try:
            name.bind(f"\0dpmeta-test-ports-{number}")
        except OSError:
            name.close()
            continue
        _reserved.append(name)
        start = FIRST + number * BLOCK
        return range(start, start + BLOCK)
    raise AssertionError("every block of ports is reserved")


def _is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def free_port():
    global _ports
    while True:
        for port in _ports:
            if _is_free(port):
                return port
        _ports = iter(_reserve())


def free_ports(count):
    """The first of so many ports that follow each other."""
    while True:
        first = _reserve()[0]
        if all(_is_free(port) for port in range(first, first + count)):
            return first
