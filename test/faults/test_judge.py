"""The judge finds each kind of violation that is planted, and nothing in an honest history."""

import copy
import json

import pytest

from judge import RULES, judge


def answer(mark, version, base=None, key=None, attempt=1, began=0.0, **changes):
    record = {
        "type": "answer", "client": 1, "asked": f"r{began}", "got": f"r{began}",
        "product": "p", "mark": mark, "method": "PUT", "path": "/v1/data-products/dp:p",
        "key": key, "base": base, "attempt": attempt, "began": began, "ended": began + 0.5,
        "status": 200, "replayed": attempt > 1, "etag": f'"{version}"', "version": version,
        "body": json.dumps({"id": f"dp:p:{version}", "description": mark})}
    return {**record, **changes}


def unknown(mark, began, **more):
    return answer(mark, None, began=began, status=None, got=None, etag=None, body=None, **more)


def table(mark, version, base, began):
    return answer(mark, version, base, began=began, path="/v1/schemas/dp:p:t",
                  body=json.dumps({"id": f"dp:p:{version}:t", "tableDescription": mark}))


def honest():
    """Four writes: free, with a key and retried, guarded, and of a table."""
    read = answer("b", "v1.1", began=4, method="GET")
    versions = [("v1.0", "a", None), ("v1.1", "b", None), ("v1.2", "c", None), ("v1.3", "c", "t")]
    return [
        answer("a", "v1.0", began=1, status=201, method="POST"),
        answer("b", "v1.1", key="k", began=2),
        answer("b", "v1.1", key="k", began=3, attempt=2),
        {**read, "mark": None},
        unknown("c", 5, base="v1.1"), answer("c", "v1.2", "v1.1", attempt=2, began=6),
        table("t", "v1.3", "v1.1", 7),
        answer("d", None, base="v1.1", began=8, status=412, etag=None, body="{}"),
        *({"type": "stored", "product": "p", "version": v, "description": d, "table": t,
           "created": n, "marks": [m for m in (d, t) if m]} for n, (v, d, t) in enumerate(versions)),
        *({"type": "logged", "event": n, "product": "p", "version": v,
           "from": versions[n - 1][0] if n else None} for n, (v, _, _) in enumerate(versions)),
        *({"type": "event", "event": n, "product": "p", "version": v}
          for n, (v, _, _) in enumerate(versions))]


def of(records, kind, number):
    return [r for r in records if r["type"] == kind][number]


def lose(records):
    """The last version is gone, with its event."""
    for kind in ("stored", "logged", "event"):
        records.remove(of(records, kind, 3))


def double(records):
    """b once more, behind c."""
    records.append({**of(records, "stored", 1), "version": "v1.4", "created": 9})


def double_guarded(records):
    records.append({**of(records, "stored", 2), "version": "v1.5", "created": 9})
    records.append({**of(records, "stored", 0), "version": "v1.4", "created": 8})


def make_the_refused(records):
    records.append({**of(records, "stored", 3), "version": "v1.4", "created": 9,
                    "description": "d", "marks": ["d", "t"]})


def make_nobodys(records):
    records.append({**of(records, "stored", 3), "version": "v1.4", "created": 9,
                    "description": "z", "marks": ["z", "t"]})


def log_twice(records):
    records.append({**of(records, "logged", 3), "event": 4})


def turn_time_back(records):
    of(records, "stored", 3)["created"] = 0


def number_twice(records):
    records.append(answer("e", "v1.0", began=9))


def replay_another_body(records):
    again = of(records, "answer", 2)
    again["body"] = again["body"].replace("{", '{"new": 1, ', 1)


def replay_another_tag(records):
    of(records, "answer", 2)["etag"] = '"x"'


def replay_another_version(records):
    of(records, "answer", 2)["version"] = "v1.2"


def overtake(records):
    """The guarded write started from another version than its tag's."""
    of(records, "logged", 2)["from"] = "v1.0"


def overtake_a_table(records):
    """Somebody's table came between."""
    of(records, "stored", 2)["table"] = "other"


def mix_ids(records):
    of(records, "answer", 3)["got"] = "another"


def mix_products(records):
    one = of(records, "answer", 3)
    one["body"] = one["body"].replace("dp:p:", "dp:q:")


def mix_marks(records):
    one = of(records, "answer", 1)
    one["body"] = one["body"].replace('"b"', '"c"')


def read_another(records):
    one = of(records, "answer", 3)
    one["body"] = one["body"].replace('"b"', '"c"')


def tag_two_documents(records):
    of(records, "answer", 5)["etag"] = '"v1.1"'


def tag_twice(records):
    of(records, "answer", 3)["etag"] = '"other"'


def go_back(records):
    of(records, "answer", 3).update(began=6.6, ended=6.8)


def follow_twice(records):
    records.append(of(records, "event", 3))


def follow_never(records):
    records.remove(of(records, "event", 1))


def follow_otherwise(records):
    one = of(records, "event", 0)
    records.remove(one)
    records.append(one)


def fail(records):
    records.append(answer(None, None, began=9, status=500, body="oh"))


def break_an_invariant(records):
    records.append({"type": "broken", "invariant": "copies", "count": 1, "example": "p"})


def disorder(records):
    records.append(answer(None, None, began=9, method="GET",
                          body=json.dumps([{"name": "q"}, {"name": "p"}])))


PLANTED = [
    (lose, "lost"), (double, "doubled"), (double_guarded, "doubled"),
    (make_the_refused, "refused-and-made"), (make_nobodys, "nobodys"), (log_twice, "reused"),
    (turn_time_back, "reused"), (number_twice, "reused"), (replay_another_body, "replays"),
    (replay_another_tag, "replays"), (replay_another_version, "replays"), (overtake, "guards"),
    (overtake_a_table, "guards"), (mix_ids, "others"), (mix_products, "others"),
    (mix_marks, "others"), (read_another, "contents"), (disorder, "contents"),
    (tag_two_documents, "tags"), (tag_twice, "tags"), (go_back, "went-back"),
    (follow_twice, "follower"), (follow_never, "follower"), (follow_otherwise, "follower"),
    (break_an_invariant, "invariants"), (fail, "unexpected")]


def test_an_honest_history_breaks_nothing():
    assert judge(honest()) == []


def test_a_retry_may_find_its_write_under_a_later_version():
    """But not with a key, whose answer is the first one's."""
    for key, rules in ((None, set()), ("k", {"lost", "reused", "replays"})):
        records = honest()
        records.append(answer("c", "v1.3", key=key, attempt=2, began=9, replayed=False))
        assert {violation.rule for violation in judge(records)} == rules


@pytest.mark.parametrize("plant, rule", PLANTED, ids=[plant.__name__ for plant, _ in PLANTED])
def test_what_is_planted_is_found(plant, rule):
    records = copy.deepcopy(honest())
    plant(records)
    assert rule in {violation.rule for violation in judge(records)}


def test_each_rule_has_a_plant():
    assert {rule for _, rule in PLANTED} == set(RULES)
