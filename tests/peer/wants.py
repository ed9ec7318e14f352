"""Content by digest, the child's side (rules 27 to 30): fetches files' content after SEAL."""
from frames import MAX_REQUESTS, Refused, write
from needs import minus, spell_ranges, union


class Wants:
    """Asks for what is lacking of some files, and takes the answers in their order."""

    def __init__(self, link, stage, entries, ahead=MAX_REQUESTS):
        self.link, self.stage, self.entries, self.ahead = link, stage, entries, ahead
        self.number, self.asked, self.tries = 0, [], {}

    def fetch(self, files):
        """All content of these entries, or Refused."""
        todo = list(files)
        while todo or self.asked:
            while todo and len(self.asked) < self.ahead:
                self._ask(todo.pop(0))
            no = self._answer()
            if no is not None:
                self.tries[no] = self.tries.get(no, 0) + 1
                if self.tries[no] > 1:
                    raise Refused("digest", f"no content for file {no}")        # the code is assumed
                todo.append(no)

    def _ask(self, no):
        entry = self.entries[no]
        ranges = minus([(0, entry.size)], self.stage.held[entry.path].ranges)
        payload = spell_ranges(ranges, entry.size).encode()
        frame = write("WANT", self.number, entry.digest, entry.size, no, len(payload) + 1 if payload else 0,
                      payload=payload + b"\n" if payload else b"")
        self.asked.append((self.number, no, entry, ranges))
        self.number += 1
        self.link.send(frame)

    def _answer(self):
        """One answer, to the oldest request. Returns the entry where nothing good came of it."""
        request, no, entry, ranges = self.asked[0]
        if len(ranges) > 64:
            ranges = ranges[:63] + [(ranges[63][0], ranges[-1][1])]
        got, position = [], 0
        while True:
            frame = self.link.read()
            if frame is None:
                raise Refused("truncated", "end of input before an answer")
            if frame.verb == "ALIVE":
                continue
            if frame.verb not in ("DATA", "HOLE", "END", "LACK") or frame.fields[0] != request:
                raise Refused("order", f"{frame.verb} {frame.fields[0]} where request {request} is due")
            if frame.verb == "LACK":
                self.stage.forget(entry)                                # what came of it is void
                self.asked.pop(0)
                return no
            if frame.verb == "END":
                break
            _, offset, length = frame.fields
            part = [(offset, offset + length)]
            if not length or offset < position or offset + length > entry.size or minus(part, ranges):
                raise Refused("order", "an answer with other bytes than those that were wanted")
            data = self.link.payload(frame) if frame.verb == "DATA" else None
            self.stage.put(entry, offset, data, length)
            position, got = offset + length, union(got, part)
        if frame.fields[1] != entry.size or minus(ranges, got):
            raise Refused("order", "an answer that is not whole")
        if frame.fields[2] != entry.digest:
            raise Refused("digest", "an answer with another digest than the request")
        self.asked.pop(0)
        if self.stage.hash(entry) != entry.digest:
            self.stage.forget(entry)
            return no
        return None
