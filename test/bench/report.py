"""A run's figures as a table, on the terminal and in docs/performance.md."""

from statistics import median

COLUMNS = [
    ("operation", 26), ("req/s", 14), ("p50 ms", 7), ("p99 ms", 7), ("front us", 8),
    ("server us", 9), ("pgbench, lanes", 15), ("pgbench, 32", 14), ("ratio", 12),
    ("mhd req/s", 14), ("mhd us", 7), ("front/mhd", 9),
]


def middle(rounds, *path):
    return median(values(rounds, *path))


def values(rounds, *path):
    found = []
    for one in rounds:
        for step in path:
            one = one[step]
        found.append(one)
    return found


def with_spread(rounds, *path):
    """The median, and half the distance between the quartiles in per cent."""
    found = sorted(values(rounds, *path))
    quarter = len(found) // 4
    spread = (found[-1 - quarter] - found[quarter]) / 2 / (median(found) or 1)
    return f"{median(found):.0f} ±{spread * 100:.0f}%"


def ratio(rounds, over, under):
    """The median of the rounds' own ratios: what disturbs one disturbs both."""
    return median(one[over]["rate"] / one[under]["rate"] for one in rounds)


def against_pgbench(measured):
    """A read against as many sessions as connections, a write as may write."""
    return ratio(measured["rounds"], "http",
                 "clients" if measured["kind"] == "read" else "lanes")


def front_ratio(rounds):
    return median(one["http"]["cpu"]["front"] / one["baseline"]["cpu"]["front"]
                  for one in rounds)


def cells(measured):
    rounds = measured["rounds"]
    other = "lanes" if measured["kind"] == "read" else "clients"
    row = [measured["title"], with_spread(rounds, "http", "rate"),
           f"{middle(rounds, 'http', 'p50'):.1f}", f"{middle(rounds, 'http', 'p99'):.1f}",
           f"{middle(rounds, 'http', 'cpu', 'front'):.1f}",
           f"{middle(rounds, 'http', 'cpu', 'server'):.1f}",
           with_spread(rounds, "lanes", "rate"), with_spread(rounds, "clients", "rate"),
           f"{against_pgbench(measured):.2f} ({ratio(rounds, 'http', other):.2f})"]
    if "baseline" in rounds[0]:
        row += [with_spread(rounds, "baseline", "rate"),
                f"{middle(rounds, 'baseline', 'cpu', 'front'):.1f}",
                f"{front_ratio(rounds):.2f}"]
    return row + [""] * (len(COLUMNS) - len(row))


def line(row):
    return " ".join(text.ljust(width) if i == 0 else text.rjust(width)
                    for i, (text, (_, width)) in enumerate(zip(row, COLUMNS)))


def machine_lines(result):
    machine = result["machine"]
    yield f"commit {result['commit']}, {result['when']}"
    yield (f"{machine['processors']}, Linux {machine['kernel']}; client, front and"
           f" server share them; load before {machine['load_before']:.1f}")
    yield f"{machine['lanes']} lanes, {machine['connections']} connections"
    yield ", ".join(f"{k} = {v}" for k, v in machine["settings"].items())


def print_machine(result):
    print("\n".join(machine_lines(result)), flush=True)


def print_head():
    print("\n" + line([name for name, _ in COLUMNS]), flush=True)


def print_operation(measured):
    print(line(cells(measured)), flush=True)


def print_extra(name, extra):
    print(f"\n{name}: {extra['text']}", flush=True)


def markdown(result):
    yield from ("- " + text for text in machine_lines(result))
    yield ""
    yield "| " + " | ".join(name for name, _ in COLUMNS) + " |"
    yield "|---" + "|--:" * (len(COLUMNS) - 1) + "|"
    for measured in result["operations"].values():
        yield "| " + " | ".join(cells(measured)) + " |"
    yield ""
    for name, extra in result["extras"].items():
        yield f"- **{name}**: {extra['text']}"
