"""What a history tells of the store: the rules that it breaks.

    for violation in judge(records): print(violation.rule, violation.what)

Nothing here speaks to a server.  Each rule is a function of the history.
"""

import bisect
import collections
import json

Violation = collections.namedtuple("Violation", "rule what")
WRITE_REFUSED = (404, 409, 410, 412)


def number(version):
    return tuple(int(part) for part in version[1:].split("."))


class Case:
    """The records, in the ways that the rules look at them."""

    def __init__(self, records):
        kinds = collections.defaultdict(list)
        for record in records:
            kinds[record["type"]].append(record)
        self.answers, self.events = kinds["answer"], kinds["event"]
        self.logged, self.stored = kinds["logged"], kinds["stored"]
        self.broken = kinds["broken"]
        self.versions = {(s["product"], s["version"]): s for s in self.stored}
        self.history_of = collections.defaultdict(list)
        for one in self.stored:
            self.history_of[one["product"]].append(one)
        for versions in self.history_of.values():
            versions.sort(key=lambda s: number(s["version"]))
        self.made_by = collections.defaultdict(list)
        self._find_marks()
        self.attempts = collections.defaultdict(list)
        for answer in self.answers:
            if answer["mark"]:
                self.attempts[answer["mark"]].append(answer)

    def _find_marks(self):
        """Which versions brought a mark that the one before had not."""
        for versions in self.history_of.values():
            before = set()
            for one in versions:
                for mark in set(one["marks"]) - before:
                    self.made_by[mark].append(one)
                before = set(one["marks"])

    def successes(self):
        return [a for a in self.answers if a["status"] in (200, 201)]


def is_table(answer):
    return answer["path"].startswith("/v1/schemas")


def mark_in(answer):
    document = json.loads(answer["body"])
    return document["tableDescription" if is_table(answer) else "description"]


def is_list(answer):
    return answer["body"].startswith("[")


def said(answer):
    return f"{answer['asked']}: {answer['method']} {answer['path']} ({answer['mark']}): " \
        f"{answer['status']} {answer['version']}"


def found_again(case, answer):
    """Judged afresh, a retry with neither key nor guard changes nothing where its first
    attempt went through and others wrote elsewhere since: it is told their version."""
    stored = case.versions.get((answer["product"], answer["version"]))
    return answer["attempt"] > 1 and not answer["key"] and not answer["base"] and \
        stored is not None and answer["mark"] in stored["marks"]


def lost(case):
    """An acknowledged write is in the store, as the version that it was told."""
    for answer in case.successes():
        if answer["mark"]:
            made = [s["version"] for s in case.made_by.get(answer["mark"], ())]
            if answer["version"] not in made and not found_again(case, answer):
                yield f"{said(answer)}, and the store has it in {made}"


def doubled(case):
    """A write is made once.

    Only one with neither key nor guard may be made again, when it was tried again
    after somebody else's version: it then is judged afresh.
    """
    for mark, made in case.made_by.items():
        attempts = case.attempts.get(mark)
        if len(made) < 2 or not attempts:
            continue
        first = attempts[0]
        if first["key"] or first["base"] or len(attempts) < len(made) or \
                first["method"] == "POST":
            yield f"{said(first)}: made as {[s['version'] for s in made]}"


def judged_again(case):
    """How many were made again in the way that is allowed."""
    return sum(len(made) > 1 for made in case.made_by.values())


def refused_and_made(case):
    """A write that was refused each time is not in the store."""
    for mark, attempts in case.attempts.items():
        if mark in case.made_by and attempts[-1]["status"] in WRITE_REFUSED and not any(
                a["status"] in (200, 201) for a in attempts):
            yield f"{said(attempts[-1])}, and the store has it in " \
                f"{[s['version'] for s in case.made_by[mark]]}"


def nobodys(case):
    """What is in the store was asked for."""
    for mark, made in case.made_by.items():
        if mark not in case.attempts:
            yield f"{made[0]['product']} {made[0]['version']} has {mark}"


def reused(case):
    """A version's number is used once, by one event, and versions only rise."""
    newest, seen = {}, set()
    for event in case.logged:
        key = event["product"], event["version"]
        if key in seen:
            yield f"{key} was made twice in the log"
        seen.add(key)
    for product, versions in case.history_of.items():
        times = [s["created"] for s in versions]
        if times != sorted(set(times)):
            yield f"{product}: times do not rise with versions"
    for answer in sorted(case.successes(), key=lambda a: a["ended"]):
        if not answer["mark"] or answer["replayed"] or found_again(case, answer):
            continue
        key = answer["product"], answer["version"]
        if newest.setdefault(key, answer["mark"]) != answer["mark"]:
            yield f"{said(answer)}: the number was {newest[key]}'s"


def replays(case):
    """Each success of one write that is one version is the same answer."""
    for attempts in case.attempts.values():
        good = [a for a in attempts if a["status"] in (200, 201)]
        for again in good[1:]:
            first = good[0]
            if again["version"] == first["version"] and any(
                    again[k] != first[k] for k in ("body", "etag", "status")):
                yield f"{said(again)}, and before {said(first)}"
            if again["version"] != first["version"] and (again["key"] or again["base"]):
                yield f"{said(again)}, and before {first['version']}"


