"""Lies: what a dishonest side does to its own frames, and what the text lets the honest side answer.

LIES[name].codes: the codes that the text allows in answer; None among them: saying nothing is right too
({None}: legal). LIES[name].seconds: the longest time from the lie to the answer, of the text (8, 6, 15, 120,
900 s); 6 stands for "at once", for which the text has no number; None: no time follows from the text (it
depends on when END or SEAL come). Lies "answer-" are told after SEAL.
"""
import collections
import json

from frames import sha256
from liar import CUT, MUTE

Lie = collections.namedtuple("Lie", "side verbs codes seconds first tell")
LIES = {}
D = "0" * 64
def lie(name, side, verbs, codes, seconds=6, first=False):
    """Registers a lie; verbs and codes are words, "-" stands for saying nothing."""
    def register(tell):
        LIES[name] = Lie(side, verbs.split() if isinstance(verbs, str) else verbs,
                         {None if code == "-" else code for code in codes.split()}, seconds, first, tell)
        return tell
    return register


def _flip(liar, data, low=0, high=None):
    """One bit of data[low:high] is another one."""
    at = liar.random.randrange(low, len(data) if high is None else high)
    return data[:at] + bytes([data[at] ^ 1 << liar.random.randrange(8)]) + data[at + 1:]


def _frame(words, payload=b""):
    return " ".join(map(str, words)).encode() + b"\n" + payload


def _field(name, side, verb, at, change, codes, seconds=6, first=False):
    """A lie about one field of a header."""
    lie(name, side, verb, codes, seconds, first)(
        lambda liar, words, payload, data: [
            _frame(words[:at] + [change(words[at])] + words[at + 1:], payload)])


def _more(number):
    return int(number) + 1


def _other_digest(digest):
    return ("0" if digest[0] != "0" else "1") + digest[1:]


# ---- flipped bits ----

lie("flip-data", "parent", "DATA", "digest", None)(
    lambda liar, words, payload, data: [_flip(liar, data, len(data) - len(payload))])
lie("flip-end", "parent", "END", "syntax order digest", None)(
    lambda liar, words, payload, data: [_flip(liar, data, 0, len(data) - 1)])
lie("flip-page", "parent", "PAGE", "digest")(
    lambda liar, words, payload, data: [_flip(liar, data, len(data) - len(payload))])
lie("flip-header-down", "parent", "PAGE END ALIVE", "syntax")(
    lambda liar, words, payload, data: [_flip(liar, data, 0, len(words[0]))])
lie("flip-header-up", "child", "NEED ALIVE", "syntax")(
    lambda liar, words, payload, data: [_flip(liar, data, 0, len(words[0]))])
lie("flip-need", "child", "NEED", "syntax order limit - silence", None)(    # it may ask for more, or for less
    lambda liar, words, payload, data: [_flip(liar, data, len(data) - len(payload))] if payload else None)


# ---- legal ----

def _single(data):
    return [data[at:at + 1] for at in range(min(len(data), 150))] + [data[150:]]


for _side, _verbs in (("parent", "HELLO PAGE DATA"), ("child", "WELCOME NEED ALIVE")):
    @lie(f"single-bytes-{_side}", _side, _verbs, "-", None)
    def _(liar, words, payload, data):
        liar.filter = _single
        return _single(data)
    lie(f"delay-{_side}", _side, "PAGE DATA END SEAL NEED WELCOME", "-", None)(
        lambda liar, words, payload, data: [3.0, data])
    lie(f"twice-alive-{_side}", _side, "ALIVE", "-", None)(lambda liar, words, payload, data: [data, data])


# ---- duplicated, dropped, reordered, truncated ----

for _side, _verb, _codes in (
        ("parent", "HELLO", "order"), ("parent", "PAGE", "order"), ("parent", "DATA", "order"),
        ("parent", "END", "order"), ("parent", "SEAL", "order -"), ("child", "WELCOME", "order"),
        ("child", "NEED", "order"), ("child", "DONE", "order -")):
    lie(f"twice-{_verb.lower()}", _side, _verb, _codes)(lambda liar, words, payload, data: [data + data])
for _side, _verb, _codes, _seconds in (
        ("parent", "PAGE", "order silence -", None), ("parent", "DATA", "order", None),
        ("parent", "END", "order", None), ("parent", "SEAL", "silence truncated -", None),
        ("child", "WELCOME", "order", 8), ("child", "NEED", "order silence", 120),
        ("child", "DONE", "truncated silence", 900)):
    lie(f"drop-{_verb.lower()}", _side, _verb, _codes, _seconds)(lambda liar, words, payload, data: [])
