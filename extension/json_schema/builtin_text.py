#!/usr/bin/python3
"""Write json_schema/builtin_text.h: the meta-schemas as C strings.

usage: builtin_text.py FILE... > json_schema/builtin_text.h

The files are the meta-schemas as json-schema.org publishes them.
"""
import json
import sys

WIDTH = 68

HEAD = """\
/*
 * json_schema/builtin_text.h
 *		The meta-schemas of all drafts, as json-schema.org publishes them.
 *
 * Data that builtin_text.py writes; only json_schema/builtin.c includes it.
 */
#ifndef DPMETA_JSON_SCHEMA_BUILTIN_TEXT_H
#define DPMETA_JSON_SCHEMA_BUILTIN_TEXT_H

static const struct
{
	const char *uri;
	const char *text;
}			meta_schemas[] =

{"""

FOOT = """\
};

#endif							/* DPMETA_JSON_SCHEMA_BUILTIN_TEXT_H */"""


def literals(text):
    """The text as C strings of bounded width."""
    for start in range(0, len(text), WIDTH):
        piece = text[start:start + WIDTH]
        yield '"' + piece.replace("\\", "\\\\").replace('"', '\\"') + '"'


def main():
    print(HEAD)
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as file:
            schema = json.load(file)
        uri = (schema.get("$id") or schema["id"]).rstrip("#")
        lines = list(literals(json.dumps(schema, separators=(",", ":"))))
        print(f'\t{{"{uri}",')
        print("\n".join(f"\t\t{line}" for line in lines) + "},")
    print(FOOT)


if __name__ == "__main__":
    main()
