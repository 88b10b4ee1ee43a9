"""What happened, one JSON object a line: what the judge reads.

    answer    one attempt of a request, and what came back
    fault     what was done to the servers
    event     an event as the follower got it
    stored    a version as it stands in the store afterwards
    logged    an event as it stands in the store afterwards
"""

import json
import threading
import time


class History:
    def __init__(self, path):
        self.path = path
        self.records = []
        self._file = open(path, "w", encoding="utf-8")
        self._lock = threading.Lock()
        self._began = time.monotonic()

    def now(self):
        return time.monotonic() - self._began

    def add(self, record):
        with self._lock:
            self.records.append(record)
            json.dump(record, self._file)
            self._file.write("\n")

    def close(self):
        self._file.close()


def load(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]
