#!/usr/bin/python3
"""Run the transcripts of a Markdown file, as a reader would paste them.

A ```console block holds commands after "$ " and "> ", psql's after "dpmeta=# "
and "dpmeta-# ", and what they print.  Long JSON is wrapped after commas.

    transcript.py README.md             print how it differs from the file
    transcript.py --write README.md     put in what is printed

Both need a running make run.
"""

import difflib
import re
import subprocess
import sys

PROMPT = re.compile(r"(\$|dpmeta=#) ")
MORE = re.compile(r"(>|dpmeta-#) ")
VARYING = [(re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|\+00)"), "TIME"),
           (re.compile(r'"requestId":"\w+"'), '"requestId":"ID"')]


def blocks(text):
    """The bodies of the file's console blocks."""
    return re.findall(r"^```console\n(.*?)^```$", text, re.M | re.S)


def commands(block):
    """(prompt, command, its lines as written, lines printed) of a block."""
    found = []
    for line in block.splitlines():
        if PROMPT.match(line):
            prompt, command = line.split(" ", 1)
            found.append((prompt, [command], [line], []))
        elif MORE.match(line):
            found[-1][1].append(line.split(" ", 1)[1])
            found[-1][2].append(line)
        else:
            found[-1][3].append(line)
    return [(p, "\n".join(c), w, o) for p, c, w, o in found]


class Reader:
    """One shell for the whole file, so that its variables last."""

    END = "-- end of output --"

    def __init__(self, env=None, cwd=None):
        self.shell = subprocess.Popen(["bash"], stdin=subprocess.PIPE, env=env, cwd=cwd,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                      text=True)
        self.psql = None

    def run(self, prompt, command):
        if prompt == "$" and command.startswith("psql "):
            self.psql = command
            return []
        if prompt != "$":
            if command == "\\q":
                return []
            command = f"{self.psql} -X <<'END'\n{command}\nEND"
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
    return text.rstrip().splitlines()


def replay(text, **place):
    """The text with what its commands really print, and what differs."""
    reader, differences = Reader(**place), []
    try:
        for block in blocks(text):
            lines = []
            for prompt, command, written, expected in commands(block):
                printed = reader.run(prompt, command)
                if comparable(printed) != comparable(expected):
                    differences += written + list(difflib.unified_diff(
                        comparable(expected), comparable(printed),
                        "as written", "as printed", lineterm=""))
                lines += written + [r for p in printed
                                    for r in (wrap(p) if p[:1] in "{[" else [p])]
            text = text.replace(block, "\n".join(lines) + "\n")
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
