"""The figures of a scale run as tables and as a drawing."""

from math import ceil, floor, log10

WIDTH, HEIGHT = 910, 470
LEFT, RIGHT, TOP, BOTTOM = 60, 250, 30, 45
COLOURS = ["#1b6ca8", "#d1495b", "#2e933c", "#8f2d56", "#e08e00", "#4b5d67",
           "#0fa3b1", "#7a4ec9", "#a44a3f", "#5c8001", "#3d348b",
           "#b5179e", "#222222"]


def table(head, rows):
    yield "| " + " | ".join(head) + " |"
    yield "|---" + "|--:" * (len(head) - 1) + "|"
    for row in rows:
        yield "| " + " | ".join(row) + " |"
    yield ""


def tables(result, titles):
    sizes = list(result["sizes"].values())
    shown = [f"{int(size):,}" for size in result["sizes"]]
    yield from table(
        ["µs a call, at so many products", *shown, "last / first"],
        ([title, *(f"{size[name]:.0f}" for size in sizes),
          f"{sizes[-1][name] / sizes[0][name]:.2f}"] for name, title in titles.items()))
    costs = result["shapes"]["costs"]
    names = list(costs)
    yield from table(
        ["µs a call", "", "ratio"],
        ([name, f"{costs[name]:.0f}",
          f"{costs[name] / costs[names[i - 1]]:.2f}" if i % 2 else ""]
         for i, name in enumerate(names)))
    relations = sizes[0]["bytes"]
    yield from table(
        ["bytes on disk a product, indexes included", *shown],
        ([relation, *(f"{size['bytes'][relation]:,.0f}" for size in sizes)]
         for relation in relations))
    growth = result["shapes"]["growth"]
    yield from table(
        ["bytes of rows a version that changes no table",
         *(f"of {tables} tables" for tables in growth)],
        ([relation, *(f"{one[relation]:,.0f}" for one in growth.values())]
         for relation in relations))


class Scale:
    """Where a figure lies on a logarithmic axis."""

    def __init__(self, values, start, end):
        self.low = floor(log10(min(values)))
        self.high = max(ceil(log10(max(values))), self.low + 1)
        self.start, self.end = start, end

    def __call__(self, value):
        part = (log10(value) - self.low) / (self.high - self.low)
        return self.start + part * (self.end - self.start)

    def decades(self):
        return [10 ** power for power in range(self.low, self.high + 1)]


def text(x, y, words, anchor="start", colour="#333"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="12"'
            f' fill="{colour}">{words}</text>')


def line(x1, y1, x2, y2):
    return (f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
            ' stroke="#ddd"/>')


def axes(across, up):
    for size in across.decades():
        yield line(across(size), TOP, across(size), HEIGHT - BOTTOM)
        yield text(across(size), HEIGHT - BOTTOM + 18, f"{size:,}", "middle")
    for cost in up.decades():
        yield line(LEFT, up(cost), WIDTH - RIGHT, up(cost))
        yield text(LEFT - 6, up(cost) + 4, f"{cost:,}", "end")
    yield text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, "data products", "middle")
    yield text(LEFT, 16, "µs of the server's processor for one call")


def spread(places, least=15):
    """Labels that do not lie on each other, in the order of their places."""
    moved, last = {}, 0
    for name, place in sorted(places.items(), key=lambda item: item[1]):
        last = max(place, last + least)
        moved[name] = last
    return moved


def curves(result, titles, across, up):
    sizes = list(result["sizes"])
    ends = spread({name: up(result["sizes"][sizes[-1]][name]) for name in titles})
    for colour, (name, title) in zip(COLOURS, titles.items(), strict=True):
        points = [(across(int(s)), up(result["sizes"][s][name])) for s in sizes]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
        for x, y in points:
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>'
        yield text(WIDTH - RIGHT + 12, ends[name] + 4, title, colour=colour)


def svg(result, titles):
    sizes = [int(size) for size in result["sizes"]]
    costs = [result["sizes"][str(size)][name] for size in sizes for name in titles]
    across = Scale(sizes, LEFT, WIDTH - RIGHT)
    up = Scale(costs, HEIGHT - BOTTOM, TOP)
    return "\n".join(
        [f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}"'
         ' font-family="sans-serif">',
         f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
         *axes(across, up), *curves(result, titles, across, up), "</svg>", ""])
