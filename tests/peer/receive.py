"""What a child does with the frames that come down: pages, content, seal (rules 7 to 23)."""
import bisect

from entries import parse_entry, parse_page
from frames import MAX_AGAIN, MAX_NEED, WINDOW, Refused, sha256, write
from needs import minus, spell_need, union


class Receiver:
    """The state of a link's pages and files; child.Child adds the conversation (link, stage, answer, …)."""
    waits_for_needs = False             # a relay's NEED waits for its child's

    def __init__(self):
        self.state = {}                         # entry -> "asked", "again", "deferred", "void", "spoiled"
        self.pending = []                       # page -> the entries that it lacks
        self.asked, self.got = {}, {}           # entry -> ranges
        self.complete = 0                       # the first page that is not complete
        self.firsts, self.total = [], 0
        self.open = None                        # the entry whose DATA, HOLE, END may come now
        self.position = 0
        self.again_open = set()
        self.content = False

    # ---- pages ----

    def _page(self, frame):
        """Rules 7, 10, 11, 13."""
        no, first, count, _, digest = frame.fields
        if no != self.next:
            raise Refused("order", f"page {no} came where page {self.next} is due")
        if no >= self.complete + WINDOW:
            raise self._voided() or Refused("limit", "a page too far ahead")
        if not count:
            raise Refused("syntax", "a page without a line")
        if sha256(frame.payload) != digest:
            raise Refused("digest", "a damaged page")
        entries = parse_page(frame.payload, count)
        if first != self.total:
            raise Refused("order", f"entry {first} came where entry {self.total} is due")
        self.stage.announce(no, first, entries)
        self.next, self.total = no + 1, first + count
        self.firsts.append(first)
        self.pending.append(set())
        needs = {}
        for at, entry in enumerate(entries, first):
            if entry.kind == "f" and entry.size:
                ranges = self._need(at, entry)
                if ranges:
                    needs[at] = ranges
                    self.pending[no].add(at)
        if self.waits_for_needs:
            self.pending[no].add("need")
        self.answer(no, needs)

    def _need(self, no, entry):
        """The ranges of a file to ask for; [(size, size)] for its digest only (rule 12)."""
        lacks = self.stage.lacks(entry)
        if entry.digest and not lacks and entry.digest != (
                self.stage.held[entry.path].verified or self.stage.hash(entry)):
            self.stage.forget(entry)
            lacks = [(0, entry.size)]
        whole = lacks == [(0, entry.size)]
        if self.wants and self.content and whole:
            if entry.digest:
                self.state[no] = "deferred"
                return []
            return [(entry.size, entry.size)]
        if self.pieces and whole:
            lacks = [(low, min(low + 4096, entry.size)) for low in range(0, entry.size, 8192)][:64]
        return lacks or ([] if entry.digest else [(entry.size, entry.size)])

    def send_need(self, no, needs):
        """Say NEED and remember what was asked for (the union, for a relay)."""
        first, entries = self.stage.pages[no]
        sizes = {at: entry.size for at, entry in enumerate(entries, first)
                 if entry.kind == "f" and entry.size}
        needs = {at: ranges for at, ranges in needs.items() if at in sizes and at not in self.again_open}
        payload = spell_need(needs, sizes)
        assert len(payload) <= MAX_NEED
        for at, ranges in needs.items():
            if self.state.get(at) not in ("again", "void"):
                self.state[at], self.asked[at], self.got[at] = "asked", ranges, []
                self.pending[no].add(at)
        self.pending[no].discard("need")
        self.link.send(write("NEED", no, len(payload), payload=payload))
        self._advance()

    def _advance(self):
        while self.complete < len(self.pending) and not self.pending[self.complete]:
            self.complete += 1

    def _voided(self):
        """Rule 16: [digest] in place of the next frame that cannot be taken."""
        if {"void", "spoiled"} & set(self.state.values()):
            return Refused("digest", "the content of a file did not have its digest")
        return None

    # ---- content ----

    def _entry(self, no, kinds):
        """The entry of an announced page that is not complete, of one of these kinds (rule 20)."""
        page = bisect.bisect_right(self.firsts, no) - 1
        if no >= self.total or page < self.complete:
            raise Refused("order", f"entry {no} is in no page that is announced and not complete")
        entry = self.stage.pages[page][1][no - self.firsts[page]]
        if entry.kind not in kinds:
            raise Refused("order", f"entry {no} is not of that kind")
        return page, entry

    def _bytes(self, frame):
        """DATA and HOLE: rules 14 and 15."""
        no, offset, length = frame.fields
        if not length:
            raise Refused("order", "no bytes")
        _, entry = self._entry(no, "f")
        if self.state.get(no) not in ("asked", "again"):
            raise Refused("order", f"file {no} is not needed")
        if self.open is None:
            self.open, self.position = no, 0
        if self.open != no:
            raise Refused("order", f"file {self.open} has not ended")
        if offset < self.position or offset + length > entry.size:
            raise Refused("order", "offsets overlap or lie beyond the size")
        data = frame.payload if frame.verb == "DATA" else None
        self.position = offset + length
        self.got[no] = union(self.got[no], [(offset, offset + length)])
        skipped = minus([(offset, offset + length)], self.asked[no])        # asked for by another node
        for low, high in minus([(offset, offset + length)], skipped):
            self.stage.put(entry, low, data and data[low - offset:high - offset], high - low)

    def _end(self, frame):
        """END: rules 15 and 16."""
        no, size, digest = frame.fields
        page, entry = self._entry(no, "f")
        if self.state.get(no) not in ("asked", "again") or self.open not in (None, no):
            raise Refused("order", f"END of file {no} may not come here")
        if size != entry.size:
            raise Refused("order", "END has another size")
        if minus(self.asked[no], self.got[no]):
            raise Refused("order", "END before all that was asked for")
        if entry.digest and digest != entry.digest:
            raise Refused("digest", "END has another digest than the line")
        self.open = None
        self.again_open.discard(no)
        lacks = self.stage.lacks(entry)
        if lacks and (self.pieces or self.wants):
            self.state[no], entry.digest = "deferred", digest
        elif self.stage.hash(entry) != digest:
            self.stage.forget(entry)
            self.state[no] = "void"
            return
        else:
            del self.state[no]
            entry.digest = digest
        self.pending[page].discard(no)

    def _void(self, no, page, entry):
        """What was announced and sent of a file is void."""
        self.stage.forget(entry)
        if self.open == no:
            self.open = None
        for table in (self.state, self.asked, self.got):
            table.pop(no, None)
        self.again_open.discard(no)
        self.pending[page].discard(no)

    def _names_omitted_first(self, no):
        """Rule 18: the OMITs of a file's name-lines come before its own. [order] is assumed."""
        for _, entries in self.stage.pages:
            if any(entry.kind == "h" and entry.first == no for entry in entries):
                raise Refused("order", "the other names of a file are omitted before it")

    def _again(self, frame):
        """AGAIN: rules 17, 18, 20."""
        no = frame.fields[0]
        page, entry = self._entry(no, "f")
        if len(self.again_open) >= MAX_AGAIN and no not in self.again_open:
            raise Refused("limit", "too many files announced again")
        new = parse_entry(frame.payload)
        if new.kind != "f" or new.path != entry.path:
            raise Refused("order", "AGAIN with another path, or no file")
        if new.inode != entry.inode:
            self._names_omitted_first(no)
        self._void(no, page, entry)
        self.stage.replace(page, no, new)
        self.stage.forget(new)
        if new.size:
            self.state[no], self.asked[no], self.got[no] = "again", [(0, new.size)], []
            self.pending[page].add(no)
            self.again_open.add(no)

    def _omit(self, frame):
        """OMIT: rules 18 and 20."""
        no, reason = frame.fields
        page, entry = self._entry(no, "fh")
        if entry.kind == "f":
            self._names_omitted_first(no)
            self._void(no, page, entry)
        self.stage.replace(page, no, entry.omitted(reason))

    def _spoiled(self, frame):
        """SPOILED: rule 19; the page will not complete on this link."""
        no = frame.fields[0]
        page, entry = self._entry(no, "f")
        self._void(no, page, entry)
        self.state[no] = "spoiled"
        self.pending[page].add(no)

    # ---- the seal ----

    def _seal(self, frame):
        """Rules 21 and 23."""
        if self.complete < len(self.pending):
            raise self._voided() or Refused("order", "SEAL before all pages are complete")
        entries, pages, size, digest = frame.fields
        own = self.stage.totals()
        if (entries, pages) != own[:2]:
            raise Refused("order", f"SEAL of {entries} entries, {pages} pages; here are {own[0]}, {own[1]}")
        if (size, digest) != own[2:]:
            self.stage.drop_manifest()
            raise Refused("digest", "another manifest was sealed")
