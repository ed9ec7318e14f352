"""Need lines (section "Need lines" of protocol.md): parse, judge, spell, merge.

Needs are {entry: [(from, to), …]} with resolved ends; [(size, size)] asks for nothing but the digest.
"""
import re

from frames import MAX_NEED, MAX_RANGES, Refused, entry_number, number


def parse_ranges(text):
    """`ranges` of a need line or WANT as [(from, to or None)]; its one spelling, else [syntax]."""
    parts = text.split(",")
    if len(parts) > MAX_RANGES:
        raise Refused("syntax", "too many ranges")
    ranges = []
    for at, part in enumerate(parts):
        low, dash, high = part.partition("-")
        if not dash or (not high and at < len(parts) - 1):
            raise Refused("syntax", "not a range")
        low, high = number(low), (number(high) if high else None)
        if (high is not None and high <= low) or (ranges and low <= ranges[-1][1]):
            raise Refused("syntax", "ranges do not grow")
        ranges.append((low, high))
    if ranges == [(0, None)]:
        raise Refused("syntax", "0- is written as a whole file")
    return ranges


def resolve(ranges, size):
    """Ends filled in; a `from` or `to` that is not below the size is [order] (Need lines)."""
    for low, high in ranges:
        if low >= size or (high is not None and high >= size):
            raise Refused("order", "a range outside its file")
    return [(low, size if high is None else high) for low, high in ranges]


def parse_need(payload, sizes):
    """A NEED's payload, judged against {entry: size} of its page's files of one byte or more."""
    if not payload:
        return {}
    if payload[-1:] != b"\n" or re.search(rb"[^\x20-\x7e\n]", payload):
        raise Refused("syntax", "not need lines")
    needs, last, last_whole = {}, -1, -2
    for line in payload[:-1].decode("ascii").split("\n"):           # each by its spelling first, then by its page
        words = line.split(" ")
        if len(words) == 2:
            first = final = entry_number(words[0])
            ranges = [] if words[1] == "-" else parse_ranges(words[1])
        elif len(words) == 1:
            first, dash, final = line.partition("-")
            first = entry_number(first)
            final = entry_number(final) if dash else first
            if (dash and final <= first) or first == last_whole + 1:
                raise Refused("syntax", "whole files share one line")
            ranges, last_whole = None, final
        else:
            raise Refused("syntax", "not a need line")
        if first <= last:
            raise Refused("syntax", "entries do not grow")
        last = final
        if first not in sizes or final - first >= len(sizes):
            raise Refused("order", "a need outside its page")
        for entry in range(first, final + 1):
            if entry not in sizes:
                raise Refused("order", "a need of something that is no file with content here")
            size = sizes[entry]
            needs[entry] = [(0, size)] if ranges is None else resolve(ranges, size) or [(size, size)]
    return needs


def union(*many):
    """The union of lists of ranges: sorted, touching ones joined, an empty one only if it is all."""
    joined, empty = [], []
    for low, high in sorted(pair for ranges in many for pair in ranges):
        if low == high:
            empty = [(low, high)]
        elif joined and low <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    return joined or empty


def minus(ranges, held):
    """What of `ranges` is not in `held` (both as union() makes them)."""
    left = []
    for low, high in ranges:
        for start, end in held:
            if end <= low or start >= high:
                continue
            if start > low:
                left.append((low, start))
            low = max(low, end)
        if low < high:
            left.append((low, high))
    return left


def merge(*needs):
    """The union of needs of a page (rule 11)."""
    return {entry: union(*(need[entry] for need in needs if entry in need))
            for entry in sorted(set().union(*needs))}


def fit(ranges):
    """At most 64 ranges: what is behind the 63rd becomes one (a child MAY ask for more than it lacks)."""
    return ranges if len(ranges) <= MAX_RANGES else ranges[:63] + [(ranges[63][0], ranges[-1][1])]


def spell_ranges(ranges, size):
    """The one spelling of some ranges; empty for all of the file, "-" for nothing but the digest."""
    ranges = fit(ranges)
    if ranges == [(size, size)]:
        return "-"
    if ranges == [(0, size)]:
        return ""
    return ",".join(f"{low}-" if high == size else f"{low}-{high}" for low, high in ranges)


def spell_need(needs, sizes):
    """A NEED's payload; where it would not fit, one open range for each file."""
    payload = "".join(_whole_runs(needs, sizes)).encode("ascii")
    if len(payload) > MAX_NEED:
        wider = {entry: [(ranges[0][0], sizes[entry])] for entry, ranges in needs.items()}
        payload = "".join(_whole_runs(wider, sizes)).encode("ascii")
    return payload


def _whole_runs(needs, sizes):
    first = final = None
    for entry in sorted(needs):
        text = spell_ranges(needs[entry], sizes[entry])
        if not text and final == entry - 1 and first is not None:
            final = entry
            continue
        if first is not None:
            yield f"{first}\n" if first == final else f"{first}-{final}\n"
        first, final = (None, None) if text else (entry, entry)
        if text:
            yield f"{entry} {text}\n"
    if first is not None:
        yield f"{first}\n" if first == final else f"{first}-{final}\n"
