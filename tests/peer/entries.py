"""Entry lines and manifest order (section "Entry lines" of protocol.md)."""
import re

from frames import EMPTY, MAX_COUNT, MAX_PAGE, Refused, digest_field, entry_number, number, reason_field

_ENCODED = re.compile(r"(?:[\x21-\x24\x26-\x7e]|%[0-9A-F]{2})+")
_LISTED = re.compile(r"(?:[\x21-\x24\x26-\x2b\x2d-\x3c\x3e-\x7e]|%[0-9A-F]{2})+")
_TIME = re.compile(r"(0|[1-9][0-9]{0,18}|-[1-9][0-9]{0,18})\.([0-9]{9})")
_MODE = re.compile("0|[1-7][0-7]{0,3}")
_ACLS = (b"system.posix_acl_access", b"system.posix_acl_default")
U32, U64 = (1 << 32) - 1, (1 << 64) - 1


def encode(data, listed=False):
    """Percent-encode bytes: printable ASCII without "%" stays (and without "," and "=" in a list)."""
    special = b"%,=" if listed else b"%"
    return "".join(chr(byte) if 0x21 <= byte <= 0x7E and byte not in special else f"%{byte:02X}"
                   for byte in data)


def decode(text, listed=False):
    """The bytes of an encoded field; another spelling than encode()'s is [syntax]."""
    if not (_LISTED if listed else _ENCODED).fullmatch(text):
        raise Refused("syntax", "not an encoded field")
    data = re.sub(rb"%(..)", lambda found: bytes([int(found[1], 16)]), text.encode("ascii"))
    if "%" in text and encode(data, listed) != text:
        raise Refused("syntax", "an encoded literal")
    return data


def parse_path(text):
    """A decoded path: the root or names; its limits are [syntax]."""
    path = decode(text)
    if path == b".":
        return path
    if len(path) > 65_535 or b"\0" in path:
        raise Refused("syntax", "not a path")
    for name in path.split(b"/"):
        if not name or name in (b".", b"..") or len(name) > 255:
            raise Refused("syntax", "not a path")
    return path


def parse_time(text):
    """A time as (seconds, nanoseconds); nanoseconds are added, so half a second before 1970 is (-1, 5e8)."""
    found = _TIME.fullmatch(text)
    if not found or not -1 << 63 <= int(found[1]) < 1 << 63:
        raise Refused("syntax", "not a time")
    return int(found[1]), int(found[2])


def parse_attributes(text):
    """Extended attributes as a sorted list of (name, value), both bytes."""
    if text == "-":
        return []
    attributes, total = [], 0
    for part in text.split(","):
        name, sign, value = part.partition("=")
        if not sign:
            raise Refused("syntax", "not an attribute")
        name, value = decode(name, True), decode(value, True) if value else b""
        if len(name) > 255 or b"\0" in name or not (
                name.startswith((b"user.", b"trusted.", b"security.")) or name in _ACLS):
            raise Refused("syntax", "not a name of an attribute")
        if attributes and name <= attributes[-1][0]:
            raise Refused("syntax", "attributes do not grow")
        total += len(name) + len(value) + 1
        attributes.append((name, value))
    if total > 16_384:
        raise Refused("syntax", "attributes too long")
    return attributes


class Entry:
    """One entry: kind is the line's first character; fields that a kind has not are None."""
    __slots__ = ("kind", "mode", "uid", "gid", "modified", "attributes", "size", "changed", "inode", "digest",
                 "target", "major", "minor", "first", "reason", "path")

    def __init__(self, kind, path, **fields):
        for slot in self.__slots__:
            setattr(self, slot, fields.get(slot))
        self.kind, self.path = kind, path

    def line(self, digest=True):
        """The entry's line with its LF; without `digest` a file of one byte or more says "-"."""
        path = encode(self.path)
        if self.kind == "!":
            return f"! {self.reason} {path}\n".encode()
        if self.kind == "h":
            return f"h {self.first} {path}\n".encode()
        attributes = ",".join(f"{encode(n, True)}={encode(v, True)}" for n, v in self.attributes or ()) or "-"
        words = [self.kind, f"{self.mode:o}", self.uid, self.gid, _time(self.modified), attributes]
        if self.kind == "f":
            known = self.digest if digest or not self.size else None
            words += [self.size, _time(self.changed), self.inode, known or "-"]
        elif self.kind == "l":
            words.append(encode(self.target))
        elif self.kind in "cb":
            words += [self.major, self.minor]
        return " ".join(map(str, words + [path])).encode() + b"\n"

    def stamp(self):
        """What says whether a file may be the same as before (rule 13)."""
        return (self.size, self.changed, self.inode, self.mode, self.uid, self.gid, self.modified,
                tuple(self.attributes or ()))

    def omitted(self, reason):
        """The entry after OMIT (rule 18)."""
        return Entry("!", self.path, reason=reason)


