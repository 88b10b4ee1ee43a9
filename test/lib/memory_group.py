"""A control group with little memory, where the machine lets us make one."""

import itertools
import os
import time

TOPS = {"/sys/fs/cgroup/memory": "memory.limit_in_bytes", "/sys/fs/cgroup": "memory.max",
        "/sys/fs/cgroup/unified": "memory.max"}
_numbers = itertools.count(1)


class MemoryGroup:
    """What runs in it is killed by the system when it takes more."""

    def __init__(self, path, size):
        self.path = path
        self._limit(size)

    def _limit(self, size):
        for file in TOPS.values():
            if os.path.exists(os.path.join(self.path, file)):
                with open(os.path.join(self.path, file), "w", encoding="ascii") as out:
                    out.write(str(size))
                return
        raise OSError("no limit of memory here")

    def inside(self, command):
        """The command, so that it runs in the group from its first instruction."""
        return ["sh", "-c", 'echo $$ >"$0"/cgroup.procs && exec "$@"', self.path, *command]

    def remove(self):
        for _ in range(200):
            try:
                return os.rmdir(self.path)
            except OSError:             # what was in it is still going
                time.sleep(0.05)


def make(size):
    """A group with so many bytes, or None where none can be made."""
    for top in TOPS:
        path = os.path.join(top, f"dpmeta-test-{os.getpid()}-{next(_numbers)}")
        try:
            os.mkdir(path)
        except OSError:
            continue
        try:
            return MemoryGroup(path, size)
        except OSError:
            os.rmdir(path)
    return None
