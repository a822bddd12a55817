"""What walk-test and moves-test share: what a case's fields and the needs of a move can be filled in with."""
import random
from served import WHERE, picture

PLACES = [WHERE, dict(WHERE, area="420602004008002", lat=32.0149, lng=112.0996), dict(WHERE, area="420602004006001", lat=32.0121, lng=112.1302)]
WORDS = ["灯坏了一周，晚上看不清路", "楼道里堆了东西", "<b>“引号”</b>'; --", "一", "已经去看过，两天内修好"]
PNG = picture(random.Random(7))


def value_for(field, chance):
    """What somebody could fill in."""
    kind = field["type"]
    if kind == "choice":
        return chance.choice(field["options"])["value"]
    return {"yesno": lambda: chance.random() < 0.3, "place": lambda: chance.choice(PLACES), "phone": lambda: "1370001%04d" % chance.randrange(10000),
            "number": lambda: chance.randrange(1, 30), "date": lambda: "2026-12-01", "photos": lambda: []}.get(kind, lambda: chance.choice(WORDS))()


def target_of(offered):
    return {name: offered[name] for name in ("kind", "id", "duty", "area") if offered.get(name)}


def needed(chance, case, move, photo, other, targets):
    """What the move needs, so far as somebody could know; `photo()`, `other()` (a case's number) and `targets()` are asked for only
    when it does."""
    ways = {
        "reason": lambda: {"reason": chance.choice(move.get("reasons") or WORDS)},
        "text": lambda: {"text": chance.choice(WORDS)},
        "note": lambda: {"note": chance.choice(WORDS)},
        "stars": lambda: {"stars": chance.randrange(1, 6)},
        "category": lambda: {"category": chance.choice(move.get("categories") or ["没有的类"])},
        "place": lambda: {"place": chance.choice(PLACES)},
        "part": lambda: {"part": chance.choice([one["part"] for one in case["parts"] if one["state"] == "open"] or [1])},
        "case": lambda: {"other": other()},
        "consent": lambda: {"consent": {"private": chance.random() < 0.3, "named": chance.random() < 0.3}},
        "public": lambda: {"public": {"title": "修好了", "says": "有人说坏了", "answer": "已经修好", "photos": []}},
        "held": lambda: {"held": case["opened"]},
        "venue": lambda: {"venue": "社区调解室"},
        "present": lambda: {"present": chance.sample(WORDS, 2)},
        "terms": lambda: {"terms": [{"who": "一楼", "what": chance.choice(WORDS), "by": "2099-12-31"}]},
        "photo": lambda: {"photos": photo()},
        "target": lambda: {"target": target_of(chance.choice(targets()))},
        "targets": lambda: (lambda some: {"targets": [target_of(one) for one in chance.sample(some, min(len(some), chance.randrange(1, 4)))]})(targets()),
    }
    body = {"move": move["name"], "version": case["version"]}
    for need in move.get("needs", []):
        body.update(ways[need]())
    return body