def _time(pair):
    return f"{pair[0]}.{pair[1]:09d}"


_FIELDS = {"d": 7, "f": 11, "l": 8, "p": 7, "s": 7, "c": 9, "b": 9, "h": 3, "!": 3}


def parse_entry(line):
    """One entry line with its LF, strictly; an entry of the wrong digest for size 0 is [digest]."""
    if line[-1:] != b"\n" or re.search(rb"[^\x20-\x7e]", line[:-1]):
        raise Refused("syntax", "not an entry line")
    words = line[:-1].decode("ascii").split(" ")
    kind = words[0]
    if _FIELDS.get(kind) != len(words):
        raise Refused("syntax", "not an entry line")
    path = parse_path(words[-1])
    if kind == "h":
        return Entry(kind, path, first=entry_number(words[1]))
    if kind == "!":
        return Entry(kind, path, reason=reason_field(words[1]))
    if not _MODE.fullmatch(words[1]):
        raise Refused("syntax", "not a mode")
    fields = dict(mode=int(words[1], 8), uid=number(words[2], U32), gid=number(words[3], U32),
                  modified=parse_time(words[4]), attributes=parse_attributes(words[5]))
    if kind == "f":
        digest = None if words[9] == "-" else digest_field(words[9])
        fields.update(size=number(words[6]), changed=parse_time(words[7]), inode=number(words[8], U64),
                      digest=digest)
        if fields["size"] == 0 and digest != EMPTY:
            raise Refused("digest", "an empty file has another digest")
    elif kind == "l":
        fields["target"] = decode(words[6])
        if len(fields["target"]) > 4_095 or b"\0" in fields["target"]:
            raise Refused("syntax", "not a target")
    elif kind in "cb":
        fields.update(major=number(words[6], U32), minor=number(words[7], U32))
    return Entry(kind, path, **fields)


def parse_page(payload, count):
    """The entries of a PAGE's payload: as many lines as it says, at least one (rule 7)."""
    lines = payload.split(b"\n")
    if lines.pop() != b"" or len(lines) != count or not count:
        raise Refused("syntax", "another number of lines")
    return [parse_entry(line + b"\n") for line in lines]


class Order:
    """Watches that entries come in manifest order; it keeps all kinds and directories."""

    def __init__(self, entries=()):
        self.kinds, self.directories, self.last = [], set(), None
        for entry in entries:
            self.take(entry)

    def take(self, entry):
        """The next entry, or [order]."""
        names = [] if entry.path == b"." else entry.path.split(b"/")
        if self.last is None:
            if names or entry.kind != "d":
                raise Refused("order", "the root directory comes first")
        else:
            if names <= self.last:
                raise Refused("order", "paths do not grow")
            if b"/".join(names[:-1]) not in self.directories:
                raise Refused("order", "the directory of an entry was not announced")
        if entry.kind == "h" and (entry.first >= len(self.kinds) or self.kinds[entry.first] not in "flpscb"):
            raise Refused("order", "a name-line of something else than an earlier file")
        if entry.kind == "d":
            self.directories.add(b"/".join(names))
        self.kinds.append(entry.kind)
        self.last = names


def paginate(entries, lines=MAX_COUNT, digests=64):
    """Cut a manifest into pages [(first, [entries])], by the lengths of lines with digests filled in."""

    pages, room = [], 0
    for at, entry in enumerate(entries):
        length = len(entry.line()) + (digests if entry.kind == "f" and not entry.digest else 0)
        if not pages or len(pages[-1][1]) == lines or length > room:
            pages.append((at, []))
            room = MAX_PAGE
        pages[-1][1].append(entry)
        room -= length
    return pages
