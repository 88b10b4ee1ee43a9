"""What a failover costs: faults of each kind under deploy/patroni/run, while clients write.

usage: run.py [FAULT...]     all of FAULTS without a name; FOLDER and PORT as for the script

Prints a table of them: how long a client waited for its next accepted write, by the front
that knows all servers and by the one behind haproxy; how many acknowledged writes were
lost, how many were done twice, how many reads with a position did not have their write, and
how many were told that it was lost, as a primary that was replaced says of what its successor
has.  Ends with status 1 if any was lost, doubled or stale.
"""

import os
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(TOP, "test", "lib")]

from gateway import wait_for                    # noqa: E402
from patroni import Patroni                     # noqa: E402
from writers import PRODUCTS, Writers, document  # noqa: E402

TTL = 20                        # as patroni.yml has it
LONGER = TTL + 15               # than the time after which another takes over


def switch_over(one, _):
    one.switch_over()


def kill_server(one, leader):
    one.kill_server(leader)


def kill_node(one, leader):
    one.kill_node(leader)


def hold_server(one, leader):
    one.hold(one.server_of(leader), LONGER)


def hold_node(one, leader):
    one.hold(one.patroni_of(leader) + one.server_of(leader), LONGER)


def until_started_again(find, before):
    """By the script, which does so half a minute later."""
    wait_for(lambda: find() and not set(find()) & set(before), 300)


def kill_patroni(one, leader):
    """Longer than the time after which another takes over; its server goes on."""
    before = one.patroni_of(leader)
    one.send(9, before)
    until_started_again(lambda: one.patroni_of(leader), before)


def hold_etcd(one, _):
    one.hold(one.etcd(), LONGER)


def kill_standby(one, _):
    node = one.node("Sync Standby")
    before = one.patroni_of(node)
    one.kill_node(node)
    until_started_again(lambda: one.patroni_of(node), before)


def kill_haproxy(one, _):
    before = one.haproxy()
    one.send(9, before)
    until_started_again(one.haproxy, before)


# What is done, and whether another leads afterwards.
FAULTS = {
    "switchover": (switch_over, True),
    "PostgreSQL killed": (kill_server, True),
    "node killed": (kill_node, True),
    f"PostgreSQL stopped for {LONGER} s": (hold_server, True),
    f"node stopped for {LONGER} s": (hold_node, True),
    "Patroni killed": (kill_patroni, True),
    f"etcd stopped for {LONGER} s": (hold_etcd, False),
    "synchronous standby killed": (kill_standby, False),
    "haproxy restarted": (kill_haproxy, False),
}


def begin(fronts, make_name):
    """Clients of each front, which read what they wrote by way of the other."""
    out = []
    for number, front in enumerate(fronts):
        names = [make_name() for _ in range(2)]
        for name in names:
            answer = front.request("POST", PRODUCTS, {**document("first"), "name": name})
            assert answer.status == 201, answer
        out.append(Writers([front], names, readers=[fronts[1 - number]]))
    return out


def try_fault(one, fault, make_name):
    """Seconds by each way, lost, doubled, stale, told lost, writes; of a set-up that is whole again."""
    act, moves = FAULTS[fault]
    fronts = one.fronts()
    one.until_whole()
    both = begin(fronts, make_name)
    with both[0], both[1]:
        for writers in both:
            writers.go_on(5)
            writers.longest()
        leader = one.node("Leader")
        act(one, leader)
        if moves:
            one.until_another_leads(leader)
        for writers in both:
            writers.go_on(5, 300)
        one.until_whole()
        for writers in both:
            writers.go_on(5, 300)
        waited = [writers.longest()[0] for writers in both]
    counts = [0, 0, 0, 0]
    for writers in both:
        counts = [a + b for a, b in zip(counts, writers.compare(fronts[0]))]
        for text, answer in (read for writer in writers.all for read in writer.stale):
            print(f"{fault}: read for what was written as {text}: {answer}", file=sys.stderr)
    return waited, *counts, sum(w.count() for w in both)


def main(wanted):
    assert all(fault in FAULTS for fault in wanted), list(FAULTS)
    one = Patroni(os.environ.get("FOLDER") or os.path.join(tempfile.mkdtemp(), "patroni"),
                  int(os.environ.get("PORT", "8100")))
    os.chmod(os.path.dirname(one.folder), 0o755)
    names = (f"failover_{os.getpid()}_{number}" for number in range(1000))
    wrong = 0
    try:
        one.until_ready()
        print("| what happens | s by several hosts | s by haproxy | writes | lost | doubled | stale | told lost |\n"
              "|---|--:|--:|--:|--:|--:|--:|--:|", flush=True)
        for fault in wanted or FAULTS:
            waited, *counts, writes = try_fault(one, fault, lambda: next(names))
            wrong += sum(counts[:3])
            print(f"| {fault} | {waited[0]:.1f} | {waited[1]:.1f} | {writes} | "
                  f"{' | '.join(map(str, counts))} |", flush=True)
    finally:
        one.stop()
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
