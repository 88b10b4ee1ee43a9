"""docs/reference.md and docs/data-model.svg, made from a database's catalogue.

Run as a program it writes both, from a cluster of this tree's build.
"""

import os
import re
import sys
import tempfile
from xml.sax.saxutils import escape

from cluster import TOP, Cluster, server_reaches

REFERENCE = os.path.join(TOP, "docs/reference.md")
DATA_MODEL = os.path.join(TOP, "docs/data-model.svg")

INTRODUCTION = """# Reference

All types, views, functions and settings of the extension. This page is made from the
comments in the catalogue by `make reference`; psql shows the same by `\\dv+ dpmeta.*`,
`\\df+ dpmeta.*` and so on. The names are without their schema, `dpmeta`.
"""

# What begins so is nobody's but the extension's own.
PRIVATE = "private:%"

TYPES = """
    SELECT t.typname, t.typrelid::oid::int, obj_description(t.oid, 'pg_type')
    FROM pg_type t
    LEFT JOIN pg_class c ON c.oid = t.typrelid
    WHERE t.typnamespace = 'dpmeta'::regnamespace AND t.typcategory <> 'A'
        AND coalesce(c.relkind = 'c', true)
        AND obj_description(t.oid, 'pg_type') NOT LIKE %s
    ORDER BY t.typrelid <> 0, t.typname COLLATE "C" """

COLUMNS = """
    SELECT a.attname, format_type(a.atttypid, a.atttypmod), col_description(a.attrelid, a.attnum)
    FROM pg_attribute a
    WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attnum"""

OPERATORS = """
    SELECT o.oprname, nullif(o.oprleft, 0)::regtype::text, o.oprright::regtype::text,
        o.oprresult::regtype::text, obj_description(o.oid, 'pg_operator')
    FROM pg_operator o
    WHERE o.oprnamespace = 'dpmeta'::regnamespace
        AND obj_description(o.oid, 'pg_operator') NOT LIKE %s
    ORDER BY o.oprleft::regtype::text COLLATE "C", o.oprname COLLATE "C",
        o.oprright::regtype::text COLLATE "C" """

VIEWS = """
    SELECT c.relname, c.oid::int, obj_description(c.oid, 'pg_class')
    FROM pg_class c
    WHERE c.relnamespace = 'dpmeta'::regnamespace AND c.relkind = 'v'
        AND obj_description(c.oid, 'pg_class') NOT LIKE %s
    ORDER BY c.relname COLLATE "C" """

# Those that the server calls for a type, an operator or a trigger are not called
# by people.
FUNCTIONS = """
    SELECT coalesce(r.role, CASE WHEN has_function_privilege('public', p.oid, 'EXECUTE')
            THEN 'public' ELSE 'owner' END),
        p.proname, pg_get_function_arguments(p.oid), pg_get_function_result(p.oid),
        obj_description(p.oid, 'pg_proc')
    FROM pg_proc p
    LEFT JOIN dpmeta.role_rights() r ON r.kind = 'function' AND r.name = p.proname
        AND NOT has_function_privilege('public', p.oid, 'EXECUTE')
    WHERE p.pronamespace = 'dpmeta'::regnamespace
        AND obj_description(p.oid, 'pg_proc') NOT LIKE %s
        AND p.prorettype NOT IN ('trigger'::regtype, 'internal'::regtype, 'cstring'::regtype)
        AND NOT p.proargtypes::oid[] && ARRAY['internal'::regtype, 'cstring'::regtype]::oid[]
        AND NOT EXISTS (SELECT FROM pg_operator WHERE oprcode = p.oid)
        AND NOT EXISTS (SELECT FROM pg_amproc WHERE amproc = p.oid)
        AND NOT EXISTS (SELECT FROM pg_type WHERE typsend = p.oid)
        AND NOT EXISTS (SELECT FROM pg_aggregate WHERE p.oid IN (aggtransfn, aggcombinefn, aggfinalfn))
        AND NOT EXISTS (SELECT FROM pg_cast WHERE castfunc = p.oid)
    ORDER BY p.proname COLLATE "C", pg_get_function_arguments(p.oid) COLLATE "C" """

SETTINGS = """
    SELECT name, current_setting(name), context, short_desc, extra_desc
    FROM pg_settings WHERE name LIKE 'dpmeta.%' ORDER BY name COLLATE "C" """

