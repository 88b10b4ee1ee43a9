"""One run of wrk or of pgbench, and the processor time of whoever took part."""

import json
import os
import re
import resource
import subprocess

HERE = os.path.dirname(os.path.realpath(__file__))
TICKS = os.sysconf("SC_CLK_TCK")


def process_seconds(pid):
    """Seconds on a processor, of all threads; the finest clock there is."""
    total = 0
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/schedstat") as stat:
                total += int(stat.read().split()[0])
    except (FileNotFoundError, ProcessLookupError):
        pass
    return total / 1e9


def server_seconds(postmaster):
    """Of all processes of a server, those that have ended included."""
    with open(f"/proc/{postmaster}/stat") as stat:
        fields = stat.read().rpartition(")")[2].split()
    ended = (int(fields[13]) + int(fields[14])) / TICKS
    with open(f"/proc/{postmaster}/task/{postmaster}/children") as children:
        return ended + sum(process_seconds(pid) for pid in children.read().split())


def memory_kb(pid):
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1))


def children_seconds():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


class Clocks:
    """Processor time spent from its making on, by name of who is watched."""

    def __init__(self, **clocks):
        self.clocks = {name: (clock, clock()) for name, clock in clocks.items()}

    def spent(self, requests):
        """Microseconds for one request."""
        return {name: (clock() - start) / max(requests, 1) * 1e6
                for name, (clock, start) in self.clocks.items()}


def wrk(port, operation, connections, seconds, products, watch, seed=0,
        headers=(), scheme="http"):
    env = {**os.environ, "BENCH_METHOD": operation.method,
           "BENCH_PATH": operation.path, "BENCH_PRODUCTS": str(products),
           "BENCH_HEADERS": "\n".join([*operation.headers, *headers]),
           "BENCH_SEED": str(seed)}
    if operation.body:
        env["BENCH_BODY"] = operation.body
    clocks = Clocks(client=children_seconds, **watch)
    done = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s",
         "-s", os.path.join(HERE, "requests.lua"), f"{scheme}://127.0.0.1:{port}/"],
        env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, done.stdout
    figures = json.loads(done.stdout.strip().rpartition("\n")[2])
    figures["rate"] = figures["requests"] / figures["seconds"]
    figures["cpu"] = clocks.spent(figures["requests"])
    return figures


def pgbench(pg_bin, url, script, variables, clients):
    """Transactions in the second second: in the first each session still
    plans its statement and fills its caches, which lanes did long ago.
    """
    defined = [w for k, v in variables.items() for w in ("-D", f"{k}={v}")]
    clocks = Clocks(client=children_seconds)
    done = subprocess.run(
        [os.path.join(pg_bin, "pgbench"), "--no-vacuum", "--protocol=prepared",
         f"--client={clients}", "--jobs=1", "--time=2", "--progress=1", *defined,
         f"--file={script}", url],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, done.stdout
    progress = re.findall(r"progress: [\d.]+ s, ([\d.]+) tps", done.stdout)
    count = int(re.search(r"actually processed: (\d+)", done.stdout).group(1))
    return {"rate": float(progress[1]), "cpu": clocks.spent(count)}


def h2load(url, headers, connections, seconds, watch):
    """For 304: wrk waits for the body that their Content-Length speaks of."""
    clocks = Clocks(client=children_seconds, **watch)
    done = subprocess.run(
        ["h2load", "--h1", "-t1", f"-c{connections}", f"-D{seconds}",
         *(f"-H{header}" for header in headers), url],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, done.stdout
    good, other = re.search(r"status codes: (\d+) 2xx, (\d+) 3xx", done.stdout).groups()
    count = int(good) + int(other)
    return {"rate": count / seconds, "ok": int(good), "cpu": clocks.spent(count)}
