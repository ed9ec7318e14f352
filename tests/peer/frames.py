"""The codec of the link protocol, version 2: header lines.

Written from protocol.md alone; "rule N" and section names are those of that text. Entry lines are in
entries.py, need lines in needs.py.
"""
import datetime
import hashlib
import re

VERSION = 2
MAX_LINE = 512                      # Limits: header line, with its LF
MAX_DATA = MAX_PAGE = 262_144
MAX_HOLE = 1 << 30
MAX_NEED = 32_768
MAX_WANT = 4_096
MAX_COUNT = 1_024
MAX_RANGES = 64
MAX_REQUESTS = 64
MAX_AGAIN = 16_384
WINDOW = 16                         # rule 10
BIG = (1 << 63) - 1
EMPTY = hashlib.sha256(b"").hexdigest()
CODES = set("syntax limit order version secret run epoch digest truncated silence storage busy stopping key"
            .split())
KNOWN = ("content",)                # the capabilities of this version, rule 5


class Refused(Exception):
    """A fault of the other side (or an end of this one): the code and text of the ERROR that it gets."""

    def __init__(self, code, text=""):
        super().__init__(f"[{code}] {text}")
        self.code, self.text = code, text


class GotError(Exception):
    """The other side said ERROR. It is not answered."""

    def __init__(self, code, text):
        super().__init__(f"got [{code}] {text}")
        self.code, self.text = (code if code in CODES else "syntax"), text


class Frame:
    """One frame: verb, parsed fields in the grammar's order, and its payload once it was read."""

    def __init__(self, verb, fields, length=0):
        self.verb, self.fields, self.length, self.payload = verb, fields, length, b""

    def __repr__(self):
        return f"{self.verb} {self.fields}"


def number(text, top=BIG, limit=None, what="number"):
    """A number has one spelling; what does not fit is [syntax], what is over its limit is [limit]."""
    if not re.fullmatch("0|[1-9][0-9]{0,19}", text):
        raise Refused("syntax", f"not a {what}")
    value = int(text)
    if value > top:
        raise Refused("syntax", f"{what} {value} does not fit")
    if limit is not None and value > limit:
        raise Refused("limit", f"{what} {value} is above {limit}")
    return value


def _match(pattern, what):
    compiled = re.compile(pattern)

    def parse(text):
        if not compiled.fullmatch(text):
            raise Refused("syntax", f"not a {what}")
        return text
    return parse


_snapshot_form = _match(r"[0-9]{8}T[0-9]{6}Z(-[0-9a-f]{6})?", "snapshot")


def _snapshot(text):
    _snapshot_form(text)
    try:
        datetime.datetime.strptime(text[:16], "%Y%m%dT%H%M%SZ")
    except ValueError:
        raise Refused("syntax", "no such date") from None
    if text[13:15] > "59":                              # strptime takes leap seconds
        raise Refused("syntax", "no such time")
    return text


def _capabilities(text):
    if text == "-":
        return ()
    words = text.split(",")
    if len(words) > 8 or any(not re.fullmatch("[a-z][a-z0-9]{0,15}", word) for word in words) \
            or any(a >= b for a, b in zip(words, words[1:])):
        raise Refused("syntax", "not a list of capabilities")
    return tuple(words)


def _top(top):
    return lambda text: number(text, top)


def _limited(limit, what="length"):
    return lambda text: number(text, BIG, limit, what)


digest_field = _match("[0-9a-f]{64}", "digest")
reason_field = _match("unreadable|vanished|changed|path-too-long", "reason")
_run, _secret = _match("[0-9a-f]{16}", "run"), digest_field
_epoch, page_number, entry_number = _top(999_999_999), _top(999_999_999), _top(9_999_999_999)
_name = _match(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}", "name")
_why = _match("unknown|damaged|unreadable", "why")


def _hint(text):
    return None if text == "-" else entry_number(text)


GREETING = {
    "HELLO": (_run, _epoch, _secret, _name, _name, _snapshot, _capabilities),
    "WELCOME": (_run, _epoch, _name, page_number, _capabilities),
    "CALL": (_run, _epoch, _secret, _name, _name),
}
_ALWAYS = {"ALIVE": (), "ERROR": None}
DOWN = {
    "HELLO": GREETING["HELLO"],
    "PAGE": (page_number, entry_number, _limited(MAX_COUNT, "count"), _limited(MAX_PAGE), digest_field),
    "DATA": (entry_number, number, _limited(MAX_DATA)), "HOLE": (entry_number, number, _limited(MAX_HOLE)),
    "END": (entry_number, number, digest_field), "AGAIN": (entry_number, _limited(MAX_PAGE)),
    "OMIT": (entry_number, reason_field), "SPOILED": (entry_number,),
    "SEAL": (entry_number, page_number, number, digest_field), "LACK": (entry_number, _why), **_ALWAYS,
}
UP = {
    "CALL": GREETING["CALL"], "WELCOME": GREETING["WELCOME"], "NEED": (page_number, _limited(MAX_NEED)),
    "WANT": (entry_number, digest_field, number, _hint, _limited(MAX_WANT)), "DONE": (digest_field,),
    **_ALWAYS,
}
_PAYLOAD = {"PAGE": 3, "DATA": 2, "AGAIN": 1, "NEED": 1, "WANT": 4}     # which field is the payload's length


def parse_header(line, down):
    """Parse one header line (with its LF) of the direction `down` or up; Refused says the code."""
    if len(line) > MAX_LINE:
        raise Refused("limit", "header line too long")
    if line[-1:] != b"\n" or any(not 0x20 <= byte <= 0x7E for byte in line[:-1]):
        raise Refused("syntax", "not a line of printable ASCII")
    words = line[:-1].decode("ascii").split(" ")
    verb = words[0]
    table = DOWN if down else UP
    if verb not in table:
        raise Refused("syntax", "no such verb here")
    if verb == "ERROR":
        words = line[:-1].decode("ascii").split(" ", 2)
        if len(words) != 3 or not words[1] or len(words[2]) > 300:
            raise Refused("syntax", "not an ERROR")
        return Frame(verb, words[1:])
    words = words[1:]
    if verb in GREETING:                                # rule 2: the version before any other field
        if not words:
            raise Refused("syntax", "no version")
        if number(words[0]) != VERSION:
            raise Refused("version", f"version {VERSION} is spoken here")
        words = words[1:]
    if len(words) != len(table[verb]):
        raise Refused("syntax", f"{verb} has other fields")
    fields = [parse(word) for parse, word in zip(table[verb], words)]
    length = fields[_PAYLOAD[verb]] if verb in _PAYLOAD else 0
    return Frame(verb, fields, length)


def write(verb, *fields, payload=b""):
    """A frame's bytes. Lists of capabilities and absent hints are spelled here, the version is added."""
    words = [verb] + ([str(VERSION)] if verb in GREETING else [])
    for field in fields:
        if isinstance(field, (tuple, list)):
            words.append(",".join(field) or "-")
        else:
            words.append("-" if field is None else str(field))
    return " ".join(words).encode("ascii") + b"\n" + payload


def error(code, text):
    """The bytes of an ERROR; the text is made fit (Errors)."""
    text = re.sub(r"[^\x20-\x7e]", "?", text or "")[:300]
    return f"ERROR {code} {text}\n".encode("ascii")


def sha256(data):
    return hashlib.sha256(data).hexdigest()
