#!/usr/bin/python3
"""Run the examples of a Markdown file, as a reader would paste them.

A ```sh block is pasted into a shell, a ```sql block into psql; the ```json or
```text block that follows is what it prints.  Long JSON is wrapped after commas.
Blocks of other kinds, and indented ones, are not run.

    transcript.py README.md             print how it differs from the file
    transcript.py --write README.md     put in what is printed

Both need a running make run.
"""

import difflib
import re
import subprocess
import sys

EXAMPLE = re.compile(r"^```(sh|sql)\n(.*?)^```$(?:(\n+```(?:json|text)\n)(.*?)^```$)?",
                     re.M | re.S)
PSQL = 'psql "$(make -s database-url)"'
VARYING = [(re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|\+00)"), "TIME"),
           (re.compile(r'"requestId":"\w+"'), '"requestId":"ID"')]


class Reader:
    """One shell for the whole file, so that its variables last."""

    END = "-- end of output --"

    def __init__(self, env=None, cwd=None):
        self.shell = subprocess.Popen(["bash"], stdin=subprocess.PIPE, env=env, cwd=cwd,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                      text=True)

    def run(self, kind, command):
        """The lines that a block prints.  To start psql is left to its blocks."""
        if command.strip() == PSQL:
            return []
        if kind == "sql":
            command = f"{PSQL} -X <<'END'\n{command}END"
        self.shell.stdin.write(f"{command}\nprintf '\\n%s\\n' '{self.END}'\n")
        self.shell.stdin.flush()
        lines = list(iter(self._line, self.END))
        while lines and not lines[-1]:
            lines.pop()
        return lines

    def _line(self):
        line = self.shell.stdout.readline()
        assert line, "the shell ended"
        return line.rstrip()

    def close(self):
        self.shell.stdin.close()
        self.shell.wait()
        self.shell.stdout.close()


def wrap(line, width=88):
    """Break JSON after commas, where it is too long for a line."""
    if line[:1] not in "{[":
        return [line]
    rows, row = [], ""
    for piece in re.split(r'(?<=,)(?=["{])', line):
        if row and len(row) + len(piece) > width:
            rows.append(row)
            row = "  "
        row += piece
    return rows + [row]


def comparable(lines):
    """Lines without what varies and without wrapping."""
    text = re.sub(r',\n  (?=["{])', ",", "\n".join(lines))
    for pattern, name in VARYING:
        text = pattern.sub(name, text)
    return [line.rstrip() for line in text.rstrip().splitlines()]


def replay(text, **place):
    """The text with what its examples really print, and what differs."""
    reader, differences = Reader(**place), []

    def one(example):
        kind, command, opening, expected = example.groups()
        printed = reader.run(kind, command)
        wanted = comparable((expected or "").splitlines())
        if comparable(printed) != wanted:
            differences.extend([command] + list(difflib.unified_diff(
                wanted, comparable(printed), "as written", "as printed", lineterm="")))
        shown = "".join(row + "\n" for line in printed for row in wrap(line))
        answer = f"{opening or chr(10) * 2 + '```text' + chr(10)}{shown}```" if shown else ""
        return f"```{kind}\n{command}```{answer}"

    try:
        text = EXAMPLE.sub(one, text)
    finally:
        reader.close()
    return text, differences


def main(arguments):
    path = arguments[-1]
    with open(path, encoding="utf-8") as file:
        text, differences = replay(file.read())
    if arguments[0] == "--write":
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    print("\n".join(differences))


if __name__ == "__main__":
    main(sys.argv[1:])
