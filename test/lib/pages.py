"""All entries of a list that comes in pages."""

import re


def pages(front, path):
    entries = []
    while path:
        answer = front.request("GET", path)
        assert answer.status == 200, answer
        assert answer.json, "a page that a link led to is empty"
        entries += answer.json
        link = re.search(r'<([^>]+)>; rel="next"', answer.headers["Link"] or "")
        path = link and link.group(1)
    return entries
