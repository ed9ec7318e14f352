"""What a parent sends down: pages, content, AGAIN and OMIT (rules 10, 14 to 18)."""
import bisect
import hashlib
import time

from frames import MAX_DATA, MAX_HOLE, WINDOW, Refused, sha256, write
from needs import minus


class Sender:
    """Pages with a window, and needed files in order."""

    # ---- pages and content ----

    def _advance(self):
        while self.complete < self.announced and not self.pending[self.complete]:
            self.complete += 1

    def _send_pages(self):
        """Announce as far as the window goes (rule 10), send what is needed in between (rule 14)."""
        while self.complete < len(self.pages):
            if self.announced < len(self.pages) and self.announced < self.complete + WINDOW:
                self._announce(self.announced)
                continue
            with self.cond:
                page = next((no for no in range(self.complete, self.answered) if self.todo[no]), None)
                if page is None:
                    self._wait(self._need_deadline(), "no NEED for too long")
                    continue
                at = min(self.todo[page])
            self._send_file(page, at)

    def _need_deadline(self):
        return max(self.announced_at, self.answered_at or 0) + self.link.times.need

    def _wait(self, until, text):
        """Wait for the reader (under cond); a fault that it found is raised here."""
        if self.link.failure:
            raise self.link.failure
        if time.monotonic() >= until:
            raise Refused("silence", text)
        self.cond.wait(0.1)

    def _announce(self, no):
        first, entries = self.pages[no]
        entries = self.entries[first:first + len(entries)]
        payload = b"".join(entry.line() for entry in entries)
        with self.cond:
            if self.announced == self.answered:             # nothing was owed until now
                self.answered_at = None
            self.announced, self.announced_at = no + 1, time.monotonic()
            if self.answered_at is None:
                self.answered_at = self.announced_at
            self.todo[no] = {}
            self.pending.append({"need"})
            for at, entry in enumerate(entries, first):
                self.sizes[at] = {entry.size or 0}
        self.link.send(write("PAGE", no, first, len(entries), len(payload), sha256(payload), payload=payload),
                       wait=True)

    def _finish(self, page, no):
        with self.cond:
            self.todo[page].pop(no, None)
            self.pending[page].discard(no)
            self._advance()

    def _send_file(self, page, no):
        """One needed file: DATA, HOLE, END; AGAIN where it changed; OMIT where it cannot be delivered."""
        entry, content = self.entries[no], None
        try:
            content = self.tree.open(no)
            if self.tree.current(no).stamp() != entry.stamp() or content.size != entry.size:
                return self._again(page, no)
            ranges = self.todo[page][no]
            digest = send_content(self.link, content, no, ranges, self.trouble)
            now = self.tree.current(no)
            if now.stamp() != entry.stamp() or entry.digest not in (None, digest):
                return self._again(page, no)
        except FileNotFoundError:
            return self._omit(page, no, "vanished")
        except OSError:
            return self._omit(page, no, "unreadable")
        finally:
            if content:
                content.close()
        self.link.send(write("END", no, entry.size, digest), wait=True)
        entry.digest = digest
        return self._finish(page, no)

    def _again(self, page, no):
        """Rule 17; its other names go first where it is another inode now (rule 18)."""
        now = self.tree.current(no)
        self.tries[no] += 1
        if now.kind != "f" or self.tries[no] > 5:
            return self._omit(page, no, "changed")
        if now.inode != self.entries[no].inode:
            self._omit_names(no, "changed")
        line = now.line()
        with self.cond:
            self.entries[no] = now
            self.sizes[no].add(now.size)
            self.todo[page][no] = [(0, now.size)]
        self.link.send(write("AGAIN", no, len(line), payload=line), wait=True)
        return None if now.size else self._finish(page, no)

    def _omit_names(self, no, reason):
        for at, entry in enumerate(self.entries):
            if entry.kind == "h" and entry.first == no:
                self.entries[at] = entry.omitted(reason)
                if bisect.bisect_right(self.firsts, at) - 1 < self.announced:
                    self.link.send(write("OMIT", at, reason), wait=True)

    def _omit(self, page, no, reason):
        """Rule 18."""
        self._omit_names(no, reason)
        self.entries[no] = self.entries[no].omitted(reason)
        self.link.send(write("OMIT", no, reason), wait=True)
        self._finish(page, no)


def _common(some, other):
    return minus(some, minus(some, other))


def send_content(link, content, no, ranges, trouble=lambda no, offset: None):
    """DATA and HOLE of the ranges (rule 15), in one pass with the digest of the whole content, the result."""
    state, whole, filled = hashlib.sha256(), [(0, content.size)], content.data()
    rest = minus(whole, ranges)
    parts = [(*part, wanted, full) for wanted, some in ((True, _common(whole, ranges)), (False, rest))
             for full, there in ((True, filled), (False, minus(whole, filled)))
             for part in _common(some, there)]
    for low, high, wanted, full in sorted(parts):
        if wanted and not full:
            for at in range(low, high, MAX_HOLE):
                link.send(write("HOLE", no, at, min(MAX_HOLE, high - at)), wait=True)
        for at in range(low, high, MAX_DATA):
            length = min(MAX_DATA, high - at)
            data = content.read(at, length) if full else bytes(length)
            if len(data) < length:                          # it became shorter: the stamp will say so
                data = data.ljust(length, b"\0")
            state.update(data)
            if wanted and full:
                link.send(write("DATA", no, at, length, payload=data), wait=True)
                trouble(no, at)
    return state.hexdigest()