for _side, _verb in (("parent", "DATA"), ("child", "NEED")):
    @lie(f"swap-{_verb.lower()}", _side, _verb, "order" + (" silence" if _verb == "NEED" else ""),
         None if _verb == "DATA" else 120)
    def _(liar, words, payload, data):
        def swapped(later):
            if later.startswith(b"ALIVE"):
                return [later]
            liar.filter = None
            return [later + data]
        liar.filter = swapped
        return []
for _side, _verbs in (("parent", "HELLO PAGE DATA END"), ("child", "NEED DONE WELCOME")):
    lie(f"truncate-{_side}", _side, _verbs, "truncated")(
        lambda liar, words, payload, data: [data[:liar.random.randrange(1, len(data))], CUT])
    lie(f"cut-{_side}", _side, _verbs, "truncated")(lambda liar, words, payload, data: [CUT])
    lie(f"half-frame-{_side}", _side, _verbs, "silence", 8)(
        lambda liar, words, payload, data: [data[:liar.random.randrange(1, len(data))], MUTE])

# ---- wrong numbers and digests ----

_field("page-number", "parent", "PAGE", 1, _more, "order")
_field("page-first", "parent", "PAGE", 2, _more, "order")
_field("page-count", "parent", "PAGE", 3, lambda count: int(count) % 1024 + 1, "syntax")
_field("page-digest", "parent", "PAGE", 5, _other_digest, "digest")
_field("page-count-limit", "parent", "PAGE", 3, lambda count: 1025, "limit")
_field("page-length-limit", "parent", "PAGE", 4, lambda count: 262_145, "limit")
_field("data-entry", "parent", "DATA", 1, lambda entry: 9_999_999_999, "order")
_field("data-offset", "parent", "DATA", 2, lambda offset: 1 << 62, "order")
_field("data-limit", "parent", "DATA", 3, lambda length: 262_145, "limit")
_field("end-entry", "parent", "END", 1, lambda entry: 9_999_999_999, "order")
_field("end-size", "parent", "END", 2, _more, "order")
_field("end-digest", "parent", "END", 3, _other_digest, "digest", None)
_field("seal-entries", "parent", "SEAL", 1, _more, "order")
_field("seal-pages", "parent", "SEAL", 2, _more, "order")
_field("seal-bytes", "parent", "SEAL", 3, _more, "digest")
_field("seal-digest", "parent", "SEAL", 4, _other_digest, "digest")
_field("done-digest", "child", "DONE", 1, _other_digest, "digest")
_field("need-number", "child", "NEED", 1, _more, "order")
_field("hello-version", "parent", "HELLO", 1, lambda version: 3, "version", first=True)
_field("hello-run", "parent", "HELLO", 2, lambda run: run[::-1], "run", first=True)
_field("hello-epoch", "parent", "HELLO", 3, _more, "epoch", first=True)
_field("hello-secret", "parent", "HELLO", 4, _other_digest, "secret", first=True)
_field("hello-from", "parent", "HELLO", 5, lambda name: "x" + name[1:] + "x", "order", first=True)
_field("hello-to", "parent", "HELLO", 6, lambda name: "x" + name[1:] + "x", "order", first=True)
_field("hello-snapshot", "parent", "HELLO", 7, lambda snapshot: "19991231T235959Z", "order", first=True)
_field("welcome-version", "child", "WELCOME", 1, lambda version: 3, "version", first=True)
_field("welcome-run", "child", "WELCOME", 2, lambda run: run[::-1], "order", first=True)
_field("welcome-epoch", "child", "WELCOME", 3, _more, "order", first=True)
_field("welcome-node", "child", "WELCOME", 4, lambda name: "x" + name[1:] + "x", "order", first=True)
_field("welcome-page", "child", "WELCOME", 5, lambda page: 999_999_999, "order", first=True)


@lie("page-order", "parent", "PAGE", "order")
def _page_order(liar, words, payload, data):
    """Two lines change places; the digest is right."""
    lines = payload.split(b"\n")
    if len(lines) < 4:
        return None
    at = liar.random.randrange(len(lines) - 2)
    lines[at], lines[at + 1] = lines[at + 1], lines[at]
    payload = b"\n".join(lines)
    return [_frame(words[:5] + [sha256(payload)], payload)]