WHO = [
    ("public", "Anybody may call these"),
    ("reader", "Whoever was granted reader"),
    ("producer", "Whoever was granted producer"),
    ("steward", "Whoever was granted steward"),
    ("front", "The role of the HTTP front"),
    ("owner", "The owner of the extension"),
]


def rows(cursor, query, *parameters):
    cursor.execute(query, parameters or None)
    return cursor.fetchall()


def plain(name):
    return re.sub(r"\bdpmeta\.", "", name)


def signature(arguments):
    """As a person writes it: a constant's type is that of its argument."""
    return re.sub(r"(NULL|'[^']*')::(?:timestamp with time zone|[\w.]+)(?:\[\])?", r"\1",
                  plain(arguments))


def sentence(comment):
    """A comment, as what stands in a line of a page."""
    return " ".join(plain_markup(comment or "").split())


def plain_markup(text):
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_")


def code(text):
    return "`" + " ".join(text.split()).replace("|", "\\|") + "`"


def table(heads, lines):
    yield "| " + " | ".join(heads) + " |"
    yield "|" + "---|" * len(heads)
    for line in lines:
        yield "| " + " | ".join(line) + " |"
    yield ""


def described_columns(cursor, relation, described=True):
    lines = ((code(name), code(plain(kind)), sentence(comment))
             for name, kind, comment in rows(cursor, COLUMNS, relation))
    if described:
        return table(("column", "type", "what it says"), lines)
    return table(("column", "type"), (line[:2] for line in lines))


def reference(cursor):
    """The page's text."""
    return "\n".join(reference_lines(cursor)).rstrip() + "\n"


def reference_lines(cursor):
    # A call, so that the library is loaded and its settings are known.
    cursor.execute("SELECT dpmeta.dpversion(1, 0); SET search_path = pg_catalog")
    yield INTRODUCTION
    yield "## Types\n"
    for name, relation, comment in rows(cursor, TYPES, PRIVATE):
        yield f"### {name}\n\n{sentence(comment)}\n"
        if relation:
            yield from described_columns(cursor, relation, described=False)
    yield "### Operators\n"
    yield from table(("operator", "gives", "what it says"),
                     ((code(f"{plain(left or '')} {name} {plain(right)}".strip()),
                       code(plain(result)), sentence(comment))
                      for name, left, right, result, comment in rows(cursor, OPERATORS, PRIVATE)))
    yield "## Views\n"
    for name, relation, comment in rows(cursor, VIEWS, PRIVATE):
        yield f"### {name}\n\n{sentence(comment)}\n"
        yield from described_columns(cursor, relation)
    yield "## Functions\n"
    found = rows(cursor, FUNCTIONS, PRIVATE)
    for role, title in WHO:
        yield f"### {title}\n"
        for who, name, arguments, result, comment in found:
            if who == role:
                gives = f" → {plain(result)}" if result else ""
                yield f"**{code(f'{name}({signature(arguments)}){gives}')}**\n\n{sentence(comment)}\n"
    yield "## Settings\n"
    yield from table(("setting", "default", "who sets it", "what it does"),
                     ((code(name), code(value), "superusers" if context == "superuser" else "anybody",
                       sentence(f"{short} {more or ''}"))
                      for name, value, context, short, more in rows(cursor, SETTINGS)))


TABLES = """
    SELECT c.oid::int, c.relname, obj_description(c.oid, 'pg_class')
    FROM pg_class c
    WHERE c.relnamespace = 'dpmeta'::regnamespace AND c.relkind IN ('r', 'p')
        AND NOT c.relispartition
    ORDER BY c.relname COLLATE "C" """

# Those of partitions are their table's.
KEYS = """
    SELECT k.conrelid::int, k.contype::text, k.confrelid::int,
        (SELECT array_agg(a.attname::text) FROM pg_attribute a
         WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey))
    FROM pg_constraint k
    JOIN pg_class c ON c.oid = k.conrelid
    WHERE k.connamespace = 'dpmeta'::regnamespace AND k.contype IN ('p', 'f')
        AND NOT c.relispartition AND k.conparentid = 0
    ORDER BY c.relname COLLATE "C", k.conname COLLATE "C" """

WIDTH, LINE, GAP, BETWEEN = 330, 17, 26, 110