def guards(case):
    """A guarded write started from the version that its tag was of."""
    came_from = {(e["product"], e["version"]): e["from"] for e in case.logged}
    for answer in case.successes():
        if answer["base"]:
            key = answer["product"], answer["version"]
            if came_from.get(key) != _base(case, answer):
                yield f"{said(answer)}: was of {answer['base']}, and started from " \
                    f"{came_from.get(key)}"


def _base(case, answer):
    """The version before: for a table, the newest that still has the tag's revision."""
    if not is_table(answer):
        return answer["base"]
    versions = case.history_of[answer["product"]]
    place = bisect.bisect_left(versions, number(answer["version"]),
                               key=lambda s: number(s["version"]))
    seen = case.versions.get((answer["product"], answer["base"]))
    return versions[place - 1]["version"] if place and seen and \
        versions[place - 1]["table"] == seen["table"] else answer["base"]


def others(case):
    """An answer is the answer of its own request."""
    for answer in case.answers:
        if answer["status"] is None:
            continue
        if answer["got"] != answer["asked"]:
            yield f"{said(answer)}: is the answer of {answer['got']}"
        if answer["status"] not in (200, 201) or is_list(answer):
            continue
        document = json.loads(answer["body"])
        if document["id"].split(":")[1] != answer["product"]:
            yield f"{said(answer)}: is of {document['id']}"
        if answer["mark"] and mark_in(answer) != answer["mark"]:
            yield f"{said(answer)}: holds {mark_in(answer)}"


def contents(case):
    """What is read of a version is what the store has of it."""
    for answer in case.successes():
        if is_list(answer):
            names = [d["name"] for d in json.loads(answer["body"])]
            if names != sorted(set(names)):
                yield f"{said(answer)}: the list is {names}"
            continue
        stored = case.versions.get((answer["product"], answer["version"]))
        if stored is None:
            yield f"{said(answer)}: there is no such version"
        elif mark_in(answer) != stored["table" if is_table(answer) else "description"]:
            yield f"{said(answer)}: holds {mark_in(answer)}, the store {stored['marks']}"


def tags(case):
    """Equal tags stand for equal contents, and a version's tag is one."""
    documents, tag_of = {}, {}
    for answer in case.successes():
        if is_list(answer):
            continue
        document = json.loads(answer["body"])
        kind = "table" if is_table(answer) else "product"
        key = answer["product"], kind, answer["version"]
        if tag_of.setdefault(key, answer["etag"]) != answer["etag"]:
            yield f"{said(answer)}: {answer['etag']}, and was {tag_of[key]}"
        key = answer["product"], kind, answer["etag"]
        if documents.setdefault(key, document) != document:
            yield f"{said(answer)}: {answer['etag']} is of two documents"


def went_back(case):
    """A read that began after a write was answered shows that write, or a later one."""
    written = collections.defaultdict(list)
    for answer in sorted(case.successes(), key=lambda a: a["ended"]):
        if answer["mark"]:
            newest = max([number(answer["version"]), *(v for _, v in written[answer["product"]][-1:])])
            written[answer["product"]].append((answer["ended"], newest))
    for answer in case.successes():
        if answer["mark"] or is_list(answer):
            continue
        before = written[answer["product"]]
        place = bisect.bisect_left(before, (answer["began"],)) - 1
        if place >= 0 and number(answer["version"]) < before[place][1]:
            yield f"{said(answer)}: {before[place][1]} was there before"


def follower(case):
    """The follower has every event once, in the order of the log."""
    got = [e["event"] for e in case.events]
    wanted = [e["event"] for e in case.logged]
    if got == wanted:
        return
    twice = [e for e, count in collections.Counter(got).items() if count > 1]
    yield f"followed {len(got)} of {len(wanted)} events; twice {twice[:5]}, never " \
        f"{sorted(set(wanted) - set(got))[:5]}, unknown {sorted(set(got) - set(wanted))[:5]}" \
        + ("" if twice or set(got) != set(wanted) else "; in another order")


def invariants(case):
    """The store keeps all invariants that dpmeta.check() knows."""
    for one in case.broken:
        yield f"{one['invariant']}: {one['count']} times, such as {one['example']}"


def unexpected(case):
    """No answer is of a kind that no client asked for, such as 500 or 400."""
    for answer in case.answers:
        if answer["status"] not in (None, 200, 201, 409, 412, 503, 504):
            yield f"{said(answer)}: {(answer['body'] or '')[:300]}"


RULES = {rule.__name__.replace("_", "-"): rule for rule in (
    lost, doubled, refused_and_made, nobodys, reused, replays, guards, others, contents,
    tags, went_back, follower, invariants, unexpected)}


def judge(records):
    case = Case(records)
    return [Violation(name, what) for name, rule in RULES.items() for what in rule(case)]