@lie("page-ahead", "parent", "PAGE", "limit order", first=True)
def _page_ahead(liar, words, payload, data):
    """Seventeen more pages behind this one, of which something is needed."""
    number, entry, pages = int(words[1]), int(words[2]) + int(words[3]), [data]
    for at in range(1, 18):
        line = b"! vanished %%FF%02d\n" % at
        pages.append(_frame(["PAGE", number + at, entry + at - 1, 1, len(line), sha256(line)], line))
    return [b"".join(pages)]


@lie("end-early", "parent", "DATA", "order", None)
def _end_early(liar, words, payload, data):
    """Nothing of this file comes any more but its END."""
    start = f"DATA {words[1]} ".encode()
    liar.filter = lambda later: [] if later.startswith((start, start.replace(b"DATA", b"HOLE"))) else [later]
    return []


# ---- frames that have no place ----

def _before(name, side, verbs, frame, codes, seconds=6, first=False):
    """A false frame before the true one."""
    lie(name, side, verbs, codes, seconds, first)(lambda liar, words, payload, data: [frame + data])


def _behind(name, side, verb, frame, codes):
    lie(name, side, verb, codes)(lambda liar, words, payload, data: [data + frame])


for _side, _verbs in (("parent", "PAGE DATA END SEAL"), ("child", "NEED ALIVE DONE")):
    _before(f"verb-{_side}", _side, _verbs, b"NOISE 1 2 3\n", "syntax")
    _before(f"case-{_side}", _side, _verbs, b"alive\n", "syntax")
    _before(f"cr-{_side}", _side, _verbs, b"ALIVE\r\n", "syntax")
    _before(f"long-line-{_side}", _side, _verbs, b"A" * 600 + b"\n", "limit")
_before("pack", "parent", "PAGE DATA END SEAL", b"PACK 0 0 1\n", "syntax")
_before("up-verb-down", "parent", "PAGE DATA SEAL", b"NEED 0 0\n", "syntax")
_before("down-verb-up", "child", "NEED ALIVE", b"OMIT 3 vanished\n", "syntax")
_before("alive-first-down", "parent", "HELLO", b"ALIVE\n", "order", first=True)
_before("alive-first-up", "child", "WELCOME", b"ALIVE\n", "order", first=True)
_before("call-late", "child", "NEED ALIVE", f"CALL 2 {D[:16]} 1 {D} a b\n".encode(), "order")
_before("call-first", "child", "WELCOME", f"CALL 2 {D[:16]} 1 {D} a b\n".encode(), "order", first=True)
_before("seal-early", "parent", "DATA END", f"SEAL 1 1 0 {D}\n".encode(), "order digest")
_before("done-early", "child", "NEED", f"DONE {D}\n".encode(), "order")
_before("want-early", "child", "NEED", f"WANT 0 {D} 1 - 0\n".encode(), "order")
_before("lack-early", "parent", "DATA PAGE", b"LACK 0 unknown\n", "order syntax")
_before("hole-limit", "parent", "DATA", b"HOLE 3 0 1073741825\n", "limit")
_before("omit-directory", "parent", "DATA END", b"OMIT 0 vanished\n", "order")
_before("spoiled-directory", "parent", "DATA END", b"SPOILED 0\n", "order")
_before("omit-nothing", "parent", "DATA END", b"OMIT 9999999999 vanished\n", "order")
_before("again-garbage", "parent", "DATA END", b"AGAIN 9999999999 2\nx\n", "syntax order")
_before("need-limit", "child", "NEED", b"NEED 0 32769\n", "limit order")
_behind("frame-after-seal", "parent", "SEAL", b"OMIT 0 vanished\n", "order -")
_behind("frame-after-done", "child", "DONE", b"ALIVE\n", "order -")
lie("empty-data", "parent", "DATA", "order syntax")(
    lambda liar, words, payload, data: [_frame(words[:3] + [0]) + data])
lie("empty-hole", "parent", "DATA", "order syntax")(
    lambda liar, words, payload, data: [_frame(["HOLE"] + words[1:3] + [0]) + data])
lie("again-path", "parent", "DATA", "order")(
    lambda liar, words, payload, data: [_again(words[1], b"another-path")])
lie("again-directory", "parent", "DATA", "order")(lambda liar, words, payload, data: [_again(0, b".")])


def _again(entry, path):
    line = b"f 600 0 0 1.000000000 - 5 1.000000000 1 - " + path + b"\n"
    return _frame(["AGAIN", entry, len(line)], line)