class Box:
    """A table of the picture, with its place."""

    def __init__(self, name, comment, columns):
        self.name, self.columns = name, columns
        self.comment = re.sub(r"^private: ", "", comment or "")
        self.primary, self.parents, self.children = set(), [], []
        self.x = self.y = 0

    @property
    def height(self):
        return LINE * (len(self.columns) + 1) + 14

    def level(self):
        return max((parent.level() + 1 for _, parent in self.parents), default=0)

    def row(self, column):
        names = [name for name, _ in self.columns]
        return self.y + LINE * (names.index(column) + 1) + 14


def boxes(cursor):
    found = {oid: Box(name, comment, [line[:2] for line in rows(cursor, COLUMNS, oid)])
             for oid, name, comment in rows(cursor, TABLES)}
    for oid, kind, target, columns in rows(cursor, KEYS):
        if kind == "p":
            found[oid].primary = set(columns)
        elif target in found:
            found[oid].parents.append((columns[0], found[target]))
            found[target].children.append(found[oid])
    return list(found.values())


def place(found):
    """From left to right by what they refer to; what stands alone is last."""
    alone = [box for box in found if not box.parents and not box.children]
    linked = [box for box in found if box not in alone]
    last = max((box.level() for box in linked), default=-1)
    columns = [[box for box in linked if box.level() == level] for level in range(last + 1)]
    columns.append(alone)
    for number, column in enumerate(columns):
        y = GAP
        for box in column:
            box.x, box.y = GAP + number * (WIDTH + BETWEEN), y
            y += box.height + GAP
    return (GAP * 2 + len(columns) * (WIDTH + BETWEEN) - BETWEEN,
            max(box.y + box.height for box in found) + GAP)


def draw(box):
    yield f'<g><title>{escape(box.comment)}</title>'
    yield (f'<rect class="box" x="{box.x}" y="{box.y}" width="{WIDTH}" height="{box.height}"/>')
    yield (f'<rect class="head" x="{box.x}" y="{box.y}" width="{WIDTH}" height="{LINE + 4}"/>')
    yield f'<text class="name" x="{box.x + 8}" y="{box.y + LINE - 2}">{escape(box.name)}</text>'
    for name, kind in box.columns:
        key = ' class="key"' if name in box.primary else ""
        yield f'<text{key} x="{box.x + 8}" y="{box.row(name) + 4}">{escape(name)}</text>'
        yield (f'<text class="type" x="{box.x + WIDTH - 8}" y="{box.row(name) + 4}">'
               f'{escape(plain(kind))}</text>')
    yield "</g>"


def connect(box):
    for column, parent in box.parents:
        x1, y1 = box.x, box.row(column)
        x2, y2 = parent.x + WIDTH, parent.row(sorted(parent.primary)[0])
        bend = BETWEEN // 2
        yield (f'<path class="line" d="M{x1},{y1} C{x1 - bend},{y1} {x2 + bend},{y2} {x2},{y2}"/>')


STYLE = """text { font: 12px monospace; fill: #222 }
.box { fill: #fff; stroke: #557 }
.head { fill: #dde3f0; stroke: #557 }
.name { font-weight: bold }
.key { text-decoration: underline }
.type { text-anchor: end; fill: #667 }
.line { fill: none; stroke: #557; marker-end: url(#arrow) }"""


def data_model(cursor):
    """The picture's text: each table with its columns, and what refers to what."""
    cursor.execute("SET search_path = pg_catalog")
    found = boxes(cursor)
    width, height = place(found)
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">',
             "<title>The tables of dpmeta, made by make reference</title>",
             f"<style>{STYLE}</style>",
             '<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" '
             'markerHeight="8" orient="auto"><path d="M0,0 L8,4 L0,8 z" fill="#557"/></marker></defs>',
             f'<rect width="{width}" height="{height}" fill="#fafafa"/>']
    for box in found:
        lines += [*connect(box), *draw(box)]
    return "\n".join([*lines, "</svg>"]) + "\n"


def main():
    base = tempfile.gettempdir()
    with tempfile.TemporaryDirectory(dir=base if server_reaches(base) else "/tmp") as scratch:
        os.chmod(scratch, 0o755)
        cluster = Cluster(os.path.join(scratch, "cluster"), os.path.join(TOP, "build/stage"))
        try:
            cluster.create()
            with cluster.connect().cursor() as cursor:
                for path, make in ((REFERENCE, reference), (DATA_MODEL, data_model)):
                    text = make(cursor)
                    with open(path, "w", encoding="utf-8") as out:
                        out.write(text)
                    print(f"dpmeta: made {os.path.relpath(path, TOP)}")
        finally:
            cluster.discard()


if __name__ == "__main__":
    sys.exit(main())