def _need(name, make, codes, fit=lambda words, payload: True, first=False):
    """A lie about a NEED's payload."""
    def tell(liar, words, payload, data):
        if not fit(words, payload):
            return None
        payload = make(payload)
        return [_frame(words[:2] + [len(payload)], payload)]
    lie(name, "child", "NEED", codes, first=first)(tell)


_need("need-outside", lambda payload: payload + b"9999999999\n", "order")
_need("need-spelling", lambda payload: b"9999999998-9999999998\n", "syntax")
_need("need-shrinks", lambda payload: b"7\n5\n", "syntax order")
_need("need-touching", lambda payload: b"7 0-5,5-9\n", "syntax order")
_need("need-directory", lambda payload: b"0 0-1\n" + payload, "order",
      lambda words, payload: words[1] == "0", True)
_need("need-beyond", lambda payload: payload.split(b"\n")[0].split(b" ")[0].split(b"-")[0]
      + b" 9223372036854775806-\n", "order", lambda words, payload: payload)

# ---- content by digest: after SEAL (the Liar waits for it) ----

_field("want-number", "child", "WANT", 1, _more, "order")
_field("want-size", "child", "WANT", 3, lambda size: 0, "order syntax")
_field("want-limit", "child", "WANT", 5, lambda length: 4_097, "limit")
lie("want-spelling", "child", "WANT", "syntax")(
    lambda liar, words, payload, data: [_frame(words[:5] + [3], b"0-\n")])
lie("want-beyond", "child", "WANT", "order")(
    lambda liar, words, payload, data: [_frame(words[:5] + [21], b"9223372036854775806-\n")])
_field("answer-request", "parent", "DATA END", 1, _more, "order")
_field("answer-size", "parent", "END", 2, _more, "order")
_field("answer-digest", "parent", "END", 3, _other_digest, "digest order")
_before("answer-lack", "parent", "DATA END", b"LACK 9999999999 unknown\n", "order")
_before("answer-page", "parent", "DATA END", f"PAGE 0 0 1 0 {D}\n".encode(), "order syntax")
lie("answer-flip", "parent", "DATA", "digest -", None)(         # it may ask for it once more
    lambda liar, words, payload, data: [_flip(liar, data, len(data) - len(payload))])
lie("answer-drop", "parent", "DATA", "order", None)(lambda liar, words, payload, data: [])
lie("answer-silence", "parent", "DATA END", "silence")(lambda liar, words, payload, data: [MUTE])
lie("answer-cut", "parent", "DATA END", "truncated")(lambda liar, words, payload, data: [CUT])

# ---- silence ----

for _side, _verb in (("parent", "PAGE"), ("child", "NEED")):        # it reads nothing, and says ALIVE
    @lie(f"deaf-{_side}", _side, _verb, "silence -", None)
    def _(liar, words, payload, data):
        liar.deaf = True
        return [data]

for _name, _side, _verb, _seconds, _codes in (
        ("hello", "parent", "HELLO", 8, "silence"), ("greeted", "parent", "PAGE SEAL ALIVE", 6, "silence"),
        ("content", "parent", "DATA END", 6, "silence"), ("seal", "parent", "SEAL", 6, "silence truncated"),
        ("welcome", "child", "WELCOME", 8, "silence"), ("need", "child", "NEED", 6, "silence"),
        ("alive", "child", "ALIVE", 6, "silence"), ("done", "child", "DONE", 6, "silence")):
    lie(f"silence-{_name}", _side, _verb, _codes, _seconds, _name in ("hello", "greeted"))(
        lambda liar, words, payload, data: [MUTE])
for _name, _side, _verb, _seconds, _codes in (                  # ALIVE goes on: only progress ends a wait
        ("need", "child", "NEED", 120, "silence"), ("done", "child", "DONE", 900, "silence"),
        ("seal", "parent", "SEAL", None, "-"), ("page", "parent", "PAGE", None, "-")):
    @lie(f"withhold-{_name}", _side, _verb, _codes, _seconds)
    def _(liar, words, payload, data):
        liar.filter, liar.silent = lambda later: [later] if later == b"ALIVE\n" else [], True
        return []


if __name__ == "__main__":                              # the table, one JSON object a line
    for _name, _lie in LIES.items():
        _codes = sorted(code or "none" for code in _lie.codes)
        print(json.dumps({"lie": _name, "side": _lie.side, "verbs": _lie.verbs, "codes": _codes,
                          "seconds": _lie.seconds}))
